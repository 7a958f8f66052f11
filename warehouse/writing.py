"""What one transaction stores: rows, amendments, and their entries in the audit trail.

Owns the order of entry and what becomes of values on their way into a table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import duckdb
import pandas as pd

from loaders.controls import controls_in, printable, printable_within
from warehouse.rights import Actor, Guard
from warehouse.servers.record import AMENDMENTS, Action, Amendment, Rows
from warehouse.statements import statement

NUMBERED = frozenset(
    {
        *("report", "occurrence", "evidence", "verification", "extension", "extension_decision"),
        *("claim", "incident", "mark", "effort", "setting", "excused_window", "month_lock"),
        *("decision_progress", "default_view", "plan", "unit_contact"),
        *("edition", "submission", "scheme", "withdrawal"),
        *("unit_correction", "ledger_correction", "edition_correction", "redated_task"),
    }
)
"""Tables whose rows carry their place in the order of entry."""
PLACES_OF_ACTION = 1_000_000
"""So many rows one action may number; the data version counts these."""


class Writer:
    """One open transaction. Rows go in by `append`; `record` adds the audit trail's entry."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        data_version: int,
        recorded_by: str,
        recorded_at: datetime,
        *,
        keeps_steps: bool = False,
        actor: Actor | None = None,
    ):
        """`keeps_steps`: what is stored is remembered, to be sent elsewhere by `action`. `actor`: by whose
        account it is stored; what that may not store is refused."""
        self.cursor = cursor
        self.data_version = data_version
        self.recorded_by = recorded_by
        self.recorded_at = recorded_at
        self._steps: list[Rows | Amendment] | None = [] if keeps_steps else None
        self.removed = 0
        """Characters that were taken out of texts."""
        self._numbered = 0
        self._account = actor and actor.account
        self._guard = Guard(cursor, actor) if actor else None

    def entry_number(self) -> int:
        """The next place in the order of entry: by data version, and within this action by place."""
        self._numbered += 1
        return self.data_version * PLACES_OF_ACTION + self._numbered

    def append(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Add `rows` to `table`; each row maps column names to values, all rows the same columns.

        Entries are numbered in the order given, unless they carry an `entry_number` already. Texts
        lose the characters that no document can hold; `removed` counts them. Raises `NotAllowed` when
        the account may not store them.
        """
        if self._guard:
            self._guard.check(table, rows)
        if table in NUMBERED:
            rows = [
                row if "entry_number" in row else row | {"entry_number": self.entry_number()}
                for row in rows
            ]
        if not rows:
            return
        # DuckDB sizes a decimal column by its first thousand values and refuses a longer one after
        # them; text it casts to the table's own type.
        plain = [{name: self._storable(value) for name, value in row.items()} for row in rows]
        self.cursor.register("given", pd.DataFrame(plain, dtype=object))
        if self._steps is None:
            self.cursor.execute(statement("insert_rows").format(table=table))
        else:
            stored = self.cursor.execute(statement("insert_rows_and_return").format(table=table))
            columns = tuple(column[0] for column in stored.description)
            self._steps.append(Rows(table, columns, stored.fetchall()))
        self.cursor.unregister("given")

    def amend(self, name: str, values: Mapping[str, Any] | None = None) -> None:
        """Change or remove rows by the statement called `name`, one of `record.AMENDMENTS`."""
        assert name in AMENDMENTS, name
        texts = {key: str(value) for key, value in (values or {}).items()}
        self.cursor.execute(statement(name), texts)
        if self._steps is not None:
            self._steps.append(Amendment(name, texts))

    def action(self) -> Action:
        """All that was stored so far, as it goes to the record."""
        steps = self._steps or []
        entries = (
            dict(zip(step.columns, row, strict=True))["change_id"]
            for step in steps
            if isinstance(step, Rows) and step.table == "change"
            for row in step.rows
        )
        return Action(self.data_version, min(entries), self.recorded_at, self.recorded_by, steps)

    def _storable(self, value: Any) -> Any:
        if isinstance(value, str):
            self.removed += controls_in(value)
            return printable(value)
        if isinstance(value, list):
            return [self._storable(each) for each in value]
        return str(value) if isinstance(value, Decimal) else value

    def append_signed(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """`append` with this transaction's `recorded_at` and `recorded_by` on every row."""
        stamp = {"recorded_at": self.recorded_at, "recorded_by": self.recorded_by}
        self.append(table, [{**row, **stamp} for row in rows])

    def record(
        self,
        action: str,
        subject_kind: str,
        subject_id: UUID | None,
        *,
        before: Any = None,
        after: Any = None,
    ) -> None:
        """Write one entry of the audit trail; `before` and `after` are stored as JSON."""
        self.record_each([(action, subject_kind, subject_id, before, after)])

    def record_each(self, entries: Sequence[tuple[str, str, UUID | None, Any, Any]]) -> None:
        """Write many entries of the audit trail at once: action, subject kind and id, before, after."""
        self.append_signed(
            "change",
            [
                {
                    "change_id": uuid4(),
                    "data_version": self.data_version,
                    "action": action,
                    "subject_kind": subject_kind,
                    "subject_id": subject_id,
                    "before": _json(before),
                    "after": _json(after),
                    "account": self._account,
                }
                for action, subject_kind, subject_id, before, after in entries
            ],
        )


def _json(value: Any) -> str | None:
    if value is None:
        return None
    return json.dumps(printable_within(value), ensure_ascii=False, default=str)
