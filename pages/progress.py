"""进展填报: a unit's month on screen, as a form to send out, and received filled in."""

import streamlit as st

from screens import month as monthly
from screens import parts

shown = parts.view("进展填报")
units = monthly.reporting_units(shown)
if not units:
    st.info("这份台账没有由您的单位填报的任务。")
    st.stop()
with st.container(horizontal=True):
    unit = st.selectbox(
        "填报单位",
        units,
        index=units.index(shown.scope.units[0]) if shown.scope.units[:1] in units else 0,
        key="report_unit",
        bind="query-params",
    )
    shown, month = parts.month_picker(shown)
monthly.headline(shown, unit, month)
on_screen, out, back = st.tabs(["在线填报", "发出填报表", "收回填报表"])
with on_screen:
    monthly.fill_in(shown, unit, month)
with out:
    monthly.hand_out(shown, units, unit, month)
with back:
    monthly.receive_forms(shown, units, month)
    monthly.undo_forms(shown, month)
