// What stands in each export file, whether or not anybody signed it.
import { element } from "../dom.js";
import { saveDocuments } from "./save-documents.js";

export async function inspect(asked) {
  const { desk, words, settings } = asked;
  const { files } = JSON.parse(await desk.document("inspect", settings));
  return [files.map((file) => one(file, words)), saveDocuments(asked)];
}

function one(file, words) {
  const bin = file.export_bin;
  const day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
  const facts = [
    [words.problem, file.problem && element("span", { lang: "en" }, file.problem)],
    [words.container, file.container],
    [words.region, bin?.region],
    [words.window, bin?.start_timestamp != null && bin.end_timestamp != null && words.range(day(bin.start_timestamp), day(bin.end_timestamp))],
    [words.keys, bin && String(bin.keys + bin.revised_keys)],
    [words.signedAs, bin?.signature_infos.map((info) => `${info.verification_key_id ?? words.unknown} ${info.verification_key_version ?? ""}`.trim()).join(", ")],
    [words.fileHash, bin && element("code", null, bin.sha256)],
  ].filter(([, value]) => value);
  return element("section", { className: "file" },
    element("h3", null, file.path),
    element("dl", { className: "basis" }, facts.map(([name, value]) => [element("dt", null, name), element("dd", null, value)])));
}
