// The answers that the files on the desk give: those that people come for first, the others folded.
import { button, element, show } from "./dom.js";
import { inspect } from "./answers/inspect.js";
import { lint } from "./answers/lint.js";
import { log } from "./answers/log.js";
import { matches } from "./answers/matches.js";
import { report } from "./answers/report.js";
import { windows } from "./answers/windows.js";
import { settingsFor } from "./settings.js";

const DRAW = { log, report, windows, matches, lint, inspect };

/**
 * The sections, the log's apart because no setting changes it; and a promise for the time when those that are not folded
 * are filled. `actions` are `failed(error)`, which puts an error into words, and `compare()`.
 */
export function answers(page, desk, actions) {
  const ready = Object.keys(DRAW).filter((name) => page.overview.answers.some(({ answer, ready }) => answer === name && ready));
  const isCompared = page.choices.rules?.length > 1;
  const isFirst = (name) => name === "log" || name === "report" || (name === "windows" && (isCompared || !ready.includes("report")));
  const made = ready.map((name) => {
    const place = element("div", { className: "content" });
    const fill = () => draw(name, place, page, desk, actions);
    if (isFirst(name)) {
      const heading = `${name}-heading`;
      const section = element("section", { className: "part answer", id: name, "aria-labelledby": heading },
        element("h2", { id: heading }, page.words.answers[name]), place);
      return { section, filled: fill() };
    }
    const ontoggle = ({ target }) => {
      page.open[target.open ? "add" : "delete"](name);
      if (target.open && !place.hasChildNodes()) fill();
    };
    const section = element("details", { className: "part folded", id: name, open: page.open.has(name), ontoggle },
      element("summary", null, element("h2", null, page.words.answers[name])), place);
    return { section, filled: null };
  });
  const isLog = ({ section }) => section.id === "log";
  const sections = (some) => some.map(({ section }) => section);
  return {
    log: sections(made.filter(isLog)),
    others: sections(made.filter((one) => !isLog(one))),
    filled: Promise.all(made.map(({ filled }) => filled)),
    ready,
  };
}

/** Fills the place of an answer. What went wrong stands there too, with a way to try again. */
async function draw(name, place, page, desk, actions) {
  show(place, element("p", { className: "quiet" }, page.words.working));
  try {
    const { documents } = page.overview.answers.find(({ answer }) => answer === name);
    const { words, choices, overview: { items, presets } } = page;
    show(place, await DRAW[name]({ name, desk, documents, words, choices, items, presets, settings: settingsFor(page), compare: actions.compare }));
  } catch (error) {
    const again = button(`again-${name}`, page.words.again, () => draw(name, place, page, desk, actions));
    show(place, element("p", { className: "problem" }, actions.failed(error)), again);
  }
}
