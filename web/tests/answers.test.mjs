// Every kind of file, whole and broken, and every answer. Answers equal what the command says of the same files.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clear, dropped, idle, items, said, saved, start } from "./browser.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser.stop());

const DEMO = ["440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl"];

test("each file is known by its content", async () => {
  const { page, drop, close, complaints } = await browser.open("file");
  const names = ["ios-1.json", "log.json", "android.json", "exposure_data.json", "440-v1.pem", "day-1.zip", "export.bin", "export.sig",
    "sightings.csv", "sightings.jsonl", "windows.json", "koronavilkku.json"];
  const labels = [];
  for (const name of names) {
    await drop(name);
    const [item] = (await items(page)).filter((item) => item.name === name);
    assert.ok(item && !item.isWrong, `${name}: ${item?.text}`);
    labels.push(`${item.label}: ${item.says}`);
    await clear(page);
  }
  assert.equal(labels[8], labels[9], "sightings are sightings, as CSV and as JSON lines");
  assert.equal(new Set(labels).size, names.length - 1, labels.join("\n"));
  assert.deepEqual(complaints, []);
  await close();
});

test("a bare pair answers as its zip does", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("440-v1.pem", "export.bin", "export.sig", "sightings.csv");
  await page.waitForSelector("#report-frame");
  await page.click("#matches > summary");
  await page.waitForSelector("#matches table");
  assert.match(await page.innerText("#matches"), /verified/);
  await close();
});

test("what is broken or foreign gets its own sentence, and the rest is answered all the same", async () => {
  const { page, drop, close, complaints } = await browser.open("file");
  const names = ["photo.jpg", "empty.bin", "letter.txt", "bomb.zip", "header_missing.zip", "file_html.zip"];
  await drop(...names, "log.json");
  const found = await items(page);
  const sentences = names.map((name) => found.find((item) => item.name === name && item.isWrong)?.text.replace(name, "") ?? "");
  sentences.forEach((sentence, place) => assert.ok(sentence.length > 20, `${names[place]}: ${sentence}`));
  assert.ok(new Set(sentences).size >= 5, sentences.join("\n"));
  assert.equal(await page.locator("#log .lead").count(), 1);
  assert.equal(await page.locator("main img").count(), 0, "text of a file became markup");
  assert.deepEqual(complaints, []);
  await close();
});

test("a log: the conclusion first, and the day once its file is there", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("log.json");
  assert.match(await page.innerText("#log .lead"), /1 key of a file of 120 keys matched/);
  assert.doesNotMatch(await page.innerText("#log .conclusion"), /UTC day 2020-09-26/);
  assert.match(await page.innerText("#log .conclusion"), /drop the export files/);
  await drop("day-1.zip");
  assert.doesNotMatch(await page.innerText("#log .conclusion"), /drop the export files/);
  assert.match(await page.innerText("#log .conclusion"), /the contact was on UTC day 2020-09-26/);
  await close();
});

test("pasted text is a log, too", async () => {
  const { page, close } = await browser.open("file");
  await page.click("#paste > summary");
  await page.fill("#pasted", await said("log.json"));
  await page.click("#read-pasted");
  assert.match(await page.innerText("#log .lead"), /1 key/);
  await close();
});

test("a drop of files on the page", async () => {
  const { page, close } = await browser.open("file");
  const transfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "log.json"));
    return transfer;
  }, await said("log.json"));
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  assert.ok(await page.locator("#drop.over").count(), "the place shows that it takes the files");
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await page.waitForSelector("#log .lead");
  await close();
});

test("what is missing comes first, file by file", async () => {
  const { page, drop, close } = await browser.open("file");
  const missing = [];
  for (const name of ["day-1.zip", "sightings.jsonl"]) {
    await drop(name);
    missing.push(await page.locator("#missing").innerText());
  }
  assert.match(missing[0], /440-v1/, "the public key is named");
  assert.ok(missing[1].length < missing[0].length, "less is missing then");
  await drop("440-v1.pem");
  assert.equal(await page.locator("#missing").count(), 0);
  await page.waitForSelector("#report-frame");
  await close();
});

test("documents and the report equal the command's, byte for byte", async () => {
  const { page, drop, close } = await browser.open("folder");
  await drop(...DEMO);
  await page.click("#settings > summary");
  await page.selectOption("#rule", JSON.stringify({ preset: "cocoa-v2" }));
  await page.click("#more-settings > summary");
  await page.fill("#as-of", "2020-09-28T09:00");
  await page.locator("#as-of").blur();
  await page.waitForFunction(() => document.getElementById("report-frame")?.srcdoc.includes("28 Sep 2020, 09:00"));
  for (const kind of ["exposures", "explain"]) {
    assert.equal((await saved(page, `#save-report-${kind}`)).text, await said(`said-${kind}.json`), kind);
  }
  await page.click("#matches > summary");
  assert.equal((await saved(page, "#save-matches-match")).text, await said("said-match.json"));
  const report = await saved(page, "#save-report");
  assert.equal(report.name, "gaen-report.html");
  assert.equal(report.text, await said("said-report.html"));
  await close();
});

test("two rules side by side", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("windows.json");
  assert.match(await page.innerText("#windows"), /notify/);
  await page.click("#settings > summary");
  await page.selectOption("#rule", JSON.stringify({ preset: "cocoa-v2" }));
  await page.waitForSelector("#windows th:has-text('cocoa-v2')");
  await page.click("#settings > summary");
  await page.click("#compare");
  assert.equal(await page.evaluate(() => document.activeElement.id), "second-rule");
  await page.selectOption("#second-rule", JSON.stringify({ preset: "cwa-android" }));
  await page.waitForSelector("#windows thead th:nth-child(3)");
  const [answer] = await page.$$eval("#windows tbody tr", (rows) => rows.map((row) => row.innerText));
  assert.match(answer, /notify.*notify, high/s);
  const { text } = await saved(page, "#windows [id^=save-]");
  assert.deepEqual(JSON.parse(text).cases[0].answers.map(({ configuration }) => configuration), ["cocoa-v2", "cwa-android"]);
  await close();
});

test("lints and the inside of files", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("day-1.zip", "export_bin_one_bit_flipped.zip");
  await page.click("#lint > summary");
  await page.waitForSelector(".lints li");
  assert.match(await page.innerText(".lints"), /too_few_keys/);
  await page.click("#inspect > summary");
  await page.waitForSelector("#inspect h3");
  assert.match(await page.innerText("#inspect"), /82d6eebc3b00721a4d1946472c48ddc7b77db4788bf132ee48ad999f7389543c/);
  await close();
});

test("the Japanese page says everything in Japanese", async () => {
  const { page, drop, close } = await browser.open("file", { locale: "ja-JP" });
  await drop("day-1.zip", "header_missing.zip", "windows.json", "log.json");
  for (const name of ["lint", "inspect"]) await page.click(`#${name} > summary`);
  await page.waitForSelector(".lints li");
  await page.waitForSelector("#inspect h3");
  const told = await page.$$eval("#log .conclusion p, .lints p:not(:last-child), .judged .quiet", (all) => all.map(({ textContent }) => textContent));
  assert.ok(told.length > 8, told.join("\n"));
  told.push(...await page.$$eval("#inspect dt", (all) => all.filter(({ textContent }) => textContent === "問題").map((name) => name.nextSibling.textContent)));
  for (const text of told) assert.match(text, /[ぁ-ん]/, text);
  assert.doesNotMatch(await page.innerText("main"), /--exports|[。：] [^ ]/);
  await close();
});

test("a configuration on the desk judges", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop(...DEMO, "koronavilkku.json");
  await page.waitForSelector("#report-frame");
  assert.match(await page.innerText("#settings > summary"), /koronavilkku\.json/);
  await close();
});

test("made-up data, by one button that brings its module, and everything removed by another", async () => {
  for (const form of ["folder", "file"]) {
    const { page, close, requests } = await browser.open(form);
    const isSimulation = (url) => url.endsWith("/module/gaen-simulation.js");
    assert.ok(!requests.some(isSimulation), "the module is there before anybody has asked for it");
    await page.click("#made-up");
    await page.waitForSelector("#report-frame");
    assert.equal(requests.filter(isSimulation).length, form === "folder" ? 1 : 0);
    assert.match(await page.innerText("#results"), /made up/i);
    const verdict = await page.frameLocator("#report-frame").locator("section.verdict h2 >> visible=true").innerText();
    assert.match(verdict, /notify|judged/);
    await clear(page);
    assert.equal(await page.locator("#results > *").count(), 0);
    await close();
  }
});

test("databases and backups are read by modules of their own", async () => {
  const { page, drop, close, requests } = await browser.open("folder");
  const isStore = (url) => url.endsWith("/module/gaen-store.js");
  await drop("log.json");
  assert.ok(!requests.some(isStore), "the module is there before any database");
  await drop("microg.db", "ramble.sqlite", "wal-alone.db", "other.db", "backup.age");
  assert.equal(requests.filter(isStore).length, 1);
  const isBackup = (url) => url.endsWith("/module/gaen-backup.js");
  assert.ok(!requests.some(isBackup), "the module is there before anybody has opened a backup");
  let found = await items(page);
  for (const name of ["microg", "ramble"]) assert.ok(found.some((item) => item.name?.startsWith(name) && /sighting|heard/i.test(item.label)), name);
  for (const name of ["wal-alone.db", "other.db"]) assert.ok(found.some((item) => item.isWrong && item.text.includes(name)), name);
  const passphrase = page.locator("input[type=password]");
  for (const [word, isRight] of [["wrong", false], ["correct horse", true]]) {
    await page.$eval("#status", (status) => (status.textContent = ""));
    await passphrase.fill(word);
    await passphrase.press("Enter");
    await idle(page);
    found = await items(page);
    assert.equal(found.some((item) => item.name === "backup.age"), !isRight, word);
    assert.equal(requests.filter(isBackup).length, 1);
  }
  // The same backup as text, the way it is sent by mail.
  await drop("backup-as-text.age");
  await page.$eval("#status", (status) => (status.textContent = ""));
  await passphrase.fill("correct horse");
  await passphrase.press("Enter");
  await idle(page);
  assert.ok((await items(page)).some((item) => item.name === "backup-as-text.age.jsonl" && !item.isWrong));
  await close();
});

test("the single file opens a backup too", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("backup.age");
  const passphrase = page.locator("input[type=password]");
  await passphrase.fill("correct horse");
  await passphrase.press("Enter");
  await page.waitForFunction(() => document.querySelector(".items .name")?.textContent === "backup.age.jsonl");
  await close();
});

test("too many bytes are refused before they are read", async () => {
  const { page, close } = await browser.open("file");
  await page.evaluate(() => {
    const large = new File([], "large.zip");
    Object.defineProperty(large, "size", { value: 5e9 });
    document.body.dispatchEvent(Object.assign(new Event("drop", { bubbles: true }), { dataTransfer: { types: ["Files"], items: [], files: [large] } }));
  });
  await page.waitForSelector(".items .wrong");
  assert.match(await page.innerText(".items .wrong"), /large\.zip.*268/s);
  await close();
});

test("cancel stops the work and keeps the files", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("log.json");
  // The worker hears nothing from here on, as in a long search.
  await page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = () => {};
    globalThis.heal = () => (Worker.prototype.postMessage = postMessage);
  });
  await page.setInputFiles("#choose", dropped("day-1.zip"));
  await page.click("#cancel");
  await page.waitForFunction(() => document.getElementById("alert").textContent.includes("Cancelled"));
  await page.evaluate(() => heal());
  await drop("day-2.zip");
  const names = (await items(page)).map(({ name }) => name);
  assert.deepEqual(names, ["log.json", "day-2.zip"]);
  await close();
});

for (const [module, arrives] of [["gaen-simd", true], ["gaen-simulation", true], ["gaen-simd", false], ["gaen-simulation", false]]) {
  test(`cancel while a module is fetched: ${module}, which ${arrives ? "arrives" : "does not arrive"}`, async () => {
    const { page, close } = await browser.open("folder");
    let go;
    const gone = new Promise((resolve) => (go = resolve));
    await page.route(`**/module/${module}.js`, async (route) => {
      await gone;
      await (arrives ? route.continue() : route.abort());
    }, { times: 1 });
    await page.reload();
    await page.click("#made-up");
    await page.click("#cancel");
    go();
    await page.waitForFunction(() => document.getElementById("alert").textContent.includes("Cancelled"));
    await page.click("#made-up");
    await page.waitForSelector("#report-frame");
    await close();
  });
}

for (const [form, workers] of [["isolated", 3], ["isolatedFile", 3], ["folder", 1], ["file", 1]]) {
  test(`${workers === 1 ? "one worker searches" : "workers search together"}, and the answer is the command's: ${form}`, async () => {
    const { page, context, url, drop, close, complaints } = await browser.open(form);
    await context.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { value: 3 }));
    await page.goto(url);
    assert.equal(await page.evaluate(() => crossOriginIsolated), workers > 1);
    await drop("log.json");
    assert.equal(page.workers().length, workers);
    // A helper wakes the search once for each task, and once for each of its four places at the end.
    await Promise.all(page.workers().map((worker) => worker.evaluate(() => {
      const { notify } = Atomics;
      globalThis.woken = 0;
      Atomics.notify = (...all) => ((globalThis.woken += 1), notify(...all));
    })));
    await drop("999-v1.pem", "many.zip", "many.jsonl");
    await page.waitForSelector("#report-frame");
    await page.click("#matches > summary");
    assert.equal((await saved(page, "#save-matches-match")).text, await said("said-many.json"));
    const woken = await Promise.all(page.workers().map((worker) => worker.evaluate(() => globalThis.woken)));
    assert.ok(workers === 1 ? woken[0] === 0 : woken.filter((count) => count > 4).length >= 2, `${woken}`);
    // Cancelling ends them all, and the next question starts as many.
    await drop("day-1.zip");
    await clear(page);
    await drop("log.json");
    assert.equal(page.workers().length, workers);
    assert.deepEqual(complaints, []);
    await close();
  });
}
