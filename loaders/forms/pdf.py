"""PDF files with ruled tables as grids: one grid for a table and its continuations on later pages.

Knows nothing of scanned pages: a picture of a table has no text to read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import dict_value, resolve1
from pdfplumber.utils import extract_text
from pdfplumber.utils.exceptions import PdfminerException

from loaders import reference
from loaders.forms.pdf_bounds import bounded, find_tables
from loaders.forms.prose import prose_grid
from loaders.grid import Cell, Grid, Row, Source
from loaders.limits import MAX_CELL_CHARACTERS
from loaders.model import Issue, LedgerError, Place, Tell
from loaders.phrases import is_unit_name, read_deadline, read_owners
from loaders.upright import holds_tasks
from loaders.wording import folded, with_characters

_MAX_PAGES = 300
_FEWEST_COLUMNS = 3
_SAME_EDGE = 3.0
"""Points by which the rulings of one edge may differ."""
_SENTENCE_END = ("。", "；", ";", "！", "!", "？")
_PAGE_NUMBER = re.compile(r"[-—–\s]*第?\s*\d{1,4}\s*页?(?:\s*[/共]\s*\d{1,4}\s*页?)?[-—–\s]*")
_FIGURES = re.compile(r"\d+")
_ITEM = re.compile(r"\d{1,3}\s*[.．、](?!\d)")
_NEW_PARAGRAPH = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d{1,3}[.．、]|第[一二三四五六七八九十]+[章节条])"
    r"|.{2,12}[:：]"
)


@bounded()
def read_pdf(path: Path, name: str, tell: Tell) -> Source:
    """The ruled tables of a PDF; of one without tables, the plan in its text.

    Raises LedgerError: encrypted, scanned, damaged, too long, or without table and plan.
    """
    try:
        with pdfplumber.open(path) as document:
            listed = sum(1 for _ in islice(PDFPage.create_pages(document.doc), _MAX_PAGES + 1))
            if listed > _MAX_PAGES:
                raise LedgerError(f"PDF 超过 {_MAX_PAGES} 页，请只导出台账所在的页后再导入")
            stated = resolve1(dict_value(document.doc.catalog.get("Pages")).get("Count"))
            pages = []
            for number, page in enumerate(document.pages, start=1):
                share = (number - 1) / len(document.pages)
                tell(f"正在读第 {number} 页，共 {len(document.pages)} 页", share)
                pages.append(_read_page(page))
    except PDFPasswordIncorrect:
        raise LedgerError("文件已加密，请去掉打开密码并另存后再导入") from None
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, LedgerError):
            raise cause from None
        if isinstance(cause, PDFPasswordIncorrect):
            raise LedgerError("文件已加密，请去掉打开密码并另存后再导入") from None
        raise
    if not any(page.above or page.tables for page in pages):
        raise LedgerError("PDF 中没有文字，可能是扫描件，请换用 Word、Excel 原件或识别文字后再导入")
    missing = [Issue(Place(name, "", 1), doubt) for doubt in _missing_pages(pages, stated)]
    grids, issues = _grids([page.tables for page in pages], name)
    if any(holds_tasks(grid, reference.headers()) for grid in grids):
        first = next(n for n, page in enumerate(pages) if page.tables)
        above = [line for page in pages[: first + 1] for line in page.above]
        rest = [*pages[first].beside]
        rest += [line for page in pages[first + 1 :] for line in (*page.above, *page.beside)]
        unread = [Issue(Place(name, "", 1), doubt) for doubt in _unread_lines(pages)]
        source = Source(
            tuple(grids), tuple(above), (*missing, *unread, *issues), beside=tuple(rest)
        )
        return replace(source, issues=(*source.issues, *_unread_characters(pages, source, name)))
    plan = prose_grid(list(enumerate(_paragraphs(pages), start=1)))
    if plan:
        return Source((plan,), issues=tuple(missing))
    if not grids:
        return Source((), tuple(_paragraphs(pages)))
    return Source(tuple(grids), issues=tuple(issues))


def _unread_characters(pages: Sequence[_Page], source: Source, name: str) -> Iterator[Issue]:
    """An issue for the characters that are drawn and stand in no table and no line; figures may be
    those of a page number, which is left out."""
    drawn = sum((page.characters for page in pages), Counter[str]())
    tables = (cell.text for grid in source.grids for row in grid.rows for cell in {*row.cells})
    used = Counter("".join((*tables, *source.above, *source.beside)))
    # A table too narrow for a ledger has an issue of its own.
    narrow = (
        cell.text
        for page in pages
        for table in page.tables
        if table.width < _FEWEST_COLUMNS
        for row in table.rows
        for cell in row
    )
    left = drawn - used - Counter("".join(narrow))
    lost = "".join(character * count for character, count in left.items() if character.isalpha())
    lost = lost.strip("第页共")
    if lost:
        message = f"有 {len(lost)} 个字没有读入，请核对原文件：“{lost[:30]}”"
        yield Issue(Place(name, "", 1), message)


@dataclass
class _Table:
    """A ruled table: its cells by row and column, and where its columns begin and end."""

    rows: list[list[Cell]]
    edges: list[float]

    @property
    def width(self) -> int:
        return len(self.edges) - 1

    def spread(self, edges: list[float]) -> bool:
        """Take over the columns of another table, if this one's are among them.

        On a last page with nothing but 加分项 no ruling shows where 二级指标 ends.
        """
        places = [_nearest(edges, edge) for edge in self.edges]
        far = max(abs(edges[at] - edge) for at, edge in zip(places, self.edges, strict=True))
        if far > _SAME_EDGE or (places[0], places[-1]) != (0, len(edges) - 1):
            return False
        spans = [after - before for before, after in pairwise(places)]
        self.rows = [
            [cell for cell, span in zip(row, spans, strict=True) for _ in range(span)]
            for row in self.rows
        ]
        self.edges = edges
        return True


@dataclass
class _Page:
    """What stands on one page."""

    above: list[str]
    """The lines above the first table, or all when there is none."""
    tables: list[_Table]
    beside: list[str]
    """The other lines in none of the tables."""
    characters: Counter[str]
    """All that is drawn on the page."""


def _read_page(page: Any) -> _Page:
    for character in page.chars:
        character["text"] = with_characters(character["text"])
    found = [table for table in find_tables(page) if len(table.cells) > 1]
    found.sort(key=lambda table: (table.bbox[1], table.bbox[0]))
    below = found[0].bbox[1] if found else page.bbox[3]
    above = _lines(_text_above(page, below) if found else page.extract_text())
    tables, rest = [], page.chars
    for table in found:
        cells, rest = _cells(rest, table)
        tables.append(cells)
    beside = [c for c in rest if (c["top"] + c["bottom"]) / 2 > below]
    left, top, right, bottom = page.bbox
    characters = Counter(
        "".join(
            each["text"]
            for each in page.chars
            if left <= each["x0"] < right and top <= each["top"] < bottom
        )
    )
    page.close()
    return _Page(above, tables, _lines(extract_text(beside)) if found else [], characters)


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
    return [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]


def _missing_pages(pages: Sequence[_Page], stated: object) -> Iterator[str]:
    """What is doubtful of the pages themselves."""
    if isinstance(stated, int) and stated != len(pages):
        yield f"PDF 注明 {stated} 页，读到 {len(pages)} 页，文件可能已损坏，请核对"
    blank = [str(n) for n, page in enumerate(pages, start=1) if not (page.above or page.tables)]
    if blank:
        yield f"第 {'、'.join(blank)} 页没有读到文字，如为扫描的图片请另行补录"


def _unread_lines(pages: Sequence[_Page]) -> Iterator[str]:
    """The lines that stand in no table from the first table on; one printed on every page once, also
    when it counts the pages."""
    first = next(n for n, page in enumerate(pages) if page.tables)
    seen: set[str] = set()
    for number, page in enumerate(pages[first:], start=first + 1):
        # What stands above the first table of all is its title.
        above = page.above if number > first + 1 else []
        lines = [line for line in (*above, *page.beside) if _FIGURES.sub("", line) not in seen]
        seen.update(_FIGURES.sub("", line) for line in lines)
        if lines:
            yield f"第 {number} 页有 {len(lines)} 行文字不在表格中，没有读入：{lines[0][:30]}"


def _cells(characters: Sequence[dict], table: Any) -> tuple[_Table, list[dict]]:
    """(the cells by row and column, one that covers several the same at each; the characters that
    stand in none of them)."""
    lefts = _edges(x for left, _, right, _ in table.cells for x in (left, right))
    tops = _edges(y for _, top, _, bottom in table.cells for y in (top, bottom))
    covering: list[list[int | None]] = [[None] * (len(lefts) - 1) for _ in tops[:-1]]
    places = []
    for index, box in enumerate(table.cells):
        left, right = _nearest(lefts, box[0]), _nearest(lefts, box[2])
        top, bottom = _nearest(tops, box[1]), _nearest(tops, box[3])
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
    return _Table(rows, lefts), outside


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
        if not edges or position - edges[-1] > _SAME_EDGE:
            edges.append(position)
    return edges


def _nearest(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - position))


def _grids(pages: Sequence[list[_Table]], name: str) -> tuple[list[Grid], list[Issue]]:
    """The tables, those of a page joined to the one before when they go on with it."""
    tables: list[_Table] = []
    issues: list[Issue] = []
    last_page = -1
    for number, page in enumerate(pages):
        for order, table in enumerate(page):
            follows = tables and order == 0 and last_page == number - 1
            last_page = number
            before = tables[-1] if tables else table
            if not follows or not (table.spread(before.edges) or before.spread(table.edges)):
                tables.append(table)
                continue
            if broken := _broken_row(before.rows, table.rows):
                before.rows[-1] = _joined(before.rows[-1], table.rows.pop(broken - 1))
                where = Place(name, f"表{len(tables)}", len(before.rows))
                message = f"该行在第 {number} 页末断开，已与下一页首行并为一行，请核对"
                issues.append(Issue(where, message, "task"))
            before.rows += table.rows
    grids = [
        Grid(f"表{i}", tuple(_rows(table.rows)), continues=i > 1)
        for i, table in enumerate(tables, start=1)
        if table.width >= _FEWEST_COLUMNS
    ]
    issues += [
        Issue(Place(name, f"表{i}", 1), f"表格少于 {_FEWEST_COLUMNS} 列，没有读入，请核对")
        for i, table in enumerate(tables, start=1)
        if table.width < _FEWEST_COLUMNS and any(c.text for row in table.rows for c in row)
    ]
    return grids, issues


def _broken_row(before: Sequence[list[Cell]], table: Sequence[list[Cell]]) -> int:
    """Which row of the new page, from 1, goes on with the last of the page before; 0 for none.

    Each of its texts must go on with one that has not ended: a whole unit or date below a whole
    unit or date is a row of its own. A header printed again stands above it.
    """
    headers = 0
    while headers < min(len(table), len(before), 3) and _texts(table[headers]) == _texts(
        before[headers]
    ):
        headers += 1
    if headers >= len(table):
        return 0
    pairs = [
        (above.text, below.text)
        for above, below in zip(before[-1], table[headers], strict=True)
        if below.text
    ]
    goes_on = bool(pairs) and len(before) > headers and all(_goes_on(*pair) for pair in pairs)
    return headers + 1 if goes_on else 0


def _goes_on(above: str, below: str) -> bool:
    if not above or above.endswith(_SENTENCE_END):
        return False
    if above.endswith(("、", "，", ",")):
        return True
    if _is_date(above):
        return not _is_date(below) and _is_date(above + below)
    whole = _is_unit(above) or folded(above).isdecimal()
    return not (whole and (_is_unit(below) or _is_date(below)))


def _is_unit(text: str) -> bool:
    units = [assignment.unit for assignment in read_owners(text)]
    return bool(units) and all(is_unit_name(unit) for unit in units)


def _is_date(text: str) -> bool:
    return len(text) < 30 and read_deadline(text, 2000).kind != "unspecified"


def _joined(above: Sequence[Cell], below: Sequence[Cell]) -> list[Cell]:
    """The two halves of a row; the cells that only the first half has stay the same objects."""
    return [
        Cell(f"{a.text}\n{b.text}", a.row, a.column) if b.text else a
        for a, b in zip(above, below, strict=True)
    ]


def _texts(row: Sequence[Cell]) -> list[str]:
    return [folded(cell.text) for cell in row]


def _rows(table: Sequence[list[Cell]]) -> Iterator[Row]:
    """The rows numbered through all pages."""
    moved: dict[Cell, Cell] = {}
    for number, row in enumerate(table, start=1):
        for cell in row:
            if cell not in moved:
                moved[cell] = Cell(cell.text, number, cell.column)
        yield Row(number, tuple(moved[cell] for cell in row))


def _paragraphs(pages: Sequence[_Page]) -> list[str]:
    """The text of all pages, its lines joined to the paragraphs that the page width broke."""
    lines = [line for page in pages for line in (*page.above, *page.beside)]
    widest = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    full = False
    for line in lines:
        if paragraphs and full and not _NEW_PARAGRAPH.match(line):
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        full = len(line) >= 0.8 * widest
    return paragraphs
