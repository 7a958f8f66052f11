"""读法依据 on the task card: by which rule owner, role, deadline and level were read from the file."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from words import plain


def show_basis(task: pd.Series) -> None:
    """The stored reasons of a `task_card` row; a ledger stored before they were kept has none."""
    reasons = "；".join(task.reading_basis)
    st.caption(f"读法依据　{plain(reasons)}" if reasons else "读法依据　导入时没有记录。")
