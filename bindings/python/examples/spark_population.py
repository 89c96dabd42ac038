"""What many phones heard, matched on Spark: phones x slices of files, spread by a salt.

    python spark_population.py --key 440-v1.pem sightings.parquet matches.parquet exports/*.zip

`sightings.parquet` has the columns of `gaen.Sightings.from_arrow` and a column `phone` (bigint); the workers need the
package `gaen` and reach the files by the same paths. `matches.parquet` gets the columns of `Report.matches` and a column
`phone`. There `file` is the position among the files of the command, `sighting` the position among what the phone heard, by
time and identifier.

Each task searches a slice of the files for one phone. A phone's sightings are never split: whether one of them counts
depends on the others. So the salt divides the files, and a crowded phone becomes as many tasks as there are slices.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import gaen
import pyarrow
import pyarrow.compute

INSTANT = pyarrow.timestamp("us", "UTC")
# What Spark takes back: signed numbers of 64 bits, bytes of any length, instants of microseconds.
MATCHES = pyarrow.schema(
    [
        ("phone", pyarrow.int64()),
        ("file", pyarrow.int64()),
        ("key", pyarrow.binary()),
        ("rolling_start_interval_number", pyarrow.int64()),
        ("rolling_period", pyarrow.int64()),
        ("interval", pyarrow.int64()),
        ("interval_start", INSTANT),
        ("sighting", pyarrow.int64()),
        ("time", INSTANT),
        ("rssi", pyarrow.int64()),
        ("tx_power", pyarrow.int64()),
        ("attenuation", pyarrow.int64()),
    ]
)
SPARK = {pyarrow.int64(): "bigint", pyarrow.binary(): "binary", INSTANT: "timestamp"}


def matcher(
    files: list[str], slices: int, key: bytes
) -> Callable[[Iterable[pyarrow.RecordBatch]], Iterator[pyarrow.RecordBatch]]:
    """Searches for the phones of one partition. It runs on a worker, and opens everything there."""

    def match(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        batches = list(batches)
        if not batches:
            return
        trust = gaen.TrustedKeys(key, "440", "v1")
        partition = pyarrow.Table.from_batches(batches)
        equal, both = pyarrow.compute.equal, pyarrow.compute.and_
        for task in partition.select(["phone", "salt"]).group_by(["phone", "salt"]).aggregate([]).to_pylist():
            mine = both(equal(partition["phone"], task["phone"]), equal(partition["salt"], task["salt"]))
            heard = partition.filter(mine).sort_by([("time", "ascending"), ("rpi", "ascending")])
            report = gaen.search(files[task["salt"] :: slices], gaen.Sightings.from_arrow(heard), trust=trust)
            matches = pyarrow.table(report.matches)
            position = pyarrow.compute.add(pyarrow.compute.multiply(matches["file"], slices), task["salt"])
            matches = matches.set_column(0, "file", position)
            phone = pyarrow.array([task["phone"]] * len(matches), pyarrow.int64())
            yield from matches.add_column(0, "phone", phone).cast(MATCHES).to_batches()

    return match


def main() -> None:
    from pyspark.sql import SparkSession, functions

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", required=True, type=Path, help="the public key that signed the files")
    parser.add_argument("--slices", type=int, help="slices of files; default: one for each file, at most 16")
    parser.add_argument("--partitions", type=int, default=64, help="tasks that run at different times; default: 64")
    parser.add_argument("sightings")
    parser.add_argument("matches")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    slices = arguments.slices or min(16, len(arguments.files))
    spark = SparkSession.builder.appName("gaen").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    salts = functions.explode(functions.array([functions.lit(salt).cast("bigint") for salt in range(slices)]))
    tasks = (
        spark.read.parquet(arguments.sightings)
        .select("phone", "rpi", "aem", "rssi", "time", "previous_scan")
        .withColumn("salt", salts)
        .repartition(arguments.partitions, "phone", "salt")
    )
    match = matcher(arguments.files, slices, arguments.key.read_bytes())
    schema = ", ".join(f"{field.name} {SPARK[field.type]}" for field in MATCHES)
    tasks.mapInArrow(match, schema).write.mode("overwrite").parquet(arguments.matches)
    found = spark.read.parquet(arguments.matches)
    phones = found.select("phone").distinct().count()
    print(f"{found.count()} matches on {phones} phones")
    spark.stop()


if __name__ == "__main__":
    main()
