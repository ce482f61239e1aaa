// The whole story: a trainer assigns, a new advisor studies, is tested and
// rehearses on a phone, the trainer signs at the bay, the certificate can be
// verified by anybody, HR sees the status and why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, desktop, kept, leave, open, person, phone, shown, sound, visit } from "./browser.mjs";
import { answers, goldRoute, plain } from "./key.mjs";

const modules = {
  "image-etiquette/professional-image": "professional-image",
  "seven-steps/step-1-appointment": "step-1-appointment",
  "seven-steps/vehicle-walkaround": "vehicle-walkaround",
  "complaint-handling/listen-and-explain": "listen-and-explain",
};
const scenarios = ["rp01-appointment-exhaust", "rp03-wang-walkaround"];
const learner = "林新芽";
const account = "xinya";
const temporary = "给新同事的临时密码";
const password = "我自己记得住的一句话";

before(open);
after(close);

test("the admin adds a new advisor, who chooses a password at the first login", async () => {
  const admin = await person("admin", desktop);
  await visit(admin, "/admin/people/new");
  await admin.fill("[name=name]", learner);
  await admin.fill("[name=staff_no]", "0019999");
  await admin.fill("[name=account]", account);
  await admin.selectOption("[name=store]", { label: "城南店" });
  await admin.fill("[name=post]", "见习服务顾问");
  await admin.fill("[name=password]", temporary);
  await admin.getByRole("button", { name: "保存" }).click();
  await admin.waitForURL(/said=person_added/);
  await leave(admin);

  const page = await person(account, phone, {}, temporary);
  await page.waitForURL(/\/me\/password/);
  await sound(page);
  await page.goto("/learn"); // nothing else is open before the password is changed
  await page.waitForURL(/\/me\/password/);
  await page.fill("[name=old]", temporary);
  await page.fill("[name=new]", password);
  await page.fill("[name=again]", password);
  await page.getByRole("button", { name: "保存新密码" }).click();
  await page.waitForURL(/said=password_changed/);
  await leave(page);
});

test("the trainer assigns the certification with a due date", async () => {
  const page = await person("trainer", desktop);
  await visit(page, "/trainer/assign");
  const due = new Date(Date.now() + 14 * 86400e3).toISOString().slice(0, 10);
  await page.getByLabel("L1 见习服务顾问").first().check();
  await page.getByLabel("环车检查与三件套").first().check();
  await page.getByLabel(learner).first().check();
  await page.fill("[name=due]", due);
  await page.getByRole("button", { name: "布置" }).last().click();
  await page.waitForURL(/done=/);
  assert.match(await page.locator("main").innerText(), /已布置 2 项给 1 人，共 2 份/);
  await sound(page);
  await leave(page);
});

test("the advisor reads on a phone, and progress is kept on the server", async () => {
  const page = await person(account, phone, {}, password);
  await visit(page, "/learn");
  assert.match(await page.locator("main").innerText(), /L1 见习服务顾问/);
  const [first, ...rest] = Object.keys(modules);

  await visit(page, `/courses/${first}`);
  await page.locator("a[data-source]").first().click();
  await page.locator("dialog[open] .source-card").waitFor();
  await sound(page);
  await page.getByRole("button", { name: "关上" }).click();

  // Scrolling through is enough: sections are noted as they are read.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const noted = page.waitForResponse((r) => r.url().endsWith("/read") && r.ok());
  for (let y = 0; y < height; y += 250) {
    await page.evaluate((top) => scrollTo(0, top), y);
    await page.waitForTimeout(450);
  }
  await noted;
  const again = await person(account, desktop, {}, password); // another device
  await visit(again, `/courses/${first}`);
  assert.ok((await again.locator(".outline-read").count()) > 0, "no section was noted on the other device");
  await leave(again);

  for (const module of [first, ...rest]) {
    await page.goto(`/courses/${module}`);
    const finish = page.locator("[data-finish] button");
    if (await finish.count()) {
      await finish.dispatchEvent("click"); // it hides once all that is on the screen has been read
      await page.waitForURL(/said=module_read/);
    }
    assert.equal(await finish.count(), 0, `${module} is not read`);
  }
  await leave(page);
});

test("a two-character word is found", async () => {
  const page = await person(account, phone, {}, password);
  await visit(page, "/search?q=%E9%A2%84%E7%BA%A6");
  assert.ok((await page.locator("main .rows li").count()) > 0);
  await leave(page);
});

async function choose(page, right) {
  for (const question of await page.locator(".question").all()) {
    const stem = plain(await question.locator(".stem").innerText());
    const key = [...right.entries()].find(([known]) => stem.startsWith(known));
    assert.ok(key, `no key for ${stem}`);
    const slot = await question.getAttribute("data-slot");
    while (!(await question.isVisible())) await page.locator(".turns [data-turn='1']").click(); // one question a screen
    const save = async (deed) => {
      const saved = page.waitForResponse((r) => r.url().endsWith(`/answers/${slot}`) && r.ok());
      await deed();
      await saved;
    };
    await (deeds[await question.getAttribute("data-kind")] ?? pick)(question, key[1], save);
  }
}

const deeds = { order: (question, steps, save) => save(() => putInOrder(question, steps)), hot: tap, match, fill: write, numeric: write };

async function pick(question, texts, save) {
  await save(async () => {
    for (const option of await question.locator(".option").all()) {
      const text = plain(await option.locator("span").last().innerText());
      if (texts.includes(text)) await option.click();
    }
  });
}

async function tap(question, places, save) {
  for (const place of places) await save(() => question.locator("button.tap", { hasText: place }).click());
}

async function match(question, pairs, save) {
  for (const row of await question.locator(".pairs li").all()) {
    const left = plain(await row.locator("label").innerText());
    const [, right] = pairs.find(([known]) => known === left);
    const options = await row.locator("option").all();
    for (const option of options) {
      if (plain(await option.innerText()) === right) await save(async () => row.locator("select").selectOption(await option.getAttribute("value")));
    }
  }
}

// write fills the blanks, or a figure and then its unit.
async function write(question, texts, save) {
  const inputs = await question.locator("input[name$=entry]").all();
  for (const [i, input] of inputs.entries()) {
    await save(async () => {
      await input.fill(texts[i]);
      await input.blur();
    });
  }
  const unit = texts[inputs.length];
  if (unit) await save(() => question.locator(".units label", { hasText: unit }).click());
}

async function putInOrder(question, steps) {
  for (let place = 0; place < steps.length; place++) {
    const texts = (await question.locator(".step").allInnerTexts()).map(plain);
    let at = texts.indexOf(steps[place]);
    assert.ok(at >= 0, `${steps[place]} is not among ${texts}`);
    for (; at > place; at--) await question.locator("li").nth(at).locator("[data-move='-1']").click();
  }
  const last = question.locator("li").last();
  if ((await question.locator(".step").count()) > 1) { // an order already right has to be touched once
    await last.locator("[data-move='-1']").click();
    await question.locator("li").nth(steps.length - 2).locator("[data-move='1']").click();
  }
}

test("the advisor passes the quizzes; two tabs and the back button change nothing", async () => {
  const page = await person(account, phone, {}, password);
  for (const quiz of Object.values(modules)) {
    await visit(page, `/quizzes/${quiz}`);
    await page.locator("form[action$='/attempts'] button").click();
    await page.waitForURL(/\/attempts\//);
    await sound(page);
    const address = page.url();
    await choose(page, answers(quiz));
    await kept(page);

    const other = await page.context().newPage(); // a second tab shows the same attempt with the same answers
    await other.goto(`/quizzes/${quiz}`);
    await other.locator("main a[href^='/attempts/'], form[action$='/attempts'] button").first().click();
    await other.waitForURL(address);
    assert.equal(await other.locator(".question-map .answered").count(), await other.locator(".question").count());
    await other.close();

    await page.locator("button[value=submit]").first().evaluate((button) => button.click());
    await page.waitForURL(/\/result/);
    await sound(page);
    const result = await page.locator("main").innerText();
    assert.match(result, /通过了/);
    await page.goBack();
    await page.goto(`${address}/result`);
    assert.equal(await page.locator("main").innerText(), result);
  }
  await leave(page);
});

test("the advisor rehearses, continues on another device and reads the debrief", async () => {
  let page = await person(account, phone, {}, password);
  for (const scenario of scenarios) {
    const route = goldRoute(scenario);
    await visit(page, "/rehearse");
    await visit(page, `/rehearse/${scenario}`);
    await page.getByRole("button", { name: "考一场" }).click();
    await page.waitForURL(/\/sessions\//);
    await sound(page);
    const address = new URL(page.url()).pathname;
    for (const [turn, choice] of route.choices.entries()) {
      await openDocuments(page, route.documents);
      if (turn === 2) { // half-way, on to another device
        await leave(page);
        page = await person(account, phone, {}, password);
        await page.goto(address);
      }
      await say(page, choice);
    }
    await page.locator("a[href$='/debrief']").first().click();
    await page.waitForURL(/\/debrief/);
    await sound(page);
    assert.equal(await page.locator(".judged").count(), 0, "the key is shown before the learner thought of a sentence");
    await page.fill("[name=intent]", "先听他说完，再一项项对着单子讲。");
    await page.getByRole("button", { name: "记下，看复盘" }).click();
    await shown(page.locator(".judged"));
    await sound(page);
    assert.match(await page.locator(".intent").innerText(), /先听他说完/);
    assert.match(await page.locator(".judged h2").innerText(), /\d+%\s*通过/);
  }
  await leave(page);
});

async function openDocuments(page, wanted) {
  for (const name of [...wanted]) {
    const button = page.locator("form[action$='/documents'] button", { hasText: name });
    if (!(await button.count())) continue;
    await button.first().evaluate((b) => b.click());
    await page.waitForFunction((n) => ![...document.querySelectorAll("form[action$='/documents'] button")].some((b) => b.textContent.includes(n)), name);
    wanted.splice(wanted.indexOf(name), 1);
    const away = page.locator("[popover]:popover-open .document-close");
    if (await away.count()) await away.click();
  }
}

async function say(page, text) {
  const step = await page.locator("form[action$='/choices'] [name=step]").getAttribute("value");
  for (const reply of await page.locator("form[action$='/choices'] button[name=token]").all()) {
    if (!plain(await reply.innerText()).includes(text)) continue;
    await reply.click();
    await page.waitForFunction((s) => document.querySelector("form[action$='/choices'] [name=step]")?.value !== s, step);
    return;
  }
  assert.fail(`cannot say ${text} at ${page.url()}`);
}

test("a limit of time counts down by the server's clock, and a reload gives none of it back", async () => {
  const page = await person(account, phone, {}, password);
  await visit(page, "/rehearse/rp11-complaint-cold-attitude");
  await page.getByRole("button", { name: "考一场" }).click();
  await page.waitForURL(/\/sessions\//);
  const seconds = async () => Number((await page.locator("[role=timer]").innerText()).match(/\d+/)[0]);
  const first = await seconds();
  assert.ok(first <= 90, `${first} seconds at the beginning`);
  await page.waitForFunction((most) => Number(document.querySelector("[role=timer]").innerText.match(/\d+/)[0]) <= most, first - 2);
  const later = await seconds();
  await page.reload();
  assert.ok((await seconds()) <= later, "a reload gave time back");
  await sound(page);
  await leave(page);
});

test("the trainer signs the observation at the bay, on a phone", async () => {
  const page = await person("trainer", phone);
  await visit(page, "/trainer/observe");
  await page.getByRole("link", { name: new RegExp(learner) }).click();
  await page.waitForURL(/\/trainer\/observe\/.+/);
  await sound(page);
  for (const item of await page.locator("label:has(input[value=passed])").all()) await item.click();
  await page.locator(".checklist .button").last().click();
  await page.waitForURL(/said=observed/);
  await sound(page);
  await leave(page);
});

let number;
test("the advisor holds a certificate, with a PDF", async () => {
  const page = await person(account, phone, {}, password);
  await visit(page, "/certificates");
  const link = page.locator("a[href^='/certificates/QB-']").first();
  number = (await link.getAttribute("href")).split("/").pop();
  await visit(page, `/certificates/${number}`);
  const pdf = await page.request.get(`/certificates/${number}.pdf`);
  assert.equal(pdf.status(), 200);
  assert.equal((await pdf.body()).subarray(0, 5).toString(), "%PDF-");
  await leave(page);
});

test("anybody can verify the certificate, and the name stays masked", async () => {
  const page = await person(null, phone);
  await visit(page, `/verify/${number}`);
  const text = await page.locator("main").innerText();
  assert.match(text, /有效/);
  assert.ok(!text.includes(learner));
  await leave(page);
});

test("HR sees the status and why, and takes the list away", async () => {
  const page = await person("hr", desktop);
  await visit(page, `/hr?q=${encodeURIComponent(learner)}`);
  const row = page.locator("tr", { hasText: learner });
  assert.match(await row.innerText(), /已认证[\s\S]*有效 12 个月/);
  const csv = await (await page.request.get(`/hr/export.csv?q=${encodeURIComponent(learner)}`)).body();
  assert.equal(csv.subarray(0, 3).toString("hex"), "efbbbf");
  assert.match(csv.toString(), new RegExp(`${learner}[\\s\\S]*${number}`));
  await row.getByRole("link").first().click();
  await page.waitForURL(/\/hr\/people\//);
  await sound(page);
  assert.match(await page.locator("main").innerText(), /实操/);
  await leave(page);
});

test("HR revokes with a reason, and the public page says so at once", async () => {
  const page = await person("hr", desktop);
  await page.goto(`/hr?q=${encodeURIComponent(learner)}`);
  await page.locator("tr", { hasText: learner }).getByRole("link").first().click();
  await page.getByRole("link", { name: "撤销认证" }).click();
  await page.waitForURL(/\/revoke/);
  await page.fill("[name=reason]", "演练记录需要核实");
  await sound(page);
  await page.getByRole("button", { name: "撤销认证" }).click();
  await page.waitForURL(/said=revoked/);
  await leave(page);
  const visitor = await person(null, phone);
  await visit(visitor, `/verify/${number}`);
  assert.match(await visitor.locator("main").innerText(), /已撤销/);
  await leave(visitor);
});
