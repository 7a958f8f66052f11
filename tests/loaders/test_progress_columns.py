"""Progress that a ledger already carries."""

from datetime import date

import pytest
from ledger_documents import HEADER, save_csv, save_xlsx

from loaders import Progress, read_ledger
from loaders.progress import Status, day_spoken_of, read_status

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
        "已起草，正征求意见": Progress("in_progress", narrative="已起草，正征求意见"),
        "归集率达到80%，仍在归集": Progress("in_progress", narrative="归集率达到80%，仍在归集"),
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
        (["完成状态"], ["未完成"], "“未完成”读作进行中，请核对"),
        (["完成状态", "进度"], ["已完成", "80%"], "写明已完成，进度却是 80%，请核对"),
        (["完成状态"], ["见附件"], "完成状态“见附件”没有识别，请在系统中填报"),
        (["进度"], ["120%"], "进度 120% 超过 100%，没有读入"),
        (["完成日期"], ["已办"], "完成日期“已办”没有识别出日期"),
    ],
)
def test_doubtful_progress_is_reported(read, header, cells, message):
    assert read(header, cells)[1] == [message]


@pytest.mark.parametrize(
    ("text", "state", "percent", "is_certain"),
    [
        ("已完成", "done", None, True),
        ("任务已全部完成。", "done", None, True),
        ("工作已完成，无遗留问题", "done", None, True),
        ("完成系统建设并上线", "done", None, False),
        ("已完成，待印发", "in_progress", None, False),
        ("已完成（未验收）", "in_progress", None, False),
        ("初稿已完成，正在征求意见", "in_progress", None, False),
        ("基本完成", "in_progress", None, False),
        ("已完成2场", "in_progress", None, False),
        ("延期至7月15日完成", "in_progress", None, False),
        ("6月底前完成", "in_progress", None, False),
        ("预计年底完成", "in_progress", None, False),
        ("未按期完成", "in_progress", None, False),
        ("没有完成", "in_progress", None, False),
        ("正在推进，预计9月底完成", "in_progress", None, True),
        ("完成1次，第二次计划10月中旬", "in_progress", None, True),
        ("测评中", "in_progress", None, True),
        ("未触发", "not_started", None, False),
        ("已完成50%", "in_progress", 50, True),
        ("进展70%", "in_progress", 70, False),
        ("已归集4200份，84%", "in_progress", 84, False),
        ("100%，待验收", "in_progress", 100, False),
        ("及时率99.1%", None, None, True),
        ("已推送9次", None, None, True),
    ],
)
def test_free_words(text, state, percent, is_certain):
    read = read_status(text, 2026)
    assert (read.state, read.percent, read.is_certain) == (state, percent, is_certain)


@pytest.mark.parametrize("text", ["已于5月20日完成", "2026年5月20日完成"])
def test_a_day_in_the_words_is_the_day_of_completion(text):
    assert read_status(text, 2026) == Status("done", None, date(2026, 5, 20))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("联系人：张三　更新日期：2026年9月28日（10月修订）", date(2026, 9, 28)),
        ("截至9月底完成情况", date(2026, 9, 30)),
        ("（截止2026-09-28）", date(2026, 9, 28)),
        ("填报时间：2026.9.28", date(2026, 9, 28)),
        ("2026年9月28日印发", None),
    ],
)
def test_the_day_that_progress_speaks_of(line, day):
    assert day_spoken_of(["台账", line], 2026) == day
