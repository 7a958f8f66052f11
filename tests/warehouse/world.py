"""A world is the recorded facts a figure is judged on, and nothing that follows from them.

Owns the facts as plain dataclasses, a way to write them down in a test with only what matters, and
their way into and out of a warehouse. Knows no rule: the rules are in twin.py, and in the SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from warehouse import Warehouse
from warehouse.writing import PLACES_OF_ACTION, Writer


@dataclass(frozen=True)
class Ledger:
    ledger_id: UUID
    region: str
    year: int
    started_on: date
    ended_on: date


@dataclass(frozen=True)
class Edition:
    edition_id: UUID
    ledger_id: UUID
    edition_number: int
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True)
class Unit:
    unit_id: UUID
    region: str
    name: str


@dataclass(frozen=True)
class Membership:
    collective_id: UUID
    member_id: UUID


@dataclass(frozen=True)
class Task:
    edition_id: UUID
    task_id: UUID
    ledger_id: UUID
    number: int
    level1: str
    kind: str
    deadline_kind: str
    due_on: date | None
    points: float | None


@dataclass(frozen=True)
class Assignment:
    edition_id: UUID
    task_id: UUID
    unit_id: UUID
    role: str
    position: int


@dataclass(frozen=True)
class Cadence:
    edition_id: UUID
    task_id: UUID
    period: str
    min_count: int


@dataclass(frozen=True)
class Occurrence:
    occurrence_id: UUID
    task_id: UUID
    unit_id: UUID | None
    period: str | None
    occurred_on: date
    times: int
    another_occasion: bool
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Report:
    report_id: UUID
    task_id: UUID
    unit_id: UUID | None
    state: str
    percent: float | None
    effective_on: date
    day_known: bool
    source: str
    """entry, or column: of an imported table, on the whole task."""
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Plan:
    """A node of a plan: the percent to be reached by a day."""

    plan_id: UUID
    task_id: UUID
    planned_on: date
    percent: float
    source: str
    """entry, or column: of the ledger's own column of plans."""
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Verification:
    verification_id: UUID
    task_id: UUID
    unit_id: UUID | None
    outcome: str
    effective_on: date
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Extension:
    extension_id: UUID
    task_id: UUID
    requested_on: date
    new_due_on: date
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Decision:
    decision_id: UUID
    extension_id: UUID
    outcome: str
    effective_on: date
    entry_number: int
    recorded_at: datetime
    supersedes_id: UUID | None


@dataclass(frozen=True)
class Setting:
    ledger_id: UUID | None
    key: str
    value: str
    entry_number: int
    recorded_at: datetime


@dataclass(frozen=True)
class Withdrawal:
    """An entry of any kind counts no longer. A correction is one too, without being listed here."""

    entry_id: UUID
    recorded_at: datetime


@dataclass(frozen=True)
class Excuse:
    task_id: UUID
    period: str
    window_start: date
    outcome: str
    entry_number: int
    recorded_at: datetime


@dataclass(frozen=True)
class Lock:
    ledger_id: UUID
    month: date
    outcome: str
    entry_number: int
    recorded_at: datetime


TABLES = {
    "ledgers": ("ledger", Ledger),
    "editions": ("edition", Edition),
    "units": ("unit", Unit),
    "memberships": ("unit_member", Membership),
    "tasks": ("task", Task),
    "assignments": ("assignment", Assignment),
    "cadences": ("cadence", Cadence),
    "occurrences": ("occurrence", Occurrence),
    "reports": ("report", Report),
    "plans": ("plan", Plan),
    "verifications": ("verification", Verification),
    "extensions": ("extension", Extension),
    "decisions": ("extension_decision", Decision),
    "settings": ("setting", Setting),
    "withdrawals": ("withdrawal", Withdrawal),
    "excuses": ("excused_window", Excuse),
    "locks": ("month_lock", Lock),
}
"""List of a world → its table in the warehouse and its kind of fact."""

# Also those no world speaks of (a scheme, a mark): another test may have filled them. The trail of
# changes stays, because the version of the data must not fall.
_FACT_TABLES = """
    select table_name from duckdb_tables()
    where database_name = current_database() and table_name not in ('change', 'schema_version')
"""

_SIGNED = {"recorded_at": datetime(2020, 1, 1), "recorded_by": "测试"}
# Columns that no figure depends on; every column of a fact itself goes before these.
_UNSTATED = {
    "ledger": _SIGNED | {"title": "台账"},
    "edition": _SIGNED | {"file_name": "台账.docx", "sha256": "0"},
    "unit": {"class": "未归类"},
    "unit_member": {"source": "测试"},
    "task": {
        "printed_number": "",
        "level2": "",
        "task": "任务",
        "responsible_text": "",
        "responsible_inherited": False,
        "deadline_text": "",
        "deadline_inherited": False,
        "quantities": [],
        "note": "",
        "source_table": "",
        "source_row": 1,
        "source_column": None,
    },
    "assignment": {"scope": ""},
    "cadence": {"phrase": ""},
    "occurrence": _SIGNED | {"narrative": ""},
    "report": _SIGNED | {"narrative": ""},
    "plan": _SIGNED,
    "verification": _SIGNED | {"reason": ""},
    "extension": _SIGNED | {"reason": ""},
    "extension_decision": _SIGNED | {"reason": ""},
    "setting": _SIGNED,
    "withdrawal": _SIGNED
    | {"withdrawal_id": UUID(int=0), "entry_kind": "report", "reason": "填错"},
    "excused_window": _SIGNED | {"excuse_id": UUID(int=0), "reason": "疫情"},
    "month_lock": _SIGNED | {"lock_id": UUID(int=0), "reason": ""},
}


@dataclass
class World:
    """Facts by kind. The methods add a fact with everything unsaid filled in, and return it.

    Whatever is added later was entered later, unless `entry_number` says otherwise, and a minute
    later by the clock, unless `recorded_at` says otherwise.
    """

    ledgers: list[Ledger] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    cadences: list[Cadence] = field(default_factory=list)
    occurrences: list[Occurrence] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    excuses: list[Excuse] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)

    def ledger(self, year: int = 2020) -> Ledger:
        """A ledger of one calendar year with its first edition, in force from its first day."""
        added = Ledger(self._id(), "宁夏", year, date(year, 1, 1), date(year, 12, 31))
        self.ledgers.append(added)
        self.edition(added, added.started_on)
        return added

    def edition(
        self, ledger: Ledger, effective_on: date, *, recorded_at: datetime | None = None
    ) -> Edition:
        """The next edition of a ledger; it holds no task yet."""
        number = 1 + sum(e.ledger_id == ledger.ledger_id for e in self.editions)
        added = Edition(
            self._id(), ledger.ledger_id, number, effective_on, recorded_at or self._instant()
        )
        self.editions.append(added)
        return added

    def unit(self, name: str, members: Sequence[Unit] = ()) -> Unit:
        """A unit; with members, a collective."""
        added = Unit(self._id(), "宁夏", name)
        self.units.append(added)
        self.memberships += [Membership(added.unit_id, member.unit_id) for member in members]
        return added

    def task(
        self,
        ledger: Ledger,
        due_on: date | None = None,
        *,
        units: Sequence[Unit | tuple[Unit, str]] = (),
        kind: str = "base",
        level1: str = "一级指标",
        points: float | None = None,
        edition: Edition | None = None,
        revises: Task | None = None,
    ) -> Task:
        """A task of the ledger's newest edition and its units in the order named.

        A unit without a role is responsible. `revises` is the same task in an earlier edition.
        """
        editions = [e for e in self.editions if e.ledger_id == ledger.ledger_id]
        edition = edition or editions[-1]
        added = Task(
            edition.edition_id,
            revises.task_id if revises else self._id(),
            ledger.ledger_id,
            1 + sum(t.edition_id == edition.edition_id for t in self.tasks),
            level1,
            kind,
            "date" if due_on else "ongoing",
            due_on,
            points,
        )
        self.tasks.append(added)
        for position, named in enumerate(units, start=1):
            unit, role = named if isinstance(named, tuple) else (named, "responsible")
            self.assignments.append(
                Assignment(edition.edition_id, added.task_id, unit.unit_id, role, position)
            )
        return added

    def cadence(self, task: Task, period: str, min_count: int = 1) -> Cadence:
        """A demand that the duty be done `min_count` times in each `period`."""
        added = Cadence(task.edition_id, task.task_id, period, min_count)
        self.cadences.append(added)
        return added

    def occurrence(
        self,
        task: Task,
        occurred_on: date,
        times: int = 1,
        *,
        unit: Unit | None = None,
        period: str | None = None,
        another_occasion: bool = False,
        corrects: Occurrence | None = None,
    ) -> Occurrence:
        """The duty was done `times` on a day, for one demand or (no period) for each.

        `another_occasion`: apart from what other units enter for that day.
        """
        added = Occurrence(
            self._id(),
            task.task_id,
            unit.unit_id if unit else None,
            period,
            occurred_on,
            times,
            another_occasion,
            self._number(),
            self._instant(),
            corrects.occurrence_id if corrects else None,
        )
        self.occurrences.append(added)
        return added

    def report(
        self,
        task: Task,
        state: str,
        effective_on: date,
        *,
        percent: float | None = None,
        unit: Unit | None = None,
        day_known: bool = True,
        source: str = "entry",
        corrects: Report | None = None,
        entry_number: int | None = None,
        recorded_at: datetime | None = None,
    ) -> Report:
        """How the task, or one unit's part of it, stood on a day."""
        added = Report(
            self._id(),
            task.task_id,
            unit.unit_id if unit else None,
            state,
            percent,
            effective_on,
            day_known,
            source,
            entry_number or self._number(),
            recorded_at or self._instant(),
            corrects.report_id if corrects else None,
        )
        self.reports.append(added)
        return added

    def column(
        self, task: Task, state: str, stated_on: date, *, percent: float | None = None, **rest: Any
    ) -> Report:
        """What the imported column of progress says of a task; it names no day of completion."""
        return self.report(
            task,
            state,
            stated_on,
            percent=percent,
            day_known=state != "done",
            source="column",
            **rest,
        )

    def plan(
        self,
        task: Task,
        planned_on: date,
        percent: float,
        *,
        corrects: Plan | None = None,
    ) -> Plan:
        """The percent that a task is to have reached by a day."""
        added = Plan(
            self._id(),
            task.task_id,
            planned_on,
            percent,
            "entry",
            self._number(),
            self._instant(),
            corrects.plan_id if corrects else None,
        )
        self.plans.append(added)
        return added

    def stated_plan(self, task: Task, nodes: Mapping[date, float]) -> None:
        """The plan of a task as an edition states it, stored in one action."""
        number, instant = self._number(), self._instant()
        for place, (planned_on, percent) in enumerate(nodes.items()):
            self.plans.append(
                Plan(
                    self._id(),
                    task.task_id,
                    planned_on,
                    percent,
                    "column",
                    number + place,
                    instant,
                    None,
                )
            )

    def verify(
        self,
        task: Task,
        outcome: str,
        effective_on: date,
        *,
        unit: Unit | None = None,
        corrects: Verification | None = None,
        entry_number: int | None = None,
        recorded_at: datetime | None = None,
    ) -> Verification:
        """The office accepted or returned the completion of the task, or of one unit's part."""
        added = Verification(
            self._id(),
            task.task_id,
            unit.unit_id if unit else None,
            outcome,
            effective_on,
            entry_number or self._number(),
            recorded_at or self._instant(),
            corrects.verification_id if corrects else None,
        )
        self.verifications.append(added)
        return added

    def extension(
        self, task: Task, new_due_on: date, *, corrects: Extension | None = None
    ) -> Extension:
        """A request to move the due day."""
        supersedes_id = corrects.extension_id if corrects else None
        requested_on = task.due_on or date(2020, 1, 1)
        added = Extension(
            self._id(),
            task.task_id,
            requested_on,
            new_due_on,
            self._number(),
            self._instant(),
            supersedes_id,
        )
        self.extensions.append(added)
        return added

    def decide(
        self,
        extension: Extension,
        outcome: str,
        effective_on: date,
        *,
        corrects: Decision | None = None,
        recorded_at: datetime | None = None,
    ) -> Decision:
        """The answer to a request."""
        supersedes_id = corrects.decision_id if corrects else None
        added = Decision(
            self._id(),
            extension.extension_id,
            outcome,
            effective_on,
            self._number(),
            recorded_at or self._instant(),
            supersedes_id,
        )
        self.decisions.append(added)
        return added

    def setting(
        self,
        key: str,
        value: str,
        ledger: Ledger | None = None,
        *,
        recorded_at: datetime | None = None,
    ) -> Setting:
        """A threshold, of one ledger or of all."""
        added = Setting(
            ledger.ledger_id if ledger else None,
            key,
            value,
            self._number(),
            recorded_at or self._instant(),
        )
        self.settings.append(added)
        return added

    def withdraw(self, entry_id: UUID, *, recorded_at: datetime | None = None) -> Withdrawal:
        """An entry was taken back, and nothing put in its place."""
        added = Withdrawal(entry_id, recorded_at or self._instant())
        self.withdrawals.append(added)
        return added

    def excuse(
        self,
        task: Task,
        period: str,
        window_start: date,
        outcome: str = "excused",
        *,
        recorded_at: datetime | None = None,
    ) -> Excuse:
        """The office asks nothing in one window of a recurring duty, or (withdrawn) does so again."""
        added = Excuse(
            task.task_id,
            period,
            window_start,
            outcome,
            self._number(),
            recorded_at or self._instant(),
        )
        self.excuses.append(added)
        return added

    def lock(
        self,
        ledger: Ledger,
        month: date,
        outcome: str = "closed",
        *,
        recorded_at: datetime | None = None,
    ) -> Lock:
        """A report month was closed, or (reopened) opened again."""
        added = Lock(
            ledger.ledger_id, month, outcome, self._number(), recorded_at or self._instant()
        )
        self.locks.append(added)
        return added

    def _count(self) -> int:
        return sum(len(getattr(self, name)) for name in TABLES)

    def _id(self) -> UUID:
        return UUID(int=1 + self._count())

    def _number(self) -> int:
        # As if each fact were an action of its own, the first row of it.
        return (1 + self._count()) * PLACES_OF_ACTION

    def _instant(self) -> datetime:
        return datetime(2020, 1, 1) + timedelta(minutes=self._count())


def store(warehouse: Warehouse, world: World) -> None:
    """Add the facts of `world` to the warehouse as one action."""
    with warehouse.writing("测试") as writer:
        # Whatever is entered afterwards comes after all facts of the world.
        writer.data_version = max(writer.data_version, 1 + sum(map(len, vars(world).values())))
        for name, (table, _) in TABLES.items():
            facts = getattr(world, name)
            writer.append(table, [_UNSTATED[table] | asdict(fact) for fact in facts])
            withdraw_corrected(writer, facts)
        writer.record("测试", "world", None)


def withdraw_corrected(writer: Writer, facts: Sequence[Any]) -> None:
    """Whatever another entry corrects was taken back when that was entered."""
    taken_back = [
        Withdrawal(fact.supersedes_id, fact.recorded_at)
        for fact in facts
        if getattr(fact, "supersedes_id", None)
    ]
    writer.append("withdrawal", [_UNSTATED["withdrawal"] | asdict(row) for row in taken_back])


def restart(warehouse: Warehouse, world: World) -> None:
    """Let the warehouse hold `world` and nothing else; quicker than a new file for each world."""
    with warehouse.writing("测试") as writer:
        facts = writer.cursor.execute(_FACT_TABLES).fetchall()
        for (table,) in facts:
            writer.cursor.execute(f"delete from {table}")
        writer.record("测试", "world", None)
    store(warehouse, world)


def read(warehouse: Warehouse) -> World:
    """All facts of a warehouse, however they came there; the twin can judge any database."""
    world = World()
    with warehouse.cursor() as cursor:
        for name, (table, kind) in TABLES.items():
            columns = ", ".join(part.name for part in fields(kind))
            rows = cursor.execute(f"select {columns} from {table} order by all").fetchall()
            setattr(world, name, [kind(*row) for row in rows])
    return world
