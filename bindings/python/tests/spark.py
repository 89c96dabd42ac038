#!/usr/bin/env python3
"""Runs `examples/spark_population.py` on a local Spark and compares it with a search of each phone. Not part of CI.

    pip install pyspark==4.3.0 'pandas<3' pyarrow gaen
    python bindings/python/tests/spark.py

Needs Java 17 or newer.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet

sys.path.insert(0, str(Path(__file__).parent))
from population import FILES, KEY, expected, table, told  # noqa: E402

EXAMPLE = Path(__file__).parents[1] / "examples/spark_population.py"
def main():
    with tempfile.TemporaryDirectory() as folder:
        sightings, matches = f"{folder}/sightings.parquet", f"{folder}/matches.parquet"
        pyarrow.parquet.write_table(table(), sightings)
        command = [sys.executable, EXAMPLE, "--key", KEY, "--partitions", "4", sightings, matches, *FILES]
        environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
        subprocess.run(command, check=True, env=environment)
        found = told(pyarrow.parquet.read_table(matches))
        assert found == expected() and len(found) > 100, len(found)
        print(f"{len(found)} matches, the same as phone by phone")


if __name__ == "__main__":
    main()
