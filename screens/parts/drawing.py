"""Drawing an exhibit in its box; `findings.exhibits` says what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from findings.exhibits import Exhibit
from metrics.keeping import kept
from screens.frame.view import View
from screens.parts.parts import CHART_CONFIG, answer_table, definition
from words import plain


@kept
def figure(make: partial[Any]) -> Any:
    """The Plotly figure that `make` makes; what uses it must not change it."""
    return make()


def draw(
    view: View,
    exhibit: Exhibit,
    *,
    key: str,
    on_click: Callable[[list[Any]], None] | None = None,
    hint: str = "",
) -> None:
    """One exhibit: its sentence, its definition, its rows, and the figure.

    `on_click` is handed the customdata of a clicked mark; `hint` says what a click does.
    """

    def clicked() -> None:
        points = st.session_state[key].selection.points
        if points and on_click:
            on_click(list(points[0].get("customdata") or []))

    # As tall as its neighbour, so that boxes side by side end on one line.
    with st.container(border=True, height="stretch"):
        head = st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall")
        head.markdown(f"**{plain(exhibit.sentence + hint)}**", width="stretch")
        with head.popover("口径", type="tertiary"):
            definition(exhibit.question)
        with head.popover("数据", type="tertiary"):
            answer_table(view, exhibit.table, exhibit.sentence, exhibit.question, key=f"{key}_rows")
        st.plotly_chart(
            figure(exhibit.figure),
            key=key,
            config=CHART_CONFIG,
            theme=None,
            on_select=clicked if on_click else "ignore",
            selection_mode="points",
        )
