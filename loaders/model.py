"""What a loader hands on: one ledger with its tasks, its doubts and the account of every source row.

Plain frozen data. Knows no file format, no database and no screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

KINDS = ("base", "bonus", "penalty")
ROLES = ("lead", "responsible", "cooperate", "support")
DEADLINE_KINDS = ("date", "ongoing", "as-needed", "unspecified")
PERIODS = ("day", "week", "fortnight", "month", "two-months", "quarter", "half-year", "year")


Tell = Callable[[str, float], None]
"""Hears what is being done, in Chinese, and how far it is, from 0 to 1."""


def silent(_doing: str, _done: float) -> None:
    """The `Tell` of those who need not be told."""


class LedgerError(Exception):
    """The file cannot be read as a ledger; the message is one Chinese sentence for the user."""


@dataclass(frozen=True)
class Place:
    """Where in the issued file something stands; rows and columns count from 1."""

    file: str
    table: str
    """Sheet name, 表1, 表2 … of a Word file; empty for text and csv."""
    row: int
    """Row of the table; line of a text file."""
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.file} {self.within}"

    @property
    def within(self) -> str:
        """The place without the file's name."""
        where = f"{self.table} " if self.table else ""
        cell = f" 第 {self.column} 列" if self.column else ""
        return f"{where}第 {self.row} 行{cell}"


@dataclass(frozen=True)
class Assignment:
    """One unit's part in a task."""

    role: str
    unit: str
    scope: str = ""


@dataclass(frozen=True)
class Deadline:
    """A completion deadline as read: `due_on` is set only when `kind` is "date"."""

    kind: str
    due_on: date | None = None


@dataclass(frozen=True)
class Cadence:
    """A frequency demanded: at least `min_count` times in every calendar `period`."""

    period: str
    min_count: int
    phrase: str = ""


@dataclass(frozen=True)
class Progress:
    """What a ledger's own progress columns say of a task; None and "" are "not stated"."""

    state: str | None = None
    """`not_started`, `in_progress`, `done` or `not_applicable`."""
    percent: float | None = None
    completed_on: date | None = None
    narrative: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class PlanNode:
    """计划节点: the percent (0–100) planned to be reached by a day."""

    planned_on: date
    percent: float


@dataclass(frozen=True)
class Plan:
    """What a ledger says of how far a task is to be by when."""

    nodes: tuple[PlanNode, ...]
    """In the order of their days, one for each day."""
    text: str = field(default="", compare=False)
    """As the ledger prints it."""


@dataclass(frozen=True)
class Task:
    """One numbered duty of the ledger, with where it stands and what was inherited from above."""

    number: int
    """Position in the ledger, from 1."""
    level1: str
    level2: str
    task: str
    kind: str
    responsible_text: str
    responsible_inherited: bool
    deadline_text: str
    deadline_inherited: bool
    deadline_kind: str
    due_on: date | None
    assignments: tuple[Assignment, ...]
    cadences: tuple[Cadence, ...]
    quantities: tuple[str, ...]
    place: Place
    printed_number: str = ""
    """The number the ledger itself prints (序号), when it prints one."""
    points: float | None = None
    note: str = ""
    progress: Progress | None = None
    plan: Plan | None = None
    criterion: str = ""
    """What the ledger prints of 评分标准, 考核依据 or 考核内容 beside the task."""
    basis: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """(part, reason in Chinese): by which rule `level1`, `level2`, `responsible_text`, `assignments`,
    `deadline_text` and `due_on` came about."""


@dataclass(frozen=True)
class Issue:
    """A doubtful reading or something that was left out, in one Chinese sentence."""

    place: Place
    message: str
    about: str = ""
    """What is doubtful: a part of a task (`level2`, `task`, `responsible_text`, `deadline_text`,
    `points`, `state`, `percent`, `completed_on`, `progress`, `plan`), whether a `row` is a task, to which
    columns its `cells` belong, whether a task is told `twice`, a `column`, `hidden` rows or a `sheet` that
    may or may not be read, a `label` in running text with its value, what was `set_aside` as a clerk had
    said before; empty for the document as a whole."""
    options: tuple[str, ...] = ()
    """How else that part may be read, as a person would write it; of `hidden` the rows."""
    tasks: tuple[int, ...] = ()
    """The numbers of the tasks it concerns, where they are known when it is raised."""


@dataclass(frozen=True)
class SourceRow:
    """One row of the issued table and what became of it."""

    place: Place
    reading: str
    """`title`, `header`, `task`, `total`, `note` or `blank`."""
    text: str
    tasks: int = 0
    """How many tasks were read from this row."""
    cells: tuple[str, ...] = ()
    """The row cell by cell, a merged cell at each of its positions."""


@dataclass(frozen=True)
class Ledger:
    """One issued task table as read."""

    file: str
    sha256: str
    title: str
    region: str
    """Province in short, as in 宁夏 or 湖南; empty when the file does not say."""
    year: int | None
    tasks: tuple[Task, ...]
    issues: tuple[Issue, ...]
    rows: tuple[SourceRow, ...] = field(repr=False)
    stated_on: date | None = None
    """情况日期: the day that the columns of progress speak of, where the document names it."""


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """One cell of the source and how it was read."""

    text: str
    reading: str
    """A field (`level1`, `task`, `responsible`, `lead`, `deadline`, `number`, `points` …), `blank`,
    `ignored` for a column that is not read, or the reading of the whole row (`title`, `header`,
    `total`, `note`)."""
    inherited: bool = False
    """Whether the cell goes on from the row above, or is blank and takes its value from there."""


@dataclass(frozen=True, slots=True)
class PreviewTable:
    """One table of the source; row for row as in `Ledger.rows`, all tables one after the other."""

    name: str
    rows: tuple[tuple[PreviewCell, ...], ...]


@dataclass(frozen=True)
class Preview:
    """A source as it was read, before anything is stored."""

    tables: tuple[PreviewTable, ...]
    ledger: Ledger
    pictures: Mapping[tuple[str, int, int], tuple[bytes, ...]] = field(default_factory=dict)
    """Table, row and column → how the cell that begins there looks, as .webp files; of a document that is
    a picture."""
