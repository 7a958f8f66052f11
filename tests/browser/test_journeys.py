"""What people come to do, from the first click to the answer, in a real browser."""

from __future__ import annotations

import io
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import duckdb
import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import metrics
from loaders import read_ledger
from metrics import NO_LIMIT, Scope
from warehouse import Warehouse, load_ledger, open_warehouse, read_reference, sync_reference
from warehouse.demonstration.demo import fill_demonstration
from warehouse.opening import DEMONSTRATION_LEDGER, SHIPPED

AUTUMN = date(2020, 9, 30)
HEADER, ROW = 38, 66
"""Pixels of the head of a task table and of each of its rows."""


def headline(page: Page) -> str:
    return page.get_by_test_id("stHeading").first.inner_text()


def address(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def banner(page: Page) -> Locator:
    return page.get_by_test_id("stAlert").filter(has_text="进展由程序生成")


def context(page: Page) -> Locator:
    """The line above the headline: page, ledger, day and filters."""
    return page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first


def tick(page: Page, place: str, row: int) -> None:
    """Tick a row of a task table, which is one canvas: the box stands at the left of the row."""
    table = page.locator(f"{place} canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + HEADER + ROW * row + ROW / 2)


def bars(page: Page, key: str) -> Locator:
    """The bars of the chart's last series, from the bottom up as they are drawn."""
    return page.locator(f".st-key-{key} .barlayer .trace").last.locator(".point path")


def click_bar(page: Page, key: str, position: int) -> None:
    # Plotly catches clicks in a layer above the bars, so the mouse goes to the place itself.
    bar = bars(page, key).nth(position)
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + max(box["width"] / 2, 1), box["y"] + box["height"] / 2)


def card(page: Page) -> Locator:
    return page.get_by_role("dialog")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory) -> Warehouse:
    """The demonstration database made once more, to ask it what the screen should say."""
    warehouse = open_warehouse(tmp_path_factory.mktemp("twin") / "demo.duckdb")
    reference = read_reference(SHIPPED / "reference")
    ledger = load_ledger(
        warehouse, read_ledger(DEMONSTRATION_LEDGER), reference, recorded_by="测试"
    )
    sync_reference(warehouse, reference, recorded_by="测试")
    fill_demonstration(warehouse, ledger.ledger_id)
    return warehouse


@pytest.fixture
def ask(demonstration):
    def answer(name: str, **values) -> pd.DataFrame:
        ledger_id = metrics.ask(demonstration, "ledgers").ledger_id[0]
        return metrics.ask(demonstration, name, Scope(UUID(str(ledger_id)), AUTUMN), **values)

    return answer


def test_leader_looks_at_another_day_and_another_ledger(demo_server, server, page):
    demo_server.open(page)
    expect(page).to_have_url(re.compile(r"/overview"))
    at_year_end = headline(page)
    assert "截至 12 月 31 日" in at_year_end
    page.get_by_test_id("stSidebar").get_by_role("radio", name="三季度末").click()
    expect(page.get_by_test_id("stHeading").first).to_contain_text("截至 9 月 30 日")
    assert headline(page) != at_year_end
    assert address(page)["as_of"] == ["2020-09-30"]

    server.open(page)
    server.choose(page, "ledger", "湖南 2019")
    expect(context(page)).to_contain_text("湖南省交通运输厅2019年信用体系建设任务分解清单")
    expect(context(page)).to_contain_text("截至 2019-12-31")
    server.settle(page)
    # The address holds the ledger's id, which stays when a second ledger of its place comes.
    ledger = address(page)["ledger"]
    assert UUID(ledger[0])
    page.reload()
    server.settle(page)
    expect(context(page)).to_contain_text("截至 2019-12-31")
    server.turn_to(page, "单位情况")
    expect(page).to_have_url(re.compile(r"/units\?"))
    server.settle(page)
    expect(context(page)).to_contain_text("单位情况")
    assert address(page)["ledger"] == ledger


def test_another_ledger_starts_without_the_filters_of_the_last_one(server, page):
    server.open(page, "overview?as_of=2020-03-31&unit=厅法规处&kind=基本任务")
    expect(context(page)).to_contain_text("截至 2020-03-31　·　筛选：厅法规处、基本任务")
    server.settle(page)
    server.choose(page, "ledger", "湖南 2019")
    expect(context(page)).to_contain_text("湖南省")
    server.settle(page)
    expect(context(page)).to_contain_text("截至 2019-12-31　·　筛选：无")
    assert set(address(page)) == {"ledger"}


def test_filters_survive_page_changes_and_reloads(demo_server, page):
    demo_server.open(page, "overview?as_of=2020-09-30")
    demo_server.choose(page, "unit", "厅办公室")
    expect(context(page)).to_contain_text("筛选：厅办公室")
    for name in ("指标完成率", "单位情况", "逾期预警", "加分扣分", "总览"):
        demo_server.turn_to(page, name)
        expect(context(page)).to_contain_text(f"{name}　·")
        expect(context(page)).to_contain_text("截至 2020-09-30　·　筛选：厅办公室")
        demo_server.settle(page)
        assert address(page)["unit"] == ["厅办公室"]
    page.reload()
    demo_server.settle(page)
    expect(context(page)).to_contain_text("截至 2020-09-30　·　筛选：厅办公室")


def test_demonstration_by_one_click_leaves_the_real_database_alone(fresh_server, page):
    fresh_server.open(page)
    expect(page.get_by_test_id("stHeading").first).to_contain_text("还没有任何进展填报")
    page.locator(".st-key-demo label").first.click()
    expect(banner(page)).to_be_visible(timeout=60_000)
    fresh_server.settle(page)
    assert "还没有任何进展填报" not in headline(page)
    for name in ("指标完成率", "单位情况", "逾期预警", "加分扣分"):
        fresh_server.turn_to(page, name)
        expect(context(page)).to_contain_text(f"{name}　·")
        expect(banner(page)).to_be_visible()
        fresh_server.settle(page)
    page.locator(".st-key-demo label").first.click()
    expect(banner(page)).to_have_count(0)
    fresh_server.settle(page)
    fresh_server.turn_to(page, "总览")
    expect(page.get_by_test_id("stHeading").first).to_contain_text("还没有任何进展填报")
    fresh_server.stop()
    with duckdb.connect(str(fresh_server.data / "credit.duckdb")) as real:
        assert real.execute("select count(*) from report").fetchone() == (0,)
    with duckdb.connect(str(fresh_server.data / "demo.duckdb")) as demonstration:
        assert demonstration.execute("select count(*) > 100 from report").fetchone() == (True,)


def test_row_opens_its_card_and_opens_it_again(demo_server, page, ask):
    demo_server.open(page, "overview?as_of=2020-09-30")
    worst = ask("task_list", signal="worst", row_limit=10)
    for row in (1, 1, 0):
        tick(page, ".st-key-worst", row)
        expect(card(page)).to_contain_text(worst.task[row])
        expect(card(page)).to_contain_text(f"第 {worst.number[row]} 项")
        demo_server.settle(page)
        page.keyboard.press("Escape")
        expect(card(page)).to_have_count(0)
        demo_server.settle(page)


def test_report_from_the_card_is_seen_on_the_page(fresh_server, page):
    fresh_server.open(page, "overview?as_of=2020-09-30")
    expect(page.get_by_test_id("stHeading").first).to_contain_text("还没有任何进展填报")
    tick(page, ".st-key-every", 0)
    card(page).get_by_role("tab", name="填报").click()
    save = card(page).get_by_role("button", name="保存")
    save.click()
    expect(card(page).get_by_text("请填写填报人。")).to_be_visible()
    card(page).get_by_label("填报人").fill("张三")
    card(page).get_by_label("本月进展").fill("已印发年度工作要点。")
    card(page).get_by_label("进度（%）").fill("40")
    save.click()
    fresh_server.settle(page)
    expect(page.get_by_text("61 项任务完成 0 项")).to_be_visible()
    expect(card(page)).to_contain_text("填报进度 40%")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    expect(page.get_by_test_id("stMetric").first).to_contain_text("0/61")
    fresh_server.stop()
    with duckdb.connect(str(fresh_server.data / "credit.duckdb")) as real:
        written = real.execute("select recorded_by, percent, narrative from report").fetchall()
    assert written == [("张三", 40, "已印发年度工作要点。")]


def test_indicators_are_drilled_by_clicking(demo_server, page, ask):
    demo_server.open(page, "indicators?as_of=2020-09-30")
    level1s = ask("completion", by="level1")
    chosen = level1s.iloc[-2]
    click_bar(page, "by_level1", 1)  # drawn from the bottom up
    expect(page.locator(".st-key-by_level2")).to_be_visible()
    tasks = ask("task_list", signal="all", row_limit=999)
    of_level1 = tasks[(tasks.level1 == chosen.level1) & (tasks.kind == "base")]
    expect(page.get_by_text(f"{chosen.short_name}：{len(of_level1)} 项任务")).to_be_visible()
    demo_server.settle(page)
    level2s = ask("completion", by="level2").query("level1 == @chosen.level1")
    click_bar(page, "by_level2", 0)
    level2 = level2s.iloc[-1].level2
    of_level2 = of_level1[of_level1.level2 == level2]
    expect(page.get_by_text(f"{level2}：{len(of_level2)} 项任务")).to_be_visible()
    demo_server.settle(page)
    assert address(page)["drill1"] == [chosen.short_name]
    assert address(page)["drill2"] == [level2]


def test_indicators_against_another_day(demo_server, page, ask):
    demo_server.open(page, "indicators?as_of=2020-09-30")
    page.locator(".st-key-rates").get_by_text("与另一日期对照").click()
    for earlier in ("2020-03-31", "2020-08-31"):
        day = page.locator(".st-key-compare_on")
        for part, value in zip(("year", "month", "day"), earlier.split("-"), strict=True):
            day.locator(f'[data-type="{part}"]').click()
            page.keyboard.type(value)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        # The page runs anew after each part; only the last run has the whole date.
        expect(page).to_have_url(re.compile(f"compare_on={earlier}"))
        changed = ask("changed_tasks", compare_on=date.fromisoformat(earlier), row_limit=NO_LIMIT)
        expect(page.get_by_text(f"全部变化：{len(changed)} 项任务")).to_be_visible()
        demo_server.settle(page)


def test_a_pressed_bar_leads_to_the_page_of_its_unit(demo_server, page, ask):
    demo_server.open(page, "units?as_of=2020-09-30")
    as_written = headline(page)
    page.locator(".st-key-collectives").get_by_text("展开到成员单位").click()
    expect(page.get_by_test_id("stHeading").first).not_to_have_text(as_written)
    demo_server.settle(page)
    page.locator(".st-key-unit_class").get_by_text("厅属单位").click()
    demo_server.settle(page)
    assert address(page)["collectives"] == ["展开到成员单位"]
    assert address(page)["unit_class"] == ["厅属单位"]
    expect(bars(page, "load").first).to_be_visible()
    click_bar(page, "load", 0)
    expect(page).to_have_url(re.compile(r"/unit\?"))
    demo_server.settle(page)
    (focus,) = address(page)["focus"]
    listed = ask("unit_workload").query("`class` == '厅属单位'")
    assert focus == listed.unit.iloc[-1]
    own = listed.set_index("unit").loc[focus]
    tile = page.get_by_test_id("stMetric").filter(has_text="承担任务")
    expect(tile).to_contain_text(f"{own.tasks} 项")


def test_the_address_of_a_card_opens_it_survives_a_reload_and_goes_back(demo_server, page):
    demo_server.open(page, "overdue?as_of=2020-09-30&task=4")
    expect(card(page)).to_contain_text("第 4 项")
    demo_server.settle(page)
    # The number is what a person types; the id stays when an edition numbers anew.
    assert UUID(address(page)["task"][0])
    page.reload()
    demo_server.settle(page)
    expect(card(page)).to_contain_text("第 4 项")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    demo_server.settle(page)
    assert "task" not in address(page)
    page.go_back()
    demo_server.settle(page)
    expect(card(page)).to_contain_text("第 4 项")


def test_overdue_lists_are_as_long_as_their_tabs_say(demo_server, page, ask):
    demo_server.open(page, "overdue?as_of=2020-09-30")
    signals = {
        "逾期": "overdue",
        "90 天内到期": "due_ahead",
        "滞后": "behind",
        "未报送": "not_reported",
    }
    counts = {
        name: len(ask("task_list", signal=signal, row_limit=999))
        for name, signal in signals.items()
    } | {"频次缺口": len(ask("missed_windows")), "频次未明确": len(ask("cadence_unclear"))}
    for name, count in counts.items():
        tab = page.get_by_role("tab", name=f"{name} {count}", exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name=f"滞后 {counts['滞后']}", exact=True).click()
    tick(page, "[role=tabpanel]:visible", 0)
    first = ask("task_list", signal="behind", row_limit=1)
    expect(card(page)).to_contain_text(first.task[0])


@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_workbook_of_a_chart_says_what_it_is(server, demo_server, page, demo):
    asked = demo_server if demo else server
    asked.open(page, "units?as_of=2020-09-30&unit=厅法规处")
    chart = page.locator('[data-testid="stVerticalBlock"]:has(> .st-key-load)').last
    chart.get_by_role("button", name="数据").click()
    with page.expect_download() as downloading:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="下载 Excel").click()
    download = downloading.value
    assert download.suggested_filename.startswith("演示数据_") is demo
    assert download.suggested_filename.endswith("2020-09-30.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))
    cells = [str(cell) for line in book.active.iter_rows(values_only=True) for cell in line if cell]
    said = "\n".join(cells)
    assert "宁夏回族自治区“信用交通省”建设指标体系任务分工台账" in said
    assert "截至日期：2020-09-30　筛选：厅法规处" in said
    assert re.search(r"数据版本：\d+", said)
    assert ("演示数据" in said) is demo
    assert "厅法规处" in cells


def test_a_colleague_sees_the_same_at_the_same_address(browser, demo_server, page):
    demo_server.open(page, "overview?as_of=2020-09-30")
    demo_server.choose(page, "unit", "厅法规处")
    demo_server.choose(page, "level1", "事中信用评价")
    page.locator(".st-key-kind").get_by_text("基本任务").click()
    page.locator(".st-key-more_filters summary").click()
    page.locator(".st-key-verified label").first.click()
    said = "截至 2020-09-30　·　筛选：厅法规处、事中信用评价、基本任务、完成只计已销号"
    expect(context(page)).to_contain_text(said)
    demo_server.settle(page)
    other = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    colleague = other.new_page()
    colleague.goto(page.url)
    demo_server.settle(colleague)
    expect(context(colleague)).to_contain_text(said)
    assert headline(colleague) == headline(page)
    tiles = page.get_by_test_id("stMetric").all_inner_texts()
    expect(colleague.get_by_test_id("stMetric")).to_have_count(len(tiles))
    assert colleague.get_by_test_id("stMetric").all_inner_texts() == tiles
    other.close()
