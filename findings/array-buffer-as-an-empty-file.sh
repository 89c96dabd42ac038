#!/usr/bin/env bash
# @kanru/rage-wasm 0.2.2 and parquet-wasm 0.8.0 (npm), WebAssembly whose JavaScript is wasm-bindgen's: a backup of sightings,
# or a table of them, given as the ArrayBuffer that `file.arrayBuffer()` and `response.arrayBuffer()` return.
#
# The glue asks what it is given for `length` and copies so many elements. An ArrayBuffer has `byteLength` and no `length`: the
# function gets no bytes at all, and nothing is thrown. What becomes of that is the function's own affair:
# - rage encrypts nothing. The backup is a valid age file, opens with its key, and is empty.
# - parquet-wasm refuses an empty table by itself, and its sentence names both causes. An Arrow stream "is empty".
# A DataView and a Blob are empty too. A Uint16Array gives every second byte of the file's, since each of its elements is cut to a
# byte. A text gives a zero byte for each character. An array of numbers is taken whole. The TypeScript types say Uint8Array,
# which plain JavaScript does not read.
#
# Seen, of 900 bytes (byte values below 128, so that a Uint16Array shows): rage gives back 900 for a Uint8Array and an array, 450
# for a Uint16Array, 900 zeros for a text, 0 for an ArrayBuffer, a DataView and a Blob.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @kanru/rage-wasm@0.2.2 parquet-wasm@0.8.0
python3 -m venv venv
venv/bin/pip install --quiet pyarrow==26.0.1
venv/bin/python - <<'PYTHON'
import pyarrow
from pyarrow import parquet

parquet.write_table(pyarrow.table({"rpi": [bytes([number] * 16) for number in range(50)]}), "sightings.parquet")
PYTHON

# The package is an ES module whose package.json does not say so.
cp node_modules/@kanru/rage-wasm/dist/index.js rage.mjs
cat > rage-try.mjs <<'JS'
const { log } = console;
// In node, its source of random numbers looks for a `require` that modules do not have; without `process`, it takes the browser's.
globalThis.self = globalThis;
Object.defineProperty(globalThis, "process", { value: undefined, configurable: true });
const { decrypt_with_x25519, encrypt_with_x25519, keygen } = await import("./rage.mjs");

const bytes = new TextEncoder().encode("rpi,time\n".repeat(100));
const [secret, recipient] = await keygen();
for (const [name, given] of Object.entries({
  Uint8Array: bytes,
  Array: [...bytes],
  text: "rpi,time\n".repeat(100),
  Uint16Array: new Uint16Array(bytes.buffer),
  ArrayBuffer: bytes.buffer,
  DataView: new DataView(bytes.buffer),
  Blob: new Blob([bytes]),
})) {
  const backup = await encrypt_with_x25519(recipient, given, false);
  const restored = await decrypt_with_x25519(secret, backup);
  log(restored.length && restored.every((byte) => byte === 0) ? `${name} ${restored.length} zeros` : `${name} ${restored.length}`);
}
JS
cat > parquet-try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { readParquet, Table } = createRequire(import.meta.url)("parquet-wasm");
const tried = (call) => {
  try {
    return call();
  } catch (error) {
    return error.message;
  }
};
const table = new Uint8Array(readFileSync("sightings.parquet"));
console.log("Parquet, Uint8Array:", tried(() => readParquet(table).numBatches));
console.log("Parquet, ArrayBuffer:", tried(() => readParquet(table.buffer).numBatches));
const stream = new Uint8Array(readParquet(table).intoIPCStream());
console.log("Arrow, Uint8Array:", tried(() => Table.fromIPCStream(stream).numBatches));
console.log("Arrow, ArrayBuffer:", tried(() => Table.fromIPCStream(stream.buffer).numBatches));
JS

expect() { # SEEN EXPECTED
  printf '%s\n' "$1"
  [ "$1" = "$2" ] || { echo "the behaviour has changed"; exit 1; }
}
expect "$(node rage-try.mjs)" "Uint8Array 900
Array 900
text 900 zeros
Uint16Array 450
ArrayBuffer 0
DataView 0
Blob 0"
expect "$(node parquet-try.mjs)" "Parquet, Uint8Array: 1
Parquet, ArrayBuffer: Empty input provided or not a Uint8Array.
Arrow, Uint8Array: 1
Arrow, ArrayBuffer: Ipc error: Expected schema message, found empty stream."
