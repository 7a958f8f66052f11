"""What a briefing is made of: the quarter it is about, sentences with the rows behind them, tables.

Owns the form of a table handed to documents. Computes no figure but shares of a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from metrics.keeping import kept
from metrics.periods import Quarter, ReportMonth, month_ends
from words import UNKNOWN, RateOfFew, day, each_row, is_missing, points, rounded_percent, score


@dataclass(frozen=True)
class MeetingQuarter(Quarter):
    """The quarter a meeting is about, and the day it is compared with."""

    as_of: date
    """The day it is judged on: its last one, or an earlier one while it lasts."""
    compared_on: date
    compared_with: str
    """What that day is: the end of the quarter that the last meeting was about, or of the one before."""
    known_on: date
    """The day up to which entries are known."""
    meeting_id: Any = None
    """Of the meeting about this quarter; none when it is not on record."""
    held_on: date | None = None
    last_held_on: date | None = None
    """The day of the last meeting about an earlier quarter."""

    @property
    def is_over(self) -> bool:
        """Whether it is judged on its last day."""
        return self.as_of == self.end

    @property
    def months(self) -> list[ReportMonth]:
        """Each of its months that has begun by the day it is judged on."""
        return [
            ReportMonth(day.replace(day=1), day, self.known_on)
            for day in month_ends(self.start, self.as_of)
        ]

    @property
    def coming(self) -> str:
        """What lies ahead up to `next_end`."""
        return "下季度" if self.is_over else "本季度余下时间和下季度"


@kept
def quarter_of(end: date, known_on: date, meetings: pd.DataFrame) -> MeetingQuarter:
    """The quarter that ends on a day, from `meetings`: compared with the end of the last quarter that
    a meeting was told of, or, where none is on record, with the end of the quarter before; so nothing is
    told twice, and nothing is left out that came between that end and the meeting. `known_on` is today,
    or an earlier day whose knowledge is asked for."""
    as_of = min(end, known_on)
    before = Quarter(end).eve
    compared_on, compared_with = before, f"上季度末（{in_words(before)}）"
    last_held_on = None
    for row in each_row(meetings.sort_values("held_on")):
        if row.quarter_ended_on.date() < end and row.held_on.date() < as_of:
            last_held_on, told_of = row.held_on.date(), row.quarter_ended_on.date()
            compared_on = min(told_of, last_held_on)
            compared_with = f"上次通报的{in_words(compared_on)}（例会{in_words(last_held_on)}召开）"
    own = meetings[meetings.quarter_ended_on == pd.Timestamp(end)]
    return MeetingQuarter(
        end,
        as_of,
        compared_on,
        compared_with,
        known_on,
        own.meeting_id.iloc[0] if len(own) else None,
        own.held_on.iloc[0].date() if len(own) else None,
        last_held_on,
    )


@dataclass(frozen=True)
class Column:
    """A column of a table in a document."""

    heading: str
    width: float
    """How much of the page it wants, in characters."""
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows as they stand in every document; a cell is a text, a number, a day, or unknown."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    question: str
    """The question its figures come from."""
    nothing: str = "没有符合条件的事项。"
    """What is said in place of no rows."""

    @property
    def cells(self) -> list[list[str]]:
        """Every cell as it is written."""
        return [[written(value) for value in row] for row in self.rows]


@dataclass(frozen=True)
class Sentence:
    """One statement, and which rows of which answer it counts; one without rows counts none."""

    text: str
    question: str = ""
    """The question whose answer the rows are of."""
    rows: pd.DataFrame | None = None
    key: str = ""


def written(value: Any) -> str:
    """A cell as it is read: one decimal, plain days, a dash for what is unknown."""
    if isinstance(value, str):
        return value
    if is_missing(value):
        return UNKNOWN
    if isinstance(value, date):
        return day(value)
    if isinstance(value, RateOfFew):
        return value.fraction
    if isinstance(value, float):
        return points(value)
    if isinstance(value, Decimal):
        # Points of the 评分方案, which have two decimals.
        return score(int(100 * value))
    return str(value)


def shares(counts: Sequence[int]) -> list[float]:
    """Each count as a percentage of their sum with one decimal, each rounded by itself: they need not
    add up to 100.0. Of nothing, every share is nothing."""
    whole = sum(counts)
    return [rounded_percent(100 * count / whole, 1) if whole else 0.0 for count in counts]


def in_words(value: date) -> str:
    """A day in a document: 2020年9月30日."""
    return f"{value.year}年{value.month}月{value.day}日"


def in_document(sentence: str) -> str:
    """A sentence of the screen as a document sets it, where numbers are not set apart."""
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=[\d%]) (?=[\u4e00-\u9fff])", "", sentence)


def one_line(text: str) -> str:
    """A task's wording on one line, as it stands in a list."""
    return re.sub(r"\s*\n\s*", "", text).strip()


def listed(names: Sequence[str], most: int = 8, *, counted: bool = False) -> str:
    """Names in a sentence, the first few where there are many; `counted` where the sentence has said
    how many."""
    said = "、".join(names[:most])
    if len(names) > most:
        said += "等" if counted else f"等{len(names)}个"
    return said


def numbered(rows: pd.DataFrame, most: int = 12) -> str:
    """Which tasks, by number: 第3、4、19项."""
    numbers = [str(number) for number in rows.number]
    more = "等" if len(numbers) > most else ""
    return f"第{'、'.join(numbers[:most])}{more}项"
