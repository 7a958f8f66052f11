"""A unit registered wrongly: what is recorded of it counts for the right one, and was seen as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from tests.warehouse.test_register import assigned, names, naming, take_in, unknown
from warehouse import ALL_KNOWN, Reference, Warehouse, WarehouseError, read_reference
from warehouse.entries.records import add_report
from warehouse.ledger.correcting_units import (
    UnitCorrection,
    confirmed_spellings,
    correct_unit,
    foresee_unit,
)
from warehouse.ledger.naming import identify
from warehouse.store import now

ROOT = Path(__file__).parents[2]
LEDGER_ID = identify(naming("厅法规处"))
YEAR_END = date(2020, 12, 31)
RIGHT, WRONG, OTHER = "厅政策法规处", "厅法规处", "厅人事处"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(ROOT / "data" / "reference")


@pytest.fixture
def taken_in(warehouse: Warehouse, reference: Reference) -> UUID:
    """A ledger of one task for two units, done by the one that is called wrongly; the task's id."""
    take_in(warehouse, naming(WRONG, OTHER), reference)
    with warehouse.cursor() as cursor:
        ((task_id,),) = cursor.execute("select task_id from task").fetchall()
    add_report(
        warehouse, task_id, state="done", effective_on=date(2020, 6, 1),
        unit_id=names(warehouse)[WRONG], recorded_by="王五",
    )  # fmt: skip
    return task_id


def correct(
    warehouse: Warehouse, reference: Reference, name: str, becomes: str, *task_ids: UUID,
    spelling: str = "", seen_version: int | None = None,
) -> None:  # fmt: skip
    correction = UnitCorrection(names(warehouse)[name], becomes, task_ids, spelling)
    correct_unit(
        warehouse, correction, reference, reason="登记错了", recorded_by="李四",
        seen_version=warehouse.data_version if seen_version is None else seen_version,
    )  # fmt: skip


def units(warehouse: Warehouse, known_at: object = ALL_KNOWN) -> dict[str, bool]:
    """Unit with a duty → whether it stands as done."""
    with warehouse.cursor() as cursor:
        return dict(
            cursor.execute(
                "select unit.name, coalesce(own.is_done, false)"
                " from duties($known_at) as duty join unit using (unit_id)"
                " left join unit_judgement($day, $known_at) as own"
                " on own.task_id = duty.task_id and own.unit_id = duty.unit_id"
                " where not duty.expanded",
                {"known_at": known_at, "day": YEAR_END},
            ).fetchall()
        )


@pytest.mark.usefixtures("taken_in")
def test_a_renamed_unit_keeps_its_tasks_and_reports(warehouse, reference):
    seen = now()
    correct(warehouse, reference, WRONG, RIGHT)
    assert units(warehouse) == {RIGHT: True, OTHER: False}
    assert units(warehouse, seen) == {WRONG: True, OTHER: False}
    later = naming(WRONG, file="修订.csv")
    assert unknown(warehouse, later, reference) == set()
    take_in(warehouse, later, reference)
    assert set(units(warehouse)) == {RIGHT, OTHER}


@pytest.mark.usefixtures("taken_in")
def test_a_unit_registered_twice_is_one(warehouse, reference):
    foreseen = foresee_unit(
        warehouse, UnitCorrection(names(warehouse)[WRONG], OTHER), reference, LEDGER_ID, YEAR_END
    )
    assert foreseen.before == ((OTHER, 1, 0, 0), (WRONG, 1, 1, 1))
    assert foreseen.after == ((OTHER, 1, 1, 1),)
    assert units(warehouse) == {WRONG: True, OTHER: False}
    correct(warehouse, reference, WRONG, OTHER)
    assert units(warehouse) == {OTHER: True}
    # Each place that names the units of a task names it once.
    with warehouse.cursor() as cursor:
        named = cursor.execute("select unit_id from standing_assignment('infinity'::timestamp)")
        assert named.fetchall() == [(names(warehouse)[OTHER],)]


def test_a_spelling_confirmed_wrongly_becomes_a_unit_of_its_own(warehouse, reference, taken_in):
    take_in(warehouse, naming("厅法规科", OTHER, file="修订.csv"), reference, {"厅法规科": WRONG})
    correct(warehouse, reference, WRONG, "厅法规科", taken_in, spelling="厅法规科")
    assert units(warehouse) == {"厅法规科": True, OTHER: False}
    assert unknown(warehouse, naming("厅法规科", file="三.csv"), reference) == set()


@pytest.mark.usefixtures("taken_in")
def test_a_spelling_confirmed_wrongly_is_asked_about_again(warehouse, reference):
    """Also where nothing is left of the import that confirmed it, as after its withdrawal."""
    take_in(warehouse, naming("厅法规科", OTHER, file="修订.csv"), reference, {"厅法规科": WRONG})
    named = units(warehouse)
    later = naming("厅法规科", file="三.csv")
    assert unknown(warehouse, later, reference) == set()
    correct(warehouse, reference, WRONG, "厅法规科", spelling="厅法规科")
    assert units(warehouse) == named
    assert unknown(warehouse, later, reference) == {"厅法规科"}
    with warehouse.cursor() as cursor:
        ((what, by, why),) = cursor.execute(
            "select action, recorded_by, after->>'reason' from change"
            " where data_version = (select max(data_version) from change)"
        ).fetchall()
    assert (what, by, why) == ("撤销单位写法", "李四", "登记错了")
    with pytest.raises(WarehouseError, match="已不作为这个单位的写法"):
        correct(warehouse, reference, WRONG, "厅法规科", spelling="厅法规科")


def test_a_spelling_of_a_unit_that_was_renamed_since(warehouse, reference, taken_in):
    take_in(warehouse, naming("厅法规科", OTHER, file="修订.csv"), reference, {"厅法规科": WRONG})
    correct(warehouse, reference, WRONG, RIGHT)
    spellings = {each.alias: (each.unit, each.is_unit) for each in confirmed_spellings(warehouse)}
    assert spellings == {"厅法规科": (RIGHT, False), WRONG: (RIGHT, True)}
    correct(warehouse, reference, RIGHT, "厅法规科", taken_in, spelling="厅法规科")
    assert units(warehouse) == {"厅法规科": True, OTHER: False}
    take_in(warehouse, naming("厅法规科", file="三.csv"), reference)
    assert assigned(warehouse)[3] == ["厅法规科"]


def test_what_was_merged_wrongly_comes_apart_again(warehouse, reference, taken_in):
    correct(warehouse, reference, WRONG, OTHER)
    correct(warehouse, reference, OTHER, WRONG, taken_in, spelling=WRONG)
    assert units(warehouse) == {WRONG: True, OTHER: False}
    correct(warehouse, reference, WRONG, RIGHT)
    assert units(warehouse) == {RIGHT: True, OTHER: False}


@pytest.mark.usefixtures("taken_in")
def test_a_unit_renamed_twice_counts_for_the_last(warehouse, reference):
    correct(warehouse, reference, WRONG, RIGHT)
    correct(warehouse, reference, RIGHT, "厅法制处")
    assert units(warehouse) == {"厅法制处": True, OTHER: False}


@pytest.mark.usefixtures("taken_in")
def test_what_cannot_be_corrected_is_refused(warehouse, reference):
    version = warehouse.data_version
    with pytest.raises(WarehouseError, match="就是现在的名称"):
        correct(warehouse, reference, WRONG, WRONG)
    with pytest.raises(WarehouseError, match="请填写正确的单位名称"):
        correct(warehouse, reference, WRONG, " ")
    with pytest.raises(WarehouseError, match="已不在这个单位名下"):
        correct(warehouse, reference, WRONG, RIGHT, UUID(int=1))
    with pytest.raises(WarehouseError, match="已不作为这个单位的写法"):
        correct(warehouse, reference, WRONG, RIGHT, spelling="没有这个写法")
    assert warehouse.data_version == version
    correct(warehouse, reference, WRONG, RIGHT)
    with pytest.raises(WarehouseError, match="已经更正过，请刷新页面"):
        correct(warehouse, reference, WRONG, RIGHT)


def test_a_name_that_counts_for_itself_again_is_no_other_spelling(warehouse, reference):
    take_in(warehouse, naming(WRONG, OTHER, "厅运输处"), reference)
    correct(warehouse, reference, WRONG, OTHER)
    correct(warehouse, reference, "厅运输处", WRONG)
    take_in(warehouse, naming(WRONG, file="二.csv"), reference)
    assert assigned(warehouse)[2] == [WRONG]


def test_a_correction_prepared_on_an_older_state_is_refused(warehouse, reference, taken_in):
    seen = warehouse.data_version
    add_report(
        warehouse, taken_in, state="in_progress", effective_on=date(2020, 7, 1),
        unit_id=names(warehouse)[WRONG], recorded_by="王五",
    )  # fmt: skip
    with pytest.raises(WarehouseError, match="核对期间有人存入了别的记录，没有更正"):
        correct(warehouse, reference, WRONG, RIGHT, seen_version=seen)
    assert set(units(warehouse)) == {WRONG, OTHER}


class Twin:
    """Which name a unit's part in a task goes by, after any corrections, in plain Python."""

    def __init__(self, registered: dict[UUID, list[str]]):
        self.registered = registered
        names = {name for named in registered.values() for name in named}
        self.whole = {name: name for name in names}
        self.of_task: dict[tuple[str, UUID], str] = {}

    def now(self, name: str, task: UUID) -> str:
        return self.of_task.get((name, task), self.whole[name])

    def correct(self, name: str, becomes: str, tasks: tuple[UUID, ...]) -> None:
        if tasks:
            moved = {(n, t) for n in self.whole for t in tasks if self.now(n, t) == name}
            # What had been taken in by mistake parts with its own share alone.
            own = {t for n, t in moved if n == becomes and becomes in self.registered[t]}
            moved = {(n, t) for n, t in moved if t not in own or n == becomes}
        else:
            moved = {key for key, now in self.of_task.items() if now == name}
        wholly = {n for n, now in self.whole.items() if now == name} if not tasks else set()
        if becomes not in {n for n, _ in moved} | wholly and becomes not in {
            self.now(becomes, task) for task in self.registered if becomes in self.whole
        }:
            # What counted for another one counts for itself again once something is corrected to it.
            self.whole[becomes] = becomes
        self.of_task |= dict.fromkeys(moved, becomes)
        self.whole |= dict.fromkeys(wholly, becomes)

    def duties(self) -> set[tuple[UUID, str]]:
        return {
            (task, self.now(name, task))
            for task, named in self.registered.items()
            for name in named
        }


@pytest.mark.parametrize("seed", range(12))
def test_any_corrections_come_to_what_plain_python_makes_of_them(warehouse, reference, seed):
    random = Random(seed)
    every = [WRONG, OTHER, "厅运输处", "厅建管处"]
    ledger = naming(*every)
    (first,) = ledger.tasks
    tasks = tuple(
        replace(
            first,
            number=number,
            task=f"第{number}项任务",
            assignments=tuple(random.sample(first.assignments, random.randint(1, 3))),
        )
        for number in (1, 2, 3)
    )
    take_in(warehouse, replace(ledger, tasks=tasks), reference)

    def duties() -> list[tuple[UUID, str]]:
        with warehouse.cursor() as cursor:
            return cursor.execute(
                "select task_id, name from standing_assignment('infinity'::timestamp)"
                " join unit using (unit_id)"
            ).fetchall()

    registered: dict[UUID, list[str]] = {}
    for task_id, name in duties():
        registered.setdefault(task_id, []).append(name)
    twin = Twin(registered)
    for _ in range(6):
        name, becomes = random.sample([*every, RIGHT], 2)
        own = sorted(task for task, named in twin.duties() if named == name)
        chosen = tuple(random.sample(own, random.randint(0, len(own))))
        if not own:
            continue
        correct(warehouse, reference, name, becomes, *chosen)
        twin.correct(name, becomes, chosen)
        found = duties()
        assert sorted(found, key=str) == sorted(twin.duties(), key=str)
