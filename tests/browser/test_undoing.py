"""Mistakes of an import undone on screen: an edition and a ledger taken back and taken in again, a
ledger and its units corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.warehouse.test_editions import revised_ningxia

FILE = "宁夏2020年台账修订.txt"
READING_TAKES = 60_000
"""Milliseconds after which a file that is still being read counts as stuck."""

HUNAN = Path(__file__).parents[2] / "data" / "ledgers" / "hunan-2019.txt"
TITLE = "湖南省交通运输厅2019年信用体系建设任务分解清单"
RIGHT_TITLE = "湖南省交通运输厅2018年信用体系建设任务分解清单"


PROGRESS = """宁夏回族自治区进度列台账（2020年）,,,,,,
一级指标,二级指标,目标任务,责任处室（单位）,完成时限,完成情况,进度
一、制度建设,（一）工作机制,第一项工作内容说明。,厅法规处、厅人事处,2020年6月30日,正在推进,30%
一、制度建设,（一）工作机制,第二项工作内容说明。,厅法规处,2020年6月30日,,
"""
"""A ledger of two tasks, of which one is in progress by the ledger's own column."""


def choose(server: Any, page: Page, label: str, option: str, *, exact: bool = True) -> None:
    box = page.get_by_test_id("stMain").get_by_role("combobox", name=label)
    server.pick(page, box, option, exact=exact)


def typed(server: Any, page: Page, label: str, value: str) -> None:
    """Type into a field of the page and leave it."""
    field = page.get_by_test_id("stMain").get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")
    server.settle(page)


def sign(server: Any, page: Page, button: str, reason: str, why: str) -> None:
    """Give the reason and a name, and press the button."""
    typed(server, page, reason, why)
    typed(server, page, "经办人", "李四")
    page.get_by_test_id("stMain").get_by_role("button", name=button, exact=True).click()
    server.settle(page)


def test_a_wrong_import_is_taken_back_on_screen(fresh_server, page: Page, tmp_path: Path):
    file = tmp_path / FILE
    file.write_text(revised_ningxia(), encoding="utf-8")
    fresh_server.open(page, "imports")
    main = page.get_by_test_id("stMain")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(main.get_by_text("这是已有台账的第 2 版")).to_be_visible(timeout=READING_TAKES)
    fresh_server.settle(page)
    main.get_by_label("操作人").fill("张三")
    main.get_by_label("操作人").press("Enter")
    fresh_server.settle(page)
    main.get_by_role("button", name="存入").click()
    expect(main.get_by_text("已存入《")).to_be_visible()
    fresh_server.settle(page)

    choose(fresh_server, page, "导错的版次", FILE, exact=False)
    undo = main.get_by_role("button", name="撤回", exact=True)
    expect(undo).to_be_visible()
    expect(main.get_by_text("按截至")).to_be_visible()
    undo.click()
    expect(main.get_by_text("请填写填报人。")).to_be_visible()
    main.get_by_label("撤回理由").fill("发错了文件")
    main.get_by_label("经办人").fill("李四")
    main.get_by_label("经办人").press("Enter")
    fresh_server.settle(page)
    undo.click()
    expect(main.get_by_text("第 2 版。")).to_be_visible()
    fresh_server.settle(page)

    # What was taken back can come in again, and the trail says why it went.
    expect(main.get_by_text("这是已有台账的第 3 版（上一版 ningxia-2020.txt）。")).to_be_visible(
        timeout=READING_TAKES
    )
    fresh_server.turn_to(page, "变更记录")
    expect(main.get_by_text("撤回台账版次").first).to_be_visible()


def test_a_ledger_is_taken_back_taken_in_again_and_corrected(fresh_server, page: Page):
    fresh_server.open(page, "imports")
    main = page.get_by_test_id("stMain")
    choose(fresh_server, page, "导错的版次", TITLE, exact=False)
    main.get_by_text("整份台账", exact=True).click()
    fresh_server.settle(page)
    expect(main.get_by_text("台账的 23 项任务不再列出")).to_be_visible()
    sign(fresh_server, page, "撤回", "撤回理由", "不该导入")
    expect(page.get_by_text(f"已撤回《{TITLE}》，可以重新导入。")).to_be_visible()
    expect(main.get_by_text("已存入台账 1 份")).to_be_visible()
    # As it was before, it can still be looked at.
    fresh_server.open(page, main.get_by_role("link", name=TITLE).get_attribute("href") or "")
    expect(main.get_by_text("23 项任务").first).to_be_visible()

    fresh_server.open(page, "imports")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(HUNAN)
    expect(main.get_by_text("这份台账已撤回，重新导入后是第 2 版")).to_be_visible(
        timeout=READING_TAKES
    )
    fresh_server.settle(page)
    typed(fresh_server, page, "操作人", "张三")
    main.get_by_role("button", name="存入", exact=True).click()
    expect(main.get_by_text("已存入《")).to_be_visible()
    expect(main.get_by_text("已存入台账 2 份")).to_be_visible()

    fresh_server.open(page, "imports")
    choose(fresh_server, page, "要更正的台账", TITLE, exact=False)
    typed(fresh_server, page, "台账名称", RIGHT_TITLE)
    typed(fresh_server, page, "年度", "2018")
    typed(fresh_server, page, "地区", "湖北")
    expect(main.get_by_text("台账期改为 2018 年")).to_be_visible()
    expect(main.get_by_text("各任务的责任单位改为湖北的同名单位")).to_be_visible()
    expect(main.get_by_text("更正后按截至 2018-12-31 判断")).to_be_visible()
    sign(fresh_server, page, "更正", "更正理由", "印发的是 2018 年")
    expect(page.get_by_text(f"已更正《{RIGHT_TITLE}》。")).to_be_visible()
    choose(fresh_server, page, "要更正的台账", f"{RIGHT_TITLE}（湖北 2018）", exact=False)
    days = main.get_by_test_id("stDataFrame").last
    days.scroll_into_view_if_needed()
    fresh_server.settle(page)
    box = days.bounding_box()
    page.mouse.dblclick(box["x"] + box["width"] - 100, box["y"] + 35 + 17)
    editor = page.locator("#portal input")
    editor.fill("2018-03-01")
    editor.press("Enter")
    fresh_server.settle(page)
    expect(main.get_by_text("任务的文字、状态、进度、期限和责任单位都不变").first).to_be_visible()
    sign(fresh_server, page, "更正", "更正理由", "三月印发")
    fresh_server.turn_to(page, "变更记录")
    expect(page.get_by_test_id("stHeading").first).to_contain_text("条变更")


def test_a_unit_is_renamed_joined_and_split_on_screen(fresh_server, page: Page):
    fresh_server.open(page, "reference")
    choose(fresh_server, page, "登记错的单位", "厅法规处")
    typed(fresh_server, page, "正确的名称", "厅政策法规处")
    sign(fresh_server, page, "更正", "更正理由", "名称写错")
    expect(page.get_by_text("“厅法规处”改算在“厅政策法规处”名下")).to_be_visible()

    choose(fresh_server, page, "登记错的单位", "厅机关党委")
    page.get_by_text("并入另一个单位", exact=True).click()
    fresh_server.settle(page)
    choose(fresh_server, page, "并入", "厅政策法规处")
    sign(fresh_server, page, "更正", "更正理由", "同一个单位")
    expect(page.get_by_text("“厅机关党委”改算在“厅政策法规处”名下")).to_be_visible()

    choose(fresh_server, page, "登记错的单位", "厅政策法规处")
    page.get_by_text("拆出一部分任务", exact=True).click()
    fresh_server.settle(page)
    choose(fresh_server, page, "拆出的单位", "厅机关党委")
    sign(fresh_server, page, "更正", "更正理由", "并错了")
    expect(page.get_by_text("“厅政策法规处”的所选任务改算在“厅机关党委”名下")).to_be_visible()


def test_the_progress_of_an_import_is_taken_back_on_screen(
    fresh_server, page: Page, tmp_path: Path
):
    file = tmp_path / "进度列台账.csv"
    file.write_text(PROGRESS, encoding="utf-8")
    fresh_server.open(page, "imports")
    main = page.get_by_test_id("stMain")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(main.get_by_text("请选择进展的情况日期")).to_be_visible(timeout=READING_TAKES)
    fresh_server.settle(page)
    day = main.get_by_test_id("stDateInput").first
    for part, value in (("year", "2020"), ("month", "03"), ("day", "31")):
        day.locator(f'[data-type="{part}"]').click()
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    fresh_server.settle(page)
    typed(fresh_server, page, "操作人", "张三")
    main.get_by_role("button", name="存入", exact=True).click()
    expect(main.get_by_text("共 2 项任务")).to_be_visible()
    fresh_server.settle(page)
    choose(fresh_server, page, "导错的版次", "进度列台账.csv", exact=False)
    main.get_by_text("只撤回这一版导入的进展", exact=True).click()
    fresh_server.settle(page)
    expect(main.get_by_text("一并撤回进展填报 1 条。")).to_be_visible()
    sign(fresh_server, page, "撤回", "撤回理由", "进展抄错了")
    expect(main.get_by_text("第 1 版导入的进展。")).to_be_visible()
