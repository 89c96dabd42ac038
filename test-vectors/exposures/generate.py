#!/usr/bin/env python3
"""Writes cases/*.json: keys, sightings and configurations, and what must come of them.

What is expected is made by reference_exposures.py. For every bound the outcome on both sides stands in topics/ too,
worked out by hand, and the script ends if the reference says otherwise or if both sides are alike. With --check nothing
is written: the files are made again in memory and compared with the committed ones. All must be as cases.schema.json
says.
"""

import argparse
import json
import sys
from pathlib import Path

import jsonschema

import reference_exposures
from topics import acceptance, cocoa, daily, decision, randoms, reports, revisions, times, v1_apple, v1_google, windows

CASES = Path(__file__).parent / "cases"
SCHEMA = Path(__file__).parent / "cases.schema.json"


def check_schema(texts: dict[str, str]) -> None:
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    for name, text in texts.items():
        error = jsonschema.exceptions.best_match(validator(schema).iter_errors(json.loads(text)))
        if error:
            sys.exit(f"{name} is not as {SCHEMA.name} says: {error.json_path}: {error.message}")


def check_worked_example() -> None:
    """Google's worked example has a scan interval of 6 s, which no configuration sets, so it is no case: sightings at
    0, 10 and 50 s with 1, 4 and 5 dB have 3, 10, 40 and 3 s; (3 * 1 + 10 * 1 + 40 * 4 + 3 * 5) / 56 = 188 / 56 -> 3."""
    periods = reference_exposures.google_periods([(0, 1), (10, 4), (50, 5)], 3)
    assert periods == [(3, 1), (10, 1), (40, 4), (3, 5)]
    assert sum(seconds * value for seconds, value in periods) == 188
    assert sum(seconds for seconds, _ in periods) == 56
    assert reference_exposures.weighted_attenuation(periods) == 3


TOPICS = [
    acceptance.acceptance,
    windows.windows,
    reports.reports,
    daily.daily,
    v1_google.v1_google,
    v1_apple.v1_apple,
    decision.decision,
    cocoa.cocoa,
    times.times,
    randoms.randoms,
    revisions.revisions,
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    check_worked_example()
    made = {f"{kit.name}.json": kit for kit in (topic() for topic in TOPICS)}
    if not arguments.check:
        CASES.mkdir(exist_ok=True)
    texts = {name: kit.render() for name, kit in made.items()}
    check_schema(texts)
    if arguments.check:
        committed = {path.name: path.read_text() for path in CASES.iterdir()}
        wrong = sorted(name for name in texts | committed if texts.get(name) != committed.get(name))
        if wrong:
            sys.exit(f"these files differ from what this script makes: {', '.join(wrong)}")
    else:
        for path in CASES.iterdir():
            if path.name not in texts:
                path.unlink()
        for name, text in texts.items():
            (CASES / name).write_text(text)
    for name, kit in made.items():
        print(f"{name}: {len(kit.cases)} cases")
    print(f"{sum(len(kit.cases) for kit in made.values())} cases, {sum(map(len, texts.values())) // 1000} kB")


if __name__ == "__main__":
    main()
