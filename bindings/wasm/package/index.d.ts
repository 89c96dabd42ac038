/// <reference lib="esnext.disposable" />
import type { Desk, selfTest } from './gaen.js';
import type { databaseOf } from './gaen-backup.js';
import type { simulated } from './gaen-simulation.js';
import type { sightingsOf } from './gaen-store.js';
import type { Receiver } from './helpers.js';

export type { Desk, DocumentKind, GaenError, Observer, Progress, TaskCarrier } from './gaen.js';
export { Helpers } from './helpers.js';
export type { Receiver, Sender } from './helpers.js';
export type { MadeUpFile } from './gaen-simulation.js';
export type { FoundSightings } from './gaen-store.js';

/** A compiled module, or the bytes of one. */
export type ModuleSource = WebAssembly.Module | BufferSource;

/** The file of the fastest module that this engine takes. */
export const moduleName: 'gaen-simd.wasm' | 'gaen.wasm';

/** What reads everything but databases. */
export interface Gaen {
  /** Files in memory, what each is, and the documents that follow from them. */
  readonly Desk: typeof Desk;
  /** Checks this build against published answers. It throws `self_test` if one is wrong. */
  readonly selfTest: typeof selfTest;
}

/** What makes worlds up. */
export interface GaenSimulation {
  /** Files of a small made-up town. */
  readonly simulated: typeof simulated;
}

/** What reads databases. */
export interface GaenStore {
  /** Reads the sightings of a database. */
  readonly sightingsOf: typeof sightingsOf;
}

/** What decrypts backups. */
export interface GaenBackup {
  /** Decrypts a backup of a store, and returns the database of the store. */
  readonly databaseOf: typeof databaseOf;
}

/**
 * Loads the desk: the module `moduleName` beside this file, or the one that is given.
 *
 * Every call returns the same: there is one module a thread. An error without a `code`, such as a
 * `WebAssembly.RuntimeError`, ends the module: begin again in another thread.
 */
export function load(module?: ModuleSource): Promise<Gaen>;

/** Loads the module that reads databases, which is half as large as that of the desk. */
export function loadStore(module?: ModuleSource): Promise<GaenStore>;

/** Loads the module that decrypts backups. */
export function loadBackup(module?: ModuleSource): Promise<GaenBackup>;

/** Loads the module that makes worlds up. */
export function loadSimulation(module?: ModuleSource): Promise<GaenSimulation>;

/**
 * Makes this worker a helper of a desk in another one, with a module of its own. `port` leads to the desk's `Helpers`.
 */
export function help(port: Receiver, module?: ModuleSource): void;
