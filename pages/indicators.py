"""指标完成率: by 一级指标, down to 二级指标 and tasks, and against another date."""

import streamlit as st

from screens import parts
from screens.progress import dates, indicators

shown = parts.view("指标完成率")
top = st.container()
if indicators.pick_rates():
    dates.compare_dates(shown, top)
else:
    indicators.rates_of_day(shown, top)
