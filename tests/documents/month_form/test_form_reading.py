"""Forms as they come back: every mess people make is read, or named with its sheet and cell."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.styles import numbers
from openpyxl.worksheet.worksheet import Worksheet

from documents.month_form import Form, FormError, read_form
from documents.month_form.form import FormRow, Proof
from tests.documents.month_form.forms import (
    SEPTEMBER,
    TASKS,
    Desk,
    by_hand,
    columns,
    fill,
    header_row,
    opened,
    row_of,
    saved,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ENCRYPTED = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512)
HEAD = ["序号", "目标任务", "状态", "进度", "本月进展"]


@pytest.fixture
def form(prepared: Desk) -> bytes:
    """The form as handed out."""
    return prepared.form


def read(content: bytes, name: str = "厅法规处.xlsx", **given: Any) -> Form:
    return read_form(content, name, **given)


def row(form: Form, number: int) -> FormRow:
    (found,) = [row for row in form.rows if row.number == number]
    return found


def filled(form: bytes, number: int, **typed: Any) -> FormRow:
    """The row of a task after somebody typed into it."""
    return row(read(fill(form, {number: typed})), number)


def problems_of(row: FormRow) -> list[str]:
    return [str(problem) for problem in row.problems]


def test_an_untouched_form_says_nothing(form: bytes):
    found = read(form)
    assert [row.number for row in found.rows] == [2, 3, 1, 4, 5, 7, 6]
    assert {row.number: row.task for row in found.rows} == TASKS
    assert all(row.is_blank for row in found.rows)
    assert (found.unit, found.month, found.ledger) == (
        "厅法规处",
        SEPTEMBER,
        "信用交通省建设任务台账",
    )
    assert found.stamp.month == SEPTEMBER
    assert (found.notes, found.filled_by) == ((), "")


def test_a_row_filled_as_meant(form: bytes):
    found = filled(
        form,
        2,
        状态="进行中",
        **{"进度%": 80},
        本月进展="更新两次。\n公示 12 条。",
        存在问题="接口不稳",
        下一步="改造接口",
        佐证材料名称="公示截图",
        文号="宁交发〔2020〕12号",
        链接="http://jtt.nx.gov.cn/1",
        佐证日期=datetime(2020, 9, 20),
        频次完成次数=2,
        频次完成日期="9.4、9.18",
        情况属实之日=datetime(2020, 9, 28),
    )
    assert (found.state, found.percent) == ("in_progress", 80)
    assert (found.narrative, found.problem) == ("更新两次。\n公示 12 条。", "接口不稳")
    assert found.next_step == "改造接口"
    assert found.effective_on == date(2020, 9, 28)
    assert found.times == {date(2020, 9, 4): 1, date(2020, 9, 18): 1}
    assert found.proofs == (
        Proof("公示截图", "宁交发〔2020〕12号", "http://jtt.nx.gov.cn/1", date(2020, 9, 20)),
    )
    assert not found.problems


# One cell


@pytest.mark.parametrize(
    ("typed", "percent"),
    [
        *((80, 80), ("80", 80), ("80%", 80), ("８０％", 80), ("八成", 80), ("八成半", 85)),
        *((0.8, 80), ("0.8", 80), ("约80%", 80), ("百分之八十", 80), ("完成80%左右", 80)),
        *((62.5, 62.5), ("一半", 50), (0.05, 5), (99.5, 99.5)),
    ],
)
def test_percents_as_people_write_them(form: bytes, typed: Any, percent: float):
    found = filled(form, 1, 状态="进行中", **{"进度%": typed})
    assert (found.state, found.percent, found.problems) == ("in_progress", percent, ())


def test_a_share_shown_as_percent_is_a_percent(form: bytes):
    book = opened(form)
    sheet = book["填报表"]
    cell = sheet.cell(row_of(sheet, 1), columns(sheet)["进度%"])
    cell.value, cell.number_format = 0.8, numbers.FORMAT_PERCENTAGE
    assert row(read(saved(book)), 1).percent == 80


@pytest.mark.parametrize(
    ("others", "state", "percent"),
    [([0.5], "done", 100), ([80], "in_progress", 1), ([0.25, 0], "done", 100)],
)
def test_one_means_what_the_column_makes_of_it(
    form: bytes, others: list[float], state: str, percent: float
):
    typed = {number: {"进度%": value} for number, value in enumerate([1, *others], start=1)}
    found = row(read(fill(form, typed)), 1)
    assert (found.state, found.percent) == (state, percent)


def test_one_alone_is_asked_about_unless_it_is_done(form: bytes):
    assert problems_of(filled(form, 1, 状态="进行中", **{"进度%": 1})) == [
        "填报表!J9：“1”看不出是 1% 还是 100%，请写上百分号"
    ]
    assert filled(form, 1, 状态="已完成", **{"进度%": 1}).percent == 100


@pytest.mark.parametrize(
    ("typed", "state", "percent"),
    [("已完成", "done", None), ("√", "done", None), ("未启动", "not_started", None)],
)
def test_a_state_in_the_percent_cell(form: bytes, typed: str, state: str, percent: float | None):
    found = filled(form, 1, **{"进度%": typed})
    assert (found.state, found.percent, found.problems) == (state, percent, ())


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        *(
            ("√", "done"),
            ("完成", "done"),
            ("已办结", "done"),
            (True, "done"),
            ("已 完 成", "done"),
        ),
        *(("推进中", "in_progress"), ("部分完成", "in_progress"), ("尚未启动", "not_started")),
        *(
            ("不涉及", "not_applicable"),
            ("80%", "in_progress"),
            ("100%", "done"),
            ("0%", "not_started"),
        ),
    ],
)
def test_states_as_people_write_them(form: bytes, typed: Any, state: str):
    found = filled(form, 1, 状态=typed)
    assert (found.state, found.problems) == (state, ())


@pytest.mark.parametrize(
    ("typed", "state"), [(100, "done"), (0, "not_started"), (35, "in_progress")]
)
def test_a_percent_alone_says_the_state(form: bytes, typed: float, state: str):
    assert filled(form, 1, **{"进度%": typed}).state == state


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"状态": "差不多"}, "填报表!I9：“差不多”看不出状态，请填未开始、进行中、已完成或不适用"),
        ({"进度%": "大部分"}, "填报表!J9：“大部分”看不出进度，请填 0 到 100 之间的数"),
        ({"进度%": -5}, "填报表!J9：“-5”看不出进度，请填 0 到 100 之间的数"),
        ({"进度%": 120}, "填报表!J9：进度 120% 超过 100%"),
        ({"进度%": "120%"}, "填报表!J9：进度 120% 超过 100%"),
        ({"状态": "已完成", "进度%": 80}, "填报表!J9：状态是已完成，进度却是 80%"),
        ({"状态": "进行中", "进度%": "已完成"}, "填报表!J9：状态是进行中，这里却是“已完成”"),
        ({"本月进展": "开了会"}, "填报表!I9：填了进展，没有填状态"),
        ({"存在问题": "缺人"}, "填报表!I9：填了进展，没有填状态"),
        ({"情况属实之日": "待定"}, "填报表!T9：“待定”看不出日期，请写成 2020-09-30 的样子"),
        ({"情况属实之日": "2020-09-31"}, "填报表!T9：“2020-09-31”不是存在的日期"),
        ({"情况属实之日": "20200931"}, "填报表!T9：“20200931”不是存在的日期"),
        ({"情况属实之日": "31日"}, "填报表!T9：“31日”不是 9 月的日期"),
        ({"情况属实之日": 9.3}, "填报表!T9：是一个数，不是日期，请写成 2020-09-30 的样子"),
        ({"文号": "1号"}, "填报表!N9：写了文号或链接，没有写佐证材料名称"),
        (
            {"佐证材料名称": "甲", "文号": "1号\n2号"},
            "填报表!O9：文号有 2 行，佐证材料名称只有 1 行",
        ),
        (
            {"佐证材料名称": "甲", "佐证日期": "不详"},
            "填报表!Q9：“不详”看不出日期，请写成 2020-09-30 的样子",
        ),
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(
    form: bytes, typed: dict[str, Any], sentence: str
):
    found = filled(form, 1, **typed)
    assert problems_of(found) == [sentence]
    assert not found.is_blank


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"频次完成次数": "若干"}, "填报表!R8：“若干”看不出次数，请填整数"),
        (
            {"频次完成次数": 3, "频次完成日期": "9.4、9.11"},
            "填报表!R8：写了 2 个完成日期，次数却是 3",
        ),
        ({"频次完成次数": 0, "频次完成日期": "9.4"}, "填报表!R8：写了完成日期，次数却是 0"),
        ({"频次完成日期": "9.4、周五"}, "填报表!S8：“周五”看不出日期，请写成 2020-09-30 的样子"),
    ],
)
def test_times_that_cannot_be_read_are_named(form: bytes, typed: dict[str, Any], sentence: str):
    assert problems_of(filled(form, 3, **typed)) == [sentence]


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ({"频次完成次数": 2}, {None: 2}),
        ({"频次完成次数": "两次"}, {None: 2}),
        ({"频次完成次数": "共3次", "频次完成日期": "9月18日"}, {date(2020, 9, 18): 3}),
        (
            {"频次完成日期": "9.4，9.11\n18、25日"},
            {date(2020, 9, day): 1 for day in (4, 11, 18, 25)},
        ),
        ({"频次完成日期": "9.4、9.4"}, {date(2020, 9, 4): 2}),
        ({"频次完成次数": 1, "频次完成日期": datetime(2020, 9, 4)}, {date(2020, 9, 4): 1}),
        ({"频次完成次数": 0}, {}),
        ({}, None),
    ],
)
def test_times_and_their_days(form: bytes, typed: dict[str, Any], times: dict | None):
    found = filled(form, 3, **typed)
    assert (found.times, found.problems) == (times, ())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (datetime(2020, 9, 30), 30),
        *(("2020年9月底", 30), ("9.30", 30), ("20200930", 30), ("9月30日", 30), ("30日", 30)),
        *(
            ("2020/9/5 0:00", 5),
            ("2020-09", 30),
            ("九月五日", 5),
            ("２０２０．９．５", 5),
            (44079, 5),
        ),
        *(("9月中旬", 20), ("5", 5)),
    ],
)
def test_days_as_people_write_them(form: bytes, typed: Any, day: int):
    found = filled(form, 1, 状态="进行中", 情况属实之日=typed)
    assert (found.effective_on, found.problems) == (date(2020, 9, day), ())


def test_a_day_that_may_have_lost_its_zero_is_asked_about():
    content = by_hand([[*HEAD, "情况属实之日"], [1, TASKS[1], "进行中", 50, "", 9.3]])
    (found,) = read(content, month=SEPTEMBER).rows
    assert problems_of(found) == [
        "Sheet1!F2：“9.3”看不出是 9 月 3 日还是 30 日，请写成 2020-09-30 的样子"
    ]


def test_several_pieces_of_evidence_are_a_line_each(form: bytes):
    found = filled(form, 1, 佐证材料名称="通知\n纪要", 文号="1号\n2号", 佐证日期="9月4日")
    assert found.proofs == (
        Proof("通知", "1号", "", date(2020, 9, 4)),
        Proof("纪要", "2号", "", date(2020, 9, 4)),
    )


@pytest.mark.parametrize("nothing", ["无", "/", "—", " ", "暂无", "-"])
def test_a_cell_that_says_there_is_nothing_is_blank(form: bytes, nothing: str):
    typed = {"存在问题": nothing, "佐证材料名称": nothing, "进度%": nothing, "本月进展": nothing}
    assert filled(form, 1, **typed).is_blank


def test_a_formula_without_result_is_named(form: bytes):
    found = filled(form, 1, 状态="进行中", **{"进度%": "=J8+5"})
    assert problems_of(found) == ["填报表!J9：公式没有保存计算结果，请直接填写结果"]


# The whole sheet


def test_moved_and_reordered_columns_are_found_by_name(form: bytes):
    content = fill(form, {1: {"状态": "进行中", "进度%": 40, "本月进展": "已起草"}})
    book = opened(content)
    sheet = book["填报表"]
    sheet.insert_cols(2, 2)
    sheet.insert_rows(3, 2)
    # Excel moves what is hidden with its column, openpyxl does not.
    for dimension in sheet.column_dimensions.values():
        dimension.hidden = False
    sheet.move_range("K1:K30", cols=15)
    found = row(read(saved(book)), 1)
    assert (found.state, found.percent, found.narrative) == ("in_progress", 40, "已起草")
    assert found.place == "填报表 第 11 行"
    assert found.cell("percent") == "填报表!L11"


def test_a_deleted_key_column_leaves_number_and_wording(form: bytes):
    book = opened(fill(form, {1: {"状态": "已完成"}}))
    book["填报表"].delete_cols(1)
    found = read(saved(book))
    assert found.stamp is None
    assert (found.unit, found.month) == ("厅法规处", SEPTEMBER)
    assert {row.number: row.task for row in found.rows} == TASKS
    assert (row(found, 1).key, row(found, 1).state) == (None, "done")


def test_blank_keys_are_no_keys(form: bytes):
    book = opened(form)
    for sheet in (book["填报表"], book["其他任务"]):
        for number in range(header_row(sheet) + 1, sheet.max_row + 1):
            sheet.cell(number, 1).value = None
    assert {row.key for row in read(saved(book)).rows} == {None}


def test_blank_rows_notes_and_a_second_header_are_no_tasks(form: bytes):
    book = opened(form)
    sheet = book["填报表"]
    last = sheet.max_row
    head = [cell.value for cell in sheet[header_row(sheet)]]
    sheet.cell(last + 3, 2).value = "填报人签字："
    for column, value in enumerate(head, start=1):
        sheet.cell(last + 5, column).value = value
    sheet.cell(last + 7, 9).value = "已完成"
    found = read(saved(book)).rows
    assert len(found) == len(TASKS) + 1
    # Something was typed where no task is: it is handed on, and not dropped in silence.
    (odd,) = [each for each in found if not each.task]
    assert (odd.state, odd.place) == ("done", f"填报表 第 {last + 7} 行")


def merged(form: bytes, typed: dict, *ranges: str) -> Form:
    book = opened(fill(form, typed))
    for each in ranges:
        book["填报表"].merge_cells(each)
    return read(saved(book))


def test_a_cell_merged_over_rows_speaks_for_each(form: bytes):
    found = merged(form, {2: {"状态": "进行中", "本月进展": "一并推进"}}, "I7:I9", "K7:K8")
    assert [row.state for row in found.rows[:4]] == [*["in_progress"] * 3, None]
    assert [row.narrative for row in found.rows[:3]] == ["一并推进", "一并推进", ""]


def test_a_cell_merged_over_columns_belongs_to_the_first(form: bytes):
    found = row(merged(form, {1: {"状态": "进行中", "本月进展": "已起草"}}, "K9:M9"), 1)
    assert (found.narrative, found.problem, found.next_step) == ("已起草", "", "")


def test_a_column_of_no_meaning_is_named_when_it_says_something(form: bytes):
    book = opened(form)
    sheet = book["填报表"]
    sheet.cell(header_row(sheet), 21).value = "备注"
    sheet.cell(header_row(sheet), 22).value = "空列"
    sheet.cell(9, 21).value = "请领导过目"
    assert read(saved(book)).notes == ("U 列（“备注”）没有读入。",)


def test_an_empty_copy_of_the_sheet_does_no_harm(form: bytes):
    book = opened(fill(form, {1: {"状态": "已完成"}}))
    book.copy_worksheet(book["填报表"]).title = "副本"
    for number in range(7, 14):
        book["副本"].cell(number, 9).value = None
    assert row(read(saved(book)), 1).state == "done"


def test_two_filled_sheets_are_refused(form: bytes):
    book = opened(fill(form, {1: {"状态": "已完成"}}))
    book.copy_worksheet(book["填报表"]).title = "厅运输处"
    with pytest.raises(FormError) as refused:
        read(saved(book))
    assert str(refused.value) == (
        "文件里有 2 张填了内容的表（“填报表”、“厅运输处”），请每个文件只留一张。"
    )


def test_a_workbook_with_macros_is_read(form: bytes):
    assert read(form, "厅法规处.xlsm").unit == "厅法规处"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_sheet_saved_as_csv(form: bytes, encoding: str):
    content = as_csv(
        opened(fill(form, {1: {"状态": "进行中", "进度%": "差不多", "本月进展": "一\n二"}}))[
            "填报表"
        ]
    )
    found = read(content.encode(encoding), "厅法规处.csv")
    assert found.stamp.month == SEPTEMBER
    assert (row(found, 1).state, row(found, 1).narrative) == ("in_progress", "一\n二")
    # The rows of a spreadsheet, not the lines of the file.
    assert problems_of(row(found, 1)) == ["J9：“差不多”看不出进度，请填 0 到 100 之间的数"]


def as_csv(sheet: Worksheet) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in sheet.iter_rows(values_only=True):
        writer.writerow(["" if value is None else value for value in row])
    return stream.getvalue()


# Made by hand


def test_a_table_made_by_hand():
    content = by_hand(
        [
            ["厅法规处九月份信用工作进展"],
            ["填报单位：厅法规处", "报送月份：2020年9月", "填报人：李四　电话：123"],
            [],
            ["编号", "工作任务", "完成情况", "完成进度", "任务状态", "困难和问题"],
            ["1.", TASKS[1], "已印发", "100%", "完成", "无"],
            ["二", TASKS[2], "更新了", "0.5", "推进中", "缺人"],
        ]
    )
    found = read(content)
    assert (found.unit, found.month, found.filled_by) == ("厅法规处", SEPTEMBER, "李四")
    first, second = found.rows
    assert (first.number, first.state, first.percent, first.narrative) == (1, "done", 100, "已印发")
    assert (second.number, second.state, second.percent, second.problem) == (
        *(2, "in_progress", 50),
        "缺人",
    )


def test_who_filled_it_in_is_read_beside_its_label(form: bytes):
    book = opened(form)
    book["填报表"]["F4"] = "张三"
    book["填报表"]["I4"] = "0951-123"
    assert read(saved(book)).filled_by == "张三"


# Not a form


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


NO_FORM = "没有找到填报表：应有一行列名，写着“目标任务”和“状态”“进度%”“本月进展”中的至少一列。"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.xlsx", b"", "文件是空的"),
        ("加密.xlsx", ENCRYPTED, "文件已加密"),
        ("报告.pdf", b"%PDF-1.7", "“报告.pdf”不是填报表，请交回 .xlsx 文件。"),
        ("报告.docx", b"PK", "“报告.docx”不是填报表，请交回 .xlsx 文件。"),
        ("文字.xlsx", b"hello", "不是有效的 Excel 文件"),
        ("截断.xlsx", b"PK\x03\x04" + bytes(40), "不是有效的 Excel 文件"),
        (
            "实体.xlsx",
            zipped(xl__workbook=b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'),
            "文件含有不安全的内容",
        ),
        (
            "炸弹.xlsx",
            zipped(xl__workbook=b"<a/>", xl__worksheets__sheet1=b"<a/>" * 2**25),
            "文件解压后过大",
        ),
        ("通知.xlsx", by_hand([["关于报送进展的通知"], ["各单位："]]), NO_FORM),
        ("名单.csv", "姓名,电话\n张三,1".encode(), NO_FORM),
    ],
)
def test_what_is_no_form_is_refused_in_a_sentence(name: str, content: bytes, reason: str):
    with pytest.raises(FormError) as refused:
        read(content, name)
    said = str(refused.value)
    assert said.startswith(reason)
    assert said.endswith("。")
    assert "台账" not in said


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(FormError, match="文件无法打开"):
        read_form(tmp_path / "无.xlsx", "无.xlsx")
