#!/usr/bin/env bash
# pandas 3.1.1, polars 2.1.0, pyarrow 26.0.1, duckdb 2.0.1 (PyPI): times of sightings in milliseconds, read as seconds.
#
# Phones keep milliseconds, this format counts seconds. One expects a mistake to be refused: pandas 2.3.3, with its
# nanoseconds, raises OutOfBoundsDatetime. pandas 3 counts in microseconds when it is given seconds, and makes the year
# 52900 of it without a word, as polars, pyarrow and duckdb do. Comparing then goes on quietly: "heard before the file
# ended" is false for every row. Only at the way out into Python's own datetime is there an error, in polars and pyarrow,
# or none: pandas' Timestamp holds such a year.
#
# Seen: as above, for 1607212800000 (2020-12-06 in milliseconds).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"; python3 -m venv "$folder/older"
"$folder/venv/bin/pip" install --quiet pandas==3.1.1 polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1
"$folder/older/bin/pip" install --quiet pandas==2.3.3

"$folder/older/bin/python" - <<'PYTHON'
import pandas as pd

try:
    raise SystemExit(f"the behaviour has changed: {pd.to_datetime([1_607_212_800_000], unit='s')}")
except pd.errors.OutOfBoundsDatetime as error:
    print("pandas 2.3.3:", error)
PYTHON
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

milliseconds, end = 1_607_212_800_000, datetime(2020, 12, 7)
pandas = pd.Series(pd.to_datetime([milliseconds], unit="s"))
polars = pl.from_epoch(pl.Series([milliseconds]), time_unit="s")
arrow = pa.array([milliseconds], pa.timestamp("s"))
year, before = duckdb.connect().execute(
    f"select year(to_timestamp({milliseconds})), to_timestamp({milliseconds}) < timestamptz '2020-12-07'"
).fetchall()[0]

def refuses(convert):
    try:
        convert()
    except (ValueError, OverflowError) as error:
        return type(error).__name__
    return None

seen = {
    "pandas": ((pandas[0].year, bool((pandas < end)[0])), (52900, False)),
    "polars": ((polars.dt.year()[0], (polars < end)[0]), (52900, False)),
    "duckdb": ((year, before), (52900, False)),
    "polars to_list": (refuses(polars.to_list), "ValueError"),
    "pyarrow to_pylist": (refuses(arrow.to_pylist) is not None, True),
}
for name, (found, expected) in seen.items():
    print(f"{name}: {found}")
    assert found == expected, "the behaviour has changed"
PYTHON
