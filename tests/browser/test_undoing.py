"""A wrong revision is taken in, looked at, taken back, and the right ledger stands as before."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.warehouse.test_editions import revised_ningxia

FILE = "宁夏2020年台账修订.txt"
READING_TAKES = 60_000
"""Milliseconds after which a file that is still being read counts as stuck."""


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

    fresh_server.open_choices(page, main.get_by_role("combobox", name="导错的版次"))
    page.get_by_role("option", name=FILE).click()
    fresh_server.settle(page)
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
