"""What stands of the reports on a task: on cases small enough to check by eye, by the SQL and the twin."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.warehouse.conftest import Check
from tests.warehouse.world import Ledger, World

# Reports of one subject


def test_a_hundred_percent_is_not_yet_completion(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 12, 31))
    world.report(task, "in_progress", date(2020, 6, 1), percent=100)
    check(task, date(2020, 6, 30), state="in_progress", percent=100, is_done=False)
    check(task, date(2021, 1, 1), state="overdue")


def test_of_one_day_the_report_entered_last_decides(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 12, 31))
    day = date(2020, 6, 1)
    world.report(task, "done", day, entry_number=2)
    world.report(task, "in_progress", day, percent=60, entry_number=1)
    check(task, day, state="done", done_on=day)


def test_a_clock_set_back_changes_no_order(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 12, 31))
    day = date(2020, 6, 1)
    world.report(task, "in_progress", day, percent=60, recorded_at=datetime(2020, 6, 1, 12))
    world.report(task, "done", day, recorded_at=datetime(2020, 6, 1, 9))
    world.verify(task, "accepted", day, recorded_at=datetime(2020, 6, 1, 8))
    check(task, day, state="verified")
    world.setting("behind_red_points", "90", ledger, recorded_at=datetime(2020, 1, 1))
    world.setting("behind_red_points", "20", ledger, recorded_at=datetime(2019, 1, 1))
    slow = world.task(ledger, date(2020, 12, 31))
    check(slow, date(2020, 7, 1), lamp="red")


def test_work_resumed_withdraws_completion_until_it_is_done_again(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 6, 30))
    world.report(task, "done", date(2020, 6, 1))
    world.report(task, "in_progress", date(2020, 6, 10), percent=80)
    world.report(task, "done", date(2020, 7, 1))
    world.report(task, "done", date(2020, 7, 5))
    check(task, date(2020, 6, 9), state="done", done_on=date(2020, 6, 1), percent=100)
    check(task, date(2020, 6, 10), state="in_progress", done_on=None, percent=80)
    check(task, date(2020, 7, 31), state="done", done_on=date(2020, 7, 1), late=True)


def test_a_returned_completion_awaits_correction_at_its_last_percent(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 7, 31))
    world.report(task, "in_progress", date(2020, 5, 1), percent=40)
    world.report(task, "done", date(2020, 6, 1))
    world.verify(task, "returned", date(2020, 6, 10))
    world.report(task, "in_progress", date(2020, 6, 20), percent=90)
    check(task, date(2020, 6, 9), state="done", percent=100)
    check(task, date(2020, 6, 10), state="returned", percent=40, done_on=None, overdue=False)
    check(task, date(2020, 6, 20), state="returned", percent=90, due_open=False)
    check(task, date(2020, 7, 31), state="returned", overdue=False, due_open=True)
    check(
        task,
        date(2020, 8, 1),
        state="returned",
        overdue=True,
        lamp="red",
        reason="退办待改；逾期 1 天",
    )


def test_a_returned_completion_without_any_other_percent_is_not_set_to_zero(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 6, 30))
    world.report(task, "done", date(2020, 6, 20))
    world.verify(task, "returned", date(2020, 6, 25))
    check(task, date(2020, 6, 25), state="returned", percent=100)


def test_what_is_reported_done_again_waits_with_its_true_day(
    world: World, ledger: Ledger, check: Check
):
    unit = world.unit("厅法规处")
    task = world.task(ledger, date(2020, 6, 30), units=[unit])
    world.report(task, "done", date(2020, 6, 20), unit=unit)
    world.verify(task, "returned", date(2020, 6, 25), unit=unit)
    world.report(task, "done", date(2020, 6, 20), unit=unit)
    check(task, date(2020, 7, 31), state="done", done_on=date(2020, 6, 20), late=False)
    world.verify(task, "accepted", date(2020, 7, 1), unit=unit)
    check(task, date(2020, 7, 31), state="verified", done_on=date(2020, 6, 20), late=False)


@pytest.mark.parametrize("of_part", [True, False])
def test_a_return_speaks_of_what_was_entered_before_it_and_of_nothing_else(
    world: World, ledger: Ledger, check: Check, of_part: bool
):
    unit = world.unit("厅法规处")
    before, after = (world.task(ledger, date(2020, 12, 31), units=[unit]) for _ in range(2))
    day = date(2020, 6, 1)
    world.report(before, "done", day, unit=unit, entry_number=1)
    world.report(after, "done", day, unit=unit, entry_number=3)
    for task in (before, after):
        world.verify(task, "returned", day, unit=unit if of_part else None, entry_number=2)
    check(before, day, state="returned")
    check(after, day, state="done")


def test_an_acceptance_falls_with_the_completion_it_accepted(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 6, 30))
    wrong = world.report(task, "done", date(2020, 6, 20))
    world.verify(task, "accepted", date(2020, 6, 25))
    check(task, date(2020, 6, 30), state="verified")
    world.report(task, "done", date(2020, 6, 10), corrects=wrong)
    check(task, date(2020, 6, 30), state="done", done_on=date(2020, 6, 10))


def test_a_completion_entered_afterwards_for_an_earlier_day_moves_no_accepted_one(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 6, 15))
    world.report(task, "done", date(2020, 6, 20))
    world.verify(task, "accepted", date(2020, 6, 25))
    world.report(task, "done", date(2020, 6, 10))
    check(task, date(2020, 6, 30), state="verified", done_on=date(2020, 6, 20), late=True)


def test_the_newest_verdict_on_a_completion_decides(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 12, 31))
    world.report(task, "done", date(2020, 6, 1))
    world.verify(task, "returned", date(2020, 6, 10))
    world.verify(task, "accepted", date(2020, 6, 20))
    check(task, date(2020, 6, 19), state="returned")
    check(task, date(2020, 6, 20), state="verified")


def test_a_corrected_report_never_was(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 12, 31))
    world.report(task, "in_progress", date(2020, 2, 1), percent=10)
    wrong = world.report(task, "done", date(2020, 3, 1))
    world.report(task, "done", date(2020, 4, 1), corrects=wrong)
    check(task, date(2020, 3, 15), state="in_progress", percent=10)
    check(task, date(2020, 4, 1), state="done", done_on=date(2020, 4, 1))


def test_only_an_acceptance_of_this_completion_verifies_it(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 12, 31))
    world.report(task, "done", date(2020, 6, 1))
    world.verify(task, "accepted", date(2020, 6, 1))
    world.report(task, "in_progress", date(2020, 7, 1), percent=90)
    world.report(task, "done", date(2020, 8, 1))
    check(task, date(2020, 6, 30), state="verified")
    check(task, date(2020, 8, 31), state="done")


# Units of a task


def test_a_task_is_done_when_each_responsible_unit_has_done_its_part(
    world: World, ledger: Ledger, check: Check
):
    lead, other, helper = (world.unit(name) for name in ("厅法规处", "厅建管处", "厅财务处"))
    named = [(lead, "lead"), other, (helper, "cooperate")]
    task = world.task(ledger, date(2020, 12, 31), units=named)
    world.report(task, "done", date(2020, 3, 1), unit=helper)
    world.report(task, "done", date(2020, 4, 1), unit=lead)
    world.report(task, "done", date(2020, 5, 1), unit=other)
    world.verify(task, "accepted", date(2020, 6, 1), unit=lead)
    world.verify(task, "accepted", date(2020, 7, 1))
    check(task, date(2020, 3, 31), state="not_started", percent=0, reported_on=date(2020, 3, 1))
    check(task, date(2020, 4, 30), state="in_progress", percent=50)
    check(task, date(2020, 5, 31), state="done", percent=100, done_on=date(2020, 5, 1))
    check(task, date(2020, 6, 30), state="done")
    check(task, date(2020, 7, 31), state="verified")


def test_without_a_responsible_unit_all_named_units_carry_the_task(
    world: World, ledger: Ledger, check: Check
):
    units = [world.unit("厅财务处"), world.unit("厅建管处")]
    task = world.task(ledger, date(2020, 12, 31), units=[(unit, "cooperate") for unit in units])
    world.report(task, "done", date(2020, 3, 1), unit=units[0])
    check(task, date(2020, 3, 31), state="in_progress", percent=50)


def test_a_whole_task_report_speaks_for_each_unit_until_that_unit_reports(
    world: World, ledger: Ledger, check: Check
):
    units = [world.unit("厅法规处"), world.unit("厅人事处")]
    task = world.task(ledger, date(2020, 6, 30), units=units)
    world.column(task, "in_progress", date(2020, 5, 31), percent=30)
    check(task, date(2020, 5, 31), state="in_progress", percent=30)
    world.report(task, "done", date(2020, 6, 30), unit=units[0])
    check(task, date(2020, 6, 30), state="in_progress", percent=65)
    world.report(task, "done", date(2020, 6, 30), unit=units[1])
    check(task, date(2020, 7, 31), state="done", percent=100, late=False)
    # Entered later for the same day, a report on the whole task is the newest for both.
    world.report(task, "in_progress", date(2020, 6, 30), percent=80)
    check(task, date(2020, 6, 30), state="in_progress", percent=80)


def test_a_whole_task_report_for_an_earlier_day_changes_nothing(
    world: World, ledger: Ledger, check: Check
):
    unit = world.unit("厅法规处")
    task = world.task(ledger, date(2020, 6, 30), units=[unit])
    world.report(task, "done", date(2020, 6, 30), unit=unit)
    world.column(task, "in_progress", date(2020, 5, 31), percent=30)
    check(task, date(2020, 6, 30), state="done")


def test_a_column_that_names_no_day_leaves_the_day_of_completion_unknown(
    world: World, ledger: Ledger, check: Check
):
    units = [world.unit("厅法规处"), world.unit("厅人事处")]
    task = world.task(ledger, date(2020, 6, 30), units=units)
    world.column(task, "done", date(2020, 9, 28))
    world.report(task, "done", date(2020, 6, 1), unit=units[0])
    as_of = date(2020, 12, 31)
    check(task, as_of, state="done", late=None, done_on=None, reason="已完成，完成日期不详")
    world.report(task, "done", date(2020, 6, 20), unit=units[1])
    check(task, as_of, state="done", late=False, done_on=date(2020, 6, 20))


def test_a_column_is_nobodys_report(world: World, ledger: Ledger, check: Check):
    unit = world.unit("厅法规处")
    task = world.task(ledger, date(2020, 12, 31), units=[unit])
    world.column(task, "in_progress", date(2020, 9, 28), percent=80)
    check(
        task,
        date(2020, 9, 30),
        percent=80,
        reported_on=None,
        not_reported=True,
        reason="从未填报，进度取自台账",
    )
    world.report(task, "in_progress", date(2020, 9, 29), percent=85)
    check(task, date(2020, 9, 30), percent=85, not_reported=False)


def test_returning_one_part_of_a_completion_of_the_whole_task(
    world: World, ledger: Ledger, check: Check
):
    units = [world.unit("厅法规处"), world.unit("厅建管处")]
    task = world.task(ledger, date(2020, 12, 31), units=units)
    world.report(task, "in_progress", date(2020, 3, 1), percent=50)
    world.report(task, "done", date(2020, 4, 1))
    world.verify(task, "returned", date(2020, 4, 10), unit=units[0])
    check(task, date(2020, 4, 10), state="returned", percent=75)
    world.report(task, "done", date(2020, 4, 20), unit=units[0])
    check(task, date(2020, 4, 20), state="done", done_on=date(2020, 4, 20))


def test_returning_the_whole_task_returns_every_part(world: World, ledger: Ledger, check: Check):
    units = [world.unit("厅法规处"), world.unit("厅建管处")]
    task = world.task(ledger, date(2020, 12, 31), units=units)
    for unit, percent in zip(units, (30, 50), strict=True):
        world.report(task, "in_progress", date(2020, 3, 1), percent=percent, unit=unit)
        world.report(task, "done", date(2020, 4, 1), unit=unit)
    world.verify(task, "returned", date(2020, 4, 10))
    check(task, date(2020, 4, 9), state="done", percent=100)
    check(task, date(2020, 4, 10), state="returned", percent=40)


def test_a_unit_to_which_the_task_does_not_apply_is_left_out(
    world: World, ledger: Ledger, check: Check
):
    units = [world.unit("厅法规处"), world.unit("厅建管处")]
    task = world.task(ledger, date(2020, 12, 31), units=units)
    world.report(task, "not_applicable", date(2020, 3, 1), unit=units[0])
    world.report(task, "in_progress", date(2020, 3, 1), percent=60, unit=units[1])
    world.report(task, "not_applicable", date(2020, 5, 1), unit=units[1])
    check(task, date(2020, 3, 31), state="in_progress", percent=60)
    check(task, date(2020, 5, 31), state="not_applicable", is_applicable=False, lamp="grey")


def test_a_silent_collective_stands_as_its_members_do(world: World, ledger: Ledger, check: Check):
    cities = [world.unit("银川市交通运输局"), world.unit("中卫市交通运输局")]
    five = world.unit("五市交通运输局", members=cities)
    office = world.unit("厅法规处")
    task = world.task(ledger, date(2020, 12, 31), units=[office, five])
    world.report(task, "done", date(2020, 3, 1), unit=office)
    world.report(task, "done", date(2020, 4, 1), unit=cities[0])
    world.report(task, "done", date(2020, 5, 1), unit=cities[1])
    world.report(task, "in_progress", date(2020, 6, 1), percent=80, unit=five)
    check(task, date(2020, 3, 31), state="in_progress", percent=50)
    check(task, date(2020, 4, 30), state="in_progress", percent=75)
    check(task, date(2020, 5, 31), state="done", done_on=date(2020, 5, 1))
    check(task, date(2020, 6, 30), state="in_progress", percent=90)


def test_a_report_on_a_task_that_names_no_unit_is_a_report(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 12, 31), units=[])
    world.report(task, "in_progress", date(2020, 6, 1), unit=world.unit("厅法规处"))
    check(task, date(2020, 6, 30), not_reported=False, reported_on=date(2020, 6, 1))
