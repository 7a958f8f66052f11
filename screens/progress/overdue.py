"""逾期预警: how long tasks are overdue, when others fall due, and the lists of both."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import metrics
from findings import exhibits, progress, reasons
from metrics.keeping import kept
from screens import parts
from words import is_missing, points

AHEAD = {"30 天内": 30, "60 天内": 60, "90 天内": 90}
BY_UNIT = (
    "unit", "class", "overdue", "days_1_30", "days_31_60", "days_61_90", "days_over_90",
    "longest_overdue_days",
)  # fmt: skip
DUE_AHEAD = "90 天内到期"
OF_CADENCE = {
    "频次缺口": (
        "missed_windows",
        ["lamp", "number", "task", "demand", "windows", "missed", "starts", "reason"],
    ),
    "频次未明确": ("cadence_unclear", ["lamp", "number", "task", "words", "reason"]),
}
RED = "红灯"
BY_SIGNAL = {"逾期": "overdue", DUE_AHEAD: "due_ahead", "滞后": "behind", "未报送": "not_reported"}
ORDER = (RED, "逾期", DUE_AHEAD, "滞后", "频次缺口", "未报送", "频次未明确")
UNJUDGED = (DUE_AHEAD, "频次未明确")
"""The lists that say something of a ledger without progress."""


def headline(view: parts.View, total: Any | None, ages: pd.DataFrame) -> None:
    """How much is overdue; `total` is the row of `completion` in all, None without base tasks."""
    parts.headline(progress.overdue(ages, total, view.scope.as_of))


def _open_against_time(ahead_points: float) -> str:
    """How far what is not done is ahead or behind on average; empty where it is unknown."""
    if is_missing(ahead_points):
        return ""
    word = "领先" if ahead_points > 0 else "落后"
    return f"未完成的平均{word} {points(abs(ahead_points), 0)} 个百分点"


def ages_and_units(view: parts.View, total: Any, ages: pd.DataFrame) -> None:
    """What is overdue in figures, by how long, and by unit."""
    ahead = _tasks(view, "due_ahead")
    parts.tiles(
        [
            (
                *("逾期", f"{total.overdue} 项", "已过期限而未完成；期限当日不算逾期"),
                f"到期未完成 {total.due_open} 项",
            ),
            (
                *("滞后", f"{total.behind} 项", "进度落后序时达到阈值，或频次有缺口"),
                _open_against_time(total.open_ahead_points),
            ),
            (
                "未报送",
                f"{total.not_reported} 项",
                f"{view.scope.as_of.month} 月没有填报的未完成任务",
            ),
            ("30 天内到期", f"{(ahead.days_left <= 30).sum()} 项", "含截至日期当日到期"),
            ("60 天内到期", f"{(ahead.days_left <= 60).sum()} 项", "含 30 天内"),
            ("90 天内到期", f"{len(ahead)} 项", "含 60 天内"),
        ]
    )
    left, right = st.columns(2)
    with left:
        parts.draw(view, exhibits.overdue_ages(ages), key="ages")
    with right, st.container(border=True, height="stretch"):
        by_unit = view.ask("overdue_by_unit")
        st.markdown(f"**逾期任务按单位**（{len(by_unit)} 个单位）")
        if by_unit.empty:
            st.info("没有单位有逾期任务。", icon=":material/check_circle:")
        else:
            parts.answer_table(
                view,
                parts.labelled(by_unit, ("unit", "overdue", "longest_overdue_days")),
                "逾期任务按单位",
                "overdue_by_unit",
                key="by_unit",
                whole=parts.labelled(by_unit, BY_UNIT),
            )


def due_dates(view: parts.View, *, judged: bool) -> None:
    """When tasks fall due, where any has a day."""
    rows = view.ask("due_dates")
    if len(rows):
        exhibit = exhibits.due_dates(rows, view.scope.as_of, view.started_on, judged=judged)
        parts.draw(view, exhibit, key="due_dates")


def lists(view: parts.View, *, judged: bool) -> None:
    """The tasks of each signal on a tab of its own."""
    rows = {name: _rows(view, name) for name in ORDER if judged or name in UNJUDGED}
    tabs = st.tabs([f"{name} {len(tasks)}" for name, tasks in rows.items()])
    for (name, tasks), tab in zip(rows.items(), tabs, strict=True):
        with tab:
            _list(view, name, tasks, judged=judged)


def _list(view: parts.View, name: str, tasks: pd.DataFrame, *, judged: bool) -> None:
    if name in OF_CADENCE:
        question, columns = OF_CADENCE[name]
        parts.definition(question)
        parts.task_table(view, tasks, columns, question, key=question, title=name)
        return
    if name == DUE_AHEAD:
        within = st.segmented_control(
            "期限", list(AHEAD), default="90 天内", key="ahead", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        tasks = tasks[tasks.days_left <= AHEAD[within]]
    columns = ["number", "short_name", "task", "units", "due"]
    question = "task_list"
    if judged:
        columns = ["lamp", "number", "task", "units", "due", "percent", "reason"]
    if name == RED:
        question, columns = "red_reasons", [*columns[:-2], "reason", "stated"]
        parts.definition(question)
    parts.task_table(view, tasks, columns, question, key=f"list_{name}", title=name)


def _rows(view: parts.View, name: str) -> pd.DataFrame:
    """The tasks of a list; red ones with what their units said of them."""
    if name == RED:
        red = view.ask("red_reasons")
        return _beside(red, red)
    return view.ask(OF_CADENCE[name][0]) if name in OF_CADENCE else _tasks(view, BY_SIGNAL[name])


_beside = kept(reasons.beside)


def _tasks(view: parts.View, signal: str) -> pd.DataFrame:
    return view.ask("task_list", signal=signal, row_limit=metrics.NO_LIMIT)
