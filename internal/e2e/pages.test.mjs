// Every page a person can reach from the navigation and the lists, on a phone
// and a desktop, in light and dark: accessible, and nothing wider than the screen.
import { after, before, test } from "node:test";
import { close, desktop, leave, open, person, phone, visit } from "./browser.mjs";

before(open);
after(close);

const pages = {
  advisor: ["/learn", "/courses", "/courses/seven-steps", "/courses/seven-steps/vehicle-walkaround", "/search?q=%E4%B8%89%E4%BB%B6%E5%A5%97",
    "/sources/S1-046", "/quizzes/vehicle-walkaround", "/rehearse", "/rehearse/rp11-complaint-cold-attitude", "/certificates", "/record", "/me", "/me/password", "/help", "/help/advisor", "/help/question-grammar"],
  trainer: ["/trainer", "/trainer/assign", "/trainer/observe", "/trainer/recordings", "/trainer/scripts/rp01-appointment-exhaust/map",
    "/trainer/scripts/rp01-appointment-exhaust/choices", "/hr"],
  hr: ["/hr", "/hr?state=grace", "/trainer"],
  admin: ["/admin/people", "/admin/people/new", "/admin/stores", "/admin/audit", "/admin/content"],
};

for (const [account, paths] of Object.entries(pages)) {
  for (const [size, viewport] of Object.entries({ phone, desktop })) {
    for (const colorScheme of ["light", "dark"]) {
      test(`${account}'s pages, ${size}, ${colorScheme}`, async () => {
        const page = await person(account, viewport, { colorScheme });
        for (const path of paths) await visit(page, path);
        await leave(page);
      });
    }
  }
}

test("pages without a login", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await person(null, phone, { colorScheme });
    for (const path of ["/login", "/verify"]) await visit(page, path);
    await leave(page);
  }
});
