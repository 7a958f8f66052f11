"""Word files as grids, one per table.

Reads the XML itself: python-docx leaves out tracked insertions, text boxes and nested tables, opens no
file with a relation to nothing, and asking it for cell after cell is quadratic.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from loaders import reference
from loaders.columns import find_columns
from loaders.forms.numbering import Numbering, read_numbering
from loaders.forms.package import Package, qn
from loaders.forms.printed import Printed
from loaders.forms.prose import prose_grid
from loaders.forms.runs import DELETED, INSERTED, TBL, TC, TEXTS, TR, P, inside, written
from loaders.forms.visible import Visibility
from loaders.grid import CAPTION, Cell, Grid, Row, Source
from loaders.limits import Extent, check_extent
from loaders.model import Issue, Place, Tell
from loaders.upright import holds_tasks

_VAL, _RUN_LOOKS = qn("w:val"), qn("w:rPr")
_ROW_LOOKS, _CELL_LOOKS = qn("w:trPr"), qn("w:tcPr")
_DELETED_MARK = f"{qn('w:pPr')}/{_RUN_LOOKS}/{DELETED[0]}"
# Word allows 63 columns; a forged span of millions would fill the memory.
_MAX_SPAN = 63
_HEADER_WITHIN = 30
"""Rows of a table inside another table in which its header must be."""
_FEWEST_COLUMNS = 3
_ROWS_BETWEEN_TELLING = 250


def read_word(path: Path, name: str, tell: Tell) -> Source:
    """The tables of a .docx in order, and the paragraphs around them; of a document without a ledger
    among its tables, the plan in its paragraphs.

    Insertions under revision are kept, deletions skipped, and both counted in an issue. Automatic
    numbers are written out. Hidden and struck-out text is not read, and an issue names it. Raises
    the parser's errors for a damaged file.
    """
    with zipfile.ZipFile(path) as archive:
        package = Package(archive)
        main = package.main()
        body = package.root(main).find(qn("w:body"))
        if body is None:
            raise ValueError("a document without body")
        parts = {kind: package.first(main, kind) for kind in ("numbering", "styles")}
        lists, styles = (package.root(part) if part else None for part in parts.values())
        document = _Document(body, read_numbering(lists, styles), Visibility(styles, [body]), tell)
        document.read()
        source = _source(document, name)
        printed = Printed(body, document.look, document.spots, document.covered)
        issues = [*source.issues, *printed.left_out(name, package, main)]
        issues += printed.unread(name, source)
    return replace(source, issues=tuple(issues))


def _source(document: _Document, name: str) -> Source:
    grids: list[Grid] = document.grids
    lines, above = document.lines, document.above
    has_ledger = any(holds_tasks(grid, reference.headers()) for grid in grids)
    plan = None if has_ledger else prose_grid(list(enumerate(document.running_text(), start=1)))
    if plan:
        grids = [plan, *(replace(grid, continues=False) for grid in grids if not _is_layout(grid))]
        lines = []
    if not grids:
        return Source((), tuple(document.running_text()))
    place = Place(name, grids[0].table, 1)
    issues = [Issue(Place(name, table, 1), message) for table, message in document.doubts]
    if revised := _revisions(document.body):
        issues.append(Issue(place, revised))
    if document.numbering.unknown:
        unknown = document.numbering.unknown
        message = f"有 {unknown} 处 Word 自动编号的写法没有识别，编号没有读入，请核对"
        issues.append(Issue(place, message))
    return Source(tuple(grids), tuple(lines[:above]), tuple(issues), tuple(lines[above:]))


def _is_layout(grid: Grid) -> bool:
    """Whether a table without header only places what is written in it."""
    wide = max((len(row.cells) for row in grid.rows), default=0)
    return wide < _FEWEST_COLUMNS or len(grid.rows) < 2


def _revisions(body: etree._Element) -> str:
    """What a clerk is told of changes that nobody has accepted yet; "" when there are none."""

    def count(tags: tuple[str, ...]) -> int:
        # A paragraph mark inserted or deleted is no text of its own.
        return sum(1 for change in body.iter(*tags) if _parent_tag(change) != _RUN_LOOKS)

    inserted, deleted = count(INSERTED), count(DELETED)
    if not inserted and not deleted:
        return ""
    return (
        f"文件带有未接受的修订：{inserted} 处插入的内容已采用，{deleted} 处删除的内容已略去，请核对"
    )


def _parent_tag(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


@dataclass
class _Document:
    """The reading of one document from top to bottom."""

    body: etree._Element
    numbering: Numbering
    look: Visibility
    tell: Tell
    grids: list[Grid] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """The text outside all tables, line by line."""
    doubts: list[tuple[str, str]] = field(default_factory=list)
    """(table, what is doubtful about it)."""
    spots: dict[etree._Element, str] = field(default_factory=dict)
    """Table → the name of its grid."""
    covered: list[etree._Element] = field(default_factory=list)
    """Cells that go on with another one and have text all the same, which nobody sees."""
    _above: int | None = None
    _order: list[tuple[int, Grid]] = field(default_factory=list)
    """Each grid with the number of lines before it."""
    _extent: Extent = field(default_factory=Extent)
    _tables: int = 0

    @property
    def above(self) -> int:
        """How many of the lines stand above the first table."""
        return len(self.lines) if self._above is None else self._above

    def read(self) -> None:
        self._tables = sum(1 for _ in inside(self.body, (TBL,)))
        self._read_blocks(self.body)

    def running_text(self) -> list[str]:
        """The lines with those of the tables that only place text, in the order of the page."""
        texts, at = [], 0
        for before, grid in self._order:
            texts += self.lines[at:before]
            at = before
            if _is_layout(grid):
                cells = dict.fromkeys(cell for row in grid.rows for cell in row.cells)
                texts += [line for cell in cells for line in cell.text.split("\n")]
        return texts + self.lines[at:]

    def _read_blocks(self, container: etree._Element) -> None:
        text = ""
        for block in inside(container, (P, TBL)):
            if block.tag == TBL:
                self._read_table(block)
                continue
            boxes: list[etree._Element] = []
            text += self._paragraph(block, boxes, in_cell=False)
            if block.find(_DELETED_MARK) is None:
                self.lines += text.split("\n")
                text = ""
                check_extent(len(self.lines), 0)
            for box in boxes:
                self._read_blocks(box)
        if text:
            self.lines += text.split("\n")

    def _read_table(self, table: etree._Element) -> None:
        if self._places_a_ledger(table):
            for row in inside(table, (TR,)):
                for cell in inside(row, (TC,)):
                    self._read_blocks(cell)
            return
        name = f"表{len(self.grids) + 1}"
        self.spots[table] = name
        self._above = len(self.lines) if self._above is None else self._above
        height = sum(1 for _ in inside(table, (TR,)))
        rows: list[Row] = []
        nested: list[etree._Element] = []
        for row in self._extent.counted(self._rows(table, name, nested)):
            rows.append(row)
            if len(rows) % _ROWS_BETWEEN_TELLING == 0:
                doing = f"正在读{name}：第 {len(rows):,} 行，共 {height:,} 行"
                done = (len(self.grids) + len(rows) / height) / max(self._tables, 1)
                self.tell(doing, min(done, 1))
        since = self._order[-1][0] if self._order else 0
        caption = tuple(line.strip() for line in self.lines[since:] if line.strip())[-CAPTION:]
        grid = Grid(name, tuple(rows), continues=bool(self.grids), caption=caption)
        self.grids.append(grid)
        self._order.append((len(self.lines), grid))
        for inner in nested:
            self._read_table(inner)
            self.doubts.append((self.grids[-1].table, f"该任务表套在{name}的单元格中，请核对"))

    def _places_a_ledger(self, table: etree._Element) -> bool:
        """Whether a table is no ledger, but has one in a cell."""
        inner = [each for each in table.iter(TBL) if each is not table]
        return bool(inner) and not _is_ledger(table) and any(map(_is_ledger, inner))

    def _rows(
        self, table: etree._Element, name: str, nested: list[etree._Element]
    ) -> Iterator[Row]:
        above: list[Cell | None] = []
        number = 0
        for row in inside(table, (TR,)):
            number += 1
            looks = row.find(_ROW_LOOKS)
            is_seen = looks is None or not _has(looks, DELETED[0], qn("w:hidden"))
            cells: list[Cell | None] = [
                Cell("", number, i + 1) for i in range(_integer(looks, "w:gridBefore"))
            ]
            for tc in inside(row, (TC,)):
                own = tc.find(_CELL_LOOKS)
                if own is not None and _has(own, qn("w:cellDel")):
                    continue
                column = len(cells)
                span = _integer(own, "w:gridSpan", 1)
                merge, beside = _merge(own, "w:vMerge"), _merge(own, "w:hMerge")
                covering = (
                    [above[min(column + i, len(above) - 1)] for i in range(span)]
                    if (merge == "continue" and column < len(above))
                    else [None]
                )
                goes_on = covering[0] is not None or (beside == "continue" and bool(cells))
                if goes_on and next(tc.iter(*TEXTS), None) is not None:
                    self.covered.append(tc)
                if beside == "continue" and cells:
                    cells += [cells[-1]] * span
                elif not is_seen:
                    cells += covering if covering[0] else [None] * span
                elif covering[0] is not None:
                    cells += [cell or covering[0] for cell in covering]
                else:
                    text = self._cell_text(tc, name, nested)
                    cells += [Cell(text, number, column + 1)] * span
            after = range(_integer(looks, "w:gridAfter"))
            cells += [Cell("", number, len(cells) + 1 + i) for i in after]
            above = cells
            if is_seen:
                # In a row that is shown every cell is one.
                yield Row(number, tuple(cell for cell in cells if cell is not None))

    def _cell_text(
        self, container: etree._Element, table: str, nested: list[etree._Element]
    ) -> str:
        parts: list[str] = []
        text = ""
        for block in inside(container, (P, TBL)):
            if block.tag == P:
                boxes: list[etree._Element] = []
                text += self._paragraph(block, boxes, in_cell=True)
                if block.find(_DELETED_MARK) is None:
                    parts.append(text)
                    text = ""
                parts += [each for box in boxes if (each := self._cell_text(box, table, nested))]
            elif _is_ledger(block):
                nested.append(block)
            else:
                doubt = (table, "表格中还套有表格，其文字并入所在单元格，请核对")
                if doubt not in self.doubts:
                    self.doubts.append(doubt)
                parts += [
                    self._cell_text(inner, table, nested)
                    for row in inside(block, (TR,))
                    for inner in inside(row, (TC,))
                ]
        return "\n".join([*parts, text]).strip()

    def _paragraph(
        self, paragraph: etree._Element, boxes: list[etree._Element], *, in_cell: bool
    ) -> str:
        text = written(paragraph, self.look, boxes)
        # A row of automatic numbers is written in empty paragraphs; an empty line elsewhere has none.
        number = self.numbering.of(paragraph) if text.strip() or in_cell else ""
        return number + text


def _is_ledger(table: etree._Element) -> bool:
    """Whether a table has a header row, by its words alone."""
    rows = []
    for number, row in enumerate(inside(table, (TR,)), start=1):
        texts = ("".join(t.text or "" for t in tc.iter(*TEXTS)) for tc in inside(row, (TC,)))
        rows.append(Row(number, tuple(Cell(text, number, None) for text in texts)))
        if number == _HEADER_WITHIN:
            break
    return find_columns(Grid("", tuple(rows)), reference.headers()) is not None


def _has(looks: etree._Element, *tags: str) -> bool:
    """Whether one of the properties is there and not switched off."""
    return any(
        each.get(_VAL, "1") not in ("0", "false", "off") for each in looks.iterchildren(*tags)
    )


def _integer(looks: etree._Element | None, name: str, least: int = 0) -> int:
    element = None if looks is None else looks.find(qn(name))
    text = "" if element is None else (element.get(_VAL) or "").strip()
    return max(least, min(int(text), _MAX_SPAN)) if text.isascii() and text.isdecimal() else least


def _merge(looks: etree._Element | None, name: str) -> str:
    """`restart`, or `continue` as it is meant where nothing is stated; "" for a cell not merged."""
    element = None if looks is None else looks.find(qn(name))
    return "" if element is None else element.get(_VAL) or "continue"
