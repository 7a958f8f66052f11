"""Report forms (填报表): handed out to the units, taken back, compared with what stands, stored.

Owns the form and the way back in. Knows no screen.
"""

from returns.comparing import Comparison, Line, Returned, accept, compare, take_back
from returns.layout import times_in_words
from returns.reading import ACCEPTED, Form, FormError, Problem, read_form
from returns.writing import form_name, write_form, write_forms

__all__ = [
    "ACCEPTED",
    "Comparison",
    "Form",
    "FormError",
    "Line",
    "Problem",
    "Returned",
    "accept",
    "compare",
    "form_name",
    "read_form",
    "take_back",
    "times_in_words",
    "write_form",
    "write_forms",
]
