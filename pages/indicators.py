"""指标完成率: by 一级指标, down to 二级指标 and tasks, and against another date."""

import streamlit as st

from screens import parts
from screens.progress import indicators

shown = parts.view("指标完成率")
by_level1 = shown.ask("completion", by="level1")
indicators.headline(shown, by_level1)
if by_level1.empty:
    st.stop()
has_progress = bool(by_level1.has_progress.any())
if not has_progress:
    parts.how_to_report()
indicators.level1_rates(shown, by_level1)
indicators.indicator_tasks(shown, by_level1)
if has_progress:
    indicators.against_another_day(shown)
parts.lamp_legend(shown)
