// Opens the page as people do: from a server, or from the disk. Whatever it asks of a network, or complains about, is kept.
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { WEB_TOOLS: tools, WEB_MATERIAL: material, WEB_SHOTS: shots, GAEN_CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;
const { chromium } = createRequire(path.resolve(tools, "package.json"))("playwright-core");
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

export const dropped = (...names) => names.map((name) => path.join(material, name));
export const said = (name) => readFile(path.join(material, name), "utf8");
export const shot = (name) => path.join(shots, name);

/** What makes a page isolated, so that its workers may share memory. */
const ISOLATING = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** A static server, as plain as anybody's: by itself it sets no header that protects the page. */
async function serve(headers = {}) {
  const server = createServer(async (request, response) => {
    const file = path.join(dist, request.url === "/" ? "index.html" : request.url);
    try {
      const content = await readFile(file);
      response.setHeaders(new Map(Object.entries({ "content-type": TYPES[path.extname(file)], ...headers })));
      response.end(content);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

/** A browser, and ways to open the page in it. */
export async function start() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const servers = [await serve(), await serve(ISOLATING)];
  const [{ url: folder }, { url: isolated }] = servers;
  const file = pathToFileURL(path.join(dist, "gaen.html")).href;
  const urls = { folder, file, isolated, isolatedFile: `${isolated}gaen.html` };

  /** Opens the page in one of its two forms, or one of them from a server that isolates it. `requests` and `complaints` grow while it is open. */
  async function open(form, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", timezoneId: "Asia/Tokyo", acceptDownloads: true, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const requests = [];
    const complaints = [];
    context.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(urls[form]);
    return { page, context, requests, complaints, url: urls[form], drop: (...names) => drop(page, names), close: () => context.close() };
  }

  /** A quick build has none for browsers without SIMD. */
  const hasPlainModule = existsSync(path.join(dist, "module/gaen.js"));
  return { open, urls, hasPlainModule, stop: () => (servers.forEach((server) => server.stop()), browser.close()) };
}

/** Chooses files, and waits until the page has said what they are. */
async function drop(page, names) {
  await page.$eval("#status", (status) => (status.textContent = ""));
  await page.setInputFiles("#choose", dropped(...names));
  await idle(page);
}

/** Removes all files, and waits until the page has said so. */
export async function clear(page) {
  await page.$eval("#status", (status) => (status.textContent = ""));
  await page.click("#remove-all");
  await idle(page);
}

/** Waits until the page has said that it is ready, or what went wrong. */
export const idle = (page) => page.waitForFunction(() => document.getElementById("status").textContent || document.getElementById("alert").textContent);

/** The text of a file that a click saves. */
export async function saved(page, selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** What lies on the desk, as it is shown. */
export const items = (page) => page.$$eval(".items > li:not(.folder)", (all) => all.map((item) => ({
  text: item.textContent, name: item.querySelector(".name")?.textContent, label: item.querySelector("strong")?.textContent, says: item.querySelector(".says")?.textContent, isWrong: item.classList.contains("wrong"),
})));
