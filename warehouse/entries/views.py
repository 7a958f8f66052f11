"""Saved views: a name for what somebody narrowed down to, for everybody, or as a unit's beginning.

Owns the checks and the rows. What a view's content means is the page's business; here it is lists of
texts under keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from warehouse.statements import statement
from warehouse.store import Warehouse, WarehouseError
from warehouse.writing import Writer

LONGEST_NAME = 40


def save_view(
    warehouse: Warehouse,
    ledger_id: UUID,
    *,
    name: str,
    content: Mapping[str, Sequence[str]],
    sentence: str,
    recorded_by: str,
) -> UUID:
    """Keep a view of a ledger. Raises WarehouseError without a name or an author, with a name that is
    too long, and when a view of that name stands already."""
    name, recorded_by = name.strip(), recorded_by.strip()
    if not name:
        raise WarehouseError("请填写视图名称。")
    if len(name) > LONGEST_NAME:
        raise WarehouseError(f"视图名称超过 {LONGEST_NAME} 个字，请缩短。")
    _check_author(recorded_by)
    view_id = uuid4()
    with warehouse.writing(recorded_by, "保存视图") as writer:
        if any(held == name for _, held in _standing(writer, ledger_id)):
            raise WarehouseError(f"已有名为“{name}”的视图，请换一个名称，或先删除原来的。")
        row = {"ledger_id": ledger_id, "name": name, "sentence": sentence}
        kept = {key: list(values) for key, values in content.items()}
        writer.append_signed(
            "saved_view",
            [{"view_id": view_id, "content": json.dumps(kept, ensure_ascii=False), **row}],
        )
        writer.record("保存视图", "saved_view", view_id, after=row)
    return view_id


def remove_view(
    warehouse: Warehouse, ledger_id: UUID, view_id: UUID, *, reason: str, recorded_by: str
) -> None:
    """Withdraw a view with a reason; it is listed no more. Raises WarehouseError when it is gone."""
    reason, recorded_by = reason.strip(), recorded_by.strip()
    if not reason:
        raise WarehouseError("请填写删除的理由。")
    _check_author(recorded_by)
    with warehouse.writing(recorded_by, "删除视图") as writer:
        name = _name_of(writer, ledger_id, view_id)
        row = {
            "withdrawal_id": uuid4(),
            "entry_kind": "saved_view",
            "entry_id": view_id,
            "reason": reason,
        }
        writer.append_signed("withdrawal", [row])
        before = {"ledger_id": ledger_id, "name": name}
        writer.record("删除视图", "saved_view", view_id, before=before, after={"reason": reason})


def set_default_view(
    warehouse: Warehouse,
    ledger_id: UUID,
    unit: str,
    view_id: UUID | None,
    *,
    recorded_by: str,
) -> None:
    """Let a unit begin with a view, or (None) with everything. Raises WarehouseError for a unit the
    ledger's region does not have, and for a view that is gone."""
    recorded_by = recorded_by.strip()
    _check_author(recorded_by)
    with warehouse.writing(recorded_by, "设定默认视图") as writer:
        found = writer.cursor.execute(
            statement("unit_of_ledger"), {"ledger_id": ledger_id, "unit": unit}
        ).fetchall()
        if not found:
            raise WarehouseError(f"没有名为“{unit}”的单位，请重新选择。")
        ((unit_id,),) = found
        name = None if view_id is None else _name_of(writer, ledger_id, view_id)
        row = {"ledger_id": ledger_id, "unit_id": unit_id, "view_id": view_id}
        writer.append_signed("default_view", [{"default_id": uuid4(), **row}])
        told = {"ledger_id": ledger_id, "unit_id": unit_id, "name": name}
        writer.record("设定默认视图", "saved_view", view_id, after=told)


def _check_author(recorded_by: str) -> None:
    if not recorded_by:
        raise WarehouseError("请填写经办人。")


def _standing(writer: Writer, ledger_id: UUID) -> list[tuple[UUID, str]]:
    return writer.cursor.execute(statement("standing_views"), {"ledger_id": ledger_id}).fetchall()


def _name_of(writer: Writer, ledger_id: UUID, view_id: UUID) -> str:
    names = dict(_standing(writer, ledger_id))
    if view_id not in names:
        raise WarehouseError("这个视图已被删除，请刷新页面。")
    return names[view_id]
