"""The only shared drawing code: the frame with its filters, and the parts pages are made of."""

from ui.frame import NO_FILTERS, PAGES, View, ask, frame, view, warehouse
from ui.parts import (
    CHART_CONFIG,
    answer_table,
    chart,
    definition,
    download,
    headline,
    how_to_report,
    labelled,
    lamp_legend,
    tiles,
)
from ui.tasks import ROW_HEIGHT, TASK_CARD, claim_table, grid_text, task_table

__all__ = [
    "CHART_CONFIG",
    "NO_FILTERS",
    "PAGES",
    "ROW_HEIGHT",
    "TASK_CARD",
    "View",
    "answer_table",
    "ask",
    "chart",
    "claim_table",
    "definition",
    "download",
    "frame",
    "grid_text",
    "headline",
    "how_to_report",
    "labelled",
    "lamp_legend",
    "task_table",
    "tiles",
    "view",
    "warehouse",
]
