"""Facts that only a score rests on: 评分方案 with their items and tiers, marks, estimates of effort.

Owns those facts and random ones among them. They stand beside a `World` in its `Surroundings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from hypothesis import strategies as st

from tests.warehouse.world import Ledger, Task, World
from warehouse.ledger.schemes import measures_of, rules_of

if TYPE_CHECKING:
    from tests.metrics.surroundings import Surroundings


@dataclass(frozen=True)
class Scheme:
    scheme_id: UUID
    ledger_id: UUID
    edition_id: UUID
    version: int
    note: str
    assessed_on: date
    evidence_from: date
    absent_rule: str
    bonus_cap: Decimal | None
    recorded_at: datetime


@dataclass(frozen=True)
class SchemeItem:
    scheme_id: UUID
    task_id: UUID
    points: Decimal | None
    rule: str
    measure: str
    step: Decimal | None
    floor: Decimal
    evidence_required: bool
    criterion: str
    proof: str


@dataclass(frozen=True)
class SchemeTier:
    scheme_id: UUID
    task_id: UUID
    at_least: Decimal
    at_most: Decimal | None
    points: Decimal


@dataclass(frozen=True)
class Mark:
    mark_id: UUID
    task_id: UUID
    kind: str
    value: Decimal
    of_points: Decimal | None
    reason: str
    effective_on: date
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Effort:
    effort_id: UUID
    task_id: UUID
    effort: Decimal
    entry_number: int
    recorded_at: datetime


# Odd hundredths and thirds, so that rounding happens; 0 points are allowed.
POINTS = ("0", "0.01", "0.03", "1", "1.5", "2.35", "3.33", "10")
STEPS = ("0.01", "0.5", "0.33", "1", "4")
SHARES = ("0", "40", "50", "62.5", "80", "100")
"""Where tiers of a share begin."""


@st.composite
def scheme(
    draw: st.DrawFn, world: World, around: Surroundings, ledger: Ledger, day: date
) -> Scheme:
    """A version of a ledger's scheme with items for most of its tasks, added to `around`."""
    editions = [e for e in world.editions if e.ledger_id == ledger.ledger_id]
    # Mostly there is time left; now and then the ministry has looked already.
    away = draw(st.sampled_from([0, 1, 10, 45, 120, 400, -1, -30]))
    assessed_on = max(day + timedelta(days=away), date(2020, 1, 2))
    chosen = around.scheme(
        ledger,
        edition_id=draw(st.sampled_from(editions)).edition_id,
        assessed_on=assessed_on,
        evidence_from=assessed_on - timedelta(days=draw(st.sampled_from([0, 20, 60, 400]))),
        absent_rule=draw(st.sampled_from(["rescale", "rescale", "average"])),
        bonus_cap=draw(st.sampled_from([None, Decimal(0), Decimal("1.25"), Decimal(3)])),
    )
    own = {task.task_id: task for task in world.tasks if task.ledger_id == ledger.ledger_id}
    for task in own.values():
        if draw(st.integers(0, 9)) < 9:
            draw(item(world, around, chosen, task))
    for task in own.values():
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
            draw(mark(around, chosen, task, day))
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
            around.estimate(task, draw(st.sampled_from([Decimal("0.5"), Decimal(3)])))
    return chosen


@st.composite
def item(
    draw: st.DrawFn, world: World, around: Surroundings, chosen: Scheme, task: Task
) -> SchemeItem:
    """What a task is worth, by any rule it may have."""
    rule = draw(st.sampled_from(rules_of(task.kind)))
    recurs = any(c.task_id == task.task_id for c in world.cadences)
    measures = [
        each for each in measures_of(task.kind, rule) if recurs or each not in ("windows", "missed")
    ]
    points = Decimal(draw(st.sampled_from(POINTS)))
    measure = draw(st.sampled_from(measures))
    tiers: list[tuple[Decimal, Decimal | None, Decimal]] = []
    if rule == "rank":
        below = points * Decimal("0.6")
        tiers = [
            (Decimal(1), Decimal(1), points),
            (Decimal(2), Decimal(3), round(below, 2)),
            (Decimal(4), draw(st.sampled_from([None, Decimal(8)])), Decimal(0)),
        ]
    elif rule == "tiers":
        starts = ("1", "2", "4") if measure == "times" else SHARES
        begins = sorted(
            Decimal(start) for start in draw(st.sets(st.sampled_from(starts), min_size=1))
        )
        # Two tiers may be worth the same.
        worth = [round(points * n / len(begins), 2) for n in range(1, len(begins) + 1)]
        tiers = list(zip(begins, [*begins[1:], None], worth, strict=True))
    is_stepped = rule in ("per-occurrence", "deduct")
    return around.item(
        chosen,
        task,
        draw(st.none() | st.just(points)) if task.kind == "penalty" else points,
        rule,
        measure,
        step=Decimal(draw(st.sampled_from(STEPS))) if is_stepped else None,
        floor=draw(st.sampled_from([Decimal(0), points])) if rule == "deduct" else Decimal(0),
        evidence_required=draw(st.sampled_from([False, False, True])),
        tiers=tiers,
    )


@st.composite
def mark(draw: st.DrawFn, around: Surroundings, chosen: Scheme, task: Task, day: date) -> Mark:
    """A place, or points out of those the task has; now and then out of others it had before."""
    (points,) = [
        each.points
        for each in around.items
        if (each.scheme_id, each.task_id) == (chosen.scheme_id, task.task_id)
    ] or [None]
    kind = draw(st.sampled_from(["manual", "review", "rank"])) if points else "rank"
    of_points = None
    value = Decimal(draw(st.sampled_from([1, 1, 2, 3, 5, 9])))
    if kind != "rank":
        of_points = draw(st.sampled_from([points, points, points, points + 1]))
        value = round(of_points * draw(st.sampled_from([0, 1, 2, 3])) / 3, 2)
    earlier = [each for each in around.marks if each.kind == kind]
    corrects = draw(st.sampled_from(earlier)) if earlier and draw(st.integers(0, 4)) == 4 else None
    return around.mark(
        task,
        kind,
        value,
        day + timedelta(days=draw(st.sampled_from([-20, 0, 0, 1]))),
        of_points=of_points,
        corrects=corrects,
    )
