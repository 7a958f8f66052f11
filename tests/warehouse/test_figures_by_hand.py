"""Every figure on cases small enough to check by eye; the SQL and the twin must both say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from metrics import Scope, ask
from tests.warehouse import twin
from tests.warehouse.conftest import Check
from tests.warehouse.world import Ledger, World, restart
from warehouse import ALL_KNOWN, Warehouse

# Due days


def test_the_due_day_itself_is_still_in_time(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 9, 30))
    world.report(task, "not_started", date(2020, 1, 1))
    check(task, date(2020, 9, 29), due_open=False)
    check(task, date(2020, 9, 30), state="not_started", overdue=False, expected_percent=100)
    check(task, date(2020, 9, 30), due_open=True)
    check(task, date(2020, 10, 1), state="overdue", overdue=True, due_open=True, lamp="red")


def test_completion_on_the_due_day_is_not_late(world: World, ledger: Ledger, check: Check):
    in_time, late = (world.task(ledger, date(2020, 9, 30)) for _ in range(2))
    world.report(in_time, "done", date(2020, 9, 30))
    world.report(late, "done", date(2020, 10, 1))
    check(in_time, date(2020, 12, 31), state="done", late=False, lamp="blue")
    check(late, date(2020, 9, 30), state="not_started", late=False)
    check(late, date(2020, 10, 1), state="done", late=True, lamp="blue")


def test_a_task_without_a_due_day_is_never_overdue(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, None)
    world.report(task, "in_progress", date(2020, 2, 1), percent=5)
    check(
        task,
        date(2020, 12, 31),
        state="in_progress",
        expected_percent=None,
        points_behind=None,
        behind=False,
        not_reported=True,
        lamp="green",
    )


def test_an_extension_counts_from_the_day_it_is_approved(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 6, 30))
    asked = world.extension(task, date(2020, 10, 31))
    world.decide(asked, "approved", date(2020, 7, 10))
    check(task, date(2020, 7, 9), effective_due_on=date(2020, 6, 30), state="overdue")
    check(task, date(2020, 7, 10), effective_due_on=date(2020, 10, 31), state="not_started")


def test_a_refused_extension_moves_nothing(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 6, 30))
    world.decide(world.extension(task, date(2020, 10, 31)), "refused", date(2020, 6, 1))
    check(task, date(2020, 7, 1), effective_due_on=date(2020, 6, 30))


def test_an_approval_taken_back_moves_nothing_any_more(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 6, 30))
    asked = world.extension(task, date(2020, 10, 31))
    world.decide(asked, "approved", date(2020, 6, 1))
    world.decide(asked, "refused", date(2020, 6, 20))
    check(task, date(2020, 6, 19), effective_due_on=date(2020, 10, 31))
    check(task, date(2020, 6, 20), effective_due_on=date(2020, 6, 30))


def test_the_newest_of_two_approvals_counts(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 6, 30))
    far = world.extension(task, date(2020, 12, 31))
    near = world.extension(task, date(2020, 8, 31))
    world.decide(near, "approved", date(2020, 6, 20))
    world.decide(far, "approved", date(2020, 6, 10))
    check(task, date(2020, 7, 1), effective_due_on=date(2020, 8, 31))


def test_a_new_edition_dates_its_tasks_anew_from_its_first_day(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 6, 30))
    edition = world.edition(ledger, date(2020, 7, 15))
    world.task(ledger, date(2020, 9, 30), edition=edition, revises=task)
    check(task, date(2020, 7, 14), state="overdue")
    check(task, date(2020, 7, 15), state="not_started", effective_due_on=date(2020, 9, 30))


# 序时进度, and points behind it


def test_expected_percent_counts_the_leap_day(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 12, 31))
    # 31 days of January, 29 of February and 13 of March are 73 of 365.
    check(task, date(2020, 3, 14), expected_percent=20)
    check(task, date(2020, 1, 1), expected_percent=0)
    check(task, date(2020, 12, 31), expected_percent=100)


def test_a_task_due_before_the_ledger_starts_is_expected_at_once(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 3, 31))
    world.setting("started_on", "2020-06-01", ledger)
    check(task, date(2020, 3, 30), expected_percent=0, overdue=False, not_reported=False)
    check(task, date(2020, 3, 31), expected_percent=100, overdue=False, not_reported=False)
    check(task, date(2020, 6, 1), expected_percent=100, overdue=True, not_reported=True)


def test_with_a_plan_the_newest_node_reached_is_expected(
    world: World, ledger: Ledger, check: Check
):
    planned, ongoing = world.task(ledger, date(2020, 12, 31)), world.task(ledger, None)
    world.plan(planned, date(2020, 3, 31), 10)
    wrong = world.plan(planned, date(2020, 6, 30), 90)
    world.plan(planned, date(2020, 6, 30), 40, corrects=wrong)
    world.plan(ongoing, date(2020, 6, 30), 50)
    for task in (planned, ongoing):
        world.report(task, "in_progress", date(2020, 1, 5), percent=5)
    check(planned, date(2020, 3, 30), expected_percent=0, expected_by="plan", behind=False)
    check(planned, date(2020, 3, 31), expected_percent=10, points_behind=5, lamp="green")
    check(
        planned,
        date(2020, 6, 30),
        expected_percent=40,
        lamp="red",
        reason="落后序时 35.0 个百分点（按计划节点）",
    )
    check(ongoing, date(2020, 6, 30), expected_percent=50, behind=True, overdue=False)


def test_without_a_plan_the_reason_says_by_time(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 12, 31))
    as_of = date(2020, 10, 19)
    world.report(task, "in_progress", as_of, percent=60)
    check(
        task,
        as_of,
        expected_percent=80,
        expected_by="time",
        reason="落后序时 20.0 个百分点（按时间均摊推算）",
    )


def test_of_two_nodes_of_one_day_the_one_entered_last_counts(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 12, 31))
    world.plan(task, date(2020, 6, 30), 70)
    world.plan(task, date(2020, 6, 30), 60)
    check(task, date(2020, 7, 1), expected_percent=60)


def test_a_setting_keeps_red_for_what_is_overdue(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger, date(2020, 9, 30))
    world.report(task, "in_progress", date(2020, 2, 1), percent=5)
    check(task, date(2020, 8, 1), lamp="red", overdue=False)
    world.setting("red_overdue_only", "是", ledger)
    check(task, date(2020, 8, 1), lamp="yellow", behind=True)
    check(task, date(2020, 10, 1), lamp="red", overdue=True)


@pytest.mark.parametrize(
    ("percent", "points", "behind", "lamp"),
    [
        (70.5, 9.5, False, "green"),
        (70, 10, True, "yellow"),
        (50, 30, True, "yellow"),
        (49.5, 30.5, True, "red"),
    ],
)
def test_ten_and_thirty_points_behind_are_both_yellow(
    world: World,
    ledger: Ledger,
    check: Check,
    percent: float,
    points: float,
    behind: bool,
    lamp: str,
):
    task = world.task(ledger, date(2020, 12, 31))
    # 19 October is day 292 of 365, four fifths of the way.
    as_of = date(2020, 10, 19)
    world.report(task, "in_progress", as_of, percent=percent)
    check(task, as_of, expected_percent=80, points_behind=points, behind=behind, lamp=lamp)


@pytest.mark.parametrize(
    ("due_on", "as_of", "percents", "points", "lamp"),
    [
        # Two thirds of the way with a third and a bit done: 66.6… less 36.6… is 30 and no more.
        (date(2020, 9, 30), date(2020, 7, 1), (30, 40, 40), 30, "yellow"),
        # 18.3… less 8.3… is 10 and no less.
        (date(2020, 10, 27), date(2020, 2, 25), (5, 10, 10), 10, "yellow"),
    ],
)
def test_borders_hold_where_neither_share_is_a_round_number(
    world: World,
    ledger: Ledger,
    check: Check,
    due_on: date,
    as_of: date,
    percents: tuple[int, int, int],
    points: int,
    lamp: str,
):
    units = [world.unit(name) for name in ("厅法规处", "厅建管处", "厅运管处")]
    task = world.task(ledger, due_on, units=units)
    for unit, percent in zip(units, percents, strict=True):
        world.report(task, "in_progress", as_of, percent=percent, unit=unit)
    check(task, as_of, points_behind=pytest.approx(points), behind=True, lamp=lamp)


def test_thresholds_are_the_ledgers_own_before_those_of_all(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 12, 31))
    as_of = date(2020, 10, 19)
    world.report(task, "in_progress", as_of, percent=75)
    check(task, as_of, behind=False, lamp="green")
    world.setting("behind_yellow_points", "5", ledger)
    world.setting("behind_yellow_points", "50")
    check(task, as_of, behind=True, lamp="yellow")
    world.setting("behind_yellow_points", "6", ledger)
    check(task, as_of, behind=False, lamp="green")


@pytest.mark.parametrize(
    ("as_of", "lamp"),
    [
        (date(2020, 11, 30), "green"),
        (date(2020, 12, 1), "yellow"),
        (date(2020, 12, 31), "yellow"),
        (date(2021, 1, 1), "red"),
    ],
)
def test_due_within_thirty_days_is_yellow(
    world: World, ledger: Ledger, check: Check, as_of: date, lamp: str
):
    task = world.task(ledger, date(2020, 12, 31))
    world.report(task, "in_progress", date(2020, 1, 1), percent=99)
    check(task, as_of, lamp=lamp)


# Signals and lamps


def test_a_task_is_not_reported_from_the_first_of_the_month(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 12, 31))
    world.report(task, "in_progress", date(2020, 8, 31), percent=70)
    check(task, date(2020, 8, 31), not_reported=False)
    check(task, date(2020, 9, 1), not_reported=True)
    check(task, date(2019, 12, 31), not_reported=False)


def test_the_same_month_of_another_year_is_another_month(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 3, 31))
    world.report(task, "in_progress", date(2020, 3, 10), percent=70)
    check(task, date(2021, 3, 20), not_reported=True)


def test_bonus_and_penalty_tasks_have_no_state(world: World, ledger: Ledger, check: Check):
    for kind in ("bonus", "penalty"):
        task = world.task(ledger, date(2020, 3, 31), kind=kind)
        world.report(task, "done", date(2020, 3, 1))
        check(task, date(2020, 6, 30), state=None, is_applicable=False, is_done=False, lamp="grey")


def test_a_ledger_nobody_reported_on_is_grey_even_where_overdue(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 3, 31))
    check(task, date(2020, 6, 30), state="overdue", overdue=True, lamp="grey")
    world.occurrence(world.task(ledger), date(2020, 7, 1))
    check(task, date(2020, 6, 30), lamp="grey")
    check(task, date(2020, 7, 1), lamp="red")


def test_a_report_corrected_away_leaves_the_ledger_without_progress(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger, date(2020, 3, 31))
    wrong = world.report(task, "in_progress", date(2020, 2, 1))
    world.report(task, "in_progress", date(2020, 8, 1), corrects=wrong)
    check(task, date(2020, 6, 30), reported_on=None, lamp="grey")


def test_a_red_lamp_says_why(world: World, ledger: Ledger, check: Check, shared: Warehouse):
    task = world.task(ledger, date(2020, 3, 31))
    world.cadence(task, "month")
    world.occurrence(task, date(2020, 1, 15))
    check(task, date(2020, 4, 5), lamp="red", windows_missed=2)
    with shared.cursor() as cursor:
        (reason,) = cursor.execute(
            "select reason from task_state(date '2020-04-05', timestamp 'infinity', false)"
        ).fetchone()
    assert reason == "逾期 5 天；频次缺 2 期；从未填报，进度按 0% 计"


# Cadence


@pytest.fixture
def windows(shared: Warehouse, world: World) -> Callable[..., None]:
    """`windows(day, (start, end, times, state), …)`: both judges list exactly these."""

    def windows(as_of: date, *expected: tuple) -> None:
        restart(shared, world)
        with shared.cursor() as cursor:
            found = cursor.execute(
                "select window_start, window_end, times, state"
                " from cadence_windows($as_of, $known_at, false) order by window_start",
                {"as_of": as_of, "known_at": ALL_KNOWN},
            ).fetchall()
        (ledger,), (task,) = world.ledgers, world.tasks
        listed = twin.windows(world, ledger, task, as_of)
        assert found == list(expected)
        assert [(w.start, w.end, w.times, w.state) for w in listed] == list(expected)

    return windows


def test_a_week_across_new_year_belongs_to_the_year_it_ends_in(
    world: World, ledger: Ledger, windows: Check
):
    task = world.task(ledger)
    world.cadence(task, "week")
    world.occurrence(task, date(2019, 12, 31))
    windows(
        date(2020, 1, 12),
        (date(2019, 12, 30), date(2020, 1, 5), 1, "met"),
        (date(2020, 1, 6), date(2020, 1, 12), 0, "missed"),
    )


def test_the_last_week_of_a_ledger_ends_within_it(world: World, ledger: Ledger, check: Check):
    task = world.task(ledger)
    world.cadence(task, "week")
    # The week of 28 December ends on 3 January 2021: of the weeks that end in 2020, 27 December's is last.
    world.occurrence(task, date(2020, 12, 29))
    check(task, date(2021, 1, 31), windows=52, windows_achieved=0, windows_missed=52)


def test_february_ends_on_the_leap_day(world: World, ledger: Ledger, windows: Check):
    task = world.task(ledger)
    world.cadence(task, "month", 2)
    world.occurrence(task, date(2020, 1, 31), times=3)
    world.occurrence(task, date(2020, 2, 29))
    january = (date(2020, 1, 1), date(2020, 1, 31), 3, "met")
    windows(date(2020, 2, 28), january, (date(2020, 2, 1), date(2020, 2, 29), 0, "open"))
    windows(date(2020, 2, 29), january, (date(2020, 2, 1), date(2020, 2, 29), 1, "missed"))


def test_more_than_asked_in_one_window_is_not_carried_to_the_next(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger)
    world.cadence(task, "quarter", 2)
    world.occurrence(task, date(2020, 2, 1), times=5)
    world.occurrence(task, date(2020, 6, 30))
    check(task, date(2020, 6, 30), windows=2, windows_achieved=3, windows_missed=1, behind=True)
    check(task, date(2020, 6, 29), windows=1, windows_achieved=2, windows_missed=0, behind=False)


def test_no_window_ends_after_the_due_day(world: World, ledger: Ledger, windows: Check):
    task = world.task(ledger, date(2020, 5, 15))
    world.cadence(task, "two-months")
    windows(
        date(2020, 12, 31),
        (date(2020, 1, 1), date(2020, 2, 29), 0, "missed"),
        (date(2020, 3, 1), date(2020, 4, 30), 0, "missed"),
    )


def test_fortnights_are_counted_from_the_start_of_the_ledger(
    world: World, ledger: Ledger, windows: Check
):
    world.setting("started_on", "2020-12-02", ledger)
    world.cadence(world.task(ledger), "fortnight")
    windows(
        date(2020, 12, 31),
        (date(2020, 12, 2), date(2020, 12, 15), 0, "missed"),
        (date(2020, 12, 16), date(2020, 12, 29), 0, "missed"),
    )


def test_an_occurrence_of_one_period_counts_for_that_demand_alone(
    world: World, ledger: Ledger, check: Check
):
    task = world.task(ledger)
    world.cadence(task, "quarter")
    world.cadence(task, "half-year")
    world.occurrence(task, date(2020, 3, 1), period="half-year")
    world.occurrence(task, date(2020, 5, 1))
    # Two quarters and a half-year: the first quarter was not served.
    check(task, date(2020, 6, 30), windows=3, windows_achieved=2, windows_missed=1)


def test_units_that_enter_one_day_did_it_together(world: World, ledger: Ledger, check: Check):
    units = [world.unit("厅法规处"), world.unit("厅人事处")]
    task = world.task(ledger, date(2020, 12, 31), units=units)
    world.cadence(task, "quarter", 2)
    for unit in units:
        world.occurrence(task, date(2020, 2, 10), unit=unit)
    check(task, date(2020, 3, 31), windows_achieved=1, windows_missed=1)
    # Each of them twice: still the same two times.
    world.occurrence(task, date(2020, 2, 10), unit=units[0])
    check(task, date(2020, 3, 31), windows_achieved=2, windows_missed=0)


def test_another_occasion_of_the_same_day_counts_apart(world: World, ledger: Ledger, check: Check):
    units = [world.unit("厅法规处"), world.unit("厅人事处")]
    task = world.task(ledger, date(2020, 12, 31), units=units)
    world.cadence(task, "quarter", 2)
    world.occurrence(task, date(2020, 2, 10), unit=units[0])
    world.occurrence(task, date(2020, 2, 10), unit=units[1], another_occasion=True)
    check(task, date(2020, 3, 31), windows_achieved=2, windows_missed=0)


# Groups


def test_completion_rates_of_a_group(shared: Warehouse, world: World, ledger: Ledger):
    june, december = date(2020, 6, 30), date(2020, 12, 31)
    in_time = world.task(ledger, june, points=3)
    late = world.task(ledger, june, points=1)
    world.task(ledger, june)
    early = world.task(ledger, december, points=4)
    excused = world.task(ledger, june, points=100)
    bonus = world.task(ledger, june, kind="bonus", points=100)
    world.report(in_time, "done", june)
    world.verify(in_time, "accepted", date(2020, 7, 1))
    world.report(late, "done", date(2020, 7, 1))
    world.report(early, "in_progress", june, percent=40)
    world.report(excused, "not_applicable", june)
    world.report(bonus, "done", june)
    as_reported = {
        **{"applicable": 4, "done": 2, "due": 3, "due_done": 2, "on_time": 1},
        **{"done_rate": 50, "due_rate": 200 / 3, "on_time_rate": 100 / 3},
        **{"mean_percent": 60, "done_rate_by_points": 50},
    }
    verified = as_reported | {
        **{"done": 1, "due_done": 1, "done_rate": 25, "due_rate": 100 / 3},
        "done_rate_by_points": 37.5,
    }
    same_rates(shared, world, date(2020, 9, 30), as_reported, verified_only=False)
    same_rates(shared, world, date(2020, 9, 30), verified, verified_only=True)


def test_a_completion_of_an_unknown_day_is_done_and_in_no_on_time_count(
    shared: Warehouse, world: World, ledger: Ledger
):
    task = world.task(ledger, date(2020, 6, 30))
    world.column(task, "done", date(2020, 6, 1))
    expected = {"done": 1, "due": 1, "due_done": 1, "on_time": 0}
    same_rates(shared, world, date(2020, 9, 30), expected, verified_only=False)


def test_no_point_won_is_a_rate_of_zero_and_not_an_unknown_one(
    shared: Warehouse, world: World, ledger: Ledger
):
    world.task(ledger, date(2020, 12, 31), points=2)
    same_rates(shared, world, date(2020, 6, 30), {"done_rate_by_points": 0}, verified_only=False)


def same_rates(
    warehouse: Warehouse,
    world: World,
    as_of: date,
    expected: dict[str, float],
    *,
    verified_only: bool,
) -> None:
    restart(warehouse, world)
    (ledger,) = world.ledgers
    scope = Scope(ledger.ledger_id, as_of, verified_only=verified_only)
    by_sql = ask(warehouse, "completion", scope, by="all").iloc[0].to_dict()
    group = twin.in_scope(world, twin.judge(world, as_of), ledger)
    by_twin = vars(twin.completion(group, as_of, verified_only=verified_only))
    assert {name: by_sql[name] for name in expected} == pytest.approx(expected)
    assert {name: float(by_twin[name]) for name in expected} == pytest.approx(expected)


def same_duties(
    warehouse: Warehouse, world: World, as_of: date, *, expanded: bool, columns: str
) -> list[tuple]:
    """Columns of the duties of all tasks by unit, once both judges agree on them."""
    restart(warehouse, world)
    (ledger,) = world.ledgers
    with warehouse.snapshot() as snapshot, snapshot.cursor() as cursor:
        version = snapshot.judge([as_of])
        by_sql = cursor.execute(
            f"select unit, {columns} from"
            " duty_in_scope($version, $ledger, $as_of, [], [], [], $expanded) order by unit",
            {
                "version": version,
                "ledger": ledger.ledger_id,
                "as_of": as_of,
                "expanded": expanded,
            },
        ).fetchall()
    name_of = {unit.unit_id: unit.name for unit in world.units}
    by_twin = [
        (name_of[duty.unit_id], *(getattr(duty, name) for name in columns.split(", ")))
        for duty in twin.duties(world, ledger, twin.judge(world, as_of), as_of, expanded=expanded)
    ]
    assert by_sql == [pytest.approx(row) for row in sorted(by_twin)]
    return by_sql


def test_members_of_a_collective_share_one_task(shared: Warehouse, world: World, ledger: Ledger):
    a, b = world.unit("甲市交通运输局"), world.unit("乙市交通运输局")
    both = world.unit("两市交通运输局", members=[a, b])
    office = world.unit("厅法规处")
    world.task(ledger, units=[(a, "lead"), both, (office, "cooperate"), (office, "support")])
    day = date(2020, 6, 30)
    columns = "role, is_first"
    assert same_duties(shared, world, day, expanded=False, columns=columns) == [
        ("两市交通运输局", "responsible", False),
        ("厅法规处", "cooperate", False),
        ("甲市交通运输局", "lead", False),
    ]
    assert same_duties(shared, world, day, expanded=True, columns=columns) == [
        ("乙市交通运输局", "responsible", False),
        ("厅法规处", "cooperate", False),
        ("甲市交通运输局", "lead", False),
    ]


@pytest.mark.parametrize(
    ("expanded", "shares"), [(False, [1 / 2, 1 / 2]), (True, [1 / 8, 1 / 8, 1 / 8, 1 / 8, 1 / 2])]
)
def test_members_divide_their_collectives_share_of_a_task(
    shared: Warehouse, world: World, ledger: Ledger, expanded: bool, shares: list[float]
):
    cities = [world.unit(f"{name}市交通运输局") for name in "甲乙丙丁"]
    world.task(ledger, units=[world.unit("厅法规处"), world.unit("四市交通运输局", members=cities)])
    listed = same_duties(shared, world, date(2020, 6, 30), expanded=expanded, columns="share")
    assert sorted(share for _, share in listed) == pytest.approx(shares)


def test_first_listed_is_lead_only_where_the_setting_says_so(
    shared: Warehouse, world: World, ledger: Ledger
):
    world.task(ledger, units=[world.unit("乙处"), world.unit("甲处")])
    day = date(2020, 6, 30)
    first, second = ("乙处", "responsible", True), ("甲处", "responsible", False)
    columns = "role, is_first"
    assert same_duties(shared, world, day, expanded=False, columns=columns) == [first, second]
    world.setting("first_listed_leads", "是", ledger)
    first = ("乙处", "lead", True)
    assert same_duties(shared, world, day, expanded=False, columns=columns) == [first, second]


def test_a_unit_that_finished_its_part_is_not_overdue(
    shared: Warehouse, world: World, ledger: Ledger
):
    quick, slow = world.unit("甲处"), world.unit("丙处")
    task = world.task(ledger, date(2020, 6, 30), units=[quick, slow])
    world.report(task, "done", date(2020, 6, 1), unit=quick)
    found = same_duties(
        shared, world, date(2020, 7, 1), expanded=False, columns="unit_is_done, unit_is_overdue"
    )
    assert found == [("丙处", False, True), ("甲处", True, False)]


def test_a_collective_whose_members_all_finished_is_not_overdue(
    shared: Warehouse, world: World, ledger: Ledger
):
    city = world.unit("甲市交通运输局")
    cities = world.unit("各市交通运输局", members=[city])
    task = world.task(ledger, date(2020, 6, 30), units=[cities, world.unit("丙处")])
    world.report(task, "done", date(2020, 6, 1), unit=city)
    found = same_duties(
        shared, world, date(2020, 7, 1), expanded=False, columns="unit_is_done, unit_is_overdue"
    )
    assert found == [("丙处", False, True), ("各市交通运输局", True, False)]
