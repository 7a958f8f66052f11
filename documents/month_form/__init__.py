"""Report forms (填报表): handed out to the units, taken back, compared with what stands, stored.

Owns the form and the way back in. Knows no screen.
"""

from documents.month_form.comparing import Comparison, Line, Returned, accept, compare, take_back
from documents.month_form.layout import times_in_words
from documents.month_form.reading import ACCEPTED, Form, FormError, Problem, read_form
from documents.month_form.writing import form_name, write_form, write_forms

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
