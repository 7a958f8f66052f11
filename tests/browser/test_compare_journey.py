"""Two of a kind side by side: turned from kind to kind, shared by address, a card opened, a table taken
along."""

from __future__ import annotations

import io
import re

import openpyxl
from openpyxl import Workbook
from playwright.sync_api import Download, Locator, Page, expect

HEADER, ROW = 38, 66
"""Pixels of the head of a task table and of each of its rows."""


def headline(page: Page) -> Locator:
    return page.get_by_test_id("stMain").get_by_test_id("stHeading").first


def opened(download: Download) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))


def turn(server, page: Page, kind: str) -> None:
    server.settle(page)
    page.locator(".st-key-compare").get_by_text(kind, exact=True).click()
    server.settle(page)


def open_first_card(server, page: Page, key: str) -> Locator:
    """Tick the first row of a task table, which is one canvas: the box stands at its left."""
    table = page.locator(f".st-key-{key} canvas").first
    table.scroll_into_view_if_needed()
    server.settle(page)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW / 2)
    card = page.get_by_role("dialog")
    expect(card).to_be_visible()
    return card


def close(server, page: Page, card: Locator) -> None:
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    server.settle(page)


def test_two_ledgers_are_looked_at_shared_and_taken_along(server, page):
    server.open(page, "overview")
    server.turn_to(page, "对照比较")
    expect(headline(page)).to_contain_text("6 个主题共有；仅宁夏2020年有“信用承诺”")
    server.choose(page, "theme", "平台网站")
    expect(page.get_by_text("湖南2019年“平台网站”：4 项")).to_be_visible()

    # The other ledger's card stands on its own day, the last of 2019.
    card = open_first_card(server, page, "other_tasks")
    expect(card).to_contain_text("建成运行信用信息共享平台")
    close(server, page, card)

    # A colleague who is sent the address sees the same.
    copied = page.context.new_page()
    copied.set_viewport_size({"width": 1440, "height": 900})
    copied.goto(page.url)
    server.settle(copied)
    expect(copied.get_by_text("湖南2019年“平台网站”：4 项")).to_be_visible()
    expect(headline(copied)).to_have_text(headline(page).inner_text())
    copied.close()

    page.get_by_text("指标怎样归入主题").click()
    link = page.get_by_role("link", name="去“单位与口径”修改归类")
    expect(link).to_be_visible()
    with page.expect_download() as downloading:
        page.locator(".st-key-mapping_download button").click()
    rows = opened(downloading.value).worksheets[0].iter_rows(values_only=True)
    told = [row for row in rows if "落实工作保障" in row]
    assert [row[:5] for row in told] == [("落实工作保障", "组织保障", "本平台按指标名称归类", 0, 3)]
    link.click()
    server.settle(page)
    expect(page.get_by_role("tab", name="指标主题")).to_have_attribute("aria-selected", "true")


def test_two_days_and_back_to_one(demo_server, page):
    # Where two days were compared before; what the address says is kept.
    demo_server.open(page, "compare?compare=两个日期&as_of=2020-09-30")
    expect(page).to_have_url(re.compile(r"/indicators\?"))
    expect(headline(page)).to_contain_text("6 月 30 日至 9 月 30 日，完成率由 18% 升到 48%")
    page.locator(".st-key-changed").get_by_text("新逾期", exact=True).click()
    demo_server.settle(page)
    expect(page.get_by_text("新逾期：1 项任务")).to_be_visible()
    card = open_first_card(demo_server, page, "changed_tasks")
    expect(card).to_contain_text("逾期")
    close(demo_server, page, card)
    page.locator(".st-key-rates").get_by_text("截至所选日期", exact=True).click()
    expect(headline(page)).to_contain_text("完成率")
    expect(page.locator(".st-key-by_level1")).to_be_visible()


def test_from_units_to_editions_and_back_by_the_address(demo_server, page):
    # The demonstration has one ledger, so two units come first.
    demo_server.open(page, "compare?as_of=2020-09-30")
    expect(headline(page)).to_contain_text("厅法规处承担 36 项")
    demo_server.choose(page, "second_unit", "五市交通运输局")
    expect(page.get_by_text("类别不同，承担的任务不可比")).to_be_visible()
    with page.expect_download() as downloading:
        page.locator(".st-key-unit_cells_download button").click()
    book = opened(downloading.value)
    said = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert any("演示数据" in each for each in said)
    assert "五市交通运输局" in said

    turn(demo_server, page, "两个版本")
    expect(headline(page)).to_contain_text("这份台账只有一版")
    turn(demo_server, page, "两份台账")
    expect(headline(page)).to_contain_text("这里只有一份台账")
    demo_server.open(page, page.url.removeprefix(f"{demo_server.url}/"))
    expect(headline(page)).to_contain_text("这里只有一份台账")
