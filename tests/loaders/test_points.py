"""Points: read once, shared only when the ledger says how."""

import pytest
from ledger_documents import LEFT, UP, save_csv, save_docx, save_xlsx

from loaders import read_ledger
from loaders.points import split_points

HEADER = ("一级指标", "二级指标", "目标任务", "责任单位", "完成时限", "分值")


@pytest.fixture
def read(tmp_path):
    """(points of each task, messages) of a table."""

    def read(*rows, header=HEADER, save=save_csv):
        suffix = {save_csv: ".csv", save_docx: ".docx", save_xlsx: ".xlsx"}[save]
        path = tmp_path / f"台账2020{suffix}"
        table = [list(header), *[list(row) for row in rows]]
        ledger = read_ledger(save(path, [], table))
        return [t.points for t in ledger.tasks], [i.message for i in ledger.issues], ledger

    return read


def task(level1, level2, text, points=""):
    return (level1, level2, text, "厅法规处", "6月", points)


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "组织建设（4分）": ("组织建设", "4 分"),
        "组织建设(4 分)": ("组织建设", "4 分"),
        "组织建设（共４分）": ("组织建设", "4 分"),
        "组织建设4分)": ("组织建设", "4 分"),
        "组织建设：2.5分": ("组织建设", "2.5 分"),
        "组织建设（每项2分，共4分）": ("组织建设", "每项 2 分"),
        "组织建设【满分10分】": ("组织建设", "10 分"),
        "制定办法。（2分）": ("制定办法。", "2 分"),
        "主要领导任组长的得4分": ("主要领导任组长的得4分", "None"),
        "提高4分": ("提高4分", "None"),
        "（4分）": ("（4分）", "None"),
        "满分（百分制）": ("满分（百分制）", "None"),
    }.items(),
)
def test_a_remark_of_points(text, expected):
    name, stated = split_points(text)
    assert (name, str(stated)) == expected


def test_a_heading_over_rows_that_sum_to_it_is_counted_once(read):
    points, messages, ledger = read(
        task("一、推进力度（6分）", "（一）组织建设（4分）", "成立小组。", "3"),
        task("", "", "制定制度。", "1分"),
        task("", "（二）宣传（2分）", "开展宣传。", "2"),
    )
    assert (points, messages) == ([3, 1, 2], [])
    assert {(t.level1, t.level2) for t in ledger.tasks} == {
        ("推进力度", "组织建设"),
        ("推进力度", "宣传"),
    }


def test_the_points_of_a_heading_over_one_task_are_that_task_s(read):
    assert read(task("推进力度（4分）", "", "成立小组。"))[:2] == ([4], [])
    assert read(task("推进力度（4分）", "组织建设（4分）", "成立小组。"))[:2] == ([4], [])


def test_those_over_several_are_given_to_nobody(read):
    points, messages, _ = read(
        task("推进力度", "组织建设（4分）", "成立小组。"), task("", "", "制定制度。")
    )
    assert points == [None, None]
    assert messages == ["“组织建设”的 4 分由 2 项任务共用，没有写明如何分配，没有读入"]


def test_unless_the_ledger_says_how(read):
    rows = [
        task("推进力度", "组织建设（每项2分，共4分）", "成立小组。"),
        task("", "", "制定制度。"),
    ]
    assert read(*rows)[:2] == ([2, 2], [])


def test_a_heading_that_is_not_the_sum_of_its_rows(read):
    rows = [task("推进力度（10分）", "", "成立小组。", "4"), task("", "", "制定制度。", "5")]
    assert read(*rows)[:2] == ([4, 5], ["“推进力度”写明 10 分，其下合计 9 分，请核对"])
    rows[1] = task("", "", "制定制度。")
    assert read(*rows)[1] == ["“推进力度”共 10 分，其下有 1 项任务没有分值，请核对"]


@pytest.mark.parametrize("save", [save_docx, save_xlsx])
def test_a_merged_cell_over_several_tasks(read, save):
    first = ("甲", "", "一", "厅法规处", "6月", "4")
    rows = [first, (UP, LEFT, "二", UP, UP, UP)]
    assert read(*rows, save=save)[:2] == ([None, None], ["分值“4”由多项任务共用，没有读入"])
    rows[0] = (*first[:5], "每项2分")
    assert read(*rows, save=save)[:2] == ([2, 2], [])


@pytest.mark.parametrize("save", [save_docx, save_xlsx])
def test_a_merged_cell_over_the_owner_rows_of_one_task(read, save):
    rows = [("甲", "", "一", "厅法规处", "6月", "4"), (UP, UP, UP, "厅人事处", UP, UP)]
    points, _, ledger = read(*rows, save=save)
    assert points == [4]
    assert len(ledger.tasks[0].assignments) == 2


def test_points_in_the_task_itself(read):
    points, messages, ledger = read(
        task("甲", "", "1.成立小组。（1分） 2.制定制度（2分）。"),
        task("", "", "开展宣传。（3分）", "2"),
    )
    assert points == [1, 2, 2]
    assert [t.task for t in ledger.tasks] == ["成立小组。", "制定制度。", "开展宣传。"]
    assert messages == ["分值一栏为 2 分，任务文字中为 3 分，按分值一栏读入"]


def test_what_a_task_is_judged_by(read):
    header = (*HEADER, "评分标准", "考核依据")
    row = task("甲", "", "成立小组。", "4")
    _, messages, ledger = read((*row, "主要领导任组长的得4分。", "文件"), header=header)
    assert ledger.tasks[0].criterion == "主要领导任组长的得4分。\n文件"
    assert (ledger.tasks[0].points, messages) == (4, [])


def test_assessed_content_is_the_criterion_beside_the_work_and_the_task_without_it(read):
    header = ("考核内容", "工作内容", "责任单位", "完成时限")
    ledger = read(("得4分。", "成立小组。", "厅法规处", "6月"), header=header)[2]
    assert (ledger.tasks[0].task, ledger.tasks[0].criterion) == ("成立小组。", "得4分。")
    ledger = read(("成立小组。", "厅法规处", "6月"), header=(header[0], *header[2:]))[2]
    assert (ledger.tasks[0].task, ledger.tasks[0].criterion) == ("成立小组。", "")
