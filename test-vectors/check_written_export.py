#!/usr/bin/env python3
"""Reads an export zip that the crate wrote, and checks that it is as an export should be written.

The zip is read with `zipfile`, the messages with the `protobuf` runtime, and the signature is verified
twice: by `openssl` and by `cryptography`. Prints what it has read as JSON; ends with 1 and the reason
if anything is wrong.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

HEADER = b"EK Export v1    "
ECDSA_SHA256 = "1.2.840.10045.4.3.2"

# Message name -> its fields: (number, name, type), a message's name as the type means "repeated" with a *.
SCHEMA = {
    "SignatureInfo": [
        (3, "verification_key_version", "string"),
        (4, "verification_key_id", "string"),
        (5, "signature_algorithm", "string"),
    ],
    "TemporaryExposureKey": [
        (1, "key_data", "bytes"),
        (2, "transmission_risk_level", "int32"),
        (3, "rolling_start_interval_number", "int32"),
        (4, "rolling_period", "int32"),
        (5, "report_type", "int32"),
        (6, "days_since_onset_of_symptoms", "sint32"),
        (8, "variant_of_concern", "int32"),
    ],
    "TemporaryExposureKeyExport": [
        (1, "start_timestamp", "fixed64"),
        (2, "end_timestamp", "fixed64"),
        (3, "region", "string"),
        (4, "batch_num", "int32"),
        (5, "batch_size", "int32"),
        (6, "signature_infos", "*SignatureInfo"),
        (7, "keys", "*TemporaryExposureKey"),
        (8, "revised_keys", "*TemporaryExposureKey"),
    ],
    "TEKSignature": [
        (1, "signature_info", "SignatureInfo"),
        (2, "batch_num", "int32"),
        (3, "batch_size", "int32"),
        (4, "signature", "bytes"),
    ],
    "TEKSignatureList": [(1, "signatures", "*TEKSignature")],
}


def message_classes() -> dict[str, type]:
    """Classes for the messages above, without protoc."""
    Field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="export.proto", package="gaen", syntax="proto2")
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for number, field_name, kind in fields:
            label = Field.LABEL_REPEATED if kind.startswith("*") else Field.LABEL_OPTIONAL
            field = message.field.add(number=number, name=field_name, label=label)
            kind = kind.removeprefix("*")
            if kind in SCHEMA:
                field.type, field.type_name = Field.TYPE_MESSAGE, f".gaen.{kind}"
            else:
                field.type = Field.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"gaen.{name}")) for name in SCHEMA}


CLASSES = message_classes()


def require(condition: bool, violation: str) -> None:
    if not condition:
        sys.exit(f"check_written_export: {violation}")


def parse(name: str, data: bytes):
    try:
        message = CLASSES[name].FromString(data)
    except DecodeError as error:
        sys.exit(f"check_written_export: {name} does not parse: {error}")
    known = CLASSES[name].FromString(data)
    known.DiscardUnknownFields()
    require(known.ByteSize() == message.ByteSize(), f"{name} has unknown fields")
    return message


def read_zip(path: Path) -> tuple[bytes, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            require(archive.testzip() is None, "an entry's CRC is wrong")
            names = archive.namelist()
            require(sorted(names) == ["export.bin", "export.sig"], f"the entries are {names}")
            return archive.read("export.bin"), archive.read("export.sig")
    except zipfile.BadZipFile as error:
        sys.exit(f"check_written_export: {error}")


def check_keys(where: str, keys) -> None:
    data = [key.key_data for key in keys]
    require(data == sorted(data), f"{where} are not sorted by key_data")
    for key in keys:
        name = f"{where}: {key.key_data.hex()}"
        require(len(key.key_data) == 16, f"{name} has {len(key.key_data)} bytes")
        require(key.HasField("rolling_start_interval_number"), f"{name} has no rolling_start_interval_number")
        require(key.rolling_start_interval_number >= 0, f"{name} has a negative start")
        if key.HasField("rolling_period"):
            require(1 <= key.rolling_period <= 143, f"{name} has the rolling_period {key.rolling_period} written")


def check_signature(export_bin: bytes, signature: bytes, public_key: Path) -> None:
    key = load_pem_public_key(public_key.read_bytes())
    require(isinstance(key.curve, ec.SECP256R1), "the public key is not on P-256")
    try:
        key.verify(signature, export_bin, ec.ECDSA(SHA256()))
    except InvalidSignature:
        sys.exit("check_written_export: cryptography does not verify the signature")
    with tempfile.NamedTemporaryFile(suffix=".sig") as file:
        file.write(signature)
        file.flush()
        command = ["openssl", "dgst", "-sha256", "-verify", str(public_key), "-signature", file.name]
        openssl = subprocess.run(command, check=False, input=export_bin, capture_output=True)
    require(openssl.returncode == 0, f"openssl does not verify the signature: {openssl.stderr.decode().strip()}")


def check_infos(export, signatures, key_id: str, key_version: str) -> None:
    """The signature's names: those asked for, and the same in both files."""
    require(len(signatures) == 1, f"there are {len(signatures)} signatures")
    info = signatures[0].signature_info
    found = (info.verification_key_id, info.verification_key_version, info.signature_algorithm)
    require(found == (key_id, key_version, ECDSA_SHA256), f"the signature is named {found}")
    require(
        list(export.signature_infos) == [each.signature_info for each in signatures],
        "the signature infos of export.bin and of export.sig differ",
    )


def rows(keys) -> list[list]:
    return [
        [
            key.key_data.hex(),
            key.rolling_start_interval_number,
            key.rolling_period if key.HasField("rolling_period") else 144,
            key.transmission_risk_level,
            key.report_type,
            key.days_since_onset_of_symptoms if key.HasField("days_since_onset_of_symptoms") else None,
        ]
        for key in keys
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument("--public-key", type=Path, required=True, help="the signer's public key, PEM")
    parser.add_argument("--key-id", required=True)
    parser.add_argument("--key-version", required=True)
    parser.add_argument("--check-name", action="store_true", help="check the file's name as well")
    arguments = parser.parse_args()

    export_bin, export_sig = read_zip(arguments.zip)
    require(export_bin.startswith(HEADER), f"the header is {export_bin[:16]}")
    export = parse("TemporaryExposureKeyExport", export_bin[len(HEADER) :])
    signatures = parse("TEKSignatureList", export_sig).signatures
    check_infos(export, signatures, arguments.key_id, arguments.key_version)
    check_signature(export_bin, signatures[0].signature, arguments.public_key)
    for where, message in {"export.bin": export, "export.sig": signatures[0]}.items():
        batch = (message.batch_num, message.batch_size)
        require(batch == (1, 1), f"{where} is batch {batch[0]} of {batch[1]}")
    check_keys("keys", export.keys)
    check_keys("revised_keys", export.revised_keys)

    digest = sha256(export_bin).hexdigest()
    if arguments.check_name:
        name = f"{export.start_timestamp}-{export.end_timestamp}-{export.batch_num:04}-{digest[:6]}.zip"
        require(arguments.zip.name == name, f"the file is named {arguments.zip.name}, not {name}")
    document = {
        "export_sha256": digest,
        "region": export.region,
        "start_timestamp": export.start_timestamp,
        "end_timestamp": export.end_timestamp,
        "keys": rows(export.keys),
        "revised_keys": rows(export.revised_keys),
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
