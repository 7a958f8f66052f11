"""Where a query is written: the text, what it may name, and where it comes from."""

from __future__ import annotations

import html
import json

import streamlit as st

from metrics.narrowing.names import initials
from screens import parts
from screens.query import history
from screens.query.running import ASKED, start
from warehouse.sandbox.sandbox import LONGEST, ROW_LIMITS, TIME_LIMITS, Copy, examples
from words import plain, shorten

SQL, IN_ADDRESS = "sql", "query_in_address"
"""Of the query: its parameter and its text, and what the page last took from the address or wrote there."""
KINDS = {
    "BIGINT": "整数",
    "INTEGER": "整数",
    "DOUBLE": "小数",
    "VARCHAR": "文字",
    "DATE": "日期",
    "TIMESTAMP": "时刻",
    "BOOLEAN": "是或否",
}
FIRST = next(iter(examples().values()))


def editor(view: parts.View, copy: Copy) -> None:
    """The text of the query and the button that runs it, which Ctrl-Enter presses (web/query.js). The
    address keeps the query with its limits; one that was opened or come back to is run by itself.
    """
    given = st.query_params.get(SQL)
    # None in an address that says nothing, as the page's own is before anything was run.
    is_of_address = given is not None and given != st.session_state.get(IN_ADDRESS)
    if is_of_address:
        st.session_state[SQL] = given
    before = st.session_state.get(ASKED)
    st.session_state.setdefault(SQL, before.sql if before else FIRST)
    _from_elsewhere(view)
    st.text_area(
        "查询语句",
        key=SQL,
        height=230,
        max_chars=LONGEST,
        help="只能写一条 SELECT。列名、表名可以直接写中文，标点用半角；文字放在单引号里。输入时列出表名、"
        "列名（也可打拼音首字母），按 Tab 补上；按 Ctrl-Enter 运行。",
    )
    _names(copy)
    line = st.container(horizontal=True, vertical_alignment="bottom")
    with line:
        pressed = st.button("运行", type="primary", icon=":material/play_arrow:", key="run_query")
        row_limit = st.selectbox(
            "最多行数", ROW_LIMITS, key="query_rows", width=130, format_func="{:,} 行".format,
            bind="query-params",
        )  # fmt: skip
        seconds = st.selectbox(
            "最长时间", TIME_LIMITS, key="query_seconds", width=120, format_func="{} 秒".format,
            bind="query-params",
        )  # fmt: skip
    if not (pressed or is_of_address):
        return
    sql = st.session_state[IN_ADDRESS] = st.session_state[SQL]
    if given != sql:
        st.query_params[SQL] = sql
    with st.spinner("正在查询…"):
        start(view, copy, sql, row_limit=row_limit, seconds=seconds)
    # Run again, so that the list of earlier queries above has this one too.
    st.rerun()


def _from_elsewhere(view: parts.View) -> None:
    """An example or an earlier query in place of the text."""

    def take(key: str, queries: dict[str, str]) -> None:
        if chosen := st.session_state[key]:
            st.session_state[SQL] = queries[chosen]
            st.session_state[key] = None

    left, right = st.columns(2)
    left.selectbox(
        "示例", list(examples()), index=None, key="query_example", placeholder="选一个改着用",
        on_change=take, args=("query_example", examples()),
    )  # fmt: skip
    asked = {
        f"{at:%m-%d %H:%M}　{shorten(' '.join(sql.split()), 40)}": sql
        for at, sql in history.earlier(view)
    }
    if asked:
        whose = "单机模式下" if view.warehouse.actor is None else "本账号"
        right.selectbox(
            "用过的查询", list(asked), index=None, key="query_earlier",
            placeholder=f"{whose}运行过的", on_change=take, args=("query_earlier", asked),
        )  # fmt: skip


def _names(copy: Copy) -> None:
    """What web/query.js completes: every table, and every column with the tables that have it."""
    tables = [[table, initials(table), ["表"]] for table in copy.tables]
    columns: dict[str, list[str]] = {}
    for each in copy.columns:
        columns.setdefault(each.name, []).append(each.table)
    named = tables + [[name, initials(name), where] for name, where in columns.items()]
    text = html.escape(json.dumps(named, ensure_ascii=False))
    st.html(f"<div class='query-names' data-names='{text}'></div>")


def documented(copy: Copy) -> None:
    """What may be queried: each table, its rows, and what its columns mean."""
    for table, columns in copy.tables.items():
        with st.expander(f"{table}（{columns[0].rows:,} 行）"):
            st.markdown(plain(columns[0].table_meaning) + "。")
            st.markdown(
                "\n".join(
                    f"- **{plain(each.name)}**（{KINDS.get(each.type, each.type)}）{plain(each.meaning)}"
                    for each in columns
                )
            )
