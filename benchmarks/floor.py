"""The floor beneath a page: an app of its own that draws what the page drew, and computes nothing.

Served like the platform, with the same menu. The address names a recording (?of=overview) in the data
folder, see recording.py: the same containers, texts, tiles, widgets, tables and figures in the same
order, read once. No page that draws this much with Streamlit can be quicker.
"""

import os
import sys
from pathlib import Path
from typing import Any

import streamlit as st

# Streamlit looks beside a script first, where documents.py and loaders.py stand for rooms of that name.
sys.path[:] = [each for each in sys.path if each != str(Path(__file__).parent)]

from benchmarks.recording import drawings  # noqa: E402
from screens.frame.menu import MENU  # noqa: E402

RECORDINGS = Path(os.environ["CREDIT_DATA_DIR"])


def show() -> None:
    """Draw the recording."""
    places: dict[tuple[int, ...], Any] = {(0,): st.container(), (1,): st.sidebar}
    for path, draw in drawings(RECORDINGS / f"{st.query_params['of']}.deltas"):
        # A message that changes a part of the page instead of adding one has no place of its own.
        parent = places.get(path[:-1], places[(0,)])
        drawn = draw(parent)
        if drawn is not None:
            places[path] = drawn


@st.fragment(run_every=30)
def look() -> None:
    """As the platform looks for newer data."""


st.set_page_config("floor", layout="wide")
pages = [
    st.Page(show, title=title, url_path=name, visibility="visible" if is_first else "hidden")
    for entry in MENU.values()
    for is_first, (name, title) in (
        (name == next(iter(entry)), (name, title)) for name, title in entry.items()
    )
]
page = st.navigation([st.Page(show, title="floor", default=True), *pages], position="top")
page.run()
with st.sidebar:
    look()
