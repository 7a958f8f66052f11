"""The facets beside the rows: every value with how many tasks it would leave."""

from __future__ import annotations

import streamlit as st

from metrics.narrowing.facets import FACETS, Choice, Facet
from metrics.narrowing.holding import Explored, Mask
from screens.explore.asking import SOUGHT, choice, choose

PILLS = 9
"""More values than this are a list to type into."""
OF_PROGRESS = ("state", "lamp", "signal", "verified")
"""Facets that would call missed what was never reported."""
SELDOM = ("class", "deadline", "cadence", "verified", "edition", "source")
"""Facets that wait behind a switch: sixteen at once are a long list, and slow to draw."""


def panel(explored: Explored, text: Mask | None, *, judged: bool) -> None:
    """Draw the search and the facets that can narrow anything down."""
    chosen = choice()
    _search(chosen)
    offered = [
        facet for facet in FACETS if judged or facet.key not in OF_PROGRESS or chosen[facet.key]
    ]
    often = [facet for facet in offered if facet.key not in SELDOM]
    seldom = [facet for facet in offered if facet.key in SELDOM]
    counts = explored.counts(chosen, text)
    for facet in often:
        _facet(facet, explored, chosen, counts[facet.key])
    more = st.toggle("更多条件", key="more", bind="query-params", help=_named(seldom))
    for facet in seldom:
        if more or chosen[facet.key]:
            _facet(facet, explored, chosen, counts[facet.key])


def _named(facets: list[Facet]) -> str:
    return "、".join(facet.label for facet in facets)


def _search(chosen: Choice) -> None:
    def typed() -> None:
        choose(Choice(choice().values, st.session_state[SOUGHT].strip()))

    st.session_state[SOUGHT] = chosen.sought
    st.text_input(
        "查找",
        key=SOUGHT,
        placeholder="词或单位",
        on_change=typed,
        help="在任务原文、填报说明、佐证材料和单位名称中找；几个词用空格隔开，须都有。单位也可用拼音"
        "首字母，如 fgc 找厅法规处。",
    )


def _facet(facet: Facet, explored: Explored, chosen: Choice, counts: dict[str, int]) -> None:
    """One facet; one that tells nothing apart is left out unless something of it is chosen."""
    existing = explored.values(facet)
    gone = [value for value in chosen[facet.key] if value not in existing]
    if len(existing) < 2 and not chosen[facet.key]:
        return
    options = [v for v in existing if counts.get(v) or v in chosen[facet.key]] + gone
    key = f"facet_{facet.key}"

    def changed() -> None:
        choose(choice().having(facet.key, st.session_state[key] or ()))

    st.session_state[key] = list(chosen[facet.key])

    def shown(value: str) -> str:
        return f"{value}　{counts.get(value, 0):,}"

    if len(existing) > PILLS:
        st.multiselect(
            facet.label, options, key=key, format_func=shown, on_change=changed, placeholder="不限"
        )
    elif options:
        st.pills(
            facet.label, options, selection_mode="multi", key=key, format_func=shown,
            on_change=changed, wrap=True,
        )  # fmt: skip
    if gone:
        st.caption(f"“{'”“'.join(gone)}”在这份台账截至该日的任务中没有。")
