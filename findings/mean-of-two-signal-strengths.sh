#!/usr/bin/env bash
# polars 2.1.0, pyarrow 26.0.1, pandas 3.1.1, duckdb 2.0.1 (PyPI): means of signal strengths in columns of int8.
#
# Bluetooth reports a signal strength as one signed byte, so a column of them is int8. A mean is a floating-point number
# in every package, and sum() widens small integers in all of them; so one takes means and sums for safe. Not all are:
# - polars' mean_horizontal adds up in int8 before it divides: the mean of -70 and -75 dBm is 55.5 dBm. Pairs whose mean
#   is -64 or louder are right: a trial with two phones on one table passes, and the contact across the room does not.
#   list.mean() and arr.mean() are right. With two Unix times in int32, the middle is in 1952.
# - polars' dot() says int64 and multiplies in int8: a mean weighted by 3, 4 and 5 minutes is 14 dBm, not -50.
#   sum_horizontal stays int8, and sum() of uint32 stays uint32, where pandas and pyarrow widen.
# - pyarrow's cumulative_sum stays int8, beside a cumulative_mean that is right. pandas' dot() stays int8; its
#   mean(axis=1) is right.
# - duckdb refuses each of them with an error that names the overflow, and its averages are right.
#
# Seen: as above; cumulative_sum of -70, -60, -30 is -70, 126, 96; pandas' dot() -88.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet polars==2.1.0 pyarrow==26.0.1 pandas==3.1.1 duckdb==2.0.1

cat > mean.py <<'PYTHON'
import duckdb
import polars
import pyarrow.compute

near_and_far = {"first": [-70, -60, -30], "second": [-75, -58, -31], "minutes": [3, 4, 5]}
strengths = polars.DataFrame(near_and_far, schema=dict.fromkeys(near_and_far, polars.Int8))
in_arrow, in_pandas = strengths.to_arrow(), strengths.to_pandas()
first, second, minutes = (polars.col(name) for name in near_and_far)
pair = polars.concat_list("first", "second")


def expect(name, found, expected):
    print(f"{name}: {found}")
    assert found == expected and type(found) is type(expected), "the behaviour has changed"


def in_polars(name, expression, expected, of=strengths):
    found = of.select(value=expression)["value"]
    expect(name, (str(found.dtype), found.to_list()), expected)


def in_duckdb(name, expression, expected):
    try:
        found = [row[0] for row in duckdb.sql(f"select {expression} from strengths").fetchall()]
    except duckdb.OutOfRangeException as error:
        found = "Overflow" if "Overflow" in str(error) else str(error)
    expect(f"duckdb, {name}", found, expected)


right, wrong = [-72.5, -59.0, -30.5], [55.5, -59.0, -30.5]
in_polars("polars, mean_horizontal", polars.mean_horizontal("first", "second"), ("Float64", wrong))
in_polars("polars, list.mean", pair.list.mean(), ("Float64", right))
in_polars("polars, arr.mean", pair.list.to_array(2).arr.mean(), ("Float64", right))
in_polars("polars, sum_horizontal", polars.sum_horizontal("first", "second"), ("Int8", [111, -118, -61]))
in_polars("polars, sum", first.sum(), ("Int64", [-160]))
expect("pandas, sum", int(in_pandas["first"].sum()), -160)
expect("pyarrow, sum", pyarrow.compute.sum(in_arrow["first"]).as_py(), -160)
in_duckdb("sum", "sum(first)", [-160])
in_polars("polars, dot", first.dot(minutes), ("Int64", [168]))
in_polars("polars, dot of int64", first.cast(polars.Int64).dot(minutes), ("Int64", [-600]))
in_polars("polars, weighted mean", first.dot(minutes) / minutes.sum(), ("Float64", [14.0]))

times = polars.DataFrame({"from": [1_601_104_200], "to": [1_601_104_800]}).cast(polars.Int32)
in_polars("polars, middle of two times", polars.mean_horizontal("from", "to"), ("Float64", [-546379148.0]), of=times)
intervals = polars.DataFrame({"interval": [2_668_464] * 2000}, schema={"interval": polars.UInt32})
in_polars("polars, sum of uint32", polars.col("interval").sum(), ("UInt32", [1_041_960_704]), of=intervals)
expect("pandas, sum of uint32", int(intervals.to_pandas()["interval"].sum()), 5_336_928_000)
expect("pyarrow, sum of uint32", pyarrow.compute.sum(intervals.to_arrow()["interval"]).as_py(), 5_336_928_000)

sums = pyarrow.compute.cumulative_sum(in_arrow["first"])
expect("pyarrow, cumulative_sum", (str(sums.type), sums.to_pylist()), ("int8", [-70, 126, 96]))
means = pyarrow.compute.cumulative_mean(in_arrow["first"]).to_pylist()
expect("pyarrow, cumulative_mean", [round(mean, 3) for mean in means], [-70.0, -65.0, -53.333])

expect("pandas, mean", in_pandas[["first", "second"]].mean(axis=1).tolist(), right)
expect("pandas, dot", int(in_pandas["first"].dot(in_pandas["minutes"])), -88)

in_duckdb("list_avg", "list_avg([first, second])", right)
in_duckdb("sum of two", "first + second", "Overflow")
in_duckdb("weighted", "sum(first * minutes)", "Overflow")
PYTHON
venv/bin/python mean.py
