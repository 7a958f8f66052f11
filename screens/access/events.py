"""What accounts did besides entering: logins, failures, exports, evidence handed out, queries, refusals."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import accounts
from accounts.trail import KINDS
from screens import parts
from warehouse.rights import ADMIN

MOST = 5000
DEFINITION = "登录、失败、改密码、账号的改动、导出、打开佐证文件、高级查询和被拒绝的操作，新的在前；各有账号、来处和时间。"
COLUMNS = {
    "时间": st.column_config.TextColumn(width=150),
    "事项": st.column_config.TextColumn(width=130),
    "账号": st.column_config.TextColumn(width=130),
    "来处": st.column_config.TextColumn(width=120),
    "内容": st.column_config.TextColumn(width=520),
}


def events(view: parts.View) -> None:
    """The newest events with their filters and their export; to the administrator alone."""
    actor = view.warehouse.actor
    if actor is None or actor.role != ADMIN:
        return
    st.subheader("账号的登录和使用", anchor=False)
    rows = table()
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    kinds = left.multiselect(
        "事项", sorted(set(rows["事项"])), key="event_kinds", placeholder="全部"
    )
    names = middle.multiselect(
        "账号", sorted(set(rows["账号"])), key="event_of", placeholder="全部"
    )
    chosen = rows[
        (rows["事项"].isin(kinds) | (not kinds)) & (rows["账号"].isin(names) | (not names))
    ]
    narrowed = "；".join("、".join(each) for each in (kinds, names) if each)
    with right:
        parts.export_menu(
            view, chosen, "账号的登录和使用", DEFINITION, key="events_export", narrowed=narrowed
        )
    st.caption(f"列出 {len(chosen):,} 条（最近 {MOST:,} 条以内）；更早的在日志 access.log 中。")
    st.dataframe(
        chosen, hide_index=True, column_config=COLUMNS, height=min(38 + 35 * max(len(chosen), 1), 500),
        alt="账号的登录和使用",
    )  # fmt: skip


def table() -> pd.DataFrame:
    """The newest events as a reader sees them."""
    found = accounts.store().events(MOST)
    return pd.DataFrame(
        {
            "时间": [event.at[:19].replace("T", " ") for event in found],
            "事项": [KINDS.get(event.kind, event.kind) for event in found],
            "账号": [event.account for event in found],
            "来处": [event.address for event in found],
            "内容": [event.detail for event in found],
        },
        dtype=str,
    )
