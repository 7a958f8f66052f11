"""The quarter a meeting is about, and everything said about it."""

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


def known_on() -> date:
    """The day up to which entries are known: today, or an earlier one (按当时已填报)."""
    return min(today(), st.session_state.view.scope.known_at.date())


def offered(shown: parts.View) -> list[Quarter]:
    """Every quarter of the ledger that has begun; of none, its first."""
    every = quarters(shown.started_on, shown.ended_on)
    begun = [quarter for quarter in every if quarter.start <= known_on()]
    return begun or every[:1]


def quarter_picker(shown: parts.View) -> briefing.MeetingQuarter:
    """Draw the choice of a quarter, the last one that ended by 截至日期 unless another is chosen.

    From then on the page is about that quarter: its answers and exports are judged on its last day.
    """
    named = {quarter.name: quarter.end for quarter in offered(shown)}
    over = [name for name, end in named.items() if end <= shown.scope.as_of]
    newest = over[-1] if over else next(iter(named))
    if st.session_state.get(FOLLOWED, newest) != newest:
        # Another 截至日期 was chosen, and the quarter goes with it.
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
    quarter = briefing.quarter_of(named[chosen], known_on(), parts.ask("meetings"))
    scope = replace(shown.scope, as_of=quarter.as_of)
    st.session_state.view = replace(shown, scope=scope)
    return quarter


def briefing_of(quarter: briefing.MeetingQuarter) -> briefing.Briefing:
    """All that is said about a quarter in the page's scope."""
    shown: parts.View = st.session_state.view
    return briefing.brief(briefing.gather(parts.ask, shown.scope, quarter, shown.ledger))
