"""Report forms as .xlsx workbooks, to hand out.

Owns the sheet to fill in. Its content comes from the question `unit_month`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from documents.month_form.guide import write_guide
from documents.month_form.layout import (
    CHOICES,
    COLUMNS,
    DONE,
    HEAD,
    SHEET,
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
from warehouse.entries.submissions import ledger_title, units_of_ledger
from warehouse.store import now
from words import STATES, each_row, is_missing

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROW = 6
FIRST_ROW = HEADER_ROW + 1


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
        source = "" if edition_id is None else f"台账版次：第 {editions[edition_id]} 版　"
        # Forms list everything, whatever is filtered on screen.
        source += f"筛选：无　数据版本：{version}　制表时间：{made_at:%Y-%m-%d %H:%M}"
        source += f"　{warehouse.age}" if warehouse.age else ""
        made[unit] = _form(unit, title, unfiltered.as_of, tasks, stamp, source)
        progress(len(made), len(units), unit)
    return made


def _form(
    unit: str, ledger: str, as_of: date, rows: pd.DataFrame, stamp: Stamp, source: str
) -> bytes:
    # Imported here, because it takes half a second and only handing out forms needs it.
    from openpyxl import Workbook

    book = Workbook()
    add_styles(book)
    sheet = book.active
    sheet.title = SHEET
    _write_head(sheet, unit, ledger, as_of, rows, stamp, source)
    widths = [column.width for column in COLUMNS[1:]]
    for row, task in enumerate(each_row(rows), start=FIRST_ROW):
        cells = _cells(task)
        for column, (value, style) in enumerate(cells, start=1):
            put(sheet.cell(row, column), value, style)
        grow(sheet, row, [str(value or "") for value, _ in cells[1:]], widths, least=2)
    last = FIRST_ROW + len(rows) - 1
    if rows.empty:
        put(sheet.cell(FIRST_ROW, 2), "本单位在本台账中没有基本任务，不需填报。")
    else:
        _restrict(sheet, last, stamp.month)
    _lay_out(sheet, max(last, FIRST_ROW))
    write_guide(book, unit, rows, stamp)
    return saved(book)


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
        f"台账：{ledger}",
        f"填报单位：{unit}　报送月：{month_in_words(stamp.month)}"
        f"　预警灯截至：{as_of:%Y-%m-%d}{due}　{source}",
    )
    put(sheet.cell(1, 1), stamp.text())
    for row, line in enumerate(lines, start=1):
        put(sheet.cell(row, 2), line, "表题" if row == 1 else "行")
    # A label and a cell to type into, in columns that are wide enough for both.
    for label, column in zip(HEAD, (3, 5, 7), strict=True):
        put(sheet.cell(4, column), f"{label}：", "行")
        put(sheet.cell(4, column + 1), None, "填文本")
    first_filled = [column.is_filled for column in COLUMNS].index(True) + 1
    groups = (
        (2, first_filled - 1, "任务（不需填写）"),
        (first_filled, len(COLUMNS), "本月填报（在浅黄色格内填写）"),
    )
    put_band(sheet, HEADER_ROW - 1, groups)
    put_headers(sheet, HEADER_ROW, COLUMNS)


def _cells(task: Any) -> list[tuple[Any, str]]:
    """Value and style of each cell of a task's row; what the unit has reported in the month stands in it
    already."""
    reported = not is_missing(task.now_state)
    percent = None
    if reported and not is_missing(task.now_percent):
        percent = (
            int(task.now_percent) if task.now_percent == int(task.now_percent) else task.now_percent
        )
    values = {
        "key": (str(task.task_id), "不填"),
        "number": (task.number, "不填居中"),
        "level1": (task.level1, "不填"),
        "task": (task.task, "不填"),
        "role": (role_in_words(task), "不填居中"),
        "deadline": (deadline_in_words(task), "不填"),
        "lamp": (lamp_in_words(task), "不填"),
        "last": (last_report_in_words(task), "不填"),
        "state": (STATES[task.now_state] if reported else None, "填居中"),
        "percent": (percent, "填居中"),
        "narrative": (task.now_narrative, "填"),
        "problem": (task.now_problem, "填"),
        "next_step": (task.now_next_step, "填"),
        "title": (None, "填"),
        "document_number": (None, "填文本"),
        "link": (None, "填文本"),
        "evidence_on": (None, "填日期"),
        "effective_on": (task.now_effective_on, "填日期"),
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
    set_up_page(sheet, head=HEADER_ROW, area=f"B1:{span(len(COLUMNS), last)}")
