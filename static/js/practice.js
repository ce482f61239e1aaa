// Practising: an answer is sent until it has arrived, and then its explanation is
// shown. The keyboard is enough. Without this script everything is a plain form.
const page = document.getElementById("practice");
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const form = part("question");

// spent is how long the question was in view, for as long as somebody looked.
let spent = 0;
let since = document.hidden ? 0 : performance.now();
addEventListener("visibilitychange", () => {
  if (document.hidden) spent += performance.now() - since;
  since = performance.now();
});
const looked = () => Math.min(Math.round(spent + (document.hidden ? 0 : performance.now() - since)), 3600000);

const RETRY = 4000; // ms until an answer that did not arrive is sent again
let sending = false;

function tell(name) {
  part("tell").textContent = name ? page.dataset[`say${name}`] : "";
}

// send sends the answer, the same again and again until the server has it: it
// counts once. Whatever it cannot do is left to the plain form.
async function send(body) {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body,
      signal: AbortSignal.timeout(10000),
    });
    if (answer.ok) location.assign((await answer.json()).to);
    else if (answer.status >= 500) again(body);
    else form.submit();
  } catch {
    again(body);
  }
}

function again(body) {
  tell("Offline");
  setTimeout(() => send(body), RETRY);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sending) return;
  const forgot = event.submitter?.value === "forgot";
  const answer = forgot ? [] : form.querySelector("quiz-question").answer;
  if (!forgot && answer.length === 0) {
    tell("Blank");
    return;
  }
  sending = true;
  tell("Sending");
  const set = Number(form.elements.set.value);
  send(JSON.stringify({ ask: form.elements.ask.value, set, spent: looked(), answer }));
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const own = event.target.closest("button, a, summary, select");
  const writing = event.target.closest("textarea, input:not([type=radio], [type=checkbox])");
  if (event.key === "Enter" && !own && writing?.localName !== "textarea") (form ? form.requestSubmit(form.querySelector("[value=answer]")) : part("next").click());
  else if (form && !writing && !own && /^[1-9]$/.test(event.key)) form.querySelector("quiz-question").pick(Number(event.key) - 1);
  else return;
  event.preventDefault();
});
