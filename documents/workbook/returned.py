"""A workbook that came back: opening it, naming its cells, and what is wrong with them.

Owns what the readers of all returned workbooks share. Knows neither their tables nor the database.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from loaders import LedgerError
from loaders.forms import open_source
from loaders.grid import Cell, Row, Source
from loaders.wording import folded
from loaders.wording import number as number_of


class FormError(Exception):
    """The file is not the workbook that is asked for; one Chinese sentence for the user."""


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be read, or whose content cannot be stored."""

    cell: str
    """Sheet and cell, as in 填报表!H12."""
    message: str

    def __str__(self) -> str:
        return f"{self.cell}：{self.message}"


def open_returned(content: bytes, name: str, what: str) -> Source:
    """The tables of a returned file; `what` is what it should be, as in 填报表.

    Raises `FormError` when it cannot be opened.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"form{Path(name).suffix.lower()}"
        path.write_bytes(content)
        try:
            return open_source(path, name)
        except LedgerError as error:
            reason = str(error).replace("后再导入", "后重新交回").replace("台账", what)
            raise FormError(f"{reason}。") from error


def cell_name(table: str, column: int, row: int) -> str:
    """填报表!H12, or H12 where the table has no name; the first column is 0."""
    cell = f"{letters(column + 1)}{row}"
    return f"{table}!{cell}" if table else cell


def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_of(row: Row, columns: Mapping[str, int], field: str) -> Cell | None:
    """The cell of a field; a cell merged over several columns belongs to the first of them."""
    column = columns.get(field)
    if column is None or column >= len(row.cells):
        return None
    cell = row.cells[column]
    if column and row.cells[column - 1] is cell:
        earlier = (each for each in columns.values() if each < column)
        return None if any(row.cells[each] is cell for each in earlier) else cell
    return cell


def read_uuid(text: str) -> UUID | None:
    """The id in a hidden cell; None when it is none."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def read_number(text: str) -> int | None:
    """The number of a task, as in 3, 3. or 三、; None when it is none."""
    return number_of(folded(text).rstrip(".．、") or "无")
