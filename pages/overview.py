"""总览: how far the ledger is, in one screen."""

import streamlit as st

from screens import parts
from screens.parts import draw, exhibits
from screens.progress import overview

shown = parts.view("总览")
# First of all: every day is judged at once, on which the other answers rest.
trend = shown.ask("trend", days=shown.month_ends) if shown.ledger.has_progress else None
total = parts.only_row(shown.ask("completion", by="all"))
by_level1 = shown.ask("completion", by="level1")
overview.headline(shown, total, by_level1)
if trend is not None and total is not None and total.has_progress:
    brief = overview.briefing_of(shown)
    overview.tiles(brief)
    left, right = st.columns([5, 6])
    with left:
        overview.indicators(shown, by_level1)
    with right:
        overview.to_attend(brief)
    overview.worst_tasks(shown, brief.answers.reasons)
    left, right = st.columns(2)
    with left:
        draw(shown, exhibits.trend(trend, beside=len(by_level1)), key="trend")
    with right:
        draw(shown, exhibits.lamps(by_level1), key="lamps")
    parts.lamp_legend(shown)
elif total is not None:
    overview.unreported(shown, by_level1)
overview.reading(shown)
