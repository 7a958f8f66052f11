"""Points: how they are written beside a heading or a task, and whose they are.

组织建设（4分） above its tasks is the sum of their points, not points of its own: it is given to a task
only when there is just one, or when the ledger says how much each gets, and is otherwise compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from loaders.model import Issue, Task
from loaders.wording import folded

_EACH = r"(?:每一?[项条个]|各)(?:[得计])?"
_SUM = r"(?:共计?|合计|总计|总分|满分|分值|计|得)"
_PHRASE = rf"(?:{_EACH}|{_SUM})?[:：]?\s*\d+(?:[.．]\d+)?\s*分[,，、;；]?\s*"
# The Lianyungang list as saved from its page has 组织建设 / 4分): the opening bracket is lost.
_REMARK = re.compile(
    rf"\s*(?:(?P<open>[（(〔\[【])\s*|(?P<colon>[:：\s])\s*)?(?P<phrases>(?:{_PHRASE})+)(?P<close>[)）〕\]】])?"
    r"(?P<stop>[。.]?)$"
)
_LONGEST_REMARK = 60
_FIGURE = re.compile(rf"(?P<each>{_EACH})?[^\d]*?(?P<points>\d+(?:\.\d+)?)分")
_CELL = re.compile(r"\+?(-?\d+(?:\.\d+)?)分?")


@dataclass(frozen=True)
class Stated:
    """The points a remark states: of everything below it, or of each thing below it."""

    total: float | None = None
    each: float | None = None

    def __str__(self) -> str:
        return f"{self.total:g} 分" if self.each is None else f"每项 {self.each:g} 分"


def split_points(text: str) -> tuple[str, Stated | None]:
    """(the text without its points remark, what the remark states).

    组织建设（4分） → 组织建设, 4. 主要领导任组长的得4分 states no points of its own: there the figure is
    part of a sentence, which neither a bracket nor a colon sets apart.
    """
    tail = max(0, len(text) - _LONGEST_REMARK)
    found = _REMARK.search(text, tail) if "分" in text[tail:] else None
    if not found or not (found["open"] or found["close"] or found["colon"]):
        return text, None
    before = text[: found.start()].rstrip()
    stated = _stated(found["phrases"])
    if not before or stated is None:
        return text, None
    return before + found["stop"], stated


def read_points(cell: str) -> Stated | None:
    """What a 分值 cell states: 4, 4分, 每项2分; None for anything else."""
    written = folded(cell)
    if found := _CELL.fullmatch(written):
        return Stated(float(found[1]))
    return _stated(written) if re.fullmatch(rf"(?:{_PHRASE})+", written) else None


def _stated(phrases: str) -> Stated | None:
    total = each = None
    for figure in _FIGURE.finditer(folded(phrases)):
        if figure["each"]:
            each = float(figure["points"])
        else:
            total = float(figure["points"])
    return None if total is None and each is None else Stated(total, each)


@dataclass
class Share:
    """Points stated for the tasks from `start` on, until it is known how many those are."""

    stated: Stated
    start: int
    label: str = ""
    """The heading that states them; empty for a 分值 cell that covers several tasks."""
    settled: dict[range, float] = field(default_factory=dict)
    """The stretches of tasks below for which a lower heading states the points."""

    def settle(self, tasks: list[Task]) -> Issue | None:
        """Give the points to the tasks that now follow, as far as the ledger says how.

        Returns what is doubtful, if anything.
        """
        mine = range(self.start, len(tasks))
        if not mine:
            return None
        below = {index for stretch in self.settled for index in stretch}
        unscored = [i for i in mine if tasks[i].points is None and i not in below]
        if self.stated.each is not None:
            self._give(tasks, unscored, self.stated.each)
            unscored = []
        elif len(mine) == 1 and unscored:
            self._give(tasks, unscored, self.stated.total)
            unscored = []
        return self._doubt(tasks, mine, below, unscored)

    def _give(self, tasks: list[Task], indexes: Sequence[int], points: float | None) -> None:
        for index in indexes:
            tasks[index] = replace(tasks[index], points=points)

    def _doubt(
        self, tasks: list[Task], mine: range, below: set[int], unscored: list[int]
    ) -> Issue | None:
        total = self.stated.total
        if total is None:
            return None

        def doubt(message: str, concerned: Sequence[int], *options: float) -> Issue:
            numbers = tuple(index + 1 for index in concerned)
            place = tasks[self.start].place
            # 10 / 3 is no number of points that anybody would write.
            texts = tuple(f"{points:g}" for points in options if round(points, 2) == points > 0)
            return Issue(place, message, "points", texts, numbers)

        if len(unscored) == len(mine):
            message = f"“{self.label}”的 {total:g} 分由 {len(mine)} 项任务共用，没有写明如何分配，没有读入"
            if not self.label:
                message = f"分值“{total:g}”由多项任务共用，没有读入"
            return doubt(message, unscored, total / len(unscored), total)
        own = sum(tasks[i].points or 0 for i in mine if i not in below)
        found = own + sum(self.settled.values())
        if unscored:
            message = (
                f"“{self.label}”共 {total:g} 分，其下有 {len(unscored)} 项任务没有分值，请核对"
            )
            return doubt(message, unscored, (total - found) / len(unscored))
        if abs(found - total) > 1e-6:
            return doubt(f"“{self.label}”写明 {total:g} 分，其下合计 {found:g} 分，请核对", mine)
        return None


@dataclass
class Shares:
    """The points stated and not yet given, by where: `level1`, `level2` or a `cell`."""

    _stated: dict[str, Share] = field(default_factory=dict)

    def open(self, level: str, stated: Stated | None, start: int, label: str = "") -> None:
        """Remember points for the tasks from `start` on; None states none."""
        if stated:
            self._stated[level] = Share(stated, start, label)

    def settle(self, level: str, tasks: list[Task], issues: list[Issue]) -> None:
        """Give the points stated at this level to the tasks read since, or add an issue."""
        share = self._stated.pop(level, None)
        if share is None:
            return
        if doubt := share.settle(tasks):
            issues.append(doubt)
        above = self._stated.get("level1")
        if level == "level2" and above and share.stated.total is not None:
            above.settled[range(share.start, len(tasks))] = share.stated.total
