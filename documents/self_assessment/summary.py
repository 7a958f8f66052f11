"""The sheet 自评复核对照: self beside review, by indicator.

Owns the sheet; its formulas refer to the rows of the sheet 自评表.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from documents.self_assessment.content import (
    PARTS,
    Assessment,
    marks,
    review_cents,
    self_cents,
    title,
)
from documents.self_assessment.heads import in_points, write_head
from documents.self_assessment.layout import FIELDS, SHEET
from documents.self_assessment.table import SectionRows
from documents.workbook.formulas import Known
from documents.workbook.print_page import set_up_page, span
from documents.workbook.styles import grow, put
from words import UNKNOWN

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD = 6
FIRST = HEAD + 1
"""The rows of the column names and of the first line."""
WIDTH = 42
"""Characters of the column of names."""


def write_summary(sheet: Worksheet, assessed: Assessment, ranges: SectionRows) -> Known:
    """Self beside review by indicator, over the tasks that were reviewed, so that they compare."""
    write_head(sheet, assessed, column=1, heading=f"{title(assessed)}：自评与复核对照")
    put(
        sheet.cell(4, 1),
        "“其中自评”只计已复核的任务，与复核得分可比；加分超上限的部分在“自评表”的总分中扣除，不在本表。",
        "行",
    )  # fmt: skip
    headers = ("部分", "任务数", "自评得分", "已复核任务", "其中自评", "复核得分", "复核与自评之差")
    for column, header in enumerate(headers, start=1):
        put(sheet.cell(HEAD, column), header, "列名")
    known: Known = {}
    at = {field: number for number, field in enumerate(FIELDS, start=1)}
    row = HEAD
    for row, (section, first, last) in enumerate(ranges, start=FIRST):
        name = section.title if section.part == "base" else PARTS[section.part]
        self_marks, review_marks = (
            f"'{SHEET}'!{span(at[field], first, last)}" for field in ("self", "review")
        )
        done = [
            (self_cents(task) or 0, review)
            for task in section.rows
            if (review := review_cents(task)) is not None
        ]
        before, after = sum(mark for mark, _ in done), sum(mark for _, mark in done)
        total = assessed.total(section.part, section.level1 or None)["self"]
        known |= _summary_line(
            sheet, row, name, "文字",
            [
                (len(section.rows), None),
                (f"=ROUND(SUM({self_marks}),2)", in_points(total)),
                (f"=COUNT({review_marks})", Decimal(len(done))),
                *(
                    (f'=IF(D{row}=0,"{UNKNOWN}",ROUND({formula},2))', in_points(c) if done else UNKNOWN)
                    for formula, c in (
                        (f"SUMPRODUCT(--ISNUMBER({review_marks}),{self_marks})", before),
                        (f"SUM({review_marks})", after),
                        (f"F{row}-E{row}", after - before),
                    )
                ),
            ],
        )  # fmt: skip
    last = row
    totals: list[tuple[Any, Decimal | str | None]] = []
    for column, letter in enumerate("BCDEFG", start=2):
        figures = _known_column(sheet, known, column, last)
        formula = f"ROUND(SUM({letter}{FIRST}:{letter}{last}),2)"
        comes_to: Decimal | str = sum(figures, Decimal(0))
        if column > 4:
            formula = f'IF(D{last + 1}=0,"{UNKNOWN}",{formula})'
            comes_to = comes_to if figures else UNKNOWN
        totals.append((f"={formula}", comes_to))
    words = f"合计（未扣{PARTS['excess']}的部分）" if assessed.has_part("excess") else "合计"
    known |= _summary_line(sheet, last + 1, words, "小计", totals)
    for letter, width in zip("ABCDEFG", (WIDTH, 9, 11, 12, 11, 11, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = sheet.cell(FIRST, 1)
    set_up_page(sheet, head=HEAD, area=f"A1:G{last + 1}", mark=marks(assessed))
    return known


def _summary_line(
    sheet: Worksheet,
    row: int,
    name: str,
    style: str,
    cells: Sequence[tuple[Any, Decimal | str | None]],
) -> Known:
    known: Known = {}
    put(sheet.cell(row, 1), name, style)
    grow(sheet, row, [name], [WIDTH])
    for column, (value, comes_to) in enumerate(cells, start=2):
        cell = sheet.cell(row, column)
        cell.value = value
        counted = column in (2, 4)
        cell.style = ("小计数" if counted else "小计分数") if style == "小计" else (
            "居中" if counted else "分数"
        )  # fmt: skip
        if comes_to is not None:
            known[cell.coordinate] = comes_to
    return known


def _known_column(sheet: Worksheet, known: Known, column: int, last: int) -> list[Decimal]:
    """The figures of a column, as its formulas come to."""
    cells = [sheet.cell(row, column) for row in range(FIRST, last + 1)]
    values = [known.get(cell.coordinate, cell.value) for cell in cells]
    return [value for value in values if not isinstance(value, str)]
