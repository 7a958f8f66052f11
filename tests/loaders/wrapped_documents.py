"""Ledgers whose words stand within everything that programs put around words, beside words that nobody
sees: for the fuzz. Every word is another one, so that each must be found, or must not be.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from tests.loaders.ledger_documents import HEADER
from tests.loaders.package_documents import (
    TITLE,
    box,
    cell,
    paragraph,
    row,
    run,
    sheet_rows,
    styles,
    table,
    text_cell,
    word,
    workbook,
)

Wrap = Callable[[str], str]
_LETTERS = "甲乙丙丁戊己庚辛壬癸"

WORD_SEEN: tuple[Wrap, ...] = (
    run,
    run,
    lambda t: run(t[:1]) + run(t[1:], "<w:b/>"),
    lambda t: f"<w:ins>{run(t)}</w:ins>",
    lambda t: f"<w:moveTo>{run(t)}</w:moveTo>",
    lambda t: f"<w:sdt><w:sdtPr/><w:sdtContent>{run(t)}</w:sdtContent></w:sdt>",
    lambda t: f"<w:smartTag><w:smartTagPr/>{run(t)}</w:smartTag>",
    lambda t: f"<w:bdo><w:dir>{run(t)}</w:dir></w:bdo>",
    lambda t: f"<w:r><w:ruby><w:rubyBase>{run(t)}</w:rubyBase></w:ruby></w:r>",
    lambda t: f"<m:oMath><m:r><m:t>{t}</m:t></m:r></m:oMath>",
    lambda t: box(paragraph(t)),
    lambda t: f"<w:later>{run(t)}</w:later>",
    lambda t: f"<w:hyperlink>{run(t, '<w:vanish w:val=' + repr('0') + '/>')}</w:hyperlink>",
)
WORD_UNSEEN: tuple[Wrap, ...] = (
    lambda t: run(t, "<w:vanish/>"),
    lambda t: run(t, "<w:strike/>"),
    lambda t: run(t, "<w:dstrike/>"),
    lambda t: run(t, "<w:color w:val='FFFFFF'/>"),
    lambda t: f"<w:r><w:ruby><w:rt>{run(t)}</w:rt></w:ruby></w:r>",
    lambda t: f"<w:ins>{run(t, '<w:vanish/>')}</w:ins>",
)
PAGE_SEEN: tuple[Wrap, ...] = (
    str,
    lambda t: f"<b>{t[:1]}</b>{t[1:]}",
    lambda t: f"<span style='font-size:0.8em'>{t}</span>",
    lambda t: f"<ruby>{t}</ruby>",
    lambda t: f"<input value='{t}'>",
    lambda t: f"<unknown-tag>{t}</unknown-tag>",
    lambda t: f"<div><p>{t}</p></div>",
)
PAGE_UNSEEN: tuple[Wrap, ...] = (
    lambda t: f"<span style='display:none'>{t}</span>",
    lambda t: f"<span hidden>{t}</span>",
    lambda t: f"<span class='away'>{t}</span>",
    lambda t: f"<s>{t}</s>",
    lambda t: f"<ruby><rt>{t}</rt></ruby>",
    lambda t: f"<i style='text-decoration: line-through'>{t}</i>",
)


@st.composite
def wrapped(draw: st.DrawFn, form: str) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    """(content, words that are seen, words that are not) of a ledger of some rows."""
    seen: list[str] = []
    unseen: list[str] = []

    def new(kind: list[str], prefix: str) -> str:
        number = len(seen) + len(unseen)
        digits = "".join(_LETTERS[int(d)] for d in f"{number:03}")
        kind.append(prefix + digits)
        return kind[-1]

    ways = {".docx": (WORD_SEEN, WORD_UNSEEN), ".html": (PAGE_SEEN, PAGE_UNSEEN)}
    shows, hides = ways.get(form, ((), ()))
    rows: list[list[str]] = []
    for number in range(draw(st.integers(1, 4))):
        cells = []
        for column in range(len(HEADER)):
            if form == ".xlsx":
                at, style = (
                    f"{chr(65 + column)}{number + 3}",
                    draw(st.sampled_from([0, 0, 0, 0, 2, 3])),
                )
                hidden = bool(style) and column != 2
                text = new(unseen, "暗") if hidden else new(seen, "明")
                cells.append(text_cell(at, text, style if hidden else 0))
                continue
            pieces = [draw(st.sampled_from(shows))(new(seen, "明"))]
            if draw(st.integers(0, 3)) == 0:
                pieces.append(draw(st.sampled_from(hides))(new(unseen, "暗")))
            cells.append("".join(pieces))
        rows.append(cells)
    return _saved(draw, form, rows, new, seen, unseen), tuple(seen), tuple(unseen)


def _saved(
    draw: st.DrawFn,
    form: str,
    rows: list[list[str]],
    new: Callable[[list[str], str], str],
    seen: list[str],
    unseen: list[str],
) -> bytes:
    after = new(seen, "明")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{form}"
        if form == ".xlsx":
            looks = ['numFmtId="0" fontId="1" fillId="0"']
            inside = sheet_rows(((TITLE,), HEADER, *rows, (after,)))
            workbook(path, ("台账", inside), style=styles(["0", ";;;"], ["<strike/>"], looks))
        elif form == ".docx":
            drawn = [row([cell(paragraph(c)) for c in cells]) for cells in rows]
            if draw(st.booleans()):
                hidden = [cell(new(unseen, "暗")) for _ in HEADER]
                drawn.insert(draw(st.integers(0, len(drawn))), row(hidden, "<w:hidden/>"))
            body = table(*drawn)
            if draw(st.booleans()):
                body = "<w:tbl>" + row((cell(body),)) + "</w:tbl>"
            word(path, paragraph(TITLE) + body + paragraph(after))
        else:
            drawn = ["".join(f"<td>{c}</td>" for c in cells) for cells in (HEADER, *rows)]
            body = "".join(f"<tr>{each}</tr>" for each in drawn)
            head = "<style>.away {display:none}</style>"
            page = f"{head}<h1>{TITLE}</h1><table>{body}</table><p>{after}</p>"
            path.write_text(page, encoding="utf-8")
        return path.read_bytes()
