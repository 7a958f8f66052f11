"""Why tasks are red, as their units put it → words for lists, meeting and page alike.

Owns the wording of `red_reasons` rows.
"""

from __future__ import annotations

import re
from typing import Any

from words import is_missing

NOTHING_STATED = "没有填报原因"
LONG = 30
"""From so many days on, that nothing moved is worth a word."""
_END = "。；;，, "


def stated(row: Any) -> str:
    """The reason that the unit last reported."""
    return _line(row.stated_reason) or NOTHING_STATED


def next_step(row: Any) -> str:
    """The next step that the unit last reported; empty where it gave none."""
    return _line(row.next_step)


def standstill(row: Any) -> str:
    """How often the task was put off and for how long nothing moved: 延期 1 次，92 天没有进展."""
    parts = [f"延期 {row.put_off} 次"] if row.put_off else []
    if row.still_days >= LONG:
        parts.append(f"{row.still_days} 天没有进展")
    return "，".join(parts)


def _line(text: Any) -> str:
    return "" if is_missing(text) else re.sub(r"\s*\n\s*", "", str(text)).strip().rstrip(_END)
