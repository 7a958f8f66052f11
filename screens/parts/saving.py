"""Saving from a form: a refusal is shown as it is worded, a success is reported once, on the next run.

Owns the report of the last entry and how many entries a form has stored. A form goes by a name of
its own, so that the report stands where the form is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from accounts import AccountsError
from warehouse import WarehouseError
from warehouse.store import removed_characters
from words import plain

Result = TypeVar("Result")


def save(
    form: str,
    store: Callable[[], Result],
    report: str | Callable[[Result], str] = "",
    *,
    then: Callable[[], None] | None = None,
) -> None:
    """Run `store`, then `then`, and begin the page anew; `report` says what was stored, or is made
    from what `store` returns; without one the new figures speak for themselves. Control characters
    that were taken out are named. Refused, the reason is shown and nothing else changes."""
    try:
        result = store()
    except (WarehouseError, AccountsError) as error:
        st.error(plain(str(error)))
        return
    removed = removed_characters()
    about_removed = f"其中 {removed} 个看不见的控制字符已去掉。" if removed else ""
    if report:
        worded = report if isinstance(report, str) else report(result)
        report_next_run(form, worded + about_removed)
    elif about_removed:
        st.toast(f"已存入，{about_removed}", icon=":material/task_alt:")
    st.session_state[_counter(form)] = entries_stored(form) + 1
    if then:
        then()
    st.rerun()


def report_next_run(form: str, report: str) -> None:
    """Let the next run say what was done."""
    st.session_state[f"report_of_{form}"] = report


def show_report(form: str) -> None:
    """What the last entry of the form came to, once."""
    if report := st.session_state.pop(f"report_of_{form}", None):
        st.success(plain(report), icon=":material/task_alt:")


def entries_stored(form: str) -> int:
    """How many entries of the form this visitor has stored."""
    return int(st.session_state.get(_counter(form), 0))


def field(form: str, name: str) -> str:
    """The key of a field or upload that is empty again after each entry of the form."""
    return f"{form}_{name}_{entries_stored(form)}"


def _counter(form: str) -> str:
    return f"entries_of_{form}"
