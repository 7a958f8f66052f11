"""A comparison of editions → what a later one changes, in words.

Which task goes on as which is known elsewhere (`warehouse.editions`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from warehouse.ledger import editions
from words import CHANGES, DEADLINE_KINDS, ROLES, day


def changed(pairs: Sequence[editions.Pair]) -> str:
    """What a later edition changes, from the comparison of editions."""
    counts = Counter(name for pair in pairs for name in (pair.changes or (pair.change,)))
    said = [
        f"{CHANGES[name]} {counts[name]} 项" for name in CHANGES if name != "same" and counts[name]
    ]
    return f"{'，'.join(said) or '任务没有变化'}；不变 {counts['same']} 项。"


def changed_rows(pairs: Sequence[editions.Pair]) -> pd.DataFrame:
    """The lines of a comparison that change something, in words and whole."""
    found = [pair for pair in pairs if pair.change != "same"]
    return pd.DataFrame(
        {
            "变化": [
                "、".join(CHANGES[name] for name in pair.changes or (pair.change,))
                for pair in found
            ],
            "原编号": [pair.before.number if pair.before else None for pair in found],
            "新编号": [pair.after.number if pair.after else None for pair in found],
            "原文字": [pair.before.task if pair.before else "" for pair in found],
            "新文字": [pair.after.task if pair.after else "" for pair in found],
            "分工、期限、位置": [_what_changed(pair) for pair in found],
        }
    )


def _what_changed(pair: editions.Pair) -> str:
    """From what to what units, deadline and indicator of one task changed."""
    said: list[str] = []
    if pair.before is None or pair.after is None:
        return ""
    if "reassigned" in pair.changes:
        said.append(_reassigned(pair.before.assignments, pair.after.assignments))
    if "redated" in pair.changes:
        said.append(f"{_deadline(pair.before)} → {_deadline(pair.after)}")
    if "moved" in pair.changes:
        said.append(_move(pair.before, pair.after))
    return "；".join(said)


def _indicator(task: Any) -> str:
    return "·".join(filter(None, (task.level1, task.level2)))


def _move(before: Any, after: Any) -> str:
    """From which indicator to which; by 二级指标 alone where that tells them apart, as 一级指标 are long."""
    if before.level2 and after.level2 and before.level2 != after.level2:
        return f"{before.level2} → {after.level2}"
    return f"{_indicator(before)} → {_indicator(after)}"


def _reassigned(before: Any, after: Any) -> str:
    """From which units to which, role by role; only the roles whose units changed."""
    said = []
    for role, word in ROLES.items():
        was = {_named(duty.unit, duty.scope) for duty in before if duty.role == role}
        now = {_named(duty.unit, duty.scope) for duty in after if duty.role == role}
        if was != now:
            said.append(f"{word}：{_units(was)} → {_units(now)}")
    return "；".join(said)


def _named(unit: str, scope: str) -> str:
    return f"{unit}（{scope}）" if scope else unit


def _units(names: set[str]) -> str:
    return "、".join(sorted(names)) or "无"


def _deadline(task: Any) -> str:
    return day(task.due_on) if task.due_on else DEADLINE_KINDS[task.deadline_kind]
