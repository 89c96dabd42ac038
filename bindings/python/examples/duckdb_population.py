"""What many phones heard, matched phone by phone and counted with duckdb.

    python duckdb_population.py --key 440-v1.pem sightings.parquet exports/*.zip
    python duckdb_population.py --demo

`sightings.parquet` has the columns of `gaen.Sightings.from_arrow` and a column `phone` (bigint). Each phone is searched by
itself: whether a sighting counts depends on what else the same phone heard, and on nothing that others did. `--expected`
compares the matches with those of another table, such as the `matches.parquet` of `gaen simulate --parquet`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
import gaen
import pyarrow

DEMO = Path(__file__).resolve().parents[3] / "demo"


def match(connection: duckdb.DuckDBPyConnection, sightings: str, files: list[Path], trust: gaen.TrustedKeys) -> None:
    """Writes the matches of all phones into the table `matches`."""
    connection.execute("create view heard as select * from read_parquet(?)".replace("?", repr(sightings)))
    phones = connection.sql("select distinct phone from heard order by phone").fetchall()
    tables = []
    for (phone,) in phones:
        columns = "rpi, aem, rssi, epoch(time)::bigint as time, epoch(previous_scan)::bigint as previous_scan"
        # The position of a sighting in its phone's list is how matches refer to it.
        heard = connection.sql(f"select {columns} from heard where phone = {phone} order by heard.time, rpi, rssi")
        report = gaen.search(files, gaen.Sightings.from_arrow(heard), trust=trust)
        matches = pyarrow.table(report.matches)
        tables.append(matches.add_column(0, "phone", pyarrow.array([phone] * len(matches), pyarrow.int64())))
    found = pyarrow.concat_tables(tables)
    connection.execute("create table matches as select * from found")


def differences(connection: duckdb.DuckDBPyConnection, expected: str) -> int:
    """Counts the rows that are only in `matches`, or only in this file."""
    found, others = "from matches", f"from read_parquet({expected!r})"
    alone = f"({found} except all {others}) union all ({others} except all {found})"
    return int(connection.sql(f"select count(*) from ({alone})").fetchall()[0][0])


def demo(folder: Path) -> Path:
    """Four phones: the one of the demo, and three that heard the same an hour, a day and a week before."""
    lines = duckdb.sql(f"select * from read_json('{DEMO / 'sightings.jsonl'}')")
    phones = duckdb.sql("select unnest([1, 2, 3, 4]) as phone, unnest([0, 86400, 604800, 2592000]) as earlier")
    path = folder / "sightings.parquet"
    duckdb.sql(
        """select phone, unhex(rpi) as rpi, unhex(aem) as aem, rssi, to_timestamp(time - earlier) as time,
                  to_timestamp(previous_scan - earlier) as previous_scan
           from lines cross join phones"""
    ).write_parquet(str(path))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--demo", action="store_true", help="match four phones made of the demo")
    parser.add_argument("--key", help="the public key that signed the files")
    parser.add_argument("--expected", help="a table of matches in Parquet, to compare with")
    parser.add_argument("sightings", nargs="?")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        if arguments.demo:
            arguments.sightings, arguments.key = demo(Path(folder)), DEMO / "440-v1.pem"
            arguments.files = [DEMO / "day-1.zip", DEMO / "day-2.zip"]
        trust = gaen.TrustedKeys(arguments.key, "440", "v1")
        match(connection, str(arguments.sightings), arguments.files, trust)
        (matches, found), (phones,) = (
            connection.sql(query).fetchall()[0]
            for query in ("select count(*), count(distinct phone) from matches", "select count(distinct phone) from heard")
        )
        print(f"{matches} matches on {found} of {phones} phones")
        by_day = "select time_bucket(interval 1 day, time at time zone 'UTC')::date, count(*), min(attenuation) from matches"
        for day, count, nearest in connection.sql(f"{by_day} group by 1 order by 1").fetchall():
            print(f"{day}: {count} matches, the nearest at {nearest} dB")
        if arguments.expected:
            if others := differences(connection, arguments.expected):
                sys.exit(f"{others} matches differ from {arguments.expected}")
            print(f"the same matches as {arguments.expected}")


if __name__ == "__main__":
    main()
