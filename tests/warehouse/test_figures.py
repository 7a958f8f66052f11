"""Every figure of the SQL, row for row, against the plain-Python twin on random small worlds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from metrics import Scope, ask
from tests.warehouse import twin
from tests.warehouse.strategies import INSTANTS, LEVEL1S, worlds_on_a_day
from tests.warehouse.world import World, read, restart
from warehouse import Basis, Warehouse

Rows = list[tuple]

EXAMPLES = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    # A world is small as it is drawn, and at a fifth of a second a try shrinking it takes minutes.
    phases=[Phase.generate],
)


@settings(EXAMPLES, max_examples=10)
@given(case=worlds_on_a_day())
def test_facts_come_out_of_the_warehouse_as_they_went_in(
    shared: Warehouse, case: tuple[World, date]
):
    world, _ = case
    restart(shared, world)
    stored = read(shared)
    corrections = sum(
        row.supersedes_id is not None
        for facts in vars(world).values()
        for row in facts
        if hasattr(row, "supersedes_id")
    )
    assert len(stored.withdrawals) == len(world.withdrawals) + corrections
    stored.withdrawals = world.withdrawals
    for name, facts in vars(world).items():
        assert sorted(vars(stored)[name], key=str) == sorted(facts, key=str)


@EXAMPLES
@given(case=worlds_on_a_day(), known_at=INSTANTS, as_issued=st.sampled_from([False, False, True]))
def test_every_judgement_is_that_of_the_twin(
    shared: Warehouse, case: tuple[World, date], known_at: datetime, as_issued: bool
):
    world, as_of = case
    restart(shared, world)
    judged = twin.known(world, known_at)
    if as_issued:
        judged = twin.as_issued(judged)
    lens = Lens(as_of, Basis(known_at, as_issued))
    compare_due_days(shared, judged, lens)
    compare_subjects(shared, judged, lens)
    compare_tasks(shared, judged, lens)
    compare_windows(shared, judged, lens)
    compare_states(shared, judged, lens)


@dataclass(frozen=True)
class Lens:
    """What the macros are asked with."""

    as_of: date
    basis: Basis

    def look(self, warehouse: Warehouse, macro: str, columns: str) -> tuple[list[str], Rows]:
        """The columns of a table macro and its rows."""
        given_values = {"as_of": self.as_of, "known_at": self.basis.known_at}
        if macro not in ("subject_progress", "task_progress"):
            given_values["as_issued"] = self.basis.as_issued
        arguments = ", ".join(f"${name}" for name in given_values)
        with warehouse.cursor() as cursor:
            found = cursor.execute(f"select {columns} from {macro}({arguments})", given_values)
            return [column[0] for column in found.description], found.fetchall()


def rows(warehouse: Warehouse, macro: str, lens: Lens, columns: str) -> Rows:
    """The named columns of every row of a table macro, in any one order."""
    return in_order(lens.look(warehouse, macro, columns)[1])


def in_order(listed: list[tuple]) -> Rows:
    return sorted(listed, key=lambda row: tuple(str(part) for part in row))


def number(value: Any) -> float | None:
    """A figure to six decimals: the twin's are exact, the SQL adds up doubles."""
    return None if value is None else round(float(value), 6)


def tasks_in_force(world: World, as_of: date) -> list[tuple[Any, Any]]:
    """Each ledger with each of its tasks."""
    return [
        (ledger, task)
        for ledger in world.ledgers
        for task in twin.tasks_in_force(world, ledger, as_of)
    ]


def compare_due_days(warehouse: Warehouse, world: World, lens: Lens) -> None:
    columns = "task_id, edition_id, due_on, effective_due_on"
    assert rows(warehouse, "task_due", lens, columns) == in_order(
        [
            (
                task.task_id,
                task.edition_id,
                task.due_on,
                twin.effective_due_on(world, task, lens.as_of),
            )
            for _, task in tasks_in_force(world, lens.as_of)
        ]
    )


def compare_subjects(warehouse: Warehouse, world: World, lens: Lens) -> None:
    expected = []
    for task_id, unit_id in subjects(world, lens.as_of):
        p = twin.subject_progress(world, task_id, unit_id, lens.as_of)
        if p is not None:
            figures = (p.state, number(p.percent), p.reported_on, p.done_on)
            stands = (p.verified, p.completed_on, p.completion_entered_at, p.by_whole, p.has_own)
            expected.append((task_id, unit_id, *figures, *stands))
    columns = (
        "task_id, unit_id, state, round(percent, 6), reported_on, done_on, verified, completed_on,"
        " completion_entered_at, by_whole, has_own"
    )
    assert rows(warehouse, "subject_progress", lens, columns) == in_order(expected)


def subjects(world: World, as_of: date) -> set[tuple[Any, Any]]:
    """Tasks with the units that reported on them or were ever named for them, and tasks as a whole."""
    reports = twin.standing(world, world.reports, "report_id")
    reported = {(r.task_id, r.unit_id) for r in reports if r.effective_on <= as_of}
    named = {(a.task_id, a.unit_id) for a in world.assignments}
    named |= {(task_id, m) for task_id, unit_id in named for m in twin.members(world, unit_id)}
    return reported | named


def compare_tasks(warehouse: Warehouse, world: World, lens: Lens) -> None:
    expected = []
    for _, task in tasks_in_force(world, lens.as_of):
        p = twin.task_progress(world, task, lens.as_of)
        if p is not None:
            figures = (p.state, number(p.percent), p.reported_on, p.done_on)
            expected.append((task.task_id, *figures, p.verified))
    columns = "task_id, state, round(percent, 6), reported_on, done_on, verified"
    assert rows(warehouse, "task_progress", lens, columns) == in_order(expected)


def compare_windows(warehouse: Warehouse, world: World, lens: Lens) -> None:
    listed, scores = [], []
    for ledger, task in tasks_in_force(world, lens.as_of):
        windows = twin.windows(world, ledger, task, lens.as_of)
        listed += [(task.task_id, *vars(window).values()) for window in windows]
        for period in {c.period for c in twin.demanded(world, task)}:
            score = twin.cadence_score([w for w in windows if w.period == period], lens.as_of)
            scores.append((task.task_id, period, *vars(score).values()))
    columns = "task_id, period, min_count, window_start, window_end, times, state"
    assert rows(warehouse, "cadence_windows", lens, columns) == in_order(listed)
    columns = "task_id, period, windows, required, achieved, missed, open_windows"
    found = lens.look(warehouse, "cadence_score", columns)[1]
    assert in_order([(*row[:-1], begun(row[-1])) for row in found]) == in_order(scores)


def begun(open_windows: list[dict] | None) -> tuple[tuple[date, int], ...]:
    """What was done in windows that have not ended, as the twin has it."""
    return tuple(sorted((w["ends_on"], w["achieved"]) for w in open_windows or ()))


def compare_states(warehouse: Warehouse, world: World, lens: Lens) -> None:
    expected = {j.task.task_id: j for j in twin.judge(world, lens.as_of)}
    names, found = lens.look(warehouse, "task_state", "*")
    judged = [dict(zip(names, row, strict=True)) for row in found]
    assert {row["task_id"] for row in judged} == expected.keys()
    for row in judged:
        j = expected[row["task_id"]]
        windows = {
            "windows": j.cadence.windows,
            "windows_required": j.cadence.required,
            "windows_achieved": j.cadence.achieved,
            "windows_missed": j.cadence.missed,
        }
        assert begun(row["open_windows"]) == j.cadence.open_windows
        plain = {
            name: getattr(j, name)
            for name in (
                *("effective_due_on", "state", "is_done", "is_applicable", "late", "overdue"),
                "due_open",
                *("behind", "not_reported", "done_on", "reported_on", "lamp", "expected_by"),
            )
        }
        assert {name: row[name] for name in windows | plain} == windows | plain
        for name in ("percent", "expected_percent", "points_behind"):
            assert number(row[name]) == number(getattr(j, name)), name
        stated = reason_in_figures(row["reason"])
        # The sentence gives points to one decimal.
        assert stated.pop("points_behind", None) == pytest.approx(
            j.reason.pop("points_behind", None), abs=0.0501
        )
        assert stated == j.reason


def reason_in_figures(reason: str) -> dict[str, object]:
    """What a lamp's sentence states, in the twin's names."""
    counts = {
        "days_overdue": r"逾期 (\d+) 天",
        "days_left": r"(\d+) 天后到期",
        "windows_missed": r"频次缺 (\d+) 期",
        "days_late": r"晚于期限 (\d+) 天",
    }
    stated: dict[str, object] = {
        name: int(found[1])
        for name, pattern in counts.items()
        if (found := re.search(pattern, reason))
    }
    if found := re.search(r"落后序时 ([\d.]+) 个百分点", reason):
        stated["points_behind"] = float(found[1])
        stated["expected_by"] = "plan" if "（按计划节点）" in reason else "time"
    if found := re.search(r"(\d{4}-\d\d-\d\d) 完成", reason):
        stated["done_on"] = date.fromisoformat(found[1])
    if "当日到期" in reason:
        stated["days_left"] = 0
    if "从未填报" in reason:
        stated["never_reported"] = "nothing"
    if "进度取自台账" in reason:
        stated["never_reported"] = "column"
    if "退办待改" in reason:
        stated["returned"] = True
    if "完成日期不详" in reason:
        stated["day_unknown"] = True
    if "已销号" in reason:
        stated["verified"] = True
    for kind, word in {"bonus": "加分项", "penalty": "扣分项"}.items():
        if word in reason:
            stated["kind"] = kind
    return stated


@settings(EXAMPLES, max_examples=40)
@given(
    case=worlds_on_a_day(),
    units=st.lists(st.sampled_from(["厅法规处", "银川市交通运输局", "五市交通运输局"]), max_size=2),
    level1s=st.lists(st.sampled_from(LEVEL1S), max_size=1),
    kinds=st.sampled_from([[], [], ["base"], ["bonus", "penalty"]]),
    expanded=st.booleans(),
    verified_only=st.booleans(),
)
def test_every_group_is_that_of_the_twin(
    shared: Warehouse,
    case: tuple[World, date],
    units: list[str],
    level1s: list[str],
    kinds: list[str],
    expanded: bool,
    verified_only: bool,
):
    world, as_of = case
    restart(shared, world)
    ledger = world.ledgers[0]
    scope = Scope(
        ledger.ledger_id,
        as_of,
        tuple(units),
        tuple(level1s),
        tuple(kinds),
        verified_only=verified_only,
        expanded=expanded,
    )
    group = twin.in_scope(
        world, twin.judge(world, as_of), ledger, units=units, level1s=level1s, kinds=kinds
    )
    duties = twin.duties(world, ledger, group, as_of, expanded=expanded)
    compare_scope(shared, scope, group)
    compare_duties(shared, scope, duties)
    compare_completion(shared, scope, group)
    compare_workload(shared, scope, duties, world)


def of_scope(warehouse: Warehouse, macro: str, scope: Scope, columns: str) -> Rows:
    given_values = {
        "ledger": scope.ledger_id,
        "day": scope.as_of,
        "units": list(scope.units),
        "level1s": list(scope.level1s),
        "kinds": list(scope.kinds),
    }
    if macro == "duty_in_scope":
        given_values["expanded"] = scope.expanded
    arguments = ", ".join(["$basis", *(f"${name}" for name in given_values)])
    with warehouse.snapshot() as snapshot, snapshot.cursor() as cursor:
        given_values["basis"] = snapshot.judge([scope.as_of])
        found = cursor.execute(f"select {columns} from {macro}({arguments})", given_values)
        return in_order(found.fetchall())


def compare_scope(warehouse: Warehouse, scope: Scope, group: list[twin.Judgement]) -> None:
    found = of_scope(warehouse, "task_in_scope", scope, "task_id, state, lamp")
    assert found == in_order([(j.task.task_id, j.state, j.lamp) for j in group])


def compare_duties(warehouse: Warehouse, scope: Scope, duties: list[twin.Duty]) -> None:
    columns = "task_id, unit_id, role, is_first, collective is not null"
    figures = "round(share, 6), unit_is_done, unit_is_overdue"
    assert of_scope(warehouse, "duty_in_scope", scope, f"{columns}, {figures}") == in_order(
        [
            (
                *(d.judgement.task.task_id, d.unit_id, d.role, d.is_first, bool(d.through)),
                *(number(d.share), d.unit_is_done, d.unit_is_overdue),
            )
            for d in duties
        ]
    )


def compare_completion(warehouse: Warehouse, scope: Scope, group: list[twin.Judgement]) -> None:
    expected = twin.completion(group, scope.as_of, verified_only=scope.verified_only)
    found = ask(warehouse, "completion", scope, by="all")
    if not any(j.task.kind == "base" for j in group):
        assert found.empty
        return
    for name, value in vars(expected).items():
        shown = found[name].astype(object).where(found[name].notna(), None)[0]
        assert (name, number(shown)) == (name, number(value))


def compare_workload(
    warehouse: Warehouse, scope: Scope, duties: list[twin.Duty], world: World
) -> None:
    found = ask(warehouse, "unit_workload", scope).set_index("unit")
    name_of = {unit.unit_id: unit.name for unit in world.units}
    by_unit: dict[str, list[twin.Duty]] = {}
    for duty in duties:
        by_unit.setdefault(name_of[duty.unit_id], []).append(duty)
    assert set(found.index) == by_unit.keys()
    for unit, carried in by_unit.items():
        applicable = [d for d in carried if d.judgement.is_applicable]
        expected = {
            "tasks": len(carried),
            "lead_tasks": sum(d.role == "lead" for d in carried),
            "shared_load": number(sum(d.share for d in carried)),
            "applicable": len(applicable),
            "done": sum(d.unit_is_done for d in applicable),
            "overdue": sum(d.unit_is_overdue for d in carried),
        }
        assert {name: number(found.loc[unit, name]) for name in expected} == expected
