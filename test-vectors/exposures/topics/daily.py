"""daily.json: from exposure windows to daily summaries."""

from kit import (
    ALL,
    APPLE_V1,
    APPLES,
    DAY,
    DOCUMENTED_V2,
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
from topics.parts import of_days, of_types


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
        below, above = ({GOOGLE: [exact[m]], APPLE_V1: [exact[m]], DOCUMENTED_V2: [in_minutes[m]]} for m in (n, n + 1))
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
    for number, name, weight in (
        (1, "confirmed test", 2.5),
        (2, "clinical", 2.0),
        (3, "self report", 0.75),
        (4, "recursive", 0.25),
    ):
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
    kit.case(
        "no window reaches the minimum",
        "A day whose windows are all below the minimum has a summary of zeros, in which no report type stands.",
        lambda world: minimum(world, 750.5),
        lambda expected: (scores(expected), weighted(expected), of_days("by_report_type")(expected)),
        ([0.0], [0.0], [{}]),
    )
    kit.case(
        "no minimum",
        proves,
        lambda world: minimum(world, 750.5),
        scores,
        {APPLE_V1: [1050.0], DOCUMENTED_V2: [1080.0]},
        APPLES,
    )

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
                [
                    {
                        "confirmed_test": 1350.0,
                        "confirmed_clinical_diagnosis": 1080.0,
                        "self_report": 405.0,
                        "recursive": 135.0,
                    }
                ],
                [2970.0],
                [1350.0],
                [1440.0],
            ),
            DOCUMENTED_V2: (
                ["confirmed_test", "confirmed_clinical_diagnosis", "self_report", "recursive"],
                [
                    {
                        "confirmed_test": 1380.0,
                        "confirmed_clinical_diagnosis": 1080.0,
                        "self_report": 420.0,
                        "recursive": 180.0,
                    }
                ],
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

        windows = [3 * seconds * (percent / 100) for seconds, percent, _ in rows]
        assert added(windows) != added(windows[::-1])
        return build

    rows = [(180, 14, 25), (180, 29, 45), (240, 248, 65)]
    kit.configure("odd weights", thresholds=(30, 50, 70), percents=(14, 29, 248, 0), infectiousness=None)
    kit.case(
        "the order of sums",
        "Doubles are added in the order of the windows: the other way around makes 2017.7999999999997.",
        three_windows("odd weights", rows),
        lambda expected: (scores(expected), weighted(expected)),
        {GOOGLE: ([2017.8], [2017.8]), APPLE_V1: ([2017.8], [2017.8]), DOCUMENTED_V2: ([2040.0], [2040.0])},
        ALL,
        source=OURS,
    )
    rows = [(240, 101, 25), (300, 72, 45), (180, 112, 65)]
    kit.configure("other odd weights", thresholds=(30, 50, 70), percents=(101, 72, 112, 0), infectiousness=None)
    kit.case(
        "the order of sums, in minutes",
        "The other way around makes 1980.0000000000002, which documented_v2 would round up to 2040.",
        three_windows("other odd weights", rows),
        lambda expected: (scores(expected), weighted(expected)),
        ([1980.0], [1980.0]),
        ALL,
        source=OURS,
    )

    def four_buckets(world):
        """360 s in each bucket but the first, which has 180 s, and the last, which has 300 s."""
        world.configuration = "four odd weights"
        key = world.key()
        for n, db in enumerate((65, 45, 25, 45, 75, 65)):
            world.sight(key, NOON + 240 * n, db=db, previous=NOON + 240 * n - 60 * (n + 1))

    values = [180 * 0.14, 360 * 0.54, 360 * 0.01, 300 * 0.09]
    assert (added(values), added(values[::-1])) == (250.20000000000002, 250.2)
    values = [60 * 0.01, 120 * 0.54, 180 * 0.14, 240 * 0.54, 300 * 0.09, 300 * 0.01]
    assert added(values) == 250.20000000000005
    kit.configure("four odd weights", thresholds=(30, 50, 70), percents=(14, 54, 1, 9), infectiousness=None)
    kit.case(
        "the order of buckets",
        "The seconds of each bucket are added first, then their products from immediate to other: the other way around "
        "makes 250.2, instance after instance 250.20000000000005.",
        four_buckets,
        weighted,
        {GOOGLE: [250.20000000000002], APPLE_V1: [250.20000000000002], DOCUMENTED_V2: [300.0]},
        ALL,
    )

    assert (added([180 * 0.7] * 7), 7 * 180 * 0.7) == (881.9999999999999, 882.0)
    for value in (882, 882.5):
        kit.configure(f"0.7, minimum {value}", percents=(70, 0, 0, 0), minimum_window_score=float(value))

    def seven_scans(world, value):
        world.series(world.key(days=0), NOON, 7, 180)
        world.configuration = f"0.7, minimum {value}"

    kit.bound(
        "seven scans at 0.7",
        "The seconds of a bucket are added before they are weighted: 1260 * 0.7 is 882.0, seven times 180 * 0.7 is "
        "881.9999999999999.",
        lambda expected: (of_days("date")(expected), scores(expected), weighted(expected)),
        seven_scans,
        (882, (["2021-07-15"], [882.0], [882.0])),
        (882.5, (["2021-07-15"], [0.0], [0.0])),
        GOOGLES,
    )

    def clock_back(world):
        world.configuration = "infectiousness none"
        key = world.key()
        world.sight(key, NOON, previous=NOON - 300)
        world.sight(key, NOON + 100, previous=NOON + 3700)

    kit.configure("infectiousness none", infectiousness=None, infectiousness_when_missing=0)
    kit.configure("no minimum", infectiousness=None)
    kit.case(
        "a negative weighted duration",
        "The phone's negative seconds go into the weighted duration: 300 - 3600 in one bucket.",
        clock_back,
        lambda expected: (scores(expected), maxima(expected), weighted(expected)),
        {GOOGLE: ([0.0], [0.0], [-3300.0]), GUARDED: ([0.0], [0.0], [300.0])},
        GOOGLES,
    )

    def negative_score(world):
        clock_back(world)
        world.configuration = "no minimum"

    kit.case(
        "a negative score",
        "A negative score is below the minimum 0, so that its window is left out.",
        negative_score,
        lambda expected: (scores(expected), maxima(expected), weighted(expected)),
        {GOOGLE: ([0.0], [0.0], [0.0]), GUARDED: ([300.0], [300.0], [300.0])},
        GOOGLES,
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
