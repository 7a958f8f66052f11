"""One unit's answers → its sentences: what it carries and owes, and its rank among its like."""

from __future__ import annotations

from typing import Any

import pandas as pd

from metrics.keeping import kept
from words import UNIT_CLASSES, number, rate, rate_with_counts


@kept
def open_until(tasks: pd.DataFrame, soon: int) -> pd.DataFrame:
    """Of `unit_tasks`, those late and those due within `soon` days whose unit has not reported them
    done, the most urgent first."""
    # Of a task that is not judged, such as 加分项, nothing is known.
    flags = tasks[["is_open", "unit_is_done", "unit_is_overdue"]].fillna(False).astype(bool)
    is_open = (tasks.kind == "base") & flags.is_open & ~flags.unit_is_done
    due = flags.unit_is_overdue | tasks.days_left.between(0, soon)
    return tasks[is_open & due].sort_values("effective_due_on", kind="stable")


@kept
def returned_to(completions: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Of `reported_completions`, those of the unit, or of the whole of a task of it, that the office
    returned, as rows to show."""
    whole = completions.unit_id.isna() & completions.units.str.split("、").map(
        lambda of: unit in of
    )
    own = completions[(completions.state == "returned") & ((completions.unit == unit) | whole)]
    return pd.DataFrame(
        {
            "编号": own.number,
            "目标任务": own.task,
            "退办日期": own.verified_on.dt.strftime("%Y-%m-%d"),
            "退办理由": own.reason,
            "退办人": own.verified_by,
        }
    )


def headline(unit: Any, tasks: pd.DataFrame, returned: int, soon: int, *, judged: bool) -> str:
    """What the unit carries, what of it is late or due within `soon` days, and what was returned, from
    its row of `unit_workload` and its `unit_tasks`."""
    if not judged:
        return f"{unit.unit}承担 {unit.tasks} 项任务，折算 {number(unit.shared_load, 1)} 项；还没有进展填报。"
    due = len(open_until(tasks, soon)) - int(unit.overdue)
    clauses = [
        f"{unit.unit}承担 {unit.tasks} 项任务",
        f"适用任务完成 {unit.done}/{unit.applicable}",
        f"逾期 {unit.overdue} 项" if unit.overdue else "没有逾期",
        f"{soon} 天内到期 {due} 项",
    ]
    if returned:
        clauses.append(f"退办待改 {returned} 项")
    return "，".join(clauses) + "。"


@kept
def rank_of(unit: Any, units: pd.DataFrame) -> str:
    """The unit's rank and why, from its row of `unit_workload` among all of them."""
    if not unit.applicable:
        return f"没有适用任务，不排名（{unit['class']}）。"
    own = rate_with_counts(unit)
    if unit["class"] == UNIT_CLASSES[3]:
        return f"集体不排名；完成 {unit.done}/{unit.applicable}。"
    if not unit.is_ranked:
        return (
            f"适用任务少于 {unit.fewest_ranked} 项，列出不排名；"
            f"完成 {unit.done}/{unit.applicable}。"
        )
    peers = units[(units["class"] == unit["class"]) & units.is_ranked]
    equal = peers[(peers.rank_in_class == unit.rank_in_class) & (peers.unit != unit.unit)]
    beside = f"，与{'、'.join(equal.unit)}并列" if len(equal) else ""
    said = f"{unit['class']}排名的 {len(peers)} 个单位中第 {int(unit.rank_in_class)} 名{beside}：完成率 {own}"
    ahead = peers[peers.rank_in_class < unit.rank_in_class]
    if len(ahead):
        nearest = ahead[ahead.rank_in_class == ahead.rank_in_class.max()]
        named = "、".join(nearest.unit)
        said += f"，前一名{named}{'并列' if len(nearest) > 1 else ''}（{rate(nearest.iloc[0])}）"
    reasons = [
        f"{word} {int(count)} 项"
        for word, count in (
            ("逾期", unit.overdue),
            ("滞后", unit.behind),
            ("本月未报送", unit.not_reported),
        )
        if count
    ]
    still = f"未完成的 {unit.open} 项" if unit.open else "全部完成"
    return f"{said}；{still}{'中' + '、'.join(reasons) if unit.open and reasons else ''}。"
