"""Views under a name: kept, opened, removed, and the view a unit begins with.

Owns what of a page a view holds. The warehouse keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from uuid import UUID

import pandas as pd
import streamlit as st

from metrics.narrowing.facets import Choice
from screens import parts
from screens.explore.asking import choice, choose, kept_choice, written_choice
from screens.explore.looks import (
    COLUMNS,
    COMPARED_ON,
    LISTS,
    RENAMED,
    SETTINGS,
    SWITCHES,
    Setting,
    show,
    usual,
)
from screens.parts import saving
from warehouse.entries.views import LONGEST_NAME, remove_view, save_view, set_default_view
from words import each_row

FORM, BEGUN = "view", "explore_begun"
DAY, KNOWN_ON, KNOWN_UNTIL = "as_of", "known_on", "known_until"
BASIS = ("verified", "as_issued", "as_known")
"""Switches of the sidebar that decide how every figure is judged."""
ASKED_FOR, GONE = "explore_asked_for", "explore_gone"
WITH_TIME = "随时间走"
BY_ITSELF = "（恢复为全部任务）"


def content(chosen: Choice, as_of: date | None = None) -> dict[str, list[str]]:
    """What is chosen and how it is shown, as a view keeps it; the day only where it is to stay."""
    kept = written_choice(chosen) | ({DAY: [f"{as_of}"]} if as_of else {})
    for key in SETTINGS:
        value = st.session_state.get(key)
        if value not in (None, [], ""):
            kept[key] = [str(each) for each in (value if isinstance(value, list) else [value])]
    for key in (*BASIS, *((KNOWN_ON, KNOWN_UNTIL) if st.session_state.get(BASIS[-1]) else ())):
        if value := st.session_state.get(key):
            kept[key] = [str(value)]
    return kept


def open_view(kept: dict[str, list[str]], *, judged: bool) -> None:
    """Show what a view holds. Values that no longer exist stay chosen, and the page says so."""
    choose(kept_choice(kept))
    ask_for(kept)
    settings: dict[str, Setting] = {}
    for key in SETTINGS:
        if key in kept:
            given = kept[key]
            settings[key] = (
                given if key in (COLUMNS, LISTS)
                else given[0] == "True" if key in SWITCHES
                else date.fromisoformat(given[0]) if key == COMPARED_ON
                else RENAMED.get(given[0], given[0])
            )  # fmt: skip
    show(settings, usual(judged=judged))
    moved: dict[str, bool | date | time] = {key: key in kept for key in BASIS}
    for key, read in ((DAY, date), (KNOWN_ON, date), (KNOWN_UNTIL, time)):
        if key in kept:
            moved[key] = read.fromisoformat(kept[key][0])
    st.session_state[parts.MOVED] = {
        key: value for key, value in moved.items() if (st.session_state.get(key) or False) != value
    }


def follow_sidebar() -> None:
    """Run the whole page when a view has moved the sidebar, which a fragment does not draw."""
    if st.session_state.get(parts.MOVED):
        st.rerun()


def ask_for(kept: Mapping[str, Sequence[str]]) -> None:
    """Remember what a view or an address wants the widgets to show, for `gone`."""
    st.session_state[ASKED_FOR] = {
        key: [RENAMED.get(value, value) for value in kept[key]]
        for key in SETTINGS
        if key not in SWITCHES and kept.get(key)
    }


def gone() -> list[str]:
    """What was asked for and is not offered now, such as points of a scheme that was taken back; until
    something else is chosen. To be called when all widgets are drawn."""
    asked = st.session_state.pop(ASKED_FOR, None)
    if asked is not None:
        shown = {key: st.session_state[key] for key in asked if key in st.session_state}
        st.session_state[GONE] = (
            choice(),
            [
                value
                for key, now in shown.items()
                for value in asked[key]
                if value not in (now if isinstance(now, list) else [str(now)])
            ],
        )
    chosen, missing = st.session_state.get(GONE, (None, []))
    return list(missing) if chosen == choice() else []


def begin_with_default(view: parts.View, *, judged: bool) -> None:
    """The default view of the one unit that is chosen, once, unless more is chosen already."""
    units = choice()["unit"]
    unit = units[0] if len(units) == 1 else ""
    if st.session_state.get(BEGUN) == (view.scope.ledger_id, unit):
        return
    st.session_state[BEGUN] = (view.scope.ledger_id, unit)
    if not unit or choice() != Choice({"unit": units}):
        return
    for saved in each_row(view.ask("saved_views")):
        if unit in saved.units.split("、"):
            open_view({"f_unit": list(units)} | json.loads(saved.content), judged=judged)
            saving.report_next_run(FORM, f"按{unit}的默认视图“{saved.name}”显示。")


def views(view: parts.View, *, judged: bool) -> None:
    """The menu of saved views."""
    saved = view.ask("saved_views")
    with st.popover("视图", icon=":material/bookmark:"):
        _open(saved, judged=judged)
        if not view.warehouse.may("保存视图"):
            return
        _save(view)
        if len(saved):
            _begin(view, saved)
            _remove(view, saved)


def _open(saved: pd.DataFrame, *, judged: bool) -> None:
    if saved.empty:
        st.caption("还没有保存的视图。")
        return
    names = list(saved.name)

    def opened() -> None:
        if name := st.session_state.view_opened:
            open_view(json.loads(saved.content[names.index(name)]), judged=judged)
            st.session_state.view_opened = None
            saving.report_next_run(FORM, f"已打开视图“{name}”。")

    st.selectbox(
        "打开视图", names, index=None, key="view_opened", placeholder="选一个", on_change=opened
    )
    st.dataframe(
        pd.DataFrame(
            {"名称": saved.name, "条件": saved.sentence, "保存人": saved.recorded_by, "默认于": saved.units}
        ),
        hide_index=True,
        alt="保存的视图",
    )  # fmt: skip


def _save(view: parts.View) -> None:
    with st.form("save_view", border=False):
        name = st.text_input("把现在的条件和看法保存为", key="view_name", max_chars=LONGEST_NAME)
        fixed = st.radio(
            "打开时的截至日期",
            [WITH_TIME, f"固定在 {view.scope.as_of}"],
            key="view_day",
            horizontal=True,
        )
        author = parts.author(view.warehouse, st, "保存人", key="view_author")
        if not st.form_submit_button("保存视图"):
            return
    chosen = choice()
    sentence = chosen.sentence() or "没有条件"
    saving.save(
        FORM,
        lambda: save_view(
            view.warehouse,
            view.scope.ledger_id,
            name=name,
            content=content(chosen, None if fixed == WITH_TIME else view.scope.as_of),
            sentence=sentence,
            recorded_by=author,
        ),
        f"已保存视图“{name.strip()}”：{sentence}。",
    )


def _begin(view: parts.View, saved: pd.DataFrame) -> None:
    units = list(view.ask("units").unit)
    with st.form("begin_with", border=False):
        unit = st.selectbox("单位的默认视图", units, key="default_unit")
        name = st.selectbox("用", [*saved.name, BY_ITSELF], key="default_name")
        author = parts.author(view.warehouse, st, "经办人", key="default_author")
        if not st.form_submit_button("设为默认"):
            return
    view_id = None if name == BY_ITSELF else UUID(str(saved.set_index("name").view_id[name]))
    saving.save(
        FORM,
        lambda: set_default_view(
            view.warehouse, view.scope.ledger_id, unit, view_id, recorded_by=author
        ),
        f"已取消{unit}的默认视图。"
        if view_id is None
        else f"左侧只选{unit}时，本页从视图“{name}”开始。",
    )


def _remove(view: parts.View, saved: pd.DataFrame) -> None:
    with st.form("remove_view", border=False):
        name = st.selectbox(
            "删除视图", list(saved.name), index=None, key="removed_name", placeholder="选一个"
        )
        reason = st.text_input("删除理由", key="removed_reason")
        author = parts.author(view.warehouse, st, "经办人", key="removed_author")
        if not st.form_submit_button("删除"):
            return
    if name is None:
        st.error("请选择要删除的视图。")
        return
    view_id = UUID(str(saved.set_index("name").view_id[name]))
    saving.save(
        FORM,
        lambda: remove_view(
            view.warehouse, view.scope.ledger_id, view_id, reason=reason, recorded_by=author
        ),
        f"已删除视图“{name}”。",
    )
