"""One answer's rows as an .xlsx workbook that says what it is.

Owns the form of the sheet. Takes its figures as they are handed over and computes none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from words import DEMONSTRATION, day, is_missing

FONT = "微软雅黑"
FRACTION = "0.0#"
"""How a figure that is not whole is shown; its cell keeps all of it."""
WIDEST = 60
WIDE, EMPTY_COLUMN, LINE_HEIGHT, TALLEST = 90, 13, 16, 409
"""What stands above a table runs over so many characters, past a narrow one over empty columns;
points of a line, and of the highest row that Excel takes."""


@dataclass(frozen=True)
class Context:
    """What every export states about itself."""

    ledger: str
    edition: str
    as_of: date
    filters: str
    data_version: int
    is_demonstration: bool
    made_at: datetime


def table_workbook(title: str, definition: str, rows: pd.DataFrame, context: Context) -> bytes:
    """A workbook of one sheet: what it shows, its definition and scope, then the rows as handed over.

    Text that looks like a formula stays text: cells are written with an explicit text type.
    """
    # Half a second to import, and only somebody who downloads needs it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "数据"
    heading = f"【{DEMONSTRATION}】{title}" if context.is_demonstration else title
    lines = [
        heading,
        f"台账：{context.ledger}（{context.edition}）",
        f"截至日期：{day(context.as_of)}　筛选：{context.filters}",
        f"数据版本：{context.data_version}　制表时间：{context.made_at:%Y-%m-%d %H:%M}",
        f"口径：{definition}",
    ]
    for number, line in enumerate(lines, start=1):
        cell = sheet.cell(number, 1)
        _write(cell, line)
        cell.font = Font(name=FONT, size=14 if number == 1 else 10, bold=number == 1)
        cell.alignment = Alignment(wrap_text=number > 1, vertical="top")
    head = len(lines) + 2
    for column, name in enumerate(rows.columns, start=1):
        cell = sheet.cell(head, column)
        _write(cell, str(name))
        cell.font = Font(name=FONT, size=10, bold=True)
        cell.fill = PatternFill("solid", fgColor="EAF0F8")
        is_number = rows[name].dtype.kind in "iuf"
        cell.alignment = Alignment(
            wrap_text=True, vertical="center", horizontal="right" if is_number else "left", indent=1
        )
        longest = max((text_width(_as_shown(value)) for value in rows[name]), default=0)
        sheet.column_dimensions[get_column_letter(column)].width = min(
            max(longest, text_width(name)) + 4, WIDEST
        )
    widths = [
        sheet.column_dimensions[get_column_letter(c + 1)].width for c in range(len(rows.columns))
    ]
    font = Font(name=FONT, size=10)
    # A figure and the text beside it keep their distance.
    figure, text = (
        Alignment(wrap_text=True, vertical="top", horizontal=side, indent=1)
        for side in ("right", "left")
    )
    for line, values in enumerate(rows.itertuples(index=False), start=head + 1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(line, column)
            _write(cell, value)
            cell.font = font
            cell.alignment = figure if isinstance(cell.value, int | float) else text
        texts = ["" if cell.value is None else str(_as_shown(cell.value)) for cell in sheet[line]]
        sheet.row_dimensions[line].height = row_height(texts, [width - 1 for width in widths])
    _across(sheet, lines, len(rows.columns))
    _for_paper(sheet, head)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    if len(rows):
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(rows.columns))}{head + len(rows)}"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _across(sheet: Any, lines: Sequence[str], columns: int) -> None:
    """The lines below the title run on over the columns, or the paper would be as wide as they are."""
    from openpyxl.utils import get_column_letter

    over = last = 0
    while last < columns or over < WIDE:
        last += 1
        width = sheet.column_dimensions[get_column_letter(last)].width
        over += width if last <= columns else EMPTY_COLUMN
    sheet.row_dimensions[1].height = 22
    for number, line in enumerate(lines[1:], start=2):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=last)
        # Merged cells do not grow by themselves.
        sheet.row_dimensions[number].height = row_height([line], [over - 3])


def _for_paper(sheet: Any, head: int) -> None:
    """A4 across, as wide as one page, the column headings on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.35
    margins.top, margins.bottom, margins.footer = 0.5, 0.6, 0.3
    sheet.print_title_rows = f"{head}:{head}"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _write(cell: Any, value: Any) -> None:
    if isinstance(value, list | np.ndarray):
        # A list column comes out of DuckDB as an array.
        value = "、".join(map(str, value))
    if isinstance(value, str):
        # Excel would run a task that begins with = as a formula.
        cell.value = value
        cell.data_type = "s"
    elif is_missing(value):
        cell.value = None
    elif isinstance(value, pd.Timestamp):
        cell.value = value.to_pydatetime()
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = value.item() if hasattr(value, "item") else value
        if isinstance(cell.value, float) and not cell.value.is_integer():
            cell.number_format = FRACTION


def _as_shown(value: Any) -> Any:
    """A value as its cell shows it, for how wide that is."""
    if isinstance(value, datetime) and not is_missing(value):
        return day(value)
    return round(value, 2) if isinstance(value, float) else value


def row_height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Points of a row in columns so wide, in which text wraps: without a height LibreOffice shows one
    line of it."""
    lines = (
        sum(-(-max(text_width(part), 1) // max(width - 1, 1)) for part in text.split("\n"))
        for text, width in zip(texts, widths, strict=False)
    )
    return min(LINE_HEIGHT * max(lines, default=1), TALLEST)


def text_width(value: Any) -> int:
    """How many half-width characters the widest line of a value takes."""
    text = "" if isinstance(value, float) and is_missing(value) else str(value)
    return max(
        (sum(2 if ord(c) > 0x2E7F else 1 for c in part) for part in text.split("\n")), default=0
    )
