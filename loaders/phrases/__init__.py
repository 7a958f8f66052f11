"""The phrases of a ledger's cells and what they say: who, until when, how often, how much."""

from loaders.phrases.deadlines import deadline_doubt, named_days, read_date, read_deadline
from loaders.phrases.frequency import read_cadences, read_quantities
from loaders.phrases.owners import is_office_name, is_unit_name, names_role, read_owners

__all__ = [
    "deadline_doubt",
    "is_office_name",
    "is_unit_name",
    "named_days",
    "names_role",
    "read_cadences",
    "read_date",
    "read_deadline",
    "read_owners",
    "read_quantities",
]
