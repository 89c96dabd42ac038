"""Columns from and into the four libraries of data frames."""

import gaen
import duckdb
import numpy
import pandas
import polars
import pyarrow
import pytest
from conftest import FILES, NOW, lines

SIGHTINGS = pyarrow.schema(
    [
        ("rpi", pyarrow.binary(16)),
        ("aem", pyarrow.binary()),
        ("rssi", pyarrow.int8()),
        ("time", pyarrow.timestamp("s", "UTC")),
        ("previous_scan", pyarrow.timestamp("s", "UTC")),
    ]
)


def table():
    return pyarrow.Table.from_pylist(list(lines()), SIGHTINGS)


def columns():
    heard = list(lines())
    lengths = [len(line["aem"]) for line in heard]
    return {
        "rpi": numpy.frombuffer(b"".join(line["rpi"] for line in heard), "u1").reshape(-1, 16),
        "aem": numpy.frombuffer(b"".join(line["aem"].ljust(4, b"\0") for line in heard), "u1").reshape(-1, 4),
        "aem_lengths": numpy.array(lengths, "u1"),
        "rssi": numpy.array([line["rssi"] for line in heard], "i1"),
        "time": numpy.array([line["time"] for line in heard], "i8"),
        "previous_scan": numpy.array(
            [-1 if line["previous_scan"] is None else line["previous_scan"] for line in heard], "i8"
        ),
    }


def relation():
    heard = table()
    return duckdb.connect().from_arrow(heard)


TABLES = {
    "pyarrow": table,
    "pyarrow in batches": lambda: pyarrow.Table.from_batches(table().to_batches(max_chunksize=100)),
    "pyarrow, a slice": lambda: pyarrow.concat_tables([table()[:7], table()]).slice(7),
    "pyarrow, a reader": lambda: table().to_reader(max_chunksize=50),
    "pyarrow, other types": lambda: table().cast(
        pyarrow.schema(
            [
                ("rpi", pyarrow.large_binary()),
                ("aem", pyarrow.binary_view()),
                ("rssi", pyarrow.int64()),
                ("time", pyarrow.timestamp("ns", "Asia/Tokyo")),
                ("previous_scan", pyarrow.timestamp("ms", "UTC")),
            ]
        )
    ),
    "pyarrow, numbers": lambda: table().cast(
        pyarrow.schema(
            [
                ("rpi", pyarrow.binary()),
                ("aem", pyarrow.large_binary()),
                ("rssi", pyarrow.int16()),
                ("time", pyarrow.int64()),
                ("previous_scan", pyarrow.int64()),
            ]
        )
    ),
    "polars": lambda: polars.DataFrame(table()),
    "pandas": lambda: table().to_pandas(),
    "duckdb": relation,
}


def answers(heard, trust, cocoa):
    report = gaen.search(FILES, heard, trust=trust)
    return len(heard), len(report.matches), len(report.dropped), report.assess(cocoa, NOW).verdict


@pytest.mark.parametrize("name", TABLES)
def test_a_table_gives_the_three_answers(name, trust, cocoa):
    heard = gaen.Sightings.from_arrow(TABLES[name]())
    assert answers(heard, trust, cocoa) == (493, 9, 4, "notify")


@pytest.mark.parametrize("kind", [pyarrow.binary(), pyarrow.large_binary(), pyarrow.binary_view()], ids=str)
def test_metadata_that_are_all_of_one_wrong_length_match_nothing(kind, trust):
    for length in (0, 3, 5):
        metadata = pyarrow.array([bytes(length)] * len(table()), kind)
        heard = gaen.Sightings.from_arrow(table().set_column(1, "aem", metadata))
        report = gaen.search(FILES, heard, trust=trust)
        assert len(report.matches) == 0 and report.dropped["aem_length"] > 9, (length, report.dropped)


def test_columns_of_numpy_give_the_three_answers(trust, cocoa):
    given = columns()
    assert answers(gaen.Sightings.from_columns(**given), trust, cocoa) == (493, 9, 4, "notify")
    other = given | {
        "rpi": given["rpi"].reshape(-1),
        "aem": given["aem"].view("S4").reshape(-1),
        "aem_lengths": given["aem_lengths"].astype("u4"),
        "rssi": given["rssi"].astype("i8"),
        "time": given["time"].astype("u4"),
    }
    assert answers(gaen.Sightings.from_columns(**other), trust, cocoa) == (493, 9, 4, "notify")
    # What is left out changes the answers, so it is left out by name.
    without = gaen.Sightings.from_columns(**given | {"previous_scan": None})
    assert answers(without, trust, cocoa)[3] == "do_not_notify"
    without = gaen.Sightings.from_columns(**given | {"aem_lengths": None})
    assert answers(without, trust, cocoa)[1] == 10
    with pytest.raises(TypeError):
        gaen.Sightings.from_columns(**{name: column for name, column in given.items() if name != "previous_scan"})


WRONG_COLUMNS = {
    "the other order of bytes": (lambda given: {"time": given["time"].astype(">i8")}, "column_format", "other order"),
    "an explicit other order": (lambda given: {"rssi": given["rssi"].astype(">i2")}, "column_format", "other order"),
    "fractions": (lambda given: {"time": given["time"].astype("f8")}, "column_format", "column time"),
    "objects": (lambda given: {"rssi": given["rssi"].astype(object)}, "column_format", "column rssi"),
    "truth values": (lambda given: {"rssi": given["rssi"].astype(bool)}, "column_format", "column rssi"),
    "gaps": (lambda given: {"time": numpy.repeat(given["time"], 2)[::2]}, "column_format", "gaps"),
    "columns before rows": (lambda given: {"rpi": numpy.asfortranarray(given["rpi"])}, "column_format", "gaps"),
    "two dimensions": (lambda given: {"time": given["time"].reshape(-1, 1)}, "column_format", "2 dimensions"),
    "15 bytes": (lambda given: {"rpi": given["rpi"][:, :15].copy()}, "column_format", "16 bytes"),
    "text of four bytes a sign": (lambda given: {"rpi": given["rpi"].reshape(-1).view("U4")}, "column_format", "4w"),
    "numbers as identifiers": (lambda given: {"rpi": given["time"]}, "column_format", "16 bytes"),
    "a number too large": (lambda given: {"rssi": given["rssi"].astype("i2") - 200}, "row", "row 0: rssi"),
    "a list": (lambda given: {"rssi": given["rssi"].tolist()}, "column_format", "list"),
    "a series of polars": (lambda given: {"time": polars.Series(given["time"])}, "column_format", "from_arrow"),
    "a row less": (lambda given: {"rssi": given["rssi"][1:]}, "column_length", "column rssi has 492 rows"),
    "an identifier less": (lambda given: {"rpi": given["rpi"][1:]}, "column_length", "column rpi has 492 rows"),
    "no rows": (lambda given: {name: column[:0] for name, column in given.items()}, "no_rows", "by name"),
    "milliseconds": (lambda given: {"time": given["time"] * 1000}, "row", "row 0"),
}


@pytest.mark.parametrize("name", WRONG_COLUMNS)
def test_a_column_that_cannot_be_is_refused(name):
    change, code, text = WRONG_COLUMNS[name]
    given = columns()
    with pytest.raises(gaen.Error, match=text) as raised:
        gaen.Sightings.from_columns(**given | change(given))
    assert raised.value.code == code


def test_identifiers_of_numpy_are_sixteen_bytes_by_whatever_name(trust, cocoa):
    for kind in ["S16", "V16"]:
        given = columns()
        given["rpi"] = given["rpi"].reshape(-1).view(kind)
        assert answers(gaen.Sightings.from_columns(**given), trust, cocoa) == (493, 9, 4, "notify")


def test_an_unaligned_column_is_refused():
    given = columns()
    shifted = numpy.frombuffer(b"\0" + given["time"].tobytes(), "i8", offset=1)
    with pytest.raises(gaen.Error, match="aligned"):
        gaen.Sightings.from_columns(**given | {"time": shifted})


def column_changed(name, column):
    heard = table()
    return heard.set_column(heard.column_names.index(name), name, column)


def nulls(name):
    column = table().column(name).to_pylist()
    return column_changed(name, pyarrow.array([*column[:3], None, *column[4:]], SIGHTINGS.field(name).type))


WRONG_TABLES = {
    "hexadecimal digits": (
        lambda: column_changed("rpi", pyarrow.array([line["rpi"].hex() for line in lines()])),
        "column_type",
        "hexadecimal",
    ),
    "no time zone": (
        lambda: column_changed("time", table().column("time").cast(pyarrow.timestamp("s"))),
        "column_type",
        "time zone",
    ),
    "fractions": (
        lambda: column_changed("rssi", table().column("rssi").cast(pyarrow.float64())),
        "column_type",
        "column rssi",
    ),
    "15 bytes": (
        lambda: column_changed("rpi", pyarrow.array([line["rpi"][:15] for line in lines()])),
        "row",
        "row 0: rpi has 15 bytes",
    ),
    "15 bytes each": (
        lambda: column_changed("rpi", pyarrow.array([line["rpi"][:15] for line in lines()], pyarrow.binary(15))),
        "row",
        "row 0: rpi has 15 bytes",
    ),
    "numpy's S16 by way of pyarrow, which cuts at a zero byte": (
        lambda: column_changed("rpi", pyarrow.array(numpy.array([b"a\0" + b"b" * 14 for _ in lines()], "S16"))),
        "row",
        "row 0: rpi has 1 bytes",
    ),
    "a null identifier": (lambda: nulls("rpi"), "column_null", "row 3: rpi is null"),
    "null metadata": (lambda: nulls("aem"), "column_null", "row 3: aem is null"),
    "a null strength": (lambda: nulls("rssi"), "column_null", "row 3: rssi is null"),
    "a null time": (lambda: nulls("time"), "column_null", "row 3: time is null"),
    "a null in a later batch": (
        lambda: pyarrow.concat_tables([table(), nulls("time")]),
        "column_null",
        "row 496: time is null",
    ),
    "no identifiers": (lambda: table().drop_columns("rpi"), "column_missing", "no column rpi among aem, rssi"),
    "no scans before": (lambda: table().drop_columns("previous_scan"), "column_missing", "without_previous_scan"),
    "no rows": (lambda: table()[:0], "no_rows", "by name"),
    "no table": (lambda: 3, "no_stream", "int"),
    "a column": (lambda: table().column("time"), "stream", "Schema"),
}


@pytest.mark.parametrize("name", WRONG_TABLES)
def test_a_table_that_cannot_be_is_refused(name):
    change, code, text = WRONG_TABLES[name]
    with pytest.raises(gaen.Error, match=text) as raised:
        gaen.Sightings.from_arrow(change())
    assert raised.value.code == code


def test_scans_before_are_left_out_by_name(trust, cocoa):
    heard = gaen.Sightings.from_arrow(table().drop_columns("previous_scan"), without_previous_scan=True)
    assert answers(heard, trust, cocoa)[3] == "do_not_notify"


def test_packed_rows_end_with_a_row():
    for rows, code in ((bytes(39), "row_length"), (b"", "no_rows"), (memoryview(bytes(40)), "row")):
        with pytest.raises(gaen.Error) as raised:
            gaen.Sightings.from_rows(rows)
        assert raised.value.code == code


# What leaves.

MATCHES = pyarrow.schema(
    [
        pyarrow.field(name, kind, nullable=False)
        for name, kind in [
            ("file", pyarrow.int64()),
            ("key", pyarrow.binary()),
            ("rolling_start_interval_number", pyarrow.int64()),
            ("rolling_period", pyarrow.int64()),
            ("interval", pyarrow.int64()),
            ("interval_start", pyarrow.timestamp("s", "UTC")),
            ("sighting", pyarrow.int64()),
            ("time", pyarrow.timestamp("s", "UTC")),
            ("rssi", pyarrow.int64()),
            ("tx_power", pyarrow.int64()),
            ("attenuation", pyarrow.int64()),
        ]
    ]
)


def test_matches_are_a_table_of_this_schema(report):
    matches = pyarrow.table(report.matches)
    assert matches.schema == MATCHES and matches.num_rows == 9
    matches.validate(full=True)
    windows = pyarrow.table(report.assess(gaen.Configuration.preset("cocoa-v2"), NOW).windows)
    windows.validate(full=True)
    assert windows.schema.field("date").type == pyarrow.date32()
    scan = windows.schema.field("scan_instances").type.value_type
    assert [field.name for field in scan] == ["typical_attenuation", "min_attenuation", "seconds_since_last_scan"]


def test_all_four_libraries_read_matches_and_windows(report, assessment):
    told = report.document()["matches"]
    attenuations = [found["attenuation"] for found in told]
    matches = report.matches
    assert polars.DataFrame(matches)["attenuation"].to_list() == attenuations
    assert pandas.DataFrame.from_arrow(matches)["attenuation"].tolist() == attenuations
    assert pyarrow.table(matches).column("attenuation").to_pylist() == attenuations
    assert duckdb.sql("select attenuation from matches").fetchall() == [(value,) for value in attenuations]
    windows = assessment.windows
    seconds = [window["seconds"] for window in windows.rows()]
    assert polars.DataFrame(windows)["seconds"].to_list() == seconds
    assert pandas.DataFrame.from_arrow(windows)["seconds"].tolist() == seconds
    assert pyarrow.table(windows).column("seconds").to_pylist() == seconds
    summed = "select list_sum([scan.seconds_since_last_scan for scan in scan_instances])::bigint from windows"
    assert duckdb.sql(summed).fetchall() == [(value,) for value in seconds]


def test_times_are_instants_in_utc(report):
    matches = report.matches
    told = [found["time"] for found in report.document()["matches"]]
    assert [int(row["time"].timestamp()) for row in matches.rows()] == told
    assert (polars.DataFrame(matches)["time"].dt.epoch("s")).to_list() == told
    assert [int(time.timestamp()) for time in pandas.DataFrame.from_arrow(matches)["time"]] == told
    assert duckdb.sql("select epoch(time)::bigint from matches").fetchall() == [(time,) for time in told]


def test_keys_are_bytes_and_on_request_hexadecimal(report):
    told = [found["tek"] for found in report.document()["matches"]]
    hexadecimal = report.matches.hexadecimal()
    assert polars.DataFrame(hexadecimal)["key"].to_list() == told
    assert [row["key"] for row in hexadecimal.rows()] == told
    assert [row["key"].hex() for row in report.matches.rows()] == told
    assert hexadecimal.columns == report.matches.columns


def test_one_table_is_read_many_times(report):
    matches = report.matches
    first, second = pyarrow.table(matches), pyarrow.table(matches)
    del matches
    assert first == second
    assert len(pyarrow.table(report.matches)) == 9


# Columns of intervals.


def test_near_counts_either_side():
    center, around = numpy.full(27, 2_670_000, "u4"), numpy.arange(2_669_987, 2_670_014, dtype="u4")
    # What the columns themselves say.
    assert (abs(center - around) <= 12).sum() == 13
    columns = {
        "numpy": (center, around),
        "polars": (polars.Series(center), polars.Series(around)),
        "pandas": (pandas.Series(center), pandas.Series(around)),
        "pyarrow": (pyarrow.chunked_array([center[:5], center[5:]]), pyarrow.chunked_array([around])),
    }
    for name, (a, b) in columns.items():
        near = gaen.near(a, b)
        assert sum(near) == 25, name
        assert (numpy.asarray(near) == numpy.asarray(gaen.near(b, a))).all()
    assert numpy.asarray(near).dtype == bool and list(near)[:3] == [False, True, True]
    assert sum(gaen.near(center, around, within=0)) == 1


def test_matches_are_near_the_times_of_their_sightings(report):
    matches = polars.DataFrame(report.matches)
    heard = matches["time"].dt.epoch("s") // 600
    assert all(gaen.near(matches["interval"], heard))


def test_intervals_that_cannot_be_are_refused():
    one = numpy.array([1], "i8")
    for wrong, code in (
        (numpy.array([1, 2], "i8"), "column_length"),
        (numpy.array([2**63], "u8"), "row"),
        (numpy.array([1.0]), "column_format"),
        (one.astype(">i8"), "column_format"),
        (polars.Series([None, 1]), "column_null"),
        (polars.Series(["1"]), "column_type"),
        ([1], "column_format"),
    ):
        with pytest.raises(gaen.Error) as raised:
            gaen.near(one, wrong)
        assert raised.value.code == code, wrong
