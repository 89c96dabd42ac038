// node pack.mjs PACKAGE DIST: copies the page and the package into a folder, and writes both into one HTML file.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { inOneScript } from "./one-script.mjs";

const [pack, dist] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const SCRIPTS = readdirSync(here).filter((name) => name.endsWith(".js")).concat("words", "answers");
const QUICK = process.env.GAEN_WASM === "quick";
/** A quick build has no module for browsers without SIMD. */
const MODULES = readdirSync(pack).filter((name) => name.endsWith(".wasm")).map((name) => name.replace(".wasm", ""));
/** A single file larger than this is too large to be passed on. A quick build may be larger: it stays here. */
const MOST_BYTES = QUICK ? Infinity : 1_500_000;

const report = readFileSync(path.join(here, "../crates/report/src/page/style.css"), "utf8");
const style = readFileSync(path.join(here, "style.css"), "utf8");
const page = readFileSync(path.join(here, "index.html"), "utf8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * What the browser may do: run this page's scripts, one worker and WebAssembly, and nothing else. No connection at all,
 * not even to the server that the page came from. The frame with the report follows the same policy, so its style is known here.
 */
const policy = (scripts, styles, workers) => [
  "default-src 'none'", `script-src ${scripts} 'wasm-unsafe-eval'`, `style-src ${styles}`, `worker-src ${workers}`, "img-src data:",
  "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
].join("; ");

/**
 * Bytes as text: 13 bits in two of 91 letters, 8 % shorter than base64. No letter means anything in a script, or in a
 * string: `<` and `\\` are written `!` and `~`. `bytesOfLetters` in `worker.js` reads it.
 */
const lettersOf = (bytes) => {
  const letter = (digit) => String.fromCharCode(digit + 35);
  let [text, held, bits] = ["", 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    if (bits < 13) continue;
    bits -= 13;
    const pair = held >> bits;
    text += letter(Math.floor(pair / 91)) + letter(pair % 91);
    held &= (1 << bits) - 1;
  }
  if (bits > 6) text += letter(Math.floor((held << (13 - bits)) / 91)) + letter((held << (13 - bits)) % 91);
  else if (bits > 0) text += letter(held << (6 - bits));
  return text.replaceAll("<", "!").replaceAll("\\", "~");
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(path.join(dist, "module"), { recursive: true });
mkdirSync(path.join(dist, "glue"));

// The folder.
for (const script of SCRIPTS) cpSync(path.join(here, script), path.join(dist, script), { recursive: true });
for (const glue of ["gaen.js", "gaen-backup.js", "gaen-simulation.js", "gaen-store.js", "helpers.js"]) cpSync(path.join(pack, glue), path.join(dist, "glue", glue));
/** gzip, which browsers unpack. What is published is packed by zopfli: 4 to 5 % smaller than by zlib at its best. */
const gzip = (file) => (QUICK ? gzipSync(readFileSync(file)) : execFileSync("zopfli", ["-c", file], { maxBuffer: 1 << 26 }));
const modules = Object.fromEntries(MODULES.map((name) => [name, lettersOf(gzip(path.join(pack, `${name}.wasm`)))]));
for (const [name, text] of Object.entries(modules)) writeFileSync(path.join(dist, "module", `${name}.js`), `export default "${text}";\n`);
writeFileSync(path.join(dist, "report.css"), report);
writeFileSync(path.join(dist, "style.css"), style);
writeFileSync(path.join(dist, "index.html"), page.replace("{policy}", policy("'self'", `'self' ${hash(report)}`, "'self' blob:")));

// The single file.
const app = inOneScript(dist, "app.js");
const worker = inOneScript(dist, "worker.js");
const block = (id, text) => `<script type="text/plain" id="${id}">${text}</script>`;
const replaced = (text, what, by) => {
  if (!text.includes(what)) throw new Error(`index.html lacks ${what}`);
  return text.replace(what, () => by);
};
let single = replaced(page, "{policy}", policy(hash(app), `${hash(report)} ${hash(style)}`, "blob:"));
single = replaced(single, '<link rel="stylesheet" href="report.css">', `<style>${report}</style>`);
single = replaced(single, '<link rel="stylesheet" href="style.css">', `<style>${style}</style>`);
single = replaced(single, '<script type="module" src="app.js"></script>\n', "");
single = replaced(single, "</body>", `${block("worker", worker)}
${["gaen-simd", "gaen-backup", "gaen-simulation", "gaen-store"].map((name) => block(`module-${name}`, modules[name])).join("\n")}
<script type="module">${app}</script>
</body>`);
writeFileSync(path.join(dist, "gaen.html"), single);

console.log(`gaen.html: ${Buffer.byteLength(single)} bytes`);
if (Buffer.byteLength(single) > MOST_BYTES) throw new Error(`gaen.html has over ${MOST_BYTES} bytes: too large to be passed on`);
