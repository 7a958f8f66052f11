"""Statements on screen: each opens the rows it counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from findings.quarter import DECISION_STATES, Sentence
from metrics.keeping import kept
from screens import parts
from words import NEEDS, RETURN_STATES, day, each_row, is_missing, lamp, plain, score, spaced

TASKS = ["lamp", "number", "task", "units", "due", "reason"]
UNJUDGED_TASKS = ["number", "short_name", "task", "units", "due"]
"""Where nothing was reported, nothing is judged."""
UNITS = ["unit", "rank_in_class", "applicable", "done", "done_rate", "overdue", "behind"]
RETURNS = ["unit", "class", "return_state", "tasks_due", "reported", "late", "missing"]
RATES = [
    "short_name", "applicable", "done", "done_rate", "due_rate", "mean_percent", "expected_percent",
    "ahead_points",
]  # fmt: skip


def statements(
    view: parts.View, sentences: Sequence[Sentence], *, key: str, judged: bool = True
) -> None:
    """Each sentence on a line; one that counts rows opens them."""
    for sentence in sentences:
        rows = sentence.rows
        if rows is None or rows.empty:
            # Set like the label of an expander, but without one: there are no rows to show.
            st.markdown(f":small[{plain(spaced(sentence.text))}]")
            continue
        key_of_line = f"{key}_{sentence.key}"
        line = st.expander(
            plain(spaced(sentence.text)), key=f"open_{key_of_line}", on_change="rerun"
        )
        # Rows that nobody opened are not sent to the browser: of a large ledger they are thousands.
        if line.open:
            with line:
                title = spaced(re.split("[：，。]", sentence.text)[0])
                _rows(view, rows, title, sentence.question, key=key_of_line, judged=judged)


def _rows(
    view: parts.View, rows: pd.DataFrame, title: str, question: str, *, key: str, judged: bool
) -> None:
    if question in READABLE:
        parts.answer_table(view, READABLE[question](rows), title, question, key=key)
    else:
        columns = TASKS if judged else UNJUDGED_TASKS
        parts.task_table(view, rows, columns, question, key=key, title=title)


def _task_of(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {"编号": rows.number, "目标任务": rows.task, "责任单位": rows.units.fillna("")}


def _completions(rows: pd.DataFrame) -> pd.DataFrame:
    """Completions that wait for the office, as a person reads them."""
    done = {"完成单位": rows.unit, "完成日期": rows.done_on.map(day)}
    return pd.DataFrame(_task_of(rows) | done)


def _requests(rows: pd.DataFrame) -> pd.DataFrame:
    """Requests for more time, as a person reads them."""
    days = {"现期限": rows.due_then.map(day), "申请延至": rows.new_due_on.map(day)}
    return pd.DataFrame(_task_of(rows) | days | {"理由": rows.reason})


def _to_win(rows: pd.DataFrame) -> pd.DataFrame:
    """Tasks with points still to be won, as a person reads them."""
    step = {"可补": rows.won_cents.map(score), "做什么": rows.needs.map(NEEDS)}
    return pd.DataFrame(_task_of(rows) | step | {"工作量": rows.step_effort.map(str)})


@kept
def decision_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `meeting_decisions` as a person reads them."""
    return pd.DataFrame(
        {
            "预警灯": rows.lamp.map(lamp),
            "例会": rows.held_on.map(day),
            "议定事项": rows.text,
            "责任单位": rows.unit.fillna("未明确"),
            "办结期限": ["未定" if is_missing(due) else day(due) for due in rows.due_on],
            "办理状态": rows.state.map(DECISION_STATES),
            "说明": rows.reason,
            "办理情况": rows.narrative.fillna(""),
            "相关任务": [
                "" if is_missing(row.number) else f"第 {row.number} 项" for row in each_row(rows)
            ],
        }
    )


def _returns(rows: pd.DataFrame) -> pd.DataFrame:
    return parts.labelled(rows.assign(return_state=rows.state.map(RETURN_STATES)), RETURNS)


READABLE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "completion": partial(parts.labelled, columns=RATES),
    "extension_requests": _requests,
    "meeting_decisions": decision_rows,
    "month_returns": _returns,
    "open_points": _to_win,
    "reported_completions": _completions,
    "unit_workload": partial(parts.labelled, columns=UNITS),
}
"""Question → its rows as a person reads them; the rows of every other question are tasks."""
