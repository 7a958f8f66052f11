"""What stands below the headings of a table: how often a column begins anew and what its cells say.

A column of themes is merged or left blank over the duties of each theme; units, dates and sentences
tell their column by themselves. Knows rows and cells, not what a heading means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from loaders.alignment import fit_cost
from loaders.grid import Cell, Row
from loaders.wording import is_ordinal, one_line

_MOST_ROWS = 200
_FITTING = 0.8
_SECTION = re.compile(r"[（(]?[一二三四五六七八九十]+[)）]?[、.．]?")


@dataclass(frozen=True)
class Stack:
    """The cells of one column, each where it begins."""

    texts: tuple[str, ...]

    @property
    def length(self) -> float:
        """The characters of a cell on average."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0.0

    def fits(self, field: str) -> bool:
        """Whether nearly all cells are what a column of this field holds."""
        fitting = sum(fit_cost(field, text) == 0 for text in self.texts)
        return bool(self.texts) and fitting >= _FITTING * len(self.texts)

    @property
    def is_ordinal(self) -> bool:
        return all(is_ordinal(text) for text in self.texts)


def stacks(rows: Sequence[Row], width: int, first: int) -> list[Stack]:
    """One stack for each column, of the rows from `first` on that have all columns; of a long table
    only the beginning."""
    texts: list[list[str]] = [[] for _ in range(width)]
    above: set[Cell] = set()
    whole = (row for row in islice(rows, first, None) if not row.loose and len(row.cells) >= width)
    for row in islice(whole, _MOST_ROWS):
        if _is_section(row):
            continue
        for column, cell in enumerate(row.cells[:width]):
            beside = column > 0 and row.cells[column - 1] is cell
            if cell.text.strip() and cell not in above and not beside:
                texts[column].append(one_line(cell.text))
        above = {*row.cells}
    return [Stack(tuple(column)) for column in texts]


def _is_section(row: Row) -> bool:
    """Whether a row has nothing but 一 and the heading of what follows."""
    stated = [cell for cell in dict.fromkeys(row.cells) if cell.text.strip()]
    return len(stated) == 2 and bool(_SECTION.fullmatch(stated[0].text.strip()))
