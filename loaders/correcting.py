"""A person's change to a reading, carried through to everything that rests on it.

Owns which parts of a task may be changed before it is stored, and reads the changed wording again.
"""

from __future__ import annotations

from dataclasses import replace

from loaders.model import Task
from loaders.phrases import read_cadences, read_deadline, read_owners, read_quantities
from loaders.sections import kind_of

FIELDS = ("level1", "level2", "task", "responsible_text", "deadline_text")


def corrected(task: Task, changes: dict[str, str], year: int) -> Task:
    """`task` with the fields of `changes` (see FIELDS) replaced, and kind, owners, deadline,
    cadences and quantities read again from what was replaced. Raises KeyError for any other field."""
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise KeyError(*unknown)
    task = replace(task, **changes)
    if "task" in changes or "deadline_text" in changes:
        # 每月 may stand in either.
        found = (*read_cadences(task.task), *read_cadences(task.deadline_text))
        once = {(each.period, each.min_count): each for each in reversed(found)}
        task = replace(task, cadences=tuple(reversed(once.values())))
    if "task" in changes:
        task = replace(task, quantities=read_quantities(task.task))
    if "level1" in changes or "level2" in changes:
        task = replace(task, kind=kind_of(task.level1) or kind_of(task.level2) or "base")
    if "responsible_text" in changes:
        owners = read_owners(task.responsible_text)
        task = replace(task, assignments=owners, responsible_inherited=False)
    if "deadline_text" in changes:
        task = replace(dated(task, year), deadline_inherited=False)
    return task


def dated(task: Task, year: int) -> Task:
    """`task` with its deadline read for a document of `year`."""
    deadline = read_deadline(task.deadline_text, year)
    return replace(task, deadline_kind=deadline.kind, due_on=deadline.due_on)
