#!/usr/bin/env python3
"""Writes one export zip for each thing that can be right or wrong in one, and manifest.json.

The protobuf encoder below is written by hand, so that any fault can be crafted. Everything is
deterministic. With --check nothing is written: the files are made again in memory and compared
with the committed ones.
"""

import argparse
import io
import json
import sys
import warnings
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
import reference  # noqa: E402  (it lies in the folder above)

HEADER = b"EK Export v1    "
ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 = (f"1.2.840.10045.4.3.{n}" for n in (2, 3, 4))
ALLOWED = {ECDSA_SHA256: hashes.SHA256(), ECDSA_SHA512: hashes.SHA512()}
HASHES = ALLOWED | {ECDSA_SHA384: hashes.SHA384()}
START_TIMESTAMP, END_TIMESTAMP = 1605830400, 1605916800
MIDNIGHT = END_TIMESTAMP // 600 // 144 * 144 - 144
I32_MIN, I32_MAX = -(2**31), 2**31 - 1


# --- protobuf: each function gives the bytes of one field, or none for the value None


def varint(value: int) -> bytes:
    """A negative number is written as its 64-bit two's complement, in 10 bytes."""
    value %= 2**64
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def tag(number: int, wire_type: int) -> bytes:
    return varint(number << 3 | wire_type)


def integer(number: int, value: int | None) -> bytes:
    return b"" if value is None else tag(number, 0) + varint(value)


def zigzag(number: int, value: int | None) -> bytes:
    return b"" if value is None else integer(number, (value << 1 ^ value >> 31) % 2**32)


def fixed64(number: int, value: int) -> bytes:
    return tag(number, 1) + value.to_bytes(8, "little")


def fixed32(number: int, value: int) -> bytes:
    return tag(number, 5) + value.to_bytes(4, "little")


def blob(number: int, value: bytes | str | None) -> bytes:
    if value is None:
        return b""
    value = value.encode() if isinstance(value, str) else value
    return tag(number, 2) + varint(len(value)) + value


def of_other_wire_types(known: dict[int, int]) -> bytes:
    """Each of these fields in every wire type but its own: to a reader of proto2 they are unknown."""
    forms = {0: lambda n: integer(n, 7), 1: lambda n: fixed64(n, 7), 2: lambda n: blob(n, "other"), 5: lambda n: fixed32(n, 7)}
    return b"".join(form(n) for n, own in known.items() for wire_type, form in forms.items() if wire_type != own)


UNKNOWN_FIELDS = integer(100, 2**63) + fixed64(101, 1) + blob(102, "unknown") + fixed32(103, 1)


# --- the messages of an export


def key_data(n: int, size: int = 16) -> bytes:
    return (sha256(b"test key %d" % n).digest() * 3)[:size]


def key(n, *, data=..., level=2, start=MIDNIGHT, period=None, report_type=1, days=None, variant=None, extra=b""):
    """A TemporaryExposureKey: `n` gives its key_data, unless `data` does."""
    return (
        blob(1, key_data(n) if data is ... else data)
        + integer(2, level)
        + integer(3, start)
        + integer(4, period)
        + integer(5, report_type)
        + zigzag(6, days)
        + integer(8, variant)
        + extra
    )


KEYS = sorted([key(1), key(2, period=100, days=-3), key(3, start=MIDNIGHT - 144, level=6, days=2)])


@dataclass(frozen=True)
class Signer:
    id: str | None
    version: str | None
    private: ec.EllipticCurvePrivateKey

    @property
    def name(self) -> str:
        return f"{self.id}-{self.version}"

    def info(self, algorithm: str | None = ECDSA_SHA256, deprecated: bytes = b"", extra: bytes = b"") -> bytes:
        """A SignatureInfo."""
        return deprecated + blob(3, self.version) + blob(4, self.id) + blob(5, algorithm) + extra

    def sign(self, message: bytes, algorithm: str = ECDSA_SHA256) -> bytes:
        return self.private.sign(message, ec.ECDSA(HASHES[algorithm], deterministic_signing=True))


# Private keys for these tests only, as plain to see.
A = Signer("gaen-test-a", "v1", ec.derive_private_key(int("0a" * 32, 16), ec.SECP256R1()))
B = Signer("gaen-test-b", "v1", ec.derive_private_key(int("0b" * 32, 16), ec.SECP256R1()))
STRANGER = Signer("stranger", "v1", ec.derive_private_key(int("05" * 32, 16), ec.SECP256R1()))
NAMELESS = Signer(None, None, A.private)
PEM_FILES = {A: "trusted-a.pem", B: "trusted-b.pem", STRANGER: "untrusted.pem"}
SIGNERS = {signer.name: signer for signer in PEM_FILES}


def batch_fields(number: int, batch) -> bytes:
    return integer(number, batch[0]) + integer(number + 1, batch[1]) if batch else b""


def export(keys=KEYS, revised=(), infos=(A.info(),), batch=(1, 1), extra=b"") -> bytes:
    """export.bin: the header and a TemporaryExposureKeyExport."""
    return b"".join(
        [
            HEADER,
            fixed64(1, START_TIMESTAMP),
            fixed64(2, END_TIMESTAMP),
            blob(3, "TEST"),
            batch_fields(4, batch),
            *(blob(6, info) for info in infos),
            *(blob(7, each) for each in keys),
            *(blob(8, each) for each in revised),
            extra,
        ]
    )


def signature(info: bytes, signature: bytes, batch=(1, 1), extra=b"") -> bytes:
    """export.sig with one TEKSignature; several of them joined are a list of several."""
    return blob(1, blob(1, info) + batch_fields(2, batch) + blob(4, signature) + extra)


def sign(export_bin: bytes, *signers: Signer) -> bytes:
    """export.sig as it should be."""
    return b"".join(signature(signer.info(), signer.sign(export_bin)) for signer in signers)


# --- zips


class Stream(io.BytesIO):
    """A file that cannot seek, for which `zipfile` writes data descriptors."""

    def seek(self, *_):
        raise io.UnsupportedOperation


def pack(*entries: tuple[str, bytes], method=zipfile.ZIP_STORED, into=io.BytesIO, comment=b"") -> bytes:
    target = into()
    # It warns about the duplicate names that some faults need.
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(target, "w") as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)  # dated 1980-01-01
            info.create_system = 3  # or the bytes would tell the system they were made on
            archive.writestr(info, data, compress_type=method)
        archive.comment = comment
    return target.getvalue()


def both(export_bin: bytes, export_sig: bytes | None = None, **packing) -> bytes:
    """A zip with the two entries, signed by A unless an export.sig is given."""
    export_sig = sign(export_bin, A) if export_sig is None else export_sig
    return pack(("export.bin", export_bin), ("export.sig", export_sig), **packing)


# Where a field lies in an entry's local header and in its central directory record, and its size.
LOCAL = {"flags": (6, 2), "method": (8, 2), "date": (12, 2), "crc": (14, 4), "size": (22, 4)}
CENTRAL = {"flags": (8, 2), "method": (10, 2), "date": (14, 2), "crc": (16, 4), "size": (24, 4), "offset": (42, 4)}


def patch(data: bytes, entry="export.bin", only_central=False, **values: int) -> bytes:
    """Overwrites fields in the headers of an entry."""
    out = bytearray(data)
    headers = [(data.rindex(entry.encode()) - 46, CENTRAL)]
    if not only_central:
        headers.append((data.index(entry.encode()) - 30, LOCAL))
    for header, layout in headers:
        for field, value in values.items():
            at, size = layout[field]
            out[header + at : header + at + size] = value.to_bytes(size, "little")
    return bytes(out)


def with_deflate_stream(export_bin: bytes, stream: bytes) -> bytes:
    """A zip whose export.bin has exactly this deflate stream."""
    stored = pack(("export.bin", stream), ("export.sig", sign(export_bin, A)))
    return patch(stored, method=zipfile.ZIP_DEFLATED, crc=zlib.crc32(export_bin), size=len(export_bin))


def deflate_with_sync_flushes(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    chunks = (data[at : at + 50] for at in range(0, len(data), 50))
    return b"".join(compressor.compress(c) + compressor.flush(zlib.Z_SYNC_FLUSH) for c in chunks) + compressor.flush()


# --- the vectors


class Vector:
    """A file, what it is, and how it reads under one or more settings."""

    def __init__(self, name: str, what: str, data: bytes, *readings: dict):
        self.name, self.what, self.data, self.readings = name, what, data, readings


DEFAULTS = {"container": "strict", "profile": "google", "trust": [[A.name]], "raw_signatures": False}


def reading(error: str | None, settings: dict, **facts) -> dict:
    """A reading, without the settings that are the defaults."""
    if trust := settings.get("trust"):
        settings = settings | {"trust": [[signer.name for signer in keys] for keys in trust]}
    assert settings.keys() <= DEFAULTS.keys()
    return {"error": error} | {k: v for k, v in settings.items() if v != DEFAULTS[k]} | facts


def good(keys=len(KEYS), revised=0, skipped=None, ignored=None, **settings) -> dict:
    facts = {"keys": keys, "revised_keys": revised, "skipped_keys": skipped or {}}
    return reading(None, settings, **facts, **({"ignored_values": ignored} if ignored else {}))


def bad(error: str, *mentions: str, **settings) -> dict:
    return reading(error, settings, **({"mentions": list(mentions)} if mentions else {}))


VALID_BIN = export()
VALID_SIG = sign(VALID_BIN, A)
BIN, SIG = ("export.bin", VALID_BIN), ("export.sig", VALID_SIG)
VALID = pack(BIN, SIG)


def good_containers():
    yield Vector("valid", "An ordinary export.", VALID, good(), good(profile="apple"), good(container="tolerant"))
    yield Vector("valid_sig_first", "export.sig comes before export.bin.", pack(SIG, BIN), good())
    yield Vector("valid_deflate", "Both entries are deflated.", pack(BIN, SIG, method=zipfile.ZIP_DEFLATED), good())
    yield Vector(
        "valid_data_descriptor",
        "Sizes and CRCs follow the data (flag bit 3) and are zero in the local headers.",
        pack(BIN, SIG, method=zipfile.ZIP_DEFLATED, into=Stream),
        good(),
    )
    yield Vector("valid_utf8_flag", "Flag bit 11 is set: the name is UTF-8.", patch(VALID, flags=1 << 11), good())
    yield Vector("valid_dos_date_zero", "The DOS date is 0: 1980-00-00.", patch(VALID, date=0), good())
    yield Vector("valid_dos_day_zero", "The DOS date is 0x0020: 1980-01-00.", patch(VALID, date=0x20), good())
    yield Vector("valid_zip_comment", "The zip carries a comment.", pack(BIN, SIG, comment=b"a comment"), good())
    ends = export([key(1, data=b"PK\5\6" * 3 + b"last")])
    yield Vector(
        "valid_end_signatures_in_data",
        "A stored key_data has three times what the record at the end of a zip starts with.",
        both(ends),
        good(1),
    )
    yield Vector(
        "valid_deflate_sync_flush",
        "The deflate stream of export.bin has empty stored blocks, as sync flushes leave them.",
        with_deflate_stream(VALID_BIN, deflate_with_sync_flushes(VALID_BIN)),
        good(),
    )


def good_messages():
    def vector(name, what, export_bin, *readings, export_sig=None):
        return Vector(name, what, both(export_bin, export_sig), *readings)

    yield vector("valid_no_keys", "An export without keys.", export(keys=[]), good(0))
    yield vector(
        "valid_revised_keys",
        "Two keys, and three revised keys: revoked, confirmed and self reported.",
        export(KEYS[:2], revised=[key(10, report_type=5), key(11, report_type=1), key(12, report_type=3)]),
        good(2, revised=3),
    )
    unknown_bin = export([key(1, extra=UNKNOWN_FIELDS)], infos=[A.info(extra=UNKNOWN_FIELDS)], extra=UNKNOWN_FIELDS)
    yield vector(
        "valid_unknown_fields",
        "Every message has unknown fields of every wire type, to be skipped.",
        unknown_bin,
        good(1),
        export_sig=UNKNOWN_FIELDS + signature(A.info(extra=UNKNOWN_FIELDS), A.sign(unknown_bin), extra=UNKNOWN_FIELDS),
    )
    other_bin = export(
        [key(1, extra=of_other_wire_types(reference.KEY))],
        infos=[A.info(extra=of_other_wire_types(reference.SIGNATURE_INFO))],
        extra=of_other_wire_types(reference.EXPORT),
    )
    other_info = A.info(extra=of_other_wire_types(reference.SIGNATURE_INFO))
    yield vector(
        "valid_known_fields_of_other_wire_types",
        "Every message repeats its known fields in every other wire type: these are unknown fields, to be skipped.",
        other_bin,
        good(1),
        export_sig=of_other_wire_types(reference.SIGNATURE_LIST)
        + signature(other_info, A.sign(other_bin), extra=of_other_wire_types(reference.SIGNATURE)),
    )
    backwards = (
        HEADER
        + blob(7, integer(5, 1) + integer(3, MIDNIGHT) + integer(2, 2) + blob(1, key_data(1)))
        + blob(6, blob(5, ECDSA_SHA256) + blob(4, A.id) + blob(3, A.version))
        + blob(7, KEYS[1])
        + integer(5, 1)
        + integer(4, 1)
        + blob(3, "TEST")
        + fixed64(2, END_TIMESTAMP)
        + fixed64(1, START_TIMESTAMP)
    )
    yield vector("valid_fields_out_of_order", "Fields come in falling order, keys apart.", backwards, good(2))
    deprecated = A.info(deprecated=blob(1, "org.example.ios") + blob(2, "org.example.android"))
    yield vector(
        "valid_deprecated_fields",
        "The signature infos have their deprecated fields 1 and 2.",
        export(infos=[deprecated]),
        good(),
        export_sig=signature(deprecated, A.sign(export(infos=[deprecated]))),
    )
    no_batch = export(batch=None)
    yield vector(
        "valid_no_batch",
        "No batch fields: a single file.",
        no_batch,
        good(),
        export_sig=signature(A.info(), A.sign(no_batch), batch=None),
    )
    yield vector("valid_batch_largest", "Batch 1,000,000 of 1,000,000.", export(batch=(1_000_000, 1_000_000)), good())


def key_vectors():
    def vector(name, what, keys, *readings):
        return Vector(name, what, both(export(keys)), *readings)

    yield vector(
        "valid_days_out_of_range",
        "days_since_onset_of_symptoms of i32::MIN, 15 and -15: the keys stay.",
        [key(1, days=I32_MIN), key(2, days=15), key(3, days=-15)],
        good(3, ignored={"days_since_onset_of_symptoms": 3}),
    )
    yield vector(
        "valid_level_out_of_range",
        "transmission_risk_level of 9 and -1: the keys stay.",
        [key(1, level=9), key(2, level=-1)],
        good(2, ignored={"transmission_risk_level": 2}),
    )
    yield vector(
        "valid_report_type_out_of_range",
        "report_type of 6 and -1: the keys stay.",
        [key(1, report_type=6), key(2, report_type=-1)],
        good(2, ignored={"report_type": 2}),
    )
    yield vector(
        "valid_variant_out_of_range",
        "variant_of_concern of 5 and -1: the keys stay.",
        [key(1, variant=5), key(2, variant=-1)],
        good(2, ignored={"variant_of_concern": 2}),
    )
    yield vector(
        "valid_enum_value_before",
        "report_type 1, then 9, and variant_of_concern 2, then 9: an enum of proto2 keeps the value before.",
        [key(1, variant=2, extra=integer(5, 9) + integer(8, 9)), key(2, report_type=9, extra=integer(5, 3))],
        good(2),
    )
    yield vector(
        "valid_values_at_their_limits",
        "The least and the greatest value that each field of a report may have.",
        [
            key(1, level=0, report_type=0, days=-14, variant=0),
            key(2, level=8, report_type=5, days=14, variant=4),
        ],
        good(2),
    )
    yield vector(
        "keys_values_out_of_range",
        "Values out of range, of which only those of a key that stays are counted.",
        [key(1, level=9, days=15), key(2, data=b"short", level=9, report_type=6, days=15, variant=5)],
        good(
            1,
            skipped={"key_data_length": 1},
            ignored={"transmission_risk_level": 1, "days_since_onset_of_symptoms": 1},
        ),
    )
    yield vector(
        "valid_negative_int32",
        "Negative int32 values: i32::MIN in 10 bytes, and -1 in the 5 bytes that some encoders write.",
        [key(1, level=I32_MIN), key(2, level=2**32 - 1)],
        good(2, ignored={"transmission_risk_level": 2}),
    )
    yield vector(
        "valid_same_key_twice",
        "One key_data with two starts, and with two periods of one start.",
        [key(1), key(1, start=MIDNIGHT - 144), key(1, period=72)],
        good(3),
    )
    yield vector(
        "valid_exact_duplicate",
        "The same key twice, equal in every field: both are read, a match counts once.",
        [key(1), key(1)],
        good(2),
    )
    yield vector(
        "valid_unaligned_starts",
        "Starts that are not multiples of 144, and start 0.",
        [key(1, start=MIDNIGHT + 1), key(2, start=MIDNIGHT - 71), key(3, start=0), key(4, start=I32_MAX)],
        good(4),
    )
    yield vector(
        "valid_periods",
        "Periods absent, 1, 143 and 144.",
        [key(1), key(2, period=1), key(3, period=143), key(4, period=144)],
        good(4),
    )
    lengths = [key(2 + size, data=key_data(2, size)) for size in (3, 32, 39, 53, 96, 0)]
    yield vector(
        "keys_bad_lengths",
        "key_data of 3, 32, 39, 53, 96 and 0 bytes, and none; beside one good key.",
        [*lengths, key(0, data=None), key(1)],
        good(1, skipped={"key_data_length": 7}),
    )
    yield vector(
        "keys_period_zero",
        "An explicit rolling_period of 0: Google skips the key, Apple reads 144.",
        [key(1), key(2, period=0)],
        good(1, skipped={"rolling_period_zero": 1}),
        good(2, profile="apple"),
    )
    yield vector(
        "keys_period_too_long",
        "Periods of 145 and i32::MAX.",
        [key(1), key(2, period=145), key(3, period=I32_MAX)],
        good(1, skipped={"rolling_period_too_long": 2}),
    )
    yield vector(
        "keys_period_negative",
        "Periods of -1 and i32::MIN.",
        [key(1), key(2, period=-1), key(3, period=I32_MIN)],
        good(1, skipped={"rolling_period_negative": 2}),
        good(1, skipped={"rolling_period_negative": 2}, profile="apple"),
    )
    yield vector(
        "keys_start_negative",
        "Starts of -1 and i32::MIN.",
        [key(1), key(2, start=-1), key(3, start=I32_MIN)],
        good(1, skipped={"rolling_start_negative": 2}),
    )
    yield vector(
        "keys_start_missing",
        "A key without rolling_start_interval_number.",
        [key(1), key(2, start=None)],
        good(1, skipped={"rolling_start_missing": 1}),
    )
    yield vector(
        "keys_several_faults",
        "Keys with several faults each: the first in the order of the checks is counted.",
        [
            key(1),
            key(2, data=b"short", start=None, period=0),
            key(3, start=None, period=-1),
            key(4, start=-1, period=145),
        ],
        good(1, skipped={"key_data_length": 1, "rolling_start_missing": 1, "rolling_start_negative": 1}),
    )


def faulty_files():
    page = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>Not Found</body></html>\n"
    noise = b"".join(sha256(b"noise %d" % n).digest() for n in range(16))
    yield Vector("file_empty", "No bytes at all.", b"", bad("empty_file"))
    yield Vector("file_html", "The page of a server's error.", page, bad("not_a_zip"))
    yield Vector("file_json", "A JSON document.", b'{"error": "not found"}\n', bad("not_a_zip"))
    yield Vector("file_random", "Random bytes.", noise, bad("not_a_zip"))
    yield Vector(
        "file_zip_of_zips",
        "A zip whose only entry is a valid export zip.",
        pack(("inner.zip", VALID)),
        bad("entry_unexpected", "inner.zip"),
        bad("entry_missing", "export.bin", container="tolerant"),
    )


def faulty_containers():
    def everywhere(error, *mentions):
        return bad(error, *mentions), bad(error, *mentions, container="tolerant")

    deflated = pack(BIN, SIG, method=zipfile.ZIP_DEFLATED)
    yield Vector(
        "zip_truncated", "The second half of the file is missing.", VALID[: len(VALID) // 2], *everywhere("zip_damaged")
    )
    yield Vector(
        "zip_truncated_directory",
        "The file ends within its central directory.",
        VALID[:-60],
        *everywhere("zip_damaged"),
    )
    yield Vector("zip_bad_crc", "The CRC of export.bin is wrong.", patch(VALID, crc=0x12345678), bad("zip_damaged"))
    yield Vector(
        "zip_corrupt_deflate",
        "The deflate stream of export.bin has a block of the reserved type.",
        with_deflate_stream(VALID_BIN, b"\x07" + deflate_with_sync_flushes(VALID_BIN)[1:]),
        bad("zip_damaged"),
    )
    yield Vector(
        "zip_size_lies",
        "export.bin inflates to more bytes than its central directory record says.",
        patch(deflated, only_central=True, size=len(VALID_BIN) - 1),
        bad("zip_damaged"),
    )
    yield Vector(
        "zip_size_lies_larger",
        "export.bin inflates to fewer bytes than its central directory record says.",
        patch(deflated, only_central=True, size=len(VALID_BIN) + 1),
        bad("zip_damaged"),
    )
    yield Vector(
        "zip_offset_lies",
        "The central directory places export.bin beyond the end of the file.",
        patch(VALID, only_central=True, offset=1 << 24),
        bad("zip_damaged"),
    )
    bomb = HEADER + bytes((65 << 20) + 1)
    yield Vector(
        "zip_bomb",
        "export.bin is a header and 65 MiB + 1 of zeros: over the limit of 64 MiB.",
        both(bomb, VALID_SIG, method=zipfile.ZIP_DEFLATED),
        *everywhere("entry_too_large", "export.bin"),
    )
    extras = [(f"extra{n:02}.txt", b"") for n in range(63)]
    yield Vector(
        "zip_too_many_entries",
        "65 entries: over the limit of 64.",
        pack(BIN, SIG, *extras),
        *everywhere("too_many_entries"),
    )
    yield Vector(
        "zip_most_entries",
        "64 entries, as many as allowed.",
        pack(BIN, SIG, *extras[:62]),
        bad("entry_unexpected"),
        good(container="tolerant"),
    )
    yield Vector("zip_no_entries", "An empty zip.", pack(), *everywhere("entry_missing"))
    yield Vector(
        "zip_missing_export_bin", "There is no export.bin.", pack(SIG), *everywhere("entry_missing", "export.bin")
    )
    yield Vector(
        "zip_missing_export_sig", "There is no export.sig.", pack(BIN), *everywhere("entry_missing", "export.sig")
    )
    yield Vector(
        "zip_duplicate_export_bin",
        "export.bin is there twice.",
        pack(BIN, SIG, BIN),
        *everywhere("entry_duplicate", "export.bin"),
    )
    yield Vector(
        "zip_duplicate_export_bin_differs",
        "Two entries export.bin: the first as signed, the second not.",
        pack(BIN, SIG, ("export.bin", export([key(99)]))),
        *everywhere("entry_duplicate", "export.bin"),
    )
    yield Vector(
        "zip_duplicate_export_sig",
        "export.sig is there twice.",
        pack(BIN, SIG, SIG),
        *everywhere("entry_duplicate", "export.sig"),
    )
    yield Vector(
        "zip_extra_entry",
        "A third entry, content.sig.",
        pack(BIN, SIG, ("content.sig", b"another signature")),
        bad("entry_unexpected", "content.sig"),
        good(container="tolerant"),
    )
    yield Vector(
        "zip_path_traversal",
        "A third entry, ../export.bin.",
        pack(BIN, SIG, ("../export.bin", VALID_BIN)),
        *everywhere("entry_path", "../export.bin"),
    )
    yield Vector(
        "zip_path_backslash",
        "A third entry, ..\\export.bin.",
        pack(BIN, SIG, ("..\\export.bin", VALID_BIN)),
        *everywhere("entry_path", "export.bin"),
    )
    yield Vector(
        "zip_many_ends",
        "100 records that end a zip stand before the zip: over the limit of 4 in all.",
        (b"PK\5\6" + bytes(18)) * 100 + VALID,
        *everywhere("zip_damaged", "101 records"),
    )
    yield Vector(
        "zip_directory_entry",
        "A third entry, the folder data/.",
        pack(BIN, SIG, ("data/", b"")),
        bad("entry_unexpected", "data/"),
        good(container="tolerant"),
    )
    yield Vector(
        "zip_export_in_folder",
        "Both entries lie in the folder data/.",
        pack(("data/export.bin", VALID_BIN), ("data/export.sig", VALID_SIG)),
        bad("entry_unexpected", "data/export.bin"),
        bad("entry_missing", "export.bin", container="tolerant"),
    )
    yield Vector(
        "zip_encrypted",
        "Flag bit 0 says that export.bin is encrypted.",
        patch(VALID, flags=1),
        *everywhere("entry_unsupported", "export.bin"),
    )
    for suffix, method in {"": zipfile.ZIP_BZIP2, "_lzma": zipfile.ZIP_LZMA}.items():
        yield Vector(
            f"zip_unsupported_method{suffix}",
            f"export.bin says that it is compressed by method {method}.",
            patch(VALID, method=method),  # the method alone must stop a reader
            *everywhere("entry_unsupported", "export.bin"),
        )


def faulty_headers():
    def vector(name, what, export_bin):
        return Vector(name, what, both(export_bin), bad("header_missing"))

    body = VALID_BIN[len(HEADER) :]
    yield vector("header_missing", "export.bin has no header (but is signed).", body)
    yield vector("header_wrong_version", "The header is that of a version 2.", b"EK Export v2    " + body)
    yield vector("header_truncated", "export.bin ends after 5 bytes of its header.", HEADER[:5])
    yield vector("export_bin_empty", "export.bin has no bytes.", b"")


def faulty_messages():
    """Faults within export.bin, properly signed: the signature is verified before the parse."""

    def vector(name, what, error, export_bin):
        return Vector(name, what, both(export_bin), bad(error))

    malformed = "protobuf_malformed"
    yield vector("protobuf_truncated_key", "A key ends within its key_data.", malformed, export([*KEYS, key(4)[:9]]))
    yield vector(
        "protobuf_overlong_varint",
        "A varint of 11 bytes.",
        malformed,
        export([key(1, start=None) + tag(3, 0) + b"\x80" * 10 + b"\x01"]),
    )
    yield vector(
        "protobuf_length_beyond_end",
        "The last field is longer than what is left of the file.",
        malformed,
        export(extra=tag(7, 2) + varint(1000) + key(4)),
    )
    yield vector(
        "protobuf_length_huge",
        "A length of 2^64 - 1, which overflows when it is added to an offset.",
        malformed,
        export(extra=tag(7, 2) + varint(2**64 - 1) + key(4)),
    )
    yield vector("protobuf_bad_wire_type", "A field of wire type 7.", malformed, export(extra=tag(15, 7)))
    yield vector("protobuf_field_zero", "A field of number 0.", malformed, export(extra=integer(0, 1)))
    yield vector(
        "too_many_signature_infos", "11 signature infos.", "too_many_signature_infos", export(infos=[A.info()] * 11)
    )
    for name, batch in {
        "batch_num_zero": (0, 1),
        "batch_num_over_size": (2, 1),
        "batch_num_negative": (-1, 1),
        "batch_size_too_large": (1, 1_000_001),
    }.items():
        yield vector(name, f"batch_num {batch[0]}, batch_size {batch[1]}.", "batch_invalid", export(batch=batch))
    yield vector("batch_num_missing", "batch_size 1, no batch_num.", "batch_invalid", export(batch=(None, 1)))


def good_signatures():
    sha512 = export(infos=[A.info(ECDSA_SHA512)])
    yield Vector(
        "valid_sha512",
        "Signed with ECDSA and SHA-512.",
        both(sha512, signature(A.info(ECDSA_SHA512), A.sign(sha512, ECDSA_SHA512))),
        good(),
    )
    cosigned = export(infos=[A.info(), B.info()])
    yield Vector(
        "valid_cosigned",
        "Signed by A and B.",
        both(cosigned, sign(cosigned, A, B)),
        good(trust=[[A, B]]),
        good(trust=[[A, B]], profile="apple"),
        good(trust=[[B, A]]),
        good(trust=[[A]]),
        good(trust=[[B]], profile="apple"),
    )
    beside = export(infos=[STRANGER.info(), A.info()])
    yield Vector(
        "valid_unknown_signer_beside",
        "Signed by a stranger and by A.",
        both(beside, sign(beside, STRANGER, A)),
        good(),
        good(profile="apple"),
    )
    strangers = [Signer(f"stranger-{n}", "v1", STRANGER.private) for n in range(9)]
    ten = export(infos=[signer.info() for signer in (*strangers, A)])
    yield Vector(
        "valid_ten_signatures", "Ten signatures, as many as allowed.", both(ten, sign(ten, *strangers, A)), good()
    )
    rotated = export(infos=[B.info()])
    yield Vector(
        "valid_rotation",
        "Signed by B alone.",
        both(rotated, sign(rotated, B)),
        good(trust=[[A], [B]]),
        good(trust=[[A, B], [B]]),
        bad("unknown_key", A.id, B.id),
    )
    twice = export(infos=[A.info()] * 2)
    one_good, one_bad = sign(twice, A), sign(VALID_BIN, A)
    for name, export_sig in {"first": one_bad + one_good, "last": one_good + one_bad}.items():
        yield Vector(
            f"valid_bad_signature_{name}",
            f"Two signatures by A; the {name} is of another file.",
            both(twice, export_sig),
            good(),
            good(profile="apple"),
        )
    nameless = export(infos=[NAMELESS.info()])
    yield Vector(
        "valid_no_id",
        "One signature by A, which names no key: good for one trusted key, not for a set of two.",
        both(nameless, sign(nameless, NAMELESS)),
        good(),
        good(trust=[[B], [A]]),
        bad("signature_anonymous", trust=[[A, B]]),
        bad("signature_invalid", trust=[[B]]),
    )


def faulty_signatures():
    def vector(name, what, export_sig, *readings, export_bin=VALID_BIN):
        return Vector(name, what, both(export_bin, export_sig), *readings)

    def by_a(signature_bytes):
        return signature(A.info(), signature_bytes)

    # The lists themselves.
    yield vector("signature_list_empty", "export.sig has no bytes: an unsigned file.", b"", bad("unsigned"))
    yield vector(
        "signature_list_malformed",
        "export.sig ends within its signature.",
        VALID_SIG[:-20],
        bad("signature_list_malformed"),
    )
    yield vector("signature_list_too_long", "11 signatures.", VALID_SIG * 11, bad("too_many_signatures"))

    # The form of a signature.
    der = A.sign(VALID_BIN)
    raw = b"".join(n.to_bytes(32, "big") for n in decode_dss_signature(der))
    yield vector(
        "signature_raw_rs",
        "The signature is 64 raw bytes r || s, not DER.",
        by_a(raw),
        bad("signature_raw", "64"),
        good(raw_signatures=True),
    )
    yield vector("signature_empty", "The signature has 0 bytes.", by_a(b""), bad("signature_malformed", "0"))
    cut = der[:-10]
    yield vector("signature_truncated_der", "The DER ends early.", by_a(cut), bad("signature_malformed", str(len(cut))))
    yield vector(
        "signature_trailing_byte",
        "A zero byte follows the DER.",
        by_a(der + b"\0"),
        bad("signature_malformed", str(len(der) + 1)),
    )

    # What was signed, and by whom.
    invalid = bad("signature_invalid", A.id)
    yield vector(
        "signature_double_hash",
        "Signs the SHA-256 of the SHA-256 of export.bin.",
        by_a(A.sign(sha256(VALID_BIN).digest())),
        invalid,
    )
    yield vector(
        "signature_wrong_hash",
        "Made with SHA-512, but names the OID of SHA-256.",
        by_a(A.sign(VALID_BIN, ECDSA_SHA512)),
        invalid,
    )
    yield vector(
        "signature_over_body_only",
        "Signs export.bin without its header.",
        by_a(A.sign(VALID_BIN[len(HEADER) :])),
        invalid,
    )
    yield vector("signature_forged_id", "Names key A, but is a stranger's.", by_a(STRANGER.sign(VALID_BIN)), invalid)
    yield vector(
        "export_sig_of_another_file", "export.sig is that of another export.", sign(export([key(99)]), A), invalid
    )
    flipped = bytearray(VALID_BIN)
    flipped[VALID_BIN.index(KEYS[-1]) + 10] ^= 1
    yield vector(
        "export_bin_one_bit_flipped",
        "One bit of the last key's key_data was flipped after signing.",
        VALID_SIG,
        invalid,
        export_bin=bytes(flipped),
    )

    # The names of keys.
    by_stranger = export(infos=[STRANGER.info()])
    yield vector(
        "signature_unknown_key",
        "Signed by a stranger only.",
        sign(by_stranger, STRANGER),
        bad("unknown_key", A.id, STRANGER.id),
        good(trust=[[STRANGER]]),
        export_bin=by_stranger,
    )
    a_v2 = Signer(A.id, "v2", A.private)
    by_a_v2 = export(infos=[a_v2.info()])
    yield vector(
        "signature_wrong_version",
        "Signed by A under the version v2.",
        sign(by_a_v2, a_v2),
        bad("unknown_key", A.id, "v1", "v2"),
        export_bin=by_a_v2,
    )
    two_nameless = export(infos=[NAMELESS.info()] * 2)
    yield vector(
        "signature_anonymous_twice",
        "Two signatures, neither of which names a key.",
        sign(two_nameless, NAMELESS, NAMELESS),
        bad("signature_anonymous"),
        export_bin=two_nameless,
    )

    # The algorithm.
    for name, what, algorithm, mention in (
        ("text", "The algorithm is a text, not an OID.", "SHA256withECDSA", "SHA256withECDSA"),
        ("missing", "There is no signature_algorithm.", None, "signature_algorithm"),
        ("sha384", "ECDSA with SHA-384, which is not allowed.", ECDSA_SHA384, ECDSA_SHA384),
    ):
        info = A.info(algorithm)
        export_bin = export(infos=[info])
        yield vector(
            f"signature_algorithm_{name}",
            what,
            signature(info, A.sign(export_bin, ECDSA_SHA384 if algorithm == ECDSA_SHA384 else ECDSA_SHA256)),
            bad("algorithm_unsupported", mention),
            export_bin=export_bin,
        )

    # How many.
    two_infos = export(infos=[A.info(), B.info()])
    yield vector(
        "signature_count_mismatch",
        "Two signature infos, one signature.",
        sign(two_infos, A),
        bad("signature_count"),
        good(profile="apple"),
        export_bin=two_infos,
    )
    yield vector(
        "signature_count_mismatch_more",
        "One signature info, two signatures.",
        sign(VALID_BIN, A, B),
        bad("signature_count"),
        good(profile="apple"),
    )
    yield vector(
        "cosigned_one_missing",
        "A signed, but B had to as well.",
        VALID_SIG,
        bad("unknown_key", B.id, trust=[[A, B]]),
        good(),
    )
    yield vector(
        "cosigned_one_bad",
        "A's signature is good, B's is of another file.",
        sign(two_infos, A) + sign(VALID_BIN, B),
        bad("signature_invalid", B.id, trust=[[A, B]]),
        good(trust=[[A, B], [A]]),
        good(),
        export_bin=two_infos,
    )
    raw_by_a = b"".join(n.to_bytes(32, "big") for n in decode_dss_signature(A.sign(two_infos)))
    yield vector(
        "signatures_two_faults",
        "A's signature is raw, B's is of another file: what is reported is the first set that names a signer.",
        by_a(raw_by_a) + sign(VALID_BIN, B),
        bad("signature_raw", A.id, trust=[[A], [B]]),
        bad("signature_invalid", B.id, trust=[[B], [A]]),
        bad("signature_invalid", B.id, trust=[[STRANGER], [B], [A]]),
        bad("signature_raw", A.id, trust=[[STRANGER], [A], [B]]),
        export_bin=two_infos,
    )


GROUPS = [
    good_containers,
    good_messages,
    good_signatures,
    key_vectors,
    faulty_files,
    faulty_containers,
    faulty_headers,
    faulty_messages,
    faulty_signatures,
]


# --- a check of the vectors by other means than those that made them

BEFORE_SIGNATURES = {
    "empty_file",
    "not_a_zip",
    "zip_damaged",
    "entry_missing",
    "entry_duplicate",
    "entry_unexpected",
    "entry_path",
    "entry_unsupported",
    "entry_too_large",
    "too_many_entries",
    "header_missing",
    "signature_list_malformed",
    "too_many_signatures",
}
OF_SIGNATURES = {
    "unsigned",
    "unknown_key",
    "algorithm_unsupported",
    "signature_raw",
    "signature_malformed",
    "signature_invalid",
    "signature_anonymous",
}
AFTER_SIGNATURES = {"protobuf_malformed", "too_many_signature_infos", "batch_invalid", "signature_count"}


def is_signed_by(name: str, export_bin: bytes, signatures: list[dict], alone: bool, raw_signatures: bool) -> bool:
    """Whether one of the signatures is by the named key, or by it and without a name where that is allowed."""
    public = SIGNERS[name].private.public_key()
    for found in signatures:
        info = dict(reference.fields(found[1], reference.SIGNATURE_INFO))
        algorithm = ALLOWED.get(info.get(5, b"").decode())
        if 4 in info:
            wanted = f"{info[4].decode()}-{info[3].decode()}" == name
        else:
            wanted = alone and len(signatures) == 1
        der = found[4]
        if raw_signatures and len(der) == 64:
            der = encode_dss_signature(int.from_bytes(der[:32], "big"), int.from_bytes(der[32:], "big"))
        try:
            if wanted and algorithm:
                public.verify(der, export_bin, ec.ECDSA(algorithm))
                return True
        except InvalidSignature:
            pass
    return False


RANGES = {
    "transmission_risk_level": (2, reference.int32, range(9)),
    "report_type": (5, reference.int32, range(6)),
    "days_since_onset_of_symptoms": (6, lambda value: value >> 1 ^ -(value & 1), range(-14, 15)),
    "variant_of_concern": (8, reference.int32, range(5)),
}


def ignored_values(key: dict):
    """Yields the names of a key's fields whose values are out of range."""
    for name, (number, decode, allowed) in RANGES.items():
        if number in key and decode(key[number]) not in allowed:
            yield name


def check(vector: Vector) -> None:
    """Fails if the file is not what its readings say, as far as `zipfile` and `cryptography` can tell."""
    for each in vector.readings:
        check_reading(vector, DEFAULTS | each)


def check_reading(vector: Vector, reading: dict) -> None:
    error = reading["error"]
    assert error is None or error in BEFORE_SIGNATURES | OF_SIGNATURES | AFTER_SIGNATURES, error
    if error in BEFORE_SIGNATURES:
        return
    with zipfile.ZipFile(io.BytesIO(vector.data)) as archive:
        extra = set(archive.namelist()) - {"export.bin", "export.sig"}
        assert not extra or reading["container"] == "tolerant", f"{vector.name}: {extra}"
        export_bin, export_sig = archive.read("export.bin"), archive.read("export.sig")
    assert export_bin.startswith(HEADER), f"{vector.name}: header"

    entries = [message for number, message in reference.fields(export_sig, reference.SIGNATURE_LIST) if number == 1]
    signatures = [dict(reference.fields(message, reference.SIGNATURE)) for message in entries]
    verified = any(
        all(is_signed_by(name, export_bin, signatures, len(names) == 1, reading["raw_signatures"]) for name in names)
        for names in reading["trust"]
    )
    # A fault within export.bin only shows once the signature has verified.
    assert verified == (error not in OF_SIGNATURES), f"{vector.name}: verified is {verified}"
    if error is not None:
        return

    messages = list(reference.fields(export_bin[len(HEADER) :], reference.EXPORT))
    count = Counter(number for number, _ in messages)
    assert reading["profile"] == "apple" or count[6] == len(signatures), f"{vector.name}: signature infos"
    keys = [reference.key_fields(message) for number, message in messages if number == 7]
    reasons = Counter(reference.skip_reason(key, reading["profile"]) for key in keys)
    assert reasons.pop(None, 0) == reading["keys"], f"{vector.name}: keys"
    assert reasons == reading["skipped_keys"], f"{vector.name}: {reasons}"
    assert count[8] == reading["revised_keys"], f"{vector.name}: revised keys"
    every = (reference.key_fields(message) for number, message in messages if number in (7, 8))
    kept = (key for key in every if reference.skip_reason(key, reading["profile"]) is None)
    ignored = Counter(name for key in kept for name in ignored_values(key))
    assert ignored == reading.get("ignored_values", {}), f"{vector.name}: {ignored}"


# --- the files


def manifest(vectors: list[Vector]) -> str:
    """JSON with one line for each file."""
    head = {
        "about": "How each file reads: see ../README.md. A setting that a reading does not name has its default.",
        "trust": {signer.name: pem for signer, pem in PEM_FILES.items()},
        "defaults": DEFAULTS,
    }
    lines = [
        f"  {json.dumps(v.name + '.zip')}: {json.dumps({'what': v.what, 'readings': v.readings})}" for v in vectors
    ]
    top = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    return "{\n" + ",\n".join(top) + ',\n "files": {\n' + ",\n".join(lines) + "\n }\n}\n"


def pem_files() -> dict[str, bytes]:
    pem, spki = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    files = {name: signer.private.public_key().public_bytes(pem, spki) for signer, name in PEM_FILES.items()}
    files["private-a.pem"] = A.private.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return files


def generate() -> dict[str, bytes]:
    """Every file by its name."""
    vectors = [vector for group in GROUPS for vector in group()]
    files = {vector.name + ".zip": vector.data for vector in vectors}
    assert len(files) == len(vectors), "two vectors have one name"
    for vector in vectors:
        check(vector)
        assert len(vector.data) < (100_000 if vector.name == "zip_bomb" else 65_536), vector.name
    return files | pem_files() | {"manifest.json": manifest(vectors).encode()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    files = generate()
    present = {path.name: path for path in HERE.iterdir() if path.suffix in {".zip", ".pem", ".json"}}
    if arguments.check:
        differing = [name for name in files if name not in present or present[name].read_bytes() != files[name]]
        differing += present.keys() - files.keys()
        if differing:
            sys.exit("differs from what this script makes: " + ", ".join(sorted(differing)))
    else:
        for name in present.keys() - files.keys():
            present[name].unlink()
        for name, data in files.items():
            (HERE / name).write_bytes(data)
    print(f"{sum(name.endswith('.zip') for name in files)} export files, {sum(map(len, files.values()))} bytes in all")


if __name__ == "__main__":
    main()
