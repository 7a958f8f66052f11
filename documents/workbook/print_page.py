"""The page a sheet is printed on, and what may be typed into the sheet.

Owns paper, margins, page breaks, protection and validation. Knows no table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

UNIT = 5.3
"""One character of a column's width in Excel, in points."""

A4_ROOM, A3_ROOM = 114, 165
"""Characters of all columns together with which text of 10 points is printed at 9 points or more;
LibreOffice takes a character for a third wider than Excel where Calibri is missing."""
GIVING_WAY = 14
"""Columns wider than this are made narrower where a table is wider than A3; their texts wrap."""
NARROWER = 0.93
"""Share of their width down to which all columns give way before one goes on a page of its own."""
A4_PAPER, A3_PAPER = 9, 8
"""What Excel calls these papers."""
PAPERS = {A4_PAPER: (841.9, 595.3), A3_PAPER: (1190.6, 841.9)}
"""Width and height of a page in landscape, in points."""


@dataclass(frozen=True)
class Fitted:
    """How a table is printed with type of 9 points at least."""

    widths: list[float]
    paper: int
    pages: int
    """Pages side by side that the columns take; one, but for tables of dozens of columns."""


def fitted(widths: Sequence[float]) -> Fitted:
    """The widths of columns in characters, as they are where they fit on A4 in landscape, else for A3,
    where the wide ones give way as much as they must, and all of them a little."""
    whole = sum(widths)
    if whole <= A4_ROOM:
        return Fitted(list(widths), A4_PAPER, 1)
    spare = sum(max(width - GIVING_WAY, 0) for width in widths)
    given = min(max(whole - A3_ROOM, 0) / spare, 1) if spare else 0
    narrower = [width - given * max(width - GIVING_WAY, 0) for width in widths]
    if NARROWER * sum(narrower) <= A3_ROOM < sum(narrower):
        narrower = [width * A3_ROOM / sum(narrower) for width in narrower]
    return Fitted(narrower, A3_PAPER, max(1, ceil(round(sum(narrower) / A3_ROOM, 2))))


def set_up_page(
    sheet: Worksheet,
    *,
    head: int = 0,
    area: str = "",
    mark: str = "",
    top: float = 0.35,
    paper: int = A4_PAPER,
    pages: int = 1,
) -> None:
    """Landscape, all columns on one page or on so many side by side. On every page: row `head`, and `mark`
    at the top right."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToWidth = pages
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
    width, height = PAPERS[int(sheet.page_setup.paperSize)]
    across = sum(d.width * UNIT for d in sheet.column_dimensions.values() if not d.hidden)
    shrunk = min(1.0, (width - 72 * (margins.left + margins.right)) / across)
    # Excel and LibreOffice differ a little in how wide a column is.
    room = 0.95 * (height - 72 * (margins.top + margins.bottom)) / shrunk
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
