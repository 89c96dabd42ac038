// What one rule, or two side by side, would have decided of the same windows.
import { button, element, table } from "../dom.js";
import { saveDocuments } from "./save-documents.js";

export async function windows(asked) {
  const dropped = asked.items.filter(({ kind, error }) => kind === "windows" && !error);
  // Without a file of windows the desk takes those of the matches, or of COCOA's record.
  const from = dropped.length > 0 ? dropped : [{}];
  const isAlone = !(asked.choices.rules?.length > 1);
  return [
    element("p", { className: "quiet" }, asked.words.judgeNote),
    isAlone && button("compare", asked.words.compare, asked.compare, "small"),
    await Promise.all(from.map((item) => ofFile(asked, item))),
  ];
}

async function ofFile(asked, { id, name }) {
  const { cases } = await asked.desk.shown("judge", asked.settings, id);
  return [name && element("p", null, name), cases.map((one) => judged(one, asked)), saveDocuments({ ...asked, id, name: `windows-${id}` })];
}

function judged({ name, windows, days, missing, answers }, { words, presets }) {
  const sides = new Set(answers.map(({ verdict }) => verdict));
  const onDay = (answer, day) => answer.days.filter(({ date }) => date === day);
  const title = words.case(name, windows);
  const label = (configuration) => presets.find((preset) => preset.name === configuration)?.label;
  const heads = [words.day, ...answers.map(({ configuration: name }) => [label(name), element(label(name) ? "div" : "span", null, name)])];
  const rows = days.map((day) => [day, ...answers.map((answer) => onDay(answer, day).map((found) => verdictOf(found, words)))]);
  const sum = [words.answer, ...answers.map((answer) => verdictOf(answer, words))];
  return [
    element("h3", null, title),
    answers.length > 1 && element("p", { className: sides.size > 1 ? "lead differ" : "lead" }, sides.size > 1 ? words.differ : words.agree),
    table(title, heads, [sum, ...rows]),
    missing.map(({ field, windows: lacking }) => element("p", { className: "quiet" }, words.lacks(field, lacking, windows))),
  ];
}

/** A verdict, its class, and why. */
function verdictOf({ verdict, class: found, told, text }, words) {
  const name = typeof found === "string" ? found : found?.name;
  const said = name && name !== verdict ? words.on(words.verdict[verdict], name) : words.verdict[verdict];
  const why = told ?? text;
  return element("div", { className: `judged ${verdict}` }, element("strong", null, said), why && element("div", { className: "quiet" }, why));
}
