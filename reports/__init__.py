"""Answers as files to hand on."""

from reports.figures import quarter_figures
from reports.notice import quarterly_notice
from reports.urging import urging_letters
from reports.workbook import Context, table_workbook

__all__ = ["Context", "quarter_figures", "quarterly_notice", "table_workbook", "urging_letters"]
