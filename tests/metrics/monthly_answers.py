"""The questions of monthly reporting answered once more, in plain Python; see `answers`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.metrics.answers import Case, Row, grouped, listed_names, proof
from tests.metrics.returns_answers import due_by, returns
from tests.warehouse import twin
from tests.warehouse.world import Report

EVERY = {
    "day": "每天",
    "week": "每周",
    "fortnight": "每两周",
    "month": "每月",
    "two-months": "每两个月",
    "quarter": "每季度",
    "half-year": "每半年",
    "year": "每年",
}


def reporting_duties(case: Case, eve: date) -> set[tuple[UUID, UUID]]:
    """(task, unit) of everything that must be reported in the month of the day."""
    own = [j for j in case.judged(case.as_of) if j.task.ledger_id == case.ledger.ledger_id]
    done_before = {j.task.task_id for j in case.judged(eve) if j.is_done}
    duties = twin.duties(case.world, case.ledger, own, case.as_of, expanded=True)
    owed = set()
    for task_id, parts in grouped(duties, lambda duty: duty.judgement.task.task_id).items():
        if not parts[0].judgement.is_applicable or task_id in done_before:
            continue
        charged = [d for d in parts if d.role in ("lead", "responsible")] or parts
        for duty in charged:
            before = twin.part_progress(case.world, task_id, duty.unit_id, eve)
            if before is None or before.state != "done":
                owed.add((task_id, duty.unit_id))
    return owed


def unit_month(case: Case, unit: str | None, month_start: date, eve: date) -> list[Row]:
    owed = reporting_duties(case, eve)
    everything = replace(case, scope=replace(case.scope, units=(), level1s=(), kinds=()))
    told = {
        (each.duty.judgement.task.task_id, each.duty.unit_id)
        for each in returns(everything, month_start, eve)
        if each.told
    }
    duties = twin.duties(case.world, case.ledger, case.base(), case.as_of, expanded=True)
    rows = []
    for duty in duties:
        j, task = duty.judgement, duty.judgement.task
        name = case.unit_name(duty.unit_id)
        if unit not in (None, name):
            continue
        own = sorted(
            (
                r
                for r in twin.standing(case.world, case.world.reports, "report_id")
                if (r.task_id, r.unit_id) == (task.task_id, duty.unit_id)
                and r.effective_on <= case.as_of
            ),
            key=twin.order,
        )
        earlier = [r for r in own if r.effective_on < month_start]
        of_month = [r for r in own if r.effective_on >= month_start]
        progress = twin.subject_progress(case.world, task.task_id, duty.unit_id, case.as_of)
        is_returned = progress is not None and progress.state == "returned"
        near = [
            window
            for window in twin.windows(case.world, case.ledger, task, case.as_of)
            if window.end >= month_start
        ]
        demanded = {cadence.period for cadence in twin.demanded(case.world, task)}
        rows.append(
            {
                "edition_id": task.edition_id,
                "task_id": task.task_id,
                "unit_id": duty.unit_id,
                "unit": name,
                "number": task.number,
                "level1": task.level1,
                "task": case.around.text(task),
                "role": duty.role,
                "collective": listed_names(case, duty.through),
                "deadline_text": "",
                "due_on": task.due_on,
                "effective_due_on": j.effective_due_on,
                "state": j.state,
                "lamp": j.lamp,
                "must_report": (task.task_id, duty.unit_id) in owed,
                "is_reported": (task.task_id, duty.unit_id) in told,
                "unit_is_done": duty.unit_is_done,
                "is_returned": is_returned,
                "return_reason": "" if is_returned else None,
                **_report("last", earlier[-1] if earlier else None, "narrative"),
                **_report(
                    "now", of_month[-1] if of_month else None, "narrative", "problem", "next_step"
                ),
                "now_report_id": of_month[-1].report_id if of_month else None,
                "now_recorded_at": of_month[-1].recorded_at if of_month else None,
                "now_recorded_by": "测试" if of_month else None,
                "evidence": sum(
                    e.unit_id in (None, duty.unit_id) for e in proof(case, task.task_id)
                ),
                "periods": tuple(sorted(demanded)),
                "windows": windows_in_words(near),
                "window_due": any(
                    window.state in ("missed", "open") and window.end <= last_day(month_start)
                    for window in near
                ),
                "due_by": due_by(case, month_start),
            }
        )
    return sorted(
        rows,
        key=lambda row: (
            row["unit"],
            not row["window_due"],
            not row["must_report"],
            row["number"],
        ),
    )


def _report(when: str, report: Report | None, *written: str) -> dict[str, Any]:
    texts = dict.fromkeys(written, "" if report else None)
    facts = {name: getattr(report, name, None) for name in ("state", "percent", "effective_on")}
    return {f"{when}_{name}": value for name, value in (facts | texts).items()}


def windows_in_words(near: Iterable[twin.Window]) -> str | None:
    """One line for each period of the windows that end in the month or are open."""
    said = []
    for period, windows in sorted(grouped(near, lambda window: window.period).items()):
        head = f"{EVERY[period]}至少{windows[0].min_count}次："
        if len(windows) == 1:
            (window,) = windows
            said.append(
                f"{head}{window.start} 至 {window.end}，已完成 {window.times} 次"
                + ("，已免除" if window.state == "excused" else "")
            )
            continue
        excused = sum(window.state == "excused" for window in windows)
        missing = [f"{w.start:%m-%d}" for w in windows if w.state in ("missed", "open")]
        said.append(
            f"{head}本月 {len(windows)} 期，{sum(w.state == 'met' for w in windows)} 期已完成"
            + (f"，{excused} 期已免除" if excused else "")
            + unmet_in_words(missing)
        )
    return "\n".join(said) or None


def unmet_in_words(starts: list[str]) -> str:
    """The windows not met by their first day, of more than six the first three."""
    if len(starts) > 6:
        return f"，{'、'.join(starts[:3])} 等 {len(starts)} 期未完成"
    return f"，{'、'.join(starts)} 起的未完成" if starts else ""


def last_day(month_start: date) -> date:
    return (month_start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
