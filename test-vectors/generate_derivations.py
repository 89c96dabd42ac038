#!/usr/bin/env python3
"""Writes derivations.json: keys, RPIs and AEMs of many random TEKs, made with python's `cryptography`.

With --check nothing is written: the file is made again in memory and compared with the committed one.
"""

import argparse
import json
import random
import sys
from hashlib import sha256
from pathlib import Path

import reference

HERE = Path(__file__).parent
OUTPUT = HERE / "derivations.json"
SEED = 20200520
ABOUT = (
    "RPIK and AEMK of each TEK, its first and last RPI, and the SHA-256 of all its `period` RPIs "
    "(16 bytes each, in order) and of their AEMs (4 bytes each). Interval numbers wrap at 2^32."
)


def check_reference() -> None:
    """The reference must agree with the published values before anything is made with it."""
    published = json.loads((HERE / "gaen-v1.2.json").read_text())
    tek, metadata = bytes.fromhex(published["tek"]), bytes.fromhex(published["metadata"])
    rpik, aemk = reference.rpik(tek), reference.aemk(tek)
    rpis = reference.rpis(rpik, published["start"], published["period"])
    assert rpik.hex() == published["rpik"] and aemk.hex() == published["aemk"]
    assert [rpi.hex() for rpi in rpis] == published["rpis"]
    assert [reference.aem(aemk, rpi, metadata).hex() for rpi in rpis] == published["aems"]

    observed = json.loads((HERE / "observed.json").read_text())
    tek = bytes.fromhex(observed["tek"])
    rpis = reference.rpis(reference.rpik(tek), observed["start"], observed["period"])
    for heard in observed["observations"]:
        rpi = rpis[heard["interval"] - observed["start"]]
        aem = reference.aem(reference.aemk(tek), rpi, bytes.fromhex(heard["metadata"]))
        assert (rpi.hex(), aem.hex()) == (heard["rpi"], heard["aem"])


def starts_and_periods(rng: random.Random):
    """Yields (start, period), chosen where counters and lanes go wrong, then at random."""
    carries = [2**bits - back for bits in (8, 16, 24, 31, 32) for back in (1, 2, 71, 72, 143, 144)]
    for start in [0, 1, 143, 144, 2642976, *carries]:
        for period in (1, 2, 143, 144):
            yield start, period
    for residue in range(256):
        for period in (144, 143, 1, rng.randint(2, 142)):
            yield rng.randrange(2**24) * 256 + residue, period
    for _ in range(400):
        yield 144 * rng.randrange(2**32 // 144), rng.choice([144, 144, rng.randint(1, 144)])
    for _ in range(250):
        yield rng.randrange(2640000, 2840000) | 1, rng.randint(1, 144)
    for _ in range(250):
        yield rng.randrange(2**32), rng.randint(1, 144)


def random_metadata(rng: random.Random) -> bytes:
    """Version 1.0, or 1.1 with a calibration confidence; any transmit power; zeros."""
    version = rng.choice([0x40, 0x50 | rng.randrange(4) << 2])
    return bytes([version, rng.randrange(256), 0, 0])


def derive(tek: bytes, start: int, period: int, metadata: bytes) -> dict:
    rpik, aemk = reference.rpik(tek), reference.aemk(tek)
    rpis = reference.rpis(rpik, start, period)
    aems = [reference.aem(aemk, rpi, metadata) for rpi in rpis]
    return {
        "tek": tek.hex(),
        "start": start,
        "period": period,
        "rpik": rpik.hex(),
        "aemk": aemk.hex(),
        "metadata": metadata.hex(),
        "first_rpi": rpis[0].hex(),
        "last_rpi": rpis[-1].hex(),
        "rpis_sha256": sha256(b"".join(rpis)).hexdigest(),
        "aems_sha256": sha256(b"".join(aems)).hexdigest(),
    }


def render() -> str:
    rng = random.Random(SEED)
    cases = (
        json.dumps(derive(rng.randbytes(16), start, period, random_metadata(rng)), separators=(",", ":"))
        for start, period in starts_and_periods(rng)
    )
    return f'{{"about": {json.dumps(ABOUT)}, "seed": {SEED}, "cases": [\n' + ",\n".join(cases) + "\n]}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed file, write nothing")
    arguments = parser.parse_args()
    check_reference()
    text = render()
    if not arguments.check:
        OUTPUT.write_text(text)
    elif OUTPUT.read_text() != text:
        sys.exit(f"{OUTPUT.name} differs from what this script makes")
    print(f"{OUTPUT.name}: {len(json.loads(text)['cases'])} cases")


if __name__ == "__main__":
    main()
