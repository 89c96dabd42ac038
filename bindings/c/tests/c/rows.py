#!/usr/bin/env python3
"""Writes sightings of JSON lines as packed rows of 40 bytes: rows.py SIGHTINGS.jsonl ROWS"""

import json
import struct
import sys


def row(line: str) -> bytes:
    heard = json.loads(line)
    metadata, previous = bytes.fromhex(heard["aem"]), heard.get("previous_scan")
    previous = -1 if previous is None else previous
    fields = (bytes.fromhex(heard["rpi"]), metadata, len(metadata), heard["rssi"], heard["time"], previous)
    return struct.pack("<16s4sBb2xqq", *fields)


source, target = sys.argv[1:]
with open(source) as lines, open(target, "wb") as rows:
    rows.writelines(row(line) for line in lines)
