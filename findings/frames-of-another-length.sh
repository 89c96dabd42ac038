#!/usr/bin/env bash
# TheengsDecoder 2.5.0 and beacontools 2.1.0 (PyPI), which know Exposure Notification frames by name: frames whose service
# data has not the 20 bytes of the protocol (identifier 16, encrypted metadata 4).
#
# One expects such a frame to be refused, or its metadata to be shown as they came. Neither happens:
# - Theengs calls anything from 16 bytes on "GAEN". Of fewer than 20 bytes it shows the identifier and leaves the metadata
#   out without a word, also where three of the four bytes came; of more than 20 it shows the first four.
# - beacontools refuses less than 20 bytes, and cuts more than 20 down to a good frame.
# So a frame that phones drop (metadata of three or five bytes) becomes one without metadata, or a good one.
# And what they show goes by the caller's form: Theengs knows the service as "fd6f", but not as "FD6F", and not by the 128
# bits under which bleak reports it: then a good frame is an unknown device. beacontools gives the identifier as
# hexadecimal text, and the metadata beside it as bytes.
#
# Seen: Theengs from 16 bytes on, metadata None below 20 and cut above; beacontools from 20 on, cut above.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet TheengsDecoder==2.5.0 beacontools==2.1.0

cat > read.py <<'PYTHON'
import json
from TheengsDecoder import decodeBLE
from beacontools import parse_packet

IDENTIFIER = bytes.fromhex("8be6cd371c5c891604bfbe49df845096")
METADATA = bytes.fromhex("72033874a1b2c3d4")


def theengs(service, data):
    shown = decodeBLE(json.dumps({"id": "AA:BB:CC:DD:EE:FF", "servicedatauuid": service, "servicedata": data.hex()}))
    shown = json.loads(shown) if shown else {}
    return shown.get("model"), shown.get("rpi"), shown.get("aem")


def beacontools(data):
    return parse_packet(bytes.fromhex("02011a03036ffd") + bytes([len(data) + 3]) + bytes.fromhex("166ffd") + data)


for length in [10, 15, 16, 19, 20, 21, 24]:
    data = (IDENTIFIER + METADATA)[:length]
    one, other = theengs("fd6f", data), beacontools(data)
    print(f"{length} bytes: Theengs {one}, beacontools {other and (other.identifier, other.encrypted_metadata)}")
    if length < 16:
        assert one == (None, None, None), "the behaviour has changed"
    else:
        assert one == ("GAEN", IDENTIFIER.hex(), METADATA[:4].hex() if length >= 20 else None), "the behaviour has changed"
    if length < 20:
        assert other is None, "the behaviour has changed"
    else:
        assert (other.identifier, other.encrypted_metadata) == (IDENTIFIER.hex(), METADATA[:4]), "the behaviour has changed"

good = IDENTIFIER + METADATA[:4]
for service in ["FD6F", "0000fd6f-0000-1000-8000-00805f9b34fb"]:
    print(f"a good frame of {service}: Theengs {theengs(service, good)}")
    assert theengs(service, good) == (None, None, None), "the behaviour has changed"
PYTHON
venv/bin/python read.py
