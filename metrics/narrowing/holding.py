"""The tasks of one scope held ready for narrowing down: a yes-or-no array for each value of a facet.

Owns which tasks a choice leaves and how many each further value would leave. 100,000 tasks are
counted in milliseconds, because nothing is asked of the database after the first look. Computes no
figure: flags come as the questions have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from metrics.narrowing.facets import (
    BY_KEY,
    FACETS,
    FAR,
    LATER,
    NEVER,
    NO_CADENCE,
    NO_CLAIM,
    NO_DAY,
    NO_DUE,
    NO_LEVEL2,
    NO_SIGNAL,
    NO_UNIT,
    NOT_JUDGED,
    PAST,
    RANGE_BY_KEY,
    SOON,
    Choice,
    Facet,
)
from metrics.narrowing.names import in_order
from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, ROLES, STATES

Mask = np.ndarray
Codes = np.ndarray[tuple[Any, ...], np.dtype[np.integer[Any]]]
DUTY_FACETS = ("unit", "class", "role")
IN_LEDGER_ORDER = ("level1", "level2")
"""Facets whose values come as the ledger lists them."""
SIGNALS = {"逾期": "overdue", "滞后": "behind", "未报送": "not_reported"}


@dataclass(frozen=True)
class Coded:
    """A column as numbers into its values; -1 is none of them."""

    values: tuple[str, ...]
    codes: Codes

    def having(self, chosen: tuple[str, ...]) -> Mask:
        """Where one of the chosen values stands; values that are not there stand nowhere."""
        # One place more, where -1 points to.
        wanted = np.zeros(len(self.values) + 1, dtype=bool)
        wanted[[self.values.index(value) for value in chosen if value in self.values]] = True
        return wanted[self.codes]


def coded(labels: pd.Series, order: tuple[str, ...] = ()) -> Coded:
    """A column of labels; in the given order, or as they first come up."""
    codes, found = pd.factorize(labels)
    values = tuple(str(value) for value in found)
    if not order:
        return Coded(values, codes)
    kept = tuple(value for value in order if value in values)
    place = np.array([kept.index(value) if value in kept else -1 for value in values] + [-1])
    return Coded(kept, place[codes])


class Explored:
    """Tasks and duties of one scope, as `explored_tasks` and `explored_duties` answer them; with the
    answer of `explored_months` also for how many months nothing has changed. Read only: sessions share
    it. A task that names no unit has one duty of 未写责任单位, which counts as none."""

    def __init__(
        self,
        tasks: pd.DataFrame,
        duties: pd.DataFrame,
        as_of: date,
        months: pd.DataFrame | None = None,
    ):
        unchanged = pd.Series(dtype="float64") if months is None else unchanged_months(months)
        self.tasks = tasks.assign(unchanged_months=tasks.task_id.map(unchanged))
        self.duties = _with_nobody(tasks, duties)
        self.as_of = as_of
        place = pd.Series(np.arange(len(tasks)), index=tasks.number)
        self.task_of = place.reindex(self.duties.number).to_numpy()
        """For each duty the row of its task."""
        self.single = {
            facet.key: coded(labels, self._order(facet, labels))
            for facet in FACETS
            if (labels := self._labels(facet.key)) is not None
        }
        roles = self.duties.role.map(ROLES).fillna(NO_UNIT)
        self.of_duty = {
            "unit": coded(self.duties.unit, tuple(in_order(self.duties.unit.unique()))),
            "class": coded(self.duties["class"], BY_KEY["class"].order),
            "role": coded(roles, BY_KEY["role"].order),
        }
        self._repeated = {
            key for key in self.of_duty if len(np.unique(self._pairs(key))) < len(self.duties)
        }
        """Those of which a task can have one value several times."""
        self.several = {"signal": self._signals(), "cadence": self._cadences()}

    @staticmethod
    def _order(facet: Facet, labels: pd.Series) -> tuple[str, ...]:
        if facet.order or facet.key in IN_LEDGER_ORDER:
            return facet.order
        # What is not there comes last.
        names = in_order(set(labels.unique()) - {NO_DUE, NO_DAY})
        return (*names, NO_DUE, NO_DAY)

    def __len__(self) -> int:
        return len(self.tasks)

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Every value of a facet that some task has."""
        if facet.of_duty:
            return self.of_duty[facet.key].values
        if facet.key in self.several:
            return tuple(self.several[facet.key])
        return self.single[facet.key].values

    def matching(self, choice: Choice, text: Mask | None = None) -> Mask:
        """Which tasks the choice leaves; `text` are those that have the words sought."""
        return self._left(choice, text)[0]

    def duties_matching(self, choice: Choice) -> Mask:
        """Which duties answer to the choice of unit, class and role, whatever their task."""
        mask = np.ones(len(self.duties), dtype=bool)
        for key in DUTY_FACETS:
            if choice[key]:
                mask &= self.of_duty[key].having(choice[key])
        return mask

    def counts(self, choice: Choice, text: Mask | None = None) -> dict[str, dict[str, int]]:
        """Facet → value → how many tasks there are with it, when the other facets stay as chosen."""
        found = {}
        left = self._left(choice, text)
        for facet in FACETS:
            # Most facets have nothing chosen, and what the others leave is what all leave.
            is_free = not choice[facet.key] and not choice.excluded.get(facet.key)
            tasks, duties = left if is_free else self._left(choice.freeing(facet.key), text)
            if facet.of_duty:
                found[facet.key] = self._counts_of_duty(facet.key, duties & tasks[self.task_of])
            elif facet.key in self.several:
                found[facet.key] = {
                    value: int(np.count_nonzero(mask & tasks))
                    for value, mask in self.several[facet.key].items()
                }
            else:
                column = self.single[facet.key]
                numbers = np.bincount(column.codes[tasks] + 1, minlength=len(column.values) + 1)
                found[facet.key] = dict(zip(column.values, map(int, numbers[1:]), strict=True))
        return found

    def _left(self, choice: Choice, text: Mask | None) -> tuple[Mask, Mask]:
        """The tasks that the choice leaves, and the duties that answer to it whatever their task."""
        tasks, duties = self._by_task(choice, text), self.duties_matching(choice)
        if any(choice[key] for key in DUTY_FACETS):
            tasks &= self._named(duties)
        for key in DUTY_FACETS:
            if choice.excluded.get(key):
                tasks &= ~self._named(self.of_duty[key].having(choice.excluded[key]))
        return tasks, duties

    def _named(self, duties: Mask) -> Mask:
        """Which tasks have one of the duties."""
        named = np.zeros(len(self), dtype=bool)
        named[self.task_of[duties]] = True
        return named

    def _by_task(self, choice: Choice, text: Mask | None) -> Mask:
        mask = np.ones(len(self), dtype=bool) if text is None else text.copy()
        for key, column in self.single.items():
            if choice[key]:
                mask &= column.having(choice[key])
            if choice.excluded.get(key):
                mask &= ~column.having(choice.excluded[key])
        for key, masks in self.several.items():
            if choice[key]:
                mask &= self._any_of(masks, choice[key])
            if choice.excluded.get(key):
                mask &= ~self._any_of(masks, choice.excluded[key])
        for key, (low, high) in choice.ranges.items():
            known = self.tasks[RANGE_BY_KEY[key].column]
            if RANGE_BY_KEY[key].of_days:
                low, high = (end if end is None else pd.Timestamp(end) for end in (low, high))
            # What is not known lies in no range.
            mask &= known.notna().to_numpy()
            if low is not None:
                mask &= known.ge(low).to_numpy(dtype=bool, na_value=False)
            if high is not None:
                mask &= known.le(high).to_numpy(dtype=bool, na_value=False)
        return mask

    def _any_of(self, masks: dict[str, Mask], values: tuple[str, ...]) -> Mask:
        nowhere = np.zeros(len(self), dtype=bool)
        found: Mask = np.logical_or.reduce([masks.get(value, nowhere) for value in values])
        return found

    def _counts_of_duty(self, key: str, duties: Mask) -> dict[str, int]:
        column = self.of_duty[key]
        size = len(column.values)
        # A task counts once for a class, however many of its units are of it.
        if key in self._repeated:
            there = np.zeros(len(self) * size, dtype=bool)
            there[self._pairs(key)[duties]] = True
            numbers = there.reshape(len(self), size).sum(axis=0)
        else:
            numbers = np.bincount(column.codes[duties] + 1, minlength=size + 1)[1:]
        return {value: int(n) for value, n in zip(column.values, numbers, strict=True)}

    def _pairs(self, key: str) -> np.ndarray:
        """For each duty one number for its task and its value together."""
        column = self.of_duty[key]
        return self.task_of * len(column.values) + column.codes

    def _labels(self, key: str) -> pd.Series | None:
        """The one value each task has of a facet; None for a facet that is not of that kind."""
        tasks = self.tasks
        made: dict[str, Any] = {
            "level1": lambda: tasks.short_name,
            "level2": lambda: tasks.level2.replace("", NO_LEVEL2),
            "kind": lambda: tasks.kind.map(KINDS),
            "state": lambda: tasks.state.map(STATES).fillna(NOT_JUDGED),
            "lamp": lambda: tasks.lamp.map({code: lamp.word for code, lamp in LAMPS.items()}),
            "window": self._windows,
            "deadline": lambda: tasks.deadline_kind.map(DEADLINE_KINDS),
            "evidence": lambda: (tasks.evidence > 0).map({True: "有佐证", False: "无佐证"}),
            "theme": lambda: tasks.theme,
            "due_month": lambda: _months(tasks.effective_due_on, NO_DUE),
            "done_month": lambda: _months(tasks.done_on, NO_DAY),
            "waiting": lambda: tasks.is_waiting.map({True: "待核验", False: "无待核验"}),
            "claim": lambda: tasks.claim_state.replace("", NO_CLAIM),
            "verified": lambda: tasks.is_verified.map({True: "已销号", False: "未销号"}),
            "edition": lambda: "第 " + tasks.first_edition.astype(str) + " 版",
            "source": lambda: tasks.source_table.replace("", "正文"),
        }
        return made[key]() if key in made else None

    def _windows(self) -> pd.Series:
        due = pd.to_datetime(self.tasks.effective_due_on)
        left = (due - pd.Timestamp(self.as_of)).dt.days.to_numpy(dtype="float64", na_value=np.nan)
        labels = np.select(
            [np.isnan(left), left < 0, left <= 30, left <= 90], [NEVER, PAST, SOON, LATER], FAR
        )
        return pd.Series(labels, index=self.tasks.index)

    def _signals(self) -> dict[str, Mask]:
        masks = {word: self.tasks[name].to_numpy(dtype=bool) for word, name in SIGNALS.items()}
        return masks | {NO_SIGNAL: ~np.logical_or.reduce(list(masks.values()))}

    def _cadences(self) -> dict[str, Mask]:
        periods = self.tasks.periods
        # A period's name is no part of another's between commas.
        fenced = "," + periods.astype(str) + ","
        masks = {
            word: fenced.str.contains(f",{code},", regex=False).to_numpy(dtype=bool)
            for code, word in PERIODS.items()
        }
        found = {word: mask for word, mask in masks.items() if mask.any()}
        return found | {NO_CADENCE: (periods == "").to_numpy(dtype=bool)}


def _with_nobody(tasks: pd.DataFrame, duties: pd.DataFrame) -> pd.DataFrame:
    """The duties, and one more for each task that names no unit."""
    alone = tasks[~tasks.number.isin(duties.number)]
    if alone.empty:
        return duties
    nobody = pd.DataFrame(
        {
            "number": alone.number, "unit": NO_UNIT, "class": NO_UNIT, "role": NO_UNIT,
            "is_first": False, "duties": 0, "share": 0.0, "is_applicable": alone.is_applicable,
            "done": alone.done, "overdue": alone.overdue, "overdue_days": alone.overdue_days,
        }
    )  # fmt: skip
    return pd.concat([duties, nobody], ignore_index=True)


def _months(days: pd.Series, unknown: str) -> pd.Series:
    """The month of each day, as 2020-09."""
    return pd.to_datetime(days).dt.strftime("%Y-%m").fillna(unknown)


def unchanged_months(months: pd.DataFrame) -> pd.Series:
    """Open task → for how many whole months its percent has been what it is on the last day; `months`
    is the answer of `explored_months` for month ends, the last of them the day itself."""
    if months.empty:
        return pd.Series(dtype="float64")
    percents = months.pivot(index="task_id", columns="as_of", values="progress")
    days = [pd.Timestamp(day) for day in percents.columns]
    now = percents[days[-1]]
    is_open = months[(months.as_of == days[-1]) & months.is_open].task_id
    found = pd.Series(0.0, index=percents.index)
    still = pd.Series(data=True, index=percents.index)
    for day in reversed(days[:-1]):
        still &= (percents[day] == now).fillna(value=False)
        found[still] = _whole_months(day, days[-1])
    return found.loc[is_open]


def _whole_months(since: pd.Timestamp, until: pd.Timestamp) -> int:
    """Between the end of a month and a day: of 31 July one until 31 August, none until 15 August."""
    months = 12 * (until.year - since.year) + until.month - since.month
    return months if until.is_month_end else months - 1
