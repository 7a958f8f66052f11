"""Answers as files to hand on."""

from documents.letters import letters_with_forms, urging_letters
from documents.quarter.figures import quarter_figures
from documents.quarter.leaflet import quarter_leaflet
from documents.quarter.looks import TemplateError
from documents.quarter.notice import quarterly_notice
from documents.quarter.slides import check_template, quarter_slides
from documents.workbook.answer import Context, table_workbook
from documents.workbook.long_answer import about_table, csv_table, json_table, long_workbook

__all__ = [
    "Context",
    "TemplateError",
    "about_table",
    "check_template",
    "csv_table",
    "json_table",
    "letters_with_forms",
    "long_workbook",
    "quarter_figures",
    "quarter_leaflet",
    "quarter_slides",
    "quarterly_notice",
    "table_workbook",
    "urging_letters",
]
