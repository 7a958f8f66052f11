"""One answer's rows as an .xlsx workbook that says what it is.

Owns the form of the sheet. Takes its figures as they are handed over and computes none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from documents.workbook.print_page import fitted, set_up_page
from documents.workbook.styles import (
    FONT,
    WIDEST,
    marked,
    plain,
    put,
    row_height,
    saved,
    text_width,
)
from words import RateOfFew, day, rounded

FRACTION = "0.0#"
"""Number format of figures that are not whole; the cell keeps all decimals."""
WIDE, EMPTY_COLUMN = 90, 13
"""Characters over which the lines above a table run at least, and the width of an empty column."""


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
    # Imported here, because it takes half a second and only a download needs it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "数据"
    lines = [
        marked(title, is_demonstration=context.is_demonstration),
        f"台账：{context.ledger}（{context.edition}）",
        f"截至日期：{day(context.as_of)}　筛选：{context.filters}",
        f"数据版本：{context.data_version}　制表时间：{context.made_at:%Y-%m-%d %H:%M}",
        f"口径：{definition}",
    ]
    for number, line in enumerate(lines, start=1):
        cell = sheet.cell(number, 1)
        put(cell, line)
        cell.font = Font(name=FONT, size=14 if number == 1 else 10, bold=number == 1)
        cell.alignment = Alignment(wrap_text=number > 1, vertical="top")
    head = len(lines) + 2
    widths: list[float] = []
    for column, name in enumerate(rows.columns, start=1):
        cell = sheet.cell(head, column)
        put(cell, str(name))
        cell.font = Font(name=FONT, size=10, bold=True)
        cell.fill = PatternFill("solid", fgColor="EAF0F8")
        is_number = rows[name].dtype.kind in "iuf"
        cell.alignment = Alignment(
            wrap_text=True, vertical="center", horizontal="right" if is_number else "left", indent=1
        )
        longest = max((text_width(_as_shown(value)) for value in rows[name]), default=0)
        widths.append(min(max(longest, text_width(str(name))) + 4, WIDEST))
    printed = fitted(widths)
    widths = printed.widths
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    font = Font(name=FONT, size=10)
    # Indented, so that a figure does not touch the text of the next column.
    of_figures, of_texts = (
        Alignment(wrap_text=True, vertical="top", horizontal=side, indent=1)
        for side in ("right", "left")
    )
    for row, values in enumerate(rows.itertuples(index=False), start=head + 1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            put(cell, value)
            cell.number_format = _number_format(cell.value)
            cell.font = font
            cell.alignment = of_figures if isinstance(cell.value, int | float) else of_texts
        texts = [_as_shown(cell.value) for cell in sheet[row][: len(widths)]]
        sheet.row_dimensions[row].height = row_height(texts, [width - 1 for width in widths])
    _across(sheet, lines, len(rows.columns))
    set_up_page(sheet, head=head, top=0.5, paper=printed.paper, pages=printed.pages)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    if len(rows):
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(rows.columns))}{head + len(rows)}"
    return saved(book)


def _across(sheet: Any, lines: Sequence[str], columns: int) -> None:
    """Merge each line below the title over the columns and wrap it, so that a long one does not widen the
    printed page."""
    from openpyxl.utils import get_column_letter

    over = last = 0
    while last < columns or over < WIDE:
        last += 1
        width = sheet.column_dimensions[get_column_letter(last)].width
        over += width if last <= columns else EMPTY_COLUMN
    sheet.row_dimensions[1].height = 22
    for number, line in enumerate(lines[1:], start=2):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=last)
        # Excel does not fit the height of merged cells.
        sheet.row_dimensions[number].height = row_height([line], [over - 3])


def _number_format(value: Any) -> str:
    if isinstance(value, RateOfFew):
        return f'"{value.fraction}"'
    if isinstance(value, date):
        return "yyyy-mm-dd"
    return FRACTION if isinstance(value, float) and not value.is_integer() else "General"


def _as_shown(value: Any) -> str:
    """A value as its cell shows it, for the room it takes."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, RateOfFew):
        return value.fraction
    if isinstance(value, date):
        return day(value)
    return str(rounded(value, 2) if isinstance(value, float) else value)
