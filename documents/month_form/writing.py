"""Report forms as .xlsx workbooks, to hand out.

Owns the sheet to fill in. Its content comes from the question `unit_month`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pandas as pd

from documents.month_form.guide import write_guide
from documents.month_form.layout import (
    CHOICES,
    COLUMNS,
    DONE,
    HEAD,
    OTHERS,
    SHEET,
    SHOWN,
    TIMES,
    Stamp,
    deadline_in_words,
    heading,
    lamp_in_words,
    last_report_in_words,
    month_in_words,
    month_scope,
    role_in_words,
)
from documents.workbook.print_page import (
    between,
    check,
    days_between,
    one_of,
    protect,
    set_up_page,
    span,
)
from documents.workbook.styles import add_styles, file_name, grow, put, put_band, put_headers, saved
from metrics import Scope, ask
from metrics.periods import month_end
from warehouse import Warehouse
from warehouse.entries.submissions import (
    Report,
    ledger_title,
    recorded_of_unit,
    units_of_ledger,
)
from warehouse.store import now
from words import STATES, each_row

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROW = 6
FIRST_ROW = HEADER_ROW + 1
TIMES_COLUMNS = ("key", "number", "task", "deadline", *DONE)


def write_form(
    warehouse: Warehouse, scope: Scope, unit: str, month: date, *, is_demonstration: bool = False
) -> bytes:
    """The form of one unit for the month of `month`, with every base task assigned to the unit.

    Raises KeyError when the ledger has no such unit.
    """
    (content,) = _forms(warehouse, scope, [unit], month, is_demonstration, lambda *_: None).values()
    return content


def write_forms(
    warehouse: Warehouse,
    scope: Scope,
    units: Sequence[str],
    month: date,
    progress: Callable[[int, int, str], None] = lambda *_: None,
    *,
    is_demonstration: bool = False,
) -> bytes:
    """A .zip with the form of each unit. Raises KeyError when the ledger has no such unit.

    Progress callback: forms made, forms in all, unit of the last form.
    """
    made = _forms(warehouse, scope, units, month, is_demonstration, progress)
    stream = BytesIO()
    # Stored without compression: .xlsx files are compressed already.
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for unit, content in made.items():
            archive.writestr(form_name(unit, month, is_demonstration=is_demonstration), content)
    return stream.getvalue()


def form_name(unit: str, month: date, *, is_demonstration: bool = False) -> str:
    """The file name of a form."""
    return file_name(unit, f"{month:%Y-%m}", "填报表", is_demonstration=is_demonstration)


def _forms(
    warehouse: Warehouse,
    scope: Scope,
    units: Sequence[str],
    month: date,
    is_demonstration: bool,
    progress: Callable[[int, int, str], None],
) -> dict[str, bytes]:
    """Unit → its workbook. One question for all units takes little longer than for one."""
    unfiltered, values = month_scope(scope, month)
    ids = units_of_ledger(warehouse, unfiltered.ledger_id, unfiltered.as_of)
    title = ledger_title(warehouse, unfiltered.ledger_id) or ""
    version, made_at = warehouse.data_version, now()
    editions = ask(warehouse, "editions", unfiltered).set_index("edition_id").edition_number
    only = units[0] if len(units) == 1 else None
    rows = ask(warehouse, "unit_month", unfiltered, unit=only, **values)
    made = {}
    for unit in units:
        tasks = rows[rows.unit == unit]
        edition_id = None if tasks.empty else tasks.edition_id.iloc[0]
        stamp = Stamp(
            unfiltered.ledger_id,
            edition_id,
            ids[unit],
            values["month_start"],
            version,
            is_demonstration,
        )
        source = "" if edition_id is None else f"　台账版次：第 {editions[edition_id]} 版"
        source += f"　制表时间：{made_at:%Y-%m-%d %H:%M}"
        source += f"　{warehouse.age}" if warehouse.age else ""
        standing = _standing(warehouse, ids[unit], values["month_start"], unfiltered.as_of)
        made[unit] = _form(unit, title, unfiltered.as_of, tasks, stamp, source, standing)
        progress(len(made), len(units), unit)
    return made


def _standing(warehouse: Warehouse, unit_id: UUID, month: date, as_of: date) -> dict[UUID, Report]:
    """Task → what counts for the unit by now, where it is of the month: its own report or a newer one on
    the whole task."""
    with warehouse.cursor() as cursor:
        known = recorded_of_unit(cursor, unit_id, month)
    return {
        task_id: recorded.standing
        for task_id, recorded in known.items()
        if recorded.standing and month <= recorded.standing.effective_on <= as_of
    }


def _form(
    unit: str,
    ledger: str,
    as_of: date,
    rows: pd.DataFrame,
    stamp: Stamp,
    source: str,
    standing: Mapping[UUID, Report],
) -> bytes:
    # Imported here, because it takes half a second and only handing out forms needs it.
    from openpyxl import Workbook

    book = Workbook()
    add_styles(book)
    # Forms list everything, whatever is filtered on screen; of no use to who fills one in on paper.
    book.properties.description = f"筛选：无；数据版本：{stamp.data_version}"
    due = _pressing_first(rows[rows.must_report], stamp.month) if len(rows) else rows
    _write_sheet(book.active, SHEET, unit, ledger, as_of, due, stamp, source, standing)
    if rows.empty:
        put(book.active.cell(FIRST_ROW, 2), "本单位在本台账中没有基本任务，不需填报。")
    elif due.empty:
        put(
            book.active.cell(FIRST_ROW, 2),
            f"本月没有必须填报的任务；有新情况的在“{OTHERS}”表填写。",
        )
    others = rows[~rows.must_report] if len(rows) else rows
    if len(others):
        sheet = book.create_sheet(OTHERS)
        _write_sheet(sheet, OTHERS, unit, ledger, as_of, others, stamp, source, standing)
    recurring = rows[[len(periods) > 0 for periods in rows.periods]] if len(rows) else rows
    if len(recurring):
        _write_times(book.create_sheet(TIMES), recurring)
    write_guide(book, unit, rows, stamp)
    return saved(book)


def _pressing_first(rows: pd.DataFrame, month: date) -> pd.DataFrame:
    """What the month cannot pass without stands first: returned, overdue or due by its end, or a recurring
    duty due in it."""
    pressing = rows.is_returned | rows.window_due
    pressing |= ~rows.unit_is_done & (rows.effective_due_on <= pd.Timestamp(month_end(month)))
    return rows.iloc[(~pressing).argsort(kind="stable")]


def _write_sheet(
    sheet: Worksheet,
    name: str,
    unit: str,
    ledger: str,
    as_of: date,
    rows: pd.DataFrame,
    stamp: Stamp,
    source: str,
    standing: Mapping[UUID, Report],
) -> None:
    """A sheet to fill in, with a row for each of these tasks."""
    sheet.title = name
    _write_head(sheet, unit, ledger, as_of, rows, stamp, source)
    shown = [number for number, column in enumerate(COLUMNS) if column.field in SHOWN]
    widths = [COLUMNS[number].width for number in shown]
    for row, task in enumerate(each_row(rows), start=FIRST_ROW):
        cells = _cells(task, standing.get(task.task_id))
        for column, (value, style) in enumerate(cells, start=1):
            put(sheet.cell(row, column), value, style)
        grow(sheet, row, [str(cells[number][0] or "") for number in shown], widths, least=2)
    last = FIRST_ROW + len(rows) - 1
    if len(rows):
        _restrict(sheet, last, stamp.month)
    _lay_out(sheet, max(last, FIRST_ROW))


def _write_times(sheet: Worksheet, rows: pd.DataFrame) -> None:
    """The sheet on which recurring duties are counted: how often, and on which days."""
    columns = [column for column in COLUMNS if column.field in TIMES_COLUMNS]
    put(sheet.cell(1, 2), f"{TIMES}（做了几次、哪几天，在浅黄色格内填写；没有做的不填）", "表题")
    widths = {"task": 50.0, "deadline": 33.0, "times": 13.0, "occurred_on": 20.0}
    columns = [replace(column, width=widths.get(column.field, column.width)) for column in columns]
    put_headers(sheet, 2, columns)
    for row, task in enumerate(each_row(rows), start=3):
        values = {
            "key": (str(task.task_id), "不填"),
            "number": (task.number, "不填居中"),
            "task": (task.task, "不填"),
            "deadline": (deadline_in_words(task, counted=True), "不填"),
            "times": (None, "填居中"),
            "occurred_on": (None, "填文本"),
        }
        for column, field in enumerate(columns, start=1):
            put(sheet.cell(row, column), *values[field.field])
        texts = [str(values[column.field][0] or "") for column in columns[1:]]
        grow(sheet, row, texts, [column.width for column in columns[1:]], least=2)
    last = 2 + len(rows)
    message = "请填整数，即本月一共完成了几次。"
    at = [column.field for column in columns].index("times") + 1
    check(sheet, span(at, 3, last), "频次完成次数", message, between("whole", 0, 9999))
    protect(sheet)
    set_up_page(sheet, head=2, area=f"B1:{span(len(columns), last)}")


def _write_head(
    sheet: Worksheet,
    unit: str,
    ledger: str,
    as_of: date,
    rows: pd.DataFrame,
    stamp: Stamp,
    source: str,
) -> None:
    """The hidden stamp, the title, what the form is of, who fills it in, the column names."""
    due = "" if rows.empty else f"　请于 {rows.due_by.iloc[0]:%Y-%m-%d} 前（含当日）交回"
    lines = (
        heading(unit, stamp.month, is_demonstration=stamp.is_demonstration),
        f"台账：{ledger}{source}",
        f"填报单位：{unit}　报送月：{month_in_words(stamp.month)}"
        f"　预警灯截至：{as_of:%Y-%m-%d}{due}",
    )
    from openpyxl.utils import get_column_letter

    put(sheet.cell(1, 1), stamp.text())
    for row, line in enumerate(lines, start=1):
        put(sheet.cell(row, 2), line, "表题" if row == 1 else "行")
    # A label and a cell to type into, in columns that are seen and wide enough for both.
    at = {column.field: number for number, column in enumerate(COLUMNS, start=1)}
    for label, field in zip(HEAD, ("task", "last", "narrative"), strict=True):
        put(sheet.cell(4, at[field]), f"{label}：", "行")
        put(sheet.cell(4, at[field] + 1 if field != "task" else at["deadline"]), None, "填文本")
    groups = (
        (2, at["state"] - 1, "任务（不需填写）"),
        (at["state"], len(COLUMNS), "本月填报（在浅黄色格内填写）"),
    )
    put_band(sheet, HEADER_ROW - 1, groups)
    put_headers(sheet, HEADER_ROW, COLUMNS)
    for number, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].hidden = column.field not in SHOWN


def _cells(task: Any, standing: Report | None) -> list[tuple[Any, str]]:
    """Value and style of each cell of a task's row; what stands for the unit in the month, by its own
    report or one on the whole task, is filled in already."""
    state, percent, problem = None, None, None
    if standing:
        state, percent = STATES[standing.state], standing.percent
        next_step = f"下一步：{standing.next_step}" if standing.next_step else ""
        problem = "\n".join(filter(None, (standing.problem, next_step)))
    if percent is not None and percent == int(percent):
        percent = int(percent)
    values = {
        "key": (str(task.task_id), "不填"),
        "number": (task.number, "不填居中"),
        "level1": (task.level1, "不填"),
        "task": (task.task, "不填"),
        "role": (role_in_words(task), "不填居中"),
        "deadline": (deadline_in_words(task), "不填"),
        "lamp": (lamp_in_words(task), "不填"),
        "last": (last_report_in_words(task), "不填"),
        "state": (state, "填居中"),
        "percent": (percent, "填居中"),
        "narrative": (standing.narrative if standing else None, "填"),
        "problem": (problem, "填"),
        "next_step": (None, "填"),
        "title": (None, "填"),
        "document_number": (None, "填文本"),
        "link": (None, "填文本"),
        "evidence_on": (None, "填日期"),
        "effective_on": (standing.effective_on if standing else None, "填日期"),
    }
    recurs = len(task.periods) > 0
    values |= dict.fromkeys(DONE, (None, "填文本" if recurs else "不填"))
    if recurs:
        values["times"] = (None, "填居中")
    return [values[column.field] for column in COLUMNS]


def _restrict(sheet: Worksheet, last: int, month: date) -> None:
    """Drop-downs, numbers and days; Excel shows a sentence when something else is typed."""
    states = [STATES[code] for code in CHOICES]
    rules = {
        "state": (one_of(states), "请从下拉框中选择：" + "、".join(states)),
        "percent": (between("decimal", 0, 100), "请填 0 到 100 之间的数，如 80。"),
        "evidence_on": (
            days_between(date(2000, 1, 1), date(2099, 12, 31)),
            "请填日期，如 2020-09-30。",
        ),
        "times": (between("whole", 0, 9999), "请填整数，即本月一共完成了几次。"),
        "effective_on": (
            days_between(month, month_end(month)),
            f"请填 {month_in_words(month)}内的日期，如 {month_end(month)}。",
        ),
    }
    for number, column in enumerate(COLUMNS, start=1):
        if column.field in rules:
            rule, message = rules[column.field]
            check(sheet, span(number, FIRST_ROW, last), column.header, message, rule)


def _lay_out(sheet: Worksheet, last: int) -> None:
    for row, height in ((1, 26), (2, 16), (3, 16), (4, 20), (HEADER_ROW - 1, 18)):
        sheet.row_dimensions[row].height = height
    fields = [column.field for column in COLUMNS]
    sheet.freeze_panes = sheet.cell(FIRST_ROW, fields.index("task") + 2)
    protect(sheet)
    set_up_page(sheet, head=HEADER_ROW, area=f"B1:{span(fields.index('title') + 1, last)}")
