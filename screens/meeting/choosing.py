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
    """Draw the choice of a quarter: the one that the address names, else the last that ended by
    截至日期.

    Returns the view judged on the quarter's last day, by which the page goes on, and the quarter.
    """
    named = {quarter.name: quarter.end for quarter in offered(view)}
    over = [name for name, end in named.items() if end <= view.scope.as_of]
    newest = over[-1] if over else next(iter(named))
    if st.session_state.get(FOLLOWED, newest) != newest:
        # Another 截至日期 was chosen, so the quarter follows it.
        st.query_params.pop(QUARTER, None)
    st.session_state[FOLLOWED] = newest
    asked = st.query_params.get(QUARTER, newest)
    st.session_state[QUARTER] = asked if asked in named else newest
    chosen = st.selectbox("季度", list(named), key=QUARTER, width=200, on_change=_name_quarter)
    if st.query_params.get(QUARTER) != chosen:
        # Always in the address, the newest quarter too: one that is sent means the same meeting later.
        st.query_params[QUARTER] = chosen
    quarter = briefing.quarter_of(named[chosen], known_on(view), view.ask("meetings"))
    scope = replace(view.scope, as_of=quarter.as_of)
    return parts.judge_cards_by(replace(view, scope=scope)), quarter


def _name_quarter() -> None:
    st.query_params[QUARTER] = st.session_state[QUARTER]


def briefing_of(view: parts.View, quarter: briefing.MeetingQuarter) -> briefing.Briefing:
    """All findings on a quarter in the page's scope."""
    return briefing.brief(briefing.gather(view.ask, view.scope, quarter, view.ledger))
