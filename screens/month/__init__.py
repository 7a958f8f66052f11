"""One unit's report of one month: on screen as a grid, as a form that goes out and comes back; which
units reported, and the month's lock.
"""

from screens.month.forms import hand_out
from screens.month.grid import fill_in, headline, month_of_unit, reporting_units
from screens.month.returned import receive_forms
from screens.month.undoing import undo_forms

__all__ = [
    "fill_in",
    "hand_out",
    "headline",
    "month_of_unit",
    "receive_forms",
    "reporting_units",
    "undo_forms",
]
