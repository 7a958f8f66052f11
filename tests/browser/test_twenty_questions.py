"""Twenty questions that departments ask, each in at most four clicks, with the answer of the raw tables.

The answers are made from the facts of the same demonstration by pandas and by the twin of the meanings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from loaders import read_ledger
from metrics import NO_LIMIT, Scope
from tests.metrics.answers import Case
from tests.metrics.desk_answers import reported_completions
from tests.metrics.surroundings import Surroundings
from tests.warehouse import twin
from tests.warehouse.world import read
from warehouse import load_ledger, open_warehouse, read_reference, sync_reference
from warehouse.demonstration.demo import fill_demonstration
from warehouse.opening import DEMONSTRATION_LEDGER, SHIPPED

DAY = date(2020, 9, 30)
MONTH_ENDS = (date(2020, 7, 31), date(2020, 8, 31), DAY)
ADDRESS = "explore?demo=true&as_of=2020-09-30"
MOST_CLICKS = 4
OFFICES = "厅机关处室"
RAW = (
    "task",
    "report",
    "evidence",
    "unit",
    "incident",
    "extension",
    "extension_decision",
    "withdrawal",
)
HEAD, ROW = 36, 30
"""Heights of the heading and the rows of a list."""


@dataclass
class Answers:
    """The tables as they are stored, and what follows from them task by task."""

    raw: dict[str, pd.DataFrame]
    judged: dict[date, list[twin.Judgement]]
    duties: list[twin.Duty]
    """As written."""
    expanded: list[twin.Duty]
    """With members in the stead of collectives."""
    names: dict[UUID, str]
    classes: dict[UUID, str]
    short_names: dict[str, str]
    waiting: set[str]
    """Tasks of which some part is reported as done and not yet verified or returned."""

    def __post_init__(self):
        self.now = self.judged[DAY]
        self.tasks = pd.DataFrame(
            {
                "task_id": [str(j.task.task_id) for j in self.now],
                "level1": [self.short_names.get(j.task.level1, j.task.level1) for j in self.now],
                "kind": [j.task.kind for j in self.now],
                "state": [j.state for j in self.now],
                "done": [j.is_done and j.is_applicable for j in self.now],
                "applicable": [j.is_applicable for j in self.now],
                "days": [(DAY - j.effective_due_on).days if j.overdue else None for j in self.now],
                "due_on": pd.to_datetime([j.effective_due_on for j in self.now]),
                "done_on": pd.to_datetime([j.done_on for j in self.now]),
                "missed": [j.cadence.missed for j in self.now],
                "percent": [j.percent and float(j.percent) for j in self.now],
            }
        ).set_index("task_id", drop=False)
        self.parts = self._parts(self.duties)
        members = self._parts(self.expanded)
        cities = set(members.unit[members.through.str.contains("五市交通运输局")])
        self.members = members[members.unit.isin(cities)]

    def _parts(self, duties: list[twin.Duty]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "task_id": [str(d.judgement.task.task_id) for d in duties],
                "unit": [self.names[d.unit_id] for d in duties],
                "class": [self.classes[d.unit_id] for d in duties],
                "through": ["、".join(self.names[each] for each in d.through) for d in duties],
                "done": [d.unit_is_done and d.judgement.is_applicable for d in duties],
                "applicable": [d.judgement.is_applicable for d in duties],
            }
        )

    @property
    def proven(self) -> set[str]:
        papers = self.raw["evidence"]
        on = papers.effective_on.fillna(papers.recorded_at)
        return set(papers.task_id[on <= pd.Timestamp(DAY)].astype(str))

    def of_class(self, name: str) -> pd.DataFrame:
        own = self.parts.task_id[self.parts["class"] == name]
        return self.tasks[self.tasks.task_id.isin(set(own))]


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> Answers:
    warehouse = open_warehouse(tmp_path_factory.mktemp("twenty") / "demo.duckdb")
    reference = read_reference(SHIPPED / "reference")
    loaded = load_ledger(
        warehouse, read_ledger(DEMONSTRATION_LEDGER), reference, recorded_by="测试"
    )
    sync_reference(warehouse, reference, recorded_by="测试")
    fill_demonstration(warehouse, loaded.ledger_id)
    with warehouse.cursor() as cursor:
        raw = {name: cursor.execute(f"select * from {name}").df() for name in RAW}
    gone = set(raw["withdrawal"].entry_id.astype(str))
    for name in ("report", "evidence", "incident", "extension"):
        raw[name] = raw[name][~raw[name][f"{name}_id"].astype(str).isin(gone)]
    world = read(warehouse)
    (ledger,) = world.ledgers
    judged = {day: twin.judge(world, day) for day in MONTH_ENDS}
    return Answers(
        raw,
        judged,
        twin.duties(world, ledger, judged[DAY], DAY, expanded=False),
        twin.duties(world, ledger, judged[DAY], DAY, expanded=True),
        {unit.unit_id: unit.name for unit in world.units},
        {UUID(str(row.unit_id)): row["class"] for _, row in raw["unit"].iterrows()},
        reference.short_names,
        {
            str(row["task_id"])
            for row in reported_completions(
                Case(world, Surroundings(), Scope(ledger.ledger_id, DAY)), NO_LIMIT
            )
            if row["state"] == "waiting"
        },
    )


@dataclass
class Asking:
    """A page on which clicks are counted."""

    server: object
    page: Page
    clicks: int = 0

    def begin(self) -> None:
        self.clicks = 0
        self.server.open(self.page, ADDRESS)

    def ask(self, name: str) -> None:
        """Open the list of questions, and choose one: two clicks."""
        self.server.pick(self.page, self.page.locator(".st-key-preset input"), name)
        self.clicks += 2

    def press_name(self, key: str, label: str) -> None:
        """Click on a name of a list."""
        grid = self.page.locator(f".st-key-list_{key}").get_by_test_id("stDataFrame")
        names = [row[0] for row in self.cells(f"list_{key}")]
        grid.scroll_into_view_if_needed()
        grid.click(position={"x": 40, "y": HEAD + ROW * names.index(label) + ROW // 2})
        self.clicks += 1
        self.server.settle(self.page)

    def cells(self, key: str) -> list[list[str]]:
        """The texts of a table's rows, as a reader of the screen is told them."""
        table = self.page.locator(f".st-key-{key} canvas [role='grid'], .st-key-{key} canvas table")
        table.first.wait_for(state="attached")
        return self.page.locator(f".st-key-{key} canvas tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.querySelectorAll('[role=gridcell]')]"
            ".map(cell => cell.innerText.trim()))"
        )

    def says(self, said: str, count: int) -> None:
        heading = self.page.get_by_test_id("stHeading").first
        expect(heading).to_have_text(
            f"{said}的任务有 {count} 项。" if count else f"没有{said}的任务。"
        )

    def shows(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def total(self) -> list[str]:
        """The last row of the cross table."""
        return self.cells("cross_cells")[-1]


def by_month(asking: Asking, facts: Answers) -> None:
    done = facts.of_class(OFFICES).query("done")
    asking.ask("各处室按月完成数")
    months = done.done_on.dt.strftime("%Y-%m").value_counts().sort_index()
    # What has no day of completion is not done.
    assert asking.total()[1:] == [*map(str, months), "0", str(len(done))]


def unchanged(asking: Asking, facts: Answers) -> None:
    asking.ask("连续两月无变化")
    percents = [{j.task.task_id: j.percent for j in facts.judged[day]} for day in MONTH_ENDS]
    open_now = [j.task.task_id for j in facts.now if j.state in twin.OPEN]
    still = [t for t in open_now if percents[0].get(t) == percents[1].get(t) == percents[2][t]]
    asking.says("连续无变化不少于 2 个月", len(still))


def slowest_city(asking: Asking, facts: Answers) -> None:
    asking.ask("五市谁最慢")
    own = facts.members[facts.members.applicable].groupby("unit").done.mean()
    slowest = own.index[own == own.min()]
    title = asking.page.get_by_text(re.compile("完成率，按责任单位：.+最低")).first
    for unit in slowest:
        expect(title).to_contain_text(f"“{unit}”")
    expect(title).to_contain_text(f"最低，{100 * own.min():.1f}%")


def late_of_first_half(asking: Asking, facts: Answers) -> None:
    asking.ask("上半年到期、下半年完成")
    tasks = facts.tasks
    late = tasks[(tasks.due_on <= "2020-06-30") & (tasks.done_on >= "2020-07-01")]
    said = "期限在 2020-01-01 至 2020-06-30 且 完成日期在 2020-07-01 至 2020-12-31"
    asking.says(said, len(late))


def proven_waiting(asking: Asking, facts: Answers) -> None:
    asking.ask("有佐证未核验")
    asking.says("有佐证 且 待核验", len(facts.waiting & facts.proven))


def roles_of_an_office(asking: Asking, facts: Answers) -> None:
    asking.ask("某处室牵头和配合各多少")
    own = facts.parts[facts.parts.unit == "厅法规处"]
    row = next(row for row in asking.cells("cross_cells") if row[0] == "厅法规处")
    assert row[-1] == str(own.task_id.nunique())


def incidents(asking: Asking, facts: Answers) -> None:
    asking.ask("扣分事件按单位")
    known = facts.raw["incident"]
    hit = set(known.task_id[known.effective_on <= pd.Timestamp(DAY)].astype(str))
    most = facts.parts[facts.parts.task_id.isin(hit)].groupby("unit").task_id.nunique().max()
    asking.says("加分扣分已触发", len(hit))
    asking.shows(f"最多，{most} 项")


def last_year(asking: Asking, _facts: Answers) -> None:
    asking.ask("与去年同期比")
    asking.shows("没有宁夏 2019 年的台账，不能与去年同期比。")


def extended_twice(asking: Asking, facts: Answers) -> None:
    asking.ask("延期两次以上")
    decided = facts.raw["extension_decision"].sort_values("effective_on")
    decided = (
        decided[decided.effective_on <= pd.Timestamp(DAY)].groupby("extension_id").outcome.last()
    )
    approved = set(decided.index[decided == "approved"].astype(str))
    own = facts.raw["extension"]
    times = own[own.extension_id.astype(str).isin(approved)].task_id.value_counts()
    asking.says("延期次数不少于 2 次", int((times >= 2).sum()))


def whole_but_open(asking: Asking, facts: Answers) -> None:
    asking.ask("报 100% 未报完成")
    tasks = facts.tasks[(facts.tasks.kind == "base") & (facts.tasks.percent == 100)]
    left = tasks[~tasks.state.isin(["done", "verified", "not_applicable"])]
    asking.says(
        "任务类别为基本任务 且 状态不含已完成、已销号、不适用 且 进度不少于 100%", len(left)
    )


def double_publicity(asking: Asking, facts: Answers) -> None:
    asking.ask("含“双公示”")
    raw = facts.raw["task"]
    asking.says("含“双公示”", int(raw.task.str.contains("双公示").sum()))


def missed(asking: Asking, facts: Answers) -> None:
    asking.ask("频次缺得最多")
    asking.says("缺频次数不少于 1 期", int((facts.tasks.missed > 0).sum()))
    expect(asking.page.get_by_test_id("stMetricValue").first).to_have_text(
        f"{facts.tasks.missed.sum()} 期"
    )


def days_overdue(asking: Asking, facts: Answers) -> None:
    asking.ask("各指标平均逾期天数")
    means = facts.tasks.groupby("level1").days.mean()
    asking.shows(f"平均逾期天数，按一级指标：“{means.idxmax()}”最高")


def due_in_october(asking: Asking, facts: Answers) -> None:
    asking.ask("十月到期")
    asking.says("期限在 2020-10", int((facts.tasks.due_on.dt.strftime("%Y-%m") == "2020-10").sum()))


def done_unproven(asking: Asking, facts: Answers) -> None:
    asking.ask("完成无佐证")
    done = facts.tasks[facts.tasks.state.isin(["done", "verified"])]
    asking.says("状态为已完成或已销号 且 无佐证", len(set(done.task_id) - facts.proven))


def rates_and_total(asking: Asking, facts: Answers) -> None:
    asking.ask("各处室完成率及合计")
    tasks = facts.of_class(OFFICES).query("applicable")
    assert asking.total()[-1] == f"{100 * tasks.done.mean():.1f}"
    own = facts.parts[(facts.parts.unit == "厅法规处") & facts.parts.applicable]
    row = next(row for row in asking.cells("cross_cells") if row[0] == "厅法规处")
    assert row[-1] == f"{100 * own.done.mean():.1f}"


def verified_by_class(asking: Asking, facts: Answers) -> None:
    asking.ask("各类单位已销号")
    verified = facts.of_class(OFFICES).query("state == 'verified'")
    row = next(row for row in asking.cells("cross_cells") if row[0] == OFFICES)
    assert row[1] == str(len(verified))
    assert asking.total()[1] == str(int((facts.tasks.state == "verified").sum()))


def months_of_an_office(asking: Asking, facts: Answers) -> None:
    asking.ask("某处室逐月完成率")
    asking.press_name("unit", "厅法规处")
    own = set(facts.parts.task_id[facts.parts.unit == "厅法规处"])
    tasks = facts.tasks[facts.tasks.task_id.isin(own)].query("applicable")
    expect(asking.page.get_by_test_id("stMetricValue").first).to_have_text(
        f"{100 * tasks.done.mean():.1f}%"
    )
    asking.shows(f"现在符合条件的 {len(own)} 项任务在各月末的情况")


def indicators_by_state(asking: Asking, facts: Answers) -> None:
    asking.ask("指标×状态")
    assert asking.total()[-1] == str(len(facts.tasks))
    counts = facts.tasks.groupby("level1").size()
    rows = {row[0]: row[-1] for row in asking.cells("cross_cells")}
    assert all(rows[name] == str(count) for name, count in counts.items())


def waiting_how_long(asking: Asking, facts: Answers) -> None:
    asking.ask("待核验等了多久")
    asking.says("待核验", len(facts.waiting))
    days = [float(row[5]) for row in asking.cells("explored_rows")]
    assert days == sorted(days, reverse=True)
    assert days[0] > 0


QUESTIONS: list[Callable[[Asking, Answers], None]] = [
    by_month, unchanged, slowest_city, late_of_first_half, proven_waiting, roles_of_an_office,
    incidents, last_year, extended_twice, whole_but_open, double_publicity, missed, days_overdue,
    due_in_october, done_unproven, rates_and_total, verified_by_class, months_of_an_office,
    indicators_by_state, waiting_how_long,
]  # fmt: skip


def test_each_question_takes_at_most_four_clicks(demo_server, page, answers):
    asking = Asking(demo_server, page)
    wrong = []
    asking.begin()
    for question in QUESTIONS:
        asking.clicks = 0
        try:
            question(asking, answers)
        except AssertionError as error:
            wrong.append(f"{question.__name__}: {error}")
        assert asking.clicks <= MOST_CLICKS
    assert not wrong, "\n".join(wrong)
