// The desk in node writes what the command prints, and tells a program what went wrong.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { built, demo, desk, folder, gaen, hasPlainModule, notBytes, printed, repository, thrown } from './setup.mjs';

const { Desk, selfTest } = await gaen.load();
const { simulated } = await gaen.loadSimulation();
const NOW = 1_601_251_200;
const FILES = ['440-v1.pem', 'day-1.zip', 'day-2.zip', 'sightings.jsonl'];
const SEARCH = ['--sightings', 'sightings.jsonl', '--trust', '440-v1=440-v1.pem', 'day-1.zip', 'day-2.zip'];
const settings = (more = {}) => JSON.stringify({ now: NOW, rules: [{ preset: 'cocoa-v2' }], ...more });

test('this build answers as published', () => {
  selfTest();
  assert.equal(gaen.moduleName, 'gaen-simd.wasm');
});

test('documents and the report are those of the command, byte for byte', () => {
  const on = desk(Desk, demo, [...FILES, 'log.json']);
  const judged = [...SEARCH, '--now', `${NOW}`, '--preset', 'cocoa-v2'];
  assert.equal(on.document('match', '{}'), printed(demo, 'match', ...SEARCH, '--json'));
  assert.equal(on.document('exposures', settings()), printed(demo, 'exposures', ...judged, '--json'));
  assert.equal(on.document('explain', settings({ full: true })), printed(demo, 'explain', ...judged, '--json'));
  assert.equal(on.document('inspect', '{}', 2), printed(demo, 'inspect', 'day-1.zip', '--json'));
  const log = ['log', 'log.json', '--json', '--exports', 'day-1.zip', '--exports', 'day-2.zip', '--language', 'ja'];
  assert.equal(on.document('log', '{"language":"ja"}'), printed(demo, ...log));
  assert.equal(on.report(settings()), printed(demo, 'report', ...judged, '-o', '-'));
  on.free();
});

test('what is no array of bytes is refused, and never an empty file', () => {
  const on = new Desk();
  const content = readFileSync(path.join(demo, 'sightings.jsonl'));
  const { buffer } = new Uint8Array(content);
  for (const given of notBytes(buffer)) assert.equal(thrown(() => on.add('heard.jsonl', given)).code, 'not_bytes');
  assert.match(thrown(() => on.add('heard.jsonl', buffer)).message, /ArrayBuffer: give new Uint8Array/);
  assert.deepEqual(JSON.parse(on.overview('{}')).items, []);
  // Another frame's array is none of this one's class.
  on.add('heard.jsonl', runInNewContext('new Uint8Array(buffer)', { buffer }));
  on.add('heard.jsonl', content);
  assert.deepEqual(JSON.parse(on.overview('{}')).items.map(({ kind }) => kind), ['sightings', 'sightings']);
  on.free();
});

test('broken and hostile files are described as the command describes them', () => {
  const vectors = path.join(repository, 'test-vectors/exports');
  const names = readdirSync(vectors).filter((name) => name.endsWith('.zip')).sort();
  const on = desk(Desk, vectors, names);
  const { items } = JSON.parse(on.overview('{}'));
  assert.equal(items.length, names.length);
  const exports = items.filter(({ kind }) => kind.startsWith('export')).map(({ name }) => name);
  assert.ok(exports.length > 50, `${exports.length} of ${names.length} vectors are export files`);
  assert.equal(on.document('inspect', '{}'), printed(vectors, 'inspect', '--json', ...exports));
  on.free();
});

test('a made-up town is the one that the command makes', (t) => {
  const town = folder(t);
  printed(town, 'simulate', '--seed', '7', '--people', '24', '-o', 'town', '--json');
  const all = readdirSync(path.join(town, 'town'), { recursive: true, withFileTypes: true });
  const written = all.filter((entry) => entry.isFile()).map((entry) => readFileSync(path.join(entry.parentPath ?? entry.path, entry.name)));
  const files = simulated(7n);
  assert.ok(files.length >= 3, `${files.length} files`);
  for (const { name, content } of files) {
    assert.ok(written.some((file) => file.equals(content)), `the command writes no file like ${name}`);
  }
  const on = new Desk();
  for (const { name, content } of files) on.add(name, content);
  const { answers } = JSON.parse(on.overview('{}'));
  assert.ok(answers.find(({ answer }) => answer === 'report').ready);
  on.free();
});

test('errors have a code and a sentence', () => {
  const on = new Desk();
  for (const [code, call] of [
    ['unknown_document', () => on.document('novel', '{}')],
    ['settings', () => on.overview('{"nwo": 1}')],
    ['missing', () => on.document('match', '{}')],
    ['no_such_item', () => on.document('inspect', '{}', 9)],
  ]) {
    const error = thrown(call);
    assert.ok(error instanceof Error && error.name === 'GaenError', `${error}`);
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.length > 10, error.message);
  }
  assert.equal(on.remove(9), false);
  on.free();
});

test('a search tells how far it is, stops when told, and throws what its observer throws', () => {
  const on = desk(Desk, demo, FILES);
  const boom = new Error('boom');
  assert.equal(thrown(() => on.document('match', '{}', undefined, () => { throw boom; })), boom);
  assert.equal(thrown(() => on.document('match', '{}', undefined, () => false)).code, 'cancelled');
  const told = [];
  // What answers nothing goes on.
  const found = on.document('match', '{}', undefined, (progress) => void told.push(progress));
  assert.equal(found, printed(demo, 'match', ...SEARCH, '--json'));
  const last = told.at(-1);
  assert.deepEqual([last.file, last.files, last.keys], [1, 2, 120]);
  assert.ok(told.every(({ bytes, totalBytes }) => bytes > 0 && bytes <= totalBytes), JSON.stringify(told));
  on.free();
});

test('both modules of the desk give the same answer', { skip: !hasPlainModule }, async () => {
  const work = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.index).then(async ({ load }) => {
      const { Desk } = await load(workerData.module);
      const desk = new Desk();
      for (const [name, content] of workerData.files) desk.add(name, content);
      parentPort.postMessage(desk.document('match', '{}'));
    });`;
  const files = FILES.map((name) => [name, readFileSync(path.join(demo, name))]);
  const answers = await Promise.all(['gaen.wasm', 'gaen-simd.wasm'].map((name) => new Promise((resolve, reject) => {
    const module = readFileSync(path.join(built, name));
    const worker = new Worker(work, { eval: true, workerData: { index: `file://${built}/index.js`, module, files } });
    worker.on('message', resolve).on('error', reject);
  })));
  assert.equal(answers[0], printed(demo, 'match', ...SEARCH, '--json'));
  assert.equal(answers[1], answers[0]);
});
