"""指标完成率: rates by 一级指标, down to 二级指标 and tasks, and against another day."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import metrics
from findings import exhibits, progress
from metrics.periods import quarter_containing
from screens import parts
from words import plain

SHORT = ("short_name", "applicable", "done", "done_rate", "ahead_points", "overdue")
ALL = "全部"
NO_LEVEL2 = "（未分二级指标）"


def headline(view: parts.View, by_level1: pd.DataFrame) -> None:
    """How far the indicators are, and which lag."""
    if by_level1.empty:
        parts.headline("所选范围内没有基本任务，请放宽筛选条件。")
    else:
        parts.headline(progress.completion(by_level1, view.ledger.behind_yellow_points) + "。")


def level1_rates(view: parts.View, by_level1: pd.DataFrame) -> None:
    """The rates of all 一级指标 as bars and as a table."""
    left, right = st.columns(2)
    with left:
        parts.draw(
            view,
            exhibits.completion_rates(by_level1),
            key="by_level1",
            on_click=_open_level1,
            hint="，点击横条看二级指标",
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown("**各一级指标**")
        has_points = bool(by_level1.with_points.any())
        columns = SHORT if by_level1.has_progress.any() else ("short_name", "tasks", "due")
        parts.answer_table(
            view,
            parts.labelled(by_level1, (*columns, *exhibits.BY_POINTS) if has_points else columns),
            "各一级指标完成率",
            "completion",
            key="level1_table",
            whole=parts.labelled(by_level1, (*exhibits.OF_INDICATORS, *exhibits.BY_POINTS)),
        )
        if not has_points:
            st.caption("台账未设分值，不计算按分值的完成率。")


def indicator_tasks(view: parts.View, by_level1: pd.DataFrame) -> None:
    """The tasks of the chosen indicator, and the rates of its 二级指标."""
    has_progress = bool(by_level1.has_progress.any())
    picker1, picker2 = st.columns(2)
    level1 = picker1.selectbox(
        "看哪个一级指标",
        [ALL, *by_level1.level1],
        key="drill1",
        bind="query-params",
        format_func=lambda name: view.short_names.get(name, name),
    )
    tasks = view.ask("task_list", signal="all", row_limit=metrics.NO_LIMIT)
    tasks = tasks[tasks.kind == "base"]
    level2 = ALL
    if level1 != ALL:
        tasks = tasks[tasks.level1 == level1]
        by_level2 = view.ask("completion", by="level2")
        by_level2 = by_level2[by_level2.level1 == level1].assign(
            level2=lambda rows: rows.level2.replace("", NO_LEVEL2)
        )
        level2 = picker2.selectbox(
            "看哪个二级指标", [ALL, *by_level2.level2], key="drill2", bind="query-params"
        )
        parts.draw(
            view,
            exhibits.completion_rates(by_level2, level="level2", within=view.short_names[level1]),
            key="by_level2",
            on_click=_open_level2,
            hint="，点击横条看任务",
        )
        if level2 != ALL:
            tasks = tasks[tasks.level2.replace("", NO_LEVEL2) == level2]
    name = view.short_names.get(level1, "全部指标") if level2 == ALL else level2
    columns = ["lamp", "number", "task", "units", "due", "percent", "reason"]
    if not has_progress:
        columns = ["number", "short_name", "task", "units", "due"]
    with st.container(border=True):
        st.markdown(f"**{plain(name)}：{len(tasks)} 项任务**（勾选一行看任务卡）")
        parts.task_table(view, tasks, columns, "task_list", key="tasks", title=f"{name}的任务")


def against_another_day(view: parts.View) -> None:
    """How each rate moved since a chosen day, and the tasks that changed."""
    as_of, first = view.scope.as_of, view.started_on
    st.subheader("与另一日期比较", anchor=False)
    earlier = st.date_input(
        "比较日期",
        value=max(first, quarter_containing(as_of).eve),
        min_value=first,
        max_value=as_of,
        key="compare_on",
        bind="query-params",
        format="YYYY-MM-DD",
        width=240,
    )
    changed = view.ask("changed_tasks", compare_on=earlier, row_limit=parts.LISTED)
    left, right = st.columns(2)
    with left:
        parts.draw(
            view,
            exhibits.changes(view.ask("compare_dates", compare_on=earlier), earlier),
            key="changes",
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown(f"**有变化的 {parts.matching(changed):,} 项任务**（勾选一行看任务卡）")
        parts.listed_first(len(changed), parts.matching(changed))
        parts.task_table(
            view,
            changed,
            ["change", "number", "task"],
            "changed_tasks",
            key="changed",
            title="两日之间有变化的任务",
            everything=view.every("changed_tasks", compare_on=earlier),
        )


def _open_level1(clicked: list[str]) -> None:
    st.session_state.drill1 = clicked[0]
    st.session_state.drill2 = ALL


def _open_level2(clicked: list[str]) -> None:
    st.session_state.drill2 = clicked[1] or ALL
