// A browser with a person in front of it.
import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const base = process.env.QIBU_E2E_BASE;
assert.ok(base, "QIBU_E2E_BASE names the running server");

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1440, height: 900 };

// patience is how many ms anything may take: it ends a wait for what never comes,
// and says nothing about speed.
export const patience = 120_000;

export const launch = () => chromium.launch({
  executablePath: process.env.QIBU_E2E_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  timeout: patience,
});

let browser;
export const open = async () => (browser = await launch());
export const close = () => browser?.close();

// person logs in on a screen of a size and returns the page; whatever the
// browser complains about fails the test that closes it.
export async function person(account, viewport, options = {}, password = "qibu-demo") {
  const context = await browser.newContext({ baseURL: base, viewport, locale: "zh-CN", ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(message.text());
  });
  if (account) {
    await page.goto("/login");
    await page.fill("[name=account]", account);
    await page.fill("[name=password]", password);
    await page.click("form[action='/login'] .button");
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  }
  return page;
}

// leave closes a person's browser and tells what it complained about.
export async function leave(page) {
  await page.context().close();
  assert.deepEqual(page.complaints, [], "the browser complained");
}

// shown waits for something on the next page, and for the rest of that page.
export async function shown(locator) {
  await locator.waitFor();
  await locator.page().waitForLoadState();
}

// kept waits until the server has every answer that was given on a paper.
export const kept = (page) =>
  page.waitForFunction(() => /已保存/.test(document.querySelector("[data-part=kept]").textContent) && !sessionStorage.length);

// axe looks for accessibility findings, of some rules or of all. Pages have no
// frames, so it needs no second window to gather them, and is much quicker.
async function axe(page, ...rules) {
  const builder = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules.length ? builder.withRules(rules) : builder).analyze();
  const findings = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  assert.deepEqual(findings, [], `${page.url()} is not accessible`);
}

// sound checks a page as it stands: no accessibility finding, nothing wider than the screen.
export async function sound(page) {
  await axe(page);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${page.url()} is ${over} px wider than the screen`);
}

// soundBoth is sound in light, and in dark for whatever colours can spoil.
export async function soundBoth(page) {
  await sound(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await axe(page, "color-contrast", "link-in-text-block");
  await page.emulateMedia({ colorScheme: null });
}

// visit opens a page and checks it.
export async function visit(page, path) {
  const answer = await page.goto(path);
  assert.equal(answer.status(), 200, path);
  await sound(page);
}
