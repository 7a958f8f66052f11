"""Every pair of dimensions by every measure on random worlds, against plain Python task by task."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import metrics
from metrics.narrowing.crossing import MEASURES, TOTAL, Measure, crossed, facts
from metrics.narrowing.facets import FACETS, NO_SIGNAL, NO_UNIT, Choice
from metrics.narrowing.holding import Explored
from tests.metrics import explored_answers
from tests.metrics.answers import Case, Row
from tests.metrics.surroundings import settle
from tests.metrics.test_questions import cases
from warehouse import Warehouse
from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, ROLES, STATES

OF_DUTY = ("unit", "class", "role")
KEYS = [facet.key for facet in FACETS]
PAIRS = [*((key, "") for key in KEYS), *combinations(KEYS, 2)]
SLICES = 12
TURNS = cycle(range(SLICES))
"""Each world in turn looks at every twelfth pair, by every measure: each pair in two worlds."""
OF_PART = ("done", "due_done", "overdue", "overdue_days")


@dataclass
class Counted:
    """A task with its values of each facet, and its parts with theirs."""

    row: Row
    labels: dict[str, set[str]]
    parts: list[Row]


def counted_tasks(case: Case) -> list[Counted]:
    duties: dict[int, list[Row]] = {}
    for duty in explored_answers.explored_duties(case):
        duties.setdefault(duty["number"], []).append(
            duty | {"role": ROLES[duty["role"]], "overdue_days": duty["overdue_days"] or 0}
        )
    found = []
    for row in explored_answers.explored_tasks(case):
        nobody = {
            **dict.fromkeys(OF_DUTY, NO_UNIT),
            **{"duties": 0, "share": 0, "done": row["done"], "overdue": row["overdue"]},
            "overdue_days": row["overdue_days"] or 0,
        }
        parts = duties.get(row["number"], [nobody])
        parts = [part | {"due_done": row["due"] and part["done"]} for part in parts]
        found.append(Counted(row | {"tasks": 1}, labels_of(row, case.as_of), parts))
    return found


def labels_of(row: Row, as_of: date) -> dict[str, set[str]]:
    due = row["effective_due_on"]
    left = None if due is None else (due - as_of).days
    signals = [("逾期", "overdue"), ("滞后", "behind"), ("未报送", "not_reported")]

    def month(day: date | None, unknown: str) -> str:
        return unknown if day is None else f"{day:%Y-%m}"

    window = (
        "没有写明" if left is None else "已过" if left < 0 else "在 30 天内" if left <= 30
        else "在 31–90 天内" if left <= 90 else "在 90 天以后"
    )  # fmt: skip
    return {
        "level1": {row["short_name"]},
        "level2": {row["level2"] or "未分二级"},
        "theme": {row["theme"]},
        "kind": {KINDS[row["kind"]]},
        "state": {STATES.get(row["state"], "不判断（加分扣分项）")},
        "lamp": {LAMPS[row["lamp"]].word},
        "signal": {word for word, flag in signals if row[flag]} or {NO_SIGNAL},
        "window": {window},
        "due_month": {month(due, "没有期限")},
        "done_month": {month(row["done_on"], "没有完成日期")},
        "deadline": {DEADLINE_KINDS[row["deadline_kind"]]},
        "cadence": {PERIODS[p] for p in row["periods"].split(",") if p} or {"无频次要求"},
        "evidence": {"有佐证" if row["evidence"] else "无佐证"},
        "verified": {"已销号" if row["is_verified"] else "未销号"},
        "waiting": {"待核验" if row["is_waiting"] else "无待核验"},
        "claim": {row["claim_state"] or "非加分扣分项"},
        "edition": {f"第 {row['first_edition']} 版"},
        "source": {"正文"},
    }


def parts_of(counted: Counted, wanted: dict[str, tuple[str, ...]]) -> list[Row]:
    """The parts of a task in all of the wanted values; none where another value is missing."""
    if any(not counted.labels[k] & set(v) for k, v in wanted.items() if k not in OF_DUTY):
        return []
    return [
        part
        for part in counted.parts
        if all(part[k] in v for k, v in wanted.items() if k in OF_DUTY)
    ]


def chosen(tasks: list[Counted], choice: Choice) -> list[Counted]:
    """The tasks a choice leaves, with those parts that answer to it."""
    left = []
    for task in tasks:
        parts = parts_of(task, dict(choice.values))
        for key, values in choice.excluded.items():
            if parts_of(task, {key: values}):
                parts = []
        if parts:
            left.append(Counted(task.row, task.labels, parts))
    return left


def cell(
    tasks: list[Counted], wanted: dict[str, tuple[str, ...]], measure: Measure
) -> float | None:
    """What a group comes to: each task once, or each part for what counts parts."""
    groups = [(task, parts) for task in tasks if (parts := parts_of(task, wanted))]
    if not groups:
        return None

    def values(name: str) -> list[Any]:
        if measure.of_duties:
            return [part[name] for _, parts in groups for part in parts]
        if "unit" in wanted and name in OF_PART:
            return [parts[0][name] for _, parts in groups]
        return [task.row[name] for task, _ in groups if task.row[name] is not None]

    top = values(measure.numerator)
    if not measure.denominator:
        return float(sum(top)) if top else None
    whole = sum(map(float, values(measure.denominator)))
    return measure.scale * float(sum(top)) / whole if whole and top else None


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    """One database in memory; every world in turn has it to itself."""
    opened = Warehouse(Path(":memory:"))
    yield opened
    opened.close()


@st.composite
def narrowed(draw: st.DrawFn) -> tuple[Case, Choice]:
    case, _interest = draw(cases())
    return case, Choice(
        {} if draw(st.booleans()) else {"role": ("牵头", "负责")},
        excluded=draw(st.sampled_from([{}, {"unit": ("厅法规处",)}, {"lamp": ("红灯",)}])),
    )


@settings(
    max_examples=2 * SLICES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(drawn=narrowed())
def test_cells_and_totals_are_of_distinct_tasks(shared: Warehouse, drawn: tuple[Case, Choice]):
    case, choice = drawn
    settle(shared, case.recorded, case.recorded_around)
    explored = Explored(
        metrics.ask(shared, "explored_tasks", case.scope),
        metrics.ask(shared, "explored_duties", case.scope),
        case.as_of,
    )
    mask = explored.matching(choice)
    tasks = chosen(counted_tasks(case), choice)
    assert [int(n) for n in explored.tasks.number[mask]] == [t.row["number"] for t in tasks]
    for down, across in PAIRS[next(TURNS) :: SLICES]:
        check(explored, choice, mask, tasks, down, across)


def check(explored, choice, mask, tasks: list[Counted], down: str, across: str) -> None:
    told = {
        by_duty: facts(explored, choice, mask, (down, across), by_duty=by_duty)
        for by_duty in (False, True)
    }
    for name, measure in MEASURES.items():
        if name == "lost_points":
            # No column of a task; by hand in test_narrowing.
            continue
        rows = told[measure.of_duties]
        if rows.empty:
            assert not tasks
            return
        cells = crossed(rows, down, across, measure)
        for label in cells.index:
            for other in cells.columns:
                wanted = {} if label == TOTAL else {down: (label,)}
                if across and other != TOTAL:
                    wanted[across] = (other,)
                expected = cell(tasks, wanted, measure)
                found = cells.loc[label, other]
                assert (math.isnan(found) and expected is None) or found == pytest.approx(
                    expected
                ), (down, across, name, label, other)
        if name == "tasks":
            check_lists(explored, choice, cells, down, across)


def check_lists(explored, choice: Choice, cells, down: str, across: str) -> None:
    """A count is the length of the list behind its click, and the count of the pill there."""
    pills = {} if across or choice[down] else explored.counts(choice)[down]
    for label in cells.index.drop(TOTAL):
        behind = choice.having(down, [label])
        count = cells.loc[label].iloc[-1]
        assert explored.matching(behind).sum() == pills.get(label, count) == count, (down, label)
        for other in cells.columns[:-1] if across else ():
            count = cells.loc[label, other]
            both = explored.matching(behind.having(across, [other])).sum()
            assert both == (0 if math.isnan(count) else count), (down, label, across, other)
