"""Every question answered once more, in plain Python, from its own first line.

Owns a second opinion on the rows of an answer, on top of the twin of the meanings, whose judgements
it groups, counts and lists. Knows nothing of SQL or of the database. Shares are exact fractions.
Headings come as the ledger has them; which order else an answer must have is stated by its check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any, TypeVar
from uuid import UUID

from metrics import Scope
from tests.metrics.surroundings import Surroundings
from tests.warehouse import twin
from tests.warehouse.world import Ledger, Task, Unit, World

Row = dict[str, Any]
Fact = TypeVar("Fact")
Key = TypeVar("Key")

LAMPS = ("red", "yellow", "green", "blue", "grey")
AGES = {
    "1–30 天": range(1, 31),
    "31–60 天": range(31, 61),
    "61–90 天": range(61, 91),
    "90 天以上": range(91, 10**6),
}
TERMS = {
    "behind_yellow_points": ("behind_yellow_points", "10"),
    "behind_red_points": ("behind_red_points", "30"),
    "due_soon_days": ("due_soon_days", "30"),
    "fewest_for_percent": ("fewest_for_percent", "5"),
}
"""Column → threshold and what it is unless set."""
KIND_OF = {
    "填报": "report",
    "频次记录": "occurrence",
    "计划节点": "plan",
    "佐证材料": "evidence",
    "核验": "verification",
    "申请延期": "extension",
    "延期审批": "extension_decision",
    "加分": "claim",
    "扣分事件": "incident",
    "人工评分": "mark",
    "名次": "mark",
    "复核得分": "mark",
}
MARKS = {"manual": "人工评分", "rank": "名次", "review": "复核得分"}
STATES = {
    "done": "已完成",
    "in_progress": "进行中",
    "not_started": "未开始",
    "not_applicable": "不适用",
}


@dataclass
class Case:
    """One world with its surroundings, and the scope a question is asked about."""

    recorded: World
    """Everything there is, known or not."""
    recorded_around: Surroundings
    scope: Scope
    world: World = field(init=False)
    """What the scope judges: what was known, and (as_issued) as if nothing had been extended."""
    known: World = field(init=False)
    around: Surroundings = field(init=False)
    _judged: dict[date, list[twin.Judgement]] = field(default_factory=dict)

    def __post_init__(self):
        self.known = twin.known(self.recorded, self.scope.known_at)
        self.world = twin.as_issued(self.known) if self.scope.as_issued else self.known
        self.around = twin.known(self.recorded_around, self.scope.known_at)

    @property
    def as_of(self) -> date:
        return self.scope.as_of

    @property
    def ledger(self) -> Ledger:
        (own,) = [v for v in self.world.ledgers if v.ledger_id == self.scope.ledger_id]
        return own

    def judged(self, day: date) -> list[twin.Judgement]:
        """Every task of every ledger on a day."""
        if day not in self._judged:
            self._judged[day] = twin.judge(self.world, day)
        return self._judged[day]

    def group(self, day: date | None = None) -> list[twin.Judgement]:
        """The tasks in scope, on its own day or another."""
        return twin.in_scope(
            self.world,
            self.judged(day or self.as_of),
            self.ledger,
            units=self.scope.units,
            level1s=self.scope.level1s,
            kinds=self.scope.kinds,
        )

    def base(self, day: date | None = None) -> list[twin.Judgement]:
        return [j for j in self.group(day) if j.task.kind == "base"]

    def duties(self, group: Iterable[twin.Judgement]) -> list[twin.Duty]:
        return twin.duties(self.world, self.ledger, group, self.as_of, expanded=self.scope.expanded)

    def counts_as_done(self, judgement: twin.Judgement) -> bool:
        """With 只计已销号, what is done but not verified does not count."""
        return judgement.state == "verified" or (judgement.is_done and not self.scope.verified_only)

    def points(self, task: Task) -> Decimal | None:
        """What a task weighs: as the newest scheme has it, or without a scheme the ledger itself."""
        own = [s for s in self.around.schemes if s.ledger_id == self.ledger.ledger_id]
        if not own:
            return task.points
        newest = max(own, key=lambda scheme: scheme.version).scheme_id
        items = [i for i in self.around.items if (i.scheme_id, i.task_id) == (newest, task.task_id)]
        return items[0].points if items else None

    def whole_number(self, key: str, default: int) -> int:
        """A threshold of the ledger."""
        return int(twin.terms(self.world, self.ledger, key, str(default)))

    @property
    def fewest_for_percent(self) -> int:
        return self.whole_number("fewest_for_percent", 5)

    @cached_property
    def has_progress(self) -> bool:
        return twin.ledger_has_progress(self.world, self.ledger, self.as_of)

    def unit(self, unit_id: UUID) -> Unit:
        (found,) = [unit for unit in self.world.units if unit.unit_id == unit_id]
        return found

    def unit_name(self, unit_id: UUID | None) -> str:
        return "整项任务" if unit_id is None else self.unit(unit_id).name

    def task(self, task_id: UUID) -> Task | None:
        """The task in the edition of this ledger in force."""
        tasks = twin.tasks_in_force(self.world, self.ledger, self.as_of)
        return next((task for task in tasks if task.task_id == task_id), None)


def grouped(facts: Iterable[Fact], key: Callable[[Fact], Key]) -> dict[Key, list[Fact]]:
    groups: dict[Key, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    return groups


def rate(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """The mean of the known values."""
    known = [value for value in values if value is not None]
    return sum(known) / Fraction(len(known)) if known else None


def difference(now: Fraction | None, then: Fraction | None) -> Fraction | None:
    return None if now is None or then is None else now - then


def overdue_days(judgement: twin.Judgement, as_of: date) -> int | None:
    return (as_of - judgement.effective_due_on).days if judgement.overdue else None


def days_left(judgement: twin.Judgement, as_of: date) -> int | None:
    """Of an open task that is not overdue."""
    if judgement.state in twin.OPEN and not judgement.overdue and judgement.effective_due_on:
        return (judgement.effective_due_on - as_of).days
    return None


def extended_to(case: Case, task: Task) -> date | None:
    """The due day the newest approval gave, whichever day is judged by."""
    return twin.effective_due_on(case.known, replace(task, due_on=None), case.as_of)


# 指标完成率


def completion(case: Case, by: str) -> list[Row]:
    def heading(judgement: twin.Judgement) -> tuple[str, str, str]:
        task = judgement.task
        return {
            "all": ("", "", ""),
            "level1": (task.level1, "", ""),
            "level2": (task.level1, case.around.level2(task), ""),
            "theme": ("", "", case.around.theme(task)),
        }[by]

    rows = []
    for (level1, level2, theme), group in grouped(case.base(), heading).items():
        rates = twin.completion(group, case.as_of, verified_only=case.scope.verified_only)
        applicable = [j for j in group if j.is_applicable]
        dated = [j for j in applicable if j.expected_percent is not None]
        row = {
            "level1": level1,
            "level2": level2,
            "theme": theme,
            **vars(rates),
            "tasks": len(group),
            "tasks_share": rate(len(group), len(case.base())),
            "all_tasks": len(case.base()),
            "verified": sum(j.state == "verified" for j in group),
            "due_open": sum(j.due_open for j in group),
            "overdue": sum(j.overdue for j in group),
            "behind": sum(j.behind for j in group),
            "not_reported": sum(j.not_reported for j in group),
            "never_reported": sum(j.reported_on is None for j in applicable),
            "expected_percent": mean(j.expected_percent for j in dated),
            "ahead_points": mean(j.percent - j.expected_percent for j in dated),
            "open_ahead_points": mean(
                j.percent - j.expected_percent for j in dated if j.state in twin.OPEN
            ),
            "with_points": sum(case.points(j.task) is not None for j in applicable),
            "due_with_points": sum(
                case.points(j.task) is not None
                for j in applicable
                if j.effective_due_on and j.effective_due_on <= case.as_of
            ),
            **by_points(case, applicable),
            **{lamp: sum(j.lamp == lamp for j in group) for lamp in LAMPS},
            "has_progress": case.has_progress,
            "fewest_for_percent": case.fewest_for_percent,
        }
        # Neither the whole ledger nor a theme has a short name.
        if by in ("level1", "level2"):
            row["short_name"] = case.around.short_name(level1)
        rows.append(row)
    return rows


def by_points(case: Case, applicable: list[twin.Judgement]) -> Row:
    """The rates again, each task weighing its points; a task without points weighs nothing."""
    weighed = [j for j in applicable if case.points(j.task) is not None]
    due = [j for j in weighed if j.effective_due_on and j.effective_due_on <= case.as_of]
    due_done = [j for j in due if case.counts_as_done(j)]

    def points(group: list[twin.Judgement]) -> Fraction:
        return sum((Fraction(case.points(j.task) or 0) for j in group), Fraction(0))

    def share(part: Fraction, whole: list[twin.Judgement]) -> Fraction | None:
        return part / points(whole) if points(whole) else None

    return {
        "points": points(weighed) if weighed else None,
        "points_due": points(due) if due else None,
        "done_rate_by_points": share(
            100 * points([j for j in weighed if case.counts_as_done(j)]), weighed
        ),
        "due_rate_by_points": share(100 * points(due_done), due),
        "on_time_rate_by_points": share(100 * points([j for j in due_done if not j.late]), due),
        "mean_percent_by_points": share(
            sum((j.percent * Fraction(case.points(j.task) or 0) for j in weighed), Fraction(0)),
            weighed,
        ),
    }


def trend(case: Case, days: list[date]) -> list[Row]:
    rows = []
    for day in days:
        group = case.base(day)
        applicable = [j for j in group if j.is_applicable]
        done = sum(case.counts_as_done(j) for j in applicable)
        if group:
            rows.append(
                {
                    "as_of": day,
                    "applicable": len(applicable),
                    "done": done,
                    "overdue": sum(j.overdue for j in group),
                    "done_rate": rate(done, len(applicable)),
                    "mean_percent": mean(j.percent for j in applicable),
                    "expected_percent": mean(j.expected_percent for j in applicable),
                    "fewest_for_percent": case.fewest_for_percent,
                }
            )
    return rows


def compare_dates(case: Case, compare_on: date) -> list[Row]:
    now = {j.task.task_id: j for j in case.base()}
    then = {j.task.task_id: j for j in case.base(compare_on)}
    known = sorted((then | now).values(), key=lambda j: j.task.number)
    level1_of = {j.task.task_id: j.task.level1 for j in known}

    def done(judged: dict[UUID, twin.Judgement], task_id: UUID) -> bool:
        return task_id in judged and case.counts_as_done(judged[task_id])

    def overdue(judged: dict[UUID, twin.Judgement], task_id: UUID) -> bool:
        return task_id in judged and judged[task_id].overdue

    rows = []
    for level1, ids in grouped(level1_of, level1_of.__getitem__).items():
        applicable_now = [i for i in ids if i in now and now[i].is_applicable]
        applicable_then = [i for i in ids if i in then and then[i].is_applicable]
        done_now = sum(done(now, i) for i in applicable_now)
        done_then = sum(done(then, i) for i in applicable_then)
        done_rate = rate(done_now, len(applicable_now))
        done_rate_then = rate(done_then, len(applicable_then))
        rows.append(
            {
                "level1": level1,
                "short_name": case.around.short_name(level1),
                "applicable": len(applicable_now),
                "done": done_now,
                "earlier_applicable": len(applicable_then),
                "earlier_done": done_then,
                "done_rate": done_rate,
                "done_rate_then": done_rate_then,
                "change_points": difference(done_rate, done_rate_then),
                "newly_done": sum(done(now, i) and not done(then, i) for i in ids),
                "no_longer_done": sum(done(then, i) and not done(now, i) for i in ids),
                "newly_overdue": sum(overdue(now, i) and not overdue(then, i) for i in ids),
                "recovered": sum(overdue(then, i) and not overdue(now, i) for i in ids),
                "percent_points": difference(
                    mean(now[i].percent for i in applicable_now),
                    mean(then[i].percent for i in applicable_then),
                ),
                "fewest_for_percent": case.fewest_for_percent,
            }
        )
    return rows


def changed_tasks(case: Case, compare_on: date, row_limit: int) -> list[Row]:
    now = {j.task.task_id: j for j in case.base()}
    then = {j.task.task_id: j for j in case.base(compare_on)}

    def done(j: twin.Judgement | None) -> bool:
        return j is not None and case.counts_as_done(j)

    rows = []
    for task_id, known in (then | now).items():
        j, before = now.get(task_id), then.get(task_id)
        late, was_late = (each is not None and each.overdue for each in (j, before))
        said = {
            "newly_done": done(j) and not done(before),
            "no_longer_done": done(before) and not done(j),
            "newly_overdue": late and not was_late,
            "recovered": was_late and not late,
        }
        if not any(said.values()):
            continue
        named = {
            "newly_done": "新完成",
            "no_longer_done": "不再算完成",
            "newly_overdue": "新逾期",
            "recovered": "逾期已解除",
        }
        change = next(named[each] for each, applies in said.items() if applies)
        rows.append(
            {
                "task_id": task_id,
                "number": known.task.number,
                "level1": known.task.level1,
                "short_name": case.around.short_name(known.task.level1),
                "task": case.around.text(known.task),
                "change": "逾期后完成" if done(j) and was_late else change,
                **said,
                "state_then": before.state if before else None,
                "state": j.state if j else None,
                "lamp": j.lamp if j else "grey",
                "effective_due_on": j.effective_due_on if j else None,
                "done_on": j.done_on if j else None,
            }
        )
    return listed_first(rows, lambda row: (row["change"], row["number"]), row_limit)


# 任务


def weight(case: Case, judgement: twin.Judgement) -> tuple:
    """按轻重: by lamp, the longest overdue, the farthest behind, the least time left."""
    left = days_left(judgement, case.as_of)
    return (
        ("red", "yellow", "green", "grey", "blue").index(judgement.lamp),
        -(overdue_days(judgement, case.as_of) or 0),
        -(judgement.points_behind or 0),
        (left is None, left),
        judgement.task.number,
    )


def task_list(case: Case, signal: str, row_limit: int) -> list[Row]:
    def speaks(judgement: twin.Judgement) -> bool:
        left = days_left(judgement, case.as_of)
        return {
            "all": True,
            "worst": judgement.lamp in ("red", "yellow")
            or (judgement.not_reported and case.has_progress),
            "overdue": judgement.overdue,
            "behind": judgement.behind,
            "not_reported": judgement.not_reported,
            "due_ahead": left is not None and 0 <= left <= 90,
        }[signal]

    chosen = [j for j in case.group() if speaks(j)]
    if signal == "all":
        chosen.sort(key=lambda j: j.task.number)
    elif signal == "due_ahead":
        chosen.sort(key=lambda j: (days_left(j, case.as_of), *weight(case, j)[1:]))
    else:
        chosen.sort(key=lambda j: weight(case, j))
    rows = []
    for j in chosen[:row_limit]:
        task = j.task
        written = sorted(twin.assigned(case.world, task), key=lambda a: a.position)
        leads = [a for a in written if a.role == "lead"]
        rows.append(
            {
                "task_id": task.task_id,
                "number": task.number,
                "level1": task.level1,
                "level2": case.around.level2(task),
                "short_name": case.around.short_name(task.level1),
                "theme": case.around.theme(task),
                "task": case.around.text(task),
                "kind": task.kind,
                "units": listed_names(case, [a.unit_id for a in written]),
                "lead_units": listed_names(case, [a.unit_id for a in leads]),
                "deadline_text": "",
                "deadline_kind": task.deadline_kind,
                "due_on": task.due_on,
                "effective_due_on": j.effective_due_on,
                "extended_to": extended_to(case, task),
                "state": j.state,
                "late": j.late,
                "done_on": j.done_on,
                "reported_on": j.reported_on,
                "percent": j.percent if j.reported_on else None,
                "expected_percent": j.expected_percent,
                "points_behind": j.points_behind,
                "overdue_days": overdue_days(j, case.as_of),
                "days_left": days_left(j, case.as_of),
                "overdue": j.overdue,
                "behind": j.behind,
                "not_reported": j.not_reported,
                "windows": j.cadence.windows,
                "windows_missed": j.cadence.missed,
                "points": task.points,
                "lamp": j.lamp,
            }
        )
    return rows


def listed_names(case: Case, unit_ids: Iterable[UUID]) -> str | None:
    return "、".join(case.unit_name(unit_id) for unit_id in unit_ids) or None


def cadence_unclear(case: Case) -> list[Row]:
    return [
        {
            "task_id": j.task.task_id,
            "number": j.task.number,
            "level1": j.task.level1,
            "task": case.around.text(j.task),
            "lamp": j.lamp,
            "words": {w for w in ("定期", "及时", "适时") if w in case.around.text(j.task)},
        }
        for j in case.base()
        if any(w in case.around.text(j.task) for w in ("定期", "及时", "适时"))
        and not twin.demanded(case.world, j.task)
    ]


def bonus_penalty(case: Case) -> list[Row]:
    rows = []
    for j in case.group():
        task = j.task
        if task.kind == "base":
            continue
        known = [
            *twin.standing(case.world, case.around.claims, "claim_id"),
            *twin.standing(case.world, case.around.incidents, "incident_id"),
        ]
        entries = sorted(
            (e for e in known if e.task_id == task.task_id and e.effective_on <= case.as_of),
            key=twin.order,
        )
        if task.kind == "bonus":
            counted = [e for e in entries if e.state == "recognised"]
            # A claim and the recognition that answers it are two entries about one thing.
            answered = {e.answers_id for e in entries}
            times = sum(e.claim_id not in answered for e in entries)
            state = "已认定" if counted else "已申报" if entries else "未申报"
        else:
            counted = entries
            times = len(entries)
            state = "已触发" if entries else "未触发"
        points = [e.points for e in counted if e.points is not None]
        written = sorted(twin.assigned(case.world, task), key=lambda a: a.position)
        rows.append(
            {
                "task_id": task.task_id,
                "number": task.number,
                "kind": task.kind,
                "task": case.around.text(task),
                "units": listed_names(case, [a.unit_id for a in written]),
                "state": state,
                "times": times,
                "newest_on": entries[-1].effective_on if entries else None,
                "narrative": entries[-1].narrative if entries else "",
                "evidence": len(proof(case, task.task_id)),
                "full_points": task.points,
                "points": sum(points) if points else None,
            }
        )
    return rows


def proof(case: Case, task_id: UUID) -> list[Any]:
    """The standing evidence of a task known on the day."""
    return [
        e
        for e in twin.standing(case.world, case.around.evidence, "evidence_id")
        if e.task_id == task_id and (e.effective_on or e.recorded_at.date()) <= case.as_of
    ]


# 单位情况


def unit_workload(case: Case) -> list[Row]:
    rows = []
    for unit_id, carried in grouped(case.duties(case.group()), lambda d: d.unit_id).items():
        applicable = [d for d in carried if d.judgement.is_applicable]
        open_parts = [d.judgement for d in carried if not d.unit_is_done]
        ages = [overdue_days(d.judgement, case.as_of) for d in carried if d.unit_is_overdue]
        done = sum(d.unit_is_done for d in applicable)
        rows.append(
            {
                "unit": case.unit_name(unit_id),
                "class": case.around.unit_class(unit_id),
                "tasks": len(carried),
                "lead_tasks": sum(d.role == "lead" for d in carried),
                "responsible_tasks": sum(d.role == "responsible" for d in carried),
                "cooperate_tasks": sum(d.role in ("cooperate", "support") for d in carried),
                "first_listed_tasks": sum(d.is_first for d in carried),
                "collective_tasks": sum(bool(d.through) for d in carried),
                "shared_load": sum(d.share for d in carried),
                "applicable": len(applicable),
                "done": done,
                "overdue": len(ages),
                "behind": sum(j.behind for j in open_parts),
                "not_reported": sum(j.not_reported for j in open_parts),
                "longest_overdue_days": max(ages, default=None),
                "open": len(applicable) - done - len(ages),
                "done_rate": rate(done, len(applicable)),
                "is_ranked": case.around.unit_class(unit_id) != "集体"
                and len(applicable) >= max(case.whole_number("fewest_ranked", 3), 1),
                "fewest_ranked": case.whole_number("fewest_ranked", 3),
                "fewest_for_percent": case.fewest_for_percent,
            }
        )
    for row in rows:
        peers = [r for r in rows if r["class"] == row["class"] and r["is_ranked"]]
        better = [r for r in peers if r["done_rate"] > (row["done_rate"] or 0)]
        row["rank_in_class"] = len(better) + 1 if row["is_ranked"] else None
        row["units_in_class"] = len(peers)
    return rows


def unit_matrix(case: Case) -> list[Row]:
    rows = []
    cells = grouped(case.duties(case.group()), lambda d: (d.unit_id, d.judgement.task.level1))
    for (unit_id, level1), carried in cells.items():
        applicable = [d for d in carried if d.judgement.is_applicable]
        days = [(d, d.judgement.effective_due_on) for d in applicable]
        due = [d for d, day in days if day and day <= case.as_of]
        done, due_done = (sum(d.unit_is_done for d in group) for group in (applicable, due))
        rows.append(
            {
                "unit": case.unit_name(unit_id),
                "class": case.around.unit_class(unit_id),
                "level1": level1,
                "short_name": case.around.short_name(level1),
                "first_number": min(d.judgement.task.number for d in carried),
                "tasks": len(carried),
                "lead_tasks": sum(d.role == "lead" for d in carried),
                "responsible_tasks": sum(d.role == "responsible" for d in carried),
                "cooperate_tasks": sum(d.role in ("cooperate", "support") for d in carried),
                "shared_load": sum(d.share for d in carried),
                "applicable": len(applicable),
                "done": done,
                "due": len(due),
                "due_done": due_done,
                "overdue": sum(d.unit_is_overdue for d in carried),
                "done_rate": rate(done, len(applicable)),
                "due_rate": rate(due_done, len(due)),
                "fewest_for_percent": case.fewest_for_percent,
            }
        )
    return rows


def unit_tasks(case: Case, unit: str) -> list[Row]:
    rows = []
    carried = case.duties(case.group())
    for d in carried:
        j, task = d.judgement, d.judgement.task
        if case.unit_name(d.unit_id) != unit:
            continue
        rows.append(
            {
                "task_id": task.task_id,
                "number": task.number,
                "level1": task.level1,
                "level2": case.around.level2(task),
                "short_name": case.around.short_name(task.level1),
                "task": case.around.text(task),
                "kind": task.kind,
                "role": d.role,
                "is_first": d.is_first,
                "collective": listed_names(case, d.through),
                "sharing_units": sum(other.judgement is j for other in carried),
                "deadline_text": "",
                "effective_due_on": j.effective_due_on,
                "state": j.state,
                "is_open": j.state in twin.OPEN,
                "unit_is_done": d.unit_is_done,
                "unit_is_overdue": d.unit_is_overdue,
                "done_on": j.done_on,
                "reported_on": j.reported_on,
                "overdue_days": overdue_days(j, case.as_of),
                "days_left": days_left(j, case.as_of),
                "percent": j.percent if j.reported_on else None,
                "expected_percent": j.expected_percent,
                "lamp": j.lamp,
            }
        )
    return rows


def units(case: Case) -> list[Row]:
    named = {
        a.unit_id
        for task in twin.tasks_in_force(case.world, case.ledger, case.as_of)
        for a in twin.assigned(case.world, task)
    }
    belongs_to: dict[UUID, set[UUID]] = {unit_id: set() for unit_id in named}
    for collective_id in named:
        for member_id in twin.members(case.world, collective_id):
            belongs_to.setdefault(member_id, set()).add(collective_id)
    return [
        {
            "unit_id": unit_id,
            "unit": case.unit_name(unit_id),
            "class": case.around.unit_class(unit_id),
            "is_named": unit_id in named,
            "collectives": listed_names(case, collectives),
        }
        for unit_id, collectives in belongs_to.items()
    ]


# 逾期预警


def overdue_ages(case: Case) -> list[Row]:
    late = [overdue_days(j, case.as_of) for j in case.group() if j.overdue]
    return [{"age": age, "tasks": sum(days in span for days in late)} for age, span in AGES.items()]


def overdue_by_unit(case: Case) -> list[Row]:
    late = [d for d in case.duties(case.group()) if d.unit_is_overdue]
    rows = []
    for unit_id, carried in grouped(late, lambda d: d.unit_id).items():
        ages = [overdue_days(d.judgement, case.as_of) for d in carried]
        columns = ("days_1_30", "days_31_60", "days_61_90", "days_over_90")
        rows.append(
            {
                "unit": case.unit_name(unit_id),
                "class": case.around.unit_class(unit_id),
                "overdue": len(ages),
                **{
                    column: sum(days in span for days in ages)
                    for column, span in zip(columns, AGES.values(), strict=True)
                },
                "longest_overdue_days": max(ages),
            }
        )
    return rows


def due_dates(case: Case) -> list[Row]:
    dated = [j for j in case.base() if j.is_applicable and j.effective_due_on]
    return [
        {
            "effective_due_on": due_on,
            "tasks": len(group),
            "done": sum(j.is_done for j in group),
            "overdue": sum(j.overdue for j in group),
            "open": sum(j.state in twin.OPEN and not j.overdue for j in group),
        }
        for due_on, group in grouped(dated, lambda j: j.effective_due_on).items()
    ]


def missed_windows(case: Case) -> list[Row]:
    rows = []
    for j in case.group():
        windows = twin.windows(case.world, case.ledger, j.task, case.as_of)
        for period, of_period in grouped(windows, lambda w: w.period).items():
            score = twin.cadence_score(of_period, case.as_of)
            missed = sorted(w.start for w in of_period if w.state == "missed")
            if missed:
                rows.append(
                    {
                        "task_id": j.task.task_id,
                        "number": j.task.number,
                        "level1": j.task.level1,
                        "task": case.around.text(j.task),
                        "lamp": j.lamp,
                        "period": period,
                        "min_count": of_period[0].min_count,
                        "phrase": "",
                        **{k: v for k, v in vars(score).items() if not k.startswith("open_")},
                        "newest_start": missed[-1],
                        "starts": "、".join(f"{start:%m-%d}" for start in missed),
                    }
                )
    return rows


# 任务卡


def task_card(case: Case, task_id: UUID) -> list[Row]:
    task = case.task(task_id)
    if task is None:
        return []
    (j,) = [j for j in case.judged(case.as_of) if j.task == task]
    progress = twin.task_progress(case.world, task, case.as_of)
    edition = twin.edition_in_force(case.world, case.ledger, case.as_of)
    return [
        {
            "as_of": case.as_of,
            **{name: getattr(task, name) for name in ("ledger_id", "edition_id", "task_id")},
            **{name: getattr(task, name) for name in ("number", "level1", "kind", "points")},
            **{name: getattr(task, name) for name in ("deadline_kind", "due_on")},
            "level2": case.around.level2(task),
            "effective_due_on": j.effective_due_on,
            "extended_to": extended_to(case, task),
            "state": j.state,
            "reported_state": progress.state if progress else None,
            **{name: getattr(j, name) for name in ("is_applicable", "is_done", "late")},
            "is_open": j.state in twin.OPEN,
            **{name: getattr(j, name) for name in ("due_open", "expected_by")},
            **{name: getattr(j, name) for name in ("overdue", "behind", "not_reported")},
            "overdue_days": overdue_days(j, case.as_of),
            "days_left": days_left(j, case.as_of),
            **{name: getattr(j, name) for name in ("done_on", "reported_on", "percent")},
            **{name: getattr(j, name) for name in ("expected_percent", "points_behind", "lamp")},
            "windows": j.cadence.windows,
            "windows_required": j.cadence.required,
            "windows_achieved": j.cadence.achieved,
            "windows_missed": j.cadence.missed,
            "ledger_has_progress": case.has_progress,
            "has_report": progress is not None,
            "task": case.around.text(task),
            "source_table": "",
            "source_row": case.around.place(task),
            "edition_number": edition.edition_number,
            "region": case.ledger.region,
            "year": case.ledger.year,
        }
    ]


def task_units(case: Case, task_id: UUID) -> list[Row]:
    task = case.task(task_id)
    rows = []
    for a in twin.assigned(case.world, task) if task else []:
        # As everywhere, a collective that is silent itself stands as its members do.
        own = twin.part_progress(case.world, task_id, a.unit_id, case.as_of)
        within = [case.unit_name(m) for m in twin.members(case.world, a.unit_id)]
        rows.append(
            {
                "unit_id": a.unit_id,
                "unit": case.unit_name(a.unit_id),
                "class": case.around.unit_class(a.unit_id),
                "role": a.role,
                "scope": "",
                "position": a.position,
                "members": set(within) or None,
                "is_done": own.state == "done" if own else None,
                "percent": own.percent if own else None,
                "reported_on": own.reported_on if own else None,
            }
        )
    return rows


def task_history(case: Case, task_id: UUID) -> list[Row]:
    world, around = case.known, case.around
    # By a clock that was set back, an answer may be known before its request.
    requests = {e.extension_id: e for e in case.recorded.extensions}
    entries = [
        *(("填报", r, r.effective_on, _reported(r)) for r in world.reports),
        *(
            (
                *("频次记录", o, o.occurred_on),
                f"完成 {o.times} 次"
                + ("（与其他单位同日的各算一次）" if o.another_occasion else ""),
            )
            for o in world.occurrences
        ),
        *(("计划节点", p, p.planned_on, f"应达到 {p.percent:g}%") for p in world.plans),
        *(
            ("佐证材料", e, e.effective_on or e.recorded_at.date(), e.title)
            for e in around.evidence
        ),
        *(
            ("核验", v, v.effective_on, "销号" if v.outcome == "accepted" else "退办")
            for v in world.verifications
        ),
        *(("申请延期", e, e.requested_on, f"申请延至 {e.new_due_on}") for e in world.extensions),
        *(
            ("延期审批", d, d.effective_on, _decided(d, requests[d.extension_id]))
            for d in world.decisions
        ),
        *(
            (
                *("加分", c, c.effective_on),
                ("已申报" if c.state == "claimed" else "已认定") + _marked(c.points),
            )
            for c in around.claims
        ),
        *(("扣分事件", i, i.effective_on, "已触发" + _marked(i.points)) for i in around.incidents),
        *((MARKS[m.kind], m, m.effective_on, _given(m)) for m in around.marks),
    ]
    reasons = {w.entry_id: "填错" for w in world.withdrawals}
    reasons |= {entry.supersedes_id: "填错" for _, entry, _, _ in entries}
    counting = {n.plan_id for t in world.tasks for n in twin.standing_plan(world, t)}
    for node in world.plans:
        if node.plan_id not in counting:
            reasons.setdefault(node.plan_id, "导入的另一版另有计划节点")
    rows = []
    for what, entry, day, said in entries:
        about = requests[entry.extension_id] if what == "延期审批" else entry
        if about.task_id != task_id or (day > case.as_of and what != "计划节点"):
            continue
        own_id = next(iter(vars(entry).values()))
        # Not every kind of fact names a unit.
        unit_id = getattr(entry, "unit_id", None)
        rows.append(
            {
                "effective_on": day,
                "what": what,
                "unit": case.unit_name(unit_id),
                "said": said,
                "narrative": entry.reason
                if entry in around.marks
                else getattr(entry, "narrative", ""),
                "recorded_by": "测试",
                "recorded_at": entry.recorded_at,
                "kind": KIND_OF[what],
                "entry_id": own_id,
                "corrected": own_id in reasons,
                "correction_reason": reasons.get(own_id),
                "after_closing": what in ("填报", "频次记录")
                and was_closed(world, case.ledger, day, entry.entry_number),
            }
        )
    return rows


def was_closed(world: World, ledger: Ledger, day: date, number: int) -> bool:
    """Whether the report month of a day was closed before the entry of a number."""
    said = [
        lock
        for lock in world.locks
        if (lock.ledger_id, lock.month) == (ledger.ledger_id, day.replace(day=1))
        and lock.entry_number < number
    ]
    return bool(said) and max(said, key=twin.entered).outcome == "closed"


def _reported(report: Any) -> str:
    if report.percent is None:
        return STATES[report.state]
    return f"{STATES[report.state]}，进度 {floor(report.percent + 0.5)}%"


def _decided(decision: Any, request: Any) -> str:
    return f"同意延至 {request.new_due_on}" if decision.outcome == "approved" else "不同意延期"


def _given(mark: Any) -> str:
    return f"第 {int(mark.value)} 名" if mark.kind == "rank" else f"{float(mark.value):g} 分"


def _marked(points: float | None) -> str:
    return "" if points is None else f"，{float(points):g} 分"


def task_windows(case: Case, task_id: UUID) -> list[Row]:
    task = case.task(task_id)
    if task is None:
        return []
    return [
        {
            "period": window.period,
            "phrase": "",
            "min_count": window.min_count,
            "window_start": window.start,
            "window_end": window.end,
            "times": window.times,
            "state": window.state,
            "excuse": "疫情"
            if twin.is_excused(case.world, task, window.period, window.start)
            else None,
        }
        for window in twin.windows(case.world, case.ledger, task, case.as_of)
    ]


def unit_windows(case: Case, unit: str) -> list[Row]:
    own = [j for j in case.judged(case.as_of) if j.task.ledger_id == case.ledger.ledger_id]
    duties = twin.duties(case.world, case.ledger, own, case.as_of, expanded=True)
    tasks = {
        d.judgement.task.task_id: d.judgement.task
        for d in duties
        if case.unit_name(d.unit_id) == unit and d.judgement.task.kind == "base"
    }
    return [
        {
            "number": task.number,
            "task_id": task.task_id,
            "task": case.around.text(task),
            "period": window.period,
            "min_count": window.min_count,
            "window_start": window.start,
            "window_end": window.end,
            "times": window.times,
            "state": window.state,
        }
        for task in tasks.values()
        for window in twin.windows(case.world, case.ledger, task, case.as_of)
    ]


def task_evidence(case: Case, task_id: UUID) -> list[Row]:
    return [
        {
            "evidence_id": e.evidence_id,
            "title": e.title,
            "document_number": "",
            "link": "",
            "file_name": "",
            "file_sha256": "",
            "effective_on": e.effective_on,
            "unit": case.unit_name(e.unit_id),
            "recorded_by": "测试",
            "recorded_at": e.recorded_at,
        }
        for e in proof(case, task_id)
    ]


# 台账和原文


def indicators(case: Case) -> list[Row]:
    own = [j for j in case.judged(case.as_of) if j.task.ledger_id == case.ledger.ledger_id]
    return [
        {"level1": level1, "short_name": case.around.short_name(level1), "tasks": len(group)}
        for level1, group in grouped(own, lambda j: j.task.level1).items()
    ]


def theme_indicators(case: Case) -> list[Row]:
    themes = case.around.themes
    order = list(dict.fromkeys(theme for theme, _ in themes.values()))
    base = sorted(case.base(), key=lambda j: j.task.number)
    counts = grouped(base, lambda j: case.around.themed_by(j.task))
    # Those the ledger has come before those it has not, in its order.
    by_place = [*(i for i in counts if i), *sorted(i for i in themes if i not in counts)]
    listed = [
        {
            "indicator": i,
            "theme": themes[i][0],
            "source": themes[i][1],
            "tasks": len(counts.get(i, [])),
        }
        for i in sorted(by_place, key=lambda i: order.index(themes[i][0]))
    ]
    unlisted = grouped(counts.get(None, []), lambda j: j.task.level1)
    return listed + [
        {"indicator": level1, "theme": "未归入主题", "source": None, "tasks": len(group)}
        for level1, group in unlisted.items()
    ]


def withdrawn(case: Case) -> set[UUID]:
    """The ids of what was taken back by an entry of its own."""
    return {withdrawal.entry_id for withdrawal in case.recorded.withdrawals}


def none_in_a_world(_case: Case, **_values: Any) -> list[Row]:
    """The answer to what worlds have none of; the tests of withdrawing ask it by hand."""
    return []


def tasks_of_unit(case: Case, unit_id: UUID) -> list[Row]:
    (ledger,) = [v for v in case.recorded.ledgers if v.ledger_id == case.scope.ledger_id]
    return [
        {
            "task_id": task.task_id,
            "number": task.number,
            "registered": tuple(
                case.unit_name(a.unit_id)
                for a in sorted(twin.assigned(case.known, task), key=lambda a: a.position)
            ),
        }
        for task in sorted(
            twin.tasks_in_force(case.known, ledger, case.as_of), key=lambda task: task.number
        )
        if unit_id in {a.unit_id for a in twin.assigned(case.known, task)}
    ]


def ledgers(case: Case) -> list[Row]:
    rows = []
    for ledger in case.recorded.ledgers:
        newest = [
            e
            for e in case.recorded.editions
            if e.ledger_id == ledger.ledger_id and e.edition_id not in withdrawn(case)
        ][-1]
        tasks = [t for t in case.recorded.tasks if t.edition_id == newest.edition_id]
        rows.append(
            {
                "ledger_id": ledger.ledger_id,
                "region": ledger.region,
                "year": ledger.year,
                "started_on": twin.started_on(case.recorded, ledger),
                "ended_on": ledger.ended_on,
                "edition_number": newest.edition_number,
                "tasks": len(tasks),
                "base_tasks": sum(task.kind == "base" for task in tasks),
                "has_progress": twin.ledger_has_progress(case.recorded, ledger, date.max),
                "red_overdue_only": twin.terms(case.recorded, ledger, "red_overdue_only", "否")
                == "是",
                **{
                    name: float(twin.terms(case.recorded, ledger, *term))
                    for name, term in TERMS.items()
                },
            }
        )
    return rows


def editions(case: Case) -> list[Row]:
    rows = []
    for edition in case.recorded.editions:
        (ledger,) = [v for v in case.recorded.ledgers if v.ledger_id == edition.ledger_id]

        def count_of(facts: Iterable[Any], edition_id: UUID = edition.edition_id) -> int:
            return sum(fact.edition_id == edition_id for fact in facts)

        rows.append(
            {
                "ledger_id": ledger.ledger_id,
                "region": ledger.region,
                "year": ledger.year,
                "edition_id": edition.edition_id,
                "withdrawn_why": "填错" if edition.edition_id in withdrawn(case) else None,
                "edition_number": edition.edition_number,
                "effective_on": edition.effective_on,
                "recorded_by": "测试",
                "tasks": count_of(case.recorded.tasks),
                "issues": count_of(case.recorded_around.issues),
                "corrections": count_of(case.recorded_around.corrections),
            }
        )
    return rows


def edition_tasks(case: Case, edition_id: UUID, row_limit: int) -> list[Row]:
    rows = [
        {
            "number": task.number,
            "level1": task.level1,
            "level2": case.recorded_around.level2(task),
            "task": case.recorded_around.text(task),
            "kind": task.kind,
            "due_on": task.due_on,
            "task_id": task.task_id,
        }
        for task in case.recorded.tasks
        if task.edition_id == edition_id
    ]
    return listed_first(rows, lambda row: row["number"], row_limit)


def listed_first(rows: list[Row], order: Callable[[Row], Any], row_limit: int) -> list[Row]:
    """The first rows in this order, each with how many there are in all."""
    return [row | {"matching": len(rows)} for row in sorted(rows, key=order)[:row_limit]]


def corrections(case: Case, edition_id: UUID) -> list[Row]:
    number_of = {(t.edition_id, t.task_id): t.number for t in case.recorded.tasks}
    return [
        {
            "number": number_of[correction.edition_id, correction.task_id],
            "field": correction.field,
            "before": correction.before,
            "after": correction.after,
            "recorded_by": "测试",
            "recorded_at": correction.recorded_at,
        }
        for correction in case.recorded_around.corrections
        if correction.edition_id == edition_id
    ]


def open_extensions(case: Case, task_id: UUID) -> list[Row]:
    decided = {
        d.extension_id
        for d in twin.standing(case.known, case.known.decisions, "decision_id")
        if d.effective_on <= case.as_of
    }
    return [
        {
            "extension_id": e.extension_id,
            "requested_on": e.requested_on,
            "new_due_on": e.new_due_on,
        }
        for e in twin.standing(case.known, case.known.extensions, "extension_id")
        if e.task_id == task_id and e.requested_on <= case.as_of and e.extension_id not in decided
    ]


def source_rows(case: Case, task_id: UUID) -> list[Row]:
    in_force = (twin.edition_in_force(case.world, own, case.as_of) for own in case.world.ledgers)
    editions = {edition.edition_id for edition in in_force}
    (task,) = [t for t in case.world.tasks if t.task_id == task_id and t.edition_id in editions]
    table = sorted(
        (
            row
            for row in case.around.source_rows
            if row.edition_id == task.edition_id and row.source_table == ""
        ),
        key=lambda row: row.source_row,
    )
    until = [row for row in table if row.source_row <= case.around.place(task)]
    if not until:
        return []
    here = len(until) - 1
    return [
        {
            "source_row": row.source_row,
            "reading": row.reading,
            "is_here": place == here,
        }
        for place, row in enumerate(table)
        if abs(place - here) <= 2
    ]


def reading(case: Case) -> list[Row]:
    edition = twin.edition_in_force(case.world, case.ledger, case.as_of)
    own = [row for row in case.around.source_rows if row.edition_id == edition.edition_id]
    return [
        {"reading": word, "source_rows": len(rows), "tasks": sum(row.tasks for row in rows)}
        for word, rows in grouped(own, lambda row: row.reading).items()
    ]


def reading_issues(case: Case) -> list[Row]:
    edition = twin.edition_in_force(case.world, case.ledger, case.as_of)
    return [
        {
            "source_table": issue.source_table,
            "source_row": issue.source_row,
            "source_column": None,
            "message": issue.message,
        }
        for issue in case.around.issues
        if issue.edition_id == edition.edition_id
    ]
