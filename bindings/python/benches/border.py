"""What the border between Python and Rust costs: the same work through it and without it, in turns, in one run.

    python bindings/python/benches/border.py [--wheel FILE] [--check]

Needs the package, numpy, pyarrow and cargo. Each answer is asserted. A time is the least processor time of several rounds, a
ratio the least of Python's over the least of Rust's. `--check` ends with 1 if a row is above its limit.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import gaen
import numpy
import polars
import pyarrow

REPOSITORY = Path(__file__).resolve().parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")).resolve()
ROW = numpy.dtype(
    [("rpi", "V16"), ("aem", "V4"), ("aem_lengths", "u1"), ("rssi", "i1"), ("zero", "u2"), ("time", "<i8"), ("previous_scan", "<i8")]
)
ROUNDS = 15


class Rust:
    """The same work without the border: `crates/app/examples/border.rs`."""

    def __init__(self, folder):
        # As the wheel is built.
        build = ". ./environment; cargo build --quiet --locked --profile wheel -p gaen-app --features store --example border"
        subprocess.run(["bash", "-ec", build], cwd=REPOSITORY / "bindings", check=True)
        program = TARGET / "wheel/examples/border"
        if not (folder / "key.pem").exists():
            subprocess.run([program, "make", folder], check=True)
        self.process = subprocess.Popen(
            [program, "answer", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        # The clock of all threads of another process: Linux, `clock_getcpuclockid`.
        self.clock = (~self.process.pid << 3) | 2

    def __call__(self, work):
        before = time.clock_gettime(self.clock)
        self.process.stdin.write(work + "\n")
        self.process.stdin.flush()
        answer = int(self.process.stdout.readline())
        return time.clock_gettime(self.clock) - before, answer


def timed(work):
    before = time.process_time()
    answer = work()
    return time.process_time() - before, answer


def in_turns(rust, name, work, expected):
    """The least time of Python and of Rust, after one round that does not count."""
    times = []
    for _ in range(ROUNDS + 1):
        (python, found), (without, there) = timed(work), rust(name)
        assert found == there == expected, (name, found, there, expected)
        times.append((python, without))
    return tuple(min(column) for column in zip(*times[1:]))


def fixed(column, width):
    """A column of bytes for pyarrow."""
    buffers = [None, pyarrow.py_buffer(column.tobytes())]
    return pyarrow.FixedSizeBinaryArray.from_buffers(pyarrow.binary(width), len(column), buffers)


def import_time():
    """The least time that `import gaen` takes in a fresh interpreter."""
    program = "import time; before = time.process_time(); import gaen; print(time.process_time() - before)"
    return min(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(10))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, help="a wheel, to state its size")
    parser.add_argument("--check", action="store_true", help="end with 1 if a row is above its limit")
    arguments = parser.parse_args()
    folder = TARGET / "border"
    rust = Rust(folder)

    rows = {name: numpy.fromfile(folder / f"{name}.rows", ROW) for name in ("many-10000", "many-1000000", "few-10000")}
    trust = gaen.TrustedKeys(folder / "key.pem", "440", "v1")
    heard = gaen.Sightings.from_rows(rows["many-10000"].view("u1"))
    many = rows["many-1000000"]
    columns = {name: numpy.ascontiguousarray(many[name]) for name in ROW.names if name != "zero"}
    table = pyarrow.table(
        {
            "rpi": fixed(columns["rpi"], 16),
            "aem": fixed(columns["aem"], 4),
            "rssi": columns["rssi"],
            "time": pyarrow.array(columns["time"]).cast(pyarrow.timestamp("s", "UTC")),
            "previous_scan": columns["previous_scan"],
        }
    )
    table = table.set_column(1, "aem", table.column("aem").cast(pyarrow.binary()))
    frame = polars.DataFrame(table)

    def search():
        return len(gaen.search([folder / "many.zip"], heard, trust=trust).matches)

    compared = [
        ("search of 100,000 keys for 10,000 sightings", "search", search, 200, 1.03),
        ("index of 1,000,000 from numpy", "columns", lambda: len(gaen.Sightings.from_columns(**columns)), 10**6, 1.05),
        ("index of 1,000,000 from packed rows", "rows", lambda: len(gaen.Sightings.from_rows(many.view("u1"))), 10**6, 1.05),
        ("index of 1,000,000 from pyarrow", "columns", lambda: len(gaen.Sightings.from_arrow(table)), 10**6, 1.10),
        ("index of 1,000,000 from polars", "columns", lambda: len(gaen.Sightings.from_arrow(frame)), 10**6, None),
    ]
    above = []

    def row(name, told, value, limit, unit=""):
        print(f"| {name} | {told} | {f'{limit:g}{unit}' if limit else ''} |")
        if limit and value > limit:
            above.append(name)

    print("| what | Python / Rust | at most |\n|---|---|---|")
    for name, work, call, expected, limit in compared:
        python, without = in_turns(rust, work, call, expected)
        ratio = python / without
        row(name, f"{ratio:.3f} ({1e3 * python:.1f} ms / {1e3 * without:.1f} ms)", ratio, limit)

    report = gaen.search([folder / "few.zip"], gaen.Sightings.from_rows(rows["few-10000"].view("u1")), trust=trust)
    assert len(report.matches) == 10_000, (len(report.matches), report.dropped)
    for name, frame in (("pyarrow", pyarrow.table), ("polars", polars.DataFrame)):
        took, frame = min((timed(lambda: frame(report.matches)) for _ in range(ROUNDS)), key=lambda turn: turn[0])
        assert len(frame) == 10_000
        row(f"10,000 matches as a table of {name}", f"{1e3 * took:.2f} ms", 1e3 * took, 2, " ms")
    took = import_time()
    row("`import gaen`", f"{1e3 * took:.1f} ms", 1e3 * took, 5, " ms")
    if arguments.wheel:
        size = arguments.wheel.stat().st_size
        row("the wheel", f"{size:,} bytes", size / 1e6, 3.5 if hasattr(gaen, "Store") else 1.5, " MB")
    print("".join(f"above its limit: {name}\n" for name in above), end="", file=sys.stderr)
    sys.exit(bool(above) and arguments.check)


if __name__ == "__main__":
    main()
