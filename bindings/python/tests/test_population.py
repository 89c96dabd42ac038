"""Many phones: the examples for duckdb and for Spark find what a search of each phone finds."""

import importlib.util

import pyarrow
import pyarrow.parquet
from conftest import REPOSITORY
from population import FILES, KEY, expected, table, told
from test_package import printed

EXAMPLES = REPOSITORY / "bindings/python/examples"


def test_duckdb_matches_many_phones(tmp_path):
    assert "9 matches on 1 of 4 phones" in printed(EXAMPLES / "duckdb_population.py", "--demo")
    sightings = tmp_path / "sightings.parquet"
    pyarrow.parquet.write_table(table(), sightings)
    said = printed(EXAMPLES / "duckdb_population.py", "--key", KEY, sightings, *FILES)
    assert f"{len(expected())} matches on {len({row[0] for row in expected()})} of 12 phones" in said


def test_the_function_for_spark_matches_each_partition():
    """Without Spark: its partitions are made here, and hold several phones with both slices of the files each."""
    spec = importlib.util.spec_from_file_location("spark_population", EXAMPLES / "spark_population.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    match = example.matcher([str(file) for file in FILES], 2, KEY.read_bytes())
    heard, found = table(), []
    for partition in range(3):
        tasks = [(phone, salt) for phone in range(12) for salt in range(2) if (phone + salt) % 3 == partition]
        batches = []
        for phone, salt in tasks:
            mine = heard.filter(pyarrow.compute.equal(heard["phone"], phone))
            mine = mine.append_column("salt", pyarrow.array([salt] * len(mine), pyarrow.int64()))
            batches += mine.to_batches(max_chunksize=200)
        # Spark's batches know nothing of phones.
        found += match(iter(batches[1::2] + batches[::2]))
    assert list(match(iter([]))) == []
    assert told(pyarrow.Table.from_batches(found, example.MATCHES)) == expected() and len(expected()) > 100
