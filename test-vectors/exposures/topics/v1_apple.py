"""v1_apple.json: risk scores of v1 by Apple's rules."""

from kit import (
    APPLE_V1,
    APPLES,
    DAY,
    DOCUMENTED_V2,
    GOOGLE,
    MIDNIGHT,
    NOON,
    ONE_TO_EIGHT,
    ONES,
    OURS,
    START,
    KitFile,
    one_table,
    one_table_of,
)
from topics.parts import of_exposures, of_v1, risks


def v1_apple() -> KitFile:
    about = "Risk scores of v1 by Apple's rules, which documented_v2 has too."
    # Without a minimum all exposures are in the list.
    kit = KitFile("v1_apple", about, usual="COCOA's without a minimum", apple_minimum_risk_score=0)
    one_table(kit)
    only = (APPLE_V1,)
    starts, values = of_exposures("start"), of_exposures("attenuation_value")
    durations, buckets = of_exposures("duration"), of_exposures("attenuation_durations")

    def heard_at(world, *seconds):
        """The first counts 176 s, so that 4 s are in its last minute and 5 s are not."""
        key = world.key()
        for n, second in enumerate(seconds):
            world.sight(key, NOON + second, previous=NOON + second - 176 if n == 0 else None)

    kit.bound(
        "one scan",
        "Sightings up to 4.0 s after a group's first are one, with the scan interval of the first: 176 s, or 176 + 5.",
        durations,
        lambda world, second: heard_at(world, 0, second),
        (4, [180]),
        (5, [240]),
        APPLES,
    )
    kit.bound(
        "one scan, a chain",
        "The 4.0 s count from the first of the group, not from the sighting before.",
        durations,
        lambda world, second: heard_at(world, 0, 3, second),
        (4, [180]),
        (5, [240]),
        only,
    )
    kit.bound(
        "one scan, two RPIs",
        "Sightings of all RPIs of a key are merged, since an identifier may rotate inside a scan.",
        durations,
        lambda world, second: heard_at(world, -2, second),
        (2, [180]),
        (3, [240]),
        APPLES,
    )

    def mean(world, rssis):
        key = world.key()
        for n, rssi in enumerate(rssis):
            world.sight(key, NOON + n, tx=-20, rssi=rssi)
        world.configuration = "attenuation alone"

    proves = "A group's RSSI is the mean of all without its fraction, towards zero."
    # Power -20: 27 dB is -47, level 6; 28 dB is -48, level 5.
    kit.bound("mean RSSI", proves, values, mean, ((-47, -48, -48), [6]), ((-48, -48, -48), [5]), only)
    below, above = ((-47, -48, -48, -49), [6]), ((-48, -48, -48, -49), [5])
    kit.bound(
        "mean RSSI of four",
        "The fraction is lost at every sighting: -47, -47, -47, -47.5. The mean of all four is -48.",
        values,
        mean,
        below,
        above,
        APPLES,
    )
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
        "In apple_v1 RSSI 127 is dropped before. Where 0 dB counts, it is no part of the mean: the smaller stays, -80.",
        saturated,
        lambda expected: (values(expected), starts(expected)),
        {APPLE_V1: ([3], [NOON + 1]), DOCUMENTED_V2: ([3], [NOON])},
        APPLES,
    )

    def saturated_alone(world):
        key = world.key()
        world.sight(key, NOON, tx=-20, rssi=127, previous=NOON - 120)
        world.sight(key, NOON + 300, tx=-20, rssi=-80, previous=NOON + 200)

    kit.case(
        "a saturated group",
        "Where RSSI 127 counts and is alone, its seconds are in the duration and in no attenuation.",
        saturated_alone,
        lambda expected: (values(expected), durations(expected), buckets(expected)),
        {APPLE_V1: ([3], [120], [[0, 120, 0]]), DOCUMENTED_V2: ([3], [240], [[0, 120, 0]])},
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

    proves = "The duration score is that of the first bound that the minutes do not pass, with their fraction."
    for n, seconds in enumerate((0, 300, 600, 900, 1200, 1500, 1800)):
        kit.bound(
            f"duration score at {seconds // 60} minutes",
            proves,
            risks,
            scanning,
            # Without seconds there is no attenuation value, so that nothing is scored.
            (seconds, [n + 1 if seconds else 0]),
            (seconds + 1, [n + 2]),
            APPLES if seconds in (1200, 1800) else only,
        )
    kit.case(
        "duration score beyond 30 minutes",
        "The duration is scored before it is limited to 1800 s.",
        lambda world: scanning(world, 2400),
        lambda expected: (risks(expected), durations(expected)),
        ([8], [1800]),
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

    def near_and_far(world, seconds, chosen="attenuation alone"):
        key = world.key()
        world.sight(key, NOON, db=10, previous=NOON - 300)
        world.sight(key, NOON + 600, db=75, previous=NOON + 600 - seconds)
        world.configuration = chosen

    kit.bound(
        "attenuation value",
        "The values of the levels are weighted with the scan intervals and rounded, a half up: 8 and 1 are 4.5.",
        lambda expected: (values(expected), risks(expected)),
        near_and_far,
        (300, ([5], [5])),
        (301, ([4], [4])),
        APPLES,
    )
    kit.configure("the nearest alone", **one_table_of(attenuation=(0,) * 7 + (8,)))
    kit.case(
        "attenuation value, levels of value 0",
        "Levels of value 0 are in neither sum: 300 s of 8 and 300 s of 0 are 8.",
        lambda world: near_and_far(world, 300, "the nearest alone"),
        lambda expected: (values(expected), durations(expected)),
        ([8], [600]),
        APPLES,
    )

    def no_seconds(world):
        key = world.key()
        for n in range(2):
            world.sight(key, NOON + 300 * n, db=27, previous=NOON + 300 * n)
        world.configuration = "attenuation alone"

    kit.case(
        "no seconds at all",
        "Where all scan intervals are 0, the attenuation value is 0, and so is the risk.",
        no_seconds,
        lambda expected: (values(expected), durations(expected), buckets(expected), risks(expected)),
        ([0], [0], [[0, 0, 0]], [0]),
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

    proves = (
        "The days score is that of the first bound that the days since the exposure's UTC day reach, else the last."
    )
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
        source=OURS,
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
        kit.configure(f"minimum {value}", minimum_risk_score=1, apple_minimum_risk_score=value, **tables)
        kit.configure(f"full range {value}", minimum_risk_score=1, full_range=float(value), **tables)
    kit.configure("full range 35.5", minimum_risk_score=1, full_range=35.5, **tables)
    proves = "An exposure below minimum_risk_score, or below minimum_risk_score_full_range, is not in the list."
    kit.bound("minimum risk score", proves, risks, configured, ("minimum 35", [35]), ("minimum 36", []), only)
    kit.bound("full range", proves, risks, configured, ("full range 35", [35]), ("full range 35.5", []), APPLES)

    def summary(expected):
        """Risks of the list; maximum and sum in both forms, keys, days, seconds of the call."""
        return risks(expected), [expected["v1"][name] for name in list(expected["v1"])[1:]]

    kit.configure(
        "attenuation alone, minimum 5",
        attenuation=ONE_TO_EIGHT,
        duration=ONES,
        apple_minimum_risk_score=5,
        transmission=ONES,
    )

    def below_the_minimum(world):
        """5 on the first day, 3 on the second."""
        for day, db in ((0, 30), (1, 60)):
            world.sight(world.key(start=START + 144 * day), NOON + DAY * day, db=db, previous=NOON + DAY * day - 61)
        world.configuration = "attenuation alone, minimum 5"
        world.now = MIDNIGHT + 2 * DAY

    kit.case(
        "below the minimum",
        "What is below the minimum is in no sum; the number of keys and the days count it.",
        below_the_minimum,
        summary,
        ([5], [5, 5, 5, 5, 2, 1, [120, 0, 0]]),
        APPLES,
    )

    def two_keys(world):
        for n in range(2):
            world.sight(world.key(), NOON + n, db=30, previous=NOON + n - 61)

    kit.case(
        "sums are rounded last",
        "The seconds of the call are added, limited, then rounded up: two keys of 61 s have 120 s each, and 180 s.",
        two_keys,
        lambda expected: (durations(expected), buckets(expected), of_v1("attenuation_durations")(expected)),
        ([120, 120], [[120, 0, 0], [120, 0, 0]], [180, 0, 0]),
        APPLES,
    )
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
    kit.configure(
        "weights of 0.25 and 4", minimum_risk_score=1, apple_v1_fields=dict(zip(names, (0.25, 4, 1.5, 1))), **tables
    )
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
        kit.configure(
            f"half, minimum {name}", apple_minimum_risk_score=minimum, full_range=full, apple_v1_fields=half, **tables
        )
    proves = "The minimum of the full range is compared with the product before it loses its fraction, here 17.5."
    below, above = ("half, minimum 17", [17]), ("half, minimum 18", [])
    kit.bound("minimum of a fraction", proves, risks, configured, below, above, only)
    below, above = ("half, minimum full 17.5", [17]), ("half, minimum full 17.75", [])
    kit.bound("full range of a fraction", proves, risks, configured, below, above, only)

    # 4 * 8 * 8 = 256, and a weight that is exact in binary makes 254 and 255 of it.
    large = {"attenuation": (4,) * 8, "days": (8,) * 8, "duration": (8,) * 8, "transmission": ONES}
    for name, weight in (("254", 127 / 128), ("255", 255 / 256), ("256", 1), ("512", 2)):
        kit.configure(f"product {name}", minimum_risk_score=1, apple_v1_fields={names[0]: weight}, **large)
    full_risks = of_exposures("risk_score_full_range")

    def both_forms(expected):
        return risks(expected), full_risks(expected)

    proves = "The risk is at most 255 and loses its fraction; the full range is told beside it, not limited."
    below, above = ("product 254", ([254], [254])), ("product 255", ([255], [255]))
    kit.bound("largest risk", proves, both_forms, configured, below, above, only)
    for product in (256, 512):
        kit.case(
            f"product {product}",
            proves,
            lambda world, product=product: configured(world, f"product {product}"),
            both_forms,
            ([255], [product]),
            APPLES if product == 512 else only,
        )
    kit.configure("product 512, full range 512", full_range=512.0, apple_v1_fields={names[0]: 2}, **large)
    kit.configure("product 512, full range 512.5", full_range=512.5, apple_v1_fields={names[0]: 2}, **large)
    kit.bound(
        "full range beyond 255",
        "The minimum of the full range is compared with what is not limited.",
        both_forms,
        configured,
        ("product 512, full range 512", ([255], [512])),
        ("product 512, full range 512.5", ([], [])),
        only,
    )
    tens = {"attenuation": (8,) * 8, "days": (8,) * 8, "duration": (8,) * 8, "transmission": (8,) * 8}
    kit.configure("product 4096", minimum_risk_score=1, **tens)
    kit.configure("product 17.5", minimum_risk_score=1, apple_v1_fields=half, **tables)

    def three_of(world, chosen):
        for n in range(3):
            world.sight(world.key(), NOON + n)
        world.configuration = chosen

    proves = "Maximum and sum are told in both forms."
    for chosen, wanted in (("product 4096", [255, 4096, 765, 12288]), ("product 17.5", [17, 17.5, 51, 52.5])):
        kit.case(
            f"three of {chosen}",
            proves,
            lambda world, chosen=chosen: three_of(world, chosen),
            lambda expected: [expected["v1"][name] for name in list(expected["v1"])[1:5]],
            wanted,
            APPLES,
        )
    kit.case(
        "product 256 by Google's rules",
        "Google's risk has no such limit, and Apple's weights mean nothing there.",
        lambda world: configured(world, "product 512"),
        risks,
        [256],
        (GOOGLE,),
    )

    def apart(world, seconds):
        key = world.key()
        world.sight(key, NOON, previous=NOON - 60)
        world.sight(key, NOON + seconds, previous=NOON + seconds - 60)

    for seconds in (600, 601, 10800):
        kit.case(
            f"one exposure, {seconds} s apart",
            "All sightings of a key are one exposure, however far apart they are.",
            lambda world, seconds=seconds: apart(world, seconds),
            lambda expected: (starts(expected), durations(expected)),
            ([NOON], [120]),
            APPLES,
        )

    def overlapping(world, seconds):
        """30 s, and a scan interval of 150 s that cannot be longer than the time since."""
        key = world.key()
        world.sight(key, NOON, previous=NOON - 30)
        world.sight(key, NOON + seconds)

    proves = "A scan interval is not longer than the time since the group before."
    kit.bound("overlapping scans", proves, durations, overlapping, (90, [120]), (91, [180]), APPLES)

    def overlapping_known(world, seconds):
        key = world.key()
        world.sight(key, NOON, previous=NOON - 30)
        world.sight(key, NOON + 100, previous=NOON + 100 - seconds)
        world.sight(key, NOON + 104, previous=NOON + 104 - seconds)

    kit.bound("overlapping scans, known", proves, durations, overlapping_known, (90, [120]), (91, [180]), only)
    kit.case(
        "overlapping scans, known and longer",
        "A scan interval is cut to the time since the group before, here 100 s; a merged sighting's counts nothing.",
        lambda world: overlapping_known(world, 300),
        lambda expected: (durations(expected), buckets(expected)),
        ([180], [[180, 0, 0]]),
        APPLES,
    )

    def many_close(world):
        key = world.key()
        for n in range(8):
            world.sight(key, NOON + 10 * n)

    kit.case(
        "eight scans in 70 s",
        "150 + 7 * 10 s are 220 s.",
        many_close,
        lambda expected: (durations(expected), buckets(expected)),
        ([240], [[240, 0, 0]]),
        APPLES,
    )

    def one_unknown(world, seconds):
        key = world.key()
        world.sight(key, NOON)
        world.sight(key, NOON + 300, previous=NOON + 300 - seconds)

    proves = "An unknown scan interval is exactly 150 s."
    kit.bound("150 s and others", proves, durations, one_unknown, (30, [180]), (31, [240]), only)

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
        [5, 5, 3 + 5 + 1, 3 + 5 + 1, 3, 2, [1800, 1800, 1800]],
        APPLES,
    )
    return kit
