"""撤回导入: an edition, the whole ledger, or the progress that an edition brought, with a preview."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from screens import parts
from screens.parts import saving
from warehouse.entries.withdrawing import Mistake
from words import each_row

FORM = "undo_import"
EDITION, LEDGER, PROGRESS = "这一版", "整份台账", "只撤回这一版导入的进展"
KINDS = {EDITION: "edition", LEDGER: "ledger", PROGRESS: "column"}


def undo_import(view: parts.View, editions: pd.DataFrame) -> None:
    """Choose what to take back, see what would change, and do it. `editions` are rows of the question;
    those taken back already are not offered."""
    saving.show_report(FORM)
    standing = editions[editions.withdrawn_at.isna()]
    if standing.empty:
        st.info("没有可以撤回的导入。")
        return
    labels = {_label(row): row for row in each_row(standing)}
    first, second = st.columns([3, 2])
    label = first.selectbox(
        "导错的版次",
        list(labels),
        index=None,
        key=saving.field(FORM, "edition"),
        placeholder="选择导错的版次，先看撤回后的变化",
    )
    if label is None:
        return
    wanted = second.radio("撤回", list(KINDS), key=saving.field(FORM, "what"), horizontal=True)
    row = labels[label]
    with_entries = wanted != PROGRESS and st.checkbox(
        "连同任务上的填报、频次记录、佐证、核验、延期等一并撤回",
        key=saving.field(FORM, "with_entries"),
        help="不勾选的，记录留着：重新导入后随任务沿用。只在所撤版次中的任务才算在内。",
    )
    edition_id, ledger_id = UUID(str(row.edition_id)), UUID(str(row.ledger_id))
    subject = ledger_id if wanted == LEDGER else edition_id
    mistake = Mistake(KINDS[wanted], (subject,), bool(with_entries))
    parts.undo(view, FORM, mistake, ledger_id, int(row.year), _done(row, wanted))


def _label(row: Any) -> str:
    return f"{row.title}　第 {row.edition_number} 版（{row.file_name}）"


def _done(row: Any, wanted: str) -> str:
    if wanted == LEDGER:
        return f"已撤回《{row.title}》，可以重新导入。"
    if wanted == PROGRESS:
        return f"已撤回《{row.title}》第 {row.edition_number} 版导入的进展。"
    return f"已撤回《{row.title}》第 {row.edition_number} 版。"
