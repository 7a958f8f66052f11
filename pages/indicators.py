"""指标完成率: by 一级指标, down to 二级指标 and tasks, and against another date."""

from functools import partial

import streamlit as st

import charts
import metrics
from findings import progress
from metrics.periods import quarter_containing
from screens import parts
from words import plain

RATES = [
    "short_name", "applicable", "done", "done_rate", "due", "due_rate", "on_time_rate",
    "mean_percent", "expected_percent", "ahead_points", "overdue",
]  # fmt: skip
CHANGES = [
    "short_name", "applicable", "done_rate_then", "done_rate", "change_points", "newly_done",
    "newly_overdue", "no_longer_done", "recovered",
]  # fmt: skip
BY_POINTS = [
    "points", "done_rate_by_points", "due_rate_by_points", "on_time_rate_by_points",
    "mean_percent_by_points",
]  # fmt: skip
SHORT = ["short_name", "applicable", "done", "done_rate", "ahead_points", "overdue"]
ALL = "全部"


def drill_to_level1(clicked: list[str]) -> None:
    st.session_state.drill1 = clicked[0]
    st.session_state.drill2 = ALL


def drill_to_level2(clicked: list[str]) -> None:
    st.session_state.drill2 = clicked[1] or ALL


shown = parts.view("指标完成率")
scope = shown.scope
by_level1 = parts.ask("completion", by="level1")
if by_level1.empty:
    parts.headline("所选范围内没有基本任务，请放宽筛选条件。")
    st.stop()

has_progress = bool(by_level1.has_progress.any())
parts.headline(progress.completion(by_level1, shown.ledger.behind_yellow_points) + "。")
if not has_progress:
    parts.how_to_report()

bars = charts.completion_bars if has_progress else charts.count_bars
left, right = st.columns(2)
with left:
    parts.chart(
        f"{progress.rates(by_level1)}，点击横条看二级指标",
        bars(by_level1),
        by_level1,
        RATES if has_progress else ["short_name", "tasks"],
        "completion",
        key="by_level1",
        on_click=drill_to_level1,
    )
with right, st.container(border=True, height="stretch"):
    st.markdown("**各一级指标**")
    has_points = bool(by_level1.with_points.any())
    columns = SHORT if has_progress else ["short_name", "tasks", "due"]
    parts.answer_table(
        parts.labelled(by_level1, [*columns, *BY_POINTS] if has_points else columns),
        "各一级指标完成率",
        "completion",
        key="level1_table",
        whole=parts.labelled(by_level1, [*RATES, *BY_POINTS]),
    )
    if not has_points:
        st.caption("台账未设分值，不计算按分值的完成率。")

picker1, picker2 = st.columns(2)
level1 = picker1.selectbox(
    "看哪个一级指标",
    [ALL, *by_level1.level1],
    key="drill1",
    bind="query-params",
    format_func=lambda name: shown.short_names.get(name, name),
)
tasks = parts.ask("task_list", signal="all", row_limit=metrics.NO_LIMIT)
tasks = tasks[tasks.kind == "base"]
level2 = ALL
if level1 != ALL:
    tasks = tasks[tasks.level1 == level1]
    by_level2 = parts.ask("completion", by="level2")
    by_level2 = by_level2[by_level2.level1 == level1].assign(
        level2=lambda rows: rows.level2.replace("", "（未分二级指标）")
    )
    level2 = picker2.selectbox(
        "看哪个二级指标", [ALL, *by_level2.level2], key="drill2", bind="query-params"
    )
    parts.chart(
        f"“{shown.short_names[level1]}”中{progress.rates(by_level2, 'level2')}，点击横条看任务",
        bars(by_level2, label="level2"),
        by_level2,
        ["level2", *RATES[1:]] if has_progress else ["level2", "tasks"],
        "completion",
        key="by_level2",
        on_click=drill_to_level2,
    )
    if level2 != ALL:
        tasks = tasks[tasks.level2.replace("", "（未分二级指标）") == level2]
name = shown.short_names.get(level1, "全部指标") if level2 == ALL else level2
with st.container(border=True):
    st.markdown(f"**{plain(name)}：{len(tasks)} 项任务**（勾选一行看任务卡）")
    columns = ["lamp", "number", "task", "units", "due", "percent", "reason"]
    if not has_progress:
        columns = ["number", "short_name", "task", "units", "due"]
    parts.task_table(tasks, columns, "task_list", key="tasks", title=f"{name}的任务")

if has_progress:
    first = shown.started_on
    quarter_before = quarter_containing(scope.as_of).eve
    st.subheader("与另一日期比较", anchor=False)
    earlier = st.date_input(
        "比较日期",
        value=max(first, quarter_before),
        min_value=first,
        max_value=scope.as_of,
        key="compare_on",
        bind="query-params",
        format="YYYY-MM-DD",
        width=240,
    )
    changes = parts.ask("compare_dates", compare_on=earlier)
    changed = parts.ask("changed_tasks", compare_on=earlier, row_limit=parts.LISTED)
    left, right = st.columns(2)
    with left:
        parts.chart(
            progress.comparison(changes, earlier),
            charts.change_bars(changes),
            changes,
            CHANGES,
            "compare_dates",
            key="changes",
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown(f"**有变化的 {parts.matching(changed):,} 项任务**（勾选一行看任务卡）")
        parts.listed_first(len(changed), parts.matching(changed))
        parts.task_table(
            changed,
            ["change", "number", "task"],
            "changed_tasks",
            key="changed",
            title="两日之间有变化的任务",
            everything=partial(
                metrics.ask,
                parts.warehouse(),
                "changed_tasks",
                scope,
                compare_on=earlier,
                row_limit=metrics.NO_LIMIT,
            ),
        )
parts.lamp_legend()
