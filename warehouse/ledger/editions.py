"""What a new edition of a ledger changes, and which old task each new one continues.

Owns the comparison: it is shown before an edition is accepted, and tells `store_edition` which
task_id each task keeps, so that reports, evidence and points follow their task. Stores nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import duckdb
from rapidfuzz import fuzz

from loaders.model import Assignment, Ledger, Task
from warehouse.ledger.naming import goes_on_from, ledger_named
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
        found = {
            "reworded": _plain(before.task) != _plain(after.task) or before.kind != after.kind,
            "reassigned": before.duties != _duties(after),
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
    """The file of the edition it is compared with; empty for a new ledger."""
    pairs: tuple[Pair, ...]
    stored_edition_id: UUID | None = None
    """The edition it is compared with: the newest that stands, else the one that stood last; None for a
    new ledger."""
    follows: int = 0
    """The number of that edition; 0 for a new ledger."""
    is_again: bool = False
    """No edition of the ledger stands: it was taken back and comes in again."""


@dataclass(frozen=True)
class Answered:
    """What was answered about the reading of an edition, for the next one."""

    settled: tuple[tuple[UUID | None, str, str, str], ...]
    """(task_id, what it is about, message, choice) of each settled doubt."""
    corrections: tuple[tuple[UUID, str, str, str], ...]
    """(task_id, field, before, after) of each correction."""


def answered(warehouse: Warehouse, edition_id: UUID) -> Answered:
    """How the doubts of an edition were settled and what was corrected of it."""
    values = {"edition_id": edition_id}
    with warehouse.cursor() as cursor:
        settled = cursor.execute(statement("settled_in_edition"), values).fetchall()
        made = cursor.execute(statement("corrections_in_edition"), values).fetchall()
    return Answered(tuple(settled), tuple(made))


def compare(warehouse: Warehouse, ledger: Ledger) -> Comparison:
    """Compare a ledger with its newest edition. Raises `WarehouseError` when it names no year."""
    with warehouse.cursor() as cursor:
        ledger_id = ledger_named(cursor, ledger)
        editions = cursor.execute(
            statement("editions_of_ledger"), {"ledger_id": ledger_id}
        ).fetchall()
        before = goes_on_from(editions)
        if before is None:
            added = tuple(Pair(None, task) for task in ledger.tasks)
            return Comparison(ledger_id, "new", 1, "", added)
        standing = [each for each in editions if each[-1]]
        for number, sha256, file_name, *_ in standing:
            if sha256 == ledger.sha256:
                return Comparison(ledger_id, "known", number, file_name, ())
        follows, _, file_name, edition_id, *_ = before
        ledger = respelled(ledger, spellings(cursor, ledger.region))
        stored = _stored(cursor, edition_id)
    pairs = tuple(pair(stored, ledger.tasks))
    number = editions[-1][0] + 1
    return Comparison(
        ledger_id, "edition", number, file_name, pairs, edition_id, follows, not standing
    )


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

    The same wording is the same task; several of one wording are told apart by units, place, date and
    order. What is left is paired by likeness, the most alike first.
    """
    free = list(before)
    found: dict[int, Pair] = {}
    for old, task, certain in _twins(before, after):
        free.remove(old)
        found[task.number] = Pair(old, task, certain=certain)
    open_tasks = [task for task in after if task.number not in found]
    alike = sorted(
        (
            (fuzz.ratio(_plain(old.task), _plain(task.task)), old, task)
            for task in open_tasks
            for old in free
        ),
        key=lambda item: (-item[0], *_differences(item[1], item[2])),
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


def parted(pairs: Sequence[Pair], refused: frozenset[int]) -> list[Pair]:
    """The pairs as they are when the new tasks of these numbers continue none: each of them added, and
    at the end the old tasks that they were paired with, removed."""
    apart = [each for each in pairs if each.after and each.after.number in refused]
    return [
        *(Pair(None, each.after) if each in apart else each for each in pairs),
        *(Pair(each.before, None) for each in apart if each.before),
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
    tasks = []
    for task_id, number, level1, level2, text, kind, due_on, deadline_kind, listed in found:
        duties = frozenset((role, unit, scope) for role, unit, scope in listed or ())
        tasks.append(
            StoredTask(task_id, number, level1, level2, text, kind, due_on, deadline_kind, duties)
        )
    return tasks


def _twins(
    before: Sequence[StoredTask], after: Sequence[Task]
) -> Iterator[tuple[StoredTask, Task, bool]]:
    """Old and new tasks of equal wording and kind, and whether the pairing is certain: it is not where
    several have the wording and no old one has the same units."""
    wordings: dict[tuple[str, str], tuple[list[StoredTask], list[Task]]] = {}
    for old in before:
        wordings.setdefault((_plain(old.task), old.kind), ([], []))[0].append(old)
    for task in after:
        wordings.setdefault((_plain(task.task), task.kind), ([], []))[1].append(task)
    for olds, news in wordings.values():
        several = len(olds) > 1 or len(news) > 1
        nearest = sorted(
            ((old, task) for task in news for old in olds), key=lambda each: _differences(*each)
        )
        taken: set[int] = set()
        left = list(olds)
        for old, task in nearest:
            if task.number not in taken and old in left:
                taken.add(task.number)
                left.remove(old)
                yield old, task, not several or old.duties == _duties(task)


def _differences(old: StoredTask, task: Task) -> tuple[int, bool, int]:
    """How far two tasks of like wording are apart: in how many of units, place and date, whether in
    units, and by how many places in the order."""
    units = old.duties != _duties(task)
    place = (old.level1, old.level2) != (task.level1, task.level2)
    day = (old.due_on, old.deadline_kind) != (task.due_on, task.deadline_kind)
    return units + place + day, units, abs(old.number - task.number)


def _duties(task: Task | StoredTask) -> frozenset[tuple[str, str, str]]:
    return frozenset((part.role, part.unit, part.scope) for part in task.assignments)


def _plain(text: str) -> str:
    """Wording without what typing varies: width, spaces, final stops."""
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。.;；")
