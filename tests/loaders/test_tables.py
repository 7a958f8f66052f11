"""Columns and rows: what real ledgers carry beside the two seeds."""

from itertools import combinations

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_documents import HEADER, LEFT, UP, save_csv, save_docx, save_xlsx

from loaders import LedgerError, limits, read_ledger, reference
from loaders.alignment import two_best
from loaders.duties import Duties
from loaders.grid import Cell, Grid, Row
from loaders.rows import Reading

ROW = ("一、组织保障", "（一）领导", "制定办法。", "厅法规处", "2020年6月")


@pytest.fixture
def read(tmp_path):
    """Read a table given as rows of cells."""

    def read(*rows, titles=(), save=save_csv):
        suffix = {save_csv: ".csv", save_docx: ".docx", save_xlsx: ".xlsx"}[save]
        path = tmp_path / f"台账2020{suffix}"
        return read_ledger(save(path, list(titles), [list(row) for row in rows]))

    return read


def messages(ledger):
    return [issue.message for issue in ledger.issues]


def test_extra_columns_are_recognised_by_their_spellings(read):
    ledger = read(
        ("序号", "指标", "目标任务", "牵头单位", "配合单位", "完成时限", "分值", "备注"),
        ("1", "保障", "制定办法", "厅法规处", "厅运输处、人事处", "6月", "4分", "已列入要点"),
    )
    (task,) = ledger.tasks
    assert (task.printed_number, task.level1, task.points, task.note) == (
        "1",
        "保障",
        4,
        "已列入要点",
    )
    assert [(a.role, a.unit) for a in task.assignments] == [
        ("lead", "厅法规处"),
        ("cooperate", "厅运输处"),
        ("cooperate", "厅人事处"),
    ]
    assert task.responsible_text == "牵头单位：厅法规处；配合单位：厅运输处、人事处"
    assert ledger.issues == ()


def test_an_unknown_column_is_reported(read):
    ledger = read((*HEADER, "考核方式"), (*ROW, "查阅资料"))
    assert messages(ledger) == ["“考核方式”一列没有识别，其内容没有读入"]
    assert str(ledger.issues[0].place) == "台账2020.csv 第 1 行 第 6 列"


def test_a_changed_header_is_reported_a_repeated_one_is_not(read):
    again = ("", "", "公布办法。", "厅法规处", "2020年7月", "")
    ledger = read((*HEADER, "考核方式"), (*ROW, "甲"), (*HEADER, "考核方式"), again)
    assert len(ledger.issues) == 1
    ledger = read((*HEADER, "考核方式"), (*ROW, "甲"), (*HEADER, "打分人"), again)
    assert len(ledger.issues) == 2


CELLS = st.sampled_from(
    [
        "",
        UP,
        LEFT,
        *HEADER,
        *ROW,
        "合计",
        "注：",
        "八、加分项",
        "1.甲 2.乙",
        "分值",
        "2",
        "进度",
        "同上",
        "组\n织",
    ]
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=7), max_size=9), st.booleans(), st.booleans())
def test_any_table_is_read_with_every_row_accounted_for(body, header, continues):
    rows: list[Row] = []
    for number, texts in enumerate([list(HEADER), *body] if header else body, start=1):
        cells: list[Cell] = []
        above = rows[-1].cells if rows else ()
        for column, text in enumerate(texts):
            if text == UP and column < len(above):
                cells.append(above[column])
            elif text == LEFT and cells:
                cells.append(cells[-1])
            else:
                cells.append(Cell(text.strip(UP + LEFT), number, column + 1))
        rows.append(Row(number, tuple(cells)))
    duties = Duties(2020)
    reading = Reading("a", reference.headers(), duties)
    if rows:
        reading.read_grid(Grid("一", tuple(rows)))
        reading.read_grid(Grid("二", tuple(rows), continues=continues))
    reading.finish()
    assert [row.place.row for row in reading.rows] == [row.number for row in rows] * 2
    assert sum(row.tasks for row in reading.rows) == len(duties.tasks)


def test_a_column_without_header_is_reported(read):
    assert messages(read((*HEADER, ""), (*ROW, "另附"))) == ["第 6 列没有表头，其内容没有读入"]


def test_a_general_spelling_gives_way_to_a_specific_one(read):
    ledger = read(
        ("工作任务", "具体要求", "责任科室", "时限要求"),
        ("加强宣传", "报送稿件", "办公室", "年底前"),
    )
    assert (ledger.tasks[0].level1, ledger.tasks[0].task) == ("加强宣传", "报送稿件")


def test_completion_time_beside_a_deadline_is_progress(read):
    ledger = read((*HEADER, "完成时间"), (*ROW, "2020年5月20日"))
    assert str(ledger.tasks[0].due_on) == "2020-06-30"
    assert str(ledger.tasks[0].progress.completed_on) == "2020-05-20"


@pytest.mark.parametrize("save", [save_docx, save_xlsx, save_csv])
def test_a_header_of_two_rows(read, save):
    ledger = read(
        ("一级指标", "目标任务", "责任分工", LEFT, "完成时限"),
        (UP, UP, "牵头", "配合", UP),
        ("保障", "制定办法", "厅法规处", "厅运输处", "6月"),
        save=save,
    )
    assert [(a.role, a.unit) for a in ledger.tasks[0].assignments] == [
        ("lead", "厅法规处"),
        ("cooperate", "厅运输处"),
    ]


def test_equal_text_is_stated_merged_text_is_inherited(read):
    ledger = read(
        HEADER,
        ROW,
        (UP, UP, "公布办法。", "厅法规处", "2020年6月"),
        (UP, UP, "宣传办法。", UP, "2020年7月"),
        save=save_docx,
    )
    assert [t.responsible_inherited for t in ledger.tasks] == [False, False, True]
    assert [t.deadline_inherited for t in ledger.tasks] == [False, False, False]


def test_cooperating_nobody_is_not_inherited(read):
    ledger = read(
        ("目标任务", "牵头单位", "配合单位", "完成时限"),
        ("甲", "厅法规处", "厅运输处", "6月"),
        ("乙", "厅人事处", "", "6月"),
        ("丙", "", "", "6月"),
    )
    assert [len(t.assignments) for t in ledger.tasks] == [2, 1, 1]
    assert ledger.tasks[2].responsible_inherited


def test_inheriting_across_a_first_level_is_doubtful(read):
    ledger = read(HEADER, ROW, ("二、其他", "", "另一任务。", "", "2020年7月"))
    assert ledger.tasks[1].responsible_text == "厅法规处"
    assert ledger.tasks[1].level2 == ""
    assert messages(ledger) == ["责任单位为空，沿用了上一个一级指标的责任单位，请核对"]


def test_nothing_to_inherit_is_doubtful(read):
    ledger = read(HEADER, ("一、保障", "", "制定办法。", "", ""))
    assert len(ledger.issues) == 2
    assert (ledger.tasks[0].assignments, ledger.tasks[0].deadline_kind) == ((), "unspecified")


def test_rows_that_are_no_tasks_are_named(read):
    ledger = read(
        HEADER,
        ROW,
        ("合计", "", "", "", ""),
        ("", "", "", "", ""),
        ("注：以上任务按月报送。", "", "", "", ""),
        titles=["附件1", "湖南省2020年任务清单", "填报单位：厅法规处"],
    )
    readings = [row.reading for row in ledger.rows]
    assert readings == ["title"] * 3 + ["header", "task", "total", "blank", "note"]
    assert (ledger.title, ledger.region) == ("湖南省2020年任务清单", "湖南")


@pytest.mark.parametrize("save", [save_docx, save_xlsx, save_csv])
def test_headings_drawn_across_the_table(read, save):
    ledger = read(
        HEADER,
        ("二、加强公开", LEFT, LEFT, LEFT, LEFT),
        ("", "", "公开信息。", "厅法规处", "6月"),
        ("三、加分项", LEFT, LEFT, LEFT, LEFT),
        ("", "", "获得表彰。", "厅人事处", "6月"),
        save=save,
    )
    assert [(t.level1, t.kind) for t in ledger.tasks] == [("加强公开", "base"), ("加分项", "bonus")]
    assert [row.reading for row in ledger.rows] == ["header", "title", "task", "title", "task"]


def test_one_task_with_several_owner_rows(read):
    ledger = read(HEADER, ROW, (UP, UP, UP, "厅人事处", UP), save=save_xlsx)
    (task,) = ledger.tasks
    assert [a.unit for a in task.assignments] == ["厅法规处", "厅人事处"]
    assert [row.tasks for row in ledger.rows] == [0, 1, 0]
    assert len(ledger.issues) == 1


def test_an_owner_before_any_task_belongs_to_none(read):
    ledger = read(HEADER, ("", "", "", "厅人事处", ""), ROW)
    assert [t.responsible_text for t in ledger.tasks] == ["厅法规处"]
    assert [row.reading for row in ledger.rows] == ["header", "note", "task"]


def test_a_row_without_task_is_reported(read):
    ledger = read(HEADER, ROW, ("二、其他", "（二）其他", "", "厅人事处", ""))
    assert len(ledger.tasks) == 1
    assert "没有目标任务" in ledger.issues[-1].message


def test_several_tasks_in_one_cell(read):
    ledger = read(
        HEADER, ("保障", "", "1.制定办法。2.公布办法。\n3.宣传办法（2.0版）。", "厅法规处", "6月")
    )
    assert [t.task for t in ledger.tasks] == ["制定办法。", "公布办法。", "宣传办法（2.0版）。"]
    assert [t.printed_number for t in ledger.tasks] == ["1", "2", "3"]


def test_a_number_inside_a_task_does_not_divide_it(read):
    ledger = read(HEADER, ("保障", "", "1. 开展培训 30. 场。2. 总结。", "厅法规处", "6月"))
    assert [t.task for t in ledger.tasks] == ["开展培训 30. 场。", "总结。"]


def test_the_year_is_the_document_number_s_not_the_signature_s(tmp_path):
    titles = ["湘交函〔2018〕5号", "湖南省交通运输厅任务清单", "2019年1月12日"]
    rows = [list(HEADER), [*ROW[:4], "年底前"]]
    ledger = read_ledger(save_csv(tmp_path / "台账.csv", titles, rows))
    assert (ledger.year, str(ledger.tasks[0].due_on)) == (2018, "2018-12-31")


def test_without_any_heading_the_year_is_the_deadlines(tmp_path):
    rows = [list(HEADER), list(ROW), ["", "", "公布办法。", "", "12月"]]
    ledger = read_ledger(save_csv(tmp_path / "台账.csv", [], rows))
    assert [str(t.due_on) for t in ledger.tasks] == ["2020-06-30", "2020-12-31"]


def test_vertical_text_and_line_breaks_in_cells(read):
    ledger = read(
        HEADER, ("组\n织\n保\n障", "", "制定信用\n管理办法。", "厅法规处、\n人事处", "2020年\n6月")
    )
    (task,) = ledger.tasks
    assert (task.level1, task.task) == ("组织保障", "制定信用管理办法。")
    assert (task.deadline_text, len(task.assignments)) == ("2020年6月", 2)


def test_the_same_task_twice_is_doubtful(read):
    assert messages(read(HEADER, ROW, ROW)) == ["与第 1 项任务的文字相同，请核对是否重复"]


def test_ditto_marks_inherit(read):
    ledger = read(HEADER, ROW, ("", "", "公布办法。", "同上", "同上"))
    assert ledger.tasks[1].responsible_inherited
    assert str(ledger.tasks[1].due_on) == "2020-06-30"


def test_sheets_are_read_in_order_and_inherit_nothing_from_each_other(tmp_path):
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("第二表")):
        sheet.append(HEADER)
        sheet.append(("甲", None, f"{sheet.title}的任务", None, None))
        sheet.append(("乙", None, f"{sheet.title}的第二项任务", "厅法规处", "2020年6月"))
    hidden = book.create_sheet("上年")
    hidden.append(HEADER)
    hidden.append(ROW)
    hidden.sheet_state = "hidden"
    book.create_sheet("目录").append(("目录", "第二表"))
    book.save(tmp_path / "a.xlsx")
    ledger = read_ledger(tmp_path / "a.xlsx")
    assert [t.responsible_text for t in ledger.tasks] == ["", "厅法规处", "", "厅法规处"]
    assert ledger.tasks[2].place.table == "第二表"
    assert any("隐藏的工作表“上年”没有读入" in message for message in messages(ledger))
    assert any("“目录”中没有找到台账表头" in message for message in messages(ledger))


def test_dates_in_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER)
    for text in ("甲", "乙", "丙"):
        sheet.append(("保障", None, text, "厅法规处", None))
    sheet["E2"], sheet["E2"].number_format = 44166, 'yyyy"年"m"月"'
    sheet["E3"], sheet["E3"].number_format = 44166, "yyyy/m/d"
    sheet["E4"] = 44166
    book.save(tmp_path / "a.xlsx")
    ledger = read_ledger(tmp_path / "a.xlsx")
    # 1 December shown as 2020年12月 is the month; shown as a day, or as a bare number, it is the day.
    assert [str(t.due_on) for t in ledger.tasks] == ["2020-12-31", "2020-12-01", "2020-12-01"]
    assert ledger.tasks[2].deadline_text == "2020-12-01"
    assert messages(ledger) == ["完成时限“44166”按 Excel 日期序号读作 2020-12-01"]


def test_a_table_cut_by_a_page_goes_on(tmp_path):
    document = docx.Document()
    for rows in ([HEADER, ROW], [("", "", "公布办法。", "", "")]):
        table = document.add_table(0, 5)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.save(str(tmp_path / "a.docx"))
    ledger = read_ledger(tmp_path / "a.docx")
    assert [t.responsible_inherited for t in ledger.tasks] == [False, True]
    assert ledger.tasks[1].level2 == "领导"


def test_only_a_header_is_no_ledger(read):
    with pytest.raises(LedgerError, match="表格只有表头，没有任务"):
        read(HEADER)


def test_a_ledger_in_traditional_script(read):
    ledger = read(
        ("一級指標", "二級指標", "目標任務", "責任處室（單位）", "完成時限", "分值", "評分標準"),
        (
            "一、組織保障",
            "（一）領導",
            "制定辦法。",
            "廳法規處牽頭、人事處配合",
            "二○二○年十二月",
            "２",
            "得２分。",
        ),
        ("", "", "公佈辦法。", "各市交通運輸局", "持續推進", "１", ""),
        titles=["遼寧省２０２０年任務清單"],
    )
    first, second = ledger.tasks
    assert [(a.role, a.unit) for a in first.assignments] == [
        ("lead", "厅法规处"),
        ("cooperate", "厅人事处"),
    ]
    assert (str(first.due_on), first.points, first.criterion) == ("2020-12-31", 2, "得２分。")
    assert (second.task, second.deadline_kind) == ("公佈辦法。", "ongoing")
    assert (ledger.region, ledger.year) == ("辽宁", 2020)


def test_vertical_text_and_wide_spacing_in_a_header(read):
    ledger = read(
        ("一\n级\n指\n标", "二 级 指 标", "目标　任务", "责任处室(单位)", "完成\n时限："),
        ("组\n织\n保\n障\n（\n4\n分\n）", "", "制定办法。", "厅 法规处", "２０２０ 年 ６ 月"),
    )
    (task,) = ledger.tasks
    assert (task.level1, task.points, str(task.due_on)) == ("组织保障", 4, "2020-06-30")
    assert task.assignments[0].unit == "厅法规处"


@pytest.mark.parametrize(
    "row", ["| 甲 | 乙任务。 | 厅法规处 | 6月 |", "甲 ｜ 乙任务。 ｜ 厅法规处 ｜ 6月"]
)
def test_tables_drawn_with_bars(tmp_path, row):
    path = tmp_path / "台账2020.md"
    header = "| 一级指标 | 目标任务 | 责任单位 | 完成时限 |"
    path.write_text(f"2020年清单\n\n{header}\n|---|:--|--:|---|\n{row}\n注：按月报送。\n", "utf-8")
    ledger = read_ledger(path)
    (task,) = ledger.tasks
    assert (task.level1, task.task, task.responsible_text) == ("甲", "乙任务。", "厅法规处")
    assert str(task.due_on) == "2020-06-30"
    assert [row.reading for row in ledger.rows] == [
        "title",
        "blank",
        "header",
        "blank",
        "task",
        "note",
    ]


@pytest.mark.parametrize("number", ["1.", "3. 4.", "12、\n"])
def test_a_cell_with_nothing_but_a_number_is_no_task(read, number):
    header = [*HEADER]
    with pytest.raises(LedgerError, match="没有任务"):
        read(header, ("一、保障", "", number, "厅法规处", "6月"))
    ledger = read(
        header, ROW, ("二、归集", "", number, "厅运输处", "7月"), ("", "", "公布。", "", "")
    )
    assert [row.reading for row in ledger.rows] == ["header", "task", "note", "task"]
    assert (ledger.tasks[1].level1, ledger.tasks[1].responsible_text) == ("组织保障", "厅法规处")
    assert messages(ledger)[0].startswith("该行没有目标任务，没有读入：二、归集")


def test_cells_beyond_the_header_are_reported(tmp_path):
    path = tmp_path / "台账2020.csv"
    lines = [",".join(HEADER), "一、保障,（一）领导,制定办法,厅法规处,6月,并公布,", ",".join(ROW)]
    path.write_text("\n".join(lines), encoding="utf-8")
    ledger = read_ledger(path)
    assert messages(ledger) == ["该行比表头多出的“并公布”等 1 格没有读入，请核对"]
    assert ledger.issues[0].place.row == 2


def test_a_column_without_header_that_is_filled_on_a_later_sheet(tmp_path):
    book = openpyxl.Workbook()
    for sheet, note in ((book.active, ""), (book.create_sheet("第二张"), "另有说明")):
        for row in ([*HEADER, None, "分值"], [*ROW, note, "1"]):
            sheet.append(row)
    book.save(tmp_path / "台账2020.xlsx")
    ledger = read_ledger(tmp_path / "台账2020.xlsx")
    (doubt,) = [i for i in ledger.issues if i.message == "第 6 列没有表头，其内容没有读入"]
    assert (doubt.place.table, doubt.place.row) == ("第二张", 2)


def test_a_header_repeated_with_another_row_below_it(read):
    """What the second row of a header takes away from the first is said, though the first is known."""
    ledger = read(HEADER, ROW, HEADER, ("", "责任单位", "", "", ""), ROW)
    assert [row.reading for row in ledger.rows] == ["header", "task", "header", "header", "task"]
    assert "“责任单位”一列没有识别，其内容没有读入" in messages(ledger)


def test_a_cell_moved_below_no_header_is_reported(read):
    ledger = read(
        (*HEADER[:2], "目标任务", "责任单位", "完成时限", ""),
        (*ROW, "1"),
        ("制定办法，每月通报1次。", "厅法规处", "2020年12月", "甲", "", ""),
    )
    assert ledger.tasks[1].deadline_text == "2020年12月"
    assert "第 6 列没有表头，其内容没有读入" in messages(ledger)


def test_further_owners_below_a_merged_task_are_reported_at_their_row(read):
    ledger = read(HEADER, ROW, ("", "", UP, "厅人事处", ""), save=save_docx)
    doubt = "该行没有目标任务，其责任单位并入第 1 项任务，请核对"
    assert [(issue.message, issue.place.row) for issue in ledger.issues] == [(doubt, 3)]


def test_more_tasks_than_a_ledger_has(read, monkeypatch):
    many = "".join(f"{n}.办理。" for n in range(1, 40))
    assert len(read(HEADER, (*ROW[:2], many, *ROW[3:])).tasks) == 39
    monkeypatch.setattr(limits, "MAX_ROWS", 20)
    with pytest.raises(LedgerError, match="读出的任务超过 20 项，不是台账"):
        read(HEADER, (*ROW[:2], many, *ROW[3:]))


@given(data=st.data())
def test_the_two_cheapest_columns_for_a_row_that_lacks_cells(data):
    """Beside every choice looked at one by one."""
    width = data.draw(st.integers(2, 7))
    halves = st.integers(0, 8).map(lambda n: n / 2)
    missing = data.draw(st.lists(halves, min_size=width, max_size=width))
    texts = data.draw(st.integers(1, width - 1))
    row = st.lists(halves, min_size=width, max_size=width)
    costs = data.draw(st.lists(row, min_size=texts, max_size=texts))

    def cost(columns):
        filled = sum(costs[i][column] for i, column in enumerate(columns))
        return filled + sum(missing[c] for c in range(width) if c not in columns)

    every = sorted((cost(columns), columns) for columns in combinations(range(width), texts))
    assert two_best(costs, missing) == every[:2]
