"""What counts towards a score besides progress: bonus claims, penalty incidents, marks given by hand,
places in a ranking, review marks, and estimates of effort.

Owns the checks on them. What they are worth is the 评分方案's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from warehouse.entries.recording import Replaced, check_author, check_in_period, record_entry
from warehouse.ledger.schemes import MOST_POINTS
from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer

CLAIM_STATES = ("claimed", "recognised")
MOST_EFFORT = Decimal("9999.9")
LAST_PLACE = 9999


def add_claim(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    state: str,
    effective_on: date,
    recorded_by: str,
    points: float | None = None,
    narrative: str = "",
    unit_id: UUID | None = None,
    answers_id: UUID | None = None,
    replaces: Replaced | None = None,
) -> UUID:
    """Record that a bonus item was claimed (claimed) or recognised (recognised).

    `answers_id` is the claim that a recognition answers; it then counts in that claim's place.
    """
    if state not in CLAIM_STATES:
        raise WarehouseError("请选择加分状态：已申报或已认定。")
    _check_points(points)
    if state != "recognised":
        answers_id = None

    def check(writer: Writer) -> None:
        given = {
            "claim_id": answers_id,
            "task_id": task_id,
            "replaced_id": replaces.entry_id if replaces else None,
        }
        waits = writer.cursor.execute(statement("waiting_claim"), given).fetchall()
        if answers_id is not None and not waits:
            raise WarehouseError("所选的申报已经认定或撤销，请刷新页面后重试。")

    return record_entry(
        warehouse,
        "claim",
        "加分申报" if state == "claimed" else "加分认定",
        recorded_by,
        {
            "task_id": task_id,
            "unit_id": unit_id,
            "state": state,
            "points": points,
            "narrative": narrative,
            "effective_on": effective_on,
            "answers_id": answers_id,
        },
        replaces,
        check,
    )


def add_incident(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    effective_on: date,
    recorded_by: str,
    points: float | None = None,
    narrative: str = "",
    unit_id: UUID | None = None,
    replaces: Replaced | None = None,
) -> UUID:
    """Record that something points are lost for happened on a day within the ledger's period;
    `points` is what it costs, as a positive number, and none leaves that to the 评分方案."""
    _check_points(points)

    def check(writer: Writer) -> None:
        check_in_period(writer, task_id, "扣分事件应发生", [effective_on])

    return record_entry(
        warehouse,
        "incident",
        "扣分事件",
        recorded_by,
        {
            "task_id": task_id,
            "unit_id": unit_id,
            "points": points,
            "narrative": narrative,
            "effective_on": effective_on,
        },
        replaces,
        check,
    )


def add_mark(
    warehouse: Warehouse,
    task_id: UUID,
    *,
    kind: str,
    value: Decimal,
    effective_on: date,
    recorded_by: str,
    reason: str = "",
    replaces: Replaced | None = None,
) -> UUID:
    """Record a mark: manual 人工评分 with its reason, review 复核得分, or rank 名次 (a place, from 1).

    A manual or review mark is out of the full marks of the newest scheme, and must not exceed them.
    """
    check_author(recorded_by)
    row = {
        "task_id": task_id,
        "kind": kind,
        "value": value,
        "of_points": None,
        "reason": reason.strip(),
        "effective_on": effective_on,
    }

    def check(writer: Writer) -> None:
        row["of_points"] = full_marks_of(writer, row)

    action = {"manual": "人工评分", "review": "复核评分", "rank": "登记名次"}[kind]
    return record_entry(warehouse, "mark", action, recorded_by, row, replaces, check)


def full_marks_of(writer: Writer, mark: Mapping[str, Any]) -> Decimal | None:
    """The full marks that a mark (its kind, value and reason) is out of; none of a place in a ranking.

    Raises WarehouseError when there may be no such mark.
    """
    value = mark["value"]
    if not value.is_finite():
        raise WarehouseError(f"评分和名次应是数，填的是 {value}，请改正。")
    if mark["kind"] == "rank":
        if not 1 <= value <= LAST_PLACE or value != int(value):
            raise WarehouseError(
                f"名次应是从 1 起、不超过 {LAST_PLACE} 的整数，填的是 {value}，请改正。"
            )
        return None
    given = {"task_id": mark["task_id"]}
    found = writer.cursor.execute(statement("full_marks"), given).fetchall()
    full: Decimal | None = found[0][0] if found else None
    if full is None:
        raise WarehouseError("这项任务在评分方案中没有分值，不能评分，请先设分值。")
    if not 0 <= value <= full:
        raise WarehouseError(f"评分应在 0 到满分 {full} 之间，填的是 {value}，请改正。")
    if value != round(value, 2):
        raise WarehouseError(f"评分最多两位小数，填的是 {value}，请改正。")
    if mark["kind"] == "manual" and not mark["reason"]:
        raise WarehouseError("人工评分须写明理由。")
    return full


def store_reviews(
    warehouse: Warehouse,
    marks: Mapping[UUID, tuple[Decimal, str]],
    *,
    effective_on: date,
    recorded_by: str,
) -> int:
    """Store review marks (复核得分 with 复核意见) of many tasks in one transaction; returns how many.

    Raises WarehouseError for the first that may not be, and then stores none.
    """
    check_author(recorded_by)
    if effective_on is None:
        raise WarehouseError("请填写日期。")
    if not marks:
        return 0
    with warehouse.writing(recorded_by.strip(), "复核评分") as writer:
        stored: list[dict[str, Any]] = []
        for task_id, (value, opinion) in marks.items():
            row = {"task_id": task_id, "kind": "review", "value": value, "reason": opinion.strip()}
            full = full_marks_of(writer, row)
            known = {"of_points": full, "effective_on": effective_on, "supersedes_id": None}
            stored.append({"mark_id": uuid4(), **row, **known})
        writer.append_signed("mark", stored)
        writer.record_each([("复核评分", "mark", row["mark_id"], None, row) for row in stored])
    return len(stored)


def estimate_effort(
    warehouse: Warehouse, efforts: Mapping[UUID, Decimal], *, recorded_by: str
) -> None:
    """Say how much work one more step of each task takes, in any unit the office likes; the newest
    estimate of a task counts."""
    check_author(recorded_by)
    for effort in efforts.values():
        if not effort.is_finite() or not 0 < effort <= MOST_EFFORT or effort != round(effort, 1):
            raise WarehouseError(
                f"工作量应大于 0、不超过 {MOST_EFFORT}、最多一位小数，填的是 {effort}，请改正。"
            )
    if not efforts:
        return
    with warehouse.writing(recorded_by.strip(), "估计工作量") as writer:
        rows: list[dict[str, Any]] = [
            {"effort_id": uuid4(), "task_id": task_id, "effort": effort}
            for task_id, effort in efforts.items()
        ]
        writer.append_signed("effort", rows)
        writer.record_each(
            [
                ("估计工作量", "task", row["task_id"], None, {"effort": row["effort"]})
                for row in rows
            ]
        )


def _check_points(points: float | None) -> None:
    if points is None:
        return
    if points < 0:
        raise WarehouseError(f"分值应不小于 0，填的是 {points:g}，请改正。")
    # Also false of what is not a number.
    if not points <= float(MOST_POINTS):
        raise WarehouseError(f"分值应是不超过 {MOST_POINTS} 的数，填的是 {points:g}，请改正。")
