// Runs in the worker: a thin door to the desk, so that the page never waits.
import * as gaen from "./glue/gaen.js";
import * as backup from "./glue/gaen-backup.js";
import * as simulation from "./glue/gaen-simulation.js";
import * as store from "./glue/gaen-store.js";
import { Helpers, helpThrough } from "./glue/helpers.js";

/** What the page brings when it is needed. */
const further = { backup, simulation, store };
/** @type {gaen.Desk} */
let desk;

/** What the page can ask for. `tell` reports progress. */
const answers = {
  async start(module, ports) {
    const compiled = await WebAssembly.compile(await unpack(module));
    gaen.initSync({ module: compiled });
    desk = new gaen.Desk();
    if (ports.length > 0) {
      // Helpers run what was compiled once.
      ports.forEach((port) => port.postMessage(compiled));
      desk.helpedBy(new Helpers(ports));
    }
    return JSON.parse(desk.overview("{}")).mostBytes;
  },
  /** From now on, this worker helps the one at the other end of the port, which sends it the module. */
  help(port) {
    port.onmessage = ({ data: module }) => {
      gaen.initSync({ module });
      helpThrough(port, gaen.Helper);
    };
  },
  async add(file) {
    return desk.add(file.name, await bytesOf(file));
  },
  remove: (id) => desk.remove(id),
  overview: (settings) => JSON.parse(desk.overview(settings)),
  document: (kind, settings, id, tell) => desk.document(kind, settings, id, tell),
  shown: (kind, settings, id, tell) => desk.shown(kind, settings, id, tell),
  report: (settings, tell) => desk.report(settings, tell),

  /** Takes in a module. What follows needs its own. */
  async bring(name, module) {
    further[name].initSync({ module: await unpack(module) });
  },
  /** Files of a made-up world. */
  simulated: (seed) => simulation.simulated(BigInt(seed)),
  /** The sightings of a database, as files for the desk. */
  async sightings(file, language, log) {
    return store.sightingsOf(await bytesOf(file), language, log && (await bytesOf(log)));
  },
  /** The sightings of a backup. The database inside stays in this worker, and is overwritten: it holds the device's own keys too. */
  async sightingsOfBackup(file, language, secret) {
    const database = backup.databaseOf(await bytesOf(file), language, secret);
    try {
      return store.sightingsOf(database, language, new Uint8Array());
    } finally {
      database.fill(0);
    }
  },
};

addEventListener("message", async ({ data: { number, name, values } }) => {
  const tell = ({ file, files, bytes, totalBytes }) => void postMessage({ number, progress: (file + bytes / (totalBytes || 1)) / files });
  try {
    postMessage({ number, answer: await answers[name](...values, tell) });
  } catch (error) {
    // An error without a code leaves the module in an unknown state: the page starts another worker.
    postMessage({ number, error: { code: error.code ?? "broken", message: error.message } });
  }
});

async function bytesOf(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw Object.assign(new Error(error.message), { code: "unreadable" });
  }
}

/** The bytes of a module: its text as `pack.mjs` writes it, unpacked. */
async function unpack(text) {
  const stream = new Blob([bytesOfLetters(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What `lettersOf` in `pack.mjs` wrote: 13 bits in two letters, and at most 6 in a last one that stands alone. */
function bytesOfLetters(text) {
  const digits = new TextEncoder().encode(text.replaceAll("!", "<").replaceAll("~", "\\")).map((letter) => letter - 35);
  const bytes = new Uint8Array((13 * (digits.length >> 1) + 6 * (digits.length & 1)) >> 3);
  for (let at = 0, next = 0, held = 0, bits = 0; next < digits.length; next += 2) {
    held = (held << 13) | (next + 1 < digits.length ? 91 * digits[next] + digits[next + 1] : digits[next] << 7);
    for (bits += 13; bits >= 8; bits -= 8) bytes[at++] = held >> (bits - 8);
    held &= (1 << bits) - 1;
  }
  return bytes;
}
