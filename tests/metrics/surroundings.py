"""Facts that no judgement rests on but an answer shows: wordings, classes, claims, evidence, source
rows, and what only a score rests on.

Owns those facts, random ones among them, and their way into a warehouse beside a `World`. Knows no
question.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from tests.metrics.score_facts import Effort, Mark, Scheme, SchemeItem, SchemeTier, scheme
from tests.warehouse.world import (
    Edition,
    Ledger,
    Task,
    Unit,
    World,
    restart,
    withdraw_corrected,
)
from warehouse import Warehouse
from warehouse.writing import PLACES_OF_ACTION

CLASSES = ("厅机关处室", "厅属单位", "地方交通部门", "集体", "未归类")
TEXTS = ("印发通知。", "定期开展检查。", "及时公开，适时更新。", "定期研究，定期通报。")
HANDLING_STATES = ("not_started", "in_progress", "done", "dropped")
QUARTER_ENDS = (date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30))
READINGS = ("title", "header", "task", "task", "note", "blank")


@dataclass(frozen=True)
class Claim:
    claim_id: UUID
    task_id: UUID
    unit_id: UUID | None
    state: str
    points: float | None
    narrative: str
    effective_on: date
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None
    answers_id: UUID | None = None


@dataclass(frozen=True)
class Incident:
    incident_id: UUID
    task_id: UUID
    unit_id: UUID | None
    points: float | None
    narrative: str
    effective_on: date
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Evidence:
    evidence_id: UUID
    task_id: UUID
    unit_id: UUID | None
    title: str
    effective_on: date | None
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class SourceRow:
    edition_id: UUID
    source_table: str
    source_row: int
    reading: str
    text: str
    tasks: int


@dataclass(frozen=True)
class ReadingIssue:
    edition_id: UUID
    source_table: str
    source_row: int
    message: str


@dataclass(frozen=True)
class Correction:
    edition_id: UUID
    task_id: UUID
    field: str
    before: str
    after: str
    recorded_at: datetime


@dataclass(frozen=True)
class SavedView:
    view_id: UUID
    ledger_id: UUID
    name: str
    content: str
    sentence: str
    recorded_at: datetime


@dataclass(frozen=True)
class DefaultView:
    default_id: UUID
    ledger_id: UUID
    unit_id: UUID
    view_id: UUID | None
    entry_number: int
    recorded_at: datetime


@dataclass(frozen=True)
class Change:
    """A line of the audit trail, as it is stored."""

    change_id: UUID
    data_version: int
    recorded_at: datetime
    recorded_by: str
    action: str
    subject_kind: str
    subject_id: UUID | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Meeting:
    meeting_id: UUID
    ledger_id: UUID
    quarter_ended_on: date
    held_on: date
    recorded_at: datetime


@dataclass(frozen=True)
class Resolution:
    """What a meeting decided; `Decision` is one on an extension."""

    decision_id: UUID
    meeting_id: UUID
    text: str
    unit_id: UUID | None
    due_on: date | None
    task_id: UUID | None
    recorded_at: datetime


@dataclass(frozen=True)
class Handling:
    """How a resolution stood on a day."""

    decision_progress_id: UUID
    decision_id: UUID
    state: str
    narrative: str
    effective_on: date
    entry_number: int
    recorded_at: datetime


_TABLES = {
    "meetings": "meeting",
    "resolutions": "decision",
    "handlings": "decision_progress",
    "claims": "claim",
    "incidents": "incident",
    "evidence": "evidence",
    "source_rows": "source_row",
    "issues": "reading_issue",
    "corrections": "correction",
    "changes": "change",
    "schemes": "scheme",
    "items": "scheme_item",
    "tiers": "scheme_tier",
    "marks": "mark",
    "efforts": "effort",
    "views": "saved_view",
    "defaults": "default_view",
}
_UNSTATED = {
    "meeting": {"recorded_by": "测试"},
    "decision": {"recorded_by": "测试"},
    "decision_progress": {"recorded_by": "测试"},
    "claim": {"recorded_by": "测试"},
    "incident": {"recorded_by": "测试"},
    "evidence": {
        "recorded_by": "测试",
        "document_number": "",
        "link": "",
        "file_name": "",
        "file_sha256": "",
    },
    "source_row": {"cells": ["甲", "乙"]},
    "reading_issue": {"source_column": None},
    "correction": {"recorded_by": "测试"},
    "change": {},
    "scheme": {"recorded_by": "测试"},
    "scheme_item": {},
    "scheme_tier": {},
    "mark": {"recorded_by": "测试"},
    "effort": {"recorded_by": "测试"},
    "saved_view": {"recorded_by": "测试"},
    "default_view": {"recorded_by": "测试"},
}


@dataclass
class Surroundings:
    """Facts by kind; the methods add one with everything unsaid filled in, and return it."""

    level2s: dict[UUID, str] = field(default_factory=dict)
    """By task, as are `texts` and `places`; a task not named here has the plain one of a `World`."""
    texts: dict[UUID, str] = field(default_factory=dict)
    places: dict[UUID, int] = field(default_factory=dict)
    """The row of the issued file in which the task begins."""
    classes: dict[UUID, str] = field(default_factory=dict)
    """By unit."""
    short_names: dict[str, str] = field(default_factory=dict)
    themes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Indicator of either level → (theme, source), as in the reference file."""
    claims: list[Claim] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    source_rows: list[SourceRow] = field(default_factory=list)
    issues: list[ReadingIssue] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    schemes: list[Scheme] = field(default_factory=list)
    items: list[SchemeItem] = field(default_factory=list)
    tiers: list[SchemeTier] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    efforts: list[Effort] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    handlings: list[Handling] = field(default_factory=list)
    views: list[SavedView] = field(default_factory=list)
    defaults: list[DefaultView] = field(default_factory=list)

    def level2(self, task: Task) -> str:
        return self.level2s.get(task.task_id, "")

    def text(self, task: Task) -> str:
        return self.texts.get(task.task_id, "任务")

    def place(self, task: Task) -> int:
        return self.places.get(task.task_id, 1)

    def unit_class(self, unit_id: UUID) -> str:
        return self.classes.get(unit_id, "未归类")

    def short_name(self, level1: str) -> str:
        return self.short_names.get(level1, level1)

    def themed_by(self, task: Task) -> str | None:
        """The indicator by which a task has its theme."""
        return next((i for i in (self.level2(task), task.level1) if i in self.themes), None)

    def theme(self, task: Task) -> str:
        indicator = self.themed_by(task)
        return self.themes[indicator][0] if indicator else "未归入主题"

    def claim(
        self,
        task: Task,
        state: str,
        effective_on: date,
        *,
        points: float | None = None,
        narrative: str = "",
        corrects: Claim | None = None,
        answers: Claim | None = None,
    ) -> Claim:
        """A bonus item was claimed, or recognised in answer to a claim or without one."""
        added = Claim(
            self._id(),
            task.task_id,
            None,
            state,
            points,
            narrative,
            effective_on,
            self._count() + 1,
            self._instant(),
            corrects.claim_id if corrects else None,
            answers.claim_id if answers else None,
        )
        self.claims.append(added)
        return added

    def incident(
        self,
        task: Task,
        effective_on: date,
        *,
        points: float | None = None,
        narrative: str = "",
        corrects: Incident | None = None,
    ) -> Incident:
        """A penalty item happened."""
        added = Incident(
            self._id(),
            task.task_id,
            None,
            points,
            narrative,
            effective_on,
            self._count() + 1,
            self._instant(),
            corrects.incident_id if corrects else None,
        )
        self.incidents.append(added)
        return added

    def prove(
        self,
        task: Task,
        effective_on: date | None,
        *,
        unit: Unit | None = None,
        recorded_on: date = date(2020, 1, 1),
        corrects: Evidence | None = None,
    ) -> Evidence:
        """Evidence was filed; without a day of its own it counts from the day it was entered."""
        number = len(self.evidence) + 1
        added = Evidence(
            self._id(),
            task.task_id,
            unit.unit_id if unit else None,
            f"材料 {number}",
            effective_on,
            datetime(recorded_on.year, recorded_on.month, recorded_on.day, 8, number),
            corrects.evidence_id if corrects else None,
        )
        self.evidence.append(added)
        return added

    def issued(
        self, edition: Edition, rows: Sequence[tuple[int, str, int]], table: str = ""
    ) -> None:
        """Rows of the issued file: number, how it was read, tasks found in it."""
        self.source_rows += [
            SourceRow(edition.edition_id, table, number, reading, f"{table}第{number}行", tasks)
            for number, reading, tasks in rows
        ]

    def correct(self, task: Task, field: str, before: str, after: str) -> None:
        """Somebody corrected how the task was read from its edition."""
        self.corrections.append(
            Correction(task.edition_id, task.task_id, field, before, after, datetime(2020, 1, 1))
        )

    def scheme(
        self,
        ledger: Ledger,
        *,
        edition_id: UUID,
        assessed_on: date = date(2020, 12, 31),
        evidence_from: date = date(2020, 1, 1),
        absent_rule: str = "rescale",
        bonus_cap: Decimal | None = None,
    ) -> Scheme:
        """The next version of a ledger's 评分方案; it holds no item yet."""
        version = 1 + sum(each.ledger_id == ledger.ledger_id for each in self.schemes)
        added = Scheme(
            self._id(),
            ledger.ledger_id,
            edition_id,
            version,
            f"第{version}版",
            assessed_on,
            evidence_from,
            absent_rule,
            bonus_cap,
            self._instant(),
        )
        self.schemes.append(added)
        return added

    def item(
        self,
        scheme: Scheme,
        task: Task,
        points: Decimal | int | None,
        rule: str,
        measure: str = "",
        *,
        step: Decimal | int | None = None,
        floor: Decimal | int = 0,
        evidence_required: bool = False,
        tiers: Sequence[tuple[Decimal | int, Decimal | int | None, Decimal | int]] = (),
    ) -> SchemeItem:
        """What a task is worth in a scheme; a tier is where it begins and ends, and its points."""

        def amount(value: Decimal | int | None) -> Decimal | None:
            return None if value is None else Decimal(value)

        added = SchemeItem(
            scheme.scheme_id,
            task.task_id,
            amount(points),
            rule,
            measure,
            amount(step),
            Decimal(floor),
            evidence_required,
            f"评分标准{task.number}",
            f"佐证{task.number}",
        )
        self.items.append(added)
        self.tiers += [
            SchemeTier(scheme.scheme_id, task.task_id, *(amount(value) for value in tier))
            for tier in tiers
        ]
        return added

    def mark(
        self,
        task: Task,
        kind: str,
        value: Decimal | int,
        effective_on: date,
        *,
        of_points: Decimal | int | None = None,
        corrects: Mark | None = None,
    ) -> Mark:
        """Points by hand or by the reviewers, out of `of_points`; or a place."""
        added = Mark(
            self._id(),
            task.task_id,
            kind,
            Decimal(value),
            None if of_points is None else Decimal(of_points),
            f"理由{len(self.marks)}",
            effective_on,
            self._count(),
            self._instant(),
            corrects.mark_id if corrects else None,
        )
        self.marks.append(added)
        return added

    def estimate(self, task: Task, effort: Decimal) -> Effort:
        """How much work one more step of a task takes."""
        added = Effort(self._id(), task.task_id, effort, self._count(), self._instant())
        self.efforts.append(added)
        return added

    def _id(self) -> UUID:
        # Apart from the ids of a world, which count from 1.
        return UUID(int=2**64 + self._count())

    def _instant(self) -> datetime:
        return datetime(2020, 1, 1, 12) + timedelta(minutes=self._count())

    def _count(self) -> int:
        scored = len(self.schemes) + len(self.marks) + len(self.efforts)
        return len(self.claims) + len(self.incidents) + len(self.evidence) + scored


def settle(warehouse: Warehouse, world: World, around: Surroundings) -> None:
    """Let the warehouse hold this world and its surroundings, and nothing else."""
    restart(warehouse, world)
    with warehouse.writing("测试") as writer:
        cursor = writer.cursor
        cursor.execute("delete from change")
        for task in {task.task_id: task for task in world.tasks}.values():
            cursor.execute(
                "update task set level2 = ?, task = ?, source_row = ? where task_id = ?",
                [around.level2(task), around.text(task), around.place(task), task.task_id],
            )
        for unit_id, unit_class in around.classes.items():
            cursor.execute("update unit set class = ? where unit_id = ?", [unit_class, unit_id])
        for name, table in _TABLES.items():
            writer.append(table, [_UNSTATED[table] | asdict(row) for row in getattr(around, name)])
            withdraw_corrected(writer, getattr(around, name))
        writer.append(
            "short_name",
            [
                {"full_name": full, "short_name": short}
                for full, short in around.short_names.items()
            ],
        )
        order = list(dict.fromkeys(theme for theme, _ in around.themes.values()))
        writer.append(
            "indicator_theme",
            [
                {
                    "indicator": indicator,
                    "theme": theme,
                    "source": source,
                    "theme_order": order.index(theme) + 1,
                }
                for indicator, (theme, source) in around.themes.items()
            ],
        )
        writer.record("测试", "surroundings", None)


@st.composite
def surroundings(draw: st.DrawFn, world: World, day: date) -> Surroundings:
    """Something of everything about a few tasks, in the weeks around `day`."""
    around = Surroundings(short_names={"加强事中信用评价": "事中评价"})
    if draw(st.booleans()):
        # A 二级指标 of a theme of its own, and an indicator that no ledger has; the rest has none.
        around.themes = {
            "加强事中信用评价": ("信用评价", "某文"),
            "没有这个指标": ("诚信文化", "某文"),
            "应用结果": ("结果应用", "另文"),
            "加分项": ("信用评价", "某文"),
        }
    days = st.integers(-40, 20).map(lambda away: day + timedelta(days=away))
    points = st.sampled_from([None, 0.5, 1, 2])
    words = st.sampled_from(["", "材料已报送。", "已获推广。"])
    for unit in world.units:
        around.classes[unit.unit_id] = draw(st.sampled_from(CLASSES))
    for task in {task.task_id: task for task in world.tasks}.values():
        around.level2s[task.task_id] = draw(st.sampled_from(["", "开展评价", "应用结果"]))
        around.texts[task.task_id] = draw(st.sampled_from(TEXTS))
        around.places[task.task_id] = draw(st.integers(1, 9))
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
            around.prove(
                task,
                draw(st.none() | days),
                unit=draw(st.none() | st.sampled_from(world.units)),
                recorded_on=draw(days),
                corrects=_one_in_five(draw, around.evidence),
            )
        # Incidents may also take points from a task that begins with full marks.
        happenings = st.sampled_from([0, 0, 1, 2]) if task.kind == "base" else st.integers(0, 3)
        for _ in range(draw(happenings)):
            if task.kind == "bonus":
                state = draw(st.sampled_from(["claimed", "recognised"]))
                open_claims = [
                    claim
                    for claim in around.claims
                    if claim.task_id == task.task_id and claim.state == "claimed"
                ]
                answers = draw(st.none() | st.sampled_from(open_claims)) if open_claims else None
                around.claim(
                    task,
                    state,
                    draw(days),
                    points=draw(points),
                    narrative=draw(words),
                    corrects=_one_in_five(draw, around.claims),
                    answers=answers if state == "recognised" else None,
                )
            else:
                around.incident(
                    task,
                    draw(days),
                    points=draw(points),
                    narrative=draw(words),
                    corrects=_one_in_five(draw, around.incidents),
                )
    for task in world.tasks:
        for name in draw(st.sampled_from([(), (), ("level1",), ("level1", "task")])):
            around.correct(task, name, "原读法", "更正")
    for edition in world.editions:
        for table in ("", "表2"):
            numbers = sorted(draw(st.sets(st.integers(1, 12), max_size=9)))
            rows = [(n, draw(st.sampled_from(READINGS)), draw(st.integers(0, 2))) for n in numbers]
            around.issued(edition, rows, table)
            around.issues += [
                ReadingIssue(edition.edition_id, table, n, "读法存疑") for n in numbers[::3]
            ]
    around.changes = draw(trail(world))
    for _ in range(draw(st.integers(1, 2))):
        draw(scheme(world, around, world.ledgers[0], day))
    draw_meetings(draw, around, world, day)
    ledger_ids = [ledger.ledger_id for ledger in world.ledgers]
    for number, name in enumerate(draw(st.sets(st.sampled_from(["红灯", "本月", "无佐证"])))):
        around.views.append(
            SavedView(
                UUID(int=2**66 + number),
                draw(st.sampled_from(ledger_ids)),
                name,
                '{"f_lamp":["红灯"]}',
                f"预警灯为{name}",
                datetime(2020, 1, 1, 12, number),
            )
        )
    view_ids = [None, *(view.view_id for view in around.views)]
    for number in range(draw(st.integers(0, 4))):
        around.defaults.append(
            DefaultView(
                UUID(int=2**67 + number),
                draw(st.sampled_from(ledger_ids)),
                draw(st.sampled_from(world.units)).unit_id,
                draw(st.sampled_from(view_ids)),
                number,
                # Entered by a clock that runs backwards.
                datetime(2020, 1, 2, 12, 59 - number),
            )
        )
    return around


def draw_meetings(draw: st.DrawFn, around: Surroundings, world: World, day: date) -> None:
    """A meeting about each of some quarters, what it decided, and how that went."""
    tasks = st.sampled_from([task.task_id for task in world.tasks])
    units = st.sampled_from([unit.unit_id for unit in world.units])
    number = 2**66
    for ended_on in draw(st.sets(st.sampled_from(QUARTER_ENDS), max_size=3)):
        held_on = ended_on + timedelta(days=draw(st.integers(0, 20)))
        instant = datetime(held_on.year, held_on.month, held_on.day, 9)
        number += 1
        meeting = Meeting(UUID(int=number), world.ledgers[0].ledger_id, ended_on, held_on, instant)
        around.meetings.append(meeting)
        for position in range(draw(st.integers(0, 3))):
            number += 1
            decided = Resolution(
                UUID(int=number),
                meeting.meeting_id,
                f"第 {position} 件",
                draw(st.none() | units),
                draw(st.none() | st.integers(-40, 60).map(lambda n: day + timedelta(days=n))),
                draw(st.none() | tasks),
                instant + timedelta(minutes=position),
            )
            around.resolutions.append(decided)
            for _ in range(draw(st.integers(0, 2))):
                number += 1
                told_on = held_on + timedelta(days=draw(st.integers(0, 90)))
                around.handlings.append(
                    Handling(
                        UUID(int=number),
                        decided.decision_id,
                        draw(st.sampled_from(HANDLING_STATES)),
                        draw(st.sampled_from(["", "已布置。"])),
                        told_on,
                        number - 2**66,
                        # Entered by a clock that runs backwards.
                        datetime(told_on.year, told_on.month, told_on.day, 10)
                        - timedelta(seconds=number - 2**66),
                    )
                )


AUTHORS = ("张三", "李四")
LAST = 10_000
"""A data version after all entries of a world."""


@st.composite
def trail(draw: st.DrawFn, world: World) -> list[Change]:
    """Lines of the audit trail about entries of the world, and about other things."""
    kinds = {
        "report": (world.reports, "填报进展"),
        "occurrence": (world.occurrences, "记录频次完成"),
        "verification": (world.verifications, "销号"),
        "extension": (world.extensions, "申请延期"),
        "extension_decision": (world.decisions, "同意延期"),
    }
    listed = []
    for kind, (entries, action) in kinds.items():
        for entry in entries:
            if draw(st.booleans()):
                continue
            own_id = next(iter(vars(entry).values()))
            after = asdict(entry) | {"reason": draw(st.sampled_from(["", "材料齐备"]))}
            entered = (entry.recorded_at, kind, own_id)
            version = getattr(entry, "entry_number", 0) // PLACES_OF_ACTION
            listed.append((version, *entered, action, None, after))
            if draw(st.integers(0, 3)) == 3:
                later = draw(st.dates(date(2020, 1, 2), date(2020, 12, 31)))
                taken_back = (datetime(later.year, later.month, later.day, 9), kind, own_id)
                listed.append((LAST, *taken_back, "撤销", asdict(entry), {"reason": "填错"}))
    for lock in world.locks:
        row = {"month": lock.month, "outcome": lock.outcome, "reason": "到期"}
        version = lock.entry_number // PLACES_OF_ACTION
        listed.append(
            (version, lock.recorded_at, "ledger", lock.ledger_id, "锁定报送月", None, row)
        )
    for excuse in world.excuses:
        row = {"period": excuse.period, "outcome": excuse.outcome, "reason": "疫情"}
        version = excuse.entry_number // PLACES_OF_ACTION
        listed.append(
            (version, excuse.recorded_at, "task", excuse.task_id, "免除一期频次", None, row)
        )
    for ledger in world.ledgers:
        unit_id = draw(st.sampled_from(world.units)).unit_id
        row = {"ledger_id": ledger.ledger_id, "unit_id": unit_id, "file_name": "七月.xlsx"}
        handed_in = (datetime(2020, 8, 3), "submission", unit_id)
        listed.append((LAST, *handed_in, "收回填报表", None, row))
    members = {"members": [[member.member_id, "名单"] for member in world.memberships]}
    listed.append(
        (LAST, datetime(2020, 2, 1), "reference", None, "更新口径", {"members": []}, members)
    )
    return [
        Change(
            UUID(int=2**65 + number),
            version,
            recorded_at,
            draw(st.sampled_from(AUTHORS)),
            action,
            kind,
            subject_id,
            None if before is None else json.dumps(before, ensure_ascii=False, default=str),
            json.dumps(after, ensure_ascii=False, default=str),
        )
        for number, (version, recorded_at, kind, subject_id, action, before, after) in enumerate(
            listed
        )
    ]


def _one_in_five(draw: st.DrawFn, rows: list) -> object | None:
    if rows and draw(st.integers(0, 4)) == 4:
        return draw(st.sampled_from(rows))
    return None
