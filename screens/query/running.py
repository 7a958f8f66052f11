"""The running query of this session: started, watched and stopped.

Owns what was asked and answered in this session.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from screens import parts
from screens.query import history
from warehouse import WarehouseError
from warehouse.sandbox.refusals import Refusal
from warehouse.sandbox.sandbox import Answer, Copy, Extent, Query, QueryRefused, copy_of

PATIENCE = 1.5
"""Seconds the page waits for an answer before it shows the button that stops the query."""
RUNNING, ASKED = "query_running", "query_asked"


@dataclass(frozen=True)
class Asked:
    """A query that has come to its end, and what it was asked of."""

    sql: str
    copy: Copy
    outcome: Answer | Refusal


def copy_for(view: parts.View) -> Copy:
    """The tables a query sees: those of the sidebar's ledger, day and filters."""
    scope = view.scope
    return copy_of(
        view.office.warehouse,
        Extent(scope.ledger_id, scope.as_of, scope.units, scope.level1s, scope.kinds, scope.basis),
    )


def start(view: parts.View, copy: Copy, sql: str, *, row_limit: int, seconds: int) -> None:
    """Run a query in place of the one before."""
    history.remember(view, sql)
    if earlier := st.session_state.pop(RUNNING, None):
        earlier[0].stop()
    st.session_state.pop(ASKED, None)
    try:
        query = Query(copy, sql, row_limit=row_limit, seconds=seconds, asker=_asker(view))
    except WarehouseError as error:
        st.session_state[ASKED] = Asked(sql, copy, Refusal(str(error)))
        return
    st.session_state[RUNNING] = (query, copy)
    if query.finished(PATIENCE):
        _take()


def _asker(view: parts.View) -> str:
    """Whose query it is: the account's, or without accounts the address the browser speaks from, behind
    a proxy the one it names; the tabs of one user share it."""
    if view.warehouse.actor is not None:
        return view.warehouse.actor.account
    forwarded = st.context.headers.get("X-Forwarded-For", "")
    return forwarded or st.context.ip_address or "127.0.0.1"


def _take() -> None:
    query, copy = st.session_state.pop(RUNNING)
    try:
        outcome: Answer | Refusal = query.result()
    except QueryRefused as error:
        outcome = error.refusal
    st.session_state[ASKED] = Asked(query.sql, copy, outcome)


def watch() -> Asked | None:
    """What the newest query came to; draws how far it is, with a way to stop it, until then."""
    if RUNNING in st.session_state:
        _watch()
    return st.session_state.get(ASKED)


@st.fragment(run_every=0.5)
def _watch() -> None:
    if RUNNING not in st.session_state:
        st.rerun()
    query, _ = st.session_state[RUNNING]
    if query.finished():
        _take()
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"正在查询，已用 {query.seconds:.0f} 秒；最多 {query.seconds_allowed} 秒。",
            width="stretch",
        )
        if st.button("停止查询", key="stop_query", icon=":material/stop_circle:"):
            query.stop()
            _take()
            st.rerun()
