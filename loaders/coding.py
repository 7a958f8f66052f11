"""Tables that name their units by numbers (①②, 1、3, A) which a line of the document explains once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from loaders.columns import find_columns
from loaders.grid import Cell, Grid, Row
from loaders.phrases import is_unit_name
from loaders.reference import OWNERS, Spelling

_CODE = r"[①-⑳]|(?<![\dA-Za-z])(?:\d{1,2}|[A-Z])(?![\dA-Za-z])"
_EXPLAINED = re.compile(rf"({_CODE})\s*[.．、:：—-]?\s*([^\s\d①-⑳A-Za-z；;，,。、]{{2,20}})")
_CODES = re.compile(rf"\s*(?:(?:{_CODE})[\s、，,；;/和及]*)+")
_FEWEST = 2


def with_names(
    grids: Iterable[Grid], lines: Iterable[str], spellings: Mapping[str, Spelling]
) -> tuple[Grid, ...]:
    """The grids, numbers in their columns of units replaced by the names that one of the `lines` around
    them gives."""
    explained = next((found for line in lines if (found := _legend(line))), {})
    if not explained:
        return tuple(grids)
    return tuple(_decoded(grid, explained, spellings) for grid in grids)


def _legend(line: str) -> dict[str, str]:
    """Number → unit of a line that explains several; empty for any other line."""
    found = dict(_EXPLAINED.findall(line.partition("\n")[0]))
    units = all(map(is_unit_name, found.values()))
    return found if len(found) >= _FEWEST and units else {}


def _decoded(grid: Grid, explained: Mapping[str, str], spellings: Mapping[str, Spelling]) -> Grid:
    found = find_columns(grid, spellings)
    if found is None:
        return grid
    first, columns = found
    at = {column for name in OWNERS for column in columns.fields.get(name, ())}
    names: dict[Cell, Cell] = {}
    for row in grid.rows[first + columns.height :]:
        for column in at & {*range(len(row.cells))}:
            cell = row.cells[column]
            codes = re.findall(_CODE, cell.text)
            if _CODES.fullmatch(cell.text) and all(code in explained for code in codes):
                names[cell] = replace(cell, text="、".join(explained[code] for code in codes))
    if not names:
        return grid
    rows = tuple(
        Row(row.number, tuple(names.get(cell, cell) for cell in row.cells), row.loose, row.cut)
        for row in grid.rows
    )
    shown = "、".join(f"{code}{unit}" for code, unit in explained.items())
    message = f"责任单位按文中的代码读入：{shown[:60]}，请核对"
    doubt = (grid.rows[first].number, message, "responsible_text", ())
    return replace(grid, rows=rows, doubts=(*grid.doubts, doubt))
