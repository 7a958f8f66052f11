"""What the office that keeps the ledger does to it: take editions in, keep units and wording, close months."""

from upkeep.imports import TYPES, made_corrections, take_in_files
from upkeep.months import month_lock
from upkeep.reference import REFERENCE_FILES, edit_reference

__all__ = [
    "REFERENCE_FILES",
    "TYPES",
    "edit_reference",
    "made_corrections",
    "month_lock",
    "take_in_files",
]
