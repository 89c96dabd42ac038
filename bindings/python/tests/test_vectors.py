"""The vectors of the repository: official ones, a file for each fault, and the conformance kit."""

import json

import gaen
import pytest
from conftest import DEMO, NOW, VECTORS, packed_rows
from programs import exports, exposures

MANIFEST = json.loads((VECTORS / "exports/manifest.json").read_text())


def test_official_vectors():
    vectors = json.loads((VECTORS / "gaen-v1.2.json").read_text())
    key = bytes.fromhex(vectors["tek"])
    identifiers = gaen.published_identifiers(key, vectors["start"])
    assert [identifier.hex() for identifier in identifiers] == vectors["rpis"]
    for identifier, encrypted in zip(identifiers, vectors["aems"], strict=True):
        metadata = gaen.published_metadata(key, identifier, bytes.fromhex(encrypted))
        assert metadata.hex() == vectors["metadata"]
    assert len(gaen.published_identifiers(key, vectors["start"], period=3)) == 3
    for arguments, code in (((key, 0, 145), "window"), ((key, -1), "window"), ((key[:15], 0), "length")):
        with pytest.raises(gaen.Error) as raised:
            gaen.published_identifiers(*arguments)
        assert raised.value.code == code


def test_known_answers_are_right():
    assert gaen.self_test()["official_vectors"] > 0


def read(request):
    """What a search says of a file of the manifest: the answer of `exports/run.py`."""
    keys = [
        [(key["public_key"].encode(), key["id"], key["version"]) for key in together] for together in request["trust"]
    ]
    (first, *also), *others = keys
    trust = gaen.TrustedKeys(*first)
    for key in also:
        trust = trust.and_key(*key)
    for first, *also in others:
        trust = trust.or_key(*first)
        for key in also:
            trust = trust.and_key(*key)
    if request["raw_signatures"]:
        trust = trust.accept_raw_signatures()
    report = gaen.search(
        [request["file"]],
        gaen.Sightings.from_rows(packed_rows()),
        trust=trust,
        profile=request["profile"].replace("apple", "apple_v1"),
        container=request["container"],
    )
    (file,) = report.files
    if file["error_code"]:
        return {"error": file["error_code"], "message": file["error"]}
    counts = {name: file[name] for name in ("keys", "revised_keys", "skipped_keys")}
    return {"error": None, "ignored_values": report.ignored_values(0)} | counts


def test_each_file_reads_as_it_must():
    readings = list(exports.read_manifest(VECTORS / "exports/manifest.json"))
    assert exports.run(iter(readings), read) == []
    assert len(readings) > 130 and len(MANIFEST["files"]) > 100


def test_the_conformance_kit_is_answered():
    cases = exposures.read_cases(sorted((VECTORS / "exposures/cases").glob("*.json")), None)
    assert exposures.run_cases(cases, lambda request: json.loads(gaen.kit_answer(json.dumps(request)))) == []
    with pytest.raises(gaen.Error) as raised:
        gaen.kit_answer("{}")
    assert raised.value.code == "request"


# The device's own keys.


def test_what_is_broadcast_is_heard_released_and_matched(tmp_path):
    ring, noon = gaen.KeyRing(), NOW - NOW % 86_400 - 43_200
    assert len(ring) == 0
    sent = ring.broadcast(noon, -8)
    assert sent.is_new_key and sent.until == noon + 600 and sent.interval == noon // 600
    assert ring.broadcast(noon + 599, -8).rpi == sent.rpi and not ring.broadcast(noon, -8).is_new_key
    for frame, length in ((sent.android_frame, 28), (sent.ios_frame, 31)):
        heard = gaen.HeardFrame(frame)
        assert (heard.rpi, heard.aem, heard.aem_length, len(frame)) == (sent.rpi, sent.aem, 4, length)
    assert sent.service_data == sent.rpi + sent.aem
    assert len(gaen.Sightings.from_rows(heard.row(-60, noon, None))) == 1
    with pytest.raises(gaen.Error) as raised:
        gaen.HeardFrame(b"\2\1\6")
    assert raised.value.code == "frame"

    early = ring.release(noon + 3600, consent_given_at=noon + 3600)
    assert len(early.keys) == 0 and [row["code"] for row in early.held.rows()] == ["embargo"]
    released = ring.release(noon + 86_400, consent_given_at=noon + 86_400)
    ((key,), held) = (released.keys.rows(), released.held)
    assert len(held) == 0
    identifiers = gaen.published_identifiers(key["key"], key["rolling_start_interval_number"], key["rolling_period"])
    assert identifiers[sent.interval - key["rolling_start_interval_number"]] == sent.rpi
    assert gaen.published_metadata(key["key"], sent.rpi, sent.aem) == bytes([0x40, 256 - 8, 0, 0])
    assert released.check(noon + 86_400)["taken"] == 1
    assert key["key"].hex() not in repr(ring) + repr(released)

    for day in range(16):
        ring.broadcast(noon + day * 86_400, -8)
    assert [ring.purge(noon + day * 86_400) for day in (15, 16)] == [0, 1] and len(ring) == 14
    ring.clear()
    assert len(ring) == 0
    for wrong in (lambda: ring.broadcast(2**62, 0), lambda: ring.release(2**62, consent_given_at=0)):
        with pytest.raises(gaen.Error) as raised:
            wrong()
        assert raised.value.code == "time"


def test_an_upload_is_checked(tmp_path):
    file = tmp_path / "upload.json"
    file.write_text(json.dumps([{"key": "c2hvcnQ=", "rollingStartNumber": 2668464, "rollingPeriod": 144}]))
    document = gaen.check_upload(file, NOW)
    assert "key_length" in json.dumps(document) and document == gaen.check_upload(file.read_bytes(), NOW)
    for arguments, code in ((((b"{}", NOW), {}), "upload"), (((file, NOW), {"onset": -1}), "onset")):
        with pytest.raises(gaen.Error) as raised:
            gaen.check_upload(*arguments[0], **arguments[1])
        assert raised.value.code == code
    with pytest.raises(FileNotFoundError):
        gaen.check_upload(DEMO / "no.json", NOW)
