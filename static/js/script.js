// The desk where a role-play or a bank of questions is written: numbers and
// findings beside the lines, a check while one types, the tryout, the question as
// learners see it and the map without loading the page anew. Without this script
// the same buttons send the form.

const PAUSE = 300; // ms without a keystroke before the text is checked
const RETRY = 3000; // ms until a check that failed is tried again
const STEP = "  "; // what Tab puts in, once asked to

// Mirror is the text once more behind the text area, line by line and wrapped
// alike, so that numbers and marks stand where the lines do.
class Mirror {
  constructor(text) {
    this.text = text;
    this.element = document.createElement("div");
    this.element.className = "mirror";
    this.element.ariaHidden = "true";
    text.before(this.element);
    text.parentElement.classList.add("mirrored");
    this.lines = [];
    this.draw();
  }

  // draw brings the mirror up to the text. What did not change is not touched: it
  // need not be laid out again, and lines keep their marks.
  draw() {
    const next = this.text.value.split("\n"), old = this.lines;
    let head = 0, tail = 0;
    while (head < Math.min(old.length, next.length) && old[head] === next[head]) head++;
    while (tail < Math.min(old.length, next.length) - head && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail++;
    for (let n = old.length; n > next.length; n--) this.element.children[head].remove();
    for (let n = old.length; n < next.length; n++) this.element.insertBefore(document.createElement("div"), this.element.children[head] ?? null);
    for (let i = head; i < next.length - tail; i++) this.element.children[i].textContent = next[i] + "\u200b"; // an empty line has a height, too
    this.lines = next;
  }

  // mark shows for every line the gravest of its findings.
  mark(findings) {
    for (const line of this.element.querySelectorAll(".marked")) line.className = "";
    for (const level of ["info", "warn", "error"]) {
      for (const finding of findings) {
        if (finding.dataset.level === level) this.line(Number(finding.dataset.line))?.setAttribute("class", "marked " + level);
      }
    }
  }

  line(number) { return this.element.children[number - 1]; }
}

customElements.define("author-desk", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.text = this.form.elements.source;
    this.mirror = new Mirror(this.text);
    for (const part of this.querySelectorAll("[data-scripted]")) part.hidden = false;
    this.settle();
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.indent(event));
    this.text.addEventListener("keyup", () => this.moved());
    this.text.addEventListener("click", () => this.moved());
    this.addEventListener("click", (event) => this.click(event));
    this.classList.add("tabbed");
    this.addEventListener("submit", (event) => this.submit(event));
    this.addEventListener("change", (event) => event.target.matches("#f-shown") && this.showAt(Number(event.target.selectedOptions[0].dataset.line)));
    this.mirror.mark(this.querySelectorAll("#checked [data-line]"));
    this.turnTo(location.hash.slice(1));
    this.check();
  }

  typed() {
    this.mirror.draw();
    this.unsaved = true;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.check(), PAUSE);
  }

  // moved shows another question once the cursor has come to it.
  moved() {
    const shown = this.querySelector("#f-shown");
    if (!shown || !this.shownAt) return;
    const from = (line) => [...shown.options].findLast((one) => Number(one.dataset.line) <= line);
    if (from(this.line) !== from(this.shownAt)) this.showAt(this.line);
  }

  showAt(line) {
    this.shownAt = line;
    this.check();
  }

  // line is the line of the cursor.
  get line() { return this.text.value.slice(0, this.text.selectionStart).split("\n").length; }

  // check asks for the findings of the text as it is now, and for the map if that
  // is being looked at. One question is out at a time; the answer to an older text
  // is passed over.
  async check() {
    if (this.asking) return this.stale = true;
    this.asking = true;
    this.stale = false;
    const text = this.text.value;
    try {
      const charted = this.querySelector("#map")?.hidden === false;
      const answer = await this.ask("check", charted ? "map" : "check", this.asIs());
      if (this.text.value === text) this.show(answer);
    } catch (failure) {
      this.say(failure.message);
      this.pause = setTimeout(() => this.check(), RETRY);
    } finally {
      this.asking = false;
      if (this.stale) this.check();
    }
  }

  // ask sends the form for a piece of the page. What fails says so in words.
  async ask(what, piece, body) {
    const answer = await fetch(`${this.form.getAttribute("action")}/${what}`, {
      method: "POST", body, headers: { "X-Fragment": piece, Accept: "application/json" },
    }).catch(() => { throw new Error(this.dataset.failed); });
    if (answer.ok && !answer.redirected) return new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = await answer.json().catch(() => ({}));
    throw new Error(said.message ?? this.dataset.failed);
  }

  // asIs is the text as it is now, with where its author is in it.
  asIs(button) {
    const body = new FormData(this.form, button);
    if (this.querySelector("#f-shown")) body.set("line", this.shownAt ??= this.line);
    return body;
  }

  show(answer) {
    this.replace("checked", answer);
    if (answer.querySelector("#f-shown")) this.replace("tried", answer);
    this.mirror.mark(this.querySelectorAll("#checked [data-line]"));
    this.chart(answer.querySelector("#charted"));
    this.say("");
  }

  // chart brings the map up to the text. A text that cannot be read leaves the last.
  chart(next) {
    const map = this.querySelector("story-map");
    if (map && next) return map.redraw(next.innerHTML);
    if (!next) return;
    this.querySelector("#charted").replaceWith(next);
    next.querySelector("story-map").addEventListener("placed", () => this.check());
  }

  replace(id, answer) {
    const old = this.querySelector("#" + id), next = answer.getElementById(id);
    const open = [...old.querySelectorAll("details")].map((one) => one.open);
    next.querySelectorAll("details").forEach((one, i) => one.open = open[i] ?? one.open);
    old.replaceWith(next);
    this.settle();
  }

  // settle hides the button that choosing a question makes needless.
  settle() {
    for (const button of this.querySelectorAll("[data-show]")) button.hidden = true;
  }

  say(text) {
    const notice = this.querySelector(".writing-notice");
    notice.hidden = !text;
    notice.textContent = text;
  }

  submit(event) {
    const button = event.submitter, what = /\/(check|try)(#.*)?$/.exec(button?.getAttribute("formaction") ?? event.target.getAttribute("action"))?.[1];
    if (!what) return this.unsaved = false;
    event.preventDefault();
    if (event.target !== this.form) return what === "check" ? this.check() : this.answer(event.target);
    this.turnTo(what);
    if (what === "check") this.check();
    else this.step(button);
  }

  async step(button) {
    if (this.stepping) return;
    this.stepping = true;
    try {
      this.replace("tried", await this.ask("try", "try", this.asIs(button)));
      this.say("");
      const lines = this.querySelector("#tried .tried-lines");
      lines?.lastElementChild?.scrollIntoView({ block: "nearest" });
      this.querySelector("#tried .tried-way:enabled, #tried button")?.focus({ preventScroll: true });
    } catch (failure) {
      this.say(failure.message);
    } finally {
      this.stepping = false;
    }
  }

  // answer tries the question that is shown on the text as it is now.
  async answer(form) {
    form.elements.source.value = this.text.value;
    try {
      this.replace("tried", await this.ask("try", "try", new FormData(form)));
      this.say("");
      this.querySelector("#tried .reviewed")?.scrollIntoView({ block: "nearest" });
    } catch (failure) {
      this.say(failure.message);
    }
  }

  // turnTo shows one pane of those beside the text.
  turnTo(name) {
    const tabs = [...this.querySelectorAll(".writing-tabs a")];
    const tab = tabs.find((one) => one.hash === "#" + name) ?? tabs[0];
    for (const one of tabs) {
      one.ariaCurrent = one === tab ? "true" : null;
      this.querySelector(one.hash).hidden = one !== tab;
    }
  }

  click(event) {
    const tab = event.target.closest(".writing-tabs a");
    if (tab) {
      event.preventDefault();
      this.turnTo(tab.hash.slice(1));
      if (tab.hash === "#map") this.check();
    }
    const jump = event.target.closest("a[data-line]");
    if (jump) {
      event.preventDefault();
      this.goTo(Number(jump.dataset.line));
    }
    const line = event.target.closest(".mirror > .marked");
    if (line) {
      const n = [...line.parentElement.children].indexOf(line) + 1;
      this.querySelector(`#checked a[data-line="${n}"]`)?.focus();
    }
  }

  // goTo selects a line and brings it into view.
  goTo(number) {
    const lines = this.text.value.split("\n");
    const from = lines.slice(0, number - 1).reduce((n, line) => n + line.length + 1, 0);
    this.text.focus({ preventScroll: true });
    this.text.setSelectionRange(from, from + (lines[number - 1]?.length ?? 0));
    this.mirror.line(number)?.scrollIntoView({ block: "center" });
  }

  // indent lets Tab put in two spaces while the box for it is ticked. Otherwise,
  // and after Escape, Tab leaves the text as everywhere.
  indent(event) {
    const box = this.querySelector("[data-indent]");
    if (event.key === "Escape") box.checked = false;
    if (event.key !== "Tab" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !box.checked) return;
    event.preventDefault();
    document.execCommand("insertText", false, STEP); // the only way that can be undone
  }
});

// Whoever leaves with words that are not kept is asked once.
addEventListener("beforeunload", (event) => {
  if (document.querySelector("author-desk")?.unsaved) event.preventDefault();
});
