"""All answers a briefing rests on, asked once of the questions that every page asks.

Owns which questions are asked and for which day. Computes no figure; what it is handed to ask with
decides which database answers, and whether answers are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd

from findings import returns as return_findings
from findings.quarter.model import MeetingQuarter
from metrics import NO_LIMIT, planning
from words import RETURN_STATES


@dataclass(frozen=True)
class Answers:
    """The rows of each question about one quarter of one ledger."""

    quarter: MeetingQuarter
    ledger: pd.Series
    """Its row of `ledgers`."""
    total: pd.Series | None
    """`completion` of all tasks; none where there is no base task in scope."""
    by_level1: pd.DataFrame
    comparison: pd.DataFrame
    changes: pd.DataFrame
    tasks: pd.DataFrame
    """`task_list` of every task."""
    units: pd.DataFrame
    red: pd.DataFrame
    trend: pd.DataFrame
    """On the day of comparison, the eve of the quarter and the day of each of its months."""
    returns: tuple[tuple[date, pd.DataFrame], ...]
    """The day each month of the quarter is judged on, and its `month_returns`."""
    completions: pd.DataFrame
    requests: pd.DataFrame
    decisions: pd.DataFrame
    scheme: pd.Series | None
    """The newest version of the 评分方案, a row of `schemes`; none where there is none."""
    overall_score: pd.Series | None
    """The row of `score_totals` that is the sum; none without a scheme."""
    reasons: pd.DataFrame
    """`red_reasons`: why each red task is red, the gravest first."""
    forecast: pd.DataFrame
    """`forecast`: what open tasks come to by the year's end, the least likely first."""
    open_points: pd.DataFrame
    """`open_points`: every step by which points can still be won; empty without a scheme."""
    is_narrowed: bool = False
    """Whether it is about some units or indicators and not about the whole ledger."""

    @property
    def to_win(self) -> pd.DataFrame:
        """Steps by which points can still be won, the most points for the least work first: what each
        step needs, gains (`won_cents`) and takes (`step_effort`) by itself."""
        return planning.by_gain(self.open_points)

    @property
    def has_progress(self) -> bool:
        """Whether there is anything to judge by."""
        return self.total is not None and bool(self.total.has_progress)

    def are_due(self, rows: pd.DataFrame) -> bool:
        """Whether the return day of a month has passed, from its `month_returns` rows."""
        return return_findings.is_due(rows, self.quarter.known_on)

    @property
    def done_since(self) -> int:
        """How many more tasks are done than on the day of comparison."""
        then = self.trend[self.trend.as_of == pd.Timestamp(self.quarter.compared_on)]
        done = 0 if self.total is None else int(self.total.done)
        return done - (int(then.done.iloc[0]) if len(then) else 0)

    @property
    def returns_counted(self) -> list[tuple[date, dict[str, int]]]:
        """Each month whose return day has passed, and how many units are in each state."""
        return [
            (day, {code: int((rows.state == code).sum()) for code in RETURN_STATES})
            for day, rows in self.returns
            if self.are_due(rows)
        ]

    @property
    def base(self) -> pd.DataFrame:
        """The base tasks."""
        return self.tasks[self.tasks.kind == "base"]

    @property
    def due_next(self) -> pd.DataFrame:
        """Base tasks not done that fall due from the day judged on to the end of the quarter after, the
        earliest first."""
        base = self.base
        open_ = base[~base.state.isin(["done", "verified", "not_applicable"])]
        due = open_.effective_due_on
        after, until = pd.Timestamp(self.quarter.as_of), pd.Timestamp(self.quarter.next_end)
        chosen = open_[(due > after) & (due <= until)]
        return chosen.sort_values(["effective_due_on", "number"])

    @property
    def earlier_decisions(self) -> pd.DataFrame:
        """What earlier meetings decided: all of the last one, and of those before it what was open
        when that was held."""
        earlier = self.decisions[~self.decisions.is_current]
        if earlier.empty:
            return earlier
        last = earlier.quarter_ended_on == earlier.quarter_ended_on.max()
        held_on = self.quarter.last_held_on or self.quarter.compared_on
        closed_before = earlier.is_closed & (earlier.told_on < pd.Timestamp(held_on))
        return earlier[last | ~closed_before]


def gather(
    ask: Callable[..., pd.DataFrame], scope: Any, quarter: MeetingQuarter, ledger: pd.Series
) -> Answers:
    """Ask everything about a quarter. `ask` takes the name of a question, a scope and its values."""
    scope = replace(scope, as_of=quarter.as_of)
    since = {"compare_on": quarter.compared_on}
    days = sorted({quarter.compared_on, quarter.eve, *(month.day for month in quarter.months)})
    # First of all: it has every day judged at once, on which the other answers rest.
    trend = ask("trend", scope, days=days)
    totals = ask("completion", scope, by="all")
    returns = [
        (month.day, ask("month_returns", replace(scope, as_of=month.day), **month.values))
        for month in quarter.months
    ]
    schemes = ask("schemes", scope)
    scheme = None if schemes.empty else schemes.iloc[0]
    # Without a scheme nothing is asked: weights are not invented for a notice.
    scored = scope if scheme is None else replace(scope, scheme_id=UUID(str(scheme.scheme_id)))
    points = pd.DataFrame() if scheme is None else ask("score_totals", scored, by="all")
    return Answers(
        quarter,
        ledger,
        totals.iloc[0] if len(totals) else None,
        ask("completion", scope, by="level1"),
        ask("compare_dates", scope, **since),
        ask("changes_since", scope, **since),
        ask("task_list", scope, signal="all", row_limit=NO_LIMIT),
        ask("unit_workload", scope),
        ask("red_duties", scope),
        trend,
        tuple(returns),
        ask("reported_completions", scope, row_limit=NO_LIMIT),
        ask("extension_requests", scope),
        ask("meeting_decisions", scope, quarter_ended_on=quarter.end),
        scheme,
        None if points.empty else points.iloc[-1],
        ask("red_reasons", scope),
        ask("forecast", scope),
        pd.DataFrame() if scheme is None else ask("open_points", scored),
        is_narrowed=bool(scope.units or scope.level1s),
    )
