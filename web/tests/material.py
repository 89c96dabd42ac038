#!/usr/bin/env python3
"""material.py GAEN FOLDER: a file of every kind that people drop, whole and broken, and what the command says of the whole ones."""

import base64
import csv
import io
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import zipfile

GAEN, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ["440-v1.pem", "day-1.zip", "day-2.zip", "log.json", "sightings.jsonl"]
SEARCH = ["--sightings", "sightings.jsonl", "--trust", "440-v1=440-v1.pem"]
JUDGED = [*SEARCH, "--preset", "cocoa-v2", "--now", "1601251200"]
EXPORTS = ["day-1.zip", "day-2.zip"]


def write(name, content):
    (FOLDER / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def gaen(*line, into=None):
    done = subprocess.run([GAEN, *line], cwd=FOLDER, stdout=subprocess.PIPE, check=True)
    if into:
        write(into, done.stdout)


def database(name, script, rows=()):
    path = FOLDER / name
    connection = sqlite3.connect(path)
    connection.executescript(script)
    for statement, values in rows:
        connection.execute(statement, values)
    connection.commit()
    return connection


def logs():
    check = {"Hash": "ab" * 32, "RandomIDCount": 18, "MatchCount": 1, "DataSource": "jp.go.mhlw.covid19radar", "Timestamp": "2022-01-13 09:13:07 +0900"}
    write("ios-1.json", json.dumps({"Build": "18A373", "ExportVersion": 1, "ExposureChecks": [check]}))
    entry = {"timestamp": "August 8, 2021, 01:50", "keyCount": 2967, "matchesCount": 0, "appName": "COVID-19 Contact App", "hash": "cd" * 32}
    write("android.json", json.dumps([entry]))
    day = 1626480000000
    summary = {"DateMillisSinceEpoch": day, "DaySummary": {"MaximumScore": 1.0, "ScoreSum": 2100.0, "WeightedDurationSum": 3}}
    scan = {"MinAttenuationDb": 14, "TypicalAttenuationDb": 15, "SecondsSinceLastScan": 300}
    window = {"DateMillisSinceEpoch": day, "Infectiousness": 2, "ReportType": 1, "CalibrationConfidence": 3, "ScanInstances": [scan]}
    write("exposure_data.json", json.dumps({"platform": "iOS", "app_version": "2.0.1", "daily_summaries": [summary], "exposure_windows": [window]}))


def configuration():
    write("koronavilkku.json", json.dumps({
        "reportTypeWeightConfirmedTest": 1.0, "reportTypeWeightConfirmedClinicalDiagnosis": 0.5, "reportTypeWeightSelfReport": 0.25,
        "reportTypeWeightRecursive": 0.0, "infectiousnessWeightStandard": 0.5, "infectiousnessWeightHigh": 1.5,
        "attenuationBucketThresholdDb": [52, 61, 73], "attenuationBucketWeights": [1.25, 1.0, 0.5, 0.0], "daysSinceExposureThreshold": 12,
        "minimumWindowScore": 2.0, "minimumDailyScore": 800, "daysSinceOnsetToInfectiousness": {"-2": "HIGH", "0": "HIGH"},
        "infectiousnessWhenDaysSinceOnsetMissing": "STANDARD", "availableCountries": ["EE"]}))


def sightings():
    rows = [json.loads(line) for line in (FOLDER / "sightings.jsonl").read_text().splitlines()]
    text = io.StringIO()
    table = csv.DictWriter(text, ["rpi", "aem", "rssi", "time", "previous_scan"])
    table.writeheader()
    table.writerows(rows)
    write("sightings.csv", text.getvalue())

    columns = "CREATE TABLE advertisements(rpi BLOB, aem BLOB, timestamp INTEGER, rssi INTEGER, duration INTEGER)"
    heard = [("INSERT INTO advertisements VALUES (?, ?, ?, ?, ?)", (bytes.fromhex(row["rpi"]), bytes.fromhex(row["aem"]), row["time"] * 1000, row["rssi"], 0)) for row in rows[:50]]
    database("microg.db", columns, heard).close()
    first = rows[0]
    database("ramble.sqlite", "CREATE TABLE devices(id INTEGER PRIMARY KEY, service_uuids TEXT, service_data TEXT, last_seen INTEGER);"
             "CREATE TABLE locations(device_id INTEGER, timestamp INTEGER, rssi INTEGER);", [
        ("INSERT INTO devices VALUES (1, '[\"fd6f\"]', ?, ?)", (f"fd6f:{first['rpi']}{first['aem']}", first["time"])),
        ("INSERT INTO locations VALUES (1, ?, -70)", (first["time"],))]).close()
    # Its newest rows are in its log, which nobody dropped.
    open_one = database("wal.db", "PRAGMA journal_mode=WAL;" + columns, heard)
    shutil.copyfile(FOLDER / "wal.db", FOLDER / "wal-alone.db")
    open_one.close()
    database("other.db", "CREATE TABLE recipes(name TEXT)").close()


def broken():
    write("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(64))
    write("empty.bin", b"")
    write("letter.txt", "I feel fine. <img src=x onerror=alert(1)>")
    with zipfile.ZipFile(FOLDER / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        with bomb.open("export.bin", "w", force_zip64=True) as inside:
            for _ in range(400):
                inside.write(bytes(1 << 20))
        bomb.writestr("export.sig", b"x")
    for fault in ["export_bin_one_bit_flipped", "header_missing", "file_html"]:
        shutil.copy(ROOT / "test-vectors" / "exports" / f"{fault}.zip", FOLDER)


def many():
    """Enough keys to be shared among workers. Forty of them were heard."""
    start, count = 2_668_464, 20_000
    keys = [f"{number:032x}" for number in range(1, count + 1)]
    write("many.csv", "".join(["tek,rolling_start_interval_number,rolling_period\n", *(f"{key},{start},144\n" for key in keys)]))
    rows = []
    for number, key in enumerate(keys[::count // 40]):
        gaen("derive", "--tek", key, "--start", str(start), "--metadata", "40080000", "--json", into="derived.json")
        sent = json.loads((FOLDER / "derived.json").read_text())["rpis"][number]
        rows.append(json.dumps({"rpi": sent["rpi"], "aem": sent["aem"], "rssi": -60, "time": sent["interval"] * 600}) + "\n")
    write("many.jsonl", "".join(rows))
    gaen("keygen", "--id", "999", "--version", "v1", "-o", "many")
    (FOLDER / "many.public.pem").rename(FOLDER / "999-v1.pem")
    gaen("export", "--keys", "many.csv", "--region", "999", "--start", "2020-09-26", "--end", "2020-09-27",
         "--sign", "999-v1=many.private.pem", "--max-keys", str(count), "-o", "many.zip")
    gaen("match", "--sightings", "many.jsonl", "--trust", "999-v1=999-v1.pem", "--json", "many.zip", into="said-many.json")


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in DEMO:
        shutil.copy(ROOT / "demo" / name, FOLDER)
    logs()
    configuration()
    sightings()
    many()
    broken()
    with zipfile.ZipFile(FOLDER / "day-1.zip") as first:
        for entry in ["export.bin", "export.sig"]:
            write(entry, first.read(entry))
    gaen("exposures", *JUDGED, "--windows-out", "windows.json", "--json", *EXPORTS, into="said-exposures.json")
    gaen("explain", *JUDGED, "--redacted", "--json", *EXPORTS, into="said-explain.json")
    gaen("match", *SEARCH, "--json", *EXPORTS, into="said-match.json")
    gaen("judge", "windows.json", "--preset", "cocoa-v2", "--preset", "cwa-android", "--now", "1601251200", "--json", into="said-judge.json")
    gaen("report", *JUDGED, "--utc-offset", "+09:00", "-o", "said-report.html", *EXPORTS)
    gaen("store", "import", "store.db", "sightings.jsonl")
    write("passphrase.txt", "correct horse\n")
    gaen("store", "backup", "store.db", "--passphrase-file", "passphrase.txt", "-o", "backup.age")
    # As `age --armor` writes it.
    text = base64.b64encode((FOLDER / "backup.age").read_bytes()).decode()
    lines = [text[place:place + 64] for place in range(0, len(text), 64)]
    write("backup-as-text.age", "\n".join(["-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----", ""]))


main()
