"""季度例会: the quarter in sentences that open their rows, what was decided, and the documents."""

import streamlit as st

import charts
from findings import progress
from screens import meeting, parts
from words import day, percent, plain

RATES = [
    "short_name", "applicable", "done", "done_rate", "due", "due_rate", "mean_percent",
    "expected_percent", "ahead_points", "overdue", "behind",
]  # fmt: skip
CHANGES = [
    "short_name", "applicable", "done_rate_then", "done_rate", "change_points", "newly_done",
    "newly_overdue", "no_longer_done", "recovered",
]  # fmt: skip
LOAD = [
    "unit", "class", "rank_in_class", "applicable", "done", "done_rate", "overdue", "behind",
]  # fmt: skip

shown = parts.view("季度例会")
top = st.container()
line = st.container(horizontal=True, vertical_alignment="bottom")
with line:
    shown, quarter = meeting.quarter_picker(shown)
brief = meeting.briefing_of(shown, quarter)
answers = brief.answers
if meeting.is_showing():
    meeting.show(shown, brief)
    st.stop()
with top:
    if answers.total is None:
        parts.headline(progress.overview(None, answers.by_level1, quarter.as_of))
    else:
        parts.headline(meeting.on_screen(brief.headline))
pending = "" if quarter.is_over else "本季度尚未结束；"
line.caption(
    f"{pending}按 {day(quarter.as_of)} 的情况判断，与{plain(meeting.on_screen(quarter.compared_with))}比较。"
)
with st.container():
    # Its place stays when it is empty, so that nothing below moves.
    meeting.show_report()
if answers.total is None:
    st.stop()

meeting.documents(shown, brief)
st.subheader("此前的议定事项", anchor=False)
meeting.earlier_decisions(shown, brief)

if brief.has_progress:
    total = answers.total
    counts = answers.changes.change.value_counts()
    since = meeting.on_screen(f"与{quarter.compared_with}相比")
    parts.tiles(
        [
            (
                "完成率",
                percent(total.done_rate),
                f"适用 {total.applicable} 项，完成 {total.done} 项",
            ),
            ("新完成", f"{counts.get('finished', 0)} 项", since),
            ("新逾期", f"{counts.get('overdue', 0)} 项", f"{since}；现逾期共 {total.overdue} 项"),
            ("新滞后", f"{counts.get('slipped', 0)} 项", f"{since}；现滞后共 {total.behind} 项"),
            ("好转", f"{counts.get('recovered', 0)} 项", f"{since}，不再逾期或滞后、尚未完成的"),
            ("红灯", f"{answers.by_level1.red.sum()} 项", "逾期，或落后序时超过红灯阈值"),
        ]
    )
else:
    parts.how_to_report()

st.subheader("总体情况", anchor=False)
meeting.statements(shown, brief.overall, "task_list", key="overall", judged=brief.has_progress)
meeting.statements(shown, [brief.next_quarter], "task_list", key="next", judged=brief.has_progress)
meeting.statements(
    shown, [brief.still_to_win], "open_points", key="points", judged=brief.has_progress
)
st.subheader(meeting.on_screen(f"与{quarter.compared_with}相比"), anchor=False)
meeting.statements(shown, brief.changes, "changes_since", key="changes", judged=brief.has_progress)
if brief.has_progress:
    left, right = st.columns(2)
    with left:
        parts.chart(
            shown,
            progress.completion(answers.by_level1, shown.ledger.behind_yellow_points),
            charts.completion_bars(answers.by_level1),
            answers.by_level1,
            RATES,
            "completion",
            key="meeting_completion",
        )
    with right:
        parts.chart(
            shown,
            progress.comparison(answers.comparison, quarter.compared_on),
            charts.change_bars(answers.comparison),
            answers.comparison,
            CHANGES,
            "compare_dates",
            key="meeting_changes",
        )
else:
    parts.chart(
        shown,
        "各一级指标的任务数",
        charts.count_bars(answers.by_level1),
        answers.by_level1,
        ["short_name", "tasks"],
        "completion",
        key="meeting_counts",
    )
st.subheader("同类单位排名", anchor=False, help="按完成率排，并列同名次；不同类别不相互比较。")
meeting.statements(shown, brief.ranking, "unit_workload", key="ranking")
st.subheader("报送情况", anchor=False)
meeting.statements(shown, brief.reporting, "month_returns", key="reporting")
st.subheader("提请议定", anchor=False)
meeting.statements(shown, brief.to_decide, "task_list", key="to_decide")
st.subheader("本次例会的议定事项", anchor=False)
meeting.own_decisions(shown, brief)
parts.lamp_legend(shown)
