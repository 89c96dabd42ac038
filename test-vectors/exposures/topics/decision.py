"""decision.json: whether somebody is notified, and for which days."""

from kit import (
    ALL,
    APPLES,
    APPLE_V1,
    AVERAGE,
    CONDITIONS,
    DAY,
    DOCUMENTED_V2,
    GOOGLE,
    GOOGLES,
    MAXIMUM,
    MIDNIGHT,
    MINIMUM,
    NEXT_MORNING,
    NOON,
    ONES,
    SCORE_SUM,
    SECONDS,
    START,
    KitFile,
    rule,
)
from topics.parts import notified


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
    kit.bound(
        "attenuations of windows without a summary", proves, notified, attenuation_of_left_out, (80, today), (81, [])
    )

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
        "a day of zeros",
        "A day whose windows are all below the minimum has a summary of zeros, and is asked.",
        only_left_out,
        notified,
        today,
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

    kit.bound(
        "rule v1, midnight",
        "By Apple's code the day of an exposure is the UTC date of its first sighting, not of its key.",
        notified,
        v1_midnight,
        (MIDNIGHT - 1, ["2021-07-14"]),
        (MIDNIGHT, today),
        APPLES,
    )

    def v1_key(world, start):
        world.sight(world.key(start=start), NOON, db=30)
        world.configuration = "minimum risk 35"

    kit.bound(
        "rule v1, start of the key",
        "By Google's code the day of an exposure is the UTC date on which its key starts, not of a sighting.",
        notified,
        v1_key,
        (START - 1, ["2021-07-14"]),
        (START, today),
        GOOGLES,
    )
    return kit
