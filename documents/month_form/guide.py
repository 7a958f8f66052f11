"""The sheet 填报说明 of a report form: how it is filled in.

Owns the wording.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from documents.month_form.layout import GUIDE, OTHERS, SHEET, TIMES, Stamp, month_in_words
from documents.workbook.print_page import set_up_page
from documents.workbook.styles import marked, put_guide

if TYPE_CHECKING:
    from openpyxl import Workbook


def write_guide(book: Workbook, unit: str, rows: pd.DataFrame, stamp: Stamp) -> None:
    """The sheet that explains what to type where; `rows` are the unit's of `unit_month`."""
    sheet = book.create_sheet(GUIDE)
    month = month_in_words(stamp.month)
    due = "" if rows.empty else _in_words(rows.due_by.iloc[0])
    owed = 0 if rows.empty else int((rows.must_report & ~rows.is_reported).sum())
    lines = (
        ("表题", marked(f"{unit}{month}{GUIDE}", is_demonstration=stamp.is_demonstration)),
        (
            "说明",
            f"一、填什么。只在“{SHEET}”的浅黄色格内填写；灰色格是台账内容和系统判断，不需填写，也请不要改动、删列或重新排序。",
        ),
        (
            "说明",
            f"二、填哪几行。“{SHEET}”表是本月应报的任务，其中还没有报的 {owed} 项请逐项填报；“{OTHERS}”表是已经完成和还没有要求填报的任务，有新情况才填。整行不填，就是这一项本月没有填报。",
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
            "六、本月进展、存在问题和下一步。写清做了什么、做成了什么；只写本月的新情况，不必重抄上月。下一步另起一行，以“下一步：”开头；没有问题的不写。",
        ),
        (
            "说明",
            "七、佐证。一份材料一行（Alt+回车换行）：写名称，有文号、网页链接的写在同一行，如“关于印发要点的通知 宁交办发〔2020〕5号”；材料本身不必随表附上。",
        ),
        (
            "说明",
            f"八、频次。台账要求“每季度至少 1 次”之类的任务，请在“{TIMES}”表填本月一共完成了几次和每次的日期，如“9.4、9.11”；只写一个日期，就是都在那一天完成。注明【本月到期】的月底就要满足。",
        ),
        (
            "说明",
            "九、已经报过的。本月已在系统中报过的，表里已经填好，有变化再改；改回“未完成”或把进度改小的，收表时会请台账管理处室再次确认。",
        ),
    )
    put_guide(sheet, lines)
    set_up_page(sheet)


def _in_words(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
