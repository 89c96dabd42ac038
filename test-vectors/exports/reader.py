#!/usr/bin/env python3
"""A plain reader of exports, and the command that answers what run.py asks. It shares no code with the crate.

Zips are read with `zipfile`, signatures are verified with `cryptography`.
"""

import re
import sys
import zipfile
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path
from struct import error as StructError

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

sys.path.insert(0, str(Path(__file__).parent.parent))
import reference  # noqa: E402  (both lie in the folder above)
from implementation import answer_lines  # noqa: E402

HEADER = b"EK Export v1    "
NAMES = ("export.bin", "export.sig")
MOST_ENTRIES, MOST_ENDS, MOST_SIGNATURES, LARGEST_BATCH = 64, 4, 10, 1_000_000
LARGEST_ENTRY = 64 << 20
ALGORITHMS = {"1.2.840.10045.4.3.2": hashes.SHA256(), "1.2.840.10045.4.3.4": hashes.SHA512()}
VARINT, LENGTH = 0, 2
# Of a key's values: field, how its varint is read, and the range.
VALUES = {
    "transmission_risk_level": (2, reference.int32, range(0, 9)),
    "report_type": (5, reference.int32, range(0, 6)),
    "days_since_onset_of_symptoms": (6, lambda n: (n & 0xFFFFFFFF) >> 1 ^ -(n & 1), range(-14, 15)),
    "variant_of_concern": (8, reference.int32, range(0, 5)),
}
ENUMS = {number: good for number, _, good in (VALUES["report_type"], VALUES["variant_of_concern"])}


class Refused(Exception):
    def __init__(self, code: str, message: str):
        self.code, self.message = code, message


# --- The zip


def read_zip(data: bytes, container: str) -> list[bytes]:
    """export.bin and export.sig"""
    if not data:
        raise Refused("empty_file", "the file has no bytes")
    if not data.startswith((b"PK\3\4", b"PK\5\6")):
        raise Refused("not_a_zip", "the file does not begin as a zip")
    ends = data.count(b"PK\5\6")
    if ends > MOST_ENDS:
        raise Refused("zip_damaged", f"{ends} records say where the zip ends")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check_entries(archive.infolist(), container)
            return [read_entry(archive, name) for name in NAMES]
    except (zipfile.BadZipFile, zlib.error, StructError, EOFError, OSError, ValueError) as error:
        raise Refused("zip_damaged", str(error)) from error


def check_entries(entries: list[zipfile.ZipInfo], container: str) -> None:
    names = [entry.orig_filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise Refused("too_many_entries", f"{len(entries)} entries")
    for name in names:
        if ".." in re.split(r"[/\\]", name):
            raise Refused("entry_path", name)
    for name in names:
        if names.count(name) > 1:
            raise Refused("entry_duplicate", name)
    for name in names:
        if container == "strict" and name not in NAMES:
            raise Refused("entry_unexpected", name)
    for name in NAMES:
        if name not in names:
            raise Refused("entry_missing", name)
    for entry in entries:
        if entry.filename in NAMES and (entry.flag_bits & 1 or entry.compress_type not in (0, 8)):
            raise Refused("entry_unsupported", entry.filename)
    for entry in entries:
        if entry.filename in NAMES and entry.file_size > LARGEST_ENTRY:
            raise Refused("entry_too_large", entry.filename)


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    data = archive.read(name)
    if len(data) != archive.getinfo(name).file_size:
        raise Refused("zip_damaged", f"{name} has {len(data)} bytes")
    return data


# --- Protobuf


def walk(message: bytes):
    """Yields (number, wire type, value) of each field. A ValueError if the message is malformed."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = 0
        for shift in range(0, 70, 7):
            if at == len(message):
                raise ValueError("a varint ends beyond its message")
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value % 2**64
        raise ValueError("a varint of more than 10 bytes")

    while at < len(message):
        number, wire_type = divmod(varint(), 8)
        if number == 0 or wire_type not in (0, 1, 2, 5):
            raise ValueError(f"field {number} of wire type {wire_type}")
        if wire_type == VARINT:
            yield number, wire_type, varint()
            continue
        size = varint() if wire_type == LENGTH else {1: 8, 5: 4}[wire_type]
        if size > len(message) - at:
            raise ValueError(f"field {number} ends beyond its message")
        yield number, wire_type, message[at : at + size]
        at += size


def scalars(message: bytes, **wire_types: int) -> dict:
    """number -> its last value. A field of another wire type than `f<number>` says is unknown."""
    wanted = {int(name[1:]): wire_type for name, wire_type in wire_types.items()}
    return {number: value for number, wire_type, value in walk(message) if wanted.get(number) == wire_type}


def repeated(message: bytes, wanted: int) -> list[bytes]:
    return [value for number, wire_type, value in walk(message) if (number, wire_type) == (wanted, LENGTH)]


# --- Signatures


def read_signatures(export_sig: bytes) -> list[dict]:
    try:
        signatures = []
        for each in repeated(export_sig, 1):
            fields = scalars(each, f1=LENGTH, f4=LENGTH)
            info = scalars(fields.get(1, b""), f3=LENGTH, f4=LENGTH, f5=LENGTH)
            version, id, algorithm = (info[n].decode() if n in info else None for n in (3, 4, 5))
            signatures.append({"id": id, "version": version, "algorithm": algorithm, "bytes": fields.get(4, b"")})
    except ValueError as error:
        raise Refused("signature_list_malformed", str(error)) from error
    if len(signatures) > MOST_SIGNATURES:
        raise Refused("too_many_signatures", f"{len(signatures)} signatures")
    if not signatures:
        raise Refused("unsigned", "there is no signature")
    return signatures


def check_signature(key: dict, signature: dict, signed: bytes, raw_is_good: bool) -> None:
    who, algorithm, data = f"{key['id']} {key['version']}", signature["algorithm"], signature["bytes"]
    if algorithm not in ALGORITHMS:
        raise Refused("algorithm_unsupported", f"{who}: signature_algorithm {algorithm}")
    if len(data) == 64 and not raw_is_good:
        raise Refused("signature_raw", f"{who}: 64 bytes, not DER")
    if len(data) == 64:
        data = encode_dss_signature(int.from_bytes(data[:32]), int.from_bytes(data[32:]))
    try:
        decode_dss_signature(data)
    except ValueError as error:
        raise Refused("signature_malformed", f"{who}: {len(data)} bytes: {error}") from error
    try:
        load_pem_public_key(key["public_key"].encode()).verify(data, signed, ec.ECDSA(ALGORITHMS[algorithm]))
    except InvalidSignature as error:
        raise Refused("signature_invalid", f"{who}: the signature does not verify") from error


def check_key(key: dict, keys: list[dict], signatures: list[dict], signed: bytes, raw_is_good: bool) -> None:
    """One of the signatures that name the key is good. One that names none stands for the only key of a set."""
    own = [each for each in signatures if (each["id"], each["version"]) == (key["id"], key["version"])]
    nameless = [each for each in signatures if each["id"] is None]
    if not own and nameless:
        if len(signatures) > 1 or len(keys) > 1:
            raise Refused("signature_anonymous", f"a signature names no key, and {key['id']} is one of several")
        own = nameless
    if not own:
        found = ", ".join(f"{each['id']} {each['version']}" for each in signatures)
        raise Refused("unknown_key", f"no signature by {key['id']} {key['version']}, there is {found}")
    faults = []
    for signature in own:
        try:
            return check_signature(key, signature, signed, raw_is_good)
        except Refused as fault:
            faults.append(fault)
    raise faults[0]


def check_trust(trust: list[list[dict]], signatures: list[dict], signed: bytes, raw_is_good: bool) -> None:
    """All keys of one set have signed. Of what is wrong, the first set that names a signer is told."""
    faults = []
    for keys in trust:
        try:
            for key in keys:
                check_key(key, keys, signatures, signed, raw_is_good)
            return
        except Refused as fault:
            faults.append(fault)
    raise next((fault for fault in faults if fault.code != "unknown_key"), faults[0])


# --- The message


def check_batch(message: bytes) -> None:
    fields = scalars(message, f4=VARINT, f5=VARINT)
    number, size = (reference.int32(fields[n]) if n in fields else None for n in (4, 5))
    if (number, size) == (None, None):
        return
    if number is None or size is None or not 1 <= number <= size <= LARGEST_BATCH:
        raise Refused("batch_invalid", f"batch_num {number}, batch_size {size}")


def key_fields(message: bytes) -> dict:
    """The fields of a TemporaryExposureKey. A value that its enum does not have leaves the value before."""
    key = {}
    for number, wire_type, value in walk(message):
        if wire_type != (LENGTH if number == 1 else VARINT):
            continue
        if number in key and number in ENUMS and reference.int32(value) not in ENUMS[number]:
            continue
        key[number] = value
    return key


def read_keys(messages: list[bytes], profile: str, skipped: Counter, ignored: Counter) -> int:
    """How many of the keys are accepted."""
    accepted = 0
    for message in messages:
        key = key_fields(message)
        reason = reference.skip_reason(key, profile)
        if reason:
            skipped[reason] += 1
            continue
        accepted += 1
        for name, (number, read, good) in VALUES.items():
            if number in key and read(key[number]) not in good:
                ignored[name] += 1
    return accepted


def read(request: dict) -> dict:
    export_bin, export_sig = read_zip(Path(request["file"]).read_bytes(), request["container"])
    if not export_bin.startswith(HEADER):
        raise Refused("header_missing", "export.bin does not begin with its header")
    signatures = read_signatures(export_sig)
    check_trust(request["trust"], signatures, export_bin, request["raw_signatures"])
    message = export_bin[len(HEADER) :]
    skipped, ignored = Counter(), Counter()
    try:
        infos = repeated(message, 6)
        for info in infos:
            list(walk(info))
        keys, revised = (read_keys(repeated(message, n), request["profile"], skipped, ignored) for n in (7, 8))
    except ValueError as error:
        raise Refused("protobuf_malformed", str(error)) from error
    if len(infos) > MOST_SIGNATURES:
        raise Refused("too_many_signature_infos", f"{len(infos)} signature infos")
    check_batch(message)
    if request["profile"] == "google" and len(infos) != len(signatures):
        raise Refused("signature_count", f"{len(infos)} signature infos, {len(signatures)} signatures")
    return {
        "error": None,
        "keys": keys,
        "revised_keys": revised,
        "skipped_keys": dict(skipped),
        "ignored_values": dict(ignored),
    }


def answer(request: dict) -> dict:
    try:
        return read(request)
    except Refused as fault:
        return {"error": fault.code, "message": fault.message}


if __name__ == "__main__":
    answer_lines(answer)
