"""What is said while a long file is read: in words, how far, and never backwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from ledger_documents import HEADER, save_csv, save_docx, save_xlsx
from pdf_documents import save_pdf

from loaders import preview
from loaders.job import main

ROWS = 600
TABLE = [
    [*HEADER],
    *(["一、组织", "（一）领导", f"第{n}项任务。", "厅法规处", "2020年6月"] for n in range(ROWS)),
]


@pytest.mark.parametrize(
    ("save", "opening"),
    [
        (save_csv, "正在打开文件"),
        (save_docx, "正在读表1：第 500 行，共 601 行"),
        (save_xlsx, "正在读工作表“"),
        (save_pdf, "正在读第 2 页，共 "),
    ],
)
def test_a_long_file_says_how_far_it_is(tmp_path: Path, save: Callable, opening: str):
    path = save(tmp_path / f"台账2020.{save.__name__.removeprefix('save_')}", ["台账"], TABLE)
    told: list[tuple[str, float]] = []
    read = preview(path, tell=lambda doing, done: told.append((doing, done)))
    assert any(doing.startswith(opening) for doing, _ in told)
    rows = f"共 {len(read.ledger.rows)} 行"
    assert f"正在识别任务和责任单位：第 500 行，{rows}" in [doing for doing, _ in told]
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert 0 == shares[0] < shares[-1] <= 1
    opened = [done for doing, done in told if doing.startswith("正在读")]
    assert opened == sorted({*opened})


def test_several_sheets_and_tables_never_go_backwards(tmp_path: Path):
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("第二张")):
        for row in TABLE:
            sheet.append(row)
    book.save(tmp_path / "台账2020.xlsx")
    shares: list[float] = []
    preview(tmp_path / "台账2020.xlsx", tell=lambda _, done: shares.append(done))
    assert shares == sorted(shares)


def test_the_job_tells_a_file_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
):
    path = save_csv(tmp_path / "源", ["台账"], TABLE)
    told = tmp_path / "progress"
    monkeypatch.setattr("sys.argv", ["job", str(path), "台账2020.csv", str(told)])
    assert main() == 0
    assert capfdbinary.readouterr().out
    lines = [line.split("\t") for line in told.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == ["0.000", "正在打开文件"]
    assert lines[-1] == ["1.000", "正在整理读出的内容"]
    assert {len(line) for line in lines} == {2}


def test_a_line_break_in_a_name_breaks_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
):
    def forged(*given: object) -> None:
        given[-1]("正在读工作表“一\n二\t三”", 0.5)
        raise LookupError

    told = tmp_path / "progress"
    monkeypatch.setattr("sys.argv", ["job", "x", "y", str(told)])
    monkeypatch.setattr("loaders.job.preview", forged)
    with pytest.raises(LookupError):
        main()
    assert told.read_text(encoding="utf-8") == "0.500\t正在读工作表“一 二 三”\n"
    assert not capfdbinary.readouterr().out
