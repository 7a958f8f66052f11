"""Eight questions of a meeting, answered in a real browser: presses and seconds until the answer is read.

`python -m benchmarks.eight_questions` serves the demonstration and prints a markdown table. Each question
begins on 总览, opened and drawn; a press is a click, a key of the keyboard or a phrase that is typed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.measuring import table
from benchmarks.serving import server, wait_until_answering
from benchmarks.startup import BROWSER_ARGUMENTS
from tests.browser.chromium import find_browser

START = "overview?demo=true&as_of=2020-09-30"
PAUSE = 1_000
"""Milliseconds in which what a page still asks for by itself has begun."""
DRAWN = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass
class Reader:
    """Somebody at 总览 who looks for an answer; counts what is pressed."""

    page: Page
    presses: int = 0

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role(role, name=name).filter(visible=True).first.click()  # type: ignore[arg-type]
        self.presses += 1

    def turn_to(self, entry: str) -> None:
        menu = self.page.get_by_test_id("stTopNav")
        menu.get_by_role("link", name=entry, exact=True).click()
        self.presses += 1

    def search(self, phrase: str) -> None:
        self.page.locator(".st-key-search button").click()
        self.page.get_by_role("dialog").get_by_role("textbox").wait_for()
        self.page.keyboard.type(phrase)
        self.page.keyboard.press("Enter")
        self.presses += 3

    def reads(self, said: str) -> None:
        """Wait until a text that matches is seen."""
        self.page.get_by_text(re.compile(said)).filter(visible=True).first.wait_for()


def _changed(reader: Reader) -> None:
    reader.turn_to("季度例会")
    reader.reads("新完成 .*新逾期")


def _overdue(reader: Reader) -> None:
    reader.turn_to("逾期预警")
    reader.reads("逾期任务按单位")


def _points(reader: Reader) -> None:
    reader.turn_to("自评打分")
    reader.reads("自评总分|自评.* 分")
    reader.press("link", "补分建议")
    reader.reads("可补|补分")


def _red_as_excel(reader: Reader) -> None:
    reader.search("厅运输处 红灯")
    reader.press("button", "看符合条件的任务")
    reader.reads("厅运输处.*红灯.*的任务有")
    reader.press("button", "导出")
    with reader.page.expect_download():
        reader.press("button", re.compile("Excel"))


def _of_cities(reader: Reader) -> None:
    reader.search("五市")
    reader.press("link", "五市交通运输局")
    reader.reads("五市交通运输局")


def _provinces(reader: Reader) -> None:
    reader.page.locator(".st-key-demo label").first.click()
    reader.presses += 1
    reader.page.locator(DRAWN).wait_for()
    reader.turn_to("对照比较")
    reader.reads("湖南")


QUESTIONS: dict[str, Callable[[Reader], None]] = {
    "完成到哪一步": lambda reader: reader.reads("60 项任务完成 29 项"),
    "哪个单位最差，为什么": lambda reader: reader.reads("红灯 \\d+ 项.*"),
    "上次例会以来的变化": _changed,
    "哪些逾期，是谁的": _overdue,
    "得分和最容易补的分": _points,
    "厅运输处的红灯导出 Excel": _red_as_excel,
    "五市分到什么任务": _of_cities,
    "比较两个省": _provinces,
}


def measure() -> str:
    """The report in markdown."""
    path = find_browser(os.environ)
    if path is None:
        raise SystemExit("no browser found; install chromium or name one in CREDIT_BROWSER")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
        server(Path(folder)) as address,
    ):
        wait_until_answering(address)
        browser = playwright.chromium.launch(executable_path=path, args=[*BROWSER_ARGUMENTS])
        for _ in range(2):
            # The second time nothing is made for the first time.
            rows = [_asked(browser, address, *each) for each in QUESTIONS.items()]
        browser.close()
    return f"## Eight questions\n\n{table(('question', 'presses', 'seconds'), rows)}"


def _asked(
    browser: Browser, address: str, question: str, ask: Callable[[Reader], None]
) -> tuple[str, str, str]:
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page.goto(f"http://{address}/{START}")
    page.locator(DRAWN).wait_for()
    page.get_by_text("最需要关注的单位").wait_for()
    page.wait_for_timeout(PAUSE)
    page.locator(DRAWN).wait_for()
    reader, begun = Reader(page), perf_counter()
    ask(reader)
    seconds = perf_counter() - begun
    page.close()
    return question, str(reader.presses), f"{seconds:.1f}"


if __name__ == "__main__":
    print(measure())
