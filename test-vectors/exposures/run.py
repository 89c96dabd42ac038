#!/usr/bin/env python3
"""Runs an implementation over the cases of the kit. Ends with 1 if an answer differs from what is expected.

Without --command it runs reference_exposures.py. The README has the protocol of a command: a case a line in, a result a
line out.
"""

import argparse
import functools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from implementation import Command, Failed, answer_lines, difference  # noqa: E402  (it lies in the folder above)

CASES = Path(__file__).parent / "cases"
FORMAT = 2


def answer(request: dict):
    """What reference_exposures.py makes of a request."""
    # Whoever runs a command needs no package: the plain implementation does.
    import reference_exposures

    if "steps" in request:
        return reference_exposures.evaluate_revisions(request)
    return reference_exposures.evaluate(request, request["configuration"], request["rule"])


def read_cases(paths: list[Path], profiles: list[str] | None) -> Iterator[tuple[str, dict, object]]:
    """The name of each case's file, its request, and what is expected. A request stands for itself: names of
    configurations and rules are replaced by what they name, and nothing of what is expected is in it."""
    for path in paths:
        kit = json.loads(path.read_text())
        if kit["format"] != FORMAT:
            sys.exit(f"{path.name}: format {kit['format']}, this script knows format {FORMAT}")
        for case in kit["cases"]:
            if profiles and case.get("profile") not in profiles:
                continue
            request = {"format": FORMAT, "file": path.name} | case
            if "steps" in case:
                expected = [step["expected"] for step in case["steps"]]
                request["steps"] = [{"list": step["list"], "key": step["key"]} for step in case["steps"]]
            else:
                expected = request.pop("expected")
                request["configuration"] = kit["configurations"][case["configuration"]]
                request["rule"] = kit["rules"][case["rule"]]
            yield path.name, request, expected


def difference_without(fields: list[str], name: str, expected, found) -> str | None:
    """The first difference of two answers that is not in one of these fields."""
    answers = (expected, found)
    if all(isinstance(answer, dict) for answer in answers):
        answers = ({key: value for key, value in answer.items() if key not in fields} for answer in answers)
    return difference(name, *answers)


def run_cases(
    cases: Iterator[tuple[str, dict, object]], ask: Callable[[dict], object], differ: Callable = difference
) -> list[str]:
    """Prints how many answers of each file and of each source are as expected. Gives the first difference of each
    file, and what ended the run."""
    right, all_of = Counter(), Counter()
    differences = {}
    failed = []
    for file, request, expected in cases:
        try:
            found = differ("expected", expected, ask(request))
        except Failed as error:
            failed.append(f"{file}: {request['name']}: {error}")
            break
        for what in (file, request["source"]):
            all_of[what] += 1
            right[what] += found is None
        if found:
            differences.setdefault(file, f"{file}: {request['name']} ({request['proves']})\n  {found}")
    for what in all_of:
        print(f"{what}: {right[what]} of {all_of[what]} as expected")
    return [*differences.values(), *failed]


def compare(
    lines: Iterator[str], names: tuple[str, str], asks: tuple[Callable, Callable], differ: Callable = difference
) -> list[str]:
    """Asks two implementations the same. Prints how many answers are equal; gives the first difference of each
    profile."""
    equal, all_of = Counter(), Counter()
    differences = {}
    try:
        for line in lines:
            request = json.loads(line)
            kind = request.get("profile", "revisions")
            found = differ("answer", *(ask(request) for ask in asks))
            all_of[kind] += 1
            equal[kind] += found is None
            if found:
                differences.setdefault(kind, f"{kind}: {request['name']}: 'expected' is {names[0]}\n  {found}")
    except Failed as error:
        differences["failed"] = str(error)
    for kind in all_of:
        print(f"{kind}: {equal[kind]} of {all_of[kind]} equal")
    return list(differences.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "files", type=Path, nargs="*", help="files of cases; default: all in cases/. With --against: lines"
    )
    parser.add_argument("--command", help="an implementation to run, as 'java -jar theirs.jar'")
    parser.add_argument("--timeout", type=float, default=10, help="seconds that an answer may take; default: 10")
    parser.add_argument("--profile", action="append", help="only the cases of this profile; may be repeated")
    parser.add_argument(
        "--without", action="append", default=[], help="a field of answers that is not compared; may be repeated"
    )
    parser.add_argument("--lines", action="store_true", help="only print the requests, a line each")
    parser.add_argument("--answer", action="store_true", help="be a command: answer the lines of stdin")
    parser.add_argument(
        "--against",
        nargs=2,
        metavar=("COMMAND", "OTHER"),
        help="compare two commands over files of requests; '-' is the plain implementation",
    )
    arguments = parser.parse_args()
    if arguments.answer:
        answer_lines(answer)
        return

    commands = []
    differ = functools.partial(difference_without, arguments.without)

    def start(command: str) -> Callable:
        commands.append(Command(command, arguments.timeout))
        return commands[-1].ask

    try:
        if arguments.against:
            names = tuple(arguments.against)
            asks = tuple(answer if name == "-" else start(name) for name in names)
            lines = (line for path in arguments.files for line in path.open())
            failures = compare(lines, names, asks, differ)
        else:
            cases = read_cases(arguments.files or sorted(CASES.glob("*.json")), arguments.profile)
            if arguments.lines:
                for _, request, _ in cases:
                    print(json.dumps(request, separators=(",", ":")))
                return
            failures = run_cases(cases, start(arguments.command) if arguments.command else answer, differ)
    except Failed as error:
        failures = [str(error)]
    finally:
        for command in commands:
            command.close()
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
