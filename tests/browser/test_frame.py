"""What serve.py puts around any script, seen in a browser with sample_app.py inside it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

SAMPLE = Path(__file__).resolve().parent / "sample_app.py"

# Every English word a user could see or hear: text and spoken attributes, icon names left out
# because their font turns them into pictures.
ENGLISH = """() => {
  const words = [], attributes = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  const skipped = ["SCRIPT", "STYLE", "NOSCRIPT", "CANVAS", "svg"];
  const walker = document.createTreeWalker(document.documentElement, 5, (node) =>
    skipped.includes(node.nodeName) || node.dataset?.testid === "stIconMaterial" ? 2 : 1);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    const said = node.nodeType === 3 ? [node.data] : attributes.map((a) => node.getAttribute(a));
    words.push(...said.filter((text) => /[A-Za-z]{3}/.test(text ?? "")));
  }
  return [...new Set(words)];
}"""
# Written by the sample itself, names of file types, and a key on the keyboard.
OWN = re.compile(r"^Search$|XLSX|Esc 键|\.(txt|xlsx)\b|text/plain|app\.log")


@pytest.fixture(scope="module")
def sample(start_server):
    return start_server(SAMPLE)


def english(page: Page) -> list[str]:
    page.wait_for_timeout(300)  # menus unfold
    return [text for text in page.evaluate(ENGLISH) if not OWN.search(text)]


def get(url: str):
    try:
        return urllib.request.urlopen(url, timeout=10)
    except urllib.error.HTTPError as error:
        return error


def test_index_is_chinese_and_keeps_quiet_about_programs(sample):
    text = get(f"{sample.url}/linked").read().decode()
    assert '<html lang="zh-CN">' in text
    assert "<title>信用交通省台账分析平台</title>" in text
    assert "JavaScript 才能使用" in text
    assert "agent" not in text
    assert "You need" not in text


def test_a_first_visit_asks_for_nothing_that_is_not_there(demo_server, page):
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    demo_server.open(page, "overview?as_of=2020-09-30")
    assert refused == []


def test_a_browser_with_the_english_index_in_its_cache_gets_the_chinese_one(sample):
    request = urllib.request.Request(
        sample.url, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
        assert "zh-CN" in answer.read().decode()


def test_agent_interface_is_closed(sample):
    for name in ("openapi.json", "mcp", "interact"):
        assert get(f"{sample.url}/_stcore/agent/{name}").status == 404


@pytest.mark.parametrize("path", ["", "linked", "_stcore/health", "static/nothing.js"])
def test_security_headers(sample, path):
    headers = get(f"{sample.url}/{path}").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'unsafe-eval' blob:;" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"


def test_nothing_english_before_any_click(sample, page):
    sample.open(page)
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    assert page.title() == "样例"
    expect(page.get_by_text("每个文件不超过 64MB")).to_be_visible()
    expect(page.get_by_placeholder("请选择（可多选）")).to_be_visible()
    assert english(page) == []


def test_the_apps_own_words_stay(sample, page):
    sample.open(page)
    expect(page.get_by_test_id("stMarkdown").get_by_text("Search", exact=True)).to_be_visible()


def test_nothing_english_in_lists(sample, page):
    sample.open(page)
    for name in ("stMultiSelect", "stSelectbox"):
        box = page.get_by_test_id(name).first.locator("input")
        box.click()
        assert english(page) == []
        box.press_sequentially("没有")
        expect(page.get_by_text("没有符合的选项").last).to_be_visible()
        assert english(page) == []
        page.keyboard.press("Escape")


def test_nothing_english_in_calendars(browser, sample):
    # The calendar speaks the browser's language, so ask with an English browser.
    page = browser.new_page(locale="en-US", viewport={"width": 1440, "height": 900})
    sample.open(page)
    for number in range(2):
        page.get_by_test_id("stDateInputCalendarButton").nth(number).click()
        expect(page.get_by_test_id("stDateInputCalendar").last).to_contain_text("2020年")
        assert english(page) == []
        page.keyboard.press("Escape")
    page.get_by_test_id("stDateInput").first.locator('[data-type="year"]').click()
    page.keyboard.type("2019")
    page.keyboard.press("Enter")
    assert english(page) == []
    page.close()


def test_nothing_english_while_typing(sample, page):
    sample.open(page)
    page.get_by_test_id("stTextInput").locator("input").press_sequentially("数据")
    expect(page.get_by_text("按回车键生效")).to_be_visible()
    number = page.get_by_test_id("stNumberInput").locator("input")
    number.fill("500")
    number.press("Enter")
    page.get_by_test_id("stTooltipIcon").first.hover()
    assert english(page) == []


def test_nothing_english_on_tables(sample, page):
    sample.open(page)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    for label in ("显示或隐藏列", "查找", "全屏"):
        # By the keyboard: the buttons move away while the page still moves below the pointer.
        page.get_by_label(label).first.focus()
        page.keyboard.press("Enter")
        assert english(page) == []
        page.keyboard.press("Escape")
    assert page.get_by_label("下载").count() == 0  # its CSV would carry live formulas
    # The menu of a column of numbers, whose head stands on the right, is at its left: the second column
    # begins where the browser drew it.
    box = table.bounding_box()
    for at in range(int(box["width"]) - 20, 60, -20):
        page.mouse.move(box["x"] + at, box["y"] + 16)
        page.wait_for_timeout(100)
        page.mouse.click(box["x"] + at, box["y"] + 16)
        page.wait_for_timeout(200)
        if page.get_by_role("menuitem").count():
            break
    for item in ("统计", "显示格式"):
        page.get_by_role("menuitem").filter(has_text=item).hover()
        page.wait_for_timeout(500)
        assert english(page) == []


def test_nothing_english_after_an_upload(sample, page):
    sample.open(page)
    files = [
        {"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("a.txt", "b.xlsx")
    ]
    page.set_input_files('[data-testid="stFileUploaderDropzoneInput"]', files)
    expect(page.get_by_text("b.xlsx")).to_be_visible()
    sample.settle(page)
    assert english(page) == []


def test_unknown_page(sample, page):
    sample.open(page, "nowhere")
    expect(page.get_by_role("heading", name="页面不存在")).to_be_visible()
    assert english(page) == []


def test_failing_page_gives_one_sentence_and_logs_the_rest(sample, page):
    sample.open(page, "failing")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("程序出错了")
    reference = re.search(r"编号 (\S+?)，", alert.inner_text()).group(1)
    assert "secret detail" not in page.content()
    assert "Traceback" not in page.content()
    assert "sample_app" not in page.content()
    assert reference in sample.log()
    assert "RuntimeError: secret detail of the failure" in sample.log()


def test_failing_click_leaves_the_page(sample, page):
    sample.open(page)
    page.get_by_role("button", name="出错").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("程序出错了")
    expect(page.get_by_role("heading", name="部件样例")).to_be_visible()
    assert english(page) == []


def test_a_file_that_cannot_be_made_is_told_and_logged(sample, page):
    sample.open(page)
    page.get_by_role("button", name="导出不成").click()
    expect(page.get_by_text("文件没有生成，原因已记入日志")).to_be_visible()
    assert "ValueError: secret detail of the file" in sample.log()
    assert "secret detail" not in page.content()
    page.get_by_role("button", name="磁盘满了").click()
    expect(page.get_by_text("文件没有生成：/data 所在的磁盘已满")).to_be_visible()


def test_addresses_in_texts_are_no_links(sample, page):
    sample.open(page, "addresses")
    expect(page.get_by_text("写信到")).to_be_visible()
    shown = page.get_by_text("写信到").inner_text().replace("\u2060", "")
    assert shown == "见 http://evil.cn/x?a=1、https://evil.cn 和 www.evil.cn，写信到 a.b@evil.cn"
    assert page.get_by_test_id("stMain").locator("a[href*=evil]").count() == 0


def test_first_visitor_of_a_deep_link_gets_the_page_in_its_frame(start_server, page):
    fresh = start_server(SAMPLE)
    fresh.open(page, "linked")
    expect(page.get_by_role("heading", name="直达的页面")).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_text("边框")).to_be_visible()
    fresh.stop()


def test_lost_server_is_told_in_chinese(start_server, page):
    lost = start_server(SAMPLE)
    lost.open(page)
    lost.stop()
    expect(page.get_by_text("连接中断")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("服务器没有回应")).to_be_visible()
    assert english(page) == []


STANDS_ON = """() => {
  const on = document.activeElement;
  const key = on.closest('[class*="st-key-"]')?.className.match(/st-key-(\\S+)/)?.[1] ?? "";
  return [key, on.tagName, (on.getAttribute("aria-label") ?? on.innerText ?? "").trim()];
}"""
MOST_STOPS = 25


def test_a_journey_by_keyboard_alone(demo_server, page: Page):
    """From the filter by the chart's table to a task's card and back."""
    demo_server.open(page, "overview?as_of=2020-09-30")
    stops = 0

    def tab_to(wanted: str) -> None:
        nonlocal stops
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            stops += 1
            key, tag, name = page.evaluate(STANDS_ON)
            if wanted in (key, tag) or name.startswith(wanted):
                return
        pytest.fail(f"{wanted} is not within {MOST_STOPS} stops")

    tab_to("跳到筛选")
    page.keyboard.press("Enter")
    assert page.evaluate(STANDS_ON)[0] == "unit"
    page.keyboard.type("厅运输处")
    page.get_by_role("option", name="厅运输处", exact=True).wait_for()
    page.keyboard.press("Enter")
    caption = page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first
    expect(caption).to_contain_text("筛选：厅运输处")
    demo_server.settle(page)
    tab_to("跳到正文")
    page.keyboard.press("Enter")
    tab_to("数据")
    page.keyboard.press("Enter")
    table = page.get_by_test_id("stPopoverBody").get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    page.keyboard.press("Escape")
    expect(table).to_have_count(0)
    tab_to("CANVAS")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.tagName === 'TD'")
    page.keyboard.press("Shift+Space")
    card = page.get_by_role("dialog", name="任务卡")
    expect(card).to_be_visible()
    demo_server.settle(page)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(caption).to_contain_text("筛选：厅运输处")
    assert stops <= MOST_STOPS
