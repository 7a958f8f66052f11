"""Tables of a PDF that have no rulings: columns and rows by where the text stands."""

from pathlib import Path

import pytest
from ledger_documents import LEFT, UP
from pdf_documents import save_unruled_pdf

from loaders import LedgerError, read_ledger

TITLE = ["某省2024年信用交通省建设工作台账"]
HEAD = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"]
LONG = (
    "建立健全公路建设市场信用评价制度，完善从业单位信用档案，推动评价结果在招标投标中应用。",
    "厅公路局",
    "厅法规处、厅质监局、厅运输处、厅办公室、厅人事处、厅财务处",
    "2024年6月",
)
SHORT = ("开展评定。", "厅运输处", "各市（州）交通运输局", "2024年9月")
OFTEN = (
    "归集行政许可和行政处罚信息，按照要求在七个工作日内报送平台，并定期通报报送情况，对迟报漏报的提醒。",
    "厅法规处",
    "各有关处室、厅直各单位",
    "长期坚持",
)
ROWS = (LONG, SHORT, OFTEN)
DOUBT = "表格没有框线，列和行是按文字对齐的位置分的，请逐项核对"


def numbered(rows=ROWS):
    return [[str(number), *row] for number, row in enumerate(rows, start=1)]


def as_read(ledger):
    return [(t.task, t.responsible_text, t.deadline_text) for t in ledger.tasks]


def as_written(rows=ROWS):
    return [
        (task, f"牵头单位：{lead}；配合单位：{with_whom}", day)
        for task, lead, with_whom, day in rows
    ]


def refusal(path: Path) -> str:
    with pytest.raises(LedgerError) as refused:
        read_ledger(path)
    return str(refused.value)


@pytest.mark.parametrize("stands", ["top", "middle", "bottom"])
@pytest.mark.parametrize("space", [0, 6])
def test_rows_with_a_number_wherever_the_text_stands_in_them(tmp_path, stands, space):
    table = [HEAD, *numbered()]
    path = save_unruled_pdf(tmp_path / "台账.pdf", TITLE, table, stands=stands, space=space)
    ledger = read_ledger(path)
    assert as_read(ledger) == as_written()
    assert [issue.message for issue in ledger.issues] == [DOUBT]


def test_rows_that_only_space_parts(tmp_path):
    table = [["工作类别", *HEAD[1:]], ["制度", *LONG], [UP, *SHORT], ["归集", *OFTEN]]
    ledger = read_ledger(save_unruled_pdf(tmp_path / "台账.pdf", TITLE, table))
    assert as_read(ledger) == as_written()
    assert [task.level1 for task in ledger.tasks] == ["制度", "制度", "归集"]


def test_headings_of_two_lines_and_across_the_columns(tmp_path):
    head = ["序号", "工作任务", "牵头单位\n（处室）", "配合单位\n（处室）", "完成时限"]
    across = ["一、制度建设", *[LEFT] * 4], ["二、信息归集", *[LEFT] * 4]
    table = [head, across[0], *numbered()[:2], across[1], *numbered()[2:]]
    path = save_unruled_pdf(tmp_path / "台账.pdf", TITLE, table, stands="middle")
    ledger = read_ledger(path)
    assert [t.task for t in ledger.tasks] == [row[0] for row in ROWS]
    assert [t.level1 for t in ledger.tasks] == ["制度建设", "制度建设", "信息归集"]


def test_a_table_that_goes_on_over_pages(tmp_path):
    rows = [(f"完成第{i}项。", *row[1:]) for i in range(1, 20) for row in ROWS]
    ledger = read_ledger(save_unruled_pdf(tmp_path / "台账.pdf", TITLE, [HEAD, *numbered(rows)]))
    assert as_read(ledger) == as_written(rows)


def test_lines_below_the_table_are_named(tmp_path):
    path = save_unruled_pdf(
        tmp_path / "台账.pdf", TITLE, [HEAD, *numbered()], notes=["注：联系人张三。"]
    )
    ledger = read_ledger(path)
    assert as_read(ledger) == as_written()
    assert any("注：联系人张三。" in issue.message for issue in ledger.issues)


def test_rows_that_nothing_parts_are_refused(tmp_path):
    # Each text takes two lines, none has a number, and rows are as close as lines.
    row = [LONG[0], "厅公路\n局", "厅法规处、\n厅质监局", "2024年\n6月底前"]
    table = [HEAD[1:], row, row, row]
    path = save_unruled_pdf(tmp_path / "台账.pdf", TITLE, table, stands="middle", space=0)
    assert "表格没有框线，从文字的位置分不清" in refusal(path)


def test_a_text_that_runs_into_the_next_column_is_refused(tmp_path):
    table = [HEAD, *numbered()]
    table[2] = [
        "2",
        "完成一件名称很长写不下而没有换行所以一直写到旁边那一列里去了的事情。",
        LEFT,
        "厅",
        "2024年",
    ]
    path = save_unruled_pdf(tmp_path / "台账.pdf", TITLE, table)
    assert "表格没有框线，从文字的位置分不清" in refusal(path)
