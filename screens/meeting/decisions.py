"""议定事项 on screen: those of earlier meetings and how they go, those of this one, and withdrawing one.

Owns the forms. Each stores one entry and empties itself for the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from findings.quarter import DECISION_STATES, Briefing
from screens import parts
from screens.meeting.statements import decision_rows
from screens.parts import saving
from warehouse import today
from warehouse.entries import meetings
from warehouse.store import now
from words import day, day_in_sentence, each_row, is_missing, plain, shorten, spaced

FORM, AUTHOR = "meeting", "meeting_author"
WIDTHS = {
    "预警灯": st.column_config.TextColumn(width=76),
    "例会": st.column_config.TextColumn(width=92),
    "议定事项": st.column_config.TextColumn(width=214),
    "责任单位": st.column_config.TextColumn(width=112),
    "办结期限": st.column_config.TextColumn(width=92),
    "办理状态": st.column_config.TextColumn(width=76),
    "说明": st.column_config.TextColumn(width=118),
    "办理情况": st.column_config.TextColumn(width=122),
    "相关任务": st.column_config.TextColumn(width=76),
}
DAYS_TO_MEETING = 15
"""How long after the quarter a meeting is taken to be held, until its day is entered."""


def show_report() -> None:
    """What the last entry came to, once."""
    saving.show_report(FORM)


def earlier_decisions(view: parts.View, brief: Briefing) -> None:
    """What earlier meetings decided, how each stands, and the form that reports on one."""
    rows = brief.answers.earlier_decisions
    st.markdown(plain(spaced(brief.decided.text)))
    if rows.empty:
        return
    _table(view, rows, "此前例会的议定事项", key="earlier_decisions")
    if _is_hidden(view) or not view.warehouse.may("填报议定事项"):
        return
    with st.expander("填报办理情况"):
        _progress_form(view, rows, brief)


def decisions_of_meeting(view: parts.View, brief: Briefing) -> None:
    """Whether this quarter's meeting is on record, what it decided, and the forms to enter that."""
    quarter = brief.quarter
    decisions = brief.answers.decisions
    decided = decisions[decisions.is_current]
    if quarter.held_on is None:
        st.markdown(f"{spaced(quarter.name)}的例会还没有登记。先登记召开日期，再逐件登记议定事项。")
    else:
        st.markdown(
            f"{spaced(quarter.name)}的例会于 {day_in_sentence(quarter.held_on)}召开，登记议定事项 {len(decided)} 件。"
        )
    if len(decided):
        _table(view, decided, "本次例会的议定事项", key="own_decisions")
    if _is_hidden(view):
        st.info("现在看的是当时已填报的情况，不能登记；关闭左侧的“按当时已填报”后再办理。")
        return
    if not view.warehouse.may("登记季度例会"):
        return
    if quarter.held_on is None:
        _meeting_form(view, brief)
        return
    # Decisions are entered one after another, so the form stays open for the next one.
    with st.expander("登记议定事项", expanded=decided.empty or saving.entries_stored(FORM) > 0):
        _decision_form(view, brief)
    with st.expander("撤销登记错的"):
        _withdrawal_form(view, brief)


def _table(view: parts.View, rows: pd.DataFrame, title: str, *, key: str) -> None:
    readable = decision_rows(rows)
    st.dataframe(
        readable.assign(
            议定事项=[parts.grid_text(text, 40) for text in readable["议定事项"]],
            责任单位=[parts.grid_text(text, 19) for text in readable["责任单位"]],
            办理情况=[parts.grid_text(text, 21) for text in readable["办理情况"]],
        ),
        hide_index=True,
        column_config=WIDTHS,
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(rows), 500),
        alt=title,
    )
    parts.download(view, readable, title, "meeting_decisions", key=key)


def _is_hidden(view: parts.View) -> bool:
    return view.scope.known_at < now()


def _field(name: str) -> str:
    """The key of a field that is empty again after each entry."""
    return saving.field(FORM, name)


def _author(view: parts.View, place: Any, label: str, *, key: str) -> str:
    """Who enters this: whoever entered the last one on this visit, unless another name is typed."""
    last = st.session_state.get(AUTHOR, "")
    return parts.author(view.warehouse, place, label, value=last, key=_field(key))


def _store(store: Callable[[], Any], report: str, recorded_by: str) -> None:
    """Store an entry; stored, its author's name stands in the next form."""

    def remember_author() -> None:
        st.session_state[AUTHOR] = recorded_by

    saving.save(FORM, store, report, then=remember_author)


def _meeting_form(view: parts.View, brief: Briefing) -> None:
    end = brief.quarter.end
    with st.form("meeting"):
        left, right = st.columns(2)
        held_on = left.date_input(
            "召开日期",
            value=min(today(), end + timedelta(days=DAYS_TO_MEETING)),
            max_value=today(),
            format="YYYY-MM-DD",
            key=f"held_on_{end}",
        )
        recorded_by = _author(view, right, "经办人", key="meeting_by")
        was_pressed = st.form_submit_button("登记例会", type="primary")
    if was_pressed:
        _store(
            lambda: meetings.hold_meeting(
                view.warehouse,
                view.scope.ledger_id,
                quarter_ended_on=end,
                held_on=held_on,
                recorded_by=recorded_by,
            ),
            spaced(f"已登记{brief.quarter.name}的例会。"),
            recorded_by,
        )


def _decision_form(view: parts.View, brief: Briefing) -> None:
    units = view.ask("units")
    unit_ids = dict(zip(units.unit, units.unit_id, strict=True))
    tasks = {
        f"第 {row.number} 项　{shorten(row.task, 40)}": row.task_id
        for row in each_row(brief.answers.tasks)
    }
    with st.form("decision"):
        text = st.text_area("议定事项", height=80, key=_field("text"))
        first, second, third = st.columns(3)
        unit = first.selectbox(
            "责任单位", list(unit_ids), index=None, placeholder="未明确", key=_field("unit")
        )
        due_on = second.date_input(
            "办结期限", value=None, format="YYYY-MM-DD", key=_field("due_on")
        )
        recorded_by = _author(view, third, "经办人", key="decision_by")
        task = st.selectbox(
            "相关任务", list(tasks), index=None, placeholder="没有相关任务", key=_field("task")
        )
        was_pressed = st.form_submit_button("登记这件", type="primary")
    if was_pressed:
        _store(
            lambda: meetings.decide(
                view.warehouse,
                UUID(str(brief.quarter.meeting_id)),
                text=text,
                unit_id=UUID(str(unit_ids[unit])) if unit else None,
                due_on=due_on,
                task_id=UUID(str(tasks[task])) if task else None,
                recorded_by=recorded_by,
            ),
            "已登记一件议定事项。",
            recorded_by,
        )


def _progress_form(view: parts.View, rows: pd.DataFrame, brief: Briefing) -> None:
    last = min(brief.quarter.as_of, today())
    open_first = rows.sort_values("is_closed", kind="stable")
    named = {_name(row): row for row in each_row(open_first)}
    with st.form("decision_progress"):
        chosen = st.selectbox("议定事项", list(named), key=_field("which"))
        first, second, third = st.columns(3)
        state = first.selectbox(
            "办理状态", list(DECISION_STATES), index=2, format_func=DECISION_STATES.__getitem__,
            key=_field("state"),
        )  # fmt: skip
        effective_on = second.date_input(
            "日期", value=last, max_value=last, format="YYYY-MM-DD", key=f"decision_reported_{last}"
        )
        recorded_by = _author(view, third, "填报人", key="progress_by")
        narrative = st.text_area(
            "办理情况", height=80, placeholder="不再办理须写明理由", key=_field("narrative")
        )
        was_pressed = st.form_submit_button("存入", type="primary")
    if was_pressed:
        _store(
            lambda: meetings.report_decision(
                view.warehouse,
                UUID(str(named[chosen].decision_id)),
                state=state,
                effective_on=effective_on,
                recorded_by=recorded_by,
                narrative=narrative,
            ),
            "已存入办理情况。",
            recorded_by,
        )


@dataclass(frozen=True)
class Entry:
    """An entry that may be withdrawn."""

    kind: str
    entry_id: Any


def _withdrawal_form(view: parts.View, brief: Briefing) -> None:
    decisions = brief.answers.decisions
    entries: dict[str, Entry] = {}
    for row in each_row(decisions[decisions.is_current]):
        entries[f"议定事项：{_name(row)}"] = Entry("decision", row.decision_id)
    for row in each_row(decisions[decisions.decision_progress_id.notna()]):
        progress = f"办理情况：{_name(row)}，{day(row.told_on)} {DECISION_STATES[row.state]}"
        entries[progress] = Entry("decision_progress", row.decision_progress_id)
    held = f"例会登记：{day(brief.quarter.held_on)} 召开"
    entries[held] = Entry("meeting", brief.quarter.meeting_id)
    with st.form("meeting_withdrawal"):
        chosen = st.selectbox("撤销哪一条", list(entries), key=_field("withdrawn"))
        left, right = st.columns([2, 1])
        reason = left.text_input("理由", key=_field("reason"))
        recorded_by = _author(view, right, "经办人", key="withdrawal_by")
        was_pressed = st.form_submit_button("撤销")
    if was_pressed:
        entry = entries[chosen]
        _store(
            lambda: meetings.withdraw(
                view.warehouse,
                entry.kind,
                UUID(str(entry.entry_id)),
                reason=reason,
                recorded_by=recorded_by,
            ),
            "已撤销，原记录留在变更记录中。",
            recorded_by,
        )


def _name(row: Any) -> str:
    """What a decision is called in a list of choices; its meeting tells it from a like one."""
    unit = "" if is_missing(row.unit) else f"（{row.unit}）"
    return f"{day(row.held_on)}　{shorten(row.text, 36)}{unit}"
