"""Tables whose rows are ticked for a decision, and storing the decision.

A tick belongs to what the row showed, not to its place: another visitor may have stored something
since, so rows move, change and go. What the ticked rows were called is kept from run to run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from findings import verdicts
from screens import parts
from screens.frame.view import View
from screens.parts import saving
from warehouse import today
from warehouse.store import now

FORM = "decision"
"""All forms that decide on ticked rows: their tabs share the place of the report."""


@dataclass(frozen=True)
class Ticked:
    """The ticked rows, by position in the table as it is now, and the names of those that are not
    in it any longer as they were."""

    positions: list[int]
    gone: list[str]


def ticking_table(
    view: View,
    shown: pd.DataFrame,
    identities: Mapping[Any, str],
    *,
    key: str,
    columns: dict[str, Any],
    title: str,
    many: bool,
) -> Ticked:
    """Draw the rows and return which are ticked.

    `identities` has for each row, in order, all that a decision on it rests on, and what to call it.
    """
    scope = view.scope
    known = list(identities)
    seen_scope, seen = st.session_state.get(f"{key}_seen", (None, {}))
    marked = st.session_state.get(key, {"selection": {"rows": []}})["selection"]["rows"]
    before = list(seen)
    ticked = [before[row] for row in marked if row < len(before)] if seen_scope == scope else []
    positions = [known.index(each) for each in ticked if each in identities]
    if (scope, known) != (seen_scope, before):
        st.session_state[key] = {"selection": {"rows": positions}}
    st.session_state[f"{key}_seen"] = (scope, identities)
    st.dataframe(
        shown,
        hide_index=True,
        key=key,
        column_config=columns,
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(shown), 38 + parts.ROW_HEIGHT * 6),
        on_select="rerun",
        selection_mode="multi-row" if many else "single-row",
        placeholder="—",
        alt=title,
    )
    return Ticked(positions, [seen[each] for each in ticked if each not in identities])


def forget_ticks(key: str) -> None:
    """Nothing is ticked the next time the table is drawn."""
    st.session_state.pop(f"{key}_seen", None)


def warn_of(ticked: Ticked, *, was_pressed: bool) -> None:
    """Say which ticks fell away because somebody stored something meanwhile."""
    if ticked.gone and was_pressed:
        st.error(verdicts.no_longer_as_shown(ticked.gone))
    elif ticked.gone:
        st.warning(verdicts.unticked(ticked.gone), icon=":material/sync_problem:")


def decide(store: Callable[[], Any], report: str, key: str) -> None:
    """Store a decision on the ticked rows of the table `key`; stored, nothing is ticked any longer."""
    saving.save(FORM, store, report, then=lambda: forget_ticks(key))


def field(name: str) -> str:
    """The key of a field that is empty again after each decision."""
    return saving.field(FORM, name)


def show_report() -> None:
    """What the last decision came to, once."""
    saving.show_report(FORM)


def what_is_hidden(view: View) -> str:
    """Why nothing can be decided in this view, or nothing."""
    if view.scope.known_at < now():
        return "现在看的是当时已填报的情况，不能核验和审批；关闭左侧的“按当时已填报”后再办理。"
    return ""


def day_of(view: View, place: Any, label: str, *, key: str) -> date:
    """A day up to the one the page is judged on: a later decision would not be seen here."""
    last = min(view.scope.as_of, today())
    return place.date_input(
        label, value=last, max_value=last, format="YYYY-MM-DD", key=f"{key}_{last}"
    )


def open_card(task_id: Any) -> None:
    """Ask for the task's card at the end of the next run."""
    st.session_state[parts.TASK_CARD] = task_id
