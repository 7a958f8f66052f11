"""PDF files with ruled tables."""

import pytest
from ledger_documents import HEADER, SEEDS, UP, golden_rows, seed_table, values
from pdf_documents import save_pdf, save_text_pdf, write_pdf

from loaders import LedgerError, read_ledger

ROW = ("一、组织保障", "（一）领导", "制定办法。", "厅法规处", "2020年6月")


def refusal(path):
    with pytest.raises(LedgerError) as refused:
        read_ledger(path)
    return str(refused.value)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_seeds_over_several_pages(seed, tmp_path):
    ledger = read_ledger(save_pdf(tmp_path / f"{seed}.pdf", *seed_table(seed)))
    assert values(ledger) == golden_rows(seed)
    assert sum(row.tasks for row in ledger.rows) == len(ledger.tasks)
    assert {task.place.table for task in ledger.tasks} == {"表1"}


def table_of(*rows):
    return [list(HEADER), *[list(row) for row in rows]]


def pages_of(tmp_path, first, second):
    """A table cut between two lists of rows."""
    from pdf_documents import LEADING, TOP, _draw, _height, _widths

    widths = _widths(first + second)
    pages = [
        _draw(p, [_height(r, widths) for r in p], widths, TOP - LEADING) for p in (first, second)
    ]
    return read_ledger(write_pdf(tmp_path / "台账2020.pdf", pages))


def test_a_header_repeated_on_every_page(tmp_path):
    second = [list(HEADER), ["", "", "公布办法。", "厅人事处", "2020年7月"]]
    ledger = pages_of(tmp_path, table_of(ROW), second)
    assert [t.level2 for t in ledger.tasks] == ["领导", "领导"]
    assert [row.reading for row in ledger.rows] == ["header", "task", "header", "task"]
    assert ledger.issues == ()


@pytest.mark.parametrize("header", [[], [list(HEADER)]])
def test_a_row_broken_by_the_page(header, tmp_path):
    first = table_of([*ROW[:2], "制定办法，明确各方", "厅法规处、", "2020年6月"])
    second = [
        *header,
        ["", "", "责任并公布。", "人事处", ""],
        ["", "", "宣传办法。", "厅办公室", "2020年7月"],
    ]
    ledger = pages_of(tmp_path, first, second)
    assert [t.task for t in ledger.tasks] == ["制定办法，明确各方责任并公布。", "宣传办法。"]
    assert [a.unit for a in ledger.tasks[0].assignments] == ["厅法规处", "厅人事处"]
    assert [i.message for i in ledger.issues] == [
        "该行在第 1 页末断开，已与下一页首行并为一行，请核对"
    ]


def test_a_row_of_its_own_at_the_top_of_a_page(tmp_path):
    first = table_of([*ROW[:2], "制定办法", "厅法规处", "2020年6月"])
    ledger = pages_of(tmp_path, first, [["", "", "公布办法", "厅人事处", "2020年7月"]])
    assert [t.task for t in ledger.tasks] == ["制定办法", "公布办法"]


def test_merged_cells_are_read_as_one(tmp_path):
    rows = table_of(ROW, (UP, UP, "公布办法。", UP, UP))
    ledger = read_ledger(save_pdf(tmp_path / "台账2020.pdf", [], rows))
    assert ledger.tasks[1].responsible_inherited
    assert ledger.tasks[1].deadline_inherited


def test_a_plan_in_running_text(tmp_path):
    lines = [
        "2020年信用交通工作要点",
        "一、加强制度建设",
        "1.制定办法。根据国家和部省有关信用建设的最新部署要求，研究制定信用信息管理办法，进一步加强和规范信用监管。（厅法规处牵头）",
    ]
    (task,) = read_ledger(save_text_pdf(tmp_path / "a.pdf", lines)).tasks
    assert task.task == lines[2][7:-8]
    assert (task.level1, task.responsible_text) == ("加强制度建设", "厅法规处牵头")


def test_a_scanned_document(tmp_path):
    path = write_pdf(tmp_path / "a.pdf", [["q 100 0 0 100 0 0 cm Q"]])
    assert refusal(path) == (
        "PDF 中没有文字，可能是扫描件，请换用 Word、Excel 原件或识别文字后再导入"
    )


def test_text_without_table_or_plan(tmp_path):
    path = save_text_pdf(tmp_path / "a.pdf", ["只有一段话。"])
    assert refusal(path) == "PDF 中没有带框线的表格，请换用 Word、Excel 原件后再导入"
