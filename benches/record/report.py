#!/usr/bin/env python3
"""Makes the README's table from the newest record of each CPU and tier, and new records from what `gaen bench` prints.

    taskset -c 1 gaen bench --json > out.json
    benches/record/report.py --add 2026-01-31 out.json    keep it, dated, as a record
    benches/record/report.py                              write the table
    benches/record/report.py --check                      say whether it is up to date
    benches/record/report.py --newest                     name the records that table and chart are made of

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
    """The newest record of each CPU and tier, the oldest first. A name begins with the date, and these two follow."""
    paths = {path.name[11:]: path for path in sorted(HERE.glob("[0-9]*.json"))}
    if not paths:
        sys.exit("there is no record yet")
    return sorted(paths.values())


def add(date, path):
    date = datetime.date.fromisoformat(date).isoformat()
    record = json.load(sys.stdin if path == "-" else open(path))
    cpu = re.sub(r"\((R|TM)\)|@.*", "", record["cpu"], flags=re.I)
    # A virtual machine calls every AMD EPYC by one name: the tier tells some of them apart.
    slug = re.sub(r"[^a-z0-9]+", "-", f"{cpu} {record['tier']}".lower()).strip("-")
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


def maker(record):
    return re.split(r"\W", record["cpu"])[0]


def columns(record):
    """What one machine takes: name of the row to the three cells `naive`, `crates` and `gaen`, in nanoseconds a key."""
    lines = series(record)
    cells = {}
    for (count, naive), (_, crates), (_, gaen) in zip(lines["naive"], lines["crates"], lines[f"gaen, {record['tier']}"]):
        cells[f"{count:,} sightings"] = [number(row["ns_per_key"]) for row in (naive, crates, gaen)]
    if row := row_named(record, "gaen_fortnight"):
        own = row["ns_per_key"]
        cells["a commuter's fortnight"] = [number(own * row[f"ratio_to_{other}"]) for other in ("naive", "crates")] + [number(own)]
    for name, title in [("scan_zip", "zip on disk to verified matches"), ("archive", "archive, each key listed 30 times")]:
        if row := row_named(record, name):
            cells[title] = ["", "", number(row["ns_per_key"])]
    return cells


def table(records):
    """One table for all machines. The newest measures most, so its rows come first."""
    machines = [columns(record) for record in records]
    head = [f"{maker(record)} {record['clock_ghz']:.1f} GHz, `naive` | `crates` | `gaen`" for record in records]
    out = ["| | " + " | ".join(head) + " |", "|---|" + "---|" * 3 * len(records)]
    for title in machines[-1]:
        cells = [cell for machine in machines for cell in machine.get(title, [""] * 3)]
        out.append(f"| {title} | " + " | ".join(cells) + " |")
    out.append("")
    for record in records:
        cpu = re.sub(r"\((R|TM)\)", "", record["cpu"])
        out.append(f"- {cpu}, {record['clock_ghz']:.1f} GHz, tier `{record['tier']}`, {record['date']}")
    return "\n".join(out)


def with_table(readme, records):
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(BEGIN) > readme.index(END):
        sys.exit(f"{README.name} needs the lines {BEGIN} and {END}, once each and in this order")
    before, rest = readme.split(BEGIN)
    return before + BEGIN + "\n" + table(records) + "\n" + END + rest.split(END)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the table is old")
    parser.add_argument("--newest", action="store_true", help="print the paths of the newest records, and change nothing")
    parser.add_argument("--add", nargs=2, metavar=("DATE", "FILE"), help="keep this output of gaen bench --json (- for stdin)")
    args = parser.parse_args()
    if args.add:
        add(*args.add)
    if args.newest:
        return print(*newest(), sep="\n")
    readme = README.read_text()
    wanted = with_table(readme, [json.loads(path.read_text()) for path in newest()])
    if args.check:
        sys.exit("the table is not that of the newest records; run benches/record/report.py" if wanted != readme else 0)
    README.write_text(wanted)
    print("nothing to do" if wanted == readme else f"{README.name} written")


if __name__ == "__main__":
    main()
