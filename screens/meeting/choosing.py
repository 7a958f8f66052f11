"""The quarter a meeting is about, and all its findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from findings import quarter as briefing
from metrics.periods import Quarter, quarters
from screens import parts
from warehouse import today

QUARTER = "quarter"
FOLLOWED = "followed_quarter"
"""Session key: the newest quarter when the picker was last drawn."""


def known_on(view: parts.View) -> date:
    """The day up to which entries are known: today, or an earlier one (按当时已填报)."""
    return min(today(), view.scope.known_at.date())


def offered(view: parts.View) -> list[Quarter]:
    """Every quarter of the ledger that has begun; of none, its first."""
    every = quarters(view.started_on, view.ended_on)
    begun = [quarter for quarter in every if quarter.start <= known_on(view)]
    return begun or every[:1]


def quarter_picker(view: parts.View) -> tuple[parts.View, briefing.MeetingQuarter]:
    """Draw the choice of a quarter, the last one that ended by 截至日期 unless another is chosen.

    Returns the view judged on the quarter's last day, by which the page goes on, and the quarter.
    """
    named = {quarter.name: quarter.end for quarter in offered(view)}
    over = [name for name, end in named.items() if end <= view.scope.as_of]
    newest = over[-1] if over else next(iter(named))
    if st.session_state.get(FOLLOWED, newest) != newest:
        # Another 截至日期 was chosen, so the quarter follows it.
        st.session_state[QUARTER] = newest
    st.session_state[FOLLOWED] = newest
    chosen = st.selectbox(
        "季度",
        list(named),
        index=list(named).index(newest),
        key=QUARTER,
        bind="query-params",
        width=200,
    )
    quarter = briefing.quarter_of(named[chosen], known_on(view), view.ask("meetings"))
    scope = replace(view.scope, as_of=quarter.as_of)
    return parts.judge_cards_by(replace(view, scope=scope)), quarter


def briefing_of(view: parts.View, quarter: briefing.MeetingQuarter) -> briefing.Briefing:
    """All findings on a quarter in the page's scope."""
    return view.made(_worded, quarter)


def _worded(view: parts.View, quarter: briefing.MeetingQuarter) -> briefing.Briefing:
    return briefing.worded(briefing.gather(view.ask, view.scope, quarter, view.ledger))
