// What stands in each export file, whether or not anybody signed it.
import { written } from "../clock.js";
import { element } from "../dom.js";
import { saveDocuments } from "./save-documents.js";

export async function inspect(asked) {
  const { desk, words, settings } = asked;
  const { files } = await desk.shown("inspect", settings);
  return [files.map((file) => one(file, words)), saveDocuments(asked)];
}

function one(file, words) {
  const bin = file.export_bin;
  const window = bin && [bin.start_timestamp, bin.end_timestamp];
  const facts = [
    [words.problem, file.problem],
    [words.container, file.container],
    [words.region, bin?.region],
    [words.window, window && !window.includes(null) && words.range(...window.map((moment) => written(moment)))],
    [words.keys, bin && String(bin.keys + bin.revised_keys)],
    [words.signedAs, bin?.signature_infos.map(signer).join(", ")],
    [words.fileHash, bin && element("code", null, bin.sha256)],
  ].filter(([, value]) => value);
  return element("section", { className: "file" },
    element("h3", null, file.path),
    element("dl", { className: "basis" }, facts.map(([name, value]) => [element("dt", null, name), element("dd", null, value)])));
}

const signer = ({ verification_key_id: id, verification_key_version: version }) => [id, version].filter(Boolean).join(" ");
