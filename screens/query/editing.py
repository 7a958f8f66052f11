"""Where a query is written: the text, what it may name, and where it comes from."""

from __future__ import annotations

import streamlit as st

from screens.query.running import history, start
from warehouse.sandbox.sandbox import LONGEST, ROW_LIMITS, TIME_LIMITS, Copy, examples
from words import plain, shorten

SQL = "sql"
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


def editor(copy: Copy) -> None:
    """The text of the query, kept in the address, and the button that runs it."""
    st.session_state.setdefault(SQL, st.query_params.get(SQL, FIRST))
    _from_elsewhere()
    st.text_area(
        "查询语句",
        key=SQL,
        height=230,
        max_chars=LONGEST,
        help="只能写一条 SELECT。列名、表名可以直接写中文，标点用半角；文字放在单引号里。",
    )
    line = st.container(horizontal=True, vertical_alignment="bottom")
    with line:
        pressed = st.button("运行", type="primary", icon=":material/play_arrow:", key="run_query")
        row_limit = st.selectbox(
            "最多行数", ROW_LIMITS, key="query_rows", width=130, format_func="{:,} 行".format
        )
        seconds = st.selectbox(
            "最长时间", TIME_LIMITS, key="query_seconds", width=120, format_func="{} 秒".format
        )
    if pressed:
        st.query_params[SQL] = st.session_state[SQL]
        with st.spinner("正在查询…"):
            start(copy, st.session_state[SQL], row_limit=row_limit, seconds=seconds)
        # Run again, so that the list of earlier queries above has this one too.
        st.rerun()


def _from_elsewhere() -> None:
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
    if earlier := {f"{at}　{shorten(' '.join(sql.split()), 40)}": sql for at, sql in history()}:
        right.selectbox(
            "用过的查询", list(earlier), index=None, key="query_earlier",
            placeholder="本次打开后运行过的", on_change=take, args=("query_earlier", earlier),
        )  # fmt: skip


def names_to_insert(copy: Copy) -> None:
    """Every name there is in one list that narrows while typing; a chosen one goes into the text."""
    names = {f"{table}（表）": table for table in copy.tables}
    names |= {f"{each.table}.{each.name}": each.name for each in copy.columns}

    def insert() -> None:
        if chosen := st.session_state.query_name:
            text = st.session_state.get(SQL, "")
            joint = "" if not text or text[-1].isspace() else " "
            st.session_state[SQL] = f"{text}{joint}{names[chosen]} "
            st.session_state.query_name = None

    st.selectbox(
        "插入名称", list(names), index=None, key="query_name", on_change=insert,
        placeholder="输入几个字找表名、列名，选中即补在语句末尾",
    )  # fmt: skip


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
