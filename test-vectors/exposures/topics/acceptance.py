"""acceptance.json: which sightings count for a key."""

from kit import (
    ALL,
    APPLE_V1,
    APPLES,
    AT,
    DAY,
    DOCUMENTED_V2,
    FOUR,
    GOOGLE,
    GOOGLES,
    GUARDED,
    INTERVAL,
    MIDNIGHT,
    NOON,
    OURS,
    START,
    KitFile,
    World,
)
from topics.parts import attenuations, instances, match_places, matched, of_exposures, of_windows, shown


def acceptance() -> KitFile:
    about = "Which sightings count for a key, and by which rule the others are dropped."
    # Without a minimum all exposures are in Apple's list.
    kit = KitFile("acceptance", about, usual="COCOA's without a minimum", apple_minimum_risk_score=0)

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
    kit.bound("replay", proves, matched, again_after, (1200, (2, {})), (1201, (1, {"replay": 1})), FOUR)

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
        "What a later rule drops still is the first sighting that Google's replay rule counts from.",
        matched,
        bad_aem_first,
        (1200, (1, {"aem_length": 1})),
        (1201, (0, {"aem_length": 1, "replay": 1})),
        GOOGLES,
    )
    kit.case(
        "replay, not counted from a sighting with a bad AEM",
        "By Apple's code metadata is judged first: the replay rule counts from the first good sighting of the RPI.",
        lambda world: bad_aem_first(world, 1201),
        matched,
        (1, {"aem_length": 1}),
        APPLES,
    )

    def bad_power_first(world, seconds):
        key = world.key()
        world.sight(key, NOON, interval=AT, tx=21)
        world.sight(key, NOON + seconds, interval=AT)

    kit.bound(
        "replay, counted from a sighting with a bad power",
        "What a later rule drops still is the first sighting that Google's replay rule counts from.",
        matched,
        bad_power_first,
        (1200, (1, {"power": 1})),
        (1201, (0, {"power": 1, "replay": 1})),
        GOOGLES,
    )
    kit.case(
        "replay, not counted from a sighting with a bad power",
        "By Apple's code metadata is judged first: the replay rule counts from the first good sighting of the RPI.",
        lambda world: bad_power_first(world, 1201),
        matched,
        (1, {"power": 1}),
        APPLES,
    )

    def zero_first(world, seconds):
        key = world.key()
        world.sight(key, NOON, interval=AT, db=0)
        world.sight(key, NOON + 600, interval=AT)
        world.sight(key, NOON + seconds, interval=AT)

    kit.bound(
        "replay, counted after 0 dB",
        "By Apple's code 0 dB is dropped before the replay rule, which counts from the first good sighting.",
        matched,
        zero_first,
        (1800, (2, {"zero_attenuation": 1})),
        (1801, (1, {"zero_attenuation": 1, "replay": 1})),
        (APPLE_V1,),
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
    by_apple = {"clock_window": 1, "aem_length": 2, "power": 1}
    kit.case(
        "the first rule counts",
        "A sighting that breaks several rules is counted under the first. Google: clock window, replay, AEM, power. "
        "Apple: clock window, AEM, power, 0 dB, replay.",
        first_rule,
        matched,
        {
            GOOGLE: (2, dropped),
            GUARDED: (2, dropped),
            APPLE_V1: (1, by_apple | {"zero_attenuation": 1}),
            DOCUMENTED_V2: (2, by_apple),
        },
        FOUR,
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
        "Of one TEK Apple's last counts: in apple_v1 the one of period 0, which elsewhere is useless.",
        period_zero_and_144,
        match_places,
        {GOOGLE: [(0, AT, 0)], APPLE_V1: [(1, AT, 0)], DOCUMENTED_V2: [(0, AT, 0)]},
        ALL,
    )

    def same_key_twice(world):
        key = world.key(level=3, report_type=2, days=4)
        world.key(level=5, report_type=3, days=5, tek=key["tek"])
        world.sight(key, NOON)

    kit.case(
        "the same key twice",
        "Of equal keys Google's first counts and Apple's last, each with its own report.",
        same_key_twice,
        lambda expected: (
            match_places(expected),
            of_windows("report_type")(expected),
            of_exposures("transmission_risk_level")(expected),
        ),
        {
            GOOGLE: ([(0, AT, 0)], ["confirmed_clinical_diagnosis"], [3]),
            APPLE_V1: ([(1, AT, 0)], ["self_report"], [5]),
            DOCUMENTED_V2: ([(1, AT, 0)], ["self_report"], [5]),
        },
        ALL,
    )

    def revoked_first(world):
        key = world.key(report_type=5)
        world.key(report_type=1, tek=key["tek"])
        world.sight(key, NOON)

    kit.case(
        "the same key twice, first revoked",
        "The key that counts of two equal ones does so even if it is not shown.",
        revoked_first,
        shown,
        {GOOGLE: (1, 0, 0, 0), APPLE_V1: (1, 1, 1, 1)},
        (GOOGLE, APPLE_V1),
        source=OURS,
    )

    def two_periods(world):
        key = world.key(period=144)
        world.key(period=100, tek=key["tek"])
        world.sight(key, NOON)
        world.sight(key, MIDNIGHT + 100 * INTERVAL)

    kit.case(
        "one TEK with two periods",
        "The same TEK with another period is another key with its own matches. By Apple's rules the last TEK counts.",
        two_periods,
        match_places,
        {
            GOOGLE: [(0, AT, 0), (0, START + 100, 1), (1, AT, 0)],
            APPLE_V1: [(1, AT, 0)],
            DOCUMENTED_V2: [(1, AT, 0)],
        },
        ALL,
        source=OURS,
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
        {GOOGLE: [(0, START + 71, 0), (0, AT, 1), (1, AT, 1)], APPLE_V1: [(1, AT, 1)]},
        (GOOGLE, APPLE_V1),
        source=OURS,
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
        source=OURS,
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
            "maximum_risk_score_full_range": 0,
            "summation_risk_score": 0,
            "summation_risk_score_full_range": 0,
            "matched_key_count": 0,
            "days_since_last_exposure": None,
            "attenuation_durations": [0, 0, 0],
        },
        "decision": {"notify": False, "days": []},
    }
    proves = "Empty lists are no fault, and nothing comes of them."
    kit.case("nothing at all", proves, lambda world: None, lambda expected: expected, nothing, FOUR, OURS)
    kit.case("no sightings", proves, lambda world: world.key(), lambda expected: expected, nothing, source=OURS)

    def no_keys(world):
        world.sight(World("a stranger").key(), NOON)

    kit.case("no keys", proves, no_keys, lambda expected: expected, nothing, source=OURS)

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
