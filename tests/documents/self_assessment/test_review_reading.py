"""Review marks typed into a 自评表 and read back: what is taken, what is refused and in which words."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from documents.self_assessment import (
    FormError,
    compare_level1s,
    compare_tasks,
    read_reviews,
    write_workbook,
)
from documents.self_assessment.layout import Stamp
from tests.documents.self_assessment.conftest import Book
from tests.documents.self_assessment.sheets import columns, opened, row_of, saved
from warehouse import WarehouseError
from warehouse.entries.marks import store_reviews

SOFFICE = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)


def typed(content: bytes, cells: dict[int, Any], opinions: dict[int, str] | None = None) -> bytes:
    """The workbook with 复核得分 (and 复核意见) typed into the rows of these tasks."""
    book = opened(content)
    sheet = book["自评表"]
    at = columns(sheet)
    for number, value in cells.items():
        sheet.cell(row_of(sheet, number), at["复核得分"]).value = value
    for number, opinion in (opinions or {}).items():
        sheet.cell(row_of(sheet, number), at["复核意见"]).value = opinion
    return saved(book)


def changed(content: bytes, change: Callable[[Worksheet], None]) -> bytes:
    book = opened(content)
    change(book["自评表"])
    return saved(book)


def by_number(book: Book, marks: dict) -> dict[int, tuple[Decimal, str]]:
    numbers = {row.task_id: row.number for row in book.assessed(2).rows.itertuples()}
    return {numbers[task_id]: mark for task_id, mark in marks.items()}


@pytest.fixture(scope="session")
def blank(filled: Book) -> bytes:
    return write_workbook(filled.assessed(2))


def test_what_was_typed_comes_back(filled: Book, blank: bytes):
    values = {1: 1.13, 2: 0, 3: "1.5分", 4: "１．２５", 62: 2, 66: -0.25, 5: "  0.5 "}
    content = typed(blank, values, {1: "-核减 0.1", 2: "未见材料"})
    reviews = read_reviews(content, "自评表.xlsx", filled.assessed(2))
    assert not reviews.problems
    assert by_number(filled, reviews.marks) == {
        1: (Decimal("1.13"), "-核减 0.1"),
        2: (Decimal(0), "未见材料"),
        3: (Decimal("1.5"), ""),
        4: (Decimal("1.25"), ""),
        5: (Decimal("0.5"), ""),
        62: (Decimal(2), ""),
        66: (Decimal("0.25"), ""),
    }
    assert reviews.changed == reviews.marks
    assert reviews.stamp.scheme_version == 2


def test_an_untouched_form_says_nothing(filled: Book, blank: bytes):
    reviews = read_reviews(blank, "自评表.xlsx", filled.assessed(2))
    assert (reviews.marks, reviews.changed, reviews.problems, reviews.notes) == ({}, {}, (), ())


def test_stored_marks_stand_in_the_next_form_and_are_not_stored_again(desk: Book):
    first = typed(write_workbook(desk.assessed(2)), {1: 1, 2: 0.5, 68: -0.3}, {1: "核减"})
    reviews = read_reviews(first, "自评表.xlsx", desk.assessed(2))
    given = {"effective_on": desk.as_of, "recorded_by": "李四"}
    assert store_reviews(desk.warehouse, reviews.changed, **given) == 3
    again = write_workbook(desk.assessed(2))
    reread = read_reviews(again, "自评表.xlsx", desk.assessed(2))
    assert reread.marks == reviews.marks
    assert reread.changed == {}
    third = typed(again, {1: 0.75, 2: None}, {1: "核减"})
    later = read_reviews(third, "自评表.xlsx", desk.assessed(2))
    assert by_number(desk, later.changed) == {1: (Decimal("0.75"), "核减")}
    assert later.notes == (
        "第 2 项的复核得分留空，原来的复核得分仍然有效；要取消的，请在任务卡上撤销。",
    )


PROBLEMS = [
    # Number of the task, what is typed, the sentence.
    (1, 1.51, "复核得分高于满分 1.5 分，填的是 1.51，请改正。"),
    (1, -1, "复核得分应不小于 0，填的是 -1，请改正。"),
    (1, "优秀", "复核得分应是数，填的是“优秀”，请改正。"),
    (1, "1.5/2", "复核得分应是数，填的是“1.5/2”，请改正。"),
    (1, "NaN", "复核得分应是数，填的是“NaN”，请改正。"),
    (1, "1e999999", "复核得分应是数，填的是“1e999999”，请改正。"),
    (1, 0.333, "复核得分最多两位小数，填的是 0.333，请改正。"),
    (1, True, "复核得分应是数，填的是“True”，请改正。"),
    (1, date(2020, 1, 2), "复核得分应是数，填的是“2020-01-02 00:00:00”，请改正。"),
    (1, "=1/2", "公式没有计算结果，请直接填数。"),
    (66, 0.2, "扣分项的复核得分应在 -0.3 到 0 之间，填的是 0.2，请改正。"),
    (66, -0.4, "扣分项的复核得分应在 -0.3 到 0 之间，填的是 -0.4，请改正。"),
    (60, 1, "这项任务没有可复核的分值，请删去复核得分。"),
]


@pytest.mark.parametrize(("number", "value", "message"), PROBLEMS)
def test_what_is_no_mark_is_named_with_its_cell(
    filled: Book, blank: bytes, number: int, value: Any, message: str
):
    content = typed(blank, {number: value, 2: 0.5})
    reviews = read_reviews(content, "自评表.xlsx", filled.assessed(2))
    (problem,) = reviews.problems
    sheet = opened(blank)["自评表"]
    assert problem.cell == f"自评表!L{row_of(sheet, number)}"
    assert problem.message == message
    assert str(problem) == f"{problem.cell}：{message}"
    assert by_number(filled, reviews.marks) == {2: (Decimal("0.5"), "")}


def test_an_opinion_asks_for_its_mark(filled: Book, blank: bytes):
    reviews = read_reviews(typed(blank, {}, {3: "材料不全"}), "自评表.xlsx", filled.assessed(2))
    (problem,) = reviews.problems
    assert problem.message == "写了复核意见，没有填复核得分，请补填，或删去意见。"


def test_a_computed_mark_counts_as_shown(filled: Book, blank: bytes):
    # As Excel leaves 0.1 + 0.2 in the file.
    reviews = read_reviews(typed(blank, {1: 0.1 + 0.2}), "自评表.xlsx", filled.assessed(2))
    assert by_number(filled, reviews.marks) == {1: (Decimal("0.3"), "")}


def test_rows_may_be_sorted_moved_and_removed(filled: Book, blank: bytes):
    def rearrange(sheet: Worksheet) -> None:
        at = columns(sheet)
        rows = {number: row_of(sheet, number) for number in (1, 2, 3)}
        sheet.cell(rows[1], at["复核得分"]).value = 1
        sheet.cell(rows[3], at["复核得分"]).value = 0.5
        cells = [[cell.value for cell in sheet[rows[number]]] for number in (1, 3)]
        for row, values in zip((rows[3], rows[1]), cells, strict=True):
            for column, value in enumerate(values, start=1):
                sheet.cell(row, column).value = value
        sheet.delete_rows(rows[2])
        sheet.insert_rows(1, 2)
        sheet.insert_cols(6)

    reviews = read_reviews(changed(blank, rearrange), "自评表.xlsx", filled.assessed(2))
    assert not reviews.problems
    assert by_number(filled, reviews.marks) == {1: (Decimal(1), ""), 3: (Decimal("0.5"), "")}


def test_a_row_of_nobody_is_named(filled: Book, blank: bytes):
    def add(sheet: Worksheet) -> None:
        last = sheet.max_row + 1
        sheet.cell(last, 12).value = 1
        sheet.cell(last, 4).value = "自己加的任务"
        sheet.cell(last + 1, 1).value = str(uuid4())
        sheet.cell(last + 1, 12).value = 1
        sheet.cell(last + 2, 1).value = sheet.cell(row_of(sheet, 1), 1).value
        sheet.cell(last + 2, 12).value = 1

    reviews = read_reviews(changed(blank, add), "自评表.xlsx", filled.assessed(2))
    first = row_of(opened(blank)["自评表"], 1)
    assert [problem.message for problem in reviews.problems] == [
        "这一行不是台账中的任务，请把复核得分填在任务所在的行。",
        "这一行不是本台账现行版次的任务，请删去这一行的复核得分。",
        f"与第 {first} 行是同一项任务，请删去一行。",
    ]
    assert not reviews.marks


def test_totals_that_came_back_as_figures_are_no_marks(filled: Book, blank: bytes):
    def freeze(sheet: Worksheet) -> None:
        for row in range(8, sheet.max_row + 1):
            if not sheet.cell(row, 1).value and sheet.cell(row, 4).value:
                sheet.cell(row, 12).value = 1

    reviews = read_reviews(changed(blank, freeze), "自评表.xlsx", filled.assessed(2))
    assert (reviews.marks, reviews.problems) == ({}, ())


def another_workbook() -> bytes:
    book = Workbook()
    book.active["A1"] = "别的表"
    return saved(book)


def restamped(content: bytes, **other: Any) -> bytes:
    def stamp(sheet: Worksheet) -> None:
        sheet["A1"].value = replace(Stamp.read(sheet["A1"].value), **other).text()

    return changed(content, stamp)


def without(content: bytes, header: str) -> bytes:
    return changed(
        content, lambda sheet: setattr(sheet.cell(7, columns(sheet)[header]), "value", "改了")
    )


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("复核.docx", lambda content: content, "“复核.docx”不是 .xlsx 文件"),
        ("复核.xlsx", lambda _: b"", "无法读取"),
        ("复核.xlsx", lambda _: b"PK\x03\x04 half a file", "无法读取"),
        ("复核.xlsx", lambda content: content[: len(content) // 2], "无法读取"),
        ("复核.xlsx", lambda _: another_workbook(), "“复核.xlsx”不是平台生成的自评表"),
        ("复核.xlsx", lambda c: restamped(c, ledger_id=uuid4()), "是另一份台账的自评表"),
        ("复核.xlsx", lambda c: restamped(c, is_demonstration=False), "不能收进演示数据"),
        (
            "复核.xlsx",
            lambda c: restamped(c, scheme_id=uuid4(), scheme_version=1),
            "按评分方案第 1 版生成，现行的是第 2 版，请重新下载自评表再填。",
        ),
        ("复核.xlsx", lambda c: restamped(c, scheme_id=None), "是等权试算的自评表"),
        ("复核.xlsx", lambda c: without(c, "复核得分"), "缺少“行标识”（隐藏）或“复核得分”列"),
        ("复核.xlsx", lambda c: without(c, "行标识"), "缺少“行标识”（隐藏）或“复核得分”列"),
    ],
)
def test_what_is_not_this_form_is_refused(
    filled: Book, blank: bytes, name: str, make: Callable[[bytes], bytes], said: str
):
    with pytest.raises(FormError) as refused:
        read_reviews(make(blank), name, filled.assessed(2))
    assert said in str(refused.value)
    assert str(refused.value).endswith("。")


def test_a_trial_now_refuses_a_form_by_a_scheme(filled: Book, blank: bytes):
    with pytest.raises(FormError, match="现在是等权试算"):
        read_reviews(blank, "复核.xlsx", filled.assessed(0))


def test_the_warehouse_takes_what_was_read_and_refuses_the_rest(desk: Book):
    content = typed(write_workbook(desk.assessed(2)), {1: 1.5, 2: 0.5})
    reviews = read_reviews(content, "自评表.xlsx", desk.assessed(2))
    given = {"effective_on": desk.as_of, "recorded_by": "李四"}
    too_much = dict(reviews.changed) | {next(iter(reviews.changed)): (Decimal(9), "")}
    with pytest.raises(WarehouseError, match="评分应在 0 到满分"):
        store_reviews(desk.warehouse, too_much, **given)
    assert desk.assessed(2).rows.review_cents.isna().all()
    store_reviews(desk.warehouse, reviews.changed, **given)
    assert desk.assessed(2).rows.review_cents.count() == 2


def test_self_and_review_are_compared(filled: Book, blank: bytes):
    assessed = filled.assessed(2)
    reviews = read_reviews(typed(blank, {1: 1, 3: 1.5, 66: -0.3, 62: 1}), "自评表.xlsx", assessed)
    compared = compare_tasks(assessed, reviews.marks)
    assert set(compared.number) == set(assessed.rows.number) - {60, 61}
    seen = compared[compared.review_cents.notna()].set_index("number")
    own = assessed.rows.set_index("number").self_cents
    assert seen.review_cents.to_dict() == {1: 100, 3: 150, 66: -30, 62: 100}
    assert seen.difference_cents.to_dict() == {
        1: 100 - own[1],
        3: 150 - own[3],
        66: -30 + own[66],
        62: 100 - own[62],
    }
    added = compare_level1s(compared)
    overall = added.iloc[-1]
    assert overall.part == "overall"
    assert (overall.tasks, overall.reviewed) == (len(compared), 4)
    assert overall.review_cents == 320
    assert overall.difference_cents == overall.review_cents - overall.self_cents
    first = added.iloc[0]
    assert (first.reviewed, first.review_cents) == (2, 250)
    assert first.self_cents == own[1] + own[3]
    assert added[added.part == "penalty"].review_cents.item() == -30


def test_without_a_review_there_is_nothing_to_compare(filled: Book):
    added = compare_level1s(compare_tasks(filled.assessed(2)))
    assert added.reviewed.sum() == 0
    assert added.review_cents.isna().all()


def test_through_libreoffice_and_back(filled: Book, blank: bytes, tmp_path: Path):
    content = typed(blank, {1: 1, 2: 0.5, 66: -0.25}, {2: "一\n二"})
    (tmp_path / "自评表.xlsx").write_bytes(content)
    subprocess.run(
        [
            *(SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "xlsx", "--outdir", str(tmp_path / "out")),
            str(tmp_path / "自评表.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    back = (tmp_path / "out" / "自评表.xlsx").read_bytes()
    assessed = filled.assessed(2)
    found, before = (read_reviews(each, "自评表.xlsx", assessed) for each in (back, content))
    assert found == before
    assert not found.problems
    sheet = opened(back)["自评表"]
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden


def test_a_sheet_of_a_false_size_is_read_all_the_same(filled: Book, blank: bytes):
    # Some programs write A1 as the size of every sheet.
    import zipfile

    content = typed(blank, {1: 1})
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as read, zipfile.ZipFile(stream, "w") as written:
        for entry in read.infolist():
            data = read.read(entry.filename)
            if entry.filename == "xl/worksheets/sheet1.xml":
                start = data.index(b'<dimension ref="') + 16
                data = data[:start] + b"A1" + data[data.index(b'"', start) :]
            written.writestr(entry, data)
    reviews = read_reviews(stream.getvalue(), "自评表.xlsx", filled.assessed(2))
    assert by_number(filled, reviews.marks) == {1: (Decimal(1), "")}
