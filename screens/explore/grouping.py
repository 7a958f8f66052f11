"""Rows by columns by a figure: as a cross table whose cells, and as charts whose marks, open their
tasks.

Owns what can be chosen here and what a click means. `crossing` does the counting.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

import charts
import metrics
from metrics.narrowing.crossing import (
    TOTAL,
    Measure,
    counts_duties,
    crossed,
    facts,
    group_facets,
    grouped,
    measures_of,
)
from metrics.narrowing.facets import BY_KEY
from metrics.narrowing.holding import Mask
from metrics.periods import month_ends
from screens import parts
from screens.explore.asking import Held, choice, choose
from screens.explore.panel import OF_PROGRESS
from words import COLUMNS, number, plain, rounded, rounded_percent, written_rate

CROSS, BARS, STACKED, HEAT, LINES, TREE = (
    "交叉表", "条形图", "堆叠条形图", "热力图", "逐月折线", "树图",
)  # fmt: skip
NO_COLUMNS = "不分列"
OF_JUDGEMENT = ("done_rate", "due_rate", "on_time_rate", "overdue", "overdue_days")
"""Figures that would call missed what was never reported."""
LOST = "lost_points"
"""Offered where there is a scheme to score by, and something was reported."""
LOST_NOTE = "失分 = 基本任务的满分 − 自评；缺项、加分项和扣分项不计。"
DRAWN = 40
TREE_TASKS = 300
"""More tasks than this in a tree map are too small to press; the indicators are left."""
DUTY_NOTE = (
    "一项任务在每格、每行和合计中都只计一次，所以各行相加可以大于合计；只有职责数和折算任务"
    "按每个责任单位各计一次。按单位统计时，完成和逾期看该单位自己的部分，合计看整项任务。"
)


def cross(view: parts.View, held: Held, tasks: Mask, *, judged: bool) -> None:
    """The cross table."""
    down, across, measure, cells = _crossed(view, held, tasks, judged=judged, with_columns=True)
    if cells is None:
        return
    tenth = rounded_percent if measure.is_rate else rounded
    # Not by `map`, which makes plain numbers of the rates that are fractions.
    shown = pd.DataFrame(
        {
            name: pd.Series(
                [tenth(value, 1) for value in cells[name]], cells.index, cells[name].dtype
            )
            for name in cells
        }
    )
    shown = shown.rename_axis(BY_KEY[down].label).reset_index()
    named = f"{measure.label}：{_by(down, across)}"
    st.markdown(f"**{plain(named)}**（点一格看它的任务）")
    numbers = {
        name: st.column_config.NumberColumn(format="%.1f" if _is_partial(cells) else "%d")
        for name in shown.columns[1:]
    }
    drawn = parts.with_fractions(shown, numbers)

    def pressed() -> None:
        for row, name in st.session_state.cross_cells.selection.cells:
            label = shown.iloc[row, 0]
            chosen = choice() if label == TOTAL else choice().having(down, [label])
            if across and name not in (shown.columns[0], TOTAL):
                chosen = chosen.having(across, [name])
            choose(chosen)
            st.session_state.look = "清单"

    st.dataframe(
        drawn, hide_index=True, column_config=numbers, key="cross_cells", on_select=pressed,
        selection_mode="single-cell", placeholder="—", alt=named,
        height=min(38 + 35 * len(shown), 700),
    )  # fmt: skip
    if counts_duties(down, across):
        st.caption(DUTY_NOTE)
    meaning = LOST_NOTE if measure.numerator == LOST else ""
    parts.export_menu(view, 
        shown, f"自由筛选{CROSS}", f"{named}。{meaning}{_definition(down, across)}",
        key="cross_export", narrowed=choice().sentence(),
    )  # fmt: skip


def picture(view: parts.View, held: Held, tasks: Mask, kind: str, *, judged: bool) -> None:
    """A chart of the same groups; pressing a mark narrows the choice to its tasks."""
    if kind == LINES:
        _lines(view, held, tasks, judged=judged)
        return
    if kind == TREE:
        _tree(view, held, tasks)
        return
    split = kind in (STACKED, HEAT)
    down, across, measure, cells = _crossed(view, held, tasks, judged=judged, with_columns=split)
    if cells is None:
        return
    body = cells.drop(index=TOTAL)
    if not split or not across:
        values = body[measure.label].sort_values(ascending=False).head(DRAWN)
        figure = partial(charts.value_bars, list(values.index), values, measure.label)
        title = _finding(values, BY_KEY[down].label, measure)
    else:
        body = body.drop(columns=TOTAL).head(DRAWN)
        draw = charts.stacked_values if kind == STACKED else charts.value_heat
        figure = partial(draw, body)
        title = f"{measure.label}：{_by(down, across)}"
    rest = f"（前 {DRAWN} 组，共 {len(cells) - 1} 组）" if len(cells) - 1 > DRAWN else ""
    _draw(view, f"{title}{rest}", figure, _as_rows(body, down), (down, across))
    if counts_duties(down, across):
        st.caption(DUTY_NOTE)


def _crossed(
    view: parts.View, held: Held, tasks: Mask, *, judged: bool, with_columns: bool
) -> tuple[str, str, Measure, pd.DataFrame | None]:
    """What is chosen for rows, columns and figure, and the cross table of it."""
    groups = {
        facet.label: key
        for key, facet in group_facets().items()
        if judged or key not in OF_PROGRESS
    }
    line = st.container(horizontal=True, vertical_alignment="bottom")
    down = groups[line.selectbox("行", list(groups), key="rows_of", bind="query-params", width=150)]
    across = ""
    if with_columns:
        others = {NO_COLUMNS: "", **{k: v for k, v in groups.items() if v != down}}
        named = line.selectbox("列", list(others), key="columns_of", bind="query-params", width=150)
        across = others[named]
    offered = {
        measure.label: measure
        for name, measure in measures_of(down, across).items()
        if (judged or name not in OF_JUDGEMENT)
        and (name != LOST or (judged and held.scheme is not None))
    }
    label = line.selectbox("统计", list(offered), key="figure_of", bind="query-params", width=150)
    measure, lost = _of_few(view, offered[label]), None
    if measure.numerator == LOST and held.scheme is not None:
        lost = held.lost_points
        # Points depend on the scheme, so its version is named with every figure and export.
        measure = replace(measure, label=f"失分（评分方案第 {held.scheme.version} 版）")
        st.caption(LOST_NOTE)
    rows = facts(held.explored, choice(), tasks, (down, across), lost)
    if rows.empty:
        st.info("没有符合条件的任务。")
        return down, across, measure, None
    return down, across, measure, crossed(rows, down, across, measure)


def _lines(view: parts.View, held: Held, tasks: Mask, *, judged: bool) -> None:
    if not judged:
        st.info("还没有进展填报，没有逐月的变化可画。")
        return
    groups = {"不分组": ""} | {
        facet.label: key for key, facet in group_facets().items() if facet.is_single
    }
    line = st.container(horizontal=True, vertical_alignment="bottom")
    by = groups[
        line.selectbox("分组", list(groups), key="lines_of", bind="query-params", width=150)
    ]
    offered = {
        m.label: m for n, m in measures_of().items() if n in OF_JUDGEMENT and n != "shared_load"
    }
    label = line.selectbox("统计", list(offered), key="line_figure", bind="query-params", width=150)
    measure = _of_few(view, offered[label])
    days = month_ends(view.started_on, held.scope.as_of)
    months = view.ask("explored_months", held.scope, days=days)
    chosen = held.explored.tasks[tasks]
    own = months[months.task_id.isin(chosen.task_id)]
    if by:
        column = held.explored.single[by]
        label_of = dict(
            zip(chosen.task_id, np.array(column.values)[column.codes[tasks]], strict=True)
        )
        own = own.assign(group=own.task_id.map(label_of))
        lines = {
            value: grouped(own[own.group == value], "as_of", measure)
            for value in column.values
            if (own.group == value).any()
        }
    else:
        lines = {measure.label: grouped(own, "as_of", measure)}
    ends = [pd.Timestamp(day) for day in days]
    drawn = {name: line.reindex(ends) for name, line in lines.items() if line.notna().any()}
    if not drawn:
        st.info(f"所选任务没有可算的{plain(measure.label)}。")
        return
    figure = partial(charts.value_lines, ends, drawn)
    title = f"{measure.label}：现在符合条件的 {len(chosen):,} 项任务在各月末的情况"
    table = pd.DataFrame(drawn, index=ends).rename_axis("截至").reset_index()
    _draw(view, title, figure, table, (by,))


def _tree(view: parts.View, held: Held, tasks: Mask) -> None:
    chosen = held.explored.tasks[tasks]
    if chosen.empty:
        st.info("没有符合条件的任务。")
        return
    whole = len(chosen) <= TREE_TASKS
    figure = partial(charts.task_tree, chosen, with_tasks=whole)
    rest = "" if whole else f"；任务超过 {TREE_TASKS} 项，只画到二级指标"
    _draw(
        view,
        f"一级指标 → 二级指标{' → 任务' if whole else ''}，面积为任务数{rest}",
        figure,
        chosen.set_index("task_id")[["number", "short_name", "level2", "task"]].rename(
            columns=COLUMNS
        ),
        ("level1", "level2"),
    )


def _draw(
    view: parts.View, title: str, figure: partial[Any], rows: pd.DataFrame, keys: tuple[str, ...]
) -> None:
    """The chart in its box. A mark carries the labels of `keys`, that of a task its number besides."""

    def pressed(labels: list[Any]) -> None:
        if len(labels) > len(keys):
            own = rows[rows[COLUMNS["number"]] == labels[-1]]
            st.session_state[parts.TASK_CARD] = own.index[0]
            return
        chosen = choice()
        for key, label in zip(keys, labels, strict=False):
            if key and label:
                chosen = chosen.having(key, [label])
        if chosen != choice():
            choose(chosen)
            st.session_state.look = "清单"

    # The title is the only place in the workbook that names the conditions.
    only = choice().sentence()
    exhibit = parts.Exhibit(
        "explored_duties" if counts_duties(*keys) else "explored_tasks",
        title + (f"（{only}）" if only else ""),
        figure,
        rows,
        list(rows.columns),
    )
    parts.draw(
        view,
        exhibit,
        key="explored_chart",
        on_click=pressed if any(keys) else None,
        hint="，点图形看它的任务" if any(keys) else "",
    )


def _of_few(view: parts.View, measure: Measure) -> Measure:
    """The measure, which writes a rate of few things as a fraction where the ledger says so."""
    fewest = int(view.ledger.fewest_for_percent)
    return replace(measure, fewest=fewest) if measure.is_rate else measure


def _as_rows(cells: pd.DataFrame, down: str) -> pd.DataFrame:
    """A cross table without its totals as the rows of a chart."""
    return cells.rename_axis(BY_KEY[down].label).rename_axis(None, axis=1).reset_index()


def _finding(values: pd.Series, label: str, measure: Measure) -> str:
    """What the longest bar says."""
    known = values.dropna()
    if known.empty:
        return f"{measure.label}，按{label}"
    most, value = known.index[0], known.iloc[0]
    figure = (
        written_rate(value, 1)
        if measure.is_rate
        else f"{number(value, 0 if value == int(value) else 1)} {measure.unit}"
    )
    name = measure.label.removesuffix(" %")
    return f"{name}，按{label}：“{most}”最{'高' if measure.is_rate else '多'}，{figure}"


def _by(down: str, across: str) -> str:
    first = BY_KEY[down].label
    return f"{first} × {BY_KEY[across].label}" if across else f"按{first}"


def _definition(down: str, across: str) -> str:
    by_duty = counts_duties(down, across)
    asked = metrics.question("explored_duties" if by_duty else "explored_tasks")
    return f"{asked.title}：{asked.definition}" + (DUTY_NOTE if by_duty else "")


def _is_partial(cells: pd.DataFrame) -> bool:
    values = cells.to_numpy(dtype="float64")
    known = values[~np.isnan(values)]
    return bool((known != np.round(known)).any())
