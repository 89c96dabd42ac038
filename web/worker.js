// Runs in the worker: a thin door to the desk, so that the page never waits.
import * as gaen from "./glue/gaen.js";
import * as store from "./glue/gaen-store.js";

let desk;

/** What the page can ask for. `tell` reports progress. */
const answers = {
  async start(module) {
    gaen.initSync({ module: await unpack(module) });
    desk = new gaen.Desk();
    return JSON.parse(desk.overview("{}")).mostBytes;
  },
  async add(file) {
    return desk.add(file.name, new Uint8Array(await file.arrayBuffer()));
  },
  remove: (id) => desk.remove(id),
  overview: (settings) => JSON.parse(desk.overview(settings)),
  document: (kind, settings, id, tell) => desk.document(kind, settings, id, tell),
  report: (settings, tell) => desk.report(settings, tell),
  simulated: (seed) => gaen.simulated(BigInt(seed)).map(({ name, content }) => ({ name, content })),

  /** The sightings of a database, as files for the desk. The first call brings the module. */
  async sightings(module, file, language, passphrase) {
    if (module !== null) store.initSync({ module: await unpack(module) });
    const database = new Uint8Array(await file.arrayBuffer());
    return store.sightingsOf(database, language, passphrase).map(({ name, content }) => ({ name, content }));
  },
};

addEventListener("message", async ({ data: { number, name, values } }) => {
  const tell = (progress) => void postMessage({ number, progress });
  try {
    postMessage({ number, answer: await answers[name](...values, tell) });
  } catch (error) {
    // A trap of WebAssembly leaves the module in an unknown state: the page starts another worker.
    const broken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    postMessage({ number, error: { code: broken ? "broken" : error.code ?? "unknown", message: error.message } });
  }
});

/** gzip in base64 to the bytes of a module. */
async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
