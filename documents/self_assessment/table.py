"""The sheet 自评表: scores with live sums, and cells for the review.

Owns the sheet and what may be typed where. Every figure comes from the `Assessment`; the formulas add
the same figures up again, and what they come to is stored with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from documents.self_assessment.content import (
    PARTS,
    Assessment,
    Section,
    account_words,
    criterion_words,
    evidence_words,
    full_words,
    marks,
    review_cents,
    reviewed_excess,
    reviewed_sum,
    reviewed_total,
    sections,
    self_cents,
)
from documents.self_assessment.heads import in_points, points_or_blank, write_head
from documents.self_assessment.layout import COLUMNS, FIELDS, PRINTED, SHEET, Stamp
from documents.workbook.formulas import Known
from documents.workbook.print_page import (
    between,
    check,
    fitted,
    keep_together,
    protect,
    set_up_page,
    span,
)
from documents.workbook.styles import grow, put, put_band, put_headers
from words import is_missing

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROW = 7
ADDED = ("full", "self", "review")
"""The columns with totals."""
SectionRows = list[tuple[Section, int, int]]
"""Each section with its first and its last row."""


def write_table(sheet: Worksheet, assessed: Assessment) -> tuple[SectionRows, Known]:
    """The sheet 自评表; returns first and last row of each section, and what the formulas come to."""
    sheet.title = SHEET
    scheme, context = assessed.scheme, assessed.context
    stamp = Stamp(
        assessed.ledger_id,
        assessed.edition_number,
        scheme.scheme_id if scheme else None,
        scheme.version if scheme else 0,
        context.data_version,
        context.is_demonstration,
    )
    put(sheet.cell(1, 1), stamp.text(), "隐藏")
    write_head(sheet, assessed, column=2)
    put_headers(sheet, HEADER_ROW, COLUMNS)
    at = {field: number for number, field in enumerate(FIELDS, start=1)}
    row = HEADER_ROW + 1
    ranges: SectionRows = []
    known: Known = {}
    subtotals: list[int] = []
    for section in sections(assessed):
        put_band(sheet, row, ((1, 1, ""), (2, len(COLUMNS), section.title)))
        sheet.row_dimensions[row].height = 20
        first = row + 1
        for row, task in enumerate(section.rows, start=first):
            _write_task(sheet, row, task, assessed)
        _restrict(sheet, section, first, at, has_scheme=scheme is not None)
        ranges.append((section, first, row))
        row += 1
        subtotals.append(row)
        known |= _write_subtotal(sheet, row, section, (first, row - 1), at, assessed)
        if section.part == "bonus" and assessed.has_part("excess"):
            row += 1
            known |= _write_excess(sheet, row, subtotals[-1], at, assessed)
            subtotals.append(row)
        row += 1
    known |= _write_overall(sheet, row, subtotals, ranges, at, assessed)
    _lay_out(sheet, row, marks(assessed))
    # Kept on one page: a heading and its first task, the last task and its sum, a sum and the next.
    kept = {first - 1 for _, first, _ in ranges} | {last for *_, last in ranges}
    kept |= {each for each in subtotals if each + 1 in (*subtotals, row)}
    keep_together(sheet, range(HEADER_ROW + 1, row + 1), kept, head=HEADER_ROW)
    return ranges, known


def _write_task(sheet: Worksheet, row: int, task: Any, assessed: Assessment) -> None:
    may_review = assessed.scheme is not None and not is_missing(task.full_cents)
    reason = assessed.reason(task)
    is_in_words = is_missing(task.full_cents) or task.kind == "penalty"
    values = {
        "key": (str(task.task_id), "文字"),
        "number": (task.number, "居中"),
        "level2": (task.level2, "文字"),
        "task": (task.task, "文字"),
        "units": (task.units, "文字"),
        "full": (full_words(task), "居中") if is_in_words else (in_points(task.full_cents), "分数"),
        "criterion": (criterion_words(task, assessed.tiers.get(task.task_id)), "文字"),
        "self": (in_points(self_cents(task)), "分数"),
        "account": (account_words(task, reason), "文字"),
        "evidence": (evidence_words(task), "文字"),
        "reason": (reason, "文字"),
        "review": (in_points(review_cents(task)), "填分数" if may_review else "不填"),
        "opinion": (task.review_opinion, "填" if may_review else "不填"),
    }
    for column, field in enumerate(FIELDS, start=1):
        put(sheet.cell(row, column), *values[field])
    texts = [str(values[column.field][0] or "") for column in PRINTED]
    grow(sheet, row, texts, [column.width for column in PRINTED])


def _restrict(
    sheet: Worksheet, section: Section, first: int, at: Mapping[str, int], *, has_scheme: bool
) -> None:
    """Review marks between 0 and the full marks of the task; those of penalties between minus these and 0."""
    if not has_scheme:
        return
    cells: dict[int, list[str]] = {}
    for row, task in enumerate(section.rows, start=first):
        if not is_missing(task.full_cents):
            cells.setdefault(section.sign * int(task.full_cents), []).append(
                span(at["review"], row)
            )
    for cents, places in cells.items():
        low, high = sorted((Decimal(0), in_points(cents)))
        message = f"请填 {low} 到 {high} 之间的数，最多两位小数。"
        check(sheet, " ".join(places), "复核得分", message, between("decimal", low, high))


def _write_subtotal(
    sheet: Worksheet,
    row: int,
    section: Section,
    rows: tuple[int, int],
    at: Mapping[str, int],
    assessed: Assessment,
) -> Known:
    total = assessed.total(section.part, section.level1 or None)
    formulas = {}
    for field in ADDED:
        cells = span(at[field], *rows)
        added = f"ROUND(SUM({cells}),2)"
        formulas[field] = f'=IF(COUNT({cells})=0,"",{added})' if field == "review" else f"={added}"
    cells = span(at["review"], *rows)
    formulas["opinion"] = f'="已复核 "&COUNT({cells})&" 项，共 {len(section.rows)} 项"'
    values = {
        "full": in_points(total["full"]),
        "self": in_points(total["self"]),
        "review": points_or_blank(reviewed_sum(section.rows)),
        "opinion": _reviewed_words(section.rows),
    }
    return _sum_line(sheet, row, section.total_words, formulas, values, at)


def _write_excess(
    sheet: Worksheet, row: int, subtotal: int, at: Mapping[str, int], assessed: Assessment
) -> Known:
    """What the bonus marks exceed their cap in total by, below zero."""
    assert assessed.scheme is not None, "only a scheme has a cap"
    cap = in_points(assessed.scheme.bonus_cap_cents)
    total = assessed.total("excess")
    formulas = {}
    for field in ADDED:
        cell = span(at[field], subtotal)
        capped = f"MIN(0,ROUND({cap}-{cell},2))"
        formulas[field] = (
            f'=IF(ISNUMBER({cell}),{capped},"")' if field == "review" else f"={capped}"
        )
    values: dict[str, Decimal | str] = {name: in_points(total[name]) for name in ("full", "self")}
    values["review"] = points_or_blank(reviewed_excess(assessed))
    return _sum_line(sheet, row, PARTS["excess"], formulas, values, at)


def _reviewed_words(rows: Sequence[Any]) -> str:
    done = sum(review_cents(row) is not None for row in rows)
    return f"已复核 {done} 项，共 {len(rows)} 项"


def _write_overall(
    sheet: Worksheet,
    row: int,
    subtotals: Sequence[int],
    ranges: SectionRows,
    at: Mapping[str, int],
    assessed: Assessment,
) -> Known:
    total = assessed.total("overall")
    rows = [task for section, *_ in ranges for task in section.rows]
    formulas = {}
    for field in ADDED:
        added = "ROUND(SUM(" + ",".join(span(at[field], each) for each in subtotals) + "),2)"
        formulas[field] = f"={added}"
        if field == "review":
            formulas[field] = f'=IF({_counts(ranges, at)}=0,"",{added})'
    formulas["opinion"] = f'="已复核 "&{_counts(ranges, at)}&" 项，共 {len(rows)} 项"'
    values = {
        "full": in_points(total["full"]),
        "self": in_points(total["self"]),
        "review": points_or_blank(reviewed_total(assessed)),
        "opinion": _reviewed_words(rows),
    }
    return _sum_line(sheet, row, PARTS["overall"], formulas, values, at, style="总分")


def _counts(ranges: SectionRows, at: Mapping[str, int]) -> str:
    spans = ",".join(span(at["review"], first, last) for _, first, last in ranges)
    return f"COUNT({spans})"


def _sum_line(
    sheet: Worksheet,
    row: int,
    words: str,
    formulas: Mapping[str, str],
    values: Mapping[str, Decimal | str],
    at: Mapping[str, int],
    *,
    style: str = "小计",
) -> Known:
    known: Known = {}
    for column, field in enumerate(FIELDS, start=1):
        cell = sheet.cell(row, column)
        cell.style = f"{style}分数" if field in ADDED else style
        if field in formulas:
            cell.value = formulas[field]
            known[cell.coordinate] = values[field]
    put(sheet.cell(row, at["task"]), words)
    sheet.row_dimensions[row].height = 20
    return known


def _lay_out(sheet: Worksheet, last: int, mark: str) -> None:
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, FIELDS.index("task") + 2)
    protect(sheet)
    paper = fitted([column.width for column in PRINTED]).paper
    area = f"B1:{span(len(COLUMNS), last)}"
    set_up_page(sheet, head=HEADER_ROW, area=area, mark=mark, paper=paper)
