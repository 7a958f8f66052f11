"""A page in a pages/ folder beside its app, asked for first on a fresh server by test_frame.py."""

import streamlit as st

st.header("直达的页面")
