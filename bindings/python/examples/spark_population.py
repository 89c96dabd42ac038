"""What many phones heard, matched on Spark: a task a phone, and several for a crowded one, spread by a salt.

    python spark_population.py --key 440-v1.pem sightings.parquet matches.parquet exports/*.zip

`sightings.parquet` has the columns of `gaen.Sightings.from_arrow` and a column `phone` (bigint); the workers need the
package `gaen` and reach the files by the same paths. `matches.parquet` gets the columns of `Report.matches` and a column
`phone`. There `file` is the position among the files of the command, `sighting` the position among what the phone heard, by
time, identifier and signal strength.

A phone's sightings are never split: whether one of them counts depends on the others. A phone that heard very much has its
files divided instead, into as many slices as there are `--crowded` sightings. Each slice is a task of its own.
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
    files: list[str], key: bytes
) -> Callable[[Iterable[pyarrow.RecordBatch]], Iterator[pyarrow.RecordBatch]]:
    """Searches for the phones of one partition. It runs on a worker, and opens everything there."""

    def match(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        batches = list(batches)
        if not batches:
            return
        trust = gaen.TrustedKeys(key, "440", "v1")
        partition = pyarrow.Table.from_batches(batches)
        equal, both = pyarrow.compute.equal, pyarrow.compute.and_
        for task in partition.group_by(["phone", "slices", "salt"]).aggregate([]).to_pylist():
            phone, slices, salt = task["phone"], task["slices"], task["salt"]
            mine = both(equal(partition["phone"], phone), equal(partition["salt"], salt))
            heard = partition.filter(mine).sort_by([(name, "ascending") for name in ("time", "rpi", "rssi")])
            report = gaen.search(files[salt::slices], gaen.Sightings.from_arrow(heard), trust=trust)
            matches = pyarrow.table(report.matches)
            position = pyarrow.compute.add(pyarrow.compute.multiply(matches["file"], slices), salt)
            matches = matches.set_column(0, "file", position)
            phone = pyarrow.array([phone] * len(matches), pyarrow.int64())
            yield from matches.add_column(0, "phone", phone).cast(MATCHES).to_batches()

    return match


def main() -> None:
    from pyspark.sql import SparkSession, functions

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", required=True, type=Path, help="the public key that signed the files")
    parser.add_argument("--crowded", type=int, default=100_000, help="sightings of one task; default: 100000")
    parser.add_argument("--partitions", type=int, default=64, help="tasks that run at different times; default: 64")
    parser.add_argument("sightings")
    parser.add_argument("matches")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    # Without the second, times are written in an old form that has no time zone.
    settings = {"spark.sql.session.timeZone": "UTC", "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS"}
    spark = SparkSession.builder.appName("gaen").config(map=settings).getOrCreate()
    heard = spark.read.parquet(arguments.sightings).select("phone", "rpi", "aem", "rssi", "time", "previous_scan")
    slices = f"least({len(arguments.files)}, ceil(count(*) / {arguments.crowded})) as slices"
    slices = heard.groupBy("phone").agg(functions.expr(slices))
    tasks = (
        heard.join(functions.broadcast(slices), "phone")
        .withColumn("salt", functions.expr("explode(sequence(0, slices - 1))"))
        .repartition(arguments.partitions, "phone", "salt")
    )
    match = matcher(arguments.files, arguments.key.read_bytes())
    schema = ", ".join(f"{field.name} {SPARK[field.type]}" for field in MATCHES)
    tasks.mapInArrow(match, schema).write.mode("overwrite").parquet(arguments.matches)
    found = spark.read.parquet(arguments.matches)
    phones = found.select("phone").distinct().count()
    print(f"{found.count()} matches on {phones} phones")
    spark.stop()


if __name__ == "__main__":
    main()
