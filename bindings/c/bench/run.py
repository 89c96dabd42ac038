#!/usr/bin/env python3
"""How much longer C takes than Rust: run.py [--turns N] [--most SEARCH INDEX]

Builds both sides with the profile `release` and lets them work in turns. A time is the least processor time of all turns, a
ratio the least of C over the least of Rust. Each answer is asserted. Needs Linux, cargo and gcc.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORK = [("search", "search of 100,000 keys at 10,000 sightings", 20), ("index", "index of 1,000,000 rows", 10**6)]


class Side:
    """A program that works when it is asked to, and the processor time that it takes."""

    def __init__(self, *command: object) -> None:
        command = [str(part) for part in command]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        # The clock of all threads of another process: Linux, `clock_getcpuclockid`.
        self.clock = (~self.process.pid << 3) | 2

    def __call__(self, work: str) -> tuple[float, int]:
        before = time.clock_gettime(self.clock)
        self.process.stdin.write(work + "\n")
        answer = int(self.process.stdout.readline())
        return time.clock_gettime(self.clock) - before, answer


def call(*command: object, **settings: object) -> str:
    done = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, **settings)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=50, help="how often each side works; default: 50")
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
        sides = {"Rust": Side(rust, "answer", folder), "C": Side(bench, folder)}
        least = {(side, work): float("inf") for side in sides for work, *_ in WORK}
        for turn in range(arguments.turns):
            for side in sorted(sides, reverse=turn % 2 == 1):
                for work, _, expected in WORK:
                    took, answer = sides[side](work)
                    assert answer == expected, (side, work, answer)
                    least[side, work] = min(least[side, work], took)
        for side in sides.values():
            side.process.communicate()

    print(f"least processor time of {arguments.turns} turns, milliseconds")
    print("| | Rust | C | ratio |\n|---|---|---|---|")
    ratios = []
    for work, what, _ in WORK:
        rust, c = 1e3 * least["Rust", work], 1e3 * least["C", work]
        ratios.append(c / rust)
        print(f"| {what} | {rust:.1f} | {c:.1f} | {c / rust:.3f} |")
    for ratio, most in zip(ratios, arguments.most or [], strict=False):
        assert ratio <= most, f"{ratio:.3f} is over {most}"


main()
