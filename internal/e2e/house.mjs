// A server of its own, on demonstration data that no other test sees.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

// house starts one, beside the server of the others by so many ports; with content
// of its own laid over what ships, where a folder is named.
export async function house(beside, content) {
  assert.ok(process.env.QIBU_E2E_BIN, "QIBU_E2E_BIN names the program");
  const port = Number(process.env.QIBU_E2E_PORT ?? 18980) + beside;
  const baseURL = `http://127.0.0.1:${port}`;
  const home = await mkdtemp(path.join(tmpdir(), "qibu-house-"));
  const data = path.join(home, "qibu");

  // run starts the program and waits until it answers.
  async function run(...args) {
    const child = spawn(process.env.QIBU_E2E_BIN, [...args, "--data", data, "--addr", `127.0.0.1:${port}`], {
      stdio: "ignore", env: { PATH: process.env.PATH, HOME: home }, // a QIBU_ variable that it does not know would stop it
    });
    for (let n = 0; n < 400; n++) {
      const answer = await fetch(`${baseURL}/readyz`).catch(() => null);
      if (answer?.ok) return child;
      await new Promise((again) => setTimeout(again, 200));
    }
    throw new Error(`qibu ${args[0]} does not answer`);
  }
  const stop = (child) => new Promise((done) => child.once("exit", done) && child.kill());

  let server = await run("demo");
  if (content) {
    await stop(server);
    server = await run("serve", "--content", path.resolve(content), "--base-url", baseURL);
  }
  return {
    baseURL,

    // open moves the window of an exam, for nobody can wait for the day or turn the
    // server's clock: from and until are hours from now.
    open(title, from, until) {
      const [opens, closes] = [from, until].map((hours) => Date.now() + hours * 3600e3);
      execFileSync("sqlite3", ["-cmd", ".timeout 5000", path.join(data, "qibu.db"),
        `UPDATE sittings SET opens_at = ${opens}, closes_at = ${closes}, releases_at = ${closes} WHERE title = '${title}'`]);
    },

    async close() {
      await stop(server);
      await rm(home, { recursive: true });
    },
  };
}
