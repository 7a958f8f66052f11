"""谁没报: which units reported in a month, in figures and as a table, and the month's lock."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from findings import exhibits
from findings import returns as return_findings
from screens import parts
from screens.month.closing import month_lock
from words import RETURN_STATES, day

WHOLE = (*exhibits.RETURNS[:5], "on_time", *exhibits.RETURNS[5:9], "first_recorded_at",
         "last_recorded_at", "due_by")  # fmt: skip
OWED = ("unit", "class", "tasks_due")
DRAWN = 14
"""Rows of the table of units before it scrolls."""


def headline(
    returns: pd.DataFrame, month: parts.ReportMonth, *, filtered: bool, has_progress: bool
) -> None:
    """Which units reported; `returns` are the `month_returns` rows of the month."""
    parts.headline(
        return_findings.month_returns(returns, month, filtered=filtered, has_progress=has_progress)
    )


def basis(returns: pd.DataFrame, month: parts.ReportMonth) -> str:
    """The day the page is judged on, and the day reports are due by."""
    return (
        f"按 {day(month.day)} 的情况判断；{month.start.month} 月进展的报送截止日为 "
        f"{day(returns.due_by.iloc[0])}。"
    )


def is_due(returns: pd.DataFrame, month: parts.ReportMonth) -> bool:
    """Whether the month's return day has passed; before it no unit is counted or urged."""
    return return_findings.is_due(returns, month.known_on)


def tiles(returns: pd.DataFrame) -> None:
    """How many units reported, in time, late, partly or not at all."""
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
                # No 项次 after the figure: beside three digits the tile has no room for it.
                f"{returns.missing.sum():,}",
                f"应报 {returns.tasks_due.sum()} 项次，已报 {returns.reported.sum()} 项次；几个单位共同负责的任务各计一次",
            ),
        ]
    )


def by_class_and_lock(view: parts.View, returns: pd.DataFrame, month: parts.ReportMonth) -> None:
    """The units of each class by how they reported, and beside them the month's lock."""
    left, right = st.columns(2)
    with left:
        parts.draw(view, exhibits.month_returns(returns), key="by_class")
    with right:
        lock(view, returns, month)


def lock(view: parts.View, returns: pd.DataFrame, month: parts.ReportMonth) -> None:
    """Whether the month is closed, and the form that closes or opens it."""
    with st.container(border=True):
        early = None if is_due(returns, month) else returns.due_by.iloc[0].date()
        month_lock(view, month, early)


def units_table(
    view: parts.View, returns: pd.DataFrame, month: parts.ReportMonth, *, judged: bool
) -> None:
    """What each unit owes; `judged`: and what it reported, once the return day has passed in a ledger
    with progress."""
    rows = returns.assign(return_state=returns.state.map(RETURN_STATES))
    columns, whole = (exhibits.RETURNS, WHOLE) if judged else (OWED, (*OWED, "due_by"))
    with st.container(border=True):
        st.markdown(f"**各单位 {month.start.month} 月报送情况**（{len(rows)} 个单位）")
        parts.answer_table(
            view,
            parts.labelled(rows, columns),
            "各单位报送情况",
            "month_returns",
            key="returns",
            height=min(36 * (len(rows) + 1), 36 * DRAWN),
            whole=parts.labelled(rows, whole),
        )
