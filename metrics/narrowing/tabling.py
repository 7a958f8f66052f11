"""The tasks of one scope as a table to show and to hand on: which columns there are, in which order
rows come, and what stands below each group.

Owns the columns. The table is kept in Arrow's form, which goes to the browser as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from metrics.narrowing.crossing import MEASURES, figure
from metrics.narrowing.holding import Explored, Mask
from words import DEADLINE_KINDS, KINDS, LAMPS, PERIODS, STATES, lamp, rounded_percent

JUDGED = ("预警灯", "编号", "一级指标", "目标任务", "责任单位", "期限", "状态", "进度", "理由")
UNJUDGED = ("编号", "一级指标", "目标任务", "责任单位", "期限", "期限类别")
"""Columns at first; the second where nothing was ever reported."""
OF_PROGRESS = frozenset(
    {
        *(
            "预警灯",
            "状态",
            "进度",
            "序时进度",
            "理由",
            "逾期天数",
            "剩余天数",
            "完成日期",
            "最近填报",
        ),
        *("待核验天数", "连续无变化月数", "缺频次数"),
    }
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
    "完成日期": "done_on",
    "待核验天数": "waiting_days",
    "延期次数": "extensions",
    "缺频次数": "windows_missed",
    "连续无变化月数": "unchanged_months",
    "佐证件数": "evidence",
    "分值": "points",
}
"""What rows can be sorted by → the answer's column. Texts have no order that helps."""
SUBTOTALS = ("tasks", "done", "done_rate", "overdue", "points")
"""Measures that stand in columns of their own below each group."""
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
        "待核验天数": tasks.waiting_days,
        "连续无变化月数": tasks.unchanged_months.astype("Int64"),
        "延期次数": tasks.extensions,
        "延期至": tasks.extended_to.dt.strftime("%Y-%m-%d"),
        "缺频次数": tasks.windows_missed,
        "主题": tasks.theme,
        "加分扣分状态": tasks.claim_state.replace("", None),
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
    """The rows one group after the other, each followed by its subtotal, whose figures have columns of
    their own at the end; beside them the row of the task, -1 for a subtotal."""
    column = explored.single[key]
    parts, tasks = [], []
    for code, value in enumerate(column.values):
        own = rows[column.codes[rows] == code]
        if len(own) == 0:
            continue
        figures = subtotal(explored.tasks.iloc[own], judged=judged, fewest=fewest)
        parts += [
            _with_figures(table.take(own), dict.fromkeys(figures)),
            _with_figures(_line(table, f"{SUBTOTAL}　{value}"), figures),
        ]
        tasks += [own, [-1]]
    if not parts:
        return table.take(rows), rows
    return pa.concat_tables(parts), np.concatenate(tasks)


def subtotal(tasks: pd.DataFrame, *, judged: bool, fewest: int) -> dict[str, float | None]:
    """Heading → what a group of tasks comes to; no rate of fewer than `fewest` tasks, beside which its
    counts stand."""
    facts = tasks.assign(tasks=1.0, task=np.arange(len(tasks)))
    found: dict[str, float | None] = {}
    for name in SUBTOTALS:
        measure = MEASURES[name]
        if measure.of_judgement and not judged:
            continue
        value = figure(facts, measure)
        few = measure.is_rate and facts.is_applicable.sum() < fewest
        shown = rounded_percent(value, 1) if measure.is_rate else value
        # 分值 has a column of its own among those of a task.
        heading = f"{SUBTOTAL}{measure.label}"
        found[heading] = None if few or np.isnan(value) else float(shown)
    return found


def _with_figures(table: pa.Table, figures: Mapping[str, float | None]) -> pa.Table:
    for heading, value in figures.items():
        column = pa.array([value] * len(table), pa.float64())
        table = table.append_column(heading, column)
    return table


def _line(table: pa.Table, text: str) -> pa.Table:
    """One row of the table's form with a text in 目标任务, or else in the first column that holds text."""
    texts = [
        field.name
        for field in table.schema
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]
    place = "目标任务" if "目标任务" in texts else next(iter(texts), "")
    return pa.table(
        {
            field.name: pa.array([text if field.name == place else None], field.type)
            for field in table.schema
        },
        schema=table.schema,
    )
