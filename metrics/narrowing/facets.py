"""The facets of 自由筛选 as data: one entry gives a facet its place in the address, the column it
looks at, the order of its values, and the words in which a choice is told.

Knows neither Streamlit nor how tasks are held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, ROLES, STATES, UNIT_CLASSES

NOT_JUDGED = "不判断（加分扣分项）"
NO_LEVEL2 = "未分二级"
NO_SIGNAL, NO_CADENCE = "无信号", "无频次要求"
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
    """Of its values; empty: as they first come up."""
    of_duty: bool = False
    """Looks at a unit's part in a task, so that several such facets are about one and the same part."""
    is_single: bool = True
    """A task has one value of it, so that tasks can be grouped by it."""


FACETS = (
    Facet("level1", "一级指标", "一级指标为{}"),
    Facet("level2", "二级指标", "二级指标为{}"),
    Facet("unit", "责任单位", "责任单位有{}", of_duty=True, is_single=False),
    Facet("class", "单位类别", "单位类别有{}", UNIT_CLASSES, of_duty=True, is_single=False),
    Facet("role", "角色", "角色为{}", tuple(ROLES.values()), of_duty=True, is_single=False),
    Facet("kind", "任务类别", "任务类别为{}", tuple(KINDS.values())),
    Facet("state", "状态", "状态为{}", (*STATES.values(), NOT_JUDGED)),
    Facet("lamp", "预警灯", "预警灯为{}", tuple(lamp.word for lamp in LAMPS.values())),
    Facet("signal", "信号", "信号有{}", ("逾期", "滞后", "未报送", NO_SIGNAL), is_single=False),
    Facet("window", "期限远近", "期限{}", (PAST, SOON, LATER, FAR, NEVER)),
    Facet("deadline", "期限类别", "期限类别为{}", tuple(DEADLINE_KINDS.values())),
    Facet("cadence", "频次", "频次为{}", (*PERIODS.values(), NO_CADENCE), is_single=False),
    Facet("evidence", "佐证", "{}", ("有佐证", "无佐证")),
    Facet("verified", "销号", "{}", ("已销号", "未销号")),
    Facet("edition", "首次列入的版次", "首次列入于{}"),
    Facet("source", "来源表", "来自{}"),
)
BY_KEY = {facet.key: facet for facet in FACETS}


@dataclass(frozen=True)
class Choice:
    """What somebody narrowed down to: the values of one facet are alternatives, facets add up."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet → chosen values; a facet with none is left out."""
    sought: str = ""
    """Words that all have to be there."""

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self.values.get(key, ())

    def having(self, key: str, values: Iterable[str]) -> Choice:
        """The same with other values of one facet; none frees it."""
        others = {k: v for k, v in self.values.items() if k != key}
        chosen = tuple(values)
        return replace(self, values=others | ({key: chosen} if chosen else {}))

    def clauses(self) -> list[str]:
        """What is chosen in words, one clause a facet, in the order of the facets."""
        said = [
            facet.told.format("或".join(self[facet.key])) for facet in FACETS if self[facet.key]
        ]
        if self.sought:
            said.append("、".join(f"含“{word}”" for word in self.sought.split()))
        return said

    def sentence(self) -> str:
        """The clauses in one line: … 且 … 且 …; empty when nothing is chosen."""
        return " 且 ".join(self.clauses())
