"""A table as it is drawn: rows of cells, before anybody asks what they mean.

Every form a ledger is issued in becomes a `Grid` first; finding the columns and reading the rows
know nothing of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from loaders.model import Issue


@dataclass(frozen=True, slots=True)
class Scanned:
    """How a cell or a line looks whose text was recognised in a picture, and what of it is not sure."""

    pictures: tuple[bytes, ...]
    """Pieces of the page, as .webp files; two of a cell that a page breaks."""
    doubt: str = ""
    """What is not sure, in one Chinese sentence; empty when all is."""
    options: tuple[str, ...] = ()
    """How else the text may read."""


@dataclass(frozen=True, eq=False, slots=True)
class Cell:
    """One cell of the source. A merged cell is the same object at every position it covers.

    Two cells with equal text are two cells: 厅法规处 printed twice is stated twice, and
    厅法规处 merged over two rows is stated once.
    """

    text: str
    row: int
    column: int | None
    broken: str = ""
    """Why the text could not be had (a formula without result); the text is then empty."""
    scanned: Scanned | None = None
    """Of a text recognised in a picture."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the source (line of a text file)."""

    number: int
    cells: tuple[Cell, ...]
    loose: bool = False
    """A line of running text around the table, not a row of it."""
    cut: bool = False
    """Whether the source ends in the middle of this row."""


CAPTION = 2
"""Lines above a table that may say what its tasks have in common."""


@dataclass(frozen=True)
class Grid:
    """One table of a document."""

    table: str
    """Sheet name, 表1 …; empty for text and csv."""
    rows: tuple[Row, ...]
    continues: bool = False
    """Whether it may go on where the table before it stopped, as Word tables cut by a page do."""
    blanks_written: bool = False
    """Whether blank cells are written out, so that a short row lacks a column, not its end."""
    drawn: bool = True
    """Whether the source draws its cells, so that one missing at the start of a row is strange."""
    fields: tuple[str, ...] = ()
    """The meaning of each column, where stage one had to know it to find the cells at all."""
    header: int | None = None
    """Of a grid with `fields`, the index of its header row; None when it has none, as in prose."""
    carries: bool = True
    """Whether a blank owner or deadline means the one above; in prose it means that none is named."""
    caption: tuple[str, ...] = ()
    """The last lines above it, below any other table."""
    doubts: tuple[tuple[int, str, str, tuple[str, ...]], ...] = ()
    """What stage one could not read, as (line, message, about, options) of an `Issue`."""


@dataclass(frozen=True)
class Source:
    """A document opened: its tables, the lines around them, and what was left out."""

    grids: tuple[Grid, ...]
    above: tuple[str, ...] = ()
    """The lines above the first table."""
    issues: tuple[Issue, ...] = ()
    beside: tuple[str, ...] = ()
    """The other lines that stand in no table."""
    days: Mapping[tuple[str, int], date] = field(default_factory=dict)
    """Table and row → the day that a cell there stands for, of cells that show it without its year."""
    pictures: Mapping[tuple[str, int, int], tuple[bytes, ...]] = field(default_factory=dict)
    """Table, row and column → how the cell that begins there looks, of a document that is a picture."""
