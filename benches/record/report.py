#!/usr/bin/env python3
"""Makes the README's table and chart.svg from the newest record, and new records from what `gaen bench` prints.

    taskset -c 1 gaen bench --json > out.json
    benches/record/report.py --add 2026-01-31 out.json    keep it, dated, as a record
    benches/record/report.py                              write the table and the chart
    benches/record/report.py --check                      say whether both are up to date
"""

import argparse
import datetime
import json
import math
import pathlib
import re
import sys
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
CHART = HERE / "chart.svg"
BEGIN, END = "<!-- record: begin (benches/record/report.py) -->", "<!-- record: end -->"


def newest():
    paths = sorted(HERE.glob("[0-9]*.json"))
    if not paths:
        sys.exit("there is no record yet")
    return json.loads(paths[-1].read_text())


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
    if threads := record.get("two_threads"):
        out.append(f"Two threads are {threads['speedup']:.2f} times as fast as one.")
    return "\n".join(out)


# Okabe and Ito's colours, darkened where they would be faint on white, each with a marker of its own.
STYLES = [
    ("#5f5f5f", "square"), ("#b35300", "triangle"), ("#0072b2", "circle"), ("#00785a", "diamond"),
    ("#a3487f", "down"), ("#8a6d00", "cross"), ("#3f3fa0", "square"), ("#7a1f1f", "circle"), ("#1b7a8c", "triangle"),
    ("#1a1a1a", "diamond"), ("#6b4a2b", "down"), ("#9a2f2f", "cross"),
]


def marker(kind, x, y, colour):
    r = 4.5
    shapes = {
        "circle": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>',
        "square": f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>',
        "triangle": f'<path d="M{x:.1f} {y - 5.5:.1f}l5 9.5h-10z"/>',
        "down": f'<path d="M{x:.1f} {y + 5.5:.1f}l5-9.5h-10z"/>',
        "diamond": f'<path d="M{x:.1f} {y - 6:.1f}l5.5 6l-5.5 6l-5.5-6z"/>',
        "cross": f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8" stroke-width="2.5" stroke="{colour}"/>',
    }
    return shapes[kind]


def chart(record):
    lines = series(record)
    width, height = 880, 560
    left, right, top, bottom = 78, 188, 104, 62
    xs = [count for points in lines.values() for count, _ in points]
    ys = [row["ns_per_key"] for points in lines.values() for _, row in points]
    low_x, high_x = math.log10(min(xs)), math.log10(max(xs))
    if low_x == high_x:
        low_x, high_x = low_x - 0.5, high_x + 0.5
    low_y, high_y = math.floor(math.log10(min(ys)) * 3) / 3, math.ceil(math.log10(max(ys)) * 3) / 3

    def x(count):
        return left + (math.log10(count) - low_x) / (high_x - low_x) * (width - left - right)

    def y(time):
        return height - bottom - (math.log10(time) - low_y) / (high_y - low_y) * (height - top - bottom)

    title = "Nanoseconds a diagnosis key, with its 144 identifiers"
    subtitle = f"{record['cpu']}, {record['clock_ghz']:.1f} GHz, one thread, {record['date']}"
    legend = "Solid: the tiers of gaen. Dashed: baselines. Lower is faster; both axes are logarithmic."
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, -apple-system, \'Segoe UI\', \'DejaVu Sans\', Arial, sans-serif" font-size="13" '
        'role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(describe(lines))}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{left}" y="34" font-size="18" font-weight="600" fill="#1a1a1a">{escape(title)}</text>',
        f'<text x="{left}" y="56" fill="#555555">{escape(subtitle)}</text>',
        f'<text x="{left}" y="75" fill="#555555">{escape(legend)}</text>',
    ]
    # Grid: 1, 2 and 5 of every decade across, powers of ten along.
    for exponent in range(math.floor(low_y) - 1, math.ceil(high_y) + 1):
        for digit in (1, 2, 5):
            value = digit * 10**exponent
            if low_y - 1e-9 <= math.log10(value) <= high_y + 1e-9:
                colour = "#c9c9c9" if digit == 1 else "#ececec"
                out.append(f'<path d="M{left} {y(value):.1f}H{width - right}" stroke="{colour}"/>')
                out.append(f'<text x="{left - 10}" y="{y(value) + 4.5:.1f}" text-anchor="end" fill="#444444">{value:,.0f}</text>')
    for count in sorted(set(xs)):
        out.append(f'<path d="M{x(count):.1f} {top}V{height - bottom}" stroke="#ececec"/>')
        out.append(f'<text x="{x(count):.1f}" y="{height - bottom + 22}" text-anchor="middle" fill="#444444">{count:,}</text>')
    middle = (top + height - bottom) / 2
    out.append(f'<path d="M{left} {top}V{height - bottom}H{width - right}" fill="none" stroke="#888888"/>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 16}" text-anchor="middle" fill="#333333">sightings in the index</text>')
    out.append(f'<text transform="translate(20 {middle}) rotate(-90)" text-anchor="middle" fill="#333333">ns a key</text>')

    labels = []
    for (label, points), (colour, kind) in zip(lines.items(), STYLES * 3):
        places = [(x(count), y(row["ns_per_key"])) for count, row in points]
        best = label == f"gaen, {record['tier']}"
        dashes = "" if label.startswith("gaen") else ' stroke-dasharray="7 4"'
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in places)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{3.5 if best else 2}"{dashes} stroke-linejoin="round"/>')
        out.append(f'<g fill="{colour}" stroke="#ffffff" stroke-width="1">' + "".join(marker(kind, a, b, colour) for a, b in places) + "</g>")
        last = points[-1][1]["ns_per_key"]
        labels.append([places[-1][1], places[-1][1], label, number(last), colour, best])

    # Labels stand at the ends of their lines, and make room for each other.
    labels.sort()
    gap = 19
    for _ in range(200):
        for above, below in zip(labels, labels[1:]):
            if (overlap := gap - (below[1] - above[1])) > 0.01:
                above[1] -= overlap / 2
                below[1] += overlap / 2
    end = width - right
    for at, placed, label, value, colour, best in labels:
        if abs(at - placed) > 1:
            out.append(f'<path d="M{end + 7} {at:.1f}L{end + 16} {placed:.1f}" fill="none" stroke="{colour}" stroke-width="1"/>')
        weight = ' font-weight="700"' if best else ""
        out.append(f'<text x="{end + 19}" y="{placed + 4.5:.1f}" fill="{colour}"{weight}>{escape(label.removeprefix("gaen, "))}<tspan fill="#444444" font-weight="400">  {value}</tspan></text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def describe(lines):
    """The chart in words, for those who do not see it."""
    parts = []
    for label, points in lines.items():
        values = ", ".join(f"{number(row['ns_per_key'])} ns at {count:,} sightings" for count, row in points)
        parts.append(f"{label}: {values}.")
    return " ".join(parts)


def with_table(readme, record):
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(BEGIN) > readme.index(END):
        sys.exit(f"{README.name} needs the lines {BEGIN} and {END}, once each and in this order")
    before, rest = readme.split(BEGIN)
    return before + BEGIN + "\n" + table(record) + "\n" + END + rest.split(END)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the README or the chart is old")
    parser.add_argument("--add", nargs=2, metavar=("DATE", "FILE"), help="keep this output of gaen bench --json (- for stdin)")
    args = parser.parse_args()
    if args.add:
        add(*args.add)
    record = newest()
    readme = README.read_text()
    wanted = [(README, with_table(readme, record)), (CHART, chart(record))]
    old = [path for path, text in wanted if not path.exists() or path.read_text() != text]
    if args.check:
        for path in old:
            print(f"{path.name} is not what the newest record makes; run benches/record/report.py")
        sys.exit(bool(old))
    for path, text in wanted:
        path.write_text(text)
    print(", ".join(path.name for path in old) + " written" if old else "nothing to do")


if __name__ == "__main__":
    main()
