// Reading a module: a section counts as read once its end has been on screen and
// a little time was spent on it. Source marks open as a card on the same page.
const prose = document.querySelector("[data-read]");
const progress = document.querySelector("[data-progress]");
const finish = document.querySelector("[data-finish]");

const READING_TIME = 3000; // ms a section has to be in view before its end counts
const sections = [];
for (const heading of prose?.querySelectorAll("h2[data-heading]") ?? []) {
  let last = heading;
  while (last.nextElementSibling && !last.nextElementSibling.matches("h2[data-heading]")) last = last.nextElementSibling;
  const item = document.querySelector(`[data-outline="${heading.id}"]`);
  sections.push({ id: heading.id, heading, last, item, since: 0, read: item?.classList.contains("outline-read") });
}

const waiting = new Set();
let sending = false;

async function send() {
  if (sending || waiting.size === 0) return;
  sending = true;
  const ids = [...waiting];
  try {
    const answer = await fetch(prose.dataset.read, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(ids.map((id) => ["heading", id])),
      keepalive: true,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    for (const id of ids) waiting.delete(id);
    show(ids, await answer.json());
  } catch {
    setTimeout(send, 15000); // nothing is lost: the section is sent again, or read again
  } finally {
    sending = false;
  }
}

function show(ids, state) {
  for (const section of sections) if (ids.includes(section.id)) section.item?.classList.add("outline-read");
  if (progress) progress.textContent = prose.dataset.progressText.replace("{read}", state.read).replace("{total}", state.total);
  if (state.done && finish) finish.hidden = true;
}

function look() {
  const now = Date.now();
  for (const section of sections) {
    if (section.read) continue;
    const top = section.heading.getBoundingClientRect().top;
    const end = section.last.getBoundingClientRect().bottom;
    if (top < innerHeight && end > 0) section.since ||= now;
    if (section.since && now - section.since >= READING_TIME && end <= innerHeight) {
      section.read = true;
      waiting.add(section.id);
    }
  }
  send();
}

if (sections.length > 0) {
  setInterval(look, 1000);
  addEventListener("scroll", look, { passive: true });
}

const card = document.querySelector("[data-card]");
prose?.addEventListener("click", async (event) => {
  const mark = event.target.closest("a[data-source]");
  if (!mark || !card?.showModal || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(`${mark.getAttribute("href")}?card=1`);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    card.querySelector("[data-card-body]").innerHTML = await answer.text();
    card.showModal();
  } catch {
    location.href = mark.href;
  }
});

// On a wide screen the outline stands open at the side.
const outline = document.querySelector(".outline");
if (outline && matchMedia("(min-width: 75rem)").matches) outline.open = true;
