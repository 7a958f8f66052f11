"""Which figure the page shows, and what it is compared with: chosen once for strip, lists, table and
charts alike.

Owns the choice; `crossing` counts and `ranking` compares.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from metrics.narrowing.crossing import FLAGS, MEASURES, Measure
from metrics.narrowing.ranking import Compared
from metrics.periods import month_eve, quarter_containing
from screens import parts
from screens.explore.asking import Held, choice, held
from screens.explore.looks import (
    AGAINST,
    ANY_DAY,
    COMPARED,
    COMPARED_ON,
    LAST_MEETING,
    LAST_MONTH,
    LAST_QUARTER,
    LAST_YEAR,
    MEASURE,
    usual,
)
from words import day, each_row, number, points, rounded, written_rate

LOST = "lost_points"
MONTHLY = frozenset({"tasks", *FLAGS} - {"is_waiting", "is_unproven", "extensions"})
"""What `explored_months` knows of each month's end."""


@dataclass(frozen=True)
class Figure:
    """The measure that is shown, and the other side of its comparison."""

    name: str
    """As `MEASURES` calls it."""
    measure: Measure
    lost_points: pd.Series | None
    against: str
    """What it is compared with, in words; or why it cannot be."""
    compared: Compared | None

    @property
    def has_months(self) -> bool:
        """Whether the ends of the months before are known of it."""
        return {self.measure.numerator, self.measure.denominator} <= MONTHLY | {""}


def choose_figure(
    view: parts.View, tasks_held: Held, line: DeltaGenerator, *, judged: bool
) -> Figure:
    """Draw the two choices in a line."""
    offered = {
        measure.label: name
        for name, measure in MEASURES.items()
        if (judged or not measure.of_judgement) and (name != LOST or tasks_held.scheme is not None)
    }
    first = usual(judged=judged)[MEASURE]
    label = line.selectbox(
        "统计", sorted(offered, key=lambda label: label != first), key=MEASURE, bind="query-params",
        width=150,
        help="　\n".join(f"**{m.label}**：{m.definition}" for m in MEASURES.values()),
    )  # fmt: skip
    name = offered[label]
    measure, lost = of_few(view, MEASURES[name]), None
    if name == LOST and tasks_held.scheme is not None:
        lost = tasks_held.lost_points
        # Points depend on the scheme, so its version is named with every figure and export.
        measure = replace(measure, label=f"失分（评分方案第 {tasks_held.scheme.version} 版）")
    chosen = line.selectbox("比较", AGAINST, key=COMPARED, bind="query-params", width=120)
    earlier = None
    if chosen == ANY_DAY:
        earlier = line.date_input(
            "比较日", month_eve(view.scope.as_of), key=COMPARED_ON, bind="query-params", width=130,
            min_value=view.started_on, max_value=view.scope.as_of, format="YYYY-MM-DD",
        )  # fmt: skip
    against, other = _other_side(view, chosen, earlier)
    if other is None:
        return Figure(name, measure, lost, against, None)
    text = other.sought(choice()) if chosen == LAST_YEAR else None
    compared = Compared(
        other.compared, chosen != LAST_YEAR, other.lost_points if name == LOST else None, text
    )
    return Figure(name, measure, lost, against, compared)


def of_few(view: parts.View, measure: Measure) -> Measure:
    """The measure, which writes a rate of few things as a fraction where the ledger says so."""
    return (
        replace(measure, fewest=int(view.ledger.fewest_for_percent)) if measure.is_rate else measure
    )


def _other_side(view: parts.View, chosen: str, earlier: date | None) -> tuple[str, Held | None]:
    """What is compared with in words, and what is held of it; nothing where the data cannot say."""
    as_of = view.scope.as_of
    if chosen == LAST_YEAR:
        ledgers = view.ask("ledgers")
        own = ledgers[
            (ledgers.region == view.ledger.region) & (ledgers.year == view.ledger.year - 1)
        ]
        if own.empty:
            return (
                f"没有{view.ledger.region} {view.ledger.year - 1} 年的台账，不能与去年同期比。",
                None,
            )
        last = own.iloc[0]
        then = (pd.Timestamp(as_of) - pd.DateOffset(years=1)).date()
        scope = replace(view.scope, ledger_id=last.ledger_id, as_of=then)
        return f"比去年同期（{day(then)}）", held(view, scope, last.started_on.date())
    if chosen == LAST_MEETING:
        held_before = [
            row.held_on.date()
            for row in each_row(view.ask("meetings"))
            if row.held_on == row.held_on and row.held_on.date() < as_of
        ]
        if not held_before:
            return "截至这一天以前没有登记过例会，不能与上次例会比。", None
        then = max(held_before)
    else:
        then = {
            LAST_MONTH: month_eve(as_of),
            LAST_QUARTER: quarter_containing(as_of).eve,
            ANY_DAY: earlier or month_eve(as_of),
        }[chosen]
    if then < view.started_on:
        return f"{chosen}（{day(then)}）在台账开始以前，没有可比的数字。", None
    name = "" if chosen == ANY_DAY else chosen
    shown = f"比{name}（{day(then)}）" if name else f"比 {day(then)}"
    return shown, held(view, replace(view.scope, as_of=then))


def amount(value: float, measure: Measure) -> str:
    """A figure as it is written in a list: a rate as a percentage or fraction, a count whole."""
    if measure.is_rate:
        return written_rate(value, 1)
    whole = np.isnan(value) or float(rounded(value, 1)).is_integer()
    return number(value, 0 if whole else 1)


def difference(value: float, measure: Measure) -> str:
    """A change as it is written in a list, with its sign."""
    if np.isnan(value):
        return "—"
    text = points(value, 1, signed=True)
    return (
        text
        if measure.is_rate or not float(rounded(value, 1)).is_integer()
        else f"{value:+,.0f}"
        if value
        else "0"
    )


def change_in_words(value: float, measure: Measure) -> str:
    """A change in a sentence: +3.2 个百分点, −2 项, 没有变化."""
    if not rounded(value, 1):
        return "没有变化"
    return f"{difference(value, measure)} {'个百分点' if measure.is_rate else measure.unit}"
