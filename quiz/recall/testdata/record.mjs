// Writes transcript.json beside it: random sequences of answers, and what the
// scheduler of the Open Spaced Repetition project itself, ts-fsrs in the version
// that internal/e2e/package.json pins, makes of them.
//
//   (cd internal/e2e && npm ci) && node quiz/recall/testdata/record.mjs
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../../internal/e2e/package.json", import.meta.url));
const { FSRSAlgorithm, FSRSVersion, default_w } = require("ts-fsrs");
const oracle = new FSRSAlgorithm({ w: [...default_w], request_retention: 0.9, enable_fuzz: false });

// A small generator of our own, so that the sequences are the same everywhere.
let state = 20261122;
const below = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
const gaps = [0, 0, 1, 1, 2, 3, 5, 8, 15, 30, 60, 120, 240, 400];

function draw() {
  const sequences = [];
  for (let i = 0; i < 300; i++) {
    const steps = [];
    for (let n = 2 + below(10); n > 0; n--) {
      const grade = [1, 2, 3, 3, 3, 4][below(6)];
      steps.push({ days: steps.length === 0 ? 0 : gaps[below(gaps.length)] + below(3) * below(2), grade });
    }
    sequences.push(steps);
  }
  return sequences;
}

function play(steps) {
  let memory = null;
  return steps.map(({ days, grade }) => {
    const chance = memory ? oracle.forgetting_curve(days, memory.stability) : 0;
    memory = oracle.next_state(memory, days, grade);
    return { days, grade, chance, stability: memory.stability, difficulty: memory.difficulty, interval: oracle.next_interval(memory.stability, days) };
  });
}

// transcript is the text of the file.
export function transcript() {
  const lines = draw().map((steps) => "    " + JSON.stringify(play(steps)));
  return `{"oracle": ${JSON.stringify(FSRSVersion)}, "sequences": [\n${lines.join(",\n")}\n]}\n`;
}

export const file = fileURLToPath(new URL("transcript.json", import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(file, transcript());
}
