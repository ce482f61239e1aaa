// The map of a scenario: read a scene by choosing its box, move about, zoom, put
// scenes elsewhere. The server draws; this moves what it drew, tells it where
// things are now, and asks for the drawing again. Without this script the boxes
// are links to the text below.

const PATIENCE = 8000; // ms a layout may take
const STEP = 20; // how far an arrow key moves a box
const IDLE = 700; // ms after the last move before it is sent
const SLACK = 5; // px a finger may tremble without dragging

customElements.define("story-map", class extends HTMLElement {
  connectedCallback() {
    this.paper = this.querySelector(".map-paper");
    this.reader = this.querySelector(".map-reader");
    this.moved = new Map(); // box → where it is now, not yet sent
    for (const part of this.querySelectorAll(".map-tools, .map-hint")) part.hidden = false;
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.paper.addEventListener("pointerdown", (event) => this.grab(event));
    this.paper.addEventListener("touchmove", (event) => this.grabbed && event.preventDefault(), { passive: false });
    this.paper.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    new ResizeObserver(() => this.appear()).observe(this.paper);
  }

  // appear begins when the map comes to be seen: in a pane that is shut there is
  // nothing to measure.
  appear() {
    const seen = this.paper.clientWidth > 0;
    if (seen && !this.seen) {
      if (!this.scale) this.begin();
      this.settle();
    }
    this.seen = seen;
  }

  begin() {
    this.zoom(this.opening());
    this.center(this.box(0));
  }

  get svg() { return this.querySelector(".story"); }
  box(scene) { return this.svg.querySelector(`.box[data-scene="${scene}"]`); }
  get boxes() { return [...this.svg.querySelectorAll(".box")]; }
  say(text) { this.querySelector(".map-state").textContent = text ?? ""; }

  // redraw takes the markup of a drawing in place of the present one. What is
  // being read, the zoom and the place on the paper stay, and what was moved and
  // not kept yet. A box that is held is not taken out of the hand.
  redraw(markup) {
    this.waiting = this.holding ? markup : null;
    if (this.waiting) return;
    const next = new DOMParser().parseFromString(markup, "text/html");
    const chosen = this.chosen?.dataset.name;
    const focused = document.activeElement.closest(".box")?.dataset.name;
    const old = this.svg.viewBox.baseVal, before = [old.x, old.y];
    for (const part of [".story", ".story-outline"]) this.querySelector(part).replaceWith(next.querySelector(part));
    if (this.scale) {
      this.zoom(this.scale);
      const now = this.svg.viewBox.baseVal;
      this.paper.scrollBy((before[0] - now.x) * this.scale, (before[1] - now.y) * this.scale);
    }
    const named = (name) => this.boxes.find((box) => box.dataset.name === name);
    for (const [name, { x, y }] of this.moved) if (named(name)) this.put(named(name), x, y);
    named(focused)?.focus({ preventScroll: true });
    if (this.reader.hidden) this.mark(named(chosen));
    else this.read(named(chosen));
    this.settle();
  }

  // Scenes that nobody has placed: all of them, then the map is laid out; or new
  // ones, then they stay where the server found room.
  settle() {
    if (this.paper.clientWidth === 0) return; // see appear
    if ("unplaced" in this.svg.dataset) return this.layOut(false);
    const fresh = this.svg.querySelectorAll("[data-suggested]");
    if (fresh.length > 0) this.keep(Object.fromEntries([...fresh].map((box) => [box.dataset.name, at(box)])), false);
  }

  // Reading ---------------------------------------------------------------------

  click(event) {
    const button = event.target.closest("[data-do]");
    const link = event.target.closest("a[data-scene]");
    if (button) this.act(button.dataset.do);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (this.dragged) return;
    const box = this.box(link.dataset.scene);
    this.read(box);
    if (link !== box) this.center(box, "smooth");
    this.reader.focus({ preventScroll: true });
  }

  act(what) {
    ({
      in: () => this.zoom(this.scale * 1.25),
      out: () => this.zoom(this.scale / 1.25),
      fit: () => this.zoom(this.whole()),
      anew: () => this.layOut(true),
      close: () => this.close(),
    })[what]();
  }

  read(box) {
    this.mark(box);
    this.reader.hidden = !box;
    if (!box) return;
    const text = this.querySelector("#" + CSS.escape(box.getAttribute("href").slice(1))).cloneNode(true);
    for (const details of text.querySelectorAll("details")) details.open = true;
    const reading = this.reader.querySelector(".map-reading");
    reading.replaceChildren(...text.childNodes);
    this.reader.scrollTop = 0;
  }

  close() {
    const box = this.chosen;
    this.read(null);
    box?.focus({ preventScroll: true });
  }

  mark(box) {
    this.chosen = box;
    for (const one of this.svg.querySelectorAll(".chosen, .near")) one.classList.remove("chosen", "near");
    if (!box) return;
    box.classList.add("chosen");
    for (const line of this.lines(box)) for (const part of this.parts(line)) part.classList.add("near");
  }

  // Moving about ----------------------------------------------------------------

  whole() {
    const { width, height } = this.svg.viewBox.baseVal;
    return Math.min(this.paper.clientWidth / width, this.paper.clientHeight / height, 1);
  }

  // A map opens as wide as the paper, but never too small to be read.
  opening() { return Math.min(1, Math.max(0.75, this.paper.clientWidth / this.svg.viewBox.baseVal.width)); }

  // zoom keeps the point of the map under (x, y) of the paper where it is.
  zoom(scale, x = this.paper.clientWidth / 2, y = this.paper.clientHeight / 2) {
    scale = Math.min(2, Math.max(0.1, scale));
    const { width, height } = this.svg.viewBox.baseVal;
    const { scrollLeft, scrollTop } = this.paper, grown = scale / (this.scale ?? scale);
    this.scale = scale;
    this.svg.setAttribute("width", width * scale);
    this.svg.setAttribute("height", height * scale);
    this.paper.scrollTo((scrollLeft + x) * grown - x, (scrollTop + y) * grown - y);
    this.querySelector("output").textContent = Math.round(scale * 100) + "%";
  }

  center(box, behavior = "instant") {
    const a = box.getBoundingClientRect(), b = this.paper.getBoundingClientRect();
    const covered = getComputedStyle(this.reader).position === "absolute" ? this.reader.offsetHeight : 0;
    this.paper.scrollBy({
      left: a.x + a.width / 2 - b.x - b.width / 2,
      top: a.y + a.height / 2 - b.y - (b.height - covered) / 3,
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : behavior,
    });
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const paper = this.paper.getBoundingClientRect();
    this.zoom(this.scale * Math.exp(-event.deltaY / 400), event.clientX - paper.x, event.clientY - paper.y);
  }

  // grab begins a drag: of a box, or with a mouse of the paper. A finger scrolls
  // the paper by itself, and moves a box only once that is chosen.
  grab(event) {
    if (event.button !== 0) return;
    const box = event.target.closest(".box");
    const touch = event.pointerType === "touch";
    if (touch && box !== this.chosen || touch && !box) return;
    const hold = box ? this.hold(box) : this.pan();
    this.grabbed = touch; // or the finger would scroll as well
    const drag = ({ clientX, clientY }) => {
      const x = clientX - event.clientX, y = clientY - event.clientY;
      if (!this.dragged && Math.hypot(x, y) < SLACK) return;
      this.dragged = true;
      hold.move(x, y);
    };
    const stop = new AbortController();
    const drop = () => {
      stop.abort();
      hold.drop();
      this.grabbed = false;
      setTimeout(() => this.dragged = false); // after the click that ends a drag
    };
    addEventListener("pointermove", drag, { signal: stop.signal });
    addEventListener("pointerup", drop, { signal: stop.signal });
    addEventListener("pointercancel", drop, { signal: stop.signal });
    event.target.closest("a")?.addEventListener("dragstart", (e) => e.preventDefault(), { signal: stop.signal });
  }

  pan() {
    const { scrollLeft, scrollTop } = this.paper;
    return {
      move: (x, y) => {
        this.paper.classList.add("panning");
        this.paper.scrollTo(scrollLeft - x, scrollTop - y);
      },
      drop: () => this.paper.classList.remove("panning"),
    };
  }

  // Moving scenes ---------------------------------------------------------------

  hold(box) {
    const from = at(box);
    return {
      move: (x, y) => {
        box.classList.add("held");
        this.move(box, from.x + Math.round(x / this.scale), from.y + Math.round(y / this.scale));
      },
      drop: () => {
        box.classList.remove("held");
        const { x, y } = at(box);
        if (this.dragged) this.move(box, x, y);
        if (this.waiting) this.redraw(this.waiting);
      },
    };
  }

  get holding() { return this.svg.querySelector(".held") !== null; }

  key(event) {
    const box = event.target.closest?.(".box");
    if (event.key === "Escape" && !this.reader.hidden) this.close();
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!box || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { x, y } = at(box);
    this.move(box, x + way[0] * STEP, y + way[1] * STEP);
  }

  // move puts a box elsewhere and sees to it that the server hears of it.
  move(box, x, y) {
    this.put(box, x, y);
    this.moved.set(box.dataset.name, { x, y });
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.send(), IDLE);
  }

  // put moves a box in the picture. Its lines become plain curves until the
  // server has drawn them anew, past everything in their way.
  put(box, x, y) {
    const was = at(box);
    box.setAttribute("transform", `translate(${x} ${y})`);
    for (const line of this.lines(box)) {
      let [x1, y1, x2, y2] = line.dataset.ends.split(" ").map(Number);
      if (line.dataset.from === box.dataset.scene) [x1, y1] = [x1 + x - was.x, y1 + y - was.y];
      if (line.dataset.to === box.dataset.scene) [x2, y2] = [x2 + x - was.x, y2 + y - was.y];
      line.dataset.ends = [x1, y1, x2, y2].join(" ");
      const bend = Math.max(40, (y2 - y1) / 2);
      for (const part of this.parts(line)) {
        part.setAttribute("d", part.matches(".tip") ? `M${x2} ${y2}l-5 -9h10z` : `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`);
      }
    }
  }

  lines(box) {
    const scene = box.dataset.scene;
    return this.svg.querySelectorAll(`.route[data-from="${scene}"], .route[data-to="${scene}"]`);
  }

  parts(line) { return this.svg.querySelectorAll(`[data-route="${line.dataset.route}"]`); }

  async send() {
    if (this.holding) return; // the drop sends
    const places = Object.fromEntries(this.moved);
    this.moved.clear();
    if (!await this.keep(places, true)) for (const name in places) if (!this.moved.has(name)) this.moved.set(name, places[name]);
  }

  // keep tells the server where scenes are and has the map drawn again. moved says
  // that somebody put them there; else only scenes without a place are placed.
  async keep(places, moved) {
    try {
      const answer = await fetch(this.dataset.places, {
        method: "PUT",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ places, moved }),
      });
      if (answer.status === 404) return false; // a scenario that was never saved has no places yet
      if (!answer.ok) throw new Error(answer.statusText);
    } catch {
      this.say(this.dataset.lost);
      return false;
    }
    if (moved) this.say(this.dataset.kept);
    this.dispatchEvent(new CustomEvent("placed"));
    await this.refresh();
    return true;
  }

  // refresh has the server draw the map anew, unless more has been moved since.
  async refresh() {
    if (!this.dataset.redraw || this.moved.size > 0) return;
    const answer = await fetch(this.dataset.redraw, { headers: { "X-Fragment": "map" } });
    if (answer.ok && !answer.redirected && this.moved.size === 0) this.redraw(await answer.text());
  }

  // layOut has the whole map laid out and keeps that. anew says that somebody
  // asked for it; else it is the map's first layout.
  async layOut(anew) {
    this.say(this.dataset.laying);
    const names = new Map(this.boxes.map((box) => [box.dataset.scene, box.dataset.name]));
    try {
      const placed = await this.dagre();
      this.say();
      for (const [scene, x, y] of placed) this.put(this.box(scene), x, y);
      this.frame();
      await this.keep(Object.fromEntries(placed.map(([scene, x, y]) => [names.get(scene), { x, y }])), anew);
    } catch {
      this.say(this.dataset.dense);
    }
  }

  // frame fits the picture to what is in it, and begins at the beginning.
  frame() {
    const { x, y, width, height } = this.svg.getBBox();
    this.svg.setAttribute("viewBox", [x - 28, y - 28, width + 56, height + 56].map(Math.round).join(" "));
    this.begin();
  }

  dagre() {
    const boxes = this.boxes.map((box) => [box.dataset.scene, ...box.dataset.size.split(" ").map(Number)]);
    const weights = new Map(); // several ways between two scenes are one line, and pull as many times
    for (const { dataset } of this.svg.querySelectorAll(".route[data-from]")) {
      const key = dataset.from + " " + dataset.to;
      weights.set(key, (weights.get(key) ?? 0) + 1);
    }
    const lines = [...weights].map(([key, weight]) => [...key.split(" "), weight]);
    const worker = new Worker(this.dataset.worker, { type: "module" });
    return new Promise((resolve, reject) => {
      setTimeout(reject, PATIENCE);
      worker.addEventListener("error", reject);
      worker.addEventListener("message", ({ data }) => resolve(data));
      worker.postMessage({ dagre: this.dataset.dagre, boxes, lines });
    }).finally(() => worker.terminate());
  }
});

// at is where the middle of a box is.
function at(box) {
  const [x, y] = box.getAttribute("transform").match(/-?\d+/g).map(Number);
  return { x, y };
}
