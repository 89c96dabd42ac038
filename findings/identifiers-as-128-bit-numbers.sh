#!/usr/bin/env bash
# duckdb 2.0.1, pyarrow 26.0.1, polars 2.1.0, pandas 3.1.1 (PyPI): identifiers as numbers of 128 bits, duckdb's
# UHUGEINT.
#
# An identifier has 16 bytes, and so has this type. Inside duckdb it is exact. On the way out it is not, and nothing is
# said:
# - to Parquet, UHUGEINT and HUGEINT go as DOUBLE: no identifier is whole. duckdb's own join with that file still finds
#   all of them, since it compares as DOUBLE, and so it finds their neighbours, which nobody sent.
# - to pyarrow and polars they go as decimal(38, 0) with the same 128 bits: about every second identifier is negative.
#   polars' to_list() also rounds those of 39 digits.
# - to pandas, HUGEINT goes as float64; UHUGEINT is refused. JSON has all digits, which duckdb reads back as DOUBLE.
# The type UUID keeps the same 16 bytes whole on every one of these ways.
#
# Seen, of 1,000 identifiers: Parquet 0; pyarrow 523, with 477 negative; polars 342; pandas 0; JSON 0; as UUID 1,000.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet duckdb==2.0.1 pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1

cat > count.py <<'PYTHON'
import json
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import duckdb
from pyarrow import parquet

identifiers = [sha256(b"%d" % number).digest()[:16] for number in range(1000)]
numbers = [int.from_bytes(identifier, "big") for identifier in identifiers]
engine = duckdb.connect()
engine.execute("create table sightings (line int, rpi uhugeint, signed hugeint, id uuid)")
engine.executemany(
    "insert into sightings values (?, ?, ?, ?)",
    [(line, number, number - 2**127, UUID(int=number)) for line, number in enumerate(numbers)],
)


def column(name):
    return engine.sql(f"select {name} from sightings order by line")


def whole(values):
    return sum(int(value) == number for value, number in zip(values, numbers, strict=True))


def whole_uuids(values):
    return sum(UUID(str(value)) == UUID(int=number) for value, number in zip(values, numbers, strict=True))


def expect(name, found, expected):
    print(f"{name}: {found}")
    assert found == expected, "the behaviour has changed"


expect("duckdb itself", whole(row[0] for row in column("rpi").fetchall()), 1000)

for name in ("rpi", "signed", "id"):
    engine.sql(f"copy (select {name} from sightings order by line) to '{name}.parquet'")
    engine.sql(f"copy (select {name} from sightings order by line) to '{name}.json'")
types = [str(parquet.read_schema(f"{name}.parquet").field(0).type) for name in ("rpi", "signed")]
expect("types in Parquet", types, ["double", "double"])
expect("Parquet", whole(parquet.read_table("rpi.parquet")["rpi"].to_pylist()), 0)
found = "select count(*) from sightings semi join 'rpi.parquet' file on sightings.rpi = file.rpi"
expect("joined with the file", engine.execute(found).fetchall()[0][0], 1000)
found = "select count(*) from sightings semi join 'rpi.parquet' file on sightings.rpi + 1::uhugeint = file.rpi"
expect("neighbours joined with the file", engine.execute(found).fetchall()[0][0], 1000)
found = "select count(*) from sightings as one semi join sightings as other on one.rpi + 1::uhugeint = other.rpi"
expect("neighbours joined with the table", engine.execute(found).fetchall()[0][0], 0)

arrow = column("rpi").to_arrow_table()["rpi"]
expect("type in pyarrow", str(arrow.type), "decimal128(38, 0)")
arrow = arrow.to_pylist()
expect("pyarrow", (whole(arrow), sum(value < 0 for value in arrow)), (523, 477))
expect("polars", whole(column("rpi").pl()["rpi"].to_list()), 342)
expect("pandas, HUGEINT", whole(value + 2.0**127 for value in column("signed").df()["signed"]), 0)
try:
    expect("pandas, UHUGEINT", column("rpi").df(), None)
except duckdb.NotImplementedException:
    print("pandas, UHUGEINT: refused")
expect("digits in JSON", whole(json.loads(line)["rpi"] for line in Path("rpi.json").open()), 1000)
expect("JSON", whole(row[0] for row in engine.sql("select rpi from 'rpi.json'").fetchall()), 0)

expect("UUID, Parquet", whole_uuids(parquet.read_table("id.parquet")["id"].to_pylist()), 1000)
expect("UUID, pyarrow", whole_uuids(column("id").to_arrow_table()["id"].to_pylist()), 1000)
expect("UUID, polars", whole_uuids(column("id").pl()["id"].to_list()), 1000)
expect("UUID, pandas", whole_uuids(column("id").df()["id"]), 1000)
expect("UUID, JSON", whole_uuids(row[0] for row in engine.sql("select id from 'id.json'").fetchall()), 1000)
PYTHON
venv/bin/python count.py
