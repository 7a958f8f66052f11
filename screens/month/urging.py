"""催办: the letter to each unit that owes reports, and the tasks it is about."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import documents
import metrics
from findings import returns as return_findings
from screens import parts
from words import each_row, plain

COLUMNS = ["lamp", "number", "urged", "task", "due", "reason"]


def urge(view: parts.View, returns: pd.DataFrame, month: parts.ReportMonth) -> None:
    """The letter of a chosen unit with its tasks, and all letters in one document; `returns` are the
    `month_returns` rows of the month."""
    owing = returns[returns.state != "on_time"]
    st.subheader("催办", anchor=False)
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    unit = left.selectbox("单位", list(returns.unit), key="urged", bind="query-params")
    if len(owing):
        with right:
            parts.download_file(
                view,
                f"下载全部催办函（{len(owing)} 个单位）",
                "催办函.docx",
                lambda context: _all_letters(view, month, context),
                key="letters",
                asks=True,
            )
    tasks = view.ask("unreported_tasks", unit=unit, **month.values)
    if tasks.empty and unit not in set(owing.unit):
        st.success(f"{plain(unit)}应报的任务都已按时报送，没有逾期和即将到期的，不需要催办。")
        return
    st.caption("指向文字后，右上角出现复制按钮；〔　〕中的内容请补填。")
    (urged,) = each_row(returns[returns.unit == unit])
    st.code(_letter(view, urged, tasks, month).text, language=None, wrap_lines=True)
    with st.container(border=True):
        st.markdown(f"**{plain(unit)}的催办任务**（勾选一行看任务卡）")
        parts.task_table(
            view,
            tasks.assign(urged=[return_findings.urged_for(row) for row in each_row(tasks)]),
            COLUMNS,
            "unreported_tasks",
            key="urged_tasks",
            title=f"{unit}的催办任务",
        )
        parts.lamp_legend(view)


def _all_letters(view: parts.View, month: parts.ReportMonth, context: documents.Context) -> bytes:
    """What is owed when the button is pressed: the page may have been drawn a while ago."""
    returns = metrics.ask(view.warehouse, "month_returns", view.scope, **month.values)
    owing = returns[returns.state != "on_time"]
    tasks = metrics.ask(view.warehouse, "unreported_tasks", view.scope, unit=None, **month.values)
    return documents.urging_letters(
        [_letter(view, row, tasks, month) for row in each_row(owing)], context
    )


def _letter(
    view: parts.View, row: Any, tasks: pd.DataFrame, month: parts.ReportMonth
) -> return_findings.Letter:
    soon = int(view.ledger.due_soon_days)
    return return_findings.urging(row, tasks, month, view.ledger.title, soon)
