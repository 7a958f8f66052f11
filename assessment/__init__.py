"""The 自评表: written as a workbook or a document, its review marks read back.

Owns the form and the way back in. Computes no score and knows no screen.
"""

from assessment.content import (
    Assessment,
    SchemeHead,
    assess,
    compare_level1s,
    compare_tasks,
    evidence_table,
)
from assessment.workbook import write_workbook

__all__ = [
    "Assessment",
    "SchemeHead",
    "assess",
    "compare_level1s",
    "compare_tasks",
    "evidence_table",
    "write_workbook",
]
