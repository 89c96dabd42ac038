// What the page takes, by the clock, to the conclusion of a log: from the drop, and from when the page was asked for. After `web/build`
// and `.ci/browser install`: `node web/bench.mjs [ROUNDS]`. Each round has a page of its own. Prints the least times.
import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("..", import.meta.url));
process.env.WEB_TOOLS ??= path.join(repository, "target/browser");
process.env.WEB_MATERIAL = path.join(repository, "demo");
const { dropped, start } = await import("./tests/browser.mjs");

const rounds = Number(process.argv[2] ?? 5);
const browser = await start();
for (const form of ["folder", "file"]) {
  let [least, leastInAll] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round += 1) {
    const asked = performance.now();
    const { page, close } = await browser.open(form);
    const begun = performance.now();
    await page.setInputFiles("#choose", dropped("log.json"));
    await page.waitForSelector("#log .lead");
    least = Math.min(least, performance.now() - begun);
    leastInAll = Math.min(leastInAll, performance.now() - asked);
    assert.ok(await page.innerText("#log .lead"));
    await close();
  }
  console.log(`${form}: ${least.toFixed(0)} ms from the drop, ${leastInAll.toFixed(0)} ms in all`);
}
await browser.stop();
