"""Report forms (填报表): handed out to the units, read when they return, compared with what stands, stored.

Owns writing and reading them. Knows no screen.
"""

from documents.month_form.comparing import Comparison, Line, Returned, accept, compare, take_in
from documents.month_form.form import Form
from documents.month_form.layout import times_in_words
from documents.month_form.reading import ACCEPTED, read_form
from documents.month_form.writing import form_name, write_form, write_forms
from documents.workbook.returned import FormError, Problem

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
    "take_in",
    "times_in_words",
    "write_form",
    "write_forms",
]
