// Runs in the worker: a thin door to the desk, so that the page never waits.
import * as gaen from "./glue/gaen.js";
import * as store from "./glue/gaen-store.js";

/** @type {gaen.Desk} */
let desk;

/** What the page can ask for. `tell` reports progress. */
const answers = {
  async start(module) {
    gaen.initSync({ module: await unpack(module) });
    desk = new gaen.Desk();
    return JSON.parse(desk.overview("{}")).mostBytes;
  },
  async add(file) {
    return desk.add(file.name, await bytesOf(file));
  },
  remove: (id) => desk.remove(id),
  overview: (settings) => JSON.parse(desk.overview(settings)),
  document: (kind, settings, id, tell) => desk.document(kind, settings, id, tell),
  shown: (kind, settings, id, tell) => desk.shown(kind, settings, id, tell),
  report: (settings, tell) => desk.report(settings, tell),
  simulated: (seed) => gaen.simulated(BigInt(seed)),

  /** The sightings of a database, as files for the desk. The first call brings the module. */
  async sightings(module, file, language, secret, log) {
    if (module !== null) store.initSync({ module: await unpack(module) });
    return store.sightingsOf(await bytesOf(file), language, secret, log && (await bytesOf(log)));
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

/** gzip in base64 to the bytes of a module. */
async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
