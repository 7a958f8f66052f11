"""The audit trail as a table; ticking a row shows that change in full."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from findings import trail
from screens import parts
from screens.parts.decisions import open_card
from words import is_missing, plain

OPENED = "opened_change"
TITLE = "变更记录"
COLUMNS = {
    "录入时间": st.column_config.TextColumn(width=92),
    "录入人": st.column_config.TextColumn(width=74),
    "事项": st.column_config.TextColumn(width=104),
    "对象": st.column_config.TextColumn(width=206),
    "单位": st.column_config.TextColumn(width=94),
    "变更内容": st.column_config.TextColumn(width=236),
    "理由与备注": st.column_config.TextColumn(width=142),
}
# How many characters fill three lines at a window 1440 wide.
THREE_LINES = {"对象": 40, "单位": 18, "变更内容": 46, "理由与备注": 26}


def change_table(
    view: parts.View, changes: pd.DataFrame, everything: Callable[[], pd.DataFrame], narrowed: str
) -> None:
    """Rows of `changes`; `everything` gives all that match, however many are shown, for the workbook,
    which states what they are `narrowed` to."""

    def opened() -> None:
        ticked = st.session_state.changes.selection.rows
        if ticked:
            st.session_state[OPENED] = changes.change_id.iloc[ticked[0]]
            # Untick at once, so that the same row opens again.
            st.session_state.changes = {"selection": {"rows": []}}

    whole = trail.table(changes)
    whole["理由与备注"] = [
        "；".join(text.rstrip("。") for text in pair if text)
        for pair in zip(whole["理由"], whole["备注"], strict=True)
    ]
    shown = whole[list(COLUMNS)]
    for name, width in THREE_LINES.items():
        shown[name] = [parts.grid_text(text, width) for text in shown[name]]
    st.dataframe(
        shown,
        hide_index=True,
        key="changes",
        column_config=COLUMNS,
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(shown), 700),
        on_select=opened,
        selection_mode="single-row",
        alt=TITLE,
    )
    parts.download(
        view, lambda: trail.table(everything()), TITLE, "changes", key="changes", narrowed=narrowed
    )
    asked_for = changes[changes.change_id == st.session_state.pop(OPENED, None)]
    if len(asked_for):
        _details(asked_for.iloc[0])


@st.dialog("变更详情", width="large")
def _details(change: pd.Series) -> None:
    """One change in full: every value before and after."""
    st.header(plain(trail.subject(change)), anchor=False)
    facts = {
        "事项": change.action,
        "单位": trail.unit(change),
        "录入": f"{change.recorded_by}，{change.recorded_at:%Y-%m-%d %H:%M:%S}，数据版本 {change.data_version}",
        "理由": change.reason,
        "备注": trail.marks(change),
    }
    st.markdown("\n\n".join(f"**{name}**　{plain(text)}" for name, text in facts.items() if text))
    found = pd.DataFrame(trail.differences(change), columns=["项目", "之前", "之后"])
    if trail.is_withdrawal(change):
        found = found[["项目", "之前"]].rename(columns={"之前": "不再算数的内容"})
    elif is_missing(change.before):
        found = found[["项目", "之后"]].rename(columns={"之后": "内容"})
    if len(found):
        st.table(found, hide_index=True)
    if not is_missing(change.task_id) and st.button("任务卡", icon=":material/open_in_new:"):
        open_card(change.task_id)
        st.rerun()
