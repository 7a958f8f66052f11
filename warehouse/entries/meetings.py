"""The quarterly meeting: that it was held, what it decided, and how each decision goes.

Each function is one user action and one transaction; each adds rows and changes none: what was wrong
is taken back with a reason and entered anew. Owns the checks on what may be recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer
from words import ENTRIES

DECISION_STATES = ("not_started", "in_progress", "done", "dropped")


def quarter_start(quarter_ended_on: date) -> date:
    """The first day of the quarter that ends on this day."""
    return quarter_ended_on.replace(month=quarter_ended_on.month - 2, day=1)


def hold_meeting(
    warehouse: Warehouse,
    ledger_id: UUID,
    *,
    quarter_ended_on: date,
    held_on: date | None,
    recorded_by: str,
) -> UUID:
    """Record that the meeting about the quarter ending on `quarter_ended_on` was held on a day.

    A quarter has one meeting, and meetings follow each other as their quarters do.
    """
    _check_author(recorded_by)
    if held_on is None:
        raise WarehouseError("请填写例会召开日期。")
    first = quarter_start(quarter_ended_on)
    if held_on < first:
        raise WarehouseError(f"例会召开日期 {held_on} 早于该季度的第一天 {first}，请改正。")
    meeting_id = uuid4()
    row = {
        "meeting_id": meeting_id,
        "ledger_id": ledger_id,
        "quarter_ended_on": quarter_ended_on,
        "held_on": held_on,
    }
    with warehouse.writing(recorded_by.strip(), "登记季度例会") as writer:
        for _, other, day in _rows(writer, "standing_meetings", ledger_id=ledger_id):
            if other == quarter_ended_on:
                raise WarehouseError(
                    f"该季度的例会已登记（{day} 召开），请刷新页面；日期有误的先撤销再登记。"
                )
            if (other < quarter_ended_on) != (day < held_on):
                raise WarehouseError(
                    f"截至 {other} 的季度的例会已登记在 {day} 召开，各季度例会应先后相接，请核对日期。"
                )
        writer.append_signed("meeting", [row])
        writer.record("登记季度例会", "meeting", meeting_id, after=row)
    return meeting_id


def decide(
    warehouse: Warehouse,
    meeting_id: UUID,
    *,
    text: str,
    recorded_by: str,
    unit_id: UUID | None = None,
    due_on: date | None = None,
    task_id: UUID | None = None,
) -> UUID:
    """Record what a meeting decided, who is to do it by when, and the task it is about."""
    _check_author(recorded_by)
    if not text.strip():
        raise WarehouseError("请写明议定的事项。")
    decision_id = uuid4()
    row = {
        "decision_id": decision_id,
        "meeting_id": meeting_id,
        "text": text.strip(),
        "unit_id": unit_id,
        "due_on": due_on,
        "task_id": task_id,
    }
    with warehouse.writing(recorded_by.strip(), "登记议定事项") as writer:
        held = _rows(writer, "standing_meeting_by_id", meeting_id=meeting_id)
        if not held:
            raise WarehouseError("这次例会的登记已被撤销，请刷新页面后重试。")
        ledger_id, held_on = held[0]
        if due_on is not None and due_on < held_on:
            raise WarehouseError(f"办结期限 {due_on} 早于例会召开日期 {held_on}，请改正。")
        writer.append_signed("decision", [row])
        writer.record("登记议定事项", "decision", decision_id, after=_with_ledger(row, ledger_id))
    return decision_id


def report_decision(
    warehouse: Warehouse,
    decision_id: UUID,
    *,
    state: str,
    effective_on: date | None,
    recorded_by: str,
    narrative: str = "",
) -> UUID:
    """Record how a decision stood on a day; what is dropped needs a reason in `narrative`."""
    _check_author(recorded_by)
    if state not in DECISION_STATES:
        raise WarehouseError("请选择办理状态：未开始、进行中、已完成或不再办理。")
    if effective_on is None:
        raise WarehouseError("请填写日期。")
    if state == "dropped" and not narrative.strip():
        raise WarehouseError("不再办理须写明理由。")
    progress_id = uuid4()
    row = {
        "decision_progress_id": progress_id,
        "decision_id": decision_id,
        "state": state,
        "narrative": narrative.strip(),
        "effective_on": effective_on,
    }
    with warehouse.writing(recorded_by.strip(), "填报议定事项") as writer:
        found = _rows(writer, "meeting_of_decision", decision_id=decision_id)
        if not found:
            raise WarehouseError("这件议定事项已被撤销，请刷新页面后重试。")
        ledger_id, held_on, unit_id, task_id, text = found[0]
        if effective_on < held_on:
            raise WarehouseError(f"办理日期 {effective_on} 早于例会召开日期 {held_on}，请改正。")
        writer.append_signed("decision_progress", [row])
        trail = _with_ledger(
            row | {"unit_id": unit_id, "task_id": task_id, "text": text}, ledger_id
        )
        writer.record("填报议定事项", "decision_progress", progress_id, after=trail)
    return progress_id


def withdraw(
    warehouse: Warehouse, entry_kind: str, entry_id: UUID, *, reason: str, recorded_by: str
) -> None:
    """Let an entry of the table `entry_kind` count no longer; it stays on record with the reason.

    A meeting can be withdrawn only when none of its decisions stands.
    """
    _check_author(recorded_by)
    if not reason.strip():
        raise WarehouseError("撤销须写明理由。")
    with warehouse.writing(recorded_by.strip(), f"撤销{ENTRIES[entry_kind]}") as writer:
        if entry_kind == "meeting":
            ((standing,),) = _rows(writer, "standing_decisions", meeting_id=entry_id)
            if standing:
                raise WarehouseError(
                    f"这次例会还有 {standing} 件议定事项，请先逐件撤销，再撤销例会的登记。"
                )
        before = _standing(writer, entry_kind, entry_id)
        ledger_id = before.get("ledger_id")
        if entry_kind != "meeting":
            found = _rows(writer, "meeting_of_decision", decision_id=before["decision_id"])
            if found:
                # Of a decision that was itself withdrawn, only the row is left to tell.
                ledger_id, _, unit_id, task_id, text = found[0]
                before |= {"unit_id": unit_id, "task_id": task_id, "text": text}
        row = {
            "withdrawal_id": uuid4(),
            "entry_kind": entry_kind,
            "entry_id": entry_id,
            "reason": reason.strip(),
        }
        writer.append_signed("withdrawal", [row])
        writer.record(
            f"撤销{ENTRIES[entry_kind]}",
            entry_kind,
            entry_id,
            before=_with_ledger(before, ledger_id),
            after={"reason": reason.strip()},
        )


def _standing(writer: Writer, table: str, entry_id: UUID) -> dict[str, Any]:
    """An entry as it is stored; raises WarehouseError when it counts no longer."""
    found = writer.cursor.execute(
        statement("standing_entry").format(table=table, id=f"{table}_id"), {"id": entry_id}
    )
    columns = [column[0] for column in found.description]
    # Fetched to the end: an unfinished result blocks the cursor for the rows to come.
    entries = found.fetchall()
    if not entries:
        raise WarehouseError("要撤销的记录已被撤销，请刷新页面后重试。")
    return dict(zip(columns, entries[0], strict=True))


def _with_ledger(row: dict[str, Any], ledger_id: UUID | None) -> dict[str, Any]:
    """A row as the audit trail has it: with its ledger, by which the trail is filtered."""
    return row | {"ledger_id": ledger_id}


def _rows(writer: Writer, name: str, **values: Any) -> Sequence[tuple]:
    return writer.cursor.execute(statement(name), values).fetchall()


def _check_author(recorded_by: str) -> None:
    if not recorded_by.strip():
        raise WarehouseError("请填写经办人。")
