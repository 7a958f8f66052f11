"""Taking an issued ledger into the warehouse, edition by edition.

Owns the identity of ledgers, editions and tasks. Knows nothing of file formats: it is handed what
`loaders.read_ledger` understood.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from loaders.explaining import reasons
from loaders.model import Ledger, Task
from warehouse.faults import AlreadyStored
from warehouse.ledger.naming import goes_on_from, identify, ledger_named
from warehouse.ledger.pictures import Pictures, keep_pictures
from warehouse.ledger.reference import Reference
from warehouse.ledger.register import add_units, confirm_spellings, respelled, spellings
from warehouse.ledger.stated import store_plans, store_progress
from warehouse.store import Warehouse, WarehouseError, statement, today
from warehouse.writing import Writer

log = logging.getLogger(__name__)


NO_EDITION = 0
"""What the first edition of a ledger follows."""


@dataclass(frozen=True)
class Loaded:
    """What became of one ledger file."""

    ledger_id: UUID
    title: str
    tasks: int
    is_new: bool
    """False when this very file was in the warehouse already and nothing was changed."""


@dataclass(frozen=True)
class Correction:
    """What a person changed of a reading before it was stored."""

    number: int | None
    """The task as it is stored; None where it is about no task of the edition."""
    field: str
    """Of a task its column; of anything else its Chinese name, once each."""
    before: str
    after: str


@dataclass(frozen=True)
class SettledDoubt:
    """How a doubt of a reading was settled before the ledger was stored."""

    numbers: tuple[int, ...]
    """The tasks it is about as they are stored; none where it is about no task of the edition."""
    about: str
    """As `loaders.Issue.about`."""
    place: str
    """Where it stands in the file."""
    message: str
    choice: str
    """The words of the reading that was chosen."""


@dataclass(frozen=True)
class StoredFile:
    """The edition that a file was stored as."""

    ledger_id: UUID
    title: str
    region: str
    year: int
    edition_id: UUID
    edition_number: int


def stored_file(warehouse: Warehouse, sha256: str) -> StoredFile | None:
    """The edition last stored from this very file, whatever it was then called; None when it never
    was. Title, region and year are those it was stored under: they may have been corrected."""
    with warehouse.cursor() as cursor:
        row = cursor.execute(statement("stored_file"), {"sha256": sha256}).fetchone()
    return StoredFile(*row) if row else None


def load_ledger(
    warehouse: Warehouse, ledger: Ledger, reference: Reference, *, recorded_by: str
) -> Loaded:
    """Store a ledger that is not stored yet, with its units, cadences and any progress it carries.

    The same file again changes nothing, also when its title or year was corrected. Raises
    `WarehouseError` when the ledger names no year, and when another file of the same region, year and
    title is stored already: what such an edition changes has to be looked at first.
    """
    if known := stored_file(warehouse, ledger.sha256):
        return Loaded(known.ledger_id, known.title, len(ledger.tasks), False)
    return store_edition(warehouse, ledger, reference, recorded_by=recorded_by, follows=NO_EDITION)


def store_edition(
    warehouse: Warehouse,
    ledger: Ledger,
    reference: Reference,
    *,
    recorded_by: str,
    effective_on: date | None = None,
    continued: dict[int, UUID] | None = None,
    corrections: Sequence[Correction] = (),
    settled: Sequence[SettledDoubt] = (),
    read_as: Ledger | None = None,
    confirmed: dict[str, str] | None = None,
    follows: int | None = None,
    pictures: Pictures | None = None,
) -> Loaded:
    """Store a ledger as its next edition, in one transaction.

    `effective_on` is the day the edition takes effect (the ledger's first day when not given).
    `continued` maps new task numbers to the task_id they go on with; the others are new tasks.
    `corrections` were made to the reading and are remembered, and so is how doubts were `settled` and
    how the file named itself (`read_as`, when the name was corrected); `confirmed` maps unknown unit
    names to the registered units they are other spellings of. `follows` is the number of the edition
    that the changes were looked at against (NO_EDITION for a new ledger); when another was stored
    since, or that one taken back, nothing is stored. `pictures` are how the cells of a scan look. Editions that were taken back keep their numbers,
    and their files can be stored again.
    """
    if not recorded_by.strip():
        raise WarehouseError("请填写操作人。")
    identify(ledger)
    year = ledger.year
    assert year is not None  # identify refuses a ledger without one
    with warehouse.writing(recorded_by.strip(), "导入台账") as writer:
        ledger_id = ledger_named(writer.cursor, ledger)
        stored = writer.cursor.execute(
            statement("editions_of_ledger"), {"ledger_id": ledger_id}
        ).fetchall()
        of_file = writer.cursor.execute(statement("edition_of_file"), {"sha256": ledger.sha256})
        same_file = [stands for (stands,) in of_file.fetchall()]
        standing = [row for row in stored if row[-1]]
        before = goes_on_from(stored)
        if any(same_file):
            raise AlreadyStored(f"{ledger.file} 已经导入过，没有变化。")
        if follows == NO_EDITION and standing:
            raise WarehouseError(
                f"已有同名台账《{ledger.title}》（{standing[-1][2]}），而 {ledger.file} 的内容与它不同，没有导入；"
                "如是修订版，请在“导入台账”页核对变化后存入。"
            )
        if follows and (before is None or follows != before[0]):
            raise WarehouseError(
                f"核对期间有人存入或撤回了《{ledger.title}》的另一版，没有存入，请重新核对变化后再存。"
            )
        if confirmed:
            confirm_spellings(writer, ledger.region, confirmed, reference)
        ledger = respelled(ledger, spellings(writer.cursor, ledger.region))
        first_day, last_day = date(year, 1, 1), date(year, 12, 31)
        number = stored[-1][0] + 1 if stored else 1
        in_force_from = effective_on or first_day
        # Earlier than the edition before it, an edition would hide it; later than the ledger's last
        # day, it would never be seen.
        earliest = max((row[4] for row in standing), default=first_day)
        if not earliest <= in_force_from <= last_day:
            raise WarehouseError(f"新版生效日应在 {earliest} 至 {last_day} 之间，请改正。")
        if not stored:
            writer.append_signed(
                "ledger",
                [
                    {
                        "ledger_id": ledger_id,
                        "region": ledger.region,
                        "year": year,
                        "title": ledger.title,
                        "started_on": first_day,
                        "ended_on": last_day,
                    }
                ],
            )
        again = f"{number}|" if same_file else ""
        edition_id = uuid5(ledger_id, f"edition|{again}{ledger.sha256}")
        named = read_as or ledger
        # A column that names no day was true at the latest when the file was handed in.
        stated_on = None
        if any(task.progress for task in ledger.tasks):
            stated_on = ledger.stated_on or min(today(), last_day)
        writer.append_signed(
            "edition",
            [
                {
                    "edition_id": edition_id,
                    "ledger_id": ledger_id,
                    "edition_number": number,
                    "effective_on": in_force_from,
                    "file_name": ledger.file,
                    "sha256": ledger.sha256,
                    "read_title": named.title,
                    "read_region": named.region,
                    "read_year": named.year,
                    "stated_on": stated_on,
                }
            ],
        )
        born = f"task|{number}|" if stored else "task|"
        task_ids = {task.number: uuid5(ledger_id, f"{born}{task.number}") for task in ledger.tasks}
        task_ids |= continued or {}
        _store_tasks(writer, ledger_id, edition_id, ledger, task_ids, reference)
        _store_reading(writer, edition_id, ledger)
        if stated_on:
            store_progress(writer, ledger_id, ledger, task_ids, stated_on)
        store_plans(writer, ledger_id, ledger, task_ids)
        writer.append_signed(
            "correction",
            [
                {
                    "edition_id": edition_id,
                    "task_id": task_ids[made.number],
                    "field": made.field,
                    "before": made.before,
                    "after": made.after,
                }
                for made in corrections
                if made.number is not None
            ],
        )
        writer.record(
            "导入新版" if standing else "导入台账",
            "ledger",
            ledger_id,
            before={"文件": standing[-1][2]} if standing else None,
            after={
                "文件": ledger.file,
                "版次": number,
                "任务": len(ledger.tasks),
                "存疑": len(ledger.issues),
                "更正": len(corrections),
            },
        )
        # Found again by the instant they share with their edition.
        keep_pictures(warehouse, writer, ledger_id, ledger.file, pictures or {})
        of_the_whole = [made for made in corrections if made.number is None]
        if of_the_whole:
            writer.record(
                "更正读法",
                "ledger",
                ledger_id,
                before={made.field: made.before for made in of_the_whole},
                after={made.field: made.after for made in of_the_whole},
            )
        if settled:
            _store_settled(writer, ledger_id, edition_id, settled, task_ids)
    log.info("stored %s as edition %d: %d tasks", ledger.file, number, len(ledger.tasks))
    return Loaded(ledger_id, ledger.title, len(ledger.tasks), True)


def _store_tasks(
    writer: Writer,
    ledger_id: UUID,
    edition_id: UUID,
    ledger: Ledger,
    task_ids: dict[int, UUID],
    reference: Reference,
) -> None:
    names = dict.fromkeys(
        (ledger.region, part.unit) for task in ledger.tasks for part in task.assignments
    )
    unit_ids = add_units(writer, names, reference)
    in_edition = {"edition_id": edition_id}
    writer.append(
        "task",
        [
            in_edition
            | {"task_id": task_ids[task.number], "ledger_id": ledger_id}
            | _task_row(task)
            for task in ledger.tasks
        ],
    )
    writer.append(
        "assignment",
        [
            in_edition
            | {
                "task_id": task_ids[task.number],
                "unit_id": unit_ids[ledger.region, part.unit],
                "role": part.role,
                "scope": part.scope,
                "position": position,
            }
            for task in ledger.tasks
            for position, part in enumerate(task.assignments, start=1)
        ],
    )
    writer.append(
        "cadence",
        [
            in_edition
            | {
                "task_id": task_ids[task.number],
                "period": cadence.period,
                "min_count": cadence.min_count,
                "phrase": cadence.phrase,
            }
            for task in ledger.tasks
            for cadence in task.cadences
        ],
    )


def _store_reading(writer: Writer, edition_id: UUID, ledger: Ledger) -> None:
    """How each row of the source was read, and what was doubtful."""
    writer.append(
        "source_row",
        [
            {
                "edition_id": edition_id,
                "source_table": row.place.table,
                "source_row": row.place.row,
                "reading": row.reading,
                "text": row.text,
                "cells": list(row.cells) or [row.text],
                "tasks": row.tasks,
            }
            for row in ledger.rows
        ],
    )
    writer.append(
        "reading_issue",
        [
            {
                "edition_id": edition_id,
                "source_table": issue.place.table,
                "source_row": issue.place.row,
                "source_column": issue.place.column,
                "message": issue.message,
            }
            for issue in ledger.issues
        ],
    )


def _task_row(task: Task) -> dict[str, Any]:
    return {
        "number": task.number,
        "printed_number": task.printed_number,
        "level1": task.level1,
        "level2": task.level2,
        "task": task.task,
        "kind": task.kind,
        "responsible_text": task.responsible_text,
        "responsible_inherited": task.responsible_inherited,
        "deadline_text": task.deadline_text,
        "deadline_inherited": task.deadline_inherited,
        "deadline_kind": task.deadline_kind,
        "due_on": task.due_on,
        "quantities": list(task.quantities),
        "points": task.points,
        "note": task.note,
        "source_table": task.place.table,
        "source_row": task.place.row,
        "source_column": task.place.column,
        "reading_basis": reasons(task),
    }


def _store_settled(
    writer: Writer,
    ledger_id: UUID,
    edition_id: UUID,
    settled: Sequence[SettledDoubt],
    task_ids: Mapping[int, UUID],
) -> None:
    """How doubts were settled: a row for each task it is about, and one entry of the trail."""
    writer.append_signed(
        "settled_doubt",
        [
            {
                "edition_id": edition_id,
                "task_id": task_id,
                "about": doubt.about,
                "message": doubt.message,
                "choice": doubt.choice,
            }
            for doubt in settled
            for task_id in (_ids_of(doubt, task_ids) or [None])
        ],
    )
    after = {f"{doubt.place}：{doubt.message}": doubt.choice for doubt in settled}
    before = dict.fromkeys(after, "未定")
    writer.record("核定存疑", "ledger", ledger_id, before=before, after=after)


def _ids_of(doubt: SettledDoubt, task_ids: Mapping[int, UUID]) -> list[UUID | None]:
    return [task_ids[number] for number in doubt.numbers]
