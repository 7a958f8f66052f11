"""Asking: what must be given, what is handed back after a write, and by several threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pandas as pd
import pytest

from metrics import Scope, ask, question
from tests.warehouse.world import World, store
from warehouse import Warehouse
from warehouse.entries.records import add_report

JUNE = date(2020, 6, 30)
JULY = date(2020, 7, 31)


@pytest.fixture
def scope(warehouse: Warehouse) -> Scope:
    """A ledger of one task due in June, which nobody reported on."""
    world = World()
    ledger = world.ledger(2020)
    world.task(ledger, JUNE)
    store(warehouse, world)
    return Scope(ledger.ledger_id, JULY)


@pytest.mark.parametrize("name", ["no_such_question", ""])
def test_an_unknown_question_is_a_key_error(warehouse: Warehouse, scope: Scope, name: str):
    with pytest.raises(KeyError):
        ask(warehouse, name, scope)


@pytest.mark.parametrize(
    ("name", "missing"), [("completion", "by"), ("task_list", "row_limit"), ("trend", "days")]
)
def test_a_missing_value_is_a_key_error(
    warehouse: Warehouse, scope: Scope, name: str, missing: str
):
    values = {"by": "all", "signal": "all", "row_limit": 1, "days": [JULY]}
    del values[missing]
    with pytest.raises(KeyError, match=missing):
        ask(warehouse, name, scope, **values)


def test_a_question_needs_its_scope_unless_it_is_about_all(warehouse: Warehouse, scope: Scope):
    with pytest.raises(KeyError):
        ask(warehouse, "overdue_ages")
    assert ask(warehouse, "ledgers").ledger_id.tolist() == [scope.ledger_id]


def test_a_question_knows_its_words_and_values():
    known = question("overdue_ages")
    assert (known.name, known.title) == ("overdue_ages", "逾期时长")
    assert "期限当日不算逾期" in known.definition
    assert known.parameters == {
        *("basis", "ledger_id", "as_of"),
        *("units", "level1s", "kinds"),
    }


def test_every_day_of_an_answer_is_judged(warehouse: Warehouse, scope: Scope):
    days = [date(2020, 6, 29), date(2020, 7, 1), JULY]
    found = ask(warehouse, "trend", scope, days=days)
    assert found.overdue.tolist() == [0, 1, 1]
    assert ask(warehouse, "compare_dates", scope, compare_on=JUNE).newly_overdue.tolist() == [1]


def test_no_day_is_left_out_however_many_are_asked_for(
    warehouse: Warehouse, scope: Scope, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("warehouse.judging.JUDGED_ROWS_KEPT", 3)
    days = [JULY + timedelta(days=n) for n in range(35)]
    found = ask(warehouse, "trend", scope, days=days)
    assert [day.date() for day in found.as_of] == days


def test_what_is_kept_of_a_month_is_forgotten_and_told_again(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("warehouse.judging.JUDGED_ROWS_KEPT", 0)
    world = World()
    ledger = world.ledger(2020)
    task = world.task(ledger, JUNE, units=[world.unit("厅法规处")])
    store(warehouse, world)
    june, july = date(2020, 6, 1), date(2020, 7, 1)

    def unreported(month: date) -> list[int]:
        values = {"month_start": month, "eve": month - timedelta(days=1)}
        scope = Scope(ledger.ledger_id, JULY if month == july else JUNE)
        return ask(warehouse, "month_returns", scope, **values).missing.tolist()

    def kept() -> list[tuple]:
        with warehouse.cursor() as cursor:
            query = "select distinct month_start from judged.reported_duty"
            return cursor.execute(query).fetchall()

    assert (unreported(july), kept()) == ([1], [(july,)])
    assert (unreported(june), kept()) == ([1], [(june,)])
    add_report(warehouse, task.task_id, state="in_progress", effective_on=JULY, recorded_by="测试")
    assert (unreported(july), kept()) == ([0], [(july,)])
    assert (unreported(june), kept()) == ([1], [(june,)])


def test_an_answer_never_outlives_its_data(warehouse: Warehouse, scope: Scope):
    before = ask(warehouse, "completion", scope, by="all")
    task_id = ask(warehouse, "task_list", scope, signal="all", row_limit=1).task_id[0]
    add_report(warehouse, task_id, state="done", effective_on=JULY, recorded_by="测试")
    after = ask(warehouse, "completion", scope, by="all")
    assert (before.done[0], after.done[0]) == (0, 1)
    assert (before.overdue[0], after.overdue[0]) == (1, 0)


def test_threads_ask_at_once_and_each_gets_its_own_answer(warehouse: Warehouse, scope: Scope):
    days = [date(2020, 6, 1), JUNE, date(2020, 7, 1), JULY]
    start = Barrier(len(days))

    def answers(day: date) -> list[pd.DataFrame]:
        start.wait()
        own = Scope(scope.ledger_id, day)
        return [
            ask(warehouse, "task_list", own, signal="all", row_limit=1),
            ask(warehouse, "completion", own, by="all"),
            ask(warehouse, "due_dates", own),
        ]

    with ThreadPoolExecutor(len(days)) as threads:
        found = list(threads.map(answers, days))
    for day, (listed, total, due) in zip(days, found, strict=True):
        is_overdue = day > JUNE
        assert listed.overdue.tolist() == [is_overdue], day
        assert total.overdue.tolist() == due.overdue.tolist() == [int(is_overdue)], day
