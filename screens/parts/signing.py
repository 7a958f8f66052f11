"""Who signs an entry, and for which units: by the account, or where there are none by what is typed."""

from __future__ import annotations

from typing import Any

from warehouse import Warehouse
from warehouse.rights import OFFICE, UNIT


def own_units(warehouse: Warehouse) -> tuple[str, ...] | None:
    """The units for which alone the account enters; None where it may enter for every unit."""
    actor = warehouse.actor
    return actor.units if actor is not None and actor.role == UNIT else None


def author(
    warehouse: Warehouse, place: Any, label: str, *, for_unit: bool = False, **field: Any
) -> str:
    """The name to be recorded. Without an account a text box with this label and these settings is
    drawn in `place`, and what is typed is the name. An account knows its owner's, so nothing is drawn;
    but what the office enters `for_unit` from a paper form was filled in by somebody else, whose name
    may be written."""
    actor = warehouse.actor
    if actor is None:
        return str(place.text_input(label, **field))
    if for_unit and actor.role == OFFICE:
        hint = f"代单位录入的写单位填报人，不填即{actor.name}"
        return str(place.text_input(label, **field, placeholder=hint)).strip() or actor.name
    return actor.name
