"""The page put together: which two are compared, and the part of the page that compares them."""

from __future__ import annotations

import streamlit as st

import ui
from comparing.ledgers import compare_ledgers

LEDGERS = "两份台账"
KINDS = {LEDGERS: compare_ledgers}


def compare(shown: ui.View) -> None:
    """The choice of what is compared, and the comparison; its sentence stands above the choice."""
    top = st.container()
    chosen = st.segmented_control(
        "对照什么", list(KINDS), default=LEDGERS, required=True, key="compare",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    KINDS[chosen](shown, top)
