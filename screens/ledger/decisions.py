"""What a person has decided about the reading of one file, kept in the session until it is stored.

Owns how choices, what was typed and the edits of the task table come together. Draws nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import streamlit as st

from loaders import Issue, Ledger, Task
from loaders.choices import Doubts
from loaders.correcting import FIELDS, FIGURES, Choice, Revision, stated
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
    "plan": "计划节点",
}
"""What can be corrected of a task, as a person calls it."""
KEEP, CONFIRM = Choice("保持现在的读法"), Choice("确认无误")
OWN = Choice("我来改")
TYPED = "已改"
TICK = "ticked"
"""The column of the task table with the ticks."""
_PARTICULARS = re.compile(r"“[^”]*”|\d+")


@dataclass(frozen=True)
class Step:
    """One correction that can be undone: what was done, and the choices it made, each of the issue that
    it settles or of none."""

    words: str
    choices: tuple[tuple[int | None, Choice], ...]


@dataclass
class Decisions:
    """About one file; tasks go by the number under which they were read.

    What was decided is a list of steps. It is replayed over the reading whenever it is asked for, so the
    last step is undone by leaving it out. Of two steps that write into one cell the later counts; an issue
    settled again is settled by its last choice alone.
    """

    key: str
    """Of the file; widgets of this file end with it."""
    steps: list[Step] = field(default_factory=list)
    drawn: int = 0
    """How many steps the table of tasks starts from; those after them were typed into it."""
    ticked: frozenset[int] = frozenset()
    """The tasks that were ticked when the table was drawn anew."""
    shown: tuple[int, ...] = ()
    """The tasks in the table, row by row, when it was last drawn."""
    shown_progress: tuple[int, ...] = ()
    """The tasks in the table of progress, row by row, when it was last drawn."""
    shown_plans: tuple[int, ...] = ()
    """The tasks in the table of plans, row by row, when it was last drawn."""
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

    @property
    def plan_editor(self) -> str:
        """The key of the table of plans."""
        return f"plans_{self.key}_{self.version}"

    @property
    def chosen(self) -> dict[int, Choice]:
        """Issue → how it is to be read."""
        return {
            index: choice
            for step in self.steps
            for index, choice in step.choices
            if index is not None
        }

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
        typed: dict[int, dict[str, str]] = {}
        for task_id, name, was, corrected in before.corrections:
            number = numbers.get(task_id)
            if (
                number in tasks
                and name in (*FIELDS, *FIGURES)
                and stated(tasks[number], name) == was
            ):
                _lay_over(typed, {number: {name: corrected}})
        answers: list[tuple[int | None, Choice]] = [(None, Choice(TYPED, typed))] if typed else []
        settled = {(task, *rest): choice for task, *rest, choice in before.settled}
        for index, issue in enumerate(read.issues):
            about = [task_of.get(number) for number in doubts.tasks(issue)] or [None]
            words = {settled.get((task_id, issue.about, issue.message)) for task_id in about}
            if len(words) == 1 and (choice := words.pop()):
                self.taken_over[index] = choice
                offered = {each.words: each for each in doubts.doubt(index).choices}
                if choice in offered:
                    answers.append((index, offered[choice]))
        if answers:
            self._add(Step("沿用上一版的更正和核定", tuple(answers)))

    def note_typed(self) -> None:
        """Make steps of what was typed into the tables since the last run: a step for each cell."""
        typed_before = self._changes(self.steps[self.drawn :])
        for number, texts in self._in_tables().items():
            for name, text in texts.items():
                if typed_before.get(number, {}).get(name) != text:
                    words = f"第 {number} 项{CORRECTED[name]}" if number > 0 else CORRECTED[name]
                    choice = Choice(TYPED, {number: {name: text}})
                    self.steps.append(Step(words, ((None, choice),)))

    def _in_tables(self) -> dict[int, dict[str, str]]:
        """What was typed into the present version of the tables of tasks, progress and plans."""
        typed: dict[int, dict[str, str]] = {}
        for key, shown in (
            (self.editor, self.shown),
            (self.progress_editor, self.shown_progress),
            (self.plan_editor, self.shown_plans),
        ):
            edited = st.session_state.get(key, {}).get("edited_rows", {})
            for row, cells in edited.items():
                # A cell that was emptied comes as None.
                texts = {
                    name: "" if is_missing(text) else str(text).strip()
                    for name, text in cells.items()
                    if name != TICK
                }
                _lay_over(typed, {shown[row]: texts})
        return typed

    def ticked_now(self) -> frozenset[int]:
        """The tasks that are ticked in the table."""
        ticked = set(self.ticked)
        edited = st.session_state.get(self.editor, {}).get("edited_rows", {})
        for row, cells in edited.items():
            if TICK in cells:
                (ticked.add if cells[TICK] else ticked.discard)(self.shown[row])
        return frozenset(ticked & {*self.shown}) if self.shown else frozenset()

    def revision(self, *, typed_in_table: bool = True) -> Revision:
        """All of it as one. The table itself starts from all that was not typed into it."""
        steps = self.steps if typed_in_table else self.steps[: self.drawn]
        choices = [choice for _, choice in _in_force(steps)]
        return Revision(
            self._changes(steps),
            frozenset(number for choice in choices for number in choice.dropped),
            tuple({task.number: task for choice in choices for task in choice.added}.values()),
            {part: whole for choice in choices for part, whole in choice.behind.items()},
        )

    @staticmethod
    def _changes(steps: Sequence[Step]) -> dict[int, dict[str, str]]:
        changes: dict[int, dict[str, str]] = {}
        for _, choice in _in_force(steps):
            _lay_over(changes, choice.changes)
        return changes

    def choose(self, choices: Mapping[int, Choice], words: str) -> None:
        """Settle issues, all in one step."""
        self._add(Step(words, tuple(choices.items())))

    @property
    def meanings(self) -> dict[str, str]:
        """Heading or label → what it has been said to mean, as headers.csv writes it."""
        chosen = (choice.meaning for _, choice in _in_force(self.steps))
        return dict(meaning for meaning in chosen if meaning)

    def correct(self, correction: Revision | Choice, words: str) -> None:
        """Change tasks elsewhere than in the table, whatever issue they have."""
        if isinstance(correction, Revision):
            made = correction
            correction = Choice(TYPED, made.changes, made.dropped, made.added, made.behind)
        self._add(Step(words, ((None, correction),)))
        if correction.dropped or correction.added:
            self.ticked = frozenset()

    def undo(self) -> None:
        """Take the last step back."""
        self.note_typed()
        self.steps.pop()
        self._draw_anew()

    def _add(self, step: Step) -> None:
        self.note_typed()
        self.steps.append(step)
        self._draw_anew()

    def _draw_anew(self) -> None:
        self.ticked = self.ticked_now()
        self.drawn = len(self.steps)
        self.version += 1

    def settled(self, ledger: Ledger, doubts: Doubts) -> dict[int, str]:
        """Issue → how it was settled, in words; issues that are open are not in it."""
        chosen = self.chosen
        words = {
            i: "按记住的读法" for i, issue in enumerate(ledger.issues) if issue.about == "set_aside"
        }
        words |= self.taken_over
        words |= {index: choice.words for index, choice in chosen.items() if choice != OWN}
        typed: dict[int, set[str]] = {}
        for step in self.steps:
            for issue_of, choice in step.choices:
                if issue_of is None:
                    for number in (*choice.changes, *choice.dropped):
                        names = choice.changes.get(number, FIELDS)
                        typed.setdefault(number, set()).update(names)
        if typed:
            for index, issue in enumerate(ledger.issues):
                concerned = {name for n in doubts.tasks(issue) for name in typed.get(n, ())}
                if issue.about in concerned or (index in chosen and concerned):
                    words.setdefault(index, TYPED)
        return words


def _in_force(steps: Sequence[Step]) -> list[tuple[int | None, Choice]]:
    """The choices of these steps in their order, of each issue only the last."""
    made = [each for step in steps for each in step.choices]
    last = {index: place for place, (index, _) in enumerate(made)}
    return [each for place, each in enumerate(made) if each[0] is None or last[each[0]] == place]


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
