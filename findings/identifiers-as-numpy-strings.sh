#!/usr/bin/env bash
# numpy 2.4.6, pyarrow 26.0.1, polars 2.1.0, pandas 3.1.1, duckdb 2.0.1 (PyPI): identifiers in a numpy column of type S16, the
# type that one takes for "16 bytes" (as in packed rows of sightings).
#
# To numpy S16 is text of at most 16 bytes: zero bytes at its end are padding, and an element comes out without them. One
# identifier in 256 ends with a zero byte. From here on the packages differ, and all are silent:
# - numpy's elements, polars, duckdb by way of pandas, and a merge of pandas lose that one in 256;
# - numpy's isin and pandas' isin find it, since they compare without the zeros on both sides: two different identifiers of
#   which one is the other without its last byte are one to numpy;
# - pyarrow cuts at the FIRST zero byte, wherever it stands: that is one identifier in 17. With its type given,
#   pa.array(column, pa.binary(16)), the same column is whole.
# V16 instead keeps all bytes: its elements' tobytes() are whole; pyarrow refuses it with an error.
#
# Seen, of 10,000 identifiers: numpy's elements, polars, pandas' merge and duckdb 9,961; pyarrow 9,413; isin 10,000.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet numpy==2.4.6 pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1 duckdb==2.0.1

cat > look_up.py <<'PYTHON'
from hashlib import sha256

import duckdb, numpy, pandas, polars, pyarrow

identifiers = [sha256(b"%d" % number).digest()[:16] for number in range(10_000)]
known = set(identifiers)
column = numpy.frombuffer(b"".join(identifiers), dtype="S16")
void = numpy.frombuffer(b"".join(identifiers), dtype="V16")
in_pandas = pandas.DataFrame({"rpi": column})
plain = pandas.DataFrame({"rpi": identifiers})


def found(values):
    return sum(bytes(value) in known for value in values)


try:
    refused = pyarrow.array(void)
except pyarrow.ArrowNotImplementedError:
    refused = None
assert refused is None, "the behaviour has changed"

for name, seen, expected in [
    ("numpy, element by element", found(column), 9961),
    ("numpy, V16", found(value.tobytes() for value in void), 10_000),
    ("numpy, isin", int(numpy.isin(column, numpy.array(identifiers, dtype="S16")).sum()), 10_000),
    ("pyarrow", found(pyarrow.array(column).to_pylist()), 9413),
    ("pyarrow, binary(16)", found(pyarrow.array(column, pyarrow.binary(16)).to_pylist()), 10_000),
    ("polars", found(polars.Series(column)), 9961),
    ("pandas, isin", int(in_pandas["rpi"].isin(identifiers).sum()), 10_000),
    ("pandas, merge", len(in_pandas.merge(plain)), 9961),
    ("duckdb from pandas", duckdb.sql("select count(*) from in_pandas join plain using (rpi)").fetchall()[0][0], 9961),
]:
    print(f"{name}: {seen} of 10000")
    assert seen == expected, "the behaviour has changed"

long, short = numpy.array([b"a" * 15 + b"\0"], dtype="S16"), numpy.array([b"a" * 15], dtype="S16")
assert (long == short).all(), "the behaviour has changed"
cut = pyarrow.array(numpy.array([b"a\0" + b"b" * 14], dtype="S16")).to_pylist()
print(f"pyarrow, a zero byte in second place: {cut}")
assert cut == [b"a"], "the behaviour has changed"
PYTHON
venv/bin/python look_up.py
