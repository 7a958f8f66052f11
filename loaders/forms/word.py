"""Word files as grids, one per table.

Reads the XML itself: python-docx leaves out tracked insertions and nested tables, and asking it
for cell after cell is quadratic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
from docx.oxml.ns import qn

from loaders import reference
from loaders.columns import find_columns
from loaders.forms.numbering import Numbering, read_numbering
from loaders.forms.prose import prose_grid
from loaders.grid import Cell, Grid, Row, Source
from loaders.limits import Extent, check_extent
from loaders.model import Issue, LedgerError, Place, Tell

_P, _TBL, _TR, _TC, _R = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "r"))
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), (qn("w:br"), qn("w:cr"))
_VAL, _MARK = qn("w:val"), qn("w:rPr")
_DELETED = tuple(qn(f"w:{tag}") for tag in ("del", "moveFrom"))
_INSERTED = tuple(qn(f"w:{tag}") for tag in ("ins", "moveTo"))
# What may stand around rows, cells and runs without changing what is read.
_WRAPPERS = (
    *_INSERTED,
    *(qn(f"w:{tag}") for tag in ("sdt", "sdtContent", "customXml", "smartTag", "hyperlink")),
    qn("w:fldSimple"),
)
# Word allows 63 columns; a forged span of millions would fill the memory.
_MAX_SPAN = 63
_ROWS_BETWEEN_TELLING = 250


def read_word(path: Path, name: str, tell: Tell) -> Source:
    """The tables of a .docx in order, and the paragraphs above the first one; of a document without
    a ledger among its tables, the plan in its paragraphs.

    Insertions under revision are kept, deletions skipped, and both counted in an issue. Automatic
    numbers are written out. Raises LedgerError when there is neither table nor plan, and the
    library's errors for a damaged file.
    """
    document = docx.Document(str(path))
    body = document.element.body
    numbering = read_numbering(document)
    lines: list[str] = []
    above = 0
    grids: list[Grid] = []
    extent = Extent()
    issues: list[Issue] = []
    tables = sum(1 for _ in _within(body, (_TBL,)))
    for block in _within(body, (_P, _TBL)):
        if block.tag == _TBL:
            table = f"表{len(grids) + 1}"
            if block.find(f".//{_TC}//{_TBL}") is not None:
                place = Place(name, table, 1)
                issues.append(Issue(place, "表格中还套有表格，其文字并入所在单元格，请核对"))
            above = above if grids else len(lines)
            height = sum(1 for _ in _within(block, (_TR,)))
            rows: list[Row] = []
            for row in extent.counted(_rows(block, numbering)):
                rows.append(row)
                if len(rows) % _ROWS_BETWEEN_TELLING == 0:
                    doing = f"正在读{table}：第 {len(rows):,} 行，共 {height:,} 行"
                    tell(doing, (len(grids) + len(rows) / height) / tables)
            grids.append(Grid(table, tuple(rows), continues=bool(grids)))
        else:
            lines += _paragraph(block, numbering).split("\n")
            check_extent(len(lines), 0)
    if not grids:
        above = len(lines)
    has_ledger = any(find_columns(grid, reference.headers()) for grid in grids)
    plan = None if has_ledger else prose_grid(list(enumerate(lines, start=1)))
    if plan:
        grids = [plan, *(replace(grid, continues=False) for grid in grids)]
        above = 0
    if not grids:
        raise LedgerError("文件中没有表格，请确认台账以表格形式列出任务")
    place = Place(name, grids[0].table, 1)
    if revised := _revisions(body):
        issues.append(Issue(place, revised))
    if numbering.unknown:
        message = f"有 {numbering.unknown} 处 Word 自动编号的写法没有识别，编号没有读入，请核对"
        issues.append(Issue(place, message))
    return Source(tuple(grids), tuple(lines[:above]), tuple(issues))


def _revisions(body) -> str:
    """What a clerk is told of changes that nobody has accepted yet; "" when there are none."""

    def count(tags: tuple[str, ...]) -> int:
        # A paragraph mark inserted or deleted is no text of its own.
        return sum(1 for change in body.iter(*tags) if change.getparent().tag != _MARK)

    inserted, deleted = count(_INSERTED), count(_DELETED)
    if not inserted and not deleted:
        return ""
    return (
        f"文件带有未接受的修订：{inserted} 处插入的内容已采用，{deleted} 处删除的内容已略去，请核对"
    )


def _within(element, tags: tuple[str, ...]) -> Iterator:
    """The children with these tags, also those inside insertions and content controls."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _within(child, tags)


def _rows(table, numbering: Numbering) -> Iterator[Row]:
    above: list[Cell] = []
    number = 0
    for row in _within(table, (_TR,)):
        number += 1
        properties = row.trPr
        if properties is not None and properties.find(_DELETED[0]) is not None:
            continue
        cells = [_blank(number, i) for i in range(_skipped(properties, "w:gridBefore"))]
        for tc in _within(row, (_TC,)):
            column = len(cells)
            span = min(tc.grid_span, _MAX_SPAN)
            if tc.vMerge == "continue" and column < len(above):
                cells += [above[min(column + i, len(above) - 1)] for i in range(span)]
            else:
                cells += [Cell(_cell_text(tc, numbering), number, column + 1)] * span
        start = len(cells)
        after = _skipped(properties, "w:gridAfter")
        cells += [_blank(number, start + i) for i in range(after)]
        above = cells
        yield Row(number, tuple(cells))


def _skipped(properties, tag: str) -> int:
    element = None if properties is None else properties.find(qn(tag))
    return 0 if element is None else min(int(element.get(_VAL) or 0), _MAX_SPAN)


def _blank(row: int, index: int) -> Cell:
    return Cell("", row, index + 1)


def _cell_text(tc, numbering: Numbering) -> str:
    parts = []
    for block in _within(tc, (_P, _TBL)):
        if block.tag == _P:
            parts.append(_paragraph(block, numbering))
        else:
            parts += [
                _cell_text(inner, numbering)
                for row in _within(block, (_TR,))
                for inner in _within(row, (_TC,))
            ]
    return "\n".join(parts).strip()


def _paragraph(paragraph, numbering: Numbering) -> str:
    text = []
    for run in _within(paragraph, (_R,)):
        for part in run:
            if part.tag == _TEXT:
                text.append(part.text or "")
            elif part.tag == _TAB:
                text.append(" ")
            elif part.tag in _BREAKS:
                text.append("\n")
    written = "".join(text)
    # A row of automatic numbers is written in empty paragraphs; an empty line elsewhere has none.
    in_cell = paragraph.getparent().tag == _TC
    number = numbering.of(paragraph) if written.strip() or in_cell else ""
    return number + written
