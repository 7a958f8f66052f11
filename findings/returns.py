"""Answers about report months → who reported, who did not, and the letter that urges a unit.

Takes the rows of the questions it names and invents nothing. A month whose return day has not come
(未到报送截止日) is judged by nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from metrics.periods import ReportMonth, return_day
from warehouse.entries.office import OfficeDetails
from words import DEADLINE_KINDS, day_in_sentence, each_row, is_missing

NOBODY = OfficeDetails()


def unit_month(unit: str, month: str, rows: pd.DataFrame) -> str:
    """The headline of 进展填报, from `unit_month` rows of one unit."""
    due = rows[rows.must_report]
    if due.empty:
        return f"{month}，{unit}没有必须填报的任务。"
    reported = int(due.is_reported.sum())
    said = f"{month}，{unit}应报 {len(due)} 项，已报 {reported} 项"
    if reported < len(due):
        said += f"，还有 {len(due) - reported} 项未报"
    windows = int(rows.window_due.sum())
    return said + (f"；{windows} 项按频次要求本月应做，做了请登记次数。" if windows else "。")


def is_due(rows: pd.DataFrame, known_on: date) -> bool:
    """Whether the return day of a month has passed, from `month_returns` rows; before it nobody is
    late, and no unit is counted or named."""
    return len(rows) > 0 and known_on > rows.due_by.iloc[0].date()


def month_returns(
    rows: pd.DataFrame, month: ReportMonth, *, filtered: bool, has_progress: bool
) -> str:
    """The headline of 谁没报, from `month_returns`."""
    named = f"{month.start.month} 月"
    if rows.empty and filtered:
        return f"所选范围内没有 {named}应报送的任务，请放宽筛选条件。"
    if rows.empty:
        return f"{named}没有应报送的任务：适用的任务都在月初之前完成了。"
    said = f"{named}应报 {len(rows)} 个单位"
    if not has_progress:
        return f"{said}；这份台账还没有任何进展填报，因此不判断谁没报。"
    if not is_due(rows, month.known_on):
        due_by = day_in_sentence(rows.due_by.iloc[0])
        return f"{named}未到报送截止日（{due_by}），不判断谁没报。"
    counts = rows.state.value_counts()
    late, partly, missing = (counts.get(state, 0) for state in ("late", "partly", "missing"))
    short = partly + missing
    said += f"，已报 {len(rows) - short} 个" if short else "，都已报全"
    said += f"（其中迟报 {late} 个）" if late else ""
    said += f"，部分报送 {partly} 个，未报 {missing} 个" if short else ""
    return said + "。"


def returns_by_class(rows: pd.DataFrame) -> str:
    """In which class most units have not reported everything, from `month_returns`."""
    short = rows[rows.state.isin(["missing", "partly"])]
    if short.empty:
        return f"{len(rows)} 个单位都已报全"
    most = short["class"].value_counts()
    if len(most) == 1:
        return f"没有报全的 {len(short)} 个单位都是{most.index[0]}"
    return f"{most.index[0]}没有报全的最多（{most.iloc[0]} 个单位）"


def month_lock(locks: pd.DataFrame, month: date) -> str:
    """Whether a month is closed, by whom, and what was entered since, from `month_locks`."""
    if locks.empty:
        return f"{month.month} 月没有锁定。"
    newest = locks.iloc[0]
    what = "已锁定" if newest.outcome == "closed" else "已解锁"
    said = f"{month.month} 月{what}：{newest.recorded_by}，{newest.recorded_at:%Y-%m-%d %H:%M}"
    said += f"，理由：{newest.reason}" if newest.reason else ""
    entered = int(locks.entered_after.sum())
    return f"{said}。" + (f"锁定后补记 {entered} 条。" if entered else "")


def entered_after(locks: pd.DataFrame, month: date) -> str:
    """What whoever enters something about a closed month has to know; "" while it is open."""
    if locks.empty or locks.outcome.iloc[0] != "closed":
        return ""
    newest = locks.iloc[0]
    return (
        f"{month.month} 月已由{newest.recorded_by}于 {newest.recorded_at:%Y-%m-%d %H:%M} 锁定。"
        "仍可补报和更正，此后存入的都注明“锁定后补记”。"
    )


@dataclass(frozen=True)
class Letter:
    """What one unit is urged to do about a report month, paragraph by paragraph."""

    title: str
    unit: str
    opening: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    """Heading → tasks; each task stands in one list only."""
    closing: str
    signature: tuple[str, ...] = ("〔印发单位〕", "〔　　年　月　日〕")
    brief: str = ""
    """The same in two sentences, for a chat group."""

    @property
    def text(self) -> str:
        """The letter as plain text, ready to paste."""
        parts = [self.title, "", f"{self.unit}：", self.opening]
        for heading, tasks in self.lists:
            parts += ["", heading]
            parts += [f"{number}.{task}" for number, task in enumerate(tasks, start=1)]
        return "\n".join([*parts, "", self.closing, "", *self.signature])


def to_be_urged(rows: pd.DataFrame, *, is_due: bool = True) -> pd.DataFrame:
    """The `month_returns` rows of units to be urged: with something not reported in time, overdue or
    about to fall due; before the return day of the month (not `is_due`), only those with the latter."""
    weighty = (rows.overdue_tasks > 0) | (rows.due_soon_tasks > 0)
    return rows[weighty | (rows.state != "on_time")] if is_due else rows[weighty]


def urging(
    returned: Any,
    tasks: pd.DataFrame,
    month: ReportMonth,
    ledger: str,
    soon: int,
    office: OfficeDetails = NOBODY,
    contact: str = "",
) -> Letter:
    """The letter to one unit: a row of `month_returns` and all rows of `unreported_tasks`. `soon` is
    within how many days a task counts as falling due, `contact` whom to ask in the unit: the short text
    speaks to them. What is not known of the office is left to be filled in."""
    own = tasks[tasks.unit_id == returned.unit_id]
    told, due_by = own.is_reported, returned.due_by.date()
    groups = {
        "未报送进展的任务": own[~told],
        "已报送、但已逾期的任务": own[told & own.is_overdue],
        f"已报送、{soon}天内到期的任务": own[told & own.is_due_soon],
    }
    lists = [(heading, rows) for heading, rows in groups.items() if len(rows)]
    in_time = month.known_on <= due_by
    of_month = f"{month.start.year}年{month.start.month}月"
    opening = f"根据《{ledger}》，你单位{of_month}应报送{returned.tasks_due}项任务的进展，"
    opening += f"报送截止日为{_issued(due_by)}{'（尚未到截止日）' if in_time else ''}。"
    opening += f"现已报{returned.reported}项"
    opening += f"（其中{returned.late}项在截止日之后报送）" if returned.late else ""
    opening += f"，未报{returned.missing}项。" if returned.missing else "，全部报齐。"
    weighty = []
    if returned.overdue_tasks:
        weighty.append(f"逾期{returned.overdue_tasks}项")
    if returned.due_soon_tasks:
        weighty.append(f"{soon}天内到期{returned.due_soon_tasks}项")
    opening += f"截至{_issued(month.day)}，应报任务中{'、'.join(weighty)}。" if weighty else ""
    by = _issued(due_by if in_time else _next_return_day(month, due_by.day))
    asked = []
    purpose = "抓紧办理台账任务"
    if returned.missing:
        purpose = f"报送{of_month}工作进展"
        asked.append(f"请于{by}前报送未报任务的进展（填报表附后）")
    elif returned.late:
        purpose = "按时报送工作进展"
        asked.append("请今后在截止日之前报送")
    if returned.overdue_tasks:
        asked.append(f"逾期任务请于{by}前说明原因和预计完成时间")
    if returned.due_soon_tasks:
        asked.append("即将到期的任务请按期完成，确需延期的请在期限之前提出申请")
    if not (returned.missing or returned.overdue_tasks):
        asked.append(f"有关情况请于{by}前反馈")
    return Letter(
        title=f"关于{purpose}的催办函",
        unit=returned.unit,
        opening=opening,
        lists=tuple(
            (
                # What stands alone is not numbered.
                f"{f'{numeral}、' if len(lists) > 1 else ''}{heading}（{len(rows)}项）",
                tuple(_owed(row) for row in each_row(rows)),
            )
            for numeral, (heading, rows) in zip("一二三", lists, strict=False)
        ),
        closing=f"{'；'.join(asked)}。报送至：{office.receives or '〔接收单位和方式〕'}；"
        f"联系人：{office.contact or '〔姓名〕'}，电话：{office.phone or '〔号码〕'}。",
        signature=(office.name or "〔印发单位〕", "〔　　年　月　日〕"),
        brief=_brief(returned, own, asked, office, contact),
    )


def _next_return_day(month: ReportMonth, day: int) -> date:
    """The first return day after the letter is made; of a month long past, the first one after it."""
    is_recent = month.known_on - month.day <= timedelta(days=92)
    return return_day(month.known_on if is_recent else month.day, day)


def joined(letters: Sequence[Letter]) -> list[Letter]:
    """The letters, those that say the same to several units as one that names them all."""
    units: dict[Letter, list[str]] = {}
    for letter in letters:
        units.setdefault(replace(letter, unit="", brief=""), []).append(letter.unit)
    return [replace(letter, unit="、".join(names)) for letter, names in units.items()]


def _brief(
    returned: Any, own: pd.DataFrame, asked: Sequence[str], office: OfficeDetails, contact: str
) -> str:
    """What is owed, by number, what is asked, and whom to ask."""
    parts = [
        f"{what} {len(rows)} 项（第 {'、'.join(str(number) for number in sorted(rows.number))} 项）"
        for what, rows in (
            ("未报", own[~own.is_reported]),
            ("逾期", own[own.is_overdue]),
            ("即将到期", own[own.is_due_soon]),
        )
        if len(rows)
    ]
    late = f"迟报 {returned.late} 项" if returned.late and not returned.missing else ""
    owed = "，".join([*parts, late] if late else parts)
    whom = "，".join(text for text in (office.contact, office.phone) if text)
    to = f"{returned.unit}（{contact}）" if contact else returned.unit
    return f"【催办】{to}：{owed}。{'；'.join(asked)}。" + (f"联系人：{whom}。" if whom else "")


def urged_for(row: Any) -> str:
    """Why a unit is urged about a task, from a row of `unreported_tasks`."""
    reasons = (
        ("未报送", not row.is_reported),
        ("逾期", row.is_overdue),
        ("即将到期", row.is_due_soon),
    )
    return "、".join(word for word, holds in reasons if holds)


def _owed(row: Any) -> str:
    """A task in a letter: its wording, number, due day, and how it stands."""
    due = row.deadline_text or DEADLINE_KINDS["unspecified"]
    if not is_missing(row.effective_due_on):
        due = _issued(row.effective_due_on)
    if not is_missing(row.extended_to) and row.effective_due_on == row.extended_to:
        what = "补批延期" if row.extended_late else "已延期"
        due += f"（{what}，原定{_issued(row.due_on)}）"
    said = [f"台账第{row.number}项", f"期限{due}"]
    if row.is_overdue:
        said.append(f"已逾期{row.overdue_days}天")
    if row.is_due_soon:
        said.append(f"还有{row.days_left}天到期" if row.days_left else "当日到期")
    if not is_missing(row.missed_in_words):
        said.append(row.missed_in_words)
    wording = "".join(line.strip() for line in row.task.splitlines())
    return f"{wording.rstrip('。；;')}（{'，'.join(said)}）。"


def _issued(value: date) -> str:
    """A day in an official letter, which sets no spaces."""
    return f"{value.year}年{value.month}月{value.day}日"


def unit_windows(unit: str, rows: pd.DataFrame) -> str:
    """The title over a unit's calendar, from `unit_windows` rows: what is missing, and where."""
    demands = rows.groupby(["number", "period"]).ngroups
    missed = rows[rows.state == "missed"]
    if missed.empty:
        return f"{unit}的 {demands} 项频次要求，到期的各期都没有缺"
    numbers = "、".join(str(number) for number in missed.number.unique()[:6])
    more = " 等" if missed.number.nunique() > 6 else ""
    return f"{unit}的 {demands} 项频次要求缺 {len(missed)} 期：第 {numbers}{more} 项"
