"""The scores once more, in plain Python: slow, readable, and written from their definitions alone.

Owns a second opinion on every score the SQL gives, on top of the twin of the judgements. Knows
nothing of SQL or of the database. Points are whole hundredths; a share of them is an exact fraction
that is rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import floor
from uuid import UUID

from tests.metrics.score_facts import Mark, Scheme, SchemeItem, SchemeTier
from tests.metrics.surroundings import Claim, Evidence, Surroundings
from tests.warehouse import twin
from tests.warehouse.world import Ledger, Task, World

TRIAL_CENTS = 100_00
"""What all base tasks together are worth in the trial with equal weights."""
STEPS_SHOWN = 1000
"""Of a rule that gives points each time, no more steps than these are looked at."""


def half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def cents(points: Decimal | float) -> int:
    return half_up(100 * Fraction(points))


@dataclass(frozen=True)
class Score:
    """One task on one day, by the columns of the answer; amounts in hundredths of a point."""

    task: Task
    state: str | None
    is_done: bool
    rule: str | None
    measure: str | None
    full_cents: int | None
    step_cents: int | None
    floor_cents: int | None
    evidence_required: bool
    percent: Fraction | None
    window_total: int
    window_done: int
    window_lost: int
    windows_missed: int
    times: int
    place: int | None
    incidents: int
    claims: int
    recognised: int
    lost_cents: int | None
    evidence: int
    old_evidence: int
    newest_evidence_on: date | None
    lacks_evidence: bool
    time_is_left: bool
    given_cents: int | None
    manual_of: Decimal | None
    manual_cents: int | None
    review_cents: int | None
    computed_cents: int | None
    ungated_cents: int
    is_absent: bool
    self_cents: int | None
    secured_cents: int | None
    reachable_cents: int | None


@dataclass
class Assessment:
    """What the tasks of one ledger score on one day."""

    world: World
    """What was known of it, like `around`."""
    around: Surroundings
    ledger: Ledger
    as_of: date
    scheme: Scheme | None
    """None is the trial: every base task has the same share of 100 points, by its percent."""
    items: Sequence[SchemeItem]
    tiers: Sequence[SchemeTier]
    judged: Callable[[date], list[twin.Judgement]]

    @property
    def assessed_on(self) -> date:
        return self.scheme.assessed_on if self.scheme else self.ledger.ended_on

    @property
    def evidence_from(self) -> date:
        if self.scheme:
            return self.scheme.evidence_from
        return twin.started_on(self.world, self.ledger)

    @property
    def time_is_left(self) -> bool:
        return self.as_of < self.assessed_on

    def scores(self) -> list[Score]:
        """Every task of the edition in force, by number."""
        judged = [j for j in self.judged(self.as_of) if j.task.ledger_id == self.ledger.ledger_id]
        judged.sort(key=lambda j: j.task.number)
        base = [j.task.task_id for j in judged if j.task.kind == "base"]
        return self.with_absent([self.own_score(*self.as_assessed(j), base) for j in judged])

    # 单项

    def as_assessed(self, judgement: twin.Judgement) -> tuple[twin.Judgement, date]:
        """How a task counts, and on which day. After the 评估日 a task counts as it stood on it. What the office found of a completion of
        then still counts: accepted, it is verified; returned, the task stands as it does now."""
        (then,) = [
            j for j in self.judged(self.assessed_on) if j.task.task_id == judgement.task.task_id
        ] or [None]
        if then is None or self.as_of <= self.assessed_on:
            return judgement, self.as_of
        if then.is_done and judgement.state == "returned":
            return judgement, self.as_of
        state = "verified" if then.is_done and judgement.state == "verified" else then.state
        return replace(then, task=judgement.task, state=state), self.assessed_on

    def item(self, task: Task, base: list[UUID]) -> SchemeItem | None:
        """What the task is worth and by which rule; None where it is worth nothing in particular."""
        if self.scheme:
            found = [
                item
                for item in self.items
                if (item.scheme_id, item.task_id) == (self.scheme.scheme_id, task.task_id)
            ]
            return found[0] if found else None
        if task.kind != "base":
            return None
        # The shares of the first one, two, three … tasks together are whole hundredths each time.
        position = base.index(task.task_id) + 1
        share = TRIAL_CENTS * position // len(base) - TRIAL_CENTS * (position - 1) // len(base)
        return SchemeItem(
            UUID(int=0),
            task.task_id,
            Decimal(share) / 100,
            "proportional",
            "percent",
            None,
            Decimal(0),
            False,
            "",
            "",
        )

    def own_score(self, judgement: twin.Judgement, counted_on: date, base: list[UUID]) -> Score:
        """The score of a task by itself, as if no task were 缺项."""
        task = judgement.task
        item = self.item(task, base)
        full = cents(item.points) if item and item.points is not None else None
        rule, measure = (item.rule, item.measure) if item else (None, None)

        total, done, lost = self.windows(task, counted_on)
        times = self.times(task)
        rank, manual, review = (self.newest_mark(task, k) for k in ("rank", "manual", "review"))
        place = int(rank.value) if rank else None
        incidents = self.incidents(task, item)
        claims = self.claims(task, item) if task.kind == "bonus" else []
        fresh, old, newest_on = self.evidence(task)
        points_lost = None
        if measure == "missed":
            points_lost = cents(item.step) * judgement.cadence.missed
        elif measure == "incidents":
            points_lost = sum(incidents)

        is_absent = (
            task.kind == "base"
            and full is not None
            and (judgement.state == "not_applicable" or (measure == "windows" and total == 0))
        )
        percent = judgement.percent
        computed = best = None
        if item and task.kind == "penalty":
            computed = sum(incidents) if full is None else min(sum(incidents), full)
        elif item and task.kind == "bonus":
            computed, best = min(full, sum(worth for _, worth in claims)), full
        elif item:
            computed, best = self.by_rule(
                item,
                full=full,
                is_done=judgement.is_done,
                # A percentage counts to four decimals.
                percent=Fraction(half_up(percent * 10000), 10000),
                windows=(total, done, lost),
                times=times,
                place=place,
                points_lost=points_lost,
            )
        # A mark was given out of the full marks of its time; it counts while they are the same.
        manual_cents = self.if_in_force(manual, item)
        ungated = manual_cents if manual_cents is not None else computed or 0
        lacks = bool(item and item.evidence_required and not fresh and task.kind != "penalty")
        own = 0 if lacks else ungated
        secured = reachable = own
        if task.kind == "penalty":
            pass
        elif task.kind == "bonus":
            recognised = sum(worth for claim, worth in claims if claim.state == "recognised")
            secured = min(own, recognised)
        elif judgement.state != "verified":
            secured = 0
        if task.kind != "penalty" and self.time_is_left:
            reachable = max(ungated, best or 0)
        return Score(
            task=task,
            state=judgement.state,
            is_done=judgement.is_done,
            rule=rule,
            measure=measure,
            full_cents=full,
            step_cents=cents(item.step) if item and item.step is not None else None,
            floor_cents=cents(item.floor) if item and self.scheme else None,
            evidence_required=bool(item and item.evidence_required),
            percent=percent,
            window_total=total,
            window_done=min(done, total),
            window_lost=lost,
            windows_missed=judgement.cadence.missed,
            times=times,
            place=place,
            incidents=len(incidents),
            claims=len(claims),
            recognised=sum(claim.state == "recognised" for claim, _ in claims),
            lost_cents=points_lost,
            evidence=len(fresh),
            old_evidence=len(old),
            newest_evidence_on=newest_on,
            lacks_evidence=lacks,
            time_is_left=self.time_is_left,
            given_cents=cents(manual.value) if manual else None,
            manual_of=manual.of_points if manual else None,
            manual_cents=manual_cents,
            review_cents=self.if_in_force(review, item),
            computed_cents=computed,
            ungated_cents=0 if is_absent else ungated,
            is_absent=is_absent,
            self_cents=own if item else None,
            secured_cents=secured if item else None,
            reachable_cents=reachable if item else None,
        )

    def by_rule(
        self,
        item: SchemeItem,
        *,
        full: int,
        is_done: bool,
        percent: Fraction,
        windows: tuple[int, int, int],
        times: int,
        place: int | None,
        points_lost: int | None,
    ) -> tuple[int | None, int | None]:
        """What the rule gives a base task now, and the most it can still give by the 评估日."""
        total, done, lost = windows
        share = Fraction(min(done, total), total) if total else None
        share_left = Fraction(total - lost, total) if total else None
        match item.rule, item.measure:
            case "proportional", "percent":
                return half_up(full * percent / 100), full
            case "proportional", "windows":
                if share is None:
                    return None, None
                return half_up(full * share), half_up(full * share_left)
            case "all-or-nothing", _:
                return full if is_done else 0, full
            case "per-occurrence", _:
                return min(full, cents(item.step) * times), full
            case "deduct", _:
                left = max(cents(item.floor), full - points_lost)
                return left, left
            case "tiers", "percent":
                return self.tier(item, percent), self.best_tier(item)
            case "tiers", "times":
                return self.tier(item, Fraction(times)), self.best_tier(item)
            case "tiers", "windows":
                if share is None:
                    return 0, self.best_tier(item)
                return self.tier(item, 100 * share), self.tier(item, 100 * share_left)
            case "rank", _:
                if place is None:
                    return None, self.best_tier(item)
                won = self.place_worth(item, place)
                return won, won
        return None, full

    def own_tiers(self, item: SchemeItem) -> list[SchemeTier]:
        return [
            tier
            for tier in self.tiers
            if (tier.scheme_id, tier.task_id) == (item.scheme_id, item.task_id)
        ]

    def tier(self, item: SchemeItem, reached: Fraction) -> int:
        """The points of the highest tier whose beginning was reached; none of those, no points."""
        won = [tier for tier in self.own_tiers(item) if reached >= Fraction(tier.at_least)]
        return cents(max(won, key=lambda tier: tier.at_least).points) if won else 0

    def best_tier(self, item: SchemeItem) -> int:
        return max((cents(tier.points) for tier in self.own_tiers(item)), default=0)

    def place_worth(self, item: SchemeItem, place: int) -> int:
        """The points of the group of places that a place is in, both ends included."""
        won = [
            tier.points
            for tier in self.own_tiers(item)
            if tier.at_least <= place and (tier.at_most is None or place <= tier.at_most)
        ]
        return cents(won[0]) if won else 0

    # 计分依据

    def windows(self, task: Task, counted_on: date) -> tuple[int, int, int]:
        """What the cadence asks for by the 评估日, what of it is done, and what was missed for good.

        Done counts in windows that have ended, and in those that will have by the 评估日.
        """

        def listed(day: date) -> list[twin.Window]:
            return [
                window
                for each in twin.tasks_in_force(self.world, self.ledger, day)
                if each.task_id == task.task_id
                for window in twin.windows(self.world, self.ledger, each, day)
                if window.state != "excused"
            ]

        now = listed(counted_on)
        ended = [w for w in now if w.end <= counted_on]
        in_time = [w for w in now if counted_on < w.end <= self.assessed_on]
        asked_then = sum(w.min_count for w in listed(self.assessed_on) if w.end <= self.assessed_on)
        asked_now = sum(w.min_count for w in ended)
        done_in_ended = sum(min(w.times, w.min_count) for w in ended)
        done_in_open = sum(min(w.times, w.min_count) for w in in_time)
        total = max(asked_then, asked_now)
        return total, done_in_ended + done_in_open, asked_now - done_in_ended

    @property
    def last_day(self) -> date:
        """What happens after the 评估日 is no longer counted."""
        return min(self.as_of, self.assessed_on)

    def times(self, task: Task) -> int:
        return twin.times_done(
            [
                o
                for o in twin.standing(self.world, self.world.occurrences, "occurrence_id")
                if o.task_id == task.task_id and o.occurred_on <= self.last_day
            ]
        )

    def incidents(self, task: Task, item: SchemeItem | None) -> list[int]:
        """What each costs: its own points, or else the scheme's each time, or else nothing."""
        each_time = cents(item.step) if item and item.step is not None else 0
        return [
            each_time if incident.points is None else cents(incident.points)
            for incident in twin.standing(self.world, self.around.incidents, "incident_id")
            if incident.task_id == task.task_id and incident.effective_on <= self.last_day
        ]

    def claims(self, task: Task, item: SchemeItem | None) -> list[tuple[Claim, int]]:
        """Each claim with its worth; one that was answered gives way to its recognition."""
        made = [
            claim
            for claim in twin.standing(self.world, self.around.claims, "claim_id")
            if claim.effective_on <= self.as_of
        ]
        answered = {claim.answers_id for claim in made}
        worth = 0
        if item and item.rule == "per-occurrence":
            worth = cents(item.step)
        elif item and item.rule == "all-or-nothing":
            worth = cents(item.points)
        return [
            (claim, worth if claim.points is None else cents(claim.points))
            for claim in made
            if claim.task_id == task.task_id and claim.claim_id not in answered
        ]

    def evidence(self, task: Task) -> tuple[list[Evidence], list[Evidence], date | None]:
        """The materials that count, those too old, and the day of the newest of all."""

        def day(paper: Evidence) -> date:
            return paper.effective_on or paper.recorded_at.date()

        held = [
            paper
            for paper in twin.standing(self.world, self.around.evidence, "evidence_id")
            if paper.task_id == task.task_id and day(paper) <= self.as_of
        ]
        fresh = [paper for paper in held if day(paper) >= self.evidence_from]
        old = [paper for paper in held if paper not in fresh]
        return fresh, old, max(map(day, held), default=None)

    def newest_mark(self, task: Task, kind: str) -> Mark | None:
        given = [
            mark
            for mark in twin.standing(self.world, self.around.marks, "mark_id")
            if (mark.task_id, mark.kind) == (task.task_id, kind) and mark.effective_on <= self.as_of
        ]
        return max(given, key=lambda m: (m.effective_on, m.entry_number), default=None)

    def if_in_force(self, mark: Mark | None, item: SchemeItem | None) -> int | None:
        if mark is None or item is None or not self.scheme or mark.of_points != item.points:
            return None
        return cents(mark.value)

    # 缺项

    def with_absent(self, own: list[Score]) -> list[Score]:
        """Give every 缺项 its points at the rate of the others, the whole rounded once.

        What the first one, two, three … of them together are given is whole hundredths each time.
        """
        present = [s for s in own if s.task.kind == "base" and not s.is_absent and s.rule]
        absent = [s for s in own if s.is_absent]
        worth = sum(s.full_cents for s in present)
        given: dict[UUID, dict[str, int]] = {}
        for name in ("self_cents", "secured_cents", "reachable_cents"):
            rate = Fraction(sum(getattr(s, name) for s in present), worth) if worth else Fraction(0)
            before = 0
            sums = accumulate(s.full_cents for s in absent)
            for score, together in zip(absent, sums, strict=True):
                given.setdefault(score.task.task_id, {})[name] = half_up(rate * together) - before
                before = half_up(rate * together)
        return [replace(s, **given.get(s.task.task_id, {})) for s in own]


# 合计


@dataclass(frozen=True)
class Part:
    """One part of a score, or (overall) all of them; penalties and the excess are below zero."""

    part: str
    level1: str
    level2: str
    tasks: int
    unscored: int
    unmarked: int
    full_cents: int
    self_cents: int
    secured_cents: int
    reachable_cents: int


TOTALS = ("full_cents", "self_cents", "secured_cents", "reachable_cents")


def parts(
    scores: Iterable[Score],
    scheme: Scheme | None,
    heading: Callable[[Task], tuple[str, str]] = lambda _task: ("", ""),
) -> list[Part]:
    """The parts of these scores by heading, in the order of the ledger, and their sum last."""
    scores = sorted(scores, key=lambda s: s.task.number)
    is_apart = not scheme or scheme.absent_rule == "rescale"

    def part_of(score: Score) -> str:
        return "absent" if score.is_absent and is_apart else score.task.kind

    found = []
    for part in ("base", "absent", "bonus", "penalty"):
        own = [s for s in scores if part_of(s) == part]
        for level1, level2 in dict.fromkeys(heading(s.task) for s in own):
            group = [s for s in own if heading(s.task) == (level1, level2)]
            sign = -1 if part == "penalty" else 1
            totals = {name: sign * sum(getattr(s, name) or 0 for s in group) for name in TOTALS}
            if part == "penalty":
                totals["full_cents"] = 0
            unscored = sum(s.rule is None for s in group)
            unmarked = sum(is_unmarked(s) for s in group)
            found.append(Part(part, level1, level2, len(group), unscored, unmarked, **totals))
        if part == "bonus" and own and scheme and scheme.bonus_cap is not None:
            cap = cents(scheme.bonus_cap)
            over = {name: min(0, cap - sum(getattr(s, name) or 0 for s in own)) for name in TOTALS}
            found.append(Part("excess", "", "", 0, 0, 0, **over))
    if not found:
        return []
    counted = ("tasks", "unscored", "unmarked", *TOTALS)
    overall = {name: sum(getattr(each, name) for each in found) for name in counted}
    return [*found, Part("overall", "", "", **overall)]


def is_unmarked(score: Score) -> bool:
    """A task by hand or by place that was given neither."""
    return (
        score.task.kind == "base"
        and not score.is_absent
        and score.rule in ("manual", "rank")
        and score.manual_cents is None
        and score.computed_cents is None
    )


# 可走的步


@dataclass(frozen=True)
class Step:
    """One step that gains something: what the task is worth after it, and the steps so far."""

    needs: str
    step_number: int
    to_cents: int


def steps(score: Score, tiers: Sequence[SchemeTier]) -> list[Step]:
    """The steps of one task in their order. Those that gain nothing are counted, and not listed."""
    worth = score.ungated_cents
    if (
        score.task.kind == "penalty"
        or not score.rule
        or not score.time_is_left
        or score.is_absent
        or score.reachable_cents <= score.self_cents
    ):
        return []
    # What is done and lacks only its proof is one step; otherwise the proof comes with the doing.
    taken = [Step("evidence", 1, worth)] if score.lacks_evidence and worth else []
    # A mark below what was done comes first: more doing would not lift it.
    manual, computed = score.manual_cents, score.computed_cents
    if manual is not None and computed is not None and manual < computed:
        reconsidered = min(computed, score.reachable_cents)
        if reconsidered > worth:
            taken.append(Step("mark", 1 + len(taken), reconsidered))
            worth = reconsidered
    numbered = enumerate(ladder(score, worth, tiers), start=1 + len(taken))
    for number, (needs, to_cents) in numbered:
        if to_cents > max([worth, *(step.to_cents for step in taken)]):
            taken.append(Step(needs, number, to_cents))
    return taken


def ladder(score: Score, worth: int, tiers: Sequence[SchemeTier]) -> list[tuple[str, int]]:
    """What can be done, one thing after another, and what the task is worth after each.

    `worth` is what it is worth before; a tier at or below that is no step.
    """
    top = score.reachable_cents
    is_bonus = score.task.kind == "bonus"
    if score.rule == "tiers":
        worths = sorted((tier.at_least, cents(tier.points)) for tier in tiers)
        return [("tier", w) for _, w in worths if worth < w <= top]
    if score.rule == "per-occurrence":
        done = score.computed_cents or 0
        worths = [
            min(score.full_cents, done + score.step_cents * n) for n in range(1, STEPS_SHOWN + 1)
        ]
        return [("claim" if is_bonus else "occurrence", w) for w in worths]
    if (score.rule, score.measure) == ("proportional", "windows"):
        total, done = score.window_total, score.window_done
        worths = [
            half_up(Fraction(score.full_cents * n, total))
            for n in range(done + 1, total - score.window_lost + 1)
        ]
        return [("window", w) for w in worths]
    if is_bonus:
        return [("claim", top)]
    return [("mark" if score.rule in ("manual", "rank") else "complete", top)]
