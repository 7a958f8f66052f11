"""补分建议: the cheapest points still to be won, and what doing them comes to."""

import streamlit as st

from findings import scores
from metrics import planning
from screens import parts
from screens.scores.winning import choice_of, what_if

shown = parts.scored_view("补分建议")
if shown is None:
    st.stop()
if shown.ask("scores").empty:
    parts.headline(scores.NOTHING_IN_SCOPE)
    st.stop()
scope = shown.scope
# What is still to be won may be filtered; what it adds up to is the whole ledger's score.
whole = shown.unfiltered()
cap = None if shown.scheme is None else shown.scheme.bonus_cap_cents
now = planning.standing(shown.ask("scores", whole), cap)
rows = shown.ask("open_points")
parts.headline(scores.still_to_win(now, rows, scope.as_of, shown.assessed_on))
if scope.as_of >= shown.assessed_on:
    st.info(
        "把左侧的截至日期改到评估日以前，可以看那一天还能补的分；评估日在“评分方案”页修改。",
        icon=":material/event:",
    )
if rows.empty:
    st.stop()
with st.popover("口径", type="tertiary"):
    parts.definition("open_points")
    st.markdown(
        "最省力的办法是在所列的步骤中求得的：工作量合计最小而总分不少于目标，不是逐项估计；"
        "任务和加分总上限、分档的台阶、缺项折算都已计入。筛选后只在所列的任务中找。"
    )
what_if(shown, choice_of(rows, now))
