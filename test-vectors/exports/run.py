#!/usr/bin/env python3
"""Runs a reader of exports over the files of manifest.json. Ends with 1 if an answer differs from what is expected.

Without --command it runs reader.py. ../README.md has the protocol of a command.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import reader

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from implementation import Command, Failed, difference  # noqa: E402  (it lies in the folder above)

SETTINGS = ("container", "profile", "trust", "raw_signatures")


def read_manifest(path: Path) -> Iterator[tuple[dict, dict]]:
    """Each reading as (request, what is expected). A request stands for itself: it has all settings and keys."""
    manifest = json.loads(path.read_text())
    for file, entry in manifest["files"].items():
        for number, reading in enumerate(entry["readings"], 1):
            settings = manifest["defaults"] | {name: reading[name] for name in SETTINGS if name in reading}
            trust = [[public_key(name, manifest["trust"]) for name in names] for names in settings["trust"]]
            name = f"{file}, reading {number}"
            yield {"name": name, "file": str((path.parent / file).absolute())} | settings | {"trust": trust}, reading


def public_key(name: str, files: dict) -> dict:
    id, _, version = name.rpartition("-")
    return {"id": id, "version": version, "public_key": (HERE / files[name]).read_text()}


def wrong(reading: dict, found) -> str | None:
    """What is wrong with an answer. Its message is not asked for where it is absent."""
    found = dict(found) if isinstance(found, dict) else {}
    message = found.pop("message", None)
    expected = {"error": reading["error"]}
    if reading["error"] is None:
        expected |= {name: reading[name] for name in ("keys", "revised_keys", "skipped_keys")}
        expected["ignored_values"] = reading.get("ignored_values", {})
    unlike = difference("answer", expected, found)
    if unlike:
        return unlike + (f" ({message})" if message else "")
    missing = [text for text in reading.get("mentions", []) if message is not None and text not in message]
    return f"the message does not mention {missing}: {message}" if missing else None


def run(readings: Iterator[tuple[dict, dict]], ask: Callable[[dict], object]) -> list[str]:
    right, failures = 0, []
    for request, reading in readings:
        try:
            fault = wrong(reading, ask(request))
        except Failed as error:
            failures.append(f"{request['name']}: {error}")
            break
        right += fault is None
        if fault:
            failures.append(f"{request['name']}: {fault}")
    print(f"{right} readings as expected")
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", help="a reader to run, as 'java -jar theirs.jar'")
    parser.add_argument("--timeout", type=float, default=10, help="seconds that an answer may take; default: 10")
    parser.add_argument("--lines", action="store_true", help="only print the requests, a line each")
    arguments = parser.parse_args()
    readings = read_manifest(HERE / "manifest.json")
    if arguments.lines:
        for request, _ in readings:
            print(json.dumps(request, separators=(",", ":")))
        return
    command = None
    try:
        command = Command(arguments.command, arguments.timeout) if arguments.command else None
        failures = run(readings, command.ask if command else reader.answer)
    except Failed as error:
        failures = [str(error)]
    finally:
        if command:
            command.close()
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
