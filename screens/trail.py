"""The audit trail as a table; ticking a row shows that change in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from findings import progress, trail
from screens import parts
from screens.parts.decisions import open_card
from words import day, is_missing, plain

SHOWN_AT_ONCE = 100
THIS, ALL = "本台账", "全部台账"
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
WITH_ACCOUNTS = {
    "录入人": st.column_config.TextColumn(width=124),
    "变更内容": st.column_config.TextColumn(width=186),
}
# How many characters fill three lines at a window 1440 wide.
THREE_LINES = {"对象": 40, "单位": 18, "变更内容": 46, "理由与备注": 26}


@dataclass(frozen=True)
class Search:
    """What of the trail is asked for."""

    ledgers: str
    first_on: date | None
    last_on: date | None
    sought: str
    authors: list[str]
    actions: list[str]

    @property
    def values(self) -> dict[str, Any]:
        """The values of the question `changes`."""
        return {
            "every_ledger": self.ledgers == ALL,
            "first_on": self.first_on,
            "last_on": self.last_on,
            "sought": self.sought,
            "authors": self.authors,
            "actions": self.actions,
        }

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the ledger is asked for."""
        return any([self.first_on, self.last_on, self.sought, self.authors, self.actions])

    def __str__(self) -> str:
        """What the workbook of the rows is narrowed to, in words."""
        since, until = (day(each) if each else "" for each in (self.first_on, self.last_on))
        narrowed = {
            "台账": self.ledgers if self.ledgers == ALL else "",
            "录入日期": f"{since} 至 {until}".strip() if since or until else "",
            "任务或单位": self.sought,
            "录入人": "、".join(self.authors),
            "事项": "、".join(self.actions),
        }
        return "；".join(f"{name} {chosen}" for name, chosen in narrowed.items() if chosen)


def search(view: parts.View) -> Search:
    """Draw what can be asked for."""
    known = view.ask("change_authors")
    first, second, third, fourth = st.columns(4)
    ledgers = first.segmented_control(
        "台账", [THIS, ALL], default=THIS, key="trail_of", required=True
    )
    first_on = second.date_input("录入日期从", value=None, format="YYYY-MM-DD", key="trail_from")
    last_on = third.date_input("录入日期到", value=None, format="YYYY-MM-DD", key="trail_to")
    sought = fourth.text_input("任务或单位", placeholder="文字、编号或单位", key="trail_text")
    left, right = st.columns(2)
    names = set(known.recorded_by)
    if view.warehouse.actor is not None:
        names |= set(known.account.dropna())
    authors = left.multiselect("录入人", sorted(names), placeholder="全部", key="trail_by")
    actions = right.multiselect(
        "事项", sorted(set(known.action)), placeholder="全部", key="trail_what"
    )
    if first_on and last_on and first_on > last_on:
        st.error("录入日期的起始日晚于截止日，请改正其一。")
    return Search(ledgers, first_on, last_on, sought.strip(), authors, actions)


def newest(view: parts.View, wanted: Search) -> pd.DataFrame:
    """The newest rows of `changes`, as many as are listed at once."""
    limit = st.session_state.get("trail_length", SHOWN_AT_ONCE)
    return view.ask("changes", row_limit=limit, **wanted.values)


def headline(view: parts.View, wanted: Search, rows: pd.DataFrame) -> None:
    """How many entries there are, and their definition."""
    filtered = view.filters != parts.NO_FILTERS or wanted.is_narrow
    parts.headline(progress.changes(rows, filtered=filtered))
    with st.popover("口径", type="tertiary"):
        parts.definition("changes")


def listed(view: parts.View, wanted: Search, rows: pd.DataFrame) -> None:
    """The newest rows as a table, all of them as a workbook, and a button that lists more."""
    there_are = parts.matching(rows)
    more = there_are > len(rows)
    listed = f"列出最近 {len(rows)} 条，共 {there_are:,} 条。" if more else ""
    st.caption(f"{listed}勾选一行看这条变更的全文；下载的是符合条件的全部变更。")
    change_table(view, rows, view.every("changes", **wanted.values), str(wanted))
    if more and st.button(f"再列出 {SHOWN_AT_ONCE} 条"):
        st.session_state.trail_length = (
            st.session_state.get("trail_length", SHOWN_AT_ONCE) + SHOWN_AT_ONCE
        )
        st.rerun()


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

    by_account = view.warehouse.actor is not None
    whole = trail.table(changes, with_accounts=by_account)
    if by_account:
        whole["录入人"] = whole["录入人"] + "（" + whole["账号"] + "）"
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
        column_config=COLUMNS | (WITH_ACCOUNTS if by_account else {}),
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(shown), 700),
        on_select=opened,
        selection_mode="single-row",
        alt=TITLE,
    )
    parts.download(
        view,
        lambda: trail.table(everything(), with_accounts=by_account),
        TITLE,
        "changes",
        key="changes",
        narrowed=narrowed,
    )
    asked_for = changes[changes.change_id == st.session_state.pop(OPENED, None)]
    if len(asked_for):
        parts.put_card_away()
        _details(asked_for.iloc[0], by_account=by_account)


@st.dialog("变更详情", width="large")
def _details(change: pd.Series, *, by_account: bool) -> None:
    """One change in full: every value before and after."""
    st.header(plain(trail.subject(change)), anchor=False)
    account = f"，账号 {trail.account(change)}" if by_account else ""
    facts = {
        "事项": change.action,
        "单位": trail.unit(change),
        "录入": f"{change.recorded_by}{account}，{change.recorded_at:%Y-%m-%d %H:%M:%S}，数据版本 {change.data_version}",
        "理由": change.reason,
        "备注": trail.marks(change),
    }
    st.markdown("\n\n".join(f"**{name}**　{plain(text)}" for name, text in facts.items() if text))
    values = pd.DataFrame(trail.differences(change), columns=["项目", "之前", "之后"])
    if trail.is_withdrawal(change):
        values = values[["项目", "之前"]].rename(columns={"之前": "不再算数的内容"})
    elif is_missing(change.before):
        values = values[["项目", "之后"]].rename(columns={"之后": "内容"})
    if len(values):
        st.table(values, hide_index=True)
    if not is_missing(change.task_id) and st.button("任务卡", icon=":material/open_in_new:"):
        open_card(change.task_id)
        st.rerun()
