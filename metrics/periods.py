"""Months, report months and quarters: the one place that reckons with the calendar of reporting.

Knows neither a ledger nor what is reported; works on days alone.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

NUMERALS = "一二三四"


@dataclass(frozen=True)
class ReportMonth:
    """One report month, as far as it can be seen from the day it is judged on."""

    start: date
    """Its first day."""
    day: date
    """The day it is judged on: its last one, or an earlier one while it lasts."""
    known_on: date
    """The day up to which entries are known: today, or an earlier one (按当时已填报)."""

    def __str__(self) -> str:
        return f"{self.start.year} 年 {self.start.month} 月"

    @property
    def eve(self) -> date:
        """The day before it began."""
        return month_eve(self.start)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the questions about a month."""
        return {"month_start": self.start, "eve": self.eve}


@dataclass(frozen=True)
class Quarter:
    """A quarter of a calendar year."""

    end: date
    """Its last day."""

    @property
    def start(self) -> date:
        """Its first day."""
        return self.end.replace(month=self.end.month - 2, day=1)

    @property
    def eve(self) -> date:
        """The last day of the quarter before."""
        return self.start - timedelta(days=1)

    @property
    def next_end(self) -> date:
        """The last day of the quarter after."""
        return quarter_containing(self.end + timedelta(days=1)).end

    @property
    def name(self) -> str:
        """As in 2020年第三季度."""
        return f"{self.end.year}年第{NUMERALS[self.end.month // 3 - 1]}季度"


def quarter_containing(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(month_end(day.replace(month=(day.month - 1) // 3 * 3 + 3, day=1)))


def quarters(first: date, last: date) -> list[Quarter]:
    """Every quarter that `first` to `last` touches, in order; the first one's in any case."""
    found = [quarter_containing(first)]
    while found[-1].end < last:
        found.append(Quarter(found[-1].next_end))
    return found


def month_end(day: date) -> date:
    """The last day of the month that a day lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_eve(day: date) -> date:
    """The day before the month began that a day lies in."""
    return day.replace(day=1) - timedelta(days=1)


def month_ends(first: date, last: date) -> list[date]:
    """The last day of every month from `first` to `last`, and `last` itself, in order."""
    days: list[date] = []
    day = first
    while (end := month_end(day)) < last:
        days.append(end)
        day = end + timedelta(days=1)
    return [*days, last]


def return_day(made_on: date, day: int) -> date:
    """The first day after `made_on` on which reports are returned: the `day`-th of a month."""
    if made_on.day < day:
        return made_on.replace(day=day)
    first_of_next = (made_on.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first_of_next.replace(day=day)
