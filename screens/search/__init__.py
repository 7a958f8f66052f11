"""查找: from every page, by what a person types: filters as chips, tasks, units, pages and definitions.

Draws what `metrics.narrowing.phrases` understood and leads there; narrows nothing down itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import metrics
from metrics.narrowing.facets import BY_KEY
from metrics.narrowing.names import LEAST_INITIALS, alike, initials
from metrics.narrowing.phrases import SPACES, Understood, Vocabulary
from metrics.narrowing.searching import both_scripts
from screens import parts
from screens.frame.menu import PAGES
from warehouse import today
from words import day, each_row, plain, shorten

TYPED = "search_phrase"
"""Session key of the text box; web/search.js puts the cursor there by this name."""
FOUND = 6
"""Of each kind so many are listed."""


def offer(place: DeltaGenerator) -> None:
    """Draw the button that opens the search."""
    if place.button(
        "查找", key="search", icon=":material/search:", shortcut="Ctrl+K", width="stretch"
    ):
        st.session_state[TYPED] = ""
        parts.put_card_away()
        _search(parts.view_of_card())


@st.dialog("查找", width="medium")
def _search(view: parts.View) -> None:
    typed = st.text_input(
        "输入后按回车",
        key=TYPED,
        placeholder="如：厅运输处 红灯 三季度末；五市 逾期；第 12 项；fgc",
        help="单位可以用简称或拼音首字母；任务可以用编号或文字；也可以查页面和口径的名称。",
    )
    words = [word for word in SPACES.split(alike(typed)) if word]
    if not words:
        return
    with view.warehouse.snapshot() as snapshot:
        # The dialog stays open while others write.
        view = replace(view, data_version=snapshot.data_version)
        tasks = view.ask("task_list", view.unfiltered(), signal="all", row_limit=metrics.NO_LIMIT)
        found = _vocabulary(view, tasks).read(typed)
        pages, definitions = _pages(words), _definitions(words)
        units = _units(view, words, found.choice["unit"])
        # What is left of a page's name, as 预警 of 逾期预警, is not looked for in the tasks.
        names = "、".join(title for title in map(alike, pages) if title in words)
        sought = [
            word for word in found.unknown if word not in names and len(_with_words(tasks, word))
        ]
        listed = [*sought, *units, *pages, *definitions, *definitions.values()]
        unknown = [word for word in found.unknown if not any(word in alike(at) for at in listed)]
        if unknown:
            rest = listed or found.numbers or found.as_of or found.choice.values
            st.warning(
                f"没有看懂{''.join(f'“{plain(word)}”' for word in unknown)}，"
                + ("其余的照下面查。" if rest else "请换一个说法，或点右边的问号看能查什么。")
            )
        _filters(view, found, sought)
        _tasks(tasks, found, sought)
        _links("单位", {name: ("unit", {"focus": name}) for name in units})
        _links("页面", {title: (name, {}) for title, name in pages.items()})
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
        latest = max(view.ended_on, today())
        if view.started_on <= found.as_of <= latest:
            chips[f"截至：{found.as_of}"] = ("as_of", str(found.as_of))
        else:
            st.warning(
                f"{day(found.as_of)} 不在这份台账可以查看的 {day(view.started_on)} 至 {day(latest)} 之间，"
                "没有用作截至日期。"
            )
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
    if "q" in address:
        address["q"] = [" ".join(address["q"])]
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
    more = f"，列出前 {FOUND} 项" if len(rows) > FOUND else ""
    st.markdown(f"**任务**（{len(rows)} 项{more}）")
    with st.container(gap="xxsmall"):
        for row in each_row(rows.sort_values("number").head(FOUND)):
            text = f"第 {row.number} 项　{plain(shorten(row.task, 60))}"
            if st.button(text, key=f"found_{row.number}", type="tertiary", wrap=False):
                st.session_state[parts.TASK_CARD] = row.task_id
                st.rerun()


def _with_words(tasks: pd.DataFrame, word: str) -> pd.DataFrame:
    texts = tasks.task.map(alike)
    found = pd.Series(data=False, index=tasks.index)
    for spelling in both_scripts(word):
        found |= texts.str.contains(spelling, regex=False)
    return tasks[found]


def _units(view: parts.View, words: list[str], understood: Iterable[str]) -> list[str]:
    """The units that were understood, then those in whose name or its initials a word stands."""
    named = [
        name
        for name in view.ask("units", view.unfiltered()).unit
        if any(
            word in alike(name) or (word.isascii() and word in initials(name))
            for word in words
            if len(word) >= LEAST_INITIALS
        )
    ]
    return list(dict.fromkeys([*understood, *named]))[:FOUND]


def _pages(words: list[str]) -> dict[str, str]:
    """Title → name of the pages in whose title a word stands."""
    return {title: name for name, title in PAGES.items() if _stands_in(title, words)}


def _definitions(words: list[str]) -> dict[str, str]:
    """Title → meaning of the questions in whose title a word stands, or else in their meaning."""
    asked = metrics.questions()
    found = [one for one in asked if _stands_in(one.title, words)] or [
        one for one in asked if _stands_in(one.definition, words)
    ]
    return {one.title: one.definition for one in found[:FOUND]}


def _stands_in(text: str, words: list[str]) -> bool:
    return any(len(word) >= LEAST_INITIALS and word in alike(text) for word in words)


def _links(kind: str, links: dict[str, tuple[str, dict[str, str]]]) -> None:
    if not links:
        return
    st.markdown(f"**{kind}**")
    line = st.container(horizontal=True, gap="small")
    for title, (name, address) in links.items():
        line.page_link(f"pages/{name}.py", label=plain(title), query_params=address)
