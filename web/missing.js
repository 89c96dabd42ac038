// What is missing for an answer. It comes first while there is no answer, and is folded away afterwards.
import { element } from "./dom.js";

/** The answers that people drop their files for. Matches come with the report; the others only look at the files themselves. */
const GOALS = ["log", "report", "windows"];

/** `first`, to stand before everything else, or `more`, to stand behind the answers. */
export function missing({ words, overview }) {
  if (overview.items.length === 0) return {};
  const goals = overview.answers.filter(({ answer }) => GOALS.includes(answer));
  const wanting = goals.filter(({ ready }) => !ready);
  if (wanting.length === 0) return {};
  const hasAnswer = wanting.length < goals.length;
  const wants = element("dl", { className: "missing" }, wanting.map(({ answer, missing }) => [
    element("dt", null, words.answers[answer]),
    element("dd", null, missing.length > 1 ? element("ul", null, missing.map((sentence) => element("li", null, sentence))) : missing[0]),
  ]));
  if (hasAnswer) return { more: element("details", { id: "missing-more", className: "part" }, element("summary", null, words.missingMore), wants) };
  const first = element("section", { className: "part", id: "missing", "aria-labelledby": "missing-heading" },
    element("h2", { id: "missing-heading" }, words.missing),
    element("p", null, words.missingIntro),
    wants);
  return { first };
}
