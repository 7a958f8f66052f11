"""One unit's report of one month: on screen as a grid, as a form that goes out, and taken back."""

from screens.month.forms import hand_out
from screens.month.grid import fill_in, month_of_unit, reporting_units
from screens.month.returned import take_back

__all__ = ["fill_in", "hand_out", "month_of_unit", "reporting_units", "take_back"]
