"""导入台账: files in, what was understood shown beside the source, and only then stored."""

import streamlit as st

from screens import ledger, parts
from screens.parts import saving

shown = parts.view("导入台账")
editions = shown.ask("editions")
ledger.headline(editions)
if shown.office.is_demonstration:
    st.info("演示数据中不导入台账。请先在左侧关闭“演示数据”。")
    st.stop()
saving.show_report(ledger.IMPORT)
uploads = st.file_uploader("台账文件（可多选）", ledger.TYPES, accept_multiple_files=True)
ledger.take_in_files(shown, uploads)
ledger.stored_editions(shown, editions)
