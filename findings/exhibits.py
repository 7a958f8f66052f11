"""Exhibits: a question's answer as a sentence, a figure, the columns shown and handed on, and its
definition. Each is made by one function here; a page, a meeting and a document take the same one.

Draws nothing and asks nothing: the functions are handed answers, and who shows an exhibit draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

import charts
import metrics
from findings import progress, scores
from findings import returns as return_findings
from metrics.keeping import kept
from words import (
    COLUMNS,
    PERIODS,
    RATES,
    RATES_BY_POINTS,
    RETURN_STATES,
    SCORE_PARTS,
    WINDOW_STATES,
    RateOfFew,
    day,
    each_row,
    rate_of_row,
    rounded,
    rounded_percent,
)

OF_INDICATORS = (
    "short_name", "applicable", "done", "verified", "done_rate", "due", "due_rate", "on_time_rate",
    "mean_percent", "expected_percent", "ahead_points", "open_ahead_points", "due_open", "overdue",
    "behind", "not_reported",
)  # fmt: skip
"""Figures of `completion` in a ledger with progress."""
BY_POINTS = (
    "points", "done_rate_by_points", "due_rate_by_points", "on_time_rate_by_points",
    "mean_percent_by_points",
)  # fmt: skip
"""Figures of `completion` weighted by points, in a ledger that sets points."""
CHANGES = (
    "short_name", "applicable", "done_rate_then", "done_rate", "change_points", "newly_done",
    "newly_overdue", "no_longer_done", "recovered",
)  # fmt: skip
LOAD = (
    "unit", "class", "tasks", "lead_tasks", "responsible_tasks", "first_listed_tasks",
    "cooperate_tasks", "collective_tasks", "shared_load", "applicable", "done", "overdue", "behind",
    "not_reported", "done_rate", "rank_in_class",
)  # fmt: skip
RETURNS = (
    "unit", "class", "return_state", "tasks_due", "reported", "late", "missing", "overdue_tasks",
    "due_soon_tasks", "last_recorded_at",
)  # fmt: skip
POINTS = ("full_points", "self_points", "secured_points", "reachable_points")


@dataclass(frozen=True)
class Exhibit:
    """One finding that can be shown."""

    question: str
    """Whose answer the rows are; its definition is the exhibit's."""
    sentence: str
    """What the figure shows, as its title."""
    figure: partial[Any]
    """Makes the Plotly figure; a document that needs only the rows never calls it."""
    rows: pd.DataFrame
    columns: Sequence[str]
    """The columns of `rows` that are drawn, shown beside the figure, and downloaded."""

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a person reads them."""
        return labelled(self.rows, self.columns)

    @property
    def definition(self) -> str:
        """What the figures mean."""
        return metrics.question(self.question).definition


@kept
def labelled(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The columns of an answer as a person reads them: Chinese headings, one decimal, plain days, and
    a rate of few things as a fraction among the numbers of its column."""
    shown = {}
    for name in columns:
        column = rows[name]
        if column.dtype.kind == "M":
            column = column.map(day)
        elif column.dtype.kind == "f":
            tenth = partial(rounded_percent if _is_percent(name) else rounded, decimals=1)
            column = column.map(tenth)
        if (name in RATES or name in RATES_BY_POINTS) and "fewest_for_percent" in rows:
            rates = [rate_of_row(row, name) for row in each_row(rows)]
            if any(isinstance(value, RateOfFew) for value in rates):
                column = pd.Series(rates, rows.index, dtype=object)
        shown[COLUMNS.get(name, name)] = column
    return pd.DataFrame(shown)


def _is_percent(name: str) -> bool:
    """Whether a column of an answer lies between 0 and 100 %."""
    return name.removesuffix("_by_points").removesuffix("_then").endswith(("_rate", "percent"))


# Indicators


@kept
def completion(by_level1: pd.DataFrame, threshold: float, *, dense: bool = False) -> Exhibit:
    """`completion` rows: the rate, mean percent and expected percent of each indicator, and which
    lag by the threshold; `dense`: for a place that has room for little."""
    return Exhibit(
        "completion",
        progress.completion(by_level1, threshold),
        partial(charts.completion_bars, by_level1, dense=dense),
        by_level1,
        OF_INDICATORS,
    )


@kept
def completion_rates(rows: pd.DataFrame, *, level: str = "short_name", within: str = "") -> Exhibit:
    """`completion` rows by 一级指标, or by 二级指标 `within` one: which rate is highest and lowest; of
    a ledger without progress, how many tasks each has."""
    has_progress = bool(rows.has_progress.any())
    bars = charts.completion_bars if has_progress else charts.count_bars
    columns = (level, *OF_INDICATORS[1:]) if has_progress else (level, "tasks")
    named = f"“{within}”中" if within else ""
    return Exhibit(
        "completion",
        f"{named}{progress.rates(rows, level)}",
        partial(bars, rows, label=level),
        rows,
        columns,
    )


@kept
def task_counts(by_level1: pd.DataFrame) -> Exhibit:
    """`completion` rows of a ledger without progress: how many tasks each indicator has."""
    return Exhibit(
        "completion",
        "各一级指标的任务数",
        partial(charts.count_bars, by_level1),
        by_level1,
        ("short_name", "tasks"),
    )


@kept
def lamps(by_level1: pd.DataFrame) -> Exhibit:
    """`completion` rows: the tasks of each indicator by lamp."""
    return Exhibit(
        "completion",
        progress.lamps(by_level1),
        partial(charts.lamp_bars, by_level1),
        by_level1,
        ("short_name", "red", "overdue", "yellow", "green", "blue", "grey"),
    )


@kept
def trend(rows: pd.DataFrame, *, beside: int) -> Exhibit:
    """`trend` rows: the rates at each month's end; as high as a bar chart of `beside` rows."""
    return Exhibit(
        "trend",
        progress.trend(rows),
        partial(charts.trend_lines, rows, beside=beside),
        rows,
        (
            *("as_of", "applicable", "done", "overdue", "done_rate", "mean_percent"),
            "expected_percent",
        ),
    )


@kept
def changes(rows: pd.DataFrame, earlier: date) -> Exhibit:
    """`compare_dates` rows: by how many points each indicator's rate moved since `earlier`."""
    return Exhibit(
        "compare_dates",
        progress.comparison(rows, earlier),
        partial(charts.change_bars, rows),
        rows,
        CHANGES,
    )


# Days


@kept
def overdue_ages(rows: pd.DataFrame) -> Exhibit:
    """`overdue_ages` rows: how long overdue tasks have been so."""
    return Exhibit(
        "overdue_ages", progress.ages(rows), partial(charts.age_bars, rows), rows, ("age", "tasks")
    )


@kept
def due_dates(
    rows: pd.DataFrame, as_of: date, started_on: date, *, judged: bool, beside: int = 6
) -> Exhibit:
    """`due_dates` rows: how many tasks fall due when; `judged`: which of them are done or overdue."""
    more = ("done", "overdue", "open") if judged else ()
    return Exhibit(
        "due_dates",
        progress.due_dates(rows),
        partial(charts.due_timeline, rows, as_of, started_on, judged=judged, beside=beside),
        rows,
        ("effective_due_on", "tasks", *more),
    )


@kept
def unit_windows(
    unit: str, rows: pd.DataFrame, started_on: date, ended_on: date, as_of: date
) -> Exhibit:
    """`unit_windows` rows: the recurring duties of a unit, window by window."""
    labels = [
        f"第 {row.number} 项　{PERIODS[row.period]}至少 {row.min_count} 次"
        for row in each_row(rows)
    ]
    return Exhibit(
        "unit_windows",
        return_findings.unit_windows(unit, rows),
        partial(charts.window_strip, rows.assign(label=labels), started_on, ended_on, as_of),
        rows.assign(window_state=rows.state.map(WINDOW_STATES), period=rows.period.map(PERIODS)),
        (
            *("number", "task", "period", "min_count", "window_start", "window_end", "times"),
            "window_state",
        ),
    )


# Units


@kept
def workload(rows: pd.DataFrame, *, judged: bool, note: str = "") -> Exhibit:
    """`unit_workload` rows: what each unit carries; `note` says which units are drawn."""
    return Exhibit(
        "unit_workload",
        f"{progress.busiest(rows)}{note}",
        partial(charts.workload_bars, rows, judged=judged),
        rows,
        LOAD,
    )


@kept
def unit_matrix(rows: pd.DataFrame, units: list[str], *, note: str = "") -> Exhibit:
    """`unit_matrix` rows of `units`: tasks by unit and indicator; `note` says which units."""
    return Exhibit(
        "unit_matrix",
        f"{progress.densest(rows)}{note}",
        partial(charts.unit_heat, rows, units),
        rows,
        ("unit", "class", "short_name", "tasks", "done", "overdue"),
    )


@kept
def class_ranking(unit_class: str, rows: pd.DataFrame) -> Exhibit:
    """`unit_workload` rows of one class: completion rates with their ranks."""
    return Exhibit(
        "unit_workload",
        f"{unit_class}：{progress.rates(rows[rows.is_ranked] if rows.is_ranked.any() else rows, 'unit')}",
        partial(charts.rate_by_class, rows),
        rows,
        LOAD,
    )


@kept
def month_returns(rows: pd.DataFrame) -> Exhibit:
    """`month_returns` rows: the units of each class by how they reported."""
    return Exhibit(
        "month_returns",
        return_findings.returns_by_class(rows),
        partial(charts.returns_by_class, rows),
        rows.assign(return_state=rows.state.map(RETURN_STATES)),
        RETURNS,
    )


# Scores


@kept
def score_by_indicator(by_level1: pd.DataFrame) -> Exhibit:
    """`score_totals` rows by 一级指标: full marks, own marks, secured and reachable of each."""
    base = by_level1[by_level1.part == "base"]
    return Exhibit(
        "score_totals",
        scores.by_indicator(by_level1),
        partial(charts.score_bars, base),
        in_points(base),
        ("short_name", *POINTS),
    )


@kept
def way_to_total(by_level1: pd.DataFrame) -> Exhibit:
    """`score_totals` rows by 一级指标: what each part adds to and takes from the total."""
    return Exhibit(
        "score_totals",
        scores.way_to_total(by_level1),
        partial(charts.waterfall, by_level1),
        in_points(by_level1),
        ("part_name", "short_name", *POINTS),
    )


@kept
def score_trend(rows: pd.DataFrame) -> Exhibit:
    """`score_trend` rows: the score at each month's end."""
    return Exhibit(
        "score_trend",
        scores.trend(rows),
        partial(charts.score_lines, rows),
        in_points(rows),
        ("as_of", *POINTS),
    )


@kept
def in_points(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `score_totals` or `score_trend` with their marks as decimal points, to be read as a
    table, and the part of the total by its name."""
    shown = rows.copy()
    for name in POINTS:
        cents = rows[name.replace("_points", "_cents")]
        points = [Decimal(int(each)) / 100 for each in cents]
        shown[name] = pd.Series(points, index=rows.index, dtype=object)
    if "part" in rows:
        shown["part_name"] = rows.part.map(SCORE_PARTS)
    return shown
