"""佐证缺口: what each task still has to prove, and the points that depend on it."""

import streamlit as st

from screens import parts
from screens.scores import gaps

shown = parts.scored_view("佐证缺口")
if shown is None or not gaps.headline(shown):
    st.stop()
gaps.listed(shown, shown.ask("evidence_gaps"))
