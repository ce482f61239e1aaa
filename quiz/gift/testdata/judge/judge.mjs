// Reads GIFT files from standard input, as a JSON list of texts, and writes what
// each of them says, or why it says nothing, as a JSON list.
import { readFileSync } from "node:fs";
import gift from "gift-pegjs";

const verdicts = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  try {
    return { questions: gift.parse(text) };
  } catch (error) {
    return { error: `${error.message} ${JSON.stringify(error.location?.start)}` };
  }
});
process.stdout.write(JSON.stringify(verdicts));
