"""What the pages about points are made of. The page 评分方案 is put together here; the tables of marks,
the self-assessment and what can still be won have modules of their own.

Draws answers and hands entries to the warehouse; computes no mark itself.
"""

from screens.scores.current import (
    Current,
    composition,
    current_scheme,
    headline,
    show_report,
    start_from_ledger,
    summary_tiles,
)
from screens.scores.scheme_forms import hand_out, receive_template
from screens.scores.scheme_grid import edit_on_screen
from screens.scores.versions import compare_versions, list_versions, undo_version

__all__ = [
    "Current",
    "compare_versions",
    "composition",
    "current_scheme",
    "edit_on_screen",
    "hand_out",
    "headline",
    "list_versions",
    "receive_template",
    "show_report",
    "start_from_ledger",
    "summary_tiles",
    "undo_version",
]
