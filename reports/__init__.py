"""Answers as files to hand on."""

from reports.urging import urging_letters
from reports.workbook import Context, table_workbook

__all__ = ["Context", "table_workbook", "urging_letters"]
