/* Speaks Chinese for Streamlit's own front end.
 *
 * Owns: replacing the words Streamlit itself writes (buttons, hints, menus, aria labels) by the
 * Chinese ones of words.csv, before the browser paints them. serve.py appends the table as the
 * argument of this function.
 * Refuses to know: what the app says. Text inside the places listed in USER is left alone unless
 * the table names a narrower place for the word.
 */
(function (rows) {
  "use strict";

  // Streamlit 1.67 asks the browser for calendar, month and number formats; a browser set to
  // English would show an English calendar inside a Chinese page.
  for (const [name, value] of [["language", "zh-CN"], ["languages", ["zh-CN", "zh"]]]) {
    Object.defineProperty(Navigator.prototype, name, { configurable: true, get: () => value });
  }

  const testid = (...names) => names.map((name) => `[data-testid="${name}"]`).join(",");

  // Where a row of the table applies; "*" is everywhere but USER.
  const PLACES = {
    "*": null,
    title: "head > title",
    uploader: testid("stFileUploader"),
    option: '[role="option"]',
    alert: testid("stTooltipContent", "stAlert", "stTooltipErrorContent"),
    markdown: testid("stException", "stAlert"),
    date: testid("stDateInput", "stDateTimeInput"),
    toolbar: testid("stElementToolbar"),
    columnmenu: testid("stDataFrameColumnMenu"),
  };
  const USER =
    testid("stMarkdownContainer", "stTable", "stText", "stCode", "stJson", "stMetricValue") +
    ',pre,code,textarea,[role="option"],[role="gridcell"],[contenteditable="true"]';
  const ATTRIBUTES = [
    ...["aria-label", "aria-valuetext", "aria-roledescription"],
    ...["title", "placeholder", "alt"],
  ];
  const SKIPPED = new Set(["SCRIPT", "STYLE", "svg", "CANVAS", "IFRAME", "TEXTAREA"]);
  const LONGEST = 400;

  const exact = new Map(); // English -> [[place, Chinese], …]
  const patterns = []; // [RegExp, place, Chinese with holes {} or {1}, {2}, …]
  const drawn = new Map(); // words drawn on the table's canvas
  for (const [place, english, chinese] of rows) {
    if (place === "canvas") {
      drawn.set(english, chinese);
    } else if (english.includes("{}")) {
      const source = english.split("{}").map((s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      patterns.push([new RegExp(`^${source.join("([^]+?)")}$`), place, chinese]);
    } else {
      if (!exact.has(english)) exact.set(english, []);
      exact.get(english).push([place, chinese]);
    }
  }

  function applies(place, element, isAttribute) {
    if (place !== "*") return element.closest(PLACES[place]) !== null;
    return isAttribute || element.closest(USER) === null;
  }

  /** The Chinese for `text` at `element`, or null when it is not one of Streamlit's words. */
  function translate(text, element, isAttribute) {
    const word = text.trim();
    if (word.length > LONGEST || !/[A-Za-z]{2}/.test(word)) return null;
    for (const [place, chinese] of exact.get(word) ?? []) {
      if (applies(place, element, isAttribute)) return text.replace(word, () => chinese);
    }
    for (const [regex, place, chinese] of patterns) {
      const found = regex.exec(word);
      if (!found || !applies(place, element, isAttribute)) continue;
      // Holes are filled in order, or by number where Chinese says things in another order.
      let next = 0;
      return chinese.replace(/\{(\d?)\}/g, (_, number) => {
        const part = found[number || ++next];
        return translate(part, element, true) ?? part;
      });
    }
    return null;
  }

  function visitText(node) {
    const parent = node.parentElement;
    if (!parent || SKIPPED.has(parent.nodeName)) return;
    const chinese = translate(node.data, parent, false);
    if (chinese !== null && chinese !== node.data) node.data = chinese;
  }

  function visitAttribute(element, name) {
    const value = element.getAttribute(name);
    if (!value) return;
    const chinese = translate(value, element, true);
    if (chinese !== null && chinese !== value) element.setAttribute(name, chinese);
  }

  function visit(root) {
    if (root.nodeType === Node.TEXT_NODE) return visitText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const kinds = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
    const walker = document.createTreeWalker(root, kinds, (node) =>
      SKIPPED.has(node.nodeName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    // A walker never filters its own root, and a rejected root would still be walked.
    if (SKIPPED.has(root.nodeName) && root.nodeName !== "TEXTAREA") return;
    for (let node = root; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) visitText(node);
      else for (const name of ATTRIBUTES) visitAttribute(node, name);
    }
  }

  // Records arrive before the next paint, so the English is never seen. A replacement is itself a
  // mutation; it ends there because no Chinese phrase of the table is a key of it (tested).
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "childList") record.addedNodes.forEach(visit);
      else if (record.type === "characterData") visitText(record.target);
      else visitAttribute(record.target, record.attributeName);
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
  visit(document.documentElement);

  // Tables are painted, not written: an empty one says "empty" and a missing value "None".
  const paint = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    return paint.call(this, drawn.get(text) ?? text, ...rest);
  };
})
