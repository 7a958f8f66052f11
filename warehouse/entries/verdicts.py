"""What the office decides on many completions, or many requests for extension, at once.

One decision is one transaction with one entry in the audit trail for each thing decided on. Owns the
checks on a decision; what was reported or asked for is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from warehouse.entries.recording import check_extension_waits, check_verdict
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer

Completion = tuple[UUID, UUID | None]
"""A task, and the unit whose part of it is reported as done; without one, the task as a whole."""


def verify_many(
    warehouse: Warehouse,
    claims: Sequence[Completion],
    *,
    accepted: bool,
    effective_on: date,
    recorded_by: str,
    reason: str = "",
    seen_version: int,
) -> None:
    """Accept (销号) or return (退办) completions; a return needs a reason.

    `seen_version` is the data version in which the completions were found to stand; when anything was
    written since, nothing is stored.
    """
    if not accepted and not reason.strip():
        raise WarehouseError("退办须写明理由。")
    rows = [
        {
            "verification_id": uuid4(),
            "task_id": task_id,
            "unit_id": unit_id,
            "outcome": "accepted" if accepted else "returned",
            "reason": reason.strip(),
            "effective_on": effective_on,
            "supersedes_id": None,
        }
        for task_id, unit_id in claims
    ]
    _store(
        warehouse,
        "verification",
        "verification_id",
        "销号" if accepted else "退办",
        rows,
        recorded_by,
        "核验人",
        seen_version,
        _check_verdict,
    )


def decide_many(
    warehouse: Warehouse,
    extension_ids: Sequence[UUID],
    *,
    approved: bool,
    effective_on: date,
    recorded_by: str,
    reason: str = "",
    seen_version: int,
) -> None:
    """Approve or refuse requests for extension; a refusal needs a reason.

    `seen_version` as for `verify_many`.
    """
    if not approved and not reason.strip():
        raise WarehouseError("不同意延期须写明理由。")
    rows = [
        {
            "decision_id": uuid4(),
            "extension_id": extension_id,
            "outcome": "approved" if approved else "refused",
            "reason": reason.strip(),
            "effective_on": effective_on,
            "supersedes_id": None,
        }
        for extension_id in extension_ids
    ]
    _store(
        warehouse,
        "extension_decision",
        "decision_id",
        "同意延期" if approved else "不同意延期",
        rows,
        recorded_by,
        "审批人",
        seen_version,
        _check_decision,
    )


def _check_verdict(writer: Writer, row: dict[str, Any]) -> None:
    check_verdict(writer, row["task_id"], row["unit_id"], row["effective_on"])


def _check_decision(writer: Writer, row: dict[str, Any]) -> None:
    check_extension_waits(writer, row["extension_id"], row["effective_on"])


def _store(
    warehouse: Warehouse,
    table: str,
    own_id: str,
    action: str,
    rows: list[dict[str, Any]],
    recorded_by: str,
    judge: str,
    seen_version: int,
    check: Callable[[Writer, dict[str, Any]], None],
) -> None:
    if not rows:
        raise WarehouseError("请先勾选要办理的事项。")
    if any(row["effective_on"] is None for row in rows):
        raise WarehouseError("请填写日期。")
    if not recorded_by.strip():
        raise WarehouseError(f"请填写{judge}。")
    with warehouse.writing(recorded_by.strip(), action) as writer:
        if writer.data_version != seen_version + 1:
            raise WarehouseError("就在提交的同时有人存入了别的记录，没有存入，请核对后再提交一次。")
        for row in rows:
            check(writer, row)
        writer.append_signed(table, rows)
        for row in rows:
            writer.record(action, table, row[own_id], after=row)
