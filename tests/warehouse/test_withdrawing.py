"""Mistakes undone: what came in together goes together, and stays visible as it was known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from findings.undoing import changed_tasks, tasks_changing
from loaders import Assignment, Ledger, Progress
from metrics import Scope, ask
from tests.warehouse.test_editions import RULES, TRAINING, edition, task
from tests.warehouse.test_store import counts
from warehouse import ALL_KNOWN, Reference, Warehouse, WarehouseError, read_reference, store_edition
from warehouse.entries import records, submissions
from warehouse.entries.withdrawing import Foreseen, Mistake, Reach, foresee, take_back
from warehouse.ledger.editions import compare, continued
from warehouse.ledger.ledgers import stored_file
from warehouse.ledger.naming import identify
from warehouse.ledger.schemes import Item, Scheme, store_scheme
from warehouse.opening import load_file
from warehouse.store import now

pytestmark = pytest.mark.usefixtures("first")

ROOT = Path(__file__).parents[2]
YEAR_END = date(2020, 12, 31)
PROMISES = task("建立信用承诺制度，公开承诺书样本。")
PROGRESS = Progress(state="in_progress", percent=40, narrative="已拟初稿", evidence="初稿")
FIRST = replace(
    edition(replace(RULES, progress=PROGRESS), TRAINING, file="一.csv"),
    stated_on=date(2020, 1, 31),
)
SECOND = edition(PROMISES, file="二.csv")
LEDGER_ID = identify(FIRST)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference(ROOT / "data" / "reference")


@pytest.fixture
def first(warehouse: Warehouse, reference: Reference) -> UUID:
    """FIRST is stored; its edition's id."""
    return take_in(warehouse, FIRST, reference)


def take_in(
    warehouse: Warehouse, ledger: Ledger, reference: Reference, effective_on: date | None = None
) -> UUID:
    """Store the ledger as the page does; returns the id of its edition."""
    comparison = compare(warehouse, ledger)
    store_edition(
        warehouse,
        ledger,
        reference,
        recorded_by="张三",
        effective_on=effective_on,
        continued=continued(comparison.pairs),
        follows=comparison.follows,
    )
    found = stored_file(warehouse, ledger.sha256)
    assert found
    return found.edition_id


def undo(
    warehouse: Warehouse, kind: str, *ids: UUID, with_entries: bool = False, reason: str = "导错了"
) -> Reach:
    mistake = Mistake(kind, ids, with_entries)
    seen = warehouse.data_version
    return take_back(warehouse, mistake, reason=reason, recorded_by="李四", seen_version=seen)


def looked_at(warehouse: Warehouse, kind: str, *ids: UUID, with_entries: bool = False) -> Foreseen:
    return foresee(warehouse, Mistake(kind, ids, with_entries), LEDGER_ID, YEAR_END)


def judged(warehouse: Warehouse, known_at: datetime = ALL_KNOWN) -> list[tuple]:
    """(id, task, state, percent) of the ledger's tasks on the last day, as far as it was known."""
    with warehouse.cursor() as cursor:
        return cursor.execute(
            "select task_id, task, state, percent from task_state($day, $known_at, false)"
            " order by number",
            {"day": YEAR_END, "known_at": known_at},
        ).fetchall()


def listed(warehouse: Warehouse, known_at: datetime = ALL_KNOWN) -> list[tuple]:
    """(task, state, percent), as `judged`."""
    return [tuple(rest) for _, *rest in judged(warehouse, known_at)]


def task_ids(warehouse: Warehouse) -> list[UUID]:
    """Of the edition in force, in order."""
    return [task_id for task_id, *_ in judged(warehouse)]


def report(warehouse: Warehouse, task_id: UUID, percent: float, day: date = YEAR_END) -> UUID:
    return records.add_report(
        warehouse,
        task_id,
        state="in_progress",
        percent=percent,
        effective_on=day,
        recorded_by="王五",
    )


def unit_of(warehouse: Warehouse) -> UUID:
    with warehouse.cursor() as cursor:
        return cursor.execute("select unit_id from unit where name = '厅法规处'").fetchall()[0][0]


def trail(warehouse: Warehouse) -> Sequence[tuple[str, str]]:
    """(action, who) of the newest action, in no order."""
    with warehouse.cursor() as cursor:
        return cursor.execute(
            "select action, recorded_by from change"
            " where data_version = (select max(data_version) from change) order by all"
        ).fetchall()


# Editions


def test_the_edition_before_counts_again(warehouse, reference):
    before = listed(warehouse)
    second = take_in(warehouse, SECOND, reference, date(2020, 7, 1))
    assert [text for text, *_ in listed(warehouse)] == [PROMISES.task]
    seen = now()
    foreseen = looked_at(warehouse, "edition", second)
    assert [row["task"] for row in foreseen.before] == [PROMISES.task]
    assert [row["task"] for row in foreseen.after] == [RULES.task, TRAINING.task]
    undo(warehouse, "edition", second)
    assert listed(warehouse) == before
    assert [text for text, *_ in listed(warehouse, seen)] == [PROMISES.task]
    assert trail(warehouse) == [("撤回台账版次", "李四")]


def test_other_days_and_units_are_foreseen(warehouse, reference):
    later = replace(RULES, due_on=date(2021, 1, 31))
    elsewhere = replace(TRAINING, assignments=(Assignment("responsible", "厅人事处"),))
    second = take_in(warehouse, edition(later, elsewhere, file="二.csv"), reference)
    foreseen = looked_at(warehouse, "edition", second)
    assert "2 项改变" in tasks_changing(foreseen.before, foreseen.after)
    rows = changed_tasks(foreseen.before, foreseen.after)
    assert rows["现在"].tolist() == ["进行中 40%，期限 2021-01-31", "未开始 0%，负责 厅人事处"]
    assert rows["撤回后"].tolist() == ["进行中 40%，期限 2020-12-31", "未开始 0%，负责 厅法规处"]


def test_looking_at_what_would_go_stores_nothing(warehouse):
    version, rows = warehouse.data_version, counts(warehouse)
    foreseen = looked_at(warehouse, "ledger", LEDGER_ID, with_entries=True)
    assert foreseen.counts == {"report": 1, "evidence": 1}
    assert len(foreseen.before) == 2
    assert foreseen.after == ()
    assert (warehouse.data_version, counts(warehouse)) == (version, rows)


def test_an_edition_takes_along_the_progress_it_brought(warehouse, first):
    own = report(warehouse, task_ids(warehouse)[1], 70)
    reach = undo(warehouse, "edition", first)
    assert reach.counts == {"report": 1, "evidence": 1}
    assert ask(warehouse, "ledgers").empty
    with warehouse.cursor() as cursor:
        standing = cursor.execute(
            "select report_id from standing_report('infinity'::timestamp)"
        ).fetchall()
    assert standing == [(own,)]


def test_only_tasks_of_no_other_edition_lose_what_was_recorded(warehouse, reference):
    kept, _ = task_ids(warehouse)
    second = take_in(warehouse, edition(RULES, PROMISES, file="二.csv"), reference)
    _, gone = task_ids(warehouse)
    report(warehouse, kept, 60)
    report(warehouse, gone, 70)
    assert looked_at(warehouse, "edition", second).counts == {}
    reach = undo(warehouse, "edition", second, with_entries=True)
    assert [row["task_id"] for _, row in reach.entries] == [gone]
    assert listed(warehouse)[0] == (RULES.task, "in_progress", 60)


def test_what_does_not_stand_cannot_be_taken_back_again(warehouse, first):
    undo(warehouse, "edition", first)
    version = warehouse.data_version
    for kind, subject in (("edition", first), ("ledger", LEDGER_ID), ("column", first)):
        with pytest.raises(WarehouseError, match="已经撤回，请刷新页面"):
            undo(warehouse, kind, subject)
    assert warehouse.data_version == version


def test_a_reason_and_a_name_are_needed(warehouse, first):
    mistake = Mistake("edition", (first,))
    seen = warehouse.data_version
    with pytest.raises(WarehouseError, match="请填写填报人"):
        take_back(warehouse, mistake, reason="错", recorded_by=" ", seen_version=seen)
    with pytest.raises(WarehouseError, match="撤回须写明理由"):
        take_back(warehouse, mistake, reason=" ", recorded_by="李四", seen_version=seen)
    assert warehouse.data_version == seen


def test_nothing_goes_when_something_was_recorded_meanwhile(warehouse, first):
    seen = warehouse.data_version
    report(warehouse, task_ids(warehouse)[0], 50)
    with pytest.raises(WarehouseError, match="核对期间有人存入了别的记录"):
        take_back(
            warehouse, Mistake("edition", (first,)), reason="错", recorded_by="李四",
            seen_version=seen,
        )  # fmt: skip
    assert len(listed(warehouse)) == 2


# Ledgers, and what comes in again


@pytest.mark.parametrize("with_entries", [False, True])
def test_a_ledger_taken_back_can_come_in_again(warehouse, reference, with_entries):
    ids = task_ids(warehouse)
    report(warehouse, ids[1], 70)
    undo(warehouse, "ledger", LEDGER_ID, with_entries=with_entries)
    assert ask(warehouse, "ledgers").empty
    comparison = compare(warehouse, FIRST)
    assert (comparison.status, comparison.is_again) == ("edition", True)
    assert (comparison.edition_number, comparison.follows) == (2, 1)
    assert {each.change for each in comparison.pairs} == {"same"}
    take_in(warehouse, FIRST, reference)
    assert task_ids(warehouse) == ids
    percents = [percent for _, _, percent in listed(warehouse)]
    assert percents == [40, 0 if with_entries else 70]


def test_what_comes_in_again_goes_on_from_what_was_in_force_last(warehouse, reference):
    """Not from a later edition of other tasks, which was taken back before the whole ledger was."""
    ids = task_ids(warehouse)
    report(warehouse, ids[1], 70)
    undo(warehouse, "edition", take_in(warehouse, SECOND, reference))
    undo(warehouse, "ledger", LEDGER_ID)
    comparison = compare(warehouse, FIRST)
    assert (comparison.edition_number, comparison.follows) == (3, 1)
    take_in(warehouse, FIRST, reference)
    assert task_ids(warehouse) == ids
    assert [percent for _, _, percent in listed(warehouse)] == [40, 70]


def test_a_file_that_named_itself_wrongly_is_no_guide_any_more(warehouse):
    undo(warehouse, "ledger", LEDGER_ID)
    assert stored_file(warehouse, FIRST.sha256) is None
    assert ask(warehouse, "editions").withdrawn_why.tolist() == ["导错了"]


def test_an_edition_looked_at_against_one_taken_back_is_refused(warehouse, reference):
    second = take_in(warehouse, SECOND, reference)
    third = edition(PROMISES, TRAINING, file="三.csv")
    comparison = compare(warehouse, third)
    undo(warehouse, "edition", second)
    with pytest.raises(WarehouseError, match="有人存入或撤回了"):
        store_edition(
            warehouse, third, reference, recorded_by="张三",
            continued=continued(comparison.pairs), follows=comparison.follows,
        )  # fmt: skip


def test_a_file_in_the_folder_is_not_taken_in_again_by_itself(warehouse, reference, tmp_path):
    file = tmp_path / "河北.csv"
    file.write_text(
        "河北省2021年台账\n一级指标,目标任务,责任单位,完成时限\n组织保障,制定办法,厅法规处,2021年6月",
        encoding="utf-8",
    )
    assert load_file(warehouse, file, reference, recorded_by="系统")
    with warehouse.cursor() as cursor:
        ((ledger_id,),) = cursor.execute(
            "select ledger_id from ledger where region = '河北'"
        ).fetchall()
    undo(warehouse, "ledger", ledger_id)
    assert not load_file(warehouse, file, reference, recorded_by="系统")
    assert len(ask(warehouse, "ledgers")) == 1


# Progress that an import brought


def test_the_progress_of_an_import_goes_and_the_edition_stays(warehouse, first):
    own = report(warehouse, task_ids(warehouse)[1], 70)
    seen = now()
    reach = undo(warehouse, "column", first)
    assert reach.counts == {"report": 1, "evidence": 1}
    assert own not in {row["report_id"] for table, row in reach.entries if table == "report"}
    assert [percent for _, _, percent in listed(warehouse)] == [0, 70]
    assert [percent for _, _, percent in listed(warehouse, seen)] == [40, 70]
    assert ("撤回导入的进展", "李四") in trail(warehouse)
    with pytest.raises(WarehouseError, match="进展已经撤回"):
        undo(warehouse, "column", first)


# Returned forms


def hand_in(warehouse: Warehouse, month: date, number: int, **given: object) -> UUID:
    handed_in = submissions.Submission(
        LEDGER_ID, unit_of(warehouse), month, f"表{number}.xlsx", str(number), "王五"
    )
    assert submissions.store_submission(warehouse, handed_in, **given)
    with warehouse.cursor() as cursor:
        return cursor.execute(
            "select submission_id from submission where sha256 = $sha256", {"sha256": str(number)}
        ).fetchall()[0][0]


def test_a_batch_of_forms_goes_in_one_action(warehouse):
    one, two = task_ids(warehouse)
    june, july = date(2020, 6, 1), date(2020, 7, 1)
    forms = [
        hand_in(
            warehouse, month, number,
            reports=[submissions.Report(task_id, "in_progress", month, percent)],
        )
        for number, (month, task_id, percent) in enumerate([(june, one, 50.0), (july, two, 60.0)])
    ]  # fmt: skip
    report(warehouse, two, 20, date(2020, 5, 1))
    version = warehouse.data_version
    foreseen = looked_at(warehouse, "submission", *forms)
    assert [row["percent"] for row in foreseen.before] == [50, 60]
    assert [row["percent"] for row in foreseen.after] == [40, 20]
    undo(warehouse, "submission", *forms, reason="放错了月份")
    assert warehouse.data_version == version + 1
    assert [percent for _, _, percent in listed(warehouse)] == [40, 20]
    with pytest.raises(WarehouseError, match="有已经撤回的"):
        undo(warehouse, "submission", forms[0])


def test_occurrences_that_a_form_restated_count_again(warehouse):
    one, _ = task_ids(warehouse)
    june = date(2020, 6, 1)
    records.add_occurrence(
        warehouse, one, occurred_on=date(2020, 6, 3), times=2, unit_id=unit_of(warehouse),
        recorded_by="王五",
    )  # fmt: skip
    form = hand_in(
        warehouse, june, 1,
        occurrences=[submissions.Occurrence(one, date(2020, 6, 9), 1)], corrected=[one],
    )  # fmt: skip

    def days() -> list[tuple[date, int]]:
        with warehouse.cursor() as cursor:
            return cursor.execute(
                "select occurred_on, times from standing_occurrence('infinity'::timestamp)"
            ).fetchall()

    assert days() == [(date(2020, 6, 9), 1)]
    assert looked_at(warehouse, "submission", form).restored == 1
    undo(warehouse, "submission", form)
    assert days() == [(date(2020, 6, 3), 2)]


# Schemes


def test_the_version_before_counts_and_numbers_are_not_given_again(warehouse, first):
    one, _ = task_ids(warehouse)

    def scheme(points: int, follows: int) -> UUID:
        drawn = Scheme(
            LEDGER_ID,
            first,
            YEAR_END,
            date(2020, 1, 1),
            items=(Item(one, Decimal(points), "manual"),),
        )
        return store_scheme(warehouse, drawn, recorded_by="王五", follows=follows)

    def versions() -> list[tuple[int, int]]:
        rows = ask(warehouse, "schemes", Scope(LEDGER_ID, YEAR_END))
        return list(zip(rows.version, rows.base_cents, strict=True))

    scheme(4, 0)
    second = scheme(9, 1)
    seen = now()
    undo(warehouse, "scheme", second)
    assert versions() == [(1, 400)]
    known = replace(Scope(LEDGER_ID, YEAR_END), known_at=seen)
    assert ask(warehouse, "schemes", known).version.tolist() == [2, 1]
    with pytest.raises(WarehouseError, match="这一版评分方案已经撤回"):
        undo(warehouse, "scheme", second)
    with pytest.raises(WarehouseError, match="现为第 1 版"):
        scheme(5, 2)
    scheme(5, 1)
    assert versions() == [(3, 500), (1, 400)]


# Evidence of several tasks


def test_one_material_is_evidence_of_several_tasks_and_of_each_once(warehouse):
    one, two = task_ids(warehouse)
    given = {"title": "通知", "recorded_by": "王五", "file_name": "通知.pdf", "file_sha256": "f0"}
    version = warehouse.data_version
    records.add_evidence(warehouse, one, also=[two, one], **given)
    assert warehouse.data_version == version + 1
    with warehouse.cursor() as cursor:
        found = cursor.execute(
            "select task_id from standing_evidence('infinity'::timestamp) where title = '通知'"
        ).fetchall()
    assert sorted(found) == sorted([(one,), (two,)])
    with pytest.raises(WarehouseError, match="已登记为第 2 项任务的佐证材料“通知”"):
        records.add_evidence(warehouse, two, **given)
    records.add_evidence(warehouse, two, unit_id=unit_of(warehouse), **given)
