"""评分方案 as a workbook and as typed rows: written out, read back, checked, compared between versions.

Owns what a person types for a scheme and the messages about it. Knows no screen; stores nothing.
"""

from documents.scheme.comparing import Difference, differences
from documents.scheme.drafting import (
    Draft,
    Sums,
    TypedRow,
    draft_of,
    sums_of,
    typed_row,
    typed_settings,
)
from documents.scheme.outline import (
    Outline,
    SchemeTask,
    Version,
    blank_scheme,
    outline_of,
    started_scheme,
    stored_version,
)
from documents.scheme.reading import Template, check_template, read_template
from documents.scheme.tiers import TierError, figure, read_tiers, write_tiers
from documents.scheme.writing import template_name, write_template
from documents.workbook.returned import FormError, Problem

__all__ = [
    "Difference",
    "Draft",
    "FormError",
    "Outline",
    "Problem",
    "SchemeTask",
    "Sums",
    "Template",
    "TierError",
    "TypedRow",
    "Version",
    "blank_scheme",
    "check_template",
    "differences",
    "draft_of",
    "figure",
    "outline_of",
    "read_template",
    "read_tiers",
    "started_scheme",
    "stored_version",
    "sums_of",
    "template_name",
    "typed_row",
    "typed_settings",
    "write_template",
    "write_tiers",
]
