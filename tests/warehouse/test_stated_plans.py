"""The plans that a ledger prints, stored with its editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from loaders import Ledger
from loaders.plan import read_plan
from tests.warehouse.test_editions import edition, task
from warehouse import ALL_KNOWN, Reference, Warehouse, read_reference, store_edition
from warehouse.entries.records import add_plan
from warehouse.entries.withdrawing import Mistake, take_back
from warehouse.ledger.editions import compare, continued
from warehouse.store import now

HALVES, MORE = "6月底50%，12月底100%", "6月底50%，9月底70%"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(Path(__file__).parents[2] / "data" / "reference")


def planned(file: str, *plans: str) -> Ledger:
    """A ledger with a task for each plan."""
    texts = ("制定信用管理办法。", "组织信用业务培训。", "开展诚信宣传月活动。")
    tasks = (
        replace(task(text), plan=read_plan(plan, 2020)[0])
        for text, plan in zip(texts, plans, strict=True)
    )
    return edition(*tasks, file=file)


def store(warehouse: Warehouse, ledger: Ledger, reference: Reference) -> None:
    compared = compare(warehouse, ledger)
    store_edition(
        warehouse, ledger, reference, recorded_by="张三",
        continued=continued(compared.pairs, frozenset()),
    )  # fmt: skip


def expected(warehouse: Warehouse, known_at: datetime = ALL_KNOWN) -> list[tuple[str, int]]:
    """By what each task's expected percent goes on 1 October, and how much it is."""
    with warehouse.cursor() as cursor:
        return cursor.execute(
            "select expected_by, round(expected_percent)::integer"
            " from task_state($day, $known_at, false) order by number",
            {"day": date(2020, 10, 1), "known_at": known_at},
        ).fetchall()


def test_a_later_edition_stores_what_changed_and_what_it_stated_goes_with_it(warehouse, reference):
    store(warehouse, planned("一.csv", HALVES, HALVES, ""), reference)
    by_time = ("time", 75)
    assert expected(warehouse) == [("plan", 50), ("plan", 50), by_time]
    before = now()
    store(warehouse, planned("二.csv", HALVES, MORE, ""), reference)
    assert expected(warehouse) == [("plan", 50), ("plan", 70), by_time]
    assert expected(warehouse, before) == [("plan", 50), ("plan", 50), by_time]
    # One that states no plan of a task leaves it the one it has.
    store(warehouse, planned("三.csv", HALVES, "", ""), reference)
    assert expected(warehouse) == [("plan", 50), ("plan", 70), by_time]
    with warehouse.cursor() as cursor:
        assert cursor.execute("select count(*) from plan").fetchall() == [(6,)]
        ((second,),) = cursor.execute(
            "select edition_id from edition where edition_number = 2"
        ).fetchall()
    take_back(
        warehouse, Mistake("column", (second,)), reason="导错了", recorded_by="李四",
        seen_version=warehouse.data_version,
    )  # fmt: skip
    assert expected(warehouse) == [("plan", 50), ("plan", 50), by_time]


def test_what_was_typed_stands_beside_what_the_ledger_states(warehouse, reference):
    store(warehouse, planned("一.csv", HALVES, "", ""), reference)
    with warehouse.cursor() as cursor:
        ((task_id,),) = cursor.execute("select task_id from task where number = 1").fetchall()
    add_plan(
        warehouse, task_id, planned_on=date(2020, 9, 30), percent=65, recorded_by="王五"
    )  # fmt: skip
    store(warehouse, planned("二.csv", MORE, "", ""), reference)
    # Of one day the later entry counts.
    assert expected(warehouse)[0] == ("plan", 70)
    store(warehouse, planned("三.csv", "6月底50%，8月底60%", "", ""), reference)
    assert expected(warehouse)[0] == ("plan", 65)
