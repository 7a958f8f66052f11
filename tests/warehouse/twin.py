"""The figures once more, in plain Python: slow, readable, and written from their definitions alone.

Owns a second opinion on every judgement the SQL makes. Knows nothing of SQL or of the database: it
is handed a `World` of facts and a day. Shares are exact fractions, so a threshold is met or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, TypeVar
from uuid import UUID

from tests.warehouse.world import (
    Assignment,
    Cadence,
    Edition,
    Ledger,
    Report,
    Setting,
    Task,
    Verification,
    World,
)

ROLES = ("lead", "responsible", "cooperate", "support")
"""The weightiest first."""
OPEN = ("in_progress", "not_started", "overdue")
DONE = ("done", "verified")

Row = TypeVar("Row")
Facts = TypeVar("Facts")


# What stands


def known(facts: Facts, known_at: datetime) -> Facts:
    """What was known at an instant: entries made later are not there, nor later withdrawals.

    `facts` is a dataclass of lists. The first edition of a ledger, and the first value of a setting
    for all ledgers, were always known.
    """

    def was_known(fact: Any) -> bool:
        if isinstance(fact, Edition) and fact.edition_number == 1:
            return True
        if isinstance(fact, Setting) and fact.ledger_id is None:
            peers = [s for s in facts.settings if s.ledger_id is None and s.key == fact.key]
            return fact.recorded_at <= known_at or fact == min(peers, key=lambda s: s.recorded_at)
        return not hasattr(fact, "recorded_at") or fact.recorded_at <= known_at

    lists = {f.name: getattr(facts, f.name) for f in fields(facts)}
    return replace(
        facts,
        **{
            name: [fact for fact in rows if was_known(fact)]
            for name, rows in lists.items()
            if isinstance(rows, list)
        },
    )


def as_issued(world: World) -> World:
    """The world as if no extension had been answered: every due day is as issued."""
    return replace(world, decisions=[])


def standing(world: World, rows: Sequence[Row], own_id: str) -> list[Row]:
    """The rows not taken back; such a row, and one that another corrects, never existed."""
    corrected = {row.supersedes_id for row in rows} | {w.entry_id for w in world.withdrawals}
    return [row for row in rows if getattr(row, own_id) not in corrected]


def order(row: Report | Verification) -> tuple[date, datetime]:
    """Rows follow each other by the day they were true, then by the instant of entry."""
    return (row.effective_on, row.recorded_at)


def terms(world: World, ledger: Ledger, key: str, default: str) -> str:
    """A threshold: the ledger's own newest value, else the newest for all, else the default."""
    for owner in (ledger.ledger_id, None):
        given = [s for s in world.settings if s.key == key and s.ledger_id == owner]
        if given:
            return max(given, key=lambda s: s.recorded_at).value
    return default


def started_on(world: World, ledger: Ledger) -> date:
    return date.fromisoformat(terms(world, ledger, "started_on", ledger.started_on.isoformat()))


def edition_in_force(world: World, ledger: Ledger, as_of: date) -> Edition:
    """The newest edition in effect; before the first takes effect, the first."""
    editions = [e for e in world.editions if e.ledger_id == ledger.ledger_id]
    editions.sort(key=lambda e: e.edition_number)
    in_effect = [e for e in editions if e.effective_on <= as_of]
    return in_effect[-1] if in_effect else editions[0]


def tasks_in_force(world: World, ledger: Ledger, as_of: date) -> list[Task]:
    edition = edition_in_force(world, ledger, as_of)
    return [task for task in world.tasks if task.edition_id == edition.edition_id]


def assigned(world: World, task: Task) -> list[Assignment]:
    return [
        a
        for a in world.assignments
        if a.edition_id == task.edition_id and a.task_id == task.task_id
    ]


def members(world: World, unit_id: UUID) -> list[UUID]:
    return [m.member_id for m in world.memberships if m.collective_id == unit_id]


# 生效期限


def effective_due_on(world: World, task: Task, as_of: date) -> date | None:
    """The due day as issued, or as moved by the newest approval known on the day."""
    requests = {
        e.extension_id: e
        for e in standing(world, world.extensions, "extension_id")
        if e.task_id == task.task_id
    }
    newest_of_request = {}
    for decision in sorted(standing(world, world.decisions, "decision_id"), key=order):
        if decision.effective_on <= as_of and decision.extension_id in requests:
            newest_of_request[decision.extension_id] = decision
    approvals = [d for d in newest_of_request.values() if d.outcome == "approved"]
    if not approvals:
        return task.due_on
    return requests[max(approvals, key=order).extension_id].new_due_on


# 进展


@dataclass(frozen=True)
class Progress:
    """How far a task, or one unit's part of it, has come; made from at least one report."""

    state: str
    """not_started, in_progress, done or not_applicable."""
    percent: Fraction | None
    """None when no report gave one."""
    reported_on: date
    done_on: date | None
    verified: bool
    is_returned: bool = False
    """The newest report claims completion and the office returned it."""
    claimed_at: datetime | None = None
    """When the completion that stands, or was returned, was first entered."""


def subject_progress(
    world: World, task_id: UUID, unit_id: UUID | None, as_of: date
) -> Progress | None:
    """What the reports of one subject come to; None when it has not reported by the day.

    The subject is one unit's part of the task, or, without a unit, the task as a whole.
    """
    reports = [
        report
        for report in sorted(standing(world, world.reports, "report_id"), key=order)
        if report.task_id == task_id and report.unit_id == unit_id and report.effective_on <= as_of
    ]
    if not reports:
        return None
    verifications = [
        verification
        for verification in sorted(
            standing(world, world.verifications, "verification_id"), key=order
        )
        if verification.task_id == task_id and verification.effective_on <= as_of
    ]
    of_subject = [v for v in verifications if v.unit_id == unit_id]
    of_whole_task = [v for v in verifications if v.unit_id is None]

    percent = None
    done_on = None
    entered: list[datetime] = []
    for report in reports:
        is_returned = report.state == "done" and any(
            v.outcome == "returned" and order(v) >= order(report)
            for v in of_subject + of_whole_task
        )
        state = "in_progress" if is_returned else report.state
        if state == "done":
            done_on = done_on or report.effective_on
            entered.append(report.recorded_at)
        else:
            done_on = None
            entered = []
            if report.percent is not None and not is_returned:
                percent = Fraction(report.percent)
            elif state == "not_started":
                percent = Fraction(0)

    verified = done_on is not None and any(
        decided and decided[-1].outcome == "accepted" and decided[-1].effective_on >= done_on
        for decided in (of_subject, of_whole_task)
    )
    # Work taken up again is no longer at 100 %, but where it stood before it was called done.
    percent = Fraction(100) if state == "done" else percent
    reported_on = reports[-1].effective_on
    if is_returned:
        same_day = [r for r in reports if r.effective_on == reported_on and r.state == "done"]
        entered = [report.recorded_at for report in same_day]
    return Progress(
        state, percent, reported_on, done_on, verified, is_returned, min(entered, default=None)
    )


# 汇总


def roll_up(parts: Sequence[Progress | None]) -> tuple[str, Fraction | None, date | None, bool]:
    """State, percent, done_on and verified of several units together; None has not reported."""
    applicable = [p for p in parts if p is None or p.state != "not_applicable"]
    if parts and not applicable:
        return "not_applicable", None, None, False
    percents = [Fraction(0) if p is None else p.percent or Fraction(0) for p in applicable]
    percent = sum(percents) / len(percents) if percents else Fraction(0)
    if applicable and all(p is not None and p.state == "done" for p in applicable):
        done_on = max(p.done_on for p in applicable)
        return "done", percent, done_on, all(p.verified for p in applicable)
    begun = any(p is not None and p.state != "not_started" for p in applicable)
    return "in_progress" if begun else "not_started", percent, None, False


def part_progress(world: World, task_id: UUID, unit_id: UUID, as_of: date) -> Progress | None:
    """How one charged unit stands; a silent collective stands as its members do."""
    own = subject_progress(world, task_id, unit_id, as_of)
    if own is not None:
        return own
    by_member = [
        subject_progress(world, task_id, member, as_of) for member in members(world, unit_id)
    ]
    reported = [p for p in by_member if p is not None]
    if not reported:
        return None
    state, percent, done_on, verified = roll_up(by_member)
    return Progress(state, percent, max(p.reported_on for p in reported), done_on, verified)


def task_progress(world: World, task: Task, as_of: date) -> Progress | None:
    """How the task stands; None when nobody has reported on it by the day."""
    subjects = {r.unit_id for r in world.reports if r.task_id == task.task_id}
    by_subject = {
        unit_id: progress
        for unit_id in subjects
        if (progress := subject_progress(world, task.task_id, unit_id, as_of)) is not None
    }
    if not by_subject:
        return None
    reported_on = max(p.reported_on for p in by_subject.values())
    if None in by_subject:
        whole = by_subject[None]
        return Progress(whole.state, whole.percent, reported_on, whole.done_on, whole.verified)
    duties = assigned(world, task)
    charged = {a.unit_id for a in duties if a.role in ("lead", "responsible")}
    if not charged:
        charged = {a.unit_id for a in duties}
    parts = [part_progress(world, task.task_id, unit_id, as_of) for unit_id in charged]
    state, percent, done_on, verified = roll_up(parts)
    return Progress(state, percent, reported_on, done_on, verified)


# 频次


@dataclass(frozen=True)
class Window:
    """One period in which a recurring duty is to be done `min_count` times."""

    period: str
    min_count: int
    start: date
    end: date
    times: int
    state: str
    """met, missed or open."""


def period_around(period: str, day: date, first_day: date) -> tuple[date, date]:
    """The first and last day of the calendar period that `day` is in.

    Weeks begin on Monday; fortnights are counted from `first_day`.
    """
    if period == "day":
        return day, day
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if period == "fortnight":
        start = first_day + timedelta(days=(day - first_day).days // 14 * 14)
        return start, start + timedelta(days=13)
    months = {"month": 1, "two-months": 2, "quarter": 3, "half-year": 6, "year": 12}[period]
    first_month = (day.month - 1) // months * months + 1
    start = date(day.year, first_month, 1)
    last_month = first_month + months - 1
    if last_month == 12:
        return start, date(day.year, 12, 31)
    return start, date(day.year, last_month + 1, 1) - timedelta(days=1)


def demanded(world: World, task: Task) -> list[Cadence]:
    """The demands on a base task; others are not judged by their cadence."""
    return [
        cadence
        for cadence in world.cadences
        if cadence.edition_id == task.edition_id
        and cadence.task_id == task.task_id
        and task.kind == "base"
    ]


def windows(world: World, ledger: Ledger, task: Task, as_of: date) -> list[Window]:
    """Every window of a base task that has begun by the day, whether or not it has ended.

    A window counts when it ends between the ledger's start and the due day or the ledger's end.
    """
    first_day = started_on(world, ledger)
    due_on = effective_due_on(world, task, as_of)
    last_day = min(due_on, ledger.ended_on) if due_on else ledger.ended_on
    # Two demands of one period are one demand of the larger count.
    demands: dict[str, int] = {}
    for cadence in demanded(world, task):
        demands[cadence.period] = max(cadence.min_count, demands.get(cadence.period, 0))
    listed = []
    for period, min_count in demands.items():
        day = first_day
        while day <= last_day:
            start, end = period_around(period, day, first_day)
            if day == end and start <= as_of:
                times = sum(
                    o.times
                    for o in standing(world, world.occurrences, "occurrence_id")
                    if o.task_id == task.task_id
                    and o.period in (None, period)
                    and start <= o.occurred_on <= min(end, as_of)
                )
                if times >= min_count:
                    state = "met"
                elif is_excused(world, task, period, start):
                    state = "excused"
                else:
                    state = "missed" if end <= as_of else "open"
                listed.append(Window(period, min_count, start, end, times, state))
            day += timedelta(days=1)
    return listed


def is_excused(world: World, task: Task, period: str, start: date) -> bool:
    """Whether the newest word on the window is that nothing is asked in it."""
    said = [
        e
        for e in world.excuses
        if (e.task_id, e.period, e.window_start) == (task.task_id, period, start)
    ]
    return bool(said) and max(said, key=lambda e: e.recorded_at).outcome == "excused"


@dataclass(frozen=True)
class CadenceScore:
    """Ended windows only; what is done beyond the minimum in one is not carried to the next.

    An excused window is left out, with whatever little was done in it.
    """

    windows: int
    required: int
    achieved: int
    missed: int
    open_windows: tuple[tuple[date, int], ...]
    """Of each window that has not ended and in which something was done: its end, and how much."""


def cadence_score(listed: Iterable[Window], as_of: date) -> CadenceScore:
    ended = [w for w in listed if w.end <= as_of and w.state != "excused"]
    going = [w for w in listed if w.end > as_of and w.state != "excused" and w.times]
    return CadenceScore(
        windows=len(ended),
        required=sum(window.min_count for window in ended),
        achieved=sum(min(window.times, window.min_count) for window in ended),
        missed=sum(window.state == "missed" for window in ended),
        open_windows=tuple(sorted((w.end, min(w.times, w.min_count)) for w in going)),
    )


# 状态、信号与预警灯


@dataclass(frozen=True)
class Judgement:
    """One task on one day."""

    task: Task
    effective_due_on: date | None
    state: str | None
    """None for bonus and penalty tasks."""
    is_done: bool
    is_applicable: bool
    late: bool
    overdue: bool
    behind: bool
    not_reported: bool
    done_on: date | None
    reported_on: date | None
    percent: Fraction | None
    expected_percent: Fraction | None
    points_behind: Fraction | None
    cadence: CadenceScore
    lamp: str
    reason: dict[str, object]
    """What the lamp rests on: name of the figure → its value."""


def expected_percent(first_day: date, due_on: date | None, as_of: date) -> Fraction | None:
    """序时进度: the share of start → due day that has passed."""
    if due_on is None:
        return None
    if as_of >= due_on:
        return Fraction(100)
    if as_of <= first_day:
        return Fraction(0)
    return Fraction(100 * (as_of - first_day).days, (due_on - first_day).days)


def ledger_has_progress(world: World, ledger: Ledger, as_of: date) -> bool:
    """Whether anything at all was reported or done by the day."""
    own = {task.task_id for task in world.tasks if task.ledger_id == ledger.ledger_id}
    reported = [
        r
        for r in standing(world, world.reports, "report_id")
        if r.task_id in own and r.effective_on <= as_of
    ]
    occurred = [
        o
        for o in standing(world, world.occurrences, "occurrence_id")
        if o.task_id in own and o.occurred_on <= as_of
    ]
    return bool(reported or occurred)


def judge(world: World, as_of: date) -> list[Judgement]:
    """Every task of every ledger's edition in force."""
    judged = []
    for ledger in world.ledgers:
        has_progress = ledger_has_progress(world, ledger, as_of)
        for task in tasks_in_force(world, ledger, as_of):
            judged.append(judge_task(world, ledger, task, as_of, has_progress))
    return judged


def judge_task(
    world: World, ledger: Ledger, task: Task, as_of: date, has_progress: bool
) -> Judgement:
    first_day = started_on(world, ledger)
    yellow_points = int(terms(world, ledger, "behind_yellow_points", "10"))
    red_points = int(terms(world, ledger, "behind_red_points", "30"))
    soon_days = int(terms(world, ledger, "due_soon_days", "30"))

    due_on = effective_due_on(world, task, as_of)
    progress = task_progress(world, task, as_of)
    reported_on = progress.reported_on if progress else None
    score = cadence_score(windows(world, ledger, task, as_of), as_of)

    if task.kind != "base":
        return Judgement(
            task=task,
            effective_due_on=due_on,
            state=None,
            is_done=False,
            is_applicable=False,
            late=False,
            overdue=False,
            behind=False,
            not_reported=False,
            done_on=progress.done_on if progress else None,
            reported_on=reported_on,
            percent=None,
            expected_percent=None,
            points_behind=None,
            cadence=score,
            lamp="grey",
            reason={"kind": task.kind},
        )

    percent = (progress.percent if progress else None) or Fraction(0)
    expected = expected_percent(first_day, due_on, as_of)
    if progress and progress.state == "not_applicable":
        state = "not_applicable"
    elif progress and progress.state == "done":
        state = "verified" if progress.verified else "done"
    elif due_on and due_on < as_of:
        state = "overdue"
    elif progress and (progress.state == "in_progress" or percent > 0):
        # Work that has a percentage has begun, whatever word was ticked beside it.
        state = "in_progress"
    else:
        state = "not_started"

    is_open = state in OPEN
    late = state in DONE and due_on is not None and progress.done_on > due_on
    overdue = state == "overdue"
    days_left = (due_on - as_of).days if due_on and is_open and not overdue else None
    due_soon = days_left is not None and 0 <= days_left <= soon_days
    points_behind = expected - percent if is_open and expected is not None else None
    lags = points_behind is not None and points_behind >= yellow_points
    lags_much = points_behind is not None and points_behind > red_points
    behind = is_open and (lags or score.missed > 0)
    reported_this_month = reported_on is not None and (
        (reported_on.year, reported_on.month) == (as_of.year, as_of.month)
    )
    not_reported = is_open and as_of >= first_day and not reported_this_month

    if state == "not_applicable":
        lamp = "grey"
    elif state in DONE:
        lamp = "blue"
    elif not has_progress:
        lamp = "grey"
    elif overdue or lags_much:
        lamp = "red"
    elif due_soon or lags or score.missed > 0:
        lamp = "yellow"
    elif due_on is None and score.windows == 0 and reported_on is None:
        lamp = "grey"
    else:
        lamp = "green"

    reason: dict[str, object] = {}
    if state in DONE:
        reason["done_on"] = progress.done_on
        if late:
            reason["days_late"] = (progress.done_on - due_on).days
        if state == "verified":
            reason["verified"] = True
    elif is_open and has_progress:
        if overdue:
            # By then the plan says 100, so the points behind would only repeat the percent.
            reason["days_overdue"] = (as_of - due_on).days
        elif lags:
            reason["points_behind"] = points_behind
        if due_soon:
            reason["days_left"] = days_left
        if score.missed:
            reason["windows_missed"] = score.missed
        if reported_on is None:
            reason["never_reported"] = True

    return Judgement(
        task=task,
        effective_due_on=due_on,
        state=state,
        is_done=state in DONE,
        is_applicable=state != "not_applicable",
        late=late,
        overdue=overdue,
        behind=behind,
        not_reported=not_reported,
        done_on=progress.done_on if progress else None,
        reported_on=reported_on,
        percent=percent,
        expected_percent=expected,
        points_behind=points_behind,
        cadence=score,
        lamp=lamp,
        reason=reason,
    )


# 范围


def in_scope(
    world: World,
    judged: Iterable[Judgement],
    ledger: Ledger,
    *,
    units: Sequence[str] = (),
    level1s: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> list[Judgement]:
    """The judgements of one ledger's tasks that pass every filter; an empty filter passes all.

    A task is a unit's when it names the unit, or a collective the unit belongs to.
    """
    wanted = {unit.unit_id for unit in world.units if unit.name in units}
    chosen = []
    for judgement in judged:
        task = judgement.task
        if task.ledger_id != ledger.ledger_id:
            continue
        if level1s and task.level1 not in level1s:
            continue
        if kinds and task.kind not in kinds:
            continue
        if units:
            named = {a.unit_id for a in assigned(world, task)}
            reached = named | {m for unit_id in named for m in members(world, unit_id)}
            if not wanted & reached:
                continue
        chosen.append(judgement)
    return chosen


# 完成率


@dataclass(frozen=True)
class Completion:
    """The rates of a group of base tasks, in percent; None where there is nothing to divide by."""

    applicable: int
    done: int
    due: int
    due_done: int
    on_time: int
    done_rate: Fraction | None
    due_rate: Fraction | None
    on_time_rate: Fraction | None
    mean_percent: Fraction | None
    done_rate_by_points: Fraction | None


def completion(group: Iterable[Judgement], as_of: date, *, verified_only: bool) -> Completion:
    counted = [j for j in group if j.task.kind == "base" and j.is_applicable]
    done = [j for j in counted if j.state == "verified" or (j.is_done and not verified_only)]
    due = [j for j in counted if j.effective_due_on and j.effective_due_on <= as_of]
    due_done = [j for j in due if j in done]
    on_time = [j for j in due_done if not j.late]
    points = sum(Fraction(j.task.points) for j in counted if j.task.points is not None)
    points_done = sum(Fraction(j.task.points) for j in done if j.task.points is not None)
    return Completion(
        applicable=len(counted),
        done=len(done),
        due=len(due),
        due_done=len(due_done),
        on_time=len(on_time),
        done_rate=Fraction(100 * len(done), len(counted)) if counted else None,
        due_rate=Fraction(100 * len(due_done), len(due)) if due else None,
        on_time_rate=Fraction(100 * len(on_time), len(due)) if due else None,
        mean_percent=sum(j.percent for j in counted) / len(counted) if counted else None,
        done_rate_by_points=100 * points_done / points if points else None,
    )


# 部门负荷


@dataclass(frozen=True)
class Duty:
    """One unit's part in one task."""

    judgement: Judgement
    unit_id: UUID
    role: str
    is_first: bool
    """Named first in a task without a lead (首位)."""
    share: Fraction
    through: frozenset[UUID]
    """The collectives by which the task came to the unit."""
    unit_is_done: bool
    unit_is_overdue: bool


def duties(
    world: World, ledger: Ledger, group: Iterable[Judgement], as_of: date, *, expanded: bool
) -> list[Duty]:
    """The parts of all units in the tasks of `group`.

    With `expanded` the members of a collective stand in its place; a unit that is also named
    itself, or in several ways, counts once with its weightiest role. One task is one share in all,
    divided among the units named; members divide what is their collective's.
    """
    first_listed_leads = terms(world, ledger, "first_listed_leads", "否") == "是"
    listed = []
    for judgement in group:
        task = judgement.task
        written = assigned(world, task)
        has_lead = any(a.role == "lead" for a in written)
        roles: dict[UUID, set[str]] = {}
        firsts: set[UUID] = set()
        through: dict[UUID, set[UUID]] = {}
        shares: dict[UUID, Fraction] = {}
        named = {a.unit_id for a in written}
        for unit_id in named:
            opened = (members(world, unit_id) if expanded else []) or [unit_id]
            for part_id in opened:
                part = Fraction(1, len(named) * len(opened))
                shares[part_id] = shares.get(part_id, Fraction(0)) + part
        for assignment in written:
            is_first = assignment.position == 1 and not has_lead
            role = assignment.role
            if is_first and role == "responsible" and first_listed_leads:
                role = "lead"
            opened = members(world, assignment.unit_id) if expanded else []
            for unit_id in opened or [assignment.unit_id]:
                roles.setdefault(unit_id, set()).add(role)
                if opened:
                    through.setdefault(unit_id, set()).add(assignment.unit_id)
                elif is_first:
                    firsts.add(unit_id)
        for unit_id, held in roles.items():
            part = part_progress(world, task.task_id, unit_id, as_of)
            part_is_done = part is not None and part.state == "done"
            listed.append(
                Duty(
                    judgement=judgement,
                    unit_id=unit_id,
                    role=min(held, key=ROLES.index),
                    is_first=unit_id in firsts,
                    share=shares[unit_id],
                    through=frozenset(through.get(unit_id, ())),
                    unit_is_done=judgement.is_done or part_is_done,
                    unit_is_overdue=judgement.overdue and not part_is_done,
                )
            )
    return listed
