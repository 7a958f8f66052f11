"""The questions asked of the two issued ledgers: figures counted from the hand-checked rows, and
figures that must agree with each other whatever they are.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from loaders import read_ledger
from metrics import NO_LIMIT, Scope, ask
from warehouse import Warehouse, load_ledger, read_reference
from warehouse.demonstration.demo import fill_demonstration

TESTS = Path(__file__).parents[1]
DATA = TESTS.parent / "data"
YEAR_ENDS = {"ningxia-2020": date(2020, 12, 31), "hunan-2019": date(2019, 12, 31)}
CITY = "银川市交通运输局"
COLLECTIVES = ("五市交通运输局", "各市、县（区）交通运输局")
LAMPS = ["red", "yellow", "green", "blue", "grey"]


class Book:
    """One ledger in a warehouse, with its hand-checked rows."""

    def __init__(self, warehouse: Warehouse, name: str):
        self.warehouse = warehouse
        reference = read_reference(DATA / "reference")
        ledger = read_ledger(DATA / "ledgers" / f"{name}.txt")
        loaded = load_ledger(warehouse, ledger, reference, recorded_by="测试")
        self.ledger_id = loaded.ledger_id
        self.year_end = YEAR_ENDS[name]
        golden = (TESTS / "golden" / f"{name}.csv").read_text(encoding="utf-8-sig")
        self.golden = list(csv.DictReader(golden.splitlines()))

    def ask(self, question: str, as_of: date | None = None, **values: Any) -> pd.DataFrame:
        """The answer; `values` that a scope holds go into the scope."""
        held = {name: values.pop(name) for name in list(values) if name in Scope.__annotations__}
        scope = Scope(self.ledger_id, as_of or self.year_end, **held)
        return ask(self.warehouse, question, scope, **values)

    def listed(self, **scope: Any) -> list[int]:
        found = self.ask("task_list", signal="all", row_limit=NO_LIMIT, **scope)
        return found.number.tolist()

    def by_units(self) -> dict[int, list[str]]:
        """Number of the task → the units its hand-checked row names, in order."""
        return {
            int(row["number"]): [part.split("|")[1] for part in row["assignments"].split(";")]
            for row in self.golden
            if row["assignments"]
        }


@pytest.fixture(scope="module", params=YEAR_ENDS)
def book(request: pytest.FixtureRequest) -> Iterator[Book]:
    """Each ledger as issued, without progress."""
    warehouse = Warehouse(Path(":memory:"))
    yield Book(warehouse, request.param)
    warehouse.close()


@pytest.fixture(scope="module")
def filled() -> Iterator[Book]:
    """The Ningxia ledger with the year of the demonstration."""
    warehouse = Warehouse(Path(":memory:"))
    ningxia = Book(warehouse, "ningxia-2020")
    fill_demonstration(warehouse, ningxia.ledger_id)
    yield ningxia
    warehouse.close()


# As issued


def test_tasks_by_kind(book: Book):
    expected = Counter(row["kind"] for row in book.golden)
    assert Counter(book.ask("task_list", signal="all", row_limit=NO_LIMIT).kind) == expected
    assert book.ask("completion", by="all").tasks.tolist() == [expected["base"]]
    kinds = Counter(book.ask("bonus_penalty").kind)
    assert kinds == {kind: n for kind, n in expected.items() if kind != "base"}
    (own,) = book.ask("ledgers").to_dict("records")
    assert (own["tasks"], own["base_tasks"]) == (expected.total(), expected["base"])
    assert not own["has_progress"]


def test_indicators_follow_the_ledger(book: Book):
    expected = Counter(row["level1"] for row in book.golden)
    found = book.ask("indicators")
    assert dict(zip(found.level1, found.tasks, strict=True)) == expected
    assert found.level1.tolist() == list(expected)
    base = Counter((r["level1"], r["level2"]) for r in book.golden if r["kind"] == "base")
    by_level2 = book.ask("completion", by="level2")
    assert list(zip(by_level2.level1, by_level2.level2, strict=True)) == list(base)
    assert by_level2.tasks.tolist() == list(base.values())


def test_due_days(book: Book):
    base = [row for row in book.golden if row["kind"] == "base" and row["due_on"]]
    expected = Counter(row["due_on"] for row in base)
    found = book.ask("due_dates")
    days = [f"{day:%Y-%m-%d}" for day in found.effective_due_on]
    assert dict(zip(days, found.tasks, strict=True)) == expected
    assert days == sorted(days)


def test_two_ningxia_due_days_come_before_december(filled: Book):
    early = [r["due_on"] for r in filled.golden if r["kind"] == "base" and r["due_on"] < "2020-12"]
    found = filled.ask("due_dates", date(2020, 1, 1)).effective_due_on
    assert [f"{day:%Y-%m-%d}" for day in found if day.month < 12] == sorted(early)
    assert len(early) == 2


def test_tasks_of_every_unit(book: Book):
    expected = Counter(unit for units in book.by_units().values() for unit in set(units))
    found = book.ask("unit_workload")
    assert dict(zip(found.unit, found.tasks, strict=True)) == expected
    for unit in ("厅法规处", CITY):
        numbers = [number for number, units in book.by_units().items() if unit in units]
        assert sorted(book.ask("unit_tasks", unit=unit).number) == numbers


def test_the_office_of_ningxia_has_36_tasks(filled: Book):
    found = filled.ask("unit_workload").set_index("unit")
    assert found.tasks["厅法规处"] == 36
    assert filled.ask("completion", by="all").tasks[0] == 61


def test_a_member_is_found_by_the_tasks_of_its_collectives(filled: Book):
    reached = {CITY, *COLLECTIVES}
    expected = [number for number, units in filled.by_units().items() if reached & set(units)]
    assert filled.listed(units=(CITY,)) == expected
    written = [number for number, units in filled.by_units().items() if COLLECTIVES[0] in units]
    assert filled.listed(units=COLLECTIVES[:1]) == written
    assert sorted(filled.ask("unit_tasks", unit=CITY, expanded=True).number) == expected


def test_cadences_are_demanded_as_read(book: Book):
    expected = {int(row["number"]) for row in book.golden if row["cadences"]}
    missed = book.ask("missed_windows")
    assert set(missed.number) == expected
    assert not expected & set(book.ask("cadence_unclear").number)


def test_nothing_is_a_failure_before_anything_is_reported(book: Book):
    total = book.ask("completion", by="all").iloc[0]
    assert not total.has_progress
    assert (total.done, total.grey) == (0, total.tasks)


# Figures that must agree


DAYS = [date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30), date(2020, 12, 31)]


@pytest.mark.parametrize("expanded", [False, True])
@pytest.mark.parametrize("day", DAYS[-2:])
def test_shared_loads_add_up_to_the_tasks(filled: Book, day: date, expanded: bool):
    found = filled.ask("unit_workload", day, expanded=expanded)
    assert found.shared_load.sum() == pytest.approx(len(filled.by_units()))
    matrix = filled.ask("unit_matrix", day, expanded=expanded).groupby("unit")[["tasks", "overdue"]]
    by_unit = found.set_index("unit")[["tasks", "overdue"]]
    pd.testing.assert_frame_equal(matrix.sum(), by_unit.sort_index(), check_dtype=False)


@pytest.mark.parametrize("day", DAYS[-2:])
def test_expanding_collectives_leaves_the_province_as_it_was(filled: Book, day: date):
    for question, values in (
        ("completion", {"by": "all"}),
        ("completion", {"by": "level1"}),
        ("overdue_ages", {}),
        ("due_dates", {}),
    ):
        written, opened = (
            filled.ask(question, day, expanded=expanded, **values) for expanded in (False, True)
        )
        pd.testing.assert_frame_equal(written, opened)


@pytest.mark.parametrize("verified_only", [False, True])
@pytest.mark.parametrize("day", DAYS)
def test_groups_add_up_to_the_ledger(filled: Book, day: date, verified_only: bool):
    total, by_level1, by_level2 = (
        filled.ask("completion", day, by=by, verified_only=verified_only)
        for by in ("all", "level1", "level2")
    )
    counts = ["tasks", "applicable", "done", "due", "due_done", "on_time", "overdue", "behind"]
    counts += ["not_reported", *LAMPS]
    for groups in (by_level1, by_level2):
        assert groups[counts].sum().tolist() == total[counts].iloc[0].tolist()
        assert (groups[LAMPS].sum(axis="columns") == groups.tasks).all()


@pytest.mark.parametrize("day", DAYS)
def test_bonus_and_penalty_tasks_are_in_no_rate(filled: Book, day: date):
    every = filled.ask("completion", day, by="all")
    pd.testing.assert_frame_equal(filled.ask("completion", day, by="all", kinds=("base",)), every)
    others = {"kinds": ("bonus", "penalty")}
    assert filled.ask("completion", day, by="all", **others).empty
    assert filled.ask("trend", day, days=[day], **others).empty
    assert filled.ask("due_dates", day, **others).empty
    assert filled.ask("unit_workload", day, **others).applicable.sum() == 0


@pytest.mark.parametrize("verified_only", [False, True])
@pytest.mark.parametrize("day", DAYS)
def test_one_figure_is_the_same_in_every_answer(filled: Book, day: date, verified_only: bool):
    total = filled.ask("completion", day, by="all", verified_only=verified_only).iloc[0]
    trend = filled.ask("trend", day, days=[day], verified_only=verified_only).iloc[0]
    for name in ("applicable", "done", "overdue", "done_rate", "mean_percent", "expected_percent"):
        assert trend[name] == pytest.approx(total[name]), name
    assert filled.ask("overdue_ages", day).tasks.sum() == total.overdue
    assert filled.ask("due_dates", day).overdue.sum() == total.overdue
    for signal in ("overdue", "behind", "not_reported"):
        found = filled.ask("task_list", day, signal=signal, row_limit=NO_LIMIT)
        assert len(found) == total[signal], signal
    compared = filled.ask(
        "compare_dates", day, compare_on=date(2020, 1, 1), verified_only=verified_only
    )
    assert compared.newly_done.sum() - compared.no_longer_done.sum() == total.done


@pytest.mark.parametrize("later", DAYS[1:])
def test_what_changed_is_the_difference_of_two_days(filled: Book, later: date):
    earlier = DAYS[DAYS.index(later) - 1]
    compared = filled.ask("compare_dates", later, compare_on=earlier)
    changed = filled.ask("changed_tasks", later, compare_on=earlier, row_limit=NO_LIMIT)
    changes = Counter(changed.change)
    for count in ("newly_done", "no_longer_done", "newly_overdue", "recovered"):
        assert changed[count].sum() == compared[count].sum()
    assert changes["新完成"] + changes["逾期后完成"] == compared.newly_done.sum()
    assert changes["不再算完成"] == compared.no_longer_done.sum()
    now, then = (filled.ask("completion", d, by="all").done[0] for d in (later, earlier))
    assert now - then == compared.newly_done.sum() - compared.no_longer_done.sum()
