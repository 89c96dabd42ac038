// What the package costs: `node benches/bench.mjs [ROUNDS]`, after `build` and `GAEN_WASM=kernels build target/wasm-kernels`.
// Prints the table of the guide. `node benches/bench.mjs workers [ROUNDS]` measures two workers against one, by the clock.
//
// Each row asserts its answer. Each case runs in a process of its own, because a module never gives memory back. Times are the least of the rounds, of the
// processor and not of the clock; compare them on a quiet machine only.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { DAYS, PLANTED, SIGHTINGS, make } from './material.mjs';

const here = fileURLToPath(import.meta.url);
const repository = path.resolve(path.dirname(here), '../../..');
const built = path.resolve(process.env.GAEN_PACKAGE ?? path.join(repository, 'bindings/wasm/pkg'));
const target = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(repository, 'target'));
const kernels = path.resolve(process.env.GAEN_KERNELS ?? path.join(target, 'wasm-kernels'));
const command = process.env.GAEN_COMMAND ?? path.join(target, 'debug/gaen');
const folder = path.join(target, 'wasm-bench');

const MODULES = ['gaen.wasm', 'gaen-simd.wasm'];

/** Processor time of this process, milliseconds. */
const spent = () => process.cpuUsage().user / 1000;

/** The kernels alone, over so many keys: the least time that a search can take. */
async function kernelsAlone(name) {
  const glue = await import(path.join(kernels, 'kernels.js'));
  glue.initSync({ module: readFileSync(path.join(kernels, name.replace('gaen', 'kernels'))) });
  // The identifiers that a key of one day can meet.
  const alone = glue.Kernels.over(SIGHTINGS / DAYS);
  return (count) => {
    const start = spent();
    const batches = Math.ceil(count / alone.keys);
    let found = 0;
    for (let batch = 0; batch < batches; batch += 1) found += alone.search();
    assert.ok(found >= batches * alone.tiles && found < 2 * batches * alone.tiles);
    return ((spent() - start) * count) / (batches * alone.keys);
  };
}

/** One case, in a process of its own: the best of the rounds, in turns with the kernels alone, and the memory of the module. */
async function run(name, count, rounds) {
  const alone = await kernelsAlone(name);
  const glue = await import(path.join(built, 'gaen.js'));
  const { memory } = glue.initSync({ module: readFileSync(path.join(built, name)) });
  const before = memory.buffer.byteLength;
  const read = (file) => readFileSync(path.join(folder, file));
  let [best, least] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round += 1) {
    const desk = new glue.Desk();
    const start = spent();
    desk.add('440-v1.pem', read('440-v1.public.pem'));
    desk.add('keys.zip', read(`${count}.zip`));
    desk.add('heard.jsonl', read(`${count}.jsonl`));
    const found = desk.document('match', '{}');
    best = Math.min(best, spent() - start);
    const { matches, files } = JSON.parse(found);
    assert.equal(matches.length, PLANTED);
    assert.equal(files[0].keys, count);
    desk.free();
    least = Math.min(least, alone(count));
  }
  return { best, least, over: memory.buffer.byteLength - before };
}

/** A log from the start of a new process to its conclusion. */
async function log(name) {
  const begun = spent();
  const glue = await import(path.join(built, 'gaen.js'));
  glue.initSync({ module: readFileSync(path.join(built, name)) });
  const desk = new glue.Desk();
  desk.add('log.json', readFileSync(path.join(repository, 'demo/log.json')));
  const { conclusion } = JSON.parse(desk.document('log', '{"language":"ja"}'));
  assert.ok(conclusion);
  return { best: spent() - begun };
}

/** One search by the clock, in milliseconds, on a desk that has searched nothing yet. */
function searched(desk, files) {
  for (const [name, content] of files) desk.add(name, content);
  const start = performance.now();
  const found = desk.document('match', '{}');
  return { time: performance.now() - start, found };
}

/** The same searches by one worker and by two, in turns: the best of the rounds. */
async function workers(rounds) {
  const { Helpers, load } = await import(path.join(built, 'index.js'));
  const { Desk } = await load();
  const help = "const { parentPort, workerData } = require('node:worker_threads'); import(workerData).then(({ help }) => help(parentPort));";
  const worker = new Worker(help, { eval: true, workerData: pathToFileURL(path.join(built, 'index.js')).href });
  const read = (file) => readFileSync(path.join(folder, file));
  const key = ['440-v1.pem', read('440-v1.public.pem')];
  const single = (count) => [key, ['heard.jsonl', read(`${count}.jsonl`)], ['keys.zip', read(`${count}.zip`)]];
  const [large, huge] = [100_000, 1_000_000];
  for (const count of [large, huge]) make(command, folder, count);
  console.log(`${os.cpus()[0].model}, node ${process.version}\n`);
  console.log('| searched for 10000 sightings | one worker | two workers | times as fast |');
  console.log('|---|---|---|---|');
  for (const count of [large, huge]) {
    const files = single(count);
    let [one, two] = [Infinity, Infinity];
    for (let round = 0; round < rounds; round += 1) {
      const alone = new Desk();
      const first = searched(alone, files);
      alone.free();
      const helped = new Desk();
      helped.helpedBy(new Helpers([worker]));
      const second = searched(helped, files);
      helped.free();
      assert.equal(second.found, first.found);
      assert.equal(JSON.parse(first.found).matches.length, PLANTED);
      [one, two] = [Math.min(one, first.time), Math.min(two, second.time)];
    }
    console.log(`| ${count} keys in one file | ${one.toFixed(0)} ms | ${two.toFixed(0)} ms | ${(one / two).toFixed(2)} x |`);
  }
  await worker.terminate();
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'run') {
  console.log(JSON.stringify(await run(rest[0], Number(rest[1]), Number(rest[2]))));
} else if (mode === 'workers') {
  await workers(Number(rest[0] ?? 5));
} else if (mode === 'log') {
  console.log(JSON.stringify(await log(rest[0])));
} else {
  const rounds = Number(mode ?? 5);
  const child = (...args) => JSON.parse(execFileSync(process.execPath, [here, ...args.map(String)], { encoding: 'utf8' }));
  const ms = (time) => `${time.toFixed(0)} ms`;
  const [large, huge] = [100_000, 1_000_000];
  make(command, folder, large);
  make(command, folder, huge);
  console.log(`${os.cpus()[0].model}, node ${process.version}\n`);
  console.log(`| module | bytes | gzip -9 | brotli -11 | log to conclusion, cold | ${large} keys, ${SIGHTINGS} sightings | kernels alone | ratio | ${huge} keys | memory for ${huge} keys |`);
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const name of [...MODULES, 'gaen-store.wasm', 'gaen-backup.wasm', 'gaen-simulation.wasm']) {
    const bytes = readFileSync(path.join(built, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
    const cells = [name, statSync(path.join(built, name)).size, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, { params }).length];
    if (MODULES.includes(name)) {
      const cold = Math.min(...Array.from({ length: rounds }, () => child('log', name).best));
      const many = child('run', name, huge, 1);
      const { best, least } = child('run', name, large, rounds);
      cells.push(ms(cold), ms(best), ms(least), `${(best / least).toFixed(2)} x`, ms(many.best), `${(many.over / 2 ** 20).toFixed(1)} MiB`);
    } else {
      cells.push('', '', '', '', '', '');
    }
    console.log(`| ${cells.join(' | ')} |`);
  }
}
