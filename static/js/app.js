// What every page has: nothing is sent twice by an impatient finger. Every form
// works without this.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
});

// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// On a phone the rail is a strip: the place one is at is brought into sight.
const here = document.querySelector(".rail a[aria-current]");
if (here) here.closest(".rail").scrollLeft = here.offsetLeft - (innerWidth - here.offsetWidth) / 2;

// A file that is too large is refused before it is sent: the server would close
// the line on it without a word.
addEventListener("change", ({ target }) => {
  if (target.type !== "file" || !target.dataset.most) return;
  const large = [...target.files].some((file) => file.size > Number(target.dataset.most));
  target.setCustomValidity(large ? target.dataset.tooLarge : "");
  target.reportValidity();
});
