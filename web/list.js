// What lies on the desk: what each file is, what it says, what is wrong with it.
import { noteOf } from "./databases.js";
import { button, element } from "./dom.js";
import { group } from "./group.js";

/** More files of a kind than this are folded into one line. */
const FOLD_FROM = 4;

/** The list. `actions` are `remove(id)`, `clear()`, `open(id, { secret, log })` and `failed(error)`, which puts an error into words. */
export function list(page, desk, actions) {
  const { words, overview: { items }, refused, isMadeUp } = page;
  if (items.length === 0 && refused.length === 0) return null;
  const folded = group(items.filter(({ error }) => !error), ({ kind }) => kind).filter((alike) => alike.length >= FOLD_FROM);
  return element("section", { className: "part", id: "found", "aria-labelledby": "found-heading" },
    element("h2", { id: "found-heading", tabIndex: -1 }, words.found),
    isMadeUp && element("p", { className: "made-up" }, words.isMadeUp),
    element("ul", { className: "items" },
      refused.map((sentence) => element("li", { className: "wrong" }, element("p", null, sentence))),
      items.filter((item) => !folded.flat().includes(item)).map((item) => line(item, page, desk, actions)),
      folded.map((alike) => element("li", null,
        element("details", { id: `kind-${alike[0].kind}` },
          element("summary", null, `${alike[0].label} × ${alike.length}`),
          element("ul", { className: "items" }, alike.map((item) => line(item, page, desk, actions))))))),
    button("remove-all", words.removeAll, actions.clear, "small"));
}

function line({ id, name, kind, label, says, error }, { words, troubles, notes }, desk, actions) {
  const trouble = troubles.get(id);
  const note = notes.get(id);
  const said = note ? [...says, ...noteOf(note, words)] : says;
  return element("li", { className: error || trouble || kind === "unknown" ? "wrong" : "" },
    element("div", { className: "what" },
      element("strong", null, label), " ",
      element("span", { className: "name" }, name), " ",
      element("span", { className: "quiet" }, words.bytes(desk.size(id)))),
    error && element("p", { lang: "en" }, error.message),
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
