// The package: loads the modules, in node and in browsers.
import initDesk, { initSync as initDeskSync, Desk, Helper, selfTest } from './gaen.js';
import initBackup, { initSync as initBackupSync, databaseOf } from './gaen-backup.js';
import initSimulation, { initSync as initSimulationSync, simulated } from './gaen-simulation.js';
import initStore, { initSync as initStoreSync, sightingsOf } from './gaen-store.js';
import { helpThrough } from './helpers.js';

export { Helpers } from './helpers.js';

/** The smallest module that uses `simd128`. */
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

/** The file of the fastest module that this engine takes. */
export const moduleName = WebAssembly.validate(SIMD) ? 'gaen-simd.wasm' : 'gaen.wasm';

/** Loads the desk. */
export async function load(module) {
  await start(module ?? moduleName, initDesk, initDeskSync);
  return { Desk, selfTest };
}

/** Does the tasks of every search that comes through a port. */
export function help(port, module) {
  helpThrough(port, load(module).then(() => Helper));
}

/** Loads the module that reads databases. */
export async function loadStore(module) {
  await start(module ?? 'gaen-store.wasm', initStore, initStoreSync);
  return { sightingsOf };
}

/** Loads the module that decrypts backups. */
export async function loadBackup(module) {
  await start(module ?? 'gaen-backup.wasm', initBackup, initBackupSync);
  return { databaseOf };
}

/** Loads the module that makes worlds up. */
export async function loadSimulation(module) {
  await start(module ?? 'gaen-simulation.wasm', initSimulation, initSimulationSync);
  return { simulated };
}

async function start(module, init, initSync) {
  if (typeof module !== 'string') return initSync({ module });
  const url = new URL(module, import.meta.url);
  // Node fetches no files.
  if (url.protocol !== 'file:') return init({ module_or_path: url });
  const { readFile } = await import('node:fs/promises');
  return initSync({ module: await WebAssembly.compile(await readFile(url)) });
}
