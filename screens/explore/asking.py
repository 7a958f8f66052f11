"""What the page holds of a scope, and what the visitor has chosen: kept in the address and over visits.

Owns the cache of what is held, which all sessions share, and the choice of this session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import pandas as pd
import pyarrow as pa
import streamlit as st

import metrics
from metrics import Scope
from metrics.narrowing.facets import FACETS, RANGES, Choice, read_limits, written_limits
from metrics.narrowing.holding import Explored, Mask
from metrics.narrowing.searching import Texts
from metrics.narrowing.tabling import table_of
from metrics.periods import month_ends
from screens import parts
from warehouse import Warehouse
from words import KINDS

SOUGHT = "q"
NAMES = (
    *(f"{prefix}_{facet.key}" for facet in FACETS for prefix in "fx"),
    *(f"r_{each.key}" for each in RANGES),
    SOUGHT,
)
"""Of the parameters by which the address says what is chosen."""
SHARED = ("unit", "level1", "kind")
"""Facets that are the filters of the sidebar on other pages."""


@dataclass
class Held:
    """One scope's tasks, ready for everything the page does with them. Shared and never changed."""

    warehouse: Warehouse
    scope: Scope
    started_on: date
    """The ledger's first day."""

    @cached_property
    def explored(self) -> Explored:
        """The tasks and duties."""
        return self._explored(self.months)

    @cached_property
    def compared(self) -> Explored:
        """The same without the months before, for the other side of a comparison."""
        return self._explored(None)

    def _explored(self, months: pd.DataFrame | None) -> Explored:
        return Explored(
            metrics.ask(self.warehouse, "explored_tasks", self.scope),
            metrics.ask(self.warehouse, "explored_duties", self.scope),
            self.scope.as_of,
            months,
        )

    @cached_property
    def months(self) -> pd.DataFrame:
        """How every task stood at the end of each month up to the day, the last of them the day."""
        days = month_ends(self.started_on, self.scope.as_of)
        return metrics.ask(self.warehouse, "explored_months", self.scope, days=days)

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


def held(view: parts.View, scope: Scope | None = None, started_on: date | None = None) -> Held:
    """What is held of the view's scope, or another one, at its data version."""
    asked = view.warehouse
    return _held(
        asked,
        str(asked.path),
        view.data_version,
        scope or view.scope,
        started_on or view.started_on,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _held(_warehouse: Any, path: str, data_version: int, scope: Scope, started_on: date) -> Held:
    # path and data_version are the key: another database or newer data is another answer.
    del path, data_version
    return Held(_warehouse, scope, started_on)


def choice() -> Choice:
    """What is chosen; at first what the address says. The facets that every other page has in the
    sidebar are chosen there and here alike."""
    if parts.CONDITIONS not in st.session_state:
        address = {key: st.query_params.get_all(key) for key in st.query_params}
        given = kept_choice(address)
        brought = {
            key: tuple(values)
            for key in SHARED
            if (values := _on_other_pages(key) or st.query_params.get_all(key))
        }
        choose(replace(given, values=brought | dict(given.values)))
    chosen: Choice = st.session_state[parts.CONDITIONS]
    for key in SHARED:
        chosen = chosen.having(key, _on_other_pages(key))
    return chosen


def follow_address() -> None:
    """Take the choice of an address that is not the one the page wrote: the browser went back or on."""
    known = st.session_state.get(parts.ADDRESS)
    if known is not None and (said := _in_address()) != known:
        choose(kept_choice(said))


def _in_address() -> dict[str, list[str]]:
    return {name: values for name in NAMES if (values := st.query_params.get_all(name))}


def choose(chosen: Choice) -> None:
    """Take another choice; the page shows it at its next run."""
    for key in SHARED:
        codes = {word: code for code, word in _words(key).items()}
        st.session_state[key] = [codes.get(word, word) for word in chosen[key]]
    st.session_state[parts.CONDITIONS] = chosen


def written_choice(chosen: Choice) -> dict[str, list[str]]:
    """A choice as an address and a saved view keep it. Prefixed, because the sidebar's filters are
    called unit, level1 and kind in the address: f_ chosen, x_ left out, r_ from … to …."""
    kept = {f"f_{key}": list(values) for key, values in chosen.values.items()}
    kept |= {f"x_{key}": list(values) for key, values in chosen.excluded.items()}
    kept |= {f"r_{key}": [written_limits(limits)] for key, limits in chosen.ranges.items()}
    if chosen.sought:
        kept[SOUGHT] = [chosen.sought]
    return kept


def kept_choice(kept: Mapping[str, Iterable[str]]) -> Choice:
    """The choice that an address or a saved view keeps; a range that is none is left out."""

    def of(prefix: str) -> dict[str, tuple[str, ...]]:
        return {
            facet.key: values
            for facet in FACETS
            if (values := tuple(kept.get(f"{prefix}_{facet.key}", ())))
        }

    ranges = {
        each.key: limits
        for each in RANGES
        if (limits := read_limits(each, next(iter(kept.get(f"r_{each.key}", ())), "")))
    }
    return Choice(of("f"), next(iter(kept.get(SOUGHT, ())), ""), of("x"), ranges)


def _on_other_pages(key: str) -> list[str]:
    """The values of a facet that the sidebar of other pages has chosen."""
    words = _words(key)
    return [words.get(code, code) for code in st.session_state.get(key) or ()]


def _words(key: str) -> dict[str, str]:
    """What a value of the sidebar is called as a value of the facet."""
    return {"level1": parts.view_of_card().short_names, "kind": KINDS}.get(key, {})


def keep_in_address(chosen: Choice) -> None:
    """Let the address say what is chosen, so that a colleague who opens it sees the same."""
    wanted = written_choice(chosen)
    # Under the names of the sidebar they would come back from the address on the next page.
    for name in (*NAMES, *SHARED):
        if st.query_params.get_all(name) == wanted.get(name, []):
            continue
        if name in wanted:
            st.query_params[name] = wanted[name]
        else:
            del st.query_params[name]
    st.session_state[parts.ADDRESS] = wanted
