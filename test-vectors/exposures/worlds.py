#!/usr/bin/env python3
"""Prints random requests for two implementations to be compared with: see `run.py --against`.

The same seed makes the same worlds. Each world is printed once for every profile, and aims at corners: two RPIs in one
second, louder records of bad metadata, gaps and powers around every limit, clocks that step back, equal keys.
"""

import argparse
import json
import random

from kit import DAY, FORMAT, FOUR, MIDNIGHT, START, World, configuration
from topics.randoms import random_configuration, random_rule

GAPS = [0, 1, 4, 5, 24, 25, 26, 27, 60, 120, 149, 150, 151, 240, 299, 300, 301, 450, 451, 599, 600, 601]
LONG_GAPS = [602, 899, 900, 1199, 1200, 1201, 1499, 1500, 1799, 1800, 1801, 3600, 10800]
INSIDE_A_SCAN = [0, 0, 0, 1, 2, 3, 4, 5, 10, 20, 24, 25, 26]
SINCE_THE_SCAN_BEFORE = [0, 1, 29, 30, 59, 60, 61, 120, 150, 240, 299, 300, 301, 303, 304, 305, 360, 3600]
DECIBELS = [0, 1, 10, 11, 15, 16, 27, 28, 33, 34, 46, 47, 50, 51, 52, 60, 61, 63, 64, 65, 70, 71, 73, 74, 80]
POWERS = [-20, -20, -20, -12, -30, -50, -49, 0, 10, 20]
BAD_POWERS = [-128, -61, -60, -51, 21, 22, 127]


def corner_configuration(rng: random.Random) -> dict:
    chosen = random_configuration(rng)
    chosen["apple_minimum_risk_score"] = rng.choice([0, 0, 1, 35, 254, 255])
    chosen["full_range"] = rng.choice([0.0, 0.0, 0.5, 17.5, 300.0])
    if rng.random() < 0.3:
        chosen["v1_thresholds"] = (50, 50)
    if rng.random() < 0.5:
        chosen["attenuation"] = [rng.choice([0, 0, 1, 4, 7, 8]) for _ in range(8)]
    if rng.random() < 0.3:
        names = ("attenuation_weight", "days_since_last_exposure_weight", "duration_weight", "transmission_risk_weight")
        chosen["apple_v1_fields"] |= {name: rng.choice([0, 0.25, 0.5, 1, 1.5, 2]) for name in names}
    return configuration(**chosen)


def previous_scan(rng: random.Random, time: int) -> int | None:
    kind = rng.random()
    if kind < 0.15:
        return None
    if kind < 0.2:
        return 0
    if kind < 0.27:
        return time + rng.choice([1, 29, 30, 59, 60, 61, 3600])
    return time - rng.choice(SINCE_THE_SCAN_BEFORE)


def scan(world: World, rng: random.Random, key: dict, time: int) -> int:
    """One to five sightings, as they are heard in a scan. Gives the time of the last."""
    db, tx, interval = rng.choice(DECIBELS), rng.choice(POWERS), time // 600
    rssi = None
    for n in range(rng.choice([1, 1, 2, 2, 3, 5])):
        time += rng.choice(INSIDE_A_SCAN) if n else 0
        power, size = tx, 4
        if rng.random() < 0.1:
            power = rng.choice(POWERS)
        if rng.random() < 0.1:
            power = rng.choice(BAD_POWERS)
        elif rng.random() < 0.05:
            size = rng.choice([0, 3, 5, 16])
        off = rng.choice([2, 12, -12, 13, -13]) if rng.random() < 0.1 else rng.choice([0, 0, 0, 0, 1, -1])
        louder = rng.choice([0, 0, 1, 1, 5, 20]) - rng.choice([0, 0, 1, 5])
        rssi = power - db if rssi is None else rssi + louder
        if rng.random() < 0.04:
            rssi = rng.choice([-128, -127, 0, 20, 126, 127])
        world.sight(
            key,
            time,
            tx=power,
            rssi=min(max(rssi, -128), 127),
            interval=interval + off,
            previous=previous_scan(rng, time),
            version=rng.choice([0x40, 0x44, 0x50, 0x58, 0x5C, 0x80]),
            aem_size=size,
        )
        if rng.random() < 0.04:
            world.sightings.append(dict(world.sightings[-1]))
        if rng.random() < 0.05:
            again = time + rng.choice([1199, 1200, 1201, -1200, -1201])
            world.sight(key, again, tx=power, rssi=-60, interval=interval)
    return time


def encounter(world: World, rng: random.Random, key: dict) -> None:
    first = key["rolling_start_interval_number"]
    interval = rng.randrange(first, first + max(key["rolling_period"], 1))
    time = 600 * interval + rng.choice([0, 1, 590, rng.randrange(600)])
    for _ in range(rng.choice([1, 1, 2, 3, 5, 8])):
        time = scan(world, rng, key, time)
        gaps = LONG_GAPS if rng.random() < 0.2 else GAPS
        time += rng.choice(gaps)
        if rng.random() < 0.05:
            time -= rng.choice([1, 26, 300, 3600])  # The clock was set back.


def random_key(world: World, rng: random.Random) -> None:
    start = START + 144 * rng.randint(-3, 0) + rng.choice([0, 0, 0, rng.randint(-70, 70)])
    chosen = {
        "start": start,
        "period": rng.choice([144, 144, 144, 144, rng.randint(1, 144), rng.randint(0, 1)]),
        "level": rng.choice([*range(9), -1, 9]),
        "report_type": rng.choice([0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, -1]),
        "days": rng.choice([None, rng.randint(-14, 14), rng.choice([-15, 15, -14, 14])]),
    }
    if world.keys and rng.random() < 0.25:
        before = rng.choice(world.keys)
        chosen["tek"] = before["tek"]
        if rng.random() < 0.7:
            chosen["start"] = before["rolling_start_interval_number"]
        if rng.random() < 0.5:
            chosen["period"] = before["rolling_period"]
    world.key(**chosen)


def random_world(seed: int, number: int) -> dict:
    rng = random.Random(f"world {number} of {seed}")
    world = World(f"world {number} of {seed}")
    for _ in range(rng.randint(1, 5)):
        random_key(world, rng)
    for _ in range(rng.randint(1, 4)):
        encounter(world, rng, rng.choice(world.keys))
    stranger = World(f"stranger {number} of {seed}")
    for _ in range(rng.randint(0, 2)):
        world.sight(stranger.key(), MIDNIGHT + rng.randrange(DAY))
    world.sightings += stranger.sightings
    if rng.random() < 0.8:
        rng.shuffle(world.sightings)
    return {
        "configuration": corner_configuration(rng),
        "rule": random_rule(rng),
        "now": MIDNIGHT + rng.randint(-2, 16) * DAY + rng.choice([0, -1, rng.randrange(DAY)]),
        "keys": world.keys,
        "sightings": world.sightings,
    }


def random_revisions(seed: int, number: int) -> dict:
    rng = random.Random(f"revisions {number} of {seed}")
    world = World(f"revisions {number} of {seed}")
    teks = [world.key()["tek"] for _ in range(rng.randint(1, 2))]
    steps = []
    for _ in range(rng.randint(2, 7)):
        key = {
            "tek": rng.choice(teks),
            "rolling_start_interval_number": START + rng.choice([0] * 9 + [1]),
            "rolling_period": rng.choice([144] * 9 + [143]),
            "report_type": rng.randint(0, 5),
        }
        steps.append({"list": rng.choice(["keys", "keys", "revised_keys"]), "key": key})
    missing = rng.randint(1, 3)
    return {"recursive_enabled": rng.random() < 0.3, "report_type_when_missing": missing, "steps": steps}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100, help="how many worlds; default: 100")
    kinds = [*FOUR, "revisions"]
    parser.add_argument("--profile", action="append", choices=kinds, help="only this one; may be repeated")
    arguments = parser.parse_args()
    for number in range(arguments.count):
        world = None
        for kind in arguments.profile or kinds:
            request = {"format": FORMAT, "file": "worlds", "name": f"world {number} of {arguments.seed}"}
            if kind == "revisions":
                request |= random_revisions(arguments.seed, number)
            else:
                world = world or random_world(arguments.seed, number)
                request |= {"profile": kind} | world
            print(json.dumps(request, separators=(",", ":")))


if __name__ == "__main__":
    main()
