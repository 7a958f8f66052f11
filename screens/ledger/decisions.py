"""What a person has decided about the reading of one file, kept in the session until it is stored.

Owns how choices, what was typed and the edits of the task table come together. Draws nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import streamlit as st

from loaders import Issue, Ledger, Task
from loaders.choices import Choice, Doubts
from loaders.correcting import FIELDS, FIGURES, Revision, stated
from warehouse import Correction
from warehouse.ledger.editions import Answered, Comparison
from words import is_missing

EDITABLE = {
    "level1": "一级指标",
    "level2": "二级指标",
    "task": "目标任务",
    "responsible_text": "责任单位",
    "deadline_text": "完成时限",
}
CORRECTED = EDITABLE | {
    "points": "分值",
    "state": "完成状态",
    "percent": "进度",
    "completed_on": "完成日期",
    "progress": "进展情况",
}
"""What can be corrected of a task, as a person calls it."""
KEEP, CONFIRM = Choice("保持现在的读法"), Choice("确认无误")
OWN = Choice("我来改")
_PARTICULARS = re.compile(r"“[^”]*”|\d+")


@dataclass
class Decisions:
    """About one file; tasks go by the number under which they were read."""

    key: str
    """Of the file; widgets of this file end with it."""
    chosen: dict[int, Choice] = field(default_factory=dict)
    """Issue → how it is to be read."""
    typed: dict[int, dict[str, str]] = field(default_factory=dict)
    """Task → field → text."""
    shown: tuple[int, ...] = ()
    """The tasks in the table, row by row, when it was last drawn."""
    shown_progress: tuple[int, ...] = ()
    """The tasks in the table of progress, row by row, when it was last drawn."""
    continues: UUID | None = None
    """The edition whose answers were taken over."""
    taken_over: dict[int, str] = field(default_factory=dict)
    """Issue → how it was settled when that edition was taken in."""
    version: int = 0
    """Of the table: what was typed into one version is part of the next."""

    @property
    def editor(self) -> str:
        """The key of the task table."""
        return f"tasks_{self.key}_{self.version}"

    @property
    def progress_editor(self) -> str:
        """The key of the table of progress."""
        return f"progress_{self.key}_{self.version}"

    def take_over(
        self, read: Ledger, doubts: Doubts, comparison: Comparison, before: Answered
    ) -> None:
        """Answer what was answered of the edition before: corrections where the same was read again,
        and doubts of the same words about the same task. Once for each edition."""
        if self.continues == comparison.stored_edition_id:
            return
        self.continues = comparison.stored_edition_id
        self.taken_over = {}
        numbers = {
            each.before.task_id: each.after.number
            for each in comparison.pairs
            if each.before and each.after and each.certain
        }
        task_of = {number: task_id for task_id, number in numbers.items()}
        tasks = {task.number: task for task in read.tasks}
        for task_id, name, was, corrected in before.corrections:
            number = numbers.get(task_id)
            if (
                number in tasks
                and name in (*FIELDS, *FIGURES)
                and stated(tasks[number], name) == was
            ):
                self.type(number, name, corrected)
        settled = {(task, *rest): choice for task, *rest, choice in before.settled}
        for index, issue in enumerate(read.issues):
            about = [task_of.get(number) for number in doubts.tasks(issue)] or [None]
            words = {settled.get((task_id, issue.about, issue.message)) for task_id in about}
            if len(words) == 1 and (choice := words.pop()):
                self.taken_over[index] = choice
                offered = {each.words: each for each in doubts.doubt(index).choices}
                if choice in offered:
                    self.choose(index, offered[choice])

    def in_table(self) -> dict[int, dict[str, str]]:
        """What was typed into the present version of the tables of tasks and of progress."""
        typed: dict[int, dict[str, str]] = {}
        for key, shown in ((self.editor, self.shown), (self.progress_editor, self.shown_progress)):
            edited = st.session_state.get(key, {}).get("edited_rows", {})
            for row, cells in edited.items():
                # A cell that was emptied comes as None.
                texts = {
                    name: "" if is_missing(text) else str(text).strip()
                    for name, text in cells.items()
                }
                _lay_over(typed, {shown[row]: texts})
        return typed

    def revision(self, *, typed_in_table: bool = True) -> Revision:
        """All of it as one; what was typed goes before what was chosen. The table itself starts from
        all that was not typed into it."""
        changes: dict[int, dict[str, str]] = {}
        choices = [choice for _, choice in sorted(self.chosen.items())]
        in_table = self.in_table() if typed_in_table else {}
        for layer in (*(c.changes for c in choices), self.typed, in_table):
            _lay_over(changes, layer)
        return Revision(
            changes,
            frozenset(number for choice in choices for number in choice.dropped),
            tuple({task.number: task for choice in choices for task in choice.added}.values()),
        )

    def choose(self, index: int, choice: Choice) -> None:
        """Settle an issue; a choice prevails over what was typed into the same cells before."""
        self._begin_version()
        self.chosen[index] = choice
        for number, texts in choice.changes.items():
            for name in texts:
                self.typed.get(number, {}).pop(name, None)

    def type(self, number: int, name: str, text: str) -> None:
        """Write into one field of a task, elsewhere than in the table."""
        self._begin_version()
        _lay_over(self.typed, {number: {name: text.strip()}})

    def _begin_version(self) -> None:
        _lay_over(self.typed, self.in_table())
        self.version += 1

    def settled(self, ledger: Ledger, doubts: Doubts) -> dict[int, str]:
        """Issue → how it was settled, in words; issues that are open are not in it."""
        words = self.taken_over | {
            index: choice.words for index, choice in self.chosen.items() if choice != OWN
        }
        typed: dict[int, dict[str, str]] = {}
        for layer in (self.typed, self.in_table()):
            _lay_over(typed, layer)
        if typed:
            for index, issue in enumerate(ledger.issues):
                concerned = {name for n in doubts.tasks(issue) for name in typed.get(n, ())}
                if issue.about in concerned or (index in self.chosen and concerned):
                    words.setdefault(index, "已改")
        return words


def alike(issues: tuple[Issue, ...], index: int) -> list[int]:
    """The other issues that say the same but for names and numbers."""

    def kind(issue: Issue) -> tuple[str, str]:
        return issue.about, _PARTICULARS.sub("", issue.message)

    return [
        i for i, issue in enumerate(issues) if i != index and kind(issue) == kind(issues[index])
    ]


def corrections(read: Ledger, tasks: Mapping[int, Task], revision: Revision) -> list[Correction]:
    """What became of the tasks as read: each changed field, each task left out or put in."""
    made = []
    for before in read.tasks:
        after = tasks.get(before.number)
        if after is None:
            name = f"第 {before.number} 项任务（{before.place.within}）"
            made.append(Correction(None, name, before.task, "不读入"))
            continue
        names = [
            name for name in (*FIELDS, *FIGURES) if name in revision.changes.get(before.number, ())
        ]
        made += [
            Correction(after.number, name, stated(before, name), stated(after, name))
            for name in names
            if stated(before, name) != stated(after, name)
        ]
    added = [task for number, task in tasks.items() if number < 0]
    return made + [Correction(task.number, "task", "", task.task) for task in added]


def _lay_over(changes: dict[int, dict[str, str]], layer: Mapping[int, Mapping[str, str]]) -> None:
    for number, texts in layer.items():
        changes[number] = {**changes.get(number, {}), **texts}
