#!/usr/bin/env python3
"""Runs `examples/spark_population.py` on a local Spark. Not part of CI.

    pip install pyspark==4.3.0 'pandas<3' pyarrow gaen
    python bindings/python/tests/spark.py [WORLD]

Compares a dozen phones with a search of each, and all phones of WORLD, which `gaen simulate --parquet` made, with its
`matches.parquet`. Needs Java 17 or newer.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow
import pyarrow.parquet

sys.path.insert(0, str(Path(__file__).parent))
from population import FILES, KEY, expected, table, told  # noqa: E402

EXAMPLE = Path(__file__).parents[1] / "examples/spark_population.py"


def matched(*arguments):
    """The table that the example writes."""
    with tempfile.TemporaryDirectory() as folder:
        *options, sightings, files = arguments
        command = [sys.executable, EXAMPLE, *options, sightings, f"{folder}/matches.parquet", *files]
        environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
        start = time.monotonic()
        subprocess.run(command, check=True, env=environment)
        print(f"{time.monotonic() - start:.0f} s")
        return pyarrow.parquet.read_table(f"{folder}/matches.parquet")


def main():
    with tempfile.TemporaryDirectory() as folder:
        sightings = f"{folder}/sightings.parquet"
        pyarrow.parquet.write_table(table(), sightings)
        found = told(matched("--key", KEY, "--partitions", "4", "--crowded", "1000", sightings, FILES))
    assert found == expected() and len(found) > 100, len(found)
    print(f"{len(found)} matches, the same as phone by phone")

    for world in map(Path, sys.argv[1:]):
        files = sorted(world.glob("exports/*.zip"))
        found = matched("--key", world / "440-v1.pem", world / "sightings.parquet", files)
        columns = [(name, "ascending") for name in found.column_names]
        others = pyarrow.parquet.read_table(world / "matches.parquet").cast(found.schema)
        assert found.sort_by(columns).equals(others.sort_by(columns)) and len(found) > 0
        print(f"{len(found)} matches, the same as in {world}/matches.parquet")


if __name__ == "__main__":
    main()
