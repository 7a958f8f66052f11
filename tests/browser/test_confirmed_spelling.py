"""A wrong answer at an import, that a name is another spelling of a unit, taken back on screen; and asked
again where nothing is left of the import."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.test_undoing import READING_TAKES, choose, sign, typed

LEDGER = """宁夏回族自治区写法台账（2020年）,,,,
一级指标,二级指标,目标任务,责任处室（单位）,完成时限
一、制度建设,（一）工作机制,第一项工作内容说明。,厅法规科,2020年6月30日
一、制度建设,（一）工作机制,第二项工作内容说明。,厅人事处,2020年6月30日
"""
READ_AS = "“厅法规科”读作“厅法规处”（宁夏）"
QUESTION = re.compile("“厅法规科”（1 项任务）与在册单位相近")


def take_in(server, page: Page, file: Path) -> None:
    """Hand the ledger over and wait for the question about the unit."""
    server.open(page, "imports")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_test_id("stMain").get_by_text(QUESTION).first).to_be_visible(
        timeout=READING_TAKES
    )
    server.settle(page)


def test_a_confirmed_spelling_is_taken_back_and_asked_about_again(
    fresh_server, page: Page, tmp_path: Path
):
    file = tmp_path / "写法台账.csv"
    file.write_text(LEDGER, encoding="utf-8")
    main = page.get_by_test_id("stMain")
    take_in(fresh_server, page, file)
    choose(fresh_server, page, QUESTION, "厅法规处")
    typed(fresh_server, page, "操作人", "张三")
    main.get_by_role("button", name="存入", exact=True).click()
    expect(main.get_by_text("共 2 项任务")).to_be_visible()
    fresh_server.settle(page)

    # The import goes; the answer stays until it is taken back.
    choose(fresh_server, page, "导错的版次", "写法台账.csv", exact=False)
    sign(fresh_server, page, "撤回", "撤回理由", "答错了单位")
    expect(page.get_by_text("已撤回《")).to_be_visible()
    fresh_server.open(page, "reference")
    choose(fresh_server, page, "确认错的写法", READ_AS)
    expect(main.get_by_text("下次导入时再问")).to_be_visible()
    expect(main.get_by_text("撤销后（截至")).to_be_visible()
    sign(fresh_server, page, "撤销", "撤销理由", "是另一个单位")
    expect(main.get_by_text("已撤销：“厅法规科”不再读作“厅法规处”。")).to_be_visible()
    expect(main.get_by_text("没有导入时确认过的写法。")).to_be_visible()

    # Asked again, and now with its tasks: those that name it in the original go with it.
    take_in(fresh_server, page, file)
    choose(fresh_server, page, QUESTION, "厅法规处")
    typed(fresh_server, page, "操作人", "张三")
    main.get_by_role("button", name="存入", exact=True).click()
    expect(main.get_by_text("共 2 项任务")).to_be_visible()
    fresh_server.settle(page)
    fresh_server.turn_to(page, "单位与口径")
    fresh_server.settle(page)
    fresh_server.pick(page, page.locator(".st-key-ledger input").first, "写法", exact=False)
    choose(fresh_server, page, "确认错的写法", READ_AS)
    expect(main.get_by_text("第 1 项　第一项工作内容说明。")).to_be_visible()
    sign(fresh_server, page, "撤销", "撤销理由", "是另一个单位")
    expect(main.get_by_text("已撤销：“厅法规科”不再读作“厅法规处”。")).to_be_visible()
    fresh_server.turn_to(page, "变更记录")
    expect(main.get_by_text("（拆出单位）").first).to_be_visible()
