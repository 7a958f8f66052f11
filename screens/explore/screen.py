"""The page put together: sentence, facets, and the rows as a list, a cross table or a chart."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from metrics.narrowing.facets import Choice
from screens import parts
from screens.explore.asking import choice, choose, held, keep_in_address
from screens.explore.grouping import BARS, CROSS, HEAT, LINES, STACKED, TREE, cross, picture
from screens.explore.listing import listing, sentence
from screens.explore.panel import panel
from screens.explore.saving import FORM, begin_with_default, views
from screens.parts import saving

LIST = "清单"
LOOKS = (LIST, CROSS, BARS, STACKED, HEAT, LINES, TREE)


@st.fragment
def explore(view: parts.View, *, judged: bool) -> None:
    """Everything below the page's line of context. A click runs this alone, not the sidebar.

    `judged`: something was reported, so that states and lamps mean something."""
    with parts.same_version(view):
        _draw(view, judged=judged)


def _draw(view: parts.View, *, judged: bool) -> None:
    top = st.container()
    held_tasks = held(view)
    begin_with_default(view)
    chosen = choice()
    keep_in_address(chosen)
    # The first look at a scope, and the first search in it, read everything: seconds for 100,000 tasks.
    with st.spinner("正在查找…"):
        text = held_tasks.sought(chosen)
        tasks = held_tasks.explored.matching(chosen, text)
    with top:
        clauses = [*chosen.clauses(), *([view.filters] if view.filters != parts.NO_FILTERS else [])]
        parts.context_line("自由筛选", view, "、".join(clauses))
    parts.headline(sentence(int(tasks.sum()), chosen.sentence()))
    saving.show_report(FORM)
    left, right = st.columns([2, 7], gap="small")
    with left:
        if chosen.clauses():
            st.button(
                "清除全部条件", key="explore_clear", icon=":material/filter_alt_off:",
                on_click=choose, args=(Choice(),),
            )  # fmt: skip
        panel(held_tasks.explored, text, judged=judged)
    with right:
        line = st.container(horizontal=True, vertical_alignment="center")
        look = line.segmented_control(
            "看法", LOOKS, default=LIST, required=True, key="look", bind="query-params",
            label_visibility="collapsed", wrap=True,
        )  # fmt: skip
        with line:
            views(view)
        if look == LIST:
            listing(view, held_tasks, tasks, judged=judged)
        elif look == CROSS:
            cross(view, held_tasks, tasks, judged=judged)
        else:
            picture(view, held_tasks, tasks, look, judged=judged)
    run = get_script_run_ctx()
    if parts.TASK_CARD in st.session_state and run and run.fragment_ids_this_run:
        # app.py opens the card, and a run of this fragment alone does not reach app.py.
        st.rerun()
