"""What is offered for a doubtful reading, and what each choice makes of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from ledger_documents import DOCUMENTS, LEDGERS, SEEDS

from loaders import Preview, Task, preview
from loaders.choices import Doubt, Doubts
from loaders.correcting import Choice, Revision, revised, stated, with_tasks

TITLE = "河北省2021年信用交通省建设任务分工台账"
HEADER = ("一级指标", "二级指标", "目标任务", "责任单位", "完成时限")
RULES = ("组织保障", "制度", "制定信用管理办法。", "厅法规处", "2021年6月")
PROMISES = ("信用承诺", "公示", "公开承诺书样本。", "厅审批处", "2021年9月")
FILES = [
    *(LEDGERS / f"{seed}.txt" for seed in SEEDS),
    *sorted(DOCUMENTS.glob("*.txt")),
]

Read = Callable[..., Preview]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The reading of a table with these rows under a header."""

    def save_and_read(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Preview:
        path = tmp_path / "台账.csv"
        return preview(save(path, TITLE, header, *rows))

    return save_and_read


def save(path: Path, title: str, *rows: tuple[str, ...]) -> Path:
    path.write_text("\n".join([title, *map(",".join, rows)]), encoding="utf-8")
    return path


def doubt(read: Preview, part: str, year: int | None = None) -> Doubt:
    """The one doubt whose message has this in it."""
    issues = read.ledger.issues
    (index,) = [i for i, issue in enumerate(issues) if part in issue.message]
    return Doubts(read, year or read.ledger.year).doubt(index)


def words(of: Doubt) -> list[str]:
    return [choice.words for choice in of.choices]


def after(read: Preview, choice: Choice) -> list[Task]:
    """The tasks when this way to read it was chosen; every row is still accounted for."""
    revision = Revision(choice.changes, choice.dropped, choice.added)
    ledger = with_tasks(read.ledger, revised(read.ledger, revision, read.ledger.year), {})
    assert sum(row.tasks for row in ledger.rows) == len(ledger.tasks)
    assert [task.number for task in ledger.tasks] == [*range(1, len(ledger.tasks) + 1)]
    return [*ledger.tasks]


def chosen(read: Preview, of: Doubt, part: str) -> list[Task]:
    (choice,) = [choice for choice in of.choices if part in choice.words]
    return after(read, choice)


def test_a_deadline_of_several_days_is_one_of_them_or_none(read: Read):
    found = read((*RULES[:4], "2021年6月、2021年12月"), (*PROMISES[:4], ""))
    asked = doubt(found, "写有多个日期")
    assert (asked.tasks, asked.fields, asked.now) == (
        (1, 2),
        ("deadline_text",),
        "2021-12-31 到期",
    )
    assert words(asked) == ["2021-06-30 到期", "常态化推进，没有到期日", "没有明确期限"]
    assert [task.due_on for task in chosen(found, asked, "2021-06-30")] == [date(2021, 6, 30)] * 2
    assert {task.deadline_kind for task in chosen(found, asked, "常态化")} == {"ongoing"}
    assert {task.deadline_kind for task in chosen(found, asked, "没有明确")} == {"unspecified"}


def test_the_doubtful_cell_is_the_one_pointed_at(read: Read):
    found = read((*RULES[:4], "条件成熟时"))
    asked = doubt(found, "没有识别出日期")
    assert str(asked.issue.place) == "台账.csv 第 3 行 第 5 列"
    assert (asked.row, asked.columns) == (2, {4})


def test_only_the_tasks_that_take_the_doubtful_value_follow(read: Read):
    found = read(
        (*RULES[:4], "条件成熟时"),
        ("", "", "组织培训。", "", ""),
        ("", "", "开展宣传。", "", "2021年12月"),
        ("", "", "公开结果。", "", ""),
    )
    assert doubt(found, "没有识别出日期").tasks == (1, 2)


def test_a_value_from_above_an_indicator_may_not_reach_below_it(read: Read):
    found = read(
        RULES,
        (*PROMISES[:3], "", "2021年9月"),
        ("", "", "归集承诺书。", "", ""),
        ("信用评价", "结果", "公布评价结果。", "", "2021年12月"),
    )
    doubts = Doubts(found, 2021)
    first, second = (doubts.doubt(index) for index in range(2))
    assert (first.tasks, second.tasks) == ((2, 3), (4,))
    assert first.now == "责任单位 1 个：厅法规处"
    assert words(first) == ["没有责任单位，留空"]
    after_it = [task.responsible_text for task in chosen(found, first, "留空")]
    assert after_it == ["厅法规处", "", "", "厅法规处"]


def test_an_owner_that_is_no_unit_may_be_two(read: Read):
    found = read((*RULES[:3], "港航和口岸管理", "2021年6月"))
    asked = doubt(found, "不像单位名称")
    assert asked.now == "责任单位 1 个：港航和口岸管理"
    (task,) = chosen(found, asked, "责任单位 2 个")
    assert [part.unit for part in task.assignments] == ["港航", "口岸管理"]


def test_an_owner_that_is_no_unit_may_be_left_out_or_belong_to_the_one_before(read: Read):
    found = read((*RULES[:3], "厅法规处、各有关方面", "2021年6月"))
    asked = doubt(found, "不像单位名称")
    assert words(asked) == ["责任单位 1 个：厅法规处"]
    (task,) = chosen(found, asked, "厅法规处")
    assert task.responsible_text == "厅法规处"


def test_a_column_that_the_table_lacks_may_hold_for_all_its_tasks(read: Read):
    found = read(RULES[:4], PROMISES[:4], header=HEADER[:4])
    asked = doubt(found, "没有完成时限一列")
    assert (asked.tasks, asked.now) == ((1, 2), "没有明确期限")
    assert words(asked) == ["2021-12-31 到期", "常态化推进，没有到期日"]
    assert {task.due_on for task in chosen(found, asked, "2021-12-31")} == {date(2021, 12, 31)}


def test_an_unknown_column_may_be_the_one_that_is_missing(read: Read):
    found = read(
        (*RULES[:3], "2021年6月", "张处长"),
        (*PROMISES[:3], "2021年9月", ""),
        header=(*HEADER[:3], "完成时限", "管事的"),
    )
    asked = doubt(found, "一列没有识别")
    assert words(asked) == [
        "这一列是牵头单位",
        "这一列是责任单位",
        "这一列是配合单位",
        "这一列不读入",
    ]
    assert [t.responsible_text for t in chosen(found, asked, "责任单位")] == ["张处长"] * 2


def test_an_unknown_column_of_units_may_be_the_lead_or_cooperate(read: Read):
    found = read((*RULES, "厅运输处"), (*PROMISES, "厅公路处"), header=(*HEADER, "会办人员"))
    asked = doubt(found, "一列没有识别")
    assert words(asked) == ["这一列是牵头单位", "这一列是配合单位", "这一列不读入"]
    first = chosen(found, asked, "配合单位")[0]
    assert first.responsible_text == "责任单位：厅法规处；配合单位：厅运输处"
    assert [(part.role, part.unit) for part in first.assignments] == [
        ("responsible", "厅法规处"),
        ("cooperate", "厅运输处"),
    ]


def test_second_level_indicators_that_do_not_match_are_given_out():
    found = preview(LEDGERS / "hunan-2019.txt")
    asked = doubt(found, "无法一一对应")
    assert words(asked) == [
        "依次对应，多出的任务归入最后一条",
        "全部归入“组织开展诚信宣传”",
        "全部归入“组织信用专项培训”",
    ]
    assert [task.level2 for task in chosen(found, asked, "依次对应")][19:23] == [
        "组织开展诚信宣传",
        *["组织信用专项培训"] * 3,
    ]


def test_a_row_without_a_task_may_be_a_heading_a_task_or_the_end_of_one(read: Read):
    header = ("序号", *HEADER)
    rows = [("1", *RULES), ("各单位要高度重视",), ("2", *PROMISES), ("3", *PROMISES[:2], "归集。")]
    found = read(*rows, header=header)
    asked = doubt(found, "按说明文字处理")
    assert (asked.tasks, asked.row) == ((), 3)
    assert words(asked) == [
        "是一级指标，其下 2 项任务归入它",
        "是二级指标，其下 2 项任务归入它",
        "是一项任务，读入",
        "接在第 1 项任务后面",
    ]
    level1, level2 = (chosen(found, asked, f"是{name}") for name in ("一级指标", "二级指标"))
    assert [task.level1 for task in level1] == ["组织保障", *["各单位要高度重视"] * 2]
    assert [(task.level1, task.level2) for task in level2][1:] == [
        ("信用承诺", "各单位要高度重视")
    ] * 2
    added = chosen(found, asked, "是一项任务")[1]
    assert (added.task, added.level1, added.responsible_text) == (
        "各单位要高度重视",
        "组织保障",
        "厅法规处",
    )
    assert chosen(found, asked, "接在第 1 项")[0].task == "制定信用管理办法。各单位要高度重视"


def test_a_row_left_out_may_be_read_as_a_task(read: Read):
    found = read(RULES, ("信用承诺", "公示", "", "厅审批处", "2021年9月"), PROMISES)
    asked = doubt(found, "没有读入")
    assert asked.tasks == ()
    tasks = chosen(found, asked, "是一项任务")
    assert len(tasks) == 3
    added = tasks[1]
    assert (added.responsible_text, added.due_on) == ("厅审批处", date(2021, 9, 30))
    assert (added.place.row, added.level1, added.level2, added.task) == (4, "信用承诺", "", "公示")
    (first, *_) = chosen(found, asked, "接在第 1 项")
    assert first.task == "制定信用管理办法。公示"


def test_owners_on_a_row_of_their_own_may_stay_apart(read: Read):
    found = read(RULES, ("", "", "", "厅运输处", ""))
    asked = doubt(found, "并入第 1 项任务")
    assert asked.now == "责任单位 2 个：厅法规处、厅运输处"
    (task,) = chosen(found, asked, "责任单位 1 个")
    assert task.responsible_text == "厅法规处"


def test_a_task_told_twice_may_be_left_out(read: Read):
    found = read(RULES, PROMISES, PROMISES)
    asked = doubt(found, "是否重复")
    assert [t.task for t in chosen(found, asked, "重复")] == [RULES[2], PROMISES[2]]


def test_a_row_with_too_few_cells_may_be_put_otherwise(read: Read):
    found = read(RULES, ("信用评价", "评价结果用于检查。", "厅运输处", "2021年12月"))
    assert found.ledger.tasks[1].level1 == "信用评价"
    asked = doubt(found, "各格按内容归入")
    assert words(asked) == ["各格依次是：二级指标、目标任务、责任单位、完成时限"]
    task = chosen(found, asked, "二级指标")[1]
    assert (task.level1, task.level2) == ("组织保障", "信用评价")
    assert (task.task, task.responsible_text) == ("评价结果用于检查。", "厅运输处")


@pytest.mark.parametrize(
    ("header", "cell", "part", "offered", "field", "text"),
    [
        ("分值", "若干", "不是一个数", [], "points", ""),
        ("完成状态", "差不多了", "没有识别", ["已完成", "进行中", "未开始", "不适用"], "state", ""),
        ("进度", "1", "百分之一还是百分之百", ["进度 100%", "进度 1%"], "percent", ""),
        ("进度", "120%", "超过 100%", ["进度 100%"], "percent", ""),
        ("完成日期", "前几天", "没有识别出日期", [], "completed_on", ""),
    ],
)
def test_figures_and_progress_are_settled_too(
    read: Read, header: str, cell: str, part: str, offered: list[str], field: str, text: str
):
    found = read((*RULES, cell), header=(*HEADER, header))
    asked = doubt(found, part)
    assert asked.fields == (field,)
    assert stated(found.ledger.tasks[0], field) == text
    assert words(asked) == offered
    for choice in asked.choices:
        (task,) = after(found, choice)
        assert stated(task, field) in choice.words
        assert stated(task, field)


def test_done_and_yet_not_whole_is_one_of_both(read: Read):
    found = read((*RULES, "已完成", "80%"), header=(*HEADER, "完成状态", "进度"))
    asked = doubt(found, "进度却是 80%")
    assert (asked.now, words(asked)) == ("已完成", ["进行中"])
    (task,) = chosen(found, asked, "进行中")
    assert (task.progress.state, task.progress.percent) == ("in_progress", 80)


def test_points_in_two_places_are_one_of_both(read: Read):
    found = read(
        ("组织保障", "制度", "制定办法。（2分）", *RULES[3:], "4"), header=(*HEADER, "分值")
    )
    asked = doubt(found, "按分值一栏读入")
    assert (asked.now, words(asked)) == ("4 分", ["2 分"])
    assert chosen(found, asked, "2 分")[0].points == 2


def test_points_that_several_tasks_share_are_divided(read: Read):
    found = read(("组织保障（4分）", *RULES[1:]), ("", "", *PROMISES[2:]))
    asked = doubt(found, "由 2 项任务共用")
    assert asked.tasks == (1, 2)
    assert words(asked) == ["2 分", "4 分"]
    assert [task.points for task in chosen(found, asked, "2 分")] == [2, 2]


def test_progress_of_a_cell_that_lists_tasks_is_that_of_the_first_or_of_none(read: Read):
    tasks = "1. 制定办法。2. 组织培训。"
    found = read((*RULES[:2], tasks, *RULES[3:], "80%"), header=(*HEADER, "进度"))
    asked = doubt(found, "同一进展记在每一项上")
    first, second = chosen(found, asked, "只记在第一项上")
    assert (first.progress.percent, second.progress) == (80, None)
    assert [task.progress for task in chosen(found, asked, "都不记")] == [None, None]


def test_hidden_rows_may_be_left_out(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in ([TITLE], HEADER, RULES, PROMISES):
        book.active.append(row)
    book.active.row_dimensions[4].hidden = True
    book.save(tmp_path / "台账.xlsx")
    found = preview(tmp_path / "台账.xlsx")
    asked = doubt(found, "隐藏的行")
    assert words(asked) == ["不读入隐藏行的 1 项任务"]
    assert [task.task for task in chosen(found, asked, "不读入")] == [RULES[2]]


def test_a_year_that_the_clerk_gives_dates_what_is_offered(read: Read, tmp_path: Path):
    path = tmp_path / "台账.csv"
    found = preview(save(path, TITLE.replace("2021年", ""), HEADER, (*RULES[:4], "条件成熟时")))
    assert found.ledger.year is None
    assert words(doubt(found, "没有识别出日期")) == ["常态化推进，没有到期日"]
    assert words(doubt(found, "没有识别出日期", 2022))[0] == "2022-12-31 到期"
    assert read(RULES).ledger.issues == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:12])
def test_every_choice_of_every_doubt_leaves_a_ledger_in_order(path: Path):
    found = preview(path)
    doubts = Doubts(found, found.ledger.year)
    for index, issue in enumerate(found.ledger.issues):
        asked = doubts.doubt(index)
        assert asked.tasks or asked.row is None or issue.about in ("row", "column")
        assert len({*words(asked)}) == len(asked.choices)
        for choice in asked.choices:
            assert choice.words
            assert after(found, choice) != [*found.ledger.tasks]
