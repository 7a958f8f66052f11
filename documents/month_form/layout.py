"""The report form (填报表): its columns, its words, and the stamp by which a returned one is known.

Owns what writing and reading a form must agree on. Knows neither workbook nor database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from documents.workbook import stamp
from documents.workbook.column import Column
from documents.workbook.styles import marked
from metrics import Scope
from metrics.periods import month_end
from words import PERIODS, ROLES, STATES, is_missing, lamp
from words import percent as percent_in_words

SHEET, OTHERS, TIMES, GUIDE = "填报表", "其他任务", "频次登记", "填报说明"
"""What is due in the month; what is finished or not yet begun; how often recurring duties were done."""
CHOICES = ("not_started", "in_progress", "done", "not_applicable")
"""The states a unit may report."""
HEAD = ("填报人", "联系电话", "填报日期")
"""What is asked above the table: who fills it in, and when."""
SHORT_PERIODS = ("day", "week", "fortnight")


COLUMNS = (
    Column("key", "行标识", 3),
    Column("number", "序号", 5, spellings=("编号", "任务序号")),
    Column("level1", "一级指标", 15),
    Column("task", "目标任务", 34, spellings=("任务", "任务内容", "工作任务", "重点任务")),
    Column("role", "本单位角色", 12.5, spellings=("角色",)),
    Column("deadline", "完成时限及频次要求", 12, spellings=("完成时限", "期限", "频次要求")),
    Column("lamp", "当前预警灯及理由", 13, spellings=("预警灯",)),
    Column("last", "上月情况", 14, spellings=("上月填报", "上月填报（状态、进度、进展）")),
    Column("state", "状态", 8, True, ("完成状态", "任务状态", "填报状态", "本月状态")),
    Column("percent", "进度%", 6, True, ("进度", "完成进度", "进度（%）", "百分比", "完成率")),
    Column(
        "narrative",
        "本月进展",
        18,
        True,
        ("进展", "进展情况", "本月进展情况", "工作进展", "完成情况", "本月工作进展"),
    ),
    Column(
        "problem",
        "存在问题和下一步",
        14,
        True,
        ("存在问题", "问题", "存在的问题", "困难和问题", "存在困难"),
    ),
    Column("next_step", "下一步", 14, True, ("下一步措施", "下一步打算", "下一步工作", "下步工作")),
    Column("title", "佐证", 11, True, ("佐证材料名称", "佐证材料", "材料名称", "证明材料")),
    Column("document_number", "文号", 10, True, ("佐证文号", "发文字号", "文件号")),
    Column("link", "链接", 10, True, ("佐证链接", "网址", "材料链接")),
    Column("evidence_on", "佐证日期", 10.5, True, ("材料日期", "印发日期")),
    Column("times", "频次完成次数", 6.5, True, ("完成次数", "本月完成次数", "次数")),
    Column("occurred_on", "频次完成日期", 9, True, ("完成日期", "开展日期")),
    Column("effective_on", "情况属实之日", 10.5, True, ("属实日期", "情况属实日期", "截至日期")),
)
SHOWN = (
    *("number", "task", "deadline", "last", "state", "percent", "narrative", "problem", "title"),
)
"""The columns that are seen and printed: nine, so that type of 9 points fits across A4. The others are
hidden and are read when somebody fills them in."""
FILLED = tuple(column.field for column in COLUMNS if column.is_filled)
REPORTED = ("state", "percent", "narrative", "problem", "next_step")
EVIDENCE = ("title", "document_number", "link", "evidence_on")
DONE = ("times", "occurred_on")


@dataclass(frozen=True)
class Stamp(stamp.Stamp):
    """Which unit and month a form was made for, and from which data."""

    FORMAT = "信用交通省填报表"

    ledger_id: UUID
    edition_id: UUID | None
    unit_id: UUID
    month: date
    """The first day of the report month."""
    data_version: int
    is_demonstration: bool


def month_in_words(month: date) -> str:
    """2020年9月, as written on forms."""
    return f"{month.year}年{month.month}月"


def month_scope(scope: Scope, month: date) -> tuple[Scope, dict[str, date]]:
    """The scope a month's forms are made and judged in, and the values of `unit_month` for it.

    A form lists everything, whatever is filtered on screen. It is judged on the last day of the month,
    or on the scope's `as_of` where that lies in the month.
    """
    first = month.replace(day=1)
    day = max(min(scope.as_of, month_end(month)), first)
    eve = date.fromordinal(first.toordinal() - 1)
    unfiltered = Scope(scope.ledger_id, day, as_issued=scope.as_issued)
    return unfiltered, {"month_start": first, "eve": eve}


def heading(unit: str, month: date, *, is_demonstration: bool) -> str:
    """What stands above a form."""
    return marked(f"{unit}{month_in_words(month)}进展填报表", is_demonstration=is_demonstration)


def role_in_words(row: Any) -> str:
    """负责, through which collective, and whether a report is due; `row` is one of `unit_month`."""
    lines = [ROLES[row.role]]
    if not is_missing(row.collective):
        lines.append(f"（{row.collective}成员）")
    if row.is_reported:
        lines.append("本月已报")
    elif row.must_report:
        lines.append("【本月应报】")
    else:
        lines.append("已完成" if row.unit_is_done else "可不报")
    return "\n".join(lines)


def times_in_words(times: Mapping[date, int]) -> str:
    """9月2、9日各1次；9月16日2次: the days of a month on which a duty was done equally often."""
    by_number: dict[tuple[int, int], list[str]] = {}
    for day, number in sorted(times.items()):
        by_number.setdefault((day.month, number), []).append(str(day.day))
    return "；".join(
        f"{month}月{'、'.join(days)}日{'各' if len(days) > 1 else ''}{number}次"
        for (month, number), days in by_number.items()
    )


def last_report_in_words(row: Any) -> str:
    """What the unit reported last before the month, and whether that was returned."""
    if is_missing(row.last_state):
        return "此前没有填报"
    state = STATES[row.last_state]
    if not is_missing(row.last_percent) and row.last_state == "in_progress":
        state += f" {percent_in_words(row.last_percent)}"
    lines = [f"{row.last_effective_on:%Y-%m-%d} {state}", row.last_narrative]
    if row.is_returned:
        lines.insert(1, f"已退办：{row.return_reason or '未写理由'}")
    return "\n".join(filter(None, lines))


def deadline_in_words(row: Any, *, counted: bool = False) -> str:
    """The deadline as issued, where it was moved to, and how often the duty is due; `counted` with how
    often it was done in the month, which the sheet of recurring duties has room for."""
    lines = [row.deadline_text]
    if not is_missing(row.effective_due_on) and row.effective_due_on != row.due_on:
        lines.append(f"已延至 {row.effective_due_on:%Y-%m-%d}")
    if not is_missing(row.windows):
        periods = "、".join(PERIODS[period] for period in row.periods)
        said = row.windows if counted else f"{periods}，见“{TIMES}”"
        lines.append(("【本月到期】" if row.window_due else "") + said)
    return "\n".join(filter(None, lines))


def lamp_in_words(row: Any) -> str:
    """▲ 红灯, and why."""
    return f"{lamp(row.lamp)}\n{row.reason}"
