"""总览: how far the ledger is, in one screen."""

import streamlit as st

from screens import parts
from screens.parts import draw, exhibits
from screens.progress import overview

shown = parts.view("总览")
# First of all: it has every day judged at once, on which the other answers rest.
trend = shown.ask("trend", days=shown.month_ends)
by_level1 = shown.ask("completion", by="level1")
total = parts.only_row(shown.ask("completion", by="all"))
overview.headline(shown, total, by_level1)
if total is not None and total.has_progress:
    overview.total_tiles(shown, total)
    left, right = st.columns(2)
    with left:
        completion = exhibits.completion(by_level1, shown.ledger.behind_yellow_points)
        draw(shown, completion, key="completion")
    with right:
        draw(shown, exhibits.lamps(by_level1), key="lamps")
    overview.worst_tasks(shown)
    left, right = st.columns(2)
    with left:
        draw(shown, exhibits.trend(trend, beside=len(by_level1)), key="trend")
    with right:
        draw(shown, overview.since_last_month(shown), key="changes")
    parts.lamp_legend(shown)
elif total is not None:
    overview.unreported(shown, by_level1)
overview.reading(shown)
