// Questions that Qibu writes for others, judged by others' tools: a QTI package by
// the player that 1EdTech certified, a workbook by ExcelJS and LibreOffice. Each item is answered
// right, wrong and half right, and has to score what Qibu gives for it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import ExcelJS from "exceljs";
import JSZip from "jszip";
import { launch, patience } from "./browser.mjs";

const bank = "../../quiz/testdata/every-kind.md";
const require = createRequire(import.meta.url);
const scripts = {
  "/vue.js": require.resolve("vue/dist/vue.min.js"),
  "/player.js": require.resolve("qti3-item-player/dist/qti3Player.umd.min.js"),
};

// stage shows one item in the player, and keeps what it reports.
const stage = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><div id="app"></div>
<script src="/vue.js"></script><script src="/player.js"></script><script>
new Vue({ el: "#app", render: (h) => h(qti3Player.Qti3Player ?? qti3Player.default ?? qti3Player, {
  props: { suppressAlertMessages: true, suppressInvalidResponseMessages: true },
  on: {
    notifyQti3PlayerReady: (player) => (window.player = player),
    notifyQti3ItemReady: () => (window.ready = true),
    notifyQti3SuspendAttemptCompleted: ({ state }) => (window.suspended = state),
    notifyQti3EndAttemptCompleted: ({ state }) => (window.ended = state),
  },
}) });
</script>`;

let folder, server, browser, items;

before(async () => {
  assert.ok(process.env.QIBU_E2E_BIN, "QIBU_E2E_BIN names the program");
  folder = mkdtempSync(join(tmpdir(), "qibu-exchange-"));
  items = await JSZip.loadAsync(convert("qti"));
  server = createServer((request, answer) => {
    const script = scripts[request.url];
    answer.setHeader("Content-Type", script ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8");
    answer.end(script ? readFileSync(script) : stage);
  });
  await new Promise((started) => server.listen(0, "127.0.0.1", started));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

// convert writes the bank of every kind in a format and returns the file.
function convert(format) {
  const out = join(folder, `bank.${format}`);
  execFileSync(process.env.QIBU_E2E_BIN, ["quiz", "convert", "--from", "qibu", "--to", format, "-o", out, bank],
    { env: { PATH: process.env.PATH }, stdio: ["ignore", "ignore", "pipe"] }); // it refuses QIBU_ variables it does not know
  return readFileSync(out);
}

// play opens an item in the player and returns its page.
async function play(item) {
  const page = await browser.newPage();
  page.complaints = [];
  page.setDefaultTimeout(patience);
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.xml = await items.file(`items/${item}.xml`).async("string");
  await load(page);
  return page;
}

// load gives the item to a player of its own: one player does not load it twice.
async function load(page, state) {
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => window.player);
  await page.evaluate(([xml, state]) => {
    window.player.loadItemFromXml(xml, {
      guid: "item", status: "interacting", ...(state && { state }),
      sessionControl: { max_attempts: 0, show_feedback: true, validate_responses: false },
    });
  }, [page.xml, state]);
  await page.waitForFunction(() => window.ready);
}

// resume puts answers into the item as the player does for somebody who comes back.
async function resume(page, answers) {
  await page.evaluate(() => window.player.suspendAttempt("answer"));
  await page.waitForFunction(() => window.suspended);
  const state = await page.evaluate(() => window.suspended);
  state.contextVariables = []; // the player cannot read back the record it writes here
  for (const variable of state.responseVariables) {
    if (!(variable.identifier in answers)) continue;
    variable.value = answers[variable.identifier];
    if (variable.cardinality === "ordered") variable.state.order = variable.value;
  }
  await load(page, state);
}

// finish ends the attempt and returns what came of it, by outcome.
async function finish(page) {
  await page.evaluate(() => window.player.endAttempt("done"));
  await page.waitForFunction(() => window.ended);
  const outcomes = await page.evaluate(() => window.ended.outcomeVariables);
  await page.close();
  assert.deepEqual(page.complaints, []);
  return Object.fromEntries(outcomes.map(({ identifier, value }) => [identifier, value]));
}

const one = (value) => ({ RESPONSE: value });

// What each answer earns by Qibu's own rules, and which feedback it calls.
for (const [item, answers, score, said] of [
  ["single", one("c2"), 1, ["EXPLANATION", "RIGHT", "c2"]],
  ["single", one("c1"), 0, ["EXPLANATION", "WRONG", "c1"]],
  ["single", {}, 0, ["EXPLANATION", "WRONG"]],
  ["multiple", one(["c1", "c2", "c3"]), 2],
  ["multiple", one(["c1", "c2"]), 1],
  ["multiple", one(["c1", "c4"]), 0],
  ["truth", one("c2"), 1],
  ["truth", one("c1"), 0],
  ["order", one(["c1", "c2", "c3"]), 1],
  ["order", one(["c3", "c1", "c2"]), 0],
  ["match", one(["r1 t1", "r2 t2", "r3 t3", "r4 t3"]), 3],
  ["match", one(["r1 t1", "r2 t2", "r3 t1", "r4 t2"]), 1],
  ["match", one(["r1 t2", "r2 t1"]), 0],
  ["fill", { RESPONSE1: "百分之五十五", RESPONSE2: "38%" }, 1],
  ["fill", { RESPONSE1: "一半多", RESPONSE2: "38%" }, 0],
  ["fill-listed", { RESPONSE1: "铺", RESPONSE2: "查" }, 1, ["WHY_1_1"]],
  ["fill-listed", { RESPONSE1: "洗", RESPONSE2: "查" }, 0],
  ["numeric", one(3.5), 1],
  ["numeric", one(3.6), 0, ["WHY_1_2"]],
  ["numeric", one(5), 0],
  ["text", one("王先生，对不起。"), 0],
]) {
  test(`${item} answered ${JSON.stringify(answers)} scores ${score}`, async () => {
    const page = await play(item);
    await resume(page, answers);
    const outcomes = await finish(page);
    assert.equal(outcomes.SCORE, score);
    if (said) assert.deepEqual(outcomes.FEEDBACK.filter((id) => id !== "ANSWERED").sort(), said.sort());
  });
}

test("what is clicked and typed scores as well", async () => {
  const choice = await play("single");
  await choice.getByText("检查之前，当着客户的面").click();
  assert.equal((await finish(choice)).SCORE, 1);
  const blanks = await play("fill-listed");
  const entries = blanks.locator("input[type=text]");
  await entries.nth(0).fill("铺");
  await entries.nth(1).fill("查");
  await entries.nth(1).blur();
  assert.equal((await finish(blanks)).SCORE, 1);
});

test("every item of the package is ready to be played", async () => {
  const names = Object.keys(items.files).filter((name) => name.startsWith("items/") && name.endsWith(".xml"));
  assert.equal(names.length, 13);
  for (const name of names) {
    const page = await play(name.slice("items/".length, -".xml".length));
    await page.close();
    assert.deepEqual(page.complaints, [], name);
  }
});

test("ExcelJS reads the workbook cell for cell", async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(convert("xlsx"));
  assert.deepEqual(book.worksheets.map((sheet) => sheet.name), ["题目", "填写说明"]);
  const sheet = book.getWorksheet("题目");
  const names = sheet.getRow(1).values.slice(1);
  const rows = {};
  sheet.eachRow((row, number) => {
    if (number === 1) return;
    row.eachCell((cell) => assert.equal(cell.type, ExcelJS.ValueType.String, `${cell.address} is text, not computed`));
    const question = Object.fromEntries(names.map((name, i) => [name, row.getCell(i + 1).text]));
    rows[question.题号] = question;
  });
  assert.equal(Object.keys(rows).length, 12, "all but the hot question");
  const { 题型, 题干, A, B, C, 答案, 分值, 能力维度, 各选项理由, 分类, 复习 } = rows.single;
  assert.deepEqual([题型, 题干, A, B, C, 答案, 分值, 能力维度, 分类, 复习], [
    "单选", "三件套应在什么时候铺？", "环车检查做完以后", "检查之前，当着客户的面", "客户下车之前", "B=100% C=50%", "1", "D5",
    "接车/三件套", "seven-steps/step-2-reception#covers",
  ]);
  assert.equal(各选项理由, "A：先查后铺，手和工具已经碰过座椅。\nC：铺了，可是客户没看见。");
  assert.equal(rows.match.A, "“您方便几点过来？” → 预约");
  assert.equal(rows["fill-listed"].答案, "(1)= 铺\n  > 对。\n(1)= [50%] 套\n  > 字面差一点。\n(1)= [50%] 罩\n  > 字面差一点。\n(2)= 查");
  assert.equal(rows.numeric.单位, "小时、分钟=1/60");
  assert.deepEqual(sheet.getCell(2, names.indexOf("题型") + 1).dataValidation.formulae, ['"单选,多选,判断,排序,配对,填空,数值,问答"']);
});

test("LibreOffice reads the workbook, and what it saves says the same", () => {
  const book = join(folder, "questions.xlsx"), saved = join(folder, "saved");
  writeFileSync(book, convert("xlsx"));
  const office = (form) => execFileSync("soffice", [
    "--headless", `-env:UserInstallation=file://${folder}/office`, "--convert-to", form, "--outdir", saved, book,
  ], { timeout: 3 * patience });
  office("xlsx");
  office("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"); // UTF-8, the first sheet
  const read = (file) => execFileSync(process.env.QIBU_E2E_BIN, ["quiz", "convert", "--from", "xlsx", "--to", "qibu", file],
    { encoding: "utf8", env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "pipe"] });
  const ours = read(book);
  assert.match(ours, /三件套应在什么时候铺/);
  assert.equal(read(join(saved, "questions.xlsx")), ours);
  const untitled = (text) => text.replace(/^title: .*$/m, ""); // a table has no title
  assert.equal(untitled(read(join(saved, "questions-题目.csv"))), untitled(ours));
});
