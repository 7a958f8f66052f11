"""查找 from every page: by a phrase, a unit, a task, a page and a definition."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect
from test_looks import axe_findings


def search(server, page: Page, phrase: str) -> Locator:
    """Open the search by the keyboard and type, as the cursor stands in the box; the dialog."""
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="查找")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(phrase)
    page.keyboard.press("Enter")
    server.settle(page)
    return dialog


def context(page: Page) -> Locator:
    return page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first


def test_from_a_phrase_to_tasks_unit_card_and_page(demo_server, page):
    demo_server.open(page, "overview?as_of=2020-06-30&unit=厅海事处")
    dialog = search(demo_server, page, "厅运输处 红灯 三季度末 飞机")
    expect(dialog.get_by_role("alert")).to_have_text("没有看懂“飞机”，其余的照下面查。")
    chips = dialog.locator("[class*=st-key-search_chips] button")
    expect(chips).to_have_text(["责任单位：厅运输处", "预警灯：红灯", "截至：2020-09-30"])
    assert axe_findings(page) == []
    chips.get_by_text("红灯").click()
    demo_server.settle(page)
    dialog.get_by_role("button", name="看符合条件的任务").click()
    # The chip taken off is no condition, and nothing chosen before stands beside the others.
    expect(context(page)).to_contain_text("自由筛选　·　")
    expect(context(page)).to_contain_text("截至 2020-09-30　·　筛选：责任单位有厅运输处")
    headline = page.get_by_test_id("stMain").get_by_test_id("stHeading").first
    expect(headline).to_have_text(re.compile(r"责任单位有厅运输处的任务有 [1-9]\d* 项。"))
    demo_server.settle(page)

    # A unit by its initials; then another while the page of the first is open.
    for phrase, unit in (("fgc", "厅法规处"), ("五市 逾期", "五市交通运输局")):
        dialog = search(demo_server, page, phrase)
        dialog.get_by_role("link", name=unit).click()
        expect(page.get_by_test_id("stMain").locator(".st-key-focus input")).to_have_value(unit)
        expect(dialog).to_have_count(0)
        demo_server.settle(page)

    dialog = search(demo_server, page, "第 12 项 第 999 项 2019年底")
    expect(dialog.get_by_text(re.compile("^2019-12-31 不在.*没有用作截至日期"))).to_be_visible()
    expect(dialog.get_by_text("这份台账没有第 999 项任务。")).to_be_visible()
    dialog.get_by_role("button", name="第 12 项").click()
    card = page.get_by_role("dialog", name="任务卡")
    expect(card.get_by_text("第 12 项", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("[?&]task="))
    demo_server.settle(page)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    demo_server.settle(page)

    dialog = search(demo_server, page, "信用信息目录 逾期预警")
    expect(dialog.get_by_role("button", name="第 18 项")).to_be_visible()
    dialog.get_by_role("link", name="逾期预警").click()
    expect(context(page)).to_contain_text("逾期预警　·　")
    demo_server.settle(page)
    dialog = search(demo_server, page, "序时进度")
    dialog.get_by_text("口径：指标完成率").click()
    expect(dialog.get_by_text("完成率 = 已完成 ÷ 适用的基本任务")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)

    # On a phone the button is in the sidebar, which then does not cover what was found.
    page.set_viewport_size({"width": 390, "height": 844})
    demo_server.open(page, "overdue?as_of=2020-09-30")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".st-key-search button").click()
    expect(page.get_by_role("dialog", name="查找").get_by_role("textbox")).to_be_focused()
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
