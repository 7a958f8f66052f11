"""The least work to a target, against every choice there is."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import planning
from metrics.planning import Standing, Step


@st.composite
def open_steps(draw) -> list[Step]:
    """A few tasks with rising steps."""
    listed = []
    for task in range(draw(st.integers(0, 5))):
        task_id = UUID(int=task + 1)
        is_bonus = draw(st.booleans())
        effort = draw(st.integers(1, 30))
        gains = sorted(draw(st.sets(st.integers(1, 120), min_size=1, max_size=3)))
        listed += [
            Step(task_id, place, gain, effort * place, is_bonus)
            for place, gain in enumerate(gains, start=1)
        ]
    return listed


STANDINGS = st.builds(
    Standing,
    base=st.integers(0, 500),
    present=st.integers(500, 1000),
    absent=st.integers(0, 300),
    bonus=st.integers(0, 100),
    bonus_cap=st.none() | st.integers(0, 250),
    penalty=st.integers(0, 100),
)


def every_choice(steps: list[Step]) -> list[dict[UUID, int]]:
    tasks: dict[UUID, list[int]] = {}
    for step in steps:
        tasks.setdefault(step.task_id, [0]).append(step.number)
    return [
        {task: number for task, number in zip(tasks, numbers, strict=True) if number}
        for numbers in product(*tasks.values())
    ]


@settings(max_examples=400)
@given(STANDINGS, open_steps(), st.integers(0, 1800))
def test_no_choice_reaches_the_target_with_less_effort(now, steps, target):
    reaching = [
        plan
        for choice in every_choice(steps)
        if (plan := planning.what_if(now, steps, choice)).total >= target
    ]
    found = planning.cheapest(now, steps, target)
    if not reaching:
        assert found is None
        return
    assert found is not None
    assert found.total >= target
    assert found.effort == min(plan.effort for plan in reaching)
    # What it says of itself is what its steps come to.
    assert planning.what_if(now, steps, found.steps) == found


def test_the_step_to_the_next_tier_not_the_average():
    now = Standing(base=8600, present=10000, absent=0, bonus=0, bonus_cap=None, penalty=0)
    tiers = UUID(int=1)
    steps = [
        # Four points by three tiers, of which the first two bring one point each.
        Step(tiers, 1, 100, 10, is_bonus=False),
        Step(tiers, 2, 200, 20, is_bonus=False),
        Step(tiers, 3, 400, 30, is_bonus=False),
        Step(UUID(int=2), 1, 150, 10, is_bonus=False),
    ]
    # One more point is one step of the tiers or the other task, two points the other and a tier.
    assert planning.cheapest(now, steps, 8700).effort == 10
    assert planning.cheapest(now, steps, 8750).steps == {UUID(int=2): 1}
    assert planning.cheapest(now, steps, 8850).steps == {tiers: 1, UUID(int=2): 1}
    assert planning.cheapest(now, steps, 9000).steps == {tiers: 3}


def test_bonus_beyond_its_cap_does_not_count():
    now = Standing(base=8000, present=10000, absent=0, bonus=200, bonus_cap=300, penalty=50)
    steps = [
        Step(UUID(int=1), 1, 500, 10, is_bonus=True),
        Step(UUID(int=2), 1, 100, 90, is_bonus=False),
    ]
    assert now.total() == 8150
    assert planning.cheapest(now, steps, 8250).steps == {UUID(int=1): 1}
    assert planning.cheapest(now, steps, 8350).steps == {UUID(int=1): 1, UUID(int=2): 1}
    assert planning.cheapest(now, steps, 8351) is None
    assert planning.cheapest(now, steps, 8000) == planning.Plan(total=8150)


def test_what_does_not_apply_is_given_the_rate_of_the_others():
    # 90 points apply, of which 45 are had; the other 10 count at the same half.
    now = Standing(base=4500, present=9000, absent=1000, bonus=0, bonus_cap=None, penalty=0)
    assert now.total() == 5000
    assert now.total(base_gain=900) == 6000


def test_rows_of_answers_become_a_standing_and_steps():
    scores = pd.DataFrame(
        {
            "kind": ["base", "base", "base", "bonus", "penalty", "bonus"],
            "is_absent": [False, False, True, False, False, False],
            "full_cents": [400, 600, 100, 300, None, None],
            "self_cents": [300, 200, 50, 100, 50, None],
        }
    )
    assert planning.standing(scores, 250) == Standing(500, 1000, 100, 100, 250, 50)
    assert planning.standing(scores, float("nan")).bonus_cap is None
    listed = pd.DataFrame(
        {
            "task_id": [UUID(int=1)],
            "step_number": [2],
            "from_cents": [100],
            "to_cents": [250],
            "effort": ["5.0"],
            "kind": ["bonus"],
        }
    )
    assert planning.steps_of(listed) == [Step(UUID(int=1), 2, 150, 50, is_bonus=True)]
