// Which language the page speaks.
import { en } from "./words/en.js";
import { ja } from "./words/ja.js";

const LANGUAGES = { en, ja };

/** The first of the browser's languages that the page speaks. */
export const preferred = () => navigator.languages.map((tag) => tag.slice(0, 2)).find((code) => code in LANGUAGES) ?? "en";

/** All words of a language. */
export const wordsOf = (code) => LANGUAGES[code];

/** Writes the words that never change into the page. */
export function speak(code) {
  const words = LANGUAGES[code];
  document.documentElement.lang = code;
  document.title = `${words.title} – gaen`;
  document.querySelectorAll("[data-word]").forEach((/** @type {HTMLElement} */ place) => (place.textContent = words[place.dataset.word]));
  /** @type {HTMLInputElement} */ (document.getElementById(`page-${code}`)).checked = true;
}
