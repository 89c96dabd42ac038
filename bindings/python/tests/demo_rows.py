"""The demo of the repository, as a program in Python has it."""

import json
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
DEMO = REPOSITORY / "demo"


def lines():
    """The sightings of the demo, with bytes where the file has hexadecimal digits."""
    with (DEMO / "sightings.jsonl").open() as file:
        for line in map(json.loads, file):
            rpi, aem = bytes.fromhex(line["rpi"]), bytes.fromhex(line["aem"])
            yield {"previous_scan": None} | line | {"rpi": rpi, "aem": aem}
