"""The report month a page is about: which months there are, and the day each is judged on."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from metrics.periods import ReportMonth, month_ends
from screens.frame.frame import judge_cards_by
from screens.frame.view import View
from warehouse import today

MONTH = "month"
FOLLOWED = "followed_month"
"""Session key: the newest month when the picker was last drawn."""


def month_picker(view: View) -> tuple[View, ReportMonth]:
    """Draw the choice of a month, the newest of 截至日期 unless another is chosen.

    Returns the view judged on the month's day, by which the page goes on, and the month.
    """
    ends = month_ends(view.started_on, view.scope.as_of)[::-1]
    days = {f"{end:%Y-%m}": end for end in ends}
    newest = next(iter(days))
    if st.session_state.get(FOLLOWED, newest) != newest:
        # Another 截至日期 was chosen, so the month follows it.
        st.session_state[MONTH] = newest
    st.session_state[FOLLOWED] = newest
    chosen = st.selectbox("报送月", list(days), key=MONTH, bind="query-params", width=150)
    end = days[chosen]
    month = ReportMonth(end.replace(day=1), end, min(today(), view.scope.known_at.date()))
    return judge_cards_by(replace(view, scope=replace(view.scope, as_of=end))), month
