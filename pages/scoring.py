"""自评打分: the score, how it comes about, and every task's part in it."""

import streamlit as st

from screens import parts
from screens.scores import score_page, self_assessment
from screens.scores.comparing import compare

shown = parts.scored_view("自评打分")
if shown is None:
    st.stop()
totals = shown.ask("score_totals", by="all")
by_level1 = shown.ask("score_totals", by="level1")
rows = shown.ask("scores")
has_progress = bool(shown.ask("completion", shown.unfiltered(), by="all").has_progress.any())
score_page.headline(shown, totals, has_progress=has_progress)
if rows.empty:
    st.stop()
if not has_progress:
    parts.how_to_report()
score_page.total_tiles(totals)
score_page.parts_of_total(shown, by_level1)
score_page.task_scores(shown, by_level1, rows)
score_page.claims(shown, rows)
score_page.trend(shown)
with st.container(border=True):
    self_assessment.hand_out(shown)
    if shown.scheme is not None:
        self_assessment.receive_reviews(shown)
compare(shown)
