"""How the cells of every workbook look: typeface, tints, named styles, texts, heights of rows.

Owns the look of a cell. Knows neither what stands in it nor the page it is printed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from documents.workbook.column import KEY, Column
from loaders.controls import printable
from words import DEMONSTRATION, is_missing

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.dimensions import RowDimension
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "微软雅黑"
LONGEST = 32_767
"""Characters that Excel takes in a cell."""
TALLEST = 409
"""Points of the highest row that Excel takes."""
WIDEST = 60
"""Characters of the widest column of a downloaded table."""
TINT, GREY, BAND, SUM = "FFF7DC", "F3F4F6", "DCE6F2", "EEF3F9"
"""Cells to type into, cells not to type into, headers, sums."""
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads _x0041_ as A; the underscore itself is written _x005F_."""
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def marked(text: str, *, is_demonstration: bool) -> str:
    """The text, led by 【演示数据】 where it is about demonstration data."""
    return f"【{DEMONSTRATION}】{text}" if is_demonstration else text


def file_name(*parts: str, is_demonstration: bool) -> str:
    """`parts` joined as a file name; what Windows does not allow in one becomes an underscore."""
    named = (_NOT_IN_FILE_NAMES.sub("_", printable(part)) for part in parts)
    return "_".join((DEMONSTRATION, *named) if is_demonstration else named) + ".xlsx"


def saved(book: Workbook) -> bytes:
    """The content of the .xlsx file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def add_styles(book: Workbook) -> None:
    """Named styles, the text of a cell of 10 points. Assigning one takes a fifth of the time of a font and
    a fill of a cell's own."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

    side = Side(style="thin", color="C9CFD8")
    border = Border(left=side, right=side, top=side, bottom=side)

    def add(
        name: str,
        tint: str | None = None,
        *,
        points: int = 10,
        bold: bool = False,
        colour: str | None = None,
        horizontal: str | None = None,
        vertical: str = "top",
        indent: int = 0,
        wrapped: bool = True,
        lined: bool = True,
        locked: bool = True,
        number_format: str = "General",
    ) -> None:
        style = NamedStyle(name)
        style.font = Font(name=FONT, size=points, bold=bold, color=colour)
        style.alignment = Alignment(
            wrap_text=wrapped, vertical=vertical, horizontal=horizontal, indent=indent
        )
        if tint:
            style.fill = PatternFill("solid", fgColor=tint)
        if lined:
            style.border = border
        style.number_format = number_format
        style.protection = Protection(locked=locked)
        book.add_named_style(style)

    # Titles and lines run on to the right over empty cells. They are not merged: when people insert
    # or delete columns, merged cells are the first to break.
    add("表题", points=14, bold=True, lined=False, wrapped=False, vertical="center")
    add("行", lined=False, wrapped=False, vertical="center")
    add("说明", lined=False, vertical="center")
    add("隐藏", lined=False, wrapped=False, colour="FFFFFF")
    add("分组", BAND, bold=True, wrapped=False, vertical="center")
    add("列名", BAND, bold=True, horizontal="center", vertical="center")
    add("文字")
    add("居中", horizontal="center")
    add("分数", horizontal="right", indent=1)
    add("不填", GREY)
    add("不填居中", GREY, horizontal="center")
    add("填", TINT, locked=False)
    add("填居中", TINT, locked=False, horizontal="center")
    add("填分数", TINT, locked=False, horizontal="right", indent=1)
    # From the left: LibreOffice prints a centred day of a hidden column into the one before it.
    add("填日期", TINT, locked=False, horizontal="left", number_format="yyyy-mm-dd")
    # As text, or a spreadsheet makes a number of 9.30, a date of 9-4 and a time of 1:5.
    add("填文本", TINT, locked=False, number_format="@")
    add("小计", SUM, bold=True, vertical="center")
    add("小计数", SUM, bold=True, horizontal="center", vertical="center")
    add("小计分数", SUM, bold=True, horizontal="right", indent=1, vertical="center")
    add("总分", BAND, bold=True, vertical="center")
    add("总分分数", BAND, bold=True, horizontal="right", indent=1, vertical="center")


def put(cell: Cell, value: Any, style: str = "") -> None:
    """Write a value into a cell; nothing for a missing one, and the style, where one is named.

    A text stays a text: Excel would run a task that begins with = as a formula.
    """
    if style:
        cell.style = style
    value = plain(value)
    if isinstance(value, str):
        cell.value = ESCAPE.sub("_x005F_", printable(value))[:LONGEST]
        cell.data_type = "s"
    elif value is not None:
        cell.value = value


def plain(value: Any) -> Any:
    """A value of a frame as plain Python: None when missing or an empty text; a list, which comes from
    DuckDB as an array, joined with 、."""
    if isinstance(value, list | np.ndarray):
        return "、".join(map(str, value))
    if is_missing(value) or value == "":
        return None
    for conversion in ("to_pydatetime", "item"):
        if hasattr(value, conversion):
            return getattr(value, conversion)()
    return value


def put_headers(sheet: Worksheet, row: int, columns: Iterable[Column]) -> None:
    """The column names of a table that is handed out, its widths; its key column and those that say so
    are hidden."""
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(columns, start=1):
        put(sheet.cell(row, number), column.header, "列名")
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.hidden = column.is_hidden or column.field == KEY
    sheet.row_dimensions[row].height = 32


def put_band(sheet: Worksheet, row: int, groups: Iterable[tuple[int, int, str]]) -> None:
    """Tinted headings over several columns each: (first column, last column, words)."""
    for left, right, words in groups:
        for column in range(left, right + 1):
            sheet.cell(row, column).style = "分组"
        put(sheet.cell(row, left), words)


def put_guide(sheet: Worksheet, lines: Iterable[tuple[str, str]], *, column: int = 1) -> None:
    """A sheet of explanations, one (style, text) a line, not to be typed into."""
    from openpyxl.utils import get_column_letter

    width = 110
    for row, (style, line) in enumerate(lines, start=1):
        put(sheet.cell(row, column), line, style)
        grow(sheet, row, [line], [width])
    sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.protection.sheet = True


def grow(
    sheet: Worksheet,
    row: int,
    texts: Sequence[str],
    widths: Sequence[float],
    *,
    least: int = 1,
) -> None:
    """Make a row as high as its texts need, at least `least` lines. It still grows with what is typed.

    Without a height LibreOffice shows one line of a text.
    """
    points = row_height(texts, widths, least=least)
    sheet.row_dimensions[row] = _growing()(sheet, index=row, ht=points)


@cache
def _growing() -> type[RowDimension]:
    """A row with a height that is not marked as set by the user.

    openpyxl marks every height so, and then Excel keeps it whatever is typed.
    """
    from openpyxl.worksheet.dimensions import RowDimension

    class Growing(RowDimension):
        customHeight = property(lambda _self: False)

    return Growing


def row_height(texts: Sequence[str], widths: Sequence[float], *, least: int = 1) -> float:
    """Points of a row in which texts of 10 points wrap in columns of `widths` characters."""
    lines = max(
        (_lines(text, width) for text, width in zip(texts, widths, strict=False)), default=1
    )
    return min(16 * max(lines, least), TALLEST)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes. A Chinese character of 10 points is 2 characters of a column wide,
    and the margins of a cell take one."""
    sizes = (sum(2 if ord(c) > 0x2E7F else 1.1 for c in line) for line in text.split("\n"))
    return sum(max(1, ceil(taken / max(width - 1, 1))) for taken in sizes)


def text_width(value: Any) -> int:
    """How many characters of a column the widest line of a value takes."""
    text = "" if is_missing(value) else str(value)
    return max(
        (sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in text.split("\n")), default=0
    )
