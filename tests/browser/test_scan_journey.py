"""A photographed page from the upload to the task card, its piece of the page beside the words."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.loaders.ledger_documents import HEADER
from tests.loaders.scanned_pages import draw_page, worn

TITLE = "河北省2021年信用交通省建设任务分工台账"
ROWS = [
    [*HEADER],
    ["组织保障", "制度", "制定信用信息管理办法，明确各单位职责分工。", "厅法规处", "2021年6月"],
    ["信用评价", "结果", "评价结果推送至省信用平台。", "厅运输处", "2021年10月"],
]
READING_TAKES = 120_000


def is_drawn(picture: Locator) -> bool:
    return picture.evaluate("picture => picture.complete && picture.naturalWidth > 40")


def test_a_worn_name_is_corrected_against_the_picture(fresh_server, page: Page, tmp_path: Path):
    file = tmp_path / "河北台账.png"
    worn(draw_page([TITLE], ROWS)).save(file, dpi=(200, 200))
    fresh_server.open(page, "imports")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("识别没有把握，请对照原图核对：“厅法规”。")).to_be_visible(
        timeout=READING_TAKES
    )
    fresh_server.settle(page)
    assert is_drawn(main.get_by_role("img", name="原图").first)
    expect(main.get_by_role("button", name=re.compile("同类的"))).to_have_count(0)
    main.get_by_role("radiogroup", name="怎样读").get_by_text("我来改").click()
    fresh_server.settle(page)
    owner = main.get_by_label("第 1 项 责任单位")
    owner.fill("厅法规处")
    owner.press("Enter")
    fresh_server.settle(page)
    main.get_by_label("操作人").fill("张三")
    main.get_by_label("操作人").press("Enter")
    fresh_server.settle(page)
    main.get_by_role("button", name="存入", exact=True).click()
    expect(main.get_by_text(re.compile("已存入《.+》，共 2 项任务。"))).to_be_visible()
    fresh_server.settle(page)
    fresh_server.open(page, "overview?ledger=河北 2021&task=1")
    card = page.get_by_role("dialog")
    expect(card.get_by_text("原文“厅法规处”")).to_be_visible()
    card.get_by_role("tab", name="原文位置").click()
    seen = card.get_by_role("img", name="原图")
    expect(seen).to_have_count(5)
    seen.nth(3).scroll_into_view_if_needed()
    assert is_drawn(seen.nth(3))
