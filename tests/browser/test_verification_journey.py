"""The office judges what was claimed and asked for, and finds it all in the trail of changes."""

from __future__ import annotations

import io

import duckdb
import openpyxl
from playwright.sync_api import Locator, Page, expect

HEADER, ROW = 38, 66
"""Pixels of the head of a task table and of each of its rows."""
DESK = "verification?demo=true&as_of=2020-09-30"
BEFORE_DECISION = "verification?demo=true&as_of=2020-04-20"


def tick(server, page: Page, key: str, *rows: int) -> None:
    """Tick rows of a table, which is one canvas: the boxes stand at its left."""
    for row in rows:
        table = page.locator(f".st-key-{key} canvas").first
        table.scroll_into_view_if_needed()
        server.settle(page)
        box = table.bounding_box()
        page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW * row + ROW / 2)
        server.settle(page)


def headline(page: Page) -> Locator:
    return page.get_by_test_id("stHeading").first


def tab(server, page: Page, name: str) -> Locator:
    page.get_by_role("tab", name=name, exact=True).click()
    server.settle(page)
    return page.get_by_role("tabpanel").filter(visible=True)


def test_claims_are_judged_taken_back_and_told(fresh_server, page, browser):
    fresh_server.open(page, DESK)
    expect(headline(page)).to_contain_text("24 件完成（涉及 10 项任务）待核验，最早的已等 79 天")
    expect(page.get_by_text("点表头的方框可全选")).to_be_visible()

    tick(fresh_server, page, "waiting", 0, 1)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("已勾选 2 项。")).to_be_visible()
    expect(main.get_by_text("演示佐证材料（任务 18 之 1）").first).to_be_visible()
    press = main.get_by_role("button", name="核验所勾选的")
    press.click()
    expect(main.get_by_text("请填写核验人。")).to_be_visible()

    # Meanwhile a colleague returns the first of them.
    other = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    colleague = other.new_page()
    fresh_server.open(colleague, DESK)
    tick(fresh_server, colleague, "waiting", 0)
    theirs = colleague.get_by_test_id("stMain")
    theirs.get_by_text("退办", exact=True).click()
    theirs.get_by_label("核验意见").fill("目录未附发布页面。")
    theirs.get_by_label("核验人").fill("赵敏")
    theirs.get_by_role("button", name="核验所勾选的").click()
    expect(theirs.get_by_text("已退办 1 项。")).to_be_visible()
    other.close()

    main.get_by_label("核验人").fill("李强")
    press.click()
    expect(main.get_by_text("在页面打开之后有了变化，没有存入")).to_be_visible()
    expect(main.get_by_text("已勾选 1 项。")).to_be_visible()
    fresh_server.settle(page)
    press.click()
    expect(main.get_by_text("已销号 1 项。")).to_be_visible()
    expect(headline(page)).to_contain_text("22 件完成")

    judged = tab(fresh_server, page, "已核验")
    tick(fresh_server, page, "judged", 1)
    judged.get_by_label("撤销理由").fill("退办有误，材料已在附件中。")
    judged.get_by_label("经办人").fill("李强")
    judged.get_by_role("button", name="撤销这次").click()
    expect(main.get_by_text("已撤销对第 18 项")).to_be_visible()
    expect(headline(page)).to_contain_text("23 件完成")

    fresh_server.turn_to(page, "变更记录")
    expect(headline(page)).to_contain_text("录入（撤销核验）。")
    fresh_server.settle(page)
    tick(fresh_server, page, "changes", 0)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("退办有误，材料已在附件中。")).to_be_visible()
    expect(dialog.get_by_text("不再算数的内容")).to_be_visible()
    dialog.get_by_role("button", name="任务卡").click()
    expect(page.get_by_role("dialog")).to_contain_text("第 18 项")
    expect(page.get_by_role("dialog").get_by_role("tab", name="经过")).to_be_visible()
    fresh_server.settle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    with page.expect_download() as downloading:
        page.get_by_test_id("stMain").get_by_role("button", name="下载 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(downloading.value.path().read_bytes()))
    lines = list(book.active.iter_rows(values_only=True))
    head = next(n for n, line in enumerate(lines) if line[0] == "录入时间")
    assert [line[1:3] for line in lines[head + 1 : head + 4]] == [
        *(("李强", "撤销核验"), ("李强", "销号"), ("赵敏", "退办"))
    ]

    fresh_server.stop()
    with duckdb.connect(str(fresh_server.data / "demo.duckdb")) as stored:
        verdicts = stored.execute(
            "select outcome, recorded_by from verification where recorded_by <> '演示数据'"
            " order by recorded_at"
        ).fetchall()
        taken_back = stored.execute(
            "select reason from withdrawal where entry_kind = 'verification'"
        ).fetchall()
    assert verdicts == [("returned", "赵敏"), ("accepted", "李强")]
    assert taken_back == [("退办有误，材料已在附件中。",)]


def test_a_request_is_decided_and_decided_again(fresh_server, page):
    fresh_server.open(page, BEFORE_DECISION)
    expect(headline(page)).to_contain_text("1 件延期待审批")
    pending = tab(fresh_server, page, "延期待审批")
    tick(fresh_server, page, "pending", 0)
    expect(pending.get_by_text("原定 2020-04-30 → 申请延至 2020-07-31")).to_be_visible()
    pending.get_by_label("审批人").fill("李强")
    pending.get_by_role("button", name="审批所勾选的").click()
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("已审批 1 件：同意延期。")).to_be_visible()

    decided = tab(fresh_server, page, "延期已审批")
    tick(fresh_server, page, "decided", 0)
    expect(decided.get_by_text("2020-04-20 由 李强 审批为同意。")).to_be_visible()
    decided.get_by_label("审批意见").fill("计划须按期完成。")
    decided.get_by_label("更改理由").fill("批错了任务。")
    decided.get_by_label("审批人").fill("李强")
    decided.get_by_role("button", name="更改审批").click()
    expect(main.get_by_text("的审批：不同意。")).to_be_visible()

    fresh_server.turn_to(page, "变更记录")
    expect(headline(page)).to_contain_text("录入（更正延期审批）。")
    fresh_server.settle(page)
    tick(fresh_server, page, "changes", 0)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("批错了任务。")).to_be_visible()
    expect(dialog.get_by_role("cell", name="同意", exact=True)).to_be_visible()
    expect(dialog.get_by_role("cell", name="不同意", exact=True)).to_be_visible()
