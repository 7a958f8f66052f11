"""A column or label given another meaning: what becomes of the tasks then, and what is remembered.

Owns what the columns of a reading mean and what the tasks are when one of them means something else.
Rows stay the rows that they are: only which part of its task a cell is changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from loaders.correcting import FIELDS, Choice, rows_of_tasks, stated
from loaders.labels import labels_in
from loaders.model import Preview
from loaders.reference import COLUMNS_OF, NOT_READ, OWNERS, PRINTED
from loaders.wording import lines, one_line

MEANINGS = ("level1", "level2", "task", "lead", "responsible", "cooperate", "deadline")
"""What a clerk can say a column is."""
_OF_LABELS = ("lead", "responsible", "cooperate", "deadline")
_PARTS = {"deadline": "deadline_text"}
_ONE_COLUMN = ("level1", "level2", "task", "deadline")


class Meanings:
    """The columns of one reading, table by table."""

    def __init__(self, preview: Preview):
        self._tasks = preview.ledger.tasks
        self._rows = preview.ledger.rows
        self._cells = [row for table in preview.tables for row in table.rows]
        self._row_of = rows_of_tasks(self._rows)
        self._rows_in: dict[str, list[int]] = {}
        for index, row in enumerate(self._rows):
            self._rows_in.setdefault(row.place.table, []).append(index)

    @property
    def tables(self) -> list[str]:
        """The tables with a header above tasks."""
        return [table for table in self._rows_in if self.headings(table)]

    def headings(self, table: str) -> dict[int, str]:
        """Column → its heading as printed, of the columns of a table that have one."""
        headings: dict[int, str] = {}
        for index in self._rows_in.get(table, []):
            if self._rows[index].reading == "header":
                for column, cell in enumerate(self._cells[index]):
                    if cell.text:
                        headings[column] = one_line(cell.text)
            elif headings:
                break
        return headings

    def columns(self, table: str) -> dict[int, str]:
        """What most task rows of a table have in each column, as far as it is read."""
        readings: list[Counter[str]] = []
        for index in self._rows_in.get(table, []):
            if self._rows[index].reading != "task":
                continue
            for column, cell in enumerate(self._cells[index]):
                if column == len(readings):
                    readings.append(Counter())
                if cell.reading not in ("blank", "ignored"):
                    readings[column][cell.reading] += 1
        return {
            column: counted.most_common(1)[0][0]
            for column, counted in enumerate(readings)
            if counted
        }

    def of_unread(self, table: str, column: int) -> Iterator[Choice]:
        """What a column that is not read may be: owners, or a part that no other column states."""
        stated_parts = parts_of(self.columns(table).values())
        for name in MEANINGS:
            if name in ("lead", "cooperate") or not {*parts_of([name])} & stated_parts:
                yield from self._as(table, column, name)
        yield from self._not_read(table, column)

    def of_column(self, table: str, column: int) -> list[Choice]:
        """Whatever else a column may be. Another column that was it until now is what this one was."""
        now = self.columns(table).get(column, "")
        others = [name for name in MEANINGS if name != now]
        choices = [each for name in others for each in self._as(table, column, name)]
        return choices + ([*self._not_read(table, column)] if now != "task" else [])

    def of_label(self, text: str, tasks: Sequence[int]) -> Iterator[Choice]:
        """What an unread label with its value (责任领导：张某) may say of these tasks."""
        label, _, value = text.replace(":", "：").partition("：")
        label, value = label.strip("【】[] "), value.strip()
        for name in _OF_LABELS:
            part = "deadline_text" if name == "deadline" else "responsible_text"
            changes = {
                number: {part: value if name == "deadline" else self._with(number, name, value)}
                for number in tasks
            }
            words = f"“{label}”是{PRINTED[name]}"
            yield Choice(words, changes, meaning=(label, PRINTED[name]))
        level = (
            "level1" if any(not stated(self._tasks[n - 1], "level1") for n in tasks) else "level2"
        )
        yield Choice(f"“{label}”是{PRINTED[level]}", {n: {level: value} for n in tasks})
        yield Choice(f"“{label}”不读入", meaning=(label, NOT_READ))

    def _with(self, number: int, name: str, text: str) -> str:
        """The owners of a task with those of one more label."""
        owner = stated(self._tasks[number - 1], "responsible_text")
        if owner and not labels_in(owner):
            owner = f"{OWNERS['responsible']}：{owner}"
        return "；".join(filter(None, (owner, f"{OWNERS[name]}：{text}")))

    def _as(self, table: str, column: int, name: str) -> Iterator[Choice]:
        meant = self.columns(table)
        former = meant.get(column, "")
        for other in [other for other, field in meant.items() if field == name]:
            if name in _ONE_COLUMN and other != column:
                meant[other] = former
        if name == "task" and not former and "task" in self.columns(table).values():
            # What was the task until now is kept as a heading.
            free = next((f for f in ("level2", "level1") if f not in meant.values()), "")
            meant |= {at: free for at, field in self.columns(table).items() if field == "task"}
        meant[column] = name
        if changes := self._changes(table, meant):
            heading = self.headings(table).get(column, "")
            meaning = (heading, PRINTED[name]) if heading else None
            yield Choice(f"这一列是{PRINTED[name]}", changes, meaning=meaning)

    def _not_read(self, table: str, column: int) -> Iterator[Choice]:
        if heading := self.headings(table).get(column, ""):
            changes = self._changes(table, {**self.columns(table), column: ""})
            yield Choice("这一列不读入", changes, meaning=(heading, NOT_READ))

    def _changes(self, table: str, meant: Mapping[int, str]) -> dict[int, dict[str, str]]:
        """What the tasks of a table are to say where its columns mean this; none when several tasks
        stand in one cell and that cell would be another part."""
        now = self.columns(table)
        moved = {
            column for column in {*now, *meant} if now.get(column, "") != meant.get(column, "")
        }
        parts = parts_of([fields.get(column, "") for fields in (now, meant) for column in moved])
        parts &= {*FIELDS}
        numbers: dict[int, list[int]] = {}
        for number, at in enumerate(self._row_of, start=1):
            numbers.setdefault(at, []).append(number)
        carried: dict[int, str] = {}
        changes: dict[int, dict[str, str]] = {}
        for index in self._rows_in.get(table, []):
            if self._rows[index].reading != "task":
                continue
            for column, cell in enumerate(self._cells[index]):
                if cell.text:
                    carried[column] = cell.text
            tasks = numbers.get(index, [])
            if "task" in parts and len(tasks) > 1:
                return {}
            read = by_part(
                (meant.get(column, ""), text) for column, text in sorted(carried.items())
            )
            texts = {part: read.get(part, "") for part in parts}
            if "task" in parts and not texts["task"]:
                return {}
            changes |= dict.fromkeys(tasks, texts)
        return changes


def parts_of(columns: Iterable[str]) -> set[str]:
    """The parts of a task that columns state."""
    part_of = {column: part for part, found in COLUMNS_OF.items() for column in found}
    return {part_of.get(name, name) for name in columns}


def by_part(read: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Column reading and text → part of the task and text; owners of several columns labelled."""
    parts: dict[str, str] = {}
    owners: dict[str, str] = {}
    for name, text in read:
        if name in OWNERS:
            owners[name] = lines(text)
        elif _PARTS.get(name, name) in FIELDS:
            parts[_PARTS.get(name, name)] = one_line(text)
    if {*owners} == {"responsible"}:
        parts["responsible_text"] = owners["responsible"]
    elif owners:
        written = (f"{label}：{owners[name]}" for name, label in OWNERS.items() if name in owners)
        parts["responsible_text"] = "；".join(written)
    return parts
