"""A generated 评分方案 for the demonstration: what the story of demo.py comes to in points.

Nobody issued it: its points are round figures that add up to 100 and show every rule, its texts all
say 演示. It is only ever written to the database it is handed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from warehouse.ledger.schemes import Item, Scheme, Tier, store_scheme
from warehouse.store import Warehouse

DECIDED_AT = datetime(2020, 1, 15, 9)
ASSESSED_ON = date(2020, 12, 31)
BONUS_CAP = Decimal(5)

TWO_POINTS = (*range(10, 18), 22, 25, 26, *range(37, 43))
"""Base tasks worth two points; every other one is worth one and a half."""
BY_WINDOWS = (1, 2, 26, 44)
MISSED_COST = {5: Decimal("0.2"), 28: Decimal("0.1")}
"""Full marks less so much for each missed window."""
BY_TIMES = {50: Decimal("0.25"), 55: Decimal("0.5"), 59: Decimal("0.5")}
RANKED = (32, 33, 48)
BY_HAND = (27, 56)
WHOLE_OR_NOTHING = (4, 8, 9, 15, 16, 18, 19, 20, 21, 30, 35, 41, 43, 47, 51)
IN_TIERS = (10, 11, 12, 13, 37, 38, 39, 40, 42)
WITH_EVIDENCE = (*range(3, 22), 30, 31, 35, 36, *range(43, 48), 51, 57, 58)
BONUS = {62: ("all-or-nothing", 2, None), 63: ("per-occurrence", 2, 1), 64: ("manual", 2, None)}
PENALTY = range(65, 70)

MARKS = (
    # Number, kind, value, day, reason.
    (27, "manual", "1.2", date(2020, 9, 28), "演示：抽查记录完整率约八成。"),
    (32, "rank", "6", date(2020, 7, 20), "演示：上半年通报。"),
    (48, "rank", "12", date(2020, 7, 20), "演示：上半年通报。"),
)
EFFORTS = {10: "3", 12: "3", 13: "2", 22: "2", 37: "4", 54: "0.5"}


def demonstration_scheme(ledger_id: UUID, edition_id: UUID, tasks: Mapping[int, UUID]) -> Scheme:
    """The scheme for the story's ledger; `tasks` are its tasks by number."""
    return Scheme(
        ledger_id,
        edition_id,
        assessed_on=ASSESSED_ON,
        evidence_from=date(2020, 1, 1),
        bonus_cap=BONUS_CAP,
        note="演示方案：分值和规则由程序生成，并非印发的评分标准。",
        items=tuple(_item(number, task_id) for number, task_id in sorted(tasks.items())),
    )


def store_demonstration_scheme(
    warehouse: Warehouse, scheme: Scheme, tasks: Mapping[int, UUID], author: str
) -> dict[str, list[dict[str, Any]]]:
    """Store the scheme, and give back the marks and efforts of the story that go with it."""
    store_scheme(warehouse, scheme, recorded_by=author, recorded_at=DECIDED_AT)
    points = {item.task_id: item.points for item in scheme.items}
    return {
        "mark": [
            {
                "task_id": tasks[number],
                "kind": kind,
                "value": Decimal(value),
                "of_points": points[tasks[number]] if kind == "manual" else None,
                "reason": reason,
                "effective_on": day,
                "recorded_at": datetime(day.year, day.month, day.day, 17),
            }
            for number, kind, value, day, reason in MARKS
        ],
        "effort": [
            {"task_id": tasks[number], "effort": Decimal(effort), "recorded_at": DECIDED_AT}
            for number, effort in EFFORTS.items()
        ],
    }


def _item(number: int, task_id: UUID) -> Item:
    if number in PENALTY:
        return Item(
            task_id, None, "per-occurrence", "incidents", step=Decimal("0.5"),
            criterion="演示：每发生一次扣 0.5 分。",
        )  # fmt: skip
    if number in BONUS:
        bonus_rule, cap, each = BONUS[number]
        return Item(
            task_id,
            Decimal(cap),
            bonus_rule,
            "claims" if bonus_rule == "per-occurrence" else "",
            step=None if each is None else Decimal(each),
            criterion="演示：以认定为准。",
        )
    points = Decimal(2) if number in TWO_POINTS else Decimal("1.5")
    proof = "演示：印发的文件或系统截图。" if number in WITH_EVIDENCE else ""
    rule, measure, step, tiers, criterion = _rule(number, points)
    return Item(
        task_id,
        points,
        rule,
        measure,
        step=step,
        tiers=tiers,
        evidence_required=number in WITH_EVIDENCE,
        criterion=f"演示：{criterion}",
        proof=proof,
    )


def _rule(number: int, points: Decimal) -> tuple[str, str, Decimal | None, tuple[Tier, ...], str]:
    """Rule, measure, step, tiers and the criterion in words."""
    half = points / 2
    if number in BY_WINDOWS:
        return "proportional", "windows", None, (), "按完成的频次占全年应完成频次的比例计分。"
    if number in MISSED_COST:
        step = MISSED_COST[number]
        return "deduct", "missed", step, (), f"每缺一期扣 {step} 分，扣完为止。"
    if number in BY_TIMES:
        step = BY_TIMES[number]
        return "per-occurrence", "times", step, (), f"每完成一次得 {step} 分，最多 {points} 分。"
    if number in RANKED:
        tiers = (
            Tier(Decimal(1), Decimal(5), points),
            Tier(Decimal(6), Decimal(15), half),
            Tier(Decimal(16), Decimal(31), Decimal("0.2")),
        )
        return "rank", "rank", None, tiers, "前 5 名得满分，第 6 至 15 名得一半，其余得 0.2 分。"
    if number in BY_HAND:
        return "manual", "", None, (), "由厅法规处按抽查情况评分。"
    if number in WHOLE_OR_NOTHING:
        return "all-or-nothing", "", None, (), "完成得满分，未完成不得分。"
    if number in IN_TIERS:
        tiers = (
            Tier(Decimal(60), Decimal(80), half),
            Tier(Decimal(80), Decimal(100), points * 3 / 4),
            Tier(Decimal(100), None, points),
        )
        return "tiers", "percent", None, tiers, "进度达 60%、80%、100% 分档计分。"
    return "proportional", "percent", None, (), "按进度计分。"
