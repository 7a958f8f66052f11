"""Quarters and months by the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.periods import (
    Quarter,
    ReportMonth,
    month_end,
    month_ends,
    quarter_containing,
    quarters,
)

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(DAYS)
def test_a_day_lies_in_its_quarter(day: date):
    quarter = quarter_containing(day)
    assert quarter.start <= day <= quarter.end
    assert {quarter.start.month % 3, quarter.end.month % 3} == {1, 0}
    assert month_end(quarter.end) == quarter.end
    assert quarter_containing(quarter.eve).end == quarter.eve
    assert quarter_containing(quarter.end + timedelta(days=1)).end == quarter.next_end


def test_quarters_of_a_ledger():
    found = quarters(date(2020, 2, 1), date(2020, 7, 1))
    assert [quarter.end for quarter in found] == [
        date(2020, 3, 31),
        date(2020, 6, 30),
        date(2020, 9, 30),
    ]
    assert [quarter.name for quarter in found][1:] == ["2020年第二季度", "2020年第三季度"]
    assert quarters(date(2020, 5, 1), date(2020, 4, 1)) == [Quarter(date(2020, 6, 30))]


def test_a_month_gives_its_questions_their_values():
    month = ReportMonth(date(2020, 3, 1), date(2020, 3, 15), date(2020, 3, 16))
    assert month.values == {"month_start": date(2020, 3, 1), "eve": date(2020, 2, 29)}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (
            date(2020, 1, 1),
            date(2020, 4, 15),
            [date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 31), date(2020, 4, 15)],
        ),
        (date(2020, 1, 1), date(2020, 2, 29), [date(2020, 1, 31), date(2020, 2, 29)]),
        (date(2020, 12, 15), date(2021, 1, 31), [date(2020, 12, 31), date(2021, 1, 31)]),
        (date(2020, 5, 1), date(2020, 5, 1), [date(2020, 5, 1)]),
        (date(2020, 5, 1), date(2020, 3, 1), [date(2020, 3, 1)]),
    ],
)
def test_month_ends_and_the_day_itself(first: date, last: date, expected: list[date]):
    assert month_ends(first, last) == expected
