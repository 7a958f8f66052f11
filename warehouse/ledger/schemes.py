"""评分方案: what each task of a ledger is worth and by which rule, kept in versions.

Owns the shape of a scheme, the checks on it and its storage; a stored version is never changed. How
a score follows from it is scoring.sql's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from warehouse.store import Warehouse, WarehouseError, statement

RULES = {
    "proportional": "按比例",
    "all-or-nothing": "完成得满分",
    "tiers": "分档",
    "per-occurrence": "按次",
    "deduct": "倒扣",
    "rank": "按名次",
    "manual": "人工评分",
}
MEASURES = {
    "percent": "填报进度",
    "windows": "频次完成率",
    "times": "完成次数",
    "claims": "申报次数",
    "missed": "缺的频次",
    "incidents": "扣分事件",
    "rank": "名次",
    "": "",
}
ABSENT_RULES = {"rescale": "剔除后折算", "average": "按平均得分率计"}
MOST_POINTS = Decimal("9999.99")

_MEASURES_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "base": {
        "proportional": ("percent", "windows"),
        "all-or-nothing": ("",),
        "tiers": ("percent", "windows", "times"),
        "per-occurrence": ("times",),
        "deduct": ("incidents", "missed"),
        "rank": ("rank",),
        "manual": ("",),
    },
    "bonus": {"per-occurrence": ("claims",), "all-or-nothing": ("",), "manual": ("",)},
    "penalty": {"per-occurrence": ("incidents",)},
}
_TIERED = ("tiers", "rank")
_STEPPED = ("per-occurrence", "deduct")
_COUNTED = ("windows", "missed")
_SHARES = ("percent", "windows")


@dataclass(frozen=True)
class Tier:
    """One step of 分档, or one group of places of 按名次."""

    at_least: Decimal
    at_most: Decimal | None
    """The upper end: of shares and counts not in the tier itself, of places in it; none is open."""
    points: Decimal


@dataclass(frozen=True)
class Item:
    """What one task is worth. The amounts are points with at most two decimals."""

    task_id: UUID
    points: Decimal | None
    """Full marks; of a bonus item its cap; of a penalty the most it can cost, none is no limit."""
    rule: str
    measure: str = ""
    step: Decimal | None = None
    """Points each time, of 按次, 倒扣 and penalties."""
    floor: Decimal = Decimal(0)
    evidence_required: bool = False
    criterion: str = ""
    proof: str = ""
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True)
class Scheme:
    """One version of a ledger's 评分方案."""

    ledger_id: UUID
    edition_id: UUID
    assessed_on: date
    evidence_from: date
    """Evidence dated before is too old."""
    absent_rule: str = "rescale"
    bonus_cap: Decimal | None = None
    note: str = ""
    items: tuple[Item, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Edition:
    """The edition of a ledger that a new scheme has to fit: the one in force."""

    title: str
    edition_id: UUID
    number: int
    effective_on: date
    started_on: date
    """The ledger's first day."""
    ended_on: date
    cells: tuple[str, ...] = field(repr=False)
    """The cells of the source in which points may be stated."""


@dataclass(frozen=True)
class SchemeProblem:
    """Why an item cannot be stored."""

    task_id: UUID | None
    """None where the problem is the scheme's own."""
    field: str
    message: str


def measures_of(kind: str, rule: str) -> tuple[str, ...]:
    """What a rule may count for a task of this kind; empty when the rule is not for it."""
    return _MEASURES_OF[kind].get(rule, ())


def rules_of(kind: str) -> tuple[str, ...]:
    """The rules there are for tasks of this kind."""
    return tuple(_MEASURES_OF[kind])


def item_problems(item: Item, kind: str, *, has_cadence: bool) -> list[SchemeProblem]:
    """What is wrong with an item of a task of `kind`, each in one Chinese sentence; none is right."""
    found: list[SchemeProblem] = []

    def wrong(name: str, message: str) -> None:
        found.append(SchemeProblem(item.task_id, name, message))

    for name, said, value in (
        ("points", "分值", item.points),
        ("step", "每次分值", item.step),
        ("floor", "下限", item.floor),
    ):
        if value is not None and (message := amount_problem(said, value)):
            wrong(name, message)
    if found:
        # What follows compares the amounts.
        return found
    if item.points is None and kind != "penalty":
        wrong("points", "没有填分值，请填写，或整行留空表示不计分。")
    allowed = measures_of(kind, item.rule)
    if not allowed:
        names = "、".join(RULES[rule] for rule in rules_of(kind))
        said = RULES.get(item.rule, item.rule)
        wrong("rule", f"这类任务的规则应为{names}之一，填的是“{said}”，请改正。")
        return found
    if item.measure not in allowed:
        names = "、".join(MEASURES[measure] for measure in allowed)
        wrong("measure", f"{RULES[item.rule]}的计分依据应为{names}，请改正。")
    elif item.measure in _COUNTED and not has_cadence:
        wrong("measure", "这项任务没有写明频次要求，不能按频次计分，请换一个计分依据。")
    if item.rule in _STEPPED and not item.step:
        wrong("step", "没有填每次分值，请填写大于 0 的数。")
    if item.points is not None and 0 <= item.points < item.floor:
        wrong("floor", f"下限 {item.floor} 高于满分 {item.points}，请改正。")
    if item.rule in _TIERED:
        found += [
            SchemeProblem(item.task_id, "tiers", message)
            for message in tier_problems(item.tiers, item.rule, item.points)
        ]
        if item.measure in _SHARES and any(tier.at_least > 100 for tier in item.tiers):
            wrong("tiers", f"{MEASURES[item.measure]}最高为 100，分档的起点不应超过 100，请改正。")
    elif item.tiers:
        wrong("tiers", f"{RULES[item.rule]}不分档，请删去分档，或把规则改为分档、按名次。")
    return found


def amount_problem(said: str, value: Decimal) -> str | None:
    """What is wrong with an amount of points that is called `said`; None is right."""
    if not value.is_finite():
        return f"{said}应是数，填的是 {value}，请改正。"
    if value < 0:
        return f"{said}应不小于 0，填的是 {value}，请改正。"
    if value > MOST_POINTS or value != round(value, 2):
        return f"{said}应不超过 {MOST_POINTS}、最多两位小数，填的是 {value}，请改正。"
    return None


def tier_problems(tiers: Sequence[Tier], rule: str, full: Decimal | None) -> list[str]:
    """Overlaps, holes, points that do not rise with what is done, and a best tier below full marks."""
    if not tiers:
        return ["没有填分档，请填写，如“60–80：2；80–100：3；100：4”。"]
    is_rank = rule == "rank"
    amounts = [n for t in tiers for n in (t.at_least, t.at_most, t.points) if n is not None]
    found = [said for n in amounts if (said := amount_problem("分档中的数", n))]
    if found:
        return found
    if is_rank and any(n != int(n) for t in tiers for n in (t.at_least, t.at_most or 0)):
        found.append("名次应是整数，请改正。")
    if is_rank and min(tier.at_least for tier in tiers) != 1:
        found.append("名次的分档应从第 1 名起，请补上或改正。")
    for tier in tiers:
        if tier.at_most is not None and tier.at_most < tier.at_least:
            found.append(f"分档 {_span(tier)} 起点大于止点，请改正。")
    ordered = sorted(tiers, key=lambda tier: (tier.at_least, tier.at_most or tier.at_least))
    for before, after in pairwise(ordered):
        # Places are counted, so 1–3 is followed by 4; shares are measured, so 60–80 by 80.
        expected = None if before.at_most is None else before.at_most + (1 if is_rank else 0)
        if expected is None or after.at_least < expected or after.at_least == before.at_least:
            found.append(f"分档 {_span(before)} 与 {_span(after)} 重叠，请改正。")
        elif after.at_least > expected:
            found.append(f"分档 {_span(before)} 与 {_span(after)} 之间有空档，请补上或改成相连。")
        elif (after.points > before.points) if is_rank else (after.points < before.points):
            better = "名次靠后的" if is_rank else "高一档的"
            found.append(f"{better}分档 {_span(after)} 得分反而与前后颠倒，请改正。")
    best = max(tier.points for tier in tiers)
    if full is not None and best != full:
        found.append(f"最高一档得 {best} 分，与满分 {full} 不一致，请改正其一。")
    return found


def scheme_problems(
    scheme: Scheme,
    *,
    kinds: Mapping[UUID, str],
    with_cadence: Iterable[UUID],
    started_on: date,
) -> list[SchemeProblem]:
    """Everything that keeps a scheme from being stored.

    `kinds` are the tasks of the edition, `with_cadence` those that name how often.
    """
    found: list[SchemeProblem] = []

    def wrong(name: str, message: str) -> None:
        found.append(SchemeProblem(None, name, message))

    if scheme.assessed_on is None or scheme.evidence_from is None:
        wrong("assessed_on", "没有填评估日或佐证起算日，请填写。")
        return found
    if scheme.assessed_on < started_on:
        wrong("assessed_on", f"评估日 {scheme.assessed_on} 早于台账起始日 {started_on}，请改正。")
    if scheme.evidence_from > scheme.assessed_on:
        wrong("evidence_from", "佐证起算日晚于评估日，请改正。")
    if scheme.absent_rule not in ABSENT_RULES:
        wrong("absent_rule", f"缺项处理应为{'或'.join(ABSENT_RULES.values())}，请改正。")
    if scheme.bonus_cap is not None and (message := amount_problem("加分总上限", scheme.bonus_cap)):
        wrong("bonus_cap", message)
    if not scheme.items:
        wrong("items", "没有一项任务有分值，请填写后再存。")
    with_cadence = set(with_cadence)
    seen: set[UUID] = set()
    for item in scheme.items:
        if item.task_id not in kinds:
            found.append(SchemeProblem(item.task_id, "task_id", "这项任务不在现行版次中，请删去。"))
            continue
        if item.task_id in seen:
            found.append(SchemeProblem(item.task_id, "task_id", "这项任务填了两次，请删去一行。"))
        seen.add(item.task_id)
        found += item_problems(item, kinds[item.task_id], has_cadence=item.task_id in with_cadence)
    return found


def edition_for_scheme(warehouse: Warehouse, ledger_id: UUID) -> Edition:
    """The edition in force of a ledger. Raises KeyError when there is no such ledger."""
    with warehouse.cursor() as cursor:
        rows = cursor.execute(statement("outline_for_scheme"), {"ledger_id": ledger_id}).fetchall()
        if not rows:
            raise KeyError(ledger_id)
        cells = cursor.execute(
            statement("cells_with_points"), {"edition_id": rows[0][1]}
        ).fetchall()
    title, edition_id, number, effective_on, started_on, ended_on = rows[0]
    return Edition(
        title,
        edition_id,
        number,
        effective_on,
        started_on,
        ended_on,
        tuple(sorted(cell for (cell,) in cells)),
    )


def store_scheme(
    warehouse: Warehouse,
    scheme: Scheme,
    *,
    recorded_by: str,
    recorded_at: datetime | None = None,
    follows: int | None = None,
) -> UUID:
    """Store `scheme` as the ledger's next version, now unless `recorded_at` says when; returns its id.

    `follows` is the version that it was drawn up from (0 for the first); when another was stored
    since, nothing is stored.

    Raises WarehouseError with the first problem there is; nothing is stored then.
    """
    if not recorded_by.strip():
        raise WarehouseError("请填写操作人。")
    given = {"ledger_id": scheme.ledger_id, "edition_id": scheme.edition_id}
    with warehouse.writing(recorded_by.strip(), "存入评分方案") as writer:
        writer.recorded_at = recorded_at or writer.recorded_at
        found = writer.cursor.execute(statement("ledger_for_scheme"), given).fetchall()
        if not found:
            raise WarehouseError("评分方案不是这份台账现行版次的，请重新下载模板。")
        ((standing, newest, started_on),) = found
        if follows is not None and follows != standing:
            raise WarehouseError(
                f"您修改期间有人存入或撤回了评分方案（现为第 {standing} 版），没有存入，请刷新页面，核对后再存。"
            )
        rows = writer.cursor.execute(statement("tasks_for_scheme"), given).fetchall()
        problems = scheme_problems(
            scheme,
            kinds={task_id: kind for task_id, _, kind, _ in rows},
            with_cadence=[task_id for task_id, _, _, cadences in rows if cadences],
            started_on=started_on,
        )
        if problems:
            numbers = {task_id: task_number for task_id, task_number, _, _ in rows}
            raise WarehouseError(in_words(problems[0], numbers))
        scheme_id = uuid4()
        head = {name: value for name, value in vars(scheme).items() if name != "items"}
        writer.append_signed("scheme", [{"scheme_id": scheme_id, "version": newest + 1, **head}])
        writer.append("scheme_item", [_item_row(scheme_id, item) for item in scheme.items])
        writer.append(
            "scheme_tier",
            [
                {"scheme_id": scheme_id, "task_id": item.task_id, **vars(tier)}
                for item in scheme.items
                for tier in item.tiers
            ],
        )
        after = {"version": newest + 1, "items": len(scheme.items), **head}
        writer.record("存入评分方案", "ledger", scheme.ledger_id, after=after)
    return scheme_id


def in_words(problem: SchemeProblem, numbers: Mapping[UUID, int]) -> str:
    """The problem with the number of its task before it."""
    if problem.task_id is None:
        return problem.message
    number = numbers.get(problem.task_id)
    return f"第 {number} 项：{problem.message}" if number else problem.message


def _item_row(scheme_id: UUID, item: Item) -> dict[str, Any]:
    row = {name: value for name, value in vars(item).items() if name != "tiers"}
    return {"scheme_id": scheme_id} | row


def _span(tier: Tier) -> str:
    if tier.at_most is None:
        return f"{tier.at_least} 以上"
    return (
        f"{tier.at_least}" if tier.at_most == tier.at_least else f"{tier.at_least}–{tier.at_most}"
    )
