"""The quarterly meeting on screen: which quarter, what it decided, its documents, and its screens.

Owns the widgets of 季度例会. Its sentences come from `findings.quarter`; entries go to the warehouse.
"""

from screens.meeting.choosing import briefing_of, quarter_picker
from screens.meeting.decisions import decisions_of_meeting, earlier_decisions, show_report
from screens.meeting.documents import documents
from screens.meeting.quarter_page import (
    basis,
    changes,
    headline,
    standing,
    tiles,
    to_decide,
    units,
)
from screens.meeting.showing import is_showing, show

__all__ = [
    "basis",
    "briefing_of",
    "changes",
    "decisions_of_meeting",
    "documents",
    "earlier_decisions",
    "headline",
    "is_showing",
    "quarter_picker",
    "show",
    "show_report",
    "standing",
    "tiles",
    "to_decide",
    "units",
]
