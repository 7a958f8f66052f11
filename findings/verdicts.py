"""Completions and extensions before the office → headlines, and why a decision was not stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from words import day, day_in_sentence


def verification(
    completions: pd.DataFrame,
    requests: pd.DataFrame,
    as_of: date,
    *,
    has_tasks: bool,
    has_progress: bool,
) -> str:
    """The headline of 核验与延期, from `reported_completions` and `extension_requests`."""
    if not has_tasks:
        return "所选范围内没有基本任务，请放宽筛选条件。"
    # However many are listed, the first has waited longest.
    waiting, pending = (
        completions[completions.state == "waiting"],
        (requests.state == "pending").sum(),
    )
    said = []
    if len(waiting):
        days = int(waiting.waiting_days.max())
        oldest = f"，最早的已等 {days} 天" if days else ""
        first = waiting.iloc[0]
        of = f"（涉及 {first.all_waiting_tasks} 项任务）"
        said.append(f"{first.all_waiting} 件完成{of}待核验{oldest}")
    if pending:
        said.append(f"{pending} 件延期待审批")
    if said:
        return f"截至 {day_in_sentence(as_of)}，{'；'.join(said)}。"
    if not has_progress:
        return "没有待核验的完成，也没有待审批的延期：这份台账还没有任何进展填报。"
    return f"截至 {day_in_sentence(as_of)}，没有待核验的完成，也没有待审批的延期。"


def no_longer_as_shown(names: Sequence[str]) -> str:
    """Why nothing was stored: what was ticked is not as it stood on the screen."""
    return f"{_and_others(names)}在页面打开之后有了变化，没有存入，请核对后重新勾选。"


def unticked(names: Sequence[str]) -> str:
    """Which ticks fell away because what they stood at changed."""
    return f"{_and_others(names)}刚刚有了变化，已取消勾选，请核对后重新勾选。"


def dated_too_early(names: Sequence[str], chosen: date, earliest: date, what: str) -> str:
    """Why nothing was stored: a decision dated before what it decides on; `what` names that day."""
    newest = "最晚是" if len(names) > 1 else "是"
    return (
        f"{_and_others(names)}的{what}{newest} {day(earliest)}，"
        f"所填日期 {day(chosen)} 不能更早，请改正。"
    )


def _and_others(names: Sequence[str]) -> str:
    said = "、".join(names[:3])
    return f"{said}等 {len(names)} 项" if len(names) > 3 else said
