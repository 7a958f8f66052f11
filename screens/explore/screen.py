"""The page put together: sentence, conditions, months, lists side by side, and below them the rows or
another form of the same answer."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from screens import parts
from screens.explore.asking import choice, follow_address, held, keep_in_address
from screens.explore.grouping import cross, picture
from screens.explore.listing import listing, sentence
from screens.explore.looks import CROSS, LIST, LOOKS, SETTINGS
from screens.explore.measuring import choose_figure
from screens.explore.panel import MORE, conditions, members, panel, questions, search
from screens.explore.presets import FIVE_CITIES, presets
from screens.explore.ranked import choose_lists, lists, strip
from screens.explore.saving import (
    FORM,
    ask_for,
    begin_with_default,
    follow_sidebar,
    gone,
    views,
)
from screens.parts import saving
from words import each_row, is_missing, plain


@st.fragment
def explore(view: parts.View, *, judged: bool) -> None:
    """Everything below the page's line of context. A click runs this alone, not the sidebar.

    `judged`: something was reported, so that states and lamps mean something."""
    with parts.same_version(view):
        _draw(view, judged=judged)


def _draw(view: parts.View, *, judged: bool) -> None:
    top = st.container()
    if parts.CONDITIONS not in st.session_state:
        ask_for({key: st.query_params.get_all(key) for key in SETTINGS})
    follow_address()
    begin_with_default(view, judged=judged)
    follow_sidebar()
    line = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    search(line)
    questions(line, presets(view.ended_on.year, _five_cities(view)), judged=judged)
    counted = st.container()
    switches = st.container(horizontal=True, vertical_alignment="center", gap="small")
    more = switches.toggle("更多条件", key=MORE, bind="query-params")
    expanded = members(switches)
    # A clicked list and the switches change what is held and chosen, so all below follows them.
    scope = replace(view.scope, expanded=expanded)
    tasks_held = held(view, scope)
    chosen = choice()
    keep_in_address(chosen)
    # The first look at a scope, and the first search in it, read everything: seconds for 100,000 tasks.
    with st.spinner("正在查找…"):
        text = tasks_held.sought(chosen)
        tasks = tasks_held.explored.matching(chosen, text)
    with top:
        clauses = [*chosen.clauses(), *([view.filters] if view.filters != parts.NO_FILTERS else [])]
        parts.context_line("自由筛选", view, "、".join(clauses))
        parts.headline(sentence(int(tasks.sum()), chosen.sentence()))
        saving.show_report(FORM)
    told = choose_figure(replace(view, scope=scope), tasks_held, line, judged=judged)
    with line:
        keys = choose_lists(judged=judged)
        views(view, judged=judged)
    with counted:
        conditions(tasks_held.explored)
    if more:
        panel(tasks_held.explored, text, judged=judged)
    strip(tasks_held, tasks, told)
    lists(tasks_held, text, told, keys)
    look = st.segmented_control(
        "看法", LOOKS, default=LIST, required=True, key="look", bind="query-params",
        label_visibility="collapsed", wrap=True,
    )  # fmt: skip
    if look == LIST:
        listing(view, tasks_held, tasks, judged=judged)
    elif look == CROSS:
        cross(view, tasks_held, tasks, told, judged=judged)
    else:
        picture(view, tasks_held, tasks, str(look), told, judged=judged)
    if missing := gone():
        top.caption(f"“{plain('”“'.join(missing))}”现在没有，改为通常的显示。")
    run = get_script_run_ctx()
    if parts.TASK_CARD in st.session_state and run and run.fragment_ids_this_run:
        # app.py opens the card, and a run of this fragment alone does not reach app.py.
        st.rerun()


def _five_cities(view: parts.View) -> tuple[str, ...]:
    """The members of 五市交通运输局, where the ledger names it."""
    return tuple(
        row.unit
        for row in each_row(view.ask("units", view.unfiltered()))
        if not is_missing(row.collectives) and FIVE_CITIES in row.collectives.split("、")
    )
