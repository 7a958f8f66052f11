"""Characters that no document can hold, taken out of what is read, stored and written.

Word ends the cells of its older form with one, web forms and chat programs leave others behind; a
document with one of them in it does not open again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from loaders.grid import Cell, Grid, Source
from loaders.model import Issue, Place

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that cannot be seen and that no document can hold."""


def printable(text: str) -> str:
    """`text` without the characters that no document can hold: control characters but tab and line
    end, halves of surrogate pairs, and two that XML forbids."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def printable_within(value: Any) -> Any:
    """`value` with every text in its lists and dictionaries made `printable`."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable_within(key): printable_within(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable_within(each) for each in value]
    return value


def controls_in(text: str) -> int:
    """How many characters `printable` takes out of the text."""
    return len(CONTROLS.findall(text))


def without_controls(source: Source, name: str) -> Source:
    """The source without them, and one issue for each table that had any. Grids without any stay the
    same objects, and a merged cell stays one object at all its positions."""
    cleaned = [_cleaned(grid, name) for grid in source.grids]
    lines = (*source.above, *source.beside)
    outside = sum(map(controls_in, lines))
    issues = [issue for _, issue in cleaned if issue]
    if outside:
        issues.append(Issue(Place(name, "", 1), _message(outside)))
    if not issues:
        return source
    return replace(
        source,
        grids=tuple(grid for grid, _ in cleaned),
        above=tuple(map(printable, source.above)),
        beside=tuple(map(printable, source.beside)),
        issues=(*source.issues, *issues),
    )


def _cleaned(grid: Grid, name: str) -> tuple[Grid, Issue | None]:
    clean: dict[int, Cell] = {}
    first, number = None, 0
    for row in grid.rows:
        for cell in row.cells:
            if id(cell) not in clean and (count := controls_in(cell.text)):
                clean[id(cell)] = replace(cell, text=printable(cell.text))
                first, number = first or cell, number + count
    if first is None:
        return grid, None
    rows = tuple(
        replace(row, cells=tuple(clean.get(id(cell), cell) for cell in row.cells))
        for row in grid.rows
    )
    place = Place(name, grid.table, first.row, first.column)
    return replace(grid, rows=rows), Issue(place, _message(number))


def _message(number: int) -> str:
    return f"文字中有 {number} 个看不见的控制字符，已去掉"
