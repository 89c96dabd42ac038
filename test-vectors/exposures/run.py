#!/usr/bin/env python3
"""Runs an implementation over files of the kit, and ends with 1 at the first difference of each file.

It runs reference_exposures.py. To run another implementation, replace the two functions `outcome` and
`outcome_of_revisions`; the rest knows nothing of it.
"""

import argparse
import json
import sys
from pathlib import Path

import reference_exposures

CASES = Path(__file__).parent / "cases"


def outcome(case: dict, configuration: dict, rule: dict | str) -> dict:
    """What the implementation makes of a case, in the form of `expected`."""
    return reference_exposures.evaluate(case, configuration, rule)


def outcome_of_revisions(case: dict) -> list[dict]:
    """The same for a case of revisions.json."""
    return reference_exposures.evaluate_revisions(case)


def is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def difference(path: str, expected, found) -> str | None:
    """The first place where two JSON values differ. Numbers are equal if they are the same double: 300 is 300.0."""
    if isinstance(expected, dict) and isinstance(found, dict):
        if expected.keys() != found.keys():
            return f"{path}: expected the fields {sorted(expected)}, found {sorted(found)}"
        pairs = ((f"{path}.{name}", expected[name], found[name]) for name in expected)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{path}: expected {len(expected)} elements, found {len(found)}: {json.dumps(found)}"
        pairs = ((f"{path}[{n}]", *pair) for n, pair in enumerate(zip(expected, found)))
    else:
        same = expected == found and (type(expected) is type(found) or is_number(expected) and is_number(found))
        return None if same else f"{path}: expected {json.dumps(expected)}, found {json.dumps(found)}"
    return next((text for pair in pairs if (text := difference(*pair))), None)


def run_case(kit: dict, case: dict) -> str | None:
    if "steps" in case:
        expected = [step["expected"] for step in case["steps"]]
        return difference("steps", expected, outcome_of_revisions(case))
    found = outcome(case, kit["configurations"][case["configuration"]], kit["rules"][case["rule"]])
    return difference("expected", case["expected"], found)


def run_file(path: Path) -> tuple[int, str | None]:
    """How many cases passed, and the first difference."""
    kit = json.loads(path.read_text())
    if kit["format"] != 1:
        return 0, f"{path.name}: format {kit['format']}, this script knows format 1"
    for passed, case in enumerate(kit["cases"]):
        found = run_case(kit, case)
        if found:
            return passed, f"{path.name}: {case['name']} ({case['proves']})\n  {found}"
    return len(kit["cases"]), None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=Path, nargs="*", help="files of the kit; default: all in cases/")
    arguments = parser.parse_args()
    total, failures = 0, []
    for path in arguments.cases or sorted(CASES.glob("*.json")):
        passed, failure = run_file(path)
        print(f"{path.name}: {passed} cases passed")
        total += passed
        if failure:
            failures.append(failure)
    if failures:
        sys.exit("\n".join(failures))
    print(f"{total} cases passed")


if __name__ == "__main__":
    main()
