// A key was wrong: a trainer corrects it, sees who changes sides and proposes to
// grade again; a second person approves; whoever is concerned is told, and finds
// the old result beside the new one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, kept, leave, open, person, phone, soundBoth } from "./browser.mjs";
import { house } from "./house.mjs";

const quiz = "listen-and-explain";
const [asks, notes] = ["请他慢慢说，记下原话", "先翻上次的工单"];
const reason = "“修完还响”这一题，答案标反了：该先听他说，再翻工单。";
const end = "依据：S4-093 · 复习：complaint-handling/listen-and-explain#first-line\n";

// bank asks twelve questions of everybody; right is the key of the first.
const bank = (right) => `---
title: 倾听与解释
title_en: Listen and explain
module: complaint-handling/listen-and-explain
draw: 12
pass: 85
minutes: 30
shuffle: false
---
## 客户说：“上次修完还响。”你…… {#still-noisy topic=D2}
${[asks, notes].map((text) => `- [${text === right ? "x" : " "}] ${text}\n  > 两样都要做，差在先后。\n`).join("")}
${end}${Array.from({ length: 11 }, (_, n) => `
## 客户说到第${n + 1}件事，声音高了起来。你…… {#louder-${n + 1} topic=D2}
- [x] 听他说完
- [ ] 打断他
  > 想省时间，他会从头再说一遍。

${end}`).join("")}`;

let own, proposal;

before(async () => {
  own = await house();
  await open();
});
after(async () => {
  await close();
  await own?.close();
});

const enter = (account, viewport) => person(account, viewport, { baseURL: own.baseURL });
const main = (page) => page.locator("main").innerText();

async function publish(page, text) {
  await page.goto(`/trainer/banks/${quiz}`);
  await page.locator("textarea[name=source]").fill(text);
  await page.getByRole("button", { name: "存好，去发布" }).click();
  await page.waitForURL(/\/publish/);
  await page.getByRole("button", { name: "发布", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/publish"));
}

test("two people are graded by a key that is wrong", async () => {
  const trainer = await enter("trainer", desktop);
  await publish(trainer, bank(notes));
  await leave(trainer);
  for (const [account, first, percent] of [["advisor", asks, 83], ["hr", notes, 91]]) {
    const page = await enter(account, desktop);
    await page.goto(`/quizzes/${quiz}`);
    await page.locator("form[action$='/attempts'] button").click();
    await page.waitForURL(/\/attempts\//);
    for (const question of await page.locator(".question").all()) {
      const slot = Number(await question.getAttribute("data-slot"));
      const choice = slot === 1 ? first : slot === 2 ? "打断他" : "听他说完";
      await question.locator(".option", { hasText: choice }).click();
    }
    await kept(page);
    await page.getByRole("button", { name: "交卷" }).click();
    await page.waitForURL(/\/result/);
    assert.match(await page.locator(".score").innerText(), new RegExp(`${percent}%`));
    await leave(page);
  }
});

test("the trainer corrects the key, sees who changes, and cannot approve it himself", async () => {
  const page = await enter("trainer", desktop);
  await publish(page, bank(asks));
  await page.goto(`/trainer/banks/${quiz}`);
  await page.getByRole("link", { name: /按现行答案重算/ }).click();
  await page.waitForURL(/\/regrade/);
  const plan = await main(page);
  assert.match(plan, /重算 \d+ 份成绩[\s\S]*修完还响[\s\S]*答案更正/);
  assert.match(plan, /张新[\s\S]*83% → 91%/);
  assert.match(plan, /梅清明[\s\S]*91% → 83%/);
  await soundBoth(page);
  await page.fill("[name=reason]", reason);
  await page.getByRole("button", { name: /提出改分/ }).click();
  await page.waitForURL(/said=regrade_proposed/);
  proposal = new URL(page.url()).pathname;
  assert.match(await main(page), /要由另一个人来定/);
  assert.equal(await page.getByRole("button", { name: /批准/ }).count(), 0);
  const forced = await page.request.post(proposal, { form: { do: "approve", word: "" }, headers: { Origin: own.baseURL }, maxRedirects: 0 });
  assert.equal(forced.status(), 403);
  assert.match(await forced.text(), /要由另一个人来定/);
  await page.goto(proposal);
  assert.match(await main(page), /等第二个人定/);
  await soundBoth(page);
  await leave(page);

  const advisor = await enter("advisor", phone); // nothing has changed so far
  await advisor.goto("/record");
  assert.match(await advisor.locator(".rows li", { hasText: "倾听与解释" }).innerText(), /83%[\s\S]*没通过/);
  await leave(advisor);
});

test("a second person approves it, on a phone", async () => {
  const page = await enter("admin", phone);
  await page.goto("/trainer/regrades");
  await soundBoth(page);
  await page.getByRole("link", { name: "倾听与解释" }).click();
  await page.waitForURL((url) => url.pathname === proposal);
  assert.match(await main(page), /标反了[\s\S]*秦立夏[\s\S]*83% → 91%/);
  await soundBoth(page);
  await page.getByRole("button", { name: "批准，重算成绩" }).click();
  await page.waitForURL(/said=regrade_approved/);
  assert.match(await main(page), /已批准[\s\S]*石大寒/);
  await soundBoth(page);
  await leave(page);
});

for (const [account, before, now, side, was] of [["advisor", 83, 91, "现在及格了", "没通过"], ["hr", 91, 83, "现在不及格", "通过"]]) {
  test(`${account} is told, and finds both results on the record`, async () => {
    const page = await enter(account, phone);
    await page.goto("/learn");
    const notice = page.locator("section[aria-labelledby=notices]");
    assert.match(await notice.innerText(), new RegExp(`倾听与解释：${before}% 更正为 ${now}%[\\s\\S]*${side}[\\s\\S]*标反了`));
    await soundBoth(page);
    await page.getByRole("link", { name: /更正为/ }).click();
    await page.waitForURL(/\/result/);
    assert.match(await page.locator(".score").innerText(), new RegExp(`${now}%[\\s\\S]*原来是 ${before}%，${was}`));
    await soundBoth(page);
    await page.goto("/record");
    assert.match(await page.locator(".rows li", { hasText: "倾听与解释" }).innerText(), new RegExp(`${now}%[\\s\\S]*更正[\\s\\S]*原来是 ${before}%，${was}`));
    await soundBoth(page);
    await page.goto("/learn");
    await notice.getByRole("button", { name: "知道了" }).click();
    await notice.waitFor({ state: "detached" });
    await leave(page);
  });
}
