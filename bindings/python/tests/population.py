"""A small population, and what a search of each phone finds."""

import gaen
import pyarrow
import pyarrow.compute
from demo_rows import DEMO, lines

KEY = DEMO / "440-v1.pem"
FILES = [DEMO / "day-1.zip", DEMO / "day-2.zip"]
PHONES = 12
SCHEMA = pyarrow.schema(
    [
        ("phone", pyarrow.int64()),
        ("rpi", pyarrow.binary()),
        ("aem", pyarrow.binary()),
        ("rssi", pyarrow.int64()),
        ("time", pyarrow.timestamp("us", "UTC")),
        ("previous_scan", pyarrow.timestamp("us", "UTC")),
    ]
)


def rows():
    """Twelve phones: each heard the same as the demo's, some days earlier; and the first heard everything ten times."""
    heard = list(lines())
    for phone in range(PHONES):
        earlier = phone % 4 * 86_400
        for line in heard * (10 if phone == 0 else 1):
            moved = {name: line[name] and (line[name] - earlier) * 1_000_000 for name in ("time", "previous_scan")}
            yield {"phone": phone} | line | moved


def table():
    return pyarrow.Table.from_pylist(list(rows()), SCHEMA)


def told(matches):
    """What is compared of a table of matches."""
    columns = ("phone", "file", "key", "interval", "time", "attenuation")
    return sorted(tuple(row[name] for name in columns) for row in matches.to_pylist())


def expected():
    """The matches of each phone, searched by itself."""
    trust, all_phones, found = gaen.TrustedKeys(KEY, "440", "v1"), table(), []
    for phone in range(PHONES):
        mine = all_phones.filter(pyarrow.compute.equal(all_phones["phone"], phone))
        mine = mine.sort_by([(name, "ascending") for name in ("time", "rpi", "rssi")])
        for row in gaen.search(FILES, gaen.Sightings.from_arrow(mine), trust=trust).matches.rows():
            found.append((phone, row["file"], row["key"], row["interval"], row["time"], row["attenuation"]))
    return sorted(found)
