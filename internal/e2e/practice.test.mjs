// Five minutes a day on a phone: asked, explained at once, sent late when the
// network was gone, gone on with elsewhere, summed up; and what would be known.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, leave, open, person, phone, soundBoth } from "./browser.mjs";

const day = 86_400e3;
const restOfDay = () => day - ((Date.now() + 8 * 3600e3) % day); // in ms: the house keeps Shanghai's time

before(async () => {
  // Questions are asked by the day: shortly before midnight, wait for the next.
  if (restOfDay() < 600e3) await new Promise((morning) => setTimeout(morning, restOfDay() + 1000));
  await open();
});
after(close);

// guess gives some answer to a question, whatever its kind.
async function guess(question) {
  const inputs = question.locator("input[name$=entry]");
  const first = (selector) => question.locator(selector).first();
  const ways = {
    order: () => first("[data-move='1']").click(),
    match: async () => {
      for (const row of await question.locator("select").all()) await row.selectOption({ index: 1 });
    },
    hot: () => first("button.tap").click(),
    fill: async () => {
      for (const input of await inputs.all()) await input.fill("不知道");
    },
    numeric: async () => {
      await inputs.fill("1");
      if (await question.locator(".units input").count()) await first(".units label").click();
    },
  };
  await (ways[await question.getAttribute("data-kind")] ?? (() => first(".option").click()))();
}

const place = async (page) => (await page.locator(".practice-head").innerText()).match(/第 (\d+) 题，共 (\d+) 题/).slice(1).map(Number);
const explained = /\/practice\/.+\/reviews\//;

let review, records;

test("the day's questions are asked on a phone and explained at once, also through a lost network", async () => {
  const page = await person("advisor", phone);
  await page.goto("/record");
  records = await page.locator("main .rows > li").count();
  await page.goto("/practice");
  await soundBoth(page);
  await page.getByRole("link", { name: /^开始，|^接着练/ }).click();
  await page.waitForURL(/set=/);
  const [at] = await place(page);
  await soundBoth(page);
  await page.getByRole("button", { name: "答好了" }).click();
  await page.getByText("还没有作答").waitFor(); // it stays, and nothing is counted

  await page.getByRole("button", { name: "想不起来" }).click();
  await page.waitForURL(explained);
  review = new URL(page.url()).pathname;
  assert.match(await page.locator(".reviewed").innerText(), /没有作答/);
  assert.ok(await page.locator(".reviewed .basis a").count(), "nothing to read again");
  await soundBoth(page);
  await page.getByRole("link", { name: "下一题" }).click();
  await page.waitForURL(/set=/);
  assert.equal((await place(page))[0], at + 1);

  await page.context().setOffline(true);
  await guess(page.locator("quiz-question"));
  await page.getByRole("button", { name: "答好了" }).click();
  await page.getByText("没连上网").waitFor();
  await soundBoth(page);
  await page.context().setOffline(false);
  await page.waitForURL(explained); // by itself
  assert.match(await page.locator(".reviewed").innerText(), /答对了|对了一部分|答错了/);
  page.complaints = page.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text));
  await leave(page);
});

test("it goes on where it was on another device, and ends with a summary and what would be known", async () => {
  const page = await person("advisor", desktop);
  await page.goto("/practice");
  const resume = page.getByRole("link", { name: /^接着练/ });
  const done = Number((await resume.innerText()).match(/(\d+) \//)[1]);
  await resume.click();
  await page.waitForURL(/set=/);
  let [at, of] = await place(page);
  assert.equal(at, done + 1);
  assert.ok(at > 2);
  for (; at <= of; at++) {
    assert.deepEqual(await place(page), [at, of]);
    await guess(page.locator("quiz-question"));
    await page.getByRole("button", { name: "答好了" }).click();
    await page.waitForURL(explained);
    await page.getByRole("link", { name: "下一题" }).click();
    await page.waitForURL(/set=/);
  }
  const main = page.locator("main");
  assert.match(await main.innerText(), new RegExp(`练完了[\\s\\S]*${of} 题，答对 \\d+ 题[\\s\\S]*还不稳的`));
  await soundBoth(page);
  await leave(page);

  const later = await person("advisor", phone);
  await later.goto("/practice");
  for (const row of await later.locator(".outlook tbody tr").all()) {
    const shares = (await row.innerText()).match(/\d+(?=%)/g)?.map(Number) ?? [];
    if (shares.length) assert.ok(shares.length === 2 && shares[1] <= shares[0], `${shares} in a month`);
  }
  assert.ok((await later.locator(".outlook tbody").innerText()).includes("%"), "nothing is forecast");
  await soundBoth(later);
  await later.goto("/record");
  assert.equal(await later.locator("main .rows > li").count(), records, "practice stands in the record of results");
  await leave(later);
});

test("a trainer sees how much would be known, and no answer given in practice", async () => {
  const page = await person("trainer", desktop);
  await page.goto("/trainer");
  await page.getByRole("link", { name: "张新" }).first().click();
  await page.waitForURL(/\/trainer\/people\//);
  assert.match(await page.locator(".outlook").innerText(), /练过 \d+ 题/);
  await soundBoth(page);
  assert.equal((await page.request.get(review)).status(), 404);
  await leave(page);
});
