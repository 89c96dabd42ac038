#!/usr/bin/env bash
# polars 2.1.0, duckdb 2.0.1, pyarrow 26.0.1, pandas 3.1.1 (PyPI): sightings as JSON lines whose `previous_scan` is known
# only from some line on.
#
# A scanner does not know its scan before when it starts, and may learn it late: an optional field first appears on line
# 151, or on line 25,001. One expects a reader to find it or to stop. pyarrow and pandas find it. The others guess the
# columns from the first lines (polars 100, duckdb 20,480), and then:
# - polars and duckdb drop the whole field, and say nothing;
# - with null written on every line before, polars stops with an error; duckdb makes a column of its type "NULL" and
#   answers null for every number that is there.
# Without the scan before, each sighting counts 120 s and not the 300 s that passed: a contact of half an hour becomes one
# of twelve minutes, and where 15 minutes notify, nobody is told.
#
# Seen: 150 of 300 found by pyarrow, pandas and duckdb, no column in polars; 5,000 of 30,000 found by pyarrow and pandas,
# no column in polars and duckdb; with nulls written, an error in polars, and 0 of 5,000 in duckdb.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet polars==2.1.0 duckdb==2.0.1 pyarrow==26.0.1 pandas==3.1.1

cat > read.py <<'PYTHON'
import json
import duckdb, pandas, polars, pyarrow.json


def sightings(file, count, known_from, write_null):
    with open(file, "w") as lines:
        for number in range(count):
            time = 1_601_104_200 + 300 * number
            line = {"rpi": f"{number:032x}", "aem": "72033874", "rssi": -60, "time": time}
            if number >= known_from:
                line["previous_scan"] = time - 300
            elif write_null:
                line["previous_scan"] = None
            print(json.dumps(line), file=lines)


def found(read):
    """How many scans before a reader finds; None without a column for them."""
    try:
        return read()
    except (polars.exceptions.ColumnNotFoundError, duckdb.BinderException):
        return None
    except polars.exceptions.ComputeError:
        return "error"


def readers(file):
    return {
        "polars": lambda: polars.read_ndjson(file)["previous_scan"].count(),
        "duckdb": lambda: duckdb.sql(f"select count(previous_scan) from read_json('{file}')").fetchall()[0][0],
        "pyarrow": lambda: (lambda column: len(column) - column.null_count)(pyarrow.json.read_json(file)["previous_scan"]),
        "pandas": lambda: int(pandas.read_json(file, lines=True)["previous_scan"].notna().sum()),
    }


for count, known_from, write_null, expected in [
    (300, 50, False, {"polars": 250, "duckdb": 250, "pyarrow": 250, "pandas": 250}),
    (300, 150, False, {"polars": None, "duckdb": 150, "pyarrow": 150, "pandas": 150}),
    (300, 150, True, {"polars": "error", "duckdb": 150, "pyarrow": 150, "pandas": 150}),
    (30_000, 25_000, False, {"polars": None, "duckdb": None, "pyarrow": 5000, "pandas": 5000}),
    (30_000, 25_000, True, {"polars": "error", "duckdb": 0, "pyarrow": 5000, "pandas": 5000}),
]:
    sightings("sightings.jsonl", count, known_from, write_null)
    seen = {name: found(read) for name, read in readers("sightings.jsonl").items()}
    print(f"{count - known_from} of {count}{', nulls written' if write_null else ''}: {seen}")
    assert seen == expected, "the behaviour has changed"

# `sightings.jsonl` is the last one now.
columns = {"rpi": "VARCHAR", "time": "BIGINT", "previous_scan": "BIGINT"}
given = duckdb.sql(f"select count(previous_scan) from read_json('sightings.jsonl', columns = {columns})").fetchall()[0][0]
print(f"with its columns given, duckdb finds {given}")
assert given == 5000, "the behaviour has changed"
PYTHON
venv/bin/python read.py
