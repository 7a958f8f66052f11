"""变更记录: who stored what and when, from what to what; nothing is ever deleted."""

from functools import partial

import streamlit as st

import metrics
from findings import progress
from screens import parts
from screens.trail import change_table
from words import day

SHOWN_AT_ONCE = 100
THIS, ALL = "本台账", "全部台账"

shown = parts.view("变更记录")
head = st.container()
known = shown.ask("change_authors")
first, second, third, fourth = st.columns(4)
where = first.segmented_control("台账", [THIS, ALL], default=THIS, key="trail_of", required=True)
first_on = second.date_input("录入日期从", value=None, format="YYYY-MM-DD", key="trail_from")
last_on = third.date_input("录入日期到", value=None, format="YYYY-MM-DD", key="trail_to")
sought = fourth.text_input(
    "任务或单位", placeholder="任务文字、“第 12 项”、单位名称", key="trail_text"
)
left, right = st.columns(2)
authors = left.multiselect(
    "录入人", sorted(set(known.recorded_by)), placeholder="全部", key="trail_by"
)
actions = right.multiselect("事项", sorted(set(known.action)), placeholder="全部", key="trail_what")
asked = {
    "every_ledger": where == ALL,
    "first_on": first_on,
    "last_on": last_on,
    "sought": sought.strip(),
    "authors": authors,
    "actions": actions,
}
limit = st.session_state.get("trail_length", SHOWN_AT_ONCE)
rows = shown.ask("changes", row_limit=limit, **asked)
filtered = shown.filters != parts.NO_FILTERS or any([first_on, last_on, sought, authors, actions])
with head:
    parts.headline(progress.changes(rows, filtered=filtered))
    with st.popover("口径", type="tertiary"):
        parts.definition("changes")
if first_on and last_on and first_on > last_on:
    st.error("录入日期的起始日晚于截止日，请改正其一。")
if rows.empty:
    st.stop()
matching = int(rows.matching.iloc[0])
listed = f"列出最近 {len(rows)} 条，共 {matching:,} 条。" if matching > len(rows) else ""
st.caption(f"{listed}勾选一行看这条变更的全文；下载的是符合条件的全部变更。")
everything = partial(
    metrics.ask, shown.warehouse, "changes", shown.scope, row_limit=metrics.NO_LIMIT, **asked
)
since, until = (day(each) if each else "" for each in (first_on, last_on))
narrowed = {
    "台账": where if where == ALL else "",
    "录入日期": f"{since} 至 {until}".strip() if since or until else "",
    "任务或单位": asked["sought"],
    "录入人": "、".join(authors),
    "事项": "、".join(actions),
}
change_table(
    shown,
    rows,
    everything,
    "；".join(f"{name} {chosen}" for name, chosen in narrowed.items() if chosen),
)
if matching > len(rows) and st.button(f"再列出 {SHOWN_AT_ONCE} 条"):
    st.session_state.trail_length = limit + SHOWN_AT_ONCE
    st.rerun()
