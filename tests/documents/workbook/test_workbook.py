"""The workbook, opened again: it says what it is, and every cell is what was handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from documents import Context, table_workbook
from words import RateOfFew

CONTEXT = Context(
    ledger="宁夏 2020 年台账",
    edition="第 1 版",
    as_of=date(2020, 9, 30),
    filters="单位：厅法规处",
    data_version=17,
    is_demonstration=False,
    made_at=datetime(2020, 10, 8, 9, 5),
)


def sheet(rows: pd.DataFrame, context: Context = CONTEXT) -> Worksheet:
    made = table_workbook("逾期任务", "期限当日不算逾期。", rows, context)
    (only,) = load_workbook(BytesIO(made)).worksheets
    return only


def cells(value: Any, *more: Any) -> list[Cell]:
    """The cells of one column of these values, as read back."""
    made = sheet(pd.DataFrame({"列": pd.Series([value, *more], dtype=object)}))
    column = [cell for (cell,) in made.iter_rows(min_col=1, max_col=1)]
    head = [cell.value for cell in column].index("列")
    return column[head + 1 :]


def test_a_rate_of_few_is_a_number_that_reads_as_a_fraction():
    few, many = cells(RateOfFew(1, 3), 62.5)
    assert few.value == pytest.approx(100 / 3)
    assert few.number_format == '"1/3"'
    assert many.number_format == "0.0#"


def test_the_head_says_what_the_figures_are_of():
    made = sheet(pd.DataFrame({"任务": [1]}))
    said = "\n".join(str(row[0]) for row in made.iter_rows(values_only=True))
    for part in (
        "逾期任务",
        "宁夏 2020 年台账（第 1 版）",
        "2020-09-30",
        "单位：厅法规处",
        "数据版本：17",
        "2020-10-08 09:05",
        "期限当日不算逾期。",
    ):
        assert part in said
    assert "演示数据" not in said


def test_demonstration_data_is_marked_first_of_all():
    made = sheet(pd.DataFrame({"任务": [1]}), replace(CONTEXT, is_demonstration=True))
    assert made["A1"].value == "【演示数据】逾期任务"


@pytest.mark.parametrize(
    "text",
    ["=1+1", '=HYPERLINK("http://a")', "+86 951", "-1", "@SUM(A1)", "\t=1", "007", "#N/A", "TRUE"],
)
def test_text_stays_text(text: str):
    (cell,) = cells(text)
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_heading_or_a_filter_that_looks_like_a_formula_stays_text():
    made = sheet(pd.DataFrame({"=列": [1]}), replace(CONTEXT, ledger="=台账", filters="@单位"))
    kinds = {cell.data_type for row in made.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}


def test_numbers_in_text_keep_every_digit():
    texts = ["000123", "91640000MA75X12345", "123456789012345678"]
    assert [cell.value for cell in cells(*texts)] == texts


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (np.int64(12), 12),
        (np.float64(62.5), 62.5),
        (0, 0),
        (np.bool_(True), True),
        (False, False),
        (["各市", "三次"], "各市、三次"),
        ([], None),
        ("", None),
        (None, None),
        (float("nan"), None),
        (pd.NaT, None),
        (pd.Timestamp(2020, 9, 30), datetime(2020, 9, 30)),
        (date(2020, 9, 30), datetime(2020, 9, 30)),
    ],
)
def test_a_value_is_read_back_as_it_was_shown(given: Any, read: Any):
    (cell, _) = cells(given, "后一行")
    assert cell.value == read


@pytest.mark.parametrize("day", [pd.Timestamp(2020, 9, 30), date(2020, 9, 30)])
def test_a_day_is_shown_as_in_tables(day: Any):
    (cell,) = cells(day)
    assert cell.is_date
    assert cell.number_format == "yyyy-mm-dd"


def test_an_array_of_texts_is_listed():
    (cell,) = cells(np.array(["各市", "三次"], dtype=object))
    assert cell.value == "各市、三次"


def test_rows_and_columns_come_in_the_order_handed_over():
    given = pd.DataFrame({"单位": ["厅运输处", "厅法规处"], "任务": [28, 36], "分值": [None, 2.5]})
    made = sheet(given)
    listed = list(made.iter_rows(values_only=True, max_col=3))
    assert listed[-3:] == [("单位", "任务", "分值"), ("厅运输处", 28, None), ("厅法规处", 36, 2.5)]
    assert made.auto_filter.ref == f"A{made.max_row - 2}:C{made.max_row}"
    assert made.freeze_panes == f"A{made.max_row - 1}"


def test_an_answer_without_rows_still_says_what_it_is():
    made = sheet(pd.DataFrame({"单位": pd.Series(dtype=object)}))
    listed = [row[0] for row in made.iter_rows(values_only=True)]
    assert listed[0] == "逾期任务"
    assert listed[-1] == "单位"
    assert made.auto_filter.ref is None


def test_a_printed_page_has_all_columns_their_headings_and_every_line_of_a_text():
    rows = pd.DataFrame({"单位": ["厅运输处"] * 2, "任务": ["信用交通" * 50, "短"]})
    made = sheet(rows, replace(CONTEXT, filters="单位：" + "、".join(["厅法规处"] * 40)))
    assert (made.page_setup.orientation, made.page_setup.fitToHeight) == ("landscape", 0)
    assert made.sheet_properties.pageSetUpPr.fitToPage
    head = made.max_row - 2
    assert made.print_title_rows == f"${head}:${head}"
    # The filters run over several lines, not past the table.
    assert "A3" in {str(each).partition(":")[0] for each in made.merged_cells.ranges}
    assert made.row_dimensions[3].height > 3 * made.row_dimensions[4].height
    tall, short = (made.row_dimensions[made.max_row - 1 + line].height for line in (0, 1))
    assert tall >= 7 * short


def test_columns_are_wide_enough_to_read_and_no_wider():
    made = sheet(pd.DataFrame({"名": ["信用" * 3], "文": ["信用交通" * 100]}))
    short, long = (made.column_dimensions[column].width for column in "AB")
    assert 12 <= short < long <= 60


def test_figures_and_days_take_the_room_of_what_is_shown():
    rows = pd.DataFrame(
        {
            "编号": [1, 2],
            "进度": [80.1333333333333, 75.0],
            "期限": pd.to_datetime([date(2020, 9, 30)] * 2),
            "任务": ["建立制度", "印发方案"],
        }
    )
    made = sheet(rows)
    first = made[made.max_row - 1]
    # The cell keeps every digit and shows two.
    assert (first[1].value, first[1].number_format) == (80.1333333333333, "0.0#")
    assert made[made.max_row][1].number_format == "General"
    assert [made.column_dimensions[column].width <= 14 for column in "BC"] == [True, True]
    assert [cell.alignment.horizontal for cell in first[:4]] == ["right", "right", "left", "left"]
    assert {cell.alignment.indent for cell in first[:4]} == {1}
