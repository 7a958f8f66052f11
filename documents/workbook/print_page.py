"""The cells of the 自评表's workbook: their styles, their texts, their heights, the page they print on.

Owns how a sheet looks. Knows nothing of scores.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import partial
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from words import is_missing

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "微软雅黑"
LONGEST = 32_767
"""Characters Excel takes in a cell."""
LINE_HEIGHT = 13.5
"""Points."""
TALLEST = 409
A4, UNIT = (841.9, 595.3), 5.3
"""The page lying across, and one unit of a column's width, in points."""
TINT, GREY, BAND, SUM = "FFF7DC", "F3F4F6", "DCE6F2", "EEF3F9"
_NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)>(<f>.*?</f>)<v\s*(?:/>|></v>)</c>')

Known = dict[str, Decimal | str]
"""Cell → what its formula comes to."""


def add_styles(book: Workbook) -> None:
    """Named styles: assigned in one step, where a font and a fill a cell cost five times as much."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

    side = Side(style="thin", color="C9CFD8")
    border = Border(left=side, right=side, top=side, bottom=side)

    def add(
        name: str,
        tint: str | None = None,
        *,
        bold: bool = False,
        across: str | None = None,
        vertical: str = "top",
        indent: int = 0,
        size: int = 9,
        lined: bool = True,
        locked: bool = True,
        wrapped: bool = True,
        colour: str = "1F2937",
    ) -> None:
        style = NamedStyle(name)
        style.font = Font(name=FONT, size=size, bold=bold, color=colour)
        style.alignment = Alignment(
            wrap_text=wrapped, vertical=vertical, horizontal=across, indent=indent
        )
        if tint:
            style.fill = PatternFill("solid", fgColor=tint)
        if lined:
            style.border = border
        style.protection = Protection(locked=locked)
        book.add_named_style(style)

    # Nothing is merged: a merged cell is what people's own changes break first.
    add("表题", bold=True, size=14, lined=False, wrapped=False, vertical="center")
    add("行", lined=False, wrapped=False, vertical="center")
    add("隐藏", lined=False, wrapped=False, colour="FFFFFF")
    add("列名", BAND, bold=True, across="center", vertical="center")
    add("分组", BAND, bold=True, wrapped=False, vertical="center")
    add("文字")
    add("居中", across="center")
    add("分数", across="right", indent=1)
    add("不填", GREY)
    add("填", TINT, locked=False)
    add("填分数", TINT, across="right", indent=1, locked=False)
    add("小计", SUM, bold=True, vertical="center")
    add("小计数", SUM, bold=True, across="center", vertical="center")
    add("小计分数", SUM, bold=True, across="right", indent=1, vertical="center")
    add("总分", BAND, bold=True, vertical="center")
    add("总分分数", BAND, bold=True, across="right", indent=1, vertical="center")


def put(sheet: Worksheet, row: int, column: int, value: Any, style: str) -> None:
    """Text stays text: Excel would run what begins with = as a formula."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _ESCAPE.sub("_x005F_", _NOT_ALLOWED.sub("", value))[:LONGEST]
        cell.data_type = "s"
    elif not is_missing(value):
        cell.value = value
    cell.style = style


def span(column: int, first: int, last: int | None = None) -> str:
    """The cell, or the cells from first to last row, of a column."""
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(column)
    return f"{letter}{first}" if last is None else f"{letter}{first}:{letter}{last}"


def in_points(cents: int | None) -> Decimal | None:
    """Hundredths as points for a number cell; None when unknown."""
    return None if is_missing(cents) else Decimal(int(cents)) / 100


def text_of(value: Any) -> str:
    """A value as the text that needs room in its cell."""
    return "" if is_missing(value) else str(value)


def grow(sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
    """A row as high as its texts need: without a height LibreOffice shows one line."""
    lines = max(
        sum(
            max(1, ceil(sum(1.8 if ord(c) > 0x2E7F else 1 for c in line) / (width - 1)))
            for line in text.split("\n")
        )
        for text, width in zip(texts, widths, strict=True)
    )
    sheet.row_dimensions[row].height = min(LINE_HEIGHT * max(lines, 1) + 4, TALLEST)


def set_up_page(
    sheet: Worksheet, last: int, letter: str, *, head: int, mark: str, first: str = "A"
) -> None:
    """A4 across, all columns on each page; on every one the column names, and what is not real."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.35
    margins.bottom, margins.footer = 0.6, 0.3
    if mark:
        sheet.oddHeader.right.text = mark
        margins.top, margins.header = 0.7, 0.3
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.print_area = f"{first}1:{letter}{last}"


def keep_together(sheet: Worksheet, rows: range, kept: Collection[int], *, head: int) -> None:
    """Page breaks, so that none of the `kept` rows is the last of its page: a heading stays with its
    first row, a sum with its last. Every row has its height, and the page is set up."""
    from openpyxl.worksheet.pagebreak import Break

    margins = sheet.page_margins
    across = sum(d.width * UNIT for d in sheet.column_dimensions.values() if not d.hidden)
    shrunk = min(1.0, (A4[0] - 72 * (margins.left + margins.right)) / across)
    # Programs differ a little in how wide a column is.
    room = 0.95 * (A4[1] - 72 * (margins.top + margins.bottom)) / shrunk
    heights = {row: sheet.row_dimensions[row].height or 15 for row in range(1, rows.stop)}
    used, start = sum(heights[row] for row in range(1, rows.start)), rows.start
    for row in rows:
        if row in kept and row + 1 < rows.stop:
            continue
        block = sum(heights[each] for each in range(start, row + 1))
        if used + block > room and start > rows.start:
            sheet.row_breaks.append(Break(id=start - 1))
            used = heights[head]
        used, start = used + block, row + 1


def with_values(content: bytes, known: Mapping[str, Known]) -> bytes:
    """The workbook with what its formulas come to stored beside them.

    openpyxl leaves that out, and then previews, phones and Excel's protected view show no totals.
    """
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as read,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for number, cells in enumerate(known.values(), start=1):
            name = f"xl/worksheets/sheet{number}.xml"
            sheet = read.read(name).decode()
            written.writestr(name, _FORMULA.sub(partial(_valued, cells), sheet))
        for entry in read.infolist():
            if entry.filename not in written.namelist():
                written.writestr(entry, read.read(entry.filename))
    return stream.getvalue()


def _valued(cells: Known, found: re.Match) -> str:
    cell, attributes, formula = found.groups()
    value = cells[cell]
    if isinstance(value, str):
        return f'<c r="{cell}"{attributes} t="str">{formula}<v>{escape(value)}</v></c>'
    return f'<c r="{cell}"{attributes}>{formula}<v>{value}</v></c>'
