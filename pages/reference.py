"""单位与口径: the reference files, edited on screen with the checks they have as files."""

import streamlit as st

from screens import ledger, parts
from screens.parts import saving

shown = parts.view("单位与口径")
parts.headline("单位、集体成员、阈值和读台账的用词，都可以在这里改；改错了会说明哪一行错在哪里。")
st.caption(
    "与口径文件夹中的同名文件是同一份内容，也可以用 Excel 改文件；改文件的，重新启动平台后全部生效。"
)
if shown.office.is_demonstration:
    st.info("演示数据中不改口径。请先在左侧关闭“演示数据”。")
    st.stop()
saving.show_report(ledger.REFERENCE)
titles = [title for title, _ in ledger.REFERENCE_FILES.values()]
for name, tab in zip(
    ledger.REFERENCE_FILES, st.tabs(titles, key="reference_tab", bind="query-params"), strict=True
):
    with tab:
        ledger.edit_reference(shown, name)
ledger.correct_units(shown)
ledger.forget_spellings(shown)
ledger.show_backups(shown.warehouse)
