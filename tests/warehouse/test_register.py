"""Names the register does not know: who is asked about, what is offered, and what is remembered."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from loaders import Ledger
from tests.warehouse.test_editions import edition, task
from tests.warehouse.test_store import counts
from warehouse import Reference, Warehouse, read_reference, store_edition, sync_reference
from warehouse.ledger.editions import compare, continued
from warehouse.ledger.register import CONFIRMED, FROM_FILES, strangers

ROOT = Path(__file__).parents[2]
FIVE = ("宁夏", "五市交通运输局")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(ROOT / "data" / "reference")


def naming(*units: str, file: str = "台账.csv", region: str = "宁夏") -> Ledger:
    """A ledger of one task for these units."""
    return edition(task("制定信用管理办法。", units=units), file=file, region=region)


def take_in(
    warehouse: Warehouse,
    ledger: Ledger,
    reference: Reference,
    confirmed: dict[str, str] | None = None,
) -> None:
    store_edition(
        warehouse,
        ledger,
        reference,
        recorded_by="张三",
        continued=continued(compare(warehouse, ledger).pairs),
        confirmed=confirmed,
    )


def unknown(warehouse: Warehouse, ledger: Ledger, reference: Reference) -> set[str]:
    return {stranger.name for stranger in strangers(warehouse, ledger, reference)}


def assigned(warehouse: Warehouse) -> dict[int, list[str]]:
    """Edition → the units of its tasks in their order."""
    with warehouse.cursor() as cursor:
        return dict(
            cursor.execute(
                "select edition_number, list(unit.name order by position)"
                " from assignment join edition using (edition_id) join unit using (unit_id)"
                " group by all"
            ).fetchall()
        )


def names(warehouse: Warehouse) -> dict[str, UUID]:
    with warehouse.cursor() as cursor:
        return dict(cursor.execute("select name, unit_id from unit").fetchall())


# Who is a stranger


def test_a_registered_unit_is_none(warehouse: Warehouse, reference: Reference):
    later = naming("厅审批处", "厅法规处", file="修订.csv")
    assert unknown(warehouse, later, reference) == {"厅审批处", "厅法规处"}
    take_in(warehouse, naming("厅法规处"), reference)
    assert unknown(warehouse, later, reference) == {"厅审批处"}


def test_a_unit_of_another_province_is_one(warehouse: Warehouse, reference: Reference):
    take_in(warehouse, naming("厅法规处"), reference)
    assert unknown(warehouse, naming("厅法规处", region="湖南"), reference) == {"厅法规处"}


@pytest.mark.parametrize("name", ["路网监测与应急处置中心", "五市交通运输局", "银川市交通运输局"])
def test_a_unit_collective_or_member_of_the_files_is_none(
    warehouse: Warehouse, reference: Reference, name: str
):
    assert unknown(warehouse, naming(name), reference) == set()
    assert unknown(warehouse, naming(name, region="湖南"), reference) == {name}


def test_another_spelling_of_the_files_is_none(warehouse: Warehouse, reference: Reference):
    take_in(warehouse, naming("厅审批处"), reference)
    files = replace(reference, aliases=reference.aliases | {"厅政务处": "厅审批处"})
    sync_reference(warehouse, files, recorded_by="张三")
    assert unknown(warehouse, naming("厅政务处", file="修订.csv"), files) == set()


def test_like_names_are_offered_the_likest_first_and_unlike_ones_are_not(
    warehouse: Warehouse, reference: Reference
):
    take_in(warehouse, naming("厅运输处", "厅运输管理处", "公路局"), reference)
    (stranger,) = strangers(warehouse, naming("厅运输管处", file="修订.csv"), reference)
    assert stranger.candidates == ("厅运输管理处", "厅运输处")
    (stranger,) = strangers(warehouse, naming("海事协会", file="修订.csv"), reference)
    assert stranger.candidates == ()


def test_a_stranger_is_counted_once_for_each_of_its_tasks(
    warehouse: Warehouse, reference: Reference
):
    twice_in_one = task("制定信用管理办法。", units=("甲协会", "甲协会"))
    ledger = edition(twice_in_one, task("开展培训。", units=("甲协会", "乙协会")))
    found = {s.name: s.tasks for s in strangers(warehouse, ledger, reference)}
    assert found == {"甲协会": 2, "乙协会": 1}


def test_only_registered_units_are_offered_not_their_other_spellings(
    warehouse: Warehouse, reference: Reference
):
    take_in(warehouse, naming("厅审批处"), reference)
    take_in(
        warehouse, naming("厅政务服务处", file="2.csv"), reference, {"厅政务服务处": "厅审批处"}
    )
    (stranger,) = strangers(warehouse, naming("厅政务服务科", file="3.csv"), reference)
    # Chosen as the unit, a mere spelling would be registered as a unit of its own.
    assert set(stranger.candidates) <= set(names(warehouse))


# What is confirmed


@pytest.fixture
def confirmed(warehouse: Warehouse, reference: Reference) -> Warehouse:
    """厅审批处 is registered, and 厅政务审批处 was confirmed to be another spelling of it."""
    take_in(warehouse, naming("厅审批处"), reference)
    take_in(
        warehouse,
        naming("厅政务审批处", file="2.csv"),
        reference,
        {"厅政务审批处": "厅审批处"},
    )
    return warehouse


def spellings(warehouse: Warehouse) -> set[tuple[str, str, str]]:
    """(other spelling, unit, where from)"""
    with warehouse.cursor() as cursor:
        return set(
            cursor.execute(
                "select alias, name, source from unit_alias join unit using (unit_id)"
            ).fetchall()
        )


def test_a_confirmed_spelling_names_the_registered_unit(confirmed: Warehouse):
    assert assigned(confirmed) == {1: ["厅审批处"], 2: ["厅审批处"]}
    assert "厅政务审批处" not in names(confirmed)
    assert spellings(confirmed) == {("厅政务审批处", "厅审批处", CONFIRMED)}


def test_a_confirmed_spelling_is_not_asked_again(confirmed: Warehouse, reference: Reference):
    third = naming("厅政务审批处", file="3.csv")
    assert unknown(confirmed, third, reference) == set()
    take_in(confirmed, third, reference)
    assert assigned(confirmed)[3] == ["厅审批处"]
    assert len(spellings(confirmed)) == 1


def test_a_confirmed_spelling_is_no_change_of_duties(confirmed: Warehouse):
    (found,) = compare(confirmed, naming("厅政务审批处", file="3.csv")).pairs
    assert found.change == "same"


def test_two_spellings_of_one_unit_in_a_task_are_one_duty(
    confirmed: Warehouse, reference: Reference
):
    take_in(confirmed, naming("厅政务审批处", "厅法规处", "厅审批处", file="3.csv"), reference)
    assert assigned(confirmed)[3] == ["厅审批处", "厅法规处"]


def test_a_confirmed_spelling_survives_a_change_of_the_files(
    confirmed: Warehouse, reference: Reference
):
    other = replace(reference, aliases={"厅行政审批处": "厅审批处"})
    sync_reference(confirmed, other, recorded_by="张三")
    assert spellings(confirmed) == {
        ("厅政务审批处", "厅审批处", CONFIRMED),
        ("厅行政审批处", "厅审批处", FROM_FILES),
    }
    sync_reference(confirmed, replace(reference, aliases={}), recorded_by="张三")
    assert spellings(confirmed) == {("厅政务审批处", "厅审批处", CONFIRMED)}


def test_a_spelling_of_one_province_says_nothing_of_another(
    confirmed: Warehouse, reference: Reference
):
    elsewhere = naming("厅政务审批处", region="湖南", file="湖南.csv")
    assert unknown(confirmed, elsewhere, reference) == {"厅政务审批处"}
    take_in(confirmed, elsewhere, reference)
    assert "厅政务审批处" in names(confirmed)


# What a change of the files leaves in the audit trail


def last_change(warehouse: Warehouse) -> tuple[str, str, dict, dict]:
    """(action, who, before, after)"""
    with warehouse.cursor() as cursor:
        *entry, before, after = cursor.execute(
            "select action, recorded_by, before, after from change order by data_version desc"
        ).fetchone()
    return *entry, json.loads(before), json.loads(after)


def test_a_changed_member_is_answered_for(warehouse: Warehouse, reference: Reference):
    take_in(warehouse, naming("五市交通运输局"), reference)
    sync_reference(warehouse, reference, recorded_by="张三")
    (gone, source), *rest = reference.members[FIVE]
    members = reference.members | {FIVE: (*rest, ("宁东管委会", "某文"))}
    sync_reference(warehouse, replace(reference, members=members), recorded_by="李四")
    action, who, before, after = last_change(warehouse)
    assert (action, who) == ("更新口径", "李四")
    ids = {name: str(unit_id) for name, unit_id in names(warehouse).items()}
    before_rows, after_rows = ({tuple(row) for row in each["members"]} for each in (before, after))
    assert before_rows - after_rows == {(ids[FIVE[1]], ids[gone], source)}
    assert after_rows - before_rows == {(ids[FIVE[1]], ids["宁东管委会"], "某文")}
    assert set(before) == set(after) == {"members"}


def test_a_changed_spelling_is_answered_for(warehouse: Warehouse, reference: Reference):
    take_in(warehouse, naming("厅法规处"), reference)
    files = replace(reference, aliases={"政法处": "厅法规处"})
    sync_reference(warehouse, files, recorded_by="张三")
    sync_reference(warehouse, replace(files, aliases={"法制处": "厅法规处"}), recorded_by="李四")
    _, who, before, after = last_change(warehouse)
    unit_id = str(names(warehouse)["厅法规处"])
    assert who == "李四"
    assert before == {"aliases": [[unit_id, "政法处", FROM_FILES]]}
    assert after == {"aliases": [[unit_id, "法制处", FROM_FILES]]}


def test_a_confirmed_spelling_alone_is_no_change_of_the_files(
    confirmed: Warehouse, reference: Reference
):
    sync_reference(confirmed, reference, recorded_by="张三")
    before = counts(confirmed), confirmed.data_version
    assert not sync_reference(confirmed, reference, recorded_by="张三")
    assert (counts(confirmed), confirmed.data_version) == before
