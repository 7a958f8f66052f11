"""账号: the administrator's page: who may come in, by which role and for which units."""

import streamlit as st

from screens import access, parts

shown = parts.view("账号")
access.headline()
access.listing(shown)
access.mapping()
by_hand, from_file = st.tabs(["新建一个", "从表格导入"])
with by_hand:
    access.new_account(shown)
with from_file:
    access.new_accounts(shown)
