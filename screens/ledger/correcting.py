"""更正台账: title, province, year and days of effect of a stored ledger, with a preview."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from findings import undoing
from screens import parts
from screens.parts import saving
from warehouse import WarehouseError, read_reference
from warehouse.ledger.correcting_ledgers import (
    LedgerCorrection,
    correct_ledger,
    foresee_ledger,
    in_year,
)
from warehouse.opening import reference_folder
from warehouse.store import today
from words import day, each_row, plain

FORM = "correct_ledger"
CORRECTED = "更正后"


def correct_stored(view: parts.View, editions: pd.DataFrame) -> None:
    """Choose a ledger, write its right name and days, see what would change, and store it. `editions`
    are rows of the question; ledgers that were taken back are not offered."""
    saving.show_report(FORM)
    standing = editions[editions.withdrawn_at.isna()]
    ledgers = {
        f"{row.title}（{row.region} {row.year}）": row
        for row in each_row(standing.drop_duplicates("ledger_id"))
    }
    chosen = st.selectbox(
        "要更正的台账",
        list(ledgers),
        index=None,
        key=saving.field(FORM, "ledger"),
        placeholder="选择台账，更正名称、地区、年度或生效日",
    )
    if chosen is None:
        return
    row = ledgers[chosen]
    ledger_id = UUID(str(row.ledger_id))
    correction = _asked(row, standing[standing.ledger_id == row.ledger_id], ledger_id)
    if correction is None:
        return
    reference = read_reference(reference_folder())
    as_of = view.scope.as_of
    if ledger_id != view.scope.ledger_id:
        as_of = min(max(today(), date(row.year, 1, 1)), date(row.year, 12, 31))
    try:
        foreseen = foresee_ledger(view.warehouse, correction, reference, as_of)
    except WarehouseError as error:
        st.info(plain(str(error)))
        return
    changing = undoing.tasks_changing(foreseen.before, foreseen.after, CORRECTED)
    then = in_year(as_of, as_of.year + correction.year - int(row.year))
    judged = f"按截至 {day(as_of)} 判断。"
    if then != as_of:
        judged = f"现在按截至 {day(as_of)}，{CORRECTED}按截至 {day(then)} 判断。"
    st.markdown(f"**{CORRECTED}**　{changing}{_consequences(correction, row)}{judged}")
    parts.show_foreseen(foreseen, CORRECTED)
    seen = parts.version_looked_at(view, FORM, correction)
    line = st.container(horizontal=True, vertical_alignment="bottom")
    reason = line.text_input("更正理由", key=saving.field(FORM, "reason"), width="stretch")
    author = parts.author(
        view.warehouse, line, "经办人", key=saving.field(FORM, "author"), width=160
    )
    if line.button("更正", key=f"{FORM}_store", type="primary"):
        saving.save(
            FORM,
            lambda: correct_ledger(
                view.warehouse, correction, reference, reason=reason, recorded_by=author,
                seen_version=seen,
            ),
            f"已更正《{correction.title}》。",
        )  # fmt: skip


def _asked(row: Any, editions: pd.DataFrame, ledger_id: UUID) -> LedgerCorrection | None:
    """What the ledger is to be called and when its editions take effect, as it stands in the fields."""
    key = f"{saving.field(FORM, 'of')}_{ledger_id}"
    first, second, third = st.columns([4, 1, 1])
    title = first.text_input("台账名称", row.title, key=f"{key}_title")
    region = second.text_input("地区", row.region, key=f"{key}_region")
    year = third.number_input("年度", 1990, 2100, row.year, key=f"{key}_year")
    rows = editions.sort_values("edition_number")
    edited = st.data_editor(
        pd.DataFrame(
            {
                "版次": rows.edition_number,
                "文件": rows.file_name,
                "生效日": [each.date() for each in rows.effective_on],
            }
        ),
        key=f"{key}_days",
        hide_index=True,
        disabled=["版次", "文件"],
        column_config={
            "版次": st.column_config.NumberColumn(width=56),
            "文件": st.column_config.TextColumn(width=380),
            "生效日": st.column_config.DateColumn(width=130, format="YYYY-MM-DD", required=True),
        },
    )
    days = [pd.Timestamp(each).date() for each in edited["生效日"]]
    effective = tuple(
        (UUID(str(each.edition_id)), on)
        for each, on in zip(each_row(rows), days, strict=True)
        if each.effective_on.date() != on
    )
    correction = LedgerCorrection(ledger_id, title.strip(), region.strip(), int(year), effective)
    named = (correction.title, correction.region, correction.year)
    if named == (row.title, row.region, row.year) and not effective:
        st.caption("改好以后，这里列出更正前后的数字。")
        return None
    return correction


def _consequences(correction: LedgerCorrection, row: Any) -> str:
    """What follows from a corrected year or province, in words."""
    said = ""
    if correction.year != row.year:
        said += f"台账期改为 {correction.year} 年，原文没有写年份的期限和各版生效日一并改到这一年。"
    if correction.region != row.region:
        said += f"各任务的责任单位改为{correction.region}的同名单位，集体按{correction.region}的成员展开。"
    return said
