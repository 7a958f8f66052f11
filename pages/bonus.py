"""加分扣分: what may be claimed, what has happened, and with what proof."""

import streamlit as st

from findings import progress
from screens import parts
from screens.scores.tables import claim_table

shown = parts.view("加分扣分")
rows = shown.ask("bonus_penalty")
filtered = shown.filters != parts.NO_FILTERS
scored = parts.scored_by_default(shown)
if scored is not None:
    shown = parts.judge_cards_by(scored)
marks = None if scored is None else shown.ask("scores")
parts.headline(progress.bonus_penalty(rows, filtered=filtered, scored=marks is not None))
with st.popover("口径", type="tertiary"):
    parts.definition("bonus_penalty")

for kind, title, note in (
    ("bonus", "加分项", "在任务卡的“填报”中登记申报或认定。"),
    ("penalty", "扣分项", "发生一次登记一次，在任务卡的“填报”中登记。"),
):
    of_kind = rows[rows.kind == kind]
    with st.container(border=True):
        st.markdown(f"**{title} {len(of_kind)} 项**　{note}勾选一行打开任务卡。")
        if marks is None:
            parts.claim_table(shown, of_kind, key=kind, title=title)
        else:
            claim_table(shown, of_kind, marks, key=kind, title=title)
