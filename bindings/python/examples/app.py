"""A complete app in Python: it hears, downloads, verifies, matches, decides and explains.

    python app.py demo

The files of `demo/` stand for a radio and a network. Nothing is needed but `gaen`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import gaen

NOW = 1_601_251_200  # 2020-09-28 00:00 UTC


def rows(file: Path) -> Iterator[bytes]:
    """What a scanner heard, as packed rows: `HeardFrame.row` makes one of each advertisement."""
    for line in map(json.loads, file.read_text().splitlines()):
        # Service data of UUID 0xFD6F, as it came from the radio.
        data = bytes.fromhex(line["rpi"] + line["aem"])
        advertisement = bytes([3, 0x03, 0x6F, 0xFD, len(data) + 3, 0x16, 0x6F, 0xFD]) + data
        yield gaen.HeardFrame(advertisement).row(line["rssi"], line["time"], line.get("previous_scan"))


def main(folder: Path) -> None:
    # A build that computes something else than phones do must not be used.
    gaen.self_test()

    # Broadcast: a new identifier every ten minutes. A ring in memory is for trying things out.
    ring = gaen.KeyRing()
    sent = ring.broadcast(NOW, tx_power=-8)
    print(f"broadcast {len(sent.ios_frame)} bytes until {sent.until}")

    # Hear.
    heard = gaen.Sightings.from_rows(b"".join(rows(folder / "sightings.jsonl")))

    # Download, verify and match: a file that the health authority has not signed contributes nothing.
    trust = gaen.TrustedKeys(folder / "440-v1.pem", "440", "v1")
    downloads = sorted(folder.glob("*.zip"))
    report = gaen.search(downloads, heard, trust=trust)
    for file in report.files:
        print(f"{Path(file['path']).name}: {file['status']}, {file['keys']} keys")
    print(f"{len(heard)} sightings, {len(report.matches)} matches, dropped: {report.dropped}")

    # Decide by the rules of an app.
    assessment = report.assess(gaen.Configuration.preset("cocoa-v2"), NOW)
    print(f"verdict: {assessment.verdict}")
    for window in assessment.windows.rows():
        nearest = min(scan["min_attenuation"] for scan in window["scan_instances"])
        print(f"  {window['date']}: {window['seconds']} s, at least {nearest} dB, {window['report_type']}")

    # Explain.
    for day in assessment.explanation()["days"]:
        print(f"  {day['date']}: {day['text']}")

    # After a positive test: publish what may be published, with the owner's consent.
    release = ring.release(NOW + 2 * 86_400, consent_given_at=NOW + 2 * 86_400)
    print(f"{len(release.keys)} key to publish, {len(release.held)} held back")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
