// How files come in: dropped (folders too), chosen, pasted.

/** Calls `take` whenever files come in, with a promise of their list: folders have to be read first. */
export function receiveFiles(take) {
  const zone = document.getElementById("drop");
  const holdsFiles = ({ dataTransfer }) => [...dataTransfer?.types ?? []].includes("Files");

  // The whole window takes files: nobody has to aim, and a near miss does not leave the page.
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) zone.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    take(filesOf(event.dataTransfer));
  });

  const choose = /** @type {HTMLInputElement} */ (document.getElementById("choose"));
  choose.addEventListener("change", () => {
    take([...choose.files]);
    choose.value = ""; // so that the same file can be chosen again
  });

  addEventListener("paste", (event) => {
    if (event.target instanceof Element && event.target.closest("textarea, input")) return;
    const { files } = event.clipboardData;
    const text = event.clipboardData.getData("text/plain");
    if (files.length > 0) take([...files]);
    else if (text.trim()) take([pasted(text)]);
  });
  const area = /** @type {HTMLTextAreaElement} */ (document.getElementById("pasted"));
  document.getElementById("read-pasted").addEventListener("click", () => {
    if (!area.value.trim()) return area.focus();
    take([pasted(area.value)]);
    area.value = "";
  });
}

const pasted = (text) => new File([text], "pasted.txt");

/** The files of a drop, with those in its folders. The entries have to be taken before the event is over. */
async function filesOf({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  // A reader hands out a part of a folder at a time, and an empty list at its end.
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return (await Promise.all(found.map(filesIn))).flat();
    found.push(...part);
  }
}
