// A paper with every kind of question: by keyboard alone, through a lost network,
// and without JavaScript. A server of its own has a quiz of that sort.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, kept, leave, open, person, phone, sound } from "./browser.mjs";
import { house } from "./house.mjs";

let own;

before(async () => {
  own = await house("every-kind");
  await open();
});
after(async () => {
  await close();
  await own?.close();
});

// begin has somebody start the quiz, or go on with it.
async function begin(account, viewport, options = {}) {
  const page = await person(account, viewport, { baseURL: own.baseURL, ...options });
  await page.goto("/quizzes/listen-and-explain");
  await page.locator("form[action$='/attempts'] button, section a[href^='/attempts/']:not([href$=result])").first().click();
  await page.waitForURL(/\/attempts\//);
  return page;
}

const answered = (page) => page.locator(".question-map .answered").count();

test("a paper of every kind is answered by keyboard alone", async () => {
  const page = await begin("admin", desktop);
  const { keyboard } = page;
  const focused = (selector) => page.evaluate((s) => document.activeElement.matches(s), selector);
  const tabTo = async (selector) => {
    for (let n = 0; n < 40 && !(await focused(selector)); n++) await keyboard.press("Tab");
    assert.ok(await focused(selector), `no way to ${selector} by keyboard`);
  };
  for (const slot of [1, 2, 3]) {
    await keyboard.press("1");
    await keyboard.press("ArrowRight");
    assert.equal(await page.locator(`#q${slot} input:checked`).count(), 1);
  }
  await keyboard.press("1"); // goes to the first step
  await keyboard.press("Enter"); // and moves it
  await tabTo("#q5 select");
  for (const row of [0, 1, 2]) {
    await keyboard.press("ArrowDown");
    if (row < 2) await keyboard.press("Tab");
  }
  await tabTo("#q6 input");
  await keyboard.type("百分之五十五");
  await keyboard.press("Enter"); // to the second blank, not to the server
  await keyboard.type("38%");
  await tabTo("#q7 input");
  await keyboard.type("3");
  await keyboard.press("Tab");
  await keyboard.press("Space");
  await tabTo("#q8 .tap");
  for (let n = 0; n < 3; n++) {
    await keyboard.press("Enter");
    await keyboard.press("Tab");
  }
  assert.deepEqual(await page.locator("#q8 .spot-tapped text").allTextContents().then((all) => all.sort()), ["1", "2", "3"]);
  await tabTo("#q9 textarea");
  await keyboard.type("王先生，对不起，车要晚一小时。");
  await tabTo("#q10 .option input");
  await keyboard.press("Space");
  await page.waitForFunction(() => document.querySelectorAll(".question-map .answered").length === 10);
  await sound(page);
  await kept(page);
  await page.reload();
  assert.equal(await answered(page), 10);
  assert.equal(await page.locator("#q9 textarea").inputValue(), "王先生，对不起，车要晚一小时。");
  assert.equal(await page.locator("#q6 input[name$=entry]").nth(1).inputValue(), "38%");
  await leave(page);
});

test("what was typed while the network was gone is not typed again", async () => {
  const page = await begin("hr", phone);
  await page.context().setOffline(true);
  const question = (n) => page.locator(`#q${n}`);
  const turn = async (n) => {
    while (!(await question(n).isVisible())) await page.locator("[data-turn='1']").click();
  };
  await turn(6);
  await question(6).locator("input[name$=entry]").first().fill("55%");
  await turn(9);
  await question(9).locator("textarea").fill("第一行\n第二行");
  await page.locator("[data-turn='1']").click();
  await page.waitForFunction(() => /网络断了/.test(document.querySelector("[data-part=kept]").textContent));
  await page.context().setOffline(false);
  await kept(page);
  await page.reload();
  assert.equal(await question(6).locator("input[name$=entry]").first().inputValue(), "55%");
  assert.equal(await question(9).locator("textarea").inputValue(), "第一行\n第二行");
  page.complaints = page.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text));
  await leave(page);
});

test("what is answered before the scripts have come is kept", async () => {
  const page = await begin("hr", desktop);
  let come;
  const slow = new Promise((done) => (come = done));
  await page.route(/\.js/, (route) => slow.then(() => route.continue()));
  await page.reload({ waitUntil: "commit" });
  await page.locator("#q1 .option").last().click();
  await page.locator("#q5 select").first().selectOption({ index: 2 });
  await page.locator("#q9 textarea").fill("写得比网络快");
  come();
  await page.waitForLoadState();
  await kept(page);
  await page.reload();
  assert.ok(await page.locator("#q1 .option input").last().isChecked());
  assert.notEqual(await page.locator("#q5 select").first().inputValue(), "");
  assert.equal(await page.locator("#q9 textarea").inputValue(), "写得比网络快");
  await leave(page);
});

test("whatever question practice asks, its explanation is sound", async () => {
  const page = await person("advisor", phone, { baseURL: own.baseURL });
  const kinds = new Set();
  for (let n = 0; n < 11; n++) {
    await page.goto("/practice/listen-and-explain");
    kinds.add(await page.locator("quiz-question").getAttribute("data-kind"));
    await page.getByRole("button", { name: "想不起来" }).click();
    await page.waitForURL(/\/reviews\//);
    assert.ok(await page.locator(".reviewed .explanation").count());
    await sound(page);
  }
  assert.ok(kinds.size > 6, `only ${[...kinds]}`);
  await leave(page);
});

test("a paper of every kind is answered without JavaScript", async () => {
  const page = await begin("trainer", phone, { javaScriptEnabled: false });
  const question = (n) => page.locator(`#q${n}`);
  await question(1).locator("input[type=radio]").nth(1).check();
  for (const place of [0, 1, 2, 3]) await question(4).locator("select").nth(place).selectOption(String(place + 1));
  await question(5).locator("select").first().selectOption({ index: 1 });
  await question(6).locator("input[name$=entry]").first().fill("55%");
  await question(7).locator("input[name$=entry]").fill("180");
  await question(7).locator("input[type=radio]").nth(1).check();
  await question(8).locator("select").nth(2).selectOption("1");
  await question(8).locator("select").nth(0).selectOption("2");
  await question(9).locator("textarea").fill("对不起。");
  await page.locator("button[value=save]").click();
  await page.waitForURL(/said=answers_saved/);
  assert.equal(await answered(page), 7);
  assert.equal(await question(8).locator("select").nth(2).inputValue(), "1");
  assert.equal(await question(9).locator("textarea").inputValue(), "对不起。");
  await page.locator("button[value=submit]").click();
  await page.getByRole("button", { name: "就这样交卷" }).click();
  await page.waitForURL(/\/result/);
  assert.match(await page.locator("main").innerText(), /等培训师阅卷/);
  assert.equal(await page.locator(".reviewed").count(), 12);
  await leave(page);
});
