// What lies on the desk: what each file is, what it says, what is wrong with it.
import { noteOf } from "./databases.js";
import { button, element } from "./dom.js";
import { group } from "./group.js";

/** More files than this are folded into one line, so that what they mean is on the first screen. */
const MOST_SHOWN = 3;

/** The list. `actions` are `remove(id)`, `clear()`, `open(id, { secret, log })` and `failed(error)`, which puts an error into words. */
export function list(page, desk, actions) {
  const { words, overview: { items }, refused, isMadeUp } = page;
  if (items.length === 0 && refused.length === 0) return null;
  const wrong = items.filter((item) => needsCare(item, page));
  const good = items.filter((item) => !wrong.includes(item));
  const lines = (some) => some.map((item) => line(item, page, desk, actions));
  return element("section", { className: "part", id: "found", "aria-labelledby": "found-heading" },
    element("h2", { id: "found-heading", tabIndex: -1 }, words.found),
    isMadeUp && element("p", { className: "made-up" }, words.isMadeUp),
    element("ul", { className: "items" },
      refused.map((sentence) => element("li", { className: "wrong" }, element("p", null, sentence))),
      lines(wrong),
      good.length > MOST_SHOWN ? folded(page, good, lines(good)) : lines(good)),
    button("remove-all", words.removeAll, actions.clear, "small"));
}

/** Files in one line that says how many there are of each kind. */
function folded({ open, words }, items, lines) {
  const kinds = group(items, ({ label }) => label).map((alike) => (alike.length > 1 ? `${alike[0].label} × ${alike.length}` : alike[0].label));
  const ontoggle = ({ target }) => open[target.open ? "add" : "delete"]("files");
  return element("li", { className: "folder" },
    element("details", { id: "files", open: open.has("files"), ontoggle },
      element("summary", null, words.list(kinds)),
      element("ul", { className: "items" }, lines)));
}

/** `true` if the reader has to do something about a file. */
const needsCare = ({ id, kind, error }, { troubles }) => error !== null || kind === "unknown" || kind === "backup" || troubles.has(id);

function line(item, page, desk, actions) {
  const { id, name, kind, label, says, error } = item;
  const { words, troubles, notes } = page;
  const trouble = troubles.get(id);
  const note = notes.get(id);
  const said = note ? [...says, ...noteOf(note, words)] : says;
  return element("li", { className: needsCare(item, page) ? "wrong" : "" },
    element("div", { className: "what" },
      element("strong", null, label), " ",
      element("span", { className: "name" }, name), " ",
      element("span", { className: "quiet" }, words.bytes(desk.size(id)))),
    error && element("p", null, error.message),
    trouble && element("p", null, actions.failed(trouble)),
    !trouble && said.length > 0 && element("ul", { className: "says" }, said.map((sentence) => element("li", null, sentence))),
    trouble?.code === "log_missing" && button(`no-log-${id}`, words.noLog, () => actions.open(id, { log: null })),
    kind === "backup" && passphrase(id, words, actions),
    element("button", {
      type: "button", id: `remove-${id}`, className: "small", title: words.remove, "aria-label": words.removeOf(name),
      onclick: () => actions.remove(id),
    }, "×"));
}

function passphrase(id, words, actions) {
  const input = element("input", { type: "password", id: `passphrase-${id}`, autocomplete: "off", required: true });
  const onsubmit = (event) => {
    event.preventDefault();
    actions.open(id, { secret: input.value });
  };
  return element("form", { className: "inline", onsubmit },
    element("label", { htmlFor: input.id }, words.passphrase), input,
    element("button", { id: `open-${id}` }, words.open));
}
