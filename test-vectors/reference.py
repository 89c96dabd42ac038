"""A plain reference of the GAEN derivations and of a diagnosis key's wire form.

It shares no code with the crate: the primitives are those of python's `cryptography`.
"""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _derive(tek: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), length=16, salt=None, info=info).derive(tek)


def rpik(tek: bytes) -> bytes:
    """RPIK = HKDF-SHA256(TEK, no salt, "EN-RPIK", 16)"""
    return _derive(tek, b"EN-RPIK")


def aemk(tek: bytes) -> bytes:
    """AEMK = HKDF-SHA256(TEK, no salt, "EN-AEMK", 16)"""
    return _derive(tek, b"EN-AEMK")


def rpis(rpi_key: bytes, start: int, period: int) -> list[bytes]:
    """RPI(j) = AES-128(RPIK, "EN-RPI" || 6 zero bytes || u32le(j)), j counted modulo 2^32"""
    padded = b"".join(b"EN-RPI" + bytes(6) + (j % 2**32).to_bytes(4, "little") for j in range(start, start + period))
    blocks = Cipher(algorithms.AES(rpi_key), modes.ECB()).encryptor().update(padded)
    return [blocks[at : at + 16] for at in range(0, len(blocks), 16)]


def aem(aem_key: bytes, rpi: bytes, metadata: bytes) -> bytes:
    """AEM = AES-128-CTR(AEMK, IV = RPI, metadata); the same call decrypts"""
    return Cipher(algorithms.AES(aem_key), modes.CTR(rpi)).encryptor().update(metadata)


# The wire types of the fields that the format knows.
EXPORT = {1: 1, 2: 1, 3: 2, 4: 0, 5: 0, 6: 2, 7: 2, 8: 2}
KEY = {1: 2, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 8: 0}
SIGNATURE_LIST = {1: 2}
SIGNATURE = {1: 2, 2: 0, 3: 0, 4: 2}
SIGNATURE_INFO = dict.fromkeys(range(1, 6), 2)
# The values of a key's enums, which are closed: proto2.
ENUMS = {5: range(6), 8: range(5)}


def fields(message: bytes, known: dict[int, int] = {}):
    """Yields (field number, value) for each field of a well-formed protobuf message.

    A known field of another wire type is an unknown field, and passed over.
    """
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        number, wire_type = divmod(varint(), 8)
        wanted = known.get(number, wire_type) == wire_type
        if wire_type == 0:
            value = varint()
            if wanted:
                yield number, value
            continue
        size = {1: lambda: 8, 2: varint, 5: lambda: 4}[wire_type]()
        if at + size > len(message):
            raise ValueError("a field ends beyond its message")
        if wanted:
            yield number, message[at : at + size]
        at += size


def key_fields(message: bytes) -> dict:
    """The fields of a TemporaryExposureKey. A value that its enum does not have leaves the value before."""
    key = {}
    for number, value in fields(message, KEY):
        if number in ENUMS and number in key and int32(value) not in ENUMS[number]:
            continue
        key[number] = value
    return key


def int32(value: int) -> int:
    """The int32 that a varint stands for: its low 32 bits, signed."""
    return (value & 0xFFFFFFFF ^ 0x80000000) - 0x80000000


def skip_reason(key: dict, profile: str = "google") -> str | None:
    """Why a reader leaves out a TemporaryExposureKey, given as {field number: value}; None if it is good."""
    if len(key.get(1, b"")) != 16:
        return "key_data_length"
    if 3 not in key:
        return "rolling_start_missing"
    if int32(key[3]) < 0:
        return "rolling_start_negative"
    period = int32(key.get(4, 144))
    if period < 0:
        return "rolling_period_negative"
    if period == 0 and profile == "google":
        return "rolling_period_zero"
    if period > 144:
        return "rolling_period_too_long"
    return None
