#!/usr/bin/env bash
# polars 2.1.0, pyarrow 26.0.1, pandas 3.1.1, duckdb 2.0.1 (PyPI): "the day" of one moment in a column that has a time zone.
#
# Keys belong to UTC days, people remember local ones; in Japan the two differ from midnight to nine. A check of
# 2020-09-06 00:21 in Tokyo is 2020-09-05 15:21 UTC. The column has zone Asia/Tokyo in all four. What one gets depends on
# the word for "day", and the words disagree inside one package:
# - polars: dt.date() is the 6th, cast to Date is the 5th, and dt.epoch("d") counts UTC days;
# - pyarrow: cast to date32 is the 6th, the opposite of polars' cast of what may be the very same buffer; days_between
#   counts midnights of Tokyo;
# - duckdb: date_diff("day") counts midnights of the session's zone, datesub("day") whole days of 24 hours: 18511 and 18510;
# - pandas: dt.date and dt.normalize are the 6th, also on pyarrow's type.
# So a table of matches by day that is moved from polars to pyarrow moves nine hours of its contacts to another day.
#
# Seen: as above; the numbers are 18510 (UTC day 2020-09-05) and 18511.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet polars==2.1.0 pyarrow==26.0.1 pandas==3.1.1 duckdb==2.0.1 tzdata pytz

"$folder/venv/bin/python" - <<'PYTHON'
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

second, zone = 1_599_319_285, "Asia/Tokyo"
time = pl.from_epoch(pl.Series([second]), time_unit="s").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
arrow = pa.array([second * 10**6], pa.timestamp("us", zone))
epoch = pa.array([0], pa.timestamp("us", zone))
pandas = pd.Series(pd.to_datetime([second], unit="s", utc=True)).dt.tz_convert(zone)
duck = duckdb.connect()
duck.execute(f"set timezone = '{zone}'")
days = duck.execute(
    f"select date_diff('day', to_timestamp(0), to_timestamp({second})), datesub('day', to_timestamp(0), to_timestamp({second}))"
).fetchall()[0]

seen = {
    "polars dt.date": (str(time.dt.date()[0]), "2020-09-06"),
    "polars cast": (str(time.cast(pl.Date)[0]), "2020-09-05"),
    "polars dt.epoch": (time.dt.epoch("d")[0], 18510),
    "pyarrow cast": (str(arrow.cast(pa.date32())[0]), "2020-09-06"),
    "pyarrow days_between": (pc.days_between(epoch, arrow)[0].as_py(), 18511),
    "polars, as pyarrow casts it": (str(time.to_arrow().cast(pa.date32())[0]), "2020-09-06"),
    "pandas dt.date": (str(pandas.dt.date[0]), "2020-09-06"),
    "duckdb date_diff and datesub": (days, (18511, 18510)),
}
for name, (found, expected) in seen.items():
    print(f"{name}: {found}")
    assert found == expected, "the behaviour has changed"
PYTHON
