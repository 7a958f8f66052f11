"""What people record about tasks: reports, occurrences, evidence, verifications, extensions.

Each function is one user action and one transaction; each adds rows and changes none: a wrong entry
is taken back with a reason, and what replaces it is an entry of its own.

Owns the checks on what may be recorded. Knows nothing of how it is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from warehouse.entries.recording import (
    Replaced,
    check_author,
    check_changes,
    check_extension_waits,
    check_in_period,
    check_verdict,
    record_entry,
    withdraw_entry,
)
from warehouse.judging import ALL_KNOWN
from warehouse.ledger.reference import check_setting
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer
from words import ENTRIES

REPORT_STATES = ("not_started", "in_progress", "done", "not_applicable")


def add_report(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    state: str,
    effective_on: date,
    recorded_by: str,
    percent: float | None = None,
    narrative: str = "",
    problem: str = "",
    next_step: str = "",
    unit_id: UUID | None = None,
    replaces: Replaced | None = None,
) -> UUID:
    """Record that on `effective_on` the task (or one unit's part of it) stood so. Percent is 0–100."""
    check_report(state, percent)
    return record_entry(
        warehouse,
        "report",
        "填报进展",
        recorded_by,
        {
            "task_id": task_id,
            "unit_id": unit_id,
            "state": state,
            "percent": percent,
            "narrative": narrative,
            "problem": problem,
            "next_step": next_step,
            "effective_on": effective_on,
        },
        replaces,
    )


def check_report(state: str, percent: float | None) -> None:
    """Raises WarehouseError when a report may not say so."""
    if state not in REPORT_STATES:
        raise WarehouseError("请选择填报状态：未开始、进行中、已完成或不适用。")
    if percent is not None and not 0 <= percent <= 100:
        raise WarehouseError(f"进度应在 0 到 100 之间，填的是 {percent:g}，请改正。")
    if state == "done" and percent not in (None, 100):
        raise WarehouseError(f"状态为已完成时进度应为 100，填的是 {percent:g}，请改正其一。")


def add_occurrence(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    occurred_on: date,
    recorded_by: str,
    times: int = 1,
    period: str | None = None,
    narrative: str = "",
    unit_id: UUID | None = None,
    another_occasion: bool = False,
    replaces: Replaced | None = None,
) -> UUID:
    """Record that a recurring duty was done `times` on a day; no period counts for each demand.

    Units that enter one day did it together, unless it was `another_occasion`.
    """
    if times < 1:
        raise WarehouseError("完成次数应不少于 1，请改正。")

    def check(writer: Writer) -> None:
        check_in_period(writer, task_id, "完成日期应", [occurred_on])

    return record_entry(
        warehouse,
        "occurrence",
        "记录频次完成",
        recorded_by,
        {
            "task_id": task_id,
            "unit_id": unit_id,
            "period": period,
            "occurred_on": occurred_on,
            "times": times,
            "narrative": narrative,
            "another_occasion": another_occasion,
        },
        replaces,
        check,
    )


def add_plan(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    planned_on: date,
    percent: float,
    recorded_by: str,
    replaces: Replaced | None = None,
) -> UUID:
    """Record that a task is planned to have reached `percent` (0–100) by a day."""
    if not 0 <= percent <= 100:
        raise WarehouseError(f"计划进度应在 0 到 100 之间，填的是 {percent:g}，请改正。")
    return record_entry(
        warehouse,
        "plan",
        "登记计划节点",
        recorded_by,
        {"task_id": task_id, "planned_on": planned_on, "percent": percent, "source": "entry"},
        replaces,
    )


def add_evidence(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    title: str,
    recorded_by: str,
    document_number: str = "",
    link: str = "",
    file_name: str = "",
    file_sha256: str = "",
    effective_on: date | None = None,
    unit_id: UUID | None = None,
    replaces: Replaced | None = None,
    also: Sequence[UUID] = (),
) -> UUID:
    """Record a piece of evidence of a task, and of the tasks in `also`, as one action; `effective_on`
    is the material's own date, if it has one. Returns the id of the first.

    Raises WarehouseError when the same file is evidence of one of the tasks by the same unit already.
    """
    if not title.strip():
        raise WarehouseError("请填写佐证材料的名称。")
    row = {
        "unit_id": unit_id,
        "title": title,
        "document_number": document_number,
        "link": link,
        "file_name": file_name,
        "file_sha256": file_sha256,
        "effective_on": effective_on,
    }
    task_ids = list(dict.fromkeys([task_id, *also]))

    def check(writer: Writer) -> None:
        if file_sha256:
            given = {"task_ids": task_ids, "unit_id": unit_id, "file_sha256": file_sha256}
            for number, name in writer.cursor.execute(
                statement("evidence_of_file"), given
            ).fetchall():
                raise WarehouseError(
                    f"这个文件已登记为第 {number} 项任务的佐证材料“{name}”，不用再登记。"
                )
        others: list[dict[str, Any]] = [
            {"evidence_id": uuid4(), "task_id": other, "supersedes_id": None} | row
            for other in task_ids[1:]
        ]
        writer.append_signed("evidence", others)
        writer.record_each(
            [("登记佐证材料", "evidence", each["evidence_id"], None, each) for each in others]
        )

    return record_entry(
        warehouse,
        "evidence",
        "登记佐证材料",
        recorded_by,
        {"task_id": task_id} | row,
        replaces,
        check,
    )


def verify(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    accepted: bool,
    effective_on: date,
    recorded_by: str,
    reason: str = "",
    unit_id: UUID | None = None,
    replaces: Replaced | None = None,
) -> UUID:
    """Accept (销号) or return (退办) what was reported as done; a return needs a reason, and neither is
    dated before the completion it speaks of."""
    if not accepted and not reason.strip():
        raise WarehouseError("退办须写明理由。")

    def check(writer: Writer) -> None:
        check_verdict(writer, task_id, unit_id, effective_on)

    return record_entry(
        warehouse,
        "verification",
        "销号" if accepted else "退办",
        recorded_by,
        {
            "task_id": task_id,
            "unit_id": unit_id,
            "outcome": "accepted" if accepted else "returned",
            "reason": reason,
            "effective_on": effective_on,
        },
        replaces,
        check,
    )


def request_extension(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    requested_on: date,
    new_due_on: date,
    reason: str,
    recorded_by: str,
    unit_id: UUID | None = None,
) -> UUID:
    """Ask for a later due day, for a unit or for the task as a whole. It must be asked before the due
    day in force, with a reason, and not while an earlier request of the task waits to be decided on."""
    _check_extension(requested_on, new_due_on, reason)

    def check(writer: Writer) -> None:
        due_on = _due_on(writer, task_id, requested_on)
        if requested_on >= due_on:
            raise WarehouseError(
                f"延期须在期限（{due_on}）之前提出，申请日为 {requested_on}，不能受理；"
                "期限过后领导同意延期的，请选“补批”。"
            )
        _check_later(writer, task_id, due_on, new_due_on)

    row = _extension_row(task_id, unit_id, requested_on, new_due_on, reason, "")
    return record_entry(warehouse, "extension", "申请延期", recorded_by, row, check=check)


def extend_late(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    agreed_on: date,
    new_due_on: date,
    reason: str,
    agreed_by: str,
    recorded_by: str,
    unit_id: UUID | None = None,
) -> UUID:
    """Record an extension agreed on or after the due day (补批): the request and its approval in one
    action, marked as late. Until `agreed_on` the task stays as overdue as it was."""
    _check_extension(agreed_on, new_due_on, reason)
    if not agreed_by.strip():
        raise WarehouseError("补批须写明由谁同意。")
    row = _extension_row(task_id, unit_id, agreed_on, new_due_on, reason, agreed_by.strip())
    extension_id = uuid4()

    def check(writer: Writer) -> None:
        due_on = _due_on(writer, task_id, agreed_on)
        if agreed_on < due_on:
            raise WarehouseError(f"期限（{due_on}）还没有到，请按期申请延期，不用补批。")
        _check_later(writer, task_id, due_on, new_due_on)
        decision: dict[str, Any] = {
            "decision_id": uuid4(),
            "extension_id": extension_id,
            "outcome": "approved",
            "reason": f"补批，{agreed_by.strip()}同意",
            "effective_on": agreed_on,
            "supersedes_id": None,
        }
        writer.append_signed("extension_decision", [decision])
        writer.record("补批延期", "extension_decision", decision["decision_id"], after=decision)

    row |= {"extension_id": extension_id}
    record_entry(warehouse, "extension", "补批延期", recorded_by, row, check=check)
    return extension_id


def _check_extension(requested_on: date | None, new_due_on: date | None, reason: str) -> None:
    if requested_on is None or new_due_on is None:
        raise WarehouseError("请填写申请日期和申请延至哪一天。")
    if not reason.strip():
        raise WarehouseError("申请延期须写明理由。")


def _extension_row(
    task_id: UUID,
    unit_id: UUID | None,
    requested_on: date,
    new_due_on: date,
    reason: str,
    agreed_by: str,
) -> dict[str, Any]:
    return {
        "task_id": task_id,
        "unit_id": unit_id,
        "requested_on": requested_on,
        "new_due_on": new_due_on,
        "reason": reason,
        "is_late": bool(agreed_by),
        "agreed_by": agreed_by,
    }


def _due_on(writer: Writer, task_id: UUID, on_day: date) -> date:
    """The due day in force on a day. Raises WarehouseError when the task has none."""
    given = {"task_id": task_id, "as_of": on_day, "known_at": ALL_KNOWN}
    found = writer.cursor.execute(statement("due_of_task"), given).fetchall()
    due_on: date | None = found[0][0] if found else None
    if due_on is None:
        raise WarehouseError("这项任务没有完成期限，不需要延期。")
    return due_on


def _check_later(writer: Writer, task_id: UUID, due_on: date, new_due_on: date) -> None:
    if new_due_on <= due_on:
        raise WarehouseError(f"新的期限应晚于现有期限（{due_on}），请改正。")
    waiting = {"task_id": task_id, "known_at": ALL_KNOWN}
    if writer.cursor.execute(statement("waiting_extension"), waiting).fetchall():
        raise WarehouseError("这项任务已有待审批的延期申请，请先审批或撤销，再提出新的申请。")


def decide_extension(
    warehouse: Warehouse,
    extension_id: UUID,
    *,
    approved: bool,
    effective_on: date,
    recorded_by: str,
    reason: str = "",
    replaces: Replaced | None = None,
) -> UUID:
    """Approve or refuse a request for extension that waits; a refusal needs a reason."""
    if not approved and not reason.strip():
        raise WarehouseError("不同意延期须写明理由。")

    def check(writer: Writer) -> None:
        check_extension_waits(writer, extension_id, effective_on)

    return record_entry(
        warehouse,
        "extension_decision",
        "同意延期" if approved else "不同意延期",
        recorded_by,
        {
            "extension_id": extension_id,
            "outcome": "approved" if approved else "refused",
            "reason": reason,
            "effective_on": effective_on,
        },
        replaces,
        check,
    )


def set_setting(
    warehouse: Warehouse, ledger_id: UUID, key: str, value: str, *, recorded_by: str
) -> None:
    """Give one ledger its own start day or threshold; the newest row counts."""
    if key == "started_on":
        try:
            date.fromisoformat(value)
        except ValueError:
            raise WarehouseError(f"起始日应写成 2020-01-01 的样子，写的是“{value}”。") from None
    else:
        try:
            check_setting(key, value)
        except ValueError as error:
            raise WarehouseError(f"参数有误：{error}，请改正。") from None
    with warehouse.writing(recorded_by, "调整口径") as writer:
        row = {"ledger_id": ledger_id, "key": key, "value": value}
        writer.append_signed("setting", [row])
        writer.record("调整口径", "ledger", ledger_id, after={key: value})


def withdraw(
    warehouse: Warehouse, entry_kind: str, entry_id: UUID, *, reason: str, recorded_by: str
) -> None:
    """Withdraw an entry of the table `entry_kind`; it stays in the history with the reason."""
    check_author(recorded_by)
    with warehouse.writing(recorded_by.strip(), f"撤销{ENTRIES[entry_kind]}") as writer:
        before = withdraw_entry(writer, entry_kind, Replaced(entry_id, reason))
        writer.record(
            f"撤销{ENTRIES[entry_kind]}",
            entry_kind,
            entry_id,
            before=before,
            after={"reason": reason.strip()},
        )


def close_month(
    warehouse: Warehouse,
    ledger_id: UUID,
    month: date,
    *,
    closed: bool,
    recorded_by: str,
    reason: str = "",
) -> None:
    """Close a report month (锁定), or open it again, which needs a reason.

    `month` is any of its days. What is entered for a closed month is kept and marked as late.
    """
    check_author(recorded_by)
    if not closed and not reason.strip():
        raise WarehouseError("解锁须写明理由。")
    row = {
        "lock_id": uuid4(),
        "ledger_id": ledger_id,
        "month": month.replace(day=1),
        "outcome": "closed" if closed else "reopened",
        "reason": reason.strip(),
    }
    action = "锁定报送月" if closed else "解锁报送月"
    with warehouse.writing(recorded_by.strip(), action) as writer:
        check_changes(
            writer,
            "newest_lock",
            row,
            "这个报送月已经锁定，请刷新页面。",
            "这个报送月没有锁定，请刷新页面。",
        )
        writer.append_signed("month_lock", [row])
        writer.record(action, "ledger", ledger_id, after=row)


def excuse_window(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    period: str,
    window_start: date,
    excused: bool,
    reason: str,
    recorded_by: str,
) -> None:
    """Ask nothing of a recurring duty in one window (免除), or withdraw that; both need a reason."""
    check_author(recorded_by)
    if not reason.strip():
        raise WarehouseError("免除一期频次或撤销免除须写明理由。")
    row = {
        "excuse_id": uuid4(),
        "task_id": task_id,
        "period": period,
        "window_start": window_start,
        "outcome": "excused" if excused else "withdrawn",
        "reason": reason.strip(),
    }
    action = "免除一期频次" if excused else "撤销免除"
    with warehouse.writing(recorded_by.strip(), action) as writer:
        check_changes(
            writer,
            "newest_excuse",
            row,
            "这一期已经免除，请刷新页面。",
            "这一期没有免除，请刷新页面。",
        )
        writer.append_signed("excused_window", [row])
        writer.record(action, "task", task_id, after=row)
