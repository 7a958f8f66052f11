"""Saving from the card: a refusal is shown as it is worded, a success opens the card anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import streamlit as st

from screens import parts
from warehouse import WarehouseError


def saved_by(task_id: UUID, save: Callable[[], Any]) -> None:
    """Run `save`; afterwards the card of the task shows what is now known."""
    try:
        save()
    except WarehouseError as error:
        st.error(str(error))
    else:
        st.session_state[parts.TASK_CARD] = task_id
        st.rerun()
