"""Saving from the card: a refusal is shown as it is worded, a success opens the card anew.

Owns what the visitor has seen of the task: what others entered since is named before anything is
stored, and a save that changes no figure says so and why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from findings import entries
from screens import parts
from screens.parts import saving
from screens.parts.decisions import open_card
from words import plain

CARD = "card"
"""The form that all entries of a card belong to."""
SEEN, NEWS = "card_seen", "card_news"
"""Session keys: the entries of the task as the card showed them last, and what was new in this run."""
FIGURES = ("task_card", "task_units", "task_windows")
"""Questions whose answers an entry may change."""


def newest(view: parts.View) -> parts.View:
    """The view at the data version this thread holds: a card stays open while others write."""
    return replace(view, data_version=view.warehouse.data_version)


def show_news(view: parts.View, task_id: UUID) -> None:
    """What the last save from the card came to, and what was entered of the task since the card
    showed it last; a save in the same run is refused for that."""
    saving.show_report(CARD)
    history = view.ask("task_history", task_id=task_id)
    seen_task, seen = st.session_state.get(SEEN, (None, frozenset()))
    shown = frozenset(zip(history.entry_id.map(str), history.corrected.map(bool), strict=True))
    st.session_state[SEEN] = (task_id, shown)
    news = entries.since(history, seen) if seen_task == task_id else ""
    st.session_state[NEWS] = news
    if news:
        st.warning(
            plain(f"上次看这张任务卡以后，有了新的记录：{news}。"), icon=":material/sync_problem:"
        )


def save_from_card(view: parts.View, task_id: UUID, store: Callable[[], Any]) -> None:
    """Run `store`, which returns the id of what it entered, or nothing where that changes no figure by
    itself; afterwards the card of the task shows what is now known."""
    if st.session_state.get(NEWS):
        st.error("没有存入：填写的时候有了上面的新记录，请核对后再保存一次。")
        return
    before = _figures(view, task_id)

    def report(entry_id: UUID | None) -> str:
        if entry_id is None:
            return ""
        with view.warehouse.anew():
            now = newest(view)
            if not _alike(before, _figures(now, task_id)):
                return ""
            history = now.ask("task_history", task_id=task_id)
        return entries.without_effect(history, entry_id, view.scope.as_of)

    def saved() -> None:
        st.session_state.pop(SEEN, None)
        open_card(task_id)

    saving.save(CARD, store, report, then=saved)


def _figures(view: parts.View, task_id: UUID) -> list[pd.DataFrame]:
    return [view.ask(question, task_id=task_id) for question in FIGURES]


def _alike(before: list[pd.DataFrame], after: list[pd.DataFrame]) -> bool:
    return all(was.equals(now) for was, now in zip(before, after, strict=True))
