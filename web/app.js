// The page: files come in, the desk says what they are and what they answer, and it is drawn.
import { answers } from "./answers.js";
import { readDatabase, readDatabases } from "./databases.js";
import { Desk } from "./desk.js";
import { button, element, show } from "./dom.js";
import { receiveFiles } from "./drop.js";
import { list } from "./list.js";
import { missing } from "./missing.js";
import { settingsFor, settingsForm } from "./settings.js";
import { preferred, speak, wordsOf } from "./words.js";

/** @type {(id: string) => any} */
const place = (id) => document.getElementById(id);
const bar = element("progress", { max: 1 });
const desk = new Desk(progressed);

/**
 * What there is to see. `refused` are sentences about files that do not lie on the desk, `troubles` what keeps databases from
 * being read, `notes` what became of those that were; `choices` are the settings that the reader chose, `open` the folded
 * parts that are open.
 */
const page = { language: preferred(), words: null, overview: null, refused: [], troubles: new Map(), notes: new Map(), isMadeUp: false, choices: {}, open: new Set() };
/** A later drawing makes an earlier one, which may still wait for its answers, worthless. */
let drawing = 0;

receiveFiles((files) => work(async () => take(await files)));
place("made-up").addEventListener("click", () => work(async () => {
  page.isMadeUp = true;
  await take(await desk.simulated(7));
  // The button is gone now.
  place("found-heading").focus({ preventScroll: true });
}));
document.querySelectorAll("input[name=language]").forEach((/** @type {HTMLInputElement} */ input) => {
  input.addEventListener("change", () => choose(input.value));
});
choose(page.language);
// The first file should not wait for the reader.
desk.start().catch(() => {});

function choose(language) {
  page.language = language;
  page.words = wordsOf(language);
  speak(language);
  if (page.overview) work(sayAgain);
}

/** In the language that was chosen now. */
async function sayAgain() {
  page.troubles.clear();
  await readDatabases(page, desk);
  await draw();
}

/** Puts files on the desk, and shows what they answer. */
async function take(files) {
  const { words } = page;
  page.refused = [];
  for (const file of files) {
    try {
      await desk.add(file);
    } catch (error) {
      if (error.code === "cancelled") throw error;
      page.refused.push(refusal(file, error, words));
    }
  }
  page.overview = await desk.overview(settingsFor(page));
  await readDatabases(page, desk);
  await draw();
  place("results").scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function refusal(file, { code, message }, words) {
  if (code === "desk_full") return words.errors.deskFull(file.name, words.bytes(desk.limit));
  if (code === "broken") return words.errors.broken(file.name);
  if (code === "not_loaded" || code === "old_browser") return words.errors[code];
  return code === "unreadable" ? words.errors.unreadable(file.name) : message;
}

/** Draws everything below the place where files are dropped. `moveFocus` does not wait for documents to be written. */
async function draw(moveFocus = () => {}) {
  const mine = drawing += 1;
  page.overview = await desk.overview(settingsFor(page));
  if (mine !== drawing) return;
  const made = answers(page, desk, { failed, compare });
  const wants = missing(page);
  document.body.classList.toggle("has-files", page.overview.items.length > 0);
  show(place("results"), list(page, desk, actions), wants.first, made.log, settingsForm(page, change), made.others, wants.more);
  moveFocus();
  await made.filled;
  if (mine !== drawing) return;
  const { items } = page.overview;
  const names = made.ready.map((name) => page.words.answers[name]);
  place("status").textContent = items.length === 0 ? page.words.cleared : names.length > 0 ? page.words.ready(names) : page.words.notReady(items.length);
}

const actions = {
  remove: (id) => work(async () => {
    await desk.remove(id);
    page.refused = [];
    if (page.choices.rules?.some(({ item, rule }) => item === id || rule === id)) delete page.choices.rules;
    await draw(() => (place("found-heading") ?? place("choose")).focus());
  }),
  clear: () => work(async () => {
    desk.clear();
    page.refused = [];
    page.troubles.clear();
    page.notes.clear();
    page.choices = {};
    page.isMadeUp = false;
    page.open.clear();
    await draw(() => place("choose").focus());
  }),
  open: (id, { secret, log }) => work(async () => {
    await readDatabase(page, desk, page.overview.items.find((item) => item.id === id), { secret, log });
    await draw();
  }),
  failed,
};

function change(choices) {
  page.choices = { ...page.choices, ...choices };
  work(draw);
}

/** Opens the settings where a second rule is chosen. */
function compare() {
  place("settings").open = true;
  place("second-rule").focus();
}

/** A sentence for what went wrong. */
function failed({ code, message }) {
  const { words } = page;
  if (code === "cancelled") return words.cancelled;
  if (code === "broken") return words.errors.stopped;
  if (code === "not_loaded" || code === "old_browser") return words.errors[code];
  return message;
}

let atWork = 0;

/** Does something that takes time, with progress and a way out. Whatever goes wrong is said aloud. */
async function work(task) {
  atWork += 1;
  place("alert").replaceChildren();
  const shown = setTimeout(showWorking, 200);
  try {
    await task();
  } catch (error) {
    place("alert").replaceChildren(element("p", { className: "problem" }, failed(error)));
  } finally {
    clearTimeout(shown);
    atWork -= 1;
    if (atWork === 0) place("working").hidden = true;
  }
}

function showWorking() {
  bar.removeAttribute("value");
  bar.setAttribute("aria-label", page.words.working);
  show(place("working"), element("p", null, page.words.working), bar, button("cancel", page.words.cancel, () => desk.cancel()));
  place("working").hidden = false;
}

function progressed(part) {
  bar.value = part;
}
