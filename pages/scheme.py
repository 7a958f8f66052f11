"""评分方案: what each task is worth and by which rule; template out and in, edited on screen, versions."""

import streamlit as st

import grading
import ui

shown = ui.view("评分方案")
current = grading.current_scheme()
ui.headline(grading.headline(current))
with st.container():
    # Its place stays when it is empty: tabs that move show their first one.
    grading.said_last_time(current)
if shown.filters != ui.NO_FILTERS:
    st.caption("方案列出台账的全部任务，不受左侧单位、指标、类别的筛选影响。")
if current.newest:
    grading.summary_tiles(current)
    with st.container(border=True):
        head = st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall")
        head.markdown("**分值构成**", width="stretch")
        with head.popover("口径", type="tertiary"):
            ui.definition("schemes")
            ui.definition("scheme_items")
        grading.points_by_heading(current.sums)
else:
    grading.start_from_ledger(current)
by_template, on_screen, versions = st.tabs(["Excel 模板", "网页上编辑", "各版对照"])
with by_template:
    grading.hand_out(current)
    grading.take_back(current)
with on_screen:
    grading.edit_on_screen(current)
with versions:
    if current.newest:
        grading.list_versions(current)
        grading.compare_versions(current)
    else:
        st.info("存入第 1 版后，这里列出各版，可对照任意两版。")
