// Answering a quiz: saves every answer as it is given, shows the time that is
// left, and on a phone turns one question a screen. Without this script the
// paper is one form with a save button. Nothing is decided here: the server's
// clock and the server's copy of each answer count. question.js, loaded before,
// knows the questions.

const exam = document.getElementById("exam");
const part = (name) => exam.querySelector(`[data-part="${name}"]`);
const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), exam.getAttribute(`data-say-${name}`));
const attempt = `/attempts/${exam.dataset.attempt}`;

// Keeper brings answers to the server, one after the other, again and again until
// it has them. What is under way survives a reload of the page. A number given
// to an answer never changes, so sending it twice does no harm.
class Keeper {
  constructor(settled) {
    this.settled = settled; // called with what became of an answer
    this.pending = new Map(this.remembered());
  }

  key = `qibu${attempt}`;

  remembered() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }

  remember() {
    try {
      if (this.pending.size) sessionStorage.setItem(this.key, JSON.stringify([...this.pending]));
      else sessionStorage.removeItem(this.key);
    } catch {
      // No room, or not allowed: the answers are still in memory.
    }
  }

  keep(slot, change) {
    this.pending.set(slot, change);
    this.remember();
    return this.flush();
  }

  // flush tries at once, and is done when the server has everything.
  flush() {
    this.wake?.();
    this.running ??= this.drain().finally(() => (this.running = null));
    return this.running;
  }

  async drain() {
    let wait = 1000;
    while (this.pending.size) {
      const [slot, change] = this.pending.entries().next().value;
      tell("keeping");
      const reply = await this.send(slot, change);
      if (!reply) {
        await new Promise((again) => {
          this.wake = again;
          addEventListener("online", again, { once: true });
          setTimeout(again, wait);
        });
        wait = Math.min(wait * 2, 30000);
        continue;
      }
      wait = 1000;
      if (this.pending.get(slot) === change) this.pending.delete(slot);
      this.remember();
      this.settled(slot, change, reply);
    }
  }

  // send returns the server's reply, or nothing when it is to be tried again.
  async send(slot, change) {
    try {
      const response = await this.put(slot, change);
      if (response.ok) return await response.json();
      if (response.status === 401) tell("signed-out");
      else if (response.status >= 500 || response.status === 429) tell("offline");
      else return { status: "refused" };
    } catch {
      tell("offline");
    }
    return null;
  }

  put(slot, change) {
    return fetch(`${attempt}/answers/${slot}`, {
      method: "PUT",
      keepalive: true,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(change),
    });
  }

  // leave sends everything at once, for there is no time to wait for replies.
  leave() {
    for (const [slot, change] of this.pending) this.put(slot, change).catch(() => {});
  }
}

const tell = (name, values) => (part("kept").textContent = say(name, values));

const questions = [...exam.querySelectorAll("quiz-question")];
const find = (slot) => questions.find((q) => q.number === slot);
const places = [...exam.querySelectorAll(".place")]; // of all questions, in the map
const link = (q) => places[q.number - 1];
const others = new BroadcastChannel(`qibu${attempt}`); // the same paper in other windows

// --- Saving -------------------------------------------------------------------

const keeper = new Keeper((slot, change, reply) => {
  const q = find(slot);
  if (reply.now) clock.set(reply.now);
  switch (reply.status) {
    case "accept":
      others.postMessage({ slot, seq: reply.seq, answer: change.answer });
      tell("kept", { time: reply.at });
      return;
    case "stale":
      if (JSON.stringify(reply.answer) === JSON.stringify(change.answer)) tell("kept", { time: reply.at });
      else adopt(q, reply.seq, reply.answer);
      return;
    case "late":
      location.replace(`${attempt}/result`);
      return;
    default:
      tell("refused");
  }
});

// adopt takes over a newer answer from another window and says so.
function adopt(q, seq, answer) {
  if (!q) return; // it is on another page
  if (seq > q.seq) q.seq = seq;
  if (keeper.pending.has(q.number)) return; // a still newer one is on its way
  q.answer = answer;
  count();
  tell("newer", { n: q.number });
}

others.addEventListener("message", ({ data }) => {
  const q = find(data.slot);
  if (q && data.seq > q.seq) adopt(q, data.seq, data.answer);
});

// count shows in the map which questions have an answer, and how many.
function count() {
  for (const q of questions) {
    const answered = q.answer.length > 0;
    link(q).classList.toggle("answered", answered);
    link(q).querySelector('[data-part="state"]').textContent = answered ? say("answered") : "";
  }
  part("count").textContent = say("count", { n: places.length - missing().length, of: places.length });
}

const missing = () => places.filter((place) => !place.classList.contains("answered"));

for (const [slot, change] of keeper.pending) {
  const q = find(slot);
  if (!q) continue; // on another page
  if (change.seq > q.seq) {
    q.seq = change.seq;
    q.answer = change.answer;
  } else {
    keeper.pending.delete(slot);
  }
}
count();

exam.addEventListener("change", ({ target: q }) => {
  q.seq += 1;
  count();
  keeper.keep(q.number, { seq: q.seq, answer: q.answer });
});
// settle counts as given what is being typed when the page is about to be left,
// and what was answered before this script had come.
const settle = () => questions.forEach((q) => q.changed());
settle();
addEventListener("pagehide", () => {
  settle();
  keeper.leave();
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

// --- Time ---------------------------------------------------------------------

const clock = {
  deadline: Number(exam.dataset.deadline),
  limit: Number(exam.dataset.limit),
  told: Infinity, // minutes left at the last announcement

  // set makes the server's time the base. Time since then is counted by the
  // browser's steady clock, which nobody can turn.
  set(now) {
    this.now = now;
    this.steady = performance.now();
    this.wall = Date.now();
  },
  get left() {
    return this.deadline - this.now - (performance.now() - this.steady);
  },
  // slept reports whether the device slept: the steady clock may have stood still.
  get slept() {
    return Math.abs(Date.now() - this.wall - (performance.now() - this.steady)) > 2000;
  },

  tick() {
    const seconds = Math.max(0, Math.ceil(this.left / 1000));
    const last = this.left <= this.limit / 10;
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    part("clock").classList.toggle("clock-last", last);
    part("clock").lastElementChild.textContent = say(last ? "last" : "left", { time });
    for (const minutes of [10, 5, 1]) {
      if (seconds <= minutes * 60 && minutes * 60000 < this.limit && this.told > minutes) {
        if (seconds > (minutes - 1) * 60) part("told").textContent = say("minutes", { n: minutes });
        this.told = minutes;
      }
    }
    if (seconds === 0) this.end();
  },
  async end() {
    clearInterval(this.timer);
    settle();
    part("clock").lastElementChild.textContent = say("over");
    await Promise.race([keeper.flush(), new Promise((enough) => setTimeout(enough, 5000))]);
    part("hand-in").submit();
  },
};
clock.set(Number(exam.dataset.now));
clock.tick();
clock.timer = setInterval(() => clock.tick(), 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && clock.slept) location.reload();
});

// --- Turning pages ------------------------------------------------------------

// On a phone one question is shown at a time. Where the exam asks one at a time,
// each is a page of its own, and turning goes through the form's buttons.
const phone = matchMedia("(max-width: 59.99rem)");
const turning = () => phone.matches && questions.length === places.length;
let at = Math.max(0, questions.findIndex((q) => `#${q.id}` === location.hash));

function layOut() {
  for (const [i, q] of questions.entries()) {
    q.hidden = turning() && i !== at;
    if (i === at) link(q).setAttribute("aria-current", "step");
    else link(q).removeAttribute("aria-current");
  }
  for (const story of exam.querySelectorAll(".story")) story.hidden = turning() && story.dataset.case !== questions[at].dataset.case;
  part("turns").hidden = !turning();
  part("turns").firstElementChild.disabled = at === 0;
  part("turns").lastElementChild.hidden = at === questions.length - 1;
  part("end").hidden = turning() && at < questions.length - 1;
  part("at").textContent = say("at", { n: questions[at].number, of: places.length });
}

function go(to) {
  if (!questions[to]) {
    exam.querySelector(`[data-beside="${to - at}"]`)?.click();
    return;
  }
  at = to;
  if (phone.matches) part("map").open = false;
  layOut();
  questions[at].focus({ preventScroll: true });
  if (phone.matches) scrollTo(0, 0);
  else questions[at].scrollIntoView({ block: "nearest" });
}

part("save").hidden = true;
if (!exam.querySelector(".answered")) tell("ready");
part("map").open = !phone.matches;
phone.addEventListener("change", () => {
  part("map").open = !phone.matches;
  layOut();
});
layOut();

exam.addEventListener("click", (event) => {
  const turn = event.target.closest("[data-turn]");
  if (turn) go(at + Number(turn.dataset.turn));
  const to = event.target.closest("a.place");
  if (to) {
    event.preventDefault();
    go(places.indexOf(to));
  }
});
exam.addEventListener("focusin", (event) => {
  const i = questions.findIndex((q) => q.contains(event.target));
  if (i >= 0 && i !== at) {
    at = i;
    layOut();
  }
});

addEventListener("keydown", (event) => {
  const own = event.target.closest("button, a, summary, select, dialog");
  const writing = event.target.closest("textarea, input:not([type=radio], [type=checkbox])");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || part("ask").open) return;
  if (writing ? writing.localName === "textarea" || event.key !== "Enter" : event.target.localName === "select") return;
  if (event.key === "ArrowRight" || (event.key === "Enter" && !own)) go(at + 1);
  else if (event.key === "ArrowLeft") go(at - 1);
  else if (/^[1-9]$/.test(event.key)) questions[at].pick(Number(event.key) - 1);
  else return;
  event.preventDefault();
});

// --- Handing in ---------------------------------------------------------------

let wanted; // the question asked for last, where each is a page of its own

// turn goes to a question's page once the server has what was answered on this
// one: without a connection there is no other page to go to.
async function turn(slot) {
  wanted = slot;
  await keeper.flush();
  if (!navigator.onLine) {
    tell("offline");
    await new Promise((again) => addEventListener("online", again, { once: true }));
  }
  if (wanted === slot) location.assign(`${attempt}?q=${slot}`);
}

part("paper").addEventListener("submit", async (event) => {
  event.preventDefault();
  settle();
  const { name, value } = event.submitter ?? {};
  if (name === "go") {
    await turn(value);
    return;
  }
  await Promise.race([keeper.flush(), new Promise((enough) => setTimeout(enough, 4000))]);
  if (keeper.pending.size) {
    tell("unsent");
    return;
  }
  const open = missing();
  if (open.length === 0) {
    part("hand-in").submit();
    return;
  }
  const list = open.map((place) => place.dataset.place).join(say("join"));
  part("missing").textContent = say("unanswered", { n: open.length, list });
  part("ask").showModal();
  part("ask").onclick = ({ target }) => {
    if (target.dataset.answer === "hand-in") part("hand-in").submit();
    if (target.dataset.answer === "back") {
      part("ask").close();
      open[0].click();
    }
  };
});

keeper.flush();
