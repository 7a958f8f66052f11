"""Marks, places, reviews, answers to claims, effort: what may not be recorded, and what then counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from findings import trail
from metrics import NO_LIMIT, Scope, ask
from tests.warehouse.test_store import counts
from tests.warehouse.world import Task, World, store
from warehouse import Warehouse, WarehouseError
from warehouse.entries import marks, records
from warehouse.entries.records import Replaced
from warehouse.ledger.schemes import Item, Scheme, store_scheme

DAY = date(2020, 6, 30)
BY = {"effective_on": DAY, "recorded_by": "李强"}


@dataclass
class Office:
    """A ledger with a task by hand of 10 points, a bonus of 4, a penalty, and a task without points."""

    warehouse: Warehouse
    world: World
    by_hand: Task
    bonus: Task
    penalty: Task
    unscored: Task
    scheme_id: UUID = None

    def mark(self, task: Task | None = None, **values: Any) -> UUID:
        given = BY | {"kind": "manual", "value": Decimal(8), "reason": "材料齐全。"} | values
        return marks.add_mark(self.warehouse, (task or self.by_hand).task_id, **given)

    def claim(self, state: str = "claimed", **values: Any) -> UUID:
        return marks.add_claim(
            self.warehouse, self.bonus.task_id, state=state, **(BY | {"points": 2} | values)
        )

    def incident(self, **values: Any) -> UUID:
        return marks.add_incident(self.warehouse, self.penalty.task_id, **(BY | values))

    def review(self, value: Any, task: Task | None = None, **values: Any) -> int:
        given = {(task or self.by_hand).task_id: (Decimal(value), "认可。")}
        return marks.store_reviews(self.warehouse, given, **(BY | values))

    def estimate(self, effort: Any, *, recorded_by: str = "李强") -> None:
        given = {self.by_hand.task_id: Decimal(effort)}
        marks.estimate_effort(self.warehouse, given, recorded_by=recorded_by)

    def score(self, task: Task, column: str, as_of: date = DAY) -> Any:
        scope = Scope(self.world.ledgers[0].ledger_id, as_of, scheme_id=self.scheme_id)
        found = ask(self.warehouse, "scores", scope).set_index("number")
        return found.loc[task.number, column]

    def sentences(self) -> list[tuple[str, str, str, str]]:
        """Action, subject, content and reason of every line of the trail, oldest first."""
        shown = ask(
            self.warehouse,
            "changes",
            Scope(self.world.ledgers[0].ledger_id, DAY),
            **{"every_ledger": False, "first_on": None, "last_on": None},
            **{"authors": ["李强"], "actions": [], "sought": "", "row_limit": NO_LIMIT},
        )
        read = trail.table(shown)[["事项", "对象", "变更内容", "理由"]]
        return [tuple(row) for row in read.to_numpy().tolist()][::-1]


@pytest.fixture
def office(warehouse: Warehouse) -> Office:
    world = World()
    ledger = world.ledger(2020)
    tasks = [world.task(ledger, kind=kind) for kind in ("base", "bonus", "penalty", "base")]
    store(warehouse, world)
    by_hand, bonus, penalty, _ = (task.task_id for task in tasks)
    made = Office(warehouse, world, *tasks)
    step = {"rule": "per-occurrence", "step": Decimal("0.5")}
    items = (
        Item(by_hand, Decimal(10), "manual"),
        Item(bonus, Decimal(4), measure="claims", **step),
        Item(penalty, None, measure="incidents", **step),
    )
    edition_id = world.editions[0].edition_id
    scheme = Scheme(ledger.ledger_id, edition_id, date(2020, 12, 31), date(2020, 1, 1), items=items)
    made.scheme_id = store_scheme(warehouse, scheme, recorded_by="张三")
    return made


REFUSED: list[tuple[Callable[[Office], Any], str]] = [
    (
        lambda office: office.mark(value=Decimal("10.01")),
        "评分应在 0 到满分 10.00 之间，填的是 10.01，请改正。",
    ),
    (
        lambda office: office.mark(value=Decimal("-1")),
        "评分应在 0 到满分 10.00 之间，填的是 -1，请改正。",
    ),
    (lambda office: office.mark(value=Decimal("NaN")), "评分和名次应是数，填的是 NaN，请改正。"),
    (
        lambda office: office.mark(value=Decimal("1.005")),
        "评分最多两位小数，填的是 1.005，请改正。",
    ),
    (lambda office: office.mark(reason=" "), "人工评分须写明理由。"),
    (lambda office: office.mark(recorded_by=" "), "请填写填报人。"),
    (lambda office: office.mark(effective_on=None), "请填写日期。"),
    (
        lambda office: office.mark(office.unscored),
        "这项任务在评分方案中没有分值，不能评分，请先设分值。",
    ),
    (
        lambda office: office.mark(office.penalty),
        "这项任务在评分方案中没有分值，不能评分，请先设分值。",
    ),
    (
        lambda office: office.mark(kind="rank", value=Decimal(0)),
        "名次应是从 1 起、不超过 9999 的整数，填的是 0，请改正。",
    ),
    (
        lambda office: office.mark(kind="rank", value=Decimal("2.5")),
        "名次应是从 1 起、不超过 9999 的整数，填的是 2.5，请改正。",
    ),
    (
        lambda office: office.mark(kind="rank", value=Decimal(10**9)),
        "名次应是从 1 起、不超过 9999 的整数，填的是 1000000000，请改正。",
    ),
    (
        lambda office: office.mark(replaces=Replaced(uuid4(), "填错")),
        "要更正的记录已被撤销或更正，请刷新页面后重试。",
    ),
    (
        lambda office: office.incident(effective_on=date(2019, 12, 31)),
        "扣分事件应发生在台账期内（2020-01-01 至 2020-12-31），填的是 2019-12-31，请改正。",
    ),
    (
        lambda office: office.incident(effective_on=date(2021, 1, 1)),
        "扣分事件应发生在台账期内（2020-01-01 至 2020-12-31），填的是 2021-01-01，请改正。",
    ),
    (lambda office: office.incident(points=-1), "分值应不小于 0，填的是 -1，请改正。"),
    (
        lambda office: office.incident(points=float("nan")),
        "分值应是不超过 9999.99 的数，填的是 nan，请改正。",
    ),
    (
        lambda office: office.claim(points=1e20),
        "分值应是不超过 9999.99 的数，填的是 1e+20，请改正。",
    ),
    (
        lambda office: office.claim("recognised", answers_id=uuid4()),
        "所选的申报已经认定或撤销，请刷新页面后重试。",
    ),
    (lambda office: office.review("10.5"), "评分应在 0 到满分 10.00 之间，填的是 10.5，请改正。"),
    (lambda office: office.review("5", effective_on=None), "请填写日期。"),
    (lambda office: office.review("5", recorded_by=""), "请填写填报人。"),
    (
        lambda office: office.estimate("0"),
        "工作量应大于 0、不超过 9999.9、最多一位小数，填的是 0，请改正。",
    ),
    (
        lambda office: office.estimate("0.25"),
        "工作量应大于 0、不超过 9999.9、最多一位小数，填的是 0.25，请改正。",
    ),
    (
        lambda office: office.estimate("NaN"),
        "工作量应大于 0、不超过 9999.9、最多一位小数，填的是 NaN，请改正。",
    ),
    (lambda office: office.estimate("2", recorded_by=" "), "请填写填报人。"),
]


@pytest.mark.parametrize(("action", "sentence"), REFUSED)
def test_a_refusal_is_one_sentence_and_stores_nothing(
    office: Office, action: Callable[[Office], Any], sentence: str
):
    before, version = counts(office.warehouse), office.warehouse.data_version
    with pytest.raises(WarehouseError) as refused:
        action(office)
    assert str(refused.value) == sentence
    assert counts(office.warehouse) == before
    assert office.warehouse.data_version == version


def test_the_last_day_of_the_period_and_full_marks_are_allowed(office: Office):
    office.incident(effective_on=date(2020, 1, 1))
    office.incident(effective_on=date(2020, 12, 31))
    office.mark(value=Decimal("10.00"))
    office.mark(value=Decimal(0))


def test_the_newest_mark_counts_from_its_day_and_a_correction_in_its_place(office: Office):
    first = office.mark()
    assert office.score(office.by_hand, "self_cents") == 8_00
    assert office.score(office.by_hand, "self_cents", date(2020, 6, 29)) == 0
    office.mark(value=Decimal("6.5"), replaces=Replaced(first, "抄错了。"))
    assert office.score(office.by_hand, "self_cents") == 6_50
    later = office.mark(value=Decimal(9))
    assert office.score(office.by_hand, "self_cents") == 9_00
    records.withdraw(office.warehouse, "mark", later, reason="误评。", recorded_by="李强")
    assert office.score(office.by_hand, "self_cents") == 6_50


def test_reviews_are_one_write_and_change_no_score(office: Office):
    office.mark()
    version = office.warehouse.data_version
    given = {
        office.by_hand.task_id: (Decimal(7), "少一份材料。"),
        office.bonus.task_id: (Decimal(1), ""),
    }
    assert marks.store_reviews(office.warehouse, given, **BY) == 2
    assert office.warehouse.data_version == version + 1
    assert office.score(office.by_hand, "review_cents") == 7_00
    assert office.score(office.by_hand, "self_cents") == 8_00


def test_one_wrong_review_keeps_all_from_being_stored(office: Office):
    before = counts(office.warehouse)
    given = {
        office.by_hand.task_id: (Decimal(7), ""),
        office.bonus.task_id: (Decimal("4.01"), ""),
    }
    with pytest.raises(WarehouseError, match=r"评分应在 0 到满分 4.00 之间，填的是 4.01"):
        marks.store_reviews(office.warehouse, given, **BY)
    assert counts(office.warehouse) == before


def test_a_claim_is_answered_once(office: Office):
    claim = office.claim()
    answer = office.claim("recognised", points=1.5, answers_id=claim)
    assert office.score(office.bonus, "self_cents") == 1_50
    with pytest.raises(WarehouseError, match="所选的申报已经认定或撤销"):
        office.claim("recognised", answers_id=claim)
    # What corrects the answer answers the same claim.
    office.claim("recognised", points=1, answers_id=claim, replaces=Replaced(answer, "多了。"))
    assert office.score(office.bonus, "self_cents") == 1_00
    other = marks.add_claim(office.warehouse, office.penalty.task_id, state="claimed", **BY)
    with pytest.raises(WarehouseError, match="所选的申报已经认定或撤销"):
        office.claim("recognised", answers_id=other)


def test_a_claim_counts_again_when_its_recognition_is_taken_back(office: Office):
    claim = office.claim()
    answer = office.claim("recognised", points=0.5, answers_id=claim)
    columns = ("self_cents", "secured_cents")
    assert [office.score(office.bonus, name) for name in columns] == [50, 50]
    records.withdraw(office.warehouse, "claim", answer, reason="文件有误。", recorded_by="李强")
    assert [office.score(office.bonus, name) for name in columns] == [2_00, 0]


def test_a_claim_itself_answers_none(office: Office):
    first = office.claim()
    office.claim(answers_id=first)
    assert office.score(office.bonus, "claims") == 2


def test_the_newest_estimate_counts_in_the_steps(office: Office):
    office.estimate("2.5")
    office.estimate("4")
    scope = Scope(office.world.ledgers[0].ledger_id, DAY, scheme_id=office.scheme_id)
    steps = ask(office.warehouse, "open_points", scope)
    assert steps[steps.number == office.by_hand.number].effort.tolist() == ["4.0"]
    # No estimate: each step is 1.
    assert steps[steps.number == office.bonus.number].effort.tolist()[:2] == ["1.0", "2.0"]


def test_no_estimate_is_no_change(office: Office):
    before, version = counts(office.warehouse), office.warehouse.data_version
    marks.estimate_effort(office.warehouse, {}, recorded_by="李强")
    marks.store_reviews(office.warehouse, {}, **BY)
    assert counts(office.warehouse) == before
    assert office.warehouse.data_version == version


def test_the_trail_tells_of_each_in_chinese(office: Office):
    first = office.mark()
    office.mark(value=Decimal("6.5"), reason="", kind="review")
    office.mark(kind="rank", value=Decimal(3), reason="")
    office.mark(value=Decimal(7), reason="缺一份。", replaces=Replaced(first, "抄错了。"))
    office.estimate("2.5")
    office.incident(points=0.5)
    subject = "第 1 项　任务"
    assert office.sentences() == [
        (
            "人工评分",
            subject,
            "类别 人工评分；分数或名次 8；评分时的满分 10.00；日期 2020-06-30",
            "材料齐全。",
        ),
        (
            "复核评分",
            subject,
            "类别 复核得分；分数或名次 6.5；评分时的满分 10.00；日期 2020-06-30",
            "",
        ),
        ("登记名次", subject, "类别 名次；分数或名次 3；日期 2020-06-30", ""),
        ("更正评分", subject, "分数或名次：8.00 → 7；理由：材料齐全 → 缺一份", "抄错了。"),
        ("估计工作量", subject, "每步工作量 2.5", ""),
        ("扣分事件", "第 3 项　任务", "分值 0.5 分；日期 2020-06-30", ""),
    ]
