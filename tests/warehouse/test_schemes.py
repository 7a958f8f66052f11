"""评分方案: what may not be stored is one sentence and changes nothing; what may is the next version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from findings import trail
from metrics import NO_LIMIT, Scope, ask
from tests.warehouse.test_store import counts
from tests.warehouse.world import Ledger, Task, World, store
from warehouse import Warehouse, WarehouseError
from warehouse.ledger.schemes import Item, Scheme, Tier, measures_of, rules_of, store_scheme

YEAR_END = date(2020, 12, 31)


@dataclass
class Office:
    """A ledger with a base task that recurs, one that does not, a bonus and a penalty."""

    warehouse: Warehouse
    world: World
    ledger: Ledger
    tasks: dict[str, Task]

    def item(self, task: str = "base", points: Any = 10, rule: str = "manual", **values: Any):
        points = None if points is None else Decimal(points)
        return Item(self.tasks[task].task_id, points, rule, **values)

    def scheme(self, *items: Item, **terms: Any) -> Scheme:
        given = {
            "ledger_id": self.ledger.ledger_id,
            "edition_id": self.world.editions[0].edition_id,
            "assessed_on": YEAR_END,
            "evidence_from": date(2020, 1, 1),
        }
        return Scheme(**(given | terms), items=items or (self.item(),))

    def store(self, *items: Item, recorded_by: str = " 李强 ", **terms: Any) -> UUID:
        scheme = self.scheme(*items, **terms)
        return store_scheme(self.warehouse, scheme, recorded_by=recorded_by)


@pytest.fixture
def office(warehouse: Warehouse) -> Office:
    world = World()
    ledger = world.ledger(2020)
    tasks = {
        "base": world.task(ledger),
        "recurring": world.task(ledger),
        "bonus": world.task(ledger, kind="bonus"),
        "penalty": world.task(ledger, kind="penalty"),
    }
    world.cadence(tasks["recurring"], "month")
    store(warehouse, world)
    return Office(warehouse, world, ledger, tasks)


def tiers(*rows: tuple[Any, Any, Any]) -> tuple[Tier, ...]:
    return tuple(
        Tier(*(None if n is None else Decimal(str(n)) for n in row))  # type: ignore[arg-type]
        for row in rows
    )


def tiered(*rows: tuple[Any, Any, Any], rule: str = "tiers", points: int = 4) -> dict[str, Any]:
    measure = "rank" if rule == "rank" else "percent"
    return {"rule": rule, "measure": measure, "points": points, "tiers": tiers(*rows)}


REFUSED_ITEMS: list[tuple[dict[str, Any], str]] = [
    ({"points": "-1"}, "第 1 项：分值应不小于 0，填的是 -1，请改正。"),
    ({"points": "NaN"}, "第 1 项：分值应是数，填的是 NaN，请改正。"),
    ({"points": "Infinity"}, "第 1 项：分值应是数，填的是 Infinity，请改正。"),
    ({"points": "10000"}, "第 1 项：分值应不超过 9999.99、最多两位小数，填的是 10000，请改正。"),
    ({"points": "1.005"}, "第 1 项：分值应不超过 9999.99、最多两位小数，填的是 1.005，请改正。"),
    ({"points": None}, "第 1 项：没有填分值，请填写，或整行留空表示不计分。"),
    (
        {"rule": "guess"},
        "第 1 项：这类任务的规则应为按比例、完成得满分、分档、按次、倒扣、按名次、人工评分之一，填的是“guess”，请改正。",
    ),
    (
        {"task": "bonus", "rule": "proportional"},
        "第 3 项：这类任务的规则应为按次、完成得满分、人工评分之一，填的是“按比例”，请改正。",
    ),
    (
        {"task": "penalty", "rule": "manual"},
        "第 4 项：这类任务的规则应为按次之一，填的是“人工评分”，请改正。",
    ),
    (
        {"rule": "proportional", "measure": "times"},
        "第 1 项：按比例的计分依据应为填报进度、频次完成率，请改正。",
    ),
    (
        {"rule": "proportional", "measure": "windows"},
        "第 1 项：这项任务没有写明频次要求，不能按频次计分，请换一个计分依据。",
    ),
    (
        {"rule": "per-occurrence", "measure": "times"},
        "第 1 项：没有填每次分值，请填写大于 0 的数。",
    ),
    (
        {"rule": "per-occurrence", "measure": "times", "step": Decimal(0)},
        "第 1 项：没有填每次分值，请填写大于 0 的数。",
    ),
    (
        {"rule": "deduct", "measure": "incidents", "step": Decimal("-0.5")},
        "第 1 项：每次分值应不小于 0，填的是 -0.5，请改正。",
    ),
    (
        {"rule": "deduct", "measure": "incidents", "step": Decimal(1), "floor": Decimal(11)},
        "第 1 项：下限 11 高于满分 10，请改正。",
    ),
    (
        {"tiers": tiers((0, None, 10))},
        "第 1 项：人工评分不分档，请删去分档，或把规则改为分档、按名次。",
    ),
    (tiered(), "第 1 项：没有填分档，请填写，如“60–80：2；80–100：3；100：4”。"),
    (
        tiered((60, 80, 2), (70, 100, 4)),
        "第 1 项：分档 60–80 与 70–100 重叠，请改正。",
    ),
    (
        tiered((60, None, 2), (80, 100, 4)),
        "第 1 项：分档 60 以上 与 80–100 重叠，请改正。",
    ),
    (
        tiered((60, 80, 2), (90, 100, 4)),
        "第 1 项：分档 60–80 与 90–100 之间有空档，请补上或改成相连。",
    ),
    (
        tiered((60, 80, 4), (80, 100, 2)),
        "第 1 项：高一档的分档 80–100 得分反而与前后颠倒，请改正。",
    ),
    (tiered((80, 60, 4)), "第 1 项：分档 80–60 起点大于止点，请改正。"),
    (tiered((-5, 60, 4)), "第 1 项：分档中的数应不小于 0，填的是 -5，请改正。"),
    (tiered((0, 60, "NaN")), "第 1 项：分档中的数应是数，填的是 NaN，请改正。"),
    (
        tiered((0, None, "3.999")),
        "第 1 项：分档中的数应不超过 9999.99、最多两位小数，填的是 3.999，请改正。",
    ),
    (tiered((0, None, 3)), "第 1 项：最高一档得 3 分，与满分 4 不一致，请改正其一。"),
    (
        tiered((0, 120, 2), (120, None, 4)),
        "第 1 项：填报进度最高为 100，分档的起点不应超过 100，请改正。",
    ),
    (
        tiered((1, 3, 4), (5, 9, 2), rule="rank"),
        "第 1 项：分档 1–3 与 5–9 之间有空档，请补上或改成相连。",
    ),
    (tiered((1, 3, 4), (3, 9, 2), rule="rank"), "第 1 项：分档 1–3 与 3–9 重叠，请改正。"),
    (tiered((2, 3, 4), rule="rank"), "第 1 项：名次的分档应从第 1 名起，请补上或改正。"),
    (tiered((1, "3.5", 4), rule="rank"), "第 1 项：名次应是整数，请改正。"),
    (
        tiered((1, 3, 2), (4, None, 4), rule="rank"),
        "第 1 项：名次靠后的分档 4 以上 得分反而与前后颠倒，请改正。",
    ),
]


@pytest.mark.parametrize(("values", "sentence"), REFUSED_ITEMS, ids=[s for _, s in REFUSED_ITEMS])
def test_an_item_that_cannot_be_is_one_sentence(
    office: Office, values: dict[str, Any], sentence: str
):
    assert refused(office, office.item(**values)) == sentence


def refused(office: Office, *items: Item, **terms: Any) -> str:
    """What is said, nothing having been stored."""
    before, version = counts(office.warehouse), office.warehouse.data_version
    with pytest.raises(WarehouseError) as said:
        office.store(*items, **terms)
    assert counts(office.warehouse) == before
    assert office.warehouse.data_version == version
    return str(said.value)


REFUSED_TERMS: list[tuple[dict[str, Any], str]] = [
    ({"recorded_by": "  "}, "请填写操作人。"),
    ({"assessed_on": date(2019, 12, 31)}, "评估日 2019-12-31 早于台账起始日 2020-01-01，请改正。"),
    ({"assessed_on": None}, "没有填评估日或佐证起算日，请填写。"),
    ({"evidence_from": date(2021, 1, 1)}, "佐证起算日晚于评估日，请改正。"),
    ({"absent_rule": "ignore"}, "缺项处理应为剔除后折算或按平均得分率计，请改正。"),
    ({"bonus_cap": Decimal(-3)}, "加分总上限应不小于 0，填的是 -3，请改正。"),
    (
        {"bonus_cap": Decimal("0.125")},
        "加分总上限应不超过 9999.99、最多两位小数，填的是 0.125，请改正。",
    ),
    ({"edition_id": UUID(int=99)}, "评分方案不是这份台账现行版次的，请重新下载模板。"),
    ({"ledger_id": UUID(int=99)}, "评分方案不是这份台账现行版次的，请重新下载模板。"),
]


@pytest.mark.parametrize(("terms", "sentence"), REFUSED_TERMS, ids=[s for _, s in REFUSED_TERMS])
def test_terms_that_cannot_be_are_one_sentence(
    office: Office, terms: dict[str, Any], sentence: str
):
    assert refused(office, **terms) == sentence


def test_a_scheme_of_nothing_is_refused(office: Office):
    empty = replace(office.scheme(), items=())
    with pytest.raises(WarehouseError, match="没有一项任务有分值，请填写后再存。"):
        store_scheme(office.warehouse, empty, recorded_by="李强")


def test_each_task_has_one_item_and_is_of_the_edition(office: Office):
    item = office.item()
    assert refused(office, item, item) == "第 1 项：这项任务填了两次，请删去一行。"
    strange = replace(item, task_id=UUID(int=99))
    assert refused(office, strange) == "这项任务不在现行版次中，请删去。"


def test_one_wrong_item_keeps_all_from_being_stored(office: Office):
    wrong = office.item("recurring", "-1")
    assert refused(office, office.item(), wrong).startswith("第 2 项：分值应不小于 0")


def test_a_scheme_for_an_earlier_edition_is_refused(warehouse: Warehouse):
    world = World()
    ledger = world.ledger(2020)
    task = world.task(ledger)
    first = world.editions[0].edition_id
    second = world.edition(ledger, date(2020, 7, 1))
    world.task(ledger, edition=second, revises=task)
    store(warehouse, world)
    office = Office(warehouse, world, ledger, {"base": task})
    said = "评分方案不是这份台账现行版次的，请重新下载模板。"
    assert refused(office, edition_id=first) == said
    office.store(edition_id=second.edition_id)


def any_item(office: Office, kind: str, rule: str, measure: str) -> Item:
    """A right item of that kind, rule and measure."""
    stepped = rule in ("per-occurrence", "deduct")
    rows = {"rank": [(1, 3, 10), (4, None, 5)], "tiers": [(0, 60, 0), (60, None, 10)]}.get(rule, [])
    return office.item(
        "recurring" if kind == "base" else kind,
        rule=rule,
        measure=measure,
        step=Decimal("0.5") if stepped else None,
        tiers=tiers(*rows),
    )


ALLOWED = [
    (kind, rule, measure)
    for kind in ("base", "bonus", "penalty")
    for rule in rules_of(kind)
    for measure in measures_of(kind, rule)
]


@pytest.mark.parametrize(("kind", "rule", "measure"), ALLOWED)
def test_every_rule_is_stored_and_scored(office: Office, kind: str, rule: str, measure: str):
    scheme_id = office.store(any_item(office, kind, rule, measure))
    scope = Scope(office.ledger.ledger_id, date(2020, 6, 30), scheme_id=scheme_id)
    scores = ask(office.warehouse, "scores", scope).dropna(subset="rule")
    assert scores[["kind", "rule", "measure", "full_cents"]].to_numpy().tolist() == [
        [kind, rule, measure, 10_00]
    ]
    assert scores.self_cents.notna().all()


def test_a_penalty_without_limit_and_points_of_nought_are_allowed(office: Office):
    step = {"rule": "per-occurrence", "step": Decimal("0.01")}
    office.store(
        office.item("base", 0),
        office.item("penalty", None, measure="incidents", **step),
        office.item("bonus", "9999.99", measure="claims", **step),
    )


def test_each_store_is_the_next_version_and_leaves_the_others_alone(office: Office):
    first = office.store(office.item(points=10), note="初稿")
    version = office.warehouse.data_version
    second = office.store(office.item(points=8), bonus_cap=Decimal("2.5"))
    assert office.warehouse.data_version == version + 1
    scope = Scope(office.ledger.ledger_id, YEAR_END)
    found = ask(office.warehouse, "schemes", scope)
    columns = ["scheme_id", "version", "note", "base_cents", "recorded_by"]
    assert [[str(row[0]), *row[1:]] for row in found[columns].to_numpy().tolist()] == [
        [str(second), 2, "", 8_00, "李强"],
        [str(first), 1, "初稿", 10_00, "李强"],
    ]


def test_what_is_stored_comes_back(office: Office):
    rows = tiered((0, 60, "0.5"), (60, 100, 2), (100, None, 4))
    item = office.item(**rows, evidence_required=True, criterion="按*比例*", proof="通知<1>")
    scheme_id = office.store(item)
    scope = Scope(office.ledger.ledger_id, YEAR_END, scheme_id=scheme_id)
    found = ask(office.warehouse, "scheme_items", scope).iloc[0]
    assert (found.points, found.rule, found.criterion, found.proof) == (
        *("4.00", "tiers", "按*比例*", "通知<1>"),
    )
    assert [list(tier) for tier in found.tiers] == [
        ["0.00", "60.00", "0.50"],
        ["60.00", "100.00", "2.00"],
        ["100.00", None, "4.00"],
    ]


def test_the_trail_tells_of_a_new_version_in_chinese(office: Office):
    office.store(bonus_cap=Decimal("2.5"), absent_rule="average", note="试行")
    shown = ask(
        office.warehouse,
        "changes",
        Scope(office.ledger.ledger_id, YEAR_END),
        **{"every_ledger": False, "first_on": None, "last_on": None},
        **{"authors": [], "actions": ["存入评分方案"], "sought": "", "row_limit": NO_LIMIT},
    )
    line = trail.table(shown).iloc[0]
    assert (line["录入人"], line["对象"]) == ("李强", "台账《台账》")
    assert line["变更内容"] == (
        "方案版次 1；计分任务数 1；评估日 2020-12-31；佐证起算日 2020-01-01；"
        "缺项处理 按平均得分率计；加分总上限 2.5 分；备注 试行"
    )
