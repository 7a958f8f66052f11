"""The tasks of one scope as a table to show and to hand on: which columns there are, in which order
rows come, and what stands below each group.

Owns the columns. The table is kept in Arrow's form, which goes to the browser as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from metrics.narrowing.crossing import MEASURES, figure
from metrics.narrowing.holding import Explored, Mask
from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, STATES, lamp, written_rate

JUDGED = ("预警灯", "编号", "一级指标", "目标任务", "责任单位", "期限", "状态", "进度", "理由")
UNJUDGED = ("编号", "一级指标", "目标任务", "责任单位", "期限", "期限类别")
"""Columns at first; the second where nothing was ever reported."""
OF_PROGRESS = frozenset(
    {"预警灯", "状态", "进度", "序时进度", "理由", "逾期天数", "剩余天数", "完成日期", "最近填报"}
)
"""Columns that say nothing, or worse, where nothing was ever reported."""
SORTS = {
    "编号": "number",
    "预警灯（重的在前）": "lamp",
    "期限": "effective_due_on",
    "逾期天数": "overdue_days",
    "剩余天数": "days_left",
    "进度": "percent",
    "最近填报": "reported_on",
    "佐证件数": "evidence",
    "分值": "points",
}
"""What rows can be sorted by → the answer's column. Texts have no order that helps."""
SUBTOTALS = ("tasks", "done_rate", "overdue", "points")
SUBTOTAL = "小计"


def _tenths(figures: pd.Series) -> pd.Series:
    """Figures of one decimal, as `words.rounded` rounds them, for 100,000 at once."""
    return (figures * 10 + 0.5 + 1e-8) // 1 / 10


def table_of(explored: Explored) -> pa.Table:
    """Every task with every column, headed in Chinese."""
    tasks = explored.tasks
    due = tasks.effective_due_on.dt.strftime("%Y-%m-%d")
    written = tasks.deadline_text.replace("", "未明确")
    columns = {
        "预警灯": tasks.lamp.map({code: lamp(code) for code in LAMPS}),
        "编号": tasks.number,
        "一级指标": tasks.short_name,
        "二级指标": tasks.level2,
        "目标任务": tasks.task,
        "类别": tasks.kind.map(KINDS),
        "责任单位": tasks.units,
        "期限": due.where(due.notna(), written),
        "期限类别": tasks.deadline_kind.map(DEADLINE_KINDS),
        "状态": tasks.state.map(STATES),
        "进度": _tenths(tasks.percent),
        "序时进度": _tenths(tasks.expected_percent),
        "理由": tasks.reason,
        "逾期天数": tasks.overdue_days,
        "剩余天数": tasks.days_left,
        "完成日期": tasks.done_on.dt.strftime("%Y-%m-%d"),
        "最近填报": tasks.reported_on.dt.strftime("%Y-%m-%d"),
        "频次": tasks.periods.map(
            lambda codes: "、".join(PERIODS[code] for code in codes.split(",") if code)
        ),
        "佐证件数": tasks.evidence,
        "分值": tasks.points,
        "首次列入": "第 " + tasks.first_edition.astype(str) + " 版",
        "来源表": tasks.source_table.replace("", "正文"),
    }
    return pa.table({name: pa.array(column) for name, column in columns.items()})


def ordered(explored: Explored, tasks: Mask, by: str, *, falling: bool) -> np.ndarray:
    """The rows of the chosen tasks in order; what is unknown comes last either way."""
    rows = np.flatnonzero(tasks)
    if by == "编号" and not falling:
        return rows
    column = explored.tasks[SORTS[by]].iloc[rows]
    if by.startswith("预警灯"):
        column = column.map({code: place for place, code in enumerate(LAMPS)})
    order = column.reset_index(drop=True).sort_values(
        ascending=not falling, kind="stable", na_position="last"
    )
    return rows[order.index.to_numpy()]


def in_groups(
    explored: Explored, table: pa.Table, rows: np.ndarray, key: str, *, judged: bool, fewest: int
) -> tuple[pa.Table, np.ndarray]:
    """The rows one group after the other, each followed by its subtotal; beside them the row of the
    task, -1 for a subtotal."""
    column = explored.single[key]
    parts, tasks = [], []
    text_at = "目标任务" if "目标任务" in table.column_names else table.column_names[0]
    for code, value in enumerate(column.values):
        own = rows[column.codes[rows] == code]
        if len(own) == 0:
            continue
        said = f"{SUBTOTAL}　{value}：{subtotal(explored.tasks.iloc[own], judged=judged, fewest=fewest)}"
        parts += [table.take(own), _line(table, text_at, said)]
        tasks += [own, [-1]]
    if not parts:
        return table.take(rows), rows
    return pa.concat_tables(parts), np.concatenate(tasks)


def subtotal(tasks: pd.DataFrame, *, judged: bool, fewest: int) -> str:
    """What a group of tasks comes to, in words; a rate of fewer than `fewest` tasks is a fraction."""
    facts = tasks.assign(tasks=1.0)
    said = []
    for name in SUBTOTALS:
        measure = replace(MEASURES[name], fewest=fewest)
        value = figure(facts, measure)
        if np.isnan(value) or (not judged and name in ("done_rate", "overdue")):
            continue
        label = measure.label.removesuffix(" %").removesuffix("数")
        told = written_rate(value, 1) if measure.is_rate else f"{value:g} {measure.unit}"
        said.append(f"{label} {told}")
    return "，".join(said)


def _line(table: pa.Table, column: str, text: str) -> pa.Table:
    """One row of the table's form with a text in one column, should that hold text."""
    cells = {}
    for field in table.schema:
        value = text if field.name == column and pa.types.is_large_string(field.type) else None
        if field.name == column and pa.types.is_string(field.type):
            value = text
        cells[field.name] = pa.array([value], field.type)
    return pa.table(cells, schema=table.schema)
