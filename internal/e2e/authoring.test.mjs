// A trainer writes a role-play, is shown a slip beside its line, mends it, tries
// it out, looks at the map and publishes; an advisor meets the new customer, and
// the trainer reads the talk turn by turn and says something to it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, leave, open, person, phone, shown, sound, visit } from "./browser.mjs";

const slug = "e2e-late-car";
const title = "车要晚一个小时";
const script = (wrong) => `---
标题: ${title}
用途: 练习
角色: 客户=赵先生
处境: 下午三点。赵先生的车说好四点交，技师刚告诉你五点才能完。
仪表: 情绪=50
维度: D6 承诺管理
及格: D6>=50
---
## 拨通
客户（匆忙）：喂，车好了？我四点准时到。
- 赵先生，四点交不了，要晚到五点。【情绪 -；D6 3】
  点评：坏消息说在前头，他还来得及改安排。
- 快了快了，您四点来就行，我替您盯着。【情绪 ++；D6 0】→ ${wrong}
  点评：他最爱听，也最贵。
## 约好【结局：说在前头】
客户（平静）：行，早点告诉我就好。
## 白跑（旁支）【结局：白跑一趟】
客户（恼火）：你不是说四点来就行吗？
## 试演：说在前头
选 拨通#1；应到 约好；应判 及格
## 试演：他爱听什么说什么
选 拨通#2；应到 白跑；应判 不及格
`;

before(open);
after(close);

test("a trainer writes, mends, tries out and publishes a role-play", async () => {
  const page = await person("trainer", desktop);
  await visit(page, "/trainer/scripts/new");
  await page.fill("[name=slug]", slug);
  await page.getByRole("button", { name: "开始写" }).click();
  await page.waitForURL((url) => url.pathname === `/trainer/scripts/${slug}`);

  const text = page.locator("textarea[name=source]");
  await text.fill(script("白袍"));
  const finding = page.locator("#checked .finding-error");
  await finding.waitFor();
  assert.match(await finding.innerText(), /第 14 行[\s\S]*场景「白袍」不存在，是否指「白跑」？/);
  await page.locator(".mirror > .marked.error").waitFor();
  await sound(page);

  await text.fill(script("白跑"));
  await finding.waitFor({ state: "detached" });
  const bounds = page.locator("#checked .bounds");
  await bounds.waitFor();
  assert.match(await bounds.innerText(), /承诺管理 D6\s+0\s+3/);

  await page.getByRole("link", { name: "试走" }).click();
  await page.getByRole("button", { name: "从头走" }).click();
  await page.locator(".tried-way", { hasText: "四点交不了" }).click();
  await page.locator(".tried-end", { hasText: "说在前头" }).waitFor();
  await page.getByRole("link", { name: "剧情图" }).click();
  await page.locator("#map svg.story").waitFor();
  await sound(page);

  await page.getByRole("button", { name: "存好，去发布" }).click();
  await page.waitForURL((url) => url.pathname === `/trainer/scripts/${slug}/publish`);
  await sound(page);
  await page.getByRole("button", { name: "发布", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/publish"));
  await visit(page, "/trainer/scripts");
  assert.match(await page.locator("tr", { hasText: slug }).innerText(), /已证明/);
  await leave(page);
});

test("two tabs do not save over one another", async () => {
  const page = await person("trainer", desktop);
  await page.goto(`/trainer/scripts/${slug}`);
  const other = await page.context().newPage();
  await other.goto(`/trainer/scripts/${slug}`);
  for (const [tab, words] of [[page, "我是第一张"], [other, "我是第二张"]]) {
    await tab.locator("textarea[name=source]").fill(script("白跑").replace("赵先生，四点交不了", words));
    await tab.getByRole("button", { name: "存草稿" }).click();
    if (tab === page) await page.waitForURL(/said=draft_saved/);
  }
  await shown(other.getByRole("heading", { name: "有人先存了" }));
  const kept = await other.locator("textarea").evaluateAll((all) => all.map((one) => one.value).join("\n"));
  assert.match(kept, /我是第一张/);
  assert.match(kept, /我是第二张/);
  await sound(other);
  await page.goto(`/trainer/scripts/${slug}/discard`);
  await page.getByRole("button", { name: "丢掉草稿" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/discard"));
  page.complaints = page.complaints.filter((words) => !words.includes("409")); // the refusal itself
  await leave(page);
});

test("an advisor practises with it, goes back to a fork, and is told why", async () => {
  const page = await person("advisor", phone);
  await visit(page, `/rehearse/${slug}`);
  assert.equal(await page.getByRole("button", { name: /考/ }).count(), 0, "a role-play for practice has no exam");
  await page.getByRole("button", { name: /练/ }).click();
  await page.waitForURL(/\/sessions\//);
  await page.getByRole("button", { name: /快了快了/ }).click();
  await page.getByRole("link", { name: "看复盘" }).click();
  await page.getByLabel(/怎么开口/).fill("先说不好的，再说几点。");
  await page.getByRole("button", { name: /记下/ }).click();
  await shown(page.locator(".intent"));
  const debrief = await page.locator("main").innerText();
  assert.match(debrief, /他最爱听，也最贵/);
  assert.match(debrief, /先说不好的，再说几点/);
  await sound(page);
  const told = page.url();
  await page.getByRole("button", { name: "从这里再来" }).first().click();
  await page.waitForURL((url) => url.href !== told);
  await page.getByRole("button", { name: /四点交不了/ }).click();
  await page.getByRole("link", { name: "看复盘" }).waitFor();
  await leave(page);
});

test("the trainer reads the talk turn by turn and comments on it", async () => {
  const page = await person("trainer", desktop);
  await visit(page, `/trainer/recordings?scenario=${slug}`);
  await page.getByRole("link", { name: "张新" }).first().click();
  await page.waitForURL(/\/trainer\/recordings\/.+/);
  await sound(page);
  assert.match(await page.locator("main").innerText(), /四点交不了/);
  const words = "这样开口就对了。";
  await page.locator("details:has(textarea) > summary").first().click();
  await page.locator("textarea").first().fill(words);
  await page.locator("form:has(textarea) button").first().click();
  await page.waitForURL(/said=commented/);
  assert.match(await page.locator("main").innerText(), new RegExp(words));
  await visit(page, `/trainer/scripts/${slug}/map`);
  await leave(page);
});
