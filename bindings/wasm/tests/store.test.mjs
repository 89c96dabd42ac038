// The module of SQLite reads databases as `gaen store import` does, and another one decrypts backups for it.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { database, demo, folder, gaen, notBytes, printed, thrown } from './setup.mjs';

const { sightingsOf } = await gaen.loadStore();
const { databaseOf } = await gaen.loadBackup();
const NOON = 1_601_121_600;
const MICROG = `
  PRAGMA user_version = 12;
  CREATE TABLE advertisements(rpi BLOB NOT NULL, aem BLOB NOT NULL, timestamp INTEGER NOT NULL, rssi INTEGER NOT NULL,
    duration INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(rpi, timestamp));`;
const heard = (number, rssi = -60) =>
  `INSERT INTO advertisements VALUES (x'${number.toString(16).padStart(2, '0').repeat(16)}', x'01020304', ${NOON}000, ${rssi}, 2000);`;
const text = (content) => Buffer.from(content).toString();

/** What the command makes of the same database. */
function exported(at, program, file) {
  printed(at, 'store', 'import', 'gaen.db', `--${program}`, file);
  return printed(at, 'store', 'export', 'gaen.db', 'sightings');
}

test("microG's database says what the command reads from it", (t) => {
  const at = folder(t);
  const bytes = database(path.join(at, 'exposure.db'), MICROG + heard(1) + heard(2) + heard(3, 127));
  const [found, ...more] = sightingsOf(bytes, 'en');
  assert.equal(more.length, 0);
  assert.equal(text(found.content), exported(at, 'microg', 'exposure.db'));
  assert.deepEqual([found.name, found.sightings, found.repaired, found.skipped], ['microg.jsonl', 4, 0, { rssi: 1 }]);
});

test('what is no array of bytes is refused, and never a log that is not there', (t) => {
  const bytes = database(path.join(folder(t), 'exposure.db'), MICROG + heard(1));
  const { buffer } = new Uint8Array(bytes);
  for (const given of notBytes(buffer)) assert.equal(thrown(() => sightingsOf(given, 'en')).code, 'not_bytes');
  const logs = notBytes(buffer).filter((log) => log !== null && log !== undefined);
  for (const log of logs) assert.equal(thrown(() => sightingsOf(bytes, 'en', log)).code, 'not_bytes');
  assert.equal(sightingsOf(bytes, 'en', null)[0].sightings, sightingsOf(bytes, 'en')[0].sightings);
});

test("RaMBLE's database says what the command reads from it", (t) => {
  const at = folder(t);
  const bytes = database(path.join(at, 'ramble.sqlite'), `
    CREATE TABLE devices(id INTEGER PRIMARY KEY, service_uuids TEXT, service_data TEXT, last_seen INTEGER);
    CREATE TABLE locations(id INTEGER PRIMARY KEY, device_id INTEGER, timestamp INTEGER, rssi INTEGER);
    INSERT INTO devices VALUES (1, 'fd6f', 'fd6f:${'0a'.repeat(20)}', ${NOON});
    INSERT INTO locations VALUES (1, 1, ${NOON}, -50), (2, 1, ${NOON - 60}, -51);`);
  const [found] = sightingsOf(bytes, 'en');
  assert.equal(found.name, 'ramble.jsonl');
  assert.equal(text(found.content), exported(at, 'ramble', 'ramble.sqlite'));
});

test('a store and its encrypted backup say what the command exports', (t) => {
  const at = folder(t);
  printed(at, 'store', 'import', 'gaen.db', path.join(demo, 'sightings.jsonl'));
  const sightings = printed(at, 'store', 'export', 'gaen.db', 'sightings');
  assert.ok(!existsSync(path.join(at, 'gaen.db-wal')));
  const store = readFileSync(path.join(at, 'gaen.db'));
  assert.equal(thrown(() => sightingsOf(store, 'en')).code, 'log_missing');
  assert.equal(text(sightingsOf(store, 'en', new Uint8Array())[0].content), sightings);

  const key = 'age15nsf9y4k28p83wth93tf7hafhvfajp45d2mge80ems45gz0c5gys3me64l';
  const secret = 'AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN';
  printed(at, 'store', 'backup', 'gaen.db', '--recipient', key, '-o', 'gaen.age');
  const backup = readFileSync(path.join(at, 'gaen.age'));
  const japanese = thrown(() => sightingsOf(backup, 'ja'));
  assert.equal(japanese.code, 'backup_secret');
  assert.match(japanese.message, /暗号化/);
  const database = databaseOf(backup, 'en', ` ${secret}\n`);
  assert.ok(database instanceof Uint8Array);
  assert.equal(text(sightingsOf(database, 'en', new Uint8Array())[0].content), sightings);
  for (const [code, given, content] of [
    ['wrong_key', 'AGE-SECRET-KEY-1QGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ0N3JDM', backup],
    ['wrong_key', 'a guess', backup],
    ['empty_passphrase', '', backup],
    ['not_a_key', 'AGE-SECRET-KEY-1', backup],
    ['damaged_backup', secret, backup.subarray(0, backup.length - 1)],
    ['not_a_backup', secret, store],
    ...notBytes(new Uint8Array(backup).buffer).map((given) => ['not_bytes', secret, given]),
  ]) {
    assert.equal(thrown(() => databaseOf(content, 'en', given)).code, code);
    if (code !== 'not_bytes') assert.match(thrown(() => databaseOf(content, 'ja', given)).message, /。$/);
  }
});

test('a log counts, and its absence is no calm answer', (t) => {
  const at = folder(t);
  const file = path.join(at, 'exposure.db');
  const bytes = database(file, `${MICROG} PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${heard(1)} ${heard(2)}`);
  const log = readFileSync(`${file}-wal`);
  const error = thrown(() => sightingsOf(bytes, 'en'));
  assert.equal(error.code, 'log_missing');
  assert.match(error.message, /-wal/);
  const japanese = thrown(() => sightingsOf(bytes, 'ja'));
  assert.equal(japanese.code, 'log_missing');
  assert.match(japanese.message, /-walで終わる/);
  const [found] = sightingsOf(bytes, 'en', log);
  assert.equal(found.sightings, 4);
  for (const end of ['', '-wal']) copyFileSync(file + end, path.join(at, `copy.db${end}`));
  assert.equal(text(found.content), exported(at, 'microg', 'copy.db'));
  assert.equal(thrown(() => sightingsOf(bytes, 'en', log.subarray(0, 31))).code, 'not_importable');
});

test('what is no database has its own sentence, and the module works on', (t) => {
  const at = folder(t);
  const other = database(path.join(at, 'contacts.db'), 'CREATE TABLE contacts(name); INSERT INTO contacts VALUES (1);');
  for (const bytes of [new Uint8Array(), Buffer.from('SQLite format 3'), new Uint8Array(5000).fill(7), other]) {
    const error = thrown(() => sightingsOf(bytes, 'en'));
    assert.equal(error.name, 'GaenError');
    assert.equal(error.code, 'not_importable', error.message);
  }
  // Bent anywhere, a database is read or refused.
  const bytes = database(path.join(at, 'exposure.db'), MICROG + heard(1) + heard(2));
  for (let place = 0; place < bytes.length; place += 97) {
    const bent = Buffer.from(bytes);
    bent[place] ^= 255;
    try {
      sightingsOf(bent, 'en', new Uint8Array());
    } catch (error) {
      assert.equal(error.name, 'GaenError', `${place}: ${error}`);
    }
  }
});
