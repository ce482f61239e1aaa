// What a well-prepared advisor knows: the right answers and the expert's route,
// read from the content files that the server was built with.
import { readFileSync } from "node:fs";

const content = new URL("../../content/", import.meta.url);
const read = (path) => readFileSync(new URL(path, content), "utf8");

// plain is a text as the page shows it, without marks of emphasis and spaces.
export const plain = (text) => text.replace(/\*\*|`|\[S\d-\d{3}\]/g, "").replace(/\s+/g, "");

// answers maps how a question's first line begins, as far as its first blank, to
// the texts to choose, to put in order or to write; of a match question to pairs.
export function answers(quiz) {
  const key = new Map();
  for (const section of read(`quizzes/${quiz}.md`).split(/^###? /m).slice(1)) {
    const heading = section.split("\n")[0].replace(/\{#[^}]*\}\s*$/, "");
    key.set(plain(heading.split("{{")[0]), answer(section, heading));
  }
  return key;
}

function answer(section, heading) {
  const every = (pattern, text = section) => [...text.matchAll(pattern)].map((m) => m.slice(1).map(plain));
  const [blanks, figure, unit] = [every(/\{\{([^|}]+)/g, heading), every(/^= (\S+)$/gm), every(/^单位：([^、]+)/gm)];
  const [pairs, right, steps] = [every(/^\| (.+?) \| (.+?) \|$/gm), every(/^- \[x\] (.*)$/gm), every(/^\d+\. (.*?)(?: \([\d.]+%, [\d.]+%\))?$/gm)];
  if (pairs.length > 0) return pairs.slice(1);
  return [blanks, [...figure, ...unit], right, steps].find((list) => list.length > 0)?.flat() ?? [];
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
