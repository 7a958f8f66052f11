"""Answers as files to hand on."""

from reports.figures import quarter_figures
from reports.leaflet import quarter_leaflet
from reports.looks import TemplateError
from reports.notice import quarterly_notice
from reports.slides import check_template, quarter_slides
from reports.tables import csv_table, json_table, long_workbook
from reports.urging import urging_letters
from reports.workbook import Context, table_workbook

__all__ = [
    "Context",
    "TemplateError",
    "check_template",
    "csv_table",
    "json_table",
    "long_workbook",
    "quarter_figures",
    "quarter_leaflet",
    "quarter_slides",
    "quarterly_notice",
    "table_workbook",
    "urging_letters",
]
