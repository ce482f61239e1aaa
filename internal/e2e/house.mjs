// A server of its own, on demonstration data that no other test sees.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { patience } from "./browser.mjs";

// house starts one; with content of its own laid over what ships, where a folder
// is named.
export async function house(content) {
  assert.ok(process.env.QIBU_E2E_BIN, "QIBU_E2E_BIN names the program");
  const address = `127.0.0.1:${await vacant()}`;
  const baseURL = `http://${address}`;
  const home = mkdtempSync(path.join(tmpdir(), "qibu-house-"));
  const [data, log] = [path.join(home, "qibu"), path.join(home, "log")];
  const out = openSync(log, "a");

  // run starts the program and waits until it answers.
  async function run(...args) {
    const child = spawn(process.env.QIBU_E2E_BIN, [...args, "--data", data, "--addr", address], {
      stdio: ["ignore", out, out],
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: home }, // a QIBU_ variable that it does not know would stop it
    });
    for (const end = Date.now() + 5 * patience; Date.now() < end && runs(child);) {
      const answer = await fetch(`${baseURL}/readyz`, { signal: AbortSignal.timeout(patience) }).catch(() => null);
      if (answer?.ok) return child;
      await new Promise((again) => setTimeout(again, 200));
    }
    child.kill();
    throw new Error(`qibu ${args[0]} does not answer:\n${readFileSync(log, "utf8")}`);
  }
  const runs = (child) => child.exitCode === null && child.signalCode === null;
  const stop = (child) => runs(child) && new Promise((done) => child.once("exit", done) && child.kill());

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
      execFileSync("sqlite3", ["-cmd", `.timeout ${patience}`, path.join(data, "qibu.db"),
        `UPDATE sittings SET opens_at = ${opens}, closes_at = ${closes}, releases_at = ${closes} WHERE title = '${title}'`]);
    },

    async close() {
      await stop(server);
      await rm(home, { recursive: true });
    },
  };
}

// vacant is a port that nobody listens on, below those that the kernel takes for
// connections: it is still vacant when the program comes to listen on it.
async function vacant() {
  const port = 20_000 + Math.floor(12_000 * Math.random());
  const probe = createServer();
  const free = await new Promise((tell) => probe.once("error", () => tell(false)).listen(port, "127.0.0.1", () => tell(true)));
  if (!free) return vacant();
  await new Promise((closed) => probe.close(closed));
  return port;
}
