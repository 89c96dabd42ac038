// How the desk judges: the controls, and what they mean for the desk.
import { element } from "./dom.js";

const OFFSETS = ["-12:00", "-11:00", "-10:00", "-09:30", "-09:00", "-08:00", "-07:00", "-06:00", "-05:00", "-04:00", "-03:30", "-03:00", "-02:30", "-02:00",
  "-01:00", "+00:00", "+01:00", "+02:00", "+03:00", "+03:30", "+04:00", "+04:30", "+05:00", "+05:30", "+05:45", "+06:00", "+06:30", "+07:00", "+08:00",
  "+08:45", "+09:00", "+09:30", "+10:00", "+10:30", "+11:00", "+12:00", "+12:45", "+13:00", "+13:45", "+14:00"];

/** What the desk is asked with: the reader's choices, this browser's clock, and otherwise what the desk takes by itself. */
export function settingsFor({ language, choices, overview }) {
  const { now, utcOffset } = choices;
  return { ...choices, language, utcOffset: utcOffset ?? offsetAt(now ?? overview?.suggestedNow ?? Date.now() / 1000) };
}

/** This browser's distance from UTC at a moment, in Unix seconds. */
function offsetAt(moment) {
  const minutes = -new Date(moment * 1000).getTimezoneOffset();
  const pair = (number) => String(Math.trunc(number)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${pair(Math.abs(minutes) / 60)}:${pair(Math.abs(minutes) % 60)}`;
}

const seconds = (offset) => (offset.startsWith("-") ? -1 : 1) * (3600 * offset.slice(1, 3) + 60 * offset.slice(4));

/** The controls. `change(choices)` is called with what was chosen. */
export function settingsForm(page, change) {
  const { words, overview, choices } = page;
  const isReady = (...names) => overview.answers.some(({ ready, answer }) => ready && names.includes(answer));
  const isJudged = isReady("report", "windows", "lint");
  if (!isJudged && !isReady("log", "matches")) return null;
  const settings = settingsFor(page);
  const rules = choices.rules ?? [usedByItself(overview)];
  const all = [...ofTheDesk(overview), ...overview.presets.map(({ name, label }) => [{ preset: name }, label])]
    .map(([rule, label]) => [JSON.stringify(rule), label]);
  const chooseRule = (place) => (value) => {
    const chosen = [...rules];
    if (value) chosen[place] = JSON.parse(value);
    else chosen.splice(place, 1);
    change({ rules: chosen });
  };
  const now = choices.now ?? overview.suggestedNow;
  const nameOf = (rule) => all.find(([value]) => value === JSON.stringify(rule))?.[1];
  const folded = (id, summary, ...content) => element("details", { id, open: page.open.has(id), ontoggle: ({ target }) => page.open[target.open ? "add" : "delete"](id) },
    element("summary", null, summary), content);
  const form = element("form", { onsubmit: (event) => event.preventDefault() },
    isJudged && element("div", { className: "fields" },
      select("rule", words.rule, all, JSON.stringify(rules[0]), chooseRule(0)),
      select("second-rule", words.secondRule, [["", words.noRule], ...all], rules[1] ? JSON.stringify(rules[1]) : "", chooseRule(1))),
    isJudged && overview.rules.map(({ name, notes, error }) => [
      error && element("p", { className: "problem", lang: "en" }, error.message),
      notes.map((note) => element("p", { className: "quiet", lang: "en" }, `${name}: ${note}`)),
    ]),
    folded("more-settings", words.more,
      element("div", { className: "fields" },
        field("as-of", words.asOf, element("input", {
          type: "datetime-local", id: "as-of", required: true, value: now === null ? "" : new Date((now + seconds(settings.utcOffset)) * 1000).toISOString().slice(0, 16),
          "aria-describedby": "as-of-note",
          onchange: ({ target }) => target.value && change({ now: Date.parse(`${target.value}Z`) / 1000 - seconds(settings.utcOffset) }),
        }), element("small", { id: "as-of-note", className: "quiet" }, words.asOfNote)),
        select("clock", words.clock, [["", words.clockByItself], ...OFFSETS.map((offset) => [offset, `UTC${offset}`])], choices.utcOffset ?? "", (utcOffset) => change({ utcOffset: utcOffset || undefined })),
        select("profile", words.profile, [["", words.profileOfRule], ...Object.entries(words.profiles)], choices.profile ?? "", (profile) => change({ profile: profile || undefined }))),
      check("verify", words.verify, choices.verify ?? true, (verify) => change({ verify })),
      check("full", words.full, choices.full ?? false, (full) => change({ full }))));
  const made = folded("settings", [element("h2", null, words.settings), " ", isJudged && element("span", { className: "quiet" }, rules.map(nameOf).join(" / "))].filter(Boolean), form);
  made.className = "part folded";
  return made;
}

const readable = (overview, wanted) => overview.items.filter(({ kind, error }) => kind === wanted && !error);

/** The configurations and rules of the desk, as the desk puts them together by itself, and each by itself. */
function ofTheDesk(overview) {
  const rules = readable(overview, "rule");
  const configurations = readable(overview, "configuration");
  const pairs = configurations.flatMap(({ id, name }) => rules.map((rule) => [{ item: id, rule: rule.id }, `${name} + ${rule.name}`]));
  return [...pairs, ...configurations.map(({ id, name }) => [{ item: id }, name]), ...rules.map(({ id, name }) => [{ rule: id }, name])];
}

/** What judges while nobody has chosen. */
const usedByItself = (overview) => ofTheDesk(overview)[0]?.[0] ?? { preset: overview.rules[0].name };

function field(id, label, ...controls) {
  return element("div", { className: "field" }, element("label", { htmlFor: id }, label), controls);
}

function select(id, label, options, value, choose) {
  const made = element("select", { id, onchange: ({ target }) => choose(target.value) }, options.map(([name, text]) => element("option", { value: name }, text)));
  made.value = value;
  return field(id, label, made);
}

function check(id, label, checked, choose) {
  return element("p", { className: "check" },
    element("input", { type: "checkbox", id, checked, onchange: ({ target }) => choose(target.checked) }), " ",
    element("label", { htmlFor: id }, label));
}
