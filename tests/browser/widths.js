/* Runs in a page before its scripts; `window.widthFaults()` lists the texts that are cut or overprinted.
 *
 * Tables are drawn on a canvas, so what is written on one is noted as it is drawn, with the box that it
 * was clipped to. Everything else is measured where it stands. */
(() => {
  const SLACK = 2; // Lines are up to two pixels higher than their letters, and places are rounded.
  const SAME = 3; // Pixels by which two lines set closely may share their boxes.
  const DESK = 1000; // From this width on a table shows all its columns; a narrower window scrolls them.
  const HEAD = 38; // Pixels of the row of heads of a table.
  // Units by indicators is a grid of cells: below some 900 pixels it is scrolled sideways.
  const GRID_OF_CELLS = ".st-key-matrix";
  // The month's form is filled in like a sheet: number and task stay, its fourteen columns pass by.
  const SHEET = '[class*="st-key-grid_"]';

  const written = new Map(); // canvas → the heads of its columns, by their place
  const clips = new WeakMap(); // context → { boxes of save(), pending: the last rect(), box: the clip }
  const context = CanvasRenderingContext2D.prototype;
  const state = (ctx) => {
    if (!clips.has(ctx)) clips.set(ctx, { saved: [], pending: null, box: null });
    return clips.get(ctx);
  };
  const before = (name, note) => {
    const drawn = context[name];
    context[name] = function (...given) {
      note(this, ...given);
      return drawn.apply(this, given);
    };
  };
  before("save", (ctx) => state(ctx).saved.push(state(ctx).box));
  before("restore", (ctx) => (state(ctx).box = state(ctx).saved.pop() ?? null));
  before("rect", (ctx, x, y, width, height) => (state(ctx).pending = { x, y, width, height }));
  before("clip", (ctx) => (state(ctx).box = state(ctx).pending));
  before("fillText", (ctx, text, x, y) => {
    const box = state(ctx).box;
    if (!box || !text.trim()) return;
    if (!written.has(ctx.canvas)) written.set(ctx.canvas, new Map());
    const width = ctx.measureText(text).width;
    const from = ctx.textAlign === "right" ? x - width : ctx.textAlign === "center" ? x - width / 2 : x;
    const cut = from < box.x - SLACK || from + width > box.x + box.width + SLACK;
    written.get(ctx.canvas).set(`${Math.round(x)} ${Math.round(y)}`, { text, cut, y });
  });
  window.forgetWritten = () => written.clear();

  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !(element.closest('[data-testid="stSidebar"]')?.getBoundingClientRect().right <= 0) &&
    !getComputedStyle(element).fontFamily.includes("Material"); // icons are words to their font only

  const shortly = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);

  /* Each line of text in front of the reader: its letters, box and element. */
  function lines() {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const inside = node.parentElement;
      if (!node.data.trim() || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(inside.nodeName)) continue;
      if (inside.closest("canvas") || !isShown(inside)) continue;
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        // A text for screen readers only stands in a box of one pixel.
        if (box.width > 1 && box.height > 1) found.push({ text: shortly(node.data), box, inside });
      }
    }
    return found;
  }

  const holders = new Map(); // element → its nearest ancestors that cut or scroll, worked out once
  function cutting(element) {
    if (!element || element === document.body) return [];
    if (!holders.has(element)) {
      const style = getComputedStyle(element);
      const isSvg = element instanceof SVGElement;
      const scrolls = !isSvg && ["auto", "scroll"].includes(style.overflowY);
      // What scrolls downwards shows all of itself sooner or later, so nothing around it cuts its height.
      const above = style.position === "fixed" ? [] : cutting(element.parentElement)
        .map((each) => (scrolls ? { ...each, tall: false } : each));
      const cuts = !isSvg && style.overflowX !== "visible";
      const tall = !isSvg && ["hidden", "clip"].includes(style.overflowY);
      holders.set(element, cuts || tall ? [{ element, cuts, tall }, ...above] : above);
    }
    return holders.get(element);
  }

  function cutLines(all) {
    const faults = [];
    for (const { text, box, inside } of all) {
      if (innerWidth < DESK && inside.closest(GRID_OF_CELLS)) continue;
      if (box.left < -SLACK || box.right > innerWidth + SLACK) faults.push(`outside the window: ${text}`);
      for (const { element, cuts, tall } of cutting(inside)) {
        const frame = element.getBoundingClientRect();
        if (frame.width <= 1) break; // for screen readers
        const across = box.left < frame.left - SLACK || box.right > frame.right + SLACK;
        const down = box.top < frame.top - SLACK || box.bottom > frame.bottom + SLACK;
        if ((cuts && across) || (tall && down)) {
          faults.push(`cut: ${text} <${element.nodeName} ${element.dataset.testid ?? element.className}>`);
          break;
        }
      }
      const style = getComputedStyle(inside);
      if (style.textOverflow === "ellipsis" && inside.scrollWidth > inside.clientWidth + 1) {
        faults.push(`shortened: ${text}`);
      }
    }
    return faults;
  }

  /* What is typed may have any length, and a chosen task is read whole in its list; so of both kinds of
   * field it is the hint in an empty one that must fit. */
  function cutHints() {
    const pen = document.createElement("canvas").getContext("2d");
    return [...document.querySelectorAll("input[placeholder]")]
      .filter((input) => isShown(input) && !input.value && input.clientWidth > 4)
      .filter((input) => {
        const style = getComputedStyle(input);
        pen.font = style.font;
        const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        return pen.measureText(input.placeholder).width > room + SLACK;
      })
      .map((input) => `hint is cut: ${shortly(input.placeholder)}`);
  }

  function overprinted(all) {
    const faults = [];
    const sorted = [...all].sort((a, b) => a.box.top - b.box.top);
    sorted.forEach((one, place) => {
      for (let next = place + 1; next < sorted.length; next += 1) {
        const other = sorted[next];
        if (other.box.top > one.box.bottom - SAME) break;
        if (one.inside === other.inside) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
        if (across > SAME && down > SAME) faults.push(`overprinted: ${one.text} | ${other.text}`);
      }
    });
    return faults;
  }

  function cutChartLabels() {
    return [...document.querySelectorAll(".js-plotly-plot")].flatMap((plot) => {
      const frame = plot.getBoundingClientRect();
      return [...plot.querySelectorAll("text")]
        .filter((label) => {
          const box = label.getBoundingClientRect();
          return box.width > 0 && (box.left < frame.left - SLACK || box.right > frame.right + SLACK ||
            box.top < frame.top - SLACK || box.bottom > frame.bottom + SLACK);
        })
        .map((label) => `outside its chart: ${shortly(label.textContent)}`);
    });
  }

  function tables() {
    return [...document.querySelectorAll('[data-testid="stDataFrame"]')].filter(isShown).flatMap((table) => {
      const scroller = table.querySelector(".dvn-scroller");
      const named = table.closest('[class*="st-key-"]')?.className.match(/st-key-\S+/)?.[0] ?? "a table";
      const faults = [];
      if (innerWidth >= DESK && !table.closest(SHEET) && scroller && scroller.scrollWidth > scroller.clientWidth + SLACK) {
        faults.push(`columns to the right are cut: ${named} ${scroller.scrollWidth} > ${scroller.clientWidth}`);
      }
      for (const canvas of table.querySelectorAll("canvas")) {
        // A cell holds texts of any length: three lines of them, and the card or the file has the rest.
        for (const { text, cut, y } of written.get(canvas)?.values() ?? []) {
          if (cut && y < HEAD) faults.push(`cut head: ${named} ${shortly(text)}`);
        }
      }
      return faults;
    });
  }

  window.widthFaults = () => {
    holders.clear();
    const all = lines();
    return [...new Set([
      ...cutLines(all), ...cutHints(), ...overprinted(all), ...cutChartLabels(), ...tables(),
    ])];
  };
})();
