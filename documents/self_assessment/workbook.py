"""The 自评表 as a workbook: the table, self beside review, the workings, the evidence still wanted.

Owns which sheets there are, and the two that are lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from documents.self_assessment.content import (
    Assessment,
    evidence_table,
    marks,
    sections,
    self_cents,
    title,
)
from documents.self_assessment.heads import in_points, write_head
from documents.self_assessment.layout import EVIDENCE, SHEET, SUMMARY, WORKINGS
from documents.self_assessment.summary import write_summary
from documents.self_assessment.table import write_table
from documents.workbook.formulas import Known, with_values
from documents.workbook.print_page import fitted, set_up_page
from documents.workbook.styles import add_styles, grow, put, saved
from metrics import question
from words import is_missing, wrap

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

NO_TASKS = "所选范围内没有计分的任务。"


def write_workbook(assessed: Assessment) -> bytes:
    """The 自评表 with its comparison of self and review, its workings and the evidence still wanted."""
    # Imported here, because it takes half a second and only a download needs it.
    from openpyxl import Workbook

    book = Workbook()
    add_styles(book)
    known: dict[str, Known] = {}
    ranges, known[SHEET] = write_table(book.active, assessed)
    known[SUMMARY] = write_summary(book.create_sheet(SUMMARY), assessed, ranges)
    _write_workings(book.create_sheet(WORKINGS), assessed)
    if assessed.gaps is not None:
        _write_evidence(book.create_sheet(EVIDENCE), assessed)
    # Excel computes when it opens the file; the stored values are for those that do not.
    book.calculation.fullCalcOnLoad = True
    return with_values(saved(book), known)


def _write_workings(sheet: Worksheet, assessed: Assessment) -> None:
    """How each task came by its score."""
    write_head(sheet, assessed, column=1, heading=f"{title(assessed)}：计分过程")
    head = _write_definition(sheet, "scores", width=78)
    rows = [
        (task.number, task.task, in_points(self_cents(task)), assessed.sentence(task))
        for section in sections(assessed)
        for task in section.rows
    ]
    headers = ("编号", "目标任务", "自评得分", "计分过程")
    _write_rows(
        sheet, head, headers, rows, (6, 50, 10, 48), styles=("居中", "文字", "分数", "文字"),
        mark=marks(assessed), nothing=NO_TASKS,
    )  # fmt: skip


def _write_evidence(sheet: Worksheet, assessed: Assessment) -> None:
    """佐证材料清单: what is wanted, what is held and how many points depend on it."""
    write_head(sheet, assessed, column=1, heading=f"{title(assessed)}：佐证材料清单")
    table = evidence_table(assessed)
    head = _write_definition(sheet, "evidence_gaps", width=100)
    has_tasks = assessed.rows.full_cents.notna().any()
    nothing = "须佐证的任务都有有效佐证，没有缺口。" if has_tasks else NO_TASKS
    styles = ["文字"] * len(table.columns)
    styles[0], styles[-3:] = "居中", ["分数"] * 3
    _write_rows(
        sheet, head, list(table.columns), list(table.itertuples(index=False, name=None)),
        (6, 14, 16, 42, 24, 26, 30, 10, 8, 11, 9), styles=styles, mark=marks(assessed),
        nothing=nothing,
    )  # fmt: skip


def _write_definition(sheet: Worksheet, name: str, *, width: int) -> int:
    """What the figures mean, below the head in lines of `width`; returns the row for the columns."""
    # The questions answer in hundredths, the sheets say points.
    definition = question(name).definition.replace("单位：百分之一分", "单位：分")
    row = 4
    for row, line in enumerate(wrap(f"口径：{definition}", width, "\n").split("\n"), start=4):
        put(sheet.cell(row, 1), line, "行")
    return row + 2


def _write_rows(
    sheet: Worksheet,
    head: int,
    headers: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    *,
    styles: Sequence[str],
    mark: str,
    nothing: str,
) -> None:
    """The column names, then the rows, or the line `nothing` when there are none."""
    from openpyxl.utils import get_column_letter

    printed = fitted(widths)
    widths = printed.widths
    for column, (header, width) in enumerate(zip(headers, widths, strict=True), start=1):
        put(sheet.cell(head, column), header, "列名")
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, values in enumerate(rows, start=head + 1):
        for column, (value, style) in enumerate(zip(values, styles, strict=True), start=1):
            put(sheet.cell(row, column), value, style)
        grow(
            sheet,
            row,
            ["" if is_missing(value) else str(value) for value in values],
            widths,
        )
    last = get_column_letter(len(headers))
    if rows:
        sheet.auto_filter.ref = f"A{head}:{last}{head + len(rows)}"
    else:
        put(sheet.cell(head + 1, 1), nothing, "行")
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    set_up_page(
        sheet,
        head=head,
        area=f"A1:{last}{head + max(len(rows), 1)}",
        mark=mark,
        paper=printed.paper,
    )
