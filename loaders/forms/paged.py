"""Pages with tables and lines as one document: a table that goes on over pages is one grid, a row that
a page breaks is one row.

Owns what pages have in common, whether their text is stored or recognised. Knows no file format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from loaders import reference
from loaders.accounting import BESIDE
from loaders.columns import Columns, find_columns
from loaders.correcting import FIELDS, FIGURES
from loaders.forms.prose import prose_grid
from loaders.grid import Cell, Grid, Row, Scanned, Source
from loaders.model import Issue, LedgerError, Place
from loaders.phrases import is_unit_name, read_deadline, read_owners
from loaders.reference import COLUMNS_OF
from loaders.upright import holds_tasks
from loaders.wording import folded

FEWEST_COLUMNS = 3
_PARTS = {part: part for part in (*FIELDS, *FIGURES)} | {
    column: part for part, columns in COLUMNS_OF.items() for column in columns
}
"""Column → the part of a task that is read from it."""
_ALIGNED = "表格没有框线，列和行是按文字对齐的位置分的，请逐项核对"
_NOT_APART = "表格没有框线，从文字的位置分不清哪些字在同一行、同一列，请加上框线，或换用原来的 Word、Excel 文件后再导入"
SENTENCE_END = ("。", "；", ";", "！", "!", "？")
_FIGURES = re.compile(r"\d+")
_NEW_PARAGRAPH = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d{1,3}[.．、]|第[一二三四五六七八九十]+[章节条])"
    r"|.{2,12}[:：]"
)


PAGE_NUMBER = re.compile(r"[-—–\s]*第?\s*\d{1,4}\s*页?(?:\s*[/共]\s*\d{1,4}\s*页?)?[-—–\s]*")
"""A line that is the number of its page."""
SAME_EDGE = 3.0
"""Points by which the rulings of one edge may differ."""


@dataclass
class Table:
    """A table: its cells by row and column, and where its columns begin and end."""

    rows: list[list[Cell]]
    edges: list[float]
    slack: float = SAME_EDGE
    """Points by which the edge of a column may lie elsewhere on the next page."""
    ruled: bool = True
    """Whether rulings say where its cells are."""

    @property
    def width(self) -> int:
        return len(self.edges) - 1

    def spread(self, edges: list[float]) -> bool:
        """Take over the columns of another table, if this one's are among them.

        On a last page with nothing but 加分项 no ruling shows where 二级指标 ends.
        """
        own = self.edges
        if self.slack > SAME_EDGE:
            # Each sheet lies otherwise on the glass of a scanner.
            stretch = (edges[-1] - edges[0]) / (own[-1] - own[0])
            own = [edges[0] + (edge - own[0]) * stretch for edge in own]
        places = [nearest(edges, edge) for edge in own]
        far = max(abs(edges[at] - edge) for at, edge in zip(places, own, strict=True))
        if far > self.slack or (places[0], places[-1]) != (0, len(edges) - 1):
            return False
        spans = [after - before for before, after in pairwise(places)]
        self.rows = [
            [cell for cell, span in zip(row, spans, strict=True) for _ in range(span)]
            for row in self.rows
        ]
        self.edges = edges
        return True


@dataclass
class Page:
    """What stands on one page."""

    above: list[str]
    """The lines above the first table, or all when there is none."""
    tables: list[Table]
    beside: list[str]
    """The other lines in none of the tables."""
    characters: Counter[str]
    """All that is drawn on the page."""
    unclear: bool = False
    """Whether it has a table without rulings whose columns and rows cannot be told apart."""
    recognised: bool = False
    """Whether its text was recognised in a picture."""
    doubted: list[tuple[str, Scanned]] = field(default_factory=list)
    """The lines in none of the tables that were recognised, each as it looks."""
    remarks: list[str] = field(default_factory=list)
    """What is doubtful of the page as a whole, in Chinese."""


def source_of(pages: Sequence[Page], name: str, stated: object = None) -> Source:
    """The tables of a document; of one without ledger tables, the plan in its text. `stated` is the number
    of pages that the document names.

    Raises LedgerError: a table without rulings that cannot be told apart.
    """
    missing = [Issue(Place(name, "", 1), doubt) for doubt in _missing_pages(pages, stated)]
    ruled = any(table.ruled for page in pages for table in page.tables)
    if not ruled and any(page.unclear for page in pages):
        raise LedgerError(_NOT_APART)
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
        lost = _unread_characters(pages, source, name)
        return _with_pictures(replace(source, issues=(*source.issues, *lost)), pages, name)
    paragraphs = _paragraphs(pages)
    plan = prose_grid(list(enumerate(paragraphs, start=1)))
    if plan:
        return _with_pictures(Source((plan,), issues=tuple(missing)), pages, name)
    if not grids:
        return Source((), tuple(paragraphs))
    return Source(tuple(grids), issues=tuple(issues))


def _with_pictures(source: Source, pages: Sequence[Page], name: str) -> Source:
    """The source with what its cells look like, of those that were recognised in a picture, and an issue
    for each that is not sure."""
    pictures: dict[tuple[str, int, int], tuple[bytes, ...]] = {}
    issues: list[Issue] = []
    columns: Columns | None = None
    for grid in source.grids:
        found = find_columns(grid, reference.headers())
        columns = found[1] if found else columns
        above: set[Cell] = set()
        for row in grid.rows:
            for column, cell in enumerate(row.cells):
                if cell.scanned and cell not in above and cell not in row.cells[:column]:
                    pictures[grid.table, cell.row, column + 1] = cell.scanned.pictures
                    name_of = columns.field_at(row, column) if columns else None
                    issues += _doubts(
                        Place(name, grid.table, cell.row, column + 1),
                        cell.scanned,
                        _PARTS.get(name_of or "", ""),
                    )
            above = {*row.cells}
    issues += _doubts_outside(source, pages, name, pictures)
    return replace(source, issues=(*source.issues, *issues), pictures=pictures)


def _doubts(place: Place, scanned: Scanned, about: str) -> Iterator[Issue]:
    if scanned.doubt:
        yield Issue(place, scanned.doubt, about, scanned.options)


def _doubts_outside(
    source: Source,
    pages: Sequence[Page],
    name: str,
    pictures: dict[tuple[str, int, int], tuple[bytes, ...]],
) -> Iterator[Issue]:
    """The same of the lines in no table: of a plan its paragraphs, else titles and notes."""
    table, about = BESIDE, ""
    texts = dict(enumerate((*source.above, *source.beside), start=1))
    if plan := next((grid for grid in source.grids if grid.fields), None):
        table, about = plan.table, "task"
        texts = {row.number: "".join(cell.text for cell in row.cells) for row in plan.rows}
    for page in pages:
        for line, scanned in page.doubted:
            number = next((n for n, text in texts.items() if line in text), None)
            if number is None:
                # A heading of a plan is taken apart; its number is that of the nearest paragraph.
                number = 1
            seen = pictures.get((table, number, 1), ())
            pictures[table, number, 1] = (*seen, *scanned.pictures)
            yield from _doubts(Place(name, table, number), scanned, about if plan else "")


def _unread_characters(pages: Sequence[Page], source: Source, name: str) -> Iterator[Issue]:
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
        if table.width < FEWEST_COLUMNS
        for row in table.rows
        for cell in row
    )
    left = drawn - used - Counter("".join(narrow))
    lost = "".join(character * count for character, count in left.items() if character.isalpha())
    lost = lost.strip("第页共")
    if lost:
        message = f"有 {len(lost)} 个字没有读入，请核对原文件：“{lost[:30]}”"
        yield Issue(Place(name, "", 1), message)


def _missing_pages(pages: Sequence[Page], stated: object) -> Iterator[str]:
    """What is doubtful of the pages themselves."""
    if isinstance(stated, int) and stated != len(pages):
        yield f"PDF 注明 {stated} 页，读到 {len(pages)} 页，文件可能已损坏，请核对"
    blank = [str(n) for n, page in enumerate(pages, start=1) if not (page.above or page.tables)]
    if blank:
        yield f"第 {'、'.join(blank)} 页没有读到文字，如有内容请另行补录"
    for number, page in enumerate(pages, start=1):
        yield from (f"第 {number} 页{remark}" for remark in page.remarks)


def _unread_lines(pages: Sequence[Page]) -> Iterator[str]:
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


def nearest(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - position))


def _grids(pages: Sequence[list[Table]], name: str) -> tuple[list[Grid], list[Issue]]:
    """The tables, those of a page joined to the one before when they go on with it."""
    tables: list[Table] = []
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
        Grid(f"表{i}", tuple(_rows(table.rows)), continues=i > 1, drawn=table.ruled)
        for i, table in enumerate(tables, start=1)
        if table.width >= FEWEST_COLUMNS
    ]
    issues += [
        Issue(Place(name, f"表{i}", 1), f"表格少于 {FEWEST_COLUMNS} 列，没有读入，请核对")
        for i, table in enumerate(tables, start=1)
        if table.width < FEWEST_COLUMNS and any(c.text for row in table.rows for c in row)
    ]
    issues += [
        Issue(Place(name, f"表{i}", 1), _ALIGNED)
        for i, table in enumerate(tables, start=1)
        if not table.ruled
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
    if not above or above.endswith(SENTENCE_END):
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
        Cell(f"{a.text}\n{b.text}", a.row, a.column, scanned=_both(a, b)) if b.text else a
        for a, b in zip(above, below, strict=True)
    ]


def _both(one: Cell, other: Cell) -> Scanned | None:
    """What the two halves of a cell look like."""
    if one.scanned is None or other.scanned is None:
        return one.scanned or other.scanned
    doubts = dict.fromkeys(filter(None, (one.scanned.doubt, other.scanned.doubt)))
    return Scanned((*one.scanned.pictures, *other.scanned.pictures), "；".join(doubts))


def _texts(row: Sequence[Cell]) -> list[str]:
    return [folded(cell.text) for cell in row]


def _rows(table: Sequence[list[Cell]]) -> Iterator[Row]:
    """The rows numbered through all pages."""
    moved: dict[Cell, Cell] = {}
    for number, row in enumerate(table, start=1):
        for cell in row:
            if cell not in moved:
                moved[cell] = replace(cell, row=number)
        yield Row(number, tuple(moved[cell] for cell in row))


def _paragraphs(pages: Sequence[Page]) -> list[str]:
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
