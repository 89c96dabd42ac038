// What is asked of a page from inside. Each function is handed to the browser as it stands, so it uses nothing from outside.

/** Everything wrong with the page as it is shown now, in the language `code`. */
export function audit(code) {
  const problems = [];
  const shown = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    // Chromium calls a group of a drawing visible that is not displayed.
    for (let part = element; part instanceof SVGElement; part = part.parentElement) {
      if (getComputedStyle(part).display === "none") return false;
    }
    return true;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const name = (element) => `<${element.localName} class="${element.getAttribute("class") ?? ""}"> ${element.textContent.trim().slice(0, 40)}`;

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push(`${scrollWidth} px wide in ${clientWidth}`);
  const languages = new Set(all("main [lang]").map((part) => part.getAttribute("lang")));
  if (languages.size > 1 || (languages.size === 1 && !languages.has(code))) problems.push(`shows ${[...languages]}`);

  // On a desk, text and charts use the width.
  if (innerWidth >= 1200 && matchMedia("screen").matches) {
    const width = (element) => element.getBoundingClientRect().width;
    const used = (element, of, part) => {
      if (width(element) < part * of) problems.push(`${Math.round(width(element))} of ${Math.round(of)} px used: ${name(element)}`);
    };
    const main = document.querySelector("main");
    used(main, innerWidth, 0.9);
    all(".verdict, .calendar, .day, .misses, table.numbers").forEach((element) => used(element, width(main), 0.9));
    all("p, li, dd").filter((element) => getComputedStyle(element).maxWidth !== "none").forEach((element) => problems.push(`kept narrow: ${name(element)}`));
    for (const charts of all(".windows")) {
      const figures = [...charts.children].map((figure) => figure.getBoundingClientRect());
      const inFirstRow = figures.filter(({ top }) => top === figures[0].top).length;
      if (inFirstRow < Math.min(3, figures.length)) problems.push(`${inFirstRow} charts in a row of ${figures.length}`);
    }
    for (const chart of all(".condition svg")) used(chart, width(chart.parentElement), 0.95);
  }

  // The outline, and what a screen reader is told.
  if (all("h1").length !== 1 || all("main").length !== 1) problems.push("not one h1 and one main");
  const levels = all("h1, h2, h3, h4, h5, h6").map((heading) => Number(heading.localName[1]));
  if (levels.some((level, place) => level > (levels[place - 1] ?? 0) + 1)) problems.push(`headings ${levels}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) problems.push("an id occurs twice");
  const named = (element) => (element.getAttribute("aria-labelledby") ?? "").split(" ").every((id) => document.getElementById(id)?.textContent.trim());
  all("[aria-labelledby], svg:not([aria-hidden])").filter((element) => !named(element)).forEach((element) => problems.push(`no name: ${name(element)}`));
  all("a[href^='#']").filter((link) => !document.getElementById(link.hash.slice(1))).forEach((link) => problems.push(`leads nowhere: ${link.hash}`));
  all("th:not([scope])").forEach((cell) => problems.push(`no scope: ${name(cell)}`));
  document.querySelectorAll("script, link, iframe, img, object, [style], [onclick]").forEach((element) => problems.push(`should not be there: ${element.outerHTML.slice(0, 80)}`));

  // A finger needs 24 px.
  for (const element of all("nav a, .calendar a, summary, .switch label")) {
    const { width, height } = element.getBoundingClientRect();
    if (width < 24 || height < 24) problems.push(`${Math.round(width)} x ${Math.round(height)} px: ${name(element)}`);
  }

  // Contrast, by the formulas of WCAG 2.
  const parse = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    return [red, green, blue, alpha];
  };
  const over = ([r, g, b, alpha], below) => [r, g, b].map((value, place) => value * alpha + below[place] * (1 - alpha));
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const background = (element) => {
    const layers = [];
    for (let here = element; here; here = here.parentElement) layers.push(parse(getComputedStyle(here).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  // In a chart: what is drawn below the text, at several points of it.
  const backgrounds = (text) => {
    const box = text.getBoundingClientRect();
    const base = background(text.ownerSVGElement.parentElement);
    const rectangles = [...text.ownerSVGElement.querySelectorAll("rect")].map((rect) => [rect.getBoundingClientRect(), getComputedStyle(rect)]);
    return [0.02, 0.25, 0.5, 0.75, 0.98].map((part) => {
      const [x, y] = [box.left + part * box.width, box.top + box.height / 2];
      const hit = rectangles.filter(([area]) => area.left <= x && x <= area.right && area.top <= y && y <= area.bottom);
      return hit.reduce((below, [, style]) => {
        const [red, green, blue, alpha] = parse(style.fill);
        return over([red, green, blue, alpha * Number(style.fillOpacity)], below);
      }, base);
    });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(element) || element.matches("title, desc")) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.right <= 0) continue;
    const drawn = element instanceof SVGTextElement;
    const style = getComputedStyle(element);
    for (const below of drawn ? backgrounds(element) : [background(element)]) {
      const found = contrast(over(parse(drawn ? style.fill : style.color), below), below);
      if (found < 4.5) problems.push(`contrast ${found.toFixed(2)}: ${name(element)}`);
    }
    if (Number.parseFloat(style.fontSize) * (drawn ? element.getScreenCTM().a : 1) < 10.5) problems.push(`too small: ${name(element)}`);
  }

  // Labels of a chart must not cover each other.
  for (const svg of all("svg")) {
    const boxes = [...svg.querySelectorAll("text")].filter(shown).map((text) => [text, text.getBoundingClientRect()]);
    const edge = svg.getBoundingClientRect();
    for (const [place, [text, box]] of boxes.entries()) {
      if (box.right > edge.right + 2 || box.left < edge.left - 2) problems.push(`leaves its chart: ${name(text)}`);
      for (const [other, area] of boxes.slice(place + 1)) {
        const [wide, high] = [Math.min(box.right, area.right) - Math.max(box.left, area.left), Math.min(box.bottom, area.bottom) - Math.max(box.top, area.top)];
        if (wide > 1 && high > 5) problems.push(`${name(text)} covers ${name(other)}`);
      }
    }
  }
  return problems;
}

/** Puts what charts share into each of them, where the audit can see it. */
export function unfold() {
  for (const use of document.querySelectorAll("svg use")) {
    const copy = document.querySelector(use.getAttribute("href")).cloneNode(true);
    copy.removeAttribute("id");
    if (use.hasAttribute("lang")) copy.setAttribute("lang", use.getAttribute("lang"));
    use.replaceWith(copy);
  }
}

/** Where the focus is, and whether it can be seen; null at the end of the page. */
export function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const place = element.dataset.place;
  const seen = element.matches("input") ? element.nextElementSibling : element;
  const style = getComputedStyle(seen);
  const outlined = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
  const { top, bottom } = element.getBoundingClientRect();
  const problem = !outlined ? `no focus to be seen: ${element.outerHTML.slice(0, 80)}`
    : bottom < 0 || top > innerHeight ? `focus outside of the window: ${element.outerHTML.slice(0, 80)}` : null;
  return { place, problem };
}
