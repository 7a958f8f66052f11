"""变更记录: who stored what and when, from what to what; nothing is ever deleted."""

import streamlit as st

from screens import access, parts, trail

shown = parts.view("变更记录")
head = st.container()
wanted = trail.search(shown)
rows = trail.newest(shown, wanted)
with head:
    trail.headline(shown, wanted, rows)
if len(rows):
    trail.listed(shown, wanted, rows)
access.events(shown)
