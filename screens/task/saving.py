"""Saving from the card: a refusal is shown as it is worded, a success opens the card anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from screens.parts import saving
from screens.parts.decisions import open_card

CARD = "card"
"""The form that all entries of a card belong to."""


def save_from_card(task_id: UUID, store: Callable[[], Any]) -> None:
    """Run `store`; afterwards the card of the task shows what is now known."""
    saving.save(CARD, store, then=lambda: open_card(task_id))
