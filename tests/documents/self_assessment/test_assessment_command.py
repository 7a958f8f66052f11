"""`python -m documents.self_assessment`, and that page, command, workbook and document give the same figures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from documents.self_assessment.__main__ import main
from metrics import ask
from tests.documents.self_assessment.conftest import Book, shelve
from tests.documents.self_assessment.sheets import columns, opened, worked_out
from warehouse import Warehouse
from words import SCORE_PARTS, score


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    """Exit code, lines printed, what went to stderr."""
    code = main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err


def test_page_command_workbook_and_document_agree(
    desk: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    book, document = tmp_path / "自评表.xlsx", tmp_path / "自评表.docx"
    for output in (book, document):
        code, printed, _ = command(
            capsys, str(desk.warehouse.path), "--as-of", "2020-09-30", "--output", str(output)
        )
        assert code == 0
        assert printed[-1] == f"已生成 {output}"
    # What the page asks.
    answer = ask(desk.warehouse, "score_totals", desk.scope(2), by="level1")
    parts = SCORE_PARTS | {"overall": "总分"}
    page = []
    for each in answer.itertuples():
        name = {"base": each.level1, "absent": f"缺项折算：{each.short_name}"}.get(
            each.part, parts[each.part]
        )
        cents = (each.full_cents, each.self_cents, each.secured_cents, each.reachable_cents)
        page.append([name, *map(score, cents)])
    assert [line.split() for line in printed[5:-1]] == page

    totals, tasks = Document(BytesIO(document.read_bytes())).tables
    assert [[cell.text for cell in row.cells] for row in totals.rows][1:] == page
    # The lines to sign are the last row.
    assert [tasks.rows[-2].cells[column].text for column in (2, 4)] == page[-1][1:3]

    sheet = opened(book.read_bytes())["自评表"]
    at = columns(sheet)
    last = [sheet.cell(sheet.max_row, at[name]) for name in ("分值", "自评得分")]
    in_cents = [round(worked_out(sheet, cell) * 100) for cell in last]
    assert [score(cents) for cents in in_cents] == page[-1][1:3]
    # And the sentence above them.
    assert sheet["B5"].value.startswith(f"总分：自评 {page[-1][2]} 分，已锁定 {page[-1][3]} 分")
    assert sheet["B5"].value == printed[2]


def test_the_version_is_chosen_and_the_trial_is_labelled(
    desk: Book, capsys: pytest.CaptureFixture[str]
):
    file = str(desk.warehouse.path)
    code, printed, _ = command(capsys, file, "--as-of", "2020-09-30", "--scheme", "1")
    assert code == 0
    assert printed[1].startswith("评分方案：第 1 版")
    code, printed, _ = command(capsys, file, "--scheme", "0")
    assert code == 0
    assert printed[0].startswith("【演示数据】【等权试算】")
    assert printed[0].endswith("截至 2020-12-31")
    assert printed[1].startswith("等权试算")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scheme", "7"], "没有第 7 版评分方案"),
        (["--as-of", "九月"], "截至日期应如 2020-09-30"),
        (["--ledger", "湖南"], "没有这份台账"),
        (["--output", "自评表.pdf"], "应是 .xlsx 或 .docx"),
        (["--output", "nowhere/at/all.xlsx"], "不能写入"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    desk: Book, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
):
    code, _, error = command(capsys, str(desk.warehouse.path), *arguments)
    assert code == 1
    assert said in error
    assert len(error.splitlines()) == 1


def test_a_database_that_is_not_there_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    missing = tmp_path / "没有.duckdb"
    code, printed, error = command(capsys, str(missing))
    assert (code, printed) == (1, [])
    assert "找不到数据库" in error
    assert not missing.exists()


def test_of_several_ledgers_one_has_to_be_named(
    warehouse: Warehouse, capsys: pytest.CaptureFixture[str]
):
    for name in ("ningxia-2020", "hunan-2019"):
        shelve(warehouse, name)
    code, _, error = command(capsys, str(warehouse.path))
    assert code == 1
    assert "有不止一份台账，请用 --ledger 写明是哪一份" in error
    code, printed, _ = command(capsys, str(warehouse.path), "--ledger", "2019")
    assert code == 0
    assert "等权试算" in printed[0]
    assert "演示" not in printed[0]
    assert printed[0].endswith("截至 2019-12-31")
