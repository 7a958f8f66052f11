"""Tasks or duties in groups, and one figure a group: what cross tables, lists and charts are made of.

Owns the groups and the measures. A rate is the quotient of the counts that the questions flag, as
指标完成率 and 单位情况 define it; nothing is judged here. A task counts once in each group and once in
each total, so totals are never sums of their groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.narrowing.facets import BY_KEY, Choice, Facet
from metrics.narrowing.holding import Codes, Explored, Mask
from words import RateOfFew

TOTAL = "合计"


@dataclass(frozen=True)
class Measure:
    """A figure of a group: a sum, or the quotient of two."""

    label: str
    definition: str
    numerator: str
    denominator: str = ""
    """Empty: the sum itself."""
    unit: str = ""
    scale: float = 100
    """What a quotient is multiplied by: 100 makes a percentage of two counts, 1 a mean."""
    of_duties: bool = False
    """Counts each duty; everything else counts each task once."""
    of_judgement: bool = False
    """Would call missed what was never reported."""
    fewest: int = 0
    """A rate of fewer things is written as a fraction."""

    @property
    def is_rate(self) -> bool:
        """Whether it is a percentage."""
        return self.unit == "%"

    @property
    def is_sum(self) -> bool:
        """Whether it counts something; rates and means add up to nothing and are never stacked."""
        return not self.denominator


MEASURES = {
    "tasks": Measure("任务数", "不同任务的项数，一项任务只计一次。", "tasks", unit="项"),
    "done": Measure(
        "完成数", "已完成（含已销号）的基本任务数。", "done", unit="项", of_judgement=True
    ),
    "done_rate": Measure(
        "完成率 %", "已完成 ÷ 适用的基本任务。", "done", "is_applicable", "%", of_judgement=True
    ),
    "due_rate": Measure(
        "到期完成率 %", "期限不晚于截至日期的任务中已完成的 ÷ 这些任务。", "due_done", "due", "%",
        of_judgement=True,
    ),
    "on_time_rate": Measure(
        "按期完成率 %", "期限不晚于截至日期的任务中整项按期完成的 ÷ 这些任务；完成日期不详的不算按期。",
        "on_time", "due", "%", of_judgement=True,
    ),
    "mean_percent": Measure(
        "平均进度 %", "适用的基本任务填报进度的平均数，从未填报按 0% 计，已完成按 100% 计。",
        "progress", "is_applicable", "%", 1, of_judgement=True,
    ),
    "overdue": Measure(
        "逾期数", "期限已过而未完成的任务数。", "overdue", unit="项", of_judgement=True
    ),
    "mean_overdue_days": Measure(
        "平均逾期天数", "逾期任务逾期天数的平均数，没有逾期的任务不计。",
        "overdue_days", "overdue", "天", 1, of_judgement=True,
    ),
    "missed": Measure(
        "缺频次数", "已结束而次数不足的期数，经同意免除的不计。", "windows_missed", unit="期",
        of_judgement=True,
    ),
    "waiting": Measure(
        "待核验", "有已报完成而尚未销号或退办的部分的任务数。", "is_waiting", unit="项",
        of_judgement=True,
    ),
    "unproven": Measure("无佐证", "没有一件有效佐证材料的任务数。", "is_unproven", unit="项"),
    "extensions": Measure(
        "延期次数", "截至日期已同意的延期件数，一项任务延期几次计几次。", "extensions", unit="次"
    ),
    "points": Measure("分值", "任务的分值之和，未设分值的不计。", "points", unit="分"),
    "lost_points": Measure(
        "失分", "基本任务的满分 − 自评；缺项、加分项和扣分项不计。", "lost_points", unit="分",
        of_judgement=True,
    ),
    "shared_load": Measure(
        "折算任务", "Σ 1 ÷ 任务的单位数，按每个责任单位的一份计；展开集体时集体的一份由成员平分。",
        "share", unit="项", of_duties=True,
    ),
    "duties": Measure(
        "职责数", "任务与责任单位的对数：一项任务有几个责任单位就计几次。", "duties", unit="项",
        of_duties=True,
    ),
}  # fmt: skip
FLAGS = (
    *("is_applicable", "done", "due", "due_done", "on_time", "overdue", "overdue_days", "progress"),
    *("windows_missed", "is_waiting", "is_unproven", "extensions", "points"),
)
OF_PARTS = ("done", "due_done", "overdue", "overdue_days")
"""Flags that a unit's own part in a task has too."""


def counts_duties(*keys: str) -> bool:
    """Whether a task counts once for each of its units when grouped so."""
    return any(BY_KEY[key].of_duty for key in keys if key)


def facts(
    explored: Explored,
    choice: Choice,
    tasks: Mask,
    keys: tuple[str, ...],
    lost_points: pd.Series | None = None,
    *,
    by_duty: bool = False,
) -> pd.DataFrame:
    """One row per task, or per duty where a facet of `keys` is one of duties (or `by_duty`), and per
    value where a task has several of a facet: the label of each facet, the row of its task (`task`) and
    of its duty (`duty`), and the flags that are summed. Flags of a duty are those of the task;
    part_done, part_due_done, part_overdue and part_overdue_days are those of the unit's own part in it,
    as 单位情况 counts them. `lost_points` are by task, where they are wanted."""
    by_duty = by_duty or counts_duties(*keys)
    if by_duty:
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
        found["duty"] = np.flatnonzero(chosen)
        found["duties"] = _numbers(duties.duties)
        found["share"] = _numbers(duties.share)
        for name in ("done", "overdue", "overdue_days"):
            found[f"part_{name}"] = _numbers(duties[name])
        found["part_due_done"] = found.part_done * found.due
    if lost_points is not None:
        found["lost_points"] = lost_points.reindex(rows.task_id).to_numpy(dtype="float64")
    for key in dict.fromkeys(key for key in keys if key):
        if key in explored.several:
            found = _each_value(explored, key, found)
            continue
        column, codes = _column(explored, key, found)
        found[key] = pd.Categorical.from_codes(codes, categories=pd.Index(column), ordered=True)
    return found


def _column(explored: Explored, key: str, found: pd.DataFrame) -> tuple[tuple[str, ...], Codes]:
    if BY_KEY[key].of_duty:
        column = explored.of_duty[key]
        return column.values, column.codes[found.duty]
    column = explored.single[key]
    return column.values, column.codes[found.task]


def _each_value(explored: Explored, key: str, found: pd.DataFrame) -> pd.DataFrame:
    """The rows again for each value that their task has of a facet of several."""
    masks = explored.several[key]
    there = np.column_stack([mask[found.task] for mask in masks.values()])
    row, code = np.nonzero(there)
    labels = pd.Categorical.from_codes(code, categories=pd.Index(list(masks)), ordered=True)
    return found.iloc[row].reset_index(drop=True).assign(**{key: labels})


def monthly(
    explored: Explored, choice: Choice, tasks: Mask, key: str, months: pd.DataFrame
) -> pd.DataFrame:
    """The answer of `explored_months` for the chosen tasks, one row per day and task, and per value of
    the facet `key` where one is named; the flags are those of the task on the day."""
    groups = facts(explored, choice, tasks, (key,))
    labelled = groups[[name for name in ("task", key) if name]].drop_duplicates()
    labelled["task_id"] = explored.tasks.task_id.to_numpy()[labelled.task]
    own = months.merge(labelled, on="task_id")
    for name in own.columns.intersection(list(FLAGS)):
        own[name] = _numbers(own[name])
    own["tasks"] = 1.0
    return own


def figure(rows: pd.DataFrame, measure: Measure) -> float:
    """The measure of all rows together, each task (or duty) once; NaN where nothing is known of it."""
    rows = rows.drop_duplicates("duty" if measure.of_duties else "task")
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
    rows = rows.drop_duplicates([*keys, "duty" if measure.of_duties else "task"])
    of_part = "unit" in keys and "part_done" in rows

    def column(name: str) -> str:
        return f"part_{name}" if of_part and name in OF_PARTS else name

    groups = rows.groupby(keys if len(keys) > 1 else keys[0], observed=True)
    top = groups[column(measure.numerator)].sum(min_count=1)
    if not measure.denominator:
        return top
    bottom = groups[column(measure.denominator)].sum()
    rates = [_rate(part, whole, measure) for part, whole in zip(top, bottom, strict=True)]
    of_few = measure.fewest and measure.scale == 100
    return pd.Series(rates, top.index, dtype=object if of_few else "float64")


def _rate(part: float, whole: float, measure: Measure) -> float:
    """The quotient, of few things as a `RateOfFew`; NaN of nothing."""
    if not whole or np.isnan(part):
        return np.nan
    if measure.scale == 100 and whole < measure.fewest:
        return RateOfFew(part, whole)
    return float(measure.scale * part / whole)


def _numbers(column: pd.Series) -> np.ndarray:
    return column.to_numpy(dtype="float64", na_value=np.nan)


def group_facets() -> dict[str, Facet]:
    """Key → facet, of everything that can be rows or columns."""
    return BY_KEY
