"""What pages and occasions share: the frame, exhibits, and the parts that pages are made of."""

from findings import exhibits
from findings.exhibits import Exhibit, labelled
from screens.frame.frame import frame, judge_cards_by, same_version, view, view_of_card
from screens.frame.menu import PAGES
from screens.frame.months import ReportMonth, month_picker
from screens.frame.view import NO_FILTERS, View, ledger_names
from screens.parts.drawing import draw
from screens.parts.exports import export_menu
from screens.parts.parts import (
    CHART_CONFIG,
    MIME_TYPES,
    answer_table,
    definition,
    download,
    download_file,
    export_context,
    headline,
    how_to_report,
    lamp_legend,
    lamps_explained,
    only_row,
    pieces,
    tiles,
)
from screens.parts.scoring import describe, scored_by_default, scored_view
from screens.parts.tasks import (
    LISTED,
    ROW_HEIGHT,
    TASK_CARD,
    TASK_COLUMNS,
    claim_table,
    grid_text,
    listed_first,
    matching,
    task_table,
    ticking_table,
)
from screens.parts.undoing import confirm_undo, show_foreseen, undo, version_looked_at

__all__ = [
    "CHART_CONFIG",
    "LISTED",
    "MIME_TYPES",
    "NO_FILTERS",
    "PAGES",
    "ROW_HEIGHT",
    "TASK_CARD",
    "TASK_COLUMNS",
    "Exhibit",
    "ReportMonth",
    "View",
    "answer_table",
    "claim_table",
    "confirm_undo",
    "definition",
    "describe",
    "download",
    "download_file",
    "draw",
    "exhibits",
    "export_context",
    "export_menu",
    "frame",
    "grid_text",
    "headline",
    "how_to_report",
    "judge_cards_by",
    "labelled",
    "lamp_legend",
    "lamps_explained",
    "ledger_names",
    "listed_first",
    "matching",
    "month_picker",
    "only_row",
    "pieces",
    "same_version",
    "scored_by_default",
    "scored_view",
    "show_foreseen",
    "task_table",
    "ticking_table",
    "tiles",
    "undo",
    "version_looked_at",
    "view",
    "view_of_card",
]
