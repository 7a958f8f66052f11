"""The quarterly meeting on record: what may be entered, what is refused, what stays after taking back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from metrics import Scope, ask
from tests.warehouse.test_store import counts
from tests.warehouse.world import Ledger, Task, Unit, World, store
from warehouse import Warehouse, WarehouseError
from warehouse.entries import meetings

MARCH, JUNE, SEPTEMBER = date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30)
HELD = date(2020, 7, 15)


class Office:
    """A ledger of one task, and the meetings about it."""

    def __init__(self, warehouse: Warehouse):
        world = World()
        self.warehouse = warehouse
        self.ledger: Ledger = world.ledger()
        self.unit: Unit = world.unit("厅法规处")
        self.task: Task = world.task(self.ledger, date(2020, 12, 31), units=[self.unit])
        store(warehouse, world)

    def hold(self, quarter: date = JUNE, held_on: date | None = HELD, by: str = "张三") -> UUID:
        return meetings.hold_meeting(
            self.warehouse,
            self.ledger.ledger_id,
            quarter_ended_on=quarter,
            held_on=held_on,
            recorded_by=by,
        )

    def decide(self, meeting_id: UUID, text: str = "加快归集信用信息。", **values) -> UUID:
        given = {"unit_id": self.unit.unit_id, "task_id": self.task.task_id, "recorded_by": "张三"}
        return meetings.decide(self.warehouse, meeting_id, text=text, **(given | values))

    def report(self, decision_id: UUID, state: str = "done", **values) -> UUID:
        given = {"effective_on": date(2020, 8, 1), "recorded_by": "李四"} | values
        return meetings.report_decision(self.warehouse, decision_id, state=state, **given)

    def withdraw(self, kind: str, entry_id: UUID, reason: str = "登记有误") -> None:
        meetings.withdraw(self.warehouse, kind, entry_id, reason=reason, recorded_by="王五")

    def decisions(self, as_of: date = SEPTEMBER, quarter: date = SEPTEMBER):
        scope = Scope(self.ledger.ledger_id, as_of)
        return ask(self.warehouse, "meeting_decisions", scope, quarter_ended_on=quarter)

    def trail(self) -> list[str]:
        with self.warehouse.cursor() as cursor:
            rows = cursor.execute(
                "select action from change where subject_kind in "
                "('meeting', 'decision', 'decision_progress') order by data_version"
            ).fetchall()
        return [action for (action,) in rows]


@pytest.fixture
def office(warehouse: Warehouse) -> Office:
    return Office(warehouse)


def test_a_decision_from_the_meeting_to_the_next_one(office: Office):
    meeting_id = office.hold()
    decision_id = office.decide(meeting_id, due_on=date(2020, 9, 20))
    (row,) = office.decisions().itertuples()
    assert (row.state, row.lamp, row.reason) == ("not_started", "red", "逾期 10 天")
    assert (row.unit, row.number, row.is_current) == ("厅法规处", 1, False)
    office.report(decision_id)
    (row,) = office.decisions().itertuples()
    assert (row.state, row.lamp, row.reason) == ("done", "blue", "2020-08-01 完成")
    # On a day before it was reported done, it was not.
    (row,) = office.decisions(date(2020, 7, 31)).itertuples()
    assert (row.state, row.lamp) == ("not_started", "green")
    assert office.trail() == ["登记季度例会", "登记议定事项", "填报议定事项"]


def test_what_was_taken_back_counts_no_longer_and_stays_on_record(office: Office):
    meeting_id = office.hold()
    decision_id = office.decide(meeting_id)
    told = office.report(decision_id)
    office.withdraw("decision_progress", told)
    with office.warehouse.cursor() as cursor:
        newest = "select before->>'text', after->>'reason' from change order by data_version desc"
        assert cursor.execute(newest).fetchall()[0] == ("加快归集信用信息。", "登记有误")
    (row,) = office.decisions().itertuples()
    assert (row.state, row.lamp, row.reason) == ("not_started", "grey", "未定办结期限")
    with pytest.raises(WarehouseError, match="还有 1 件议定事项，请先逐件撤销"):
        office.withdraw("meeting", meeting_id)
    office.withdraw("decision", decision_id)
    assert office.decisions().empty
    office.withdraw("meeting", meeting_id)
    assert ask(office.warehouse, "meetings", Scope(office.ledger.ledger_id, SEPTEMBER)).empty
    office.hold()
    assert office.trail()[-4:] == ["撤销办理情况", "撤销议定事项", "撤销季度例会", "登记季度例会"]
    with pytest.raises(WarehouseError, match="已被撤销"):
        office.withdraw("decision", decision_id)


REFUSED: dict[str, Callable[[Office, UUID], object]] = {
    "该季度的例会已登记（2020-07-15 召开）": lambda office, _: office.hold(),
    "早于该季度的第一天 2020-07-01": lambda office, _: office.hold(SEPTEMBER, JUNE),
    "应先后相接": lambda office, _: office.hold(SEPTEMBER, date(2020, 7, 10)),
    "各季度例会应先后相接": lambda office, _: office.hold(MARCH, date(2020, 7, 20)),
    "请填写例会召开日期": lambda office, _: office.hold(SEPTEMBER, None),
    "请填写经办人": lambda office, _: office.hold(SEPTEMBER, SEPTEMBER, by=" "),
    "请写明议定的事项": lambda office, meeting: office.decide(meeting, " "),
    "早于例会召开日期 2020-07-15": lambda office, meeting: office.decide(
        meeting, due_on=date(2020, 7, 14)
    ),
    "例会的登记已被撤销": lambda office, _: office.decide(uuid4()),
    "不再办理须写明理由": lambda office, meeting: office.report(office.decide(meeting), "dropped"),
    "请选择办理状态": lambda office, meeting: office.report(office.decide(meeting), "overdue"),
    "请填写日期": lambda office, meeting: office.report(office.decide(meeting), effective_on=None),
    "办理日期 2020-07-14 早于例会": lambda office, meeting: office.report(
        office.decide(meeting), effective_on=date(2020, 7, 14)
    ),
    "议定事项已被撤销": lambda office, _: office.report(uuid4()),
    "撤销须写明理由": lambda office, meeting: office.withdraw("meeting", meeting, " "),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_cannot_be_is_refused_and_nothing_is_stored(office: Office, sentence: str):
    meeting_id = office.hold()
    made = REFUSED[sentence]
    before = None

    def stored() -> dict[str, int]:
        tables = ("meeting", "decision_progress", "withdrawal")
        return {table: counts(office.warehouse)[table] for table in tables}

    before = stored()
    with pytest.raises(WarehouseError, match=sentence):
        made(office, meeting_id)
    assert stored() == before
