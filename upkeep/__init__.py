"""What the office that keeps the ledger does to it: take editions in, keep units and wording."""

from upkeep.imports import EDITABLE, TYPES, take_in_files
from upkeep.reference import REFERENCE_FILES, edit_reference

__all__ = ["EDITABLE", "REFERENCE_FILES", "TYPES", "edit_reference", "take_in_files"]
