#!/usr/bin/env bash
# dateparser 1.5.0 (PyPI), which reads dates in 200 languages: the first hour after noon, as phones in Japanese write it.
#
# CLDR's Japanese counts the hours of half a day from 0 to 11: 12:29 in the afternoon is 午後0:29. A log of exposure
# checks from such a phone therefore has 午後0:29, never 午後12:29. dateparser takes 午後 for "PM" and reads 午後7:05 as
# 19:05. With 午後0:29 it drops the half of the day and answers 00:29, without a warning: twelve hours too early, on the
# other side of the UTC day's change at 9 in the morning. 午後12:29, which no phone writes, it reads as 12:29.
#
# Seen: 午前0:29 -> 00:29, 午後0:29 -> 00:29, 午後7:05 -> 19:05, 午後12:29 -> 12:29.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dateparser==1.5.0

"$folder/venv/bin/python" - <<'PYTHON'
import dateparser

seen = {"午前0:29": "00:29", "午後0:29": "00:29", "午後7:05": "19:05", "午後12:29": "12:29"}
for time, expected in seen.items():
    read = dateparser.parse(f"2021年8月9日 {time}", languages=["ja"])
    print(time, "->", read)
    assert read.isoformat() == f"2021-08-09T{expected}:00", "the behaviour has changed"
PYTHON
