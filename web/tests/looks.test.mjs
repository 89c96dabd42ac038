// On a phone and on a desk, light and dark, in both languages, on paper. Screenshots are kept to be looked at.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { audit } from "../../.ci/browser-page.mjs";
import { clear, shot, start } from "./browser.mjs";

let browser;
before(async () => (browser = await start()));
after(() => browser.stop());

/** A report has no scripts, no fields and one language at a time; the page has, and quotes English sentences in Japanese. */
const OF_REPORTS = /^(should not be there|shows |1280 of 1600 px used)/;

async function look(page, code, name) {
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: shot(`${name}.png`), fullPage: true });
  const problems = (await page.evaluate(audit, code)).filter((problem) => !OF_REPORTS.test(problem));
  const small = await page.$$eval("button, select, summary, input:not([type=radio], [type=file]), label", (all) => all.filter((element) => element.checkVisibility())
    .map((element) => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()]).filter(([, { width, height }]) => width < 24 || height < 20).map(([html]) => html));
  assert.deepEqual([...problems, ...small], [], name);
}

for (const [width, colorScheme, code] of [[390, "light", "ja"], [390, "dark", "en"], [1280, "light", "en"], [1280, "dark", "ja"]]) {
  const looks = `${width}-${colorScheme}-${code}`;
  test(`as people see it: ${looks}`, async () => {
    const { page, drop, close, complaints } = await browser.open("file", { viewport: { width, height: 844 }, colorScheme, locale: code === "ja" ? "ja-JP" : "en-GB" });
    await look(page, code, `empty-${looks}`);
    await drop("log.json");
    await look(page, code, `log-${looks}`);
    await clear(page);
    await drop("day-1.zip", "photo.jpg");
    await look(page, code, `missing-${looks}`);
    await drop("day-2.zip", "440-v1.pem", "sightings.jsonl");
    await page.waitForSelector("#report-frame");
    await page.screenshot({ path: shot(`first-${looks}.png`) });
    await look(page, code, `report-${looks}`);
    await page.click("#settings > summary");
    await page.click("#more-settings > summary");
    await page.selectOption("#second-rule", JSON.stringify({ preset: "cwa-android" }));
    await page.waitForSelector("#windows .lead");
    for (const folded of await page.$$(".folded:not([open]) > summary")) await folded.click();
    await page.waitForSelector("#inspect h3");
    await look(page, code, `all-${looks}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

for (const width of [360, 1600]) {
  test(`at ${width} px nothing is cut off`, async () => {
    const { page, drop, close } = await browser.open("file", { viewport: { width, height: 800 } });
    await drop("440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl", "log.json");
    await page.waitForSelector("#report-frame");
    for (const folded of await page.$$(".folded:not([open]) > summary")) await folded.click();
    await page.waitForSelector("#inspect h3");
    await look(page, "en", `width-${width}`);
    const frame = await page.$eval("#report-frame", ({ contentDocument: { documentElement: inside }, clientHeight }) => [inside.scrollWidth <= inside.clientWidth, inside.scrollHeight <= clientHeight]);
    assert.deepEqual(frame, [true, true], "the report has a scroll bar of its own");
    await close();
  });
}

test("on paper", async () => {
  const { page, drop, close } = await browser.open("file", { colorScheme: "dark" });
  await drop("log.json", "day-1.zip");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  assert.deepEqual(await page.$$eval("#drop, main button", (all) => all.filter((one) => one.checkVisibility()).length), 0);
  assert.equal(await page.isVisible("#log .lead"), true);
  const pdf = await page.pdf({ path: shot("printed.pdf"), preferCSSPageSize: true, printBackground: true });
  assert.ok(pdf.length > 10_000);
  await close();
});

test("the report is printed by its own button", async () => {
  const { page, drop, close } = await browser.open("file");
  await drop("440-v1.pem", "day-1.zip", "sightings.jsonl");
  await page.waitForSelector("#report-frame");
  await page.$eval("#report-frame", ({ contentWindow }) => (contentWindow.print = () => (globalThis.isPrinted = true)));
  await page.click("#print-report");
  assert.equal(await page.evaluate(() => globalThis.isPrinted), true);
  await close();
});
