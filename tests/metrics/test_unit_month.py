"""A unit's month by hand: which tasks, what was said when, which windows, and on what knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metrics import Scope, ask
from tests.metrics.surroundings import Surroundings, settle
from tests.warehouse.world import Ledger, Unit, World
from warehouse import Warehouse

START, EVE, END = date(2020, 9, 1), date(2020, 8, 31), date(2020, 9, 30)


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    """One database in memory; every world in turn has it to itself."""
    opened = Warehouse(Path(":memory:"))
    yield opened
    opened.close()


class Desk:
    """One ledger of 2020, and its September."""

    def __init__(self, warehouse: Warehouse):
        self.warehouse = warehouse
        self.world = World()
        self.around = Surroundings()
        self.ledger: Ledger = self.world.ledger()
        self.unit: Unit = self.world.unit("厅法规处")

    def ask(self, as_of: date = END, unit: str | None = "厅法规处", **scope: Any) -> pd.DataFrame:
        """The rows, the facts having been written first."""
        settle(self.warehouse, self.world, self.around)
        asked = Scope(self.ledger.ledger_id, as_of, **scope)
        return ask(self.warehouse, "unit_month", asked, unit=unit, month_start=START, eve=EVE)


@pytest.fixture
def desk(shared: Warehouse) -> Desk:
    return Desk(shared)


def cells(rows: pd.DataFrame, *columns: str) -> list[tuple]:
    """The named columns of every row; unknown is None, a midnight is a day."""

    def plain(value: Any) -> Any:
        if not isinstance(value, str | list) and pd.isna(value):
            return None
        return value.date() if isinstance(value, pd.Timestamp) else value

    return [tuple(map(plain, row)) for row in rows[list(columns)].to_numpy(object)]


def test_a_units_tasks_in_any_role_and_as_a_member(desk: Desk):
    world, unit = desk.world, desk.unit
    other = world.unit("厅运输处")
    group = world.unit("各成员单位", members=[unit, other])
    open_set = world.unit("有关单位")
    for units in ([unit], [(unit, "support"), other], [group], [other], [open_set]):
        world.task(desk.ledger, units=units)
    world.task(desk.ledger, units=[unit], kind="bonus")
    columns = ("number", "role", "collective", "must_report")
    assert cells(desk.ask(), *columns) == [
        (1, "responsible", None, True),
        (3, "responsible", "各成员单位", True),
        # Who only helps need not report where somebody is responsible.
        (2, "support", None, False),
    ]
    assert cells(desk.ask(unit="各成员单位"), "number") == []
    assert cells(desk.ask(unit="有关单位"), "number") == [(5,)]
    assert sorted(cells(desk.ask(unit=None), "unit", "number")) == sorted(
        [("厅法规处", n) for n in (1, 2, 3)]
        + [("厅运输处", n) for n in (2, 3, 4)]
        + [("有关单位", 5)]
    )


def test_the_newest_word_before_the_month_and_in_it(desk: Desk):
    world = desk.world
    task = world.task(desk.ledger, units=[desk.unit])
    for day, percent in (
        *((date(2020, 7, 31), 20), (EVE, 30), (START, 40), (END, 50)),
        (date(2020, 10, 1), 60),
    ):
        world.report(task, "in_progress", day, percent=percent, unit=desk.unit)
    # Entered last, true earlier: not the newest.
    world.report(task, "in_progress", date(2020, 9, 10), percent=5, unit=desk.unit)
    world.report(task, "in_progress", date(2020, 9, 20), percent=99)
    columns = ("last_percent", "last_effective_on", "now_percent", "now_effective_on")
    assert cells(desk.ask(), *columns) == [(30, EVE, 50, END)]
    assert cells(desk.ask(as_of=date(2020, 9, 15)), *columns) == [
        (30, EVE, 5, date(2020, 9, 10)),
    ]


def test_what_was_entered_or_taken_back_later_was_not_known_then(desk: Desk):
    world = desk.world
    task = world.task(desk.ledger, units=[desk.unit])
    instants = [datetime(2020, 9, day, 9) for day in (5, 10, 20)]
    early = world.report(
        task, "in_progress", START, percent=10, unit=desk.unit, recorded_at=instants[0]
    )
    world.report(task, "in_progress", START, percent=20, unit=desk.unit, recorded_at=instants[2])
    world.withdraw(early.report_id, recorded_at=instants[1])
    desk.around.prove(task, START, recorded_on=date(2020, 9, 10))
    columns = ("now_percent", "evidence")
    for known_at, expected in (
        (datetime(2020, 9, 1), (None, 0)),
        (datetime(2020, 9, 6), (10, 0)),
        (datetime(2020, 9, 12), (None, 1)),
        (datetime(2020, 9, 21), (20, 1)),
    ):
        assert cells(desk.ask(known_at=known_at), *columns) == [expected]


def test_as_issued_judges_by_the_issued_day(desk: Desk):
    world = desk.world
    task = world.task(desk.ledger, date(2020, 8, 31), units=[desk.unit])
    world.cadence(task, "month")
    world.decide(world.extension(task, date(2020, 12, 31)), "approved", date(2020, 8, 20))
    columns = ("effective_due_on", "state", "windows", "window_due")
    assert cells(desk.ask(), *columns) == [
        (
            date(2020, 12, 31),
            "not_started",
            "每月至少1次：2020-09-01 至 2020-09-30，已完成 0 次",
            True,
        )
    ]
    assert cells(desk.ask(as_issued=True), *columns) == [(EVE, "overdue", None, False)]


def test_a_returned_completion_and_its_reason(desk: Desk):
    world = desk.world
    task = world.task(desk.ledger, units=[desk.unit])
    world.report(task, "done", EVE, unit=desk.unit)
    columns = ("unit_is_done", "must_report", "is_returned", "return_reason")
    assert cells(desk.ask(), *columns) == [(True, False, False, None)]
    world.verify(task, "returned", START)
    assert cells(desk.ask(), *columns) == [(False, False, True, "")]
    # Until it is reported done again.
    world.report(task, "in_progress", END, unit=desk.unit)
    assert cells(desk.ask(), *columns) == [(False, False, True, "")]
    world.report(task, "done", END, unit=desk.unit)
    assert cells(desk.ask(), *columns) == [(True, False, False, None)]


def test_what_was_done_when_the_month_began_need_not_be_reported(desk: Desk):
    world = desk.world
    early, late, mine = (world.task(desk.ledger, units=[desk.unit]) for _ in range(3))
    world.report(early, "done", EVE)
    world.report(late, "done", START)
    world.report(mine, "done", EVE, unit=desk.unit)
    assert cells(desk.ask(), "number", "must_report") == [(2, True), (1, False), (3, False)]


def test_windows_that_end_in_the_month_or_are_open(desk: Desk):
    world = desk.world
    quarter, year, week, gone = (
        world.task(desk.ledger, due, units=[desk.unit])
        for due in (None, None, None, date(2020, 8, 31))
    )
    world.cadence(quarter, "quarter", 2)
    world.cadence(year, "year")
    world.cadence(week, "week")
    world.cadence(week, "month")
    world.cadence(gone, "month")
    world.occurrence(quarter, date(2020, 7, 1))
    world.occurrence(week, date(2020, 9, 7))
    world.excuse(week, "week", date(2020, 9, 14))
    found = desk.ask()
    said = dict(zip(found.number, cells(found, "windows", "window_due"), strict=True))
    assert said == {
        1: ("每季度至少2次：2020-07-01 至 2020-09-30，已完成 1 次", True),
        2: ("每年至少1次：2020-01-01 至 2020-12-31，已完成 0 次", False),
        3: (
            "每月至少1次：2020-09-01 至 2020-09-30，已完成 1 次\n"
            "每周至少1次：本月 5 期，1 期已完成，1 期已免除，08-31、09-21、09-28 起的未完成",
            True,
        ),
        4: (None, False),
    }
    assert {row.number: tuple(row.periods) for row in found.itertuples()} == {
        1: ("quarter",),
        2: ("year",),
        3: ("month", "week"),
        4: ("month",),
    }
    assert found.number.tolist() == [1, 3, 2, 4]
    assert {str(day.date()) for day in found.due_by} == {"2020-10-05"}


def test_a_daily_duty_names_its_first_windows_and_counts_the_rest(desk: Desk):
    task = desk.world.task(desk.ledger, None, units=[desk.unit])
    desk.world.cadence(task, "day")
    for day in (1, 4):
        desk.world.occurrence(task, date(2020, 9, day))
    (windows,) = desk.ask().windows
    assert windows == ("每天至少1次：本月 30 期，2 期已完成，09-02、09-03、09-05 等 28 期未完成")


def test_evidence_of_the_unit_and_of_the_whole_task(desk: Desk):
    task = desk.world.task(desk.ledger, units=[desk.unit, desk.world.unit("厅运输处")])
    desk.around.prove(task, START)
    desk.around.prove(task, START, unit=desk.unit)
    desk.around.prove(task, START, unit=desk.world.units[-1])
    desk.around.prove(task, date(2020, 10, 1), unit=desk.unit)
    assert cells(desk.ask(), "evidence") == [(2,)]


def test_a_window_of_the_month_is_due_before_it_ends_and_the_first_day_counts(desk: Desk):
    world = desk.world
    monthly, daily = (world.task(desk.ledger, units=[desk.unit]) for _ in range(2))
    world.cadence(monthly, "month")
    world.cadence(daily, "day")
    for day in range(1, 16):
        world.occurrence(daily, date(2020, 9, day))
    assert cells(desk.ask(as_of=date(2020, 9, 15)), "number", "windows", "window_due") == [
        (1, "每月至少1次：2020-09-01 至 2020-09-30，已完成 0 次", True),
        (2, "每天至少1次：本月 15 期，15 期已完成", False),
    ]
