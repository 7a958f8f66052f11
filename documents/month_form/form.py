"""A returned report form as it was read: its rows, and what each says.

Owns the shapes only. Knows neither the workbook nor the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from documents.month_form.layout import Stamp
from documents.workbook.returned import Problem


@dataclass(frozen=True)
class Proof:
    """One piece of evidence as a row names it."""

    title: str
    document_number: str = ""
    link: str = ""
    effective_on: date | None = None


@dataclass(frozen=True)
class FormRow:
    """One row of the table. What could not be read is None or "", and in `problems`."""

    place: str
    """Sheet and row, as in 填报表 第 12 行."""
    key: UUID | None
    number: int | None
    task: str
    state: str | None = None
    percent: float | None = None
    narrative: str = ""
    problem: str = ""
    next_step: str = ""
    effective_on: date | None = None
    times: Mapping[date | None, int] | None = None
    """How often the duty was done, by day; None as a day where none is stated. None when nothing is stated."""
    proofs: tuple[Proof, ...] = ()
    problems: tuple[Problem, ...] = ()
    cell: Callable[[str], str] = str
    """Field → sheet and cell."""

    @property
    def is_report(self) -> bool:
        """Whether the row says how the task stands."""
        return self.state is not None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.is_report or self.times is not None or self.proofs or self.problems)


@dataclass(frozen=True)
class Form:
    """A returned form."""

    name: str
    sha256: str
    stamp: Stamp | None
    """None when the platform did not make the form, or when it was lost."""
    unit: str
    """As the form says; "" when it does not."""
    month: date | None
    """The first day of the report month, by its stamp, else as it says."""
    ledger: str
    filled_by: str
    rows: tuple[FormRow, ...]
    notes: tuple[str, ...]
    """Columns and sheets that were not read, each one sentence."""
    above: str = ""
    """What stands above the table."""
