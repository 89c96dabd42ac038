// node browser.mjs TOOLS SHOTS PAGE...: looks at each page as its readers do. See `browser` beside it.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { audit, focused, unfold } from "./browser-page.mjs";

const [tools, shots, ...pages] = process.argv.slice(2);
const { chromium } = createRequire(path.resolve(tools, "package.json"))("playwright-core");

// Layout follows the width and colours follow the scheme: each look is taken in one of both, and audited in the other as well.
const LOOKS = [{ width: 360, colorScheme: "light" }, { width: 1280, colorScheme: "dark" }];
const problems = [];

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
// Two beside each other: one draws while the other waits.
const AT_ONCE = 2;
const queue = [...pages];
await Promise.all(Array.from({ length: AT_ONCE }, lookAtNext));

async function lookAtNext() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const name = path.basename(file, ".html");
    for (const { width, colorScheme } of LOOKS) await look(file, name, width, colorScheme);
    await print(file, name);
    console.log(name);
  }
}
await browser.close();
if (problems.length > 0) {
  console.error([...new Set(problems)].join("\n"));
  process.exit(1);
}

/** Opens a page; whatever it loads or complains about is a problem. */
async function open(file, where, options) {
  const context = await browser.newContext(options);
  const url = pathToFileURL(file).href;
  const page = await context.newPage();
  // A long page takes a busy machine more than half a minute to draw.
  page.setDefaultTimeout(180_000);
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) problems.push(`${where}: loads ${request.url()}`);
  });
  page.on("console", (message) => problems.push(`${where}: console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${where}: ${error}`));
  await page.goto(url);
  await page.evaluate(unfold);
  return page;
}

async function look(file, name, width, colorScheme) {
  const where = `${name}, ${width} px, ${colorScheme}`;
  const page = await open(file, where, { viewport: { width, height: 800 }, colorScheme });
  const choice = await page.$$eval("input[name=language]", (inputs) => inputs.map((input) => input.id.slice(-2)));
  const codes = choice.length > 0 ? choice : [await page.$eval("html", (html) => html.lang)];
  for (const code of codes) {
    if (choice.length > 0) {
      await page.focus(`#language-${code}`);
      await page.keyboard.press("Space");
    }
    const report = (problem) => problems.push(`${where}, ${code}: ${problem}`);
    await auditInBothSchemes(page, code, colorScheme, report);
    await page.screenshot({ path: path.join(shots, `${name}-${width}-${colorScheme}-${code}.png`), fullPage: true, caret: "initial" });
    // With everything folded out there is more to look at.
    await page.$$eval("details", (all) => all.forEach((one) => (one.open = true)));
    await auditInBothSchemes(page, code, colorScheme, report);
    await page.$$eval("details", (all) => all.forEach((one) => (one.open = false)));
    await tabThrough(page, report);
  }
  if (choice.length > 0) await chooseByArrow(page, codes, where);
  await page.context().close();
}

async function auditInBothSchemes(page, code, own, report) {
  for (const colorScheme of [own === "light" ? "dark" : "light", own]) {
    await page.emulateMedia({ colorScheme });
    (await page.evaluate(audit, code)).forEach((problem) => report(`${colorScheme}: ${problem}`));
  }
}

/** The arrow keys choose the language, without a script. */
async function chooseByArrow(page, codes, where) {
  await page.focus(`#language-${codes[0]}`);
  await page.keyboard.press("ArrowRight");
  const shown = await page.$$eval("main h1", (titles) => titles.filter((title) => title.checkVisibility()).map((title) => title.parentElement.lang));
  if (shown.join() !== codes[1]) problems.push(`${where}: the arrow key shows ${shown}`);
}

/** Tab reaches everything that can be used, in its order, and shows where it is. */
async function tabThrough(page, report) {
  await page.evaluate(() => document.activeElement.blur());
  await page.evaluate(() => getSelection().removeAllRanges());
  const expected = await page.evaluate(() => {
    const usable = [...document.querySelectorAll("a[href], summary, input:checked, [tabindex='0']")];
    const visible = usable.filter((element) => element.checkVisibility({ visibilityProperty: true }));
    visible.forEach((element, place) => (element.dataset.place = place));
    return visible.length;
  });
  await page.mouse.click(1, 1);
  const places = [];
  for (let step = 0; step <= expected; step += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(focused);
    if (found === null) break;
    if (found.problem) report(found.problem);
    places.push(Number(found.place));
  }
  const wanted = [...Array(expected).keys()];
  if (places.join() !== wanted.join()) report(`Tab reaches ${places} of ${expected}`);
}

/** On paper there is one language, on white. */
async function print(file, name) {
  const where = `${name}, printed`;
  const page = await open(file, where, { viewport: { width: 794, height: 1123 }, colorScheme: "dark" });
  const pdf = await page.pdf({ path: path.join(shots, `${name}.pdf`), preferCSSPageSize: true, printBackground: true });
  if (pdf.length < 10_000) problems.push(`${where}: ${pdf.length} bytes`);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  if (background !== "rgb(255, 255, 255)") problems.push(`${where}: on ${background}`);
  const code = await page.$eval("html", (html) => html.lang);
  (await page.evaluate(audit, code)).forEach((problem) => problems.push(`${where}: ${problem}`));
  await page.context().close();
}
