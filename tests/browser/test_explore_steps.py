"""自由筛选 through time: Back and Forward by single steps, and what an address or a saved view shows to
somebody else."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

EXPLORE = "explore?demo=true&as_of=2020-09-30"


def shown(page: Page) -> dict[str, object]:
    """What a visitor sees of the conditions and of how the answer is shown."""
    main = page.get_by_test_id("stMain")
    if main.locator(".st-key-explored_rows canvas").count():
        # The rows come to a reader of the screen a moment after they are drawn.
        main.locator(".st-key-explored_rows table").first.wait_for(state="attached")
    return {
        "sentence": main.get_by_test_id("stHeading").first.inner_text(),
        "look": main.locator(".st-key-look [aria-checked='true']").all_inner_texts(),
        "figure": main.locator(".st-key-figure_of input").first.input_value(),
        "lists": main.locator("[class*='st-key-list_']").all_inner_texts(),
        "rows": main.locator(".st-key-explored_rows table").all_inner_texts(),
        "sort": [box.input_value() for box in main.locator(".st-key-rows_of input").all()],
    }


def choose(server, page: Page, key: str, option: str) -> None:
    server.open_choices(page, page.locator(f".st-key-{key} input").first)
    page.keyboard.type(option)
    page.get_by_role("option", name=option).first.click()
    server.settle(page)


def search(server, page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="查找")
    box.fill(words)
    box.press("Enter")
    server.settle(page)


def wait_until_shown(server, page, wanted) -> None:
    """Tables are drawn on a canvas a moment after the page has come."""
    for _ in range(20):
        server.settle(page)
        if shown(page) == wanted:
            return
        page.wait_for_timeout(500)
    assert shown(page) == wanted


def test_back_and_forward_undo_and_redo_each_step(browser, demo_server, page):
    rows = "&sort=期限&falling=true&columns=编号&columns=期限&columns=目标任务"
    demo_server.open(page, EXPLORE + "&more=true" + rows)

    def look(name: str) -> None:
        page.locator(".st-key-look").get_by_text(name, exact=True).click()
        demo_server.settle(page)

    def lamp(name: str) -> None:
        page.locator(".st-key-facet_lamp").get_by_role("button", name=name).first.click()
        demo_server.settle(page)

    steps: list[Callable[[], None]] = [
        lambda: lamp("红灯"),
        lambda: lamp("黄灯"),
        lambda: look("交叉表"),
        lambda: choose(demo_server, page, "figure_of", "任务数"),
        lambda: search(demo_server, page, "目录"),
        lambda: choose(demo_server, page, "preset", "十月到期"),
        lambda: choose(demo_server, page, "preset", "各处室完成率及合计"),
        lambda: page.get_by_role("button", name="清除全部条件").click(),
    ]
    states = [shown(page)]
    for step in steps:
        step()
        demo_server.settle(page)
        states.append(shown(page))
        assert states[-1] != states[-2]
    for earlier in reversed(states[:-1]):
        page.go_back()
        wait_until_shown(demo_server, page, earlier)
    for later in states[1:]:
        page.go_forward()
        wait_until_shown(demo_server, page, later)
    for _ in range(2):
        page.go_back()
        demo_server.settle(page)
    # The same address in another browser: filters, figure, order, columns and rows.
    other = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    colleague = other.new_page()
    demo_server.open(colleague, page.url.partition(f"{demo_server.url}/")[2])
    assert shown(colleague) == shown(page) == states[-3]
    other.close()


def test_units_are_found_by_their_initials_wherever_they_are_chosen(demo_server, page):
    for address, key in (
        ("overview?demo=true&as_of=2020-09-30", "unit"),
        (EXPLORE + "&more=true", "facet_unit"),
        ("unit?demo=true&as_of=2020-09-30", "focus"),
    ):
        demo_server.open(page, address)
        demo_server.open_choices(page, page.locator(f".st-key-{key} input").first)
        page.keyboard.type("fgc")
        expect(page.get_by_role("option")).to_have_count(1)
        expect(page.get_by_role("option")).to_contain_text("厅法规处")
        page.keyboard.press("Enter")
        demo_server.settle(page)
        expect(page.get_by_test_id("stMain")).to_contain_text("厅法规处")
        page.keyboard.press("Escape")
