#!/usr/bin/env bash
# plyvel 1.5.1 with the LevelDB in its wheel (PyPI): opening a phone's folder of sightings to read it replaces its files.
#
# Google's framework keeps what a phone has heard in a LevelDB folder, and a copy of it often has a log (000003.log) and
# no table. LevelDB has no way to open for reading alone. DB(path, create_if_missing=False), one iteration, close: the
# log is gone, and a table and an empty log with new numbers are there. So a second look with a tool that reads the log's
# records finds an empty log, and hashes that were noted of the copy fit no longer. A second look with plyvel renumbers
# log and manifest again. Open a copy of the copy.
#
# Seen: 000003.log, MANIFEST-000002; after one look 000005.ldb, 000006.log of 0 bytes, MANIFEST-000004; after two
# 000005.ldb, 000008.log, MANIFEST-000007. What is read is the same each time.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet plyvel==1.5.1

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import pathlib, shutil, sys
import plyvel

phone, copy = (pathlib.Path(sys.argv[1], name) for name in ("phone", "copy"))
record = ((18510).to_bytes(2, "big") + bytes(range(16)), b"heard once")  # a UTC day and an identifier
with plyvel.DB(str(phone), create_if_missing=True) as sightings:
    sightings.put(*record)
    shutil.copytree(phone, copy)  # as it is taken from a phone: the log alone

def files():
    names = {path.name: path.stat().st_size for path in copy.iterdir() if path.name[0] in "0M"}
    print(names := dict(sorted(names.items())))
    return names

seen = [files()]
for _ in range(2):
    with plyvel.DB(str(copy), create_if_missing=False) as sightings:
        assert list(sightings) == [record]
    seen.append(files())
assert [sorted(names) for names in seen] == [
    ["000003.log", "MANIFEST-000002"],
    ["000005.ldb", "000006.log", "MANIFEST-000004"],
    ["000005.ldb", "000008.log", "MANIFEST-000007"],
], "the behaviour has changed"
assert [names.get(log) for names, log in zip(seen[1:], ("000006.log", "000008.log"))] == [0, 0]
PYTHON
