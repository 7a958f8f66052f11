"""评分方案: what each task is worth and by which rule; template out and in, edited on screen, versions."""

import streamlit as st

from screens import parts, scores

shown = parts.view("评分方案")
current = scores.current_scheme(shown)
parts.headline(scores.headline(current))
with st.container():
    # Its place stays when it is empty: tabs that move show their first one.
    scores.show_report(current)
if current.newest:
    scores.summary_tiles(current.newest, current.sums[-1])
    scores.composition(current)
else:
    scores.start_from_ledger(shown, current)
by_template, on_screen, versions = st.tabs(["Excel 模板", "网页上编辑", "各版对照"])
with by_template:
    scores.hand_out(shown, current)
    scores.receive_template(shown, current)
with on_screen:
    scores.edit_on_screen(shown, current)
with versions:
    if current.newest:
        scores.list_versions(shown, current)
        scores.compare_versions(shown, current)
        scores.undo_version(shown, current)
    else:
        st.info("存入第 1 版后，这里列出各版，可对照任意两版。")
