"""补分建议: the cheapest points still to be won, and what doing them comes to."""

import streamlit as st

from screens import parts
from screens.scores import winning

shown = parts.scored_view("补分建议")
if shown is None:
    st.stop()
choice = winning.headline(shown)
if choice is None:
    st.stop()
winning.definition()
winning.what_if(shown, choice)
