"""Excel workbooks as grids, one per visible sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from loaders.forms.sheets import Sheet, read_sheets
from loaders.grid import Cell, Grid, Row, Source
from loaders.limits import Extent
from loaders.model import Issue, LedgerError, Place, Tell

_MAX_COLUMNS = 256
_MAX_MERGED_CELLS = 300_000


def read_workbook(path: Path, name: str, tell: Tell) -> Source:
    """Every visible sheet with content. Hidden sheets are reported and not read: what the office
    hid is usually last year's copy, and would double the tasks.

    A formula is read by its stored result; a cell whose result was never stored is marked broken.
    Raises LedgerError when no visible sheet has content, the parser's errors for a damaged file.
    """
    grids, issues, extent = [], [], Extent()
    with zipfile.ZipFile(path) as archive:
        for sheet in read_sheets(archive, tell):
            if not sheet.cells:
                continue
            place = Place(name, sheet.name, 1)
            if not sheet.visible:
                message = f"隐藏的工作表“{sheet.name}”没有读入，如需导入请先取消隐藏"
                issues.append(Issue(place, message))
                continue
            used = max(row for row, _ in sheet.cells)
            if hidden := [row for row in sheet.hidden_rows if row <= used]:
                where = Place(name, sheet.name, min(hidden))
                message = f"有 {len(hidden)} 个隐藏的行，已一并读入，请核对"
                issues.append(Issue(where, message, "hidden", tuple(map(str, hidden))))
            grids.append(Grid(sheet.name, tuple(extent.counted(_rows(sheet)))))
    if not grids:
        reason = (
            "所有有内容的工作表都被隐藏，请取消隐藏" if issues else "工作簿中没有内容，请重新导出"
        )
        raise LedgerError(f"{reason}后再导入")
    return Source(tuple(grids), issues=tuple(issues))


def _rows(sheet: Sheet) -> Iterator[Row]:
    last_row = max(row for row, _ in sheet.cells)
    width = min(max(column for _, column in sheet.cells), _MAX_COLUMNS)
    cells = dict(sheet.cells)
    _check_merges(sheet)
    for top, left, bottom, right in sheet.merges:
        merged = cells.get((top, left)) or Cell("", top, left)
        for row in range(top, min(bottom, last_row) + 1):
            for column in range(left, min(right, width) + 1):
                cells[row, column] = merged
    # A gap is one blank row: a stray note in row 1,000,000 must not make a million of them.
    drawn = {row for row, _ in cells}
    numbers = sorted(drawn | {row - 1 for row in drawn if row > 1})
    for row in numbers:
        drawn_row = (cells.get((row, c)) or Cell("", row, c) for c in range(1, width + 1))
        yield Row(row, tuple(drawn_row))


def _check_merges(sheet: Sheet) -> None:
    """Refuse merges of whole columns."""
    # One forged with its corners exchanged must not make up for another.
    area = sum(
        max(0, bottom - top + 1) * max(0, right - left + 1)
        for top, left, bottom, right in sheet.merges
    )
    if area > _MAX_MERGED_CELLS:
        raise LedgerError("工作表的合并区域过大，请取消整行整列的合并后再导入")
