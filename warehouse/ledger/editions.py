"""What a new edition of a ledger changes, and which old task each new one continues.

Owns the comparison: it is shown before an edition is accepted, and tells `store_edition` which
task_id each task keeps, so that reports, evidence and points follow their task. Stores nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import duckdb
from rapidfuzz import fuzz

from loaders.model import Assignment, Ledger, Task
from warehouse.ledger.ledgers import identify
from warehouse.ledger.register import respelled, spellings
from warehouse.store import Warehouse, statement

CERTAIN, POSSIBLE = 85.0, 55.0
"""Likeness of wording in percent: from CERTAIN on it is the same task, below POSSIBLE it is not;
between them it is asked, unless number and indicator agree as well."""
CHANGES = ("reworded", "reassigned", "redated", "moved")


@dataclass(frozen=True)
class StoredTask:
    """A task as the edition in the warehouse has it."""

    task_id: UUID
    number: int
    level1: str
    level2: str
    task: str
    kind: str
    due_on: date | None
    deadline_kind: str
    duties: frozenset[tuple[str, str, str]]
    """(role, unit, scope)"""

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The same duties as a ledger that is read has them, in no order."""
        return tuple(Assignment(*duty) for duty in self.duties)


@dataclass(frozen=True)
class Pair:
    """One line of the comparison: an old task, the new one that continues it, or only one of them."""

    before: StoredTask | None
    after: Task | StoredTask | None
    likeness: float = 100.0
    certain: bool = True
    """False where the user must say whether it is the same task."""

    @property
    def change(self) -> str:
        """`added`, `removed`, `same`, or the first of CHANGES that applies."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return next(iter(self.changes), "same")

    @property
    def changes(self) -> tuple[str, ...]:
        """Everything that changed of a task that goes on."""
        before, after = self.before, self.after
        if before is None or after is None:
            return ()
        duties = frozenset((part.role, part.unit, part.scope) for part in after.assignments)
        found = {
            "reworded": _plain(before.task) != _plain(after.task) or before.kind != after.kind,
            "reassigned": before.duties != duties,
            "redated": (before.due_on, before.deadline_kind) != (after.due_on, after.deadline_kind),
            "moved": (before.level1, before.level2) != (after.level1, after.level2),
        }
        return tuple(name for name in CHANGES if found[name])


@dataclass(frozen=True)
class Comparison:
    """A ledger file against what is stored of that ledger."""

    ledger_id: UUID
    status: str
    """`new` (no such ledger yet), `known` (this very file is stored), `edition` (another file of a
    stored ledger)."""
    edition_number: int
    """The number the file would get, or has."""
    stored_file: str
    """The file of the newest edition; empty for a new ledger."""
    pairs: tuple[Pair, ...]


def compare(warehouse: Warehouse, ledger: Ledger) -> Comparison:
    """Compare a ledger with its newest edition. Raises `WarehouseError` when it names no year."""
    ledger_id = identify(ledger)
    with warehouse.cursor() as cursor:
        editions = cursor.execute(
            statement("editions_of_ledger"), {"ledger_id": ledger_id}
        ).fetchall()
        if not editions:
            pairs = tuple(Pair(None, task) for task in ledger.tasks)
            return Comparison(ledger_id, "new", 1, "", pairs)
        for number, sha256, file_name, *_ in editions:
            if sha256 == ledger.sha256:
                return Comparison(ledger_id, "known", number, file_name, ())
        number, _, file_name, edition_id, _ = editions[-1]
        ledger = respelled(ledger, spellings(cursor, ledger.region))
        stored = _stored(cursor, edition_id)
    pairs = pair(stored, ledger.tasks)
    return Comparison(ledger_id, "edition", number + 1, file_name, tuple(pairs))


def compare_stored(warehouse: Warehouse, earlier_id: UUID, later_id: UUID) -> list[Pair]:
    """Compare two stored editions of a ledger: in the later order, then what was removed.

    Which task goes on was settled when the later one was taken in; it kept its task_id.
    """
    with warehouse.cursor() as cursor:
        earlier, later = (_stored(cursor, edition_id) for edition_id in (earlier_id, later_id))
    known = {task.task_id: task for task in earlier}
    kept = {task.task_id for task in later}
    return [
        *(Pair(known.get(task.task_id), task) for task in later),
        *(Pair(task, None) for task in earlier if task.task_id not in kept),
    ]


def pair(before: Sequence[StoredTask], after: Sequence[Task]) -> list[Pair]:
    """Which old task each new one continues: in the new order, then what was removed.

    The same wording is the same task; what is left is paired by likeness, the most alike first.
    """
    free = list(before)
    found: dict[int, Pair] = {}
    for same_place in (True, False):
        for task in after:
            if task.number in found:
                continue
            twin = next((old for old in free if _same(old, task, same_place)), None)
            if twin is not None:
                free.remove(twin)
                found[task.number] = Pair(twin, task)
    open_tasks = [task for task in after if task.number not in found]
    alike = sorted(
        (
            (fuzz.ratio(_plain(old.task), _plain(task.task)), old, task)
            for task in open_tasks
            for old in free
        ),
        key=lambda item: (-item[0], abs(item[1].number - item[2].number)),
    )
    for likeness, old, task in alike:
        if likeness < POSSIBLE or task.number in found or old not in free:
            continue
        same_place = old.number == task.number and old.level1 == task.level1
        free.remove(old)
        found[task.number] = Pair(old, task, likeness, likeness >= CERTAIN or same_place)
    return [
        *(found.get(task.number, Pair(None, task)) for task in after),
        *(Pair(old, None) for old in free),
    ]


def continued(pairs: Sequence[Pair], refused: frozenset[int] = frozenset()) -> dict[int, UUID]:
    """New number → task_id it continues. `refused` are new numbers of which the user said that they
    are other tasks than the ones they were paired with."""
    return {
        pair.after.number: pair.before.task_id
        for pair in pairs
        if pair.before and pair.after and pair.after.number not in refused
    }


def _stored(cursor: duckdb.DuckDBPyConnection, edition_id: UUID) -> list[StoredTask]:
    found = cursor.execute(statement("tasks_of_edition"), {"edition_id": edition_id}).fetchall()
    # A task that names no unit has no list at all.
    return [StoredTask(*row[:8], frozenset(map(tuple, row[8] or ()))) for row in found]


def _same(old: StoredTask, task: Task, same_place: bool) -> bool:
    if _plain(old.task) != _plain(task.task) or old.kind != task.kind:
        return False
    return not same_place or (old.level1, old.level2) == (task.level1, task.level2)


def _plain(text: str) -> str:
    """Wording without what typing varies: width, spaces, final stops."""
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.;；")
