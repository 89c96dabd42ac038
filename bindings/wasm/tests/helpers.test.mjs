// Workers that help write what one worker writes, byte for byte.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PLANTED, make } from '../benches/material.mjs';
import { built, command, demo, desk, folder, gaen, printed, repository, thrown } from './setup.mjs';

const { Desk } = await gaen.load();
const { simulated } = await gaen.loadSimulation();
const settings = (more = {}) => JSON.stringify({ now: 1_601_251_200, rules: [{ preset: 'cocoa-v2' }], ...more });

/** Workers that run this, with the package at hand. They end after the test. */
function started(t, count, source) {
  const index = pathToFileURL(path.join(built, 'index.js')).href;
  const around = `const { parentPort, workerData } = require('node:worker_threads'); ${source}`;
  const workers = Array.from({ length: count }, () => new Worker(around, { eval: true, workerData: index }));
  t.after(() => Promise.all(workers.map((worker) => worker.terminate())));
  return workers;
}

const HELP = 'import(workerData).then(({ help }) => help(parentPort));';

/** Asks the helpers for everything, and waits until they have done it. */
class Lazy extends gaen.Helpers {
  answered = 0;
  #late = Date.now() + 60_000;

  give(place, task) {
    while (!super.give(place, task)) assert.ok(Date.now() < this.#late, 'no helper is ready');
    return true;
  }

  answer(place) {
    while (!this.hasAnswered(place)) assert.ok(Date.now() < this.#late, 'no helper answers');
    const answer = super.answer(place);
    this.answered += answer ? 1 : 0;
    return answer;
  }
}

/** The same files on two desks, of which one has helpers. */
function both(files, helpers) {
  const desks = [new Desk(), new Desk()];
  for (const on of desks) for (const { name, content } of files) on.add(name, content);
  desks[1].helpedBy(helpers);
  return desks;
}

/** What a call returns, or the code and the sentence of its error. */
function outcome(call) {
  try {
    return call();
  } catch ({ code, message }) {
    return `${code}: ${message}`;
  }
}

const from = (at, names) => names.map((name) => ({ name, content: readFileSync(path.join(at, name)) }));
const DEMO = from(demo, ['440-v1.pem', 'day-1.zip', 'day-2.zip', 'sightings.jsonl']);

test('documents of the demo, of broken files and of a made-up town', (t) => {
  const vectors = path.join(repository, 'test-vectors/exports');
  const faults = from(vectors, readdirSync(vectors).filter((name) => name.endsWith('.zip')).sort());
  const [worker] = started(t, 1, HELP);
  for (const [what, files] of Object.entries({ demo: DEMO, faults: [...DEMO, ...faults], town: simulated(7n) })) {
    for (const verify of [true, false]) {
      const helpers = new Lazy([worker]);
      const [alone, helped] = both(files, helpers);
      for (const kind of ['match', 'exposures', 'explain', 'judge']) {
        const [one, two] = [alone, helped].map((on) => outcome(() => on.document(kind, settings({ verify }))));
        assert.equal(two, one, `${what}: ${kind}`);
      }
      const [one, two] = [alone, helped].map((on) => outcome(() => on.report(settings({ verify }))));
      assert.equal(two, one, what);
      assert.ok(helpers.answered >= 2, `${what}: ${helpers.answered} tasks`);
      alone.free();
      helped.free();
    }
  }
});

test('one file of many keys: the answer, how far the search is, and its end on demand', (t) => {
  const at = folder(t);
  make(command, at, 20_000);
  const files = from(at, ['20000.zip', '20000.jsonl']).concat({ name: '440-v1.pem', content: readFileSync(path.join(at, '440-v1.public.pem')) });
  const helpers = new Lazy(started(t, 2, HELP));
  const [alone, helped] = both(files, helpers);
  assert.equal(thrown(() => helped.document('match', '{}', undefined, () => false)).code, 'cancelled');
  const told = [alone, helped].map((on) => {
    const told = [];
    const found = on.document('match', '{}', undefined, (progress) => void told.push(progress));
    return { told, found };
  });
  assert.deepEqual(told[1], told[0]);
  assert.ok(told[0].told.length >= 2);
  assert.equal(JSON.parse(told[0].found).matches.length, PLANTED);
  assert.equal(told[0].found, printed(at, 'match', '--sightings', '20000.jsonl', '--trust', '440-v1=440-v1.public.pem', '20000.zip', '--json'));
  assert.ok(helpers.answered > 20, `${helpers.answered} tasks`);

  // As they come: what a helper has not begun, the search does itself.
  const [, busy] = both(files, new gaen.Helpers(started(t, 2, HELP)));
  assert.equal(busy.document('match', '{}'), told[0].found);
  for (const on of [alone, helped, busy]) on.free();
});

test('helpers that never come, fail or fall silent change nothing', (t) => {
  const found = desk(Desk, demo, DEMO.map(({ name }) => name)).document('match', '{}');
  const onBoard = 'parentPort.onmessage = ({ data: { memory, places } }) => { const numbers = new Int32Array(memory, 0, places);';
  const silent = `${onBoard} numbers.fill(1); while (Atomics.compareExchange(numbers, 0, 2, 3) !== 2); };`;
  const wrong = `${onBoard} numbers.fill(1); while (Atomics.compareExchange(numbers, 0, 2, 4) !== 2); };`;
  for (const source of ['', silent, wrong]) {
    const helpers = new gaen.Helpers(started(t, 1, source), { patience: 20 });
    let waits = source !== '';
    const give = helpers.give.bind(helpers);
    helpers.give = (place, task) => {
      while (waits && !give(place, task));
      const given = waits;
      waits = false;
      return given;
    };
    const answer = helpers.answer.bind(helpers);
    helpers.answer = (place) => {
      // The worker has begun.
      for (const late = Date.now() + 500; Date.now() < late; );
      return answer(place);
    };
    const [, helped] = both(DEMO, helpers);
    assert.equal(helped.document('match', '{}'), found, source);
    helped.free();
  }
});
