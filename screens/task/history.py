"""What was recorded of a task, newest first, and withdrawing a wrong entry.

An entry is never changed: it is withdrawn with a reason, and what replaces it is a new one.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from screens import parts
from screens.task.saving import save_from_card
from warehouse import WarehouseError
from warehouse.entries import records
from warehouse.entries.files import ACCEPTED, kept_file, supply_again
from words import ENTRIES, day, each_row

WITHDRAWN = "color: #8A8F98"


def show_history(view: parts.View, task_id: UUID) -> None:
    """The time line of the task, and below it a form for the ticked entry."""
    rows = view.ask("task_history", task_id=task_id)
    if rows.empty:
        st.info("截至这一天没有任何记录。可在“填报”中登记。")
        return
    shown = pd.DataFrame(
        {
            "日期": rows.effective_on.map(day),
            "事项": rows.what,
            "单位": rows.unit,
            "内容": [_content(row) for row in each_row(rows)],
            "说明": rows.narrative,
            "录入人": rows.recorded_by,
            "录入时间": rows.recorded_at.dt.strftime("%Y-%m-%d %H:%M"),
        }
    )
    faded = rows.corrected.map({True: WITHDRAWN, False: ""})
    ticked = st.dataframe(
        shown.style.apply(lambda _: faded.to_list(), axis=0),
        hide_index=True,
        height=280,
        alt="任务经过",
        on_select="rerun",
        selection_mode="single-row",
        key=f"history_{task_id}",
    ).selection.rows
    if not any(view.warehouse.may(f"撤销{name}") for name in ENTRIES.values()):
        return
    if not ticked:
        st.caption("填错了：勾选那一条，写明理由后撤销，再在“填报”中重新登记；原记录仍然保留。")
        return
    entry = rows.iloc[ticked[0]]
    if entry.corrected:
        st.info(f"这一条已不算数，理由：{entry.correction_reason or '未写明'}。")
        return
    own = parts.own_units(view.warehouse)
    if (own is not None and entry.unit not in own) or not view.warehouse.may(
        f"撤销{ENTRIES[entry.kind]}"
    ):
        st.info("这一条不由您的账号撤销。")
        return
    with st.form(f"withdraw_{entry.entry_id}", border=False):
        st.markdown(
            f"撤销 **{day(entry.effective_on)} {entry.what}（{entry.unit}）**：{entry.said}"
        )
        left, right = st.columns([2, 1])
        reason = left.text_input("撤销理由")
        recorded_by = parts.author(view.warehouse, right, "经办人")
        if st.form_submit_button("撤销这一条"):
            save_from_card(
                view,
                task_id,
                lambda: records.withdraw(
                    view.warehouse,
                    entry.kind,
                    UUID(str(entry.entry_id)),
                    reason=reason,
                    recorded_by=recorded_by,
                ),
            )


def _content(row: pd.Series) -> str:
    if row.corrected:
        return f"{row.said}（已撤销或更正：{row.correction_reason or '未写明理由'}）"
    return f"{row.said}（锁定后补记）" if row.after_closing else row.said


def show_evidence(view: parts.View, task_id: UUID) -> None:
    """The evidence of the task; a kept file is handed out as it came in."""
    rows = view.ask("task_evidence", task_id=task_id)
    if rows.empty:
        st.info("截至这一天没有登记佐证材料。")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "材料名称": rows.title,
                "文号": rows.document_number,
                "材料日期": rows.effective_on.map(day),
                "单位": rows.unit,
                "文件": rows.file_name,
                "链接": rows.link,
                "录入人": rows.recorded_by,
            }
        ),
        hide_index=True,
        column_config={"链接": st.column_config.LinkColumn()},
        alt="佐证材料",
    )
    line = st.container(horizontal=True)
    for row in each_row(rows[rows.file_sha256 != ""]):
        try:
            kept_file(view.warehouse, row.file_sha256)
        except WarehouseError as error:
            st.error(f"{row.file_name}：{error}")
            _supply_again(view, row, task_id)
            continue
        line.download_button(
            f"打开 {row.file_name}",
            parts.noted(
                view,
                row.file_name,
                partial(kept_file, view.warehouse, row.file_sha256),
                "evidence",
            ),
            file_name=row.file_name,
            key=f"evidence_{row.evidence_id}",
            icon=":material/attach_file:",
            on_click="ignore",
        )


def _supply_again(view: parts.View, row: Any, task_id: UUID) -> None:
    """Take in a file that was lost or altered, when it is the very one."""
    if not view.warehouse.may("补回佐证文件"):
        return
    with st.form(f"supply_{row.evidence_id}", border=False):
        uploaded = st.file_uploader(f"补交“{row.file_name}”的原件", type=sorted(ACCEPTED))
        recorded_by = parts.author(view.warehouse, st, "经办人")
        if not st.form_submit_button("补交"):
            return
        if uploaded is None:
            st.error("文件还没有收到，请等它传完再按“补交”。")
            return
        content = uploaded.getvalue()
        save_from_card(
            view,
            task_id,
            lambda: supply_again(
                view.warehouse, row.file_sha256, row.file_name, content, recorded_by=recorded_by
            ),
        )
