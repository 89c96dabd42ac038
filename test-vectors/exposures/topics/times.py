"""time.json: the first and the last seconds, and those in which counters end."""

from kit import ALL, APPLE_V1, DAY, DOCUMENTED_V2, GOOGLE, NOON, KitFile
from topics.parts import instances, match_places, matched, of_days, of_exposures, of_v1, of_windows


def times() -> KitFile:
    about = "The first and the last seconds, 2038, 2106 and beyond."
    # Without a minimum all exposures are in Apple's list.
    kit = KitFile("time", about, usual="COCOA's without a minimum", apple_minimum_risk_score=0)
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
                # Google: 599 s from first to last, and 300. Apple: 300 s, and 299 s to the group before, and 299 s.
                name: ([wanted], [[(30, 30, 300), (30, 30, 300), (30, 30, 300)]], [900])
                for name in ALL
            },
            ALL,
        )

    def year_10000(world):
        world.sight(world.key(start=253402300800 // 600), 253402300800)
        world.now = 253402300800

    kit.case(
        "the year 10000", "A year beyond 9999 has more digits, and no sign.", year_10000, dates, ["10000-01-01"], ALL
    )

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
        "Nothing is negative in 1970, neither the clock window nor the 150 s before; a previous scan at 0 is unknown.",
        first_second,
        lambda expected: (
            dates(expected),
            instances(expected),
            of_exposures("duration")(expected),
            of_days("date")(expected),
            of_v1("days_since_last_exposure")(expected),
        ),
        {
            GOOGLE: (["1970-01-01"], [[(30, 30, 120), (30, 30, 120)]], [300], ["1970-01-01"], 0),
            APPLE_V1: (["1970-01-01"], [[(30, 30, 120), (30, 30, 120)]], [300], ["1970-01-01"], 0),
            DOCUMENTED_V2: (["1970-01-01"], [[(30, 30, 120), (30, 30, 120)]], [300], ["1970-01-01"], 0),
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

    for now, name, days in (
        (0, "1970", -18823),
        (2**32, "2106", 49710 - 18823),
        (600 * 2**32 - 1, "83631", 29826161 - 18823),
    ):
        kit.case(
            f"looked at in {name}",
            "Today may be long before and long after.",
            seen_in(now),
            of_v1("days_since_last_exposure"),
            {GOOGLE: days, APPLE_V1: max(days, 0), DOCUMENTED_V2: max(days, 0)},
            ALL,
        )
    return kit
