"""Ledgers built for the tests: the two seeds as tables with merges, saved in each form."""

from __future__ import annotations

import csv
import html
from pathlib import Path

import docx
import openpyxl

from loaders.__main__ import task_values
from loaders.model import Ledger

ROOT = Path(__file__).resolve().parents[2]
LEDGERS = ROOT / "data" / "ledgers"
GOLDEN = ROOT / "tests" / "golden"
DOCUMENTS = Path(__file__).resolve().parent / "documents"
SEEDS = ("ningxia-2020", "hunan-2019")

UP, LEFT = "↑", "←"
"""A cell merged with the one above, or with the one to its left."""

HEADER = ("一级指标", "二级指标", "目标任务", "责任单位", "完成时限")

Table = list[list[str]]


def golden_rows(seed: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(ledger: Ledger) -> list[dict[str, str]]:
    """The tasks as the command line prints them."""
    return [task_values(task) for task in ledger.tasks]


def seed_table(seed: str) -> tuple[list[str], Table]:
    """(title lines, table) of a seed, its blank cells merged as they were in the issued file."""
    text = (LEDGERS / f"{seed}.txt").read_text(encoding="utf-8")
    return _ningxia(text) if seed == "ningxia-2020" else _hunan(text)


def _ningxia(text: str) -> tuple[list[str], Table]:
    blocks = [block.split("\n") for block in text.strip("\n").split("\n\n")]
    titles, *rows = [[line.removeprefix("\t") for line in block] for block in blocks]
    table = []
    for row in [row for row in rows if any(row)]:
        if len(row) == 4:
            row.insert(1, LEFT)
        table.append([cell or UP for cell in row])
    return titles, table


def _hunan(text: str) -> tuple[list[str], Table]:
    lines = text.split("\n")
    first = next(i for i, line in enumerate(lines) if "\t" in line)
    table: Table = []
    for cells in [line.split("\t") for line in lines[first:] if "\t" in line]:
        if cells[0] == "工作目标":
            table.append([cells[0], LEFT, *cells[2:]])
        else:
            # A merge ends at a header row repeated by a page break.
            blank = "" if table[-1][0] == "工作目标" else UP
            table.append([cell or blank for cell in cells])
    return lines[:first], table


def _areas(table: Table) -> list[tuple[int, int, int, int]]:
    """(top, left, bottom, right) of every merged cell."""
    areas = []
    for top, row in enumerate(table):
        for left, text in enumerate(row):
            if text in (UP, LEFT):
                continue
            bottom, right = top, left
            while bottom + 1 < len(table) and table[bottom + 1][left] == UP:
                bottom += 1
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            if (bottom, right) != (top, left):
                areas.append((top, left, bottom, right))
    return areas


def _own_text(cell: str) -> str:
    return "" if cell in (UP, LEFT) else cell


def save_docx(path: Path, titles: list[str], table: Table) -> Path:
    document = docx.Document()
    for title in titles:
        document.add_paragraph(title)
    drawn = document.add_table(len(table), len(table[0]))
    cells = [row.cells for row in drawn.rows]
    for drawn_row, row in zip(cells, table, strict=True):
        for cell, text in zip(drawn_row, row, strict=True):
            cell.text = _own_text(text)
    for top, left, bottom, right in _areas(table):
        cells[top][left].merge(cells[bottom][right])
    document.save(path)
    return path


def save_xlsx(path: Path, titles: list[str], table: Table) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row, title in enumerate(titles, start=1):
        sheet.cell(row, 1, title)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(table[0]))
    above = len(titles) + 1
    for row, cells in enumerate(table, start=above):
        for column, text in enumerate(cells, start=1):
            sheet.cell(row, column, _own_text(text) or None)
    for top, left, bottom, right in _areas(table):
        sheet.merge_cells(
            start_row=above + top,
            start_column=left + 1,
            end_row=above + bottom,
            end_column=right + 1,
        )
    book.save(path)
    return path


def save_csv(path: Path, titles: list[str], table: Table, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerows([title, *[""] * (len(table[0]) - 1)] for title in titles)
        writer.writerows([_own_text(cell) for cell in row] for row in table)
    return path


def save_html(path: Path, titles: list[str], table: Table, encoding: str = "utf-8") -> Path:
    """A page as a site serves it: the ledger inside a table that lays out the page."""
    spans = {(top, left): (bottom, right) for top, left, bottom, right in _areas(table)}
    rows = []
    for i, row in enumerate(table):
        cells = []
        for j, cell in enumerate(row):
            if cell in (UP, LEFT):
                continue
            bottom, right = spans.get((i, j), (i, j))
            over = f' rowspan="{bottom - i + 1}" colspan="{right - j + 1}"'
            cells.append(f"<td{over}><p>{html.escape(cell)}</p></td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    heading = "".join(f"<p>{html.escape(title)}</p>" for title in titles)
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
        "<title>通知公告</title><style>td{border:1px}</style></head><body>"
        "<table><tr><td>首页</td><td>政务公开</td></tr></table>"
        f"<table><tr><td>{heading}<table>{''.join(rows)}</table></td></tr></table>"
        "<script>var a = '<td>';</script></body></html>"
    )
    path.write_text(page, encoding=encoding)
    return path


SAVE = {".docx": save_docx, ".xlsx": save_xlsx, ".csv": save_csv, ".html": save_html}
