"""v1_google.json: risk scores of v1 by Google's rules."""

from kit import (
    AT,
    DAY,
    GOOGLE,
    GOOGLES,
    GUARDED,
    MIDNIGHT,
    NOON,
    ONE_TO_EIGHT,
    ONES,
    OURS,
    START,
    KitFile,
    one_table,
)
from topics.parts import of_exposures, of_v1, risks

# Of the answers that are known from running Google's classes.
KNOWN_START, KNOWN_TIME = 2666880, 1600171200


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
        "Sightings of an RPI at most 25.5 s after the one before are one scan; its loudest stays, with its own time.",
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
        "The 25.5 s count from the sighting before, not from the first nor from the loudest.",
        starts,
        chain,
        (25, [NOON + 50]),
        (26, [NOON + 25]),
    )

    def equals(world):
        key = world.key()
        for time, db in ((0, 40), (5, 30), (10, 30), (15, 35)):
            world.sight(key, NOON + time, db=db)

    kit.case("the earliest of equals", "Of equally loud ones the earliest stays.", equals, starts, [NOON + 5])

    def by_rssi(world):
        key = world.key()
        world.sight(key, NOON, tx=20, rssi=-40)
        world.sight(key, NOON + 5, tx=-20, rssi=-50)

    kit.case(
        "loudest by RSSI",
        "The loudest has the largest RSSI, which need not be the smallest attenuation; it stays whole, with its power.",
        by_rssi,
        lambda expected: (starts(expected), values(expected)),
        {GOOGLE: ([NOON], [60]), GUARDED: ([NOON + 5], [30])},
        GOOGLES,
    )

    def known(world, *heard):
        """Spec's notation: (seconds, RSSI, power), and the interval where it is not that of the first."""
        key = world.key(start=KNOWN_START, tek="000102030405060708090a0b0c0d0e0f")
        for seconds, rssi, tx, *interval in heard:
            at = KNOWN_TIME + seconds
            world.sight(key, at, rssi=rssi, tx=tx, interval=KNOWN_TIME // 600 + (interval[0] if interval else 0))
        world.now = KNOWN_TIME + DAY
        world.configuration = "all"

    def whole(expected):
        """Duration, attenuation, seconds of each exposure; the call's seconds and keys; how many windows."""
        return (
            list(zip(durations(expected), values(expected), buckets(expected))),
            of_v1("attenuation_durations")(expected),
            of_v1("matched_key_count")(expected),
            len(expected["windows"]),
        )

    kit.configure("all", minimum_risk_score=1, duration=ONES)
    near, nothing = [(300, 40, [300, 0, 0])], ([], [0, 0, 0], 0, 0)
    for name, heard, google, guarded in (
        (
            # The second stands for the first scan: at 2 s and 0 dB. 150 + 150 s at 0 dB, 150 s at 30 dB.
            "the third in a scan of its own",
            ((0, -25, -30), (2, -20, -30), (152, -60, -30)),
            ([(300, 10, [450, 0, 0])], [450, 0, 0], 1, 1),
            # Both are at 0 dB, so the first stands: 302 + 150 s.
            ([(600, 10, [452, 0, 0])], [452, 0, 0], 1, 1),
        ),
        (
            # 600 s from 2 to 602: 900 s. 750 s at 0 dB, 150 s at 30 dB: 4500 / 900.
            "600 s from the one that stays",
            ((0, -25, -30), (2, -20, -30), (602, -60, -30)),
            ([(900, 5, [900, 0, 0])], [900, 0, 0], 1, 1),
            # The first stands: 602 s are a gap.
            ([(300, 0, [300, 0, 0]), (300, 30, [300, 0, 0])], [600, 0, 0], 1, 1),
        ),
        (
            "two powers in a scan",
            ((0, -80, -40), (1, -70, 10)),
            ([(300, 80, [0, 0, 300])], [0, 0, 300], 1, 1),
            (near, [300, 0, 0], 1, 1),
        ),
        (
            "one dB louder, nine farther",
            ((0, -60, -20), (1, -59, -10)),
            ([(300, 49, [300, 0, 0])], [300, 0, 0], 1, 1),
            (near, [300, 0, 0], 1, 1),
        ),
        (
            "a louder record of bad power",
            ((0, -70, -20), (1, -60, 21)),
            nothing,
            ([(300, 50, [0, 300, 0])], [0, 300, 0], 1, 1),
        ),
        (
            # The bad one joins the two to one scan, whose loudest is the last. Without it they are 40 s apart, two
            # scans: 150 + 40 s at 50 dB and 150 s at 40 dB: 15500 / 340 = 45.6; 340 s are 300.
            "a bad power between two",
            ((0, -70, -20), (20, -90, 21), (40, -60, -20)),
            (near, [300, 0, 0], 1, 1),
            ([(300, 46, [150, 190, 0])], [150, 190, 0], 1, 1),
        ),
        (
            "two RPIs in one second",
            ((0, -60, -20), (0, -80, -20, 1)),
            (near, [300, 0, 0], 1, 1),
            None,
        ),
        (
            "two RPIs in one second, the louder later",
            ((0, -80, -20), (0, -60, -20, 1)),
            ([(300, 60, [0, 300, 0])], [0, 300, 0], 1, 1),
            None,
        ),
        (
            # The one of 50 dB is skipped: 250 s at 60 dB, 150 s at 30 dB.
            "two RPIs in the last second",
            ((0, -80, -20), (100, -50, -20), (100, -70, -20, 1)),
            ([(300, 49, [150, 250, 0])], [150, 250, 0], 1, 1),
            None,
        ),
    ):
        kit.case(
            f"known: {name}",
            "Scans are made before metadata is looked at; of each the loudest stays, whole. Of two at one second the "
            "later in the order of RPIs is skipped.",
            lambda world, heard=heard: known(world, *heard),
            whole,
            {GOOGLE: google, GUARDED: guarded or google},
            GOOGLES,
        )

    def bad_aem(world, rssi):
        key = world.key()
        world.sight(key, NOON, rssi=-60)
        world.sight(key, NOON + 25, rssi=rssi, aem_size=3)

    kit.bound(
        "a louder record of bad AEM",
        "The earliest of equally loud ones stays; a louder one takes its scan with it, even if its AEM is bad.",
        lambda expected: (values(expected), len(expected["windows"])),
        bad_aem,
        (-60, ([40], 1)),
        (-59, {GOOGLE: ([], 0), GUARDED: ([40], 1)}),
    )

    def saturated(world):
        key = world.key()
        world.sight(key, NOON, rssi=-60)
        world.sight(key, NOON + 5, rssi=127)

    kit.case(
        "RSSI 127 is the loudest",
        "RSSI 127 is the largest RSSI, and stands for its scan with 0 dB.",
        saturated,
        lambda expected: (starts(expected), values(expected)),
        ([NOON + 5], [0]),
    )

    def two_rpis(world):
        key = world.key()
        world.sight(key, NOON - 5, db=50)
        world.sight(key, NOON + 5, db=30)

    kit.case(
        "one scan, two RPIs",
        "Sightings of different RPIs are never one scan: (150 * 50 + 10 * 50 + 150 * 30) / 310 = 40.3.",
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
        world.sight(key, NOON + 100, interval=AT, db=30)

    kit.case(
        "two RPIs at one second",
        "Of two at one second the one of the later RPI is skipped: (150 * 60 + 100 * 60 + 150 * 30) / 400 = 48.75.",
        same_time,
        lambda expected: (values(expected), buckets(expected)),
        ([49], [[150, 250, 0]]),
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
        "Days before the start of the key are cut towards zero.",
        lambda expected: (risks(expected), of_v1("days_since_last_exposure")(expected)),
        risk_after,
        (1 - DAY, ([8], 0)),
        (-DAY, ([8], -1)),
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
            source=OURS,
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
    kit.configure(
        "largest",
        minimum_risk_score=4096,
        **dict.fromkeys(("attenuation", "days", "duration", "transmission"), (8,) * 8),
    )
    kit.configure(
        "largest but one",
        minimum_risk_score=4096,
        attenuation=(7,) * 8,
        **dict.fromkeys(("days", "duration", "transmission"), (8,) * 8),
    )

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
        [5, 5, 2 * (3 + 5 + 1), 2 * (3 + 5 + 1), 3, 2, [1800, 1800, 1800]],
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
        source=OURS,
    )

    def loudest_order(world):
        key = world.key()
        world.sight(key, NOON + 590, interval=AT, db=60)
        world.sight(key, NOON + 605, interval=AT, db=30)
        world.sight(key, NOON + 600, interval=AT + 1, db=50)

    kit.case(
        "scans by the time of their loudest",
        "Scans of all RPIs are ordered by the time of their loudest: (150 * 50 + 5 * 50 + 150 * 30) / 305 = 40.2.",
        loudest_order,
        lambda expected: (starts(expected), values(expected)),
        ([NOON + 600], [40]),
    )
    return kit
