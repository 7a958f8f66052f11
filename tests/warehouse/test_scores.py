"""Scores: against the plain-Python twin on random crowded ledgers, what must hold of every score, and
one ledger of ten tasks worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from metrics import Scope, ask, planning
from tests.metrics.answers import Case
from tests.metrics.score_facts import Scheme
from tests.metrics.surroundings import Surroundings, settle, surroundings
from tests.metrics.test_questions import CHECKS, Interest, cells, disagreement
from tests.warehouse.world import Ledger, Task, World
from warehouse import Warehouse
from warehouse.entries import marks, records

QUESTIONS = (
    *("scores", "score_totals", "score_trend", "evidence_gaps", "open_points", "open_claims"),
    *("schemes", "scheme_items"),
)
TOTALS = ["full_cents", "self_cents", "secured_cents", "reachable_cents"]
WON = TOTALS[1:]
DAYS = [
    *(date(2020, 3, 31), date(2020, 4, 1), date(2020, 5, 3), date(2020, 6, 29)),
    *(date(2020, 6, 30), date(2020, 7, 1), date(2020, 7, 31)),
]
EXAMPLES = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@st.composite
def assessments(draw: st.DrawFn) -> Case:
    """A ledger of five to eight tasks of every kind, crowded on a few days, with a scheme."""
    world = World()
    ledger = world.ledger(2020)
    units = [world.unit(name) for name in ("厅法规处", "厅建管处", "厅运输处")]
    days = st.sampled_from(DAYS)
    kinds = draw(st.lists(st.sampled_from(["base", "base", "bonus", "penalty"]), max_size=4))
    for kind in ["base", "base", "base", "bonus", *kinds]:
        task = world.task(
            ledger,
            draw(st.none() | days),
            units=units,
            kind=kind,
            level1=draw(st.sampled_from("甲乙")),
        )
        if kind == "base":
            _progress(draw, world, task, days)
    as_of = draw(days)
    around = draw(surroundings(world, as_of))
    scheme_id = draw(st.sampled_from([None, *[s.scheme_id for s in around.schemes] * 3]))
    return Case(world, around, Scope(ledger.ledger_id, as_of, scheme_id=scheme_id))


def _progress(draw: st.DrawFn, world: World, task: Task, days: st.SearchStrategy[date]) -> None:
    demands = [[], [("month", 1)], [("quarter", 2)], [("week", 1)], [("month", 1), ("year", 2)]]
    periods = draw(st.sampled_from(demands))
    for period, min_count in periods:
        world.cadence(task, period, min_count)
        if draw(st.integers(0, 3)) == 3:
            start = date(2020, draw(st.sampled_from([1, 4, 7, 10])), 1)
            world.excuse(task, period, start)
    states = st.sampled_from(["done", "done", "in_progress", "in_progress", "not_applicable"])
    for _ in range(draw(st.integers(0, 3))):
        state = draw(states)
        world.report(
            task,
            state,
            draw(days),
            percent=None if state == "done" else draw(st.sampled_from([0, 40, 62.5, 79.99, 100])),
            # One unit of three: a percentage in thirds.
            unit=draw(st.sampled_from([None, None, *world.units])),
        )
    if draw(st.booleans()):
        world.verify(task, draw(st.sampled_from(["accepted", "accepted", "returned"])), draw(days))
    for _ in range(draw(st.integers(0, 4))):
        period = draw(st.sampled_from([None, None, *(period for period, _ in periods)]))
        world.occurrence(task, draw(days), draw(st.integers(1, 2)), period=period)


@settings(EXAMPLES, max_examples=12)
@given(case=assessments())
def test_every_score_is_that_of_the_twin(shared: Warehouse, case: Case):
    settle(shared, case.recorded, case.recorded_around)
    interest = Interest(
        task_id=next(t.task_id for t in case.world.tasks if t.kind == "bonus"),
        edition_id=case.world.editions[0].edition_id,
        unit="厅法规处",
        compare_on=case.as_of - timedelta(days=31),
        signal="all",
        row_limit=1,
    )
    wrong = [
        said
        for name in QUESTIONS
        for values in CHECKS[name].values(case, interest)
        if (said := disagreement(shared, case, name, values))
    ]
    assert not wrong, "\n".join(wrong)


# What must hold


def overall(warehouse: Warehouse, scope: Scope) -> pd.Series:
    found = ask(warehouse, "score_totals", scope, by="all")
    return found.set_index("part").loc["overall"]


@settings(EXAMPLES, max_examples=8)
@given(case=assessments())
def test_secured_is_at_most_self_and_that_at_most_reachable(shared: Warehouse, case: Case):
    settle(shared, case.recorded, case.recorded_around)
    scores = ask(shared, "scores", case.scope)
    # What 缺项 are given together is in order; one by one their rounding may differ by 0.01.
    of_tasks = scores[~scores.is_absent & scores.rule.notna() & (scores.kind != "penalty")]
    penalties = scores[scores.kind == "penalty"]
    assert penalties.self_cents.equals(penalties.reachable_cents)
    totals = ask(shared, "score_totals", case.scope, by="all").set_index("part")
    for table in (of_tasks, totals.drop(index="excess", errors="ignore")):
        assert (table.secured_cents <= table.self_cents).all()
        assert (table.self_cents <= table.reachable_cents).all()
        assert (table.reachable_cents <= table.full_cents).all()


@settings(EXAMPLES, max_examples=8)
@given(case=assessments(), by=st.sampled_from(["all", "level1", "level2"]))
def test_the_parts_add_up_to_the_total_to_the_hundredth(shared: Warehouse, case: Case, by: str):
    settle(shared, case.recorded, case.recorded_around)
    totals = ask(shared, "score_totals", case.scope, by=by)
    assert all(pd.api.types.is_integer_dtype(totals[name]) for name in TOTALS)
    is_sum = totals.part == "overall"
    assert totals[~is_sum][TOTALS].sum().tolist() == totals[is_sum][TOTALS].iloc[0].tolist()
    # And each part is the sum of its tasks.
    scores = ask(shared, "scores", case.scope)
    for part, group in totals[~is_sum & (totals.part != "excess")].groupby("part"):
        is_absent = scores.is_absent if "absent" in set(totals.part) else False
        own = scores[is_absent] if part == "absent" else scores[(scores.kind == part) & ~is_absent]
        sign = -1 if part == "penalty" else 1
        assert (sign * own[WON].sum()).tolist() == group[WON].sum().tolist()
    if not case.scope.scheme_id:
        assert scores.full_cents.sum() == 100_00
    # What the planning of 补分 starts from is the same total by another way.
    scheme = [each for each in case.around.schemes if each.scheme_id == case.scope.scheme_id]
    cap = int(100 * scheme[0].bonus_cap) if scheme and scheme[0].bonus_cap is not None else None
    assert planning.standing(scores, cap).total() == totals[is_sum].self_cents.iloc[0]


@settings(EXAMPLES, max_examples=8)
@given(case=assessments(), data=st.data())
def test_evidence_never_lowers_a_score(shared: Warehouse, case: Case, data: st.DataObject):
    settle(shared, case.recorded, case.recorded_around)
    before = overall(shared, case.scope)
    records.add_evidence(
        shared,
        data.draw(st.sampled_from(case.world.tasks)).task_id,
        title="通知",
        effective_on=case.as_of - timedelta(days=data.draw(st.integers(-1, 30))),
        recorded_by="张三",
    )
    assert (overall(shared, case.scope)[WON] >= before[WON]).all()


@settings(EXAMPLES, max_examples=12)
@given(case=assessments(), data=st.data())
def test_an_occurrence_never_lowers_a_score(shared: Warehouse, case: Case, data: st.DataObject):
    settle(shared, case.recorded, case.recorded_around)
    asked = ["is_absent", "window_total"]
    before, terms = overall(shared, case.scope), ask(shared, "scores", case.scope)[asked]
    task = data.draw(st.sampled_from([t for t in case.world.tasks if t.kind == "base"]))
    demanded = [c.period for c in case.world.cadences if c.task_id == task.task_id]
    records.add_occurrence(
        shared,
        task.task_id,
        occurred_on=case.as_of - timedelta(days=data.draw(st.integers(0, 60))),
        times=data.draw(st.integers(1, 3)),
        period=data.draw(st.sampled_from([None, *demanded])),
        recorded_by="张三",
    )
    after, terms_after = overall(shared, case.scope), ask(shared, "scores", case.scope)[asked]
    # An excused window that is met after all is asked for again: another measure than before.
    if terms.equals(terms_after):
        assert (after[WON] >= before[WON]).all()


@settings(EXAMPLES, max_examples=8)
@given(case=assessments(), data=st.data())
def test_an_incident_never_raises_a_score(shared: Warehouse, case: Case, data: st.DataObject):
    settle(shared, case.recorded, case.recorded_around)
    before = overall(shared, case.scope)
    marks.add_incident(
        shared,
        data.draw(st.sampled_from([t for t in case.world.tasks if t.kind != "bonus"])).task_id,
        effective_on=case.as_of - timedelta(days=data.draw(st.integers(0, 30))),
        points=data.draw(st.sampled_from([None, 0, 0.5, 20])),
        recorded_by="张三",
    )
    assert (overall(shared, case.scope)[WON] <= before[WON]).all()


@settings(EXAMPLES, max_examples=8)
@given(case=assessments())
def test_taking_every_step_wins_what_is_reachable(shared: Warehouse, case: Case):
    settle(shared, case.recorded, case.recorded_around)
    scores = ask(shared, "scores", case.scope).set_index("task_id")
    left = scores[
        (scores.kind != "penalty")
        & scores.time_is_left
        & ~scores.is_absent
        & (scores.reachable_cents > scores.self_cents)
    ]
    steps = ask(shared, "open_points", case.scope)
    last = steps.groupby("task_id").to_cents.max()
    capped = left.index[left.step_cents.gt(0) & (left.full_cents / left.step_cents > 999)]
    expected = left.reachable_cents.drop(capped)
    assert last.drop(capped, errors="ignore").to_dict() == expected.to_dict()
    # One after another, each gains something.
    for _, own in steps.groupby("task_id"):
        assert own.to_cents.is_monotonic_increasing
        assert own.to_cents.is_unique
        assert own.step_number.is_unique
        assert (own.to_cents > own.from_cents).all()


# By hand


@dataclass
class Assessed:
    """A ledger of 2020 with a scheme, made by hand, in the shared database."""

    warehouse: Warehouse
    world: World = field(default_factory=World)
    around: Surroundings = field(default_factory=Surroundings)
    ledger: Ledger = None
    scheme: Scheme = None
    is_settled: bool = False

    def begin(self, **terms: Any) -> None:
        self.ledger = self.world.ledger(2020)
        edition_id = self.world.editions[0].edition_id
        self.scheme = self.around.scheme(self.ledger, edition_id=edition_id, **terms)

    def task(self, points: Any, rule: str, measure: str = "", *, kind: str = "base", **item: Any):
        """A task and what it is worth."""
        added = self.world.task(self.ledger, kind=kind)
        self.around.item(self.scheme, added, points, rule, measure, **item)
        return added

    def ask(self, name: str, as_of: date, *, trial: bool = False, **values: Any) -> pd.DataFrame:
        if not self.is_settled:
            settle(self.warehouse, self.world, self.around)
            self.is_settled = True
        scheme_id = None if trial else self.scheme.scheme_id
        scope = Scope(self.ledger.ledger_id, as_of, scheme_id=scheme_id)
        return ask(self.warehouse, name, scope, **values)

    def points(self, as_of: date, *, trial: bool = False) -> list[tuple]:
        """Each task's self, secured and reachable score in points."""
        found = self.ask("scores", as_of, trial=trial)
        return [tuple(n / 100 for n in row) for row in found[WON].to_numpy(object)]


@pytest.fixture
def assessed(shared: Warehouse) -> Assessed:
    return Assessed(shared)


SEPTEMBER = date(2020, 9, 30)
YEAR_END = date(2020, 12, 31)


def worked_example(assessed: Assessed, absent_rule: str) -> None:
    """Ten tasks, judged on 30 September; the ministry looks on 31 December.

    | 项 | 满分 | 规则             | 到 9 月 30 日                     | 自评  | 已锁定 | 可达上限 |
    |---:|-----:|------------------|-----------------------------------|------:|-------:|---------:|
    |  1 |   20 | 按比例（进度）   | 进度 62.5%：20 × 0.625            | 12.50 |   0    |    20    |
    |  2 |   10 | 完成得满分       | 已完成、已销号，有佐证            | 10    |  10    |    10    |
    |  3 |   12 | 分档（频次）     | 每月一次，全年 12 次，做了 8 次、缺 1 次：66.7% 在 60–80 档 | 4 | 0 | 8 |
    |  4 |   10 | 按次，每次 1.5   | 3 次：3 × 1.5                     |  4.50 |   0    |    10    |
    |  5 |   10 | 倒扣，每次 0.5   | 两次事件，一次写明 1.25：10 − 0.5 − 1.25 | 8.25 | 0 |   8.25   |
    |  6 |   10 | 按名次           | 第 4 名得 6 分，但只有 2019 年的佐证 | 0  |   0    |     6    |
    |  7 |   18 | 人工评分         | 人工评 13.5                       | 13.50 |   0    |    18    |
    |    |   90 | 第 1–7 项合计    |                                   | 52.75 |  10    |    80.25 |
    |  8 |   10 | 缺项（不适用）   | 10 ÷ 90 × 上一行                  |  5.86 |  1.11  |     8.92 |
    |  9 |    4 | 加分，每次 1     | 申报两次：一次认定为 0.8，一次申报 2.5 | 3.30 | 0.80 |    4    |
    |    |   −1 | 超出加分总上限 3 | 4 − 3；3.3 − 3；0.8 未超；4 − 3   | −0.30 |   0    |    −1    |
    | 10 |      | 扣分，每次 0.75  | 一次                              | −0.75 | −0.75  |    −0.75 |
    |    |  103 | 总分             |                                   | 60.86 | 11.16  |    91.42 |

    缺项：52.75 × 10 ÷ 90 = 5.861…；10 × 10 ÷ 90 = 1.111…；80.25 × 10 ÷ 90 = 8.916…。
    第 3 项的上限：缺的 1 次补不回来，还能做到 11/12 = 91.7%，在 80–100 档，得 8 分。
    """
    assessed.begin(absent_rule=absent_rule, bonus_cap=Decimal(3))
    world, around = assessed.world, assessed.around

    first = assessed.task(20, "proportional", "percent")
    world.report(first, "in_progress", SEPTEMBER, percent=62.5)

    second = assessed.task(10, "all-or-nothing", evidence_required=True)
    world.report(second, "done", date(2020, 5, 1))
    world.verify(second, "accepted", date(2020, 5, 20))
    around.prove(second, date(2020, 5, 1))

    tiers = [(60, 80, 4), (80, 100, 8), (100, None, 12)]
    third = assessed.task(12, "tiers", "windows", tiers=tiers)
    world.cadence(third, "month")
    for month in (1, 2, 3, 4, 6, 7, 8, 9):
        world.occurrence(third, date(2020, month, 10))

    fourth = assessed.task(10, "per-occurrence", "times", step=Decimal("1.5"))
    world.occurrence(fourth, date(2020, 3, 1), 2)
    world.occurrence(fourth, date(2020, 8, 1))
    world.occurrence(fourth, date(2020, 10, 1), 5)

    fifth = assessed.task(10, "deduct", "incidents", step=Decimal("0.5"))
    around.incident(fifth, date(2020, 2, 1))
    around.incident(fifth, date(2020, 7, 1), points=1.25)

    places = [(1, 3, 10), (4, 10, 6), (11, None, 2)]
    sixth = assessed.task(10, "rank", "rank", tiers=places, evidence_required=True)
    around.mark(sixth, "rank", 4, date(2020, 8, 15))
    around.prove(sixth, date(2019, 6, 1))

    seventh = assessed.task(18, "manual")
    around.mark(seventh, "manual", Decimal("13.5"), date(2020, 9, 1), of_points=18)

    eighth = assessed.task(10, "proportional", "percent")
    world.report(eighth, "not_applicable", date(2020, 4, 1))

    ninth = assessed.task(4, "per-occurrence", "claims", kind="bonus", step=1)
    claim = around.claim(ninth, "claimed", date(2020, 3, 1))
    around.claim(ninth, "recognised", date(2020, 6, 1), points=0.8, answers=claim)
    around.claim(ninth, "claimed", date(2020, 9, 1), points=2.5)

    tenth = assessed.task(None, "per-occurrence", "incidents", kind="penalty", step=Decimal("0.75"))
    around.incident(tenth, date(2020, 6, 18))


def test_ten_tasks_worked_out_by_hand(assessed: Assessed):
    worked_example(assessed, "rescale")
    assert assessed.points(SEPTEMBER) == [
        (12.50, 0, 20),
        (10, 10, 10),
        (4, 0, 8),
        (4.50, 0, 10),
        (8.25, 0, 8.25),
        (0, 0, 6),
        (13.50, 0, 18),
        (5.86, 1.11, 8.92),
        (3.30, 0.80, 4),
        # What is lost.
        (0.75, 0.75, 0.75),
    ]
    totals = assessed.ask("score_totals", SEPTEMBER, by="all")
    assert cells(totals, "part", *TOTALS) == [
        ("base", 90_00, 52_75, 10_00, 80_25),
        ("absent", 10_00, 5_86, 1_11, 8_92),
        ("bonus", 4_00, 3_30, 80, 4_00),
        ("excess", -1_00, -30, 0, -1_00),
        ("penalty", 0, -75, -75, -75),
        ("overall", 103_00, 60_86, 11_16, 91_42),
    ]


def test_absent_tasks_at_the_mean_rate_stand_among_the_others(assessed: Assessed):
    worked_example(assessed, "average")
    totals = assessed.ask("score_totals", SEPTEMBER, by="all")
    assert cells(totals, "part", *TOTALS)[::4] == [
        ("base", 100_00, 58_61, 11_11, 89_17),
        ("overall", 103_00, 60_86, 11_16, 91_42),
    ]


def test_the_steps_of_the_ten_tasks(assessed: Assessed):
    worked_example(assessed, "rescale")
    found = assessed.ask("open_points", SEPTEMBER)
    assert cells(found, "number", "needs", "step_number", "from_cents", "to_cents") == [
        (1, "complete", 1, 12_50, 20_00),
        (3, "tier", 1, 4_00, 8_00),
        *[
            (4, "occurrence", n, 4_50, worth)
            for n, worth in enumerate([6_00, 7_50, 9_00, 10_00], start=1)
        ],
        (6, "evidence", 1, 0, 6_00),
        (7, "mark", 1, 13_50, 18_00),
        (9, "claim", 1, 3_30, 4_00),
    ]
    gaps = assessed.ask("evidence_gaps", SEPTEMBER)
    columns = ("number", "gap", "held", "lost_cents", "at_stake_cents")
    assert cells(gaps, *columns) == [(6, "old", "材料 2 2019-06-01", 6_00, 6_00)]
    # On the day the ministry looks there is nothing more to be done.
    assert assessed.ask("open_points", YEAR_END).empty


def test_the_ten_tasks_in_the_trial_share_100_points(assessed: Assessed):
    worked_example(assessed, "rescale")
    # Eight base tasks of 12.50 each, by their percent: 62.5, 100, and five at nought; 缺项 at the
    # rate of the others, 20.3125 of 87.50, is given 12.50 × 20.31 ÷ 87.50 = 2.901….
    assert assessed.points(SEPTEMBER, trial=True)[:8] == [
        (7.81, 0, 12.50),
        (12.50, 12.50, 12.50),
        *[(0, 0, 12.50)] * 5,
        (2.90, 1.79, 12.50),
    ]
    totals = assessed.ask("score_totals", SEPTEMBER, trial=True, by="all").set_index("part")
    assert totals.loc["overall", TOTALS].tolist() == [100_00, 23_21, 14_29, 100_00]
    assert totals.loc[["bonus", "penalty"], "unscored"].tolist() == [1, 1]


def test_a_longer_window_hides_nothing_done_in_a_shorter_one(assessed: Assessed):
    assessed.begin(assessed_on=date(2020, 11, 30))
    task = assessed.task(9, "proportional", "windows")
    assessed.world.cadence(task, "quarter")
    assessed.world.cadence(task, "year")
    for month in (1, 4, 8):
        assessed.world.occurrence(task, date(2020, month, 15), period="quarter")
    # The year ends after the ministry has looked: three quarters are asked for, and done.
    assessed.world.occurrence(task, date(2020, 8, 20), period="year")
    assert assessed.points(date(2020, 8, 31)) == [(9, 0, 9)]


def test_a_deducting_rule_begins_with_full_marks(assessed: Assessed):
    assessed.begin()
    assessed.task(5, "deduct", "incidents", step=1)
    missed = assessed.task(5, "deduct", "missed", step=Decimal("0.5"), floor=3)
    assessed.world.cadence(missed, "month")
    # An incident costs nothing where it is not what the rule counts.
    assessed.around.incident(missed, date(2020, 1, 20), points=2)
    days = (date(2020, 1, 30), date(2020, 2, 29), SEPTEMBER)
    assert [assessed.points(day) for day in days] == [
        [(5, 0, 5), (5, 0, 5)],
        [(5, 0, 5), (4, 0, 4)],
        # Nine windows missed; the floor is 3.
        [(5, 0, 5), (3, 0, 3)],
    ]


def test_half_a_hundredth_is_rounded_up(assessed: Assessed):
    assessed.begin()
    for percent in (50, 49.99, 62.5):
        task = assessed.task(Decimal("0.03"), "proportional", "percent")
        assessed.world.report(task, "in_progress", SEPTEMBER, percent=percent)
    # 1.5, 1.4997 and 1.875 hundredths.
    assert [own for own, _, _ in assessed.points(SEPTEMBER)] == [0.02, 0.01, 0.02]


def test_absent_tasks_together_are_given_the_rounded_share(assessed: Assessed):
    assessed.begin()
    half = assessed.task(3, "proportional", "percent")
    assessed.world.report(half, "in_progress", SEPTEMBER, percent=50)
    for _ in range(3):
        task = assessed.task(Decimal("0.01"), "all-or-nothing")
        assessed.world.report(task, "not_applicable", SEPTEMBER)
    # Three times half of 0.01 are 0.015, rounded 0.02; each by itself would be 0.01.
    assert [own for own, _, _ in assessed.points(SEPTEMBER)] == [1.50, 0.01, 0, 0.01]


def test_a_ledger_of_absent_tasks_only_scores_nothing(assessed: Assessed):
    assessed.begin()
    task = assessed.task(5, "all-or-nothing")
    assessed.world.report(task, "not_applicable", SEPTEMBER)
    assert assessed.points(SEPTEMBER) == [(0, 0, 0)]


def test_a_recognised_bonus_is_secured_up_to_the_mark_by_hand(assessed: Assessed):
    assessed.begin()
    bonus = assessed.task(4, "per-occurrence", "claims", kind="bonus", step=1)
    assessed.around.claim(bonus, "recognised", SEPTEMBER, points=3)
    assessed.around.mark(bonus, "manual", 2, SEPTEMBER, of_points=4)
    assert assessed.points(SEPTEMBER) == [(2, 2, 4)]


def test_a_mark_counts_no_longer_when_the_full_marks_change(assessed: Assessed):
    assessed.begin()
    task = assessed.task(5, "manual")
    assessed.around.mark(task, "manual", 4, SEPTEMBER, of_points=6)
    found = assessed.ask("scores", SEPTEMBER)
    assert cells(found, "given_cents", "manual_cents", "self_cents") == [(4_00, None, 0)]
    totals = assessed.ask("score_totals", SEPTEMBER, by="all")
    assert totals.unmarked.tolist() == [1, 1]


def test_steps_count_what_gains_nothing_of_its_own(assessed: Assessed):
    assessed.begin()
    task = assessed.task(Decimal("0.02"), "proportional", "windows", evidence_required=True)
    assessed.world.cadence(task, "month")
    for month in (1, 2, 3):
        assessed.world.occurrence(task, date(2020, month, 15))
    assessed.around.estimate(task, Decimal("0.5"))
    found = assessed.ask("open_points", date(2020, 3, 31))
    # 3 of 12 are 0.5 of 2 hundredths, rounded 1, once it is proven; the ninth makes it 1.5, rounded 2.
    assert cells(found, "needs", "step_number", "to_cents", "effort") == [
        ("evidence", 1, 1, "0.5"),
        ("window", 7, 2, "3.5"),
    ]


def test_a_mark_below_what_a_deducting_rule_leaves_can_be_reconsidered(assessed: Assessed):
    assessed.begin()
    task = assessed.task(5, "deduct", "incidents", step=1)
    assessed.around.mark(task, "manual", 2, SEPTEMBER, of_points=5)
    found = assessed.ask("open_points", SEPTEMBER)
    assert cells(found, "needs", "from_cents", "to_cents") == [("mark", 2_00, 5_00)]


def test_more_doing_does_not_lift_a_mark_below_what_was_done(assessed: Assessed):
    assessed.begin()
    task = assessed.task(3, "per-occurrence", "times", step=1, evidence_required=True)
    assessed.world.occurrence(task, date(2020, 3, 1), 2)
    assessed.around.mark(task, "manual", 1, SEPTEMBER, of_points=3)
    found = assessed.ask("open_points", SEPTEMBER)
    assert cells(found, "needs", "step_number", "to_cents") == [
        ("evidence", 1, 1_00),
        ("mark", 2, 2_00),
        ("occurrence", 3, 3_00),
    ]


def test_the_trend_is_scored_day_by_day(assessed: Assessed):
    worked_example(assessed, "rescale")
    days = [date(2020, 4, 30), date(2020, 5, 31), SEPTEMBER]
    found = assessed.ask("score_trend", SEPTEMBER, days=days)
    # At the end of April: three claims of the month (25%), 2 × 1.5, 10 − 0.5, and a claim of 1; the
    # ratio of the 缺项 is 12.5 of 90.
    assert cells(found, "as_of", "self_cents", "secured_cents") == [
        (days[0], 3_00 + 9_50 + 1_39 + 1_00, 0),
        (days[1], 3_00 + 9_50 + 10_00 + 2_50 + 1_00, 10_00 + 1_11),
        (SEPTEMBER, 60_86, 11_16),
    ]


def test_a_claim_waits_until_it_is_answered(assessed: Assessed):
    worked_example(assessed, "rescale")
    bonus = assessed.world.tasks[8]

    def waiting(day: date) -> list[tuple]:
        found = assessed.ask("open_claims", day, task_id=bonus.task_id)
        return cells(found, "effective_on", "points", "unit")

    first = (date(2020, 3, 1), None, "整项任务")
    assert waiting(date(2020, 5, 31)) == [first]
    assert waiting(SEPTEMBER) == [(date(2020, 9, 1), 2.5, "整项任务")]


def test_versions_of_a_scheme_newest_first_with_what_they_are_worth(assessed: Assessed):
    worked_example(assessed, "rescale")
    edition_id = assessed.world.editions[0].edition_id
    assessed.around.scheme(assessed.ledger, edition_id=edition_id)
    found = assessed.ask("schemes", SEPTEMBER)
    columns = ("version", "items", "base_cents", "bonus_cents", "bonus_cap_cents")
    assert cells(found, *columns) == [(2, 0, 0, 0, None), (1, 10, 100_00, 4_00, 3_00)]


def test_items_of_a_scheme_show_points_as_they_are_printed(assessed: Assessed):
    worked_example(assessed, "rescale")
    assessed.world.task(assessed.ledger, points=2.5)
    found = assessed.ask("scheme_items", SEPTEMBER)
    columns = ("number", "points", "rule", "step", "has_cadence", "tiers")
    rows = {row[0]: row[1:] for row in cells(found, *columns)}
    assert rows[4] == ("10.00", "per-occurrence", "1.50", False, ())
    tiers = (("60.00", "80.00", "4.00"), ("80.00", "100.00", "8.00"), ("100.00", None, "12.00"))
    assert rows[3] == ("12.00", "tiers", None, True, tiers)
    # Not in the scheme; without one the ledger's own points are proposed.
    assert rows[11] == (None, None, None, False, ())
    without = assessed.ask("scheme_items", SEPTEMBER, trial=True)
    assert without.points.dropna().tolist() == ["2.50"]


def test_nothing_counts_after_the_day_of_assessment(assessed: Assessed):
    """The ministry looks on 30 June: what is reported, done, claimed or happens later changes no score,
    however late the page looks; the task itself is done."""
    assessed.begin(assessed_on=date(2020, 6, 30))
    world, around = assessed.world, assessed.around
    progress = assessed.task(20, "proportional", "percent")
    world.report(progress, "in_progress", date(2020, 6, 30), percent=50)
    world.report(progress, "done", date(2020, 7, 1))
    world.verify(progress, "accepted", date(2020, 7, 2))
    whole = assessed.task(10, "all-or-nothing")
    world.report(whole, "done", date(2020, 7, 1))
    times = assessed.task(10, "per-occurrence", "times", step=2)
    world.occurrence(times, date(2020, 6, 30))
    world.occurrence(times, date(2020, 7, 1))
    deducted = assessed.task(10, "deduct", "incidents", step=1)
    around.incident(deducted, date(2020, 7, 1))
    accepted, returned = (assessed.task(10, "all-or-nothing") for _ in range(2))
    for task, outcome in ((accepted, "accepted"), (returned, "returned")):
        world.report(task, "done", date(2020, 6, 30))
        world.verify(task, outcome, date(2020, 7, 10))
    counted = [(10, 0, 10), (0, 0, 0), (2, 0, 2), (10, 0, 10)]
    assert assessed.points(date(2020, 6, 30)) == [*counted, (10, 0, 10), (10, 0, 10)]
    # What was done in time may still be accepted, or be found not done.
    assert assessed.points(YEAR_END) == [*counted, (10, 10, 10), (0, 0, 0)]
    tasks = assessed.ask("task_list", YEAR_END, signal="all", row_limit=9)
    assert list(tasks.state[:2]) == ["verified", "done"]


def test_a_gap_shows_the_state_that_its_points_count(assessed: Assessed):
    assessed.begin(assessed_on=date(2020, 6, 30))
    paper = assessed.task(10, "all-or-nothing", evidence_required=True)
    assessed.world.report(paper, "in_progress", date(2020, 6, 30), percent=50)
    assessed.world.report(paper, "done", date(2020, 7, 1))
    assert list(assessed.ask("evidence_gaps", date(2020, 6, 30)).state) == ["in_progress"]
    assert list(assessed.ask("evidence_gaps", YEAR_END).state) == ["in_progress"]
