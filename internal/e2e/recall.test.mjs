// The schedule of repetitions is held against a transcript in Go; here the
// transcript is held against the oracle itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { file, transcript } from "../../quiz/recall/testdata/record.mjs";

test("ts-fsrs still says what its transcript says", () => {
  assert.equal(transcript(), readFileSync(file, "utf8"));
});
