/* Texts in Streamlit's tables, which are drawn on a canvas: where a line breaks, and which heads stand on
 * the right. Streamlit's own file is made to call these two (frontend.py). Owns no look. */
(() => {
  "use strict";
  const CLOSING = "，。、；：？！”’）》〉】〕」』…％%,.;:?!)\\]}";
  const OPENING = "“‘（《〈【〔「『(\\[{";
  // What stays on one line: a word or number, or one character, with the marks that belong to it.
  const PIECE = new RegExp(
    `[${OPENING}]*(?:[A-Za-z0-9+−-][A-Za-z0-9.:/+−–-]*|[\\s\\S])[${CLOSING}]*`, "gu");
  const KEPT = 4000;
  const widths = new Map();
  const broken = new Map();

  const widthOf = (ctx, piece) => {
    const key = `${ctx.font}\n${piece}`;
    let width = widths.get(key);
    if (width === undefined) {
      if (widths.size > KEPT) widths.clear();
      width = ctx.measureText(piece).width;
      widths.set(key, width);
    }
    return width;
  };

  /** The lines of a text in a cell so many pixels wide that holds `most` lines; what does not fit in the
   * last of them ends in “…”. No line begins with a mark that closes or ends with one that opens. */
  globalThis.linesOfCell = (ctx, text, width, most) => {
    const key = `${ctx.font}\n${width}\n${most}\n${text}`;
    const known = broken.get(key);
    if (known) return known;
    const lines = [];
    for (const paragraph of text.split("\n")) {
      let line = "", taken = 0;
      const pieces = (paragraph.match(PIECE) ?? [""]).flatMap((piece) =>
        (widthOf(ctx, piece) > width ? [...piece] : [piece]));
      for (const piece of pieces) {
        const more = widthOf(ctx, piece);
        if (line && taken + more > width) {
          lines.push(line.trimEnd());
          line = "";
          taken = 0;
        }
        if (!line && !piece.trim() && lines.length) continue;
        line += piece;
        taken += more;
      }
      lines.push(line.trimEnd());
    }
    const fitting = lines.slice(0, Math.max(1, most));
    if (lines.length > fitting.length) {
      let last = [...fitting.at(-1).replace(/…$/, "")];
      while (last.length && ctx.measureText(`${last.join("")}…`).width > width) last.pop();
      fitting[fitting.length - 1] = `${last.join("")}…`;
    }
    if (broken.size > KEPT) broken.clear();
    broken.set(key, fitting);
    return fitting;
  };

  /** The head of a column, on the right where its cells are numbers: the table puts a head there that
   * begins with a right-to-left letter. These two marks are such a beginning and show nothing. */
  globalThis.headOfColumn = (column) => {
    const side = column.contentAlignment ?? (column.kind === "number" ? "right" : "left");
    return side === "right" ? `\u061c\u200e${column.title}` : column.title;
  };
})();
