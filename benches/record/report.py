#!/usr/bin/env python3
"""Makes the README's tables from the newest record of each CPU, and new records from what `gaen bench` prints.

    taskset -c 1 gaen bench --json > out.json
    benches/record/report.py --add 2026-01-31 out.json    keep it, dated, as a record
    benches/record/report.py                              write the tables
    benches/record/report.py --check                      say whether they are up to date
    benches/record/report.py --newest                     name the records that tables and chart are made of

`benches/record/make` does all of it, and draws the chart.
"""

import argparse
import datetime
import json
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
BEGIN, END = "<!-- record: begin (benches/record/report.py) -->", "<!-- record: end -->"


def newest():
    """The newest record of each CPU, the oldest first. A name begins with the date, and the CPU follows."""
    paths = {path.name[11:]: path for path in sorted(HERE.glob("[0-9]*.json"))}
    if not paths:
        sys.exit("there is no record yet")
    return sorted(paths.values())


def add(date, path):
    date = datetime.date.fromisoformat(date).isoformat()
    record = json.load(sys.stdin if path == "-" else open(path))
    cpu = re.sub(r"\((R|TM)\)|@.*", "", record["cpu"], flags=re.I)
    slug = re.sub(r"[^a-z0-9]+", "-", cpu.lower()).strip("-")
    target = HERE / f"{date}-{slug}.json"
    target.write_text(json.dumps({"date": date, **record}, indent=2, ensure_ascii=False) + "\n")
    print(f"wrote {target.name}")


def series(record):
    """Label to [(sightings, row)], slowest first: the baselines, then every tier."""
    lines = {}
    for row in record["rows"]:
        if row["name"] in ("naive", "crates"):
            lines.setdefault(row["name"], []).append((row["sightings"], row))
        elif row["name"] in ("gaen", "gaen_safe"):
            lines.setdefault(f"gaen, {row['tier']}", []).append((row["sightings"], row))
    for points in lines.values():
        points.sort(key=lambda point: point[0])
    return lines


def row_named(record, name):
    return next((row for row in record["rows"] if row["name"] == name), None)


def number(value):
    """Three digits are more than the noise leaves."""
    if value >= 1000:
        value = round(value, 2 - int(math.log10(value)))
    return f"{value:,.0f}"


def ratio(value):
    return f"{value:.1f} times" if value < 10 else f"{value:.0f} times"


def table(record):
    lines = series(record)
    best = f"gaen, {record['tier']}"
    out = [
        f"{record['cpu']}, {record['clock_ghz']:.1f} GHz, one thread, tier `{record['tier']}`, {record['date']}:",
        "",
        "| sightings | `naive` | `crates` | `gaen` | keys a second | against `naive` | against `crates` |",
        "|---|---|---|---|---|---|---|",
    ]
    for (count, naive), (_, crates), (_, gaen) in zip(lines["naive"], lines["crates"], lines[best]):
        cells = [
            f"{count:,}", number(naive["ns_per_key"]), number(crates["ns_per_key"]), number(gaen["ns_per_key"]),
            f"{1e3 / gaen['ns_per_key']:.1f} million", ratio(gaen["ratio_to_naive"]), ratio(gaen["ratio_to_crates"]),
        ]
        out.append("| " + " | ".join(cells) + " |")
    out.append("")
    if fortnight := row_named(record, "gaen_fortnight"):
        out.append(
            f"A commuter's fortnight, {fortnight['sightings']:,} sightings in nine hours of ten days: "
            f"{number(fortnight['ns_per_key'])} ns a key, {ratio(fortnight['ratio_to_crates'])} as fast as `crates`."
        )
    if scan := row_named(record, "scan_zip"):
        inflate = row_named(record, "inflate")
        out.append(
            f"From a zip of {scan['keys']:,} keys on disk to verified matches: {number(scan['ns_per_key'])} ns a key, "
            f"of which inflating alone takes {number(inflate['ns_per_key'])}."
        )
    if archive := record.get("archive"):
        remembering, forgetting = row_named(record, "archive"), row_named(record, "archive_forgetting")
        out.append(
            f"An archive of {archive['files']} zips that list {archive['different_keys']:,} keys {archive['keys']:,} times: "
            f"{number(remembering['ns_per_key'])} ns a listed key, {number(forgetting['ns_per_key'])} if no key is remembered."
        )
    if threads := record.get("two_threads"):
        out.append(f"Two threads are {threads['speedup']:.2f} times as fast as one.")
    return "\n".join(out)


def with_tables(readme, records):
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(BEGIN) > readme.index(END):
        sys.exit(f"{README.name} needs the lines {BEGIN} and {END}, once each and in this order")
    before, rest = readme.split(BEGIN)
    return before + BEGIN + "\n" + "\n\n".join(map(table, records)) + "\n" + END + rest.split(END)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the tables are old")
    parser.add_argument("--newest", action="store_true", help="print the paths of the newest records, and change nothing")
    parser.add_argument("--add", nargs=2, metavar=("DATE", "FILE"), help="keep this output of gaen bench --json (- for stdin)")
    args = parser.parse_args()
    if args.add:
        add(*args.add)
    if args.newest:
        return print(*newest(), sep="\n")
    readme = README.read_text()
    wanted = with_tables(readme, [json.loads(path.read_text()) for path in newest()])
    if args.check:
        sys.exit("the tables are not those of the newest records; run benches/record/report.py" if wanted != readme else 0)
    README.write_text(wanted)
    print("nothing to do" if wanted == readme else f"{README.name} written")


if __name__ == "__main__":
    main()
