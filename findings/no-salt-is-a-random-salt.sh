#!/usr/bin/env bash
# js-crypto-hkdf 1.0.7 beside futoin-hkdf 1.5.3, hkdf 0.0.2, @stablelib/hkdf 2.0.1 and @noble/hashes 2.4.0 (npm): the
# identifier key of a diagnosis key, by HKDF without a salt.
#
# The protocol derives both keys of a day without a salt, and RFC 5869 says what that means: as many zero bytes as the hash
# is long. Four packages and node itself do so. js-crypto-hkdf draws a random salt instead, and gives it back beside the
# key. A caller who takes the key alone gets another one at each call, and its identifiers are heard by nobody: no error,
# and no match. An empty salt is taken as it is, and gives the right key.
#
# Seen: 185ad91db69ec7dd048960f1f3ba6175 by all, by js-crypto-hkdf only with an empty salt; two calls without one differ.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" js-crypto-hkdf@1.0.7 futoin-hkdf@1.5.3 hkdf@0.0.2 \
  @stablelib/hkdf@2.0.1 @stablelib/sha256@2.0.1 @noble/hashes@2.4.0 >/dev/null

cat > derive.mjs <<'JS'
import { hkdfSync } from "node:crypto";
import { createRequire } from "node:module";
import { hkdf as noble } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
const require = createRequire(import.meta.url);
const jsCrypto = require("js-crypto-hkdf");
const futoin = require("futoin-hkdf");
const Hkdf = require("hkdf");
const { HKDF } = require("@stablelib/hkdf");
const { SHA256 } = require("@stablelib/sha256");

// The key of Google's published vectors.
const dailyKey = Buffer.from("75c734c6dd1a782de7a965da5eb93125", "hex");
const purpose = Buffer.from("EN-RPIK");
const hex = (bytes) => Buffer.from(bytes).toString("hex");

const expected = hex(hkdfSync("sha256", dailyKey, "", purpose, 16));
if (expected !== "185ad91db69ec7dd048960f1f3ba6175") throw new Error("not the published key");

const without = {
  "futoin-hkdf": futoin(dailyKey, 16, { info: "EN-RPIK", hash: "sha256" }),
  "hkdf": await new Promise((done) => new Hkdf("sha256", null, dailyKey).derive("EN-RPIK", 16, done)),
  "@stablelib/hkdf": new HKDF(SHA256, dailyKey, undefined, purpose).expand(16),
  "@noble/hashes": noble(sha256, dailyKey, undefined, new Uint8Array(purpose), 16),
};
for (const [name, key] of Object.entries(without)) {
  console.log(`${name}: ${hex(key)}`);
  if (hex(key) !== expected) throw new Error("the behaviour has changed");
}

const once = await jsCrypto.compute(dailyKey, "SHA-256", 16, "EN-RPIK");
const again = await jsCrypto.compute(dailyKey, "SHA-256", 16, "EN-RPIK");
const empty = await jsCrypto.compute(dailyKey, "SHA-256", 16, "EN-RPIK", new Uint8Array());
console.log(`js-crypto-hkdf: ${hex(once.key) === expected ? "the same" : "another key"}, with a salt of ${once.salt.length} bytes`);
console.log(`js-crypto-hkdf, empty salt: ${hex(empty.key)}`);
if (hex(once.key) === expected || hex(once.key) === hex(again.key) || hex(empty.key) !== expected) {
  throw new Error("the behaviour has changed");
}
JS
node derive.mjs
