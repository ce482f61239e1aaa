// An exam from the plan to the result: set by a trainer, sat on a phone that loses
// its connection, released to everybody at once, its free text marked without a name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, kept, leave, open, person, phone, soundBoth } from "./browser.mjs";
import { house } from "./house.mjs";

const title = "倾听与解释，月度考试";
const sitter = "张新"; // who logs in as advisor
const letter = "王先生，对不起，您的车要晚一小时，五点交。\n四点半我打给您。";
const praise = "先说了对不起，也给了时间。下次把原因也说一句。";
const secrets = /先铺后查|手和工具已经碰过座椅|五点整我在门口等您|课件上就是这几个数/; // of the key

let own, board, paper;

before(async () => {
  own = await house("every-kind");
  await open();
});
after(async () => {
  await close();
  await own?.close();
});

const enter = (account, viewport) => person(account, viewport, { baseURL: own.baseURL });
const figures = async (page) => (await page.locator(".sitting-figures").innerText()).replace(/\s+/g, " ");

test("a trainer sets an exam, gives one more time and excuses another", async () => {
  const page = await enter("trainer", desktop);
  await page.goto("/trainer/exams/new");
  await soundBoth(page);
  await page.fill("[name=title]", title);
  await page.selectOption("[name=quiz]", { label: "倾听与解释" });
  await page.check("[name=one_by_one]");
  for (const name of [sitter, "陈立"]) await page.locator(".choice", { hasText: name }).locator("input").check();
  await page.fill("[name=staff_nos]", "0010533");
  await page.getByRole("button", { name: "保存场次" }).click();
  await page.waitForURL(/said=exam_set/);
  board = new URL(page.url()).pathname;
  assert.equal(await figures(page), "应考 3 未考 3 在考 0 已交 0 缺考 0 免考 0");

  for (const [name, field, value] of [[sitter, "extra", "50"], ["何小满", "excused", "那天在总部培训"]]) {
    await page.getByRole("link", { name }).click();
    await page.waitForURL(/\/people\//);
    await soundBoth(page);
    await page.fill(`[name=${field}]`, value);
    await page.getByRole("button", { name: "保存安排" }).click();
    await page.waitForURL(/said=exam_arranged/);
  }
  assert.match(await page.locator("tr", { hasText: sitter }).innerText(), /加时 50%/);
  await soundBoth(page);
  await leave(page);
});

test("an advisor sits it on a phone: one question at a time, offline, back, in two tabs", async () => {
  const page = await enter("advisor", phone);
  await page.goto("/learn");
  await page.getByRole("link", { name: title }).click();
  await page.waitForURL(/\/exams\//);
  const address = page.url();
  assert.equal(await page.getByRole("button", { name: "开始考试" }).count(), 0, "it begins before its time");
  await soundBoth(page);

  own.open(title, -1, 2);
  await page.reload();
  assert.match(await page.locator(".facts").innerText(), /45 分钟/, "half as much again of 30 minutes");
  const begin = page.getByRole("button", { name: "开始考试" });
  await begin.click();
  await page.locator("input:invalid:focus").waitFor(); // the browser asks for the honour statement
  assert.equal(page.url(), address, "it begins without the honour statement");
  await soundBoth(page);
  await page.getByLabel(/我已读过/).check();
  await begin.click();
  await page.waitForURL(/\/attempts\//);
  paper = new URL(page.url()).pathname;

  const at = (n) => page.locator(`#q${n}:only-of-type`);
  const turned = (n) => page.waitForURL((url) => url.searchParams.get("q") === String(n));
  const next = async (n) => {
    await page.getByRole("button", { name: "下一题" }).click();
    await turned(n);
    assert.equal(await page.locator(".question").count(), 1, "more than one question is shown");
    assert.doesNotMatch(await page.content(), secrets);
  };

  await at(1).locator(".option", { hasText: "检查之前" }).click();
  await kept(page);
  await soundBoth(page);
  await next(2);
  for (const text of ["座椅防尘套", "转向盘防尘套", "脚垫"]) await at(2).locator(".option", { hasText: text }).click();
  await next(3);

  await page.goBack(); // what was chosen stands, and can be changed
  await turned(2);
  assert.equal(await at(2).locator("input:checked").count(), 3);
  await next(3);

  const other = await page.context().newPage();
  await other.goto(`${paper}?q=3`);
  await other.locator("#q3 .option").last().click();
  await other.waitForFunction(() => /已保存/.test(document.querySelector("[data-part=kept]").textContent));
  await page.waitForFunction(() => /第 3 题在别的窗口里改过/.test(document.querySelector("[data-part=kept]").textContent));
  assert.ok(await at(3).locator(".option input").last().isChecked(), "the first tab shows an older answer");
  await other.close();
  for (const n of [4, 5, 6]) await next(n);

  await page.context().setOffline(true);
  await at(6).locator("input[name$=entry]").first().fill("百分之五十五");
  await at(6).locator("input[name$=entry]").last().fill("0.38");
  await page.getByRole("button", { name: "下一题" }).click();
  await page.waitForFunction(() => /网络断了/.test(document.querySelector("[data-part=kept]").textContent));
  await soundBoth(page);
  assert.equal(await at(6).locator("input[name$=entry]").last().inputValue(), "0.38");
  await page.context().setOffline(false); // what was written is sent, and the page turns
  await turned(7);
  await page.goto(`${paper}?q=6`);
  assert.equal(await at(6).locator("input[name$=entry]").last().inputValue(), "0.38", "it has to be typed again");
  for (const n of [7, 8, 9]) await next(n);
  await at(9).locator("textarea").fill(letter);
  await soundBoth(page);
  for (const n of [10, 11, 12]) await next(n);
  assert.match(await page.locator("[data-part=count]").first().innerText(), /已答 5 \/ 12/);

  await page.getByRole("button", { name: "交卷" }).click();
  await page.locator("dialog[open]").waitFor();
  await soundBoth(page);
  await page.getByRole("button", { name: "就这样交卷" }).click();
  await page.waitForURL(/\/result/);
  const said = await page.locator("main").innerText();
  assert.match(said, /答卷收到了[\s\S]*公布[\s\S]*交卷凭证/);
  for (const place of ["/result", "", "?q=1"]) {
    await page.goto(paper + place);
    assert.match(page.url(), /\/result/);
    assert.doesNotMatch(await page.content(), secrets);
    assert.doesNotMatch(await page.locator("main").innerText(), /\d%|通过|答对|答错/, "it tells how it went");
  }
  await soundBoth(page);
  page.complaints = page.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text));
  await leave(page);
});

test("who did not come is absent once the window has closed, and not before", async () => {
  const page = await enter("trainer", desktop);
  await page.goto(board);
  assert.equal(await figures(page), "应考 2 未考 1 在考 0 已交 1 缺考 0 免考 1");
  assert.match(await page.locator("tr", { hasText: "陈立" }).innerText(), /未考/);
  assert.equal(await page.getByRole("columnheader", { name: "得分率" }).count(), 0, "the board tells scores before the release");
  await soundBoth(page);
  own.open(title, -2, -0.01);
  await page.reload();
  assert.equal(await figures(page), "应考 2 及格 0 不及格 0 缺考 1 待阅卷 1 免考 1");
  const row = page.locator("tr", { hasText: "陈立" });
  assert.match(await row.innerText(), /缺考/);
  assert.doesNotMatch(await row.innerText(), /\d%/, "somebody absent has a score");
  assert.match(await (await page.request.get(`${board}/export.csv`)).text(), /陈立.*缺考/);
  await soundBoth(page);
  await page.getByRole("link", { name: "给缺考的人安排补考" }).click();
  await page.waitForURL(/again=/);
  assert.equal(await page.locator("[name=people]:checked").count(), 1);
  await leave(page);

  const advisor = await enter("advisor", phone);
  await advisor.goto(`${paper}/result`);
  assert.match(await advisor.locator("main").innerText(), /等培训师阅卷/);
  await soundBoth(advisor);
  await leave(advisor);
});

test("a trainer marks the free text by its rubric, without knowing whose it is", async () => {
  const page = await enter("trainer", desktop);
  await page.goto("/trainer/marking");
  assert.doesNotMatch(await page.locator("main").innerText(), new RegExp(sitter));
  await soundBoth(page);
  await page.getByRole("link", { name: "第 1 份" }).click();
  await page.waitForURL(/\/trainer\/marking\/.+/);
  const words = await page.locator("main").innerText();
  assert.match(words, /四点半我打给您/);
  assert.match(words, /五点整我在门口等您/, "the model answer is not shown");
  assert.doesNotMatch(words, new RegExp(sitter));
  await soundBoth(page);
  const points = page.locator("[name=points]");
  await points.nth(0).fill("1");
  await points.nth(1).fill("1");
  await page.fill("[name=comment]", praise);
  await page.getByRole("button", { name: "保存，阅下一份" }).click();
  await page.waitForURL(/said=texts_marked/);
  assert.match(await page.locator("main").innerText(), /现在没有要阅的/);
  await page.goto(board);
  assert.match(await figures(page), /不及格 1 缺考 1 待阅卷 0/);
  await leave(page);
});

test("the advisor sees the result with what was given, what is right and why", async () => {
  const page = await enter("advisor", phone);
  await page.goto("/record");
  await page.getByRole("link", { name: /倾听与解释/ }).click();
  await page.waitForURL(/\/result/);
  assert.match(await page.locator(".score").innerText(), /没通过[\s\S]*\d+%/);
  assert.equal(await page.locator(".reviewed").count(), 12);
  assert.match(await page.locator("#q1").innerText(), /答对了[\s\S]*先铺后查/);
  assert.match(await page.locator("#q6").innerText(), /答对了[\s\S]*0\.38/);
  const marked = await page.locator("#q9").innerText();
  assert.match(marked, /对了一部分[\s\S]*2 \/ 3 分/);
  assert.ok(marked.includes(praise) && marked.includes("五点整我在门口等您"), marked);
  await soundBoth(page);
  await leave(page);
});
