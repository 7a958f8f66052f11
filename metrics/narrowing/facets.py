"""The facets of 自由筛选 as data: one entry gives a facet its place in the address, the column it
looks at, the order of its values, and the words in which a choice is told.

Knows neither Streamlit nor how tasks are held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, ROLES, STATES, UNIT_CLASSES

NOT_JUDGED = "不判断（加分扣分项）"
NO_LEVEL2 = "未分二级"
NO_SIGNAL, NO_CADENCE = "无信号", "无频次要求"
NO_UNIT = "未写责任单位"
NO_DUE, NO_DAY = "没有期限", "没有完成日期"
NO_CLAIM = "非加分扣分项"
PAST, SOON, LATER, FAR, NEVER = "已过", "在 30 天内", "在 31–90 天内", "在 90 天以后", "没有写明"


@dataclass(frozen=True)
class Facet:
    """One way to narrow down tasks."""

    key: str
    """In the address and of the widget."""
    label: str
    told: str
    """How a choice reads, with {} for the values."""
    order: tuple[str, ...] = ()
    """Of its values; empty: by name, indicators as in the ledger."""
    of_duty: bool = False
    """Looks at a unit's part in a task, so that several such facets are about one and the same part."""
    is_single: bool = True
    """A task has one value of it, so that the parts of a whole can be stacked."""
    of_progress: bool = False
    """Would call missed what was never reported."""


FACETS = (
    Facet("level1", "一级指标", "一级指标为{}"),
    Facet("level2", "二级指标", "二级指标为{}"),
    Facet("theme", "主题", "主题为{}"),
    Facet("unit", "责任单位", "责任单位有{}", of_duty=True, is_single=False),
    Facet("class", "单位类别", "单位类别有{}", (*UNIT_CLASSES, NO_UNIT), of_duty=True, is_single=False),
    Facet("role", "角色", "角色为{}", (*ROLES.values(), NO_UNIT), of_duty=True, is_single=False),
    Facet("kind", "任务类别", "任务类别为{}", tuple(KINDS.values())),
    Facet("state", "状态", "状态为{}", (*STATES.values(), NOT_JUDGED), of_progress=True),
    Facet("lamp", "预警灯", "预警灯为{}", tuple(lamp.word for lamp in LAMPS.values()), of_progress=True),
    Facet("signal", "信号", "信号有{}", ("逾期", "滞后", "未报送", NO_SIGNAL), is_single=False, of_progress=True),
    Facet("window", "期限远近", "期限{}", (PAST, SOON, LATER, FAR, NEVER)),
    Facet("due_month", "期限月", "期限在 {}"),
    Facet("done_month", "完成月", "完成在 {}", of_progress=True),
    Facet("deadline", "期限类别", "期限类别为{}", tuple(DEADLINE_KINDS.values())),
    Facet("cadence", "频次", "频次为{}", (*PERIODS.values(), NO_CADENCE), is_single=False),
    Facet("evidence", "佐证", "{}", ("有佐证", "无佐证")),
    Facet("verified", "销号", "{}", ("已销号", "未销号"), of_progress=True),
    Facet("waiting", "核验", "{}", ("待核验", "无待核验"), of_progress=True),
    Facet(
        "claim", "加分扣分状态", "加分扣分{}",
        ("未申报", "已申报", "已认定", "未触发", "已触发", NO_CLAIM),
    ),
    Facet("edition", "首次列入的版次", "首次列入于{}"),
    Facet("source", "来源表", "来自{}"),
)  # fmt: skip
BY_KEY = {facet.key: facet for facet in FACETS}


@dataclass(frozen=True)
class Range:
    """A condition from … to … on a day or a number that each task has, or has not."""

    key: str
    label: str
    column: str
    """Of the answer."""
    unit: str = ""
    """Of a number."""
    of_days: bool = False


RANGES = (
    Range("due", "期限", "effective_due_on", of_days=True),
    Range("done_on", "完成日期", "done_on", of_days=True),
    Range("reported_on", "最近填报", "reported_on", of_days=True),
    Range("extended_to", "延期至", "extended_to", of_days=True),
    Range("percent", "进度", "percent", "%"),
    Range("extensions", "延期次数", "extensions", " 次"),
    Range("unchanged", "连续无变化", "unchanged_months", " 个月"),
    Range("waiting_days", "待核验天数", "waiting_days", " 天"),
    Range("missed", "缺频次数", "windows_missed", " 期"),
)
RANGE_BY_KEY = {each.key: each for each in RANGES}
Limits = tuple[date | float | None, date | float | None]
"""From … to …, both included; None leaves an end open."""


@dataclass(frozen=True)
class Choice:
    """What somebody narrowed down to: the values of one facet are alternatives, facets add up."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet → chosen values; a facet with none is left out."""
    sought: str = ""
    """Words that all have to be there."""
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet → values that no task has that is left: 不含."""
    ranges: Mapping[str, Limits] = field(default_factory=dict)
    """Range → its ends; a range open at both is left out."""

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self.values.get(key, ())

    def having(self, key: str, values: Iterable[str]) -> Choice:
        """The same with other values of one facet; none frees it."""
        return replace(self, values=_with(self.values, key, tuple(values)))

    def excluding(self, key: str, values: Iterable[str]) -> Choice:
        """The same with other values of one facet left out; none leaves nothing out."""
        return replace(self, excluded=_with(self.excluded, key, tuple(values)))

    def within(self, key: str, limits: Limits) -> Choice:
        """The same with another range; open at both ends frees it."""
        return replace(
            self, ranges=_with(self.ranges, key, () if limits == (None, None) else limits)
        )

    def freeing(self, key: str) -> Choice:
        """The same with nothing chosen or left out of one facet."""
        return self.having(key, ()).excluding(key, ())

    def toggled(self, key: str, value: str) -> Choice:
        """The same with one value of a facet chosen, or no longer; it is left out no more."""
        return _toggled(
            self[key], value, self.excluding(key, _less(self.excluded, key, value)).having, key
        )

    def toggled_out(self, key: str, value: str) -> Choice:
        """The same with one value of a facet left out, or no longer; it is chosen no more."""
        kept = self.having(key, _less(self.values, key, value))
        return _toggled(self.excluded.get(key, ()), value, kept.excluding, key)

    def clauses(self) -> list[str]:
        """What is chosen in words, one clause a facet, in the order of the facets."""
        said = []
        for facet in FACETS:
            if self[facet.key]:
                said.append(facet.told.format("或".join(self[facet.key])))
            if left_out := self.excluded.get(facet.key):
                said.append(f"{facet.label}不含{'、'.join(left_out)}")
        said += [
            f"{each.label}{_limits_in_words(self.ranges[each.key], each.unit)}"
            for each in RANGES
            if each.key in self.ranges
        ]
        if self.sought:
            said.append("、".join(f"含“{word}”" for word in self.sought.split()))
        return said

    def sentence(self) -> str:
        """The clauses in one line: … 且 … 且 …; empty when nothing is chosen."""
        return " 且 ".join(self.clauses())


def _with(held: Mapping[str, Any], key: str, value: tuple[Any, ...]) -> dict[str, Any]:
    others = {k: v for k, v in held.items() if k != key}
    return others | ({key: value} if value else {})


def _less(held: Mapping[str, tuple[str, ...]], key: str, value: str) -> tuple[str, ...]:
    return tuple(each for each in held.get(key, ()) if each != value)


def _toggled(
    held: tuple[str, ...], value: str, having: Callable[[str, Iterable[str]], Choice], key: str
) -> Choice:
    rest = tuple(each for each in held if each != value)
    return having(key, rest if len(rest) < len(held) else (*held, value))


def _limits_in_words(limits: Limits, unit: str) -> str:
    low, high = (
        "" if end is None else f"{end}" if isinstance(end, date) else f"{end:g}{unit}"
        for end in limits
    )
    if low == high:
        return f"为 {low}"
    if low and high:
        return f"在 {low} 至 {high}"
    return (
        f"不早于 {low}"
        if low and isinstance(limits[0], date)
        else (
            f"不少于 {low}"
            if low
            else f"不晚于 {high}"
            if isinstance(limits[1], date)
            else f"不多于 {high}"
        )
    )


BETWEEN = "~"


def written_limits(limits: Limits) -> str:
    """A range as an address and a saved view keep it: 2020-01-01~2020-06-30, an open end empty."""
    return BETWEEN.join("" if end is None else f"{end}" for end in limits)


def read_limits(each: Range, text: str) -> Limits | None:
    """The range written so; None for what is none."""
    low, between, high = text.partition(BETWEEN)
    read: Callable[[str], date | float] = date.fromisoformat if each.of_days else float
    try:
        limits = tuple(read(end) if end else None for end in (low, high))
    except ValueError:
        return None
    return (limits[0], limits[1]) if between and limits != (None, None) else None
