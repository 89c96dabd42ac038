// Files to search, made by the command; the planted identifiers are made by node's own AES and HKDF.
import { execFileSync } from 'node:child_process';
import { createCipheriv, hkdfSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const MIDNIGHT = 2_668_464; // The interval of 2020-09-26 00:00 UTC.
export const DAYS = 14;
export const SIGHTINGS = 10_000;
/** How many of them are of keys in the file. */
export const PLANTED = 200;

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

/** Makes `COUNT.zip`, its public key `440-v1.public.pem`, and the sightings `COUNT.jsonl`, unless they are there. */
export function make(command, folder, count) {
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
