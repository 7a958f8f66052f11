"""Rows of an answer → the one Chinese sentence that says what they show.

Owns the wording of headlines and chart titles. Each function takes the answer of the question it
names and invents nothing: what the rows do not say, the sentence does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import pandas as pd

from words import (
    DEADLINE_KINDS,
    day,
    day_in_sentence,
    each_row,
    is_missing,
    number,
    percent,
    points,
)


class ReportMonth(Protocol):
    """A report month a page is about (`ui.ReportMonth`)."""

    start: date
    day: date
    known_on: date


NO_PROGRESS = "这份台账还没有任何进展填报，因此不判断完成、滞后和逾期；下面只列任务、分工和期限。"


def overview(total: pd.Series | None, by_level1: pd.DataFrame, as_of: date) -> str:
    """The headline of 总览, from `completion` in total and by 一级指标."""
    if total is None or not total.tasks:
        return "所选范围内没有基本任务，请放宽筛选条件。"
    if not total.has_progress:
        return f"共 {total.tasks} 项基本任务。{NO_PROGRESS}"
    said = f"截至 {day_in_sentence(as_of)}，{total.applicable} 项任务完成 {total.done} 项"
    said += f"，完成率 {percent(total.done_rate)}"
    if total.overdue:
        said += f"；逾期 {total.overdue} 项"
    slowest = _slowest(by_level1)
    if slowest is not None and len(by_level1) > 1:
        said += (
            f"；“{slowest.short_name}”落后序时 {points(-slowest.ahead_points, 0)} 个百分点，最慢"
        )
    elif slowest is not None:
        said += f"；落后序时 {points(-slowest.ahead_points, 0)} 个百分点"
    return said + "。"


def completion(rows: pd.DataFrame, threshold: float = 10) -> str:
    """What completion by indicator shows, from `completion`; `threshold` is how many points behind
    are too many."""
    if rows.empty:
        return "没有可比较的指标"
    if not rows.has_progress.any():
        return "各一级指标的任务数（尚无进展填报）"
    behind = rows[rows.ahead_points <= -threshold]
    if len(rows) == 1:
        only = rows.iloc[0]
        return f"“{only.short_name}”完成 {percent(only.done_rate)}"
    if behind.empty:
        best = rows.sort_values("done_rate", ascending=False).iloc[0]
        return f"各指标进度均不明显落后，“{best.short_name}”完成率最高（{percent(best.done_rate)}）"
    slowest = _slowest(rows)
    return f"{len(behind)} 个指标落后序时 {threshold:g} 个百分点以上，“{slowest.short_name}”最慢"


def lamps(rows: pd.DataFrame) -> str:
    """Where the red lamps are, from `completion`."""
    red, yellow = int(rows.red.sum()), int(rows.yellow.sum())
    if not rows.has_progress.any():
        return "尚无进展填报，不亮灯"
    if not red:
        return f"没有红灯，黄灯 {yellow} 项" if yellow else "没有红灯和黄灯"
    worst = rows.sort_values("red", ascending=False).iloc[0]
    if worst.red == red:
        return f"红灯 {red} 项，都在“{worst.short_name}”"
    return f"红灯 {red} 项，{_most(rows, 'red', 'short_name')}"


def trend(rows: pd.DataFrame) -> str:
    """How the last month went, from `trend`."""
    if rows.empty or not rows.applicable.iloc[-1]:
        return "没有可比较的月份"
    last = rows.iloc[-1]
    if len(rows) < 2:
        return f"{last.as_of.month} 月末完成率 {percent(last.done_rate)}"
    gained = last.done_rate - rows.done_rate.iloc[-2]
    if is_missing(gained):
        return f"完成率 {percent(last.done_rate)}，上月末没有适用的任务"
    moved = "与上月末持平"
    if round(gained) > 0:
        moved = f"比上月末上升 {points(gained, 0)} 个百分点"
    elif round(gained) < 0:
        moved = f"比上月末下降 {points(-gained, 0)} 个百分点"
    return f"完成率 {percent(last.done_rate)}，{moved}"


def comparison(rows: pd.DataFrame, earlier: date) -> str:
    """What changed since another day, from `compare_dates`."""
    if rows.empty:
        return "没有可比较的指标"
    done, overdue = int(rows.newly_done.sum()), int(rows.newly_overdue.sum())
    said = f"与 {day_in_sentence(earlier)}相比，新完成 {done} 项，新逾期 {overdue} 项"
    moved = rows.dropna(subset="change_points")
    if len(moved) > 1 and moved.change_points.max() > 0:
        best = moved.sort_values("change_points", ascending=False).iloc[0]
        said += f"；“{best.short_name}”上升最多（{points(best.change_points, 0)} 个百分点）"
    return said


def workload(rows: pd.DataFrame, *, judged: bool) -> str:
    """Who carries most, and, where there is progress to judge by, who is late, from `unit_workload`."""
    if rows.empty:
        return "所选范围内没有责任单位"
    said = f"{len(rows)} 个单位承担任务"
    if len(rows) > 1:
        said += f"，{_most(rows, 'tasks', 'unit')}"
    else:
        only = rows.iloc[0]
        said = f"{only.unit}承担 {only.tasks} 项任务，折算 {number(only.shared_load, 1)} 项"
    late = rows[rows.overdue > 0]
    if judged and not late.empty:
        said += f"；{len(late)} 个单位有逾期"
        said += (
            f"，{_most(late, 'overdue', 'unit')}" if len(late) > 1 else f"（{late.unit.iloc[0]}）"
        )
    return said + "。"


def overdue(ages: pd.DataFrame, total: pd.Series | None, as_of: date) -> str:
    """The headline of 逾期预警, from `overdue_ages` and `completion` in total."""
    if total is None or not total.tasks:
        return "所选范围内没有基本任务，请放宽筛选条件。"
    if not total.has_progress:
        return NO_PROGRESS
    late = int(ages.tasks.sum())
    said = f"截至 {day_in_sentence(as_of)}，" + (f"逾期 {late} 项" if late else "没有逾期任务")
    over_90 = int(ages.tasks.iloc[-1])
    if over_90:
        said += f"，其中 {over_90} 项超过 90 天"
    said += f"；滞后 {total.behind} 项，{as_of.month} 月未报送 {total.not_reported} 项"
    return said + "。三种信号分别判断，同一任务可能同时有几种。"


def ages(rows: pd.DataFrame) -> str:
    """For how long most late tasks have been late, from `overdue_ages`."""
    late = int(rows.tasks.sum())
    if not late:
        return "没有逾期任务"
    longest = rows.loc[rows.tasks.idxmax()]
    if longest.tasks == late:
        return f"逾期 {late} 项，都逾期 {longest.age}"
    return f"逾期 {late} 项，逾期 {longest.age}的最多（{longest.tasks} 项）"


def rates(rows: pd.DataFrame, name: str = "short_name") -> str:
    """The highest and the lowest completion rate, from `completion` or `unit_workload`; without
    progress who has most tasks."""
    if "has_progress" in rows and not rows.has_progress.any():
        return f"任务数：{_most(rows, 'tasks', name)}"
    judged = rows[rows.done_rate.notna()]
    if judged.empty:
        return "没有适用任务"

    def at(rate: float) -> str:
        names = judged[judged.done_rate == rate][name]
        first = names.iloc[0] if name == "unit" else f"“{names.iloc[0]}”"
        return f"{first}等 {len(names)} 个" if len(names) > 1 else first

    lowest, highest = judged.done_rate.min(), judged.done_rate.max()
    if lowest == highest:
        return (
            f"{at(highest)}完成率都是 {percent(highest)}"
            if len(judged) > 1
            else (f"{at(highest)}完成 {percent(highest)}")
        )
    return f"{at(highest)}完成率最高（{percent(highest)}），{at(lowest)}最低（{percent(lowest)}）"


def busiest(rows: pd.DataFrame) -> str:
    """Which unit carries most tasks, from `unit_workload`."""
    return f"任务数：{_most(rows, 'tasks', 'unit')}"


def densest(rows: pd.DataFrame) -> str:
    """Of which indicator single units carry most tasks, from `unit_matrix`."""
    largest = rows.tasks.max()
    first = rows[rows.tasks == largest]
    name = first.short_name.mode().iloc[0]
    units = first[first.short_name == name].unit
    who = units.iloc[0] if len(units) == 1 else f"{units.iloc[0]}等 {len(units)} 个单位各"
    return f"任务最集中在“{name}”：{who} {largest} 项"


def due_dates(rows: pd.DataFrame) -> str:
    """Which day most tasks fall due on, from `due_dates`; not to be asked without rows."""
    busiest = rows.sort_values(["tasks", "effective_due_on"]).iloc[-1]
    if busiest.tasks == rows.tasks.sum():
        return f"有期限的 {busiest.tasks} 项都在 {day(busiest.effective_due_on)} 到期"
    return f"期限集中在 {day(busiest.effective_due_on)}（{busiest.tasks} 项）"


def bonus_penalty(rows: pd.DataFrame, *, filtered: bool = False, scored: bool = False) -> str:
    """The headline of 加分扣分, from `bonus_penalty`; `scored` where a 评分方案 gives the marks."""
    bonus, penalty = rows[rows.kind == "bonus"], rows[rows.kind == "penalty"]
    if rows.empty and filtered:
        return "所选范围内没有加分项和扣分项，请放宽筛选条件。"
    if rows.empty:
        return "这份台账没有加分项和扣分项。"
    said = []
    if len(bonus):
        recognised, claimed = (bonus.state == "已认定").sum(), (bonus.state == "已申报").sum()
        said.append(f"加分项 {len(bonus)} 项：已认定 {recognised} 项，已申报待认定 {claimed} 项")
    if len(penalty):
        said.append(f"扣分项 {len(penalty)} 项：已触发 {(penalty.state == '已触发').sum()} 项")
    if not scored and rows.points.isna().all() and rows.full_points.isna().all():
        said.append("台账未设分值，不计算得分")
    return "；".join(said) + "。"


def _most(rows: pd.DataFrame, count: str, name: str) -> str:
    """Whose count is the largest; shared first places are said to be shared."""
    largest = rows[count].max()
    first = rows[rows[count] == largest]
    quoted = f"“{first[name].iloc[0]}”" if name == "short_name" else first[name].iloc[0]
    if len(first) > 1:
        return f"{quoted}等 {len(first)} 个并列最多（各 {largest} 项）"
    return f"{quoted}最多（{largest} 项）"


def _slowest(rows: pd.DataFrame) -> pd.Series | None:
    behind = rows[rows.ahead_points <= -0.5]
    if behind.empty:
        return None
    return behind.loc[behind.ahead_points.idxmin()]


def verification(
    claims: pd.DataFrame,
    requests: pd.DataFrame,
    as_of: date,
    *,
    has_tasks: bool,
    has_progress: bool,
) -> str:
    """The headline of 核验与延期, from `completion_claims` and `extension_requests`."""
    if not has_tasks:
        return "所选范围内没有基本任务，请放宽筛选条件。"
    # However many are listed, the first has waited longest.
    waiting, pending = claims[claims.state == "waiting"], (requests.state == "pending").sum()
    said = []
    if len(waiting):
        days = int(waiting.waiting_days.max())
        oldest = f"，最早的已等 {days} 天" if days else ""
        said.append(f"{waiting.all_waiting.iloc[0]} 项完成待核验{oldest}")
    if pending:
        said.append(f"{pending} 件延期待审批")
    if said:
        return f"截至 {day_in_sentence(as_of)}，{'；'.join(said)}。"
    if not has_progress:
        return "没有待核验的完成，也没有待审批的延期：这份台账还没有任何进展填报。"
    return f"截至 {day_in_sentence(as_of)}，没有待核验的完成，也没有待审批的延期。"


def changes(rows: pd.DataFrame, *, filtered: bool) -> str:
    """The headline of 变更记录, from `changes`, newest first."""
    if rows.empty:
        return "没有符合条件的变更，请放宽筛选条件。" if filtered else "还没有任何变更。"
    newest = rows.iloc[0]
    return (
        f"{'符合条件的' if filtered else '共有'} {newest.matching:,} 条变更，"
        f"最近一条由{newest.recorded_by}于 {newest.recorded_at:%Y-%m-%d %H:%M} 录入（{newest.action}）。"
    )


def no_longer_as_shown(names: Sequence[str]) -> str:
    """Why nothing was stored: what was ticked is not as it stood on the screen."""
    return f"{_and_others(names)}在页面打开之后有了变化，没有存入，请核对后重新勾选。"


def unticked(names: Sequence[str]) -> str:
    """Which ticks fell away because what they stood at changed."""
    return f"{_and_others(names)}刚刚有了变化，已取消勾选，请核对后重新勾选。"


def dated_too_early(names: Sequence[str], chosen: date, earliest: date, what: str) -> str:
    """Why nothing was stored: a decision dated before what it decides on; `what` names that day."""
    newest = "最晚是" if len(names) > 1 else "是"
    return (
        f"{_and_others(names)}的{what}{newest} {day(earliest)}，"
        f"所填日期 {day(chosen)} 不能更早，请改正。"
    )


def _and_others(names: Sequence[str]) -> str:
    said = "、".join(names[:3])
    return f"{said}等 {len(names)} 项" if len(names) > 3 else said


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
    return said + (f"；{windows} 项的频次窗口本月到期，做了请登记次数。" if windows else "。")


# 谁没报与催办


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
    counts = rows.state.value_counts()
    late, partly, missing = (counts.get(state, 0) for state in ("late", "partly", "missing"))
    short = partly + missing
    said += f"，已报 {len(rows) - short} 个" if short else "，都已报全"
    said += f"（其中迟报 {late} 个）" if late else ""
    said += f"，部分报送 {partly} 个，未报 {missing} 个" if short else ""
    due_by = rows.due_by.iloc[0]
    if month.known_on <= due_by.date():
        said += f"；报送截止 {day_in_sentence(due_by)}，尚未到截止日"
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

    @property
    def text(self) -> str:
        """The letter as plain text, ready to paste."""
        parts = [self.title, "", f"{self.unit}：", self.opening]
        for heading, tasks in self.lists:
            parts += ["", heading]
            parts += [f"{number}.{task}" for number, task in enumerate(tasks, start=1)]
        return "\n".join([*parts, "", self.closing, "", *self.signature])


def urging(
    returned: Any, tasks: pd.DataFrame, month: ReportMonth, ledger: str, soon: int
) -> Letter:
    """The letter to one unit: a row of `month_returns` and all rows of `unreported_tasks`. `soon` is
    within how many days a task counts as falling due."""
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
    asked = []
    purpose = "抓紧办理台账任务"
    if returned.missing:
        purpose = f"报送{of_month}工作进展"
        asked.append(f"请{'按时' if in_time else '尽快'}报送未报任务的进展")
    elif returned.late:
        purpose = "按时报送工作进展"
        asked.append("请今后在截止日之前报送")
    if returned.overdue_tasks:
        asked.append("逾期任务请说明原因和预计完成时间")
    if returned.due_soon_tasks:
        asked.append("即将到期的任务请按期完成，确需延期的请在期限之前提出申请")
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
        closing=f"{'；'.join(asked)}。报送至：〔接收单位和方式〕；联系人：〔姓名〕，电话：〔号码〕。",
    )


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
    said = [f"台账第{row.number}项", f"期限{due}"]
    if row.is_overdue:
        said.append(f"已逾期{row.overdue_days}天")
    if row.is_due_soon:
        said.append(f"还有{row.days_left}天到期" if row.days_left else "当日到期")
    if row.windows_missed:
        said.append(f"频次缺{row.windows_missed}个窗口")
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
        return f"{unit}的 {demands} 项频次要求，已结束的窗口都没有缺"
    numbers = "、".join(str(number) for number in missed.number.unique()[:6])
    more = " 等" if missed.number.nunique() > 6 else ""
    return f"{unit}的 {demands} 项频次要求缺 {len(missed)} 个窗口：第 {numbers}{more} 项"
