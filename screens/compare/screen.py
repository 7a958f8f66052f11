"""The page put together: which two are compared, and the part of the page that compares them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from screens import parts
from screens.compare.editions import compare_editions
from screens.compare.ledgers import compare_ledgers, other_ledgers
from screens.compare.units import compare_units

LEDGERS, EDITIONS, UNITS = "两份台账", "两个版本", "两个单位"
KINDS = {
    LEDGERS: compare_ledgers,
    EDITIONS: compare_editions,
    UNITS: compare_units,
}


def compare(view: parts.View, title: str) -> None:
    """The choice of what is compared, and the comparison; its line of context and its sentence stand
    above the choice."""
    top = st.container()
    chosen = st.segmented_control(
        "对照什么", list(KINDS), required=True, key="compare", bind="query-params",
        # The demonstration has one ledger only.
        default=UNITS if other_ledgers(view).empty else LEDGERS,
        label_visibility="collapsed",
    )  # fmt: skip
    with top:
        # Units are chosen on the page, and ledgers and editions are compared whole.
        scope = replace(view.scope, units=()) if chosen == UNITS else view.unfiltered()
        parts.context_line(title, replace(view, scope=scope))
    KINDS[chosen](view, top)
