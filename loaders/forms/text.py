"""Text and .csv files as a grid: which of the written layouts a file uses."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from loaders import reference
from loaders.forms.encoding import decoded, without_separator_line
from loaders.forms.layouts import (
    BARS,
    bar_rows,
    block_rows,
    has_bars,
    row_of,
    stream_grid,
    tab_rows,
    tabbed_cells,
)
from loaders.forms.prose import prose_grid
from loaders.forms.spaced import spaced_grid
from loaders.grid import Grid, Row, Source
from loaders.limits import MAX_CELL_CHARACTERS, check_extent
from loaders.model import LedgerError
from loaders.upright import holds_tasks

_MAX_TEXT_BYTES = 20 * 2**20


def read_text(path: Path, name: str, size: int) -> Source:
    """The one grid of a text or .csv file; its rows are numbered by line.

    Raises LedgerError for a file too large, of no known encoding, blank, or with an endless cell.
    """
    if size > _MAX_TEXT_BYTES:
        raise LedgerError(f"文件过大（{size // 2**20} MB），不是台账表格，请检查文件内容")
    text, separator = without_separator_line(decoded(path.read_bytes()))
    if not text.strip():
        raise LedgerError("文件没有内容，请重新导出后再导入")
    spellings = reference.headers()
    grids: list[Grid] = []
    for grid in _grids(text, separator, is_csv=name.lower().endswith(".csv")):
        _check_cells(grid.rows)
        grids.append(grid)
        if holds_tasks(grid, spellings):
            return Source((grid,))
    return Source(tuple(grids[:1]))


def _grids(text: str, separator: str, *, is_csv: bool) -> Iterator[Grid]:
    """The text as each layout has it, the likeliest first."""
    lines = text.removesuffix("\n").split("\n")
    separators = max(text.count("\t"), sum(map(text.count, BARS)))
    check_extent(len(lines), separators, len(text))
    if _has_quoted_lines(lines):
        yield Grid("", tuple(_separated_rows(text, "\t")))
    elif tabbed_cells(lines):
        yield Grid("", tuple(block_rows(lines)), blanks_written=True)
    elif is_csv:
        yield Grid("", tuple(_separated_rows(text, separator or _separator(lines))))
        return
    elif has_bars(lines):
        yield Grid("", tuple(bar_rows(lines)), drawn=False)
    else:
        yield Grid("", tuple(tab_rows(lines)))
    if stream := stream_grid(lines, reference.headers()):
        yield stream
    if table := spaced_grid(lines, reference.headers()):
        yield table
    if plan := prose_grid(list(enumerate(lines, 1))):
        yield plan


def _has_quoted_lines(lines: list[str]) -> bool:
    """Whether cells between tabs have lines of their own in quotation marks, as Excel writes them."""
    return any(
        line.count('"') % 2 and re.search(r'(?:^|\t)"[^"]*$', line) for line in lines
    ) and any("\t" in line for line in lines)


def _check_cells(rows: tuple[Row, ...]) -> None:
    for row in rows:
        if any(len(cell.text) > MAX_CELL_CHARACTERS for cell in row.cells):
            raise LedgerError(
                f"第 {row.number} 行有一格超过 {MAX_CELL_CHARACTERS} 字，不是台账表格，请检查文件内容"
            )


def _separator(lines: list[str]) -> str:
    """The separator of a .csv: Excel writes tabs or semicolons under that name too.

    Not the most frequent character: the Hunan ledger writes half-width commas in its sentences.
    """
    if any(line.count("\t") > 1 for line in lines):
        return "\t"
    if sum(line.count("|") - line.count(",") for line in lines) >= sum(map(bool, lines)):
        return "|"
    return ";" if sum(line.count(";") - line.count(",") for line in lines) > 0 else ","


def _separated_rows(text: str, separator: str) -> list[Row]:
    check_extent(0, text.count(separator))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, number = [], 1
    try:
        for cells in reader:
            rows.append(row_of(number, cells))
            number = reader.line_num + 1
    except csv.Error:
        raise LedgerError(
            f"第 {number} 行起引号不成对或有一格过长，请用 Excel 打开检查后另存再导入"
        ) from None
    return rows
