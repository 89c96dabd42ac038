// Likely faults of the configuration and the files, the worst first.
import { element } from "../dom.js";
import { saveDocuments } from "./save-documents.js";

const WORST_FIRST = ["error", "warning", "note"];

export async function lint(asked) {
  const { desk, words, settings } = asked;
  const { lints } = await desk.shown("lint", settings);
  const sorted = [...lints].sort((one, other) => WORST_FIRST.indexOf(one.severity) - WORST_FIRST.indexOf(other.severity));
  return [
    sorted.length === 0 && element("p", null, words.noLints),
    element("ul", { className: "lints" }, sorted.map(({ severity, where, sentence, advice, profiles, code }) => element("li", { className: severity },
      element("strong", null, words.severity[severity]), " ", element("code", null, code), " ",
      element("span", { className: "quiet" }, place(where, words)),
      element("p", null, sentence),
      element("p", { className: "quiet" }, words.fact(words.advice, advice)),
      element("p", { className: "quiet" }, words.fact(words.platforms, words.list(profiles)))))),
    saveDocuments(asked),
  ];
}

const place = (where, words) => where.field ?? where.file ?? where.files?.join(", ") ?? words.sightings;
