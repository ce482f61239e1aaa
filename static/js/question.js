// A question of any kind as one element: its answer is a property, and it tells
// with one "change" event of its own that there is a new one. Typing counts as a
// change when it pauses or the input is left. Nothing is saved here, and without
// this script the same markup is a plain form.

const PAUSE = 2000; // ms without a keystroke before what was typed counts

const all = (root, selector) => [...root.querySelectorAll(selector)];
const unlessBlank = (entries) => (entries.some((entry) => entry.trim()) ? entries : []);

// Each kind of question: how the answer is read off the page and put back.

class Choices {
  constructor(root) {
    this.inputs = all(root, ".option input");
  }
  get answer() {
    return this.inputs.filter((input) => input.checked).map((input) => input.value);
  }
  set answer(tokens) {
    for (const input of this.inputs) input.checked = tokens.includes(input.value);
  }
  pick(n) {
    this.inputs[n]?.focus();
    this.inputs[n]?.click();
  }
}

class Steps {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector(".steps");
    this.placed = root.seq > 0; // an order counts as an answer once a step was moved
    for (const select of all(root, "select")) select.hidden = true;
    for (const button of all(root, "[data-move]")) button.hidden = false;
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (button) this.move(button);
    });
    this.mark();
  }
  get answer() {
    return this.placed ? [...this.list.children].map((step) => step.dataset.token) : [];
  }
  set answer(tokens) {
    this.placed = tokens.length > 0;
    for (const token of tokens) this.list.append(this.list.querySelector(`[data-token="${CSS.escape(token)}"]`));
    this.mark();
  }
  // mark shows which arrows lead nowhere.
  mark() {
    for (const button of all(this.list, "[data-move]")) button.disabled = !this.neighbour(button);
  }
  neighbour(button) {
    const step = button.closest("li");
    return button.dataset.move < 0 ? step.previousElementSibling : step.nextElementSibling;
  }
  move(button) {
    const step = button.closest("li");
    const other = this.neighbour(button);
    if (button.dataset.move < 0) other.before(step);
    else other.after(step);
    this.placed = true;
    this.mark();
    const place = [...this.list.children].indexOf(step) + 1;
    this.root.tell("moved", { step: step.querySelector(".step").textContent.trim(), n: place });
    (button.disabled ? step.querySelector("[data-move]:enabled") : button).focus();
    this.root.changed();
  }
  pick(n) {
    this.list.children[n]?.querySelector("[data-move]:enabled").focus();
  }
}

class Spots {
  constructor(root) {
    this.root = root;
    this.order = []; // tokens in the order tapped
    this.items = all(root, ".taps li");
    for (const label of all(root, ".taps label")) label.hidden = true;
    for (const button of all(root, ".tap")) button.hidden = false;
    for (const select of all(root, ".taps select")) this.order[select.value - 1] = select.closest("li").dataset.token;
    this.order = this.order.filter(Boolean);
    root.addEventListener("click", (event) => {
      const token = event.target.closest(".tap")?.parentElement.dataset.token ?? this.nearest(event);
      if (token) this.tap(token);
    });
    this.mark();
  }
  get answer() {
    return [...this.order];
  }
  set answer(tokens) {
    this.order = [...tokens];
    this.mark();
  }
  // nearest is the place closest to where the picture was tapped, within a
  // finger's width: places that lie close together share the room between them.
  nearest(event) {
    if (!event.target.closest(".picture")) return null;
    let best = null;
    let reach = 32;
    for (const circle of all(this.root, ".spot circle")) {
      const box = circle.getBoundingClientRect();
      const away = Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
      if (away < reach) [best, reach] = [circle.parentElement.dataset.spot, away];
    }
    return best;
  }
  tap(token) {
    const at = this.order.indexOf(token);
    if (at < 0) this.order.push(token);
    else this.order.splice(at, 1);
    this.mark();
    const step = this.items.find((item) => item.dataset.token === token).querySelector(".step").textContent.trim();
    this.root.tell(at < 0 ? "tapped" : "untapped", { step, n: this.order.length });
    this.root.changed();
  }
  // mark numbers the places tapped, in the picture and beside it.
  mark() {
    for (const item of this.items) {
      const { token } = item.dataset;
      const place = this.order.indexOf(token) + 1;
      const name = item.querySelector("b").textContent;
      const spot = this.root.querySelector(`[data-spot="${CSS.escape(token)}"]`);
      spot.classList.toggle("spot-tapped", place > 0);
      spot.querySelector("text").textContent = place || name;
      item.querySelector(".tap").ariaPressed = String(place > 0);
      item.querySelector(".tap-place").textContent = place || "";
    }
  }
  pick(n) {
    this.items[n]?.querySelector(".tap").click();
  }
}

class Rows {
  constructor(root) {
    this.selects = all(root, ".pairs select");
  }
  get answer() {
    return unlessBlank(this.selects.map((select) => select.value));
  }
  set answer(tokens) {
    for (const [i, select] of this.selects.entries()) select.value = tokens[i] ?? "";
  }
  pick(n) {
    this.selects[n]?.focus();
  }
}

// Written is what is typed: the blanks of a text, a figure with its unit, an essay.
class Written {
  constructor(root) {
    this.root = root;
    this.inputs = all(root, "input[name$=entry], textarea");
    this.units = all(root, ".units input");
    this.count = root.querySelector("[data-part=count]");
    root.addEventListener("input", (event) => this.inputs.includes(event.target) && this.typed());
    root.addEventListener("keydown", (event) => this.next(event));
    this.mark();
  }
  get answer() {
    const entries = unlessBlank(this.inputs.map((input) => input.value));
    if (!entries.length || !this.units.length) return entries;
    return [...entries, this.units.find((unit) => unit.checked)?.value ?? ""];
  }
  set answer(entries) {
    for (const [i, input] of this.inputs.entries()) input.value = entries[i] ?? "";
    for (const unit of this.units) unit.checked = unit.value === entries[this.inputs.length];
    this.mark();
  }
  typed() {
    this.mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.root.changed(), PAUSE);
  }
  // next goes from blank to blank with Enter, which would send the form.
  next(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.localName !== "input" || event.target.type === "radio") return;
    event.preventDefault();
    const following = this.inputs[this.inputs.indexOf(event.target) + 1];
    if (!following) return;
    event.stopPropagation();
    following.focus();
  }
  mark() {
    if (this.count) this.count.textContent = this.root.say("count", { n: [...this.inputs[0].value].length });
  }
  pick(n) {
    this.inputs[n]?.focus();
  }
}

const kinds = { order: Steps, hot: Spots, match: Rows, fill: Written, numeric: Written, text: Written };

export class Question extends HTMLElement {
  connectedCallback() {
    if (this.kind) return;
    this.number = Number(this.dataset.slot);
    this.seq = Number(this.dataset.seq); // number of the answer shown; whoever saves raises it
    this.kind = new (kinds[this.dataset.kind] ?? Choices)(this);
    this.told = this.untouched ? JSON.stringify(this.answer) : null;
    this.addEventListener("change", (event) => {
      if (event.target === this) return;
      event.stopPropagation();
      this.changed();
    });
  }

  // answer is as package sheet has it: empty when nothing is given.
  get answer() {
    return this.kind.answer;
  }
  set answer(entries) {
    this.kind.answer = entries;
    this.told = JSON.stringify(this.answer);
  }

  // untouched is whether the page still stands as the server sent it: a learner may
  // have been quicker than this script. Whoever saves asks for what has changed.
  get untouched() {
    return all(this, "input, textarea, option").every((one) => {
      if (one.localName === "option") return !one.index || one.selected === one.defaultSelected;
      return one.checked === one.defaultChecked && one.value === one.defaultValue;
    });
  }

  // changed tells that there is a new answer, if there is.
  changed() {
    clearTimeout(this.kind.timer);
    const answer = JSON.stringify(this.answer);
    if (answer === this.told) return;
    this.told = answer;
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // pick chooses the n-th option, or goes to the n-th thing to be filled in.
  pick(n) {
    this.kind.pick(n);
  }

  say(name, values) {
    return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), this.getAttribute(`data-say-${name}`));
  }
  // tell says to a screen reader what just happened.
  tell(name, values) {
    this.querySelector("[data-part=told]").textContent = this.say(name, values);
  }
}

customElements.define("quiz-question", Question);
