// By keyboard alone, and what a screen reader is told.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dropped, idle, start } from "./browser.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser.stop());

const focused = (page) => page.evaluate(() => {
  const { activeElement: element } = document;
  const shown = element.matches("input[type=radio]") ? element.nextElementSibling : element.matches("input[type=file]") ? element.parentElement : element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  return { id: element.id, tag: element.localName, isOutlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
});

/** Presses Tab until the element with this id has the focus, and sees each focus on the way. */
async function tabTo(page, id) {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (now.id === id) return;
    if (now.tag !== "iframe" && now.tag !== "body") assert.ok(now.isOutlined, `no focus to be seen: ${JSON.stringify(now)}`);
  }
  assert.fail(`Tab does not reach #${id}`);
}

test("from the first key to the report and back, without a mouse", async () => {
  const { page, close } = await browser.open("file");
  page.on("filechooser", (chooser) => chooser.setFiles(dropped("log.json")));
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip/);
  await tabTo(page, "choose");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#log .lead");
  await tabTo(page, "remove-all");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "choose");
  await tabTo(page, "made-up");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#report-frame");
  await page.waitForFunction(() => document.activeElement.id === "found-heading");
  await tabTo(page, "remove-all");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, "rule");
  // Another rule is chosen, and the focus stays where it was while the page is drawn again.
  await page.$eval("#status", (status) => (status.textContent = ""));
  await page.keyboard.press("ArrowDown");
  await idle(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), "rule");
  await tabTo(page, "save-report");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.equal(download.suggestedFilename(), "gaen-report.html");
  await close();
});

test("the arrow keys choose the language, and everything is said in it", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("log.json");
  await page.focus("#page-en");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => /信号/.test(document.querySelector("#log .lead")?.textContent ?? ""));
  assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.activeElement.id]), ["ja", "page-ja"]);
  assert.match(await page.title(), /接触確認/);
  await close();
});

test("a browser that prefers Japanese gets Japanese", async () => {
  const { page, close } = await browser.open("file", { locale: "ja-JP" });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ja");
  await close();
});

test("a screen reader is told what came of it, and everything has a name", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("440-v1.pem", "day-1.zip", "sightings.jsonl", "photo.jpg", "log.json");
  const status = page.getByRole("status");
  await page.waitForSelector("#report-frame");
  await idle(page);
  assert.match(await status.textContent(), /Ready: What the log says, The exposure report/);
  for (const name of ["Choose files", "Remove all", "Save the report", "Print the report", "Remove photo.jpg"]) {
    assert.ok(await page.getByRole("button", { name }).or(page.getByLabel(name)).count(), name);
  }
  const nameless = await page.$$eval("button, input, select, textarea, iframe, summary, a", (all) => all.filter((element) => element.checkVisibility()
    && !(element.getAttribute("aria-label") || element.labels?.[0]?.textContent.trim() || element.textContent.trim() || element.title)).map((element) => element.outerHTML));
  assert.deepEqual(nameless, []);
  const unnamed = await page.$$eval("section", (all) => all.filter((element) => !document.getElementById(element.getAttribute("aria-labelledby"))?.textContent && !element.querySelector("h3")).map((element) => element.id));
  assert.deepEqual(unnamed, []);
  await page.getByRole("button", { name: "Remove photo.jpg" }).press("Enter");
  await page.waitForFunction(() => !document.querySelector(".wrong"));
  assert.notEqual(await page.evaluate(() => document.activeElement.localName), "body", "the focus is lost");
  await close();
});

test("links in the report scroll the page", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("440-v1.pem", "day-1.zip", "sightings.jsonl");
  const frame = page.frameLocator("#report-frame");
  await frame.locator("nav a >> visible=true").last().press("Enter");
  await page.waitForFunction(() => scrollY > innerHeight);
  assert.match(await page.$eval("#report-frame", ({ contentDocument }) => contentDocument.activeElement.id), /glossary/);
  await close();
});
