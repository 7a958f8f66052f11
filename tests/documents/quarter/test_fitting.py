"""What is told of the room of a text before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from documents.quarter.fitting import column_widths, leaves_few, lines_of


@dataclass
class Column:
    heading: str
    width: float


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("信用" * 5, 1),
        ("信用" * 5 + "评", 2),
        # A closing mark stays with what it closes.
        ("信用" * 5 + "。", 2),
        # Numbers are not torn.
        ("第1234567、1234567项", 2),
        ("甲\n乙", 2),
        ("a" * 100, 7),
    ],
)
def test_lines_are_broken_where_a_program_breaks_them(text, lines):
    assert lines_of(text, 10 * 12 / 72, 12) == lines


def test_columns_fill_the_width_and_keep_short_cells_whole():
    columns = [Column("期限", 1), Column("目标任务", 10), Column("完成", 9)]
    widths = column_widths(columns, [["2020-12-31", "任务" * 40, "3"]], 8, 12)
    assert sum(widths) == pytest.approx(8)
    assert lines_of("2020-12-31", widths[0] - 0.14, 12) == 1
    # What a short column does not need goes to the one that wants it.
    assert widths[1] > 6 > 1 > widths[2]


def test_columns_that_all_want_little_share_the_rest():
    columns = [Column("名次", 4), Column("单位", 20), Column("逾期", 5)]
    widths = column_widths(columns, [["1", "厅运输处", "0"]], 12, 13)
    assert sum(widths) == pytest.approx(12)
    assert widths[1] > max(widths[0], widths[2])


@pytest.mark.parametrize(("length", "few"), [(8, False), (11, True), (16, False)])
def test_a_word_alone_on_the_last_line_is_noticed(length, few):
    assert leaves_few("信" * length, 10 * 12 / 72, 12) is few


def test_a_column_is_as_wide_as_its_short_cells_and_no_wider():
    columns = [Column("责任单位", 10), Column("议定事项", 24), Column("到期完成率（%）", 6)]
    cells = [["厅法规处", "任务" * 20, "1"], ["厅信用体系建设领导小组各成员单位", "任务" * 20, "2"]]
    units, _, rate = column_widths(columns, cells, 4, 12)
    assert lines_of("厅法规处", units - 0.2, 12) == 1
    # The unit of measure stands below the heading, which is whole.
    assert lines_of("到期完成率", rate - 0.2, 12 * 1.1) == 1
    assert rate < 1.2
