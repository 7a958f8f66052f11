"""web/grid.js by itself: where the texts of a table's cells break, and which heads stand on the right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = Path(__file__).resolve().parents[2] / "web" / "grid.js"
NEVER_FIRST = "，。、；：？！”’）》…％%"
NEVER_LAST = "“‘（《"
TEXTS = (
    "根据信用评价结果，结合“双随机一公开”，实施分级分类监管。",
    "厅建管处、厅运输处、厅海事处、厅质安处、厅审批处、路网监测与应急处置中心",
    "退办待改；当日到期；落后序时\u00a015.0\u00a0个百分点（按时间均摊推算）；频次缺 1 期，未达到 100%",
    "2020-10-15 完成，晚于期限 76 天，已销号",
    "10-05、05-04、02-03、01-27",
)
# A mark or Chinese character is 14 pixels wide, a letter or digit 8.
LINES = """([text, width, most]) => linesOfCell(
    {font: "14px", measureText: (t) => ({width: [...t].reduce((sum, c) => sum + (c > "ÿ" ? 14 : 8), 0)})},
    text, width, most)"""


@pytest.fixture
def grid(page: Page) -> Page:
    page.add_script_tag(path=SCRIPT)
    return page


@pytest.mark.parametrize("text", TEXTS)
def test_lines_fit_and_begin_and_end_as_printed_chinese_does(grid: Page, text: str) -> None:
    for width in range(110, 400, 7):
        lines = grid.evaluate(LINES, [text, width, 99])
        assert "".join("".join(lines).split()) == "".join(text.split())
        for line in lines:
            assert sum(14 if each > "ÿ" else 8 for each in line) <= width, (width, lines)
            assert line[0] not in NEVER_FIRST, (width, lines)
            assert line[-1] not in NEVER_LAST, (width, lines)
        # A number or a day is not torn apart.
        for whole in ("15.0", "100%", "2020-10-15", "10-05"):
            assert whole not in text or any(whole in line for line in lines), (width, lines)


def test_what_does_not_fit_ends_in_dots(grid: Page) -> None:
    lines = grid.evaluate(LINES, [TEXTS[0], 150, 2])

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert len(lines[1]) * 14 <= 150


def test_a_word_wider_than_the_cell_is_broken(grid: Page) -> None:
    assert grid.evaluate(LINES, ["a" * 30, 80, 9]) == ["a" * 10] * 3


def test_heads_of_numbers_stand_on_the_right(grid: Page) -> None:
    heads = grid.evaluate(
        """() => [{title: "任务", kind: "text"}, {title: "编号", kind: "number"},
            {title: "进度", kind: "text", contentAlignment: "right"},
            {title: "数", kind: "number", contentAlignment: "left"}].map(headOfColumn)"""
    )

    # What Streamlit's table takes for text from right to left, whose head it puts on the right.
    assert [head[0] == "\u061c" for head in heads] == [False, True, True, False]
