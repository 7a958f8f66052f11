"""Who reported in a month, once more in plain Python: the twins of the questions about a report month.

Owns a second opinion on which duties a unit has to report on, which reports count for it, and when
they were first entered. Knows nothing of SQL or of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.metrics.answers import Case, Row, days_left, extended_to, grouped, overdue_days
from tests.warehouse import twin
from tests.warehouse.world import Report

STATES = ("missing", "partly", "late", "on_time")
"""The gravest first."""


@dataclass(frozen=True)
class Return:
    """One duty a unit has to report on in a month, and what it reported."""

    duty: twin.Duty
    told: list[tuple[datetime, datetime]]
    """Of each report that counts: when it, or what it corrects, was first entered; when it was."""
    is_on_time: bool
    is_due_soon: bool


def returns(case: Case, month_start: date, eve: date) -> list[Return]:
    """Every duty in scope that is to be reported on."""
    soon = int(twin.terms(case.world, case.ledger, "due_soon_days", "30"))
    found = []
    for duty in _duties(case, eve):
        told = list(_periods(case, duty, month_start))
        left = days_left(duty.judgement, case.as_of)
        in_time = datetime.combine(due_by(case, month_start), datetime.max.time())
        found.append(
            Return(
                duty,
                told,
                is_on_time=bool(told) and min(first for first, _ in told) <= in_time,
                is_due_soon=left is not None and 0 <= left <= soon and not duty.unit_is_done,
            )
        )
    return found


def due_by(case: Case, month_start: date) -> date:
    """The last day of the next month on which a report is in time."""
    month_after = (month_start + timedelta(days=31)).replace(day=1)
    return month_after.replace(day=int(twin.terms(case.world, case.ledger, "report_due_day", "5")))


def _duties(case: Case, eve: date) -> Iterator[twin.Duty]:
    """What units carry, themselves or as members, and had not finished when the month began."""
    judged = [
        j
        for j in twin.in_scope(
            case.world,
            case.judged(case.as_of),
            case.ledger,
            level1s=case.scope.level1s,
            kinds=case.scope.kinds,
        )
        if j.task.kind == "base" and j.is_applicable
    ]
    carried = twin.duties(case.world, case.ledger, judged, case.as_of, expanded=True)
    done_before = {j.task.task_id for j in case.judged(eve) if j.is_done}
    for task_id, of_task in grouped(carried, lambda d: d.judgement.task.task_id).items():
        in_charge = [d for d in of_task if d.role in ("lead", "responsible")] or of_task
        for duty in in_charge:
            before = twin.part_progress(case.world, task_id, duty.unit_id, eve)
            own_part_done = before is not None and before.state == "done"
            if task_id not in done_before and not own_part_done and _is_chosen(case, duty):
                yield duty


def _is_chosen(case: Case, duty: twin.Duty) -> bool:
    """Whether the filter of units names the unit, or a collective it is a member of."""
    names = {case.unit_name(duty.unit_id)} | {
        case.unit_name(m.collective_id)
        for m in case.world.memberships
        if m.member_id == duty.unit_id
    }
    return not case.scope.units or bool(names & set(case.scope.units))


def _periods(case: Case, duty: twin.Duty, month_start: date) -> Iterator[tuple[datetime, datetime]]:
    task = duty.judgement.task
    speakers = {None, duty.unit_id} | {
        a.unit_id
        for a in twin.assigned(case.world, task)
        if duty.unit_id in twin.members(case.world, a.unit_id)
    }
    for report in twin.standing(case.world, case.world.reports, "report_id"):
        in_month = month_start <= report.effective_on <= case.as_of
        is_own = report.source != "column" and report.unit_id in speakers
        if report.task_id == task.task_id and in_month and is_own:
            yield min(r.recorded_at for r in _corrected(case, report)), report.recorded_at


def _corrected(case: Case, report: Report) -> Iterator[Report]:
    """The report, the one it corrects, the one that corrected, and so on."""
    by_id = {r.report_id: r for r in case.world.reports}
    while report is not None:
        yield report
        report = by_id.get(report.supersedes_id)


def month_returns(case: Case, month_start: date, eve: date) -> list[Row]:
    rows = []
    by_unit = grouped(returns(case, month_start, eve), lambda r: r.duty.unit_id)
    for unit_id, owed in by_unit.items():
        reported = [r for r in owed if r.told]
        on_time = [r for r in reported if r.is_on_time]
        instants = [instants for r in reported for instants in r.told]
        if not reported:
            state = "missing"
        elif len(reported) < len(owed):
            state = "partly"
        else:
            state = "on_time" if len(on_time) == len(owed) else "late"
        rows.append(
            {
                "unit_id": unit_id,
                "unit": case.unit_name(unit_id),
                "class": case.around.unit_class(unit_id),
                "tasks_due": len(owed),
                "reported": len(reported),
                "on_time": len(on_time),
                "late": len(reported) - len(on_time),
                "missing": len(owed) - len(reported),
                "first_recorded_at": min((first for first, _ in instants), default=None),
                "last_recorded_at": max((last for _, last in instants), default=None),
                "overdue_tasks": sum(r.duty.unit_is_overdue for r in owed),
                "due_soon_tasks": sum(r.is_due_soon for r in owed),
                "due_by": due_by(case, month_start),
                "state": state,
            }
        )
    return rows


def unreported_tasks(case: Case, unit: str | None, month_start: date, eve: date) -> list[Row]:
    rows = []
    for owed in returns(case, month_start, eve):
        duty, judgement = owed.duty, owed.duty.judgement
        if owed.told and not duty.unit_is_overdue and not owed.is_due_soon:
            continue
        if unit not in (None, case.unit_name(duty.unit_id)):
            continue
        rows.append(
            {
                "unit_id": duty.unit_id,
                "unit": case.unit_name(duty.unit_id),
                "class": case.around.unit_class(duty.unit_id),
                "task_id": judgement.task.task_id,
                "number": judgement.task.number,
                "level1": judgement.task.level1,
                "short_name": case.around.short_name(judgement.task.level1),
                "task": case.around.text(judgement.task),
                "due_on": judgement.task.due_on,
                "effective_due_on": judgement.effective_due_on,
                "extended_to": extended_to(case, judgement.task),
                "overdue_days": overdue_days(judgement, case.as_of),
                "days_left": days_left(judgement, case.as_of),
                "is_reported": bool(owed.told),
                "is_overdue": duty.unit_is_overdue,
                "is_due_soon": owed.is_due_soon,
                "windows_missed": judgement.cadence.missed,
                "lamp": judgement.lamp,
            }
        )
    return rows


def month_locks(case: Case, month_start: date) -> list[Row]:
    world = case.known
    own = {t.task_id for t in world.tasks if t.ledger_id == case.ledger.ledger_id}
    entered = [
        *((r.task_id, r.effective_on, r.entry_number) for r in world.reports),
        *((o.task_id, o.occurred_on, o.entry_number) for o in world.occurrences),
    ]
    # Oldest first; the last of those up to an entry tells whether the month was closed then.
    locks = sorted(
        (
            lock
            for lock in world.locks
            if lock.ledger_id == case.ledger.ledger_id and lock.month == month_start
        ),
        key=twin.entered,
    )
    after = {id(lock): 0 for lock in locks}
    for task_id, day, number in entered:
        before = [lock for lock in locks if lock.entry_number < number]
        of_month = task_id in own and day.replace(day=1) == month_start
        if of_month and before and before[-1].outcome == "closed":
            after[id(before[-1])] += 1
    return [
        {
            "outcome": lock.outcome,
            "recorded_at": lock.recorded_at,
            "entered_after": after[id(lock)],
        }
        for lock in reversed(locks)
    ]
