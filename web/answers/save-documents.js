// The documents behind an answer, as the command prints them with `--json`.
import { button, element } from "../dom.js";
import { save } from "../save.js";

export function saveDocuments({ name, desk, words, settings, documents, id }) {
  const saveOne = async (kind) => save(`${kind}.json`, "application/json", await desk.document(kind, settings, id));
  return element("div", { className: "buttons quietly" },
    documents.map((kind) => button(`save-${name}-${kind}`, words.saveJson(kind), () => saveOne(kind), "small")));
}
