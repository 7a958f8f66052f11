"""指标完成率: rates by 一级指标, down to 二级指标 and tasks."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import metrics
from findings import exhibits, progress
from screens import parts
from words import plain

SHORT = ("short_name", "applicable", "done", "done_rate", "ahead_points", "overdue")
ALL = "全部"
NO_LEVEL2 = "（未分二级指标）"
NOW, AGAINST = "截至所选日期", "与另一日期对照"


def rates_of_day(view: parts.View, top: DeltaGenerator) -> None:
    """The rates on 截至日期 and the tasks behind them; the sentence stands in `top`."""
    by_level1 = view.ask("completion", by="level1")
    with top:
        headline(view, by_level1)
    if by_level1.empty:
        return
    if not by_level1.has_progress.any():
        parts.how_to_report()
    level1_rates(view, by_level1)
    indicator_tasks(view, by_level1)
    parts.lamp_legend(view)


def headline(view: parts.View, by_level1: pd.DataFrame) -> None:
    """How far the indicators are, and which lag."""
    if by_level1.empty:
        parts.headline("所选范围内没有基本任务，请放宽筛选条件。")
    else:
        parts.headline(progress.completion(by_level1, view.ledger.behind_yellow_points) + "。")


def pick_rates() -> bool:
    """Draw the choice between the rates of one day and of two; whether two days are wanted."""
    chosen = st.segmented_control(
        "看什么", [NOW, AGAINST], default=NOW, required=True, key="rates", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    return chosen == AGAINST


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
            parts.labelled(by_level1, columns),
            "各一级指标完成率",
            "completion",
            key="level1_table",
            whole=parts.labelled(by_level1, (*exhibits.OF_INDICATORS, *exhibits.BY_POINTS)),
        )
        if not has_points:
            st.caption("台账未设分值，不计算按分值的完成率。")
    if has_points:
        with st.container(border=True):
            st.markdown("**各一级指标按分值**")
            parts.answer_table(
                view,
                parts.labelled(by_level1, ("short_name", *exhibits.BY_POINTS)),
                "各一级指标按分值的完成率",
                "completion",
                key="level1_points",
            )


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


def _open_level1(clicked: list[str]) -> None:
    st.session_state.drill1 = clicked[0]
    st.session_state.drill2 = ALL


def _open_level2(clicked: list[str]) -> None:
    st.session_state.drill2 = clicked[1] or ALL
