"""What the office that keeps the ledger does to it: take editions in, keep units and wording, back up."""

from screens.ledger.backups import show_backups
from screens.ledger.reference import REFERENCE, REFERENCE_FILES, edit_reference
from screens.ledger.stored_editions import headline, stored_editions
from screens.ledger.taking_in import IMPORT, TYPES, take_in_files
from screens.ledger.units import correct_units, forget_spellings

__all__ = [
    "IMPORT",
    "REFERENCE",
    "REFERENCE_FILES",
    "TYPES",
    "correct_units",
    "edit_reference",
    "forget_spellings",
    "headline",
    "show_backups",
    "stored_editions",
    "take_in_files",
]
