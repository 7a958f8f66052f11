"""The questions about scores answered once more, in plain Python.

Owns a second opinion on their rows, from their own first lines, on top of the twin of the scores.
Knows nothing of SQL.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from tests.metrics.answers import Case, Row, proof
from tests.metrics.desk_answers import units_named
from tests.metrics.score_facts import Mark, Scheme, SchemeItem, SchemeTier
from tests.metrics.surroundings import Evidence
from tests.warehouse import score_twin, twin
from tests.warehouse.score_twin import Score
from tests.warehouse.world import Task


def scheme_of(case: Case) -> Scheme | None:
    """The version that is scored by, whenever it was entered."""
    found = [s for s in case.recorded_around.schemes if s.scheme_id == case.scope.scheme_id]
    return found[0] if found else None


def scored(case: Case, day: date | None = None) -> list[Score]:
    """Every task of the ledger on a day, in scope or not."""
    return score_twin.Assessment(
        case.world,
        case.around,
        case.ledger,
        day or case.as_of,
        scheme_of(case),
        case.recorded_around.items,
        case.recorded_around.tiers,
        case.judged,
    ).scores()


def in_scope(case: Case, day: date | None = None) -> list[Score]:
    chosen = {j.task.task_id for j in case.group(day)}
    return [score for score in scored(case, day) if score.task.task_id in chosen]


def item_of(case: Case, task_id: UUID) -> SchemeItem | None:
    own = (case.scope.scheme_id, task_id)
    found = [i for i in case.recorded_around.items if (i.scheme_id, i.task_id) == own]
    return found[0] if found else None


def tiers_of(case: Case, task_id: UUID) -> list[SchemeTier]:
    own = (case.scope.scheme_id, task_id)
    found = [t for t in case.recorded_around.tiers if (t.scheme_id, t.task_id) == own]
    return sorted(found, key=lambda tier: tier.at_least)


def named(case: Case, task: Task) -> Row:
    """What a task is called."""
    return {
        "task_id": task.task_id,
        "number": task.number,
        "short_name": case.around.short_name(task.level1),
        "task": case.around.text(task),
        "kind": task.kind,
        "units": units_named(case, task),
    }


def told_of(paper: Evidence) -> str:
    day = paper.effective_on
    return f"{paper.title} {day}" if day else f"{paper.title} 未注明日期"


def papers(case: Case, task: Task) -> str | None:
    """The materials of a task, oldest first; each counts from its day or that of its entry."""
    held = sorted(
        proof(case, task.task_id),
        key=lambda e: (e.effective_on or e.recorded_at.date(), e.evidence_id),
    )
    return "；".join(map(told_of, held)) or None


# 评分方案


def schemes(case: Case) -> list[Row]:
    own = [s for s in case.around.schemes if s.ledger_id == case.ledger.ledger_id]
    rows = []
    for scheme in sorted(own, key=lambda s: -s.version):
        (edition,) = [e for e in case.recorded.editions if e.edition_id == scheme.edition_id]
        kinds = {
            t.task_id: t.kind for t in case.recorded.tasks if t.edition_id == scheme.edition_id
        }
        items = [i for i in case.around.items if i.scheme_id == scheme.scheme_id]

        def worth(kind: str, items=items, kinds=kinds) -> int:
            return sum(
                score_twin.cents(i.points or 0) for i in items if kinds.get(i.task_id) == kind
            )

        columns = ("scheme_id", "version", "edition_id", "note", "assessed_on", "evidence_from")
        cap = scheme.bonus_cap
        rows.append(
            {
                **{name: getattr(scheme, name) for name in (*columns, "absent_rule")},
                "edition_number": edition.edition_number,
                "bonus_cap_cents": None if cap is None else score_twin.cents(cap),
                "recorded_at": scheme.recorded_at,
                "recorded_by": "测试",
                "items": len(items),
                "base_cents": worth("base"),
                "bonus_cents": worth("bonus"),
            }
        )
    return rows


def in_two_decimals(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def scheme_items(case: Case) -> list[Row]:
    rows = []
    tasks = twin.tasks_in_force(case.world, case.ledger, case.as_of)
    for task in sorted(tasks, key=lambda t: t.number):
        item = item_of(case, task.task_id)
        points = item.points if item else None
        if case.scope.scheme_id is None:
            points = task.points
        tiers = tuple(
            tuple(in_two_decimals(n) for n in (tier.at_least, tier.at_most, tier.points))
            for tier in tiers_of(case, task.task_id)
        )
        own = {
            cadence.period
            for cadence in case.world.cadences
            if (cadence.edition_id, cadence.task_id) == (task.edition_id, task.task_id)
        }
        said = ("rule", "measure", "evidence_required", "criterion", "proof")
        rows.append(
            {
                **named(case, task),
                "level1": task.level1,
                "level2": case.around.level2(task),
                "has_cadence": bool(own),
                "points": in_two_decimals(points),
                **{name: getattr(item, name) if item else None for name in said},
                "step": in_two_decimals(item.step) if item else None,
                "floor": in_two_decimals(item.floor) if item else None,
                "tiers": tiers,
            }
        )
    return rows


# 得分


UNSHOWN = ("task", "manual_of")


def scores(case: Case) -> list[Row]:
    judged = {j.task.task_id: j for j in case.group()}
    rows = []
    for score in in_scope(case):
        task = score.task
        item = item_of(case, task.task_id)
        manual, review = (newest_mark(case, task, kind) for kind in ("manual", "review"))
        rows.append(
            {name: value for name, value in vars(score).items() if name not in UNSHOWN}
            | named(case, task)
            | {
                "level1": task.level1,
                "level2": case.around.level2(task),
                "lamp": judged[task.task_id].lamp,
                "has_report": twin.task_progress(case.world, task, case.as_of) is not None,
                "effective_due_on": judged[task.task_id].effective_due_on,
                "criterion": item.criterion if item else "",
                "proof": item.proof if item else "",
                "titles": papers(case, task),
                "manual_reason": manual.reason if manual else None,
                "manual_by": "测试" if manual else None,
                "review_opinion": review.reason if review else None,
                "review_by": "测试" if review else None,
                # A World's reports tell nothing.
                "narrative": None,
            }
        )
    return rows


def newest_mark(case: Case, task: Task, kind: str) -> Mark | None:
    given = [
        mark
        for mark in twin.standing(case.world, case.around.marks, "mark_id")
        if (mark.task_id, mark.kind) == (task.task_id, kind) and mark.effective_on <= case.as_of
    ]
    return max(given, key=lambda m: (m.effective_on, m.entry_number), default=None)


def parts(case: Case, by: str, day: date | None = None) -> list[score_twin.Part]:
    def heading(task: Task) -> tuple[str, str]:
        level1 = task.level1 if by != "all" else ""
        return level1, case.around.level2(task) if by == "level2" else ""

    return score_twin.parts(in_scope(case, day), scheme_of(case), heading)


def score_totals(case: Case, by: str) -> list[Row]:
    return [
        vars(part) | {"short_name": case.around.short_name(part.level1)} for part in parts(case, by)
    ]


def score_trend(case: Case, days: list[date]) -> list[Row]:
    rows = []
    for day in sorted(set(days)):
        for part in parts(case, "all", day):
            if part.part == "overall":
                totals = {name: getattr(part, name) for name in score_twin.TOTALS}
                rows.append({"as_of": day} | totals)
    return rows


# 差距


def evidence_gaps(case: Case) -> list[Row]:
    rows = []
    for score in in_scope(case):
        if not score.lacks_evidence or score.is_absent:
            continue
        at_stake = score.reachable_cents if score.time_is_left else score.ungated_cents
        rows.append(
            {
                **named(case, score.task),
                "level2": case.around.level2(score.task),
                "state": score.state,
                "proof": item_of(case, score.task.task_id).proof,
                "gap": "old" if score.old_evidence else "missing",
                "held": papers(case, score.task),
                "newest_evidence_on": score.newest_evidence_on,
                "full_cents": score.full_cents,
                "lost_cents": score.ungated_cents,
                "at_stake_cents": at_stake,
            }
        )
    rows.sort(key=lambda row: (-row["at_stake_cents"], -row["lost_cents"], row["number"]))
    return rows


def open_points(case: Case) -> list[Row]:
    rows = []
    judged = {j.task.task_id: j for j in case.group()}
    for score in in_scope(case):
        task = score.task
        estimates = [e for e in case.around.efforts if e.task_id == task.task_id]
        each = max(estimates, key=lambda e: e.entry_number).effort if estimates else 1
        for step in score_twin.steps(score, tiers_of(case, task.task_id)):
            rows.append(
                {
                    **named(case, task),
                    "state": score.state,
                    "effective_due_on": judged[task.task_id].effective_due_on,
                    **vars(step),
                    "from_cents": score.self_cents,
                    "full_cents": score.full_cents,
                    "effort": f"{each * step.step_number:.1f}",
                }
            )
    return rows


def open_claims(case: Case, task_id: UUID) -> list[Row]:
    known = [
        claim
        for claim in twin.standing(case.world, case.around.claims, "claim_id")
        if claim.effective_on <= case.as_of
    ]
    answered = {claim.answers_id for claim in known}
    waiting = [
        claim
        for claim in known
        if (claim.task_id, claim.state) == (task_id, "claimed") and claim.claim_id not in answered
    ]
    waiting.sort(key=lambda claim: (claim.effective_on, claim.recorded_at, claim.claim_id))
    columns = ("claim_id", "points", "narrative", "effective_on")
    return [
        {
            **{name: getattr(claim, name) for name in columns},
            "recorded_by": "测试",
            "unit": case.unit_name(claim.unit_id),
        }
        for claim in waiting
    ]
