"""The record that several servers share: what every action stored, in order of data version.

One server writes at a time, and only when it has taken in what the others wrote; all of them keep a
DuckDB file of their own that follows the record. Owns the words for what goes to the record and comes
from it; `central` keeps it in PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from warehouse.faults import WarehouseError

AMENDMENTS = frozenset(
    {
        *("reclass_unit", "clear_aliases", "clear_members", "clear_short_names", "clear_themes"),
        "forget_spelling",
    }
)
"""The statements that change or remove rows; everything else is only added."""


class RecordUnreachable(WarehouseError):
    """The record does not answer; nothing was stored."""


class OutcomeUnknown(WarehouseError):
    """The record was asked to store an action and did not answer: it may be stored or not."""


@dataclass(frozen=True)
class Rows:
    """Rows that one step of an action added to one table."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Amendment:
    """One of AMENDMENTS with the values of its parameters."""

    statement: str
    values: Mapping[str, str]


@dataclass
class Action:
    """What one transaction stored, to be sent to the record."""

    version: int
    action_id: UUID
    """Also the `change_id` of its first entry in the audit trail, by which it is found again."""
    recorded_at: datetime
    recorded_by: str
    steps: list[Rows | Amendment] = field(default_factory=list)


@dataclass(frozen=True)
class News:
    """What was stored after a data version; empty when nothing was."""

    version: int
    """The newest data version of the record."""
    files: Mapping[str, Path]
    """Table with new rows → these as .csv, each with the data version and the step that added it."""
    amendments: Sequence[tuple[int, int, Amendment]]
    """Each with its data version and step."""


class Turn(Protocol):
    """The right to write the next data version; nobody else has it meanwhile."""

    @property
    def at(self) -> datetime:
        """The instant by the record's clock, as naive Beijing time."""

    def newer(self, than: int) -> AbstractContextManager[News]:
        """What was stored after the data version `than`."""

    def store(self, action: Action) -> None:
        """Store it for good. Raises `OutcomeUnknown`, or another `WarehouseError` when it is not."""


class Record(Protocol):
    """What the servers of one office share. Every method raises `RecordUnreachable` when it does not
    answer within a few seconds."""

    def turn(self) -> AbstractContextManager[Turn]:
        """Wait for the right to write. Without `Turn.store` nothing is stored."""

    def newer(self, than: int) -> AbstractContextManager[News]:
        """What was stored after the data version `than`, as of one instant."""

    def action_of(self, version: int) -> UUID | None:
        """The `action_id` of this data version; None when the record does not reach it."""

    def keep_file(self, sha256: str, content: bytes) -> None:
        """Keep an evidence file; of one that is kept already, nothing happens."""

    def file(self, sha256: str) -> bytes | None:
        """An evidence file; None when it is not kept."""

    def close(self) -> None:
        """Give the connections back."""
