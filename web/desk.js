// The desk as the page sees it: the files that lie there, and questions about them that a worker answers.
import { furtherModule, HELPERS, mainModule, startWorker } from "./modules.js";

/** What went wrong, with a stable `code`, and a sentence where the desk has one. */
export class DeskError extends Error {
  constructor(code, message = code) {
    super(message);
    this.code = code;
  }
}

export class Desk {
  /** Of each file on the desk, by its number. They are added again after the worker was ended. */
  #files = new Map();
  #worker = null;
  #helpers = [];
  #started = null;
  /** The modules that the worker has beside that of the desk. */
  #modules = new Set();
  #limit = Infinity;
  #questions = new Map();
  #asked = 0;
  #onprogress;

  /** `onprogress` is told which part of a question's work is done, from 0 to 1. */
  constructor(onprogress) {
    this.#onprogress = onprogress;
  }

  /** How many bytes may lie on the desk; known once the worker has started. */
  get limit() {
    return this.#limit;
  }

  /** The bytes of a file on the desk. */
  size(id) {
    return this.#files.get(id).size;
  }

  /** Puts a file on the desk. What cannot lie there with the others is refused before it is read. */
  async add(file) {
    await this.start();
    const held = [...this.#files.values()].reduce((sum, { size }) => sum + size, file.size);
    if (held > this.#limit) throw new DeskError("desk_full");
    const id = await this.#ask("add", file);
    this.#files.set(id, file);
    return id;
  }

  async remove(id) {
    await this.start();
    await this.#ask("remove", id);
    this.#files.delete(id);
  }

  /** Clears the desk. */
  clear() {
    this.#files.clear();
    this.#end("cancelled");
  }

  /** Stops what is being worked on: it fails as `cancelled`. The files stay, with their numbers. */
  cancel() {
    this.#end("cancelled");
  }

  async overview(settings) {
    await this.start();
    return this.#ask("overview", JSON.stringify(settings));
  }

  /** A document as text: byte for byte what the command prints. */
  async document(kind, settings, id) {
    await this.start();
    return this.#ask("document", kind, JSON.stringify(settings), id);
  }

  /** A document to show: its sentences are in the reader's language. */
  async shown(kind, settings, id) {
    await this.start();
    return JSON.parse(await this.#ask("shown", kind, JSON.stringify(settings), id));
  }

  /** The report, as HTML. */
  async report(settings) {
    await this.start();
    return this.#ask("report", JSON.stringify(settings));
  }

  /** Files of a small made-up world. */
  async simulated(seed) {
    await this.start();
    await this.#bring("simulation");
    const made = await this.#ask("simulated", seed);
    return made.map(({ name, content }) => new File([content], name));
  }

  /**
   * Reads the sightings of a database or a backup, and puts these on the desk in its place. `secret` opens a backup. `log` is the
   * number of the file beside a database, which leaves the desk too, or `null` if there is none. Returns what was found, with the
   * numbers of the new files.
   */
  async readDatabase(id, language, secret, log) {
    await this.start();
    const file = this.#files.get(id);
    const beside = log === null ? new File([], "") : this.#files.get(log);
    const isBackup = secret !== undefined;
    if (isBackup) await this.#bring("backup");
    await this.#bring("store");
    const found = await (isBackup ? this.#ask("sightingsOfBackup", file, language, secret) : this.#ask("sightings", file, language, beside));
    const added = [];
    for (const { content, ...facts } of found) added.push({ id: await this.add(new File([content], `${file.name}.jsonl`)), ...facts });
    for (const read of [id, log ?? []].flat()) await this.remove(read);
    return added;
  }

  /** Starts the worker, if it is not there. Everything else does this, too. */
  start() {
    return this.#started ??= this.#startAnew().catch((error) => {
      // Who cancels has ended the worker, and the next one may be starting.
      if (error.code !== "cancelled") this.#end(error.code);
      throw error;
    });
  }

  async #startAnew() {
    const worker = this.#worker = startWorker();
    worker.addEventListener("message", ({ data }) => this.#hear(data));
    worker.addEventListener("error", () => this.#end("broken"));
    this.#limit = await this.#ask("start", await this.#unlessEnded(mainModule()), Array.from({ length: HELPERS }, () => this.#startHelper()));
    let last = 0;
    for (const [id, file] of this.#files) {
      // Numbers are given in turn. Those of files that were removed are used up, so that each file keeps its own.
      while (last < id - 1) await this.#ask("remove", last = await this.#ask("add", new File([], "")));
      last = await this.#ask("add", file);
    }
  }

  /** Starts a worker that helps the other, and returns the port that leads to it. */
  #startHelper() {
    const helper = startWorker();
    this.#helpers.push(helper);
    const { port1, port2 } = new MessageChannel();
    helper.postMessage({ name: "help", values: [port1] }, [port1]);
    return port2;
  }

  /** Brings the worker a module that it did not need before. */
  async #bring(name) {
    if (this.#modules.has(name)) return;
    await this.#ask("bring", name, await this.#unlessEnded(furtherModule(name)));
    this.#modules.add(name);
  }

  /** What this comes to. Fails as `cancelled` if the worker was ended meanwhile, whatever else failed. */
  async #unlessEnded(awaited) {
    const worker = this.#worker;
    await Promise.allSettled([awaited]);
    if (worker !== this.#worker) throw new DeskError("cancelled");
    return awaited;
  }

  #ask(name, ...values) {
    const number = this.#asked += 1;
    return new Promise((resolve, reject) => {
      this.#questions.set(number, { resolve, reject });
      this.#worker.postMessage({ number, name, values }, values.flat().filter((value) => value instanceof MessagePort));
    });
  }

  #hear({ number, answer, error, progress }) {
    if (progress !== undefined) return this.#onprogress(progress);
    const question = this.#questions.get(number);
    this.#questions.delete(number);
    if (!error) return question?.resolve(answer);
    question?.reject(new DeskError(error.code, error.message));
    if (error.code === "broken") this.#end("broken");
  }

  /** Ends all workers, and with them every question. */
  #end(code) {
    for (const worker of [this.#worker, ...this.#helpers]) worker?.terminate();
    this.#helpers = [];
    this.#worker = this.#started = null;
    this.#modules.clear();
    const questions = [...this.#questions.values()];
    this.#questions.clear();
    for (const { reject } of questions) reject(new DeskError(code));
  }
}
