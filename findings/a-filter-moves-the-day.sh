#!/usr/bin/env bash
# duckdb 2.0.1 (PyPI), beside its 1.4.1: the day of sightings in a CSV file whose times have an offset.
#
# Days of this format are UTC days, so one sets the time zone to UTC and asks for time::date. The column's type is
# TIMESTAMP WITH TIME ZONE, and 00:21 in Tokyo is the day before. Version 2 hands a cast down to its reader of CSV, if
# the query asks for nothing that stands in the way; the reader then casts the text instead of the moment, and drops the
# offset. So the day of one sighting depends on what else the query says:
# - time::date alone, or with another column, or sorted by itself, is the local day;
# - with a filter, a limit, a group, the time itself beside it, or sorted by time, it is the UTC day, as it always is
#   from a table.
# It also decides how a half is rounded: 52.5 dB as an integer is 53 alone, and 52 with its column beside it. Version
# 1.4.1 answers with the UTC day and 52 each time.
#
# Seen: 2020-09-06 and 2020-09-05 for 2020-09-06T00:21:25+09:00; 53 and 52.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
for version in 1.4.1 2.0.1; do
  python3 -m venv "$version"
  "$version/bin/pip" install --quiet "duckdb==$version" pytz==2026.6
done

cat > sightings.csv <<'CSV'
time,attenuation,rssi
2020-09-06T00:21:25+09:00,52.5,-60
2020-09-06T00:31:25+09:00,54.25,-62
CSV
cat > days.py <<'PYTHON'
import duckdb

engine = duckdb.connect()
engine.sql("set timezone = 'UTC'")
engine.sql("create table sightings as from 'sightings.csv'")
moved = duckdb.__version__ == "2.0.1"
types = [row[1] for row in engine.sql("describe from 'sightings.csv'").fetchall()]
assert types[:2] == ["TIMESTAMP WITH TIME ZONE", "DOUBLE"], types


def expect(query, expected):
    found = str(engine.sql(query).fetchall()[0][0])
    print(f"duckdb {duckdb.__version__}: {query}: {found}")
    assert found == expected, "the behaviour has changed"


LOCAL, UTC = "2020-09-06", "2020-09-05"
for source in ("'sightings.csv'", "sightings"):
    alone = moved and source == "'sightings.csv'"
    for query, changes in [
        ("select time::date as day from {}", True),
        ("select time::date as day, rssi from {}", True),
        ("select time::date as day from {} order by day", True),
        ("select time::date as day, time from {}", False),
        ("select time::date as day from {} where rssi < 0", False),
        ("select time::date as day from {} limit 1", False),
        ("select time::date as day from {} order by time", False),
        ("select time::date as day, count(*) from {} group by day", False),
    ]:
        expect(query.format(source), LOCAL if alone and changes else UTC)
    expect(f"select attenuation::int from {source}", "53" if alone else "52")
    expect(f"select attenuation::int, attenuation from {source}", "52")
PYTHON
for version in 1.4.1 2.0.1; do "$version/bin/python" days.py; done
