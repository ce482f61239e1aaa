// What a well-prepared advisor knows: the right answers and the expert's route,
// read from the content files that the server was built with.
import { readFileSync } from "node:fs";

const content = new URL("../../content/", import.meta.url);
const read = (path) => readFileSync(new URL(path, content), "utf8");

// plain is a text as the page shows it, without marks of emphasis and spaces.
export const plain = (text) => text.replace(/\*\*|`|\[S\d-\d{3}\]/g, "").replace(/\s+/g, "");

// answers maps a question's first line to the texts to choose, in order.
export function answers(quiz) {
  const key = new Map();
  for (const section of read(`quizzes/${quiz}.md`).split(/^## /m).slice(1)) {
    const stem = plain(section.split("\n")[0].replace(/\{#[^}]*\}\s*$/, ""));
    const right = [...section.matchAll(/^- \[x\] (.*)$/gm)].map((m) => plain(m[1]));
    const steps = [...section.matchAll(/^\d+\. (.*)$/gm)].map((m) => plain(m[1]));
    key.set(stem, right.length > 0 ? right : steps);
  }
  return key;
}

// goldRoute is the first transcript of a scenario: documents to open, then the
// text of every choice.
export function goldRoute(scenario) {
  const text = read(`scenarios/${scenario}.md`);
  const script = text.split(/^## 试演：/m)[1];
  const options = new Map();
  for (const scene of text.split(/^## /m).slice(1)) {
    const name = scene.split("\n")[0].replace(/[（【].*/, "").trim();
    [...scene.matchAll(/^- (.*)$/gm)].forEach((m, i) => options.set(`${name}#${i + 1}`, plain(m[1].replace(/（可重复）|【.*|→.*/g, ""))));
  }
  return {
    documents: [...script.matchAll(/看 ([^；\n]+)/g)].map((m) => m[1].trim()),
    choices: [...script.matchAll(/选 ([^；\n]+)/g)].map((m) => options.get(m[1].trim())),
  };
}
