"""Correcting what a ledger is called and when an edition takes effect, after it was stored.

A correction is a row of its own: as it was known before, the ledger is called and dated as it was. Owns
what follows from a corrected year (days without a year of their own move) and province (its units are
those of the right province); raises WarehouseError with a sentence.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from warehouse.entries.recording import check_author
from warehouse.entries.withdrawing import Foreseen, judged
from warehouse.ledger.naming import same_title
from warehouse.ledger.reference import Reference
from warehouse.ledger.register import add_units
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class LedgerCorrection:
    """What a ledger is to be called, and from when its editions are in force."""

    ledger_id: UUID
    title: str
    region: str
    year: int
    effective: tuple[tuple[UUID, date], ...] = ()
    """(edition, its right day of effect) of each edition whose day is wrong."""


def correct_ledger(
    warehouse: Warehouse,
    correction: LedgerCorrection,
    reference: Reference,
    *,
    reason: str,
    recorded_by: str,
    seen_version: int,
) -> None:
    """Correct a ledger in one transaction; `seen_version` is the data version it was looked at in."""
    check_author(recorded_by)
    if not reason.strip():
        raise WarehouseError("更正台账须写明理由。")
    with warehouse.writing(recorded_by.strip(), "更正台账") as writer:
        if writer.data_version != seen_version + 1:
            raise WarehouseError("核对期间有人存入了别的记录，没有更正，请核对后再更正一次。")
        _correct(writer, correction, reference, reason.strip())


def foresee_ledger(
    warehouse: Warehouse, correction: LedgerCorrection, reference: Reference, as_of: date
) -> Foreseen:
    """How the ledger's tasks stand on a day, and would stand on it; of a corrected year, on the same
    day of that year. Nothing is stored."""
    with warehouse.trial("") as writer:
        before = judged(writer.cursor, correction.ledger_id, as_of)
        ((_, _, year),) = writer.cursor.execute(
            statement("ledger_of_id"), {"ledger_id": correction.ledger_id}
        ).fetchall()
        _correct(writer, correction, reference, "")
        then = in_year(as_of, as_of.year + correction.year - year)
        after = judged(writer.cursor, correction.ledger_id, then)
    return Foreseen({}, 0, before, after)


def in_year(day: date, year: int) -> date:
    """The same day of another year; the last day of a month stays one."""
    last_then = calendar.monthrange(day.year, day.month)[1]
    last_now = calendar.monthrange(year, day.month)[1]
    return date(year, day.month, last_now if day.day == last_then else min(day.day, last_now))


def _correct(
    writer: Writer, correction: LedgerCorrection, reference: Reference, reason: str
) -> None:
    given = {"ledger_id": correction.ledger_id}
    found = writer.cursor.execute(statement("ledger_of_id"), given).fetchall()
    editions = writer.cursor.execute(statement("editions_of_ledger"), given).fetchall()
    standing = [row for row in editions if row[-1]]
    if not found or not standing:
        raise WarehouseError("这份台账已经撤回，请刷新页面。")
    ((title, region, year),) = found
    named = (correction.title.strip(), correction.region.strip(), correction.year)
    before: dict[str, Any] = {"台账名称": title, "地区": region, "年度": year}
    after: dict[str, Any] = dict(zip(before, named, strict=True))
    is_named = named != (title, region, year)
    days = _check_days(correction, standing, year)
    if not is_named and not days:
        raise WarehouseError("台账的名称、地区、年度和生效日都没有改动。")
    if not named[0]:
        raise WarehouseError("请填写台账名称。")
    if is_named:
        _check_name(writer, correction)
        row = {
            "correction_id": uuid4(),
            "ledger_id": correction.ledger_id,
            "title": named[0],
            "region": named[1],
            "year": named[2],
            "started_on": date(named[2], 1, 1),
            "ended_on": date(named[2], 12, 31),
            "reason": reason,
        }
        writer.append_signed("ledger_correction", [row])
    if named[2] != year:
        moved = _move_days(writer, correction, year)
        if moved:
            before["期限改年的任务"], after["期限改年的任务"] = 0, moved
        days = {
            row[3]: in_year(
                days.get(row[3], row[4]), days.get(row[3], row[4]).year + named[2] - year
            )
            for row in standing
        }
    if named[1] != region:
        _move_units(writer, correction, reference, reason)
    writer.append_signed(
        "edition_correction",
        [
            {
                "correction_id": uuid4(),
                "edition_id": edition_id,
                "effective_on": day,
                "reason": reason,
            }
            for edition_id, day in days.items()
        ],
    )
    for number, _, _, edition_id, effective_on, *_ in standing:
        if days.get(edition_id, effective_on) != effective_on:
            name = f"第 {number} 版生效日"
            before[name], after[name] = str(effective_on), str(days[edition_id])
    changed = [name for name in before if before[name] != after[name]]
    writer.record(
        "更正台账",
        "ledger",
        correction.ledger_id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed} | {"reason": reason},
    )


def _check_name(writer: Writer, correction: LedgerCorrection) -> None:
    named = writer.cursor.execute(statement("ledger_names")).fetchall()
    for ledger_id, title, region, year in named:
        same = (region, year) == (correction.region.strip(), correction.year)
        if ledger_id != correction.ledger_id and same and same_title(title, correction.title):
            raise WarehouseError(
                f"{region} {year} 年已有同名台账《{title}》，请核对；是同一份台账的，撤回其中一份。"
            )


def _check_days(
    correction: LedgerCorrection, standing: list[tuple[Any, ...]], year: int
) -> dict[UUID, date]:
    """Edition → its corrected day of effect, where it is another; in the order of the editions."""
    wanted = dict(correction.effective)
    days = [(row[0], row[3], wanted.get(row[3], row[4])) for row in standing]
    first = date(year, 1, 1)
    earliest = first
    for number, _, day in days:
        if not earliest <= day <= date(year, 12, 31):
            raise WarehouseError(
                f"第 {number} 版的生效日应在 {earliest} 至 {date(year, 12, 31)} 之间，填的是 {day}，请改正。"
            )
        earliest = day
    before = {row[3]: row[4] for row in standing}
    return {edition_id: day for _, edition_id, day in days if day != before[edition_id]}


def _move_days(writer: Writer, correction: LedgerCorrection, year: int) -> int:
    """Move the due days whose text names no year into the corrected year; returns of how many tasks."""
    given = {"ledger_id": correction.ledger_id}
    tasks = writer.cursor.execute(statement("dated_tasks_of_ledger"), given).fetchall()
    moved = [
        {
            "edition_id": edition_id,
            "task_id": task_id,
            "due_on": in_year(due_on, due_on.year + correction.year - year),
        }
        for edition_id, task_id, _, text, due_on in tasks
        if not _YEAR.search(text)
    ]
    writer.append_signed("redated_task", moved)
    return len({row["task_id"] for row in moved})


def _move_units(
    writer: Writer, correction: LedgerCorrection, reference: Reference, reason: str
) -> None:
    """Let the ledger's tasks name the units of the corrected province."""
    given = {"ledger_id": correction.ledger_id}
    duties = writer.cursor.execute(statement("duties_of_ledger"), given).fetchall()
    region = correction.region.strip()
    known = add_units(writer, dict.fromkeys((region, name) for *_, name in duties), reference)
    rows = []
    for task_id, unit_id, name in duties:
        on_task = {"unit_id": unit_id, "task_ids": [task_id]}
        standing = writer.cursor.execute(statement("standing_on_tasks"), on_task).fetchall()
        rows += [
            {
                "correction_id": uuid4(),
                "unit_id": raw_id,
                "task_id": task_id,
                "became_id": known[region, name],
                "reason": reason,
            }
            for raw_id, _ in standing
        ]
    writer.append_signed("unit_correction", rows)
