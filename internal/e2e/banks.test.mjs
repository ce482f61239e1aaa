// A trainer writes a question, is shown what is wrong beside its line and how it
// looks to learners, tries it and publishes; two tabs do not save over one another;
// questions from elsewhere are looked at before they are taken in. A server of its
// own, for what is published here stays.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, leave, open, person, phone, shown, soundBoth } from "./browser.mjs";
import { house } from "./house.mjs";

const desk = "/trainer/banks/step-1-appointment";
const wrong = "还没查就答应了。";
const question = (right, why) => `
## 客户想约明天九点，备件十点才到。你先怎么说？ {#e2e-late-part topic=D6 difficulty=2}
- [ ] 先约下来，来了再说${why}
- [${right}] 备件十点到，问他十点来行不行
- [ ] 请他过几天再打来
  > 把客户推走了，他只差一个小时。

解析：说清为什么，再给一个能来的时间。

依据：S4-008、S4-012 · 复习：seven-steps/step-1-appointment#noon
`;
const gift = `::备件几点到::客户问备件几点到，你…… {=查了再答 ~随口答一个 ~说不归你管}

::水温::冷车启动时的水温大约是多少？ {#20:5}
`;

let own;

before(async () => {
  own = await house();
  await open();
});
after(async () => {
  await close();
  await own?.close();
});

const enter = (viewport, options = {}) => person("trainer", viewport, { baseURL: own.baseURL, ...options });
const text = (page) => page.locator("textarea[name=source]");

// everywhere checks a page on the trainer's screen and on a phone.
async function everywhere(page) {
  for (const viewport of [phone, desktop]) {
    await page.setViewportSize(viewport);
    await soundBoth(page);
  }
}

test("a trainer writes, mends, tries and publishes a question", async () => {
  const page = await enter(desktop);
  await page.goto("/trainer/banks");
  await everywhere(page);
  await page.getByRole("link", { name: "第一步：预约" }).click();
  await page.waitForURL((url) => url.pathname === desk);
  const before = await text(page).inputValue();
  const line = before.split("\n").length + 1; // of the new question

  await text(page).fill(before + question(" ", ""));
  await page.locator(".writing-tabs a[href='#check']").click();
  const findings = page.locator("#checked .finding-error");
  await findings.first().waitFor();
  const found = (await findings.allInnerTexts()).join("\n");
  assert.match(found, new RegExp(`第 ${line} 行[\\s\\S]*没有正确的选项`));
  assert.match(found, new RegExp(`第 ${line + 1} 行[\\s\\S]*为什么有人会选它`));
  assert.equal(await page.locator(".mirror > .marked.error").count(), await findings.count());
  await everywhere(page);
  await findings.locator("a").first().click();
  assert.match(await text(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), /^## 客户想约明天九点/);
  await page.locator(".writing-tabs a[href='#try']").click();
  await page.keyboard.press("Escape");
  await page.locator("#f-shown").selectOption({ label: (await page.locator("#f-shown option").last().innerText()).trim() });
  await page.locator("#tried .notice", { hasText: "这道题还有错误" }).waitFor();

  await text(page).fill(before + question("x", "\n  > " + wrong));
  await findings.first().waitFor({ state: "detached" });
  const tried = page.locator("#tried");
  await tried.locator(".option", { hasText: "先约下来" }).waitFor();
  assert.doesNotMatch(await tried.innerText(), new RegExp(wrong), "the reason comes after the answer");
  await tried.locator(".option", { hasText: "先约下来" }).locator("input").check();
  await page.getByRole("button", { name: "交这一题试试" }).click();
  assert.match(await tried.locator(".tried-review").innerText(), new RegExp(wrong + "[\\s\\S]*说清为什么"));
  await everywhere(page);

  await page.getByRole("button", { name: "存好，去发布" }).click();
  await page.waitForURL((url) => url.pathname === desk + "/publish");
  assert.match(await page.locator(".consequences").innerText(), /新题 1 道：e2e-late-part/);
  await everywhere(page);
  await page.getByRole("button", { name: "发布", exact: true }).click();
  await page.waitForURL(/said=bank_published/);
  await page.goto("/trainer/banks");
  assert.match(await page.locator("tr", { hasText: "step-1-appointment" }).innerText(), /秦立夏[\s\S]*21/);
  await leave(page);
});

test("two tabs do not save over one another", async () => {
  const page = await enter(desktop);
  await page.goto(desk);
  const other = await page.context().newPage();
  await other.goto(desk);
  for (const [tab, words] of [[page, "我是第一张"], [other, "我是第二张"]]) {
    await text(tab).fill((await text(tab).inputValue()).replace("先约下来，来了再说", words));
    await tab.getByRole("button", { name: "存草稿" }).click();
    if (tab === page) await page.waitForURL(/said=draft_saved/);
  }
  await shown(other.getByRole("heading", { name: "有人先存了" }));
  const kept = await other.locator("textarea").evaluateAll((all) => all.map((one) => one.value));
  assert.match(kept[0], /我是第二张/);
  assert.match(kept[1], /我是第一张/);
  await everywhere(other);
  await other.getByRole("button", { name: "存我这一份" }).click();
  await other.waitForURL(/said=draft_saved/);
  assert.match(await text(other).inputValue(), /我是第二张/);
  await other.goto(desk + "/discard");
  await everywhere(other);
  await other.getByRole("button", { name: "丢掉草稿" }).click();
  await other.waitForURL(/said=draft_discarded/);
  await leave(page);
});

test("questions from elsewhere are looked at before they are taken in", async () => {
  const page = await enter(desktop);
  await page.goto(desk + "/import");
  await page.fill("[name=text]", gift);
  await page.getByRole("button", { name: "先看一遍" }).click();
  await shown(page.getByRole("heading", { name: "照 GIFT 读出 2 道题" }));
  assert.match(await page.locator("table.grid").innerText(), /客户问备件几点到[\s\S]*单选[\s\S]*水温[\s\S]*数值/);
  await everywhere(page);
  const look = await page.context().newPage();
  await look.goto(desk);
  assert.doesNotMatch(await text(look).inputValue(), /客户问备件几点到/, "a dry run keeps nothing");
  await page.getByRole("button", { name: "把这 2 道放进草稿" }).click();
  await page.waitForURL(/said=bank_imported/);
  assert.match(await text(page).inputValue(), /客户问备件几点到[\s\S]*- \[x\] 查了再答[\s\S]*水温/);
  await leave(page);
});

test("a file that is too large is refused in words, with scripts and without", async () => {
  const file = { name: "large.gift", mimeType: "text/plain", buffer: Buffer.alloc(8 << 20, "x") };
  const page = await enter(desktop);
  await page.goto(desk + "/import");
  await page.setInputFiles("[name=file]", file);
  assert.match(await page.locator("[name=file]").evaluate((input) => input.validationMessage), /文件太大，最多 1 MB/);
  await leave(page);

  const plain = await enter(phone, { javaScriptEnabled: false });
  await plain.goto(desk + "/import");
  await plain.setInputFiles("[name=file]", file);
  await plain.getByRole("button", { name: "先看一遍" }).click();
  await shown(plain.getByText("之前保存的都在"));
  assert.match(await plain.locator("main").innerText(), /太大，没有收下[\s\S]*分成几份/);
  await plain.goBack();
  assert.equal(new URL(plain.url()).pathname, desk + "/import");
  await plain.context().close();
});
