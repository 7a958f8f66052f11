"""The report month a page is about: which months there are, and the day each is judged on."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from metrics.periods import ReportMonth, month_ends
from screens.frame.frame import View
from warehouse import today

MONTH = "month"
FOLLOWED = "followed_month"
"""Session key: the newest month when the picker was last drawn."""


def month_picker(shown: View) -> ReportMonth:
    """Draw the choice of a month, the newest of 截至日期 unless another is chosen.

    From then on the page is about that month: its answers and exports are judged on the month's day.
    """
    ends = month_ends(shown.started_on, shown.scope.as_of)[::-1]
    days = {f"{end:%Y-%m}": end for end in ends}
    newest = next(iter(days))
    if st.session_state.get(FOLLOWED, newest) != newest:
        # Another 截至日期 was chosen, and the month goes with it.
        st.session_state[MONTH] = newest
    st.session_state[FOLLOWED] = newest
    chosen = st.selectbox("报送月", list(days), key=MONTH, bind="query-params", width=150)
    end = days[chosen]
    st.session_state.view = replace(shown, scope=replace(shown.scope, as_of=end))
    return ReportMonth(end.replace(day=1), end, min(today(), shown.scope.known_at.date()))
