"""谁没报: which units reported in a month, who has to be urged about what, and closing the month."""

from dataclasses import replace

import streamlit as st

import charts
import documents
import metrics
from findings import returns as return_findings
from screens import ledger, parts
from words import RETURN_STATES, day, each_row, plain

SHORT = [
    "unit", "class", "return_state", "tasks_due", "reported", "late", "missing", "overdue_tasks",
    "due_soon_tasks", "last_recorded_at",
]  # fmt: skip
WHOLE = [*SHORT[:5], "on_time", *SHORT[5:9], "first_recorded_at", "last_recorded_at", "due_by"]
OWED = ["unit", "class", "tasks_due"]
DRAWN = 14
"""Rows of the table of units before it scrolls."""

shown = parts.view("谁没报")
top = st.container()
line = st.container(horizontal=True, vertical_alignment="bottom")
with line:
    month = parts.month_picker(shown)
soon = int(shown.ledger.due_soon_days)
returns = parts.ask("month_returns", **month.values)
totals = parts.ask("completion", by="all")
has_progress = bool(totals.has_progress.any())
with top:
    parts.headline(
        return_findings.month_returns(
            returns,
            month,
            filtered=shown.filters != parts.NO_FILTERS,
            has_progress=has_progress,
        )
    )
if returns.empty:
    st.stop()
line.caption(
    f"按 {day(month.day)} 的情况判断；{month.start.month} 月进展的报送截止日为 {day(returns.due_by.iloc[0])}。"
)
returns = returns.assign(return_state=returns.state.map(RETURN_STATES))


def units_table(columns: list[str], whole: list[str]) -> None:
    with st.container(border=True):
        st.markdown(f"**各单位 {month.start.month} 月报送情况**（{len(returns)} 个单位）")
        parts.answer_table(
            parts.labelled(returns, columns),
            "各单位报送情况",
            "month_returns",
            key="returns",
            height=min(36 * (len(returns) + 1), 36 * DRAWN),
            whole=parts.labelled(returns, whole),
        )


def locking() -> None:
    with st.container(border=True):
        ledger.month_lock(month)


if not has_progress:
    parts.how_to_report()
    units_table(OWED, [*OWED, "due_by"])
    locking()
    st.stop()

units = returns.state.value_counts()
parts.tiles(
    [
        (
            "应报单位",
            f"{len(returns)} 个",
            "牵头或负责的任务在月初尚未完成的单位；集体由其成员分别报送",
        ),
        ("按时报送", f"{units.get('on_time', 0)} 个", "应报的任务在截止日当天或之前全部报了"),
        ("迟报", f"{units.get('late', 0)} 个", "应报的任务全部报了，但有截止日之后才报的"),
        ("部分报送", f"{units.get('partly', 0)} 个", "应报的任务只报了一部分"),
        ("未报", f"{units.get('missing', 0)} 个", "应报的任务一项也没有报"),
        (
            "未报项次",
            # Without its unit, which three digits leave no room for.
            f"{returns.missing.sum():,}",
            f"应报 {returns.tasks_due.sum()} 项次，已报 {returns.reported.sum()} 项次；几个单位共同负责的任务各计一次",
        ),
    ]
)
left, right = st.columns(2)
with left:
    parts.chart(
        return_findings.returns_by_class(returns),
        charts.returns_by_class(returns),
        returns,
        SHORT,
        "month_returns",
        key="by_class",
    )
with right:
    locking()
units_table(SHORT, WHOLE)

judged_scope = replace(shown.scope, as_of=month.day)


def all_letters(context: documents.Context) -> bytes:
    """Outside the page's script, which asks about the one unit on screen."""
    tasks = metrics.ask(store, "unreported_tasks", judged_scope, unit=None, **month.values)
    letters = [
        return_findings.urging(row, tasks, month, shown.ledger.title, soon)
        for row in each_row(owing)
    ]
    return documents.urging_letters(letters, context)


store = parts.warehouse()
owing = returns[returns.state != "on_time"]
st.subheader("催办", anchor=False)
left, right = st.columns([1, 2], vertical_alignment="bottom")
unit = left.selectbox("单位", list(returns.unit), key="urged", bind="query-params")
with right:
    if len(owing):
        parts.download_file(
            f"下载全部催办函（{len(owing)} 个单位）",
            "催办函.docx",
            all_letters,
            key="letters",
        )
own = parts.ask("unreported_tasks", unit=unit, **month.values)
if own.empty and unit not in set(owing.unit):
    st.success(f"{plain(unit)}应报的任务都已按时报送，没有逾期和即将到期的，不需要催办。")
    st.stop()
st.caption("指向文字后，右上角出现复制按钮；〔　〕中的内容请补填。")
(urged,) = each_row(returns[returns.unit == unit])
letter = return_findings.urging(urged, own, month, shown.ledger.title, soon)
st.code(letter.text, language=None, wrap_lines=True)
with st.container(border=True):
    st.markdown(f"**{plain(unit)}的催办任务**（勾选一行看任务卡）")
    parts.task_table(
        own.assign(urged=[return_findings.urged_for(row) for row in each_row(own)]),
        ["lamp", "number", "urged", "task", "due", "reason"],
        "unreported_tasks",
        key="urged_tasks",
        title=f"{unit}的催办任务",
    )
    parts.lamp_legend()
