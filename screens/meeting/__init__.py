"""The quarterly meeting on screen: which quarter, what it decided, its documents, and its screens.

Owns the widgets of 季度例会. Its sentences come from `findings.quarter`; entries go to the warehouse.
"""

from screens.meeting.choosing import briefing_of, quarter_picker
from screens.meeting.decisions import earlier_decisions, own_decisions, show_report
from screens.meeting.documents import documents
from screens.meeting.showing import is_showing, show, start_button
from screens.meeting.statements import on_screen, statements

__all__ = [
    "briefing_of",
    "documents",
    "earlier_decisions",
    "is_showing",
    "on_screen",
    "own_decisions",
    "quarter_picker",
    "show",
    "show_report",
    "start_button",
    "statements",
]
