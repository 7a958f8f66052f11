"""Rows of an answer → the one Chinese sentence that says what they show.

Owns the wording of headlines and chart titles. Each function takes the answer of the question it
names and invents nothing: what the rows do not say, the sentence does not say.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from words import (
    UNIT_CLASSES,
    day,
    day_in_sentence,
    is_missing,
    number,
    percent,
    points,
    rate,
    rounded,
)

NO_PROGRESS = "这份台账还没有任何进展填报，因此不判断完成、滞后和逾期；下面只列任务、分工和期限。"


def overview(total: pd.Series | None, by_level1: pd.DataFrame, as_of: date) -> str:
    """The headline of 总览, from `completion` in total and by 一级指标."""
    if total is None or not total.tasks:
        return "所选范围内没有基本任务，请放宽筛选条件。"
    if not total.has_progress:
        return f"共 {total.tasks} 项基本任务。{NO_PROGRESS}"
    said = f"截至 {day_in_sentence(as_of)}，{total.applicable} 项任务完成 {total.done} 项"
    said += f"，完成率 {rate(total)}"
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
        return f"“{only.short_name}”完成 {rate(only)}"
    if behind.empty:
        best = rows.sort_values("done_rate", ascending=False).iloc[0]
        return f"各指标进度均不明显落后，“{best.short_name}”完成率最高（{rate(best)}）"
    slowest = behind.iloc[behind.ahead_points.argmin()]
    return f"{len(behind)} 个指标落后序时 {threshold:g} 个百分点以上，“{slowest.short_name}”最慢"


def lamps(rows: pd.DataFrame) -> str:
    """Where the red lamps are, from `completion`."""
    red, yellow = int(rows.red.sum()), int(rows.yellow.sum())
    if not rows.has_progress.any():
        return "尚无进展填报，不亮灯"
    if not red:
        return f"没有红灯，黄灯 {yellow} 项" if yellow else "没有红灯和黄灯"
    counted = f"红灯 {red} 项（其中逾期 {int(rows.overdue.sum())} 项）"
    worst = rows.sort_values("red", ascending=False).iloc[0]
    if worst.red == red:
        return f"{counted}，都在“{worst.short_name}”"
    return f"{counted}，{_most(rows, 'red', 'short_name')}"


def trend(rows: pd.DataFrame) -> str:
    """How the last month went, from `trend`."""
    if rows.empty or not rows.applicable.iloc[-1]:
        return "没有可比较的月份"
    last = rows.iloc[-1]
    if len(rows) < 2:
        return f"{last.as_of.month} 月末完成率 {rate(last)}"
    gained = last.done_rate - rows.done_rate.iloc[-2]
    if is_missing(gained):
        return f"完成率 {rate(last)}，上月末没有适用的任务"
    moved = "与上月末持平"
    if rounded(gained) > 0:
        moved = f"比上月末上升 {points(gained, 0)} 个百分点"
    elif rounded(gained) < 0:
        moved = f"比上月末下降 {points(-gained, 0)} 个百分点"
    return f"完成率 {rate(last)}，{moved}"


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


def standing(rows: pd.DataFrame, *, judged: bool) -> str:
    """How the units stand, from `unit_workload`: how many there are, who is late, and, class by class,
    whose completion rate is lowest; without progress to judge by, who carries most."""
    if rows.empty:
        return "所选范围内没有责任单位"
    if len(rows) == 1:
        only = rows.iloc[0]
        clauses = [f"{only.unit}承担 {only.tasks} 项任务，折算 {number(only.shared_load, 1)} 项"]
    else:
        with_base = int((rows.applicable > 0).sum())
        of = f"（其中 {with_base} 个有适用任务）" if judged and with_base < len(rows) else ""
        most = "" if judged else f"，{_most(rows, 'tasks', 'unit')}"
        clauses = [f"{len(rows)} 个单位承担任务{of}{most}"]
    late = rows[rows.overdue > 0]
    if judged and not late.empty:
        who = (
            f"（{late.unit.iloc[0]}）" if len(late) == 1 else f"，{_most(late, 'overdue', 'unit')}"
        )
        clauses.append(f"{len(late)} 个单位有逾期{who}")
    if judged and (lowest := _lowest_of_classes(rows)):
        clauses.append(f"完成率最低的，{lowest}")
    return "；".join(clauses) + "。"


def _lowest_of_classes(rows: pd.DataFrame) -> str:
    """Of each class whose ranked units differ, the one with the lowest completion rate."""
    clauses = []
    for unit_class in UNIT_CLASSES:
        ranked = rows[(rows["class"] == unit_class) & rows.is_ranked]
        if ranked.done_rate.nunique() > 1:
            lowest = ranked[ranked.done_rate == ranked.done_rate.min()]
            equal = f"等 {len(lowest)} 个" if len(lowest) > 1 else ""
            value = rate_of(ranked, ranked.done_rate.min())
            clauses.append(f"{unit_class}是{lowest.unit.iloc[0]}{equal}（{value}）")
    return "，".join(clauses)


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
    longest = rows.iloc[rows.tasks.argmax()]
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

    def at(value: float) -> str:
        names = judged[judged.done_rate == value][name]
        first = names.iloc[0] if name == "unit" else f"“{names.iloc[0]}”"
        return f"{first}等 {len(names)} 个" if len(names) > 1 else first

    lowest, highest = judged.done_rate.min(), judged.done_rate.max()
    if lowest == highest:
        return (
            f"{at(highest)}完成率都是 {rate_of(judged, highest)}"
            if len(judged) > 1
            else (f"{at(highest)}完成 {rate_of(judged, highest)}")
        )
    return f"{at(highest)}完成率最高（{rate_of(judged, highest)}），{at(lowest)}最低（{rate_of(judged, lowest)}）"


def rate_of(rows: pd.DataFrame, value: float, decimals: int = 0) -> str:
    """A completion rate as it is written of the rows that have it: as the fraction where all of them
    have the same few tasks."""
    having = rows[rows.done_rate == value]
    if having.applicable.nunique() == 1:
        return rate(having.iloc[0], decimals=decimals)
    return percent(value, decimals)


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
    return behind.iloc[behind.ahead_points.argmin()]


def changes(rows: pd.DataFrame, *, filtered: bool) -> str:
    """The headline of 变更记录, from `changes`, newest first."""
    if rows.empty:
        return "没有符合条件的变更，请放宽筛选条件。" if filtered else "还没有任何变更。"
    newest = rows.iloc[0]
    return (
        f"{'符合条件的' if filtered else '共有'} {newest.matching:,} 条变更，"
        f"最近一条由{newest.recorded_by}于 {newest.recorded_at:%Y-%m-%d %H:%M} 录入（{newest.action}）。"
    )
