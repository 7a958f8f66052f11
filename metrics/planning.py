"""Points still to be won: what a choice of steps comes to, and the least work that reaches a target.

Everything is whole numbers: marks in hundredths of a point, effort in tenths. Owns the search; what
a step is and what it gains is the question `open_points`' to say, and what the present marks are,
that of `scores`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd

from metrics.keeping import kept
from words import each_row

_NEVER = np.iinfo(np.int64).max // 4
_MORE_THAN_ANY_GAIN = 10**9


@dataclass(frozen=True)
class Step:
    """One thing that can still be done about a task; it takes all steps before it."""

    task_id: UUID
    number: int
    """1, 2, … within its task."""
    gain: int
    """What the task gains by all steps so far, in hundredths."""
    effort: int
    """What all steps so far take, in tenths."""
    is_bonus: bool


@dataclass(frozen=True)
class Standing:
    """What a total is put together from, in hundredths."""

    base: int
    """Marks of the base tasks that apply."""
    present: int
    """Full marks of those."""
    absent: int
    """Full marks of the base tasks that do not apply (缺项); they are given the rate of the others."""
    bonus: int
    """Bonus marks before their cap in total."""
    bonus_cap: int | None
    penalty: int
    """What is taken off."""

    def total(self, base_gain: int = 0, bonus_gain: int = 0) -> int:
        """The total once so much more was won."""
        base = self.base + base_gain
        if self.present:
            base += (2 * self.absent * base + self.present) // (2 * self.present)
        bonus = self.bonus + bonus_gain
        if self.bonus_cap is not None:
            bonus = min(bonus, self.bonus_cap)
        return base + bonus - self.penalty


@dataclass(frozen=True)
class Plan:
    """A choice of steps: how far each task is taken, what that takes and what it comes to."""

    steps: Mapping[UUID, int] = field(default_factory=dict)
    """Task → the number of its last step."""
    effort: int = 0
    total: int = 0


@kept
def standing(scores: pd.DataFrame, bonus_cap_cents: Any) -> Standing:
    """The present marks, from `scores` rows of a whole ledger; `bonus_cap_cents` of its scheme."""
    scored = scores[scores.self_cents.notna()]
    base = scored[scored.kind == "base"]
    applies = base[~base.is_absent]
    return Standing(
        base=int(applies.self_cents.sum()),
        present=int(applies.full_cents.sum()),
        absent=int(base[base.is_absent].full_cents.sum()),
        bonus=int(scored[scored.kind == "bonus"].self_cents.sum()),
        bonus_cap=None if pd.isna(bonus_cap_cents) else int(bonus_cap_cents),
        penalty=int(scored[scored.kind == "penalty"].self_cents.sum()),
    )


@kept
def steps_of(open_points: pd.DataFrame) -> list[Step]:
    """`open_points` rows as steps."""
    return [
        Step(
            UUID(str(row.task_id)),
            int(row.step_number),
            int(row.to_cents - row.from_cents),
            int(Decimal(row.effort) * 10),
            row.kind == "bonus",
        )
        for row in each_row(open_points)
    ]


@kept
def by_gain(open_points: pd.DataFrame) -> pd.DataFrame:
    """`open_points` rows with the most points for the least work first; a task's steps stay in their
    order. Each row has what its step gains (`won_cents`) and takes (`step_effort`) by itself."""
    rows = open_points.copy()
    if rows.empty:
        return rows.assign(won_cents=[], step_effort=[], task_id=[])
    taken = pd.Series([Decimal(effort) for effort in rows.effort], index=rows.index, dtype=object)
    tasks = rows.groupby("task_id")
    # Steps that gain nothing by themselves are not listed; the next one takes their work as well.
    before = taken.groupby(rows.task_id).shift()
    rows["step_effort"] = [
        now if pd.isna(earlier) else now - earlier
        for now, earlier in zip(taken, before, strict=True)
    ]
    rows["won_cents"] = (rows.to_cents - tasks.to_cents.shift().fillna(rows.from_cents)).astype(int)
    rate = rows.won_cents / rows.step_effort.astype(float)
    # No step goes before the one it rests on, however much it wins.
    rows["rate"] = rate.groupby(rows.task_id).cummin()
    return rows.sort_values(
        ["rate", "number", "step_number"], ascending=[False, True, True], ignore_index=True
    )


def what_if(now: Standing, steps: Iterable[Step], taken: Mapping[UUID, int]) -> Plan:
    """What it comes to when each task of `taken` is taken as far as the step of that number."""
    gains = {False: 0, True: 0}
    effort = 0
    for step in steps:
        if taken.get(step.task_id) == step.number:
            gains[step.is_bonus] += step.gain
            effort += step.effort
    return Plan(dict(taken), effort, now.total(gains[False], gains[True]))


def most(now: Standing, steps: Sequence[Step]) -> int:
    """The total once every step is done."""
    return now.total(
        _most(step for step in steps if not step.is_bonus),
        _most(step for step in steps if step.is_bonus),
    )


def cheapest(now: Standing, steps: Sequence[Step], target: int) -> Plan | None:
    """The choice of steps that reaches `target` with the least effort; None when none reaches it.

    Exact: a dynamic programme over the marks gained, of base and bonus tasks apart because bonus
    marks are capped in total. Among choices of the same effort one that gains more is preferred.
    """
    if now.total() >= target:
        return Plan(total=now.total())
    base = [step for step in steps if not step.is_bonus]
    bonus = [step for step in steps if step.is_bonus]
    if most(now, steps) < target:
        return None
    needed = _least_base_gain(now, target, bonus_gain=0)
    room = _most(bonus) if now.bonus_cap is None else max(0, now.bonus_cap - now.bonus)
    base_table = _Table(base, min(needed, _most(base)))
    bonus_table = _Table(bonus, min(room, _most(bonus)))
    best: tuple[int, int, int] | None = None
    for bonus_gain in bonus_table.worthwhile():
        base_gain = _least_base_gain(now, target, bonus_gain)
        if base_gain > base_table.reach:
            continue
        cost = int(base_table.cost[base_gain] + bonus_table.cost[bonus_gain])
        if cost < _NEVER // 2 and (best is None or cost < best[0]):
            best = (cost, base_gain, bonus_gain)
    if best is None:
        return None
    _, base_gain, bonus_gain = best
    taken = base_table.choice(base_gain) | bonus_table.choice(bonus_gain)
    return what_if(now, steps, taken)


def _most(steps: Iterable[Step]) -> int:
    """What all tasks together gain at most."""
    best: dict[UUID, int] = {}
    for step in steps:
        best[step.task_id] = max(step.gain, best.get(step.task_id, 0))
    return sum(best.values())


def _least_base_gain(now: Standing, target: int, bonus_gain: int) -> int:
    """The smallest gain of base marks with which the total is `target`; the total never falls as
    they rise, so it is found by halving."""
    low, high = 0, max(0, target - now.total(0, bonus_gain))
    while low < high:
        middle = (low + high) // 2
        if now.total(middle, bonus_gain) >= target:
            high = middle
        else:
            low = middle + 1
    return low


def _cost(step: Step) -> int:
    """Effort above all, and less where more is gained."""
    return step.effort * _MORE_THAN_ANY_GAIN - step.gain


class _Table:
    """For every gain up to `reach`, the least cost that gains so much or more."""

    def __init__(self, steps: Sequence[Step], reach: int):
        self.reach = reach
        self._tasks: dict[UUID, list[Step]] = {}
        for step in steps:
            self._tasks.setdefault(step.task_id, []).append(step)
        self.cost = np.full(reach + 1, _NEVER, dtype=np.int64)
        self.cost[0] = 0
        self._taken = np.zeros((len(self._tasks), reach + 1), dtype=np.int16)
        for row, options in enumerate(self._tasks.values()):
            before = self.cost
            self.cost = before.copy()
            for step in options:
                # Gaining so much or more: what is short of this step's gain costs the step alone.
                with_step = np.empty_like(before)
                short = min(step.gain, reach + 1)
                with_step[:short] = before[0] + _cost(step)
                with_step[short:] = before[: reach + 1 - short] + _cost(step)
                better = with_step < self.cost
                self.cost = np.where(better, with_step, self.cost)
                self._taken[row][better] = step.number

    def worthwhile(self) -> list[int]:
        """Gains that cannot be had, or exceeded, for the same effort."""
        rises = np.flatnonzero(np.append(self.cost[1:] > self.cost[:-1], True))
        return [int(gain) for gain in rises if self.cost[gain] < _NEVER // 2]

    def choice(self, gain: int) -> dict[UUID, int]:
        """Task → its last step, of the choice with the least cost that gains `gain` or more."""
        chosen: dict[UUID, int] = {}
        tasks = list(self._tasks.items())
        for row in range(len(tasks) - 1, -1, -1):
            task_id, options = tasks[row]
            number = int(self._taken[row][gain])
            if number:
                chosen[task_id] = number
                step = next(option for option in options if option.number == number)
                gain = max(0, gain - step.gain)
        return chosen
