"""What was typed into the grid of a month, as entries to be stored.

Owns which columns are typed into, and what of a row becomes a report, times done, or evidence. Draws
nothing and stores nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd

from warehouse import WarehouseError
from warehouse.entries.submissions import Evidence, Occurrence, Report
from words import REPORT_STATES, each_row

STATES = {word: code for code, word in REPORT_STATES.items()}
TYPED = (
    *("state", "percent", "narrative", "problem", "next_step", "effective_on"),
    *("occurred_on", "times", "title", "document_number", "evidence_on", "link"),
)
"""The columns a unit types into; the others say what the task is."""
REPORTED = TYPED[:6]
DAYS, NUMBERS = ("effective_on", "occurred_on", "evidence_on"), ("percent", "times")


@dataclass(frozen=True)
class Entries:
    """All that is to be stored, by kind."""

    reports: list[Report]
    occurrences: list[Occurrence]
    evidence: list[Evidence]


def entries_of(loaded: pd.DataFrame, changed: pd.DataFrame) -> Entries:
    """What the changed rows say beyond what was loaded.

    Raises WarehouseError when a row says only half of what it has to.
    """
    found = Entries([], [], [])
    for was, now in zip(each_row(loaded), each_row(changed), strict=True):
        task_id = UUID(now.task_id)
        if any(not _same(getattr(was, name), getattr(now, name)) for name in REPORTED):
            found.reports.append(_report(task_id, now))
        if pd.notna(now.times) or pd.notna(now.occurred_on):
            found.occurrences.append(_occurrence(task_id, now))
        if now.title or now.link or now.document_number or pd.notna(now.evidence_on):
            found.evidence.append(_evidence(task_id, now))
    return found


def changed_rows(loaded: pd.DataFrame, typed: pd.DataFrame) -> pd.DataFrame:
    """The rows of which anything was typed, as they stand now."""
    same = pd.Series(True, index=loaded.index)
    for name in TYPED:
        was, now = loaded[name], typed[name]
        if name in DAYS:
            was, now = pd.to_datetime(was), pd.to_datetime(now)
        elif name in NUMBERS:
            was, now = pd.to_numeric(was), pd.to_numeric(now)
        else:
            # An emptied cell is None, one never filled "".
            was, now = was.fillna("").astype(str), now.fillna("").astype(str)
        same &= ((was == now) | (was.isna() & now.isna())).fillna(False)
    return typed[~same.astype(bool)]


def _same(was: Any, now: Any) -> bool:
    blank_was, blank_now = (pd.isna(each) or each == "" for each in (was, now))
    return blank_now if blank_was else not blank_now and was == now


def _report(task_id: UUID, row: Any) -> Report:
    if pd.isna(row.state):
        raise WarehouseError(f"第 {row.number} 项写了进展，但没有选状态，请选择后再保存。")
    return Report(
        task_id,
        STATES[row.state],
        _day(row, row.effective_on, "情况属实之日"),
        None if pd.isna(row.percent) else float(row.percent),
        row.narrative or "",
        row.problem or "",
        row.next_step or "",
    )


def _occurrence(task_id: UUID, row: Any) -> Occurrence:
    if not row.windows:
        raise WarehouseError(f"第 {row.number} 项没有频次要求，请不要填完成次数和日期。")
    if pd.isna(row.times):
        raise WarehouseError(f"第 {row.number} 项填了频次完成日期，请再填当日完成次数。")
    return Occurrence(task_id, _day(row, row.occurred_on, "频次完成日期"), int(row.times))


def _evidence(task_id: UUID, row: Any) -> Evidence:
    if not row.title:
        raise WarehouseError(f"第 {row.number} 项的佐证材料没有名称，请补上。")
    own_day = None if pd.isna(row.evidence_on) else pd.Timestamp(row.evidence_on).date()
    return Evidence(task_id, row.title, row.document_number or "", row.link or "", own_day)


def _day(row: Any, value: Any, label: str) -> date:
    if pd.isna(value):
        raise WarehouseError(f"第 {row.number} 项请填写{label}。")
    return pd.Timestamp(value).date()
