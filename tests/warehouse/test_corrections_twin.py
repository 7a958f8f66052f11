"""Any corrections of a ledger and its units, one after the other, against plain Python: as they stand,
and as they were known after each step."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from loaders import Ledger
from tests.warehouse.test_correcting_units import Twin
from tests.warehouse.test_editions import edition, task
from warehouse import ALL_KNOWN, Reference, Warehouse, read_reference, store_edition
from warehouse.entries.withdrawing import Mistake, take_back
from warehouse.ledger.correcting_ledgers import LedgerCorrection, correct_ledger, in_year
from warehouse.ledger.correcting_units import UnitCorrection, confirmed_spellings, correct_unit
from warehouse.ledger.editions import compare, continued
from warehouse.store import now

UNITS = ("厅法规处", "厅人事处", "厅运输处", "厅建管处")
TEXTS = ("制定信用管理办法。", "组织信用业务培训。", "开展诚信宣传月活动。")
TITLES = ("任务台账", "信用交通省任务台账", "重点任务分工")
OPERATIONS = (
    "title",
    "year",
    "region",
    "effect",
    "rename",
    "merge",
    "split",
    "edition",
    "withdraw",
)


@dataclass
class Edition:
    """An edition that stands: its day of effect, and of each task its due day and the words for it."""

    effective_on: date
    due: list[tuple[date, str]]
    registered: dict[UUID, list[str]]
    """Of each task the units it was registered for."""


@dataclass
class Office:
    """A ledger as plain Python knows it."""

    title: str = TITLES[0]
    region: str = "宁夏"
    year: int = 2020
    editions: dict[int, Edition] = field(default_factory=dict)
    stored: int = 0
    units: Twin = field(default_factory=lambda: Twin({}))

    def register(self) -> None:
        """Let the units know what the editions that stand register them for."""
        registered: dict[UUID, list[str]] = {}
        for each in self.editions.values():
            for task_id, names in each.registered.items():
                known = registered.setdefault(task_id, [])
                known += [name for name in names if name not in known]
                self.units.whole |= {n: n for n in names if n not in self.units.whole}
        self.units.registered = registered

    def in_force(self, day: date) -> int:
        begun = [number for number, each in self.editions.items() if each.effective_on <= day]
        return max(begun, default=min(self.editions))

    def answers(self) -> dict[str, Any]:
        days = [date(self.year, month, 15) for month in (2, 6, 10)]
        return {
            "name": (self.title, self.region, self.year),
            "editions": sorted((n, each.effective_on) for n, each in self.editions.items()),
            "in force": [self.in_force(day) for day in days],
            "due": [[due for due, _ in self.editions[self.in_force(day)].due] for day in days],
            "duties": sorted((str(task_id), name) for task_id, name in self.units.duties()),
        }


def asked(warehouse: Warehouse, known_at: datetime) -> dict[str, Any]:
    """The same of the database, as it was known at an instant."""
    with warehouse.cursor() as cursor:

        def rows(sql: str, **given: Any) -> list[tuple[Any, ...]]:
            return cursor.execute(sql, given | {"known_at": known_at}).fetchall()

        ((title, region, year),) = rows(
            "select title, region, year from standing_ledger($known_at)"
        )
        standing = rows(
            "select edition_number, effective_on from standing_edition($known_at) order by 1"
        )
        days = [date(year, month, 15) for month in (2, 6, 10)]
        in_force = [
            rows(
                "select edition_number from edition_in_force($day, $known_at)"
                " join edition using (edition_id)",
                day=day,
            )
            for day in days
        ]
        due = [
            rows("select due_on from task_due($day, $known_at, false) order by number", day=day)
            for day in days
        ]
        duties = rows(
            "select distinct task_id::varchar, name from standing_assignment($known_at)"
            " join standing_edition($known_at) using (edition_id) join unit using (unit_id)"
            " order by all"
        )
    return {
        "name": (title, region, year),
        "editions": standing,
        "in force": [number for ((number,),) in in_force],
        "due": [[day for (day,) in each] for each in due],
        "duties": duties,
    }


@dataclass
class Desk:
    """Does the same to the database and to plain Python."""

    warehouse: Warehouse
    reference: Reference
    random: Random
    office: Office = field(default_factory=Office)

    def take_in(self) -> None:
        """The next edition: other due days, in force from later on or the same day."""
        office, random = self.office, self.random
        last = max((each.effective_on for each in office.editions.values()), default=None)
        begin = date(office.year, random.randint(1, 11), 1)
        effective_on = max(begin, last) if last else date(office.year, 1, 1)
        due = []
        for _ in TEXTS:
            day = in_year(date(2020, random.randint(1, 12), 28), office.year)
            due.append(
                (day, random.choice([f"{day.month}月28日", f"{day.year}年{day.month}月28日"]))
            )
        ledger = self._ledger(due)
        store_edition(
            self.warehouse, ledger, self.reference, recorded_by="张三", effective_on=effective_on,
            continued=continued(compare(self.warehouse, ledger).pairs, frozenset()),
        )  # fmt: skip
        office.stored += 1
        with self.warehouse.cursor() as cursor:
            duties = cursor.execute(
                "select task_id, unit.name from assignment join edition using (edition_id)"
                " join unit using (unit_id) where edition_number = $number",
                {"number": office.stored},
            ).fetchall()
        registered: dict[UUID, list[str]] = {}
        for task_id, name in duties:
            registered.setdefault(task_id, []).append(name)
        expected = [sorted(part.unit for part in each.assignments) for each in ledger.tasks]
        assert sorted(sorted(names) for names in registered.values()) == sorted(expected)
        office.editions[office.stored] = Edition(effective_on, due, registered)
        office.register()

    def _ledger(self, due: list[tuple[date, str]]) -> Ledger:
        office = self.office
        if office.stored:
            # Written as the units are called now.
            of_task: dict[UUID, list[str]] = {}
            for task_id, name in office.units.duties():
                of_task.setdefault(task_id, []).append(name)
            named = [sorted(of_task[task_id]) for task_id in self._task_ids()]
        else:
            named = [self.random.sample(UNITS, self.random.randint(1, 3)) for _ in TEXTS]
        tasks = [
            replace(task(text, units=units, due_on=day), deadline_text=words)
            for text, units, (day, words) in zip(TEXTS, named, due, strict=True)
        ]
        ledger = edition(*tasks, file=f"{office.stored + 1}.csv", region=office.region)
        return replace(ledger, title=office.title, year=office.year)

    def _task_ids(self) -> list[UUID]:
        with self.warehouse.cursor() as cursor:
            found = cursor.execute(
                "select task_id from task join edition using (edition_id)"
                " where edition_number = 1 order by number"
            ).fetchall()
        return [task_id for (task_id,) in found]

    def correct(self, operation: str) -> None:
        """One operation of OPERATIONS, where there is something that it may be done to."""
        if operation in ("rename", "merge", "split"):
            self._correct_unit(operation)
        elif operation == "edition":
            self.take_in()
        elif operation == "withdraw":
            self._withdraw()
        else:
            self._correct_ledger(operation)

    def _correct_unit(self, operation: str) -> None:
        office, random = self.office, self.random
        present = sorted({name for _, name in office.units.duties()})
        name = random.choice(present)
        tasks: tuple[UUID, ...] = ()
        if operation == "rename":
            becomes = random.choice([*UNITS, "厅政策法规处", "厅法制处"])
        else:
            becomes = random.choice([*present, *UNITS])
        if operation == "split":
            of_unit = sorted(task_id for task_id, n in office.units.duties() if n == name)
            tasks = tuple(random.sample(of_unit, random.randint(1, len(of_unit))))
        if becomes == name:
            return
        unit_id = self._unit_id(name)
        confirmed = {(each.alias, each.unit_id) for each in confirmed_spellings(self.warehouse)}
        is_spelling = operation == "split" and (becomes, unit_id) in confirmed
        spelling = becomes if is_spelling else ""
        correct_unit(
            self.warehouse, UnitCorrection(unit_id, becomes, tasks, spelling), self.reference,
            reason="登记错了", recorded_by="李四", seen_version=self.warehouse.data_version,
        )  # fmt: skip
        office.units.correct(name, becomes, tasks)

    def _unit_id(self, name: str) -> UUID:
        with self.warehouse.cursor() as cursor:
            ((unit_id,),) = cursor.execute(
                "select unit_id from unit where name = $name and region = $region",
                {"name": name, "region": self.office.region},
            ).fetchall()
        return unit_id

    def _edition_ids(self) -> dict[int, UUID]:
        with self.warehouse.cursor() as cursor:
            return dict(cursor.execute("select edition_number, edition_id from edition").fetchall())

    def _correct_ledger(self, operation: str) -> None:
        office, random = self.office, self.random
        with self.warehouse.cursor() as cursor:
            ((ledger_id,),) = cursor.execute("select ledger_id from ledger").fetchall()
        after = deepcopy(office)
        effective: tuple[tuple[UUID, date], ...] = ()
        if operation == "title":
            after.title = random.choice([each for each in TITLES if each != office.title])
        elif operation == "region":
            after.region = "湖南" if office.region == "宁夏" else "宁夏"
        elif operation == "year":
            after.year = random.choice([each for each in (2019, 2020, 2021) if each != office.year])
            years = after.year - office.year
            for each in after.editions.values():
                each.effective_on = in_year(each.effective_on, each.effective_on.year + years)
                each.due = [
                    (day if "年" in words else in_year(day, day.year + years), words)
                    for day, words in each.due
                ]
        else:
            number = random.choice(list(after.editions))
            days = [date(office.year, month, 10) for month in range(1, 13)]
            order = sorted(after.editions)
            place = order.index(number)
            if place:
                days = [d for d in days if d >= after.editions[order[place - 1]].effective_on]
            if place + 1 < len(order):
                days = [d for d in days if d <= after.editions[order[place + 1]].effective_on]
            if not days:
                return
            after.editions[number].effective_on = random.choice(days)
            if after.editions == office.editions:
                return
            effective = ((self._edition_ids()[number], after.editions[number].effective_on),)
        correct_ledger(
            self.warehouse,
            LedgerCorrection(ledger_id, after.title, after.region, after.year, effective),
            self.reference,
            reason="写错了",
            recorded_by="李四",
            seen_version=self.warehouse.data_version,
        )
        self.office = after

    def _withdraw(self) -> None:
        office = self.office
        if len(office.editions) < 2:
            return
        number = self.random.choice(list(office.editions))
        take_back(
            self.warehouse, Mistake("edition", (self._edition_ids()[number],)), reason="导错了",
            recorded_by="王五", seen_version=self.warehouse.data_version,
        )  # fmt: skip
        del office.editions[number]
        office.register()


@pytest.mark.parametrize("seed", [*range(8), 117, 216])
def test_any_corrections_stand_and_were_known_as_plain_python_says(warehouse: Warehouse, seed: int):
    reference = read_reference(Path(__file__).parents[2] / "data" / "reference")
    desk = Desk(warehouse, reference, Random(seed))
    desk.take_in()
    steps, known = [], []
    for _ in range(8):
        steps.append(desk.random.choice(OPERATIONS))
        desk.correct(steps[-1])
        known.append((now(), desk.office.answers()))
        assert asked(warehouse, ALL_KNOWN) == known[-1][1], steps
    for place, (instant, answers) in enumerate(known):
        assert asked(warehouse, instant) == answers, steps[: place + 1]
