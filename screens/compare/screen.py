"""The page put together: which two are compared, and the part of the page that compares them."""

from __future__ import annotations

import streamlit as st

from screens import parts
from screens.compare.dates import compare_dates
from screens.compare.editions import compare_editions
from screens.compare.ledgers import compare_ledgers, other_ledgers
from screens.compare.units import compare_units

LEDGERS, EDITIONS, DATES, UNITS = "两份台账", "两个版本", "两个日期", "两个单位"
KINDS = {
    LEDGERS: compare_ledgers,
    EDITIONS: compare_editions,
    DATES: compare_dates,
    UNITS: compare_units,
}


def compare(view: parts.View) -> None:
    """The choice of what is compared, and the comparison; its sentence stands above the choice."""
    top = st.container()
    chosen = st.segmented_control(
        "对照什么", list(KINDS), required=True, key="compare", bind="query-params",
        # The demonstration has one ledger only.
        default=DATES if other_ledgers(view).empty else LEDGERS,
        label_visibility="collapsed",
    )  # fmt: skip
    KINDS[chosen](view, top)
