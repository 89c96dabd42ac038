// Elements in one expression. Text is only ever text: nothing that was read from a file becomes markup.

/**
 * Makes an element. `properties` are set as properties where the element has one of this name (`onclick`, `hidden`,
 * `className`), and as attributes otherwise (`aria-label`, `scope`). Children that are `null` or `false` are left out.
 */
export function element(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null) continue;
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Replaces what is in `parent`. The focus stays on the element with the same id, if there still is one. */
export function show(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : "";
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** A table that scrolls sideways within the page where it is too wide. A row is a list of cells; its first one names it. */
export function table(caption, heads, rows) {
  return element("div", { className: "scroll", tabIndex: 0, role: "group", "aria-label": caption },
    element("table", { className: "wide" },
      element("caption", { className: "aside" }, caption),
      element("thead", null, element("tr", null, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", null, rows.map(([first, ...rest]) => element("tr", null,
        element("th", { scope: "row", className: /^\d{4}-/.test(first) ? "date" : "" }, first),
        rest.map((cell) => element("td", null, cell)))))));
}

/** A button with a text. Its id keeps the focus when the page is drawn again. */
export function button(id, text, onclick, className = "") {
  return element("button", { type: "button", id, className, onclick }, text);
}
