"""指标完成率: by 一级指标, down to 二级指标 and tasks, and against another date."""

import streamlit as st

from screens import parts
from screens.progress import dates, indicators

shown = parts.view("指标完成率")
top = st.container()
if indicators.pick_rates():
    dates.compare_dates(shown, top)
    st.stop()
by_level1 = shown.ask("completion", by="level1")
with top:
    indicators.headline(shown, by_level1)
if by_level1.empty:
    st.stop()
if not by_level1.has_progress.any():
    parts.how_to_report()
indicators.level1_rates(shown, by_level1)
indicators.indicator_tasks(shown, by_level1)
parts.lamp_legend(shown)
