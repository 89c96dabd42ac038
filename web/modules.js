// Where the page's WebAssembly comes from. The page may connect to nothing, itself included: so a module is text (gzip
// in 91 letters), a script in the folder and a block of data in the single file.

/** The smallest module that uses SIMD: a browser that takes it gets the faster build. */
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

/** The text of the module with the desk. */
export const mainModule = () => moduleText(WebAssembly.validate(SIMD) ? "gaen-simd" : "gaen");

/** The text of a module that is loaded when somebody needs it: `backup`, `simulation` or `store`. */
export const furtherModule = (name) => moduleText(`gaen-${name}`);

async function moduleText(name) {
  const block = document.getElementById(`module-${name}`);
  if (block) return block.textContent;
  // The single file has no module for browsers without SIMD: of those that can unpack it, only Chrome before 2021 lacks it.
  if (document.getElementById("worker")) throw Object.assign(new Error(name), { code: "old_browser" });
  try {
    return (await import(new URL(`module/${name}.js`, import.meta.url).href)).default;
  } catch (error) {
    throw Object.assign(error, { code: "not_loaded" });
  }
}

/**
 * Workers that help a search: one for each core beside the first, where workers may share memory. One worker reads the files,
 * which takes an eighth of the work: more than eight have nothing to do.
 */
export const HELPERS = globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 8) - 1 : 0;

/**
 * A worker. It is made of a blob even where it is a file of its own, because only then the policy of this page holds in
 * it too: a worker from a server follows what the server says.
 */
export function startWorker() {
  const block = document.getElementById("worker");
  const source = block ? block.textContent : `import ${JSON.stringify(new URL("worker.js", import.meta.url))};`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  // A page from a disk has no origin of its own, and may start no worker that is a module.
  const worker = new Worker(url, { type: block ? "classic" : "module", name: "gaen" });
  worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}
