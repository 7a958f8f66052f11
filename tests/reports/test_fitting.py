"""What is told of the room of a text before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reports.fitting import column_widths, lines_of, shorten_list


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
        ("a" * 100, 6),
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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("厅运输处、厅人事处", "厅运输处、厅人事处"),
        ("厅运输处、厅人事处、厅财务处", "厅运输处、厅人事处等"),
        ("第1、2、30、4、5、6、7、8、9、10、111项", "第1、2、30、4、5、6等项"),
        ("自治区交通运输综合执法监督局、厅人事处", "自治区交通运输综合执法监督局等"),
    ],
)
def test_a_list_is_cut_between_its_names(text, shown):
    assert shorten_list(text, 12) == shown
