"""The quarter on the page: its sentence, its figures, and its statements section by section."""

from __future__ import annotations

import streamlit as st

from findings import exhibits, progress
from findings.quarter import Briefing
from screens import parts
from screens.meeting.statements import statements
from words import day, plain, rate, spaced


def headline(brief: Briefing) -> None:
    """The quarter in one sentence."""
    if brief.answers.total is None:
        parts.headline(progress.overview(None, brief.answers.by_level1, brief.quarter.as_of))
    else:
        parts.headline(spaced(brief.headline))


def basis(brief: Briefing) -> str:
    """The day the page is judged on, and what it is compared with."""
    quarter = brief.quarter
    pending = "" if quarter.is_over else "本季度尚未结束；"
    return (
        f"{pending}按 {day(quarter.as_of)} 的情况判断，"
        f"与{plain(spaced(quarter.compared_with))}比较。"
    )


def tiles(brief: Briefing) -> None:
    """The quarter in figures; of a ledger without progress, how to report some."""
    answers = brief.answers
    total = answers.total
    if total is None or not brief.has_progress:
        parts.how_to_report()
        return
    counts = answers.changes.change.value_counts()
    since = spaced(f"与{brief.quarter.compared_with}相比")
    parts.tiles(
        [
            (
                "完成率",
                rate(total),
                f"适用 {total.applicable} 项，完成 {total.done} 项",
            ),
            ("新完成", f"{counts.get('finished', 0)} 项", since),
            ("新逾期", f"{counts.get('overdue', 0)} 项", f"{since}；现逾期共 {total.overdue} 项"),
            ("新滞后", f"{counts.get('slipped', 0)} 项", f"{since}；现滞后共 {total.behind} 项"),
            ("好转", f"{counts.get('recovered', 0)} 项", f"{since}，不再逾期或滞后、尚未完成的"),
            (
                *("红灯", f"{total.red} 项", parts.lamps_explained(answers.ledger)["red"]),
                f"其中逾期 {total.overdue} 项",
            ),
        ]
    )


def standing(view: parts.View, brief: Briefing) -> None:
    """How far the ledger is, what comes next, and which points can still be won."""
    judged = brief.has_progress
    st.subheader("总体情况", anchor=False)
    statements(view, brief.overall, key="overall", judged=judged)
    statements(view, [brief.next_quarter], key="next", judged=judged)
    statements(view, brief.year_end_sentences, key="year_end", judged=judged)
    statements(view, [brief.still_to_win], key="points", judged=judged)


def changes(view: parts.View, brief: Briefing) -> None:
    """What changed since the last meeting, and how far the indicators are."""
    answers, quarter = brief.answers, brief.quarter
    st.subheader(spaced(f"与{quarter.compared_with}相比"), anchor=False)
    statements(view, brief.changes, key="changes", judged=brief.has_progress)
    if not brief.has_progress:
        parts.draw(view, exhibits.task_counts(answers.by_level1), key="meeting_counts")
        return
    left, right = st.columns(2)
    with left:
        parts.draw(view, brief.completion, key="meeting_completion")
    with right:
        parts.draw(view, brief.comparison, key="meeting_changes")


def units(view: parts.View, brief: Briefing) -> None:
    """How the units of a class rank, and which have not reported."""
    st.subheader("同类单位排名", anchor=False, help="按完成率排，并列同名次；不同类别不相互比较。")
    statements(view, brief.ranking, key="ranking")
    st.subheader("报送情况", anchor=False)
    statements(view, brief.reporting, key="reporting")


def to_decide(view: parts.View, brief: Briefing) -> None:
    """What the meeting is asked to decide."""
    st.subheader("提请议定", anchor=False)
    statements(view, brief.to_decide, key="to_decide")
