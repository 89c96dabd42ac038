#!/usr/bin/env python3
"""Holds the driver in C against the official vectors, or stands between it and a kit's run.py.

    driver.py vectors DRIVER...      each interval of test-vectors/gaen-v1.2.json
    driver.py exports DRIVER...      a command for test-vectors/exports/run.py
    driver.py exposures DRIVER...    a command for test-vectors/exposures/run.py
"""

import json
import subprocess
import sys
from pathlib import Path

VECTORS = Path(__file__).parents[4] / "test-vectors" / "gaen-v1.2.json"


class Driver:
    def __init__(self, command: list[str]):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *fields: object) -> str:
        line = "\t".join(str(field) for field in fields)
        assert "\n" not in line
        print(line, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().rstrip("\n")

    def end(self) -> int:
        self.process.stdin.close()
        return self.process.wait()


def vectors(driver: Driver) -> None:
    vector = json.loads(VECTORS.read_text())
    count = 0
    for offset, (rpi, aem) in enumerate(zip(vector["rpis"], vector["aems"], strict=True)):
        answer = driver.ask("vector", vector["tek"], vector["start"], offset, aem)
        assert answer == f"{rpi} {vector['metadata']}", (offset, answer)
        count += 1
    assert count == 144, count
    print("144 intervals of the official vector as expected")


def exports(driver: Driver) -> None:
    for line in sys.stdin:
        request = json.loads(line)
        keys = []
        for number, names in enumerate(request["trust"]):
            for place, key in enumerate(names):
                joined = "new" if number == place == 0 else "and" if place else "or"
                keys += [joined, key["id"], key["version"], key["public_key"].replace("\n", "|")]
        settings = [request[name] for name in ("container", "profile")] + [int(request["raw_signatures"])]
        print(driver.ask("read", request["file"], *settings, *keys), flush=True)


def exposures(driver: Driver) -> None:
    for line in sys.stdin:
        print(driver.ask("kit", line.rstrip("\n")), flush=True)


task, *command = sys.argv[1:]
asked = Driver(command)
{"vectors": vectors, "exports": exports, "exposures": exposures}[task](asked)
sys.exit(asked.end())
