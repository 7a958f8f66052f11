"""How else a doubtful cell or row may be read, each way as the corrections it would be.

Knows what a clerk would ask of every kind of `Issue`. Judges nothing: it offers, a person chooses.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, takewhile

from loaders.correcting import BY_HAND, FIELDS, FIGURES, Choice, rows_of_tasks, stated
from loaders.meanings import Meanings, by_part, parts_of
from loaders.model import Issue, Preview, PreviewCell, Task
from loaders.phrases import (
    is_unit_name,
    named_days,
    read_cadences,
    read_deadline,
    read_owners,
    read_quantities,
)
from loaders.reference import COLUMNS_OF, OWNERS, PRINTED
from loaders.sections import kind_of
from loaders.wording import is_ordinal, one_line, without_numbering

_LABELS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "task": "目标任务",
    "responsible_text": "责任单位",
    "deadline_text": "完成时限",
}
_AND = re.compile(r"以及|和|与|及|\s+")
_LONGEST_HEADING = 40
_PLACED = ("number", "level1", "level2", "task", *OWNERS, "deadline")
_MOST_PLACINGS = 3


@dataclass(frozen=True)
class Doubt:
    """An issue with all a clerk needs to settle it."""

    issue: Issue
    row: int | None
    """The index in `Ledger.rows` of the row it stands in; None when it is about no row."""
    columns: frozenset[int]
    """The columns of that row, from 0, in which the doubtful cell stands; empty for all of it."""
    tasks: tuple[int, ...]
    """The numbers of the tasks whose reading would change."""
    fields: tuple[str, ...]
    """What of those tasks is to be looked at."""
    now: str
    """As what the doubtful part is read now; empty where that goes without saying."""
    choices: tuple[Choice, ...]
    """The other ways to read it; none when there is only one sensible reading."""


class Doubts:
    """The doubts of one reading; `year` is the ledger's, as the clerk has it."""

    def __init__(self, preview: Preview, year: int | None):
        self._year = year
        self._issues = preview.ledger.issues
        self._tasks = preview.ledger.tasks
        self._rows = preview.ledger.rows
        self._cells = [row for table in preview.tables for row in table.rows]
        self._row_of = rows_of_tasks(self._rows)
        """The index of the row of each task."""
        self._rows_in: dict[str, list[int]] = {}
        for index, row in enumerate(self._rows):
            self._rows_in.setdefault(row.place.table, []).append(index)
        self._meanings = Meanings(preview)
        self._numbers_in = {
            table: [self._rows[index].place.row for index in rows]
            for table, rows in self._rows_in.items()
        }

    def doubt(self, index: int) -> Doubt:
        """The issue at this place of `Ledger.issues`, with the ways to read it."""
        issue = self._issues[index]
        row = self._row(issue)
        tasks = self.tasks(issue)
        about = issue.about
        offer = {
            "row": self._of_row,
            "cells": self._of_cells,
            "column": self._of_column,
            "label": self._of_label,
            "hidden": self._of_hidden,
            "sheet": self._of_sheet,
            "twice": self._of_repeat,
            "progress": self._of_shared_progress,
        }.get(about, self._of_part)
        part = about if about in (*FIELDS, *FIGURES) else ""
        fields = (part,) if part and part != "progress" else FIELDS
        choices = offer(issue, row, tasks) if row is not None else ()
        columns = frozenset(self._columns(issue, row))
        now = self._words(part, stated(self._tasks[tasks[0] - 1], part)) if part and tasks else ""
        return Doubt(issue, row, columns, tasks, fields if tasks else (), now, tuple(choices))

    def tasks(self, issue: Issue) -> tuple[int, ...]:
        """The numbers of the tasks that a doubt concerns: those of its row, those below that take
        the doubtful value from there, or, below a header without that column, all."""
        numbers = issue.tasks
        row = self._row(issue)
        if row is None:
            return ()
        if not numbers and issue.about in (*FIELDS, *FIGURES, "cells"):
            numbers = tuple(n for n, at in enumerate(self._row_of, 1) if at == row)
        if issue.about not in COLUMNS_OF:
            return numbers
        if not numbers:
            return tuple(
                task.number
                for task, at in zip(self._tasks, self._row_of, strict=True)
                if at > row and not stated(task, issue.about)
            )
        return (*numbers, *self._inheriting(issue.about, numbers))

    def _inheriting(self, about: str, numbers: Sequence[int]) -> Iterator[int]:
        flag = about.replace("_text", "_inherited")
        first = self._tasks[numbers[0] - 1]
        for task in self._tasks[numbers[-1] :]:
            beyond = getattr(first, flag) and task.level1 != first.level1
            if beyond or not getattr(task, flag) or stated(task, about) != stated(first, about):
                return
            yield task.number

    def _row(self, issue: Issue) -> int | None:
        """The row an issue stands in: of rows that share a line, the one with its task."""
        numbers = self._numbers_in.get(issue.place.table, [])
        end = bisect_right(numbers, issue.place.row)
        if not end or not issue.about:
            return None
        begin = bisect_left(numbers, numbers[end - 1])
        shared = self._rows_in[issue.place.table][begin:end]
        own = [self._row_of[number - 1] for number in issue.tasks]
        return next((index for index in own if index in shared), shared[-1])

    def _columns(self, issue: Issue, row: int | None) -> Iterator[int]:
        if row is None:
            return
        if issue.about == "column":
            yield (issue.place.column or 1) - 1
        names = COLUMNS_OF.get(issue.about, (issue.about,))
        yield from (i for i, cell in enumerate(self._cells[row]) if cell.reading in names)

    # What is offered

    def _of_part(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        """Other texts for one part of the tasks."""
        if not tasks or issue.about not in (*FIELDS, *FIGURES):
            return
        about = issue.about
        first = self._tasks[tasks[0] - 1]
        if about == "level2":
            pairs = zip(tasks, [*issue.options, *issue.options[-1:] * len(tasks)], strict=False)
            words = "依次对应，多出的任务归入最后一条"
            if len(tasks) < len(issue.options):
                words = "依次对应，多出的二级指标不用"
            yield Choice(words, {number: {"level2": text} for number, text in pairs})
        if about == "task" and issue.options:
            yield from self._first_sentence(issue.options[0].rstrip("。"), tasks)
        texts = [*issue.options]
        if about == "deadline_text":
            texts += self._deadlines(first.deadline_text)
        if about == "responsible_text":
            texts += _owners(first.responsible_text)
        if about in COLUMNS_OF and not stated(first, about) and tasks[0] > 1:
            texts.append(stated(self._tasks[tasks[0] - 2], about))
        offered = {self._words(about, stated(first, about))}
        for text in texts:
            if (words := self._words(about, text)) not in offered:
                offered.add(words)
                yield Choice(words, {n: {about: text} for n in tasks})
        if about in ("state", "percent", "completed_on"):
            yield from self._down_the_merge(about, row, first)

    def _first_sentence(self, sentence: str, tasks: tuple[int, ...]) -> Iterator[Choice]:
        """What was read as a heading, as the first sentence of the task below it."""
        changes = {
            number: {level: "", "task": f"{sentence}。{task.task}"}
            for number, task in ((number, self._tasks[number - 1]) for number in tasks)
            for level in ("level1", "level2")
            if stated(task, level).rstrip("。") == sentence
        }
        if changes:
            yield Choice("是任务的第一句，接在任务前面", changes)

    def _words(self, about: str, text: str) -> str:
        """What a text would be read as."""
        if about == "deadline_text":
            deadline = read_deadline(text, self._year)
            kinds = {"ongoing": "常态化推进，没有到期日", "as-needed": "按需开展，没有到期日"}
            if deadline.due_on:
                return f"{deadline.due_on} 到期"
            return kinds.get(deadline.kind, "没有明确期限")
        if about == "responsible_text":
            units = list(dict.fromkeys(part.unit for part in read_owners(text)))
            named = f"责任单位 {len(units)} 个：{'、'.join(units)}"
            return named if units else "没有责任单位，留空"
        if about == "level2":
            return f"全部归入“{text}”" if text else "二级指标留空"
        if about == "points":
            return f"{text} 分" if text else "没有分值"
        if about == "percent":
            return f"进度 {text}" if text else "没有进度"
        missing = {
            "state": "没有完成状态",
            "completed_on": "没有完成日期",
            "plan": "没有计划节点",
        }
        return text or missing[about] if about in missing else ""

    def _deadlines(self, text: str) -> Iterator[str]:
        days = named_days(text, self._year)
        if self._year:
            # A year mistyped, or copied from last year's ledger.
            days += [_in_year(day, self._year) for day in days if day.year != self._year]
        yield from (f"{day.year}年{day.month}月{day.day}日" for day in days)
        if self._year and not days:
            yield f"{self._year}年12月31日"
        yield from ("常态化推进", "未明确")

    def _down_the_merge(self, about: str, row: int, first: Task) -> Iterator[Choice]:
        """A progress cell merged over several rows, recorded for the task of each."""
        columns = [i for i, cell in enumerate(self._cells[row]) if cell.reading == about]
        below = []
        for number, at in enumerate(self._row_of, start=1):
            cells = self._cells[at]
            if at > row and columns and columns[0] < len(cells):
                if not cells[columns[0]].inherited or cells[columns[0]].reading != about:
                    break
                below.append(number)
        text = stated(first, about)
        if below and text:
            yield Choice(
                f"合并的 {len(below) + 1} 项任务都记{text}", {n: {about: text} for n in below}
            )

    def _of_shared_progress(
        self, issue: Issue, row: int, tasks: tuple[int, ...]
    ) -> Iterator[Choice]:
        """Progress stated once for all tasks that one cell lists."""
        del issue, row
        yield Choice("只记在第一项上", {number: {"progress": ""} for number in tasks[1:]})
        yield Choice("都不记，以后逐项填报", {number: {"progress": ""} for number in tasks})

    def _of_repeat(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        del issue, row
        yield Choice("是重复的，不读入这一项", dropped=frozenset(tasks))

    def _of_hidden(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        del row, tasks
        hidden = {(issue.place.table, int(number)) for number in issue.options}
        found = [
            number
            for number, at in enumerate(self._row_of, start=1)
            if (self._rows[at].place.table, self._rows[at].place.row) in hidden
        ]
        if found and len(found) < len(self._tasks):
            yield Choice(f"不读入隐藏行的 {len(found)} 项任务", dropped=frozenset(found))

    def _of_sheet(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        """A sheet of another year."""
        del issue, row
        if tasks and len(tasks) < len(self._tasks):
            yield Choice(f"不读入该工作表的 {len(tasks)} 项任务", dropped=frozenset(tasks))

    def _of_row(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        """A row without a task: a heading, a task after all, or the rest of the task above."""
        del issue, tasks
        text = " ".join(_texts(self._cells[row]))
        above = [number for number, at in enumerate(self._row_of, start=1) if at < row]
        heading = without_numbering(one_line(text))
        if heading and len(heading) <= _LONGEST_HEADING:
            for level in ("level1", "level2"):
                if below := self._below(row, level):
                    changes = {number: {level: heading} for number in below}
                    yield Choice(f"是{_LABELS[level]}，其下 {len(below)} 项任务归入它", changes)
        task = self._overlooked(row, self._tasks[above[-1] - 1 if above else 0])
        yield Choice("是一项任务，读入", added=(task,))
        if above:
            last = self._tasks[above[-1] - 1]
            changes = {last.number: {"task": last.task + task.task}}
            yield Choice(f"接在第 {last.number} 项任务后面", changes)

    def _below(self, row: int, level: str) -> list[int]:
        """The tasks below a row as far as they stand under one heading of that level."""
        after = [n for n, at in enumerate(self._row_of, start=1) if at > row]
        levels = FIELDS[: FIELDS.index(level) + 1]
        under = [tuple(stated(self._tasks[n - 1], name) for name in levels) for n in after]
        same = takewhile(lambda each: each[1] == under[0], zip(after, under, strict=True))
        return [number for number, _ in same]

    def _overlooked(self, row: int, beside: Task) -> Task:
        """The task a row would be: what its cells do not say it takes from the one beside it."""
        columns = self._meanings.columns(self._rows[row].place.table)
        cells = self._cells[row]
        read = by_part(
            (columns.get(column, ""), cell.text) for column, cell in enumerate(cells) if cell.text
        )
        if len({*_texts(cells)}) == 1:
            # A heading drawn across the table stands in every column.
            read = {"task": _texts(cells)[0]}
        lowest = next((name for name in ("task", "level2", "level1") if name in read), "")
        text = one_line(read.pop(lowest, "") or max(_texts(cells), key=len, default=""))
        level1 = read.get("level1", beside.level1)
        level2 = read.get("level2", "" if "level1" in read else beside.level2)
        owner = read.get("responsible_text", beside.responsible_text)
        deadline = read.get("deadline_text", beside.deadline_text)
        due = read_deadline(deadline, self._year)
        return Task(
            number=-row - 1,
            level1=level1,
            level2=level2,
            task=text,
            kind=kind_of(level1) or kind_of(level2) or "base",
            responsible_text=owner,
            responsible_inherited="responsible_text" not in read,
            deadline_text=deadline,
            deadline_inherited="deadline_text" not in read,
            deadline_kind=due.kind,
            due_on=due.due_on,
            assignments=read_owners(owner),
            cadences=read_cadences(text),
            quantities=read_quantities(text),
            place=self._rows[row].place,
            basis=(("task", BY_HAND),),
        )

    def _of_cells(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        """The texts of a row with too few cells, put into other columns in the same order."""
        if len(tasks) != 1:
            return
        texts = _texts(self._cells[row])
        columns = self._meanings.columns(issue.place.table)
        fields = [name for name in columns.values() if name in _PLACED]
        known = parts_of(fields)
        placings = combinations(fields, len(texts))
        task = self._tasks[tasks[0] - 1]
        above = self._tasks[tasks[0] - 2] if tasks[0] > 1 else None
        seen: list[dict[str, str]] = []
        for placing in placings:
            pairs = [*zip(placing, texts, strict=True)]
            read = by_part(pairs)
            as_now = all(stated(task, name) == text for name, text in read.items())
            if "task" not in read or as_now or not all(_fits(*pair) for pair in pairs):
                continue
            full = {
                name: read.get(name, stated(above, name) if above and name in known else "")
                for name in FIELDS
            }
            if full not in seen and len(seen) < _MOST_PLACINGS:
                seen.append(full)
                names = "、".join(PRINTED.get(name, name) for name in placing)
                yield Choice(f"各格依次是：{names}", {task.number: full})

    def _of_column(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        """A column that is not read, as one of the parts that no column states, or as owners."""
        del row, tasks
        yield from self._meanings.of_unread(issue.place.table, (issue.place.column or 1) - 1)

    def _of_label(self, issue: Issue, row: int, tasks: tuple[int, ...]) -> Iterator[Choice]:
        """A label in running text that is not read, for the duty that it belongs to."""
        del tasks
        above = [number for number, at in enumerate(self._row_of, start=1) if at <= row]
        if issue.options and above:
            of_duty = [n for n in above if self._row_of[n - 1] == self._row_of[above[-1] - 1]]
            yield from self._meanings.of_label(issue.options[0], of_duty)


def _texts(cells: Sequence[PreviewCell]) -> list[str]:
    """The texts of a row in their order; a cell merged over several columns once."""
    return [
        cell.text
        for i, cell in enumerate(cells)
        if cell.text and not (i and cell.inherited and cell.text == cells[i - 1].text)
    ]


def _fits(name: str, text: str) -> bool:
    """Whether a text may stand in a column at all."""
    if name == "deadline":
        return read_deadline(text, 2000).kind != "unspecified"
    if name in OWNERS:
        return any(is_unit_name(part.unit) for part in read_owners(text))
    return is_ordinal(text) == (name == "number") and not is_unit_name(text)


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _owners(text: str) -> Iterator[str]:
    """Other wordings of an owner: what is no unit's name divided, joined, or left out."""
    now = [part.unit for part in read_owners(text)]
    strange = [unit for unit in now if not is_unit_name(unit) and unit in text]
    for unit in strange:
        parts = _AND.split(unit)
        if len(parts) > 1 and all(len(part) > 1 for part in parts):
            yield text.replace(unit, "；".join(parts))
    if len(strange) == len(now) > 1:
        joined = re.sub(r"[、，,；;]\s*", "和", text)
        if len(read_owners(joined)) == 1:
            yield joined
    rest = text
    for unit in strange:
        rest = re.sub(rf"[、，,；;\s]*{re.escape(unit)}", "", rest).lstrip("、，,；; ")
    if strange and all(is_unit_name(part.unit) for part in read_owners(rest)):
        yield rest
