"""A meeting from its screens to what it decides: keys, full window, decisions, a document."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote

import docx
from playwright.sync_api import Page, expect

AUTUMN = "meeting?demo=true&as_of=2020-09-30"
# Which screen is in front, counted from 0, and how many there are.
PLACE = """() => {
  const box = document.querySelector(".screens");
  return [Math.round(box.scrollTop / box.clientHeight), box.childElementCount];
}"""
# Screens whose content is taller than the window, that have a text below 28 px, or of whose height the
# content takes less than half.
UNREADABLE = """() => [...document.querySelectorAll(".screens section")].filter((screen) => {
  const texts = [...screen.querySelectorAll("*")].filter((part) =>
    [...part.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim()));
  const boxes = [...screen.querySelectorAll("h2, .figures, .bar, li p, .names, .notes")]
    .map((part) => part.getBoundingClientRect());
  const height = Math.max(...boxes.map((each) => each.bottom))
    - Math.min(...boxes.map((each) => each.top));
  return screen.scrollHeight > screen.clientHeight + 1
    || texts.some((part) => parseFloat(getComputedStyle(part).fontSize) < 28)
    || height < 0.5 * screen.clientHeight;
}).map((screen) => screen.innerText)"""

# Every entry thirty times as long, as those of another ledger may be.
LENGTHEN = """() => {
  for (const part of document.querySelectorAll(".screens li p")) {
    part.textContent = part.textContent.repeat(30);
  }
  dispatchEvent(new Event("resize"));
}"""

# Whether the button ever turned, and could not be pressed again, from the press to the file.
WATCH = """(button) => {
  const seen = { busy: false };
  window.seenWhileMaking = seen;
  const look = () => {
    const pressed = button.matches("button") ? button : button.querySelector("button");
    if (pressed.disabled && pressed.querySelector('[data-testid="stSpinnerIcon"]')) seen.busy = true;
  };
  new MutationObserver(look).observe(button, { subtree: true, childList: true, attributes: true });
}"""


def test_screens_are_led_by_keys_and_left_by_escape(demo_server, page: Page):
    page.set_viewport_size({"width": 1920, "height": 1080})
    demo_server.open(page, f"{AUTUMN}&show=1")
    screens = page.locator(".screens section")
    expect(screens.first).to_be_visible()
    box = page.locator(".screens").bounding_box()
    assert (box["width"], box["height"]) == (1920, 1080)
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    page.wait_for_function("document.querySelector('.screens section').style.length > 0")
    assert page.evaluate(UNREADABLE) == []
    _, count = page.evaluate(PLACE)
    for key, shown in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", count - 1),
        ("ArrowRight", count - 1),
        ("Home", 0),
        ("ArrowLeft", 0),
    ):
        page.keyboard.press(key)
        page.wait_for_function(f"() => ({PLACE})()[0] === {shown}")
    # The list of screens leads to each, and the mouse does what the keys do.
    page.locator(".screens section").first.get_by_role("button", name="红灯与逾期").click()
    page.wait_for_function(f"() => ({PLACE})()[0] === 3")
    # A task opens with one click over its screen, and closed leaves it as it was.
    red = screens.nth(3)
    red.get_by_role("button", name="采取实际措施推进").click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("第 42 项")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert page.evaluate(PLACE)[0] == 3
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => ({PLACE})()[0] === 4")
    screens.nth(4).get_by_role("button", name="厅运输处").click()
    expect(page.get_by_role("dialog")).to_contain_text("完成率")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    demo_server.settle(page)
    # Tasks of any length leave a screen its foot, and none is too small to be read.
    page.evaluate(LENGTHEN)
    assert page.evaluate(UNREADABLE) == []
    page.keyboard.press("Escape")
    expect(page.locator(".screens")).to_have_count(0)
    demo_server.settle(page)
    expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_contain_text(
        "60 项任务完成 29 项"
    )
    # On the page itself the same keys are the browser's own again.
    assert "show" not in page.url


def test_a_meeting_and_each_of_its_screens_have_an_address(demo_server, page: Page):
    demo_server.open(page, f"{AUTUMN}&show=1")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: "screen=红灯与逾期" in unquote(url))
    demo_server.settle(page)
    sent = page.url
    # The newest quarter stands in the address too: another one may be the newest when it is opened.
    assert "quarter=2020年第三季度" in unquote(sent)
    page.reload()
    page.wait_for_function(f"() => document.querySelector('.screens') && ({PLACE})()[0] === 3")
    # Another page, and Back.
    demo_server.open(page, "overdue?demo=true")
    page.go_back()
    page.wait_for_function(f"() => document.querySelector('.screens') && ({PLACE})()[0] === 3")
    # A colleague opens it, and the quarter it names is not the one of the day it is opened on.
    demo_server.open(page, unquote(sent).replace("第三季度", "第二季度").split("/")[-1])
    page.wait_for_function(f"() => ({PLACE})()[0] > 0")
    expect(page.locator(".screens section h2").first).to_contain_text("截至 2020 年 6 月 30 日")
    page.keyboard.press("Escape")
    expect(page.locator(".screens")).to_have_count(0)
    demo_server.settle(page)
    heading = page.get_by_test_id("stMain").get_by_role("heading").first
    expect(heading).to_contain_text("2020 年第二季度")
    demo_server.choose(page, "quarter", "2020年第一季度")
    expect(heading).to_contain_text("2020 年第一季度")
    page.go_back()
    expect(heading).to_contain_text("2020 年第二季度")


def test_a_decision_opens_the_next_meeting_and_is_in_the_notice(fresh_server, page: Page):
    server = fresh_server
    server.open(page, AUTUMN)
    main = page.get_by_test_id("stMain")
    main.get_by_label("经办人").fill("张三")
    main.get_by_role("button", name="登记例会").click()
    expect(main.get_by_text("已登记 2020 年第三季度的例会。")).to_be_visible()
    server.settle(page)
    main.get_by_role("textbox", name="议定事项").fill("尽快归集<信用>信息，$按月$通报。")
    main.get_by_role("button", name="登记这件").click()
    expect(main.get_by_text("已登记一件议定事项。")).to_be_visible()
    server.settle(page)

    server.open(page, "meeting?demo=true&as_of=2020-12-31")
    earlier = "此前议定的 5 件事项中，已完成 1 件，进行中 2 件，未开始 2 件；其中逾期 2 件。"
    expect(main.get_by_text(earlier)).to_be_visible()
    expect(
        main.get_by_text("与上次通报的 2020 年 9 月 30 日（例会 2020 年 10 月 15 日召开）比较")
    ).to_be_visible()
    button = main.get_by_role("button", name="下载季度通报")
    main.get_by_test_id("stDownloadButton").filter(has_text="下载季度通报").evaluate(WATCH)
    with page.expect_download() as handed_out:
        button.click()
    # One press: it turns while the file is made, and then is as it was.
    assert page.evaluate("window.seenWhileMaking.busy")
    expect(button).to_be_enabled()
    assert handed_out.value.suggested_filename == "演示数据_季度通报_2020-12-31.docx"
    document = docx.Document(BytesIO(handed_out.value.path().read_bytes()))
    assert "议定" in "".join(paragraph.text for paragraph in document.paragraphs)
    main.get_by_role("button", name="会议模式").click()
    decided = page.locator(".screens section").filter(has_text="尽快归集<信用>信息，$按月$通报。")
    expect(decided).to_have_count(1)
