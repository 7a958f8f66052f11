"""Tasks or duties in groups, and one figure a group: what cross tables and charts are made of.

Owns the groups. A rate is the quotient of the counts that the questions flag, as 指标完成率 and
单位情况 define it; nothing is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.narrowing.facets import BY_KEY, FACETS, Choice, Facet
from metrics.narrowing.holding import Codes, Explored, Mask
from words import RateOfFew

TOTAL = "合计"


@dataclass(frozen=True)
class Measure:
    """A figure of a group: a sum, or the quotient of two."""

    label: str
    numerator: str
    denominator: str = ""
    """Empty: the sum itself."""
    unit: str = ""
    of_duties: bool = True
    """Has a meaning where each unit's part is counted."""
    of_tasks: bool = True
    fewest: int = 0
    """A rate of fewer things is written as a fraction."""

    @property
    def is_rate(self) -> bool:
        """Whether it is a percentage, which adds up to nothing."""
        return bool(self.denominator)


MEASURES = {
    "tasks": Measure("任务数", "tasks", unit="项"),
    "duties": Measure("职责数", "duties", unit="项", of_tasks=False),
    "done_rate": Measure("完成率 %", "done", "is_applicable", "%"),
    "due_rate": Measure("到期完成率 %", "due_done", "due", "%", of_duties=False),
    "on_time_rate": Measure("按期完成率 %", "on_time", "due", "%", of_duties=False),
    "overdue": Measure("逾期", "overdue", unit="项"),
    "overdue_days": Measure("逾期天数", "overdue_days", unit="天"),
    "shared_load": Measure("折算任务", "share", unit="项", of_tasks=False),
    "points": Measure("分值", "points", unit="分", of_duties=False),
    "lost_points": Measure("失分", "lost_points", unit="分", of_duties=False),
}
FLAGS = ("is_applicable", "done", "due", "due_done", "on_time", "overdue", "overdue_days", "points")
OF_PARTS = ("done", "overdue", "overdue_days")
"""Flags that a unit's own part in a task has too."""
OF_DUTIES = ("duties", "share")
"""Sums over duties; everything else counts a task once."""
GROUPS = tuple(facet for facet in FACETS if facet.is_single or facet.of_duty)
"""What rows and columns can be."""


def counts_duties(*keys: str) -> bool:
    """Whether a task counts once for each of its units when grouped so."""
    return any(BY_KEY[key].of_duty for key in keys if key)


def measures_of(*keys: str) -> dict[str, Measure]:
    """The figures that have a meaning for groups of these facets."""
    by_duty = counts_duties(*keys)
    return {
        name: measure
        for name, measure in MEASURES.items()
        if (measure.of_duties if by_duty else measure.of_tasks)
    }


def facts(
    explored: Explored,
    choice: Choice,
    tasks: Mask,
    keys: tuple[str, ...],
    lost_points: pd.Series | None = None,
) -> pd.DataFrame:
    """One row per task, or per duty where a facet of `keys` is one of duties: the label of each facet,
    the row of its task (`task`) and the flags that are summed. Flags of a duty are those of the task;
    part_done, part_overdue and part_overdue_days are those of the unit's own part in it, as
    单位情况 counts them. `lost_points` are by task, where they are wanted."""
    if by_duty := counts_duties(*keys):
        chosen = explored.duties_matching(choice) & tasks[explored.task_of]
        of_task = explored.task_of[chosen]
    else:
        chosen = tasks
        of_task = np.flatnonzero(chosen)
    rows = explored.tasks.iloc[of_task]
    found = pd.DataFrame({name: _numbers(rows[name]) for name in FLAGS})
    found["task"] = of_task
    found["tasks"] = 1.0
    if by_duty:
        duties = explored.duties[chosen]
        found["duties"] = 1.0
        found["share"] = _numbers(duties.share)
        for name in OF_PARTS:
            found[f"part_{name}"] = _numbers(duties[name])
    if lost_points is not None:
        found["lost_points"] = lost_points.reindex(rows.task_id).to_numpy(dtype="float64")
    for key in dict.fromkeys(key for key in keys if key):
        column, codes = _column(explored, key, chosen, of_task)
        found[key] = pd.Categorical.from_codes(codes, categories=pd.Index(column), ordered=True)
    return found


def _column(
    explored: Explored, key: str, chosen: Mask, of_task: np.ndarray
) -> tuple[tuple[str, ...], Codes]:
    if BY_KEY[key].of_duty:
        column = explored.of_duty[key]
        return column.values, column.codes[chosen]
    column = explored.single[key]
    return column.values, column.codes[of_task]


def figure(rows: pd.DataFrame, measure: Measure) -> float:
    """The measure of all rows together, each task once; NaN where nothing is known of it."""
    if measure.numerator not in OF_DUTIES and "task" in rows:
        rows = rows.drop_duplicates("task")
    top = rows[measure.numerator].sum(min_count=1)
    if not measure.denominator:
        return float(top)
    return _rate(top, rows[measure.denominator].sum(), measure)


def grouped(rows: pd.DataFrame, key: str, measure: Measure) -> pd.Series:
    """Label → the measure of its rows, for labels that have any, in their order."""
    return _quotient(rows, [key], measure)


def crossed(rows: pd.DataFrame, down: str, across: str, measure: Measure) -> pd.DataFrame:
    """A cross table: the labels of `down` by those of `across`, with totals at its end and its foot.
    The total of a rate is the rate of all its rows. A cell is NaN where nothing is known of it."""
    if down == across:
        across = ""
    if not across:
        cells = grouped(rows, down, measure).to_frame(measure.label)
        cells.index = cells.index.astype(str)
        cells.loc[TOTAL] = figure(rows, measure)
        return cells
    cells = _quotient(rows, [down, across], measure).unstack(across)
    cells = cells.reindex(columns=[c for c in rows[across].cat.categories if c in cells.columns])
    cells = cells.reindex([c for c in rows[down].cat.categories if c in cells.index])
    cells.columns, cells.index = cells.columns.astype(str), cells.index.astype(str)
    cells[TOTAL] = grouped(rows, down, measure).rename(str).reindex(cells.index)
    foot = grouped(rows, across, measure).rename(str)
    cells.loc[TOTAL] = [*foot.reindex(cells.columns[:-1]), figure(rows, measure)]
    return cells


def _quotient(rows: pd.DataFrame, keys: list[str], measure: Measure) -> pd.Series:
    """Group → the measure. In a group a task counts once, however many of its duties are in it; of a
    single unit its own part counts, of several units together the task."""
    numerator = measure.numerator
    if numerator not in OF_DUTIES and "task" in rows:
        rows = rows.drop_duplicates([*keys, "task"])
        if "unit" in keys and numerator in OF_PARTS:
            numerator = f"part_{numerator}"
    groups = rows.groupby(keys if len(keys) > 1 else keys[0], observed=True)
    top = groups[numerator].sum(min_count=1)
    if not measure.denominator:
        return top
    bottom = groups[measure.denominator].sum()
    rates = [_rate(part, whole, measure) for part, whole in zip(top, bottom, strict=True)]
    return pd.Series(rates, top.index, dtype=object if measure.fewest else "float64")


def _rate(part: float, whole: float, measure: Measure) -> float:
    """The quotient as a percentage, of few things as a `RateOfFew`; NaN of nothing."""
    if not whole or np.isnan(part):
        return np.nan
    return RateOfFew(part, whole) if whole < measure.fewest else float(100 * part / whole)


def _numbers(column: pd.Series) -> np.ndarray:
    return column.to_numpy(dtype="float64", na_value=np.nan)


def group_facets() -> dict[str, Facet]:
    """Key → facet, of everything that can be rows or columns."""
    return {facet.key: facet for facet in GROUPS}
