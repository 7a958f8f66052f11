"""What a second look at the finished tasks doubts, and what headings, sheets and numbers say of them."""

import openpyxl
import pytest

from loaders import read_ledger, read_owners

HEADER = "序号,工作任务,责任单位,完成时限"


@pytest.fixture
def read(tmp_path):
    """Read a text given as its lines."""

    def read(*lines, name="2025年台账.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_ledger(path)

    return read


def messages(ledger):
    return [issue.message for issue in ledger.issues]


def units(task):
    return [(part.role, part.unit) for part in task.assignments]


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        (
            ["1,修订办法，由厅法规处牵头,厅运输处,6月", "2,公布名单,厅法规处,7月"],
            "任务文字中还写有“由厅法规处牵头”，没有读作责任单位，请核对",
        ),
        (
            ["1,修订办法（厅审批处）,厅运输处,6月", "2,公布名单,厅法规处,7月"],
            "任务文字中还写有“厅审批处”，没有读作责任单位，请核对",
        ),
        (
            ["1,修订办法,法规处运输处,6月", "2,公布名单,法规处、运输处,7月"],
            "“法规处运输处”可能是两个单位，请核对",
        ),
        (
            ["1,修订办法,法规处,6月", "2,法规处,运输处,7月"],
            "任务文字“法规处”像单位名称，请核对各列的含义",
        ),
        (
            ["1,修订办法,法规处,6月", "2,2025年7月,运输处,7月"],
            "任务文字“2025年7月”像日期，请核对各列的含义",
        ),
        (
            ["1,修订办法,法规处,6月", "3,公布名单,运输处,7月"],
            "序号从 1 到 3，中间的任务没有读到，请核对",
        ),
    ],
)
def test_what_looks_misread_is_doubted(rows, doubt, read):
    assert doubt in messages(read(HEADER, *rows))


def test_what_reads_plainly_is_not_doubted(read):
    rows = ["1,修订办法，推动各市落实责任单位职责,厅法规处,6月", "2,成立小组。,厅运输处,7月"]
    assert messages(read(HEADER, *rows)) == []


def test_a_label_line_that_belongs_to_no_task_is_doubted(read):
    ledger = read(
        "2025年任务分工",
        "一、抓制度",
        "1.修订办法。",
        "责任单位：法规处",
        "望遵照执行。",
        "完成时限：6月底",
        name="x.txt",
    )
    assert "“完成时限：6月底”写有责任单位或时限，没有归入任务，请核对" in messages(ledger)


def test_a_sheet_named_after_a_unit_says_whose_tasks_it_holds(tmp_path):
    book = openpyxl.Workbook()
    for sheet, task in (("法规处", "修订办法"), ("运输处", "公布名单")):
        page = book.create_sheet(sheet)
        page.append(["序号", "工作任务", "完成时限"])
        page.append([1, task, "6月底"])
    del book["Sheet"]
    book.save(tmp_path / "2025.xlsx")
    ledger = read_ledger(tmp_path / "2025.xlsx")
    assert [t.assignments[0].unit for t in ledger.tasks] == ["法规处", "运输处"]
    assert any("工作表名“法规处”" in message for message in messages(ledger))


def test_lists_in_cells_are_matched_by_their_numbers(read):
    cells = '1,"1.修订办法\n2.公布名单","1.法规处\n2.运输处","1.6月底\n2.9月底"'
    first, second = read(HEADER, cells).tasks
    assert (units(first), str(first.due_on)) == ([("responsible", "法规处")], "2025-06-30")
    assert (units(second), str(second.due_on)) == ([("responsible", "运输处")], "2025-09-30")


def test_lists_of_other_lengths_are_doubted(read):
    cells = '1,"1.修订办法\n2.公布名单","1.法规处\n2.运输处\n3.信息中心",6月'
    (doubt,) = [m for m in messages(read(HEADER, cells)) if "无法一一对应" in m]
    assert doubt == "该格有 2 项任务，责任单位有 3 条，无法一一对应，请核对"


def test_a_deadline_without_year_in_a_document_of_several_is_doubted(read):
    ledger = read("2024—2026年三年行动任务表", HEADER, "1,修订办法,法规处,6月底", name="任务.csv")
    assert any("任务的完成时限没有写明年份，按 2024 年读入" in m for m in messages(ledger))


def test_a_last_bracket_is_said_of_all_names_behind_who_leads():
    assert units_of("法规处（牵头）；运输处、建设局（配合）") == [
        ("lead", "法规处"),
        ("cooperate", "运输处"),
        ("cooperate", "建设局"),
    ]
    assert units_of("运输处、建设局（配合）")[0] == ("responsible", "运输处")


def units_of(text):
    return [(part.role, part.unit) for part in read_owners(text)]
