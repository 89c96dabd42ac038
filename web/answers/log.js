// What a log means first; what stands in it after that.
import { element, table } from "../dom.js";
import { saveDocuments } from "./save-documents.js";

export async function log(asked) {
  const logs = asked.items.filter(({ kind, error }) => kind === "exposure_log" && !error);
  return Promise.all(logs.map((item) => one(asked, item, logs.length > 1)));
}

async function one(asked, { id, name }, isOneOfSeveral) {
  const { desk, words, choices } = asked;
  // A log has a clock of its own; this browser's may be another.
  const settings = { ...asked.settings, utcOffset: choices.utcOffset };
  const document = await desk.shown("log", settings, id);
  return [
    isOneOfSeveral && element("h3", null, name),
    element("div", { className: "conclusion" },
      document.conclusion.map((paragraph, place) => said(paragraph, place === 0)),
      element("p", null, words.noDiagnosis)),
    document.exposure_data ? contacts(document.exposure_data, words) : checks(id, document.entries, words),
    saveDocuments({ ...asked, settings, id, name: `log-${id}` }),
  ];
}

/** A paragraph of the conclusion. The first sentence of all is what people came for. */
function said(paragraph, isFirst) {
  const [sentence] = (isFirst && paragraph.match(/^.*?(?:。|\. |$)/)) || [""];
  return element("p", null, sentence && element("strong", { className: "lead" }, sentence), paragraph.slice(sentence.length));
}

function checks(id, entries, words) {
  if (entries.length === 0) return null;
  const known = (value) => value ?? words.unknown;
  return element("details", { id: `checks-${id}` },
    element("summary", null, words.checks),
    element("p", { className: "quiet" }, words.checksNote),
    table(words.checks, [words.checked, words.app, words.keys, words.matches, words.whichFile], entries.map((entry) => [
      known(entry.checked?.text), known(entry.app), known(entry.keys),
      entry.doubtful ? words.doubtful(known(entry.matches)) : known(entry.matches),
      words.foundFile[entry.found] ?? entry.found,
    ])));
}

function contacts({ days }, words) {
  if (days.length === 0) return null;
  return [
    element("h3", null, words.contactDays),
    table(words.contactDays, [words.day, words.locally, words.windows, words.minutes, words.scores], days.map((day) => [
      day.utc_day,
      day.local_range ? words.range(day.local_range.start, day.local_range.end) : words.unknown,
      day.windows, Math.round(day.seconds / 60), day.score_sums.join(", "),
    ])),
  ];
}
