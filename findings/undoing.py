"""What taking a mistake back would change → sentences and tables: figures before and after, the tasks.

Takes how each task stands now and how it would stand (`warehouse.entries.withdrawing`); judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from words import ENTRIES, ROLES, STATES, UNKNOWN, day, number, percent

Tasks = Sequence[Mapping[str, Any]]
UNDONE = "撤回后"
"""The head of how things stand afterwards, unless another is given."""
GONE, NEW = "不再列出", "重新列出"
ENTRY_MEASURES = {"report": "条", "evidence": "件"}
"""Table of entries → its measure word where it is not 条."""


def entries_going(counts: Mapping[str, int], restored: int = 0) -> str:
    """How many entries of each kind would go, in one sentence; that none does, where none does."""
    going = [
        f"{ENTRIES[table]} {counts[table]} {ENTRY_MEASURES.get(table, '条')}"
        for table in ENTRIES
        if counts.get(table)
    ]
    sentence = f"一并撤回{'、'.join(going)}。" if going else "没有填报、佐证、核验等记录随之撤回。"
    again = f"被它改报的频次记录 {restored} 条恢复算数。" if restored else ""
    return sentence + again


def tasks_changing(before: Tasks, after: Tasks, then: str = UNDONE) -> str:
    """How many tasks would stand otherwise, in one sentence."""
    if not after:
        return f"台账的 {len(before)} 项任务不再列出，这份台账从各页中消失；可以重新导入。"
    rows = changed_tasks(before, after, then)
    if rows.empty:
        return "各项任务的文字、状态、进度、期限和责任单位都不变。"
    gone = int((rows[then] == GONE).sum())
    again = int((rows["现在"] == NEW).sum())
    otherwise = len(rows) - gone - again
    parts = [
        f"{count} 项{what}"
        for count, what in ((gone, GONE), (again, NEW), (otherwise, "改变文字、状态、期限或单位"))
        if count
    ]
    return f"任务中 {'，'.join(parts)}。"


def figures(before: Tasks, after: Tasks, then: str = UNDONE) -> pd.DataFrame:
    """The figures of the ledger now and afterwards, one line each; base tasks alone count."""
    now, later = _figures(before), _figures(after)
    return pd.DataFrame({"数字": list(now), "现在": now.values(), then: later.values()})


def changed_tasks(before: Tasks, after: Tasks, then: str = UNDONE) -> pd.DataFrame:
    """The tasks that would stand otherwise, go, or come back, by number; texts as they are. The column
    of how they would stand is called `then`. Due day and units are written where they change."""
    earlier = {task["task_id"]: task for task in before}
    later = {task["task_id"]: task for task in after}
    rows = []
    for task_id in dict.fromkeys([*earlier, *later]):
        was, becomes = earlier.get(task_id), later.get(task_id)
        now, later_on = NEW, GONE
        if was and becomes:
            now, later_on = _both(was, becomes)
            if now == later_on:
                continue
        elif was:
            now = _stand(was)
        elif becomes:
            later_on = _stand(becomes)
        shown = was or becomes
        assert shown is not None  # the task is in one of the two
        rows.append(
            {"编号": shown["number"], "目标任务": shown["task"], "现在": now, then: later_on}
        )
    rows.sort(key=lambda row: row["编号"])
    return pd.DataFrame(rows, columns=["编号", "目标任务", "现在", then])


def _both(was: Mapping[str, Any], becomes: Mapping[str, Any]) -> tuple[str, str]:
    """How a task stands now and afterwards, with its due day and units where they are not the same."""
    now, later = [_stand(was)], [_stand(becomes)]
    for name, words in (("effective_due_on", _due), ("units", _units)):
        if was[name] != becomes[name]:
            now.append(words(was[name]))
            later.append(words(becomes[name]))
    if was["task"] != becomes["task"]:
        later.append("改回原文字")
    return "，".join(now), "，".join(later)


def _due(due_on: date | None) -> str:
    return f"期限 {day(due_on)}" if due_on else "没有明确期限"


def _units(units: Sequence[Mapping[str, str]] | None) -> str:
    """Units by role, as the ledger lists them: 牵头 厅法规处；配合 厅办公室、厅人事处."""
    named = {
        word: [each["unit"] for each in units or () if each["role"] == role]
        for role, word in ROLES.items()
    }
    return (
        "；".join(f"{word} {'、'.join(each)}" for word, each in named.items() if each) or "无单位"
    )


def _stand(task: Mapping[str, Any]) -> str:
    """State and percent of a task in words."""
    if task["kind"] != "base":
        return "已列出"
    state = STATES.get(task["state"], UNKNOWN)
    if task["overdue"] and task["state"] == "returned":
        state += "，已逾期"
    return f"{state} {percent(task['percent'])}"


def _figures(tasks: Tasks) -> dict[str, str]:
    base = [task for task in tasks if task["kind"] == "base"]
    applicable = [task for task in base if task["is_applicable"]]
    percents = [task["percent"] for task in applicable if task["percent"] is not None]
    return {
        "任务": number(len(tasks)),
        "基本任务": number(len(base)),
        "已完成": f"{sum(bool(task['is_done']) for task in applicable)}/{len(applicable)}",
        "逾期": number(sum(bool(task["overdue"]) for task in base)),
        "从未填报": number(sum(task["reported_on"] is None for task in applicable)),
        "平均进度": percent(sum(percents) / len(percents), 1) if percents else UNKNOWN,
    }
