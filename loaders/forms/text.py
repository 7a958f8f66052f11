"""Text and .csv files as a grid: cells one per line, rows with tabs, or rows with commas."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from loaders.forms import MAX_CELL_CHARACTERS
from loaders.grid import Cell, Grid, Row, Source
from loaders.model import LedgerError

_MAX_TEXT_BYTES = 20 * 2**20


def read_text(path: Path, name: str, size: int) -> Source:
    """The one grid of a text or .csv file; its rows are numbered by line.

    Raises LedgerError for a file too large, of no known encoding, blank, or with an endless cell.
    """
    if size > _MAX_TEXT_BYTES:
        raise LedgerError(f"文件过大（{size // 2**20} MB），不是台账表格，请检查文件内容")
    text = _decoded(path.read_bytes())
    if not text.strip():
        raise LedgerError("文件没有内容，请重新导出后再导入")
    lines = text.removesuffix("\n").split("\n")
    if name.lower().endswith(".csv") and not _cells_one_per_line(lines):
        rows, blanks_written = _separated_rows(text, _separator(lines)), False
    elif _cells_one_per_line(lines):
        rows, blanks_written = _block_rows(lines), True
    else:
        rows, blanks_written = _tab_rows(lines), False
    for row in rows:
        if any(len(cell.text) > MAX_CELL_CHARACTERS for cell in row.cells):
            raise LedgerError(
                f"第 {row.number} 行有一格超过 {MAX_CELL_CHARACTERS} 字，不是台账表格，请检查文件内容"
            )
    return Source((Grid("", tuple(rows), blanks_written=blanks_written),))


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # "Unicode 文本" saved by Excel.
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise LedgerError("不是文本文件，请确认扩展名与内容相符")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise LedgerError("文字编码无法识别，请另存为 UTF-8 编码后再导入")


def _cells_one_per_line(lines: list[str]) -> bool:
    """Whether a leading tab marks each cell and a blank line each row (the Ningxia ledger)."""
    tabbed = [line for line in lines if "\t" in line]
    single = [line for line in tabbed if line.startswith("\t") and line.count("\t") == 1]
    return bool(single) and len(single) * 2 > len(tabbed)


def _block_rows(lines: list[str]) -> list[Row]:
    """One row per block of tabbed lines; a tab alone is a blank cell, an empty line ends a row.

    A line without a tab inside a block goes on with the cell before it; outside it is loose text.
    """
    rows: list[Row] = []
    block: list[tuple[int, str]] = []

    def close() -> None:
        if block:
            cells = [Cell(text.strip(), at, i) for i, (at, text) in enumerate(block, start=1)]
            rows.append(Row(block[0][0], tuple(cells)))
            block.clear()

    for number, line in enumerate(lines, start=1):
        if line.startswith("\t"):
            block.append((number, line[1:]))
        elif not line.strip():
            close()
            if not rows or rows[-1].loose:
                rows.append(_loose(number, ""))
        elif block:
            at, text = block[-1]
            block[-1] = (at, f"{text}\n{line}")
        else:
            rows.append(_loose(number, line))
    close()
    return rows


def _tab_rows(lines: list[str]) -> list[Row]:
    return [
        _row(number, line.split("\t")) if "\t" in line else _loose(number, line)
        for number, line in enumerate(lines, start=1)
    ]


def _separator(lines: list[str]) -> str:
    """The separator of a .csv: Excel writes tabs or semicolons under that name too.

    Not the most frequent character: the Hunan ledger writes half-width commas in its sentences.
    """
    if any(line.count("\t") > 1 for line in lines):
        return "\t"
    return ";" if sum(line.count(";") - line.count(",") for line in lines) > 0 else ","


def _separated_rows(text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, number = [], 1
    try:
        for cells in reader:
            rows.append(_row(number, cells))
            number = reader.line_num + 1
    except csv.Error:
        raise LedgerError(
            f"第 {number} 行起引号不成对或有一格过长，请用 Excel 打开检查后另存再导入"
        ) from None
    return rows


def _row(number: int, texts: list[str]) -> Row:
    return Row(number, tuple(Cell(t.strip(), number, i) for i, t in enumerate(texts, start=1)))


def _loose(number: int, line: str) -> Row:
    return Row(number, (Cell(line.strip(), number, None),), loose=True)
