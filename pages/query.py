"""高级查询: one SELECT over documented tables, run apart from everything else."""

import streamlit as st

from screens import parts, query

shown = parts.view("高级查询")
with st.spinner("正在准备数据…"):
    copy = query.copy_for(shown)
top = st.container()
left, right = st.columns([2, 1])
with right:
    st.markdown("**可查的表**", help="按左侧的台账、截至日期和筛选取出的副本；查询改不动数据。")
    query.documented(copy)
with left:
    query.editor(shown, copy)
asked = query.watch()
rows = None
if asked is not None and asked.copy == copy:
    rows = query.answered(asked)
with top:
    parts.headline(query.sentence(copy, asked, rows))
if asked is not None and rows is not None:
    query.draw(shown, asked, rows)
elif asked is not None and asked.copy != copy:
    st.info("左侧的选择或数据在查询之后有了变化，请重新运行。")
