"""Excel workbooks as grids, one per visible sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import range_boundaries

from loaders.grid import Cell, Grid, Row, Source
from loaders.model import Issue, LedgerError, Place

# Literal text, colours and locales in a number format: "年", [Red], [$-804].
_NOT_TOKENS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_MAX_COLUMNS = 256
_MAX_MERGED_CELLS = 300_000


def read_workbook(path: Path, name: str) -> Source:
    """Every visible sheet with content. Hidden sheets are reported and not read: what the office
    hid is usually last year's copy, and would double the tasks.

    A formula is read by its stored result; a cell whose result was never stored is marked broken.
    Raises LedgerError when no visible sheet has content, the library's errors for a damaged file.
    """
    has_formulas = False
    for part in _sheet_parts(path):
        _check_merges(part)
        has_formulas = has_formulas or bool(re.search(rb"<(?:\w+:)?f[\s>/]", part))
    book = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path) if has_formulas else None
    grids, issues = [], []
    for sheet in book.worksheets:
        filled = {at: cell for at, cell in _cells(sheet).items() if cell.value is not None}
        stated = {} if formulas is None else _cells(formulas[sheet.title])
        missing = {at for at, c in stated.items() if c.data_type == "f" and at not in filled}
        if not filled and not missing:
            continue
        place = Place(name, sheet.title, 1)
        if sheet.sheet_state != "visible":
            issues.append(
                Issue(place, f"隐藏的工作表“{sheet.title}”没有读入，如需导入请先取消隐藏")
            )
            continue
        used = max(at[0] for at in (*filled, *missing))
        hidden = [n for n, d in sheet.row_dimensions.items() if d.hidden and n <= used]
        if hidden:
            where = Place(name, sheet.title, min(hidden))
            issues.append(Issue(where, f"有 {len(hidden)} 个隐藏的行，已一并读入，请核对"))
        grids.append(Grid(sheet.title, _rows(sheet, filled, missing)))
    if not grids:
        reason = (
            "所有有内容的工作表都被隐藏，请取消隐藏" if issues else "工作簿中没有内容，请重新导出"
        )
        raise LedgerError(f"{reason}后再导入")
    return Source(tuple(grids), issues=tuple(issues))


def _cells(sheet) -> dict[tuple[int, int], SheetCell]:
    """The cells that exist, by (row, column).

    Not by iterating the sheet: one formatted cell at XFD1048576 makes that 17 billion cells.
    """
    return sheet._cells


def _sheet_parts(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                yield archive.read(part)


def _check_merges(part: bytes) -> None:
    """Refuse merges of whole columns: openpyxl makes a cell of each of their million rows."""
    area = 0
    for first, last in re.findall(rb'mergeCell ref="([A-Z]+\d+):([A-Z]+\d+)"', part):
        left, top, right, bottom = range_boundaries(f"{first.decode()}:{last.decode()}")
        area += (right - left + 1) * (bottom - top + 1)
    if area > _MAX_MERGED_CELLS:
        raise LedgerError("工作表的合并区域过大，请取消整行整列的合并后再导入")


def _rows(sheet, filled: dict, missing: set) -> tuple[Row, ...]:
    last_row = max(row for row, _ in (*filled, *missing))
    width = min(max(column for _, column in (*filled, *missing)), _MAX_COLUMNS)
    cells: dict[tuple[int, int], Cell] = {
        at: Cell(_text(cell), *at, _error(cell)) for at, cell in filled.items()
    }
    for at in missing:
        cells[at] = Cell("", *at, "公式没有保存计算结果")
    for area in sheet.merged_cells.ranges:
        first = (area.min_row, area.min_col)
        merged = cells.get(first) or Cell("", *first)
        for row in range(area.min_row, min(area.max_row, last_row) + 1):
            for column in range(area.min_col, min(area.max_col, width) + 1):
                cells[row, column] = merged
    # A gap is one blank row: a stray note in row 1,000,000 must not make a million of them.
    drawn = {row for row, _ in cells}
    numbers = sorted(drawn | {row - 1 for row in drawn if row > 1})
    return tuple(
        Row(row, tuple(cells.get((row, c)) or Cell("", row, c) for c in range(1, width + 1)))
        for row in numbers
    )


def _error(cell: SheetCell) -> str:
    return f"公式出错 {cell.value}" if cell.data_type == "e" else ""


def _text(cell: SheetCell) -> str:
    """The value as the reader of the sheet sees it, as far as the reading depends on it."""
    value = cell.value
    if cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return _date_text(value, cell.number_format)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, int | float):
        if "%" in _NOT_TOKENS.sub("", cell.number_format):
            return f"{round(value * 100, 6):g}%"
        return str(int(value)) if float(value).is_integer() else f"{value:.12g}"
    return str(value).strip()


def _date_text(value: date, number_format: str) -> str:
    # Excel turns a typed 2020年12月 into 1 December and shows it as 2020年12月: the day is not
    # meant, and a deadline read from it would be a month early.
    tokens = _NOT_TOKENS.sub("", number_format).lower()
    if is_date_format(number_format) and "d" not in tokens and value.day == 1 and "m" in tokens:
        return f"{value.year}年{value.month}月"
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
