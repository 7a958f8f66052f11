"""Many decisions at once: all or none, on what was seen, each with its line in the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.warehouse.test_store import counts
from tests.warehouse.world import Extension, Task, Unit, World, read, store
from warehouse import Warehouse, WarehouseError
from warehouse.entries import records, verdicts

DAY = date(2020, 6, 1)


@dataclass(frozen=True)
class Desk:
    """Two tasks, one of them a unit's part, and two requests for extension."""

    warehouse: Warehouse
    tasks: list[Task]
    unit: Unit
    requests: list[Extension]

    @property
    def claims(self) -> list[verdicts.Completion]:
        first, second = self.tasks
        return [(first.task_id, None), (second.task_id, self.unit.unit_id)]

    def verify(self, **values: Any) -> None:
        given = {"accepted": True, "effective_on": DAY, "recorded_by": " 李强 "}
        given |= {"claims": self.claims, "seen_version": self.warehouse.data_version}
        verdicts.verify_many(self.warehouse, **(given | values))

    def decide(self, **values: Any) -> None:
        given = {"approved": True, "effective_on": DAY, "recorded_by": "李强"}
        given |= {
            "extension_ids": [each.extension_id for each in self.requests],
            "seen_version": self.warehouse.data_version,
        }
        verdicts.decide_many(self.warehouse, **(given | values))


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    world = World()
    ledger, unit = world.ledger(), world.unit("厅法规处")
    tasks = [world.task(ledger, date(2020, 6, 30), units=[unit]) for _ in range(2)]
    requests = [world.extension(task, date(2020, 9, 30)) for task in tasks]
    store(warehouse, world)
    return Desk(warehouse, tasks, unit, requests)


def trail(desk: Desk) -> list[tuple]:
    with desk.warehouse.cursor() as cursor:
        return cursor.execute(
            "select data_version, action, subject_kind, recorded_by, after->>'outcome' from change"
            " where subject_kind <> 'world'"
        ).fetchall()


def test_many_verdicts_are_one_write_with_a_line_each(desk: Desk):
    version = desk.warehouse.data_version
    desk.verify(accepted=False, reason=" 缺附件。 ")
    assert desk.warehouse.data_version == version + 1
    stored = [(v.task_id, v.unit_id, v.outcome) for v in read(desk.warehouse).verifications]
    assert sorted(stored) == sorted((*claim, "returned") for claim in desk.claims)
    assert trail(desk) == [(version + 1, "退办", "verification", "李强", "returned")] * 2


def test_many_decisions_are_one_write_with_a_line_each(desk: Desk):
    version = desk.warehouse.data_version
    desk.decide()
    decided = {(d.extension_id, d.outcome) for d in read(desk.warehouse).decisions}
    assert decided == {(request.extension_id, "approved") for request in desk.requests}
    assert trail(desk) == [(version + 1, "同意延期", "extension_decision", "李强", "approved")] * 2


REFUSED: list[tuple[Callable[[Desk], None], str]] = [
    (lambda desk: desk.verify(accepted=False, reason=" "), "退办须写明理由。"),
    (lambda desk: desk.verify(recorded_by="  "), "请填写核验人。"),
    (lambda desk: desk.verify(effective_on=None), "请填写日期。"),
    (lambda desk: desk.verify(claims=[]), "请先勾选要办理的事项。"),
    (
        lambda desk: desk.verify(seen_version=desk.warehouse.data_version - 1),
        "就在提交的同时有人存入了别的记录，没有存入，请核对后再提交一次。",
    ),
    (lambda desk: desk.decide(approved=False), "不同意延期须写明理由。"),
    (lambda desk: desk.decide(recorded_by=""), "请填写审批人。"),
    (lambda desk: desk.decide(effective_on=None), "请填写日期。"),
    (lambda desk: desk.decide(extension_ids=[]), "请先勾选要办理的事项。"),
    (
        lambda desk: desk.decide(seen_version=desk.warehouse.data_version - 1),
        "就在提交的同时有人存入了别的记录，没有存入，请核对后再提交一次。",
    ),
]


@pytest.mark.parametrize(("action", "sentence"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_refusal_is_one_sentence_and_stores_nothing(
    desk: Desk, action: Callable[[Desk], None], sentence: str
):
    before, version = counts(desk.warehouse), desk.warehouse.data_version
    with pytest.raises(WarehouseError) as refused:
        action(desk)
    assert str(refused.value) == sentence
    assert counts(desk.warehouse) == before
    assert desk.warehouse.data_version == version


def test_one_that_cannot_be_stored_leaves_none(desk: Desk):
    before = counts(desk.warehouse)
    with pytest.raises(Exception, match="NOT NULL"):
        desk.verify(claims=[*desk.claims, (None, None)])
    assert counts(desk.warehouse) == before


def test_a_decision_is_replaced_with_a_reason(desk: Desk):
    request = desk.requests[0].extension_id
    say = {"effective_on": DAY, "recorded_by": "李强"}
    wrong = records.decide_extension(desk.warehouse, request, approved=True, **say)
    records.decide_extension(
        desk.warehouse,
        request,
        approved=False,
        reason="不符合条件。",
        replaces=records.Replaced(wrong, "批错了。"),
        **say,
    )
    world = read(desk.warehouse)
    assert [d.outcome for d in sorted(world.decisions, key=lambda d: d.recorded_at)] == [
        *("approved", "refused")
    ]
    assert [w.entry_id for w in world.withdrawals] == [wrong]
    with pytest.raises(WarehouseError, match="已被撤销或更正"):
        records.decide_extension(
            desk.warehouse,
            request,
            approved=True,
            replaces=records.Replaced(wrong, "再改。"),
            **say,
        )
