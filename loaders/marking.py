"""How each cell of a row was read, for the preview beside the tasks."""

from __future__ import annotations

from collections.abc import Collection

from loaders.columns import Columns
from loaders.grid import Cell, Row
from loaders.model import PreviewCell


def marked_whole(row: Row, reading: str) -> tuple[PreviewCell, ...]:
    """The cells of a row that is no task: all read as what the row is."""
    return tuple(
        PreviewCell(
            cell.text, reading if cell.text else "blank", i > 0 and cell is row.cells[i - 1]
        )
        for i, cell in enumerate(row.cells)
    )


def marked(
    row: Row, columns: Columns, own: Collection[Cell], from_above: Collection[str]
) -> tuple[PreviewCell, ...]:
    """The cells of a task's row, each with its field.

    `own` are the cells that begin in this row; `from_above` the fields whose blank cell took the
    value above.
    """
    cells = []
    for column, cell in enumerate(row.cells):
        field = columns.field_at(row, column)
        inherited = cell not in own or (not cell.text and field in from_above)
        reading = (
            field if field and (cell.text or inherited) else "ignored" if cell.text else "blank"
        )
        cells.append(PreviewCell(cell.text, reading, inherited))
    return tuple(cells)
