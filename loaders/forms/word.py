"""Word files as grids, one per table.

Reads the XML itself: python-docx leaves out tracked insertions and nested tables, and asking it
for cell after cell is quadratic.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
from docx.oxml.ns import qn

from loaders.grid import Cell, Grid, Row, Source
from loaders.model import Issue, LedgerError, Place

_P, _TBL, _TR, _TC, _R = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "r"))
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), (qn("w:br"), qn("w:cr"))
_VAL, _NUMBERED = qn("w:val"), qn("w:numPr")
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


def read_word(path: Path, name: str) -> Source:
    """The tables of a .docx in order, and the paragraphs above the first one.

    Insertions under revision are kept, deletions skipped, and both reported. Raises LedgerError
    when there is no table, and the library's errors for a damaged file.
    """
    body = docx.Document(str(path)).element.body
    above: list[str] = []
    grids: list[Grid] = []
    issues: list[Issue] = []
    for block in _within(body, (_P, _TBL)):
        if block.tag == _TBL:
            table = f"表{len(grids) + 1}"
            if block.find(f".//{_TC}//{_TBL}") is not None:
                place = Place(name, table, 1)
                issues.append(Issue(place, "表格中还套有表格，其文字并入所在单元格，请核对"))
            grids.append(Grid(table, tuple(_rows(block)), continues=bool(grids)))
        elif not grids:
            above += _paragraph(block).split("\n")
    if not grids:
        raise LedgerError("文件中没有表格，请确认台账以表格形式列出任务")
    if any(True for _ in body.iter(*_INSERTED, *_DELETED)):
        message = "文件带有未接受的修订：插入的内容已采用，删除的内容已略去，请核对"
        issues.append(Issue(Place(name, grids[0].table, 1), message))
    for block, grid in zip(_within(body, (_TBL,)), grids, strict=True):
        if block.find(f".//{_NUMBERED}") is not None:
            # The number is drawn by Word and stands nowhere in the text.
            message = "表格用了 Word 自动编号，编号没有读入；一格列有多项任务的请改为手工编号"
            issues.append(Issue(Place(name, grid.table, 1), message))
    return Source(tuple(grids), tuple(above), tuple(issues))


def _within(element, tags: tuple[str, ...]) -> Iterator:
    """The children with these tags, also those inside insertions and content controls."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _within(child, tags)


def _rows(table) -> Iterator[Row]:
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
                cells += [Cell(_cell_text(tc), number, column + 1)] * span
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


def _cell_text(tc) -> str:
    parts = []
    for block in _within(tc, (_P, _TBL)):
        if block.tag == _P:
            parts.append(_paragraph(block))
        else:
            parts += [
                _cell_text(inner)
                for row in _within(block, (_TR,))
                for inner in _within(row, (_TC,))
            ]
    return "\n".join(parts).strip()


def _paragraph(paragraph) -> str:
    text = []
    for run in _within(paragraph, (_R,)):
        for part in run:
            if part.tag == _TEXT:
                text.append(part.text or "")
            elif part.tag == _TAB:
                text.append(" ")
            elif part.tag in _BREAKS:
                text.append("\n")
    return "".join(text)
