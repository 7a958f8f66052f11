"""加分扣分: what may be claimed, what has happened, and the points of both where a scheme sets any."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from findings import progress
from screens import parts
from screens.scores.tables import claim_table

KINDS = (
    ("bonus", "加分项", "在任务卡的“填报”中登记申报或认定。"),
    ("penalty", "扣分项", "发生一次登记一次，在任务卡的“填报”中登记。"),
)


def claims(view: parts.View) -> None:
    """`bonus_penalty` rows; by the newest scheme, where there is one, with their marks."""
    rows = view.ask("bonus_penalty")
    scored = parts.scored_by_default(view)
    parts.headline(
        progress.bonus_penalty(
            rows, filtered=view.filters != parts.NO_FILTERS, scored=scored is not None
        )
    )
    with st.popover("口径", type="tertiary"):
        parts.definition("bonus_penalty")
    if scored is not None:
        # A card opened from here shows the marks first.
        parts.judge_cards_by(scored)
    for kind, title, note in KINDS:
        _of_kind(scored or view, rows[rows.kind == kind], kind, title, note)


def _of_kind(view: parts.View, rows: pd.DataFrame, kind: str, title: str, note: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{title} {len(rows)} 项**　{note}勾选一行打开任务卡。")
        if view.scoring:
            claim_table(view, rows, view.ask("scores"), key=kind, title=title)
        else:
            parts.claim_table(view, rows, key=kind, title=title)
