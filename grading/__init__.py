"""评分方案 on screen: handed out and taken back as a workbook, edited in a grid, versions compared."""

from grading.current import (
    Current,
    current_scheme,
    headline,
    points_by_heading,
    said_last_time,
    start_from_ledger,
    summary_tiles,
)
from grading.scheme_forms import hand_out, take_back
from grading.scheme_grid import edit_on_screen
from grading.versions import compare_versions, list_versions

__all__ = [
    "Current",
    "compare_versions",
    "current_scheme",
    "edit_on_screen",
    "hand_out",
    "headline",
    "list_versions",
    "points_by_heading",
    "said_last_time",
    "start_from_ledger",
    "summary_tiles",
    "take_back",
]
