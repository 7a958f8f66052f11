"""Answers as files to hand on."""

from reports.tables import csv_table, json_table, long_workbook
from reports.urging import urging_letters
from reports.workbook import Context, table_workbook

__all__ = [
    "Context",
    "csv_table",
    "json_table",
    "long_workbook",
    "table_workbook",
    "urging_letters",
]
