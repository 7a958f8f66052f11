"""Every figure of the SQL, row for row, against the plain-Python twin on random small worlds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.warehouse import twin
from tests.warehouse.strategies import worlds_on_a_day
from tests.warehouse.world import World, read, restart
from warehouse import Warehouse
from warehouse.store import Warehouse as Opened

EXAMPLES = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    # A world is small as it is drawn, and at a tenth of a second a try shrinking it takes minutes.
    phases=[Phase.generate],
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    """One database in memory for all worlds of this module."""
    opened = Opened(Path(":memory:"))
    yield opened
    opened.close()


def rows(warehouse: Warehouse, macro: str, as_of: date, columns: str) -> list[tuple]:
    """The named columns of every row of a table macro, sorted."""
    with warehouse.cursor() as cursor:
        found = cursor.execute(f"select {columns} from {macro}($as_of)", {"as_of": as_of})
        return in_order(found.fetchall())


def in_order(listed: list[tuple]) -> list[tuple]:
    return sorted(listed, key=lambda row: tuple(str(part) for part in row))


def number(value: Any) -> Any:
    """A fraction as the nearest double, to twelve digits; the SQL adds up doubles."""
    return None if value is None else round(float(value), 9)


@EXAMPLES
@given(case=worlds_on_a_day())
def test_facts_come_out_of_the_warehouse_as_they_went_in(
    shared: Warehouse, case: tuple[World, date]
):
    world, _ = case
    restart(shared, world)
    stored = read(shared)
    for name, facts in vars(world).items():
        assert sorted(vars(stored)[name], key=str) == sorted(facts, key=str)


@EXAMPLES
@given(case=worlds_on_a_day())
def test_due_days_and_progress_are_those_of_the_twin(shared: Warehouse, case: tuple[World, date]):
    world, as_of = case
    restart(shared, world)
    in_force = [
        task for ledger in world.ledgers for task in twin.tasks_in_force(world, ledger, as_of)
    ]

    assert rows(shared, "task_due", as_of, "task_id, due_on, effective_due_on") == in_order(
        [(t.task_id, t.due_on, twin.effective_due_on(world, t, as_of)) for t in in_force]
    )

    subjects = {(r.task_id, r.unit_id) for r in world.reports}
    by_subject = {
        subject: progress
        for subject in subjects
        if (progress := twin.subject_progress(world, *subject, as_of)) is not None
    }
    found = rows(
        shared,
        "subject_progress",
        as_of,
        "task_id, unit_id, state, percent, reported_on, done_on, verified, is_returned",
    )
    assert found == in_order(
        [
            (*subject, p.state, number(p.percent), p.reported_on, p.done_on, p.verified, p.is_returned)
            for subject, p in by_subject.items()
        ]
    )

    by_task = {
        task.task_id: progress
        for task in in_force
        if (progress := twin.task_progress(world, task, as_of)) is not None
    }
    found = rows(
        shared,
        "task_progress",
        as_of,
        "task_id, state, round(percent, 9), reported_on, done_on, verified",
    )
    assert found == in_order(
        [
            (task_id, p.state, number(p.percent), p.reported_on, p.done_on, p.verified)
            for task_id, p in by_task.items()
        ]
    )


@EXAMPLES
@given(case=worlds_on_a_day())
def test_cadence_windows_are_those_of_the_twin(shared: Warehouse, case: tuple[World, date]):
    world, as_of = case
    restart(shared, world)
    listed, scores = [], []
    for ledger in world.ledgers:
        for task in twin.tasks_in_force(world, ledger, as_of):
            by_period: dict[str, list[twin.Window]] = {
                c.period: []
                for c in world.cadences
                if (c.edition_id, c.task_id) == (task.edition_id, task.task_id)
                and task.kind == "base"
            }
            for window in twin.windows(world, ledger, task, as_of):
                by_period[window.period].append(window)
                listed.append((task.task_id, *vars(window).values()))
            for period, windows in by_period.items():
                score = twin.cadence_score(windows, as_of)
                scores.append((task.task_id, period, *vars(score).values()))

    columns = "task_id, period, min_count, window_start, window_end, times, state"
    assert rows(shared, "cadence_windows", as_of, columns) == in_order(listed)
    columns = "task_id, period, windows, required, achieved, missed"
    assert rows(shared, "cadence_score", as_of, columns) == in_order(scores)


REASONS = {
    "days_overdue": r"逾期 (\d+) 天",
    "days_left": r"(\d+) 天后到期",
    "points_behind": r"落后序时 ([\d.]+) 个百分点",
    "windows_missed": r"频次缺 (\d+) 个窗口",
    "days_late": r"晚于期限 (\d+) 天",
}


def reason_in_figures(reason: str) -> dict[str, object]:
    """What a lamp's sentence states, in the twin's names."""
    stated: dict[str, object] = {
        name: float(found[1])
        for name, pattern in REASONS.items()
        if (found := re.search(pattern, reason))
    }
    if "今日到期" in reason:
        stated["days_left"] = 0
    if "从未填报" in reason:
        stated["never_reported"] = True
    if "已销号" in reason:
        stated["verified"] = True
    if found := re.search(r"(\d{4}-\d\d-\d\d) 完成", reason):
        stated["done_on"] = date.fromisoformat(found[1])
    for kind, word in {"bonus": "加分项", "penalty": "扣分项"}.items():
        if word in reason:
            stated["kind"] = kind
    return stated


@EXAMPLES
@given(case=worlds_on_a_day())
def test_states_signals_and_lamps_are_those_of_the_twin(
    shared: Warehouse, case: tuple[World, date]
):
    world, as_of = case
    restart(shared, world)
    expected = {str(j.task.task_id): j for j in twin.judge(world, as_of)}
    with shared.cursor() as cursor:
        found = cursor.execute("from task_state($as_of)", {"as_of": as_of})
        names = [column[0] for column in found.description]
        judged = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert len(judged) == len(expected)
    for row in judged:
        j = expected[str(row["task_id"])]
        for name in (
            *("edition_id", "kind", "due_on"),
            *("effective_due_on", "state", "is_done", "is_applicable", "late"),
            *("overdue", "behind", "not_reported", "reported_on", "lamp"),
        ):
            assert row[name] == getattr(j, name, getattr(j.task, name, None)), (name, row)
        for name in ("percent", "expected_percent", "points_behind"):
            assert number(row[name]) == number(getattr(j, name)), (name, row)
        for name, value in vars(j.cadence).items():
            assert row[name if name == "windows" else f"windows_{name}"] == value, (name, row)
        stated = reason_in_figures(row["reason"])
        assert stated.keys() == j.reason.keys(), row
        assert stated == pytest.approx(j.reason, abs=0.051) if "points_behind" in stated else (
            stated == j.reason
        ), row
