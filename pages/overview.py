"""总览: how far the ledger is, in one screen."""

from datetime import timedelta

import streamlit as st

import charts
import metrics
from findings import progress
from metrics.periods import month_ends
from screens import parts
from words import READINGS, each_row, percent, plain, points

RATES = [
    "short_name", "applicable", "done", "verified", "done_rate", "due", "due_rate", "on_time_rate",
    "mean_percent", "expected_percent", "ahead_points", "overdue", "behind", "not_reported",
]  # fmt: skip
CHANGES = [
    "short_name", "applicable", "done_rate_then", "done_rate", "change_points", "newly_done",
    "newly_overdue", "no_longer_done", "recovered",
]  # fmt: skip

shown = parts.view("总览")
scope = shown.scope
by_level1 = parts.ask("completion", by="level1")
totals = parts.ask("completion", by="all")
total = totals.iloc[0] if len(totals) else None

parts.headline(progress.overview(total, by_level1, scope.as_of))
if total is not None and total.has_progress:
    parts.tiles(
        [
            ("基本任务", f"{total.applicable} 项", "适用的基本任务；加分项、扣分项不计"),
            (
                "已完成",
                f"{total.done} 项",
                f"完成率 {percent(total.done_rate, 1)}；已销号 {total.verified} 项",
            ),
            (
                "到期完成率",
                percent(total.due_rate),
                f"到期 {total.due} 项，完成 {total.due_done} 项，其中按期 {total.on_time} 项",
            ),
            ("逾期", f"{total.overdue} 项", "已过期限而未完成；期限当日不算逾期"),
            ("滞后", f"{total.behind} 项", "进度落后序时达到阈值，或频次有缺口"),
            ("未报送", f"{total.not_reported} 项", f"{scope.as_of.month} 月没有填报的未完成任务"),
            (
                "序时偏差",
                f"{points(total.ahead_points, 0, signed=True)} 点",
                "平均进度减序时进度，单位为百分点；只含有期限的任务，从未填报按 0% 计",
            ),
        ]
    )
    left, right = st.columns(2)
    with left:
        parts.chart(
            progress.completion(by_level1, shown.ledger.behind_yellow_points),
            charts.completion_bars(by_level1),
            by_level1,
            RATES,
            "completion",
            key="completion",
        )
    with right:
        parts.chart(
            progress.lamps(by_level1),
            charts.lamp_bars(by_level1),
            by_level1,
            ["short_name", "red", "yellow", "green", "blue", "grey"],
            "completion",
            key="lamps",
        )
    worst = parts.ask("task_list", signal="worst", row_limit=10)
    with st.container(border=True):
        st.markdown(f"**最需要关注的 {len(worst)} 项**（勾选一行看任务卡）")
        parts.task_table(
            worst,
            ["lamp", "number", "task", "units", "due", "reason"],
            "task_list",
            key="worst",
            title="最需要关注的任务",
        )
    left, right = st.columns(2)
    with left:
        trend = parts.ask("trend", days=month_ends(shown.started_on, scope.as_of)[-12:])
        parts.chart(
            progress.trend(trend),
            charts.trend_lines(trend, beside=len(by_level1)),
            trend,
            [
                "as_of",
                "applicable",
                "done",
                "overdue",
                "done_rate",
                "mean_percent",
                "expected_percent",
            ],
            "trend",
            key="trend",
        )
    with right:
        last_month = scope.as_of.replace(day=1) - timedelta(days=1)
        changes = parts.ask("compare_dates", compare_on=last_month)
        parts.chart(
            progress.comparison(changes, last_month),
            charts.change_bars(changes),
            changes,
            CHANGES,
            "compare_dates",
            key="changes",
        )
    parts.lamp_legend()
elif total is not None:
    parts.how_to_report()
    every = parts.ask("task_list", signal="all", row_limit=metrics.NO_LIMIT)
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
        parts.chart(
            "各一级指标的任务数",
            charts.count_bars(by_level1),
            by_level1,
            ["short_name", "tasks"],
            "completion",
            key="counts",
        )
    with right:
        due_dates = parts.ask("due_dates")
        if len(due_dates):
            parts.chart(
                progress.due_dates(due_dates),
                charts.due_timeline(
                    due_dates, scope.as_of, shown.started_on, judged=False, beside=len(by_level1)
                ),
                due_dates,
                ["effective_due_on", "tasks"],
                "due_dates",
                key="due_dates",
            )
    with st.container(border=True):
        st.markdown(f"**台账中的 {len(every)} 项任务**（勾选一行看任务卡）")
        parts.task_table(
            every,
            ["number", "short_name", "task", "units", "due"],
            "task_list",
            key="every",
            title="台账中的任务",
        )

with st.expander("台账读取情况"):
    reading = parts.ask("reading")
    rows = "，".join(f"{READINGS[row.reading]} {row.source_rows} 行" for row in each_row(reading))
    st.markdown(
        f"文件 **{plain(shown.ledger.file_name)}** 共 {reading.source_rows.sum()} 行：{rows}；"
        f"读出任务 {reading.tasks.sum()} 项。"
    )
    issues = parts.ask("reading_issues")
    if issues.empty:
        st.markdown("没有存疑之处。")
    else:
        parts.answer_table(
            issues.rename(
                columns={
                    "source_table": "表",
                    "source_row": "行",
                    "source_column": "列",
                    "message": "存疑",
                }
            ),
            "读取台账时的存疑之处",
            "reading_issues",
            key="issues",
        )
