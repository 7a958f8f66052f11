"""The tasks of one scope held ready for narrowing down: a yes-or-no array for each value of a facet.

Owns which tasks a choice leaves and how many each further value would leave. 100,000 tasks are
counted in milliseconds, because nothing is asked of the database after the first look. Computes no
figure: flags come as the questions have them.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    NO_LEVEL2,
    NO_SIGNAL,
    NOT_JUDGED,
    PAST,
    SOON,
    Choice,
    Facet,
)
from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, ROLES, STATES

Mask = np.ndarray
Codes = np.ndarray[tuple[Any, ...], np.dtype[np.integer[Any]]]
DUTY_FACETS = ("unit", "class", "role")
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
    """Tasks and duties of one scope, as `explored_tasks` and `explored_duties` answer them. Read only:
    sessions share it. `collectives` are those that a unit is a member of: who looks for the unit finds
    their tasks too, as the filter of every other page does."""

    def __init__(
        self,
        tasks: pd.DataFrame,
        duties: pd.DataFrame,
        as_of: date,
        collectives: Mapping[str, tuple[str, ...]] | None = None,
    ):
        self.collectives = collectives or {}
        self.tasks = tasks
        self.duties = duties
        self.as_of = as_of
        place = pd.Series(np.arange(len(tasks)), index=tasks.number)
        self.task_of = place.reindex(duties.number).to_numpy()
        """For each duty the row of its task."""
        self.single = {
            facet.key: coded(labels, facet.order)
            for facet in FACETS
            if (labels := self._labels(facet.key)) is not None
        }
        self.of_duty = {
            "unit": coded(duties.unit),
            "class": coded(duties["class"], BY_KEY["class"].order),
            "role": coded(duties.role.map(ROLES), BY_KEY["role"].order),
        }
        self._repeated = {
            key for key in self.of_duty if len(np.unique(self._pairs(key))) < len(duties)
        }
        """Those of which a task can have one value several times."""
        self.several = {"signal": self._signals(), "cadence": self._cadences()}

    def __len__(self) -> int:
        return len(self.tasks)

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Every value of a facet that some task has."""
        if facet.of_duty:
            named = self.of_duty[facet.key].values
            members = self.collectives if facet.key == "unit" else {}
            return (*named, *(unit for unit in members if unit not in named))
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
                mask &= self._part_of(key, choice[key])
        return mask

    def _part_of(self, key: str, chosen: tuple[str, ...]) -> Mask:
        """Which duties are of the chosen values; those of a collective are of its members too."""
        if key == "unit":
            chosen += tuple(name for unit in chosen for name in self.collectives.get(unit, ()))
        return self.of_duty[key].having(chosen)

    def counts(self, choice: Choice, text: Mask | None = None) -> dict[str, dict[str, int]]:
        """Facet → value → how many tasks there are with it, when the other facets stay as chosen."""
        found = {}
        left = self._left(choice, text)
        for facet in FACETS:
            # Most facets have nothing chosen, and what the others leave is what all leave.
            others = choice.having(facet.key, ())
            tasks, duties = self._left(others, text) if choice[facet.key] else left
            if facet.of_duty:
                found[facet.key] = self._counts_of_duty(facet.key, duties & tasks[self.task_of])
                for unit in self.collectives if facet.key == "unit" else ():
                    own = self._part_of("unit", (unit,)) & duties & tasks[self.task_of]
                    found["unit"][unit] = len(np.unique(self.task_of[own]))
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
            named = np.zeros(len(self), dtype=bool)
            named[self.task_of[duties]] = True
            tasks &= named
        return tasks, duties

    def _by_task(self, choice: Choice, text: Mask | None) -> Mask:
        mask = np.ones(len(self), dtype=bool) if text is None else text.copy()
        for key, column in self.single.items():
            if choice[key]:
                mask &= column.having(choice[key])
        for key, masks in self.several.items():
            if choice[key]:
                nowhere = np.zeros(len(self), dtype=bool)
                mask &= np.logical_or.reduce([masks.get(v, nowhere) for v in choice[key]])
        return mask

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
