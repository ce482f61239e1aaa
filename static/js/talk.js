// The conversation goes on without loading the page anew. Without this script
// every button is a form that leads to the same page.
const talk = document.querySelector(".talk");
const lines = talk.querySelector(".lines");
const wide = matchMedia("(min-width: 60rem)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let second; // the timer of the countdown

countDown();

// A reopened conversation shows its newest line, as a link to #now would.
if (!location.hash) show(document.getElementById("now"), "instant");

talk.addEventListener("submit", (event) => {
  if ("leave" in event.target.dataset) return; // it leads to another conversation
  event.preventDefault();
  send(event.target, event.submitter);
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (/^[1-9]$/.test(event.key)) talk.querySelectorAll(".replies ol button")[event.key - 1]?.click();
});

// send says something or opens a document. The server counts it once, however
// often it arrives, so after a failure the same button may be pressed again.
async function send(form, button) {
  if (talk.ariaBusy === "true") return;
  talk.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(form));
  body.set(button.name, button.value);
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "talk" } });
    if (response.redirected) return location.assign(response.url);
    if (response.status >= 500) throw new Error(response.statusText);
    if (!response.ok && response.status !== 409 && response.status !== 422) return location.reload();
    goOn(await response.text(), body.get("token"));
  } catch {
    warn(talk.dataset.failed);
  } finally {
    talk.ariaBusy = "false";
  }
}

function warn(text) {
  const notice = talk.querySelector(".talk-notice");
  notice.hidden = !text;
  notice.textContent = text;
}

// goOn takes over what has changed. What was said before stays in place, so that
// a screen reader hears only the new lines.
function goOn(html, token) {
  const next = new DOMParser().parseFromString(html, "text/html").querySelector(".talk");
  if (!next) return location.reload();
  lines.querySelector(".coach")?.remove();
  const known = Number(talk.dataset.step);
  const added = [...next.querySelectorAll(".lines > [data-step], .coach")].filter((line) => !(line.dataset.step <= known));
  talk.dataset.step = next.dataset.step;
  for (const part of [".who", ".desk", ".limit", ".replies"]) talk.querySelector(part).replaceWith(next.querySelector(part));
  warn(next.querySelector(".talk-notice").textContent);
  document.getElementById("now")?.removeAttribute("id");
  for (const line of added) if (line.localName === "details") line.open = false;
  lines.append(...added);
  appear(added);
  talk.querySelector(".replies").focus({ preventScroll: true });
  show(added[0] ?? lines.lastElementChild, still.matches ? "instant" : "smooth");
  if (!wide.matches) document.getElementById("paper-" + token)?.showPopover?.();
  countDown();
}

// countDown shows how long there is to decide, by the server's clock. Nothing is
// decided here: when the time is over it asks the server what has become of it.
function countDown() {
  clearInterval(second);
  const timer = talk.querySelector("[role=timer]");
  if (!timer) return;
  const box = timer.parentElement;
  const { now, deadline, over, limit, left: text } = timer.dataset;
  const start = performance.now();
  let warned = false;
  const tick = () => {
    const left = deadline - now - (performance.now() - start);
    const seconds = text.replace("{n}", Math.max(0, Math.ceil(left / 1000)));
    timer.textContent = seconds;
    box.querySelector("rect").setAttribute("width", Math.max(0, (100 * left) / limit));
    box.classList.toggle("limit-late", left < limit / 10);
    if (left < 10000 && !warned) {
      box.querySelector("[role=status]").textContent = seconds;
      warned = true;
    }
    if (left < deadline - over - 100 && talk.ariaBusy !== "true") look();
  };
  second = setInterval(tick, 250);
  tick();
}

// look takes over how the conversation stands now.
async function look() {
  clearInterval(second);
  talk.ariaBusy = "true";
  try {
    const response = await fetch(location.pathname);
    if (!response.ok || response.redirected) return location.reload();
    goOn(await response.text());
  } catch {
    warn(talk.dataset.failed);
  } finally {
    talk.ariaBusy = "false";
  }
}

// appear lets the new lines come one after the other, as in a talk.
function appear(added) {
  if (still.matches) return;
  added.forEach((line, i) => line.animate([{ opacity: 0, translate: "0 .5rem" }, {}], { duration: 220, delay: 160 * i, fill: "backwards" }));
}

function show(line, behavior) {
  line?.scrollIntoView({ block: "start", behavior });
}
