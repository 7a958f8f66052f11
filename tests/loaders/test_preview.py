"""The source as tables of cells, each with how it was read."""

import pytest
from ledger_documents import DOCUMENTS, HEADER, LEDGERS, LEFT, SEEDS, UP, save_csv, save_docx

from loaders import preview, read_ledger

ROW = ("一、组织保障", "（一）领导", "制定办法。", "厅法规处", "2020年6月")


def readings(row):
    return [cell.reading + "↑" * cell.inherited for cell in row]


def test_each_cell_says_how_it_was_read(tmp_path):
    table = [
        ["湖南省2020年清单", LEFT, LEFT, LEFT, LEFT, LEFT],
        [*HEADER, "分值", "考核人"][:6],
        [*ROW, "2"],
        [UP, UP, "公布办法。", UP, "2020年7月", ""],
        ["合计", "", "", "", "", "2"],
    ]
    (found,) = preview(save_docx(tmp_path / "a.docx", [], table)).tables
    assert found.name == "表1"
    assert [readings(row) for row in found.rows] == [
        ["title", *["title↑"] * 5],
        ["header"] * 6,
        ["level1", "level2", "task", "responsible", "deadline", "points"],
        ["level1↑", "level2↑", "task", "responsible↑", "deadline", "blank"],
        ["total", *["blank"] * 4, "total"],
    ]


def test_blank_cells_that_take_the_value_above_and_columns_not_read(tmp_path):
    table = [[*HEADER, "考核人"], [*ROW, "张三"], ["", "", "公布办法。", "", "", ""]]
    (found,) = preview(save_csv(tmp_path / "a.csv", [], table)).tables
    assert readings(found.rows[1])[-1] == "ignored"
    assert readings(found.rows[2]) == [
        "level1↑",
        "level2↑",
        "task",
        "responsible↑",
        "deadline↑",
        "blank",
    ]


def test_a_plan_in_prose_is_shown_by_heading_task_and_owner():
    (table,) = preview(DOCUMENTS / "06_zhejiang_xinyong_2024_jihua.txt").tables
    shown = [[(c.reading, c.text[:5]) for c in row if c.text] for row in table.rows[-2:]]
    assert shown[0] == [("level1", "二、夯实信")] or shown[0] == [("title", "二、夯实信")]
    assert ("level2", "迭代升级信") in shown[1]


@pytest.mark.parametrize(
    "path",
    [*(LEDGERS / f"{seed}.txt" for seed in SEEDS), *sorted(DOCUMENTS.glob("*.txt"))],
    ids=lambda path: path.stem,
)
def test_the_rows_are_those_of_the_ledger(path):
    seen = preview(path)
    rows = [row for table in seen.tables for row in table.rows]
    assert len(rows) == len(seen.ledger.rows)
    for row, source in zip(rows, seen.ledger.rows, strict=True):
        assert any(cell.reading == "task" for cell in row) == bool(source.tasks)
    assert seen.ledger == read_ledger(path)


def test_an_upload_by_its_own_name(tmp_path):
    (tmp_path / "upload").write_bytes((LEDGERS / "ningxia-2020.txt").read_bytes())
    assert preview(tmp_path / "upload", "宁夏2020.txt").ledger.file == "宁夏2020.txt"
