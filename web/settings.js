// How the desk judges: the controls, and what they mean for the desk.
import { OFFSETS, localTime, momentOf, offsetAt } from "./clock.js";
import { element } from "./dom.js";

/** What the desk is asked with: the reader's choices, this browser's clock, and otherwise what the desk takes by itself. */
export function settingsFor({ language, choices, overview }) {
  const { now, utcOffset } = choices;
  return { ...choices, language, utcOffset: utcOffset ?? offsetAt(now ?? overview?.suggestedNow ?? Date.now() / 1000) };
}

/** The controls, folded into a line that names the rule. `change(choices)` is called with what was chosen. */
export function settingsForm(page, change) {
  const { words, overview } = page;
  const isReady = (...names) => overview.answers.some(({ ready, answer }) => ready && names.includes(answer));
  // What was chosen, or does not work, can be changed even while it keeps every answer away.
  const isChosen = Object.keys(page.choices).length > 0 || overview.rules.some(({ error }) => error);
  const isJudged = isChosen || isReady("report", "windows", "lint");
  if (!isJudged && !isReady("log", "matches")) return null;
  const rules = isJudged ? rulesOf(page, change) : { names: "", controls: [] };
  const form = element("form", { onsubmit: (event) => event.preventDefault() },
    rules.controls,
    folded(page, "more-settings", [words.more], [
      element("div", { className: "fields" }, time(page, change), clock(page, change), platform(page, change)),
      check("verify", words.verify, page.choices.verify ?? true, (verify) => change({ verify })),
      check("full", words.full, page.choices.full ?? false, (full) => change({ full })),
    ]));
  const summary = [element("h2", null, words.settings), element("span", { className: "quiet" }, rules.names)];
  return folded(page, "settings", summary, [form], "part folded");
}

/** The choice of one rule or two. */
function rulesOf({ words, overview, choices }, change) {
  const rules = choices.rules ?? [usedByItself(overview)];
  const presets = overview.presets.map(({ name, label }) => [{ preset: name }, label]);
  const options = [...ofTheDesk(overview), ...presets].map(([rule, label]) => [JSON.stringify(rule), label]);
  const chosen = rules.map((rule) => JSON.stringify(rule));
  const choose = (place) => (value) => {
    const others = place === 0 ? rules.slice(1) : rules.slice(0, 1);
    const one = value ? [JSON.parse(value)] : [];
    change({ rules: place === 0 ? [...one, ...others] : [...others, ...one] });
  };
  return {
    names: chosen.map((rule) => options.find(([value]) => value === rule)?.[1]).join(" / "),
    controls: [
      element("div", { className: "fields" },
        select("rule", words.rule, options, chosen[0], choose(0)),
        select("second-rule", words.secondRule, [["", words.noRule], ...options], chosen[1] ?? "", choose(1))),
      overview.rules.map(({ error }) => error && element("p", { className: "problem" }, error.message)),
      element("ul", { className: "notes quiet" },
        overview.rules.map(({ name, notes }) => notes.map((note) => element("li", null, words.fact(name, note))))),
    ],
  };
}

/** The configurations and rules of the desk, as the desk puts them together by itself, and each by itself. */
function ofTheDesk({ items }) {
  const readable = (wanted) => items.filter(({ kind, error }) => kind === wanted && !error);
  const [configurations, rules] = [readable("configuration"), readable("rule")];
  const both = ({ id, name }) => rules.map((rule) => [{ item: id, rule: rule.id }, `${name} + ${rule.name}`]);
  return [
    ...configurations.flatMap(both),
    ...configurations.map(({ id, name }) => [{ item: id }, name]),
    ...rules.map(({ id, name }) => [{ rule: id }, name]),
  ];
}

/** What judges while nobody has chosen. */
const usedByItself = (overview) => ofTheDesk(overview)[0]?.[0] ?? { preset: overview.rules[0].name };

function time(page, change) {
  const { words, choices, overview } = page;
  const { utcOffset } = settingsFor(page);
  const now = choices.now ?? overview.suggestedNow;
  const onchange = ({ target }) => target.value && change({ now: momentOf(target.value, utcOffset) });
  return field("as-of", words.asOf,
    element("input", {
      type: "datetime-local", id: "as-of", required: true, value: now === null ? "" : localTime(now, utcOffset),
      "aria-describedby": "as-of-note", onchange,
    }),
    element("small", { id: "as-of-note", className: "quiet" }, words.asOfNote));
}

function clock({ words, choices }, change) {
  const options = [["", words.clockByItself], ...OFFSETS.map((offset) => [offset, `UTC${offset}`])];
  return select("clock", words.clock, options, choices.utcOffset ?? "", (offset) => change({ utcOffset: offset || undefined }));
}

function platform({ words, choices }, change) {
  const options = [["", words.profileOfRule], ...Object.entries(words.profiles)];
  return select("profile", words.profile, options, choices.profile ?? "", (profile) => change({ profile: profile || undefined }));
}

/** A part that stays open or closed when the page is drawn again. */
function folded({ open }, id, summary, content, className = "") {
  const ontoggle = ({ target }) => open[target.open ? "add" : "delete"](id);
  return element("details", { id, className, open: open.has(id), ontoggle }, element("summary", null, summary), content);
}

function field(id, label, ...controls) {
  return element("div", { className: "field" }, element("label", { htmlFor: id }, label), controls);
}

function select(id, label, options, value, choose) {
  const made = element("select", { id, onchange: ({ target }) => choose(target.value) },
    options.map(([name, text]) => element("option", { value: name }, text)));
  made.value = value;
  return field(id, label, made);
}

function check(id, label, checked, choose) {
  return element("p", { className: "check" },
    element("input", { type: "checkbox", id, checked, onchange: ({ target }) => choose(target.checked) }), " ",
    element("label", { htmlFor: id }, label));
}
