"""What the page holds of a scope, and what the visitor has chosen: kept in the address and over visits.

Owns the cache of what is held, which all sessions share, and the choice of this session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import streamlit as st

import metrics
from metrics import Scope
from metrics.narrowing.facets import FACETS, Choice
from metrics.narrowing.holding import Explored, Mask
from metrics.narrowing.searching import Texts
from metrics.narrowing.tabling import table_of
from screens import parts
from warehouse import Warehouse
from words import KINDS, each_row, is_missing

SOUGHT = "q"
SHARED = ("unit", "level1", "kind")
"""Facets that are the filters of the sidebar on other pages."""


@dataclass
class Held:
    """One scope's tasks, ready for everything the page does with them. Shared and never changed."""

    warehouse: Warehouse
    scope: Scope

    @cached_property
    def explored(self) -> Explored:
        """The tasks and duties."""
        return Explored(
            metrics.ask(self.warehouse, "explored_tasks", self.scope),
            metrics.ask(self.warehouse, "explored_duties", self.scope),
            self.scope.as_of,
            {
                row.unit: tuple(row.collectives.split("、"))
                for row in each_row(metrics.ask(self.warehouse, "units", self.scope))
                if not is_missing(row.collectives)
            },
        )

    @cached_property
    def texts(self) -> Texts:
        """What is searched; read when somebody searches."""
        answer = metrics.ask(self.warehouse, "explored_texts", self.scope)
        return Texts(self.explored, answer)

    @cached_property
    def scheme(self) -> pd.Series | None:
        """The newest version of the 评分方案, as `schemes` has it; None without any."""
        schemes = metrics.ask(self.warehouse, "schemes", self.scope)
        return None if schemes.empty else schemes.iloc[0]

    @cached_property
    def lost_points(self) -> pd.Series | None:
        """Task → its full marks less its own mark under `scheme`, of base tasks that have marks and
        are not 缺项; asked for when somebody wants to see it. None without a scheme."""
        if self.scheme is None:
            return None
        scored = replace(self.scope, scheme_id=UUID(str(self.scheme.scheme_id)))
        scores = metrics.ask(self.warehouse, "scores", scored)
        marked = scores[(scores.kind == "base") & scores.full_cents.notna() & ~scores.is_absent]
        return ((marked.full_cents - marked.self_cents) / 100).set_axis(marked.task_id)

    @cached_property
    def table(self) -> pa.Table:
        """Every task with every column."""
        return table_of(self.explored)

    def sought(self, choice: Choice) -> Mask | None:
        """Which tasks have the words sought; None when none are."""
        return self.texts.matching(choice.sought) if choice.sought else None


def held(view: parts.View) -> Held:
    """What is held of the view's scope at its data version."""
    asked = view.warehouse
    return _held(asked, str(asked.path), view.data_version, view.scope)


@st.cache_resource(max_entries=6, show_spinner=False)
def _held(_warehouse: Any, path: str, data_version: int, scope: Scope) -> Held:
    # path and data_version are the key: another database or newer data is another answer.
    del path, data_version
    return Held(_warehouse, scope)


def choice() -> Choice:
    """What is chosen; at first what the address says. The facets that every other page has in the
    sidebar are chosen there and here alike."""
    if parts.CONDITIONS not in st.session_state:
        # Prefixed f_: the sidebar's filters are called unit, level1 and kind in the address.
        given = {
            facet.key: tuple(values)
            for facet in FACETS
            if (values := st.query_params.get_all(f"f_{facet.key}"))
        }
        brought = {
            key: tuple(values)
            for key in SHARED
            if (values := _on_other_pages(key) or st.query_params.get_all(key))
        }
        choose(Choice(brought | given, st.query_params.get(SOUGHT, "")))
    chosen: Choice = st.session_state[parts.CONDITIONS]
    for key in SHARED:
        chosen = chosen.having(key, _on_other_pages(key))
    return chosen


def choose(chosen: Choice) -> None:
    """Take another choice; the page shows it at its next run."""
    for key in SHARED:
        codes = {word: code for code, word in _words(key).items()}
        st.session_state[key] = [codes.get(word, word) for word in chosen[key]]
    st.session_state[parts.CONDITIONS] = chosen


def _on_other_pages(key: str) -> list[str]:
    """The values of a facet that the sidebar of other pages has chosen."""
    words = _words(key)
    return [words.get(code, code) for code in st.session_state.get(key) or ()]


def _words(key: str) -> dict[str, str]:
    """What a value of the sidebar is called as a value of the facet."""
    return {"level1": parts.view_of_card().short_names, "kind": KINDS}.get(key, {})


def keep_in_address(chosen: Choice) -> None:
    """Let the address say what is chosen, so that a colleague who opens it sees the same."""
    wanted = {f"f_{key}": list(values) for key, values in chosen.values.items()}
    if chosen.sought:
        wanted[SOUGHT] = [chosen.sought]
    # Under the names of the sidebar they would come back from the address on the next page.
    ours = [*(f"f_{facet.key}" for facet in FACETS), SOUGHT, *SHARED]
    for name in ours:
        if st.query_params.get_all(name) == wanted.get(name, []):
            continue
        if name in wanted:
            st.query_params[name] = wanted[name]
        else:
            del st.query_params[name]
