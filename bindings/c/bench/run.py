#!/usr/bin/env python3
"""How much longer C takes than Rust: run.py [--turns N] [--most SCAN INDEX]

Builds both sides with the profile `release`, runs them in turns on one processor, and compares the least times. Both assert
their answers in every round. Needs cargo and gcc.
"""

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 5


def call(*command: object, **settings: object) -> str:
    done = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, **settings)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=10, help="how often each side runs; default: 10")
    parser.add_argument("--most", type=float, nargs=2, help="fail if a ratio is larger")
    arguments = parser.parse_args()
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).absolute()
    prefix = target / "c-bench"
    call(ROOT / "bindings/c/install", prefix, "--release", "--no-default-features")
    call("cargo", "build", "--quiet", "--locked", "--release", "-p", "gaen-bench", "--bin", "border", cwd=ROOT)
    bench = prefix / "bench"
    flags = ["-DGAEN_NO_STORE", "-I", prefix / "include", "-L", prefix / "lib", "-lgaen", f"-Wl,-rpath,{prefix}/lib"]
    call("gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", ROOT / "bindings/c/bench/bench.c", *flags, "-o", bench)

    with tempfile.TemporaryDirectory() as folder:
        rust = target / "release" / "border"
        call(rust, "make", folder)
        sides = {"Rust": [rust, "run", folder, ROUNDS], "C": [bench, folder, ROUNDS]}
        times = {side: ([], []) for side in sides}
        for turn in range(arguments.turns):
            order = list(sides) if turn % 2 else list(sides)[::-1]
            for side in order:
                for line in call("taskset", "-c", "1", *sides[side]).splitlines():
                    for kept, time in zip(times[side], line.split(), strict=True):
                        kept.append(int(time))

    print(f"least of {arguments.turns * ROUNDS} rounds, milliseconds")
    print("| | Rust | C | ratio |\n|---|---|---|---|")
    ratios = []
    for number, what in enumerate(("scan of 100,000 keys at 10,000 sightings", "index of 1,000,000 rows")):
        rust, c = (min(times[side][number]) / 1e6 for side in ("Rust", "C"))
        ratios.append(c / rust)
        print(f"| {what} | {rust:.1f} | {c:.1f} | {c / rust:.3f} |")
    for ratio, most in zip(ratios, arguments.most or [], strict=False):
        assert ratio <= most, f"{ratio:.3f} is over {most}"


main()
