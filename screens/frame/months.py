"""The report month a page is about: which months there are, and the day each is judged on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

import metrics
from screens.frame.frame import judge_cards_by
from screens.frame.view import View
from warehouse import today

MONTH = "month"
FOLLOWED = "followed_month"
"""Session key: the newest month when the picker was last drawn."""


@dataclass(frozen=True)
class ReportMonth:
    """One report month, as far as 截至日期 lets it be seen."""

    start: date
    day: date
    """The day it is judged on: its last one, or 截至日期 where that comes before."""
    known_on: date
    """The day up to which entries are known: today, or an earlier one (按当时已填报)."""

    def __str__(self) -> str:
        return f"{self.start.year} 年 {self.start.month} 月"

    @property
    def eve(self) -> date:
        """The day before it began."""
        return self.start - timedelta(days=1)

    @property
    def values(self) -> dict[str, Any]:
        """What the questions about a month ask for."""
        return {"month_start": self.start, "eve": self.eve}


def month_picker(view: View) -> tuple[View, ReportMonth]:
    """Draw the choice of a month, the newest of 截至日期 unless another is chosen.

    Returns the view judged on the month's day, by which the page goes on, and the month.
    """
    ends = metrics.month_ends(view.started_on, view.scope.as_of)[::-1]
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
