#!/usr/bin/env python3
"""Plants sightings of the keys of an export, and says which of them must match.

The export is read with `zipfile`, RPIs and AEMs are made with `cryptography`: nothing here is the crate's.
The rules are those of the Google profile: see "Sightings" in README.md.
"""

import argparse
import json
import random
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import reference

HEADER = b"EK Export v1    "
WINDOW = 12  # intervals
REPLAY_SECONDS = 1200


@dataclass
class Key:
    position: int
    tek: bytes
    start: int
    period: int

    def rpi(self, interval: int) -> bytes:
        return reference.rpis(reference.rpik(self.tek), interval, 1)[0]


def read_keys(path: Path) -> list[Key]:
    """The good keys of an export whose key_data is there once: with more, a planted RPI has several keys."""
    with zipfile.ZipFile(path) as archive:
        export_bin = archive.read("export.bin")
    if not export_bin.startswith(HEADER):
        sys.exit(f"{path} is not a diagnosis-key export")
    messages = reference.fields(export_bin[len(HEADER) :], reference.EXPORT)
    found = [reference.key_fields(message) for number, message in messages if number == 7]
    times_seen = Counter(key.get(1) for key in found)
    good = (
        Key(position, key[1], reference.int32(key[3]), reference.int32(key.get(4, 144)))
        for position, key in enumerate(found)
        if reference.skip_reason(key) is None and times_seen[key[1]] == 1
    )
    # A key of the first hours of 1970 would have sightings before them.
    return [key for key in good if key.start > 2 * WINDOW]


class Planter:
    """Collects sightings, each with the fate it must have."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.rows: list[tuple[dict, tuple[int, dict] | str | None]] = []

    def sight(self, key: Key, interval: int, time: int, fate="match", tx_power=None, aem_size=4) -> None:
        """One sighting of the key's RPI of an interval. `fate`: "match", a reason to be dropped, or None for noise."""
        tx_power = self.rng.randint(-50, 20) if tx_power is None else tx_power
        rpi = key.rpi(interval)
        metadata = bytes([0x40, tx_power % 256, 0, 0])
        aem = (reference.aem(reference.aemk(key.tek), rpi, metadata) + bytes(1))[:aem_size]
        sighting = self.add(rpi, aem, time, None if fate == "match" else fate)
        if fate == "match":
            match = {
                "tek": key.tek.hex(),
                "rolling_start_interval_number": key.start,
                "rolling_period": key.period,
                "interval": interval,
                "sighting": None,  # known once the rows are shuffled
                "time": time,
                "rssi": sighting["rssi"],
                "tx_power": tx_power,
                "attenuation": max(tx_power - sighting["rssi"], 0),
            }
            self.rows[-1] = (sighting, (key.position, match))

    def add(self, rpi: bytes, aem: bytes, time: int, fate=None) -> dict:
        sighting = {
            "rpi": rpi.hex(),
            "aem": aem.hex(),
            "rssi": self.rng.randint(-100, -30),
            "time": time,
            "previous_scan": self.rng.choice([None, time - self.rng.randint(60, 400)]),
        }
        self.rows.append((sighting, fate))
        return sighting

    def noise(self, keys: list[Key]) -> None:
        """An RPI of nobody, at a time when one of the keys was used."""
        key = self.rng.choice(keys)
        time = self.rng.randint(600 * key.start, 600 * (key.start + key.period) - 1)
        self.add(self.rng.randbytes(16), self.rng.randbytes(4), time)

    def finish(self) -> tuple[list[dict], dict]:
        """The sightings in no order, and what must be found in them."""
        self.rng.shuffle(self.rows)
        matches, dropped = [], {"clock_window": 0, "replay": 0, "power": 0, "aem_length": 0}
        for index, (_, fate) in enumerate(self.rows):
            if isinstance(fate, str):
                dropped[fate] += 1
            elif fate is not None:
                position, match = fate
                matches.append((position, match["time"], index, match | {"sighting": index}))
        matches.sort(key=lambda row: row[:3])
        return [sighting for sighting, _ in self.rows], {"matches": [row[3] for row in matches], "dropped": dropped}


# Each kind of planting takes one key and one of its intervals, so that what it plants is dropped for one reason only.


def first_second(interval: int) -> int:
    return 600 * (interval - WINDOW)


def last_second(interval: int) -> int:
    return 600 * (interval + WINDOW + 1) - 1


def once(planter, key, interval):
    planter.sight(key, interval, planter.rng.randint(first_second(interval), last_second(interval)))


def on_time(planter, key, interval):
    """Several sightings, all in the RPI's own 10 minutes."""
    for _ in range(planter.rng.randint(2, 4)):
        planter.sight(key, interval, 600 * interval + planter.rng.randrange(600))


def edges_of_the_window(planter, key, interval):
    time, outside = planter.rng.choice([(first_second(interval), -1), (last_second(interval), 1)])
    planter.sight(key, interval, time)
    planter.sight(key, interval, time + outside, "clock_window")


def too_early_then_kept(planter, key, interval):
    """What the clock window dropped is not the first sighting that the replay cut counts from."""
    early = first_second(interval) - 1
    planter.sight(key, interval, early, "clock_window")
    planter.sight(key, interval, early + REPLAY_SECONDS + 100)


def replay(planter, key, interval):
    first = planter.rng.randint(first_second(interval), last_second(interval) - REPLAY_SECONDS - 1)
    planter.sight(key, interval, first)
    planter.sight(key, interval, first + REPLAY_SECONDS)
    planter.sight(key, interval, first + REPLAY_SECONDS + 1, "replay")


def power(planter, key, interval):
    for tx_power, fate in ((-51, "power"), (-50, "match"), (20, "match"), (21, "power")):
        planter.sight(key, interval, 600 * interval + planter.rng.randrange(600), fate, tx_power=tx_power)


def aem_length(planter, key, interval):
    for size in (3, 5):
        planter.sight(key, interval, 600 * interval + planter.rng.randrange(600), "aem_length", aem_size=size)


def outside_the_period(planter, key, _):
    """RPIs of the intervals just before and just after the key's period are nobody's."""
    for interval in (key.start - 1, key.start + key.period):
        planter.sight(key, interval, 600 * interval + planter.rng.randrange(600), fate=None)


KINDS = [once, on_time, edges_of_the_window, too_early_then_kept, replay, power, aem_length, outside_the_period]


def plant(keys: list[Key], rng: random.Random, count: int, noise: int) -> tuple[list[dict], dict]:
    if count > sum(key.period for key in keys):
        sys.exit("the export has fewer intervals than --count")
    planter = Planter(rng)
    used = set()
    while len(used) < count:
        key = rng.choice(keys)
        first, last = key.start, key.start + key.period - 1
        interval = rng.choice([first, last, rng.randint(first, last), rng.randint(first, last)])
        if (key.position, interval) not in used:
            KINDS[len(used) % len(KINDS)](planter, key, interval)
            used.add((key.position, interval))
    for _ in range(noise):
        planter.noise(keys)
    return planter.finish()


def write_lines(path: Path, rows: list[dict]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--export", type=Path, required=True, help="an export zip")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100, help="how many RPIs are planted, each once or several times")
    parser.add_argument("--noise", type=int, default=1000, help="how many sightings of random RPIs are added")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the sightings, as JSON lines")
    parser.add_argument("--expected", type=Path, required=True, help="the matches, as JSON")
    arguments = parser.parse_args()
    keys = read_keys(arguments.export)
    if not keys:
        sys.exit("the export has no key to plant")
    sightings, expected = plant(keys, random.Random(arguments.seed), arguments.count, arguments.noise)
    write_lines(arguments.output, sightings)
    arguments.expected.write_text(json.dumps(expected, indent=1) + "\n")
    print(f"{len(sightings)} sightings, {len(expected['matches'])} matches, dropped: {expected['dropped']}")


if __name__ == "__main__":
    main()
