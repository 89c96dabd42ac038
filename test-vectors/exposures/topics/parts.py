"""Parts of an outcome: what a case wants to be seen."""


def matched(expected: dict) -> tuple[int, dict]:
    return len(expected["matches"]), expected["dropped"]


def match_places(expected: dict) -> list[tuple[int, int, int]]:
    return [(match["key"], match["interval"], match["sighting"]) for match in expected["matches"]]


def attenuations(expected: dict) -> list[int]:
    return [match["attenuation"] for match in expected["matches"]]


def instances(expected: dict) -> list[list[tuple[int, int, int]]]:
    """Of each window: (typical, minimum, seconds) of its instances."""
    names = ("typical_attenuation", "min_attenuation", "seconds_since_last_scan")
    return [[tuple(instance[name] for name in names) for instance in w["scan_instances"]] for w in expected["windows"]]


def instance_counts(expected: dict) -> list[int]:
    return [len(window["scan_instances"]) for window in expected["windows"]]


def scan_seconds(expected: dict) -> list[int]:
    return [instance[2] for window in instances(expected) for instance in window]


def of_windows(name: str):
    return lambda expected: [window[name] for window in expected["windows"]]


def of_days(name: str):
    return lambda expected: [summary[name] for summary in expected["daily_summaries"]]


def of_types(name: str):
    """Of each day: type -> the value."""
    return lambda expected: [
        {of_type: summary[name] for of_type, summary in day["by_report_type"].items()}
        for day in expected["daily_summaries"]
    ]


def of_exposures(name: str):
    return lambda expected: [exposure[name] for exposure in expected["v1"]["exposures"]]


def of_v1(name: str):
    return lambda expected: expected["v1"][name]


def notified(expected: dict) -> list[str]:
    assert expected["decision"]["notify"] == bool(expected["decision"]["days"])
    return expected["decision"]["days"]


def shown(expected: dict) -> tuple[int, int, int, int]:
    """How many matches, windows, v1 exposures, and v1 keys."""
    return (
        len(expected["matches"]),
        len(expected["windows"]),
        len(expected["v1"]["exposures"]),
        expected["v1"]["matched_key_count"],
    )


risks = of_exposures("risk_score")
