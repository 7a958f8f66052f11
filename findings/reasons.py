"""Why tasks are red, as their units put it → words for lists, meeting and page alike.

Owns the wording of `red_reasons` rows.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from words import each_row, is_missing, shorten

NOTHING_STATED = "没有填报原因"
LONG = 30
"""From so many days on, that nothing moved is worth a word."""
REASON = 26
"""Characters of a reason in a line about a unit."""
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


def units_in_need(red_duties: pd.DataFrame, red_reasons: pd.DataFrame) -> list[str]:
    """A line for each unit with red tasks, those with overdue and with most red ones first: how many,
    and why the gravest of them is red."""
    place = {task_id: n for n, task_id in enumerate(red_reasons.task_id)}
    why = {row.task_id: row for row in each_row(red_reasons)}
    lines = []
    for unit, duties in red_duties.groupby("unit", sort=False):
        tasks = sorted({each for each in duties.task_id if each in place}, key=place.__getitem__)
        if not tasks:
            continue
        overdue = sum(bool(why[each].overdue) for each in tasks)
        gravest = why[tasks[0]]
        said = f"{unit}：红灯{len(tasks)}项" + (f"（逾期{overdue}）" if overdue else "")
        said += f"，第{gravest.number}项：{shorten(stated(gravest), REASON)}"
        lines.append(((-overdue, -len(tasks), place[tasks[0]]), said))
    return [said for _, said in sorted(lines)]


def beside(tasks: pd.DataFrame, red_reasons: pd.DataFrame) -> pd.DataFrame:
    """Rows about tasks with what the unit said of each red one in the column `stated`."""
    said = {row.task_id: account(row) for row in each_row(red_reasons)}
    return tasks.assign(stated=[said.get(each, "") for each in tasks.task_id])


def account(row: Any) -> str:
    """All that is known of why a task is red, from its row of `red_reasons`."""
    step = next_step(row)
    parts = (standstill(row), stated(row), f"下一步：{step}" if step else "")
    return "；".join(filter(None, parts))


def _line(text: Any) -> str:
    return "" if is_missing(text) else re.sub(r"\s*\n\s*", "", str(text)).strip().rstrip(_END)
