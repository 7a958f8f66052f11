"""Closing a report month and opening it again, with who did so before and why."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from findings import returns
from screens import parts
from screens.parts import saving
from warehouse import ALL_KNOWN
from warehouse.entries import records
from words import day, day_in_sentence, plain

OUTCOMES = {"closed": "锁定", "reopened": "解锁"}
FORM = "month_lock"


def month_lock(view: parts.View, month: parts.ReportMonth, early: date | None) -> None:
    """Whether the month is closed, its history, and the form that closes or opens it. `early`: the
    month's return day, while it has not passed."""
    scope = view.scope
    locks = view.ask("month_locks", month_start=month.start)
    is_closed = len(locks) > 0 and locks.outcome.iloc[0] == "closed"
    head = st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall")
    head.markdown("**报送月锁定**", width="stretch")
    with head.popover("口径", type="tertiary"):
        parts.definition("month_locks")
    icon = ":material/lock:" if is_closed else ":material/lock_open:"
    st.markdown(f"{icon} {plain(returns.month_lock(locks, month.start))}")
    saving.show_report(FORM)
    if scope.known_at != ALL_KNOWN:
        st.info(f"正按 {day(scope.known_at)} 当时已填报查看，不能锁定或解锁。")
    elif view.warehouse.may("锁定报送月"):
        _form(view, month, None if is_closed else early, is_closed=is_closed, version=len(locks))
    if len(locks) > 1:
        st.dataframe(
            pd.DataFrame(
                {
                    "时间": locks.recorded_at.dt.strftime("%Y-%m-%d %H:%M"),
                    "操作": locks.outcome.map(OUTCOMES),
                    "操作人": locks.recorded_by,
                    "理由": locks.reason,
                    "锁定后补记": locks.entered_after.map("{} 条".format),
                }
            ),
            hide_index=True,
            alt="报送月锁定的经过",
        )


def _form(
    view: parts.View, month: parts.ReportMonth, early: date | None, *, is_closed: bool, version: int
) -> None:
    """Who closes or opens the month, and why; `early`: the return day before which closing has to be
    confirmed. `version` empties the reason for the next time."""
    st.caption("锁定后仍可补记和更正，每条注明“锁定后补记”。")
    action = "解锁" if is_closed else "锁定本月"
    with st.form(f"lock_{month.start}_{version}", border=False):
        left, right = st.columns([1, 2])
        recorded_by = parts.author(view.warehouse, left, "操作人", key="lock_by")
        reason = right.text_input(
            "理由",
            key=f"lock_reason_{version}",
            placeholder="解锁须写明理由" if is_closed else "可不填",
        )
        confirmed = early is None or st.checkbox(
            f"报送截止日（{day_in_sentence(early)}）还没有过，仍要锁定", key=f"lock_early_{version}"
        )
        pressed = st.form_submit_button(action, type="secondary" if is_closed else "primary")
    if not pressed:
        return
    if not recorded_by.strip():
        st.error("请填写操作人。")
        return
    if early is not None and not confirmed:
        st.error(
            f"{month.start.month} 月的报送截止日（{day_in_sentence(early)}）还没有过，单位还在报送。"
            "确实要提前锁定，请勾选“仍要锁定”；否则请在截止日之后锁定。"
        )
        return
    saving.save(
        FORM,
        lambda: records.close_month(
            view.warehouse,
            view.scope.ledger_id,
            month.start,
            closed=not is_closed,
            recorded_by=recorded_by,
            reason=reason,
        ),
        f"{month.start.month} 月已{'解锁' if is_closed else '锁定'}。",
    )
