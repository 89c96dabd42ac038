import type { Helper, TaskCarrier } from './gaen.js';

/** Something that messages can be sent to: a worker, or a port of a channel to one. */
export interface Sender {
  postMessage(message: unknown): void;
}

/** Something that receives messages: a worker's `parentPort` in node, `self` in a browser, or a port of a channel. */
export interface Receiver {
  onmessage: ((event: any) => void) | null;
}

/**
 * Workers that help the searches of a desk: `desk.helpedBy(new Helpers([worker]))`. Each has to call `help`.
 *
 * They need shared memory, which a browser has in a page that is isolated (`crossOriginIsolated`), and a thread that may
 * wait: in a browser, a worker.
 */
export class Helpers {
  /** `patience` is how many milliseconds a search waits for a task that a helper has begun. Without it, ten seconds. */
  constructor(ports: Iterable<Sender>, options?: { patience?: number });
}

/** What a desk asks of them. */
export interface Helpers extends TaskCarrier {}

/** What `help` calls: does the tasks of every search that comes through a port, with the `Helper` of a module. */
export function helpThrough(port: Receiver, loading: typeof Helper | Promise<typeof Helper>): void;
