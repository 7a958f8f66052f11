"""Plans that a ledger prints: by which day how much is to be done."""

from datetime import date

import pytest
from ledger_documents import HEADER, save_csv

from loaders import Ledger, read_ledger
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
