"""Taking a mistake back on screen: what would change is shown, a reason asked for, then it is done.

Owns the preview and its button, the same for every kind of mistake; what belongs together is known to
`warehouse.entries.withdrawing`.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from findings import undoing
from screens.frame.view import View
from screens.parts import saving
from screens.parts.signing import author
from screens.parts.tasks import ROW_HEIGHT, grid_text
from warehouse import WarehouseError, today
from warehouse.entries.withdrawing import Foreseen, Mistake, foresee, take_back
from words import day, plain

ROWS_SHOWN = 8
"""The table of changed tasks is as high as so many rows; more are scrolled to."""


def undo(view: View, form: str, mistake: Mistake, ledger_id: UUID, year: int, done: str) -> None:
    """The preview of what taking back would change of a ledger of `year`, the reason, and the button;
    `done` is what is reported afterwards. Judged on the page's day; of another ledger than the page's,
    on its last day or today."""
    as_of = view.scope.as_of
    if ledger_id != view.scope.ledger_id:
        as_of = min(max(today(), date(year, 1, 1)), date(year, 12, 31))
    database = view.warehouse
    try:
        foreseen = _foreseen(
            database, str(database.path), view.data_version, mistake, ledger_id, as_of
        )
    except WarehouseError as error:
        st.warning(plain(str(error)))
        return
    st.markdown(
        f"**撤回后**　{undoing.entries_going(foreseen.counts, foreseen.restored)}"
        f"{undoing.tasks_changing(foreseen.before, foreseen.after)}"
        f"按截至 {day(as_of)} 判断。"
    )
    show_foreseen(foreseen)
    confirm_undo(view, form, mistake, done)


def confirm_undo(view: View, form: str, mistake: Mistake, done: str) -> None:
    """The reason, who does it, and the button, below what would change."""
    seen = version_looked_at(view, form, mistake)
    line = st.container(horizontal=True, vertical_alignment="bottom")
    reason = line.text_input("撤回理由", key=saving.field(form, "reason"), width="stretch")
    recorded_by = author(
        view.warehouse, line, "经办人", key=saving.field(form, "author"), width=160
    )
    if line.button("撤回", key=f"{form}_take_back", type="primary", icon=":material/undo:"):
        saving.save(
            form,
            lambda: take_back(
                view.warehouse, mistake, reason=reason, recorded_by=recorded_by, seen_version=seen
            ),
            done,
        )
    st.caption("撤回的不删除：变更记录中列出是谁、何时、为何撤回；按当时已填报仍看得到。")


def version_looked_at(view: View, form: str, subject: Any) -> int:
    """The data version in which the visitor last saw what would change of this subject: pressing the
    button runs the page anew, and what was looked at is the version of the run before."""
    key = f"looked_at_{form}"
    before = st.session_state.get(key)
    st.session_state[key] = (subject, view.data_version)
    return int(before[1]) if before and before[0] == subject else view.data_version


@st.cache_data(max_entries=20, show_spinner="正在推算撤回后的数字…")
def _foreseen(
    _warehouse: Any,
    path: str,
    data_version: int,
    mistake: Mistake,
    ledger_id: UUID,
    as_of: date,
) -> Foreseen:
    # path and data_version are the key: another database or newer data foresees otherwise.
    del path, data_version
    return foresee(_warehouse, mistake, ledger_id, as_of)


def show_foreseen(foreseen: Foreseen, then: str = undoing.UNDONE) -> None:
    """Figures and tasks now and afterwards; `then` heads how they would stand."""
    left, right = st.columns([2, 5])
    left.dataframe(
        undoing.figures(foreseen.before, foreseen.after, then),
        hide_index=True,
        column_config={
            "现在": st.column_config.TextColumn(alignment="right"),
            then: st.column_config.TextColumn(alignment="right"),
        },
        alt=f"现在和{then}的数字",
    )
    rows = undoing.changed_tasks(foreseen.before, foreseen.after, then)
    if rows.empty:
        return
    right.dataframe(
        rows.assign(目标任务=[grid_text(text, 60) for text in rows["目标任务"]]),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=38 + ROW_HEIGHT * min(len(rows), ROWS_SHOWN),
        column_config={
            "编号": st.column_config.NumberColumn(width=50),
            "目标任务": st.column_config.TextColumn(width=270),
            "现在": st.column_config.TextColumn(width=180),
            then: st.column_config.TextColumn(width=180),
        },
        placeholder="—",
        alt=f"{then}有变化的任务",
    )
