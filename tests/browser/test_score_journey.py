"""Before the ministry looks: from the score to a mark by hand, its proof, the plan, and the review."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

AUTUMN = "as_of=2020-09-30"
HEADER, ROW = 38, 66
"""Pixels of the head of a task table and of each of its rows."""


@pytest.fixture
def own_demo_server(start_server):
    """The demonstration data, for one test that writes."""
    server = start_server(demo=True)
    yield server
    server.stop()


def tile(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stMetric").filter(has_text=re.compile(f"^{label}")).first


def headline(page: Page) -> Locator:
    return page.get_by_test_id("stMain").get_by_test_id("stHeading").first


def open_card(server, page: Page, key: str, row: int) -> Locator:
    """Tick a row of a task table, which is one canvas: the box stands at the left of the row."""
    table = page.locator(f".st-key-{key} canvas").first
    table.scroll_into_view_if_needed()
    server.settle(page)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW * row + ROW / 2)
    card = page.get_by_role("dialog")
    expect(card).to_be_visible()
    return card


def enter(server, page: Page, card: Locator, form: str, fields: dict[str, str]) -> None:
    card.get_by_role("tab", name="填报").click()
    server.settle(page)
    card.get_by_test_id("stButtonGroup").get_by_text(form, exact=True).click()
    server.settle(page)
    for label, value in fields.items():
        card.get_by_label(label, exact=True).fill(value)
    card.get_by_role("button", name="保存", exact=True).click()
    server.settle(page)


def close(server, page: Page, card: Locator) -> None:
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    server.settle(page)


def test_from_the_score_to_the_review(own_demo_server, page):
    server = own_demo_server
    server.open(page, f"overview?{AUTUMN}")
    server.turn_to(page, "自评打分")
    expect(headline(page)).to_contain_text(
        "自评 52.1 分（满分 105 分，即基本分 100 分、加分最多 5 分）"
    )
    server.settle(page)

    # The second task: what it is worth, and how that comes about.
    card = open_card(server, page, "scores", 1)
    card.get_by_role("tab", name="得分").click()
    expect(card.get_by_text("自评怎样算")).to_be_visible()
    expect(card).to_contain_text("频次应完成 4 次，已完成 2 次")
    expect(tile(page.get_by_role("dialog"), "可达上限")).to_contain_text("1.13 分")
    # A mark above full marks is refused in one sentence, one with its reason is taken.
    enter(server, page, card, "人工评分", {"评分": "9", "理由": "对照台账", "填报人": "张三"})
    expect(card).to_contain_text("评分应在 0 到满分 1.50 之间，填的是 9")
    enter(server, page, card, "人工评分", {"评分": "1.05", "理由": "对照台账", "填报人": "张三"})
    expect(headline(page)).to_contain_text("自评 52.41 分")
    close(server, page, card)

    # What lacks its proof, and one that gets it.
    server.turn_to(page, "佐证缺口")
    expect(headline(page)).to_contain_text("15 项任务缺有效佐证，现在少得 11.2 分")
    server.settle(page)
    card = open_card(server, page, "gaps", 0)
    evidence = {"材料名称": "分级分类报告", "填报人": "张三"}
    enter(server, page, card, "佐证材料", evidence)
    expect(card).to_contain_text("文件还没有收到，没有保存")
    card.get_by_text("不附文件，只登记名称、文号或链接").click()
    enter(server, page, card, "佐证材料", evidence)
    expect(headline(page)).to_contain_text("14 项任务缺有效佐证，现在少得 9.2 分")
    close(server, page, card)

    # The least work to 90, ticked at one press.
    server.turn_to(page, "补分建议")
    expect(headline(page)).to_contain_text("自评 54.44 分")
    server.settle(page)
    page.get_by_role("button", name="按最省力的办法勾选").click()
    expect(tile(page, "如果做到所勾选的")).to_contain_text(re.compile(r"9\d(\.\d+)? 分"))
    page.get_by_role("button", name="全部不勾").click()
    expect(tile(page, "如果做到所勾选的")).to_contain_text("54.44 分")

    # The self-assessment goes out, a review mark comes back.
    server.turn_to(page, "自评打分")
    expect(headline(page)).to_contain_text("自评 54.44 分")
    server.settle(page)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="下载自评表（Excel）").click()
    download = downloading.value
    assert download.suggested_filename == "演示数据_自评表_2020-09-30.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))
    sheet = book["自评表"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "复核得分" for cell in row))
    column = {cell.value: cell.column for cell in head}
    first = next(
        row
        for row in range(head[0].row + 1, sheet.max_row)
        if not sheet.cell(row, column["复核得分"]).protection.locked
    )
    sheet.cell(first, column["复核得分"]).value = 0.5
    sheet.cell(first, column["复核意见"]).value = "材料不全"
    stream = io.BytesIO()
    book.save(stream)
    page.get_by_text("收回复核得分，比较自评与复核").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "复核.xlsx", "mimeType": "application/octet-stream", "buffer": stream.getvalue()}
    )
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("button", name="存入 1 项复核得分")).to_be_visible(timeout=60_000)
    server.settle(page)
    main.get_by_label("复核人").fill("李四")
    main.get_by_label("复核人").press("Enter")
    server.settle(page)
    main.get_by_role("button", name="存入 1 项复核得分").click()
    expect(main.get_by_text("已存入 1 项复核得分。")).to_be_visible()
    expect(
        main.get_by_text("已复核 1 项，自评 1.13 分，复核 0.5 分，复核比自评低 0.63 分。")
    ).to_be_visible()
