"""What the tests share."""

import os
from pathlib import Path

import gaen
import pytest
from demo_rows import DEMO, REPOSITORY, lines

VECTORS = REPOSITORY / "test-vectors"
NOW = 1_601_251_200
FILES = [DEMO / "day-1.zip", DEMO / "day-2.zip"]


def packed_rows():
    """The sightings of the demo as packed rows of 40 bytes."""
    rows = bytearray()
    for line in lines():
        rows += line["rpi"] + line["aem"].ljust(4, b"\0") + bytes([len(line["aem"]), line["rssi"] & 0xFF, 0, 0])
        previous = -1 if line["previous_scan"] is None else line["previous_scan"]
        rows += line["time"].to_bytes(8, "little") + previous.to_bytes(8, "little", signed=True)
    return bytes(rows)


@pytest.fixture(scope="session")
def heard():
    return gaen.Sightings.from_rows(packed_rows())


@pytest.fixture(scope="session")
def trust():
    return gaen.TrustedKeys(DEMO / "440-v1.pem", "440", "v1")


@pytest.fixture(scope="session")
def report(heard, trust):
    return gaen.search(FILES, heard, trust=trust)


@pytest.fixture(scope="session")
def cocoa():
    """COCOA's configuration: the file of its server where there is one, and the app's own otherwise."""
    if folder := os.environ.get("GAEN_COCOA"):
        return gaen.Configuration.read(Path(folder, "configuration-v2.json"))
    return gaen.Configuration.preset("cocoa-v2")


@pytest.fixture(scope="session")
def assessment(report, cocoa):
    return report.assess(cocoa, NOW)
