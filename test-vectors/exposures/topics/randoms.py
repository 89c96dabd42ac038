"""random.json: everything at once."""

import random

from kit import (
    AVERAGE,
    CONDITIONS,
    DAY,
    FOUR,
    MAXIMUM,
    MIDNIGHT,
    MINIMUM,
    NOON,
    SCORE_SUM,
    SECONDS,
    START,
    KitFile,
    World,
    rule,
)


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
            world.sight(
                key,
                time + offset,
                interval=interval,
                tx=power,
                rssi=rssi,
                previous=previous,
                version=version,
                aem_size=size,
            )
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
    count, configurations = 88, 22
    for n in range(configurations):
        kit.configure(f"random {n}", **random_configuration(random.Random(f"configuration {n}")))
    for seed in range(count):
        kit.rule(f"random {seed}", random_rule(random.Random(f"rule {seed}")))
        kit.case(
            f"random {seed}",
            "All rules at once.",
            random_world(seed, configurations),
            profiles=(FOUR[seed // configurations],),
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
        (sum(len(expected["v1"]["exposures"]) > 2 for expected in outcomes), 10),
        (sum(len(expected["v1"]["exposures"]) < expected["v1"]["matched_key_count"] for expected in outcomes), 5),
    ):
        assert number >= enough, (number, enough)
    return kit
