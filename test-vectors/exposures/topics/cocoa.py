"""cocoa.json: COCOA's configurations and faults."""

from kit import (
    ALL,
    APPLE_V1,
    APPLES,
    DOCUMENTED_V2,
    GOOGLE,
    MIDNIGHT,
    NOON,
    ONE_TO_EIGHT,
    SCORE_SUM,
    START,
    KitFile,
    rule,
)
from topics.parts import notified, of_days, of_exposures, risks, scan_seconds, shown


def cocoa() -> KitFile:
    kit = KitFile("cocoa", "COCOA's configurations, and the faults that reached millions.")
    today = ["2021-07-15"]
    cliff = (0, 0, 0, 0, 1, 1, 1, 1)
    kit.configure(
        "1.1.2",
        attenuation=ONE_TO_EIGHT,
        duration=ONE_TO_EIGHT,
        days=ONE_TO_EIGHT,
        transmission=ONE_TO_EIGHT,
        minimum_risk_score=1,
    )
    kit.configure("1.1.3", attenuation=cliff, minimum_risk_score=1)
    kit.configure("1.1.4")
    kit.configure("server 2022", transmission=(0, 0, 7, 7, 7, 7, 7, 7))

    def twenty_minutes(world, level, chosen="1.1.4", db=30):
        """Google: 1000 s from the first to the last make 1200. Apple: eight scan intervals of 150 s."""
        key = world.key(level=level)
        for seconds in (0, 150, 300, 450, 600, 750, 900, 1000):
            world.sight(key, NOON + seconds, db=db, previous=NOON + seconds - 150)
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

    def known(world, *heard):
        """(seconds, RSSI, seconds to the scan before or None), with the power -12."""
        key = world.key()
        for seconds, rssi, since in heard:
            previous = None if since is None else NOON + seconds - since
            world.sight(key, NOON + seconds, tx=-12, rssi=rssi, previous=previous)
        world.configuration = "1.1.4"

    def whole_v1(expected):
        exposures = [(e["duration"], e["attenuation_value"], e["risk_score"]) for e in expected["v1"]["exposures"]]
        names = ("attenuation_durations", "matched_key_count", "maximum_risk_score")
        of_call = [expected["v1"][name] for name in names]
        return exposures, of_call, notified(expected)

    nobody = ([], [[0, 0, 0], 1, 0], [])
    scans = {seconds: (seconds, -52, 300) for seconds in (0, 300, 10800, 11100)}
    for name, heard, wanted in (
        # 40 dB is level value 4; 4 * 7 = 28.
        ("20 minutes in two parts", scans.values(), ([(1200, 4, 28)], [[1200, 0, 0], 1, 28], today)),
        # 150 + 7 * 10 = 220 s
        ("eight sightings in 70 s", [(10 * n, -52, None) for n in range(8)], nobody),
        # 300 + 299 + 300 = 899 s: the last is of the next RPI, and of the scan before.
        ("899 s, and a rotation", [(0, -52, 300), (299, -52, 299), (599, -52, 300), (601, -52, 302)], nobody),
        ("one scan", [(0, -52, 300)], nobody),
    ):
        kit.case(
            f"known: {name}",
            "Apple's exposures are one a key, of scans that do not overlap; below the minimum none is listed.",
            lambda world, heard=heard: known(world, *heard),
            whole_v1,
            wanted,
            APPLES,
        )
    kit.case(
        "known: 901 s",
        "901 s are 960, which COCOA's duration scores let count.",
        lambda world: known(world, (0, -52, 300), (301, -52, 301), (601, -52, 300)),
        whole_v1,
        ([(960, 4, 28)], [[960, 0, 0], 1, 28], today),
        APPLES,
    )
    kit.bound(
        "1.1.3 at 33 dB",
        "The scores of 1.1.3 let nothing beyond 33 dB count.",
        lambda expected: (risks(expected), notified(expected)),
        lambda world, db: twenty_minutes(world, 4, "1.1.3", db),
        (33, ([7], today)),
        (34, {GOOGLE: ([0], []), APPLE_V1: ([], [])}),
        (GOOGLE, APPLE_V1),
    )
    yes, google_no, apple_no = [35], [0], []  # Apple's list leaves out what is below the minimum.
    for level, google, apple in (
        (0, google_no, apple_no),
        (1, google_no, apple_no),
        (2, google_no, yes),
        (3, yes, yes),
        (4, yes, yes),
        (8, yes, yes),
    ):
        kit.case(
            f"server file of 2022, level {level}",
            "The same table: Google takes the score at level - 1, Apple the one at the level.",
            lambda world, level=level: twenty_minutes(world, level, "server 2022"),
            risks,
            {GOOGLE: google, APPLE_V1: apple},
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
    kit.case(
        "v2, no onset",
        "Missing days are read as high.",
        lambda world: v2(world, (50, 50, 50), days=None),
        notified,
        today,
        ALL,
    )
    kit.case(
        "v2, far",
        "Beyond 65 dB an hour weighs 36.",
        lambda world: v2(world, (70,) * 12),
        score_and_days,
        {GOOGLE: ([36.0], []), DOCUMENTED_V2: ([60.0], [])},
        (GOOGLE, DOCUMENTED_V2),
    )

    def four_buckets(world):
        v2(world, (50, 60, 65, 70))

    kit.case(
        "v2, four buckets",
        "300 s in each: 750 + 750 + 390 + 3, in documented_v2 1893 is 1920.",
        four_buckets,
        score_and_days,
        {GOOGLE: ([1893.0], today), APPLE_V1: ([1893.0], today), DOCUMENTED_V2: ([1920.0], today)},
        ALL,
    )

    def rounded_to_enough(world):
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

    kit.case(
        "matched, not scored",
        "A match, no risk, no notification: 20 minutes at 60 dB are 3 * 7 = 21, at 64 dB 14. Apple lists no exposure.",
        lambda world: twenty_minutes(world, 4, "1.1.4", 64),
        lambda expected: (shown(expected), risks(expected), notified(expected)),
        {
            GOOGLE: ((8, 1, 1, 1), [0], []),
            APPLE_V1: ((8, 1, 0, 1), [], []),
            DOCUMENTED_V2: ((8, 1, 0, 1), [], []),
        },
        ALL,
    )
    kit.case(
        "matched and scored",
        "20 minutes at 60 dB are 3 * 7 = 21, the minimum.",
        lambda world: twenty_minutes(world, 4, "1.1.4", 60),
        lambda expected: (shown(expected), risks(expected), notified(expected)),
        ((8, 1, 1, 1), [21], today),
        (GOOGLE, APPLE_V1),
    )
    return kit
