"""How one entry gets into the record: signed, checked within its transaction, noted in the trail.

Owns storing a row, withdrawing one, and the checks that need the record itself. What a kind of entry
must hold is said by the module of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import duckdb

from warehouse.judging import ALL_KNOWN
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer
from words import ENTRIES

ENTRY_IDS = {
    "report": "report_id",
    "occurrence": "occurrence_id",
    "plan": "plan_id",
    "evidence": "evidence_id",
    "verification": "verification_id",
    "extension": "extension_id",
    "extension_decision": "decision_id",
    "claim": "claim_id",
    "incident": "incident_id",
    "mark": "mark_id",
    "effort": "effort_id",
}
"""Table of entries → the column of its id."""

_CONTENT = ("state", "percent", "narrative", "problem", "next_step", "effective_on")
_NEEDED_DAYS = ("effective_on", "occurred_on", "planned_on", "requested_on", "new_due_on")
"""Evidence alone may have no day of its own."""


@dataclass(frozen=True)
class Replaced:
    """The entry that a new one stands for, and why it was wrong."""

    entry_id: UUID
    reason: str


def check_author(recorded_by: str) -> None:
    """Raises WarehouseError when nobody signs."""
    if not recorded_by.strip():
        raise WarehouseError("请填写填报人。")


def record_entry(
    warehouse: Warehouse,
    table: str,
    action: str,
    recorded_by: str,
    row: dict[str, Any],
    replaces: Replaced | None = None,
    check: Callable[[Writer], None] | None = None,
) -> UUID:
    """Store one row of `table` as one action, standing for the entry it `replaces` where it does.

    The row may bring its id. `check` runs inside the transaction: what it finds still holds when the row is stored. It raises
    WarehouseError when the row may not be, and may complete it.
    """
    check_author(recorded_by)
    if table != "evidence" and any(row.get(name, True) is None for name in _NEEDED_DAYS):
        raise WarehouseError("请填写日期。")
    row_id = row.get(ENTRY_IDS[table]) or uuid4()
    with warehouse.writing(recorded_by.strip(), action) as writer:
        # Withdrawn first: what is replaced does not stand in the way of its replacement.
        before = withdraw_entry(writer, table, replaces) if replaces else None
        if check:
            check(writer)
        stored = (
            {ENTRY_IDS[table]: row_id} | row | {"supersedes_id": replaces and replaces.entry_id}
        )
        if not replaces:
            before = _report_before(writer, stored) if table == "report" else None
        writer.append_signed(table, [stored])
        after = stored | {"reason_for_correction": replaces.reason.strip()} if replaces else stored
        writer.record(
            f"更正{ENTRIES[table]}" if replaces else action,
            table,
            row_id,
            before=before,
            after=after,
        )
    return row_id


def check_in_period(writer: Writer, task_id: UUID, what: str, days: Sequence[date]) -> None:
    """Raises WarehouseError when one of the days is outside the period of the task's ledger; `what`
    begins the sentence, as “完成日期应”."""
    found = writer.cursor.execute(statement("period_of_task"), {"task_id": task_id}).fetchall()
    for first, last, _ in found[:1]:
        for day in days:
            if day is not None and not first <= day <= last:
                raise WarehouseError(
                    f"{what}在台账期内（{first} 至 {last}），填的是 {day}，请改正。"
                )


def check_verdict(
    writer: Writer, task_id: UUID, unit_id: UUID | None, effective_on: date | None
) -> None:
    """Raises WarehouseError when the verdict is dated before the newest completion it speaks of: what
    the unit reported as done, or somebody for the whole task; without a unit, what anybody did."""
    given = {"task_id": task_id, "unit_id": unit_id, "known_at": ALL_KNOWN}
    ((newest,),) = writer.cursor.execute(statement("newest_completion"), given).fetchall()
    if newest is not None and effective_on is not None and effective_on < newest:
        raise WarehouseError(f"核验日期 {effective_on} 早于所核验的完成日期 {newest}，请改正。")


def check_extension_waits(writer: Writer, extension_id: UUID, decided_on: date) -> None:
    """Raises WarehouseError when the request was withdrawn or is decided on by the day `decided_on`.

    A page that shows an earlier day shows a request that is decided on later as one that waits.
    """
    given = {"extension_id": extension_id, "decided_on": decided_on, "known_at": ALL_KNOWN}
    if not writer.cursor.execute(statement("extension_that_waits"), given).fetchall():
        raise WarehouseError("这件延期申请已审批或撤销，请刷新页面。")


def check_changes(
    writer: Writer, name: str, row: Mapping[str, Any], already: str, not_yet: str
) -> None:
    """Raises WarehouseError when what `row` switches on or off is so already, by the newest row."""
    (parsed,) = duckdb.extract_statements(statement(name))
    given = {key: row[key] for key in parsed.named_parameters}
    found = writer.cursor.execute(statement(name), given).fetchall()
    is_on = bool(found) and found[0][0] in ("closed", "excused")
    if is_on == (row["outcome"] in ("closed", "excused")):
        raise WarehouseError(already if is_on else not_yet)


def as_before(report: Mapping[str, Any], follows: Mapping[str, Any]) -> dict[str, Any]:
    """What stood of the task, for the trail, beside a new report: what that leaves open goes on, and
    is no change."""
    said = {name: report[name] for name in _CONTENT if follows[name] not in (None, "")}
    return {"task_id": follows["task_id"], "unit_id": follows["unit_id"]} | said


def _report_before(writer: Writer, stored: Mapping[str, Any]) -> dict[str, Any] | None:
    found = writer.cursor.execute(
        statement("report_before"),
        {"task_id": stored["task_id"], "unit_id": stored["unit_id"], "known_at": ALL_KNOWN},
    )
    columns = [column[0] for column in found.description]
    rows = found.fetchall()
    return as_before(dict(zip(columns, rows[0], strict=True)), stored) if rows else None


def withdraw_entry(writer: Writer, table: str, wrong: Replaced) -> dict[str, Any]:
    """Let an entry count no longer; returns it as it was."""
    if not wrong.reason.strip():
        raise WarehouseError("更正或撤销须写明理由。")
    found = writer.cursor.execute(
        statement("standing_entry").format(table=table, id=ENTRY_IDS[table]), {"id": wrong.entry_id}
    )
    columns = [column[0] for column in found.description]
    # Fetched to the end: an unfinished result blocks the cursor for the rows to come.
    entries = found.fetchall()
    if not entries:
        raise WarehouseError("要更正的记录已被撤销或更正，请刷新页面后重试。")
    row = {
        "withdrawal_id": uuid4(),
        "entry_kind": table,
        "entry_id": wrong.entry_id,
        "reason": wrong.reason.strip(),
    }
    writer.append_signed("withdrawal", [row])
    return dict(zip(columns, entries[0], strict=True))


def record_many(
    warehouse: Warehouse,
    rows: Mapping[str, Sequence[dict[str, Any]]],
    *,
    action: str,
    recorded_by: str,
) -> None:
    """Store many rows of several tables as one action: table name → rows without ids.

    Each row carries its own `recorded_at` and `recorded_by` when it has them.
    """
    with warehouse.writing(recorded_by) as writer:
        stamp = {"recorded_at": writer.recorded_at, "recorded_by": writer.recorded_by}
        signed: list[tuple[str, dict[str, Any]]] = [
            (table, stamp | row) for table, listed in rows.items() for row in listed
        ]
        # What lies in the past was entered in the order of its own instants.
        for _, row in sorted(signed, key=lambda each: each[1]["recorded_at"]):
            row["entry_number"] = writer.entry_number()
        for table in rows:
            writer.append(
                table, [{ENTRY_IDS[table]: uuid4()} | row for name, row in signed if name == table]
            )
        writer.record(action, "batch", None, after={t: len(listed) for t, listed in rows.items()})
