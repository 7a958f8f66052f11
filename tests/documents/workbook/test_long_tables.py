"""Long tables as files: every form says what it is, keeps its text text, and loses no digit."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from documents import Context, about_table, csv_table, json_table, long_workbook
from documents.workbook.print_page import A3_ROOM, fitted

CONTEXT = Context(
    ledger="宁夏 2020 年台账",
    edition="第 1 版",
    as_of=date(2020, 9, 30),
    filters="厅法规处 且 红灯",
    data_version=17,
    is_demonstration=False,
    made_at=datetime(2020, 10, 8, 9, 5),
)
FORMULAS = (
    "=1+1", "+1", "-1", "@sum(a1)", "＝cmd", " =1", "\t=1", "\n=1", "=HYPERLINK(\"http://x\")",
)  # fmt: skip
NAMES = ("007", "123456789012345678", "0123.5", "<a&b> _x0041_", "任务，“一”\n二", "—", "")
ROWS = pd.DataFrame(
    {
        "文字": pd.Series([*FORMULAS, *NAMES], dtype=object),
        "数": [1.5, None, *range(14)],
        "日": pd.to_datetime([date(2020, 9, 30), None] * 8),
        "是否": pd.Series([True, False] * 8, dtype="boolean"),
    }
)


def made(write, rows: pd.DataFrame = ROWS, context: Context = CONTEXT) -> bytes:
    return write("自由筛选", "每行一项任务。", rows, context)


def sheets(content: bytes) -> dict[str, list[tuple]]:
    book = load_workbook(BytesIO(content))
    return {each.title: list(each.iter_rows()) for each in book.worksheets}


def test_workbook_cells_are_what_was_handed_over():
    (head, *body) = sheets(made(long_workbook))["数据"]
    assert [cell.value for cell in head] == list(ROWS)
    for line, text in zip(body, ROWS["文字"], strict=True):
        # An empty text is an empty cell.
        assert unescape(line[0].value or "") == text
        assert line[0].data_type == "s" or not text
    assert [line[1].value for line in body][:3] == [1.5, None, 0]
    assert body[0][2].value == datetime(2020, 9, 30)
    assert body[0][2].number_format == "yyyy-mm-dd"
    assert [line[3].value for line in body[:2]] == ["是", "否"]


def test_workbook_has_no_formula_and_no_link():
    content = made(long_workbook)
    book = load_workbook(BytesIO(content))
    assert not [
        c for row in book["数据"].iter_rows() for c in row if c.data_type == "f" or c.hyperlink
    ]


@pytest.mark.parametrize("write", [long_workbook, about_table, json_table])
@pytest.mark.parametrize("demonstration", [False, True])
def test_every_form_says_what_it_is(write, demonstration):
    content = made(write, context=replace(CONTEXT, is_demonstration=demonstration))
    if write is long_workbook:
        text = "\n".join(str(c.value) for row in sheets(content)["说明"] for c in row)
    else:
        text = content.decode("utf-8-sig")
    for part in (
        "宁夏 2020 年台账（第 1 版）",
        "2020-09-30",
        "厅法规处 且 红灯",
        "17",
        "每行一项任务。",
        "16",
    ):
        assert part in text
    assert ("【演示数据】自由筛选" in text) is demonstration


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_opens_as_text_in_a_spreadsheet(encoding):
    content = csv_table("自由筛选", "每行一项任务。", ROWS, CONTEXT, encoding)
    assert content.startswith(b"\xef\xbb\xbf") is (encoding == "utf-8-sig")
    lines = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
    assert lines[0] == list(ROWS)
    body = lines[1 : 1 + len(ROWS)]
    for line, text in zip(body, ROWS["文字"], strict=True):
        assert line[0].removeprefix("\t") == text or line[0] == "\t" + text
        assert not line[0].startswith(("=", "+", "-", "@"))
    by_text = {line[0].lstrip("\t"): line[0] for line in body}
    assert by_text["007"] == "\t007"
    assert by_text["123456789012345678"] == "\t123456789012345678"
    assert by_text["任务，“一”\n二"] == "任务，“一”\n二"
    assert body[0][1:] == ["1.5", "2020-09-30", "是"]
    # A negative figure is a figure.
    assert b"-3" in csv_table("t", "d", pd.DataFrame({"数": [-3]}), CONTEXT)
    # Nothing but the header and the rows: programs read it as it is.
    assert len(lines) == 1 + len(ROWS)


def test_json_keeps_values_as_they_are():
    told = json.loads(made(json_table))
    assert [row["文字"] for row in told["数据"]] == list(ROWS["文字"])
    assert told["数据"][0] == {"文字": "=1+1", "数": 1.5, "日": "2020-09-30", "是否": True}
    assert told["数据"][1]["数"] is None
    assert told["说明"]["数据版本"] == "17"


def test_a_table_too_wide_for_type_of_9_points_goes_on_a3_and_its_texts_wrap():
    narrow = fitted([19.0] * 6)
    assert (narrow.paper, narrow.widths) == (9, [19.0] * 6)
    wide = fitted([60.0] * 4 + [8.0] * 3)
    assert wide.paper == 8
    assert sum(wide.widths) == pytest.approx(A3_ROOM)
    assert wide.widths[4:] == [8.0] * 3
    assert fitted([10.0] * 32).pages == 2
    # No page for a last column that the others can make room for.
    nearly = fitted([10.0] * 17)
    assert nearly.pages == 1
    assert sum(nearly.widths) == pytest.approx(A3_ROOM)


def test_a_printed_page_has_all_columns_and_every_line_of_a_text():
    rows = pd.DataFrame({"任务": ["信用交通" * 50, "短"], "号": [1, 2]})
    book = load_workbook(BytesIO(made(long_workbook, rows)))
    for each in book.worksheets:
        assert (each.page_setup.orientation, each.page_setup.fitToHeight) == ("landscape", 0)
        assert each.sheet_properties.pageSetUpPr.fitToPage
    data = book["数据"]
    assert data.print_title_rows == "$1:$1"
    assert data["A2"].alignment.wrap_text
    assert data.row_dimensions[2].height >= 7 * data.row_dimensions[3].height
    # Of a row that nobody can print, it is not asked how high it is.
    many = load_workbook(BytesIO(made(long_workbook, pd.DataFrame({"任务": ["短"] * 2_001}))))
    assert many["数据"].row_dimensions[2].height is None


def test_long_numbers_survive_in_a_workbook():
    rows = pd.DataFrame({"号": pd.Series([123456789012345678, 7], dtype="Int64")})
    (_, *body) = sheets(made(long_workbook, rows))["数据"]
    assert [line[0].value for line in body] == ["123456789012345678", 7]


def test_no_rows_is_a_file_too():
    for write in (long_workbook, csv_table, json_table):
        assert made(write, ROWS.head(0))


def test_figures_and_days_take_the_room_of_what_is_shown():
    rows = pd.DataFrame(
        {
            "进度": [80.1333333333333, 75.0],
            "次数": [3.0, None],
            "期限": pd.to_datetime([date(2020, 9, 30)] * 2),
            "任务": ["建立制度", "印发方案"],
        }
    )
    sheet = load_workbook(BytesIO(made(long_workbook, rows)))["数据"]
    # The cell keeps every digit and shows two; a count is no fraction because one is missing.
    assert sheet["A2"].value == 80.1333333333333
    assert [cell.number_format for cell in sheet[2]] == ["0.0#", "General", "yyyy-mm-dd", "General"]
    assert all(sheet.column_dimensions[column].width < 15 for column in "ABC")
    assert [cell.alignment.horizontal for cell in sheet[2]] == ["right", "right", "left", "left"]
    assert {cell.alignment.indent for cell in sheet[2]} == {1}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "−", "﹦"])
@pytest.mark.parametrize(
    "before", ["", " ", "\t", "\n", "\r", '"', "'", '""', "\ufeff", "\u200b", "\u00a0", "\u3000", "\u202e", "'\ufeff \u2060", "\x00", "\x07\""]
)  # fmt: skip
def test_nothing_in_a_csv_is_run_as_a_formula(sign, before):
    rows = pd.DataFrame({f"{before}{sign}列": [f"{before}{sign}cmd|' /C calc'!A0"]})
    content = csv_table("t", f"{before}{sign}1+1", rows, CONTEXT).decode("utf-8-sig")
    head, first = csv.reader(io.StringIO(content, newline=""))
    for text in (head[0], first[0]):
        assert text.startswith("\t")
        assert text.lstrip("\t").lstrip()


def test_a_text_after_quotes_stays_as_it_is_in_a_csv():
    rows = pd.DataFrame({"列": ["“一号”文件", "a=b", "'引用'", "—"]})
    content = csv_table("t", "d", rows, CONTEXT).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content, newline="")))
    assert [line[0] for line in lines[1:5]] == list(rows["列"])
