"""reports.json: what a key's report makes of it."""

from kit import ALL, APPLE_V1, DOCUMENTED_V2, GOOGLE, NOON, OURS, KitFile
from topics.parts import of_days, of_windows, shown


def reports() -> KitFile:
    about = "What a key's report makes of it: infectiousness, report type, and whether it is shown."
    # Without a minimum all exposures are in Apple's list.
    kit = KitFile("reports", about, usual="COCOA's without a minimum", apple_minimum_risk_score=0)
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
            lambda world, days: onset(world, days, kit.usual),
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
        for chosen in (kit.usual, with_recursive, without_recursive) if number == 4 else (kit.usual,):
            is_hidden = number == 5 or number == 4 and chosen != with_recursive
            wanted = ([], (1, 0, 0, 0)) if is_hidden else ([names[number or 1]], (1, 1, 1, 1))
            kit.case(
                f"report type {name}" + ("" if chosen == kit.usual else f", configuration {chosen}"),
                "Unknown is read as the configuration says. Revoked is never shown, recursive only if enabled.",
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
            source=OURS,
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
