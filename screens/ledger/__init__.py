"""What the office that keeps the ledger does to it: take editions in, keep units and wording, close months."""

from screens.ledger.backups import show_backups
from screens.ledger.reference import REFERENCE_FILES, edit_reference
from screens.ledger.taking_in import TYPES, made_corrections, take_in_files
from screens.month.closing import month_lock

__all__ = [
    "REFERENCE_FILES",
    "TYPES",
    "edit_reference",
    "made_corrections",
    "month_lock",
    "show_backups",
    "take_in_files",
]
