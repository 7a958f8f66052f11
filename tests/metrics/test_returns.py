"""Who reported in a month: reports entered around the due day, corrections, collectives, closed months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from metrics import Scope, ask
from tests.metrics.answers import Case
from tests.metrics.surroundings import CLASSES, Surroundings, settle
from tests.metrics.test_questions import cells, disagreement
from tests.warehouse.strategies import worlds_on_a_day
from tests.warehouse.world import World
from warehouse import ALL_KNOWN, Warehouse

SEPTEMBER, SEPTEMBER_END, EVE = date(2020, 9, 1), date(2020, 9, 30), date(2020, 8, 31)
DUE_BY = date(2020, 10, 5)


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    """One database in memory; every world in turn has it to itself."""
    opened = Warehouse(Path(":memory:"))
    yield opened
    opened.close()


# Random worlds


@st.composite
def months(draw: st.DrawFn) -> Case:
    """A world whose entries were made in the weeks around the due day of one month, and that month."""
    world, day = draw(worlds_on_a_day())
    if world.reports:
        day = draw(st.sampled_from(world.reports)).effective_on
    month_end = (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    # Days between the 27th and the 12th; the minute keeps instants apart.
    instants = st.builds(
        lambda days, hour, minute: (
            datetime(month_end.year, month_end.month, month_end.day)
            + timedelta(days=days, hours=hour, minutes=minute)
        ),
        st.integers(-3, 12),
        st.sampled_from([0, 9, 23]),
        st.integers(0, 59),
    )
    for name in ("reports", "occurrences", "withdrawals"):
        entered = [replace(fact, recorded_at=draw(instants)) for fact in getattr(world, name)]
        setattr(world, name, entered)
    moments = draw(
        st.lists(instants, min_size=len(world.locks), max_size=len(world.locks), unique=True)
    )
    world.locks = [
        replace(lock, month=day.replace(day=1), recorded_at=moment)
        for lock, moment in zip(world.locks, moments, strict=True)
    ]
    around = Surroundings(
        classes={unit.unit_id: draw(st.sampled_from(CLASSES)) for unit in world.units}
    )
    scope = Scope(
        world.ledgers[0].ledger_id,
        month_end,
        tuple(draw(st.just([]) | st.lists(st.sampled_from([u.name for u in world.units])))),
        tuple(draw(st.sampled_from([[], [], [world.tasks[0].level1]]))),
        tuple(draw(st.sampled_from([[], [], [], ["base"], ["bonus"]]))),
        as_issued=draw(st.sampled_from([False, False, True])),
        known_at=draw(st.sampled_from([ALL_KNOWN, ALL_KNOWN]) | instants),
    )
    return Case(world, around, scope)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    # A world is small as it is drawn, and shrinking one that takes half a second takes minutes.
    phases=[Phase.generate],
)
@given(case=months())
def test_every_month_is_that_of_plain_python(shared: Warehouse, case: Case):
    settle(shared, case.recorded, case.recorded_around)
    month_start = case.as_of.replace(day=1)
    of_month = {"month_start": month_start, "eve": month_start - timedelta(days=1)}
    asked = {
        "month_returns": of_month,
        "unreported_tasks": of_month | {"unit": None},
        "month_locks": {"month_start": month_start},
    }
    wrong = [
        said for name, values in asked.items() if (said := disagreement(shared, case, name, values))
    ]
    assert not wrong, "\n".join(wrong)


# By hand


def september(
    warehouse: Warehouse, world: World, name: str = "month_returns", **scope
) -> pd.DataFrame:
    """The answer for September 2020 of the world's ledger."""
    settle(warehouse, world, Surroundings())
    values = {"month_start": SEPTEMBER, "unit": None}
    if name != "month_locks":
        values["eve"] = EVE
    return ask(warehouse, name, Scope(world.ledgers[0].ledger_id, SEPTEMBER_END, **scope), **values)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour)


def test_on_time_late_partly_and_missing(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    legal, office, road, sea = (
        world.unit(name) for name in ("厅法规处", "厅办公室", "厅运输处", "厅海事处")
    )
    first = world.task(ledger, date(2020, 12, 31), units=[legal, office, road, sea])
    second = world.task(ledger, date(2020, 7, 31), units=[road, (sea, "cooperate")])
    world.report(first, "in_progress", SEPTEMBER_END, unit=legal, recorded_at=at(DUE_BY, 23))
    world.report(
        first, "in_progress", SEPTEMBER, unit=office, recorded_at=at(DUE_BY + timedelta(days=1), 0)
    )
    world.report(second, "in_progress", SEPTEMBER_END, unit=road, recorded_at=at(DUE_BY))
    # Neither month counts for September.
    world.report(first, "in_progress", EVE, unit=sea, recorded_at=at(SEPTEMBER_END))
    world.report(first, "in_progress", date(2020, 10, 1), unit=sea, recorded_at=at(DUE_BY))
    columns = ("unit", "tasks_due", "reported", "on_time", "late", "missing", "overdue_tasks")
    found = september(shared, world)
    assert cells(found, *columns, "state") == [
        ("厅海事处", 1, 0, 0, 0, 1, 0, "missing"),
        ("厅运输处", 2, 1, 1, 0, 1, 1, "partly"),
        ("厅办公室", 1, 1, 0, 1, 0, 0, "late"),
        ("厅法规处", 1, 1, 1, 0, 0, 0, "on_time"),
    ]
    assert {row[0] for row in cells(found, "due_by")} == {DUE_BY}
    listed = september(shared, world, "unreported_tasks")
    assert cells(listed, "unit", "number", "is_reported", "is_overdue", "overdue_days") == [
        ("厅海事处", 1, False, False, None),
        ("厅运输处", 1, False, False, None),
        ("厅运输处", 2, True, True, 61),
    ]


def test_a_unit_that_finished_its_part_is_not_urged_about_the_task(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    legal, office = world.unit("厅法规处"), world.unit("厅办公室")
    soon = world.task(ledger, date(2020, 10, 30), units=[legal, office])
    late = world.task(ledger, date(2020, 9, 15), units=[legal, office])
    for task, hour in ((soon, 9), (late, 17)):
        world.report(task, "done", SEPTEMBER_END, unit=legal, recorded_at=at(DUE_BY, hour))
    world.report(soon, "in_progress", SEPTEMBER_END, unit=office, recorded_at=at(DUE_BY, 11))
    found = september(shared, world)
    assert cells(found, "unit", "missing", "overdue_tasks", "due_soon_tasks") == [
        ("厅办公室", 1, 1, 1),
        ("厅法规处", 0, 0, 0),
    ]
    assert cells(found, "first_recorded_at", "last_recorded_at") == [
        (at(DUE_BY, 11), at(DUE_BY, 11)),
        (at(DUE_BY, 9), at(DUE_BY, 17)),
    ]
    listed = september(shared, world, "unreported_tasks")
    assert cells(listed, "unit", "number", "is_reported", "is_overdue", "is_due_soon") == [
        ("厅办公室", 2, False, True, False),
        ("厅办公室", 1, True, False, True),
    ]


def test_the_due_day_is_a_setting(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    legal = world.unit("厅法规处")
    task = world.task(ledger, units=[legal])
    world.report(task, "in_progress", SEPTEMBER_END, recorded_at=at(date(2020, 10, 10)))
    assert cells(september(shared, world), "state") == [("late",)]
    world.setting("report_due_day", "10", ledger)
    assert cells(september(shared, world), "due_by", "state") == [(date(2020, 10, 10), "on_time")]


def test_a_report_in_time_stays_in_time_when_it_is_corrected(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    legal = world.unit("厅法规处")
    task = world.task(ledger, units=[legal])
    wrong = world.report(task, "done", SEPTEMBER_END, unit=legal, recorded_at=at(DUE_BY))
    better = world.report(
        task,
        "in_progress",
        SEPTEMBER_END,
        unit=legal,
        corrects=wrong,
        recorded_at=at(DUE_BY + timedelta(days=20)),
    )
    assert cells(september(shared, world), "state", "first_recorded_at", "last_recorded_at") == [
        ("on_time", wrong.recorded_at, better.recorded_at)
    ]
    world.withdraw(better.report_id, recorded_at=at(DUE_BY + timedelta(days=30)))
    assert cells(september(shared, world), "state") == [("missing",)]


def test_a_collective_speaks_for_its_members_where_the_task_names_it(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    cities = [world.unit("银川市交通运输局"), world.unit("中卫市交通运输局")]
    five = world.unit("五市交通运输局", members=cities)
    through = world.task(ledger, units=[five])
    named = world.task(ledger, units=[cities[0]])
    for task in (through, named):
        world.report(task, "in_progress", SEPTEMBER_END, unit=five, recorded_at=at(DUE_BY))
    found = september(shared, world)
    assert sorted(cells(found, "unit", "tasks_due", "reported", "state")) == [
        ("中卫市交通运输局", 1, 1, "on_time"),
        ("银川市交通运输局", 2, 1, "partly"),
    ]
    assert len(september(shared, world, units=("五市交通运输局",))) == 2
    assert cells(september(shared, world, units=("中卫市交通运输局",)), "unit") == [
        ("中卫市交通运输局",)
    ]


def test_what_was_entered_later_is_not_known_yet(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    task = world.task(ledger, units=[world.unit("厅法规处")])
    world.report(task, "in_progress", SEPTEMBER_END, recorded_at=at(DUE_BY))
    before = september(shared, world, known_at=at(DUE_BY, 8))
    assert cells(before, "state") == [("missing",)]
    assert cells(september(shared, world, known_at=at(DUE_BY)), "state") == [("on_time",)]


def test_entries_after_closing_are_counted_until_the_month_is_opened_again(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    task = world.task(ledger, units=[world.unit("厅法规处")])
    days = [date(2020, 10, 6) + timedelta(days=n) for n in range(5)]
    outcomes = {days[1]: "closed", days[3]: "reopened"}
    for day in days:
        if day in outcomes:
            world.lock(ledger, SEPTEMBER, outcomes[day], recorded_at=at(day))
        world.report(task, "in_progress", SEPTEMBER_END, recorded_at=at(day, 12))
        world.report(task, "in_progress", date(2020, 10, 1), recorded_at=at(day, 13))
    found = september(shared, world, "month_locks")
    assert cells(found, "outcome", "recorded_at", "entered_after") == [
        ("reopened", at(days[3]), 0),
        ("closed", at(days[1]), 2),
    ]


def test_who_only_cooperates_need_not_report_when_the_lead_has_done_its_part(shared: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    legal, office = world.unit("厅法规处"), world.unit("厅办公室")
    task = world.task(ledger, units=[(legal, "lead"), (office, "cooperate")])
    world.report(task, "in_progress", EVE)
    world.report(task, "done", EVE, unit=legal)
    assert september(shared, world).empty
