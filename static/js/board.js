// The board of an open exam keeps itself up to date: every ten seconds, while
// somebody looks at it.
const board = document.querySelector("[data-board]");

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { "X-Fragment": "board" } });
    if (answer.ok && !answer.redirected) board.innerHTML = await answer.text();
  } catch {
    // No connection: what is shown stays until the next time.
  }
}

if (board) setInterval(renew, 10_000);
