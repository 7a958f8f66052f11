"""Correcting the registration of units: one renamed, one taken into another, one split off for some tasks.

Nothing recorded is changed: rows of `unit_correction` say for which unit it counts from now on, and as it
was known before, it still counts as it did. Owns which rows say so; raises WarehouseError with a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import duckdb

from warehouse.entries.recording import check_author
from warehouse.ledger.reference import Reference
from warehouse.ledger.register import CONFIRMED, add_units
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer


@dataclass(frozen=True)
class UnitCorrection:
    """A unit that is to be called or counted otherwise."""

    unit_id: UUID
    becomes: str
    """The right name: of a registered unit, or a new one."""
    task_ids: tuple[UUID, ...] = ()
    """Only what it has to do with these tasks; everything when empty."""
    spelling: str = ""
    """The confirmed spelling of the unit that was none: it is forgotten. Without tasks that is all."""


@dataclass(frozen=True)
class Spelling:
    """What somebody confirmed at an import: that `alias` is another spelling of a unit."""

    alias: str
    stored_under: UUID
    """The unit it was confirmed of, which may count for another one since."""
    unit_id: UUID
    region: str
    unit: str
    is_unit: bool
    """Whether it is the name of a unit that was renamed or taken into another."""


@dataclass(frozen=True)
class UnitsForeseen:
    """The units of a ledger now and afterwards: (name, tasks, tasks reported on, tasks done)."""

    before: tuple[tuple[str, int, int, int], ...]
    after: tuple[tuple[str, int, int, int], ...]


def correct_unit(
    warehouse: Warehouse,
    correction: UnitCorrection,
    reference: Reference,
    *,
    reason: str,
    recorded_by: str,
    seen_version: int,
) -> None:
    """Count what is recorded of a unit for the unit of the right name, in one transaction;
    `seen_version` is the data version in which it was looked at what would change."""
    check_author(recorded_by)
    if not reason.strip():
        raise WarehouseError("更正单位须写明理由。")
    with warehouse.writing(recorded_by.strip(), "更正单位") as writer:
        if writer.data_version != seen_version + 1:
            raise WarehouseError("核对期间有人存入了别的记录，没有更正，请核对后再更正一次。")
        _correct(writer, correction, reference, reason.strip())


def foresee_unit(
    warehouse: Warehouse,
    correction: UnitCorrection,
    reference: Reference,
    ledger_id: UUID,
    as_of: date,
) -> UnitsForeseen:
    """What the correction would change of a ledger's units on a day; nothing is stored."""
    with warehouse.trial("") as writer:
        before = _units(writer.cursor, ledger_id, as_of)
        _correct(writer, correction, reference, "")
        after = _units(writer.cursor, ledger_id, as_of)
    return UnitsForeseen(before, after)


def confirmed_spellings(warehouse: Warehouse) -> list[Spelling]:
    """Other spellings that somebody confirmed at an import, by province and name."""
    with warehouse.cursor() as cursor:
        return _spellings(cursor)


def _spellings(cursor: duckdb.DuckDBPyConnection) -> list[Spelling]:
    return [Spelling(*row) for row in cursor.execute(statement("confirmed_spellings")).fetchall()]


def _units(
    cursor: duckdb.DuckDBPyConnection, ledger_id: UUID, as_of: date
) -> tuple[tuple[str, int, int, int], ...]:
    given = {"ledger_id": ledger_id, "as_of": as_of}
    found = cursor.execute(statement("judged_units_of_ledger"), given).fetchall()
    return tuple((name, tasks, reported, done) for name, tasks, done, reported in found)


def _correct(writer: Writer, correction: UnitCorrection, reference: Reference, reason: str) -> None:
    unit_id, becomes = correction.unit_id, correction.becomes.strip()
    if not becomes:
        raise WarehouseError("请填写正确的单位名称。")
    found = writer.cursor.execute(statement("registered_unit"), {"unit_id": unit_id}).fetchall()
    if not found:
        raise WarehouseError("这个单位的登记已经更正过，请刷新页面。")
    ((region, name),) = found
    if becomes == name:
        raise WarehouseError(f"“{becomes}”就是现在的名称，没有可更正的。")
    given: dict[str, Any] = {"unit_id": unit_id, "task_ids": list(correction.task_ids)}
    if correction.task_ids:
        named = writer.cursor.execute(statement("tasks_naming_unit"), given).fetchall()
        if len(named) != len(set(correction.task_ids)):
            raise WarehouseError("所选任务中有的已不在这个单位名下，请刷新页面。")
    if correction.spelling:
        _forget(writer, unit_id, correction.spelling, reason)
        if not correction.task_ids:
            return
    if correction.task_ids:
        standing = writer.cursor.execute(statement("standing_on_tasks"), given).fetchall()
    else:
        standing = writer.cursor.execute(
            statement("standing_for_unit"), {"unit_id": unit_id}
        ).fetchall()
    became_id = _registered(writer, region, becomes, reference, standing)
    if correction.task_ids:
        standing = _parted(writer, standing, became_id)
    writer.append_signed(
        "unit_correction",
        [
            {
                "correction_id": uuid4(),
                "unit_id": raw_id,
                "task_id": task_id,
                "became_id": became_id,
                "reason": reason,
            }
            for raw_id, task_id in standing
        ],
    )
    if not correction.task_ids:
        # The next ledger that names it means the other one.
        writer.append("unit_alias", [{"unit_id": became_id, "alias": name, "source": CONFIRMED}])
    action = "拆出单位" if correction.task_ids else "更正单位"
    after: dict[str, Any] = {"单位": becomes, "reason": reason}
    if correction.task_ids:
        after["任务"] = len(correction.task_ids)
    writer.record(action, "unit", unit_id, before={"单位": name}, after=after)


def _parted(
    writer: Writer, corrected: Sequence[tuple[UUID, UUID | None]], became_id: UUID
) -> list[tuple[UUID, UUID | None]]:
    """Of a unit that had been taken in by mistake and is split off again, only what was its own goes
    with it: of the tasks that it was registered for, the other's part stays. It may have been registered
    in another province, which was corrected since."""
    given = {"unit_id": became_id}
    found = writer.cursor.execute(statement("registered_under_name"), given).fetchall()
    same = {raw_id for raw_id, _ in found}
    taken_in = {task for raw_id, task in corrected if raw_id in same}
    its_own = taken_in & {task for _, task in found}
    return [row for row in corrected if row[1] not in its_own or row[0] in same]


def _forget(writer: Writer, unit_id: UUID, alias: str, reason: str = "") -> None:
    """Read a name no longer as the unit; `reason` where somebody gave one for this alone."""
    stored_under = [
        each.stored_under
        for each in _spellings(writer.cursor)
        if (each.unit_id, each.alias) == (unit_id, alias)
    ]
    if not stored_under:
        raise WarehouseError(f"“{alias}”已不作为这个单位的写法，请刷新页面。")
    for each in stored_under:
        writer.amend("forget_spelling", {"unit_id": each, "alias": alias})
    after = {"写法": None, "reason": reason}
    writer.record("撤销单位写法", "unit", unit_id, before={"写法": alias}, after=after)


def _registered(
    writer: Writer,
    region: str,
    name: str,
    reference: Reference,
    standing: Sequence[tuple[UUID, UUID | None]],
) -> UUID:
    """The unit of this name, registered where it is not yet; `standing` is what counts for the unit that
    is corrected."""
    given = {"region": region, "name": name}
    found = writer.cursor.execute(statement("unit_of_name"), given).fetchall()
    if found:
        unit_id: UUID = found[0][0]
        is_split_off = unit_id in {raw_id for raw_id, _ in standing}
        if (
            not is_split_off
            and not writer.cursor.execute(
                statement("registered_unit"), {"unit_id": unit_id}
            ).fetchall()
        ):
            # It had been taken into another unit and is to count for itself again, and the next ledger
            # that names it means it.
            for each in _spellings(writer.cursor):
                if (each.region, each.alias) == (region, name):
                    _forget(writer, each.unit_id, name)
            writer.append_signed(
                "unit_correction",
                [
                    {
                        "correction_id": uuid4(),
                        "unit_id": unit_id,
                        "task_id": None,
                        "became_id": unit_id,
                        "reason": "",
                    }
                ],
            )
        return unit_id
    return add_units(writer, [(region, name)], reference)[region, name]
