// Modules in one script, for the file that opens from a disk, where a browser loads no module.
import { readFileSync } from "node:fs";
import path from "node:path";

const IMPORT = /^import (?:\{([^}]*)\}|\* as (\w+)) from "([^"]+)";$/gm;
const EXPORT = /^export (?=(?:async )?(?:function\*?|class|const|let) (\w+))/gm;
/** Lines of comments alone: they stay in the folder, and are a tenth of the page's own text. */
const COMMENT = /^ *(?:\/\/.*|\/\*[^]*?\*\/)\n/gm;
/** What stands before a line's first word: a sixth of what wasm-bindgen writes. It means nothing outside of a text. */
const INDENTATION = /^ +/gm;
const EXPORT_LIST = /^export \{([^}]*)\};?$/gm;

/** The module `entry` of `folder` and all that it imports, each as a function that is called once, in their order. */
export function inOneScript(folder, entry) {
  const done = new Map();
  const visit = (file) => {
    if (done.has(file)) return;
    done.set(file, null); // a cycle would show as a module that is not there yet
    const [body, names] = asFunction(file, visit);
    done.delete(file);
    done.set(file, `modules[${JSON.stringify(file)}] = (() => {\n${body}\nreturn { ${names.join(", ")} };\n})();`);
  };
  const asFunction = (file, visit) => {
    const names = [];
    let text = readFileSync(path.join(folder, file), "utf8").replace(COMMENT, "");
    text = text.replace(IMPORT, (_, some, all, from) => {
      const imported = path.posix.join(path.posix.dirname(file), from);
      visit(imported);
      return `const ${all ?? `{${some.replaceAll(/ as /g, ": ")}}`} = modules[${JSON.stringify(imported)}];`;
    });
    text = text.replace(EXPORT, (_, name) => (names.push(name), ""));
    text = text.replace(EXPORT_LIST, (_, list) => {
      for (const one of list.split(",").map((name) => name.trim()).filter(Boolean)) {
        const [inside, outside = inside] = one.split(" as ");
        names.push(`${outside}: ${inside}`);
      }
      return "";
    });
    // Nothing here is loaded from an address.
    text = text.replaceAll("import.meta.url", "location.href");
    if (/^(import|export) /m.test(text)) throw new Error(`${file}: a form of import or export that is not known: ${text.match(/^(import|export) .*/m)[0]}`);
    if (text.split("\n").some((line) => line.split("`").length % 2 === 0)) throw new Error(`${file}: a text of several lines`);
    return [text.replace(INDENTATION, ""), names];
  };
  visit(entry);
  const script = `"use strict";\nconst modules = {};\n${[...done.values()].join("\n")}\n`;
  if (/<\/script|<!--/i.test(script)) throw new Error(`${entry}: ends the script that it stands in`);
  return script;
}
