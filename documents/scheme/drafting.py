"""A 评分方案 as it was typed, in a workbook or on screen, made into a scheme with all that is wrong.

Owns reading what stands in each cell and naming the cell; what may be stored is decided in
`warehouse.ledger.schemes`. Guesses nothing: what is not plain is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from documents.scheme.layout import (
    ABSENT_WORDS,
    FILLED,
    FORMER_WORDS,
    FULL_MARKS,
    HEADERS,
    MEASURE_WORDS,
    NO,
    RULE_WORDS,
    SETTINGS,
    SHEET,
    WORTH,
    YES,
)
from documents.scheme.outline import STARTING_RULES, Outline, SchemeTask, blank_scheme
from documents.scheme.tiers import TierError, figure, read_tiers, write_tiers
from documents.workbook.returned import Problem
from loaders.wording import folded, lines
from warehouse.ledger.schemes import (
    ABSENT_RULES,
    MEASURES,
    RULES,
    Item,
    Scheme,
    Tier,
    measures_of,
    rules_of,
    scheme_problems,
)
from words import KINDS

_NUMBER = re.compile(r"\+?(-?\d+(?:\.\d+)?)分?")
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))")
_YES = frozenset({"是", "须", "需", "需要", "必须", "要", "√", "✓", "✔", "y", "yes", "true", "1"})
_NO = frozenset({"", "否", "不", "不须", "不需", "不需要", "无", "×", "n", "no", "false", "0"})
_NOTHING = frozenset({"无", "/", "-", "--", "—", "——", "不设"})
_CHECKED_WITH = {name: {name} for name in SETTINGS} | {
    "evidence_from": {"evidence_from", "assessed_on"}
}
"""Setting → those that its check looks at."""


@dataclass(frozen=True)
class TypedRow:
    """The cells of one task as they were typed, by field of `layout.COLUMNS`."""

    task: SchemeTask
    texts: Mapping[str, str]
    place: Callable[[str], str]
    """Field → where its cell is, in words."""


@dataclass(frozen=True)
class Sums:
    """The points of one 一级指标, or of all; 0 where no task of the kind has points."""

    level1: str
    """Empty for all."""
    tasks: int
    """Base and bonus tasks."""
    scored: int
    """Those of them that have points."""
    base: Decimal
    bonus: Decimal
    full: Decimal | None = None
    """What the heading itself states."""


@dataclass(frozen=True)
class Draft:
    """A scheme as typed, with what keeps it from being stored and what is only remarkable."""

    scheme: Scheme
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    sums: tuple[Sums, ...]
    """One per 一级指标 in the ledger's order, then the total."""


def draft_of(
    outline: Outline,
    settings: Mapping[str, str],
    rows: Sequence[TypedRow],
    *,
    place_of_setting: Callable[[str], str],
    heading_points: Mapping[str, Decimal],
    problems: Sequence[Problem] = (),
) -> Draft:
    """The draft that the typed settings and rows make; `problems` are those found before."""
    found = list(problems)

    def wrong(cell: str, message: str) -> None:
        found.append(Problem(cell, message))

    items, faulty = [], set()
    for row in rows:
        before = len(found)
        item = _item(row, wrong)
        if item is not None:
            items.append(item)
        if len(found) > before:
            faulty.add(row.task.task_id)
    values, unread = _settings(
        outline, settings, lambda name, message: wrong(place_of_setting(name), message)
    )
    scheme = Scheme(outline.ledger_id, outline.edition.edition_id, **values, items=tuple(items))
    places = {row.task.task_id: row.place for row in rows}
    for problem in scheme_problems(
        scheme,
        kinds={task.task_id: task.kind for task in outline.tasks},
        with_cadence=[task.task_id for task in outline.tasks if task.has_cadence],
        started_on=outline.edition.started_on,
    ):
        if problem.task_id in places and problem.task_id not in faulty:
            wrong(places[problem.task_id](problem.field), problem.message)
        elif problem.field in SETTINGS and not unread & _CHECKED_WITH[problem.field]:
            wrong(place_of_setting(problem.field), problem.message)
        elif problem.field == "items" and not found:
            wrong(SHEET, problem.message)
    sums = sums_of(outline, scheme, heading_points)
    found.sort(key=_line)
    return Draft(scheme, tuple(found), tuple(warnings_of(outline, scheme, sums)), sums)


def _line(problem: Problem) -> int:
    """Where a person who goes through the rows meets it; settings stand above the rows."""
    numbers = re.findall(r"\d+", problem.cell)
    return int(numbers[-1]) if numbers else 0


def typed_row(task: SchemeTask, item: Item | None, place: Callable[[str], str] = str) -> TypedRow:
    """A task's cells as they are filled in from what is stored of it; without an item its likeliest
    rule stands there already."""
    if item is None:
        rule = STARTING_RULES[task.kind]
        texts = {"rule": RULES[rule], "measure": MEASURES[measures_of(task.kind, rule)[0]]}
        return TypedRow(task, texts, place)
    texts = {
        "points": amount(item.points),
        "rule": RULES[item.rule],
        "measure": MEASURES[item.measure],
        "step": amount(item.step),
        "floor": amount(item.floor or None),
        "tiers": write_tiers(item.tiers, item.rule, item.measure),
        "evidence_required": YES if item.evidence_required else NO,
        "criterion": item.criterion,
        "proof": item.proof,
    }
    return TypedRow(task, texts, place)


def typed_settings(scheme: Scheme) -> dict[str, str]:
    """The settings as they are filled in."""
    return {
        "assessed_on": f"{scheme.assessed_on:%Y-%m-%d}",
        "evidence_from": f"{scheme.evidence_from:%Y-%m-%d}",
        "absent_rule": ABSENT_RULES[scheme.absent_rule],
        "bonus_cap": amount(scheme.bonus_cap),
        "note": scheme.note,
    }


def amount(value: Decimal | None) -> str:
    """An amount as it is typed; nothing where there is none."""
    return "" if value is None else figure(value)


# The checks that look at the whole


def sums_of(
    outline: Outline, scheme: Scheme, heading_points: Mapping[str, Decimal]
) -> tuple[Sums, ...]:
    """The points of each 一级指标 with base or bonus tasks, then of all."""
    worth = {item.task_id: item.points for item in scheme.items if item.points is not None}
    tasks = [task for task in outline.tasks if task.kind != "penalty"]

    def summed(name: str, own: Sequence[SchemeTask], full: Decimal | None) -> Sums:
        scored = [task for task in own if task.task_id in worth]
        base, bonus = (
            sum((worth[task.task_id] for task in scored if task.kind == kind), Decimal(0))
            for kind in ("base", "bonus")
        )
        return Sums(name, len(own), len(scored), base, bonus, full)

    names = dict.fromkeys(task.level1 for task in tasks)
    by_name = [
        summed(name, [t for t in tasks if t.level1 == name], heading_points.get(name))
        for name in names
    ]
    return (*by_name, summed("", tasks, None))


def warnings_of(outline: Outline, scheme: Scheme, sums: Sequence[Sums]) -> list[str]:
    """What should be looked at and does not prevent storing, each one sentence."""
    *by_name, total = sums
    warnings = []
    if total.base and total.base != FULL_MARKS:
        warnings.append(f"基本任务合计 {figure(total.base)} 分，不是 {FULL_MARKS} 分，请核对。")
    warnings += [
        f"“{each.level1}”指标满分 {figure(each.full)} 分，其下各项合计 "
        f"{figure(each.base + each.bonus)} 分，请核对。"
        for each in by_name
        if each.full is not None and each.full != each.base + each.bonus
    ]
    with_points = {item.task_id for item in scheme.items}
    for kind in ("base", "bonus", "penalty"):
        left = [t.number for t in outline.tasks if t.kind == kind and t.task_id not in with_points]
        if left and with_points:
            numbers = "、".join(map(str, left))
            warnings.append(f"{len(left)} 项{KINDS[kind]}未设分值，不计分：第 {numbers} 项。")
    if scheme.bonus_cap is not None and total.bonus and scheme.bonus_cap > total.bonus:
        warnings.append(
            f"加分总上限 {figure(scheme.bonus_cap)} 分高于加分项合计 {figure(total.bonus)} 分，请核对。"
        )
    return warnings


# One cell at a time


def read_amount(text: str) -> Decimal | None:
    """The amount a cell states: 2, 2.5, ２, 2分; None when it is empty.

    Raises ValueError, in words for the user, for anything else. Negative amounts are read; the checks of the
    scheme refuse them.
    """
    if not text:
        return None
    written = folded(text).replace("−", "-")
    if "%" in written:
        raise ValueError(f"“{text}”是百分数，请填分数，如 2 或 2.5。")
    found = _NUMBER.fullmatch(written)
    if not found:
        raise ValueError(f"“{text}”不是数，请填如 2 或 2.5 的数。")
    value = Decimal(found[1])
    return value if abs(value) < 10**12 else Decimal(10**12)


def _item(row: TypedRow, wrong: Callable[[str, str], None]) -> Item | None:
    """What a row says its task is worth; None when it leaves the task out."""
    texts = {name: _written(row.texts.get(name, "")) for name in FILLED}
    if not any(texts[name] for name in WORTH):
        return None

    def amount_of(name: str) -> Decimal | None:
        try:
            return read_amount(texts[name])
        except ValueError as error:
            wrong(row.place(name), str(error))
            return None

    def choice_of(name: str, words: Mapping[str, str]) -> str:
        chosen = folded(texts[name])
        known = {**FORMER_WORDS, **words}
        if not chosen or known.get(chosen) in words.values():
            return known.get(chosen, "")
        wrong(
            row.place(name),
            f"{HEADERS[name]}“{texts[name]}”认不得，请从下拉框中选择：{'、'.join(words)}。",
        )
        return ""

    points, step, floor = amount_of("points"), amount_of("step"), amount_of("floor")
    rule = choice_of("rule", RULE_WORDS)
    if not texts["rule"]:
        names = "、".join(RULES[code] for code in rules_of(row.task.kind))
        wrong(row.place("rule"), f"没有选规则，请从下拉框中选择：{names}。")
    measure = choice_of("measure", MEASURE_WORDS)
    allowed = measures_of(row.task.kind, rule)
    if allowed == ("",):
        # Left over from another rule; this rule has no 计分依据.
        measure = ""
    elif allowed and not texts["measure"] and (len(allowed) == 1 or rule == "proportional"):
        # A rule that tasks of this kind may not have allows none: 按比例 of a bonus item.
        measure = allowed[0]
    tiers: tuple[Tier, ...] = ()
    try:
        tiers = read_tiers(texts["tiers"], rule, measure)
    except TierError as error:
        wrong(row.place("tiers"), str(error))
    evidence = folded(texts["evidence_required"]).lower()
    if evidence not in _YES | _NO:
        wrong(
            row.place("evidence_required"),
            f"是否须佐证“{texts['evidence_required']}”认不得，请填{YES}或{NO}。",
        )
    return Item(
        row.task.task_id,
        points,
        rule,
        measure,
        step,
        Decimal(0) if floor is None else floor,
        evidence in _YES,
        lines(row.texts.get("criterion", "")),
        lines(row.texts.get("proof", "")),
        tiers,
    )


def _written(text: str) -> str:
    text = text.strip()
    return "" if folded(text) in _NOTHING else text


def _settings(
    outline: Outline, texts: Mapping[str, str], wrong: Callable[[str, str], None]
) -> tuple[dict[str, Any], set[str]]:
    """The values of the settings, and the names of those that could not be read; these keep the value of
    a blank scheme."""
    blank = blank_scheme(outline)
    values: dict[str, Any] = {"note": lines(texts.get("note", ""))}
    unread = set()

    def unreadable(name: str, message: str) -> None:
        unread.add(name)
        wrong(name, message)

    for name in ("assessed_on", "evidence_from"):
        text = texts.get(name, "").strip()
        day = _day(text)
        values[name] = day or getattr(blank, name)
        if day is None:
            problem = f"“{text}”看不出日期" if text else f"没有填{SETTINGS[name]}"
            unreadable(name, f"{problem}，请写成 {getattr(blank, name)} 的样子。")
    absent_rule = folded(texts.get("absent_rule", ""))
    values["absent_rule"] = ABSENT_WORDS.get(absent_rule, blank.absent_rule)
    if absent_rule not in ABSENT_WORDS:
        unreadable("absent_rule", f"缺项处理应为{'或'.join(ABSENT_WORDS)}，请从下拉框中选择。")
    try:
        values["bonus_cap"] = read_amount(_written(texts.get("bonus_cap", "")))
    except ValueError as error:
        values["bonus_cap"] = None
        unreadable("bonus_cap", str(error))
    return values, unread


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(folded(text))
    try:
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None
