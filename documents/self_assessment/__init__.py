"""The 自评表: written as a workbook or a document, its review marks read back.

Owns the form and the way back in. Computes no score and knows no screen.
"""

from documents.self_assessment.content import (
    Assessment,
    SchemeHead,
    assess,
    compare_level1s,
    compare_tasks,
    evidence_table,
)
from documents.self_assessment.document import write_document
from documents.self_assessment.reviews import Reviews, read_reviews
from documents.self_assessment.workbook import write_workbook
from documents.workbook.returned import FormError, Problem

__all__ = [
    "Assessment",
    "FormError",
    "Problem",
    "Reviews",
    "SchemeHead",
    "assess",
    "compare_level1s",
    "compare_tasks",
    "evidence_table",
    "read_reviews",
    "write_document",
    "write_workbook",
]
