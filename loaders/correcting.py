"""A person's change to a reading, carried through to everything that rests on it.

Owns which parts of a task may be changed before it is stored, reads the changed wording again, joins
and splits tasks, and gives the ledger without the tasks that are none and with those that were
overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from loaders.explaining import PARTS as REASONED
from loaders.model import Ledger, Progress, SourceRow, Task
from loaders.phrases import read_cadences, read_deadline, read_owners, read_quantities
from loaders.plan import plan_of_column, plan_of_deadline, stated_plan
from loaders.progress import STATE_WORDS, read_progress
from loaders.sections import kind_of
from loaders.wording import lines

FIELDS = ("level1", "level2", "task", "responsible_text", "deadline_text")
FIGURES = ("points", "state", "percent", "completed_on", "progress", "plan")
"""What can be corrected as well, where the ledger has it; `progress` can only be left out."""
_PROGRESS = ("state", "percent", "completed_on")
BY_HAND = "导入时由人改定"
_RESTS_ON = {"responsible_text": ("assignments",), "deadline_text": ("due_on",)}
_SENTENCE = re.compile(r"[^。；;！\n]+[。；;！]?")


@dataclass(frozen=True)
class Revision:
    """What a person makes of a reading; tasks go by the number under which they were read."""

    changes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Task → field → text."""
    dropped: frozenset[int] = frozenset()
    """Tasks that are none."""
    added: tuple[Task, ...] = ()
    """Tasks that were not read, under negative numbers: -5 is the fifth row of the source, a number
    below that of the last row is a part split off another task."""
    behind: Mapping[int, int] = field(default_factory=dict)
    """Part split off → the task from which it was split."""


@dataclass(frozen=True)
class Choice:
    """One way to read something: its words, and the corrections that make it so."""

    words: str
    changes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Task → field → text; this and the next three as in `Revision`."""
    dropped: frozenset[int] = frozenset()
    added: tuple[Task, ...] = ()
    behind: Mapping[int, int] = field(default_factory=dict)
    meaning: tuple[str, str] | None = None
    """A heading or label as printed and what it means from now on, as headers.csv writes it."""


def corrected(task: Task, changes: Mapping[str, str], year: int | None) -> Task:
    """`task` with the fields of `changes` (see FIELDS and FIGURES) replaced, and kind, owners,
    deadline, cadences and quantities read again from what was replaced. Raises KeyError for any
    other field."""
    is_plan_of_deadline = task.plan is None or task.plan.text == lines(task.deadline_text)
    unknown = set(changes) - {*FIELDS, *FIGURES}
    if unknown:
        raise KeyError(*unknown)
    typed: dict[str, Any] = {name: text for name, text in changes.items() if name in FIELDS}
    task = replace(task, **typed)
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
        if is_plan_of_deadline:
            task = replace(task, plan=None)
        task = replace(dated(task, year), deadline_inherited=False)
    if "points" in changes:
        task = replace(task, points=_figure(changes["points"]))
    if "plan" in changes:
        task = replace(task, plan=plan_of_column(changes["plan"], year)[0])
    if "progress" in changes:
        task = replace(task, progress=None)
    if changes.keys() & {*_PROGRESS}:
        cells = {**{name: stated(task, name) for name in _PROGRESS}, **changes}
        read, _ = read_progress({name: cells[name] for name in _PROGRESS}, year, 1)
        read = read or Progress()
        before = task.progress or Progress()
        progress = replace(
            before, state=read.state, percent=read.percent, completed_on=read.completed_on
        )
        task = replace(task, progress=progress)
    return replace(task, basis=_basis(task, changes))


def _basis(task: Task, changes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The reasons of a task after a change: a person is the reason of what was changed."""
    parts = [part for name in changes for part in (name, *_RESTS_ON.get(name, ()))]
    kept = {part: reason for part, reason in task.basis if part not in parts}
    return tuple((kept | {part: BY_HAND for part in parts if part in REASONED}).items())


def joined(tasks: Sequence[Task]) -> Revision:
    """Tasks that are one, as the first of them with the words of all. What the first does not say
    (owner, deadline) it takes from the next one that does. Raises ValueError for fewer than two."""
    if len(tasks) < 2:
        raise ValueError("fewer than two tasks")
    first, *rest = tasks
    changes = {"task": "".join(task.task for task in tasks)}
    for name in ("responsible_text", "deadline_text"):
        said = next((stated(task, name) for task in tasks if stated(task, name)), "")
        if said != stated(first, name):
            changes[name] = said
    return Revision({first.number: changes}, frozenset(task.number for task in rest))


def split(task: Task, parts: Sequence[str], below: int) -> Revision:
    """One task as several with these texts, all with its levels, owner and deadline. The others get
    numbers below `below`. Raises ValueError for fewer than two texts."""
    texts = [text.strip() for text in parts if text.strip()]
    if len(texts) < 2:
        raise ValueError("fewer than two parts")
    others = tuple(
        replace(corrected(task, {"task": text}, None), number=below - place, progress=None)
        for place, text in enumerate(texts[1:], start=1)
    )
    return Revision(
        {task.number: {"task": texts[0]}},
        added=others,
        behind={other.number: task.number for other in others},
    )


def sentences(text: str) -> list[str]:
    """The sentences of a task, where it may be split."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def dated(task: Task, year: int | None) -> Task:
    """`task` with its deadline and its plan read for a document of `year`."""
    deadline = read_deadline(task.deadline_text, year)
    if task.plan and task.plan.text != lines(task.deadline_text):
        plan, _ = plan_of_column(task.plan.text, year)
    else:
        plan = plan_of_deadline(task.deadline_text, year)
    return replace(task, deadline_kind=deadline.kind, due_on=deadline.due_on, plan=plan)


def stated(task: Task, name: str) -> str:
    """What a task has in one of FIELDS or FIGURES, as a person would write it."""
    if name in FIELDS:
        return getattr(task, name)
    if name == "plan":
        return stated_plan(task.plan)
    if name == "points":
        return "" if task.points is None else f"{task.points:g}"
    progress = task.progress or Progress()
    written = {
        "state": STATE_WORDS.get(progress.state or "", ""),
        "percent": "" if progress.percent is None else f"{progress.percent:g}%",
        "completed_on": progress.completed_on.isoformat() if progress.completed_on else "",
    }
    if name == "progress":
        return "，".join(filter(None, (*written.values(), progress.narrative)))
    return written[name]


def rows_of_tasks(rows: tuple[SourceRow, ...]) -> list[int]:
    """The index of the row from which each task was read, in the order of the tasks."""
    return [index for index, row in enumerate(rows) for _ in range(row.tasks)]


def revised(ledger: Ledger, revision: Revision, year: int | None) -> dict[int, Task]:
    """The tasks as they now stand by the number under which they were read, in order and numbered
    anew. A `year` other than the one that was read dates all deadlines again."""
    tasks = dict(zip((task.number for task in ledger.tasks), ledger.tasks, strict=True))
    if year and year != ledger.year:
        # 6月底 has no day, or another one, until somebody says of which year.
        tasks = {number: dated(task, year) for number, task in tasks.items()}
    tasks |= {task.number: dated(task, year or ledger.year) for task in revision.added}
    for number, changes in revision.changes.items():
        if number in tasks:
            task = tasks[number]
            new = {name: text for name, text in changes.items() if text != stated(task, name)}
            tasks[number] = corrected(task, new, year or ledger.year)
    for number in revision.dropped:
        tasks.pop(number, None)
    if not revision.added and not revision.dropped:
        return tasks
    rows = rows_of_tasks(ledger.rows)

    def place(number: int) -> tuple[int, ...]:
        """Row and number; behind those of the task from which a part was split."""
        if number in revision.behind:
            return (*place(revision.behind[number]), -number)
        return (_row_of(number, rows), number)

    order = sorted(tasks, key=place)
    return {read: replace(tasks[read], number=place) for place, read in enumerate(order, start=1)}


def _row_of(number: int, rows: Sequence[int]) -> int:
    """The index of the row of a task that was read, or that a row is after all."""
    return rows[number - 1] if number > 0 else -number - 1


def with_tasks(ledger: Ledger, tasks: Mapping[int, Task], behind: Mapping[int, int]) -> Ledger:
    """The ledger with the tasks that `revised` gave, and each row with as many as it now has;
    `behind` as in `Revision`."""
    if [*tasks] == [task.number for task in ledger.tasks]:
        return replace(ledger, tasks=tuple(tasks.values()))
    row_of = rows_of_tasks(ledger.rows)
    now = [0] * len(ledger.rows)
    for read in tasks:
        whole = read
        while whole in behind:
            whole = behind[whole]
        now[_row_of(whole, row_of)] += 1
    rows = []
    for row, count in zip(ledger.rows, now, strict=True):
        if count != row.tasks:
            row = replace(row, reading="task" if count else "note", tasks=count)
        rows.append(row)
    return replace(ledger, tasks=tuple(tasks.values()), rows=tuple(rows))


def _figure(text: str) -> float | None:
    try:
        return float(text.strip().removesuffix("分"))
    except ValueError:
        return None
