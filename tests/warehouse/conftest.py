"""One database in memory for the tests that judge many small worlds, and both judges of a task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse import twin
from tests.warehouse.world import Ledger, Task, World, restart
from warehouse import ALL_KNOWN, Warehouse

Check = Callable[..., None]


@pytest.fixture(scope="session")
def shared() -> Iterator[Warehouse]:
    """Every world in turn has this database to itself; see `world.restart`."""
    opened = Warehouse(Path(":memory:"))
    yield opened
    opened.close()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ledger(world: World) -> Ledger:
    """Of 2020, a leap year: 365 days from 1 January to 31 December."""
    return world.ledger(2020)


@pytest.fixture
def check(shared: Warehouse, world: World) -> Check:
    """`check(task, day, figure=value, …)`: both judges say so of the task on the day."""

    def check(task: Task, as_of: date, **expected: Any) -> None:
        restart(shared, world)
        with shared.cursor() as cursor:
            found = cursor.execute(
                f"select {', '.join(expected)} from task_state($as_of, $known_at, false)"
                " where task_id = $task_id",
                {"as_of": as_of, "known_at": ALL_KNOWN, "task_id": task.task_id},
            )
            by_sql = dict(zip(expected, found.fetchone(), strict=True))
        (j,) = (j for j in twin.judge(world, as_of) if j.task.task_id == task.task_id)
        by_twin = vars(j) | {
            "reason": by_sql.get("reason"),
            "windows": j.cadence.windows,
            "windows_achieved": j.cadence.achieved,
            "windows_missed": j.cadence.missed,
        }
        assert by_sql == expected
        assert {name: by_twin[name] for name in expected} == expected

    return check
