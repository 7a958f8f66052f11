"""The pages of PDF files: text and rulings as stored; of a page that is a picture, as recognised."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import dict_value, resolve1
from pdfplumber.utils import extract_text
from pdfplumber.utils.exceptions import PdfminerException

from loaders.forms.aligned import Aligned, Line, Mark, NotApart, aligned_table
from loaders.forms.paged import PAGE_NUMBER, SAME_EDGE, Page, Table, nearest, source_of
from loaders.forms.pdf_bounds import bounded, find_tables
from loaders.forms.scan import (
    MAX_SCANNED,
    NO_TEXT,
    NOT_INSTALLED,
    NOT_READ,
    TOO_MANY,
    is_installed,
)
from loaders.grid import Cell, Source
from loaders.limits import MAX_CELL_CHARACTERS
from loaders.model import LedgerError, Tell
from loaders.wording import with_characters

_MAX_PAGES = 300
_ITEM = re.compile(r"\d{1,3}\s*[.．、](?!\d)")
_FEWEST_CHARACTERS = 20
"""Characters from which the text stored in a page counts as its text."""
_LEGIBLE = 0.7
"""The share of characters with a meaning in a text layer that is worth reading."""
_WHOLE_PAGE = 0.7
"""The share of a page from which a picture on it is the page."""


@bounded()
def read_pdf(path: Path, name: str, tell: Tell) -> Source:
    """The tables of a PDF; of one without tables, the plan in its text.

    Raises LedgerError: encrypted, damaged, too long, scanned where recognition is not installed.
    """
    try:
        with pdfplumber.open(path) as document:
            listed = sum(1 for _ in islice(PDFPage.create_pages(document.doc), _MAX_PAGES + 1))
            if listed > _MAX_PAGES:
                raise LedgerError(f"PDF 超过 {_MAX_PAGES} 页，请只导出台账所在的页后再导入")
            stated = resolve1(dict_value(document.doc.catalog.get("Pages")).get("Count"))
            pages: list[Page] = []
            scanned: list[int] = []
            aligned: Aligned | None = None
            for number, page in enumerate(document.pages, start=1):
                share = (number - 1) / len(document.pages)
                tell(f"正在读第 {number} 页，共 {len(document.pages)} 页", share)
                read, aligned = _read_page(page, aligned)
                pages.append(read)
                if _is_picture(page, pages[-1], path):
                    scanned.append(number)
                page.close()
    except PDFPasswordIncorrect:
        raise LedgerError("文件已加密，请去掉打开密码并另存后再导入") from None
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, LedgerError):
            raise cause from None
        if isinstance(cause, PDFPasswordIncorrect):
            raise LedgerError("文件已加密，请去掉打开密码并另存后再导入") from None
        raise
    if scanned:
        _recognise(path, pages, scanned, tell)
    if not any(page.above or page.tables for page in pages):
        raise LedgerError(f"PDF 中{NO_TEXT}" if is_installed() else NOT_INSTALLED)
    return source_of(pages, name, stated)


def _recognise(path: Path, pages: list[Page], scanned: Sequence[int], tell: Tell) -> None:
    """Put what is recognised in the place of the pages with these numbers, which are pictures."""
    if not is_installed():
        for number in scanned:
            pages[number - 1].remarks.append(NOT_READ)
        return
    if len(scanned) > MAX_SCANNED:
        raise LedgerError(TOO_MANY)
    from loaders.forms.scan.pictures import rendered
    from loaders.forms.scan.reading import read_picture

    aligned: Aligned | None = None
    for done, number in enumerate(scanned):
        doing = f"正在识别第 {number} 页（扫描件），共 {len(pages)} 页"
        tell(doing, done / len(scanned))
        pages[number - 1], aligned = read_picture(rendered(path, number - 1), aligned)


def _is_picture(page: Any, read: Page, path: Path) -> bool:
    """Whether the text of a page has to be recognised: it has a picture and no text worth reading, or
    the picture is the page and its text, another program's recognition, is not seen."""
    left, top, right, bottom = page.bbox
    area = (right - left) * (bottom - top)
    shares = [
        (image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) / area
        for image in page.images
    ]
    if not shares:
        return False
    written = "".join(read.characters.elements()).replace(" ", "")
    legible = sum(c.isalnum() and not "\ue000" <= c <= "\uf8ff" for c in written)
    if len(written) < _FEWEST_CHARACTERS or legible < _LEGIBLE * len(written):
        return max(shares) > 0.1
    return max(shares) > _WHOLE_PAGE and not read.tables and _is_hidden(path, page.page_number - 1)


def _is_hidden(path: Path, index: int) -> bool:
    """Whether most text of a page is drawn invisibly, or below a picture as large as the page."""
    import pypdfium2
    from pypdfium2 import raw

    seen = hidden = 0
    with pypdfium2.PdfDocument(path) as document:
        page = document[index]
        area = page.get_width() * page.get_height()
        for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE]):
            if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = drawn.get_bounds()
                if (right - left) * (top - bottom) > _WHOLE_PAGE * area:
                    seen, hidden = 0, hidden + seen
            elif raw.FPDFTextObj_GetTextRenderMode(drawn.raw) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
                hidden += 1
            else:
                seen += 1
    return hidden > seen


def _read_page(page: Any, before: Aligned | None) -> tuple[Page, Aligned | None]:
    """(what stands on a page, its table when it has no rulings). `before` is that of the page before."""
    for character in page.chars:
        character["text"] = with_characters(character["text"])
    found = [table for table in find_tables(page) if len(table.cells) > 1]
    found.sort(key=lambda table: (table.bbox[1], table.bbox[0]))
    left, top, right, bottom = page.bbox
    seen = [c for c in page.chars if left <= c["x0"] < right and top <= c["top"] < bottom]
    characters = Counter("".join(each["text"] for each in seen))
    aligned, unclear = None, False
    try:
        aligned = None if found else aligned_table(_marks(seen), before)
    except NotApart:
        unclear = True
    if aligned:
        above, below_it = (
            _lines("\n".join(_cell_text(_characters(seen, line), math.inf) for line in lines))
            for lines in (aligned.above, aligned.beside)
        )
        return Page(above, [_aligned_cells(seen, aligned)], below_it, characters), aligned
    below = found[0].bbox[1] if found else page.bbox[3]
    above = _lines(_text_above(page, below) if found else page.extract_text())
    tables, rest = [], page.chars
    for table in found:
        cells, rest = _cells(rest, table)
        tables.append(cells)
    beside = [c for c in rest if (c["top"] + c["bottom"]) / 2 > below]
    beside_text = _lines(extract_text(beside)) if found else []
    return Page(above, tables, beside_text, characters, unclear), None


def _marks(characters: Sequence[dict]) -> list[Mark]:
    return [
        Mark(each["text"], each["x0"], each["top"], each["x1"], each["bottom"], index)
        for index, each in enumerate(characters)
        if each["text"].strip()
    ]


def _characters(characters: Sequence[dict], line: Line) -> list[dict]:
    return [characters[mark.index] for mark in line]


def _aligned_cells(characters: Sequence[dict], aligned: Aligned) -> Table:
    cells: dict[int, Cell] = {}
    rows = []
    for number, row in enumerate(aligned.rows, start=1):
        # One list of lines at several columns is one cell.
        for column, (lines, right) in enumerate(zip(row, aligned.edges[1:], strict=True), start=1):
            written = [c for line in lines for c in _characters(characters, line)]
            cells.setdefault(id(lines), Cell(_cell_text(written, right), number, column))
        rows.append([cells[id(lines)] for lines in row])
    return Table(rows, aligned.edges, ruled=False)


def _text_above(page: Any, below: float) -> str:
    """The text of which the middle of the line stands above a height of the page."""
    left, top, right, _ = page.bbox
    return extract_text(
        [
            each
            for each in page.chars
            if left <= each["x0"] < right and top <= (each["top"] + each["bottom"]) / 2 < below
        ]
    )


def _lines(text: str | None) -> list[str]:
    """The lines with anything in them but the number of the page."""
    lines = [line.strip() for line in (text or "").split("\n")]
    return [line for line in lines if line and not PAGE_NUMBER.fullmatch(line)]


def _cells(characters: Sequence[dict], table: Any) -> tuple[Table, list[dict]]:
    """(the cells by row and column, one that covers several the same at each; the characters that
    stand in none of them)."""
    lefts = _edges(x for left, _, right, _ in table.cells for x in (left, right))
    tops = _edges(y for _, top, _, bottom in table.cells for y in (top, bottom))
    covering: list[list[int | None]] = [[None] * (len(lefts) - 1) for _ in tops[:-1]]
    places = []
    for index, box in enumerate(table.cells):
        left, right = nearest(lefts, box[0]), nearest(lefts, box[2])
        top, bottom = nearest(tops, box[1]), nearest(tops, box[3])
        places.append((top + 1, left + 1))
        for row in range(top, bottom):
            for column in range(left, right):
                covering[row][column] = index
    written: list[list[dict]] = [[] for _ in table.cells]
    outside: list[dict] = []
    for character in characters:
        column = bisect_right(lefts, (character["x0"] + character["x1"]) / 2) - 1
        row = bisect_right(tops, (character["top"] + character["bottom"]) / 2) - 1
        inside = 0 <= row < len(covering) and 0 <= column < len(covering[row])
        covered_by = covering[row][column] if inside else None
        (outside if covered_by is None else written[covered_by]).append(character)
    cells = [
        Cell(_cell_text(own, box[2]), *place)
        for own, box, place in zip(written, table.cells, places, strict=True)
    ]
    rows = [
        [Cell("", i, j) if own is None else cells[own] for j, own in enumerate(row, start=1)]
        for i, row in enumerate(covering, start=1)
    ]
    return Table(rows, lefts), outside


def _cell_text(characters: Sequence[dict], right: float) -> str:
    """The lines of a cell; one that reaches the right edge was broken there and goes on."""
    lines: list[list[dict]] = []
    for character in sorted(characters, key=lambda c: (c["top"], c["x0"])):
        if lines and character["top"] - lines[-1][0]["top"] < character["size"] / 2:
            lines[-1].append(character)
        else:
            lines.append([character])
    text, broken = "", True
    for line in lines:
        line.sort(key=lambda c: c["x0"])
        written = ""
        before = line[0]
        for character in line:
            apart = character["x0"] - before["x1"] > before["size"] * 0.6
            written += f" {character['text']}" if apart else character["text"]
            before = character
        text += written if broken and not _ITEM.match(written) else f"\n{written}"
        broken = right - line[-1]["x1"] < 2 * line[-1]["size"]
    if len(text) > MAX_CELL_CHARACTERS:
        raise LedgerError(f"有一格超过 {MAX_CELL_CHARACTERS} 字，不是台账表格，请检查文件内容")
    return text.strip()


def _edges(positions: Iterator[float]) -> list[float]:
    edges: list[float] = []
    for position in sorted(positions):
        if not edges or position - edges[-1] > SAME_EDGE:
            edges.append(position)
    return edges
