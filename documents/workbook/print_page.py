"""The page a sheet is printed on, and what may be typed into the sheet.

Owns paper, margins, page breaks, protection and validation. Knows no table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

A4, UNIT = (841.9, 595.3), 5.3
"""The page in landscape, and one character of a column's width, in points."""


def set_up_page(
    sheet: Worksheet, *, head: int = 0, area: str = "", mark: str = "", top: float = 0.35
) -> None:
    """A4 landscape, all columns on each page. On every page: row `head`, and `mark` at the top right."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.35
    margins.top, margins.bottom, margins.footer = top, 0.6, 0.3
    if mark:
        sheet.oddHeader.right.text = mark
        margins.top, margins.header = 0.7, 0.3
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    if head:
        sheet.print_title_rows = f"{head}:{head}"
    if area:
        sheet.print_area = area


def keep_together(sheet: Worksheet, rows: range, kept: Collection[int], *, head: int) -> None:
    """Page breaks, so that none of the `kept` rows is the last of its page: a heading stays with its
    first row, a sum with its last. Every row has its height, and the page is set up."""
    from openpyxl.worksheet.pagebreak import Break

    margins = sheet.page_margins
    across = sum(d.width * UNIT for d in sheet.column_dimensions.values() if not d.hidden)
    shrunk = min(1.0, (A4[0] - 72 * (margins.left + margins.right)) / across)
    # Excel and LibreOffice differ a little in how wide a column is.
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


def protect(sheet: Worksheet) -> None:
    """Only the cells to type into can be changed, and rows and columns can be resized.

    Without a password: it prevents slips and does not lock anybody out.
    """
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def check(sheet: Worksheet, cells: str, title: str, message: str, rule: Mapping[str, str]) -> None:
    """Excel refuses what does not follow `rule` in `cells` and shows `message` instead.

    `cells` are a range, or several with spaces between them.
    """
    from openpyxl.worksheet.datavalidation import DataValidation

    validation = DataValidation(
        allow_blank=True, showErrorMessage=True, errorTitle=title, error=message, **rule
    )
    for each in cells.split():
        validation.add(each)
    sheet.add_data_validation(validation)


def between(kind: str, least: object, most: object) -> dict[str, str]:
    """The rule of a decimal, whole number or date (as Excel counts days) between two ends."""
    return {"type": kind, "operator": "between", "formula1": str(least), "formula2": str(most)}


def one_of(words: Iterable[str]) -> dict[str, str]:
    """The rule of a drop-down."""
    return {"type": "list", "formula1": f'"{",".join(words)}"'}


def days_between(first: date, last: date) -> dict[str, str]:
    """The rule of a date between two days."""
    from openpyxl.utils.datetime import to_excel

    return between("date", int(to_excel(first)), int(to_excel(last)))


def span(column: int, first: int, last: int | None = None) -> str:
    """The cell, or the cells from first to last row, of a column."""
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(column)
    return f"{letter}{first}" if last is None else f"{letter}{first}:{letter}{last}"
