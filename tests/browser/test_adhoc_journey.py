"""What nobody planned to ask: ten questions of a department answered by clicks, and one in SQL.

Every answer is made a second time in plain Python: by the twin of the meanings from the facts of the
same database, or from its rows one by one.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from uuid import UUID

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from test_looks import axe_findings

from loaders import read_ledger
from tests.warehouse import twin
from tests.warehouse.world import World, read
from warehouse import load_ledger, open_warehouse, read_reference, sync_reference
from warehouse.demonstration.demo import fill_demonstration
from warehouse.opening import DEMONSTRATION_LEDGER, SHIPPED

AUTUMN = date(2020, 9, 30)
EXPLORE = "explore?demo=true&as_of=2020-09-30"
QUERY = "query?demo=true&as_of=2020-09-30"


@dataclass
class Facts:
    """The demonstration made once more, as facts and as rows."""

    world: World
    evidence: Counter[UUID]
    texts: dict[UUID, str]
    short_names: dict[str, str]
    classes: dict[UUID, str]
    judged: list[twin.Judgement] = field(init=False)

    def __post_init__(self):
        self.judged = twin.judge(self.world, AUTUMN)
        self.judged.sort(key=lambda j: j.task.number)

    def duties(self) -> list[twin.Duty]:
        (ledger,) = self.world.ledgers
        return twin.duties(self.world, ledger, self.judged, AUTUMN, expanded=False)

    def named(self, unit_id: UUID) -> str:
        return next(unit.name for unit in self.world.units if unit.unit_id == unit_id)

    def cadences(self, j: twin.Judgement) -> set[str]:
        return {
            c.period
            for c in self.world.cadences
            if (c.edition_id, c.task_id) == (j.task.edition_id, j.task.task_id)
        }

    def days_left(self, j: twin.Judgement) -> int | None:
        return (j.effective_due_on - AUTUMN).days if j.effective_due_on else None


@pytest.fixture(scope="module")
def facts(tmp_path_factory) -> Facts:
    warehouse = open_warehouse(tmp_path_factory.mktemp("adhoc") / "demo.duckdb")
    reference = read_reference(SHIPPED / "reference")
    ledger = read_ledger(DEMONSTRATION_LEDGER)
    loaded = load_ledger(warehouse, ledger, reference, recorded_by="测试")
    sync_reference(warehouse, reference, recorded_by="测试")
    fill_demonstration(warehouse, loaded.ledger_id)
    with warehouse.cursor() as cursor:
        rows = {
            table: cursor.execute(f"select * from {table}").df().to_dict("records")
            for table in ("task", "report", "evidence", "unit", "assignment", "withdrawal")
        }
    warehouse_facts = read(warehouse)
    gone = {row["entry_id"] for row in rows["withdrawal"]}
    texts = {
        row["task_id"]: [row["task"], row["deadline_text"], row["level1"], row["level2"]]
        for row in rows["task"]
    }
    names = {row["unit_id"]: row["name"] for row in rows["unit"]}
    for row in rows["assignment"]:
        texts[row["task_id"]].append(names[row["unit_id"]])
    for row in rows["report"]:
        if row["report_id"] not in gone and row["effective_on"].date() <= AUTUMN:
            texts[row["task_id"]] += [row["narrative"], row["problem"], row["next_step"]]
    evidence: Counter[UUID] = Counter()
    for row in rows["evidence"]:
        on = (
            row["effective_on"]
            if row["effective_on"] == row["effective_on"]
            else row["recorded_at"]
        )
        if row["evidence_id"] not in gone and on.date() <= AUTUMN:
            evidence[UUID(str(row["task_id"]))] += 1
            texts[row["task_id"]] += [row["title"], row["document_number"], row["file_name"]]
    return Facts(
        warehouse_facts,
        evidence,
        {UUID(str(key)): "\n".join(parts) for key, parts in texts.items()},
        reference.short_names,
        {UUID(str(row["unit_id"])): row["class"] for row in rows["unit"]},
    )


# Clicks


def headline(page: Page):
    return page.get_by_test_id("stHeading").first


def pill(server, page: Page, facet: str, *values: str) -> None:
    open_conditions(server, page)
    for value in values:
        page.locator(f".st-key-facet_{facet}").get_by_role("button", name=value).first.click()
        server.settle(page)


def open_conditions(server, page: Page) -> None:
    if not page.locator(".st-key-facet_unit").count():
        page.get_by_text("更多条件", exact=True).click()
        server.settle(page)


def choose(server, page: Page, key: str, option: str) -> None:
    if key.startswith("facet_"):
        open_conditions(server, page)
    server.settle(page)
    server.pick(page, page.locator(f".st-key-{key} input").first, option, exact=False)
    # A list of several stays open, and hides the rest of the page from a reader of the screen.
    page.keyboard.press("Escape")


def look(server, page: Page, name: str) -> None:
    page.locator(".st-key-look").get_by_text(name, exact=True).click()
    server.settle(page)


def says(page: Page, sentence: str, count: int) -> None:
    """The page's sentence, and that many tasks; none of the ten answers is empty."""
    assert count > 0
    expect(headline(page)).to_have_text(f"{sentence}的任务有 {count} 项。")


# Ten questions


def test_1_which_tasks_have_a_red_lamp(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "lamp", "红灯")
    says(page, "预警灯为红灯", sum(j.lamp == "red" for j in facts.judged))


def test_2_what_of_a_division_is_not_verified(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    choose(demo_server, page, "facet_unit", "厅法规处")
    pill(demo_server, page, "verified", "未销号")
    own = {
        d.judgement.task.number
        for d in facts.duties()
        if facts.named(d.unit_id) == "厅法规处" and d.judgement.state != "verified"
    }
    says(page, "责任单位有厅法规处 且 未销号", len(own))


def test_3_what_is_past_its_due_day_without_evidence(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "window", "已过")
    pill(demo_server, page, "evidence", "无佐证")
    count = sum(
        facts.days_left(j) is not None
        and facts.days_left(j) < 0
        and not facts.evidence[j.task.task_id]
        for j in facts.judged
    )
    says(page, "期限已过 且 无佐证", count)


def test_4_which_indicator_has_most_unreported_tasks(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "signal", "未报送")
    look(demo_server, page, "条形图")
    choose(demo_server, page, "figure_of", "任务数")
    silent = Counter(
        facts.short_names.get(j.task.level1, j.task.level1) for j in facts.judged if j.not_reported
    )
    most = max(silent.values())
    names = [name for name, count in silent.items() if count == most]
    title = page.get_by_text(re.compile(f"任务数，按一级指标：.+最多，{most} 项")).first
    expect(title).to_contain_text(f"“{names[0]}”")


def test_5_recurring_tasks_that_lag(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "cadence", "每月", "每季度")
    pill(demo_server, page, "signal", "滞后")
    count = sum(j.behind and bool({"month", "quarter"} & facts.cadences(j)) for j in facts.judged)
    says(page, "信号有滞后 且 频次为每月或每季度", count)


def test_6_who_carries_most(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    look(demo_server, page, "条形图")
    choose(demo_server, page, "rows_of", "责任单位")
    choose(demo_server, page, "figure_of", "折算任务")
    loads: dict[str, Fraction] = {}
    for d in facts.duties():
        loads[facts.named(d.unit_id)] = loads.get(facts.named(d.unit_id), Fraction(0)) + d.share
    name = max(loads, key=loads.get)
    said = f"折算任务，按责任单位：“{name}”最多，{float(loads[name]):.1f} 项"
    expect(page.get_by_text(said)).to_be_visible()


def test_7_what_there_is_about_a_word_or_a_unit_by_its_initials(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    box = page.get_by_role("textbox", name="查找")
    box.fill("目录")
    box.press("Enter")
    says(page, "含“目录”", sum("目录" in facts.texts[j.task.task_id] for j in facts.judged))
    box.fill("tbgs")
    box.press("Enter")
    own = {d.judgement.task.number for d in facts.duties() if facts.named(d.unit_id) == "厅办公室"}
    says(page, "含“tbgs”", len(own))


def test_8_bonus_items_without_evidence(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "kind", "加分项", "扣分项")
    pill(demo_server, page, "evidence", "无佐证")
    count = sum(j.task.kind != "base" and not facts.evidence[j.task.task_id] for j in facts.judged)
    says(page, "任务类别为加分项或扣分项 且 无佐证", count)


def test_9_red_tasks_of_subordinate_units_by_pressing_a_bar(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "class", "厅属单位")
    look(demo_server, page, "堆叠条形图")
    choose(demo_server, page, "figure_of", "任务数")
    choose(demo_server, page, "columns_of", "预警灯")
    ours = {
        d.judgement.task.number: d.judgement
        for d in facts.duties()
        if facts.classes[d.unit_id] == "厅属单位"
    }
    red = Counter(
        facts.short_names.get(j.task.level1, j.task.level1)
        for j in ours.values()
        if j.lamp == "red"
    )
    # The first series are the red parts; the lowest of them is pressed.
    bars = page.locator(".st-key-explored_chart .barlayer .trace").first.locator(".point path")
    bars.first.wait_for(state="attached")
    bar = next(bar for bar in bars.all() if (bar.bounding_box() or {"width": 0})["width"] > 20)
    press(page, bar)
    demo_server.settle(page)
    expect(headline(page)).to_contain_text("预警灯为红灯的任务有")
    text = headline(page).inner_text()
    name = text.partition("一级指标为")[2].partition(" 且 ")[0]
    assert name in red
    says(page, f"一级指标为{name} 且 单位类别有厅属单位 且 预警灯为红灯", red[name])


def test_10_everything_overdue_or_lagging_as_a_workbook_for_the_meeting(demo_server, page, facts):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "signal", "逾期", "滞后")
    numbers = [j.task.number for j in facts.judged if j.overdue or j.behind]
    says(page, "信号有逾期或滞后", len(numbers))
    page.get_by_test_id("stMain").get_by_role("button", name="导出").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Excel（.xlsx").click()
    book = openpyxl.load_workbook(io.BytesIO(downloading.value.path().read_bytes()))
    head, *body = book["数据"].iter_rows(values_only=True)
    assert [row[head.index("编号")] for row in body] == numbers
    about = dict(book["说明"].iter_rows(values_only=True))
    assert about["内容"] == "【演示数据】自由筛选"
    assert about["筛选"] == "信号有逾期或滞后"
    assert about["行数"] == str(len(numbers))


def press(page: Page, mark) -> None:
    """Plotly catches clicks in a layer above its marks, so the mouse goes to the place itself."""
    mark.wait_for(state="attached")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_task_and_an_indicator_of_the_tree_open_what_they_stand_for(demo_server, page, facts):
    demo_server.open(page, EXPLORE + "&look=树图")
    levels = page.locator(".st-key-explored_chart .barlayer .trace")
    press(page, levels.nth(2).locator(".point path").first)
    demo_server.settle(page)
    expect(page.get_by_role("dialog")).to_contain_text("第 18 项")
    page.keyboard.press("Escape")
    demo_server.settle(page)
    press(page, levels.nth(1).locator(".point path").first)
    demo_server.settle(page)
    tasks = read_ledger(DEMONSTRATION_LEDGER).tasks
    named = next(task for task in tasks if task.number == 18)
    own = [task for task in tasks if task.level2 == named.level2]
    short = facts.short_names.get(named.level1, named.level1)
    says(page, f"一级指标为{short} 且 二级指标为{named.level2}", len(own))


def test_a_line_opens_the_tasks_it_is_about(demo_server, page, facts):
    demo_server.open(page, EXPLORE + "&look=逐月折线&lines_of=任务类别")
    lines = page.locator(".st-key-explored_chart .scatterlayer .trace")
    press(page, lines.first.locator(".point").last)
    demo_server.settle(page)
    says(page, "任务类别为基本任务", sum(j.task.kind == "base" for j in facts.judged))


# The address, the keyboard, and the looks


def test_a_colleague_at_the_same_address_sees_the_same(browser, demo_server, page):
    demo_server.open(page, EXPLORE)
    pill(demo_server, page, "lamp", "黄灯")
    look(demo_server, page, "热力图")
    expect(headline(page)).to_contain_text("预警灯为黄灯的任务有")
    said = headline(page).inner_text()
    other = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    colleague = other.new_page()
    colleague.goto(page.url)
    demo_server.settle(colleague)
    expect(headline(colleague)).to_have_text(said)
    expect(colleague.locator(".st-key-explored_chart .js-plotly-plot")).to_be_visible()
    other.close()


def test_everything_is_reached_without_a_mouse(demo_server, page, facts):
    demo_server.open(page, EXPLORE + "&more=true")
    page.get_by_role("textbox", name="查找").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith("红灯"):
            break
    page.keyboard.press("Space")
    demo_server.settle(page)
    says(page, "预警灯为红灯", sum(j.lamp == "red" for j in facts.judged))
    number = page.locator(".st-key-card_number input")
    number.fill("18")
    number.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("第 18 项")


@pytest.mark.parametrize("address", [EXPLORE, EXPLORE + "&look=交叉表", QUERY, "explore", "query"])
@pytest.mark.parametrize("width", [1440, 1920])
def test_pages_look_right(server, demo_server, page, address, width):
    page.set_viewport_size({"width": width, "height": 900})
    own = demo_server if "demo" in address else server
    own.open(page, address)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("part => part.scrollWidth <= part.clientWidth + 1")
    assert not axe_findings(page)


# SQL


def test_a_query_is_written_answered_refused_and_stopped(demo_server, page, facts):
    demo_server.open(page, QUERY)
    box = page.get_by_role("textbox", name="查询语句")

    def ask(sql: str) -> None:
        box.fill(sql)
        box.press("Control+Enter")
        demo_server.settle(page)

    ask("select 编号, 目标任务 from 任务 where 预警灯 = '红灯' order by 编号")
    red = [j.task.number for j in facts.judged if j.lamp == "red"]
    expect(headline(page)).to_contain_text(f"查到 {len(red)} 行")
    page.get_by_test_id("stMain").get_by_role("button", name="导出").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="JSON").click()
    told = json.loads(downloading.value.path().read_text(encoding="utf-8"))
    assert [row["编号"] for row in told["数据"]] == red
    assert told["演示数据"] is True
    page.keyboard.press("Escape")

    ask("select 编号 from 任务\nwhere 编好 = 1")
    expect(page.get_by_text("第 2 行第 7 个字：所查的表里没有“编好”这一列")).to_be_visible()
    ask("select * from read_text('/etc/passwd')")
    expect(page.get_by_text("这里不能读写文件")).to_be_visible()

    ask(
        "select count(*) from 填报 a, 填报 b, 填报 c, 填报 d where a.编号 + b.编号 > c.编号 + d.编号"
    )
    expect(page.get_by_text("正在查询，已用")).to_be_visible()
    page.get_by_role("button", name="停止查询").click()
    expect(page.get_by_text("查询已停止。")).to_be_visible()
    ask("select 1 as 一")
    expect(headline(page)).to_contain_text("查到 1 行")


def test_names_are_completed_and_an_address_runs_by_itself(browser, demo_server, page):
    demo_server.open(page, QUERY)
    box = page.get_by_role("textbox", name="查询语句")
    names = page.get_by_role("listbox", name="可补全的名称")
    box.fill("")
    box.press_sequentially("select zt")
    expect(names.get_by_role("option").first).to_contain_text("状态")
    box.press("Tab")
    box.press_sequentially(", 编 from kf")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("select 状态, 编 from 扣分事件")
    # Inside quotation marks nothing is offered.
    box.press_sequentially(" k where k.rq <> '日")
    expect(names).to_have_count(0)
    box.fill("select 编号, 单位 from 扣分事件 k where k.日")
    box.press("Tab")
    expect(box).to_have_value("select 编号, 单位 from 扣分事件 k where k.日期")
    box.press_sequentially(" is not null")
    box.press("Control+Enter")
    demo_server.settle(page)
    expect(headline(page)).to_contain_text("查到")
    found = headline(page).inner_text().partition("，")[0]
    box.fill("select 1 as 一, 2 as 二 union all select 3, 4")
    box.press("Control+Enter")
    expect(headline(page)).to_contain_text("查到 2 行")
    page.go_back()
    expect(headline(page)).to_contain_text(found)
    expect(box).to_have_value("select 编号, 单位 from 扣分事件 k where k.日期 is not null")
    other = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    colleague = other.new_page()
    colleague.goto(page.url)
    expect(headline(colleague)).to_contain_text(found)
    other.close()
