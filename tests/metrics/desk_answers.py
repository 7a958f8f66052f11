"""The office's questions answered once more, in plain Python: claims, requests, the audit trail.

Owns a second opinion on their rows, from their own first lines. Knows nothing of SQL.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tests.metrics.answers import Case, Row, grouped, listed_names, proof, was_closed
from tests.metrics.surroundings import Change
from tests.warehouse import twin
from tests.warehouse.world import Extension, Ledger, Task, Verification, World
from warehouse import ALL_KNOWN
from warehouse.writing import PLACES_OF_ACTION


def units_named(case: Case, task: Task) -> str | None:
    written = sorted(twin.assigned(case.world, task), key=lambda a: a.position)
    return listed_names(case, [a.unit_id for a in written])


def newest_first(day: date | None) -> tuple[bool, int]:
    """What has no day comes before all that have one."""
    return (day is not None, -day.toordinal() if day else 0)


# 完成与核验


def reported_completions(case: Case, row_limit: int) -> list[Row]:
    rows = []
    for judgement in case.base():
        task = judgement.task
        for unit_id in {r.unit_id for r in case.world.reports if r.task_id == task.task_id}:
            progress = twin.subject_progress(case.world, task.task_id, unit_id, case.as_of)
            if progress and progress.state in ("done", "returned") and _stands(case, task, unit_id):
                rows.append(_claim(case, judgement, unit_id, progress))
    rows.sort(
        key=lambda row: (
            newest_first(row["verified_on"]),
            row["recorded_at"],
            row["number"],
            row["unit"],
        )
    )
    waiting = [row for row in rows if row["state"] == "waiting"]
    judged = [row for row in rows if row["state"] != "waiting"]
    verdicts = Counter(row["verification_id"] for row in judged)
    totals = {
        "all_waiting": len(waiting),
        "all_waiting_tasks": len({row["task_id"] for row in waiting}),
        "all_accepted": sum(row["state"] == "accepted" for row in judged),
        "all_returned": sum(row["state"] == "returned" for row in judged),
        "all_unproven": sum(row["evidence"] == 0 for row in waiting),
        "all_late": sum(row["late"] for row in waiting),
    }
    return [
        row | totals | {"completions_of_verdict": verdicts.get(row["verification_id"])}
        for row in [*waiting[:row_limit], *judged[:row_limit]]
    ]


def _stands(case: Case, task: Task, unit_id: UUID | None) -> bool:
    """Whether a unit's own completion, or one of the whole task, decides for any unit."""
    units = {a.unit_id for a in case.world.assignments if a.task_id == task.task_id}
    units |= {m for unit in units for m in twin.members(case.world, unit)}
    units |= {
        r.unit_id
        for r in twin.standing(case.world, case.world.reports, "report_id")
        if r.task_id == task.task_id and r.unit_id and r.effective_on <= case.as_of
    }
    parts = [twin.part_progress(case.world, task.task_id, unit, case.as_of) for unit in units]
    if unit_id is None:
        return any(p.by_whole for p in parts if p) or not any(parts)
    own = twin.subject_progress(case.world, task.task_id, unit_id, case.as_of)
    return own is not None and not own.by_whole


def _claim(
    case: Case, judgement: twin.Judgement, unit_id: UUID | None, progress: twin.Progress
) -> Row:
    task = judgement.task
    done_on = progress.completed_on
    assert done_on is not None
    day_known = progress.state == "returned" or progress.done_on is not None
    assert progress.completion_entered_at is not None
    assert progress.completion_number is not None
    told = sorted(
        (
            report
            for report in twin.standing(case.world, case.world.reports, "report_id")
            if (report.task_id, report.unit_id, report.state) == (task.task_id, unit_id, "done")
            and done_on <= report.effective_on <= case.as_of
            and report.entry_number >= progress.completion_number
        ),
        key=twin.order,
    )
    given = [
        v
        for v in twin.standing(case.world, case.world.verifications, "verification_id")
        if v.task_id == task.task_id
        and v.effective_on <= case.as_of
        and v.unit_id in (None, unit_id)
    ]
    state = progress.state
    if state == "done":
        state = "accepted" if progress.verified else "waiting"
    verdict = _verdict(state, [v for v in given if v.entry_number > progress.completion_number])
    papers = sorted(
        (e for e in proof(case, task.task_id) if unit_id is None or e.unit_id in (None, unit_id)),
        key=lambda e: (e.effective_on is None, e.effective_on or date.min, e.recorded_at),
    )
    due_on = judgement.effective_due_on
    return {
        "task_id": task.task_id,
        "unit_id": unit_id,
        "report_id": told[-1].report_id,
        "number": task.number,
        "level1": task.level1,
        "short_name": case.around.short_name(task.level1),
        "task": case.around.text(task),
        "unit": case.unit_name(unit_id),
        "units": units_named(case, task),
        "state": state,
        "done_on": done_on,
        "day_known": day_known,
        "effective_due_on": due_on,
        "late": day_known and due_on is not None and done_on > due_on,
        "narrative": "",
        "told_on": told[-1].effective_on,
        "recorded_at": progress.completion_entered_at,
        "recorded_by": "测试",
        "waiting_days": max((case.as_of - progress.completion_entered_at.date()).days, 0)
        if state == "waiting"
        else None,
        "evidence": len(papers),
        "evidence_titles": "；".join(paper.title for paper in papers) or None,
        "verification_id": verdict.verification_id if verdict else None,
        "verified_on": verdict.effective_on if verdict else None,
        "verified_by": "测试" if verdict else None,
        "reason": "" if verdict else None,
        "times_returned": sum(v.outcome == "returned" for v in given),
    }


def _verdict(state: str, given: list[Verification]) -> Verification | None:
    """What the state of a completion rests on; `given` are the verdicts entered after it."""
    if state == "waiting":
        return None
    return max((v for v in given if v.outcome == state), key=twin.order)


# 延期


def extension_requests(case: Case) -> list[Row]:
    judged = {j.task.task_id: j for j in case.group()}
    rows = [
        _request(case, judged[request.task_id], request)
        for request in twin.standing(case.known, case.known.extensions, "extension_id")
        if request.task_id in judged and request.requested_on <= case.as_of
    ]
    rows.sort(
        key=lambda row: (newest_first(row["decided_on"]), row["requested_on"], row["recorded_at"])
    )
    return rows


def _request(case: Case, judgement: twin.Judgement, request: Extension) -> Row:
    task = judgement.task
    decisions = sorted(
        (
            d
            for d in twin.standing(case.known, case.known.decisions, "decision_id")
            if d.extension_id == request.extension_id and d.effective_on <= case.as_of
        ),
        key=twin.order,
    )
    decision = decisions[-1] if decisions else None
    others = [d for d in case.known.decisions if d.extension_id != request.extension_id]
    without = replace(case.known, decisions=others)
    judged_by = twin.as_issued(without) if case.scope.as_issued else without
    return {
        "extension_id": request.extension_id,
        "task_id": task.task_id,
        "number": task.number,
        "level1": task.level1,
        "short_name": case.around.short_name(task.level1),
        "task": case.around.text(task),
        "units": units_named(case, task),
        "requested_on": request.requested_on,
        "due_on": task.due_on,
        "due_then": twin.effective_due_on(without, task, request.requested_on),
        "new_due_on": request.new_due_on,
        "reason": "",
        "applicant": "整项任务",
        "is_late": False,
        "recorded_by": "测试",
        "recorded_at": request.recorded_at,
        "state": decision.outcome if decision else "pending",
        "decision_id": decision.decision_id if decision else None,
        "decided_on": decision.effective_on if decision else None,
        "decided_by": "测试" if decision else None,
        "opinion": "" if decision else None,
        "overdue_without": twin.judge_task(
            judged_by, case.ledger, task, case.as_of, case.has_progress
        ).overdue,
    }


# 变更记录


def changes(
    case: Case,
    *,
    every_ledger: bool,
    first_on: date | None,
    last_on: date | None,
    authors: list[str],
    actions: list[str],
    sought: str,
    row_limit: int,
) -> list[Row]:
    narrowed = case.scope.units or case.scope.level1s or case.scope.kinds
    in_scope = {j.task.task_id for j in case.group()}
    matching = []
    for change in case.around.changes:
        task, ledger = _place(case, change)
        day = change.recorded_at.date()
        if (first_on and day < first_on) or (last_on and day > last_on):
            continue
        if authors and not {change.recorded_by, change.account} & set(authors):
            continue
        if actions and change.action not in actions:
            continue
        if not every_ledger and ledger not in (None, case.ledger):
            continue
        if narrowed and (task is None or task.task_id not in in_scope):
            continue
        if sought.lower() not in _searched(case, change, task).lower():
            continue
        matching.append(change)
    matching.sort(key=lambda c: c.change_id)
    matching.sort(key=lambda c: (c.recorded_at, c.data_version), reverse=True)
    return [_change(case, change, len(matching)) for change in matching[:row_limit]]


def _stored(change: Change) -> dict[str, Any]:
    """What was stored last of each value, before going before nothing."""
    before, after = (json.loads(text) if text else {} for text in (change.before, change.after))
    return before | {key: value for key, value in after.items() if value is not None}


def _request_of(case: Case, change: Change) -> Extension | None:
    requests = {str(e.extension_id): e for e in case.recorded.extensions}
    return requests.get(_stored(change).get("extension_id"))


def _place(case: Case, change: Change) -> tuple[Task | None, Ledger | None]:
    """The task a change is about, as its newest edition has it, and the ledger."""
    request = _request_of(case, change)
    task_id = _stored(change).get("task_id")
    if task_id is None and change.subject_kind == "task":
        task_id = str(change.subject_id)
    if task_id is None and request:
        task_id = str(request.task_id)
    number_of = {e.edition_id: e.edition_number for e in case.known.editions}
    wordings = [
        task
        for task in case.known.tasks
        if str(task.task_id) == task_id and task.edition_id in number_of
    ]
    task = max(wordings, key=lambda t: number_of[t.edition_id], default=None)
    if task:
        ledger_id = str(task.ledger_id)
    elif change.subject_kind == "ledger":
        ledger_id = str(change.subject_id)
    else:
        ledger_id = _stored(change).get("ledger_id")
    return task, next((v for v in case.recorded.ledgers if str(v.ledger_id) == ledger_id), None)


def _unit(case: Case, change: Change) -> str | None:
    names = {str(unit.unit_id): unit.name for unit in case.recorded.units}
    return names.get(_stored(change).get("unit_id"))


def _searched(case: Case, change: Change, task: Task | None) -> str:
    said = [f"第 {task.number} 项", case.around.text(task)] if task else []
    said.append(_unit(case, change) or "")
    if change.subject_kind == "reference":
        said += [change.before or "", change.after or ""]
    return "　".join(said)


def _change(case: Case, change: Change, matching: int) -> Row:
    task, ledger = _place(case, change)
    request = _request_of(case, change)
    stored, after = _stored(change), json.loads(change.after) if change.after else {}
    text = (change.before or "") + (change.after or "")
    names = {str(u.unit_id): u.name for u in case.recorded.units if str(u.unit_id) in text}
    happened_on = stored.get("effective_on") or stored.get("occurred_on")
    taken_back = _taken_back(case.known).get(change.subject_id, datetime(1, 1, 1))
    decided = request if change.subject_kind == "extension_decision" else None
    return {
        "change_id": change.change_id,
        "data_version": change.data_version,
        "recorded_at": change.recorded_at,
        "recorded_by": change.recorded_by,
        "account": change.account,
        "action": change.action,
        "subject_kind": change.subject_kind,
        "ledger": "台账" if ledger else None,
        "task_id": task.task_id if task else None,
        "number": task.number if task else None,
        "task": case.around.text(task) if task else None,
        "unit": _unit(case, change),
        "extended_to": str(decided.new_due_on) if decided else None,
        "before": change.before,
        "after": change.after,
        "names": names or None,
        "reason": after.get("reason_for_correction") or after.get("reason") or "",
        "after_closing": change.subject_kind in ("report", "occurrence")
        and ledger is not None
        and was_closed(
            case.known,
            ledger,
            date.fromisoformat(happened_on),
            change.data_version * PLACES_OF_ACTION,
        ),
        "taken_back_reason": "填错" if taken_back > change.recorded_at else None,
        "matching": matching,
    }


def _taken_back(world: World) -> dict[UUID, datetime]:
    """Entry → when it was first taken back, be it with another entry in its place or without."""
    corrections = [
        (fact.supersedes_id, fact.recorded_at)
        for facts in (world.reports, world.occurrences, world.verifications)
        for fact in facts
    ]
    corrections += [(e.supersedes_id, e.recorded_at) for e in world.extensions]
    corrections += [(d.supersedes_id, d.recorded_at) for d in world.decisions]
    corrections += [(w.entry_id, w.recorded_at) for w in world.withdrawals]
    return {
        entry_id: min(at for _, at in said)
        for entry_id, said in grouped(corrections, lambda pair: pair[0]).items()
        if entry_id is not None
    }


def change_authors(case: Case) -> list[Row]:
    # Writing the world down is a change too, made today.
    said = [(change.recorded_by, change.account, change.action) for change in case.around.changes]
    said += [("测试", None, "测试")] if case.scope.known_at == ALL_KNOWN else []
    rows = [
        {"recorded_by": author, "account": account, "action": action, "changes": len(lines)}
        for (author, account, action), lines in grouped(said, lambda line: line).items()
    ]
    # Those of no account come last.
    rows.sort(key=lambda row: (row["recorded_by"], row["account"] or "\U0010ffff", row["action"]))
    return rows
