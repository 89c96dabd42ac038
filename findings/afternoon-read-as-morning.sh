#!/usr/bin/env bash
# dayjs 1.11.23 (npm) and Babel 2.19.0 (PyPI): afternoons in the words of other languages, as phones' logs write them.
# Each reads back what it wrote itself, with the words for the halves of the day that it knows.
#
# - dayjs takes the afternoon for the morning: in Japanese and Korean every one of its hours, twelve hours and often a
#   UTC day too early; in Russian 12 to 16, in Chinese 12. In its strict mode the text is Invalid Date.
# - Babel's parse_time looks for the letters "pm" alone, though it has CLDR's words for all languages: in others it
#   passes over the half of the day. Afternoons become mornings, and the first hour of a day becomes that of noon.
# moment 2.31.0, luxon 3.7.2 and date-fns 4.4.0 read the same Japanese text right. English is right in dayjs and
# Babel, too.
#
# Seen, "2021年8月9日 午後7:05": dayjs 07:05, others 19:05. Hours read wrong, of 24: dayjs 12 in Japanese and Korean, 5 in
# Russian, 1 in Chinese; Babel 12 in Korean, Chinese of Taiwan, Arabic, Greek, Malay and Spanish of Mexico.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet babel==2.19.0
npm install --silent --no-audit --no-fund dayjs@1.11.23 moment@2.31.0 luxon@3.7.2 date-fns@4.4.0

cat > read.mjs <<'JS'
import { parse } from "date-fns";
import { ja } from "date-fns/locale";
import dayjs from "dayjs";
import "dayjs/locale/ja.js";
import "dayjs/locale/ko.js";
import "dayjs/locale/ru.js";
import "dayjs/locale/zh.js";
import customParseFormat from "dayjs/plugin/customParseFormat.js";
import { DateTime } from "luxon";
import moment from "moment";
import "moment/locale/ja.js";

dayjs.extend(customParseFormat);
const expect = (name, found, expected) => {
  console.log(`${name}: ${found}`);
  if (found !== expected) throw new Error("the behaviour has changed");
};

const text = "2021年8月9日 午後7:05";
const form = "YYYY年M月D日 Ah:mm";
expect("dayjs", dayjs(text, form, "ja").format("HH:mm"), "07:05");
expect("dayjs, strict", dayjs(text, form, "ja", true).isValid(), false);
expect("moment", moment(text, form, "ja").format("HH:mm"), "19:05");
expect("luxon", DateTime.fromFormat(text, "yyyy年M月d日 ah:mm", { locale: "ja" }).toFormat("HH:mm"), "19:05");
expect("date-fns", dayjs(parse(text, "yyyy年M月d日 ah:mm", new Date(0), { locale: ja })).format("HH:mm"), "19:05");

const languages = { en: "", ja: "12 to 23", ko: "12 to 23", ru: "12 to 16", zh: "12 to 12" };
for (const [language, wrong] of Object.entries(languages)) {
  const hours = [...Array(24).keys()].filter((hour) => {
    const written = dayjs(new Date(2021, 7, 9, hour, 29)).locale(language).format("YYYY-MM-DD hh:mm A");
    return dayjs(written, "YYYY-MM-DD hh:mm A", language).hour() !== hour;
  });
  const contiguous = hours.length === hours.at(-1) - hours[0] + 1;
  expect(`dayjs, ${language}`, contiguous ? `${hours[0]} to ${hours.at(-1)}` : hours.join(" "), wrong);
}
JS
TZ=UTC node read.mjs

cat > read.py <<'PYTHON'
from datetime import time

from babel.dates import format_time, parse_time

AFTERNOONS_AND_MIDNIGHT = [0, *range(13, 24)]
languages = {language: AFTERNOONS_AND_MIDNIGHT for language in ("ko", "zh_Hant_TW", "ar", "el", "ms", "es_MX")}
for language, expected in {"en": [], "ja": [], **languages}.items():
    wrong = []
    for hour in range(24):
        text = format_time(time(hour, 29), "short", locale=language)
        if parse_time(text, locale=language, format="short") != time(hour, 29):
            wrong.append(hour)
    print(f"Babel, {language}, such as {format_time(time(19, 29), 'short', locale=language)}: {wrong}")
    assert wrong == expected, "the behaviour has changed"
PYTHON
venv/bin/python read.py
