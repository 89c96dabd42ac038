#!/usr/bin/env python3
"""Writes cases/*.json: keys, sightings and configurations, and what must come of them.

What is expected is made by reference_exposures.py. For every bound the outcome on both sides stands here too, worked
out by hand, and the script ends if the reference says otherwise or if both sides are alike. With --check nothing is
written: the files are made again in memory and compared with the committed ones.
"""

import argparse
import json
import random
import sys
from pathlib import Path

import reference_exposures
from kit import (
    ALL,
    APPLE_V1,
    APPLES,
    AVERAGE,
    CONDITIONS,
    DAY,
    DOCUMENTED_V2,
    GOOGLE,
    MAXIMUM,
    MIDNIGHT,
    MINIMUM,
    NEXT_MORNING,
    NOON,
    ONE_TO_EIGHT,
    ONES,
    SCORE_SUM,
    SECONDS,
    START,
    KitFile,
    World,
    compact,
    configuration,
    lines,
    rule,
)

CASES = Path(__file__).parent / "cases"
INTERVAL = 600
AT = NOON // INTERVAL  # the interval that begins at noon


# --- Parts of an outcome


def matched(expected: dict) -> tuple[int, dict]:
    return len(expected["matches"]), expected["dropped"]


def match_places(expected: dict) -> list[tuple[int, int, int]]:
    return [(match["key"], match["interval"], match["sighting"]) for match in expected["matches"]]


def attenuations(expected: dict) -> list[int]:
    return [match["attenuation"] for match in expected["matches"]]


def instances(expected: dict) -> list[list[tuple[int, int, int]]]:
    """Of each window: (typical, minimum, seconds) of its instances."""
    names = ("typical_attenuation", "min_attenuation", "seconds_since_last_scan")
    return [[tuple(instance[name] for name in names) for instance in w["scan_instances"]] for w in expected["windows"]]


def instance_counts(expected: dict) -> list[int]:
    return [len(window["scan_instances"]) for window in expected["windows"]]


def scan_seconds(expected: dict) -> list[int]:
    return [instance[2] for window in instances(expected) for instance in window]


def of_windows(name: str):
    return lambda expected: [window[name] for window in expected["windows"]]


def of_days(name: str):
    return lambda expected: [summary[name] for summary in expected["daily_summaries"]]


def of_types(name: str):
    """Of each day: type -> the value."""
    return lambda expected: [
        {of_type: summary[name] for of_type, summary in day["by_report_type"].items()}
        for day in expected["daily_summaries"]
    ]


def of_exposures(name: str):
    return lambda expected: [exposure[name] for exposure in expected["v1"]["exposures"]]


def of_v1(name: str):
    return lambda expected: expected["v1"][name]


def notified(expected: dict) -> list[str]:
    assert expected["decision"]["notify"] == bool(expected["decision"]["days"])
    return expected["decision"]["days"]


def shown(expected: dict) -> tuple[int, int, int, int]:
    """How many matches, windows, v1 exposures, and v1 keys."""
    return (
        len(expected["matches"]),
        len(expected["windows"]),
        len(expected["v1"]["exposures"]),
        expected["v1"]["matched_key_count"],
    )


risks = of_exposures("risk_score")


# --- acceptance.json


def acceptance() -> KitFile:
    kit = KitFile("acceptance", "Which sightings count for a key, and by which rule the others are dropped.")

    def heard_at(world, time):
        world.sight(world.key(), time, interval=AT)

    early, late = INTERVAL * (AT - 12), INTERVAL * (AT + 13)
    proves = "A sighting counts from 12 intervals before its RPI's to 12 intervals after it, both whole."
    one, none = (1, {}), (0, {"clock_window": 1})
    kit.bound("clock window, early", proves, matched, heard_at, (early, one), (early - 1, none), ALL)
    kit.bound("clock window, late", proves, matched, heard_at, (late - 1, one), (late, none), ALL)

    def first_interval(world, time):
        world.sight(world.key(), time, interval=START)

    edge = MIDNIGHT - 7200
    kit.bound("clock window, the day before", proves, matched, first_interval, (edge, one), (edge - 1, none))

    def last_interval(world, time):
        world.sight(world.key(), time, interval=START + 143)

    edge = MIDNIGHT + DAY + 7200
    kit.bound("clock window, the day after", proves, matched, last_interval, (edge - 1, one), (edge, none))

    def again_after(world, seconds):
        key = world.key()
        world.sight(key, NOON, interval=AT)
        world.sight(key, NOON + seconds, interval=AT)

    proves = "An RPI is dropped as a replay when it comes more than 1200 s after its first sighting."
    kit.bound("replay", proves, matched, again_after, (1200, (2, {})), (1201, (1, {"replay": 1})), ALL)

    def replay_backwards(world, seconds):
        key = world.key()
        world.sight(key, NOON + seconds, interval=AT)
        world.sight(key, NOON, interval=AT)

    proves = "The first sighting is the first by time, not by position."
    kit.bound(
        "replay, given backwards",
        proves,
        match_places,
        replay_backwards,
        (1200, [(0, AT, 1), (0, AT, 0)]),
        (1201, [(0, AT, 1)]),
    )

    def too_early_first(world):
        key = world.key()
        world.sight(key, early - 1, interval=AT)
        world.sight(key, early + 1201, interval=AT)

    kit.case(
        "replay, counted from the clock window",
        "What the clock window dropped is not the first sighting that the replay rule counts from.",
        too_early_first,
        matched,
        (1, {"clock_window": 1}),
    )

    def bad_aem_first(world, seconds):
        key = world.key()
        world.sight(key, NOON, interval=AT, aem_size=3)
        world.sight(key, NOON + seconds, interval=AT)

    kit.bound(
        "replay, counted from a sighting with a bad AEM",
        "What a later rule drops still is the first sighting that the replay rule counts from.",
        matched,
        bad_aem_first,
        (1200, (1, {"aem_length": 1})),
        (1201, (0, {"aem_length": 1, "replay": 1})),
    )

    def bad_power_first(world, seconds):
        key = world.key()
        world.sight(key, NOON, interval=AT, tx=21)
        world.sight(key, NOON + seconds, interval=AT)

    kit.bound(
        "replay, counted from a sighting with a bad power",
        "What a later rule drops still is the first sighting that the replay rule counts from.",
        matched,
        bad_power_first,
        (1200, (1, {"power": 1})),
        (1201, (0, {"power": 1, "replay": 1})),
    )

    def two_rpis(world):
        key = world.key()
        world.sight(key, NOON, interval=AT)
        world.sight(key, NOON + 1000, interval=AT + 1)
        world.sight(key, NOON + 2200, interval=AT + 1)

    kit.case("replay, for each RPI", "The replay rule counts for each RPI of its own.", two_rpis, matched, (3, {}))

    def chained_replay(world):
        key = world.key()
        for seconds in (0, 1000, 2000):
            world.sight(key, NOON + seconds, interval=AT)

    kit.case(
        "replay, not from the sighting before",
        "The replay rule counts from the first sighting of the RPI, not from the one before.",
        chained_replay,
        matched,
        (2, {"replay": 1}),
    )

    def aem_of(world, size):
        world.sight(world.key(), NOON, aem_size=size)

    proves = "The AEM has exactly 4 bytes."
    kit.bound("AEM length", proves, matched, aem_of, (3, (0, {"aem_length": 1})), (4, one), ALL)
    for size in (0, 5, 16):
        kit.case(
            f"AEM length: {size}",
            proves,
            lambda world, size=size: aem_of(world, size),
            matched,
            (0, {"aem_length": 1}),
        )

    def power_of(world, tx):
        world.sight(world.key(), NOON, tx=tx, rssi=-90)

    bad = (0, {"power": 1})
    proves = "A transmit power below the profile's lowest is dropped: -50 dBm, in apple_v1 -60."
    kit.bound("lowest power", proves, matched, power_of, (-51, bad), (-50, one), (GOOGLE, DOCUMENTED_V2))
    kit.bound("lowest power of Apple", proves, matched, power_of, (-61, bad), (-60, one), (APPLE_V1,))
    kit.case(
        "power -60",
        proves,
        lambda world: power_of(world, -60),
        matched,
        {GOOGLE: bad, APPLE_V1: one, DOCUMENTED_V2: bad},
        ALL,
    )
    proves = "A transmit power above 20 dBm is dropped."
    kit.bound("highest power", proves, matched, power_of, (20, one), (21, bad), ALL)
    kit.case("power -128", "The transmit power is signed.", lambda world: power_of(world, -128), matched, bad)
    kit.case("power 127", "The transmit power is signed.", lambda world: power_of(world, 127), matched, bad)

    def rssi_of(world, rssi):
        world.sight(world.key(), NOON, tx=-20, rssi=rssi)

    kit.bound(
        "0 dB",
        "Attenuation 0 counts, and is dropped in apple_v1 alone.",
        lambda expected: (attenuations(expected), expected["dropped"]),
        rssi_of,
        (-20, {GOOGLE: ([0], {}), APPLE_V1: ([], {"zero_attenuation": 1}), DOCUMENTED_V2: ([0], {})}),
        (-21, ([1], {})),
        ALL,
    )
    kit.bound(
        "below 0 dB",
        "A signal stronger than what was sent has the attenuation 0.",
        attenuations,
        rssi_of,
        (-19, [0]),
        (-22, [2]),
    )
    kit.case(
        "RSSI 127",
        "RSSI 127, a saturated or invalid reading, is 0 dB.",
        lambda world: rssi_of(world, 127),
        attenuations,
        {GOOGLE: [0], APPLE_V1: [], DOCUMENTED_V2: [0]},
        ALL,
    )
    kit.case(
        "RSSI -128",
        "The largest attenuation is 148 dB, beyond a signed byte.",
        lambda world: world.sight(world.key(), NOON, tx=20, rssi=-128),
        lambda expected: (attenuations(expected), instances(expected)),
        ([148], [[(148, 148, 120)]]),
        ALL,
    )

    def first_rule(world):
        key = world.key()
        world.sight(key, late, interval=AT, tx=21, aem_size=3)
        world.sight(key, NOON, interval=AT)
        world.sight(key, NOON + 1201, interval=AT, tx=21, aem_size=3)
        world.sight(key, NOON + 1, interval=AT, tx=21, aem_size=5)
        world.sight(key, NOON + 2, interval=AT, tx=21, rssi=30)
        world.sight(key, NOON + 3, interval=AT, tx=20, rssi=30)

    dropped = {"clock_window": 1, "replay": 1, "aem_length": 1, "power": 1}
    kit.case(
        "the first rule counts",
        "A sighting that breaks several rules is counted under the first: clock window, replay, AEM, power, 0 dB.",
        first_rule,
        matched,
        {GOOGLE: (2, dropped), APPLE_V1: (1, dropped | {"zero_attenuation": 1}), DOCUMENTED_V2: (2, dropped)},
        ALL,
    )

    def at_nth(world, nth):
        world.sight(world.key(start=AT - 3, period=10), INTERVAL * (AT - 3 + nth))

    proves = "The RPIs outside of a key's period are nobody's: they are neither matched nor dropped."
    kit.bound("the end of a short period", proves, matched, at_nth, (9, (1, {})), (10, (0, {})), ALL)
    kit.bound("the start of a short period", proves, matched, at_nth, (-1, (0, {})), (0, (1, {})))

    def one_interval(world, interval):
        world.sight(world.key(start=AT, period=1), NOON, interval=interval)

    kit.bound("a period of 1", proves, matched, one_interval, (AT, (1, {})), (AT + 1, (0, {})))

    def period_zero(world):
        world.sight(world.key(period=0), NOON)

    kit.case(
        "period 0",
        "A period of 0 makes a key useless; in apple_v1 it is 144.",
        period_zero,
        matched,
        {GOOGLE: (0, {}), APPLE_V1: (1, {}), DOCUMENTED_V2: (0, {})},
        ALL,
    )

    def period_zero_and_144(world):
        key = world.key(period=144)
        world.key(period=0, tek=key["tek"])
        world.sight(key, NOON)

    kit.case(
        "periods 144 and 0",
        "In apple_v1 periods 0 and 144 of the same TEK and start are the same key.",
        period_zero_and_144,
        match_places,
        [(0, AT, 0)],
        ALL,
    )

    def same_key_twice(world):
        key = world.key(level=3, report_type=2, days=4)
        world.key(level=5, report_type=3, days=5, tek=key["tek"])
        world.sight(key, NOON)

    kit.case(
        "the same key twice",
        "Of keys with the same TEK, start and period the first counts, with its own report.",
        same_key_twice,
        lambda expected: (match_places(expected), of_windows("report_type")(expected), of_v1("exposures")(expected)[0]["transmission_risk_level"]),
        ([(0, AT, 0)], ["confirmed_clinical_diagnosis"], 3),
        ALL,
    )

    def revoked_first(world):
        key = world.key(report_type=5)
        world.key(report_type=1, tek=key["tek"])
        world.sight(key, NOON)

    kit.case(
        "the same key twice, first revoked",
        "The first of two equal keys counts even if it is not shown.",
        revoked_first,
        shown,
        (1, 0, 0, 0),
    )

    def two_periods(world):
        key = world.key(period=144)
        world.key(period=100, tek=key["tek"])
        world.sight(key, NOON)
        world.sight(key, MIDNIGHT + 100 * INTERVAL)

    kit.case(
        "one TEK with two periods",
        "The same TEK with another period is another key, and each has its matches.",
        two_periods,
        match_places,
        [(0, AT, 0), (0, START + 100, 1), (1, AT, 0)],
        ALL,
    )

    def two_starts(world):
        key = world.key(start=START)
        world.key(start=START + 72, tek=key["tek"])
        world.sight(key, MIDNIGHT + 71 * INTERVAL)
        world.sight(key, NOON)

    kit.case(
        "one TEK with two starts",
        "The same TEK with another start is another key; they are ordered as they are given.",
        two_starts,
        match_places,
        [(0, START + 71, 0), (0, AT, 1), (1, AT, 1)],
    )

    def same_sighting_twice(world):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON)

    kit.case(
        "the same sighting twice",
        "The same sighting twice is two sightings.",
        same_sighting_twice,
        match_places,
        [(0, AT, 0), (0, AT, 1)],
    )

    def disorder(world):
        first, second = world.key(), world.key()
        world.sight(second, NOON + 500)
        world.sight(first, NOON + 20, interval=AT + 1)
        world.sight(first, NOON + 20)
        world.sight(first, NOON + 10)
        world.sight(second, NOON)
        world.sight(first, NOON + 20)

    kit.case(
        "in no order",
        "Matches stand in the order of keys, then time, then interval, then position.",
        disorder,
        match_places,
        [(0, AT, 3), (0, AT, 2), (0, AT, 5), (0, AT + 1, 1), (1, AT, 4), (1, AT, 0)],
    )

    def strangers(world):
        world.key()
        stranger = World("a stranger").key()
        for seconds in range(0, 600, 200):
            world.sight(stranger, NOON + seconds)

    kit.case("strangers", "RPIs of nobody are not counted anywhere.", strangers, matched, (0, {}))

    def one_byte_off(world):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON + 1)
        rpi = bytearray.fromhex(world.sightings[1]["rpi"])
        rpi[15] ^= 1
        world.sightings[1]["rpi"] = rpi.hex()

    kit.case("one bit of an RPI", "All 16 bytes of an RPI are compared.", one_byte_off, match_places, [(0, AT, 0)])

    nothing = {
        "matches": [],
        "dropped": {},
        "windows": [],
        "daily_summaries": [],
        "v1": {
            "exposures": [],
            "maximum_risk_score": 0,
            "summation_risk_score": 0,
            "matched_key_count": 0,
            "days_since_last_exposure": None,
            "attenuation_durations": [0, 0, 0],
        },
        "decision": {"notify": False, "days": []},
    }
    proves = "Empty lists are no fault, and nothing comes of them."
    kit.case("nothing at all", proves, lambda world: None, lambda expected: expected, nothing, ALL)
    kit.case("no sightings", proves, lambda world: world.key(), lambda expected: expected, nothing)

    def no_keys(world):
        world.sight(World("a stranger").key(), NOON)

    kit.case("no keys", proves, no_keys, lambda expected: expected, nothing)

    def all_dropped(world):
        world.sight(world.key(), NOON, tx=21)

    kit.case(
        "all dropped",
        "A key whose sightings are all dropped has not matched.",
        all_dropped,
        lambda expected: expected,
        nothing | {"dropped": {"power": 1}},
    )
    return kit


# --- windows.json


def windows() -> KitFile:
    kit = KitFile("windows", "How the sightings of a key become exposure windows with scan instances.")

    def second_after(world, seconds):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON + seconds)

    proves = "A sighting belongs to the scan instance before if it comes at most 25.5 s after the sighting before."
    kit.bound("one scan", proves, instance_counts, second_after, (25, [1]), (26, [2]), ALL)

    def third_after(world, seconds):
        key = world.key()
        for time in (0, 25, 25 + seconds):
            world.sight(key, NOON + time)

    proves = "The 25.5 s count from the sighting before, not from the first of the instance."
    kit.bound("one scan, a chain", proves, instance_counts, third_after, (25, [1]), (26, [2]))

    def two_intervals(world, seconds):
        key = world.key()
        world.sight(key, NOON - 1)
        world.sight(key, NOON - 1 + seconds)

    proves = "A scan instance may hold RPIs of two intervals."
    kit.bound("one scan, two RPIs", proves, instance_counts, two_intervals, (25, [1]), (26, [2]))

    def window_after(world, seconds):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON + seconds)

    proves = "A sighting 1800 s or more after the start of a window begins a new one."
    kit.bound("a new window", proves, of_windows("start"), window_after, (1799, [NOON]), (1800, [NOON, NOON + 1800]), ALL)

    def window_after_many(world, seconds):
        key = world.key()
        for time in (0, 600, 1200, seconds):
            world.sight(key, NOON + time)

    proves = "The 1800 s count from the start of the window, not from the sighting before."
    kit.bound(
        "a new window, with sightings between",
        proves,
        instance_counts,
        window_after_many,
        (1799, [4]),
        (1800, [3, 1]),
    )

    def across_the_cut(world, seconds):
        key = world.key()
        for time in (0, 1790, 1810, 1810 + seconds):
            world.sight(key, NOON + time)

    proves = "A new window begins an instance even within 25.5 s, and the instance goes on from there."
    kit.bound(
        "an instance at the start of a window",
        proves,
        instance_counts,
        across_the_cut,
        (25, [2, 1]),
        (26, [2, 2]),
        ALL,
    )

    def third_window(world):
        key = world.key()
        for time in (0, 1000, 2000, 3000, 3799, 3800, 4000):
            world.sight(key, NOON + time)

    kit.case(
        "three windows",
        "A window's 1800 s count from its own first sighting, not from a multiple of 1800 s after the first window.",
        third_window,
        lambda expected: (of_windows("start")(expected), instance_counts(expected)),
        ([NOON, NOON + 2000, NOON + 3800], [2, 3, 2]),
    )

    def scan_of(world, values):
        key = world.key()
        for n, value in enumerate(values):
            world.sight(key, NOON + n, db=value)

    def typical(expected):
        return [instance[:2] for instance in instances(expected)[0]]

    proves = "The typical attenuation is the mean, a half rounded up; the minimum is the smallest."
    below, above = ((30, 30, 31), [(30, 30)]), ((30, 31), [(31, 30)])
    kit.bound("typical attenuation", proves, typical, scan_of, below, above, ALL)
    below, above = ((60, 41, 41), [(47, 41)]), ((60, 41, 41, 41), [(46, 41)])
    kit.bound("typical attenuation of three and four", proves, typical, scan_of, below, above)
    below, above = ((3, 3, 3, 5), [(4, 3)]), ((3, 3, 3, 4), [(3, 3)])
    kit.bound("typical attenuation, quarters", proves, typical, scan_of, below, above)

    def saturated(world):
        key = world.key()
        world.sight(key, NOON, rssi=127)
        world.sight(key, NOON + 1, db=33)

    kit.case(
        "a saturated reading in a scan",
        "0 dB is part of the mean where it counts.",
        saturated,
        typical,
        {GOOGLE: [(17, 0)], APPLE_V1: [(33, 33)], DOCUMENTED_V2: [(17, 0)]},
        ALL,
    )

    def scanned_before(world, seconds):
        world.sight(world.key(), NOON, previous=NOON - seconds)

    proves = "Seconds since the last scan are 60 for each minute border between the scans, at most 300."
    for minutes in range(5):
        kit.bound(
            f"{minutes} minute borders",
            proves,
            scan_seconds,
            scanned_before,
            (60 * minutes, [60 * minutes]),
            (60 * minutes + 1, [60 * minutes + 60]),
            ALL if minutes == 4 else (GOOGLE,),
        )
    for seconds in (300, 301, 360, 86400):
        kit.case(
            f"previous scan {seconds} s before",
            proves,
            lambda world, seconds=seconds: scanned_before(world, seconds),
            scan_seconds,
            [300],
        )

    def late_in_the_minute(world, seconds):
        world.sight(world.key(), NOON + 59, previous=NOON + 59 - seconds)

    kit.bound("late in a minute", proves, scan_seconds, late_in_the_minute, (59, [0]), (60, [60]))
    kit.bound("late in a minute, five", proves, scan_seconds, late_in_the_minute, (299, [240]), (300, [300]))

    kit.case(
        "no previous scan",
        "Where the previous scan is unknown, 120 s count.",
        lambda world: world.sight(world.key(), NOON),
        scan_seconds,
        [120],
        ALL,
    )
    kit.case(
        "previous scan at 0",
        "A previous scan at second 0 is known.",
        lambda world: world.sight(world.key(), NOON, previous=0),
        scan_seconds,
        [300],
    )
    proves = "A clock that stepped back makes 0 s, not a negative duration."
    for seconds in (0, 1, 59, 60, 3600, 10 * DAY):
        kit.case(
            f"previous scan {seconds} s after",
            proves,
            lambda world, seconds=seconds: scanned_before(world, -seconds),
            scan_seconds,
            [0],
            ALL if seconds == 3600 else (GOOGLE,),
        )

    def seconds_of_the_first(world):
        key = world.key()
        world.sight(key, NOON + 1, previous=NOON - 240)
        world.sight(key, NOON, previous=NOON - 60)
        world.sight(key, NOON + 2, previous=NOON + 1)

    kit.case(
        "seconds of the first sighting",
        "An instance's seconds come from its first sighting by time.",
        seconds_of_the_first,
        scan_seconds,
        [60],
    )

    def at_the_same_second(world):
        key = world.key()
        world.sight(key, NOON, interval=AT + 1, previous=NOON - 60)
        world.sight(key, NOON, interval=AT, previous=NOON - 120, version=0x54)
        world.sight(key, NOON, interval=AT, previous=NOON - 180, version=0x5C)

    kit.case(
        "at the same second",
        "Of sightings at one second the lower interval comes first, then the lower position.",
        at_the_same_second,
        lambda expected: (scan_seconds(expected), of_windows("calibration_confidence")(expected)),
        ([120], ["low"]),
        ALL,
    )

    names = ["lowest", "low", "medium", "high"]
    proves = "The calibration confidence is bits 3:2 of the metadata; with Apple's rules low if the version is before 1.1."
    for version, what, is_old in (
        (0x00, "0.0", True),
        (0x30, "0.3", True),
        (0x40, "1.0", True),
        (0x50, "1.1", False),
        (0x60, "1.2", False),
        (0x80, "2.0", False),
    ):
        for bits in range(4) if version in (0x40, 0x50) else (3,):
            by_apple = "low" if is_old else names[bits]
            kit.case(
                f"metadata v{what}, bits {bits}",
                proves,
                lambda world, byte=version | bits << 2: world.sight(world.key(), NOON, version=byte),
                of_windows("calibration_confidence"),
                {GOOGLE: [names[bits]], APPLE_V1: [by_apple], DOCUMENTED_V2: [by_apple]},
                ALL if version == 0x40 or bits == 3 else (GOOGLE,),
            )
    kit.case(
        "metadata, reserved bits",
        "The reserved bits 1:0 of the first byte mean nothing.",
        lambda world: world.sight(world.key(), NOON, version=0x5B),
        of_windows("calibration_confidence"),
        ["medium"],
    )

    def confidence_of_the_first(world):
        key = world.key()
        world.sight(key, NOON + 300, version=0x50)
        world.sight(key, NOON, version=0x5C)
        world.sight(key, NOON + 1800, version=0x54)

    kit.case(
        "confidence of the first sighting",
        "A window has the calibration confidence of its first sighting.",
        confidence_of_the_first,
        of_windows("calibration_confidence"),
        ["high", "low"],
    )

    def at_second(world, time):
        world.sight(world.key(start=START - 72), time, interval=START)

    kit.bound(
        "midnight",
        "A window has the UTC date of its start.",
        of_windows("date"),
        at_second,
        (MIDNIGHT - 1, ["2021-07-14"]),
        (MIDNIGHT, ["2021-07-15"]),
        ALL,
    )

    def over_midnight(world):
        key = world.key(start=START - 72)
        world.sight(key, MIDNIGHT - 600)
        world.sight(key, MIDNIGHT + 600)
        world.sight(key, MIDNIGHT + 1200)

    kit.case(
        "over midnight",
        "A window that crosses midnight keeps the date of its start; its days are those of the daily summaries.",
        over_midnight,
        lambda expected: (of_windows("date")(expected), instance_counts(expected), of_days("date")(expected)),
        (["2021-07-14", "2021-07-15"], [2, 1], ["2021-07-14", "2021-07-15"]),
        ALL,
    )

    def order_of_windows(world):
        teks = ["ff" * 16, "00" * 16, "7f" * 16]
        keys = [world.key(tek=tek) for tek in teks]
        for key, seconds in zip(keys, (0, 3600, 3600)):
            world.sight(key, NOON + seconds)
        world.sight(keys[0], NOON + 3600)

    kit.case(
        "the order of windows",
        "Windows stand in the order of start, then of the key's bytes; neither keys nor sightings give the order.",
        order_of_windows,
        lambda expected: [(window["start"] - NOON, window["tek"][:2]) for window in expected["windows"]],
        [(0, "ff"), (3600, "00"), (3600, "7f"), (3600, "ff")],
    )

    def order_of_periods(world):
        key = world.key(start=START + 1, period=100, report_type=4, level=1)
        world.key(tek=key["tek"], start=START + 1, period=99, report_type=2, level=2)
        world.key(tek=key["tek"], start=START, period=144, report_type=3, level=3)
        world.sight(key, NOON)
        world.configuration = "recursive"

    kit.configure("recursive", recursive_enabled=True)
    kit.case(
        "the order of windows of one TEK",
        "Windows of one TEK with one start stand in the order of rolling start, then of rolling period.",
        order_of_periods,
        lambda expected: (of_windows("report_type")(expected), of_exposures("transmission_risk_level")(expected)),
        (["self_report", "confirmed_clinical_diagnosis", "recursive"], [3, 2, 1]),
        ALL,
    )

    def several_days(world):
        for day in (2, 0, 1):
            key = world.key(start=START + 144 * day, days=day)
            world.series(key, NOON + DAY * day, 3, 300)
        world.now = NEXT_MORNING + 2 * DAY

    kit.case(
        "three keys on three days",
        "Each key of a person is a key of its own.",
        several_days,
        lambda expected: (of_windows("date")(expected), instance_counts(expected)),
        (["2021-07-15", "2021-07-16", "2021-07-17"], [3, 3, 3]),
        ALL,
    )
    return kit


# --- reports.json


def reports() -> KitFile:
    kit = KitFile("reports", "What a key's report makes of it: infectiousness, report type, and whether it is shown.")
    level = ["none", "standard", "high"]
    cycle = kit.configure("cycle", infectiousness={days: (days + 14) % 3 for days in range(-14, 15)})
    proves = "Infectiousness is what the map says for the days since the onset of symptoms."

    def onset(world, days, chosen):
        world.sight(world.key(days=days), NOON)
        world.configuration = chosen

    for days in range(-14, 15):
        wanted = level[(days + 14) % 3]
        kit.case(
            f"{days} days since onset",
            proves,
            lambda world, days=days: onset(world, days, cycle),
            of_windows("infectiousness"),
            [wanted],
        )

    def all_days(world):
        world.configuration = cycle
        for days in range(-14, 15):
            world.sight(world.key(days=days), NOON + 3 * (days + 14))

    every = [level[(days + 14) % 3] for days in range(-14, 15)]
    known = [name for name in every if name != "none"]
    kit.case(
        "all days since onset",
        "Keys of infectiousness none have windows, but not in documented_v2.",
        all_days,
        of_windows("infectiousness"),
        {GOOGLE: every, APPLE_V1: every, DOCUMENTED_V2: known},
        ALL,
    )
    missing = {
        name: kit.configure(f"missing is {name}", infectiousness_when_missing=number)
        for number, name in enumerate(level)
    }
    no_map = {
        name: kit.configure(f"no map, missing is {name}", infectiousness=None, infectiousness_when_missing=number)
        for number, name in enumerate(level)
    }
    proves = "Days beyond -14 to 14 are read as missing."
    for below, above in ((-15, -14), (15, 14)):
        kit.bound(
            f"onset at {above}",
            proves,
            of_windows("infectiousness"),
            lambda world, days: onset(world, days, missing["standard"]),
            (below, ["standard"]),
            (above, {GOOGLE: ["none"], APPLE_V1: ["none"], DOCUMENTED_V2: []}),
            ALL,
        )
    for days in (-(2**31), 2**31 - 1):
        kit.case(
            f"{days} days since onset",
            proves,
            lambda world, days=days: onset(world, days, missing["standard"]),
            of_windows("infectiousness"),
            ["standard"],
        )
    for name in level:
        wanted = {GOOGLE: [name], APPLE_V1: [name], DOCUMENTED_V2: [name] if name != "none" else []}
        kit.case(
            f"days missing, read as {name}",
            "Where the days since onset are missing, infectiousness is the configuration's value for that.",
            lambda world, chosen=missing[name]: onset(world, None, chosen),
            of_windows("infectiousness"),
            wanted,
            ALL,
        )
        kit.case(
            f"no map, read as {name}",
            "Where there is no map, infectiousness is the value for missing days, whatever the days are.",
            lambda world, chosen=no_map[name]: onset(world, -14, chosen),
            of_windows("infectiousness"),
            wanted,
            ALL,
        )
    for google_bound in (-3, 10):
        inside, outside = google_bound, google_bound + (-1 if google_bound < 0 else 1)
        kit.bound(
            f"COCOA's map at {google_bound}",
            "COCOA calls days -3 to 10 high and the others none.",
            of_windows("infectiousness"),
            lambda world, days: onset(world, days, "cocoa"),
            (inside, ["high"]),
            (outside, {GOOGLE: ["none"], APPLE_V1: ["none"], DOCUMENTED_V2: []}),
            ALL,
        )

    names = ["unknown", "confirmed_test", "confirmed_clinical_diagnosis", "self_report", "recursive", "revoked"]
    with_recursive = kit.configure("recursive", recursive_enabled=True)
    without_recursive = kit.configure("no recursive", recursive_enabled=False)

    def typed(world, number, chosen):
        world.sight(world.key(report_type=number), NOON)
        world.configuration = chosen

    def type_and_shown(expected):
        return of_windows("report_type")(expected), shown(expected)

    for number, name in enumerate(names):
        for chosen in ("cocoa", with_recursive, without_recursive) if number == 4 else ("cocoa",):
            is_hidden = number == 5 or number == 4 and chosen != with_recursive
            wanted = ([], (1, 0, 0, 0)) if is_hidden else ([names[number or 1]], (1, 1, 1, 1))
            kit.case(
                f"report type {name}" + ("" if chosen == "cocoa" else f", configuration {chosen}"),
                "Unknown is read as the configuration says; revoked is matched but never shown, recursive only if enabled.",
                lambda world, number=number, chosen=chosen: typed(world, number, chosen),
                type_and_shown,
                wanted,
                ALL,
            )
    for number in range(5):
        chosen = kit.configure(f"missing type is {names[number]}", report_type_when_missing=number)
        wanted = ([], (1, 0, 0, 0)) if number == 4 else ([names[number]], (1, 1, 1, 1))
        kit.case(
            f"unknown read as {names[number]}",
            "Unknown is read as the configuration says, before it is asked whether the key is shown; in documented_v2 "
            "a type that is unknown after that has no windows.",
            lambda world, chosen=chosen: typed(world, 0, chosen),
            type_and_shown,
            wanted if number else {GOOGLE: wanted, APPLE_V1: wanted, DOCUMENTED_V2: ([], (1, 0, 1, 1))},
            ALL,
        )
    chosen = kit.configure("missing type is recursive, enabled", report_type_when_missing=4, recursive_enabled=True)
    kit.case(
        "unknown read as recursive, enabled",
        "Unknown is read as the configuration says, before it is asked whether the key is shown.",
        lambda world: typed(world, 0, chosen),
        type_and_shown,
        (["recursive"], (1, 1, 1, 1)),
        ALL,
    )
    kit.case(
        "unknown has no summary",
        "Windows of unknown report type have no daily summary.",
        lambda world: typed(world, 0, "missing type is unknown"),
        of_days("date"),
        [],
        ALL,
    )
    for number in (6, -1, 2**31 - 1):
        kit.case(
            f"report type {number}",
            "A number that is no report type is read as unknown.",
            lambda world, number=number: typed(world, number, "missing type is self_report"),
            type_and_shown,
            (["self_report"], (1, 1, 1, 1)),
        )

    def hidden_beside_shown(world):
        for number in (5, 1, 4, 3):
            world.series(world.key(report_type=number), NOON, 3, 300)

    kit.case(
        "hidden beside shown",
        "Keys that are not shown count in the matches and nowhere else.",
        hidden_beside_shown,
        shown,
        (12, 2, 2, 2),
        ALL,
    )

    def none_beside_high(world):
        world.series(world.key(days=-10), NOON, 2, 300)
        world.series(world.key(days=0), NOON, 2, 300)

    kit.case(
        "none beside high",
        "v1 knows no infectiousness: a key of none is shown there in every profile.",
        none_beside_high,
        shown,
        {GOOGLE: (4, 2, 2, 2), APPLE_V1: (4, 2, 2, 2), DOCUMENTED_V2: (4, 1, 2, 2)},
        ALL,
    )
    return kit


# --- daily.json


def daily() -> KitFile:
    kit = KitFile("daily", "From exposure windows to daily summaries.")
    weighted, scores = of_days("weighted_duration_sum"), of_days("score_sum")
    maxima = of_days("maximum_score")

    def near(world, db):
        world.sight(world.key(days=0), NOON, db=db, previous=NOON - 300)

    proves = "A typical attenuation up to a threshold is in the bucket below it."
    # 300 s with the weights 1.0, 2.5, 1.3 and 0.01; documented_v2 rounds up to the minute.
    exact = [300.0, 750.0, 390.0, 3.0]
    in_minutes = [300.0, 780.0, 420.0, 60.0]
    for n, threshold in enumerate((46, 60, 65)):
        below, above = (
            {GOOGLE: [exact[m]], APPLE_V1: [exact[m]], DOCUMENTED_V2: [in_minutes[m]]} for m in (n, n + 1)
        )
        kit.bound(f"threshold {threshold}", proves, weighted, near, (threshold, below), (threshold + 1, above), ALL)

    lowest = kit.configure("lowest thresholds", thresholds=(0, 1, 2), percents=(10, 20, 30, 40))
    highest = kit.configure("highest thresholds", thresholds=(253, 254, 255), percents=(10, 20, 30, 40))

    def near_with(chosen):
        def build(world, db):
            near(world, db)
            world.configuration = chosen

        return build

    kit.bound("threshold 0", proves, weighted, near_with(lowest), (0, [30.0]), (1, [60.0]))
    kit.bound("threshold 1", proves, weighted, near_with(lowest), (1, [60.0]), (2, [90.0]), (GOOGLE, APPLE_V1))
    kit.bound("threshold 2", proves, weighted, near_with(lowest), (2, [90.0]), (3, [120.0]), (GOOGLE, APPLE_V1))
    kit.case(
        "148 dB of 253",
        "The largest attenuation is immediate where the thresholds are beyond it.",
        lambda world: near_with(highest)(world, 148),
        weighted,
        {GOOGLE: [30.0], APPLE_V1: [30.0], DOCUMENTED_V2: [60.0]},
        ALL,
    )

    def typical_decides(world):
        key = world.key(days=0)
        world.sight(key, NOON, db=40, previous=NOON - 300)
        world.sight(key, NOON + 1, db=60)

    kit.case(
        "typical, not minimum",
        "The bucket is that of the typical attenuation, not of the minimum.",
        typical_decides,
        weighted,
        [750.0],
    )

    distinct = kit.configure(
        "distinct weights",
        infectiousness={days: (days + 14) % 3 for days in range(-14, 15)},
        thresholds=(30, 50, 70),
        percents=(200, 150, 100, 50),
        type_percents=(250, 200, 75, 25),
        infectiousness_percents=(50, 150),
        recursive_enabled=True,
    )

    def weights(world, number, days):
        world.sight(world.key(report_type=number, days=days), NOON, db=50, previous=NOON - 240)
        world.configuration = distinct

    proves = "Score = weighted duration * weight of the report type * weight of the infectiousness."
    for number, name, weight in ((1, "confirmed test", 2.5), (2, "clinical", 2.0), (3, "self report", 0.75), (4, "recursive", 0.25)):
        for days, what, factor in ((-13, "standard", 0.5), (-12, "high", 1.5)):
            score = 240 * 1.5 * weight * factor  # 360 * ..., all of it exact in binary
            minutes = -(-score // 60) * 60
            kit.case(
                f"{name}, {what}",
                proves,
                lambda world, number=number, days=days: weights(world, number, days),
                lambda expected: (scores(expected), maxima(expected), weighted(expected)),
                {GOOGLE: ([score], [score], [360.0]), DOCUMENTED_V2: ([minutes], [minutes], [360.0])},
                (GOOGLE, DOCUMENTED_V2),
            )
    kit.case(
        "infectiousness none",
        "A key of infectiousness none has the score 0, and its weighted duration counts; not in documented_v2.",
        lambda world: weights(world, 1, -14),
        lambda expected: (scores(expected), maxima(expected), weighted(expected)),
        {GOOGLE: ([0.0], [0.0], [360.0]), APPLE_V1: ([0.0], [0.0], [360.0]), DOCUMENTED_V2: ([], [], [])},
        ALL,
    )

    def minimum(world, value):
        world.configuration = f"minimum {value}"
        world.sight(world.key(days=0), NOON, db=40, previous=NOON - 300)
        world.sight(world.key(days=0), NOON, db=50, previous=NOON - 300)

    for value in (300.0, 300.5, 750.5):
        kit.configure(f"minimum {value}", minimum_window_score=value)
    proves = "A window whose score is below the minimum is left out, with its weighted duration. Apple has no minimum."
    kit.bound(
        "minimum window score",
        proves,
        lambda expected: (scores(expected), maxima(expected), weighted(expected)),
        minimum,
        (300.0, ([1050.0], [750.0], [1050.0])),
        (300.5, ([750.0], [750.0], [750.0])),
    )
    kit.case("no window reaches the minimum", proves, lambda world: minimum(world, 750.5), scores, [])
    kit.case("no minimum", proves, lambda world: minimum(world, 750.5), scores, {APPLE_V1: [1050.0], DOCUMENTED_V2: [1080.0]}, APPLES)

    def zero_minimum(world):
        world.configuration = "nothing weighs"
        world.sight(world.key(days=0), NOON, previous=NOON - 300)

    kit.configure("nothing weighs", percents=(0, 0, 0, 0))
    kit.case(
        "a day of zeros",
        "A window of score 0 is not below the minimum 0: its day has a summary of zeros.",
        zero_minimum,
        lambda expected: (of_days("date")(expected), scores(expected), weighted(expected)),
        (["2021-07-15"], [0.0], [0.0]),
        ALL,
    )

    for days in (0, 1, 3, 14):
        kit.configure(f"threshold of {days} days", days_threshold=days)

    def days_ago(threshold):
        def build(world, now):
            world.sight(world.key(), NOON)
            world.now = now
            world.configuration = f"threshold of {threshold} days"

        return build

    proves = "With a threshold over 0 days, windows of days longer ago are left out; days are UTC days."
    for threshold in (1, 3, 14):
        late = MIDNIGHT + DAY * (threshold + 1)
        kit.bound(
            f"{threshold} days",
            proves,
            of_days("date"),
            days_ago(threshold),
            (late - 1, ["2021-07-15"]),
            (late, []),
            ALL,
        )
    kit.case(
        "0 days",
        "A threshold of 0 days leaves nothing out.",
        lambda world: days_ago(0)(world, MIDNIGHT + 4000 * DAY),
        of_days("date"),
        ["2021-07-15"],
        ALL,
    )
    kit.case(
        "a day that is to come",
        "A window of a day after today is not too old.",
        lambda world: days_ago(1)(world, MIDNIGHT - 100 * DAY),
        of_days("date"),
        ["2021-07-15"],
        ALL,
    )

    def four_types(world):
        world.configuration = distinct
        for number in (4, 3, 2, 1):
            world.sight(world.key(report_type=number, days=-12), NOON + number, db=50, previous=NOON - 240)

    # 360 * 1.5 = 540 times 2.5, 2, 0.75, 0.25
    kit.case(
        "four types on a day",
        "A day's sums are the sums of its types', its maximum the largest of theirs.",
        four_types,
        lambda expected: (
            list(expected["daily_summaries"][0]["by_report_type"]),
            of_types("score_sum")(expected),
            scores(expected),
            maxima(expected),
            weighted(expected),
        ),
        {
            GOOGLE: (
                ["confirmed_test", "confirmed_clinical_diagnosis", "self_report", "recursive"],
                [{"confirmed_test": 1350.0, "confirmed_clinical_diagnosis": 1080.0, "self_report": 405.0, "recursive": 135.0}],
                [2970.0],
                [1350.0],
                [1440.0],
            ),
            DOCUMENTED_V2: (
                ["confirmed_test", "confirmed_clinical_diagnosis", "self_report", "recursive"],
                [{"confirmed_test": 1380.0, "confirmed_clinical_diagnosis": 1080.0, "self_report": 420.0, "recursive": 180.0}],
                [3000.0],
                [1380.0],
                [1440.0],
            ),
        },
        (GOOGLE, DOCUMENTED_V2),
    )

    halves = kit.configure("halves", percents=(50, 50, 50, 50))

    def rounding(world):
        world.configuration = halves
        for number in (1, 1, 2):
            world.sight(world.key(report_type=number, days=0), NOON, previous=NOON - 180)

    # Three windows of 90: two of one type, one of another.
    kit.case(
        "rounded at the end",
        "documented_v2 rounds what is reported up to the minute, and never what is added.",
        rounding,
        lambda expected: (of_types("score_sum")(expected), scores(expected), maxima(expected), weighted(expected)),
        {
            GOOGLE: ([{"confirmed_test": 180.0, "confirmed_clinical_diagnosis": 90.0}], [270.0], [90.0], [270.0]),
            DOCUMENTED_V2: (
                [{"confirmed_test": 180.0, "confirmed_clinical_diagnosis": 120.0}],
                [300.0],
                [120.0],
                [300.0],
            ),
        },
        (GOOGLE, DOCUMENTED_V2),
    )

    def sixty(world, percent):
        world.configuration = f"immediate {percent}%"
        world.sight(world.key(days=0), NOON, previous=NOON - 240)

    for percent in (25, 26):
        kit.configure(f"immediate {percent}%", percents=(percent, 0, 0, 0))
    kit.bound(
        "a whole minute",
        "documented_v2 leaves a whole minute as it is, and rounds what is over up.",
        scores,
        sixty,
        (25, [60.0]),
        (26, [120.0]),
        (DOCUMENTED_V2,),
    )

    def two_days(world):
        world.now = NEXT_MORNING + 3 * DAY
        for day in (2, 0, 2):
            world.series(world.key(start=START + 144 * day, days=0), NOON + DAY * day, 2, 300, db=46)

    kit.case(
        "two days",
        "Days stand in ascending order, each with its own sums.",
        two_days,
        lambda expected: (of_days("date")(expected), scores(expected), maxima(expected)),
        (["2021-07-15", "2021-07-17"], [600.0, 1200.0], [600.0, 600.0]),
        ALL,
    )

    def added(values):
        total = 0.0
        for value in values:
            total += value
        return total

    def three_windows(chosen, rows):
        """Windows of three instances of equal seconds, each in a bucket of its own; given from last to first."""

        def build(world):
            world.configuration = chosen
            for n in (2, 1, 0):
                world.series(world.key(), NOON + 3600 * n, 3, rows[n][0], db=rows[n][2])

        windows = [added([seconds * (percent / 100)] * 3) for seconds, percent, _ in rows]
        assert added(windows) != added(windows[::-1])
        return build

    rows = [(240, 196, 25), (300, 113, 45), (120, 241, 65)]
    kit.configure("odd weights", thresholds=(30, 50, 70), percents=(196, 113, 241, 0), infectiousness=None)
    kit.case(
        "the order of sums",
        "Doubles are added in the order of the windows: the other way around makes 3295.7999999999997.",
        three_windows("odd weights", rows),
        lambda expected: (scores(expected), weighted(expected)),
        {GOOGLE: ([3295.8], [3295.8]), APPLE_V1: ([3295.8], [3295.8]), DOCUMENTED_V2: ([3300.0], [3300.0])},
        ALL,
    )
    rows = [(120, 19, 25), (120, 98, 45), (180, 222, 65)]
    kit.configure("other odd weights", thresholds=(30, 50, 70), percents=(19, 98, 222, 0), infectiousness=None)
    kit.case(
        "the order of sums, in minutes",
        "The other way around makes 1620.0000000000002, which documented_v2 would round up to 1680.",
        three_windows("other odd weights", rows),
        lambda expected: (scores(expected), weighted(expected)),
        ([1620.0], [1620.0]),
        ALL,
    )

    def order_of_instances(world):
        world.configuration = "four odd weights"
        key = world.key()
        for n, db in enumerate((65, 45, 25, 45, 75, 65)):
            world.sight(key, NOON + 240 * n, db=db, previous=NOON + 240 * n - 60 * (n + 1))

    values = [60 * 0.27, 120 * 2.17, 180 * 1.91, 240 * 2.17, 300 * 1.12, 300 * 0.27]
    assert (added(values), added(values[::-1])) == (1558.1999999999998, 1558.2)
    kit.configure("four odd weights", thresholds=(30, 50, 70), percents=(191, 217, 27, 112), infectiousness=None)
    kit.case(
        "the order of instances",
        "Within a window doubles are added in the order of its instances: the other way around makes 1558.2.",
        order_of_instances,
        weighted,
        {GOOGLE: [1558.1999999999998], APPLE_V1: [1558.1999999999998], DOCUMENTED_V2: [1560.0]},
        ALL,
    )

    limits = kit.configure(
        "largest weights",
        percents=(250,) * 4,
        type_percents=(250,) * 4,
        infectiousness_percents=(250, 250),
    )

    def largest(world):
        world.configuration = limits
        world.series(world.key(days=0), NOON, 6, 300)

    kit.case(
        "the largest weights",
        "Weights go up to 2.5: 1800 s of them are 28125.",
        largest,
        lambda expected: (scores(expected), weighted(expected)),
        {GOOGLE: ([28125.0], [4500.0]), APPLE_V1: ([28125.0], [4500.0]), DOCUMENTED_V2: ([28140.0], [4500.0])},
        ALL,
    )
    return kit


# --- v1_google.json and v1_apple.json


def one_table(kit: KitFile) -> None:
    """Configurations in which one table of scores is 1 to 8 and the others are 1, so that the risk shows the table."""
    for name in ("attenuation", "days", "duration", "transmission"):
        tables = {"attenuation": ONES, "days": ONES, "duration": ONES, "transmission": ONES, name: ONE_TO_EIGHT}
        kit.configure(f"{name} alone", minimum_risk_score=1, infectiousness=None, **tables)


def v1_google() -> KitFile:
    kit = KitFile("v1_google", "Risk scores of v1 by Google's rules.")
    one_table(kit)
    starts, values = of_exposures("start"), of_exposures("attenuation_value")
    durations, buckets = of_exposures("duration"), of_exposures("attenuation_durations")

    def near_then_far(world, seconds):
        key = world.key()
        world.sight(key, NOON, db=50)
        world.sight(key, NOON + seconds, db=30)

    kit.bound(
        "one scan",
        "Sightings of an RPI at most 25.5 s after the one before are one; the strongest stays, with its own time.",
        lambda expected: (starts(expected), values(expected)),
        near_then_far,
        (25, ([NOON + 25], [30])),
        (26, ([NOON], [41])),  # (150 * 50 + 26 * 50 + 150 * 30) / 326 = 40.8
    )

    def chain(world, seconds):
        key = world.key()
        for time, db in ((0, 50), (25, 40), (25 + seconds, 30)):
            world.sight(key, NOON + time, db=db)

    kit.bound(
        "one scan, a chain",
        "The 25.5 s count from the sighting before, not from the first nor from the strongest.",
        starts,
        chain,
        (25, [NOON + 50]),
        (26, [NOON + 25]),
    )

    def equals(world):
        key = world.key()
        for time, db in ((0, 40), (5, 30), (10, 30), (15, 35)):
            world.sight(key, NOON + time, db=db)

    kit.case("the earliest of equals", "Of equally strong ones the earliest stays.", equals, starts, [NOON + 5])

    def by_attenuation(world):
        key = world.key()
        world.sight(key, NOON, tx=20, rssi=-40)
        world.sight(key, NOON + 5, tx=-20, rssi=-50)

    kit.case(
        "strongest by attenuation",
        "The strongest has the smallest attenuation, which need not be the largest RSSI.",
        by_attenuation,
        lambda expected: (starts(expected), values(expected)),
        ([NOON + 5], [30]),
    )

    def two_rpis(world):
        key = world.key()
        world.sight(key, NOON - 5, db=50)
        world.sight(key, NOON + 5, db=30)

    kit.case(
        "one scan, two RPIs",
        "Sightings of different RPIs are never one: (150 * 50 + 10 * 50 + 150 * 30) / 310 = 40.3.",
        two_rpis,
        values,
        [40],
    )

    def interleaved(world):
        key = world.key()
        for time, interval, db in ((0, AT, 50), (20, AT + 1, 60), (30, AT, 40)):
            world.sight(key, NOON + time, interval=interval, db=db)

    kit.case(
        "two RPIs in turn",
        "The gap of 25.5 s is to the sighting before of the same RPI: here it is 30 s.",
        interleaved,
        lambda expected: (values(expected), buckets(expected)),
        ([46], [[150, 180, 0]]),  # (150 * 50 + 20 * 50 + 10 * 60 + 150 * 40) / 330 = 45.8
    )

    def same_time(world):
        key = world.key()
        world.sight(key, NOON, interval=AT, db=60)
        world.sight(key, NOON, interval=AT + 1, db=40)

    kit.case(
        "two RPIs at one second",
        "Of groups at one second the smaller attenuation comes first: (150 * 40 + 0 + 150 * 60) / 300.",
        same_time,
        lambda expected: (values(expected), buckets(expected)),
        ([50], [[150, 150, 0]]),
    )

    def split(world, seconds):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON + seconds)

    kit.bound(
        "a new exposure",
        "A gap of more than 600 s begins a new exposure.",
        starts,
        split,
        (600, [NOON]),
        (601, [NOON, NOON + 601]),
    )

    proves = "x = last - first + 300 is rounded to 300 s, up if more than 150 are over."
    kit.bound("rounded duration", proves, durations, split, (150, [300]), (151, [600]))
    kit.bound("rounded duration, later", proves, durations, split, (450, [600]), (451, [900]))
    kit.bound("rounded duration, exact", proves, durations, split, (149, [300]), (299, [600]))
    kit.case("duration of one sighting", proves, lambda world: world.sight(world.key(), NOON), durations, [300])
    kit.case("duration of 300 s", proves, lambda world: split(world, 300), durations, [600])

    def uneven(world, db):
        key = world.key()
        world.sight(key, NOON, db=30)
        world.sight(key, NOON + 300, db=db)

    kit.bound(
        "weighted attenuation",
        "The attenuation weighted with the periods is rounded, a half up: 3/4 of the left, 1/4 of the right.",
        values,
        uneven,
        (31, [30]),
        (32, [31]),
    )
    kit.case(
        "the left attenuation",
        "Between two sightings the left one's attenuation holds.",
        lambda world: uneven(world, 80),
        lambda expected: (values(expected), buckets(expected)),
        ([43], [[450, 0, 150]]),  # (450 * 30 + 150 * 80) / 600 = 42.5
    )

    def at_db(world, db):
        world.sight(world.key(), NOON, db=db)

    proves = "Seconds are split by a < low, low <= a < high, a >= high."
    kit.bound("low threshold", proves, buckets, at_db, (49, [[300, 0, 0]]), (50, [[0, 300, 0]]))
    kit.bound("high threshold", proves, buckets, at_db, (69, [[0, 300, 0]]), (70, [[0, 0, 300]]))
    for low, high in ((60, 60), (0, 0), (0, 255), (255, 255)):
        kit.configure(f"thresholds {low}, {high}", v1_thresholds=(low, high))

    def with_thresholds(low, high):
        def build(world, db):
            at_db(world, db)
            world.configuration = f"thresholds {low}, {high}"

        return build

    kit.bound("equal thresholds", proves, buckets, with_thresholds(60, 60), (59, [[300, 0, 0]]), (60, [[0, 0, 300]]))
    for (low, high), db, wanted in (
        ((0, 0), 0, [0, 0, 300]),
        ((0, 255), 0, [0, 300, 0]),
        ((0, 255), 148, [0, 300, 0]),
        ((255, 255), 148, [300, 0, 0]),
    ):
        kit.case(
            f"thresholds {low}, {high} at {db} dB",
            proves,
            lambda world, build=with_thresholds(low, high), db=db: build(world, db),
            buckets,
            [wanted],
        )

    def risk_at_db(world, db):
        at_db(world, db)
        world.configuration = "attenuation alone"

    proves = "The attenuation score is that of the first bound that the attenuation is over, else the last."
    for n, edge in enumerate((73, 63, 51, 33, 27, 15, 10)):
        kit.bound(f"attenuation score at {edge}", proves, risks, risk_at_db, (edge, [n + 2]), (edge + 1, [n + 1]))

    def risk_after(world, seconds):
        world.sight(world.key(), NOON)
        world.now = MIDNIGHT + seconds
        world.configuration = "days alone"

    proves = "The days score is that of the first bound that the days since the key's start reach, else the last."
    for n, days in enumerate((14, 12, 10, 8, 6, 4, 2)):
        kit.bound(
            f"days score at {days}",
            proves,
            lambda expected: (risks(expected), of_v1("days_since_last_exposure")(expected)),
            risk_after,
            (days * DAY - 1, ([n + 2], days - 1)),
            (days * DAY, ([n + 1], days)),
        )
    kit.bound(
        "negative days",
        "Days are rounded down, also before the start of the key.",
        lambda expected: (risks(expected), of_v1("days_since_last_exposure")(expected)),
        risk_after,
        (0, ([8], 0)),
        (-1, ([8], -1)),
    )

    def key_of_noon(world, seconds):
        world.sight(world.key(start=AT), NOON + 18 * 3600)
        world.now = NOON + seconds
        world.configuration = "days alone"

    kit.bound(
        "days from the key's start",
        "Days are counted from the second in which the key starts, not from the sighting or its day.",
        risks,
        key_of_noon,
        (2 * DAY - 1, [8]),
        (2 * DAY, [7]),
    )

    def risk_over(world, seconds):
        key = world.key()
        for time in (*range(0, seconds, 300), seconds):
            world.sight(key, NOON + time)
        world.configuration = "duration alone"

    proves = "The duration score is that of the first bound that the rounded minutes do not pass, else the last."
    for n in range(6):
        kit.bound(
            f"duration score at {5 * (n + 1)} minutes",
            proves,
            lambda expected: (risks(expected), durations(expected)),
            risk_over,
            (300 * n + 150, ([n + 2], [300 * (n + 1)])),
            (300 * n + 151, ([n + 3], [300 * (n + 2)])),
        )

    kit.configure("levels", attenuation=ONES, duration=ONES, transmission=ONE_TO_EIGHT[::-1], minimum_risk_score=1)

    def at_level(world, level):
        world.sight(world.key(level=level), NOON)
        world.configuration = "levels"

    proves = "The transmission factor is 1 for level 0, else the score at level - 1."
    for level in range(9):
        kit.case(
            f"level {level}",
            proves,
            lambda world, level=level: at_level(world, level),
            risks,
            [1 if level == 0 else 9 - level],
        )
    for level in (9, -1):
        kit.case(
            f"level {level}",
            "A level beyond 0 to 8 is read as 0.",
            lambda world, level=level: at_level(world, level),
            lambda expected: (risks(expected), of_exposures("transmission_risk_level")(expected)),
            ([1], [0]),
        )

    sevens = {"days": ONES, "duration": ONES, "transmission": (7,) * 8}
    for value in (35, 36):
        kit.configure(f"minimum {value}", minimum_risk_score=value, **sevens)

    def minimum(world, value):
        at_db(world, 30)
        world.configuration = f"minimum {value}"

    kit.bound(
        "minimum risk score",
        "A product below the minimum becomes 0; the exposure stays in the list.",
        lambda expected: (risks(expected), of_v1("matched_key_count")(expected)),
        minimum,
        (35, ([35], 1)),
        (36, ([0], 1)),
    )
    kit.configure("largest", minimum_risk_score=4096, **dict.fromkeys(("attenuation", "days", "duration", "transmission"), (8,) * 8))
    kit.configure("largest but one", minimum_risk_score=4096, attenuation=(7,) * 8, **dict.fromkeys(("days", "duration", "transmission"), (8,) * 8))

    def with_configuration(world, name):
        at_db(world, 30)
        world.configuration = name

    kit.bound(
        "largest risk",
        "The risk is not limited: 8 * 8 * 8 * 8 = 4096, which reaches the largest minimum; 7 * 512 does not.",
        risks,
        with_configuration,
        ("largest but one", [0]),
        ("largest", [4096]),
    )
    kit.configure("reserved weights", google_reserved_weight=0, minimum_risk_score=1, **sevens)
    kit.case(
        "reserved weights",
        "Google's `*_weight` fields mean nothing, not even at 0.",
        lambda world: with_configuration(world, "reserved weights"),
        risks,
        [35],
    )

    def long(world, seconds):
        key = world.key()
        for time in (*range(0, 1500, 300), seconds):
            world.sight(key, NOON + time)

    kit.bound(
        "the cap of the sums",
        "The exposure's seconds are as they are, the summary's sums at most 1800.",
        lambda expected: (buckets(expected), of_v1("attenuation_durations")(expected)),
        long,
        (1499, ([[1799, 0, 0]], [1799, 0, 0])),
        (1501, ([[1801, 0, 0]], [1800, 0, 0])),
    )

    def several(world):
        world.configuration = "attenuation alone"
        world.now = MIDNIGHT + 3 * DAY + 1
        for day, db in ((1, 60), (0, 30), (0, 74)):
            key = world.key(start=START + 144 * day)
            world.series(key, NOON + DAY * day, 5, 300, db=db)
            world.series(key, NOON + DAY * day + 7200, 5, 300, db=db)

    kit.case(
        "several keys",
        "The summary has the number of keys, the days since the last, the largest and the sum of the risks, and the "
        "seconds, each at most 1800.",
        several,
        lambda expected: [expected["v1"][name] for name in list(expected["v1"])[1:]],
        [5, 2 * (3 + 5 + 1), 3, 2, [1800, 1800, 1800]],
    )

    def order(world):
        for tek, seconds in (("bb", 0), ("aa", 0), ("00", 60)):
            world.sight(world.key(tek=tek * 16), NOON + seconds)

    kit.case(
        "the order of exposures",
        "Exposures stand in the order of start, then of the key's bytes.",
        order,
        lambda expected: [tek[:2] for tek in of_exposures("tek")(expected)],
        ["aa", "bb", "00"],
    )

    def strongest_order(world):
        key = world.key()
        world.sight(key, NOON + 590, interval=AT, db=60)
        world.sight(key, NOON + 605, interval=AT, db=30)
        world.sight(key, NOON + 600, interval=AT + 1, db=50)

    kit.case(
        "groups by their own time",
        "Groups of all RPIs are ordered by the time of their strongest: (150 * 50 + 5 * 50 + 150 * 30) / 305 = 40.2.",
        strongest_order,
        lambda expected: (starts(expected), values(expected)),
        ([NOON + 600], [40]),
    )
    return kit


def v1_apple() -> KitFile:
    kit = KitFile("v1_apple", "Risk scores of v1 by Apple's rules, which documented_v2 has too.")
    one_table(kit)
    only = (APPLE_V1,)
    starts, values = of_exposures("start"), of_exposures("attenuation_value")
    durations, buckets = of_exposures("duration"), of_exposures("attenuation_durations")

    def second_after(world, seconds):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON + seconds)

    kit.bound(
        "one scan",
        "Sightings of an RPI at most 4.0 s after the group's first are one; each group counts 150 s.",
        durations,
        second_after,
        (4, [180]),
        (5, [300]),
        APPLES,
    )

    def third_after(world, seconds):
        key = world.key()
        for time in (0, 3, seconds):
            world.sight(key, NOON + time)

    kit.bound(
        "one scan, a chain",
        "The 4.0 s count from the first of the group, not from the sighting before.",
        durations,
        third_after,
        (4, [180]),
        (5, [300]),
        only,
    )

    def two_rpis(world):
        key = world.key()
        world.sight(key, NOON - 1)
        world.sight(key, NOON)

    kit.case("one scan, two RPIs", "Sightings of different RPIs are never one.", two_rpis, durations, [300], only)

    def mean(world, rssis):
        key = world.key()
        for n, rssi in enumerate(rssis):
            world.sight(key, NOON + n, tx=-20, rssi=rssi)
        world.configuration = "attenuation alone"

    proves = "A group's RSSI is the mean of all without its fraction, towards zero."
    # Power -20: 27 dB is -47, level 6; 28 dB is -48, level 5.
    kit.bound("mean RSSI", proves, values, mean, ((-47, -48, -48), [6]), ((-48, -48, -48), [5]), only)
    kit.bound("mean RSSI of two", proves, values, mean, ((-47, -48), [6]), ((-48, -49), [5]), only)

    def positive(world, rssis):
        key = world.key()
        for n, rssi in enumerate(rssis):
            world.sight(key, NOON + n, tx=20, rssi=rssi)
        world.configuration = "attenuation alone"

    # Power 20: 10 dB is +10, level 8; 11 dB is +9, level 7. The mean of 9, 10, 10 is 9.7.
    kit.bound("positive mean RSSI", proves, values, positive, ((9, 10, 10), [7]), ((10, 10, 10), [8]), only)

    def power_of_the_first(world):
        key = world.key()
        world.sight(key, NOON + 2, tx=20, rssi=-60)
        world.sight(key, NOON, tx=-20, rssi=-60)
        world.configuration = "attenuation alone"

    kit.case("power of the first", "A group has its first's power.", power_of_the_first, values, [4], only)

    def saturated(world):
        key = world.key()
        world.sight(key, NOON, tx=-20, rssi=127)
        world.sight(key, NOON + 1, tx=-20, rssi=-80)

    kit.case(
        "a saturated reading in a group",
        "Where 0 dB counts, RSSI 127 is part of the mean: (127 - 80) / 2 = 23, so 0 dB; else -80 is 60 dB.",
        saturated,
        lambda expected: (values(expected), starts(expected)),
        {APPLE_V1: ([3], [NOON + 1]), DOCUMENTED_V2: ([8], [NOON])},
        APPLES,
    )

    def scanned_before(world, seconds):
        world.sight(world.key(), NOON, previous=NOON - seconds)

    proves = "A scan interval is the time since the previous scan if that is 0 to 304 s, else 150 s."
    kit.bound("scan interval", proves, durations, scanned_before, (304, [360]), (305, [180]), APPLES)
    kit.bound("scan interval, clock back", proves, durations, scanned_before, (0, [0]), (-1, [180]), only)
    kit.case("scan interval unknown", proves, lambda world: world.sight(world.key(), NOON), durations, [180], APPLES)

    def previous_of_the_first(world):
        key = world.key()
        world.sight(key, NOON, previous=NOON - 60)
        world.sight(key, NOON + 1, previous=NOON - 240)

    kit.case(
        "previous scan of the first",
        "A group has its first's previous scan.",
        previous_of_the_first,
        durations,
        [60],
        only,
    )
    proves = "The duration is the sum of the scan intervals, rounded up to the minute."
    kit.bound("a whole minute", proves, durations, scanned_before, (60, [60]), (61, [120]), only)
    kit.bound("one second", proves, durations, scanned_before, (0, [0]), (1, [60]), only)

    def scanning(world, seconds):
        """Scan intervals of 300 s, then what is left."""
        key = world.key()
        time = NOON
        for interval in [300] * (seconds // 300) + [seconds % 300] * (seconds % 300 > 0 or seconds == 0):
            world.sight(key, time, previous=time - interval)
            time += 300
        world.configuration = "duration alone"

    proves = "The duration is at most 1800 s, and so are the seconds of each attenuation."
    kit.bound(
        "almost 30 minutes",
        proves,
        lambda expected: (durations(expected), buckets(expected)),
        scanning,
        (1740, ([1740], [[1740, 0, 0]])),
        (1741, ([1800], [[1800, 0, 0]])),
        only,
    )
    for seconds in (1800, 1801, 3000):
        kit.case(
            f"{seconds} s",
            proves,
            lambda world, seconds=seconds: scanning(world, seconds),
            lambda expected: (durations(expected), buckets(expected), of_v1("attenuation_durations")(expected)),
            ([1800], [[1800, 0, 0]], [1800, 0, 0]),
            only,
        )

    proves = "The duration score is that of the first bound that the duration's minutes do not pass."
    for n, seconds in enumerate((0, 300, 600, 900, 1200, 1500)):
        kit.bound(
            f"duration score at {seconds // 60} minutes",
            proves,
            risks,
            scanning,
            (seconds, [n + 1]),
            (seconds + 1, [n + 2]),
            APPLES if seconds == 1200 else only,
        )
    kit.case(
        "duration score beyond 30 minutes",
        "Since the duration is at most 1800 s, the last duration score is never reached.",
        lambda world: scanning(world, 2400),
        risks,
        [7],
        APPLES,
    )

    def at_db(world, db):
        world.sight(world.key(), NOON, db=db)
        world.configuration = "attenuation alone"

    proves = "The attenuation is reported as a level from 1 to 8, and scored with that level."
    for n, edge in enumerate((73, 63, 51, 33, 27, 15, 10)):
        kit.bound(
            f"attenuation level at {edge}",
            proves,
            lambda expected: (values(expected), risks(expected)),
            at_db,
            (edge, ([n + 2], [n + 2])),
            (edge + 1, ([n + 1], [n + 1])),
            APPLES if edge == 33 else only,
        )

    def weighted(world, db):
        key = world.key()
        world.sight(key, NOON, db=27, previous=NOON - 150)
        world.sight(key, NOON + 300, db=db, previous=NOON + 250)
        world.configuration = "attenuation alone"

    kit.bound(
        "weighted attenuation",
        "Attenuations are weighted with the scan intervals, here 150 s and 50 s, and rounded, a half up.",
        values,
        weighted,
        (28, [6]),  # 27.25
        (29, [5]),  # 27.5
        only,
    )

    def no_seconds(world, db):
        key = world.key()
        for n, value in enumerate((27, db)):
            world.sight(key, NOON + 300 * n, db=value, previous=NOON + 300 * n)
        world.configuration = "attenuation alone"

    kit.bound(
        "no seconds at all",
        "Where all scan intervals are 0, the attenuation is the plain mean, a half up.",
        lambda expected: (values(expected), durations(expected), buckets(expected)),
        no_seconds,
        (27, ([6], [0], [[0, 0, 0]])),
        (28, ([5], [0], [[0, 0, 0]])),
        only,
    )

    proves = "Seconds are split by a <= low, a <= high, and over it; each is rounded up to the minute."
    kit.bound("low threshold", proves, buckets, at_db, (50, [[180, 0, 0]]), (51, [[0, 180, 0]]), APPLES)
    kit.bound("high threshold", proves, buckets, at_db, (70, [[0, 180, 0]]), (71, [[0, 0, 180]]), only)
    kit.configure("own thresholds", apple_v1_fields={"attenuation_duration_thresholds": [40, 55]}, v1_thresholds=(1, 2))

    def own_thresholds(world, db):
        at_db(world, db)
        world.configuration = "own thresholds"

    proves = "The optional field attenuation_duration_thresholds replaces 50 and 70."
    kit.bound("own low threshold", proves, buckets, own_thresholds, (40, [[180, 0, 0]]), (41, [[0, 180, 0]]), APPLES)
    kit.bound("own high threshold", proves, buckets, own_thresholds, (55, [[0, 180, 0]]), (56, [[0, 0, 180]]), only)

    def rounded_each(world):
        key = world.key()
        for n, (db, seconds) in enumerate(((30, 61), (60, 61), (80, 61), (30, 61))):
            world.sight(key, NOON + 300 * n, db=db, previous=NOON + 300 * n - seconds)

    kit.case(
        "each rounded up",
        "Seconds are rounded up after they are added, the three and the duration each of its own.",
        rounded_each,
        lambda expected: (buckets(expected), durations(expected)),
        ([[180, 120, 120]], [300]),  # 122, 61, 61; 244 in all
        only,
    )

    def risk_on_day(world, now):
        world.sight(world.key(), NOON)
        world.now = now
        world.configuration = "days alone"

    proves = "The days score is that of the first bound that the days since the exposure's UTC day reach, else the last."
    for n, days in enumerate((14, 12, 10, 8, 6, 4, 2)):
        kit.bound(
            f"days score at {days}",
            proves,
            lambda expected: (risks(expected), of_v1("days_since_last_exposure")(expected)),
            risk_on_day,
            (MIDNIGHT + days * DAY - 1, ([n + 2], days - 1)),
            (MIDNIGHT + days * DAY, ([n + 1], days)),
            APPLES if days == 2 else only,
        )
    kit.case(
        "days to come",
        "Days since the exposure are at least 0.",
        lambda world: risk_on_day(world, MIDNIGHT - 5 * DAY),
        lambda expected: (risks(expected), of_v1("days_since_last_exposure")(expected)),
        ([8], 0),
        only,
    )

    def day_after_the_key(world, time):
        world.sight(world.key(), time, interval=START + 143)
        world.now = MIDNIGHT + 2 * DAY
        world.configuration = "days alone"

    kit.bound(
        "days from the first sighting",
        "Days are counted from the UTC day of the exposure's first sighting, not from the key's start.",
        lambda expected: (risks(expected), of_v1("days_since_last_exposure")(expected)),
        day_after_the_key,
        (MIDNIGHT + DAY - 1, ([7], 2)),
        (MIDNIGHT + DAY, ([8], 1)),
        APPLES,
    )

    kit.configure("levels", attenuation=ONES, duration=ONES, transmission=ONE_TO_EIGHT[::-1], minimum_risk_score=1)

    def at_level(world, level):
        world.sight(world.key(level=level), NOON)
        world.configuration = "levels"

    for level in range(9):
        kit.case(
            f"level {level}",
            "The transmission score is the one at the level, counted from 0; 8 has that of 7.",
            lambda world, level=level: at_level(world, level),
            risks,
            [8 - min(level, 7)],
            APPLES if level in (0, 8) else only,
        )

    tables = {"attenuation": (5,) * 8, "days": ONES, "duration": ONES, "transmission": (7,) * 8}

    def configured(world, name):
        world.sight(world.key(), NOON)
        world.configuration = name

    for value in (35, 36):
        kit.configure(f"minimum {value}", minimum_risk_score=value, **tables)
        kit.configure(f"full range {value}", minimum_risk_score=1, full_range=float(value), **tables)
    kit.configure("full range 35.5", minimum_risk_score=1, full_range=35.5, **tables)
    proves = "A product below minimum_risk_score, or below minimum_risk_score_full_range, becomes 0."
    kit.bound("minimum risk score", proves, risks, configured, ("minimum 35", [35]), ("minimum 36", [0]), only)
    kit.bound("full range", proves, risks, configured, ("full range 35", [35]), ("full range 35.5", [0]), APPLES)
    kit.configure("minimum 0", minimum_risk_score=1, apple_minimum_risk_score=0, **tables)
    kit.case("minimum 0", proves, lambda world: configured(world, "minimum 0"), risks, [35], only)

    names = ("attenuation_weight", "days_since_last_exposure_weight", "duration_weight", "transmission_risk_weight")
    for number, name in enumerate(names):
        for weight in (0.5, 2):
            chosen = kit.configure(f"{name} {weight}", minimum_risk_score=1, apple_v1_fields={name: weight}, **tables)
            kit.case(
                chosen,
                "Each value is multiplied with its weight; 35 * 0.5 = 17.5 loses its fraction.",
                lambda world, chosen=chosen: configured(world, chosen),
                risks,
                [17 if weight == 0.5 else 70],
                APPLES if number == 0 and weight == 2 else only,
            )
    kit.configure("weights of 0.25 and 4", minimum_risk_score=1, apple_v1_fields=dict(zip(names, (0.25, 4, 1.5, 1))), **tables)
    kit.case(
        "four weights",
        "35 * 0.25 * 4 * 1.5 = 52.5.",
        lambda world: configured(world, "weights of 0.25 and 4"),
        risks,
        [52],
        APPLES,
    )
    kit.configure("a weight of 0", minimum_risk_score=1, apple_v1_fields={names[0]: 0}, **tables)
    kit.case("a weight of 0", "A weight may be 0.", lambda world: configured(world, "a weight of 0"), risks, [0], only)
    half = {names[0]: 0.5}
    for name, minimum, full in (("17", 17, 0.0), ("18", 18, 0.0), ("full 17.5", 1, 17.5), ("full 17.75", 1, 17.75)):
        kit.configure(f"half, minimum {name}", minimum_risk_score=minimum, full_range=full, apple_v1_fields=half, **tables)
    proves = "The minimum is compared with the product before it loses its fraction, here 17.5."
    below, above = ("half, minimum 17", [17]), ("half, minimum 18", [0])
    kit.bound("minimum of a fraction", proves, risks, configured, below, above, only)
    below, above = ("half, minimum full 17.5", [17]), ("half, minimum full 17.75", [0])
    kit.bound("full range of a fraction", proves, risks, configured, below, above, only)

    # 255 = 1 * 5 * 7 * (51 / 7) is no product of scores: 4 * 8 * 8 = 256 with weights of 127/128 is 254.
    large = {"attenuation": (4,) * 8, "days": (8,) * 8, "duration": (8,) * 8, "transmission": ONES}
    for name, weight in (("254", 127 / 128), ("255", 255 / 256), ("256", 1), ("512", 2)):
        kit.configure(f"product {name}", minimum_risk_score=1, apple_v1_fields={names[0]: weight}, **large)
    proves = "The risk is at most 255."
    kit.bound("largest risk", proves, risks, configured, ("product 254", [254]), ("product 255", [255]), only)
    kit.case("product 256", proves, lambda world: configured(world, "product 256"), risks, [255], only)
    kit.case("product 512", proves, lambda world: configured(world, "product 512"), risks, [255], only)
    kit.case(
        "product 256 by Google's rules",
        "Google's risk has no such limit, and Apple's weights mean nothing there.",
        lambda world: configured(world, "product 512"),
        risks,
        [256],
        (GOOGLE,),
    )

    def split(world, seconds):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON + 2)
        world.sight(key, NOON + seconds)

    proves = "A gap of more than 600 s between the times of two groups begins a new exposure."
    kit.bound("a new exposure", proves, starts, split, (600, [NOON]), (601, [NOON, NOON + 601]), APPLES)

    def several(world):
        world.configuration = "attenuation alone"
        world.now = MIDNIGHT + 3 * DAY + 1
        for day, db in ((1, 60), (0, 30), (0, 74)):
            key = world.key(start=START + 144 * day)
            world.series(key, NOON + DAY * day, 4, 300, db=db)
            world.series(key, NOON + DAY * day + 7200, 4, 300, db=db)

    kit.case(
        "several keys",
        "The summary has the number of keys, the days since the last, the largest and the sum of the risks, and the "
        "seconds, each at most 1800.",
        several,
        lambda expected: [expected["v1"][name] for name in list(expected["v1"])[1:]],
        [5, 2 * (3 + 5 + 1), 3, 2, [1800, 1800, 1800]],
        APPLES,
    )
    return kit


# --- decision.json


def decision() -> KitFile:
    kit = KitFile("decision", "Whether somebody is notified, and for which days.")
    today = ["2021-07-15"]

    def two_instances(world):
        """300 s at 40 dB and 300 s at 50 dB: score 300 + 750."""
        key = world.key(days=0)
        world.sight(key, NOON, db=40, previous=NOON - 300)
        world.sight(key, NOON + 300, db=50, previous=NOON)

    values = {SCORE_SUM: 1050.0, AVERAGE: 1.75, SECONDS: 600.0, MAXIMUM: 50.0, MINIMUM: 40.0}
    assert list(values) == CONDITIONS
    # Of each operator: a step from the value at which it holds, and one at which it does not.
    operators = {"=": (0, 0.25), ">=": (0, 0.25), ">": (-0.25, 0), "<=": (0, -0.25), "<": (0.25, 0)}

    def with_rule(world, made):
        two_instances(world)
        world.rule = kit.rule(" and ".join(f"{name} {op} {value}" for name, (op, value) in made.items()), rule(**made))

    for name, value in values.items():
        for op, (holds, fails) in operators.items():
            kit.bound(
                f"{name} {op}",
                f"The condition holds exactly where the day's value {op} the rule's.",
                notified,
                lambda world, made: with_rule(world, made),
                ({name: (op, value + holds)}, today),
                ({name: (op, value + fails)}, []),
            )

    def all_nop(world):
        two_instances(world)
        world.rule = kit.rule("all NOP", rule())

    kit.case("all NOP", "Where all operators are NOP, nobody is notified.", all_nop, notified, [], ALL)

    both = {SCORE_SUM: (">=", 1000), MAXIMUM: ("<=", 50)}
    for name, made, wanted in (
        ("both hold", both, today),
        ("the first fails", both | {SCORE_SUM: (">=", 1100)}, []),
        ("the second fails", both | {MAXIMUM: ("<", 50)}, []),
        ("all five hold", {name: ("=", value) for name, value in values.items()}, today),
    ):
        kit.case(
            f"conditions: {name}",
            "All conditions must hold, on the same day.",
            lambda world, made=made: with_rule(world, made),
            notified,
            wanted,
        )

    def on_two_days(world):
        """One condition holds on each day, never both."""
        for day, db in ((0, 40), (1, 50)):
            world.series(world.key(start=START + 144 * day, days=0), NOON + DAY * day, 3 - day, 300, db=db)
        world.rule = kit.rule("long and far", rule(**{SECONDS: (">=", 900), MINIMUM: (">=", 50)}))

    kit.case(
        "conditions on two days",
        "All conditions must hold on the same day.",
        on_two_days,
        notified,
        [],
        ALL,
    )

    def days_of(world, score):
        """Score 600 on the first day, 900 on the third."""
        for day, count in ((2, 3), (0, 2)):
            world.series(world.key(start=START + 144 * day, days=0), NOON + DAY * day, count, 300, db=40)
        world.now = NEXT_MORNING + 2 * DAY
        world.rule = kit.rule(f"score of {score}", rule(**{SCORE_SUM: (">=", score)}))

    proves = "Every day is asked for itself; the days are in ascending order."
    later = ["2021-07-17"]
    kit.bound("two days", proves, notified, days_of, (600, today + later), (601, later), ALL)
    kit.bound("two days, the other", proves, notified, days_of, (900, later), (901, []), ALL)

    def left_out(world, number):
        """300 s of a shown key, 600 s of one that has a window and no summary."""
        world.configuration = "unknown stays"
        world.series(world.key(days=0), NOON, 1, 300, db=40)
        world.series(world.key(report_type=number, days=0), NOON, 2, 300, db=80)
        world.rule = kit.rule("900 s", rule(**{SECONDS: (">=", 900)}))

    kit.configure("unknown stays", report_type_when_missing=0)
    kit.bound(
        "seconds of windows without a summary",
        "The seconds and attenuations of a day are those of all its windows, also of those that are not summed; "
        "revoked keys have none, and in documented_v2 neither have unknown ones.",
        notified,
        left_out,
        (0, {GOOGLE: today, APPLE_V1: today}),
        (5, []),
        (GOOGLE, APPLE_V1),
    )
    kit.case(
        "seconds of unknown type, documented_v2",
        "In documented_v2 a key of unknown type has no windows.",
        lambda world: left_out(world, 0),
        notified,
        [],
        (DOCUMENTED_V2,),
    )

    def attenuation_of_left_out(world, value):
        left_out(world, 0)
        world.rule = kit.rule(f"maximum {value}", rule(**{MAXIMUM: (">=", value)}))

    proves = "The seconds and attenuations of a day are those of all its windows."
    kit.bound("attenuations of windows without a summary", proves, notified, attenuation_of_left_out, (80, today), (81, []))

    def average_of_left_out(world, value):
        left_out(world, 0)
        world.rule = kit.rule(f"average {value}", rule(**{AVERAGE: ("=", value)}))

    kit.bound(
        "average with windows without a summary",
        "The average divides the summary's weighted duration by the seconds of all windows: 300 / 900.",
        notified,
        average_of_left_out,
        (300 / 900, today),
        (1.0, []),
    )

    def only_left_out(world):
        world.configuration = "minimum 1000"
        world.series(world.key(days=0), NOON, 3, 300, db=40)
        world.rule = kit.rule("900 s", rule(**{SECONDS: (">=", 900)}))

    kit.configure("minimum 1000", minimum_window_score=1000.0)
    kit.case(
        "a day without a summary",
        "A day whose windows are all left out has no summary, and is not asked.",
        only_left_out,
        notified,
        {GOOGLE: [], APPLE_V1: today},
        (GOOGLE, APPLE_V1),
    )

    def no_seconds(world, made):
        world.sight(world.key(days=0), NOON, db=40, previous=NOON)
        world.rule = kit.rule(" and ".join(f"{name} {op} {value}" for name, (op, value) in made.items()), rule(**made))

    kit.bound(
        "no seconds",
        "The average of a day with 0 s is 0.",
        notified,
        no_seconds,
        ({AVERAGE: ("=", 0.0)}, today),
        ({AVERAGE: (">", 0.0)}, []),
    )

    def in_minutes(world, value):
        """45 s of 0.5, 22.5, are 60 in documented_v2."""
        two_instances(world)
        world.rule = kit.rule(f"score of {value}", rule(**{SCORE_SUM: (">=", value)}))

    kit.bound(
        "score in minutes",
        "In documented_v2 the rule sees the numbers as they are reported: 1050 is 1080 there.",
        notified,
        in_minutes,
        (1080, {DOCUMENTED_V2: today}),
        (1081, []),
        (DOCUMENTED_V2,),
    )
    kit.case(
        "score not in minutes",
        "In the other profiles 1050 is 1050.",
        lambda world: in_minutes(world, 1080),
        notified,
        [],
        (GOOGLE, APPLE_V1),
    )

    def average_in_minutes(world, value):
        two_instances(world)
        world.rule = kit.rule(f"average {value}", rule(**{AVERAGE: ("=", value)}))

    kit.bound(
        "average in minutes",
        "In documented_v2 the average divides the reported weighted duration: 1080 / 600.",
        notified,
        average_in_minutes,
        (1.8, today),
        (1.75, []),
        (DOCUMENTED_V2,),
    )

    for value in (35, 36):
        kit.configure(f"minimum risk {value}", minimum_risk_score=value, duration=ONES)

    def by_v1(world, value):
        world.sight(world.key(), NOON, db=30)
        world.configuration = f"minimum risk {value}"

    kit.bound(
        "rule v1",
        "The rule v1 notifies if an exposure has a risk score over 0.",
        notified,
        by_v1,
        (35, today),
        (36, []),
        ALL,
    )

    def v1_days(world):
        world.configuration = "minimum risk 35"
        world.now = NEXT_MORNING + 4 * DAY
        for day, db in ((3, 30), (1, 30), (2, 80), (1, 20)):
            world.sight(world.key(start=START + 144 * day), NOON + DAY * day, db=db)

    kit.case(
        "rule v1, days",
        "The days are the UTC dates of the exposures with a risk over 0, ascending, each once.",
        v1_days,
        notified,
        ["2021-07-16", "2021-07-18"],
        ALL,
    )

    def v1_midnight(world, time):
        world.sight(world.key(start=START - 72), time, interval=START, db=30)
        world.configuration = "minimum risk 35"

    proves = "The day of an exposure is the UTC date of its start, not of its key."
    kit.bound("rule v1, midnight", proves, notified, v1_midnight, (MIDNIGHT - 1, ["2021-07-14"]), (MIDNIGHT, today), ALL)
    return kit


# --- cocoa.json


def cocoa() -> KitFile:
    kit = KitFile("cocoa", "COCOA's configurations, and the faults that reached millions.")
    today = ["2021-07-15"]
    cliff = (0, 0, 0, 0, 1, 1, 1, 1)
    kit.configure("1.1.2", attenuation=ONE_TO_EIGHT, duration=ONE_TO_EIGHT, days=ONE_TO_EIGHT, transmission=ONE_TO_EIGHT, minimum_risk_score=1)
    kit.configure("1.1.3", attenuation=cliff, minimum_risk_score=1)
    kit.configure("1.1.4")
    kit.configure("server 2022", transmission=(0, 0, 7, 7, 7, 7, 7, 7))

    def twenty_minutes(world, level, chosen="1.1.4", db=30):
        """Google: 900 s between the first and the last make 1200. Apple: eight scan intervals of 150 s."""
        key = world.key(level=level)
        for n in range(8):
            time = NOON + 150 * n - 150 * (n == 7)
            world.sight(key, time + 100 * (n == 7), db=db, previous=time + 100 * (n == 7) - 150)
        world.configuration = chosen

    def risk_and_duration(expected):
        return risks(expected), of_exposures("duration")(expected), notified(expected)

    kit.case(
        "20 minutes at 30 dB, level 0",
        "Level 0: Google's factor 1 makes 5, below the minimum 21; Apple's first value 7 makes 35.",
        lambda world: twenty_minutes(world, 0),
        risk_and_duration,
        {GOOGLE: ([0], [1200], []), APPLE_V1: ([35], [1200], today), DOCUMENTED_V2: ([35], [1200], today)},
        ALL,
    )
    kit.case(
        "20 minutes at 30 dB, level 4",
        "With level 4 both make 35.",
        lambda world: twenty_minutes(world, 4),
        risk_and_duration,
        ([35], [1200], today),
        ALL,
    )
    kit.configure("1.1.4, minimum 5", minimum_risk_score=5)
    kit.configure("1.1.4, minimum 6", minimum_risk_score=6)

    def level_zero(world, minimum):
        twenty_minutes(world, 0, f"1.1.4, minimum {minimum}")

    kit.bound("level 0 makes 5", "The product that the minimum hid is 5.", risks, level_zero, (5, [5]), (6, [0]))

    def at_best(world):
        """The nearest and longest there is."""
        key = world.key(level=0)
        world.series(key, NOON, 9, 300, db=5)
        world.configuration = "1.1.4"

    kit.case(
        "level 0 at best",
        "With level 0 Google's largest product is 8: nothing could notify.",
        at_best,
        lambda expected: (risks(expected), notified(expected)),
        {GOOGLE: ([0], []), APPLE_V1: ([56], today)},
        (GOOGLE, APPLE_V1),
    )
    kit.bound(
        "1.1.3 at 33 dB",
        "The scores of 1.1.3 let nothing beyond 33 dB count.",
        lambda expected: (risks(expected), notified(expected)),
        lambda world, db: twenty_minutes(world, 4, "1.1.3", db),
        (33, ([7], today)),
        (34, ([0], [])),
        (GOOGLE, APPLE_V1),
    )
    for level, google, apple in ((0, 0, 0), (1, 0, 0), (2, 0, 35), (3, 35, 35), (4, 35, 35), (8, 35, 35)):
        kit.case(
            f"server file of 2022, level {level}",
            "The same table: Google takes the score at level - 1, Apple the one at the level.",
            lambda world, level=level: twenty_minutes(world, level, "server 2022"),
            risks,
            {GOOGLE: [google], APPLE_V1: [apple], DOCUMENTED_V2: [apple]},
            (GOOGLE, APPLE_V1),
        )
    kit.case(
        "1.1.2, level 4",
        "Google: 5 * 8 * 5 * 4 = 800, with the days score of 1 day; Apple: 5 * 8 * 5 * 5 = 1000, at most 255.",
        lambda world: twenty_minutes(world, 4, "1.1.2"),
        risks,
        {GOOGLE: [800], APPLE_V1: [255]},
        (GOOGLE, APPLE_V1),
    )

    def v2(world, dbs, last=300, days=0):
        key = world.key(days=days)
        for n, db in enumerate(dbs):
            time = NOON + 300 * n
            world.sight(key, time, db=db, previous=time - (last if n == len(dbs) - 1 else 300))
        world.rule = "cocoa_v2"

    def score_and_days(expected):
        return of_days("score_sum")(expected), notified(expected)

    kit.bound(
        "v2, score",
        "15 minutes and a score of 1350 notify: the bucket from 47 to 60 dB weighs more than the nearest.",
        score_and_days,
        lambda world, db: v2(world, (40, 40, db)),
        (46, ([900.0], [])),
        (47, {GOOGLE: ([1350.0], today), APPLE_V1: ([1350.0], today), DOCUMENTED_V2: ([1380.0], today)}),
        ALL,
    )
    kit.bound(
        "v2, seconds",
        "A score of 1350 alone does not: it takes 900 s too.",
        lambda expected: (scan_seconds(expected)[-1], notified(expected)),
        lambda world, last: v2(world, (50, 50, 50), last),
        (240, (240, [])),
        (241, (300, today)),
        ALL,
    )
    kit.bound(
        "v2, days since onset",
        "Keys of more than 3 days before the onset have no infectiousness.",
        notified,
        lambda world, days: v2(world, (50, 50, 50), days=days),
        (-4, []),
        (-3, today),
        ALL,
    )
    kit.case("v2, no onset", "Missing days are read as high.", lambda world: v2(world, (50, 50, 50), days=None), notified, today, ALL)
    kit.case(
        "v2, far",
        "Beyond 65 dB an hour weighs 36.",
        lambda world: v2(world, (70,) * 12),
        score_and_days,
        {GOOGLE: ([36.0], []), DOCUMENTED_V2: ([60.0], [])},
        (GOOGLE, DOCUMENTED_V2),
    )

    def in_minutes(world):
        """450 + 2 * 300 * 1.5 ... 1341 unrounded: 540 s of 2.5 are 1350, less 9 at 0.01."""
        v2(world, (50, 60, 65, 70))

    kit.case(
        "v2, four buckets",
        "300 s in each: 750 + 750 + 390 + 3, in documented_v2 1893 is 1920.",
        in_minutes,
        score_and_days,
        {GOOGLE: ([1893.0], today), APPLE_V1: ([1893.0], today), DOCUMENTED_V2: ([1920.0], today)},
        ALL,
    )

    def rounded_to_enough(world):
        """300 + 300 + 240 + 120 of 1.3, and 120 of 2.5: 960 s, score 960 * 1.3 + ..."""
        key = world.key(days=0)
        for n, (db, seconds) in enumerate(((50, 300), (65, 300), (65, 120), (40, 60))):
            time = NOON + 300 * n
            world.sight(key, time, db=db, previous=time - seconds)
        world.sight(key, NOON + 1200, db=70, previous=NOON + 900)
        world.rule = "cocoa_v2"

    kit.case(
        "v2, rounded",
        "750 + 390 + 156 + 60 + 3 = 1359 in 1080 s; in documented_v2 1380.",
        rounded_to_enough,
        score_and_days,
        {GOOGLE: ([1359.0], today), DOCUMENTED_V2: ([1380.0], today)},
        (GOOGLE, DOCUMENTED_V2),
    )

    def almost_enough(world):
        key = world.key(days=0)
        for n, (db, seconds) in enumerate(((50, 300), (65, 300), (65, 120), (70, 300))):
            time = NOON + 300 * n
            world.sight(key, time, db=db, previous=time - seconds)
        world.sight(key, NOON + 1200, db=70, previous=NOON + 900)
        world.rule = kit.rule("score of 1310", rule(**{SCORE_SUM: (">=", 1310)}))

    kit.case(
        "v2, enough by rounding alone",
        "750 + 390 + 156 + 3 + 3 = 1302, in documented_v2 1320: a rule between the two notifies there alone.",
        almost_enough,
        score_and_days,
        {GOOGLE: ([1302.0], []), DOCUMENTED_V2: ([1320.0], today)},
        (GOOGLE, DOCUMENTED_V2),
    )

    def japanese_morning(world):
        """15 July 2021 from 08:00 to 09:30 in Japan begins on 14 July UTC."""
        world.configuration = "1.1.3"
        for first in (MIDNIGHT - 3600, MIDNIGHT + 600):
            world.series(world.key(start=START - 144 + 144 * (first > MIDNIGHT)), first, 9, 150)

    kit.case(
        "a morning in Japan",
        "Days are UTC: a contact before 09:00 in Japan is of the day before.",
        japanese_morning,
        notified,
        ["2021-07-14", "2021-07-15"],
        (GOOGLE, APPLE_V1),
    )

    def scored_not_notified(world):
        twenty_minutes(world, 4, "1.1.4", 60)

    kit.case(
        "matched, not scored",
        "A match, an exposure of risk 0, no notification: 20 minutes at 60 dB are 3 * 7 = 21, at 64 dB 14.",
        lambda world: twenty_minutes(world, 4, "1.1.4", 64),
        lambda expected: (shown(expected), risks(expected), notified(expected)),
        ((8, 1, 1, 1), [0], []),
        ALL,
    )
    kit.case(
        "matched and scored",
        "20 minutes at 60 dB are 3 * 7 = 21, the minimum.",
        scored_not_notified,
        lambda expected: (shown(expected), risks(expected), notified(expected)),
        ((8, 1, 1, 1), [21], today),
        (GOOGLE, APPLE_V1),
    )
    return kit


# --- time.json


def time() -> KitFile:
    kit = KitFile("time", "The first and the last seconds, 2038, 2106 and beyond.")
    kit.configure("one day", days_threshold=1)
    dates = of_windows("date")

    def around(second):
        """A sighting on either side of a second, seen on the next day."""

        def build(world):
            key = world.key(start=second // DAY * 144, days=0)
            for time in (second - 300, second - 1, second, second + 299):
                world.sight(key, time, previous=max(time - 300, 0))
            world.now = second + DAY
            world.rule = "cocoa_v2"

        return build

    for second, name, wanted in (
        (2**31, "2^31 s", "2038-01-19"),
        (2**32, "2^32 s", "2106-02-07"),
        (4107542400 + 3600, "1 March 2100", "2100-03-01"),
        (951782400 + 3600, "29 February 2000", "2000-02-29"),
        (253402300799 - 3600, "the last day of the year 9999", "9999-12-31"),
    ):
        kit.case(
            f"around {name}",
            "Times are not cut to 32 bits, and dates are those of the Gregorian calendar.",
            around(second),
            lambda expected: (dates(expected), instances(expected), of_exposures("duration")(expected)),
            {
                # Apple's rules have a group more where the second begins an interval, and so another RPI.
                name: ([wanted], [[(30, 30, 300), (30, 30, 300), (30, 30, 300)]], [seconds])
                for name, seconds in zip(ALL, (900, *[900 if second % INTERVAL else 1200] * 2))
            },
            ALL,
        )

    def year_10000(world):
        world.sight(world.key(start=253402300800 // 600), 253402300800)
        world.now = 253402300800

    kit.case("the year 10000", "A year beyond 9999 has more digits, and no sign.", year_10000, dates, ["10000-01-01"], ALL)

    def last_start_of_a_file(world):
        start = 2**31 - 1
        world.sight(world.key(start=start), 600 * start)
        world.sight(world.key(start=start), 600 * (start + 143) + 599, interval=start + 143)
        world.now = 600 * start

    kit.case(
        "the last start of a file",
        "A file's last rolling start is 2^31 - 1, and its key goes on beyond.",
        last_start_of_a_file,
        match_places,
        [(0, 2**31 - 1, 0), (1, 2**31 + 142, 1)],
        ALL,
    )

    def last_interval(world):
        start = 2**32 - 145
        key = world.key(start=start)
        world.sight(key, 600 * (2**32 - 2))
        world.sight(key, 600 * 2**32 - 1, interval=2**32 - 2)
        world.now = 600 * 2**32 - 1

    kit.case(
        "the last key",
        "The last key ends with the last interval but one, 2^32 - 2; the clock window goes up to the last.",
        last_interval,
        lambda expected: (match_places(expected), dates(expected)),
        ([(0, 2**32 - 2, 0), (0, 2**32 - 2, 1)], ["83631-04-04"]),
        ALL,
    )

    def first_second(world):
        key = world.key(start=0)
        world.sight(key, 0)
        world.sight(key, 100, previous=0)
        world.now = 0
        world.configuration = "one day"

    kit.case(
        "the first second",
        "Nothing is negative in 1970: neither the clock window nor the 150 s before the first sighting.",
        first_second,
        lambda expected: (
            dates(expected),
            instances(expected),
            of_exposures("duration")(expected),
            of_days("date")(expected),
            of_v1("days_since_last_exposure")(expected),
        ),
        {
            GOOGLE: (["1970-01-01"], [[(30, 30, 120), (30, 30, 60)]], [300], ["1970-01-01"], 0),
            APPLE_V1: (["1970-01-01"], [[(30, 30, 120), (30, 30, 60)]], [300], ["1970-01-01"], 0),
            DOCUMENTED_V2: (["1970-01-01"], [[(30, 30, 120), (30, 30, 60)]], [300], ["1970-01-01"], 0),
        },
        ALL,
    )

    def clock_window_of_1970(world, time):
        world.sight(world.key(start=0), time, interval=13)

    kit.bound(
        "clock window in 1970",
        "The clock window of interval 13 begins with interval 1.",
        matched,
        clock_window_of_1970,
        (599, (0, {"clock_window": 1})),
        (600, (1, {})),
    )

    def seen_in(now):
        def build(world):
            world.sight(world.key(), NOON)
            world.now = now
            world.configuration = "one day"

        return build

    for now, name, days in ((0, "1970", -18823), (2**32, "2106", 49710 - 18823), (600 * 2**32 - 1, "83631", 29826161 - 18823)):
        kit.case(
            f"looked at in {name}",
            "Today may be long before and long after.",
            seen_in(now),
            of_v1("days_since_last_exposure"),
            {GOOGLE: days, APPLE_V1: max(days, 0), DOCUMENTED_V2: max(days, 0)},
            ALL,
        )
    return kit


# --- random.json


def random_configuration(rng: random.Random) -> dict:
    """Within the limits, and such that not everything is 0."""
    percents = [rng.choice([0, 1, 50, 100, 130, 250, rng.randint(0, 250)]) for _ in range(10)]
    scores = lambda low: [rng.randint(low, 8) for _ in range(8)]  # noqa: E731
    low = rng.randint(20, 60)
    fields = {}
    if rng.random() < 0.5:
        fields["attenuation_duration_thresholds"] = sorted(rng.sample(range(20, 90), 2))
    if rng.random() < 0.3:
        fields["attenuation_weight"] = rng.choice([0.25, 0.5, 1.5, 2])
    return {
        "infectiousness": rng.choice([None, {days: rng.randint(0, 2) for days in range(-14, 15)}]),
        "infectiousness_when_missing": rng.randint(0, 2),
        "report_type_when_missing": rng.randint(0, 3),
        "thresholds": sorted(rng.sample(range(20, 90), 3)),
        "percents": percents[:4],
        "type_percents": percents[4:8],
        "infectiousness_percents": percents[8:],
        "minimum_window_score": rng.choice([0.0, 0.0, 1.0, float(rng.randint(1, 300))]),
        "days_threshold": rng.choice([0, 0, 0, 5, 10, 14]),
        "attenuation": scores(0),
        "days": scores(1),
        "duration": scores(0),
        "transmission": scores(1),
        "minimum_risk_score": rng.choice([1, 1, 20, rng.randint(1, 400)]),
        "full_range": rng.choice([0.0, 0.0, 10.5]),
        "v1_thresholds": (low, rng.randint(low, 90)),
        "apple_v1_fields": fields,
        "recursive_enabled": rng.choice([None, False, True]),
    }


def random_rule(rng: random.Random) -> dict | str:
    if rng.random() < 0.4:
        return "v1"
    ranges = {SCORE_SUM: 1500, AVERAGE: 2, SECONDS: 1500, MAXIMUM: 80, MINIMUM: 60}
    made = {}
    for name in rng.sample(CONDITIONS, rng.randint(1, 2)):
        made[name] = (rng.choice([">=", ">", "<=", "<"]), round(rng.random() * ranges[name], 1))
    return rule(**made)


def random_encounter(world: World, rng: random.Random, key: dict) -> None:
    """One stretch of scans near the owner of a key, with all that goes wrong."""
    first = key["rolling_start_interval_number"]
    offset = rng.choice([0, 0, 0, rng.randint(-8000, 8000)])  # the other phone's clock
    time = 600 * rng.randrange(first, first + key["rolling_period"]) + rng.randrange(600)
    db, previous = rng.randint(5, 85), rng.choice([None, time - rng.randint(0, 400)])
    tx, version = rng.choice([-30, -20, -10, 5]), rng.choice([0x40, 0x44, 0x50, 0x58, 0x5C, 0x80])
    for _ in range(rng.randint(2, 7)):
        interval = time // 600
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            size = 4 if rng.random() < 0.97 else rng.choice([3, 5])
            power = tx if rng.random() < 0.97 else rng.choice([-61, -55, 21])
            near = min(max(db + rng.randint(-8, 8), 0), 100)
            rssi = 127 if rng.random() < 0.02 else max(power - near, -128)
            world.sight(key, time + offset, interval=interval, tx=power, rssi=rssi, previous=previous, version=version, aem_size=size)
            time += rng.choice([0, 1, 3, 4, 5, 20, 25, 26])
        previous = time + offset if rng.random() < 0.9 else None
        if rng.random() < 0.05:
            previous = time + offset + rng.randint(0, 5000)
        if rng.random() < 0.05:
            replayed = time + rng.choice([1000, 1300])
            world.sight(key, replayed + offset, interval=interval, tx=tx, rssi=tx - 30)
        time += rng.choice([60, 120, 150, 240, 300, 300, 599, 600, 601, 1500])


def random_world(seed: int, configurations: int):
    def build(world):
        rng = random.Random(f"exposures {seed}")
        world.configuration = f"random {seed % configurations}"
        for _ in range(rng.randint(1, 4)):
            start = START + 144 * rng.randint(-5, 0) + rng.choice([0, 0, rng.randint(-70, 70)])
            world.key(
                start=start,
                period=rng.choice([144, 144, rng.randint(1, 144)]),
                level=rng.randint(0, 8),
                report_type=rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 5]),
                days=rng.choice([None, rng.randint(-14, 14)]),
            )
        if rng.random() < 0.3:
            key = rng.choice(world.keys)
            world.key(tek=key["tek"], start=key["rolling_start_interval_number"], period=rng.randint(1, 144))
        for _ in range(rng.randint(1, 3)):
            random_encounter(world, rng, rng.choice(world.keys))
        stranger = World(f"stranger {seed}")
        for _ in range(rng.randint(0, 3)):
            world.sight(stranger.key(), NOON + rng.randrange(3600))
        rng.shuffle(world.sightings)
        world.now = MIDNIGHT + rng.randint(-1, 12) * DAY + rng.randrange(DAY)
        world.rule = f"random {seed}"

    return build


def randoms() -> KitFile:
    kit = KitFile("random", "Random people, random scans, random configurations; made anew from fixed seeds.")
    count, configurations = 66, 22
    for n in range(configurations):
        kit.configure(f"random {n}", **random_configuration(random.Random(f"configuration {n}")))
    for seed in range(count):
        kit.rule(f"random {seed}", random_rule(random.Random(f"rule {seed}")))
        kit.case(
            f"random {seed}",
            "All rules at once.",
            random_world(seed, configurations),
            profiles=(ALL[seed // configurations],),
        )
    # They are of use only if much happens in them.
    outcomes = [case["expected"] for case in kit.cases]
    reasons = {reason for expected in outcomes for reason in expected["dropped"]}
    assert reasons == {"clock_window", "replay", "aem_length", "power", "zero_attenuation"}, reasons
    for number, enough in (
        (sum(expected["decision"]["notify"] for expected in outcomes), 15),
        (sum(not expected["decision"]["notify"] for expected in outcomes), 15),
        (sum(len(expected["windows"]) > 2 for expected in outcomes), 20),
        (sum(len(expected["daily_summaries"]) > 1 for expected in outcomes), 10),
        (sum(expected["v1"]["maximum_risk_score"] > 0 for expected in outcomes), 30),
        (sum(len(expected["v1"]["exposures"]) > 2 for expected in outcomes), 20),
    ):
        assert number >= enough, (number, enough)
    return kit


# --- revisions.json


class Revisions:
    """Cases of keys that are published and revised. A step is (list, type) and the outcome that is worked out by hand:
    (outcome, stored type, visible)."""

    name = "revisions"
    about = "What becomes of a stored match when its key is published again or revised."
    types = ["unknown", "confirmed_test", "confirmed_clinical_diagnosis", "self_report", "recursive", "revoked"]

    def __init__(self):
        self.cases = []

    def case(self, name, proves, steps, recursive_enabled=False, report_type_when_missing=1):
        assert name not in (case["name"] for case in self.cases), name
        world = World(f"revisions, {name}")
        tek = world.key()["tek"]
        made = []
        for which, number, wanted, *changes in steps:
            key = {"tek": tek, "rolling_start_interval_number": START, "rolling_period": 144, "report_type": number}
            made.append({"list": which, "key": key | (changes[0] if changes else {}), "expected": None})
        case = {
            "name": name,
            "proves": proves,
            "recursive_enabled": recursive_enabled,
            "report_type_when_missing": report_type_when_missing,
            "steps": made,
        }
        for step, expected, (_, _, wanted, *_) in zip(made, reference_exposures.evaluate_revisions(case), steps):
            found = (expected["outcome"], expected["report_type"], expected["visible"])
            assert found == wanted, f"{name}: {found}, by hand {wanted}"
            step["expected"] = expected
        self.cases.append(case)

    def render(self) -> str:
        return f'{{"about": {json.dumps(self.about)}, "format": 1,\n"cases": [\n{lines(self.cases)}\n]}}\n'


def revisions() -> Revisions:
    kit = Revisions()
    keys, revised = "keys", "revised_keys"
    name_of = kit.types
    test, clinical, self_report = ((name_of[number]) for number in (1, 2, 3))
    allowed = {(3, 1), (3, 2), (3, 5), (2, 1), (2, 5)}
    for old in (1, 2, 3, 4):
        for new in (1, 2, 3, 4, 5):
            if (old, new) in allowed:
                outcome = ("revoked", "revoked", False) if new == 5 else ("changed", name_of[new], True)
            else:
                outcome = ("transition_not_allowed", name_of[old], True)
            kit.case(
                f"{name_of[old]} to {name_of[new]}",
                "Self reports may become confirmed or revoked, clinical diagnoses tested or revoked; nothing else changes.",
                [(keys, old, ("stored", name_of[old], True)), (revised, new, outcome)],
                recursive_enabled=True,
            )
    for new in (1, 2, 3):
        kit.case(
            f"self_report to clinical, then to {name_of[new]}",
            "A key is revised at most once, even to what would be allowed.",
            [
                (keys, 3, ("stored", self_report, True)),
                (revised, 2, ("changed", clinical, True)),
                (revised, new, ("already_revised", clinical, True)),
            ],
        )
    for new in (1, 3, 5):
        kit.case(
            f"revoked, then {name_of[new]}",
            "A revoked key stays revoked.",
            [
                (keys, 3, ("stored", self_report, True)),
                (revised, 5, ("revoked", "revoked", False)),
                (revised, new, ("already_revised", "revoked", False)),
            ],
        )
    kit.case(
        "revoked, then published again",
        "A revoked key stays stored and hidden, and does not match again.",
        [
            (keys, 2, ("stored", clinical, True)),
            (revised, 5, ("revoked", "revoked", False)),
            (keys, 2, ("stored", "revoked", False)),
            (keys, 1, ("stored", "revoked", False)),
        ],
    )
    kit.case(
        "the same file again",
        "A key that is published again is stored already, and nothing changes.",
        [(keys, 3, ("stored", self_report, True)), (keys, 3, ("stored", self_report, True))],
    )
    kit.case(
        "published again with another type",
        "Only revised keys revise: the list `keys` does not change a type, nor does it use up the one revision.",
        [
            (keys, 3, ("stored", self_report, True)),
            (keys, 1, ("stored", self_report, True)),
            (revised, 2, ("changed", clinical, True)),
        ],
    )
    kit.case(
        "a revision that is not allowed uses nothing up",
        "Only a revision that changed the type counts as the one.",
        [
            (keys, 3, ("stored", self_report, True)),
            (revised, 3, ("transition_not_allowed", self_report, True)),
            (revised, 4, ("transition_not_allowed", self_report, True)),
            (revised, 1, ("changed", test, True)),
            (revised, 5, ("already_revised", test, True)),
        ],
    )
    for number in (1, 3, 5):
        kit.case(
            f"{name_of[number]} of an unknown key",
            "A revision of a key that is not stored stores nothing.",
            [(revised, number, ("not_stored", None, False))],
        )
    kit.case(
        "revised before it is published",
        "A revision of a key that is not stored leaves no trace.",
        [
            (revised, 5, ("not_stored", None, False)),
            (keys, 3, ("stored", self_report, True)),
            (revised, 1, ("changed", test, True)),
        ],
    )
    kit.case(
        "published as revoked",
        "A revoked key never starts a match.",
        [(keys, 5, ("not_stored", None, False)), (keys, 1, ("stored", test, True))],
    )
    for enabled in (False, True):
        outcome = ("stored", "recursive", True) if enabled else ("not_stored", None, False)
        kit.case(
            "published as recursive" + (", enabled" if enabled else ""),
            "A recursive key starts a match only where that is enabled.",
            [(keys, 4, outcome)],
            recursive_enabled=enabled,
        )
    for which in (keys, revised):
        for what, change in (
            ("shorter period", {"rolling_period": 143}),
            ("later start", {"rolling_start_interval_number": START + 1}),
        ):
            kit.case(
                f"a {what} in {which}",
                "The same TEK with another start or period is skipped.",
                [
                    (keys, 3, ("stored", self_report, True)),
                    (which, 1, ("other_period", self_report, True), change),
                    (revised, 1, ("changed", test, True)),
                ],
            )
    kit.case(
        "another period after a revision",
        "Another period is the first thing that is looked at.",
        [
            (keys, 3, ("stored", self_report, True)),
            (revised, 1, ("changed", test, True)),
            (revised, 3, ("other_period", test, True), {"rolling_period": 1}),
        ],
    )
    for number, outcome in ((1, ("changed", test, True)), (3, ("transition_not_allowed", self_report, True))):
        kit.case(
            f"unknown is {name_of[number]}",
            "Unknown is read as the configuration says, in both lists.",
            [(keys, 3, ("stored", self_report, True)), (revised, 0, outcome)],
            report_type_when_missing=number,
        )
    kit.case(
        "published as unknown",
        "Unknown is read as the configuration says, in both lists.",
        [(keys, 0, ("stored", clinical, True)), (revised, 5, ("revoked", "revoked", False))],
        report_type_when_missing=2,
    )
    other = World("revisions, another key").key()["tek"]
    kit.case(
        "two keys",
        "Every key has a revision of its own.",
        [
            (keys, 3, ("stored", self_report, True)),
            (keys, 2, ("stored", clinical, True), {"tek": other}),
            (revised, 5, ("revoked", "revoked", False)),
            (revised, 1, ("changed", test, True), {"tek": other}),
            (revised, 1, ("already_revised", "revoked", False)),
        ],
    )
    return kit


# --- All files


def check_worked_example() -> None:
    """Google's worked example has a scan interval of 6 s, which no configuration sets, so it is no case: sightings at
    0, 10 and 50 s with 1, 4 and 5 dB have 3, 10, 40 and 3 s; (3 * 1 + 10 * 1 + 40 * 4 + 3 * 5) / 56 = 188 / 56 -> 3."""
    periods = reference_exposures.google_periods([(0, 1), (10, 4), (50, 5)], 3)
    assert periods == [(3, 1), (10, 1), (40, 4), (3, 5)]
    assert sum(seconds * value for seconds, value in periods) == 188
    assert sum(seconds for seconds, _ in periods) == 56
    assert reference_exposures.weighted_attenuation(periods) == 3


TOPICS = [acceptance, windows, reports, daily, v1_google, v1_apple, decision, cocoa, time, randoms, revisions]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    check_worked_example()
    made = {f"{kit.name}.json": kit for kit in (topic() for topic in TOPICS)}
    if not arguments.check:
        CASES.mkdir(exist_ok=True)
    texts = {name: kit.render() for name, kit in made.items()}
    if arguments.check:
        committed = {path.name: path.read_text() for path in CASES.iterdir()}
        wrong = sorted(name for name in texts | committed if texts.get(name) != committed.get(name))
        if wrong:
            sys.exit(f"these files differ from what this script makes: {', '.join(wrong)}")
    else:
        for path in CASES.iterdir():
            if path.name not in texts:
                path.unlink()
        for name, text in texts.items():
            (CASES / name).write_text(text)
    for name, kit in made.items():
        print(f"{name}: {len(kit.cases)} cases")
    print(f"{sum(len(kit.cases) for kit in made.values())} cases, {sum(map(len, texts.values())) // 1000} kB")


if __name__ == "__main__":
    main()
