"""Which task of the ledger a row of a returned workbook is about: by its hidden id, else by its wording.

Owns the rule. Knows no workbook; the tasks are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from rapidfuzz import fuzz

from loaders.wording import folded
from warehouse.ledger.editions import CERTAIN, POSSIBLE


class _Numbered(Protocol):
    """What the tasks of every kind of workbook have: those of a unit's report form
    (`warehouse.entries.submissions.UnitTask`) and those of a scheme (`documents.scheme.SchemeTask`)."""

    @property
    def task_id(self) -> UUID: ...
    @property
    def number(self) -> int: ...
    @property
    def task(self) -> str: ...


T = TypeVar("T", bound=_Numbered)


class WrongIdError(Exception):
    """The hidden id of a row is that of another task than its wording, as after sorting the visible
    columns only."""


class TaskIndex(Generic[T]):
    """The tasks that the rows of one workbook can be about."""

    def __init__(self, tasks: Iterable[T]) -> None:
        self._tasks = tuple(tasks)
        self._by_id = {task.task_id: task for task in self._tasks}
        self._by_wording: dict[str, list[T]] = {}
        for task in self._tasks:
            self._by_wording.setdefault(_normalized(task.task), []).append(task)

    def find(self, task_id: UUID | None, number: int | None, wording: str) -> T | None:
        """The task of a row, None when it is none of them. Raises `WrongIdError`."""
        same = self._by_wording.get(_normalized(wording), [])
        task = self._by_id.get(task_id) if task_id else None
        if task is not None and same and task not in same:
            raise WrongIdError
        return task or self._worded(number, wording, same)

    def _worded(self, number: int | None, wording: str, same: list[T]) -> T | None:
        """The task worded alike; of several worded the same, and where it is doubtful, by its number."""
        numbered = [task for task in same if task.number == number]
        if numbered or len(same) == 1:
            return (numbered or same)[0]
        if same or not wording or not self._tasks:
            return None
        likeness = {
            task.task_id: fuzz.ratio(_normalized(wording), _normalized(task.task))
            for task in self._tasks
        }
        best = max(self._tasks, key=lambda task: likeness[task.task_id])
        is_certain = likeness[best.task_id] >= CERTAIN
        is_possible = likeness[best.task_id] >= POSSIBLE and best.number == number
        return best if is_certain or is_possible else None


def _normalized(text: str) -> str:
    return folded(text).rstrip("。.;；")
