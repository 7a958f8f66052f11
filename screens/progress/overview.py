"""总览: the ledger in figures, the tasks that want attention, and how the file was read."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import metrics
from findings import exhibits, progress
from metrics.periods import month_eve
from screens import parts
from words import READINGS, each_row, plain, points, rate

ISSUES = {"source_table": "表", "source_row": "行", "source_column": "列", "message": "存疑"}


def headline(view: parts.View, total: Any | None, by_level1: pd.DataFrame) -> None:
    """How far the ledger is; `total` is the row of `completion` in all, None without base tasks."""
    parts.headline(progress.overview(total, by_level1, view.scope.as_of))


def total_tiles(view: parts.View, total: Any) -> None:
    """The figures of `completion` in all."""
    parts.tiles(
        [
            (
                "已完成",
                f"{total.done}/{total.applicable}",
                "完成的和适用的基本任务；加分项、扣分项不计",
                f"{rate(total, decimals=1)}，已销号 {total.verified} 项",
            ),
            (
                "到期完成率",
                rate(total, "due_rate"),
                f"到期 {total.due} 项，完成 {total.due_done} 项，其中按期 {total.on_time} 项",
            ),
            (
                *("逾期", f"{total.overdue} 项", "已过期限而未完成；期限当日不算逾期"),
                f"到期未完成 {total.due_open}",
            ),
            ("滞后", f"{total.behind} 项", "进度落后序时达到阈值，或频次有缺口"),
            (
                "未报送",
                f"{total.not_reported} 项",
                f"{view.scope.as_of.month} 月没有填报的未完成任务",
            ),
            (
                "序时偏差",
                f"{points(total.ahead_points, 0, signed=True)} 点",
                "平均进度减序时进度，单位为百分点；只含有期限或计划节点的任务，已完成的按 100%、"
                "从未填报的按 0% 计；下面是其中未完成的",
                f"未完成 {points(total.open_ahead_points, 0, signed=True)} 点",
            ),
        ]
    )


def worst_tasks(view: parts.View) -> None:
    """The ten tasks that want attention most."""
    worst = view.ask("task_list", signal="worst", row_limit=10)
    with st.container(border=True):
        st.markdown(f"**最需要关注的 {len(worst)} 项**（勾选一行看任务卡）")
        parts.task_table(
            view,
            worst,
            ["lamp", "number", "task", "units", "due", "reason"],
            "task_list",
            key="worst",
            title="最需要关注的任务",
        )


def since_last_month(view: parts.View) -> exhibits.Exhibit:
    """What changed since the end of the month before."""
    last_month = month_eve(view.scope.as_of)
    return exhibits.changes(view.ask("compare_dates", compare_on=last_month), last_month)


def unreported(view: parts.View, by_level1: pd.DataFrame) -> None:
    """A ledger without progress: what it demands, by indicator and by day, and all its tasks."""
    parts.how_to_report()
    every = view.ask("task_list", signal="all", row_limit=metrics.NO_LIMIT)
    base = every[every.kind == "base"]
    parts.tiles(
        [
            ("基本任务", f"{len(base)} 项", ""),
            ("加分项", f"{(every.kind == 'bonus').sum()} 项", ""),
            ("扣分项", f"{(every.kind == 'penalty').sum()} 项", ""),
            ("有明确期限", f"{base.due_on.notna().sum()} 项", "其余基本任务为常态化、按需或未明确"),
            ("完成与进度", "未填报", "还没有任何进展填报"),
        ]
    )
    left, right = st.columns(2)
    with left:
        parts.draw(view, exhibits.task_counts(by_level1), key="counts")
    due_dates = view.ask("due_dates")
    if len(due_dates):
        with right:
            parts.draw(
                view,
                exhibits.due_dates(
                    due_dates,
                    view.scope.as_of,
                    view.started_on,
                    judged=False,
                    beside=len(by_level1),
                ),
                key="due_dates",
            )
    with st.container(border=True):
        st.markdown(f"**台账中的 {len(every)} 项任务**（勾选一行看任务卡）")
        parts.task_table(
            view,
            every,
            ["number", "short_name", "task", "units", "due"],
            "task_list",
            key="every",
            title="台账中的任务",
        )


def reading(view: parts.View) -> None:
    """How many rows of the file were read as what, and what was doubtful."""
    with st.expander("台账读取情况"):
        read = view.ask("reading")
        rows = "，".join(f"{READINGS[row.reading]} {row.source_rows} 行" for row in each_row(read))
        st.markdown(
            f"文件 **{plain(view.ledger.file_name)}** 共 {read.source_rows.sum()} 行：{rows}；"
            f"读出任务 {read.tasks.sum()} 项。"
        )
        issues = view.ask("reading_issues")
        if issues.empty:
            st.markdown("没有存疑之处。")
        else:
            parts.answer_table(
                view,
                issues.rename(columns=ISSUES),
                "读取台账时的存疑之处",
                "reading_issues",
                key="issues",
            )
