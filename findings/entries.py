"""What was entered of a task → sentences: what is new, and why an entry changes no figure.

Takes `task_history` rows; judges nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from words import WHOLE_TASK, day, each_row


def since(history: pd.DataFrame, seen: frozenset[tuple[str, bool]]) -> str:
    """What stands in the history and not in `seen`, pairs of entry and whether it was taken back; the
    newest first, nothing where nothing is new."""
    known = {entry_id for entry_id, _ in seen}
    said = []
    for row in each_row(history):
        if (str(row.entry_id), bool(row.corrected)) in seen:
            continue
        if str(row.entry_id) in known:
            said.append(f"{day(row.effective_on)} 的{row.what}（{row.said}）被撤销")
        else:
            said.append(f"{row.recorded_by}登记了{row.what}（{row.unit}，{row.said}）")
    return "；".join(said)


def without_effect(history: pd.DataFrame, entry_id: Any, as_of: date) -> str:
    """Why an entry just stored changes no figure of its task; nothing for a kind that never does."""
    own = history[history.entry_id.map(str) == str(entry_id)]
    if own.empty:
        why = f"它的日期晚于截至日期 {day(as_of)}，或现在看的是当时已填报的情况"
    else:
        why = _reason(history, own.iloc[0])
    return f"已保存，但这项任务的状态和数字没有改变：{why}。" if why else ""


def _reason(history: pd.DataFrame, entry: Any) -> str:
    others = history[(history.kind == entry.kind) & ~history.corrected]
    others = others[others.entry_id != entry.entry_id]
    if entry.kind == "report":
        about = others
        if entry.unit != WHOLE_TASK:
            about = others[others.unit.isin([entry.unit, WHOLE_TASK])]
        later = about[about.effective_on > entry.effective_on]
        if len(later):
            newest = later.iloc[0]
            return (
                f"已有 {day(newest.effective_on)} 的填报（{newest.unit}，{newest.said}），"
                "以情况属实之日较新的为准"
            )
        return "与此前登记的情况相同，或所填单位不决定这项任务（配合、支持单位）"
    if entry.kind == "occurrence":
        same_day = others[(others.effective_on == entry.effective_on) & (others.unit != entry.unit)]
        if len(same_day):
            return (
                "同一天已有其他单位的记录，算同一次；确实另办了一次的，撤销后选“是另一次”重新登记"
            )
        return "这项任务没有这种频次要求，或这一天不在应做的任何一期内"
    if entry.kind == "verification":
        return "没有在它之前报结的完成可供核验"
    if entry.kind == "plan":
        return "截至日期的序时进度由另一个节点决定"
    return ""
