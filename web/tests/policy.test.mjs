// Nothing leaves the page, and nothing else runs in it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dropped, idle, items, start } from "./browser.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser.stop());

const DEMO = ["440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl", "log.json", "microg.db"];

test("the single file asks for nothing, from the disk and without a network", async () => {
  const { page, context, drop, close, requests, complaints, url } = await browser.open("file");
  await context.setOffline(true);
  await drop(...DEMO);
  await page.waitForSelector("#report-frame");
  await page.check("#page-ja");
  await page.waitForSelector("#log .lead");
  // A worker and a file to save are blobs of the page itself.
  assert.deepEqual(requests.filter((request) => request !== url && !request.startsWith("blob:")), []);
  assert.deepEqual(complaints, []);
  assert.ok((await items(page)).every(({ isWrong }) => !isWrong));
  await close();
});

test("the folder asks for its own files alone, before anything is dropped or because of the kind of a file", async () => {
  const { page, drop, close, requests, complaints, url } = await browser.open("folder");
  await drop(...DEMO);
  await page.waitForSelector("#report-frame");
  const foreign = requests.filter((request) => !request.startsWith(url) && !request.startsWith("blob:"));
  assert.deepEqual(foreign, []);
  assert.ok(requests.filter((request) => request.startsWith(url)).every((request) => /\.(js|css)$|\/$/.test(request)), requests.join("\n"));
  assert.deepEqual(complaints, []);
  await close();
});

test("the folder works without a network once it is open", async () => {
  const { page, context, drop, close } = await browser.open("folder");
  await drop("log.json");
  await context.setOffline(true);
  await drop("day-1.zip", "day-2.zip", "440-v1.pem", "sightings.jsonl");
  await page.waitForSelector("#report-frame");
  await drop("microg.db");
  assert.match((await items(page)).find(({ isWrong }) => isWrong).text, /could not be loaded/);
  await close();
});

for (const form of ["folder", "file"]) {
  test(`planted scripts and requests are refused: ${form}`, async () => {
    const { page, context, close, requests, complaints } = await browser.open(form);
    const refusedRequests = new Set();
    context.on("requestfailed", (request) => /csp/i.test(request.failure().errorText) && refusedRequests.add(request.url()));
    await page.setInputFiles("#choose", dropped("log.json"));
    await idle(page);
    const before = requests.length;
    const refused = await page.evaluate(async () => {
      const found = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => found.push(`${effectiveDirective} ${blockedURI}`));
      const plant = (name, properties, place = document.body) => place.append(Object.assign(document.createElement(name), properties));
      plant("script", { textContent: "globalThis.planted = true" });
      plant("script", { src: "https://example.org/planted.js" });
      plant("script", { src: URL.createObjectURL(new Blob(["globalThis.planted = true"])) });
      plant("div", { innerHTML: "<img src='https://example.org/x.png' onerror='globalThis.planted = true'>" });
      plant("link", { rel: "stylesheet", href: "https://example.org/x.css" }, document.head);
      plant("style", { textContent: "body { background: url(https://example.org/y.png) }" });
      plant("iframe", { src: "https://example.org/" });
      plant("form", { action: "https://example.org/", method: "post" });
      document.forms[document.forms.length - 1].submit();
      const tries = {
        fetch: () => fetch("https://example.org/"),
        ownServer: () => fetch("app.js"),
        socket: () => new Promise((resolve, reject) => Object.assign(new WebSocket("wss://example.org/"), { onopen: resolve, onerror: reject })),
        evaluate: () => (0, eval)("globalThis.planted = true"),
      };
      const passed = [];
      for (const [name, run] of Object.entries(tries)) await Promise.resolve().then(run).then(() => passed.push(name), () => {});
      navigator.sendBeacon("https://example.org/", "x");
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { found, passed, planted: globalThis.planted ?? false };
    });
    assert.deepEqual([refused.passed, refused.planted], [[], false]);
    for (const directive of ["script-src-elem", "script-src", "img-src", "style-src-elem", "frame-src", "connect-src", "form-action"]) {
      assert.ok(refused.found.some((one) => one.startsWith(`${directive} `)), `${directive} in:\n${refused.found.join("\n")}`);
    }
    // The browser lists what it refused as requests that failed before they were made.
    assert.deepEqual(requests.slice(before).filter((url) => /^(http|ws)/.test(url) && !refusedRequests.has(url)), []);
    assert.ok(complaints.length > 0, "the browser says what it refused");
    await close();
  });

  test(`the worker follows the policy, too: ${form}`, async () => {
    const { page, close, requests } = await browser.open(form);
    const answer = await page.evaluate(async () => {
      const source = "onmessage = async () => { try { await fetch('https://example.org/'); postMessage('connected'); } catch { postMessage('refused'); } };";
      const worker = new Worker(URL.createObjectURL(new Blob([source])));
      return new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage(0);
      });
    });
    assert.equal(answer, "refused");
    assert.ok(!requests.some((request) => request.includes("example.org")));
    await close();
  });

  test(`the report's frame runs no script: ${form}`, async () => {
    const { page, drop, close, complaints } = await browser.open(form);
    await drop("440-v1.pem", "day-1.zip", "sightings.jsonl");
    await page.waitForSelector("#report-frame");
    const ran = await page.$eval("#report-frame", async (frame) => {
      const planted = frame.cloneNode();
      planted.id = "second-frame";
      planted.srcdoc = "<script>parent.planted = true</script><p onclick='parent.planted = true'>x</p>";
      document.body.append(planted);
      await new Promise((resolve) => (planted.onload = resolve));
      planted.contentDocument.querySelector("p").click();
      return globalThis.planted ?? false;
    });
    assert.equal(ran, false);
    assert.ok(complaints.length > 0);
    await close();
  });
}

test("a browser without SIMD takes the other module of the folder, and is told that the single file is too new", async () => {
  for (const form of browser.hasPlainModule ? ["folder", "file"] : ["file"]) {
    const { page, context, url, drop, close, requests } = await browser.open("file");
    await context.addInitScript(() => (WebAssembly.validate = () => false));
    await page.goto(form === "file" ? url : browser.urls.folder);
    await drop("log.json");
    if (form === "folder") {
      assert.ok(requests.some((request) => request.endsWith("/module/gaen.js")) && !requests.some((request) => request.endsWith("/module/gaen-simd.js")));
      assert.equal(await page.locator("#log .lead").count(), 1);
    } else {
      assert.match(await page.innerText("main"), /too old/);
    }
    await close();
  }
});

test("nothing is kept", async () => {
  const { page, context, drop, close } = await browser.open("folder");
  await drop("log.json");
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length, document.cookie]);
  assert.deepEqual(kept, [0, 0, 0, 0, ""]);
  assert.deepEqual(await context.cookies(), []);
  await close();
});
