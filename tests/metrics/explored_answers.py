"""The questions of 自由筛选, answered once more in plain Python; see answers.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from metrics import NO_LIMIT
from tests.metrics.answers import (
    Case,
    Row,
    bonus_penalty,
    days_left,
    extended_to,
    listed_names,
    overdue_days,
    proof,
)
from tests.metrics.desk_answers import reported_completions
from tests.warehouse import twin
from tests.warehouse.world import Task

GAP = "　"


def explored_tasks(case: Case) -> list[Row]:
    rows = []
    waiting: dict[UUID, list[int]] = {}
    for row in reported_completions(case, NO_LIMIT):
        if row["state"] == "waiting":
            waiting.setdefault(row["task_id"], []).append(row["waiting_days"])
    claim_states = {row["task_id"]: row["state"] for row in bonus_penalty(case)}
    for j in sorted(case.group(), key=lambda j: j.task.number):
        task = j.task
        written = sorted(twin.assigned(case.world, task), key=lambda a: a.position)
        periods = {
            c.period
            for c in case.world.cadences
            if (c.edition_id, c.task_id) == (task.edition_id, task.task_id)
        }
        numbers = {e.edition_id: e.edition_number for e in case.recorded.editions}
        rows.append(
            {
                "task_id": task.task_id,
                "number": task.number,
                "level1": task.level1,
                "short_name": case.around.short_name(task.level1),
                "level2": case.around.level2(task),
                "theme": case.around.theme(task),
                "task": case.around.text(task),
                "kind": task.kind,
                "units": listed_names(case, [a.unit_id for a in written]) or "",
                "deadline_kind": task.deadline_kind,
                "effective_due_on": j.effective_due_on,
                "state": j.state,
                "lamp": j.lamp,
                "overdue": j.overdue,
                "behind": j.behind,
                "not_reported": j.not_reported,
                "periods": ",".join(sorted(periods)),
                "evidence": len(proof(case, task.task_id)),
                "is_unproven": not proof(case, task.task_id),
                "is_verified": j.state == "verified",
                "is_waiting": task.task_id in waiting,
                "waiting_days": max(waiting.get(task.task_id, [None])),
                "claim_state": claim_states.get(task.task_id, ""),
                "first_edition": min(
                    numbers[t.edition_id] for t in case.recorded.tasks if t.task_id == task.task_id
                ),
                **_counted(case, j, case.as_of),
                "overdue_days": overdue_days(j, case.as_of),
                "days_left": days_left(j, case.as_of),
                "done_on": j.done_on,
                "reported_on": j.reported_on,
                "extensions": _times_extended(case, task),
                "extended_to": extended_to(case, task),
                "windows_missed": j.cadence.missed,
                "percent": j.percent if j.reported_on else None,
                "progress": j.percent if j.is_applicable else None,
                "expected_percent": j.expected_percent,
                "points": task.points,
            }
        )
    return rows


def _times_extended(case: Case, task: Task) -> int:
    """How many of its requests the newest decision approves, whichever day is judged by."""
    own = {
        e.extension_id
        for e in twin.standing(case.known, case.known.extensions, "extension_id")
        if e.task_id == task.task_id
    }
    decided = twin.newest_decisions(case.known, case.as_of)
    return sum(d.outcome == "approved" for key, d in decided.items() if key in own)


def _counted(case: Case, j: twin.Judgement, day: date) -> Row:
    """In which of the counts a rate is made of a task stands."""
    done = j.is_applicable and case.counts_as_done(j)
    due = j.is_applicable and j.effective_due_on is not None and j.effective_due_on <= day
    return {
        "is_applicable": j.is_applicable,
        "done": done,
        "due": due,
        "due_done": due and done,
        "on_time": due and done and not j.late,
    }


def explored_duties(case: Case) -> list[Row]:
    counted = case.duties(case.group())
    there = {(d.judgement.task.task_id, d.unit_id) for d in counted}
    # A collective keeps its tasks where its members stand in for it; duties and shares are theirs.
    as_written = twin.duties(case.world, case.ledger, case.group(), case.as_of, expanded=False)
    replaced = [d for d in as_written if (d.judgement.task.task_id, d.unit_id) not in there]
    return [_duty(case, d, duties=1) for d in counted] + [
        _duty(case, replace(d, share=Fraction(0)), duties=0) for d in replaced
    ]


def _duty(case: Case, d: twin.Duty, duties: int) -> Row:
    return {
        "number": d.judgement.task.number,
        "unit": case.unit_name(d.unit_id),
        "class": case.around.unit_class(d.unit_id),
        "role": d.role,
        "is_first": d.is_first,
        "duties": duties,
        "share": d.share,
        "is_applicable": d.judgement.is_applicable,
        "done": d.judgement.is_applicable and d.unit_is_done,
        "overdue": d.unit_is_overdue,
        "overdue_days": (overdue_days(d.judgement, case.as_of) if d.unit_is_overdue else None),
    }


def explored_texts(case: Case) -> list[Row]:
    rows = []
    for j in sorted(case.group(), key=lambda j: j.task.number):
        task = j.task
        written = sorted(twin.assigned(case.world, task), key=lambda a: a.position)
        filed = sorted(proof(case, task.task_id), key=lambda e: (e.recorded_at, e.evidence_id))
        parts = [
            case.around.text(task),
            task.level1,
            case.around.level2(task),
            *(case.unit_name(a.unit_id) for a in written),
            *(e.title for e in filed),
        ]
        rows.append({"number": task.number, "text": GAP.join(part for part in parts if part)})
    return rows


def explored_months(case: Case, days: list[date]) -> list[Row]:
    return [
        {
            "as_of": day,
            "task_id": j.task.task_id,
            **_counted(case, j, day),
            "overdue": j.overdue,
            "overdue_days": overdue_days(j, day),
            "points": j.task.points,
            "is_open": j.state in twin.OPEN,
            "windows_missed": j.cadence.missed,
            "progress": j.percent if j.is_applicable else None,
        }
        for day in days
        for j in case.group(day)
    ]


def saved_views(case: Case) -> list[Row]:
    around, ledger_id = case.recorded_around, case.scope.ledger_id
    newest = {}
    for default in sorted(around.defaults, key=lambda d: d.entry_number):
        if default.ledger_id == ledger_id:
            newest[default.unit_id] = default.view_id
    return [
        {
            "view_id": view.view_id,
            "name": view.name,
            "content": view.content,
            "sentence": view.sentence,
            "recorded_at": view.recorded_at,
            "recorded_by": "测试",
            "units": "、".join(
                sorted(
                    case.unit(unit).name for unit, held in newest.items() if held == view.view_id
                )
            ),
        }
        for view in sorted(around.views, key=lambda v: v.name)
        if view.ledger_id == ledger_id
    ]
