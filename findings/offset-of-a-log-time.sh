#!/usr/bin/env bash
# dayjs 1.11.23 and moment 2.31.0 with moment-timezone 0.6.6 (npm), duckdb 2.0.1 and SQLite 3.54.1 (apsw 3.54.1.0,
# PyPI): the time of an exposure check as an iPhone logs it, "2020-09-06 00:21:25 +0900".
#
# The text names one moment, 15:21:25 UTC on the 5th, whatever zone the reader asks for. Four answers that are not it:
# - dayjs.tz(text, "Asia/Tokyo") obeys the offset, and then takes the hours of UTC for hours of Tokyo: nine hours early,
#   with +0900, with +09:00 and with Z. dayjs(text).tz("Asia/Tokyo") is right.
# - moment.utc and moment.tz go the other way: nine hours late. moment(text) is right. RFC 3339's form, with T and
#   +09:00, all three read right.
# - duckdb's ::TIMESTAMP drops any offset, and ::DATE with it. Its CSV reader obeys the offset of RFC 3339's form, so
#   that one text is two moments in one engine. ::TIMESTAMPTZ refuses the phone's form.
# - SQLite reads +09:00 and answers NULL for +0900: a filter by time leaves out every line of an iPhone, and none of
#   others.
#
# Seen, against 2020-09-05T15:21:25Z: dayjs.tz 06:21:25Z, moment.utc and moment.tz 2020-09-06T00:21:25Z, duckdb
# 2020-09-06 00:21:25 without a zone, SQLite NULL.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet duckdb==2.0.1 apsw==3.54.1.0 pytz==2026.6
npm install --silent --no-audit --no-fund dayjs@1.11.23 moment@2.31.0 moment-timezone@0.6.6

cat > read.mjs <<'JS'
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone.js";
import utc from "dayjs/plugin/utc.js";
import moment from "moment-timezone";

dayjs.extend(utc);
dayjs.extend(timezone);
moment.suppressDeprecationWarnings = true;

const RIGHT = "2020-09-05T15:21:25.000Z";
const EARLY = "2020-09-05T06:21:25.000Z";
const LATE = "2020-09-06T00:21:25.000Z";
const zone = "Asia/Tokyo";
const readers = {
  "dayjs": (text) => dayjs(text),
  "dayjs().tz": (text) => dayjs(text).tz(zone),
  "dayjs.tz": (text) => dayjs.tz(text, zone),
  "moment": (text) => moment(text),
  "moment.utc": (text) => moment.utc(text),
  "moment.tz": (text) => moment.tz(text, zone),
};
const seen = {
  "2020-09-06 00:21:25 +0900": [RIGHT, RIGHT, EARLY, RIGHT, LATE, LATE],
  "2020-09-06T00:21:25+09:00": [RIGHT, RIGHT, EARLY, RIGHT, RIGHT, RIGHT],
  "2020-09-05T15:21:25Z": [RIGHT, RIGHT, EARLY, RIGHT, RIGHT, RIGHT],
};
for (const [text, moments] of Object.entries(seen)) {
  for (const [index, [name, read]] of Object.entries(readers).entries()) {
    const found = read(text).toISOString();
    console.log(`${text}: ${name} ${found}`);
    if (found !== moments[index]) throw new Error("the behaviour has changed");
  }
}
JS
# The zone of the machine changes nothing.
for zone in UTC Asia/Tokyo; do TZ=$zone node read.mjs; done

cat > read.py <<'PYTHON'
import apsw
import duckdb

PHONE, RFC_3339 = "2020-09-06 00:21:25 +0900", "2020-09-06T00:21:25+09:00"
engine, database = duckdb.connect(), apsw.Connection(":memory:")
engine.sql("set timezone = 'UTC'")


def in_duckdb(text, kind):
    try:
        return engine.execute(f"select ?::{kind}::varchar", [text]).fetchall()[0][0]
    except duckdb.ConversionException:
        return "refused"


def in_csv(text):
    name = f"log-{len(text)}.csv"
    with open(name, "w") as file:
        file.write(f"time,matches\n{text},1\n")
    return str(engine.execute(f"select time from '{name}'").fetchall()[0][0])


def before_october(text):
    return database.execute("select count(*) where datetime(?) < '2020-10-01'", [text]).fetchone()[0]


for name, read, phone, rfc_3339 in [
    ("duckdb TIMESTAMP", lambda text: in_duckdb(text, "timestamp"), "2020-09-06 00:21:25", "2020-09-06 00:21:25"),
    ("duckdb DATE", lambda text: in_duckdb(text, "date"), "2020-09-06", "2020-09-06"),
    ("duckdb TIMESTAMPTZ", lambda text: in_duckdb(text, "timestamptz"), "refused", "2020-09-05 15:21:25+00"),
    ("duckdb CSV", in_csv, PHONE, "2020-09-05 15:21:25+00:00"),
    ("SQLite", lambda text: database.execute("select datetime(?)", [text]).fetchone()[0], None, "2020-09-05 15:21:25"),
    ("SQLite, before October", before_october, 0, 1),
]:
    print(f"{name}: {(found := (read(PHONE), read(RFC_3339)))}")
    assert found == (phone, rfc_3339), "the behaviour has changed"
PYTHON
venv/bin/python read.py
