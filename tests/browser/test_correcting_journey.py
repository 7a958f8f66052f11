"""From the upload of a plan to 存入, every doubt settled on the way, in few clicks."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

GRADED = Path(__file__).parents[2] / "benchmarks" / "reading" / "graded"
MOST_CLICKS = 40
READING_TAKES = 60_000
OWNERS = "厅法规处牵头，厅运输处配合"
PLANS = {
    "s01_guangzhou_2006_bracket_damaged.txt": 5,
    "s04_linyi_jiaotong_2020_labels.txt": 4,
    "s05_huixian_jiaotong_2010_labels_zhenggai.txt": 3,
    "s09_shanghai_2023_prose_no_owner.txt": 2,
    "s11_yudu_2022_prose_deadline_in_text.txt": 2,
    "s22_made_bracket_deadline.txt": 5,
}
"""Excerpt → the tasks it has: with brackets, labels, persons, without owners, without deadlines."""


@dataclass
class Clerk:
    """Somebody at 导入台账 who counts clicks; typing into a field begins with one."""

    server: object
    page: Page
    clicks: int = 0

    @property
    def main(self) -> Locator:
        return self.page.get_by_test_id("stMain")

    def click(self, place: Locator) -> None:
        place.click()
        self.clicks += 1
        self.server.settle(self.page)

    def type(self, field: Locator, text: str) -> None:
        self.clicks += 1
        field.fill(text)
        field.press("Enter")
        self.server.settle(self.page)

    def upload(self, file: Path) -> None:
        """The button of the upload, and the file in the dialog of the system."""
        self.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
        self.clicks += 2
        answered = self.main.get_by_text(re.compile("存入|没有导入")).first
        expect(answered).to_be_visible(timeout=READING_TAKES)
        self.server.settle(self.page)

    @property
    def still_open(self) -> int:
        counted = self.main.get_by_text(re.compile(r"未定 \d+ 处。"))
        if not counted.count():
            return 0
        return int(re.search(r"未定 (\d+) 处", counted.first.inner_text())[1])

    def give_owners(self) -> None:
        """Units for every task that has none."""
        self.click(self.main.get_by_role("radio", name="定责任单位"))
        self.type(self.main.get_by_label("责任单位", exact=True), OWNERS)
        self.click(self.main.get_by_role("button", name=re.compile("给这 .* 项定责任单位")))
        self.click(self.main.get_by_role("radio", name="定责任单位"))

    def settle_doubts(self) -> None:
        """Each kind of doubt once, as it is read now."""
        while self.still_open:
            ways = self.main.get_by_role("radiogroup", name="怎样读")
            self.click(ways.locator("label").first)
            alike = self.main.get_by_role("button", name=re.compile("同类的 .* 处也这样定"))
            if alike.count():
                self.click(alike)
            if self.still_open:
                self.click(self.main.get_by_role("button", name="下一处未定"))

    def store(self, tasks: int) -> None:
        year = self.main.get_by_label("年度")
        if not year.input_value():
            self.type(year, "2024")
        other = self.main.get_by_text("另一份台账", exact=True)
        if other.count():
            self.click(other)
        for question in self.main.get_by_role("combobox", name=re.compile("与在册单位相近")).all():
            self.server.pick(self.page, question, "作为新单位登记")
            self.clicks += 2
        self.type(self.main.get_by_label("操作人"), "张三")
        self.click(self.main.get_by_role("button", name="存入", exact=True))
        expect(
            self.main.get_by_text(re.compile(f"已存入《.+》，共 {tasks} 项任务。"))
        ).to_be_visible()


def take_in(server: object, page: Page, file: Path, tasks: int) -> tuple[int, float]:
    """(clicks, seconds) from the upload to the stored ledger."""
    clerk = Clerk(server, page)
    server.open(page, "imports")
    begun = time.monotonic()
    clerk.upload(file)
    if clerk.main.get_by_text("没有写明责任单位").count():
        clerk.give_owners()
    clerk.settle_doubts()
    clerk.store(tasks)
    return clerk.clicks, time.monotonic() - begun


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_taken_in_with_few_clicks(fresh_server, page, name: str):
    clicks, _ = take_in(fresh_server, page, GRADED / name, PLANS[name])
    assert clicks <= MOST_CLICKS
