// The report: the page that `gaen report` writes, in a frame that runs no script.
import { button, element } from "../dom.js";
import { save } from "../save.js";
import { saveDocuments } from "./save-documents.js";

export async function report(asked) {
  const { desk, words, settings } = asked;
  const html = await desk.report(settings);
  const frame = element("iframe", { id: "report-frame", title: words.reportFrame, srcdoc: html, onload: ({ target }) => fit(target) });
  // Its own origin is this page's, so that it can be measured and printed; without `allow-scripts` nothing runs in it.
  frame.setAttribute("sandbox", "allow-same-origin allow-modals");
  return [
    element("div", { className: "buttons" },
      button("save-report", words.saveReport, () => save("gaen-report.html", "text/html", html), "primary"),
      button("print-report", words.printReport, () => frame.contentWindow.print())),
    frame,
    element("p", { className: "paper" }, words.printHere),
    saveDocuments(asked),
  ];
}

/** As high as its content, so that there is one scroll bar; and its links scroll this page. */
function fit(frame) {
  const inside = frame.contentDocument;
  const measure = () => frame.style.setProperty("height", `${inside.documentElement.offsetHeight + 24}px`);
  new ResizeObserver(measure).observe(inside.documentElement);
  measure();
  inside.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (!link) return;
    event.preventDefault();
    const goal = inside.getElementById(link.getAttribute("href").slice(1));
    goal?.scrollIntoView();
    goal?.setAttribute("tabindex", "-1");
    goal?.focus({ preventScroll: true });
  });
}
