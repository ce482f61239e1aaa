// The map of a scenario: laid out once for everybody, read by choosing a scene,
// rearranged with the mouse and the arrow keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, leave, open, person, phone, sound } from "./browser.mjs";

before(open);
after(close);

const map = "/trainer/scripts/rp03-wang-walkaround/map";
const placed = (page) => page.waitForFunction(() => !("unplaced" in document.querySelector(".story").dataset));
const kept = (page) => page.waitForFunction(() => document.querySelector(".map-state").textContent !== "");
const where = (page, scene) => page.getAttribute(`.box[data-scene="${scene}"]`, "transform");
const drawing = (page) => page.$$eval(".story .route", (routes) => routes.map((route) => route.getAttribute("d")));

// redrawn moves something and waits until the server has drawn the map for it.
const redrawn = async (page, move) => {
  await page.evaluate(() => (document.querySelector(".story").dataset.stale = ""));
  await move();
  await page.waitForFunction(() => !("stale" in document.querySelector(".story").dataset));
};

test("the first who opens a map has it laid out, and the next sees the same", async () => {
  const first = await person("trainer", desktop);
  await first.goto(map);
  await placed(first);
  const lines = await drawing(first);
  const next = await person("admin", phone);
  await next.goto(map);
  assert.equal(await next.$("[data-unplaced]"), null, "it was laid out a second time");
  assert.deepEqual(await drawing(next), lines);
  await sound(next);
  await leave(first);
  await leave(next);
});

test("a scene is read beside the map, and left by keyboard", async () => {
  const page = await person("trainer", desktop);
  await page.goto(map);
  await placed(page);
  await page.click('.box[data-scene="2"] .box-name');
  assert.match(await page.textContent(".map-reading h3"), /三件套/);
  await sound(page);
  await page.click(".map-reading .story-way-to a >> nth=0");
  assert.match(await page.textContent(".map-reading h3"), /车厢/);
  await page.keyboard.press("Escape");
  assert.ok(await page.isHidden(".map-reader"));
  assert.equal(await page.evaluate(() => document.activeElement.dataset.name), "车厢");
  await page.keyboard.press("Enter");
  assert.ok(await page.isVisible(".map-reader"));
  await leave(page);
});

test("scenes stay where the mouse and the arrow keys put them", async () => {
  const page = await person("trainer", desktop);
  await page.goto(map);
  await placed(page);
  const before = await where(page, 1);
  const name = page.locator('.box[data-scene="1"] .box-name');
  await name.hover({ position: { x: 5, y: 5 } }); // the map stands still by then
  const box = await name.boundingBox();
  await page.mouse.down();
  await page.mouse.move(box.x + 45, box.y + 25);
  await page.mouse.move(box.x + 85, box.y + 45);
  await redrawn(page, () => page.mouse.up());
  assert.ok(await page.isHidden(".map-reader"), "a drag is no click");
  await kept(page);
  await page.focus('.box[data-scene="2"]');
  await redrawn(page, () => page.keyboard.press("ArrowRight"));
  await redrawn(page, () => page.keyboard.press("ArrowDown"));
  const now = [await where(page, 1), await where(page, 2), await drawing(page)];
  assert.notEqual(now[0], before);
  await page.reload();
  assert.deepEqual([await where(page, 1), await where(page, 2), await drawing(page)], now);
  await leave(page);
});

test("without scripts the boxes lead to the text", async () => {
  const page = await person("trainer", desktop, { javaScriptEnabled: false });
  await page.goto(map);
  await page.click('.box[data-scene="3"] .box-name');
  assert.ok(page.url().endsWith("#scene-3"));
  assert.ok(await page.isVisible("#scene-3"));
  assert.ok(await page.isHidden(".map-tools"));
  await leave(page);
});
