"""Taking the two real ledgers in, and keeping units and thresholds in step with their files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from loaders import Ledger, Progress, read_ledger
from tests.warehouse.test_store import counts
from tests.warehouse.world import read
from warehouse import (
    Correction,
    Reference,
    Warehouse,
    WarehouseError,
    load_ledger,
    read_reference,
    store_edition,
    sync_reference,
)
from warehouse.ledger.ledgers import SettledDoubt, stored_file

ROOT = Path(__file__).parents[2]
AT_ONCE = datetime(2020, 1, 1)
NAMES = ("ningxia-2020", "hunan-2019")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(ROOT / "data" / "reference")


@pytest.fixture(scope="module")
def ledgers() -> dict[str, Ledger]:
    return {name: read_ledger(ROOT / "data" / "ledgers" / f"{name}.txt") for name in NAMES}


def golden(name: str) -> list[dict[str, str]]:
    path = ROOT / "tests" / "golden" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def load(warehouse: Warehouse, ledger: Ledger, reference: Reference) -> bool:
    return load_ledger(warehouse, ledger, reference, recorded_by="测试").is_new


@pytest.mark.parametrize("name", NAMES)
def test_every_task_of_a_real_ledger_arrives(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference, name: str
):
    assert load(warehouse, ledgers[name], reference)
    expected = golden(name)
    with warehouse.cursor() as cursor:
        tasks = cursor.execute(
            "select task, level1, kind, deadline_kind, due_on from task order by number"
        ).fetchall()
        rows, read_from_rows = cursor.execute(
            "select count(*), sum(tasks) from source_row"
        ).fetchone()
    assert [row[:4] for row in tasks] == [
        (row["task"], row["level1"], row["kind"], row["deadline_kind"]) for row in expected
    ]
    assert [str(due_on or "") for *_, due_on in tasks] == [row["due_on"] for row in expected]
    assert rows == len(ledgers[name].rows)
    assert read_from_rows == len(expected)
    found = counts(warehouse)
    assert found["assignment"] == sum(len(t.assignments) for t in ledgers[name].tasks)
    assert found["cadence"] == sum(len(t.cadences) for t in ledgers[name].tasks)
    assert (found["ledger"], found["edition"], found["change"]) == (1, 1, 1)


def test_both_ledgers_live_side_by_side(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference
):
    for ledger in ledgers.values():
        load(warehouse, ledger, reference)
    world = read(warehouse)
    assert {(ledger.region, ledger.year) for ledger in world.ledgers} == {
        ("宁夏", 2020),
        ("湖南", 2019),
    }
    # 厅办公室 of one province is not that of the other.
    shared = {u.name for u in world.units if u.region == "宁夏"} & {
        u.name for u in world.units if u.region == "湖南"
    }
    assert shared
    assert len({unit.unit_id for unit in world.units}) == len(world.units)


def test_the_same_file_again_changes_nothing(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference
):
    ledger = ledgers["ningxia-2020"]
    load(warehouse, ledger, reference)
    before = read(warehouse), counts(warehouse), warehouse.data_version
    assert not load(warehouse, replace(ledger, file="副本.txt"), reference)
    assert (read(warehouse), counts(warehouse), warehouse.data_version) == before


def test_a_file_is_known_by_what_is_in_it_also_when_its_title_was_corrected(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference
):
    read = ledgers["ningxia-2020"]
    assert stored_file(warehouse, read.sha256) is None
    corrected = replace(read, title="宁夏信用交通工作台账", year=2021)
    stored = store_edition(warehouse, corrected, reference, recorded_by="张三")
    known = stored_file(warehouse, read.sha256)
    assert (known.ledger_id, known.edition_number) == (stored.ledger_id, 1)
    assert (known.title, known.region, known.year) == ("宁夏信用交通工作台账", "宁夏", 2021)
    before = counts(warehouse)
    again = load_ledger(warehouse, read, reference, recorded_by="系统")
    assert (again.is_new, again.ledger_id) == (False, stored.ledger_id)
    assert counts(warehouse) == before


def test_what_is_corrected_of_the_whole_is_answered_for(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference
):
    read = ledgers["ningxia-2020"]
    made = [
        Correction(None, "台账名称", read.title, "宁夏信用交通工作台账"),
        Correction(None, "第 9 项任务（第 9 行）", "印发通知。", "不读入"),
        Correction(1, "deadline_text", "", "常态化推进"),
    ]
    settled = {"第 9 行：没有写明完成时限，请核对": "常态化推进，没有到期日"}
    ledger = replace(read, title="宁夏信用交通工作台账")
    store_edition(
        warehouse,
        ledger,
        reference,
        recorded_by="张三",
        corrections=made,
        settled=[
            SettledDoubt((9,), "deadline_text", *doubt.split("：", 1), choice)
            for doubt, choice in settled.items()
        ],
    )
    with warehouse.cursor() as cursor:
        trail = cursor.execute(
            "select action, change.recorded_by, before, after from change join edition"
            " on subject_id = ledger_id and change.recorded_at = edition.recorded_at"
            " where before is not null order by action"
        ).fetchall()
        (summary,) = cursor.execute("select after from change where action = '导入台账'").fetchone()
        of_tasks = cursor.execute("select field, before, after from correction").fetchall()
    assert [(*who, json.loads(before), json.loads(after)) for *who, before, after in trail] == [
        (
            "更正读法",
            "张三",
            {"台账名称": read.title, "第 9 项任务（第 9 行）": "印发通知。"},
            {"台账名称": "宁夏信用交通工作台账", "第 9 项任务（第 9 行）": "不读入"},
        ),
        ("核定存疑", "张三", dict.fromkeys(settled, "未定"), settled),
    ]
    assert json.loads(summary)["更正"] == 3
    assert of_tasks == [("deadline_text", "", "常态化推进")]


def test_another_file_of_the_same_name_is_refused(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference
):
    ledger = ledgers["ningxia-2020"]
    load(warehouse, ledger, reference)
    before = read(warehouse), counts(warehouse), warehouse.data_version
    # Width and spaces make no other title.
    other = replace(ledger, file="另一份.txt", sha256="0", title=f" {ledger.title} ")
    with pytest.raises(WarehouseError) as refused:
        load(warehouse, other, reference)
    assert str(refused.value).startswith("已有同名台账《")
    assert "另一份.txt 的内容与它不同，没有导入" in str(refused.value)
    assert (read(warehouse), counts(warehouse), warehouse.data_version) == before


def test_a_ledger_of_no_year_is_refused(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference
):
    before = counts(warehouse)
    with pytest.raises(WarehouseError, match=r"看不出《.+》是哪一年的台账"):
        load(warehouse, replace(ledgers["hunan-2019"], year=None), reference)
    assert counts(warehouse) == before


def test_ids_are_the_same_in_a_database_built_anew(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference, tmp_path: Path
):
    again = Warehouse(tmp_path / "again.duckdb")
    for each in (warehouse, again):
        load(each, ledgers["hunan-2019"], reference)
    first, second = read(warehouse), read(again)
    for world in (first, second):
        # The two were entered one after the other.
        world.editions = [replace(e, recorded_at=AT_ONCE) for e in world.editions]
    assert first == second
    again.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_unit_of_a_real_ledger_has_a_sensible_class(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference, name: str
):
    load(warehouse, ledgers[name], reference)
    with warehouse.cursor() as cursor:
        class_of = dict(cursor.execute("select name, class from unit").fetchall())
        collectives = cursor.execute(
            "select distinct name from unit join unit_member on collective_id = unit_id"
        ).fetchall()
    assert "未归类" not in class_of.values(), [n for n, c in class_of.items() if c == "未归类"]
    assert {class_of[unit] for (unit,) in collectives} <= {"集体"}
    for unit, unit_class in class_of.items():
        if unit_class == "厅机关处室":
            assert unit.startswith("厅")
        if unit.startswith(("各", "有关")):
            assert unit_class == "集体"
        if unit_class == "地方交通部门":
            assert "交通" in unit


def test_progress_columns_become_reports_and_evidence(
    warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference
):
    ledger = ledgers["ningxia-2020"]
    stated = [
        Progress(state="done", completed_on=date(2020, 5, 6), evidence="宁交办发〔2020〕1号"),
        Progress(percent=100),
        Progress(percent=0),
        Progress(narrative="正在起草"),
        Progress(),
    ]
    tasks = [
        replace(task, progress=progress)
        for task, progress in zip(ledger.tasks, stated, strict=False)
    ]
    load(warehouse, replace(ledger, tasks=tuple(tasks)), reference)
    with warehouse.cursor() as cursor:
        reports = cursor.execute(
            "select number, state, percent, effective_on from report join task using (task_id)"
            " order by number"
        ).fetchall()
        evidence = cursor.execute("select title from evidence").fetchall()
    # Without a day of its own, what the file says was true at the latest when the year was out.
    assert reports == [
        (tasks[0].number, "done", None, date(2020, 5, 6)),
        (tasks[1].number, "done", 100, date(2020, 12, 31)),
        (tasks[2].number, "not_started", 0, date(2020, 12, 31)),
        (tasks[3].number, "in_progress", None, date(2020, 12, 31)),
    ]
    assert evidence == [("宁交办发〔2020〕1号",)]


# Reference data


@pytest.fixture
def loaded(warehouse: Warehouse, ledgers: dict[str, Ledger], reference: Reference) -> Warehouse:
    for ledger in ledgers.values():
        load(warehouse, ledger, reference)
    sync_reference(warehouse, reference, recorded_by="测试")
    return warehouse


def changed(reference: Reference, what: str) -> Reference:
    five = ("宁夏", "五市交通运输局")
    return {
        "class": replace(reference, units=reference.units | {("宁夏", "厅法规处"): "厅属单位"}),
        "member": replace(
            reference, members=reference.members | {five: reference.members[five][1:]}
        ),
        "new member": replace(
            reference,
            members=reference.members | {five: (*reference.members[five], ("宁东管委会", "某文"))},
        ),
        "threshold": replace(reference, settings=reference.settings | {"due_soon_days": "15"}),
        "short name": replace(reference, short_names={"加强诚信文化建设": "诚信"}),
        "theme": replace(reference, themes={"加强诚信文化建设": ("诚信", "某文")}),
        "alias": replace(reference, aliases=reference.aliases | {"法规处": "厅法规处"}),
    }[what]


@pytest.mark.parametrize(
    "what", ["class", "member", "new member", "threshold", "short name", "theme", "alias"]
)
def test_a_changed_reference_file_is_one_change_and_then_none(
    loaded: Warehouse, reference: Reference, what: str
):
    other = changed(reference, what)
    before = counts(loaded)["change"]
    assert sync_reference(loaded, other, recorded_by="张三")
    assert counts(loaded)["change"] == before + 1
    version = loaded.data_version
    assert not sync_reference(loaded, other, recorded_by="张三")
    assert counts(loaded)["change"] == before + 1
    assert loaded.data_version == version
    # And back again.
    assert sync_reference(loaded, reference, recorded_by="张三")


def test_a_second_opening_with_the_same_files_writes_nothing(
    loaded: Warehouse, reference: Reference
):
    assert not sync_reference(loaded, reference, recorded_by="测试")


def test_a_threshold_and_a_class_are_answered_for(loaded: Warehouse, reference: Reference):
    sync_reference(loaded, changed(reference, "threshold"), recorded_by="张三")
    sync_reference(loaded, changed(reference, "class"), recorded_by="李四")
    with loaded.cursor() as cursor:
        found = cursor.execute(
            "select recorded_by, before, after from change order by data_version desc limit 2"
        ).fetchall()
    (second, class_before, class_after), (first, days_before, days_after) = found
    assert (first, second) == ("张三", "李四")
    assert (json.loads(days_before), json.loads(days_after)) == (
        {"due_soon_days": "30"},
        {"due_soon_days": "15"},
    )
    assert json.loads(class_before)["厅法规处"] == "厅机关处室"
    assert json.loads(class_after)["厅法规处"] == "厅属单位"


def test_a_new_threshold_moves_the_lamps(loaded: Warehouse, reference: Reference):
    def days() -> set[int]:
        with loaded.cursor() as cursor:
            return {
                n
                for (n,) in cursor.execute(
                    "select due_soon_days from ledger_terms(timestamp 'infinity')"
                ).fetchall()
            }

    assert days() == {30}
    sync_reference(loaded, changed(reference, "threshold"), recorded_by="张三")
    assert days() == {15}
