"""查找: from every page, by what a person types: filters as chips, tasks, units, pages and definitions.

Draws what `metrics.narrowing.phrases` understood and leads there; narrows nothing down itself.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

import metrics
from metrics.narrowing.facets import BY_KEY
from metrics.narrowing.phrases import Understood, Vocabulary
from metrics.narrowing.searching import LEAST_INITIALS, alike, both_scripts, initials
from screens import parts
from screens.frame.menu import PAGES
from warehouse import today
from words import each_row, plain, shorten

TYPED = "search_phrase"
FOUND = 6
"""Of each kind so many are listed."""


def offer() -> None:
    """Draw the button that opens the search, in the sidebar of every page."""
    with st.sidebar:
        if st.button(
            "查找", key="search", icon=":material/search:", shortcut="Ctrl+K", width="stretch"
        ):
            st.session_state[TYPED] = ""
            _search(parts.view_of_card())


@st.dialog("查找", width="medium")
def _search(view: parts.View) -> None:
    typed = st.text_input(
        "查什么",
        key=TYPED,
        placeholder="如：厅运输处 红灯 三季度末；五市 逾期；第 12 项；fgc",
        help="单位可以用简称或拼音首字母；任务可以用编号或文字；也可以查页面和口径的名称。",
    )
    if not typed.strip():
        return
    with view.warehouse.snapshot():
        tasks = view.ask("task_list", view.unfiltered(), signal="all", row_limit=metrics.NO_LIMIT)
        found = _vocabulary(view, tasks).read(typed)
        sought = [word for word in found.unknown if len(_with_words(tasks, word))]
        pages, definitions = _pages(typed), _definitions(typed)
        unknown = [] if pages or definitions else [w for w in found.unknown if w not in sought]
        if unknown:
            st.warning(f"没有看懂“{'”“'.join(map(plain, unknown))}”，其余的照下面查。")
        _filters(view, found, sought)
        _tasks(tasks, found, sought)
        _units(view, typed)
        _links("页面", pages)
        for title, meaning in definitions.items():
            with st.expander(f"口径：{title}"):
                st.markdown(plain(meaning))


def _vocabulary(view: parts.View, tasks: pd.DataFrame) -> Vocabulary:
    return Vocabulary(
        view.ask("units", view.unfiltered()).unit,
        view.short_names.values(),
        tasks.level2.dropna().unique(),
        view.ended_on.year,
        today(),
    )


def _filters(view: parts.View, found: Understood, sought: list[str]) -> None:
    """What was understood as chips that can be taken off, and the way to the tasks they leave."""
    chips = {
        f"{BY_KEY[facet].label}：{value}": (facet, value)
        for facet, values in found.choice.values.items()
        for value in values
    }
    chips |= {f"文字：{word}": ("q", word) for word in sought}
    if found.as_of is not None:
        if view.started_on <= found.as_of:
            chips[f"截至：{found.as_of}"] = ("as_of", str(found.as_of))
        else:
            st.warning(f"{found.as_of} 在这份台账开始之前，没有用作截至日期。")
    if not chips:
        return
    kept = st.pills(
        "条件（点一下去掉）", list(chips), default=list(chips), selection_mode="multi",
        key=f"search_chips_{'|'.join(chips)}", wrap=True,
    )  # fmt: skip
    address: dict[str, list[str]] = {}
    for chip in kept:
        key, value = chips[chip]
        address.setdefault(key if key in ("q", "as_of") else f"f_{key}", []).append(value)
    words = address.pop("q", [])
    if words:
        address["q"] = [" ".join(words)]
    as_of = found.as_of if address.pop("as_of", None) else None
    if st.button(
        "看符合条件的任务", key="search_go", type="primary",
        disabled=not address and as_of is None, on_click=_begin_anew, args=(as_of,),
    ):  # fmt: skip
        st.switch_page(
            "pages/explore.py",
            query_params=[(key, value) for key, values in address.items() for value in values],
        )


def _begin_anew(as_of: date | None) -> None:
    """Nothing of an earlier choice is left beside the conditions that were found."""
    parts.forget_filters()
    if as_of is not None:
        st.session_state.as_of = as_of


def _tasks(tasks: pd.DataFrame, found: Understood, sought: list[str]) -> None:
    """The tasks named by number, and those in which every word stands that is no condition."""
    rows = tasks[tasks.number.isin(found.numbers)]
    if sought:
        with_all = tasks
        for word in sought:
            with_all = _with_words(with_all, word)
        rows = pd.concat([rows, with_all]).drop_duplicates("task_id")
    if missing := [number for number in found.numbers if number not in set(tasks.number)]:
        st.info(f"这份台账没有第 {'、'.join(map(str, missing))} 项任务。")
    if rows.empty:
        return
    st.markdown(f"**任务 {len(rows)} 项**")
    for row in each_row(rows.head(FOUND)):
        text = plain(shorten(row.task, 60))
        if st.button(f"第 {row.number} 项　{text}", key=f"found_{row.number}", type="tertiary"):
            st.session_state[parts.TASK_CARD] = row.task_id
            st.rerun()


def _with_words(tasks: pd.DataFrame, word: str) -> pd.DataFrame:
    texts = tasks.task.map(alike)
    found = pd.Series(data=False, index=tasks.index)
    for spelling in both_scripts(word):
        found |= texts.str.contains(spelling, regex=False)
    return tasks[found]


def _units(view: parts.View, typed: str) -> None:
    """Units whose name has what was typed, or whose initials are begun with it."""
    word = alike(typed).strip()
    names = [
        name
        for name in view.ask("units", view.unfiltered()).unit
        if word in alike(name)
        or (word.isascii() and len(word) >= LEAST_INITIALS and word in initials(name))
    ]
    _links("单位", {name: ("unit", {"focus": name}) for name in names[:FOUND]})


def _pages(typed: str) -> dict[str, tuple[str, dict[str, str]]]:
    word = alike(typed).strip()
    return {title: (name, {}) for name, title in PAGES.items() if word in alike(title)}


def _definitions(typed: str) -> dict[str, str]:
    word = alike(typed).strip()
    found = [asked for asked in metrics.questions() if len(word) > 1 and word in alike(asked.title)]
    return {asked.title: asked.definition for asked in found[:FOUND]}


def _links(kind: str, links: dict[str, tuple[str, dict[str, str]]]) -> None:
    if not links:
        return
    st.markdown(f"**{kind}**")
    line = st.container(horizontal=True, gap="small")
    for title, (name, address) in links.items():
        line.page_link(f"pages/{name}.py", label=plain(title), query_params=address)
