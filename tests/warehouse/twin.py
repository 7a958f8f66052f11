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
    Decision,
    Edition,
    Ledger,
    Occurrence,
    Plan,
    Report,
    Setting,
    Task,
    Verification,
    World,
)
from warehouse.writing import PLACES_OF_ACTION

ROLES = ("lead", "responsible", "cooperate", "support")
"""The weightiest first."""
OPEN = ("returned", "in_progress", "not_started", "overdue")
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
            return fact.recorded_at <= known_at or fact == min(peers, key=entered)
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


def entered(row: Any) -> int:
    """Rows are known in the order in which they were entered, whatever the clock showed."""
    return row.entry_number


def order(row: Any) -> tuple[date, int]:
    """Rows follow each other by the day they were true, then by the order of entry."""
    return (row.effective_on, row.entry_number)


def terms(world: World, ledger: Ledger, key: str, default: str) -> str:
    """A threshold: the ledger's own newest value, else the newest for all, else the default."""
    for owner in (ledger.ledger_id, None):
        given = [s for s in world.settings if s.key == key and s.ledger_id == owner]
        if given:
            return max(given, key=entered).value
    return default


def started_on(world: World, ledger: Ledger) -> date:
    return date.fromisoformat(terms(world, ledger, "started_on", ledger.started_on.isoformat()))


def edition_in_force(world: World, ledger: Ledger, as_of: date) -> Edition:
    """The newest edition in effect that stands; before the first takes effect, the first."""
    editions = [
        e
        for e in world.editions
        if e.ledger_id == ledger.ledger_id
        and e.edition_id not in {w.entry_id for w in world.withdrawals}
    ]
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


def newest_decisions(world: World, as_of: date) -> dict[UUID, Decision]:
    """Request for an extension → the decision that counts."""
    return {
        decision.extension_id: decision
        for decision in sorted(standing(world, world.decisions, "decision_id"), key=order)
        if decision.effective_on <= as_of
    }


def effective_due_on(world: World, task: Task, as_of: date) -> date | None:
    """The due day as issued, or as moved by the newest approval known on the day."""
    requests = {
        e.extension_id: e
        for e in standing(world, world.extensions, "extension_id")
        if e.task_id == task.task_id
    }
    approvals = [
        decision
        for extension_id, decision in newest_decisions(world, as_of).items()
        if extension_id in requests and decision.outcome == "approved"
    ]
    if not approvals:
        return task.due_on
    return requests[max(approvals, key=order).extension_id].new_due_on


# 进展


@dataclass(frozen=True)
class Progress:
    """How far a task, or one unit's part of it, has come; made from at least one report."""

    state: str
    """not_started, in_progress, returned, done or not_applicable."""
    percent: Fraction | None
    """None when no report gave one."""
    reported_on: date | None
    """The newest report that is not an imported column's."""
    done_on: date | None
    """None unless done, and where nobody knows the day."""
    verified: bool
    completed_on: date | None = None
    """The day given for the completion that stands, or else was returned; of a column, its day."""
    completion_entered_at: datetime | None = None
    """When that completion was first entered."""
    completion_number: int | None = None
    """The entry number of that first entry."""
    by_whole: bool = False
    """What stands for the unit is a report on the whole task."""
    has_own: bool = False
    """The unit reported on its part itself."""


def outcomes(report: Report, verdicts: Sequence[Verification], unit_id: UUID | None) -> set[str]:
    """What became of a completion, by the verdicts entered after it; empty while it waits.

    A verdict on the whole task is one on every unit's part. One on a unit's part speaks also of a
    completion of the whole task, as far as that stands for the unit.
    """
    return {
        v.outcome
        for v in verdicts
        if v.unit_id in (None, unit_id)
        and v.entry_number > report.entry_number
        and report.state == "done"
    }


def subject_progress(
    world: World, task_id: UUID, unit_id: UUID | None, as_of: date
) -> Progress | None:
    """What stands for one unit of a task, or for the task as a whole; None when nothing was reported.

    For a unit its own reports and those on the whole task follow each other in one order.
    """
    reports = [
        report
        for report in sorted(standing(world, world.reports, "report_id"), key=order)
        if report.task_id == task_id
        and report.unit_id in (None, unit_id)
        and report.effective_on <= as_of
    ]
    if not reports:
        return None
    verdicts = [
        v
        for v in standing(world, world.verifications, "verification_id")
        if v.task_id == task_id and v.effective_on <= as_of
    ]
    became = {r.report_id: outcomes(r, verdicts, unit_id) for r in reports}
    # Returned it stays, whatever is accepted later: that is what was reported since.
    returned = [r for r in reports if "returned" in became[r.report_id]]
    stand = [r for r in reports if r not in returned]

    state = stand[-1].state if stand else "returned"
    if returned and state != "not_applicable" and all(r.state != "done" for r in stand):
        # Until it is reported done again, whatever else is reported meanwhile.
        state = "returned"

    # The completion that stands is the unbroken run of reports of completion at the end; once
    # accepted, it is what was accepted of it. Else it is the newest one returned.
    run: list[Report] = []
    for report in stand:
        run = [*run, report] if report.state == "done" else []
    accepted = [r for r in run if "accepted" in became[r.report_id]]
    completion = accepted or run
    newest = stand[-1] if stand else returned[-1]
    if state == "returned":
        completion, newest = returned[-1:], returned[-1]
    first = completion[0] if completion else None

    given = [
        Fraction(r.percent) if r.percent is not None else Fraction(0)
        for r in stand
        if r.state != "done" and (r.percent is not None or r.state == "not_started")
    ]
    percent = given[-1] if given else None
    if state == "done" or (state == "returned" and percent is None):
        # What never had another percent than that of its completion keeps it when returned.
        percent = Fraction(100)

    return Progress(
        state,
        percent,
        max((r.effective_on for r in reports if r.source != "column"), default=None),
        first.effective_on if first and state == "done" and first.day_known else None,
        bool(accepted),
        first.effective_on if first else None,
        min(completion, key=entered).recorded_at if completion else None,
        min(map(entered, completion)) if completion else None,
        unit_id is not None and newest.unit_id is None,
        any(r.unit_id is not None for r in reports),
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
        days = [p.done_on for p in applicable]
        # One day that nobody knows, and the day of the whole is unknown.
        done_on = None if None in days else max(days)
        return "done", percent, done_on, all(p.verified for p in applicable)
    if any(p is not None and p.state == "returned" for p in applicable):
        return "returned", percent, None, False
    begun = any(p is not None and p.state != "not_started" for p in applicable)
    return "in_progress" if begun else "not_started", percent, None, False


def part_progress(world: World, task_id: UUID, unit_id: UUID, as_of: date) -> Progress | None:
    """How one charged unit stands; a silent collective stands as its members do."""
    own = subject_progress(world, task_id, unit_id, as_of)
    by_member = [
        subject_progress(world, task_id, member, as_of) for member in members(world, unit_id)
    ]
    if (own is not None and own.has_own) or not any(p is not None and p.has_own for p in by_member):
        return own
    days = [p.reported_on for p in by_member if p is not None and p.reported_on]
    state, percent, done_on, verified = roll_up(by_member)
    return Progress(state, percent, max(days, default=None), done_on, verified)


def task_progress(world: World, task: Task, as_of: date) -> Progress | None:
    """How the task stands; None when nobody has reported on it by the day."""
    reports = [
        r
        for r in standing(world, world.reports, "report_id")
        if r.task_id == task.task_id and r.effective_on <= as_of
    ]
    if not reports:
        return None
    reported_on = max((r.effective_on for r in reports if r.source != "column"), default=None)
    duties = assigned(world, task)
    charged = {a.unit_id for a in duties if a.role in ("lead", "responsible")}
    if not charged:
        charged = {a.unit_id for a in duties}
    # A task that names no unit stands as the reports on the whole of it say.
    parts = [part_progress(world, task.task_id, unit_id, as_of) for unit_id in charged] or [
        subject_progress(world, task.task_id, None, as_of)
    ]
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
                times = times_done(
                    [
                        o
                        for o in standing(world, world.occurrences, "occurrence_id")
                        if o.task_id == task.task_id
                        and o.period in (None, period)
                        and start <= o.occurred_on <= min(end, as_of)
                    ]
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


def times_done(occurrences: Sequence[Occurrence]) -> int:
    """How often a duty was done, by what was entered for it.

    On one day several units do it together: the unit that entered most counts. What is marked as
    another occasion counts beside that.
    """
    apart = sum(o.times for o in occurrences if o.another_occasion)
    together: dict[date, dict[UUID | None, int]] = {}
    for o in occurrences:
        if not o.another_occasion:
            of_day = together.setdefault(o.occurred_on, {})
            of_day[o.unit_id] = of_day.get(o.unit_id, 0) + o.times
    return apart + sum(max(of_day.values()) for of_day in together.values())


def is_excused(world: World, task: Task, period: str, start: date) -> bool:
    """Whether the newest word on the window is that nothing is asked in it."""
    said = [
        e
        for e in world.excuses
        if (e.task_id, e.period, e.window_start) == (task.task_id, period, start)
    ]
    return bool(said) and max(said, key=entered).outcome == "excused"


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
    late: bool | None
    """None where the day of completion is unknown."""
    overdue: bool
    due_open: bool
    """到期未完成: due on the day or before it, and open."""
    behind: bool
    not_reported: bool
    done_on: date | None
    reported_on: date | None
    percent: Fraction | None
    expected_percent: Fraction | None
    expected_by: str | None
    """plan or time."""
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


def standing_plan(world: World, task: Task) -> list[Plan]:
    """The nodes of a task that count: of those that editions state, the ones stated last together."""
    nodes = [n for n in standing(world, world.plans, "plan_id") if n.task_id == task.task_id]
    imports = [n.entry_number // PLACES_OF_ACTION for n in nodes if n.source == "column"]
    return [
        n
        for n in nodes
        if n.source != "column" or n.entry_number // PLACES_OF_ACTION == max(imports)
    ]


def planned_percent(world: World, task: Task, as_of: date) -> Fraction | None:
    """The percent of the newest node reached by the day, 0 before the first; None without a plan."""
    nodes = standing_plan(world, task)
    reached = [n for n in nodes if n.planned_on <= as_of]
    if not nodes:
        return None
    if not reached:
        return Fraction(0)
    return Fraction(max(reached, key=lambda n: (n.planned_on, n.entry_number)).percent)


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
    only_overdue_is_red = terms(world, ledger, "red_overdue_only", "否") == "是"

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
            due_open=False,
            behind=False,
            not_reported=False,
            done_on=progress.done_on if progress else None,
            reported_on=reported_on,
            percent=None,
            expected_percent=None,
            expected_by=None,
            points_behind=None,
            cadence=score,
            lamp="grey",
            reason={"kind": task.kind},
        )

    percent = (progress.percent if progress else None) or Fraction(0)
    planned = planned_percent(world, task, as_of)
    by_time = expected_percent(first_day, due_on, as_of)
    expected = by_time if planned is None else planned
    expected_by = None if expected is None else "time" if planned is None else "plan"
    if progress and progress.state == "not_applicable":
        state = "not_applicable"
    elif progress and progress.state == "done":
        state = "verified" if progress.verified else "done"
    elif progress and progress.state == "returned":
        state = "returned"
    elif due_on and due_on < as_of:
        state = "overdue"
    elif progress and (progress.state == "in_progress" or percent > 0):
        # Work that has a percentage has begun, whatever word was ticked beside it.
        state = "in_progress"
    else:
        state = "not_started"

    is_open = state in OPEN
    late: bool | None = False
    if state in DONE and due_on is not None:
        late = None if progress.done_on is None else progress.done_on > due_on
    overdue = is_open and due_on is not None and due_on < as_of
    due_open = is_open and due_on is not None and due_on <= as_of
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
    elif overdue or (lags_much and not only_overdue_is_red):
        lamp = "red"
    elif due_soon or lags or score.missed > 0:
        lamp = "yellow"
    elif expected is None and score.windows == 0 and progress is None:
        lamp = "grey"
    else:
        lamp = "green"

    reason: dict[str, object] = {}
    if state in DONE:
        if progress.done_on:
            reason["done_on"] = progress.done_on
        else:
            reason["day_unknown"] = True
        if late:
            reason["days_late"] = (progress.done_on - due_on).days
        if state == "verified":
            reason["verified"] = True
    elif is_open and has_progress:
        if state == "returned":
            reason["returned"] = True
        if overdue:
            # By then the plan says 100, so the points behind would only repeat the percent.
            reason["days_overdue"] = (as_of - due_on).days
        elif lags:
            reason["points_behind"] = points_behind
            reason["expected_by"] = expected_by
        if due_soon:
            reason["days_left"] = days_left
        if score.missed:
            reason["windows_missed"] = score.missed
        if reported_on is None:
            reason["never_reported"] = "column" if progress else "nothing"

    return Judgement(
        task=task,
        effective_due_on=due_on,
        state=state,
        is_done=state in DONE,
        is_applicable=state != "not_applicable",
        late=late,
        overdue=overdue,
        due_open=due_open,
        behind=behind,
        not_reported=not_reported,
        done_on=progress.done_on if progress else None,
        reported_on=reported_on,
        percent=percent,
        expected_percent=expected,
        expected_by=expected_by,
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
    on_time = [j for j in due_done if j.late is False]
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


# 单位情况


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
