"""A revised ledger from the upload to the pages that show it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
from playwright.sync_api import Locator, Page, expect

from tests.warehouse.test_editions import revised_ningxia
from words import CELL_READINGS

FILE = "宁夏2020年台账修订.txt"
BEFORE = "自治区交通运输厅信用体系建设领导小组每季度至少开展1次信用专题学习。"
AFTER = "自治区交通运输厅信用体系建设领导小组每月至少开展1次信用专题学习。"
DAY, TWO_DAYS = "2020年10月", "2020年10月、2020年12月"
UNIT, OTHER_SPELLING = "厅机关党委", "厅直属机关党委"
READING_TAKES = 60_000
"""Milliseconds after which a file that is still being read counts as stuck."""


def revision() -> str:
    """A revised Ningxia ledger whose first task is reworded, that names a unit otherwise and gives
    one task two deadlines."""
    text = revised_ningxia()
    changes = (
        (BEFORE, AFTER),
        (f"\t{UNIT}\n", f"\t{OTHER_SPELLING}\n"),
        (f"\t{DAY}\n", f"\t{TWO_DAYS}\n"),
    )
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def card_of_first_task(page: Page) -> Locator:
    """Tick the first row of the task list: a canvas with a head of 38 pixels and rows of 66."""
    table = page.locator(".st-key-every canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + 38 + 33)
    return page.get_by_role("dialog")


def test_a_revision_is_taken_in_and_counts_from_its_day(fresh_server, page, tmp_path: Path):
    file = tmp_path / FILE
    file.write_text(revision(), encoding="utf-8")

    fresh_server.open(page, "imports")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("这是已有台账的第 2 版（上一版 ningxia-2020.txt）。")).to_be_visible(
        timeout=READING_TAKES
    )
    fresh_server.settle(page)
    expect(main.get_by_text("已定 0 处，未定 1 处。")).to_be_visible()
    choices = main.get_by_role("radiogroup", name="怎样读")
    expect(choices.get_by_role("radio", name="我来改")).to_be_visible()
    choices.get_by_text("2020-10-31 到期").click()
    expect(main.get_by_text("已定 1 处，未定 0 处。")).to_be_visible()
    fresh_server.settle(page)
    expect(
        main.get_by_text(
            "新增 1 项，删去 1 项，改文字 2 项，改分工 1 项，改期限 1 项；不变 64 项。"
        )
    ).to_be_visible()
    legend = main.get_by_test_id("stHtml").filter(has_text="承接上一行")
    for word, _ in CELL_READINGS.values():
        expect(legend.get_by_text(word, exact=True)).to_be_visible()

    store = main.get_by_role("button", name="存入")
    expect(store).to_be_disabled()
    question = main.get_by_role("combobox", name=re.compile(f"“{OTHER_SPELLING}”"))
    fresh_server.pick(page, question, UNIT)
    expect(store).to_be_enabled()
    fresh_server.settle(page)
    store.click()
    expect(main.get_by_text("请填写操作人。")).to_be_visible()
    fresh_server.settle(page)
    day = main.get_by_test_id("stDateInput")
    for part, value in (("year", "2020"), ("month", "07"), ("day", "01")):
        day.locator(f'[data-type="{part}"]').click()
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    main.get_by_label("操作人").fill("张三")
    main.get_by_label("操作人").press("Enter")
    fresh_server.settle(page)
    store.click()
    expect(main.get_by_text(re.compile("已存入《.+》，共 69 项任务。"))).to_be_visible()
    fresh_server.settle(page)

    main.get_by_text("查看某一版的任务").click()
    fresh_server.open_choices(page, page.locator(".st-key-edition input").first)
    expect(page.get_by_role("option", name=f"宁夏 2020 第 2 版（{FILE}）")).to_be_visible()
    page.keyboard.press("Escape")

    for as_of, wording in (("2020-07-01", AFTER), ("2020-06-30", BEFORE)):
        fresh_server.open(page, f"overview?as_of={as_of}")
        card = card_of_first_task(page)
        expect(card.get_by_test_id("stHeading").first).to_contain_text(wording)

    fresh_server.stop()
    with duckdb.connect(str(fresh_server.data / "credit.duckdb")) as real:
        stored = real.execute(
            "select effective_on::varchar, file_name, recorded_by from edition"
            " where edition_number = 2"
        ).fetchall()
        spelling = real.execute(
            "select name from unit_alias join unit using (unit_id) where alias = $alias",
            {"alias": OTHER_SPELLING},
        ).fetchall()
        settled = real.execute(
            "select recorded_by, after from change where action = '核定存疑'"
        ).fetchall()
    ((settled_by, settled_as),) = settled
    assert (settled_by, *json.loads(settled_as).values()) == ("张三", "2020-10-31 到期")
    assert stored == [("2020-07-01", FILE, "张三")]
    assert spelling == [(UNIT,)]
