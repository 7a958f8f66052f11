"""The office's desk: claims of completion and requests for extension, judged one or many at a time.

What was ticked is stored only as it was seen on the screen, in one transaction; a decision can be
taken back or replaced with a reason. Hands entries to the warehouse and judges nothing itself.
"""

from screens.parts.decisions import show_report
from screens.verdicts.completions import judged_claims, waiting_claims
from screens.verdicts.extensions import decided_requests, pending_requests

__all__ = [
    "decided_requests",
    "judged_claims",
    "pending_requests",
    "show_report",
    "waiting_claims",
]
