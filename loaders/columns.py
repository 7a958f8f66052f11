"""Stage two: which row of a grid is the header, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loaders.grid import Cell, Grid, Row
from loaders.model import Place
from loaders.reference import FIELDS, Spelling
from loaders.wording import folded, is_ordinal, one_line

# A cell merged over columns of several meanings belongs to the first of these: 加分项 rows are
# often drawn with the task over 二级指标 and 目标任务.
_CLAIMS = ("task", "level1", "level2", "responsible", "lead", "cooperate", "deadline")
# 评分标准 and 考核依据 stand beside each other and say the same kind of thing; of any other meaning a
# second column is a question for the clerk.
_MAY_REPEAT = ("criterion",)
_LONGEST_HEADER = 60
PRINTED = {field: label for label, field in FIELDS.items()}
_REMARK = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Columns:
    """The meaning of a table's columns."""

    fields: Mapping[str, tuple[int, ...]]
    """Field → its columns, from 0; 工作目标 may span an ordinal and a name."""
    spellings: Mapping[str, str]
    """Field → the header as printed."""
    width: int
    unknown: tuple[Cell, ...] = ()
    """Header cells whose columns are not read."""
    unnamed: tuple[int, ...] = ()
    """Columns without a header."""
    height: int = 1
    """Rows the header takes."""

    def cells(self, row: Row, field: str) -> list[Cell]:
        """The distinct cells of a row that belong to a field."""
        found: dict[Cell, None] = {}
        for column in self.fields.get(field, ()):
            if column < len(row.cells) and self._claims(row, column, field):
                found.setdefault(row.cells[column])
        return list(found)

    def field_at(self, row: Row, column: int) -> str:
        """The field a cell of a row is read for; "" when it is not read."""
        for field, columns in self.fields.items():
            if column in columns and self._claims(row, column, field):
                return field
        cell = row.cells[column]
        return next((f for f in self.fields if cell.text and cell in self.cells(row, f)), "")

    def _claims(self, row: Row, column: int, field: str) -> bool:
        cell = row.cells[column]
        beside = column > 0 and row.cells[column - 1] is cell
        if not beside and (column + 1 >= len(row.cells) or row.cells[column + 1] is not cell):
            return True
        covered = {i for i, other in enumerate(row.cells) if other is cell}
        for claimant in _CLAIMS:
            if covered & set(self.fields.get(claimant, ())):
                return claimant == field
        return True


@dataclass(frozen=True)
class RowTexts:
    """One row of the table by field."""

    place: Place
    """The task's cell."""
    stated: Mapping[str, str]
    """Field → text of the cells that begin in this row; "" when blank or merged with above."""
    cells: Mapping[str, Cell | None]
    """Field → the first of its cells that begin in this row."""
    merged: frozenset[str] = frozenset()
    """Fields whose cell goes on from the row above."""
    shared: frozenset[str] = frozenset()
    """Fields whose cell covers several rows, this one included."""
    cut: bool = False
    """Whether the source ends in the middle of this row."""


def find_columns(grid: Grid, spellings: Mapping[str, Spelling]) -> tuple[int, Columns] | None:
    """(index of the first header row, the columns) of a grid, or None when no row is a header.

    A header names the task and something else. The row below belongs to it when it only has
    header spellings itself (责任分工 over 牵头 and 配合). Where stage one knew the columns they are
    taken from it.
    """
    if grid.fields:
        return _known_columns(grid)
    for index, row in enumerate(grid.rows):
        below = grid.rows[index + 1] if index + 1 < len(grid.rows) else None
        columns = columns_of(row, below, spellings)
        if columns is not None:
            return index, columns
    return None


def _known_columns(grid: Grid) -> tuple[int, Columns]:
    fields: dict[str, list[int]] = {}
    for column, field in enumerate(grid.fields):
        if field:
            fields.setdefault(field, []).append(column)
    if grid.header is None:
        first = next((i for i, row in enumerate(grid.rows) if not row.loose), 0)
        printed, unknown, height = {}, (), 0
    else:
        first, height = grid.header, 1
        header = grid.rows[first].cells
        printed = {f: one_line(header[at[0]].text) for f, at in fields.items()}
        unknown = tuple(c for f, c in zip(grid.fields, header, strict=True) if not f and c.text)
    spellings = {f: printed.get(f) or PRINTED.get(f, f) for f in fields}
    columns = {f: tuple(at) for f, at in fields.items()}
    return first, Columns(columns, spellings, len(grid.fields), unknown, height=height)


def columns_of(row: Row, below: Row | None, spellings: Mapping[str, Spelling]) -> Columns | None:
    """The columns as this row names them, or None when it is no header."""
    named = row.cells and not row.loose and sum(bool(_meaning(c, spellings)) for c in {*row.cells})
    if not named or named < 2:
        return None
    if below is not None and _is_second_header(row, below, spellings):
        lower = [
            under if under.text else over
            for over, under in zip(row.cells, _padded(below, len(row.cells)), strict=True)
        ]
        columns = _columns(lower, spellings, height=2)
        if columns is not None:
            return columns
    return _columns(row.cells, spellings, height=1)


def _padded(row: Row, width: int) -> Sequence[Cell]:
    return [*row.cells, *(Cell("", row.number, None) for _ in range(width - len(row.cells)))][
        :width
    ]


def _is_second_header(row: Row, below: Row, spellings: Mapping[str, Spelling]) -> bool:
    above = set(row.cells)
    own = [cell for cell in below.cells if cell.text and cell not in above]
    named = [_meaning(cell, spellings) for cell in own]
    return bool(own) and all(named) and len(own) < len([c for c in row.cells if c.text]) + 2


def _meaning(cell: Cell, spellings: Mapping[str, Spelling]) -> Spelling | None:
    if not cell.text or len(cell.text) > _LONGEST_HEADER:
        return None
    header = folded(cell.text).rstrip(":")
    return spellings.get(header) or spellings.get(_REMARK.sub("", header))


def _columns(
    header: Sequence[Cell], spellings: Mapping[str, Spelling], height: int
) -> Columns | None:
    meanings: dict[Cell, Spelling] = {}
    unknown: list[Cell] = []
    for cell in dict.fromkeys(header):
        meaning = _meaning(cell, spellings)
        if meaning:
            meanings[cell] = meaning
        elif cell.text:
            unknown.append(cell)
    if len(meanings) < 2 or len(unknown) > 3 * len(meanings):
        return None
    fields_by_cell: dict[Cell, str] = {}
    taken: dict[str, Cell] = {}
    # Those with an alternative give way: 工作任务 beside 具体要求 is the level above.
    for cell, meaning in sorted(meanings.items(), key=lambda item: bool(item[1].otherwise)):
        free = meaning.field not in taken or meaning.field in _MAY_REPEAT
        field = meaning.field if free else meaning.otherwise
        if not field or (field in taken and field not in _MAY_REPEAT):
            unknown.append(cell)
            continue
        taken.setdefault(field, cell)
        fields_by_cell[cell] = field
    if "task" not in taken:
        return None
    fields: dict[str, list[int]] = {}
    unnamed: list[int] = []
    owner = ""
    for column, cell in enumerate(header):
        if cell.text:
            owner = fields_by_cell.get(cell, "")
        # In text and csv the header over an ordinal and a name is printed once, then blank.
        elif owner not in ("level1", "level2"):
            unnamed.append(column)
            continue
        if owner:
            fields.setdefault(owner, []).append(column)
    return Columns(
        {field: tuple(columns) for field, columns in fields.items()},
        {field: one_line(cell.text) for field, cell in taken.items()},
        len(header),
        tuple(unknown),
        tuple(unnamed),
        height,
    )


def field_text(cells: Sequence[Cell], separator: str = "") -> str:
    """The texts of a field's cells as one; a cell that is only the ordinal of the next is left out.

    工作目标 of the Hunan ledger is 一 | 落实工作保障.
    """
    texts = [cell.text for cell in cells if cell.text]
    if len(texts) > 1:
        texts = [text for text in texts if not is_ordinal(text)] or texts[-1:]
    return separator.join(texts)
