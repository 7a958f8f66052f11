"""What narrows the tasks down besides the lists: words, questions asked often, every facet with how many
tasks each value would leave, and ranges of days and numbers."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from metrics.narrowing.facets import FACETS, RANGES, Choice, Facet, Limits, Range
from metrics.narrowing.holding import Explored, Mask
from screens.explore.asking import SOUGHT, choice, choose
from screens.explore.looks import MEMBERS, show, usual
from screens.explore.presets import Preset

PILLS = 9
"""More values than this are a list to type into."""
BESIDE = 4
"""Facets and ranges side by side."""
MORE, PRESET = "more", "preset"


def search(line: DeltaGenerator) -> None:
    """Draw the field for words."""

    def typed() -> None:
        choose(replace_sought(choice(), st.session_state[SOUGHT].strip()))

    st.session_state[SOUGHT] = choice().sought
    line.text_input(
        "查找",
        key=SOUGHT,
        placeholder="词、单位或拼音首字母",
        on_change=typed,
        width=190,
        help="在任务原文、填报说明、佐证材料和单位名称中找；几个词用空格隔开，须都有。单位也可用拼音"
        "首字母，如 fgc 找厅法规处。",
    )


def replace_sought(chosen: Choice, words: str) -> Choice:
    """The same choice with other words."""
    return Choice(chosen.values, words, chosen.excluded, chosen.ranges)


def questions(line: DeltaGenerator, offered: dict[str, Preset], *, judged: bool) -> None:
    """Draw the list of questions asked often; one sets all conditions and how its answer is shown."""

    def asked() -> None:
        if name := st.session_state[PRESET]:
            preset = offered[name]
            choose(preset.choice)
            show(preset.shown, usual(judged=judged))
            st.session_state[PRESET] = None

    line.selectbox(
        "常用问题", list(offered), index=None, key=PRESET, placeholder="选一个问题", on_change=asked,
        width=200, help="设好条件、统计和看法；设好后照样可以再改。",
    )  # fmt: skip


def conditions(explored: Explored) -> None:
    """Draw what is chosen as chips that a click takes off."""
    chosen = choice()
    chips: dict[str, Choice] = {}
    for facet in FACETS:
        for value in chosen[facet.key]:
            chips[f"{facet.label}：{value}"] = chosen.toggled(facet.key, value)
        for value in chosen.excluded.get(facet.key, ()):
            chips[f"{facet.label}不含：{value}"] = chosen.toggled_out(facet.key, value)
    for each in RANGES:
        if each.key in chosen.ranges:
            free = chosen.within(each.key, (None, None))
            (said,) = Choice(ranges={each.key: chosen.ranges[each.key]}).clauses()
            chips[said] = free
    if chosen.sought:
        chips[f"含“{chosen.sought}”"] = replace_sought(chosen, "")
    if not chips:
        return
    key = f"chips_{'|'.join(chips)}"

    def taken_off() -> None:
        for chip in chips:
            if chip not in st.session_state[key]:
                choose(chips[chip])

    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    line.pills(
        "条件（点一下去掉）", list(chips), default=list(chips), selection_mode="multi", key=key,
        on_change=taken_off, wrap=True, label_visibility="collapsed",
    )  # fmt: skip
    line.button(
        "清除全部条件", key="explore_clear", icon=":material/filter_alt_off:", type="tertiary",
        on_click=choose, args=(Choice(),),
    )  # fmt: skip
    gone = [
        value
        for facet in FACETS
        for value in (*chosen[facet.key], *chosen.excluded.get(facet.key, ()))
        if value not in explored.values(facet)
    ]
    if gone:
        st.caption(f"“{'”“'.join(gone)}”在这份台账截至该日的任务中没有。")


def panel(explored: Explored, text: Mask | None, *, judged: bool) -> None:
    """Draw every facet that tells anything apart, and the ranges."""
    chosen = choice()
    counts = explored.counts(chosen, text)
    offered = [
        facet
        for facet in FACETS
        if (judged or not facet.of_progress or chosen[facet.key])
        and (len(explored.values(facet)) > 1 or chosen[facet.key])
    ]
    with st.container(border=True):
        st.caption("同一条件内是“或”，条件之间是“且”；数字是选它会剩下的任务数。")
        _beside([partial(_facet, facet, explored, counts[facet.key]) for facet in offered])
        ranges = [each for each in RANGES if judged or each.key in ("due", "extended_to")]
        _beside([partial(_range, each) for each in ranges])


def _beside(drawn: list[partial[None]]) -> None:
    for first in range(0, len(drawn), BESIDE):
        for place, draw in zip(st.columns(BESIDE), drawn[first : first + BESIDE], strict=False):
            with place:
                draw()


def members(line: DeltaGenerator) -> bool:
    """Draw the switch that counts the tasks of a collective for its members too; whether it is on."""
    return bool(
        line.toggle(
            "集体任务计入成员", value=True, key=MEMBERS, bind="query-params",
            help="打开时，选固原市也包括“五市交通运输局”的任务，与左侧筛选、查找和展开后的“单位情况”"
            "相同；关上时只算台账直接写明的单位。",
        )
    )  # fmt: skip


def _facet(facet: Facet, explored: Explored, counts: dict[str, int]) -> None:
    chosen = choice()[facet.key]
    existing = explored.values(facet)
    gone = [value for value in chosen if value not in existing]
    options = [v for v in existing if counts.get(v) or v in chosen] + gone
    key = f"facet_{facet.key}"

    def changed() -> None:
        choose(choice().having(facet.key, st.session_state[key] or ()))

    st.session_state[key] = list(chosen)

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


def _range(each: Range) -> None:
    """From … to …, either end open."""
    low, high = choice().ranges.get(each.key, (None, None))
    keys = (f"from_{each.key}", f"to_{each.key}")

    def changed() -> None:
        limits: Limits = (st.session_state[keys[0]], st.session_state[keys[1]])
        choose(choice().within(each.key, limits))

    st.session_state[keys[0]], st.session_state[keys[1]] = low, high
    line = st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom")
    for key, word in zip(keys, ("起", "止"), strict=True):
        label = f"{each.label}{'' if each.of_days else f'（{each.unit.strip()}）'} {word}"
        if each.of_days:
            line.date_input(
                label, None, key=key, format="YYYY-MM-DD", on_change=changed, width="stretch",
                min_value=date(2000, 1, 1), max_value=date(2099, 12, 31),
            )  # fmt: skip
        else:
            line.number_input(
                label, value=None, key=key, step=1.0, format="%g", min_value=0.0, on_change=changed,
                width="stretch",
            )  # fmt: skip
