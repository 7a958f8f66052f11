"""The questions of the quarterly meeting answered once more, in plain Python.

Owns a second opinion on their rows, from their own first lines. Knows nothing of SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import exp, log, sqrt
from uuid import UUID

from tests.metrics.answers import Case, Row, overdue_days
from tests.metrics.desk_answers import units_named
from tests.metrics.surroundings import Handling, Meeting, Resolution
from tests.warehouse import twin

CHANGES = (
    *("finished", "overdue", "slipped", "recovered", "reopened"),
    *("redated", "reworded", "added", "removed"),
)


def changes_since(case: Case, compare_on: date) -> list[Row]:
    now = {j.task.task_id: j for j in case.group()}
    then = {j.task.task_id: j for j in case.group(compare_on)}
    rows = []
    for task_id in now | then:
        after, before = now.get(task_id), then.get(task_id)
        for change in _changes(case, before, after, compare_on):
            rows.append(_change(case, change, before, after))
    rows.sort(key=lambda row: (CHANGES.index(row["change"]), row["number"]))
    return rows


def _changes(
    case: Case, before: twin.Judgement | None, after: twin.Judgement | None, compare_on: date
) -> Iterator[str]:
    if before is None or after is None:
        yield "added" if before is None else "removed"
        return
    # A wording is the task's in this world, so no task is ever reworded here.
    if before.effective_due_on != after.effective_due_on:
        yield "redated"
    if before.task.kind != "base" or after.task.kind != "base":
        return
    done_then, done_now = case.counts_as_done(before), case.counts_as_done(after)
    if done_then != done_now:
        yield "finished" if done_now else "reopened"
    if case.has_progress:
        if after.overdue and not before.overdue:
            yield "overdue"
        if after.behind and not after.overdue and not before.behind:
            yield "slipped"
    if (
        twin.ledger_has_progress(case.world, case.ledger, compare_on)
        and (before.overdue or before.behind)
        and not (after.overdue or after.behind or after.is_done)
        and after.is_applicable
    ):
        yield "recovered"


def _change(
    case: Case, change: str, before: twin.Judgement | None, after: twin.Judgement | None
) -> Row:
    task = (after or before).task
    return {
        "change": change,
        "task_id": task.task_id,
        "number": task.number,
        "level1": task.level1,
        "short_name": case.around.short_name(task.level1),
        "kind": task.kind,
        "task": case.around.text(task),
        "task_then": case.around.text(task) if before else None,
        "units": units_named(case, task),
        "state_then": before and before.state,
        "state": after and after.state,
        "lamp_then": before and before.lamp,
        "lamp": after.lamp if after else "grey",
        "due_then": before and before.effective_due_on,
        "effective_due_on": after and after.effective_due_on,
        "done_on": after and after.done_on,
        "percent_then": before and before.percent,
        "percent": after and after.percent,
        "overdue_days": overdue_days(after, case.as_of) if after else None,
        "points_behind": after and after.points_behind,
    }


def red_duties(case: Case) -> list[Row]:
    return [
        {
            "unit": case.unit_name(duty.unit_id),
            "class": case.around.unit_class(duty.unit_id),
            "role": duty.role,
            "is_first": duty.is_first,
            "task_id": duty.judgement.task.task_id,
            "number": duty.judgement.task.number,
            "level1": duty.judgement.task.level1,
            "short_name": case.around.short_name(duty.judgement.task.level1),
            "task": case.around.text(duty.judgement.task),
            "effective_due_on": duty.judgement.effective_due_on,
            "overdue_days": overdue_days(duty.judgement, case.as_of),
            "points_behind": duty.judgement.points_behind,
            "lamp": "red",
        }
        for duty in case.duties(case.group())
        if duty.judgement.lamp == "red" and not duty.unit_is_done
    ]


def meetings(case: Case) -> list[Row]:
    rows = [
        {
            "meeting_id": meeting.meeting_id,
            "quarter_ended_on": meeting.quarter_ended_on,
            "held_on": meeting.held_on,
            "decisions": sum(r.meeting_id == meeting.meeting_id for r in case.around.resolutions),
            "recorded_by": "测试",
            "recorded_at": meeting.recorded_at,
        }
        for meeting in case.around.meetings
        if meeting.ledger_id == case.ledger.ledger_id
    ]
    rows.sort(key=lambda row: row["quarter_ended_on"], reverse=True)
    return rows


def meeting_decisions(case: Case, quarter_ended_on: date) -> list[Row]:
    held = {m.meeting_id: m for m in case.around.meetings}
    in_scope = {j.task.task_id: j.task for j in case.group()}
    chosen = [
        (held[resolution.meeting_id], resolution)
        for resolution in case.around.resolutions
        if resolution.meeting_id in held
        and held[resolution.meeting_id].quarter_ended_on <= quarter_ended_on
        and _is_in_scope(case, resolution, in_scope)
    ]
    chosen.sort(key=lambda pair: (pair[1].recorded_at, pair[1].decision_id))
    chosen.sort(key=lambda pair: pair[0].quarter_ended_on, reverse=True)
    return [
        _resolution(case, meeting, resolution, quarter_ended_on, in_scope)
        for meeting, resolution in chosen
    ]


def _is_in_scope(case: Case, resolution: Resolution, in_scope: dict) -> bool:
    if (case.scope.level1s or case.scope.kinds) and resolution.task_id not in in_scope:
        return False
    if not case.scope.units:
        return True
    wanted = {unit.unit_id for unit in case.world.units if unit.name in case.scope.units}
    wanted |= {m.collective_id for m in case.world.memberships if m.member_id in wanted}
    return resolution.unit_id in wanted


def _resolution(
    case: Case,
    meeting: Meeting,
    resolution: Resolution,
    quarter_ended_on: date,
    in_scope: dict,
) -> Row:
    told: list[Handling] = sorted(
        (
            handling
            for handling in case.around.handlings
            if handling.decision_id == resolution.decision_id
            and handling.effective_on <= case.as_of
        ),
        key=lambda handling: (handling.effective_on, handling.entry_number),
    )
    newest = told[-1] if told else None
    state = newest.state if newest else "not_started"
    due_on = resolution.due_on
    left = (due_on - case.as_of).days if due_on and state not in ("done", "dropped") else None
    soon = int(twin.terms(case.world, case.ledger, "due_soon_days", "30"))
    if state == "done":
        lamp, reason = "blue", f"{newest.effective_on} 完成"
    elif state == "dropped":
        lamp, reason = "grey", "不再办理"
    elif left is None:
        lamp, reason = "grey", "未定办结期限"
    elif left < 0:
        lamp, reason = "red", f"逾期 {-left} 天"
    else:
        lamp = "yellow" if left <= soon else "green"
        reason = f"{left} 天后到期" if left else "当日到期"
    task = in_scope.get(resolution.task_id)
    return {
        "decision_id": resolution.decision_id,
        "meeting_id": meeting.meeting_id,
        "quarter_ended_on": meeting.quarter_ended_on,
        "held_on": meeting.held_on,
        "is_current": meeting.quarter_ended_on == quarter_ended_on,
        "text": resolution.text,
        "unit_id": resolution.unit_id,
        "unit": case.unit(resolution.unit_id).name if resolution.unit_id else None,
        "due_on": due_on,
        "task_id": resolution.task_id,
        "number": task.number if task else None,
        "task": case.around.text(task) if task else None,
        "state": state,
        "narrative": newest.narrative if newest else None,
        "told_on": newest.effective_on if newest else None,
        "decision_progress_id": newest.decision_progress_id if newest else None,
        "is_closed": state in ("done", "dropped"),
        "days_left": left if left is not None and left >= 0 else None,
        "overdue_days": -left if left is not None and left < 0 else None,
        "lamp": lamp,
        "reason": reason,
        "recorded_at": resolution.recorded_at,
        "recorded_by": "测试",
    }


def red_reasons(case: Case) -> list[Row]:
    rows = [_red_reason(case, j) for j in case.group() if j.lamp == "red"]
    rows.sort(
        key=lambda row: (
            -(row["overdue_days"] or 0),
            row["points_behind"] is None,
            -(row["points_behind"] or 0),
            row["number"],
        )
    )
    return rows


def _red_reason(case: Case, judgement: twin.Judgement) -> Row:
    task = judgement.task
    world = case.known
    reports = [
        report
        for report in twin.standing(world, world.reports, "report_id")
        if report.task_id == task.task_id and report.effective_on <= case.as_of
    ]
    reports.sort(key=twin.order)
    open_reports = [report for report in reports if report.state != "done"]
    newest = open_reports[-1] if open_reports else None
    moved = [
        occurrence.occurred_on
        for occurrence in twin.standing(world, world.occurrences, "occurrence_id")
        if occurrence.task_id == task.task_id and occurrence.occurred_on <= case.as_of
    ]
    reached: dict = {}
    for report in reports:
        given = {"done": 100, "not_started": 0}
        percent = given.get(report.state) if report.percent is None else report.percent
        if percent is None:
            continue
        if percent > reached.get(report.unit_id, 0):
            moved.append(report.effective_on)
        reached[report.unit_id] = percent
    requests = [
        extension
        for extension in twin.standing(world, world.extensions, "extension_id")
        if extension.task_id == task.task_id and extension.requested_on <= case.as_of
    ]
    decided = twin.newest_decisions(world, case.as_of)
    approved = [
        extension
        for extension in requests
        if (decision := decided.get(extension.extension_id)) and decision.outcome == "approved"
    ]
    return {
        "task_id": task.task_id,
        "number": task.number,
        "level1": task.level1,
        "short_name": case.around.short_name(task.level1),
        "task": case.around.text(task),
        "kind": task.kind,
        "units": units_named(case, task),
        "due_on": task.due_on,
        "effective_due_on": judgement.effective_due_on,
        "state": judgement.state,
        "percent": judgement.percent if judgement.reported_on else None,
        "overdue": judgement.overdue,
        "overdue_days": overdue_days(judgement, case.as_of),
        "points_behind": judgement.points_behind,
        "lamp": "red",
        "report_id": newest and newest.report_id,
        "reported_on": newest and newest.effective_on,
        "reported_by": newest
        and (case.unit(newest.unit_id).name if newest.unit_id else "整项任务"),
        "requested": len(requests),
        "put_off": len(approved),
        "moved_on": max(moved, default=None),
        "still_days": (
            case.as_of - max(moved, default=twin.started_on(case.world, case.ledger))
        ).days,
    }


def forecast(case: Case) -> list[Row]:
    start, end = twin.started_on(case.world, case.ledger), case.ledger.ended_on
    gone, left = (case.as_of - start).days + 1, (end - case.as_of).days
    whole = replace(case, scope=replace(case.scope, units=(), level1s=(), kinds=()))
    due = {
        j.task.task_id: j.is_done and j.late is False
        for j in whole.base()
        if j.is_applicable and j.effective_due_on and j.effective_due_on <= case.as_of
    }
    overall = (sum(due.values()) + 8) / (len(due) + 10)
    records: dict = {}
    for task_id, is_on_time in due.items():
        for unit_id in _charged(whole, task_id):
            records.setdefault(unit_id, []).append(is_on_time)
    applicable = [j for j in case.base() if j.is_applicable]
    rows = []
    for judgement in applicable:
        if judgement.is_done:
            continue
        task = judgement.task
        record = [each for unit in _charged(case, task.task_id) for each in records.get(unit, [])]
        times = chance = None
        has_report = twin.task_progress(case.known, task, case.as_of) is not None
        if gone >= 90 and left > 0 and has_report and judgement.percent > 0:
            percent = float(judgement.percent)
            times = (max(100 - percent, 1) / left) / ((percent + 10) / gone)
            rate = (sum(record) + 5 * overall) / (len(record) + 5)
            by_unit = log(rate / (1 - rate)) - log(overall / (1 - overall))
            chance = 1 / (1 + exp(-(2 - 1.5 * log(times) + 0.6 * by_unit)))
        outlook = "silent"
        if chance is not None:
            outlook = "likely" if chance >= 0.7 else "unlikely" if chance < 0.4 else "open"
        rows.append(
            {
                "task_id": task.task_id,
                "number": task.number,
                "level1": task.level1,
                "short_name": case.around.short_name(task.level1),
                "task": case.around.text(task),
                "kind": task.kind,
                "units": units_named(case, task),
                "due_on": task.due_on,
                "effective_due_on": judgement.effective_due_on,
                "state": judgement.state,
                "lamp": judgement.lamp,
                "percent": judgement.percent if judgement.reported_on else None,
                "times_pace": times,
                "unit_due": len(record),
                "unit_on_time": sum(record),
                "chance": chance,
                "outlook": outlook,
            }
        )
    chances = [row["chance"] for row in rows if row["chance"] is not None]
    done = sum(j.is_done for j in applicable)
    totals = {
        "applicable": len(applicable),
        "done": done,
        "forecast_tasks": len(chances),
        "silent_tasks": len(rows) - len(chances),
        "expected_done": done + sum(chances),
        "spread": 1.8 * sqrt(sum(chance * (1 - chance) for chance in chances)),
    }
    rows.sort(key=lambda row: (row["chance"] is None, row["chance"] or 0, row["number"]))
    return [row | totals for row in rows]


def _charged(case: Case, task_id: UUID) -> set[UUID]:
    """Who leads or is responsible; whoever is named, where nobody does."""
    (task,) = [
        t for t in twin.tasks_in_force(case.world, case.ledger, case.as_of) if t.task_id == task_id
    ]
    named = twin.assigned(case.world, task)
    weighty = {a.unit_id for a in named if a.role in ("lead", "responsible")}
    return weighty or {a.unit_id for a in named}
