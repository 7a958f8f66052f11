"""The kit of the workbooks: stamps, and which task a returned row is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from documents.month_form.layout import Stamp as FormStamp
from documents.scheme.layout import Stamp as SchemeStamp
from documents.self_assessment.layout import Stamp as AssessmentStamp
from documents.workbook.matching import TaskIndex, WrongIdError
from documents.workbook.stamp import Stamp

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
STAMPS = {
    f"信用交通省填报表|1|{ONE}|{TWO}|{THREE}|2020-09|7|office": FormStamp(
        ONE, TWO, THREE, date(2020, 9, 1), 7, False
    ),
    f"信用交通省填报表|1|{ONE}||{THREE}|2020-12|7|demonstration": FormStamp(
        ONE, None, THREE, date(2020, 12, 1), 7, True
    ),
    f"信用交通省评分方案|1|{ONE}|{TWO}|0|office": SchemeStamp(ONE, TWO, 0, False),
    f"信用交通省自评表|1|{ONE}|1||0|7|office": AssessmentStamp(ONE, 1, None, 0, 7, False),
}


@pytest.mark.parametrize(("text", "stamp"), STAMPS.items())
def test_a_stamp_is_written_as_ever_and_read_back(text: str, stamp: Stamp):
    assert stamp.text() == text
    assert type(stamp).read(f" {text} ") == stamp
    assert type(stamp).among(["标题", text]) == stamp


@pytest.mark.parametrize(("text", "stamp"), STAMPS.items())
def test_a_changed_stamp_is_none(text: str, stamp: Stamp):
    kind = type(stamp)
    for changed in ("", f"{text}|", text.replace("|1|", "|2|", 1), text[:-1]):
        assert kind.read(changed) is None
    for other in {FormStamp, SchemeStamp, AssessmentStamp} - {kind}:
        assert other.read(text) is None


@dataclass(frozen=True)
class Task:
    task_id: UUID
    number: int
    task: str


TASKS = TaskIndex(
    [
        Task(ONE, 1, "制定信用信息管理办法。"),
        Task(TWO, 2, "开展信用交通宣传月活动。"),
        Task(THREE, 3, "开展信用交通宣传月活动。"),
    ]
)


@pytest.mark.parametrize(
    ("task_id", "number", "wording", "expected"),
    [
        (TWO, None, "开展信用交通宣传月活动", TWO),
        (ONE, 9, "改写得完全不同的任务", ONE),
        (None, None, "制定信用信息管理办法；", ONE),
        (None, 3, "开展信用交通宣传月活动。", THREE),
        (None, None, "开展信用交通宣传月活动。", None),
        (None, 1, "制定信用信息的管理办法", ONE),
        (None, 1, "制定信用修复管理规定", ONE),
        (None, 9, "制定信用修复管理规定", None),
        (None, 1, "", None),
        (None, 1, "采购办公用品", None),
        (UUID(int=9), 2, "", None),
    ],
)
def test_a_row_is_about(
    task_id: UUID | None, number: int | None, wording: str, expected: UUID | None
):
    task = TASKS.find(task_id, number, wording)
    assert (task and task.task_id) == expected


def test_an_id_beside_the_wording_of_another_task_is_refused():
    with pytest.raises(WrongIdError):
        TASKS.find(ONE, 2, "开展信用交通宣传月活动。")


def test_without_tasks_no_row_has_one():
    assert TaskIndex([]).find(ONE, 1, "开展信用交通宣传月活动。") is None
