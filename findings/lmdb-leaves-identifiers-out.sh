#!/usr/bin/env bash
# lmdb 3.5.6 with ordered-binary 1.6.3 (npm): sightings in LMDB, under keys of bytes: the identifier, or the interval
# number (four bytes, big-endian, so that they lie in the order of time) and the identifier.
#
# A Buffer is taken as a key as it is, and every sighting is found again by get(). A walk through the store is another
# matter: without a start, getRange, getKeys and getCount begin behind the keys that this package keeps for symbols, at
# byte 5. What they meet they take for numbers, texts and arrays in the package's own form.
# - Identifiers that begin with 0 to 4 are left out, one in 51. Interval numbers all begin with 0: the store of those is
#   empty, with a count of 0, and a purge that walks through it removes nothing. Nothing is said.
# - Of the other identifiers, three quarters come back as a text and 15 % as an array; get() does not know these keys.
#   One in 26 is read as a number that is none, and the walk ends with an error, after 40 of 10,000.
# The README says that a Buffer is not given back as one. This is the default, keyEncoding: "ordered-binary"; with
# "binary" all of it is right.
#
# Seen, of 10,000 sightings each: get() 10,000; counted 9,802 by identifier and 0 by interval; walked 40 and 0; keys
# that get() knows again 154 and 0 (asked for one by one). With "binary" 10,000 each time.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" lmdb@3.5.6 ordered-binary@1.6.3 >/dev/null

cat > walk.mjs <<'JS'
import { createHash } from "node:crypto";
import { open } from "lmdb";

const SIGHTINGS = 10_000;
const identifier = (number) => createHash("sha256").update(`${number}`).digest().subarray(0, 16);
const interval = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(2_642_976 + Math.floor(number / 5));
  return bytes;
};
const forms = {
  identifier,
  "interval and identifier": (number) => Buffer.concat([interval(number), identifier(number)]),
};

async function look(form, keyEncoding) {
  const store = open({ path: `${form} ${keyEncoding}`, keyEncoding });
  const keys = Array.from({ length: SIGHTINGS }, (_, number) => forms[form](number));
  await store.transaction(() => keys.forEach((key, number) => store.put(key, number)));

  const found = keys.filter((key, number) => store.get(key) === number).length;
  let walked = 0;
  let end = "to the end";
  try {
    for (const _ of store.getRange()) walked += 1;
  } catch (error) {
    end = error.name;
  }
  // Each key by itself, from which the walk has to begin here.
  const again = keys.filter((start, number) => {
    try {
      const [{ key }] = store.getRange({ start, limit: 1 });
      return store.get(key) === number;
    } catch {
      return false;
    }
  }).length;
  const seen = `found ${found}, counted ${store.getCount()}, walked ${walked} ${end}, known again ${again}`;
  console.log(`${form}, ${keyEncoding}: ${seen}`);
  await store.close();
  return seen;
}

for (const [form, keyEncoding, expected] of [
  ["identifier", "ordered-binary", "found 10000, counted 9802, walked 40 RangeError, known again 154"],
  ["interval and identifier", "ordered-binary", "found 10000, counted 0, walked 0 to the end, known again 0"],
  ["identifier", "binary", "found 10000, counted 10000, walked 10000 to the end, known again 10000"],
  ["interval and identifier", "binary", "found 10000, counted 10000, walked 10000 to the end, known again 10000"],
]) {
  if ((await look(form, keyEncoding)) !== expected) throw new Error("the behaviour has changed");
}
JS
node walk.mjs
