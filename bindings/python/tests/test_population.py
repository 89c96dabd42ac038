"""Many phones: the examples for duckdb and for Spark find what a search of each phone finds."""

import importlib.util
import json
import os
import subprocess

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from conftest import REPOSITORY
from population import FILES, KEY, expected, table, told
from test_package import printed

EXAMPLES = REPOSITORY / "bindings/python/examples"


def load(name):
    """A program of the examples as a module."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    return example


def test_duckdb_matches_many_phones(tmp_path):
    assert "9 matches on 1 of 4 phones" in printed(EXAMPLES / "duckdb_population.py", "--demo")
    sightings = tmp_path / "sightings.parquet"
    pyarrow.parquet.write_table(table(), sightings)
    said = printed(EXAMPLES / "duckdb_population.py", "--key", KEY, sightings, *FILES)
    assert f"{len(expected())} matches on {len({row[0] for row in expected()})} of 12 phones" in said


def test_the_function_for_spark_matches_each_partition():
    """Without Spark: its partitions are made here, and hold several phones with both slices of the files each."""
    example = load("spark_population")
    match = example.matcher([str(file) for file in FILES], KEY.read_bytes())
    heard, found = table(), []
    for partition in range(3):
        tasks = [(phone, salt) for phone in range(12) for salt in range(2) if (phone + salt) % 3 == partition]
        batches = []
        for phone, salt in tasks:
            mine = heard.filter(pyarrow.compute.equal(heard["phone"], phone))
            for name, value in (("slices", 2), ("salt", salt)):
                mine = mine.append_column(name, pyarrow.array([value] * len(mine), pyarrow.int64()))
            batches += mine.to_batches(max_chunksize=200)
        # Spark's batches know nothing of phones.
        found += match(iter(batches[1::2] + batches[::2]))
    assert list(match(iter([]))) == []
    assert told(pyarrow.Table.from_batches(found, example.MATCHES)) == expected() and len(expected()) > 100


@pytest.mark.skipif("GAEN_COMMAND" not in os.environ, reason="GAEN_COMMAND names no `gaen` with the feature `parquet`")
def test_a_simulated_population_is_matched_as_rust_matches_it(tmp_path):
    """`matches.parquet` is what a search in Rust found, the summary what the books of the simulation say."""
    world = tmp_path / "world"
    command = [os.environ["GAEN_COMMAND"], *"simulate --seed 4 --people 50 --days 7 --parquet --json -o".split(), world]
    made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    files = sorted(world.glob("exports/*.zip"))
    assert [export["path"] for export in made["exports"]] == [str(file) for file in files], "the order of a shell"

    expected = world / "matches.parquet"
    arguments = ["--key", world / "440-v1.pem", "--expected", expected, world / "sightings.parquet", *files]
    said = printed(EXAMPLES / "duckdb_population.py", *arguments)
    assert made["matches"] > 1000 and said.startswith(f"{made['matches']} matches on ")
    assert f"\nthe same matches as {expected}\n" in said

    with duckdb.connect() as connection:
        heard = connection.sql(f"from '{world}/sightings.parquet'")
        assert heard.aggregate("count(*), count(distinct phone)").fetchall() == [(made["sightings"], 50)]
        connection.execute(f"create table matches as from '{expected}' offset 1")
        assert load("duckdb_population").differences(connection, str(expected)) == 1
