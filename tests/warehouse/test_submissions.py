"""What one unit hands in as one action: what it refuses, and what it leaves behind."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest

from tests.warehouse.test_store import counts
from tests.warehouse.world import Task, Unit, World, store
from warehouse import Warehouse, WarehouseError
from warehouse.entries import records
from warehouse.entries.submissions import (
    Evidence,
    Occurrence,
    Report,
    Submission,
    outweighed,
    recorded_of_unit,
    store_submission,
    tasks_of_unit,
    units_of_ledger,
)

JUNE = date(2020, 6, 1)
DAY = date(2020, 6, 20)


@dataclass(frozen=True)
class Desk:
    """A warehouse with two tasks of one unit, and the file it hands in for June."""

    warehouse: Warehouse
    world: World
    unit: Unit
    first: Task
    second: Task
    submission: Submission

    def hand_in(self, *entries: Report | Occurrence | Evidence, **given: object) -> int:
        """Store these entries as one file."""
        kinds = (Report, Occurrence, Evidence)
        sorted_out = ([e for e in entries if isinstance(e, kind)] for kind in kinds)
        return store_submission(self.warehouse, self.submission, *sorted_out, **given)


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    world = World()
    ledger, unit = world.ledger(), world.unit("厅法规处")
    first, second = (world.task(ledger, date(2020, 12, 31), units=[unit]) for _ in range(2))
    world.cadence(second, "month")
    store(warehouse, world)
    submission = Submission(
        ledger.ledger_id, unit.unit_id, JUNE, "六月.xlsx", "abc", "王五", "张三"
    )
    return Desk(warehouse, world, unit, first, second, submission)


def report(desk: Desk, **said: object) -> Report:
    return Report(desk.first.task_id, **({"state": "in_progress", "effective_on": DAY} | said))


REFUSED = [
    ({"state": "finished"}, "请选择填报状态"),
    ({"percent": 101.0}, "进度应在 0 到 100 之间，填的是 101"),
    ({"state": "done", "percent": 90.0}, "已完成时进度应为 100"),
    ({"effective_on": date(2020, 5, 31)}, "日期 2020-05-31 不在报送月 2020 年 6 月内"),
    ({"effective_on": date(2020, 7, 1)}, "日期 2020-07-01 不在报送月 2020 年 6 月内"),
]


@pytest.mark.parametrize(("said", "sentence"), REFUSED)
def test_one_wrong_report_and_nothing_is_stored(desk: Desk, said: dict, sentence: str):
    before, version = counts(desk.warehouse), desk.warehouse.data_version
    good = Report(desk.second.task_id, "done", DAY)
    with pytest.raises(WarehouseError, match=sentence):
        desk.hand_in(good, report(desk, **said))
    assert (counts(desk.warehouse), desk.warehouse.data_version) == (before, version)


def test_other_wrong_entries_are_refused(desk: Desk):
    before = counts(desk.warehouse)
    for wrong, sentence in (
        (Occurrence(desk.second.task_id, DAY, 0), "完成次数应不少于 1"),
        (Occurrence(desk.second.task_id, date(2020, 7, 1), 1), "不在报送月"),
        (Evidence(desk.first.task_id, " "), "请填写佐证材料的名称"),
    ):
        with pytest.raises(WarehouseError, match=sentence):
            desk.hand_in(report(desk), wrong)
    nameless = replace(desk.submission, recorded_by=" ")
    with pytest.raises(WarehouseError, match="请填写操作人"):
        store_submission(desk.warehouse, nameless, [report(desk)])
    assert counts(desk.warehouse) == before


def test_an_error_in_the_middle_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    before, version = counts(desk.warehouse), desk.warehouse.data_version

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("warehouse.store.Writer.record_each", broken)
    with pytest.raises(OSError, match="disk full"):
        desk.hand_in(report(desk), Evidence(desk.first.task_id, "通知"))
    assert (counts(desk.warehouse), desk.warehouse.data_version) == (before, version)


def test_one_file_is_one_version_and_each_entry_has_its_place_in_the_trail(desk: Desk):
    version = desk.warehouse.data_version
    stored = desk.hand_in(
        report(desk, percent=60.0, narrative="已起草", problem="缺人", next_step="会签"),
        Occurrence(desk.second.task_id, DAY, 2),
        Evidence(desk.second.task_id, "通知", "1号", "http://a", DAY),
    )
    assert stored == 2
    assert desk.warehouse.data_version == version + 1
    with desk.warehouse.cursor() as cursor:
        (row,) = cursor.execute(
            "select unit_id, state, percent, narrative, problem, next_step, effective_on,"
            " recorded_by from report"
        ).fetchall()
        trail = cursor.execute(
            "select action, subject_kind, recorded_by, data_version, after from change"
            " where data_version > $v order by action",
            {"v": version},
        ).fetchall()
        month, rows, who = cursor.execute(
            "select month, rows_stored, recorded_by from submission"
        ).fetchone()
    assert row == (
        *(desk.unit.unit_id, "in_progress", 60, "已起草", "缺人", "会签", DAY),
        "张三",
    )
    assert (month, rows, who) == (JUNE, 2, "王五")
    assert [(action, kind) for action, kind, *_ in trail] == [
        ("填报进展", "report"),
        ("收回填报表", "submission"),
        ("登记佐证材料", "evidence"),
        ("记录频次完成", "occurrence"),
    ]
    assert {(who, at) for _, _, who, at, _ in trail} == {("王五", version + 1)}
    said = json.loads(trail[1][4])
    assert {"report": 1, "evidence": 1, "occurrence": 1, "填报人": "张三"}.items() <= said.items()
    assert json.loads(trail[0][4])["percent"] == 60


def test_the_trail_of_a_report_has_what_stood_before(desk: Desk):
    desk.hand_in(report(desk, percent=40.0, narrative="已起草", problem="缺人"))
    desk.hand_in(report(desk, percent=60.0, narrative="已会签"))
    with desk.warehouse.cursor() as cursor:
        trail = cursor.execute(
            "select before from change where subject_kind = 'report' order by data_version"
        ).fetchall()
    first, second = (text and json.loads(text) for (text,) in trail)
    assert first is None
    # What the new entry leaves open goes on, and is no change.
    assert (second["percent"], second["narrative"]) == (40, "已起草")
    assert "problem" not in second


def test_what_was_filled_in_on_screen_is_no_returned_file(desk: Desk):
    on_screen = replace(desk.submission, file_name="", sha256="", filled_by="")
    store_submission(desk.warehouse, on_screen, [report(desk)])
    with desk.warehouse.cursor() as cursor:
        actions = cursor.execute("select action from change where subject_kind = 'submission'")
        assert actions.fetchall() == [("保存月度填报",)]


def test_without_a_name_on_the_file_whoever_took_it_in_signs(desk: Desk):
    store_submission(desk.warehouse, replace(desk.submission, filled_by=" "), [report(desk)])
    with desk.warehouse.cursor() as cursor:
        assert cursor.execute("select recorded_by from report").fetchone() == ("王五",)


SAME = [
    ({}, {}, True),
    ({"percent": 60.0}, {"percent": 60.0}, True),
    ({"percent": 60.0}, {"percent": 61.0}, False),
    ({"narrative": "甲  乙"}, {"narrative": "甲 乙\n"}, True),
    ({"narrative": "甲"}, {"narrative": "乙"}, False),
    ({"problem": "甲"}, {}, False),
    ({"next_step": "甲"}, {}, False),
    ({"state": "done"}, {"state": "done", "percent": 100.0}, True),
    ({"state": "not_started"}, {"state": "not_started", "percent": 0.0}, True),
    ({"state": "done"}, {"state": "in_progress"}, False),
    ({}, {"effective_on": date(2020, 6, 21)}, False),
    ({}, {"effective_on": date(2020, 6, 21), "day_is_stated": False}, True),
    ({}, {"effective_on": date(2020, 6, 19), "day_is_stated": False}, True),
]


@pytest.mark.parametrize(("before", "after", "same"), SAME)
def test_what_stands_is_not_stored_again(desk: Desk, before: dict, after: dict, same: bool):
    assert desk.hand_in(report(desk, **before)) == 1
    stands, version = counts(desk.warehouse), desk.warehouse.data_version
    assert desk.hand_in(report(desk, **after)) == (0 if same else 1)
    unchanged = (stands, version) == (counts(desk.warehouse), desk.warehouse.data_version)
    assert unchanged == same


def test_only_the_months_own_newest_word_counts(desk: Desk):
    for day in (date(2020, 5, 20), date(2020, 7, 2)):
        records.add_report(
            desk.warehouse,
            desk.first.task_id,
            state="in_progress",
            effective_on=day,
            recorded_by="张三",
            unit_id=desk.unit.unit_id,
        )
    assert desk.hand_in(report(desk)) == 1
    assert desk.hand_in(report(desk, percent=30.0)) == 1
    assert desk.hand_in(report(desk)) == 1


def test_what_was_withdrawn_is_stored_again(desk: Desk):
    desk.hand_in(report(desk))
    with desk.warehouse.cursor() as cursor:
        (report_id,) = cursor.execute("select report_id from report").fetchone()
    records.withdraw(desk.warehouse, "report", report_id, reason="填错", recorded_by="张三")
    assert desk.hand_in(report(desk)) == 1


def test_a_report_of_the_task_as_a_whole_is_another(desk: Desk):
    records.add_report(
        desk.warehouse,
        desk.first.task_id,
        state="in_progress",
        effective_on=DAY,
        recorded_by="张三",
    )
    assert desk.hand_in(report(desk)) == 1


def recorded(desk: Desk) -> dict:
    with desk.warehouse.cursor() as cursor:
        return recorded_of_unit(cursor, desk.unit.unit_id, JUNE)


def test_what_is_recorded_of_a_unit(desk: Desk):
    add = {"recorded_by": "张三", "unit_id": desk.unit.unit_id}
    for day in (date(2020, 4, 30), date(2020, 5, 31), JUNE, DAY, date(2020, 7, 1)):
        records.add_report(
            desk.warehouse,
            desk.first.task_id,
            state="in_progress",
            percent=day.day,
            effective_on=day,
            **add,
        )
    found = recorded(desk)[desk.first.task_id]
    assert found.before.effective_on == date(2020, 5, 31)
    assert [r.effective_on for r in found.of_month] == [JUNE, DAY]
    assert found.newest.percent == 20
    assert desk.second.task_id not in recorded(desk)


@pytest.mark.parametrize("of_unit", [True, False])
def test_a_completion_returned_since_is_known_as_such(desk: Desk, of_unit: bool):
    add = {"recorded_by": "张三", "effective_on": DAY}
    records.add_report(
        desk.warehouse, desk.first.task_id, state="done", unit_id=desk.unit.unit_id, **add
    )
    assert not recorded(desk)[desk.first.task_id].is_returned
    unit_id = desk.unit.unit_id if of_unit else None
    records.verify(
        desk.warehouse, desk.first.task_id, accepted=False, reason="缺", unit_id=unit_id, **add
    )
    assert recorded(desk)[desk.first.task_id].is_returned
    records.add_report(
        desk.warehouse, desk.first.task_id, state="done", unit_id=desk.unit.unit_id, **add
    )
    assert not recorded(desk)[desk.first.task_id].is_returned


def test_occurrences_come_up_to_what_is_stated(desk: Desk):
    task_id = desk.second.task_id
    assert desk.hand_in(Occurrence(task_id, DAY, 2)) == 1
    assert desk.hand_in(Occurrence(task_id, DAY, 2)) == 0
    assert desk.hand_in(Occurrence(task_id, DAY, 3)) == 1
    assert recorded(desk)[task_id].times_by_day() == {DAY: 3}
    assert desk.hand_in(Occurrence(task_id, DAY, 1)) == 0
    assert desk.hand_in(Occurrence(task_id, JUNE, 1), corrected=[task_id]) == 1
    assert recorded(desk)[task_id].times_by_day() == {JUNE: 1}
    assert desk.hand_in(corrected=[task_id]) == 1
    assert task_id not in recorded(desk)
    assert counts(desk.warehouse)["occurrence"] == 3
    with desk.warehouse.cursor() as cursor:
        reasons = cursor.execute("select distinct reason from withdrawal").fetchall()
    assert reasons == [("改报（六月.xlsx）",)]


def test_a_units_tasks_are_its_own_and_its_collectives(warehouse: Warehouse):
    world = World()
    ledger = world.ledger()
    city, other = world.unit("银川市交通运输局"), world.unit("中卫市交通运输局")
    cities = world.unit("五市交通运输局", members=[city, other])
    alone = world.unit("有关单位")
    own = world.task(ledger, units=[(city, "support")])
    shared = world.task(ledger, units=[cities, alone])
    world.task(ledger, units=[city], kind="bonus")
    world.cadence(shared, "week")
    store(warehouse, world)

    def numbers(unit: Unit) -> list[tuple[int, tuple[str, ...]]]:
        found = tasks_of_unit(warehouse, ledger.ledger_id, unit.unit_id, DAY)
        return [(task.number, task.periods) for task in found]

    assert numbers(city) == [(own.number, ()), (shared.number, ("week",))]
    assert numbers(other) == [(shared.number, ("week",))]
    assert numbers(alone) == [(shared.number, ("week",))]
    # Its members report in its stead.
    assert numbers(cities) == []
    assert set(units_of_ledger(warehouse, ledger.ledger_id, DAY)) == {
        *("银川市交通运输局", "中卫市交通运输局", "有关单位"),
    }
    assert numbers(Unit(UUID(int=99), "宁夏", "别处")) == []


def test_a_report_behind_a_later_one_changes_nothing(desk: Desk):
    """The later one is the unit's own, or about the whole task; another unit's does not matter."""
    other = desk.world.unit("厅人事处")
    store(desk.warehouse, desk.world)
    first, second = (Report(task.task_id, "done", DAY) for task in (desk.first, desk.second))
    for task, unit_id, day in (
        (desk.first, desk.unit.unit_id, DAY),
        (desk.second, other.unit_id, date(2020, 7, 20)),
    ):
        records.add_report(
            desk.warehouse, task.task_id, state="in_progress", effective_on=day,
            unit_id=unit_id, recorded_by="李四",
        )  # fmt: skip
    desk.hand_in(first, second)
    assert outweighed(desk.warehouse, desk.unit.unit_id, [first, second]) == set()
    for task, unit_id in ((desk.first, desk.unit.unit_id), (desk.second, None)):
        records.add_report(
            desk.warehouse, task.task_id, state="in_progress", effective_on=date(2020, 7, 1),
            unit_id=unit_id, recorded_by="李四",
        )  # fmt: skip
        assert task.task_id in outweighed(desk.warehouse, desk.unit.unit_id, [first, second])
