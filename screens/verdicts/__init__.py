"""Completions and requests for extension, judged by the office one or many at a time.

What was ticked is stored only as it was seen on the screen, in one transaction; a decision can be
withdrawn or replaced with a reason. Hands entries to the warehouse and judges nothing itself.
"""

from screens.parts.decisions import show_report
from screens.verdicts.completions import judged_completions, waiting_completions
from screens.verdicts.extensions import decided_requests, pending_requests
from screens.verdicts.waiting import headline, tiles

__all__ = [
    "decided_requests",
    "headline",
    "judged_completions",
    "pending_requests",
    "show_report",
    "tiles",
    "waiting_completions",
]
