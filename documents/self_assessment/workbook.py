"""The 自评表 as a workbook: scores in live formulas, cells for the review, evidence still wanted.

Owns how the sheets look and what may be typed where. Every figure comes from the `Assessment`; the
formulas add the same figures up again, and what they come to is stored with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from documents.self_assessment.content import (
    PARTS,
    Assessment,
    Section,
    completion_words,
    criterion_words,
    evidence_table,
    evidence_words,
    full_words,
    marks,
    review_cents,
    reviewed_excess,
    reviewed_sum,
    reviewed_total,
    scheme_words,
    sections,
    self_cents,
    title,
    total_words,
)
from documents.self_assessment.layout import (
    COLUMNS,
    EVIDENCE,
    FIELDS,
    SHEET,
    SUMMARY,
    WORKINGS,
    Stamp,
)
from documents.workbook.print_page import (
    Known,
    add_styles,
    grow,
    in_points,
    keep_together,
    put,
    set_up_page,
    span,
    text_of,
    with_values,
)
from metrics import question
from words import UNKNOWN, day, is_missing, wrap

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROW = 7
NO_TASKS = "所选范围内没有计分的任务。"
_ADDED = ("full", "self", "review")
"""The columns with totals."""


def write_workbook(assessed: Assessment) -> bytes:
    """The 自评表 with its comparison of self and review, its workings and the evidence still wanted."""
    # Half a second to import, and only somebody who downloads needs it.
    from openpyxl import Workbook

    book = Workbook()
    add_styles(book)
    known: dict[str, Known] = {}
    ranges, known[SHEET] = _write_table(book.active, assessed)
    known[SUMMARY] = _write_summary(book.create_sheet(SUMMARY), assessed, ranges)
    _write_workings(book.create_sheet(WORKINGS), assessed)
    if assessed.gaps is not None:
        _write_evidence(book.create_sheet(EVIDENCE), assessed)
    # Excel computes when it opens the file; the stored values are for those that do not.
    book.calculation.fullCalcOnLoad = True
    stream = BytesIO()
    book.save(stream)
    return with_values(stream.getvalue(), known)


def _write_table(
    sheet: Worksheet, assessed: Assessment
) -> tuple[list[tuple[Section, int, int]], Known]:
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
    put(sheet, 1, 1, stamp.text(), "隐藏")
    _write_head(sheet, assessed, column=2)
    for number, column in enumerate(COLUMNS, start=1):
        put(sheet, HEADER_ROW, number, column.header, "列名")
    at = {field: number for number, field in enumerate(FIELDS, start=1)}
    row = HEADER_ROW + 1
    ranges: list[tuple[Section, int, int]] = []
    known: Known = {}
    subtotals: list[int] = []
    for section in sections(assessed):
        _band(sheet, row, section.title)
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
    # A heading with its first task, the last task with its sum, one sum with the next.
    kept = {first - 1 for _, first, _ in ranges} | {last for *_, last in ranges}
    kept |= {each for each in subtotals if each + 1 in (*subtotals, row)}
    keep_together(sheet, range(HEADER_ROW + 1, row + 1), kept, head=HEADER_ROW)
    return ranges, known


def _write_head(sheet: Worksheet, assessed: Assessment, *, column: int, heading: str = "") -> None:
    """Title, what the figures are of, and by which scheme, one line each."""
    context = assessed.context
    lines = (
        heading or title(assessed),
        f"台账：{context.ledger}（{context.edition}）",
        f"截至日期：{day(context.as_of)}　筛选：{context.filters}"
        f"　数据版本：{context.data_version}　制表时间：{context.made_at:%Y-%m-%d %H:%M}",
        scheme_words(assessed),
        total_words(assessed),
    )
    for row, line in enumerate(lines, start=1):
        put(sheet, row, column, line, "表题" if row == 1 else "行")
        sheet.row_dimensions[row].height = 26 if row == 1 else 16


def _write_task(sheet: Worksheet, row: int, task: Any, assessed: Assessment) -> None:
    may_review = assessed.scheme is not None and not is_missing(task.full_cents)
    full = is_missing(task.full_cents) or task.kind == "penalty"
    values = {
        "key": (str(task.task_id), "文字"),
        "number": (task.number, "居中"),
        "level2": (task.level2, "文字"),
        "task": (task.task, "文字"),
        "units": (task.units, "文字"),
        "full": (full_words(task), "居中") if full else (in_points(task.full_cents), "分数"),
        "criterion": (criterion_words(task, assessed.tiers.get(task.task_id)), "文字"),
        "self": (in_points(self_cents(task)), "分数"),
        "completion": (completion_words(task), "文字"),
        "evidence": (evidence_words(task), "文字"),
        "reason": (assessed.reason(task), "文字"),
        "review": (in_points(review_cents(task)), "填分数" if may_review else "不填"),
        "opinion": (task.review_opinion, "填" if may_review else "不填"),
    }
    for column, field in enumerate(FIELDS, start=1):
        put(sheet, row, column, *values[field])
    texts = [text_of(values[column.field][0]) for column in COLUMNS[1:]]
    grow(sheet, row, texts, [column.width for column in COLUMNS[1:]])


def _restrict(
    sheet: Worksheet, section: Section, first: int, at: Mapping[str, int], *, has_scheme: bool
) -> None:
    """Review marks between nothing and full marks, each task its own; of penalties below zero."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not has_scheme:
        return
    letter = get_column_letter(at["review"])
    checks: dict[int, DataValidation] = {}
    for row, task in enumerate(section.rows, start=first):
        if is_missing(task.full_cents):
            continue
        cents = section.sign * int(task.full_cents)
        if cents not in checks:
            low, high = map(str, sorted((Decimal(0), in_points(cents))))
            checks[cents] = DataValidation(
                type="decimal",
                operator="between",
                formula1=low,
                formula2=high,
                allow_blank=True,
                showErrorMessage=True,
                errorTitle="复核得分",
                error=f"请填 {low} 到 {high} 之间的数，最多两位小数。",
            )
            sheet.add_data_validation(checks[cents])
        checks[cents].add(f"{letter}{row}")


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
    for field in _ADDED:
        cells = span(at[field], *rows)
        added = f"ROUND(SUM({cells}),2)"
        formulas[field] = f'=IF(COUNT({cells})=0,"",{added})' if field == "review" else f"={added}"
    cells = span(at["review"], *rows)
    formulas["opinion"] = f'="已复核 "&COUNT({cells})&" 项，共 {len(section.rows)} 项"'
    values = {
        "full": in_points(total["full"]),
        "self": in_points(total["self"]),
        "review": _or_blank(reviewed_sum(section.rows)),
        "opinion": _reviewed_words(section.rows),
    }
    return _sum_line(sheet, row, section.total_words, formulas, values, at)


def _write_excess(
    sheet: Worksheet, row: int, subtotal: int, at: Mapping[str, int], assessed: Assessment
) -> Known:
    """What the bonus marks exceed their cap in total by, below zero."""
    cap = in_points(assessed.scheme.bonus_cap_cents)
    total = assessed.total("excess")
    formulas = {}
    for field in _ADDED:
        cell = span(at[field], subtotal)
        capped = f"MIN(0,ROUND({cap}-{cell},2))"
        formulas[field] = (
            f'=IF(ISNUMBER({cell}),{capped},"")' if field == "review" else f"={capped}"
        )
    values = {name: in_points(total[name]) for name in ("full", "self")}
    values["review"] = _or_blank(reviewed_excess(assessed))
    return _sum_line(sheet, row, PARTS["excess"], formulas, values, at)


def _reviewed_words(rows: Sequence[Any]) -> str:
    done = sum(review_cents(row) is not None for row in rows)
    return f"已复核 {done} 项，共 {len(rows)} 项"


def _or_blank(cents: int | None) -> Decimal | str:
    return "" if cents is None else in_points(cents)


def _write_overall(
    sheet: Worksheet,
    row: int,
    subtotals: Sequence[int],
    ranges: Sequence[tuple[Section, int, int]],
    at: Mapping[str, int],
    assessed: Assessment,
) -> Known:
    total = assessed.total("overall")
    rows = [task for section, *_ in ranges for task in section.rows]
    formulas = {}
    for field in _ADDED:
        added = "ROUND(SUM(" + ",".join(span(at[field], each) for each in subtotals) + "),2)"
        formulas[field] = f"={added}"
        if field == "review":
            formulas[field] = f'=IF({_counts(ranges, at)}=0,"",{added})'
    formulas["opinion"] = f'="已复核 "&{_counts(ranges, at)}&" 项，共 {len(rows)} 项"'
    values = {
        "full": in_points(total["full"]),
        "self": in_points(total["self"]),
        "review": _or_blank(reviewed_total(assessed)),
        "opinion": _reviewed_words(rows),
    }
    return _sum_line(sheet, row, PARTS["overall"], formulas, values, at, style="总分")


def _counts(ranges: Sequence[tuple[Section, int, int]], at: Mapping[str, int]) -> str:
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
        cell.style = f"{style}分数" if field in _ADDED else style
        if field in formulas:
            cell.value = formulas[field]
            known[cell.coordinate] = values[field]
    put(sheet, row, at["task"], words, style)
    sheet.row_dimensions[row].height = 20
    return known


def _write_summary(
    sheet: Worksheet, assessed: Assessment, ranges: Sequence[tuple[Section, int, int]]
) -> Known:
    """Self beside review by indicator, over the tasks that were reviewed, so that they compare."""
    _write_head(sheet, assessed, column=1, heading=f"{title(assessed)}：自评与复核对照")
    put(
        sheet, 6, 1,
        "“其中自评”只计已复核的任务，与复核得分可比；加分超上限的部分在“自评表”的总分中扣除，不在本表。",
        "行",
    )  # fmt: skip
    headers = ("部分", "任务数", "自评得分", "已复核任务", "其中自评", "复核得分", "复核与自评之差")
    for column, header in enumerate(headers, start=1):
        put(sheet, 8, column, header, "列名")
    known: Known = {}
    at = {field: number for number, field in enumerate(FIELDS, start=1)}
    row = 8
    for row, (section, first, last) in enumerate(ranges, start=9):
        name = section.title if section.part == "base" else PARTS[section.part]
        own, review = (f"'{SHEET}'!{span(at[field], first, last)}" for field in ("self", "review"))
        given = {task.task_id: review_cents(task) for task in section.rows}
        done = [task for task in section.rows if given[task.task_id] is not None]
        before = sum(self_cents(task) for task in done)
        after = sum(given[task.task_id] for task in done)
        total = assessed.total(section.part, section.level1 or None)["self"]
        known |= _summary_line(
            sheet, row, name, "文字",
            [
                (len(section.rows), None),
                (f"=ROUND(SUM({own}),2)", in_points(total)),
                (f"=COUNT({review})", Decimal(len(done))),
                *(
                    (f'=IF(D{row}=0,"{UNKNOWN}",ROUND({formula},2))', in_points(c) if done else UNKNOWN)
                    for formula, c in (
                        (f"SUMPRODUCT(--ISNUMBER({review}),{own})", before),
                        (f"SUM({review})", after),
                        (f"F{row}-E{row}", after - before),
                    )
                ),
            ],
        )  # fmt: skip
    last = row
    totals = []
    for column, letter in enumerate("BCDEFG", start=2):
        figures = _known_column(sheet, known, column, last)
        formula, comes_to = f"ROUND(SUM({letter}9:{letter}{last}),2)", sum(figures)
        if column > 4:
            formula = f'IF(D{last + 1}=0,"{UNKNOWN}",{formula})'
            comes_to = comes_to if figures else UNKNOWN
        totals.append((f"={formula}", comes_to))
    words = f"合计（未扣{PARTS['excess']}的部分）" if assessed.has_part("excess") else "合计"
    known |= _summary_line(sheet, last + 1, words, "小计", totals)
    for letter, width in zip("ABCDEFG", (58, 10, 12, 12, 12, 12, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A9"
    set_up_page(sheet, last + 1, "G", head=8, mark=marks(assessed))
    return known


def _summary_line(
    sheet: Worksheet,
    row: int,
    name: str,
    style: str,
    cells: Sequence[tuple[Any, Decimal | str | None]],
) -> Known:
    known: Known = {}
    put(sheet, row, 1, name, style)
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
    cells = [sheet.cell(row, column) for row in range(9, last + 1)]
    values = [known.get(cell.coordinate, cell.value) for cell in cells]
    return [value for value in values if not isinstance(value, str)]


def _write_workings(sheet: Worksheet, assessed: Assessment) -> None:
    """How each task came by its score."""
    _write_head(sheet, assessed, column=1, heading=f"{title(assessed)}：计分过程")
    head = _write_definition(sheet, "scores", width=78)
    rows = [
        (task.number, task.task, in_points(self_cents(task)), assessed.sentence(task))
        for section in sections(assessed)
        for task in section.rows
    ]
    headers = ("编号", "目标任务", "自评得分", "计分过程")
    _write_rows(
        sheet, head, headers, rows, (6, 50, 10, 78), styles=("居中", "文字", "分数", "文字"),
        mark=marks(assessed), nothing=NO_TASKS,
    )  # fmt: skip


def _write_evidence(sheet: Worksheet, assessed: Assessment) -> None:
    """佐证材料清单: what is wanted, what is held and how many points depend on it."""
    _write_head(sheet, assessed, column=1, heading=f"{title(assessed)}：佐证材料清单")
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
    said = question(name).definition.replace("单位：百分之一分", "单位：分")
    row = 6
    for row, line in enumerate(wrap(f"口径：{said}", width, "\n").split("\n"), start=6):
        put(sheet, row, 1, line, "行")
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
    """The column names, then the rows, or what is said when there are none."""
    from openpyxl.utils import get_column_letter

    for column, (header, width) in enumerate(zip(headers, widths, strict=True), start=1):
        put(sheet, head, column, header, "列名")
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, values in enumerate(rows, start=head + 1):
        for column, (value, style) in enumerate(zip(values, styles, strict=True), start=1):
            put(sheet, row, column, value, style)
        grow(sheet, row, [text_of(value) for value in values], widths)
    last = get_column_letter(len(headers))
    if rows:
        sheet.auto_filter.ref = f"A{head}:{last}{head + len(rows)}"
    else:
        put(sheet, head + 1, 1, nothing, "行")
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    set_up_page(sheet, head + max(len(rows), 1), last, head=head, mark=mark)


def _band(sheet: Worksheet, row: int, words: str) -> None:
    for column in range(1, len(COLUMNS) + 1):
        sheet.cell(row, column).style = "分组"
    put(sheet, row, 2, words, "分组")
    sheet.row_dimensions[row].height = 20


def _lay_out(sheet: Worksheet, last: int, mark: str) -> None:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.hidden = column.field == "key"
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, FIELDS.index("task") + 2)
    # No password: it keeps from slips, not from people. Rows and columns may be made larger.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    letter = get_column_letter(len(COLUMNS))
    set_up_page(sheet, last, letter, first="B", head=HEADER_ROW, mark=mark)
