// Which published keys the phone heard, key by key.
import { written } from "../clock.js";
import { element, table } from "../dom.js";
import { group } from "../group.js";
import { saveDocuments } from "./save-documents.js";

export async function matches(asked) {
  const { desk, words, settings } = asked;
  const document = await desk.shown("match", settings);
  const keys = group(document.matches, ({ tek }) => tek);
  return [
    element("p", { className: "lead" }, words.verdict[document.verdict]),
    document.reason && element("p", null, document.reason),
    keys.length > 0 && [
      element("p", null, words.heardKeys(keys.length, document.matches.length)),
      element("p", null, words.matchNote),
      table(words.answers.matches, [words.dayOfKey, words.signals, words.heard, words.nearest, words.file], keys.map((heard) => {
        const [first, last] = [heard[0].time, heard.at(-1).time].map((time) => written(time, settings.utcOffset));
        const nearest = Math.min(...heard.map(({ attenuation }) => attenuation));
        const time = first === last ? first : words.range(first, last);
        return [utcDay(heard[0].rolling_start_interval_number), heard.length, time, `${nearest} dB`, document.files[heard[0].file].path];
      })),
    ],
    Object.keys(document.dropped).length > 0 && [
      element("h3", null, words.dropped),
      table(words.dropped, [words.why, words.signals], Object.entries(document.dropped)
        .map(([reason, number]) => [words.dropReason[reason] ?? reason, number])),
    ],
    element("h3", null, words.files),
    table(words.files, [words.file, words.keys, words.signature, words.why], document.files.map(({ path, keys, status, error }) => [
      path, keys, words.status[status] ?? status, error ?? "",
    ])),
    saveDocuments(asked),
  ];
}

/** The UTC day on which a key begins. */
const utcDay = (interval) => written(interval * 600).slice(0, 10);
