"""谁没报: which units reported in a month, who has to be urged about what, and closing the month."""

import streamlit as st

from screens import parts
from screens.month import reporting
from screens.month.urging import urge

shown = parts.view("谁没报")
top = st.container()
line = st.container(horizontal=True, vertical_alignment="bottom")
with line:
    shown, month = parts.month_picker(shown)
returns = shown.ask("month_returns", **month.values)
has_progress = bool(shown.ask("completion", by="all").has_progress.any())
with top:
    filtered = shown.filters != parts.NO_FILTERS
    reporting.headline(returns, month, filtered=filtered, has_progress=has_progress)
if returns.empty:
    st.stop()
line.caption(reporting.basis(returns, month))
if not has_progress:
    parts.how_to_report()
    reporting.units_table(shown, returns, month, judged=False)
    reporting.lock(shown, returns, month)
    st.stop()
if not reporting.is_due(returns, month):
    reporting.units_table(shown, returns, month, judged=False)
    reporting.lock(shown, returns, month)
    urge(shown, returns, month, is_due=False)
    st.stop()
reporting.tiles(returns)
reporting.by_class_and_lock(shown, returns, month)
reporting.units_table(shown, returns, month, judged=True)
urge(shown, returns, month)
