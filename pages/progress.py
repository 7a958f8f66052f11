"""进展填报: a unit's month on screen, as a form to send out, and taken back."""

import streamlit as st

from findings import returns
from screens import month as monthly
from screens import parts

shown = parts.view("进展填报")
units = monthly.reporting_units()
with st.container(horizontal=True):
    unit = st.selectbox(
        "填报单位",
        units,
        index=units.index(shown.scope.units[0]) if shown.scope.units[:1] in units else 0,
        key="report_unit",
        bind="query-params",
    )
    month = parts.month_picker(shown)
rows = monthly.month_of_unit(unit, month)
parts.headline(returns.unit_month(unit, str(month), rows))
if closed := returns.entered_after(parts.ask("month_locks", month_start=month.start), month.start):
    st.info(closed, icon=":material/lock:")
on_screen, out, back = st.tabs(["在线填报", "发出填报表", "收回填报表"])
with on_screen:
    monthly.fill_in(unit, month)
with out:
    monthly.hand_out(units, unit, month)
with back:
    monthly.take_back(units, month)
