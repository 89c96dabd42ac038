#!/usr/bin/env bash
# apsw 3.54.1.0, pysqlite3-binary 0.5.4.post2, SQLAlchemy 2.1.9 and peewee 4.5.3 with pandas 3.1.1, numpy 2.4.6 and
# polars 2.1.0 (PyPI): "delete sightings older than 14 days", where the newest time is max() of a pandas column.
#
# 30 sightings, one a day: 15 have to stay. The limit prints and compares as a number in Python. To Python's SQLite
# packages a numpy integer is a buffer, so its eight bytes are bound as a BLOB, and in SQLite any BLOB is greater than
# any number. No affinity of the column changes that, nor does STRICT.
# - "time < ?" is true for every row: the purge deletes everything. "time >= ?" finds nothing. No error anywhere.
# - pandas' own read_sql, and SQLAlchemy's typed delete over an Integer column, pass the number on in the same way.
# - It depends on what seems not to matter: with one time missing, pandas' column is of floats, and a numpy float is a
#   Python float: right. polars' max() and pandas' int64[pyarrow] give Python's int: right. peewee converts: right.
# - Written, such times are BLOBs in an INTEGER column, which a STRICT table refuses: those from DataFrame.values (of
#   integers alone) and to_records are, those from itertuples and iterrows are not.
#
# Seen, sightings left: apsw, pysqlite3 and SQLAlchemy 0; peewee 15; with a float or Python's int 15 everywhere.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet apsw==3.54.1.0 pysqlite3-binary==0.5.4.post2 SQLAlchemy==2.1.9 peewee==4.5.3 \
  pandas==3.1.1 numpy==2.4.6 polars==2.1.0 pyarrow==26.0.1

cat > purge.py <<'PYTHON'
import apsw, pandas, peewee, polars, pysqlite3
import sqlalchemy as sql

DAY = 86_400
TIMES = [1_601_104_200 + DAY * number for number in range(30)]
ROWS = [(time,) for time in TIMES]
MISSING, ARROW, NULLABLE = "one time missing", "int64[pyarrow]", "Int64"
column = pandas.Series(TIMES)
limits = {
    "Python": max(TIMES),
    "polars": polars.Series(TIMES).max(),
    "pandas": column.max(),
    f"pandas, {MISSING}": pandas.Series([*TIMES, None]).max(),
    f"pandas, {ARROW}": column.astype(ARROW).max(),
    f"pandas, {NULLABLE}": column.astype(NULLABLE).max(),
}
deletes_all = {"pandas", f"pandas, {NULLABLE}"}


def plain(connect, strict=""):
    def left(limit):
        store = connect(":memory:")
        store.execute(f"create table sightings (time integer primary key) {strict}")
        store.executemany("insert into sightings values (?)", ROWS)
        newer = store.execute("select count(*) from sightings where time >= ?", (limit,)).fetchone()[0]
        store.execute("delete from sightings where time < ?", (limit,))
        count = store.execute("select count(*) from sightings").fetchone()[0]
        assert count == newer, "the behaviour has changed"
        return count

    return left


def alchemy(limit):
    sightings = sql.Table("sightings", sql.MetaData(), sql.Column("time", sql.Integer, primary_key=True))
    with sql.create_engine("sqlite://", module=pysqlite3).begin() as store:
        sightings.create(store)
        store.execute(sightings.insert(), [{"time": time} for time in TIMES])
        older = len(pandas.read_sql(sql.select(sightings).where(sightings.c.time < limit), store))
        store.execute(sightings.delete().where(sightings.c.time < limit))
        count = store.execute(sql.select(sql.func.count()).select_from(sightings)).scalar()
        assert count == len(TIMES) - older, "the behaviour has changed"
        return count


def with_peewee(limit):
    class Sighting(peewee.Model):
        time = peewee.IntegerField()

        class Meta:
            database = peewee.SqliteDatabase(":memory:")

    Sighting.create_table()
    Sighting.insert_many(ROWS, fields=[Sighting.time]).execute()
    Sighting.delete().where(Sighting.time < limit).execute()
    return Sighting.select().count()


for package, left in {
    "apsw": plain(apsw.Connection),
    "apsw, STRICT": plain(apsw.Connection, "strict"),
    "pysqlite3": plain(pysqlite3.connect),
    "SQLAlchemy": alchemy,
    "peewee": with_peewee,
}.items():
    for source, newest in limits.items():
        limit = newest - 14 * DAY
        assert limit == TIMES[15] and f"{limit:.0f}" == str(TIMES[15])
        count = left(limit)
        print(f"{package}, limit from {source} ({type(limit).__name__}): {count} left")
        expected = 0 if source in deletes_all and package != "peewee" else 15
        assert count == expected, "the behaviour has changed"

frame = pandas.DataFrame({"time": TIMES})
for way, rows, expected in [
    ("values", frame.values, "blob"),
    ("to_records", frame.to_records(index=False), "blob"),
    ("itertuples", frame.itertuples(index=False), "integer"),
    ("iterrows", (row for _, row in frame.iterrows()), "integer"),
]:
    rows = [tuple(row) for row in rows]
    kinds = {}
    for strict in "", "strict":
        store = apsw.Connection(":memory:")
        store.execute(f"create table sightings (time integer) {strict}")
        try:
            store.executemany("insert into sightings values (?)", rows)
            kinds[strict] = store.execute("select distinct typeof(time) from sightings").fetchone()[0]
        except apsw.ConstraintError:
            kinds[strict] = "refused"
    print(f"written from {way}: {kinds['']}, STRICT: {kinds['strict']}")
    assert kinds == {"": expected, "strict": "refused" if expected == "blob" else expected}, "the behaviour has changed"
PYTHON
venv/bin/python purge.py
