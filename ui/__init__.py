"""The only shared drawing code: the frame with its filters, and the parts pages are made of."""

from ui.exports import export_menu
from ui.frame import NO_FILTERS, PAGES, View, ask, frame, view, warehouse
from ui.months import ReportMonth, month_picker
from ui.parts import (
    CHART_CONFIG,
    MIME_TYPES,
    answer_table,
    chart,
    definition,
    download,
    download_file,
    headline,
    how_to_report,
    labelled,
    lamp_legend,
    tiles,
)
from ui.tasks import ROW_HEIGHT, TASK_CARD, claim_table, grid_text, task_table

__all__ = [
    "CHART_CONFIG",
    "MIME_TYPES",
    "NO_FILTERS",
    "PAGES",
    "ROW_HEIGHT",
    "TASK_CARD",
    "ReportMonth",
    "View",
    "answer_table",
    "ask",
    "chart",
    "claim_table",
    "definition",
    "download",
    "download_file",
    "export_menu",
    "frame",
    "grid_text",
    "headline",
    "how_to_report",
    "labelled",
    "lamp_legend",
    "month_picker",
    "task_table",
    "tiles",
    "view",
    "warehouse",
]
