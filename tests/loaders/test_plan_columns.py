"""Plans that a ledger prints: by which day how much is to be done."""

from datetime import date

import pytest
from ledger_documents import HEADER, save_csv
from openpyxl import Workbook

from loaders import Ledger, preview, read_ledger
from loaders.choices import Doubts
from loaders.correcting import Revision, revised, stated
from loaders.plan import read_plan, stated_plan

HALVES = "2026-06-30 50%；2026-12-31 100%"


@pytest.mark.parametrize(
    ("text", "read"),
    {
        "6月底完成50%，9月底完成80%": "2026-06-30 50%；2026-09-30 80%",
        "6月底前完成一半，年底前完成全部任务": HALVES,
        "上半年50％、全年100％": "2026-06-30 50%",
        "50%（6月底前）；100%（12月底前）": HALVES,
        "6月底、12月底分别完成50%、100%": HALVES,
        "第一阶段（6月底前）：完成50%\n第二阶段（12月底前）：全部完成": HALVES,
        "6.30：50%；12.31：100%": HALVES,
        "1-6月完成50%，7-12月完成100%": HALVES,
        "三月底完成百分之三十": "2026-03-31 30%",
        "2026年3月底20%，6月底五成": "2026-03-31 20%；2026-06-30 50%",
        HALVES: HALVES,
        "12月底完成100%": "",
        "6月底完成初稿": "",
        "每季度25%": "",
        "": "",
    }.items(),
)
def test_a_text_is_a_plan(text, read):
    plan, _ = read_plan(text, 2026)
    assert stated_plan(plan) == read


@pytest.mark.parametrize(
    ("text", "doubt"),
    {
        "6月底完成投资50%": "另有文字“投资”，不能确定进度说的是整项任务",
        "6月底80%，9月底50%": "后一节点的进度低于前一节点",
        "6月底50%，9月底120%": "120% 超过 100%，没有读入",
        "6月底50%，80%": "“80%”没有写明日期，没有读入",
        "6月底50%，9月底": "2026-09-30 没有写明进度，没有读入",
        "6月底50%，6月底60%": "2026-06-30 写了两个进度，按 60%",
        "2027年6月底50%": "有的节点不在 2026 年",
    }.items(),
)
def test_what_is_not_certain_is_a_doubt(text, doubt):
    _, doubts = read_plan(text, 2026)
    (sentence,) = doubts
    assert f"：{doubt}，请核对" in sentence


@pytest.fixture
def read(tmp_path):
    """The ledger of 2026 with these headers and rows."""

    def read(header: list[str], *rows: list[str]) -> Ledger:
        return read_ledger(save_csv(tmp_path / "台账2026.csv", [], [header, *rows]))

    return read


def rows(*plans: str) -> list[list[str]]:
    return [
        ["保障", "", f"第{i}项任务。", "厅法规处", "2026年12月", plan]
        for i, plan in enumerate(plans)
    ]


@pytest.mark.parametrize(
    "heading", ["计划节点", "时间节点与进度", "阶段目标", "进度安排", "节点", "工作目标"]
)
def test_a_column_is_known_by_what_stands_in_it(read, heading):
    ledger = read([*HEADER, heading], *rows("6月底完成50%，12月底完成100%", ""))
    assert [stated_plan(task.plan) for task in ledger.tasks] == [HALVES, ""]
    assert [str(task.due_on) for task in ledger.tasks] == ["2026-12-31"] * 2
    assert [task.task for task in ledger.tasks] == ["第0项任务。", "第1项任务。"]
    assert not ledger.issues


def test_without_another_deadline_it_is_the_deadline_too(read):
    header = [*HEADER[:4], "时间节点与进度"]
    ledger = read(header, [*rows("")[0][:4], "6月底完成50%，12月底前全部完成"])
    (task,) = ledger.tasks
    assert stated_plan(task.plan) == HALVES
    assert task.due_on == date(2026, 12, 31)
    assert not ledger.issues


def test_a_cell_that_is_no_plan_is_a_doubt_and_keeps_its_words(read):
    ledger = read([*HEADER, "计划节点"], *rows("6月底50%", "9月底80%", "6月底完成初稿", "/"))
    assert [stated_plan(task.plan) for task in ledger.tasks] == [
        "2026-06-30 50%",
        "2026-09-30 80%",
        "",
        "",
    ]
    (issue,) = ledger.issues
    assert (issue.about, issue.tasks) == ("plan", (3,))
    assert issue.message == "计划节点“6月底完成初稿”没有读出日期和进度，没有读入"


def test_a_doubtful_plan_can_be_left_out(tmp_path):
    table = [[*HEADER, "计划节点"], *rows("6月底50%", "9月底80%", "6月底完成投资40%")]
    doubts = Doubts(preview(save_csv(tmp_path / "台账2026.csv", [], table)), 2026)
    doubt = doubts.doubt(0)
    assert (doubt.tasks, doubt.fields, doubt.now) == ((3,), ("plan",), "2026-06-30 40%")
    assert [(each.words, each.changes) for each in doubt.choices] == [
        ("没有计划节点", {3: {"plan": ""}})
    ]


def test_a_task_that_names_a_share_is_no_plan(read):
    ledger = read([*HEADER], ["保障", "", "6月底前归集率达到90%。", "厅法规处", "2026年12月"])
    assert ledger.tasks[0].plan is None


def test_it_can_be_written_over_and_follows_the_year(read):
    ledger = read([*HEADER, "计划节点"], *rows("6月底50%", "6月底50%"))
    typed = Revision({1: {"plan": "9月底 40%"}})
    tasks = revised(ledger, typed, 2026)
    assert [stated(task, "plan") for task in tasks.values()] == ["2026-09-30 40%", "2026-06-30 50%"]
    tasks = revised(ledger, Revision(), 2025)
    assert stated(tasks[2], "plan") == "2025-06-30 50%"
    emptied = revised(ledger, Revision({1: {"plan": ""}}), 2026)
    assert emptied[1].plan is None


def test_a_text_too_long_for_a_plan_is_none():
    assert read_plan("1" * 100_000 + "%", 2026) == (None, [])


QUARTERS = "2026-03-31 25%；2026-06-30 50%；2026-09-30 75%；2026-12-31 100%"
SHARES = ["25%", "50%", "75%", "100%"]


def of_periods(*shares: list[str]) -> list[list[str]]:
    return [
        ["保障", "", f"第{i}项任务。", "厅法规处", "2026年12月", *row]
        for i, row in enumerate(shares)
    ]


@pytest.mark.parametrize(
    "headings",
    [
        ["一季度计划进度", "二季度计划进度", "三季度计划进度", "四季度计划进度"],
        ["一季度目标", "二季度目标", "三季度目标", "四季度目标"],
        ["第1季度计划（%）", "第2季度计划（%）", "第3季度计划（%）", "第4季度计划（%）"],
        ["Q1目标", "Q2目标", "Q3目标", "Q4目标"],
        ["3月底计划", "6月底计划", "9月底计划", "12月底计划"],
        ["2026年一季度应完成", "2026年二季度应完成", "三季度应完成", "全年应完成"],
    ],
)
def test_columns_one_a_period_are_a_plan(read, headings):
    ledger = read([*HEADER, *headings], *of_periods(SHARES, ["25%", "", "—", "100%"]))
    assert [stated_plan(task.plan) for task in ledger.tasks] == [
        QUARTERS,
        "2026-03-31 25%；2026-12-31 100%",
    ]
    assert [task.task for task in ledger.tasks] == ["第0项任务。", "第1项任务。"]
    assert [str(task.due_on) for task in ledger.tasks] == ["2026-12-31"] * 2
    assert not ledger.issues


@pytest.mark.parametrize("over", ["计划进度", "工作目标", "时间节点", "各季度计划进度（%）"])
def test_periods_stand_below_a_heading_drawn_over_them(tmp_path, over):
    first = [*HEADER, over, "", "", "", "备注"]
    second = ["", "", "", "", "", "一季度", "二季度", "三季度", "四季度", ""]
    book = Workbook()
    for row in [first, second, *([*row, ""] for row in of_periods(SHARES, SHARES))]:
        book.active.append(row)
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:I1", "J1:J2"):
        book.active.merge_cells(merged)
    book.save(tmp_path / "台账2026.xlsx")
    ledger = read_ledger(tmp_path / "台账2026.xlsx")
    assert [stated_plan(task.plan) for task in ledger.tasks] == [QUARTERS] * 2
    assert not ledger.issues


def test_works_below_such_a_heading_are_read_as_before(tmp_path):
    book = Workbook()
    book.active.append(["一级指标", "责任单位", "完成时限", "工作目标", ""])
    book.active.append(["", "", "", "上半年", "下半年"])
    book.active.append(["保障", "厅法规处", "2026年12月", "形成制度初稿", "印发实施"])
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        book.active.merge_cells(merged)
    book.save(tmp_path / "台账2026.xlsx")
    (task,) = read_ledger(tmp_path / "台账2026.xlsx").tasks
    assert task.plan is None
    assert task.task == "形成制度初稿"


def test_without_another_deadline_the_last_period_is_it(read):
    header = [*HEADER[:4], "一季度目标", "二季度目标", "四季度目标"]
    ledger = read(header, [*of_periods([])[0][:4], "30%", "60%", "100%"])
    (task,) = ledger.tasks
    assert stated_plan(task.plan) == "2026-03-31 30%；2026-06-30 60%；2026-12-31 100%"
    assert task.due_on == date(2026, 12, 31)


def test_a_cell_of_a_period_that_is_no_percentage_is_a_doubt(read):
    """And its period takes no other's percentage, also when the plan is read again for another year."""
    headings = ["一季度目标", "二季度目标", "三季度目标", "四季度目标"]
    rows = of_periods(SHARES, ["25%", "完成初稿", "75%", "100%"], ["25", "50%", "75%", "100%"])
    ledger = read([*HEADER, *headings], *rows)
    read_as = "2026-03-31 25%；2026-09-30 75%；2026-12-31 100%"
    assert [stated_plan(task.plan) for task in ledger.tasks][1:] == [
        read_as,
        "2026-06-30 50%；2026-09-30 75%；2026-12-31 100%",
    ]
    messages = [issue.message for issue in ledger.issues if issue.about == "plan"]
    assert {issue.tasks for issue in ledger.issues} == {(2,), (3,)}
    assert any("2026-06-30 没有写明进度，没有读入" in message for message in messages)
    assert any("2026-03-31 没有写明进度，没有读入" in message for message in messages)
    again = revised(ledger, Revision(), 2025)
    assert stated(again[2], "plan") == read_as.replace("2026", "2025")


def test_shares_of_each_period_are_a_doubt(read):
    headings = ["一季度目标", "二季度目标", "三季度目标", "四季度目标"]
    ledger = read([*HEADER, *headings], *of_periods(["25%"] * 4))
    (issue,) = ledger.issues
    assert "不能确定是累计还是各期的增量" in issue.message


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["一季度完成情况", "二季度完成情况"], ["25%", "50%"]),
        (["一季度实际进度", "二季度实际进度"], ["25%", "50%"]),
        (["一季度", "二季度"], ["25%", "50%"]),
        (["一季度目标", "二季度目标"], ["完成初稿", "完成印发"]),
        (["一季度目标", "备注"], ["25%", ""]),
    ],
)
def test_other_columns_of_periods_are_no_plan(read, headings, cells):
    ledger = read([*HEADER, *headings], *of_periods(cells))
    assert ledger.tasks[0].plan is None
