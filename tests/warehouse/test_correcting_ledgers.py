"""A ledger called or dated wrongly: it is found under its right name, and was seen as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from findings import trail
from metrics import Scope, ask
from tests.warehouse.test_editions import RULES, TRAINING, edition, task
from tests.warehouse.test_withdrawing import take_in
from warehouse import Reference, Warehouse, WarehouseError, read_reference
from warehouse.entries.records import add_report
from warehouse.ledger.correcting_ledgers import (
    LedgerCorrection,
    correct_ledger,
    foresee_ledger,
    in_year,
)
from warehouse.ledger.editions import compare
from warehouse.ledger.naming import identify
from warehouse.store import now

ROOT = Path(__file__).parents[2]
FIRST = edition(
    replace(RULES, deadline_text="6月底", due_on=date(2020, 6, 30)),
    replace(TRAINING, deadline_text="2020年12月"),
    task("全面推行。", units=("五市交通运输局",)),
    file="一.csv",
)
LEDGER_ID = identify(FIRST)
YEAR_END = date(2020, 12, 31)
AS_IT_IS = LedgerCorrection(LEDGER_ID, FIRST.title, "宁夏", 2020)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(ROOT / "data" / "reference")


@pytest.fixture(autouse=True)
def first(warehouse: Warehouse, reference: Reference) -> UUID:
    return take_in(warehouse, FIRST, reference)


def correct(warehouse: Warehouse, reference: Reference, correction: LedgerCorrection) -> None:
    correct_ledger(
        warehouse, correction, reference, reason="读错了", recorded_by="李四",
        seen_version=warehouse.data_version,
    )  # fmt: skip


def name(warehouse: Warehouse) -> tuple[str, str, int]:
    (row,) = ask(warehouse, "ledgers").itertuples()
    return row.title, row.region, row.year


def due_days(warehouse: Warehouse, known_at: str = "infinity") -> list[date | None]:
    with warehouse.cursor() as cursor:
        return [
            day
            for (day,) in cursor.execute(
                f"select due_on from task_due(date '2100-01-01', '{known_at}'::timestamp, false)"
                " order by number"
            ).fetchall()
        ]


def test_the_next_file_of_the_right_title_is_its_next_edition(warehouse, reference):
    right = replace(FIRST, title="2020年任务台账", sha256="二", file="二.csv")
    assert compare(warehouse, right).status == "new"
    correct(warehouse, reference, replace(AS_IT_IS, title=right.title))
    assert name(warehouse) == (right.title, "宁夏", 2020)
    assert compare(warehouse, right).ledger_id == LEDGER_ID
    # A ledger that is really called so is another one.
    other = replace(FIRST, sha256="三")
    assert compare(warehouse, other).status == "new"
    take_in(warehouse, other, reference)
    assert len(ask(warehouse, "ledgers")) == 2
    with pytest.raises(WarehouseError, match="已有同名台账"):
        correct(warehouse, reference, AS_IT_IS)


def test_a_corrected_year_moves_the_days_that_name_none(warehouse, reference):
    seen = now()
    correct(warehouse, reference, replace(AS_IT_IS, year=2021))
    assert due_days(warehouse) == [date(2021, 6, 30), YEAR_END, date(2020, 12, 31)]
    assert due_days(warehouse, str(seen))[0] == date(2020, 6, 30)
    (row,) = ask(warehouse, "ledgers").itertuples()
    assert (row.started_on.date(), row.ended_on.date()) == (date(2021, 1, 1), date(2021, 12, 31))
    assert ask(warehouse, "editions").effective_on[0].date() == date(2021, 1, 1)


def test_a_corrected_province_has_its_own_units(warehouse, reference):
    with warehouse.cursor() as cursor:
        ((task_id, unit_id),) = cursor.execute(
            "select task_id, unit_id from assignment join task using (edition_id, task_id)"
            " where number = 1"
        ).fetchall()
    add_report(
        warehouse, task_id, state="done", effective_on=date(2020, 5, 1), unit_id=unit_id,
        recorded_by="王五",
    )  # fmt: skip
    correct(warehouse, reference, replace(AS_IT_IS, region="湖南"))
    with warehouse.cursor() as cursor:
        duties = cursor.execute(
            "select distinct region from duties('infinity'::timestamp) join unit using (unit_id)"
            " where not expanded"
        ).fetchall()
        done = cursor.execute(
            "select is_done from task_state(date '2020-12-31', 'infinity'::timestamp, false)"
            " where number = 1"
        ).fetchall()
    assert (duties, done) == ([("湖南",)], [(True,)])


def test_a_day_of_effect_is_corrected_within_the_order_of_editions(warehouse, reference, first):
    later = edition(RULES, file="二.csv")
    second = take_in(warehouse, later, reference, date(2020, 7, 1))
    for wrong in ((first, date(2020, 8, 1)), (second, date(2019, 12, 31))):
        with pytest.raises(WarehouseError, match="的生效日应在"):
            correct(warehouse, reference, replace(AS_IT_IS, effective=(wrong,)))
    on_day = date(2020, 7, 15)
    with warehouse.cursor() as cursor:
        in_force = "select edition_id from edition_in_force($day, 'infinity'::timestamp)"
        assert cursor.execute(in_force, {"day": on_day}).fetchall() == [(second,)]
    correct(warehouse, reference, replace(AS_IT_IS, effective=((second, date(2020, 8, 1)),)))
    with warehouse.cursor() as cursor:
        assert cursor.execute(in_force, {"day": on_day}).fetchall() == [(first,)]


def test_what_would_change_is_shown_and_nothing_stored(warehouse, reference):
    version = warehouse.data_version
    moved = foresee_ledger(warehouse, replace(AS_IT_IS, year=2021), reference, YEAR_END)
    assert len(moved.before) == len(moved.after) == 3
    with pytest.raises(WarehouseError, match="都没有改动"):
        foresee_ledger(warehouse, AS_IT_IS, reference, YEAR_END)
    assert warehouse.data_version == version


def test_the_trail_gives_what_changed_and_the_reason_once(warehouse, reference):
    correct(warehouse, reference, replace(AS_IT_IS, title="另一个名称"))
    shown = ask(
        warehouse,
        "changes",
        Scope(LEDGER_ID, YEAR_END),
        **{"every_ledger": False, "first_on": None, "last_on": None},
        **{"authors": ["李四"], "actions": [], "sought": "", "row_limit": 10},
    )
    (line,) = trail.table(shown).to_dict("records")
    assert line["变更内容"] == "台账名称：任务台账 → 另一个名称"
    assert line["理由"] == "读错了"


def test_a_ledger_changed_meanwhile_or_without_reason_is_refused(warehouse, reference):
    correction, seen = replace(AS_IT_IS, title="另一个名称"), warehouse.data_version
    given = {"recorded_by": "李四", "seen_version": seen - 1}
    with pytest.raises(WarehouseError, match="核对期间有人存入了别的记录"):
        correct_ledger(warehouse, correction, reference, reason="错", **given)
    with pytest.raises(WarehouseError, match="更正台账须写明理由"):
        correct_ledger(warehouse, correction, reference, reason=" ", **given)
    assert warehouse.data_version == seen


def test_the_last_day_of_a_month_stays_one():
    assert in_year(date(2020, 2, 29), 2021) == date(2021, 2, 28)
    assert in_year(date(2021, 2, 28), 2020) == date(2020, 2, 29)
    assert in_year(date(2020, 2, 28), 2021) == date(2021, 2, 28)
