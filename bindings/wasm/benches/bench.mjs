// What the package costs: `node benches/bench.mjs [ROUNDS]`, after `build` and `GAEN_WASM=kernels build target/wasm-kernels`.
// Prints the table of the guide.
//
// The files are made by the command, the planted identifiers by node's own AES and HKDF. Each row asserts its answer. Each
// case runs in a process of its own, because a module never gives memory back. Times are the least of the rounds, of the
// processor and not of the clock; compare them on a quiet machine only.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createCipheriv, hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = fileURLToPath(import.meta.url);
const repository = path.resolve(path.dirname(here), '../../..');
const built = path.resolve(process.env.GAEN_PACKAGE ?? path.join(repository, 'bindings/wasm/pkg'));
const target = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(repository, 'target'));
const kernels = path.resolve(process.env.GAEN_KERNELS ?? path.join(target, 'wasm-kernels'));
const command = process.env.GAEN_COMMAND ?? path.join(target, 'debug/gaen');
const folder = path.join(target, 'wasm-bench');

const MIDNIGHT = 2_668_464; // The interval of 2020-09-26 00:00 UTC.
const DAYS = 14;
const SIGHTINGS = 10_000;
const PLANTED = 200;
const MODULES = ['gaen.wasm', 'gaen-simd.wasm'];

/** The same numbers on every run: xorshift32. */
function numbers(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** The identifier and the encrypted metadata of a key, by node's own primitives. */
function sent(key, interval) {
  const derived = (info) => Buffer.from(hkdfSync('sha256', key, '', info, 16));
  const encrypt = (cipher, name, text, iv) => createCipheriv(name, cipher, iv).setAutoPadding(false).update(text);
  const padded = Buffer.alloc(16);
  padded.write('EN-RPI');
  padded.writeUInt32LE(interval, 12);
  const rpi = encrypt(derived('EN-RPIK'), 'aes-128-ecb', padded, null);
  return { rpi, aem: encrypt(derived('EN-AEMK'), 'aes-128-ctr', Buffer.from([0x40, 0, 0, 0]), rpi) };
}

function make(count) {
  const zip = path.join(folder, `${count}.zip`);
  if (existsSync(zip)) return;
  mkdirSync(folder, { recursive: true });
  const next = numbers(count);
  const bytes = () => Buffer.from(Uint32Array.from({ length: 4 }, next).buffer);
  const keys = Array.from({ length: count }, () => ({ key: bytes(), start: MIDNIGHT - 144 * (next() % DAYS) }));
  const rows = keys.map(({ key, start }) => `${key.toString('hex')},${start},144`);
  writeFileSync(path.join(folder, 'keys.csv'), `tek,rolling_start_interval_number,rolling_period\n${rows.join('\n')}\n`);
  const line = (rpi, aem, interval) =>
    JSON.stringify({ rpi: rpi.toString('hex'), aem: aem.toString('hex'), rssi: -60, time: interval * 600 + 300 });
  const heard = Array.from({ length: SIGHTINGS - PLANTED }, () =>
    line(bytes(), bytes().subarray(0, 4), MIDNIGHT - 144 * (DAYS - 1) + (next() % (144 * DAYS))));
  for (let at = 0; at < PLANTED; at += 1) {
    const { key, start } = keys[Math.floor((at * count) / PLANTED)];
    const interval = start + (next() % 144);
    const { rpi, aem } = sent(key, interval);
    heard.push(line(rpi, aem, interval));
  }
  writeFileSync(path.join(folder, `${count}.jsonl`), `${heard.join('\n')}\n`);
  const gaen = (...args) => execFileSync(command, args, { cwd: folder });
  if (!existsSync(path.join(folder, '440-v1.private.pem'))) gaen('keygen', '--id', '440', '--version', 'v1', '-o', '440-v1');
  gaen('export', '--keys', 'keys.csv', '--region', '440', '--start', '2020-09-26', '--end', '2020-09-27', '--sign',
    '440-v1=440-v1.private.pem', '--max-keys', `${count}`, '-o', zip);
}

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

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'run') {
  console.log(JSON.stringify(await run(rest[0], Number(rest[1]), Number(rest[2]))));
} else if (mode === 'log') {
  console.log(JSON.stringify(await log(rest[0])));
} else {
  const rounds = Number(mode ?? 5);
  const child = (...args) => JSON.parse(execFileSync(process.execPath, [here, ...args.map(String)], { encoding: 'utf8' }));
  const ms = (time) => `${time.toFixed(0)} ms`;
  const [large, huge] = [100_000, 1_000_000];
  make(large);
  make(huge);
  console.log(`${os.cpus()[0].model}, node ${process.version}\n`);
  console.log(`| module | bytes | gzip -9 | brotli -11 | log to conclusion, cold | ${large} keys, ${SIGHTINGS} sightings | kernels alone | ratio | ${huge} keys | memory for ${huge} keys |`);
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const name of [...MODULES, 'gaen-store.wasm']) {
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
