#!/usr/bin/env bash
# dexie 4.4.7 (npm), with fake-indexeddb 6.2.8 for the browser: matching in IndexedDB. Each diagnosis key is stored
# under its 16 bytes, with an index of its 144 identifiers ("key, *identifiers"). Of six keys three identifiers each are
# heard.
#
# where("identifiers").anyOf(heard) gives a key once for each identifier that was heard, 18 in all, and Dexie's
# distinct() is there to make six of them. It makes one, the first: it tells primary keys apart by their text, and
# IndexedDB hands a key of bytes out as an ArrayBuffer, whose text is always the same. No error is raised, and a test
# with one match is right.
# - count, toArray, primaryKeys, modify and delete work on that one, so a purge of what matched leaves five behind.
# - or(), which leaves doubles out too, looks into the bytes and finds all six.
# - With keys in hexadecimal as text, or numbered by "++", distinct() finds all six. The identifiers may stay bytes.
#
# Seen: by bytes 18, distinct 1, deleted 1, by or() 6; by hexadecimal and by "++" 18, distinct 6, deleted 6, by or() 6.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" dexie@4.4.7 fake-indexeddb@6.2.8 >/dev/null

cat > match.mjs <<'JS'
import "fake-indexeddb/auto";
import { createHash } from "node:crypto";
import Dexie from "dexie";

const sixteen = (text) => new Uint8Array(createHash("sha256").update(text).digest().subarray(0, 16));
const identifier = (key, interval) => sixteen(`identifier ${interval} of key ${key}`);
const numbers = (count) => [...Array(count).keys()];
const keys = numbers(10).map((number) => ({
  key: sixteen(`key ${number}`),
  identifiers: numbers(144).map((interval) => identifier(number, interval)),
}));
const heard = numbers(6).flatMap((number) => [10, 11, 12].map((interval) => identifier(number, interval)));

const store = new Dexie("keys");
store.version(1).stores({
  bytes: "key, *identifiers",
  hexadecimal: "key, *identifiers",
  numbered: "++, *identifiers",
});
await store.bytes.bulkAdd(keys);
await store.hexadecimal.bulkAdd(keys.map((key) => ({ ...key, key: Buffer.from(key.key).toString("hex") })));
await store.numbered.bulkAdd(keys);

for (const [name, expected] of [
  ["bytes", "matches 18, one phone 1, distinct 1 1 1, by or() 6, changed 1, deleted 1, left 9"],
  ["hexadecimal", "matches 18, one phone 1, distinct 6 6 6, by or() 6, changed 6, deleted 6, left 4"],
  ["numbered", "matches 18, one phone 1, distinct 6 6 6, by or() 6, changed 6, deleted 6, left 4"],
]) {
  const table = store[name];
  const matches = (of = heard) => table.where("identifiers").anyOf(of);
  const distinct = [
    await matches().distinct().count(),
    (await matches().distinct().toArray()).length,
    (await matches().distinct().primaryKeys()).length,
  ];
  const seen = [
    `matches ${await matches().count()}`,
    `one phone ${await matches(heard.slice(0, 3)).distinct().count()}`,
    `distinct ${distinct.join(" ")}`,
    `by or() ${await matches(heard.slice(0, 9)).or("identifiers").anyOf(heard.slice(9)).count()}`,
    `changed ${await matches().distinct().modify({ matched: true })}`,
    `deleted ${await matches().distinct().delete()}`,
    `left ${await table.count()}`,
  ].join(", ");
  console.log(`${name}: ${seen}`);
  if (seen !== expected) throw new Error("the behaviour has changed");
}
JS
node match.mjs
