"""A 评分方案 from the template to its second version: mistakes named by cell, corrected, compared."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from test_verification_journey import headline, tab

from tests.documents.month_form.forms import opened
from tests.documents.scheme.conftest import columns, fill, row_of

SHEET = "评分方案"
WHOLE = {number: {"分值": 1.6} for number in range(1, 61)} | {61: {"分值": 4}}
MISTAKES = {7: {"分值": "两分"}, 12: {"规则": "分档", "分档": "60–80：1；70–100：1.6"}}
"""Task → what a person types into its row; the points that are no number, tiers that overlap."""
CORRECTED = {12: {"规则": "分档", "分档": "60–80：1；80–100：1.6"}}


def cell(content: bytes, number: int, column: str) -> str:
    sheet = opened(content)[SHEET]
    return f"{SHEET}!{sheet.cell(row_of(sheet, number), columns(sheet)[column]).coordinate}"


def in_grid(panel: Locator, text: str) -> Locator:
    """A cell of a grid, which is one canvas: its cells stand inside for those who cannot see it."""
    return panel.locator('canvas [role="gridcell"]').filter(
        has_text=re.compile(f"^{re.escape(text)}$")
    )


def hand_in(server, page: Page, content: bytes, file: Path) -> Locator:
    file.write_bytes(content)
    panel = tab(server, page, "Excel 模板")
    panel.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    server.settle(page)
    return panel


def sign(server, page: Page, panel: Locator, label: str) -> None:
    author = panel.get_by_label("操作人")
    author.fill("李强")
    author.press("Enter")
    server.settle(page)
    panel.get_by_role("button", name=label).click()
    server.settle(page)


def test_from_the_template_to_the_second_version(fresh_server, page, tmp_path: Path):
    server = fresh_server
    server.open(page, "scheme")
    expect(headline(page)).to_contain_text("未设分值，可从模板填起")
    panel = tab(server, page, "Excel 模板")
    with page.expect_download() as handed_out:
        panel.get_by_role("button", name=re.compile("下载模板")).click()
    assert handed_out.value.suggested_filename.endswith("_评分方案.xlsx")
    template = handed_out.value.path().read_bytes()

    wrong = fill(fill(template, WHOLE), MISTAKES)
    panel = hand_in(server, page, wrong, tmp_path / "方案.xlsx")
    expect(panel.get_by_text("须改正的地方（2 处）")).to_be_visible()
    for number, column in ((7, "分值"), (12, "分档")):
        expect(in_grid(panel, cell(wrong, number, column))).to_have_count(1)
    expect(panel.get_by_role("button", name="存为第 1 版")).to_be_disabled()

    server.open(page, "scheme")
    right = fill(fill(template, WHOLE), CORRECTED)
    panel = hand_in(server, page, right, tmp_path / "方案改正.xlsx")
    sign(server, page, panel, "存为第 1 版")
    expect(page.get_by_text("已存入评分方案第 1 版。")).to_be_visible()
    expect(headline(page)).to_contain_text("评分方案第 1 版：61 项基本任务共 100 分")

    panel = tab(server, page, "网页上编辑")
    grid = panel.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    server.settle(page)
    box = grid.bounding_box()
    # 分值 of the first task: after 编号, 目标任务, 一级指标, 类别; below the head of the grid.
    page.mouse.dblclick(box["x"] + 48 + 250 + 120 + 76 + 40, box["y"] + 40 + 33)
    # The editor of a cell opens over the grid, a moment later.
    editor = page.locator("#portal input")
    editor.fill("2.6")
    editor.press("Enter")
    server.settle(page)
    expect(panel.get_by_text("与第 1 版的不同（1 处，1 项任务）")).to_be_visible()
    expect(panel.get_by_text("基本任务合计 101 分，不是 100 分")).to_be_visible()
    sign(server, page, panel, "存为第 2 版")
    expect(headline(page)).to_contain_text("评分方案第 2 版：61 项基本任务共 101 分")

    panel = tab(server, page, "各版对照")
    said = "从第 1 版到第 2 版改了 1 处，涉及 1 项任务；基本任务合计 100 分 → 101 分"
    expect(panel.get_by_text(said)).to_be_visible()
    for shown in ("1.6", "2.6"):
        expect(in_grid(panel, shown)).to_have_count(1)

    page.get_by_text("撤回一版").click()
    server.pick(page, panel.get_by_role("combobox", name="存错的一版"), "第 2 版", exact=False)
    expect(panel.get_by_text("现行的改为第 1 版")).to_be_visible()
    panel.get_by_label("撤回理由").fill("分值填错")
    panel.get_by_label("经办人").fill("李强")
    panel.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_text("已撤回评分方案第 2 版。")).to_be_visible()
    expect(headline(page)).to_contain_text("评分方案第 1 版：61 项基本任务共 100 分")
