"""windows.json: from sightings to exposure windows."""

from kit import (
    ALL,
    APPLE_V1,
    AT,
    DAY,
    DOCUMENTED_V2,
    FOUR,
    GOOGLE,
    GOOGLES,
    GUARDED,
    MIDNIGHT,
    NEXT_MORNING,
    NOON,
    OURS,
    START,
    KitFile,
)
from topics.parts import instance_counts, instances, of_days, of_exposures, of_windows, scan_seconds


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
    kit.bound(
        "a new window", proves, of_windows("start"), window_after, (1799, [NOON]), (1800, [NOON, NOON + 1800]), ALL
    )

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

    def first_scan_of_two(world, seconds):
        key = world.key()
        for time in (0, 20, seconds):
            world.sight(key, NOON + time)

    proves = "The 1800 s count from the first sighting of the first instance."
    kit.bound(
        "a new window, from a scan of two", proves, instance_counts, first_scan_of_two, (1799, [2]), (1800, [1, 1])
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

    def three_scans(world):
        key = world.key()
        for time, db in ((0, 50), (100, 30), (101, 40), (200, 20), (225, 23)):
            world.sight(key, NOON + time, db=db)

    kit.case(
        "attenuations of three scans",
        "Each instance has the attenuations of its own sightings.",
        three_scans,
        typical,
        [(50, 50), (35, 30), (22, 20)],
    )

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
        "A previous scan at second 0 is unknown.",
        lambda world: world.sight(world.key(), NOON, previous=0),
        scan_seconds,
        [120],
        FOUR,
    )
    kit.case(
        "previous scan at 1",
        "A previous scan at second 1 is known.",
        lambda world: world.sight(world.key(), NOON, previous=1),
        scan_seconds,
        [300],
    )
    proves = "A clock that stepped back makes negative seconds in google, and 0 s elsewhere."
    for seconds in (0, 1, 59, 60, 119, 120, 3600, 10 * DAY):
        back = -(seconds // 60 * 60)  # noon is at a minute's border
        kit.case(
            f"previous scan {seconds} s after",
            proves,
            lambda world, seconds=seconds: scanned_before(world, -seconds),
            scan_seconds,
            {GOOGLE: [back], GUARDED: [0], APPLE_V1: [0], DOCUMENTED_V2: [0]},
            FOUR if seconds == 3600 else GOOGLES if seconds == 60 else (GOOGLE,),
        )

    def back_over_a_border(world, seconds):
        world.sight(world.key(), NOON + 30, previous=NOON + 30 + seconds)

    kit.bound("back over a minute border", proves, scan_seconds, back_over_a_border, (29, [0]), (30, [-60]))

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

    def over_a_minute_border(world):
        key = world.key()
        world.sight(key, NOON + 59, previous=NOON - 1)
        world.sight(key, NOON + 61, previous=NOON + 59)

    kit.case(
        "a scan over a minute border",
        "An instance's seconds go up to its first sighting.",
        over_a_minute_border,
        scan_seconds,
        [60],
    )
    kit.case(
        "at the same second",
        "Of sightings at one second the lower interval comes first, then the lower position.",
        at_the_same_second,
        lambda expected: (scan_seconds(expected), of_windows("calibration_confidence")(expected)),
        ([120], ["low"]),
        ALL,
        source=OURS,
    )

    names = ["lowest", "low", "medium", "high"]
    proves = (
        "The calibration confidence is bits 3:2 of the metadata; with Apple's rules low if the version is before 1.1."
    )
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
        source=OURS,
    )

    def louder(world, tx):
        """A good sighting, and a louder one a second later."""
        key = world.key()
        world.sight(key, NOON, tx=-20, rssi=-70)
        world.sight(key, NOON + 1, tx=tx, rssi=-60)

    def heard(expected):
        return len(expected["matches"]), instances(expected), of_exposures("attenuation_value")(expected)

    # The mean of 50 and 80; in v1 the louder one, or the nearer.
    both = {GOOGLE: (2, [[(65, 50, 120)]], [80]), GUARDED: (2, [[(65, 50, 120)]], [50])}
    kit.bound(
        "a louder record of bad power",
        "By Google's code a key has windows only if a scan of it is left in v1: the louder record of a bad power takes "
        "its scan with it. google_guarded judges power before scans.",
        heard,
        louder,
        (20, both),
        (21, {GOOGLE: (1, [], []), GUARDED: (1, [[(50, 50, 120)]], [50])}),
        GOOGLES,
    )

    def another_scan_left(world):
        louder(world, 21)
        world.sight(world.keys[0], NOON + 300, tx=-20, rssi=-60)

    kit.case(
        "one scan of two is left",
        "One scan that is left in v1 is enough: the windows have all good sightings, also those of the other scan.",
        another_scan_left,
        heard,
        {
            GOOGLE: (2, [[(50, 50, 120), (40, 40, 120)]], [40]),
            # (150 * 50 + 300 * 50 + 150 * 40) / 600 = 47.5
            GUARDED: (2, [[(50, 50, 120), (40, 40, 120)]], [48]),
        },
        GOOGLES,
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
        GOOGLES,
        source=OURS,
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
