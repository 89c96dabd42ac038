#!/usr/bin/env bash
# apache-arrow 21.2.0 (npm), Arrow's own JavaScript, on a table of keys and minutes that pyarrow 26.0.1 (PyPI) wrote.
#
# In this field an absent number is not 0: a day of onset of 0 means "symptoms began that day", and absent "not known".
# - A column's toArray() hands out the numbers as they lie in memory, where a null is whatever stands there: here 0, of
#   integers as of floats. get() and a loop over the column give null.
# - A decimal loses its point. 8.95 minutes are 895 as a number and as a text, so that "nine minutes or more" holds; a
#   sum of two joins their texts. valueOf(2), with the scale that the column's type knows, gives 8.95. arquero 5.4.1
#   passes the same objects on.
# - tableFromJSON makes of a 16-byte identifier (Uint8Array) a struct of 16 floating-point numbers named 0 to 15. Given
#   the type FixedSizeBinary(16), the column is whole.
#
# Seen: onset -2, null, 0 as [-2, 0, 0]; 8.95 and 30.00 as 895 and 3000, their sum "8953000"; Struct of 16 Float64.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pyarrow==26.0.1
npm install --silent --no-audit --no-fund apache-arrow@21.2.0 arquero@5.4.1

venv/bin/python - <<'PYTHON'
from decimal import Decimal

import pyarrow

table = pyarrow.table({
    "onset": pyarrow.array([-2, None, 0], pyarrow.int8()),
    "previous_scan": pyarrow.array([1_601_104_200, None, 1_601_104_500], pyarrow.int64()),
    "infectiousness": pyarrow.array([0.7, None, 1.0], pyarrow.float64()),
    "minutes": pyarrow.array([Decimal("8.95"), Decimal("30.00"), None], pyarrow.decimal128(5, 2)),
})
with pyarrow.ipc.new_file("days.arrow", table.schema) as file:
    file.write_table(table)
PYTHON

cat > read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { FixedSizeBinary, tableFromIPC, tableFromJSON, vectorFromArray } from "apache-arrow";
import { fromArrow } from "arquero";

const expect = (name, found, expected) => {
  const text = JSON.stringify(found, (_, value) => (typeof value === "bigint" ? Number(value) : value));
  console.log(`${name}: ${text}`);
  if (text !== JSON.stringify(expected)) throw new Error("the behaviour has changed");
};

const table = tableFromIPC(readFileSync("days.arrow"));
for (const [name, taken, whole] of [
  ["onset", [-2, 0, 0], [-2, null, 0]],
  ["previous_scan", [1601104200, 0, 1601104500], [1601104200, null, 1601104500]],
  ["infectiousness", [0.7, 0, 1], [0.7, null, 1]],
]) {
  const column = table.getChild(name);
  expect(`${name}, toArray`, [...column.toArray()], taken);
  expect(`${name}, a loop`, [...column], whole);
  expect(`${name}, get`, column.get(1), null);
}

const column = table.getChild("minutes");
const [short, long] = column;
expect("minutes as numbers", [Number(short), Number(long)], [895, 3000]);
expect("minutes as texts", [`${short}`, `${long}`], ["895", "3000"]);
expect("nine minutes or more", short >= 9, true);
expect("their sum", short + long, "8953000");
expect("with the scale", [short.valueOf(column.type.scale), long.valueOf(column.type.scale)], [8.95, 30]);
expect("by way of arquero", Number(fromArrow(table).get("minutes", 0)), 895);

const identifiers = [1, 2, 3].map((number) => new Uint8Array(16).fill(number));
const { type } = tableFromJSON(identifiers.map((rpi) => ({ rpi }))).getChild("rpi");
expect("identifiers", `${type}`, `Struct<{${[...Array(16).keys()].map((place) => `${place}:Float64`).join(", ")}}>`);
const bytes = vectorFromArray(identifiers, new FixedSizeBinary(16));
expect("with their type", [`${bytes.type}`, [...bytes.get(2)]], ["FixedSizeBinary[16]", [...identifiers[2]]]);
JS
node read.mjs
