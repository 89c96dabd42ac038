// Likely faults of the configuration and the files, the worst first.
import { element } from "../dom.js";
import { saveDocuments } from "./save-documents.js";

const WORST_FIRST = ["error", "warning", "note"];

export async function lint(asked) {
  const { desk, words, settings } = asked;
  const { lints } = JSON.parse(await desk.document("lint", settings));
  const sorted = [...lints].sort((one, other) => WORST_FIRST.indexOf(one.severity) - WORST_FIRST.indexOf(other.severity));
  return [
    sorted.length === 0 && element("p", null, words.noLints),
    element("ul", { className: "lints" }, sorted.map(({ severity, where, sentence, advice, profiles, code }) => element("li", { className: severity },
      element("strong", null, words.severity[severity]), " ", element("code", null, code), " ",
      element("span", { className: "quiet" }, place(where, words)),
      element("p", { lang: "en" }, sentence),
      element("p", { className: "quiet" }, `${words.advice}: `, element("span", { lang: "en" }, advice)),
      element("p", { className: "quiet" }, `${words.platforms}: ${profiles.join(", ")}`)))),
    saveDocuments(asked),
  ];
}

const place = (where, words) => where.field ?? where.file ?? where.files?.join(", ") ?? words.sightings;
