"""The 自评表 as a workbook: its formulas come to the page's totals, and only reviews may be typed."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from documents.self_assessment import Assessment, evidence_table, write_workbook
from documents.self_assessment.content import sections
from documents.self_assessment.layout import Stamp
from tests.documents.self_assessment.conftest import Book
from tests.documents.self_assessment.sheets import (
    columns,
    formulas,
    opened,
    row_of,
    saved,
    worked_out,
)
from warehouse.entries.marks import store_reviews

SOFFICE = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)
LINES = {
    "缺项折算小计": "absent",
    "加分小计": "bonus",
    "加分超上限": "excess",
    "扣分小计": "penalty",
    "总分": "overall",
}


HEADERS = {"full": "分值", "self": "自评得分"}


def sums(sheet, value_of) -> dict[tuple[str, str, str], float]:
    """(part, indicator, which) → 分值 and 自评得分 of each line that adds up."""
    at = columns(sheet)
    found, level1 = {}, ""
    for row in range(8, sheet.max_row + 1):
        words = sheet.cell(row, at["目标任务"]).value
        if sheet.cell(row, 1).value is None and not words:
            level1 = sheet.cell(row, 2).value
        part = "base" if words == "小计" else LINES.get(words)
        if part and sheet.cell(row, 1).value is None:
            for which, header in HEADERS.items():
                name = (part, level1 if part == "base" else "", which)
                found[name] = value_of(sheet.cell(row, at[header]))
    return found


def expected(assessed: Assessment) -> dict[tuple[str, str, str], float]:
    """The same from the answer of score_totals; 缺项, bonus and penalties on one line each."""
    found: Counter = Counter()
    for each in assessed.totals.itertuples():
        for which in HEADERS:
            name = (each.part, each.level1 if each.part == "base" else "", which)
            found[name] += getattr(each, f"{which}_cents")
    return {name: cents / 100 for name, cents in found.items()}


def test_the_formulas_come_to_the_totals_of_the_page(assessed: Assessment):
    sheet = opened(write_workbook(assessed))["自评表"]
    worked = sums(sheet, lambda cell: worked_out(sheet, cell))
    assert worked == pytest.approx(expected(assessed), abs=1e-9)
    # Typed figures would be no live totals.
    assert sums(sheet, lambda cell: cell.data_type) == dict.fromkeys(worked, "f")


def test_what_is_stored_with_the_formulas_is_what_they_come_to(assessed: Assessment):
    content = write_workbook(assessed)
    book, stored = opened(content), opened(content, data_only=True)
    listed = formulas(book)
    assert listed
    for cell in listed:
        kept = stored[cell.parent.title][cell.coordinate].value
        worked = worked_out(cell.parent, cell)
        assert (kept if kept is not None else "") == (
            worked if isinstance(worked, str) else pytest.approx(worked, abs=1e-9)
        ), cell


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("version", [1, 2])
def test_libreoffice_comes_to_the_same(filled: Book, tmp_path: Path, version: int):
    assessed = filled.assessed(version)
    book = opened(write_workbook(assessed))
    # Without stored values it has to compute.
    (tmp_path / "自评表.xlsx").write_bytes(saved(book))
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
    computed = opened((tmp_path / "out" / "自评表.xlsx").read_bytes(), data_only=True)
    assert sums(computed["自评表"], lambda cell: cell.value) == pytest.approx(expected(assessed))
    for cell in formulas(book):
        worked, other = worked_out(cell.parent, cell), computed[cell.parent.title][cell.coordinate]
        found = "" if other.value is None else other.value
        assert found == (worked if isinstance(worked, str) else pytest.approx(worked)), cell


def test_every_task_is_there_once_with_its_score(assessed: Assessment):
    sheet = opened(write_workbook(assessed))["自评表"]
    at = columns(sheet)
    found = {
        sheet.cell(row, 1).value: [
            sheet.cell(row, at[header]).value
            for header in ("编号", "目标任务", "责任处室（单位）", "自评得分")
        ]
        for row in range(8, sheet.max_row + 1)
        if sheet.cell(row, 1).value
    }
    sign = {"penalty": -1}
    assert found == {
        str(row.task_id): [
            row.number,
            row.task,
            row.units,
            None
            if row.self_cents is None or row.self_cents != row.self_cents
            else sign.get(row.kind, 1) * row.self_cents / 100,
        ]
        for row in assessed.rows.astype({"self_cents": "float"}).itertuples()
    }
    assert len(found) == sum(len(section.rows) for section in sections(assessed))


def test_reviews_add_up_beside_the_scores(desk: Book):
    rows = {row.number: row for row in desk.assessed(2).rows.itertuples()}
    typed = {1: "1.5", 2: "0.25", 62: "2", 63: "2", 68: "0.3"}
    given = {rows[number].task_id: (Decimal(value), "核减") for number, value in typed.items()}
    store_reviews(desk.warehouse, given, effective_on=desk.as_of, recorded_by="李四")
    content = write_workbook(desk.assessed(2))
    book, stored = opened(content), opened(content, data_only=True)
    sheet = book["自评表"]
    at = columns(sheet)
    review = {
        sheet.cell(row, at["目标任务"]).value: worked_out(sheet, sheet.cell(row, at["复核得分"]))
        for row in range(sheet.max_row - 12, sheet.max_row + 1)
    }
    assert review["加分小计"] == 4
    assert review["加分超上限"] == -1.5
    assert review["扣分小计"] == -0.3
    assert review["总分"] == pytest.approx(1.5 + 0.25 + 2.5 - 0.3)
    assert sheet.cell(row_of(sheet, 68), at["复核得分"]).value == -0.3
    assert sheet.cell(row_of(sheet, 1), at["复核意见"]).value == "核减"
    last = stored["自评表"].cell(sheet.max_row, at["复核意见"]).value
    assert last == "已复核 5 项，共 69 项"
    for cell in formulas(book):
        worked = worked_out(cell.parent, cell)
        kept = stored[cell.parent.title][cell.coordinate].value
        assert ("" if kept is None else kept) == (
            worked if isinstance(worked, str) else pytest.approx(worked)
        )


def test_the_head_says_what_the_figures_are_of(filled: Book, issued: Book):
    real, trial = (
        "\n".join(str(row[0]) for row in opened(write_workbook(book.assessed()))["自评表"].iter_rows(
            min_col=2, max_col=2, max_row=6, values_only=True
        ))
        for book in (filled, issued)
    )  # fmt: skip
    for part in (
        "【演示数据】",
        "评分方案：第 2 版",
        "佐证起算日：2020-07-01",
        "2020-09-30",
        "数据版本：",
    ):
        assert part in real
    assert "等权试算" not in real
    assert trial.startswith("【等权试算】信用交通省自评表")
    assert "不是正式得分" in trial
    assert "演示" not in trial


@pytest.mark.parametrize("version", [1, 0])
def test_every_sheet_and_every_printed_page_is_marked(filled: Book, version: int):
    book = opened(write_workbook(filled.assessed(version)))
    mark = "【演示数据】" if version else "【演示数据】【等权试算】"
    for sheet in book.worksheets:
        assert sheet.oddHeader.right.text == mark
        first = sheet["B1"] if sheet.title == "自评表" else sheet["A1"]
        assert first.value.startswith(mark)


def test_a_ledger_as_issued_says_that_nothing_was_reported(issued: Book):
    sheet = opened(write_workbook(issued.assessed()))["自评表"]
    at = columns(sheet)
    base = [row.number for row in issued.assessed().rows.itertuples() if row.kind == "base"]
    for number in base:
        row = row_of(sheet, number)
        assert sheet.cell(row, at["完成情况、佐证、扣分原因"]).value.startswith("未填报")
        assert sheet.cell(row, at["扣分原因"]).value.endswith("：未填报")
    assert "台账尚无进展填报" in sheet["B5"].value


def test_only_reviews_may_be_typed_and_only_up_to_full_marks(filled: Book):
    assessed = filled.assessed(2)
    sheet = opened(write_workbook(assessed))["自评表"]
    at = columns(sheet)
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    checks = {
        cell: (check.formula1, check.formula2)
        for check in sheet.data_validations.dataValidation
        for each in check.sqref.ranges
        for cell in [each.coord] if ":" not in each.coord
    } | {
        f"{'L'}{row}": (check.formula1, check.formula2)
        for check in sheet.data_validations.dataValidation
        for each in check.sqref.ranges
        for row in range(each.min_row, each.max_row + 1)
    }  # fmt: skip
    for task in assessed.rows.itertuples():
        row = row_of(sheet, task.number)
        unlocked = [cell.column for cell in sheet[row] if not cell.protection.locked]
        if task.rule is None or task.rule != task.rule:
            assert unlocked == []
            continue
        assert unlocked == [at["复核得分"], at["复核意见"]]
        full = task.full_cents / 100
        low, high = (-full, 0) if task.kind == "penalty" else (0, full)
        found = checks[sheet.cell(row, at["复核得分"]).coordinate]
        assert tuple(map(float, found)) == (low, high)


def test_eight_columns_are_printed_and_say_what_the_hidden_ones_hold(filled: Book):
    assessed = filled.assessed(1)
    sheet = opened(write_workbook(assessed))["自评表"]
    shown = [
        name for name, at in columns(sheet).items()
        if not sheet.column_dimensions[get_column_letter(at)].hidden
    ]  # fmt: skip
    account = "完成情况、佐证、扣分原因"
    assert shown == [
        *("编号", "目标任务", "分值", "评分标准", "自评得分", account, "复核得分", "复核意见")
    ]
    at = columns(sheet)
    for task in assessed.rows.itertuples():
        row = row_of(sheet, task.number)
        said = sheet.cell(row, at[account]).value
        for name in ("指标", "责任处室（单位）", "佐证材料", "扣分原因"):
            held = sheet.cell(row, at[name]).value
            assert held in (None, "无") or held in said, (task.number, name)


def test_full_marks_are_named_once(filled: Book):
    book = opened(write_workbook(filled.assessed(1)))
    lines = [
        str(cell) for sheet in book.worksheets
        for row in sheet.iter_rows(max_row=6, max_col=2, values_only=True) for cell in row if cell
    ]  # fmt: skip
    assert sum("满分 105 分，即基本分 100 分、加分最多 5 分" in line for line in lines) == 1
    whole = [str(cell) for row in book["自评表"].iter_rows(values_only=True) for cell in row]
    assert not [text for text in whole if "上限：5 分" in text or "合计不超过" in text]


def test_a_trial_has_nothing_to_review(filled: Book):
    sheet = opened(write_workbook(filled.assessed(0)))["自评表"]
    cells = [cell for row in sheet.iter_rows(min_row=8) for cell in row]
    assert all(cell.protection.locked for cell in cells)
    assert not sheet.data_validations.dataValidation


def test_text_stays_text(filled: Book):
    assessed = filled.assessed(1)
    odd = "=HYPERLINK(\"http://a\")&'甲'!A1\x07"
    rows = assessed.rows.assign(task=odd, narrative=odd, criterion=odd, units=odd, level2=odd)
    context = replace(assessed.context, ledger=odd, filters=odd)
    before = len(formulas(opened(write_workbook(assessed))))
    made = opened(write_workbook(replace(assessed, rows=rows, context=context)))
    assert len(formulas(made)) == before
    sheet = made["自评表"]
    assert sheet.cell(row_of(sheet, 1), columns(sheet)["目标任务"]).value == odd.replace("\x07", "")


def test_the_evidence_still_wanted(filled: Book):
    assessed = filled.assessed(2)
    book = opened(write_workbook(assessed))
    sheet = book["佐证材料清单"]
    head = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "编号")
    rows = [
        [cell.value for cell in row[:11]]
        for row in sheet.iter_rows(min_row=head + 1)
        if row[0].value
    ]
    gaps = assessed.gaps
    assert [row[0] for row in rows] == gaps.number.tolist()
    assert [row[8] for row in rows] == (gaps.full_cents / 100).tolist()
    assert [row[9] for row in rows] == (gaps.lost_cents / 100).tolist()
    assert [row[10] for row in rows] == (gaps.at_stake_cents / 100).tolist()
    assert {row[7] for row in rows} == {"佐证过旧", "没有佐证"}
    for row, gap in zip(rows, gaps.itertuples(), strict=True):
        assert row[7] == ("佐证过旧" if gap.gap == "old" else "没有佐证")
        assert (row[6] == "无") == (gap.gap == "missing")
    assert "单位：分）" not in evidence_table(assessed).columns
    said = "\n".join(str(sheet.cell(row, 1).value or "") for row in range(1, head))
    assert "百分之一分" not in said


def test_a_trial_asks_for_no_evidence(filled: Book):
    assert opened(write_workbook(filled.assessed(0))).sheetnames == [
        "自评表",
        "自评复核对照",
        "计分过程",
    ]


def test_the_workings_explain_every_score(filled: Book):
    assessed = filled.assessed(2)
    sheet = opened(write_workbook(assessed))["计分过程"]
    head = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "编号")
    said = {row[0].value: row[3].value for row in sheet.iter_rows(min_row=head + 1)}
    assert said == {row.number: assessed.sentence(row) for row in assessed.rows.itertuples()}


def test_the_stamp_tells_whose_it_is(filled: Book):
    assessed = filled.assessed(2)
    stamp = Stamp.read(opened(write_workbook(assessed))["自评表"]["A1"].value)
    assert stamp == Stamp(
        filled.ledger_id, 1, assessed.scheme.scheme_id, 2, filled.warehouse.data_version, True
    )


def test_no_heading_ends_a_printed_page_and_no_sum_begins_one(assessed: Assessment):
    sheet = opened(write_workbook(assessed))["自评表"]
    words, key = columns(sheet)["目标任务"], 1
    breaks = [each.id for each in sheet.row_breaks.brk]
    assert breaks or sheet.max_row < 30
    for last in breaks:
        is_heading = not sheet.cell(last, key).value and not sheet.cell(last, words).value
        is_sum = not sheet.cell(last + 1, key).value and sheet.cell(last + 1, words).value
        assert not is_heading
        assert not is_sum


def test_a_sheet_without_tasks_says_so_where_it_is_printed(filled: Book):
    book = opened(write_workbook(filled.assessed(1, level1s=("没有这个指标",))))
    for name in ("计分过程", "佐证材料清单"):
        sheet = book[name]
        last = int(sheet.print_area.rpartition("$")[2])
        assert sheet.cell(last, 1).value == "所选范围内没有计分的任务。"
