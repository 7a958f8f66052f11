"""A person's change to a reading, carried through to everything that rests on it.

Owns which parts of a task may be changed before it is stored, and reads the changed wording again.
"""

from __future__ import annotations

from dataclasses import replace

from loaders.model import Task
from loaders.phrases import read_cadences, read_deadline, read_owners, read_quantities

FIELDS = ("level1", "level2", "task", "responsible_text", "deadline_text")


def corrected(task: Task, changes: dict[str, str], year: int) -> Task:
    """`task` with the fields of `changes` (see FIELDS) replaced, and owners, deadline, cadences and
    quantities read again from what was replaced. Raises KeyError for any other field."""
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise KeyError(*unknown)
    task = replace(task, **changes)
    if "task" in changes:
        task = replace(
            task, cadences=read_cadences(task.task), quantities=read_quantities(task.task)
        )
    if "responsible_text" in changes:
        owners = read_owners(task.responsible_text)
        task = replace(task, assignments=owners, responsible_inherited=False)
    if "deadline_text" in changes:
        deadline = read_deadline(task.deadline_text, year)
        task = replace(
            task,
            deadline_kind=deadline.kind,
            due_on=deadline.due_on,
            deadline_inherited=False,
        )
    return task
