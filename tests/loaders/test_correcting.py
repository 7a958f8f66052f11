"""A person's change to a reading: what rests on the changed cell is read again, the rest stays."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from loaders import Assignment, Cadence, Place, Task, read_ledger
from loaders.correcting import (
    FIELDS,
    Revision,
    corrected,
    joined,
    revised,
    sentences,
    split,
    with_tasks,
)
from loaders.explaining import reasons

LEDGERS = Path(__file__).parents[2] / "data" / "ledgers"

READ = Task(
    number=7,
    level1="组织保障",
    level2="制度建设",
    task="每季度至少1次研究信用工作，公示2个以上案例。",
    kind="base",
    responsible_text="厅法规处",
    responsible_inherited=True,
    deadline_text="2020年12月",
    deadline_inherited=True,
    deadline_kind="date",
    due_on=date(2020, 12, 31),
    assignments=(Assignment("responsible", "厅法规处"),),
    cadences=(Cadence("quarter", 1, "每季度至少1次"),),
    quantities=(">=2个",),
    place=Place("台账.docx", "表1", 9, 3),
    printed_number="（七）",
    points=4,
    note="重点",
)


def changed(before: Task, after: Task) -> set[str]:
    return {
        part.name
        for part in fields(Task)
        if getattr(before, part.name) != getattr(after, part.name)
    }


@pytest.mark.parametrize(
    ("field", "written", "rests_on_it"),
    [
        ("level1", "信用承诺", set()),
        ("level2", "", set()),
        ("task", "每月通报1次。", {"cadences", "quantities"}),
        ("responsible_text", "厅运输处", {"assignments", "responsible_inherited"}),
        ("deadline_text", "2020年6月", {"due_on", "deadline_inherited"}),
        ("deadline_text", "持续推进", {"due_on", "deadline_kind", "deadline_inherited"}),
    ],
)
def test_only_what_rests_on_a_field_is_read_again(field: str, written: str, rests_on_it: set[str]):
    after = corrected(READ, {field: written}, 2020)
    assert getattr(after, field) == written
    assert changed(READ, after) == {field, "basis"} | rests_on_it


def test_owners_are_read_with_their_roles():
    after = corrected(
        READ, {"responsible_text": "牵头单位：厅运输处；配合单位：厅法规处、海事处"}, 2020
    )
    assert [(part.role, part.unit) for part in after.assignments] == [
        ("lead", "厅运输处"),
        ("cooperate", "厅法规处"),
        ("cooperate", "厅海事处"),
    ]


@pytest.mark.parametrize(
    ("written", "kind", "due_on"),
    [
        ("6月底前", "date", date(2021, 6, 30)),
        ("2020年6月", "date", date(2020, 6, 30)),
        ("根据需求", "as-needed", None),
        ("", "unspecified", None),
    ],
)
def test_a_deadline_without_a_year_is_of_the_year_of_the_ledger(
    written: str, kind: str, due_on: date | None
):
    after = corrected(READ, {"deadline_text": written}, 2021)
    assert (after.deadline_kind, after.due_on) == (kind, due_on)


def test_a_new_wording_demands_what_it_says():
    after = corrected(READ, {"task": "每月通报1次，公示3个以上案例。"}, 2020)
    assert [(each.period, each.min_count) for each in after.cadences] == [("month", 1)]
    assert after.quantities == (">=3个",)
    assert corrected(READ, {"task": "制定办法。"}, 2020).cadences == ()


def test_a_frequency_that_the_deadline_states_is_read_from_the_deadline():
    # The loader reads how often from both cells: 完成时限 may say 每季度.
    monthly = corrected(
        replace(READ, task="通报情况。", cadences=()), {"deadline_text": "每月"}, 2020
    )
    assert [each.period for each in monthly.cadences] == ["month"]
    reworded = corrected(monthly, {"task": "通报进展情况。"}, 2020)
    assert [each.period for each in reworded.cadences] == ["month"]


@pytest.mark.parametrize("field", ["level1", "level2"])
def test_a_task_put_under_a_bonus_heading_is_a_bonus_item(field: str):
    bonus = corrected(READ, {field: "八、加分项"}, 2020)
    assert bonus.kind == "bonus"
    assert corrected(bonus, {field: "组织保障"}, 2020).kind == "base"


def test_several_fields_at_once():
    changes = {
        "task": "每月通报1次。",
        "responsible_text": "厅运输处",
        "deadline_text": "2020年6月",
    }
    at_once, one_by_one = corrected(READ, changes, 2020), READ
    for field, written in changes.items():
        one_by_one = corrected(one_by_one, {field: written}, 2020)
    assert at_once == one_by_one


@pytest.mark.parametrize("field", ["number", "kind", "due_on", "assignments", "remark"])
def test_any_other_field_is_refused(field: str):
    with pytest.raises(KeyError, match=field):
        corrected(READ, {"task": "制定办法。", field: "1"}, 2020)


@pytest.mark.parametrize("name", ["ningxia-2020", "hunan-2019"])
def test_a_cell_written_again_as_it_stands_is_read_as_before(name: str):
    ledger = read_ledger(LEDGERS / f"{name}.txt")
    for task in ledger.tasks:
        again = corrected(task, {field: getattr(task, field) for field in FIELDS}, ledger.year)
        # Written by a person, it is no longer taken from above.
        assert again == replace(task, responsible_inherited=False, deadline_inherited=False)


def task(number: int, text: str, owner: str = "", deadline: str = "") -> Task:
    changes = {"task": text, "responsible_text": owner, "deadline_text": deadline}
    return corrected(replace(READ, number=number), changes, 2020)


def test_joined_tasks_have_all_words_and_the_first_owner_named():
    revision = joined([task(1, "制定办法，"), task(2, "按季通报。", "厅法规处", "2020年6月")])
    assert revision.changes == {
        1: {
            "task": "制定办法，按季通报。",
            "responsible_text": "厅法规处",
            "deadline_text": "2020年6月",
        }
    }
    assert revision.dropped == {2}


def test_the_parts_of_a_task_stand_behind_it(tmp_path: Path):
    file = tmp_path / "2020年台账.csv"
    rows = ("目标任务,责任单位", "制定办法。按季通报。,厅法规处", "归集信息。,厅科技处")
    file.write_text("\n".join(rows), encoding="utf-8")
    ledger = read_ledger(file)
    first = split(ledger.tasks[0], sentences(ledger.tasks[0].task), -len(ledger.rows))
    again = split(first.added[0], ["按季", "通报。"], min(first.behind))
    revision = Revision(
        {**first.changes, **again.changes},
        added=first.added + again.added,
        behind={**first.behind, **again.behind},
    )
    tasks = revised(ledger, revision, 2020)
    assert [(t.number, t.task, t.responsible_text) for t in tasks.values()] == [
        (1, "制定办法。", "厅法规处"),
        (2, "按季", "厅法规处"),
        (3, "通报。", "厅法规处"),
        (4, "归集信息。", "厅科技处"),
    ]
    assert [row.tasks for row in with_tasks(ledger, tasks, revision.behind).rows] == [0, 3, 1]


@pytest.mark.parametrize("texts", [[], ["制定办法。"], ["制定办法。", " "]])
def test_one_part_is_no_split(texts: list[str]):
    with pytest.raises(ValueError, match="fewer than two parts"):
        split(READ, texts, -9)


def test_what_a_person_changed_has_that_as_its_reason():
    read = replace(READ, basis=(("level1", "表中“指标”一列"), ("due_on", "年份取文件的")))
    after = corrected(read, {"deadline_text": "2020年6月"}, 2020)
    assert reasons(after) == [
        "一级指标：表中“指标”一列",
        "完成时限：导入时由人改定",
        "到期日：导入时由人改定",
    ]
