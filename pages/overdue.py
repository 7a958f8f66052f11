"""逾期预警: what is overdue, what falls due, what lags, and who has not reported."""

import pandas as pd
import streamlit as st

import charts
import metrics
from findings import progress
from screens import parts

AHEAD = {"30 天内": 30, "60 天内": 60, "90 天内": 90}
BY_UNIT = [
    "unit", "class", "overdue", "days_1_30", "days_31_60", "days_61_90", "days_over_90",
    "longest_overdue_days",
]  # fmt: skip
CADENCE = {
    "频次缺口": (
        "missed_windows",
        ["lamp", "number", "task", "demand", "windows", "missed", "starts", "reason"],
    ),
    "频次未明确": ("cadence_unclear", ["lamp", "number", "task", "words", "reason"]),
}
JUDGED = ["lamp", "number", "task", "units", "due", "percent", "reason"]

shown = parts.view("逾期预警")
scope = shown.scope
totals = shown.ask("completion", by="all")
total = totals.iloc[0] if len(totals) else None
ages = shown.ask("overdue_ages")
parts.headline(progress.overdue(ages, total, scope.as_of))
if total is None:
    st.stop()


def tasks(view: parts.View, signal: str) -> pd.DataFrame:
    return view.ask("task_list", signal=signal, row_limit=metrics.NO_LIMIT)


ahead = tasks(shown, "due_ahead")
due_dates = shown.ask("due_dates")
missed = shown.ask("missed_windows")
unclear = shown.ask("cadence_unclear")
if total.has_progress:
    parts.tiles(
        [
            ("逾期", f"{total.overdue} 项", "已过期限而未完成；期限当日不算逾期"),
            ("滞后", f"{total.behind} 项", "进度落后序时达到阈值，或频次有缺口"),
            ("未报送", f"{total.not_reported} 项", f"{scope.as_of.month} 月没有填报的未完成任务"),
            ("30 天内到期", f"{(ahead.days_left <= 30).sum()} 项", "含截至日期当日到期"),
            ("60 天内到期", f"{(ahead.days_left <= 60).sum()} 项", "含 30 天内"),
            ("90 天内到期", f"{len(ahead)} 项", "含 60 天内"),
        ]
    )
    left, right = st.columns(2)
    with left:
        parts.chart(
            shown,
            progress.ages(ages),
            charts.age_bars(ages),
            ages,
            ["age", "tasks"],
            "overdue_ages",
            key="ages",
        )
    with right, st.container(border=True, height="stretch"):
        by_unit = shown.ask("overdue_by_unit")
        st.markdown(f"**逾期任务按单位**（{len(by_unit)} 个单位）")
        if by_unit.empty:
            st.info("没有单位有逾期任务。", icon=":material/check_circle:")
        else:
            parts.answer_table(
                shown,
                parts.labelled(by_unit, ["unit", "overdue", "longest_overdue_days"]),
                "逾期任务按单位",
                "overdue_by_unit",
                key="by_unit",
                whole=parts.labelled(by_unit, BY_UNIT),
            )
else:
    parts.how_to_report()

if len(due_dates):
    parts.chart(
        shown,
        progress.due_dates(due_dates),
        charts.due_timeline(
            due_dates, scope.as_of, shown.started_on, judged=bool(total.has_progress)
        ),
        due_dates,
        ["effective_due_on", "tasks", "done", "overdue", "open"][: 5 if total.has_progress else 2],
        "due_dates",
        key="due_dates",
    )

lists = {
    "逾期": tasks(shown, "overdue"),
    "90 天内到期": ahead,
    "滞后": tasks(shown, "behind"),
    "频次缺口": missed,
    "未报送": tasks(shown, "not_reported"),
    "频次未明确": unclear,
}
if not total.has_progress:
    lists = {name: lists[name] for name in ("90 天内到期", "频次未明确")}
for (name, rows), tab in zip(
    lists.items(), st.tabs([f"{name} {len(rows)}" for name, rows in lists.items()]), strict=True
):
    with tab:
        if name in CADENCE:
            question, columns = CADENCE[name]
            parts.definition(question)
            parts.task_table(shown, rows, columns, question, key=question, title=name)
        else:
            if name == "90 天内到期":
                within = st.segmented_control(
                    "期限", list(AHEAD), default="90 天内", key="ahead", required=True,
                    label_visibility="collapsed",
                )  # fmt: skip
                rows = rows[rows.days_left <= AHEAD[within]]
            parts.task_table(
                shown,
                rows,
                JUDGED if total.has_progress else ["number", "short_name", "task", "units", "due"],
                "task_list",
                key=f"list_{name}",
                title=name,
            )
parts.lamp_legend(shown)
