"""Rows with fewer cells than the header: which of their columns are missing."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from loaders.alignment import realigned
from loaders.columns import Columns
from loaders.grid import Cell, Grid, Row
from loaders.sections import is_note, is_total, kind_of

_ITEM = re.compile(r"\s*\d{1,3}\s*[.．、]\s*\D")


def completed(
    row: Row, grid: Grid, columns: Columns, above: Collection[Cell], level1: str
) -> tuple[Row, str]:
    """(the row with as many cells as the header, what is doubtful about that or "").

    A row whose merged first cells are missing is moved to the right as far as its texts say.
    加分项 and 扣分项 rows of a text ledger have no cell for 二级指标 (八、加分项 | task | owner |
    deadline); elsewhere what is missing is at the end.
    """
    if grid.blanks_written:
        return _with_written_blanks(row, columns, level1)
    moved = _moved(row, grid, columns, above)
    if moved is not None:
        return moved
    if not 2 <= len(row.cells) < columns.width:
        return row, ""
    return _filled(row, list(row.cells), columns), ""


def _with_written_blanks(row: Row, columns: Columns, level1: str) -> tuple[Row, str]:
    short = columns.width - len(row.cells)
    if short <= 0 or len(row.cells) < 2:
        return row, ""
    cells, missing = list(row.cells), "缺少末尾各格"
    level2 = columns.fields.get("level2", ())
    lacks_level2 = short == len(level2)
    if lacks_level2:
        missing = "没有二级指标"
        for column in level2:
            cells.insert(column, _blank(row))
    plain = lacks_level2 and kind_of(row.cells[0].text or level1)
    return (
        _filled(row, cells, columns),
        "" if plain else f"该行少 {short} 格，按{missing}读入，请核对",
    )


def _moved(
    row: Row, grid: Grid, columns: Columns, above: Collection[Cell]
) -> tuple[Row, str] | None:
    """The row with its cells in the columns their texts suit, when they stand too far left."""
    cells = list(row.cells)
    while cells and not cells[-1].text and not cells[-1].broken:
        cells.pop()
    first = cells[0].text if cells else ""
    merged = len(set(cells)) < len(cells) or not {*cells}.isdisjoint(above)
    if not first or merged or is_total(first) or is_note(first):
        return None
    if len(cells) == 1 and not _ITEM.match(first):
        return None
    by_column = {column: field for field, at in columns.fields.items() for column in at}
    fields = [by_column.get(column, "") for column in range(columns.width)]
    found = realigned([cell.text for cell in cells], fields)
    if found is None or "task" not in [fields[column] for column in found[0]]:
        return None
    placed, doubtful = found
    full = [_blank(row) for _ in fields]
    for column, cell in zip(placed, cells, strict=True):
        full[column] = cell
    doubt = "该行缺少开头或中间的格，各格按内容归入相应的列，请核对"
    return replace(row, cells=tuple(full)), doubt if doubtful or grid.drawn else ""


def _filled(row: Row, cells: list[Cell], columns: Columns) -> Row:
    blanks = (_blank(row) for _ in range(columns.width - len(cells)))
    return replace(row, cells=(*cells, *blanks))


def _blank(row: Row) -> Cell:
    return Cell("", row.number, None)
