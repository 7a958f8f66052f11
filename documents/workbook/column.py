"""The columns of a workbook that is handed out, and how those of a returned one are found.

Owns the description of a column. Knows no workbook library.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from loaders.wording import folded


@dataclass(frozen=True)
class Column:
    """One column of a table that is handed out."""

    field: str
    header: str
    width: float
    """In characters."""
    is_filled: bool = False
    """Whether it is typed into."""
    spellings: tuple[str, ...] = ()
    """Other names of the column in tables that people made themselves."""
    is_hidden: bool = False
    """Whether the sheet keeps it out of sight and out of print."""


KEY = "key"
"""The field of the hidden column that holds the id of the row's task."""


def fields_by_header(columns: Iterable[Column]) -> dict[str, str]:
    """Header or other spelling, folded for comparison → field."""
    return {
        folded(spelling): column.field
        for column in columns
        for spelling in (column.header, *column.spellings)
    }
