"""逾期预警: what is overdue, what falls due, what lags, and who has not reported."""

import streamlit as st

from screens import parts
from screens.progress import overdue

shown = parts.view("逾期预警")
total = parts.only_row(shown.ask("completion", by="all"))
ages = shown.ask("overdue_ages")
overdue.headline(shown, total, ages)
if total is None:
    st.stop()
has_progress = bool(total.has_progress)
if has_progress:
    overdue.ages_and_units(shown, total, ages)
else:
    parts.how_to_report()
overdue.due_dates(shown, judged=has_progress)
overdue.lists(shown, judged=has_progress)
parts.lamp_legend(shown)
