"""Progress that a ledger already carries."""

import pytest
from ledger_documents import HEADER, save_csv, save_xlsx

from loaders import Progress, read_ledger

ROW = ("保障", "", "制定办法。", "厅法规处", "2020年6月")


@pytest.fixture
def read(tmp_path):
    """(progress of each task, messages) of a ledger with these extra columns."""

    def read(header, *rows):
        table = [
            [*HEADER, *header],
            *([*ROW[:2], f"任务{i}", *ROW[3:], *row] for i, row in enumerate(rows)),
        ]
        ledger = read_ledger(save_csv(tmp_path / "台账2020.csv", [], table))
        return [task.progress for task in ledger.tasks], [i.message for i in ledger.issues]

    return read


@pytest.mark.parametrize(
    ("text", "progress"),
    {
        "80%": Progress("in_progress", 80),
        "８０％": Progress("in_progress", 80),
        "八成": Progress("in_progress", 80),
        "百分之八十五": Progress("in_progress", 85),
        "100%": Progress("done", 100),
        "0": Progress("not_started", 0),
        "已完成": Progress("done"),
        "正在推进": Progress("in_progress"),
        "未启动": Progress("not_started"),
        "不涉及": Progress("not_applicable"),
        "已起草，正征求意见": Progress(narrative="已起草，正征求意见"),
        "归集率达到80%，仍在归集": Progress(narrative="归集率达到80%，仍在归集"),
        "": None,
    }.items(),
)
def test_a_percent_cell(read, text, progress):
    assert read(["进度"], [text]) == ([progress], [])


def test_one_is_a_share_beside_shares_and_a_percent_beside_percents(read):
    assert [p.percent for p in read(["进度"], ["1"], ["0.8"])[0]] == [100, 80]
    assert [p.percent for p in read(["进度"], ["1"], ["80"])[0]] == [1, 80]


def test_one_alone_is_not_guessed(read):
    progress, messages = read(["进度"], ["1"])
    assert progress == [Progress()]
    assert messages == ["进度“1”看不出是百分之一还是百分之百，没有读入"]


def test_a_percent_format_of_a_workbook_says_what_one_is(tmp_path):
    import openpyxl

    path = save_xlsx(tmp_path / "a.xlsx", [], [[*HEADER, "进度"], [*ROW, ""]])
    book = openpyxl.load_workbook(path)
    book.active["F2"], book.active["F2"].number_format = 1, "0%"
    book.save(path)
    assert read_ledger(path).tasks[0].progress == Progress("done", 100)


def test_all_columns_together(read):
    header = ["完成状态", "进度", "完成日期", "完成情况", "佐证材料"]
    progress, messages = read(
        header, ["已完成", "100%", "2020年5月20日", "已印发。", "宁交〔2020〕1号"]
    )
    (found,) = progress
    assert (found.state, found.percent, str(found.completed_on)) == ("done", 100, "2020-05-20")
    assert (found.narrative, found.evidence) == ("已印发。", "宁交〔2020〕1号")
    assert messages == []


@pytest.mark.parametrize(
    ("header", "cells", "message"),
    [
        (["完成状态"], ["未完成"], "完成状态“未完成”没有识别，请在系统中填报"),
        (["完成状态", "进度"], ["已完成", "80%"], "写明已完成，进度却是 80%，请核对"),
        (["进度"], ["120%"], "进度 120% 超过 100%，没有读入"),
        (["完成日期"], ["已办"], "完成日期“已办”没有识别出日期"),
    ],
)
def test_doubtful_progress_is_reported(read, header, cells, message):
    assert read(header, cells)[1] == [message]
