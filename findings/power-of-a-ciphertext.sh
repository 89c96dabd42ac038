#!/usr/bin/env bash
# advlib-ble 1.4.2 and advlib-ble-services 1.7.0 (npm), which take Bluetooth advertisements apart: the version and the
# transmit power of an Exposure Notification frame.
#
# The last four bytes of a frame hold both, encrypted with a key that the sender publishes after a positive test, or never.
# One expects a reader without keys to pass the four bytes on, or to leave them out. This one reads the ciphertext as if
# it were the content: `version` is its first four bits, `txPower` its second byte, in dBm as of any other beacon.
#
# Below, one phone broadcasts for a day (the key of Google's published vectors) and always says version 1.0 and 8 dBm.
# A distance from such a power is noise, and it looks like a phone that moves.
#
# Seen: of 144 frames none has version 1.0 with 8 dBm; they show 140 pairs of version and power, from -124 to 125 dBm.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" advlib-ble@1.4.2 advlib-ble-services@1.7.0 >/dev/null

cat > read.cjs <<'JS'
const { createCipheriv, hkdfSync } = require("node:crypto");
const { process: read } = require("advlib-ble");
const services = require("advlib-ble-services");

const FIRST = 2642976;
const dailyKey = Buffer.from("75c734c6dd1a782de7a965da5eb93125", "hex");
const derive = (purpose) => Buffer.from(hkdfSync("sha256", dailyKey, "", purpose, 16));
const identifierKey = derive("EN-RPIK");
const metadataKey = derive("EN-AEMK");

function frame(interval) {
  const plain = Buffer.alloc(16);
  plain.write("EN-RPI");
  plain.writeUInt32LE(interval, 12);
  const identifier = createCipheriv("aes-128-ecb", identifierKey, null).setAutoPadding(false).update(plain);
  const metadata = createCipheriv("aes-128-ctr", metadataKey, identifier).update(Buffer.from([0x40, 8, 0, 0]));
  return { identifier, metadata };
}

// The oracle of this script: what Google published for this key.
const { identifier, metadata } = frame(FIRST);
if (identifier.toString("hex") !== "8be6cd371c5c891604bfbe49df845096" || metadata.toString("hex") !== "72033874") {
  throw new Error("not the published frame");
}

const shown = new Map();
const powers = [];
for (let interval = FIRST; interval < FIRST + 144; interval += 1) {
  const { identifier, metadata } = frame(interval);
  const packet = `4024ffeeddccbbaa02011a03036ffd17166ffd${identifier.toString("hex")}${metadata.toString("hex")}`;
  const { rollingProximityIdentifier, version, txPower } = read(packet, [services]);
  if (rollingProximityIdentifier !== identifier.toString("hex")) throw new Error("the behaviour has changed");
  if (txPower !== metadata.readInt8(1)) throw new Error("the behaviour has changed: not the byte of the ciphertext");
  shown.set(`${version} ${txPower}`, interval);
  powers.push(txPower);
}
console.log(`pairs of version and power: ${shown.size}, from ${Math.min(...powers)} to ${Math.max(...powers)} dBm`);
if (shown.size !== 140 || shown.has("1.0 8")) throw new Error("the behaviour has changed");
JS
node read.cjs
