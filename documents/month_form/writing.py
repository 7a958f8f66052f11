"""Report forms as .xlsx workbooks, to hand out.

Owns how a form looks and what may be typed where. What it says comes from the question `unit_month`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any

import pandas as pd

from documents.month_form.layout import (
    CHOICES,
    COLUMNS,
    DONE,
    GUIDE,
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
from metrics import Scope, ask
from metrics.periods import month_end
from warehouse import Warehouse
from warehouse.entries.submissions import ledger_title, units_of_ledger
from warehouse.store import now
from words import DEMONSTRATION, STATES, each_row, is_missing

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.dimensions import RowDimension
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "微软雅黑"
LINE_HEIGHT, TALLEST = 15, 409
"""Points; Excel takes no higher row."""
LONGEST = 32_767
"""Characters Excel takes in a cell."""
HEADER_ROW = 6
FIRST_ROW = HEADER_ROW + 1
TINT, GREY, BAND = "FFF7DC", "F3F4F6", "DCE6F2"
_NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def write_form(
    warehouse: Warehouse, scope: Scope, unit: str, month: date, *, is_demonstration: bool = False
) -> bytes:
    """The form of one unit for the month of `month`, every base task in which it has a part.

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
    """A .zip with the form of each unit; `progress` is told how many are done, of how many, and of
    which unit the last one is. Raises KeyError when the ledger has no such unit."""
    made = _forms(warehouse, scope, units, month, is_demonstration, progress)
    stream = BytesIO()
    # The workbooks are packed already.
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for unit, content in made.items():
            archive.writestr(form_name(unit, month, is_demonstration=is_demonstration), content)
    return stream.getvalue()


def form_name(unit: str, month: date, *, is_demonstration: bool = False) -> str:
    """What the file of a form is called."""
    mark = f"{DEMONSTRATION}_" if is_demonstration else ""
    return f"{mark}{NOT_IN_FILE_NAMES.sub('_', unit)}_{month:%Y-%m}_填报表.xlsx"


def _forms(
    warehouse: Warehouse,
    scope: Scope,
    units: Sequence[str],
    month: date,
    is_demonstration: bool,
    progress: Callable[[int, int, str], None],
) -> dict[str, bytes]:
    """Unit → its workbook. All units are asked about at once: asking costs more than answering."""
    own, values = month_scope(scope, month)
    ids = units_of_ledger(warehouse, own.ledger_id, own.as_of)
    title = ledger_title(warehouse, own.ledger_id) or ""
    version, made_at = warehouse.data_version, now()
    editions = ask(warehouse, "editions", own).set_index("edition_id").edition_number
    asked = units[0] if len(units) == 1 else None
    rows = ask(warehouse, "unit_month", own, unit=asked, **values)
    made = {}
    for unit in units:
        tasks = rows[rows.unit == unit]
        edition_id = None if tasks.empty else tasks.edition_id.iloc[0]
        stamp = Stamp(
            own.ledger_id, edition_id, ids[unit], values["month_start"], version, is_demonstration
        )
        source = "" if edition_id is None else f"台账版次：第 {editions[edition_id]} 版　"
        # Forms list everything, whatever is filtered on screen.
        source += f"筛选：无　数据版本：{version}　制表时间：{made_at:%Y-%m-%d %H:%M}"
        made[unit] = _form(unit, title, own.as_of, tasks, stamp, source)
        progress(len(made), len(units), unit)
    return made


def _form(
    unit: str, ledger: str, as_of: date, rows: pd.DataFrame, stamp: Stamp, source: str
) -> bytes:
    # Half a second to import, and only somebody who hands out forms needs it.
    from openpyxl import Workbook

    book = Workbook()
    add_styles(book)
    sheet = book.active
    sheet.title = SHEET
    _write_head(sheet, unit, ledger, as_of, rows, stamp, source)
    for row, task in enumerate(each_row(rows), start=FIRST_ROW):
        cells = _cells(task)
        for column, (value, style) in enumerate(cells, start=1):
            cell = sheet.cell(row, column)
            put(cell, value)
            cell.style = style
        texts = [str(value or "") for value, _ in cells[1:]]
        sheet.row_dimensions[row] = growing_row(sheet, row, texts, [c.width for c in COLUMNS[1:]])
    last = FIRST_ROW + len(rows) - 1
    if rows.empty:
        put(sheet.cell(FIRST_ROW, 2), "本单位在本台账中没有基本任务，不需填报。")
    else:
        _restrict(sheet, last, stamp.month)
    _lay_out(sheet, max(last, FIRST_ROW))
    _write_guide(book, unit, rows, stamp)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def add_styles(book: Workbook) -> None:
    """Named styles: assigned in one step, where a font and a fill a cell cost five times as much."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

    side = Side(style="thin", color="C9CFD8")
    border = Border(left=side, right=side, top=side, bottom=side)

    def add(name: str, tint: str | None, *, bold: bool = False, locked: bool = True, **more: Any):
        style = NamedStyle(name)
        style.font = Font(name=FONT, size=more.pop("size", 10), bold=bold)
        style.alignment = Alignment(
            wrap_text=more.pop("wrapped", True),
            vertical=more.pop("vertical", "top"),
            horizontal=more.pop("horizontal", None),
        )
        if tint:
            style.fill = PatternFill("solid", fgColor=tint)
        if more.pop("lined", True):
            style.border = border
        style.number_format = more.pop("number_format", "General")
        style.protection = Protection(locked=locked)
        book.add_named_style(style)

    # Nothing is merged: a merged cell is what people's own changes break first. These run on to the
    # right over empty cells instead.
    line = {"wrapped": False, "lined": False, "vertical": "center"}
    add("表题", None, bold=True, size=14, **line)
    add("行", None, **line)
    add("分组", BAND, bold=True, **line)
    add("说明", None, lined=False, vertical="center")
    add("列名", BAND, bold=True, horizontal="center", vertical="center")
    add("不填", GREY)
    add("不填居中", GREY, horizontal="center")
    add("填", TINT, locked=False)
    add("填居中", TINT, locked=False, horizontal="center")
    add("填日期", TINT, locked=False, horizontal="center", number_format="yyyy-mm-dd")
    # Text, or a spreadsheet makes a number of 9.30 and a date of 9-4.
    add("填文本", TINT, locked=False, number_format="@")


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
    mark = heading(unit, stamp.month, is_demonstration=stamp.is_demonstration)
    due = "" if rows.empty else f"　请于 {rows.due_by.iloc[0]:%Y-%m-%d} 前（含当日）交回"
    lines = (
        mark,
        f"台账：{ledger}",
        f"填报单位：{unit}　报送月：{month_in_words(stamp.month)}"
        f"　预警灯截至：{as_of:%Y-%m-%d}{due}　{source}",
    )
    put(sheet.cell(1, 1), stamp.text())
    for row, line in enumerate(lines, start=1):
        put(sheet.cell(row, 2), line)
        sheet.cell(row, 2).style = "表题" if row == 1 else "行"
    # One label and one cell to type into for each, over columns wide enough for both.
    for label, column in zip(HEAD, (3, 5, 7), strict=True):
        put(sheet.cell(4, column), f"{label}：")
        sheet.cell(4, column).style = "行"
        sheet.cell(4, column + 1).style = "填文本"
    fields = [column.field for column in COLUMNS]
    first_filled = fields.index("state") + 1
    groups = (
        (2, first_filled - 1, "任务（不需填写）"),
        (first_filled, len(COLUMNS), "本月填报（在浅黄色格内填写）"),
    )
    for left, right, words in groups:
        put(sheet.cell(HEADER_ROW - 1, left), words)
        for column in range(left, right + 1):
            sheet.cell(HEADER_ROW - 1, column).style = "分组"
    for number, column in enumerate(COLUMNS, start=1):
        put(sheet.cell(HEADER_ROW, number), column.header)
        sheet.cell(HEADER_ROW, number).style = "列名"


def _cells(task: Any) -> list[tuple[Any, str]]:
    """Value and style of each cell of a task's row; what was reported in the month is filled in."""
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
    """Drop-down, checked figures and checked days, each with a sentence when it is not met."""
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.datetime import to_excel
    from openpyxl.worksheet.datavalidation import DataValidation

    first_day, final_day = (int(to_excel(day)) for day in (month, month_end(month)))
    states = ",".join(STATES[code] for code in CHOICES)
    rules = {
        "state": (
            {"type": "list", "formula1": f'"{states}"'},
            "请从下拉框中选择：" + states.replace(",", "、"),
        ),
        "percent": (between("decimal", 0, 100), "请填 0 到 100 之间的数，如 80。"),
        "evidence_on": (
            between("date", int(to_excel(date(2000, 1, 1))), int(to_excel(date(2099, 12, 31)))),
            "请填日期，如 2020-09-30。",
        ),
        "times": (between("whole", 0, 9999), "请填整数，即本月一共完成了几次。"),
        "effective_on": (
            between("date", first_day, final_day),
            f"请填 {month_in_words(month)}内的日期，如 {month_end(month)}。",
        ),
    }
    for number, column in enumerate(COLUMNS, start=1):
        if column.field not in rules:
            continue
        rule, message = rules[column.field]
        check = DataValidation(
            allow_blank=True, showErrorMessage=True, errorTitle=column.header, error=message, **rule
        )
        letter = get_column_letter(number)
        check.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        sheet.add_data_validation(check)


def between(kind: str, least: int, most: int) -> dict[str, str]:
    """A data validation's rule: a decimal, whole or date between two ends."""
    return {"type": kind, "operator": "between", "formula1": str(least), "formula2": str(most)}


def growing_row(
    sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float], *, least: int = 2
) -> RowDimension:
    """A row as high as its texts need, `least` lines, and that still grows with what is typed into it.

    openpyxl marks every height as the user's own, which Excel then keeps whatever is typed; without
    a height LibreOffice shows one line.
    """
    lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
    height = min(LINE_HEIGHT * max(lines, least) + 4, TALLEST)
    return _growing()(sheet, index=row, ht=height)


@cache
def _growing() -> type[RowDimension]:
    from openpyxl.worksheet.dimensions import RowDimension

    class Growing(RowDimension):
        customHeight = property(lambda _self: False)

    return Growing


def _lines(text: str, width: float) -> int:
    """How many lines a text takes; a Chinese character is some 1.9 units of column width wide."""
    sizes = (sum(1.95 if ord(c) > 0x2E7F else 1.1 for c in line) for line in text.split("\n"))
    return sum(max(1, ceil(size / (width - 0.5))) for size in sizes)


def _lay_out(sheet: Worksheet, last: int) -> None:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.hidden = column.field == "key"
    for row, height in ((1, 26), (2, 16), (3, 16), (4, 20), (HEADER_ROW - 1, 18), (HEADER_ROW, 32)):
        sheet.row_dimensions[row].height = height
    fields = [column.field for column in COLUMNS]
    sheet.freeze_panes = sheet.cell(FIRST_ROW, fields.index("task") + 2)
    # No password: it keeps from slips, not from people. Rows and columns may be made larger.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    set_up_page(sheet)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_area = f"B1:{get_column_letter(len(COLUMNS))}{last}"


def set_up_page(sheet: Worksheet) -> None:
    """A4 across, as many pages as it takes, all columns on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.35
    margins.bottom, margins.footer = 0.6, 0.3
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _write_guide(book: Workbook, unit: str, rows: pd.DataFrame, stamp: Stamp) -> None:
    """The sheet that says in plain words what to type where."""
    sheet = book.create_sheet(GUIDE)
    month = month_in_words(stamp.month)
    due = "" if rows.empty else _in_words(rows.due_by.iloc[0])
    owed = 0 if rows.empty else int((rows.must_report & ~rows.is_reported).sum())
    mark = f"【{DEMONSTRATION}】" if stamp.is_demonstration else ""
    lines = (
        ("表题", f"{mark}{unit}{month}填报说明"),
        (
            "说明",
            f"一、填什么。只在“{SHEET}”的浅黄色格内填写；灰色格是台账内容和系统判断，不需填写，也请不要改动、删列或重新排序。",
        ),
        (
            "说明",
            f"二、填哪几行。“本单位角色”一列注明【本月应报】的 {owed} 项请逐项填报；其余各行有新情况才填。整行不填，就是这一项本月没有填报。",
        ),
        (
            "说明",
            f"三、何时交回。{f'请于 {due}前（含当日）' if due else '请在规定时间内'}交回本文件（.xlsx），不需盖章，不要另存为图片或 PDF。",
        ),
        ("说明", "四、状态。从下拉框中选一个："),
        ("说明", "　　未开始：还没有动手。"),
        ("说明", "　　进行中：已经动手，还没有完成；请同时填写进度。"),
        (
            "说明",
            "　　已完成：本单位承担的部分全部完成；进度可不填，填则应为 100。完成后由台账管理处室核验销号，证据不足的会退办。",
        ),
        ("说明", "　　不适用：这项任务与本单位无关或本年度不需做；请在“本月进展”中写明理由。"),
        (
            "说明",
            "五、进度。填 0 到 100 之间的数，如 80，就是完成了百分之八十。写成 80%、八成、0.8 也认得；写“差不多”“大部分”认不得，会请你重填。",
        ),
        (
            "说明",
            "六、本月进展、存在问题、下一步。写清做了什么、做成了什么；只写本月的新情况，不必重抄上月。没有问题的，“存在问题”留空。",
        ),
        (
            "说明",
            "七、佐证材料。写材料的名称、文号、网页链接和材料自身的日期，没有的留空；材料本身不必随表附上。同一项有几份材料的，在同一格里一份一行（Alt+回车换行），文号、链接、日期按同样的顺序各写一行。",
        ),
        (
            "说明",
            "八、频次。台账要求“每季度至少 1 次”之类的任务，请填本月一共完成了几次和每次的日期，如“9.4、9.11”；只写一个日期，就是都在那一天完成。期限一列注明【本月到期】的窗口月底就要满足。灰色的频次格不需填写。",
        ),
        (
            "说明",
            f"九、情况属实之日。所填情况是哪一天的情况，应在 {month}之内；不填按月末（月未过完的按制表时的截至日期）计。",
        ),
        (
            "说明",
            "十、已经报过的。本月已在系统中报过的，表里已经填好，有变化再改；改回“未完成”或把进度改小的，收表时会请台账管理处室再次确认。",
        ),
    )
    for row, (style, line) in enumerate(lines, start=1):
        put(sheet.cell(row, 1), line)
        sheet.cell(row, 1).style = style
        sheet.row_dimensions[row] = growing_row(sheet, row, [line], [110], least=1)
    sheet.column_dimensions["A"].width = 110
    sheet.protection.sheet = True
    set_up_page(sheet)


def _in_words(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def put(cell: Cell, value: Any) -> None:
    """A text stays a text: Excel would run a task that begins with = as a formula."""
    if is_missing(value) or value == "":
        return
    if isinstance(value, str):
        text = _ESCAPE.sub("_x005F_", _NOT_ALLOWED.sub("", value))[:LONGEST]
        cell.value = text
        cell.data_type = "s"
    elif isinstance(value, pd.Timestamp):
        cell.value = value.to_pydatetime()
    else:
        cell.value = value
