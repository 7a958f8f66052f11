"""What may not be recorded: every refusal is a sentence for the user, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.warehouse.test_store import counts
from tests.warehouse.world import Extension, Task, World, read, store
from warehouse import Warehouse, WarehouseError
from warehouse.entries import marks, recording, records

DAY = date(2020, 6, 1)
DUE = date(2020, 6, 30)


@dataclass(frozen=True)
class Desk:
    """A warehouse with a dated task, one without a due day, and a pending extension."""

    warehouse: Warehouse
    dated: Task
    free: Task
    """As `dated`, and nobody has asked for more time."""
    ongoing: Task
    asked: Extension


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    world = World()
    ledger = world.ledger()
    dated, free, ongoing = world.task(ledger, DUE), world.task(ledger, DUE), world.task(ledger)
    asked = world.extension(dated, date(2020, 9, 30))
    store(warehouse, world)
    return Desk(warehouse, dated, free, ongoing, asked)


Action = Callable[..., Any]


def of_task(action: Action, **values: Any) -> Callable[[Desk], Any]:
    given = {"recorded_by": "张三", "effective_on": DAY} | values
    return lambda desk: action(desk.warehouse, desk.dated.task_id, **given)


def extension(task: str = "dated", **values: Any) -> Callable[[Desk], Any]:
    given = {
        "requested_on": DAY,
        "new_due_on": date(2020, 7, 31),
        "reason": "资金未到位",
        "recorded_by": "张三",
    } | values
    return lambda desk: records.request_extension(
        desk.warehouse, getattr(desk, task).task_id, **given
    )


def late(**values: Any) -> Callable[[Desk], Any]:
    given = {
        "agreed_on": date(2020, 7, 10),
        "new_due_on": date(2020, 7, 31),
        "reason": "资金未到位",
        "agreed_by": "王厅长",
        "recorded_by": "张三",
    } | values
    return lambda desk: records.extend_late(desk.warehouse, desk.free.task_id, **given)


REFUSED = [
    (of_task(records.add_report, state="finished"), "请选择填报状态"),
    (
        of_task(records.add_report, state="in_progress", percent=-1),
        "进度应在 0 到 100 之间，填的是 -1",
    ),
    (of_task(records.add_report, state="in_progress", percent=100.5), "填的是 100.5"),
    (of_task(records.add_report, state="done", percent=90), "已完成时进度应为 100，填的是 90"),
    (of_task(records.add_report, state="done", recorded_by="  "), "请填写填报人"),
    (
        of_task(records.add_report, state="done", replaces=records.Replaced(UUID(int=99), "填错")),
        "要更正的记录已被撤销或更正",
    ),
    (
        lambda desk: records.add_occurrence(
            desk.warehouse, desk.dated.task_id, occurred_on=DAY, times=0, recorded_by="张三"
        ),
        "完成次数应不少于 1",
    ),
    (of_task(records.add_evidence, title=" "), "请填写佐证材料的名称"),
    (of_task(records.verify, accepted=False), "退办须写明理由"),
    (
        lambda desk: records.request_extension(
            desk.warehouse,
            desk.ongoing.task_id,
            requested_on=DAY,
            new_due_on=DUE,
            reason="资金未到位",
            recorded_by="张三",
        ),
        "没有完成期限",
    ),
    (extension(requested_on=DUE), "延期须在期限（2020-06-30）之前提出，申请日为 2020-06-30"),
    (extension(new_due_on=DUE), "新的期限应晚于现有期限（2020-06-30）"),
    (extension(reason=" "), "申请延期须写明理由"),
    (late(agreed_by=" "), "补批须写明由谁同意"),
    (late(agreed_on=DAY), "期限（2020-06-30）还没有到，请按期申请延期"),
    (late(new_due_on=DUE), "新的期限应晚于现有期限（2020-06-30）"),
    (late(reason=" "), "申请延期须写明理由"),
    (
        lambda desk: records.decide_extension(
            desk.warehouse,
            desk.asked.extension_id,
            approved=False,
            effective_on=DAY,
            recorded_by="张三",
        ),
        "不同意延期须写明理由",
    ),
    (of_task(marks.add_claim, state="wished"), "请选择加分状态"),
    (of_task(marks.add_claim, state="claimed", points=-1), "分值应不小于 0，填的是 -1"),
    (of_task(marks.add_incident, points=-0.5), "分值应不小于 0，填的是 -0.5"),
]


@pytest.mark.parametrize(("action", "sentence"), REFUSED, ids=[said for _, said in REFUSED])
def test_a_refusal_says_why_and_changes_nothing(
    desk: Desk, action: Callable[[Desk], Any], sentence: str
):
    before, version = counts(desk.warehouse), desk.warehouse.data_version
    with pytest.raises(WarehouseError) as refused:
        action(desk)
    said = str(refused.value)
    assert sentence in said
    assert said.endswith("。")
    assert said.count("。") == 1
    assert counts(desk.warehouse) == before
    assert desk.warehouse.data_version == version


ACCEPTED = [
    (of_task(records.add_report, state="done"), "report"),
    (of_task(records.add_report, state="in_progress", percent=0), "report"),
    (of_task(records.verify, accepted=True), "verification"),
    (of_task(records.verify, accepted=False, reason="材料不全"), "verification"),
    (extension("free", requested_on=date(2020, 6, 29)), "extension"),
    (of_task(records.add_evidence, title="通知"), "evidence"),
    (of_task(marks.add_claim, state="claimed", points=0), "claim"),
    (of_task(marks.add_incident), "incident"),
]


@pytest.mark.parametrize(("action", "table"), ACCEPTED)
def test_what_is_accepted_is_one_row_and_one_change(
    desk: Desk, action: Callable[[Desk], Any], table: str
):
    before = counts(desk.warehouse)
    action(desk)
    after = counts(desk.warehouse)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        table: 1,
        "change": 1,
    }


def test_a_second_extension_is_measured_by_the_due_day_the_first_one_set(desk: Desk):
    records.decide_extension(
        desk.warehouse,
        desk.asked.extension_id,
        approved=True,
        effective_on=date(2020, 6, 20),
        recorded_by="张三",
    )
    extension(requested_on=date(2020, 7, 15), new_due_on=date(2020, 10, 31))(desk)
    with pytest.raises(WarehouseError, match="新的期限应晚于现有期限（2020-09-30）"):
        extension(requested_on=date(2020, 7, 15), new_due_on=date(2020, 8, 31))(desk)


def test_many_rows_are_one_action(desk: Desk):
    rows = [
        {
            "task_id": desk.dated.task_id,
            "unit_id": None,
            "state": "in_progress",
            "percent": percent,
            "narrative": "",
            "effective_on": DAY,
        }
        for percent in (10, 20)
    ]
    version = desk.warehouse.data_version
    recording.record_many(desk.warehouse, {"report": rows}, action="导入填报", recorded_by="张三")
    assert desk.warehouse.data_version == version + 1
    assert sorted(report.percent for report in read(desk.warehouse).reports) == [10, 20]


def test_many_rows_with_one_wrong_are_none(desk: Desk):
    good = {
        "task_id": desk.dated.task_id,
        "unit_id": None,
        "state": "in_progress",
        "percent": 10,
        "narrative": "",
        "effective_on": DAY,
    }
    before = counts(desk.warehouse)
    with pytest.raises(Exception, match="NOT NULL"):
        recording.record_many(
            desk.warehouse,
            {"report": [good, good | {"state": None}]},
            action="导入填报",
            recorded_by="张三",
        )
    assert counts(desk.warehouse) == before


def test_the_trail_of_a_report_has_what_stood_before(desk: Desk):
    def report(**said: Any) -> None:
        records.add_report(
            desk.warehouse, desk.dated.task_id, effective_on=DAY, recorded_by="张三", **said
        )

    report(state="in_progress", percent=40, narrative="已起草。")
    report(state="done")
    with desk.warehouse.cursor() as cursor:
        trail = cursor.execute(
            "select before from change where subject_kind = 'report' order by data_version"
        ).fetchall()
    first, second = (text and json.loads(text) for (text,) in trail)
    assert first is None
    assert second["state"] == "in_progress"
    assert not {"percent", "narrative"} & set(second)


def test_a_plan_is_entered_corrected_and_taken_back(warehouse: Warehouse):
    world = World()
    task = world.task(world.ledger(), date(2020, 12, 31))
    store(warehouse, world)
    day = date(2020, 6, 30)

    def expected() -> float:
        with warehouse.cursor() as cursor:
            ((percent,),) = cursor.execute(
                "select expected_percent from task_state($day, timestamp 'infinity', false)",
                {"day": day},
            ).fetchall()
        return round(percent, 1)

    by_time = expected()
    wrong = records.add_plan(
        warehouse, task.task_id, planned_on=day, percent=90, recorded_by="王芳"
    )
    assert expected() == 90
    right = records.add_plan(
        warehouse,
        task.task_id,
        planned_on=day,
        percent=40,
        recorded_by="王芳",
        replaces=records.Replaced(wrong, "填错"),
    )
    assert expected() == 40
    records.withdraw(warehouse, "plan", right, reason="不再使用", recorded_by="王芳")
    assert expected() == by_time
    with pytest.raises(WarehouseError, match="计划进度应在 0 到 100 之间"):
        records.add_plan(warehouse, task.task_id, planned_on=day, percent=101, recorded_by="王芳")


def test_two_units_of_one_day_are_one_occasion_unless_marked(warehouse: Warehouse):
    world = World()
    units = [world.unit("厅法规处"), world.unit("厅人事处")]
    task = world.task(world.ledger(), date(2020, 12, 31), units=units)
    world.cadence(task, "quarter", 3)
    store(warehouse, world)
    day = date(2020, 2, 10)
    done = {"occurred_on": day, "recorded_by": "王芳"}
    records.add_occurrence(warehouse, task.task_id, unit_id=units[0].unit_id, **done)
    records.add_occurrence(warehouse, task.task_id, unit_id=units[1].unit_id, **done)
    records.add_occurrence(
        warehouse, task.task_id, unit_id=units[1].unit_id, another_occasion=True, **done
    )
    with warehouse.cursor() as cursor:
        found = cursor.execute(
            "select times from cadence_windows($day, timestamp 'infinity', false)", {"day": day}
        ).fetchall()
    assert found == [(2,)]


def test_an_extension_agreed_after_the_due_day_counts_from_that_day(desk: Desk):
    late()(desk)
    warehouse, task_id = desk.warehouse, desk.free.task_id

    def due(as_of: date) -> tuple:
        with warehouse.cursor() as cursor:
            return cursor.execute(
                "select due_on, effective_due_on, overdue"
                " from task_state($as_of, 'infinity'::timestamp, false) where task_id = $task_id",
                {"as_of": as_of, "task_id": task_id},
            ).fetchall()[0]

    extended = date(2020, 7, 31)
    assert due(date(2020, 7, 9)) == (DUE, DUE, True)
    assert due(date(2020, 7, 10)) == (DUE, extended, False)
    assert due(date(2020, 8, 1)) == (DUE, extended, True)
    with warehouse.cursor() as cursor:
        stored = cursor.execute(
            "select is_late, agreed_by, reason from extension where task_id = $task_id and is_late",
            {"task_id": task_id},
        ).fetchall()
    assert stored == [(True, "王厅长", "资金未到位")]
