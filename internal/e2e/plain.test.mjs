// The same work without JavaScript: every form is a form.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, leave, open, person, phone, shown } from "./browser.mjs";

before(open);
after(close);

const plain = () => person("advisor", phone, { javaScriptEnabled: false });

test("a module is read without JavaScript", async () => {
  const page = await plain();
  await page.goto("/courses/complaint-handling/listen-and-explain");
  await page.getByRole("button", { name: "这一课我读完了" }).click();
  await page.waitForURL(/said=module_read/);
  assert.equal(await page.getByRole("button", { name: "这一课我读完了" }).count(), 0);
  await leave(page);
});

test("a quiz is taken without JavaScript, and handing it in twice changes nothing", async () => {
  const page = await plain();
  await page.goto("/quizzes/listen-and-explain");
  await page.locator("form[action$='/attempts'] button").click();
  await page.waitForURL(/\/attempts\//);
  const attempt = new URL(page.url()).pathname;
  for (const question of (await page.locator(".question").all()).slice(1)) {
    const option = question.locator(".option input").first();
    if (await option.count()) await option.check();
  }
  await page.locator("button[value=save]").click();
  await page.waitForURL(/said=answers_saved/);
  assert.ok((await page.locator(".option input:checked").count()) > 0, "the saved answers are not shown again");
  await page.locator("button[value=submit]").click(); // the first is unanswered: it asks once
  await page.getByRole("button", { name: "就这样交卷" }).click();
  await page.waitForURL(/\/result/);
  await page.goto(`${attempt}/result`);
  const result = await page.locator("main").innerText();
  await page.goto(attempt);
  assert.match(page.url(), /\/result/);
  assert.equal(await page.locator("main").innerText(), result);
  await leave(page);
});

test("a customer is answered without JavaScript", async () => {
  const page = await plain();
  await page.goto("/rehearse/rp11-complaint-cold-attitude");
  await page.getByRole("button", { name: "练一场" }).click();
  const mine = page.locator(".line-me");
  for (const step of [1, 2]) {
    await page.locator("form[action$='/choices'] button[name=token]").first().click();
    await shown(mine.nth(step - 1));
    assert.equal(await mine.count(), step);
    assert.equal(await page.locator(".coach").count(), 1);
  }
  await page.getByRole("button", { name: "收回这一句" }).click(); // practice goes back one turn
  await mine.nth(1).waitFor({ state: "detached" });
  await page.waitForLoadState();
  assert.equal(await mine.count(), 1);
  await leave(page);
});
