"""Rows by columns by a figure: as a cross table whose cells, and as charts whose marks, open their
tasks.

Owns what can be chosen here and what a click means. `crossing` does the counting.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

import charts
import metrics
from metrics.narrowing.crossing import (
    TOTAL,
    counts_duties,
    crossed,
    facts,
    figure,
    group_facets,
    grouped,
    monthly,
)
from metrics.narrowing.facets import BY_KEY
from metrics.narrowing.holding import Mask
from metrics.narrowing.ranking import MOST
from screens import parts
from screens.explore.asking import Held, choice, choose
from screens.explore.looks import (
    BARS,
    CROSS,
    LINES,
    LIST,
    NO_COLUMNS,
    NO_GROUP,
    RISING,
    STACKED,
    TREE,
)
from screens.explore.measuring import Figure, amount
from words import COLUMNS, plain, rounded, rounded_percent

TIES_NAMED = 3
"""Of equal groups so many are named in a title."""
TREE_TASKS = 300
"""More tasks than this in a tree map are too small to press; the indicators are left."""
DUTY_NOTE = (
    "一项任务在每格、每行和合计中都只计一次，所以各行相加可以大于合计；只有职责数和折算任务"
    "按每个责任单位各计一次。按单位统计时，完成和逾期看该单位自己的部分，合计看整项任务。"
)


def cross(view: parts.View, held: Held, tasks: Mask, told: Figure, *, judged: bool) -> None:
    """The cross table."""
    down, across, rows = _grouped(held, tasks, told, CROSS, judged=judged)
    if rows.empty:
        return
    measure = told.measure
    cells = crossed(rows, down, across, measure)
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
            st.session_state.look = LIST

    st.dataframe(
        drawn, hide_index=True, column_config=numbers, key="cross_cells", on_select=pressed,
        selection_mode="single-cell", placeholder="—", alt=named,
        height=min(38 + 35 * len(shown), 700),
    )  # fmt: skip
    if counts_duties(down, across):
        st.caption(DUTY_NOTE)
    parts.export_menu(view, 
        shown, f"自由筛选{CROSS}", f"{named}。{measure.definition}{_definition(down, across)}",
        key="cross_export", narrowed=choice().sentence(),
    )  # fmt: skip


def picture(
    view: parts.View, held: Held, tasks: Mask, kind: str, told: Figure, *, judged: bool
) -> None:
    """A chart of the same groups; pressing a mark narrows the choice to its tasks."""
    if kind == LINES:
        _lines(view, held, tasks, told, judged=judged)
        return
    if kind == TREE:
        _tree(view, held, tasks)
        return
    down, across, rows = _grouped(held, tasks, told, kind, judged=judged)
    if rows.empty:
        return
    measure = told.measure
    rising = bool(st.session_state.get(RISING))
    values = grouped(rows, down, measure)
    order = values.astype("float64").sort_values(
        ascending=rising, kind="stable", na_position="last"
    )
    shown, rest = list(order.index[:MOST]), list(order.index[MOST:])
    if across:
        body = crossed(rows, down, across, measure).drop(index=TOTAL, columns=TOTAL)
        body = body.loc[[label for label in body.index if label in shown]]
        draw = charts.stacked_values if kind == STACKED else charts.value_heat
        drawing = partial(draw, body)
        title = f"{measure.label}：{_by(down, across)}"
    else:
        bars = values.loc[shown]
        bars.index = bars.index.astype(str)
        body = bars.to_frame(measure.label)
        title = _finding(bars, BY_KEY[down].label, told, rising=rising)
        if rest:
            body.loc[f"其余 {len(rest)} 组"] = figure(rows[rows[down].isin(rest)], measure)
        drawing = partial(charts.value_bars, list(body.index), body[measure.label], measure.label)
    cut = f"（前 {MOST} 组，共 {len(values)} 组）" if rest else ""
    _draw(view, f"{title}{cut}", drawing, _as_rows(body, down), (down, across))
    if counts_duties(down, across):
        st.caption(DUTY_NOTE)


def _grouped(
    held: Held, tasks: Mask, told: Figure, kind: str, *, judged: bool
) -> tuple[str, str, pd.DataFrame]:
    """What is chosen for rows and columns, and the facts in these groups; only what adds up to a whole
    is stacked."""
    groups = {
        facet.label: key for key, facet in group_facets().items() if judged or not facet.of_progress
    }
    line = st.container(horizontal=True, vertical_alignment="bottom")
    down = groups[line.selectbox("行", list(groups), key="rows_of", bind="query-params", width=150)]
    across = ""
    if kind != BARS:
        others = {NO_COLUMNS: "", **{k: v for k, v in groups.items() if v != down}}
        if kind == STACKED:
            others = {k: v for k, v in others.items() if not v or BY_KEY[v].is_single}
        named = line.selectbox("列", list(others), key="columns_of", bind="query-params", width=150)
        across = others[named]
    measure = told.measure
    if kind == STACKED and across and not measure.is_sum:
        st.info(f"{plain(measure.label)}不能相加，堆叠起来没有意义；请改选热力图，或改选一个计数。")
        return down, across, pd.DataFrame()
    rows = facts(
        held.explored, choice(), tasks, (down, across), told.lost_points, by_duty=measure.of_duties
    )
    if rows.empty:
        st.info("没有符合条件的任务。")
    return down, across, rows


def _lines(view: parts.View, held: Held, tasks: Mask, told: Figure, *, judged: bool) -> None:
    if not judged:
        st.info("还没有进展填报，没有逐月的变化可画。")
        return
    measure = told.measure
    if not told.has_months:
        st.info(f"{plain(measure.label)}没有逐月的数字，请改选别的统计。")
        return
    groups = {NO_GROUP: ""} | {facet.label: key for key, facet in group_facets().items()}
    line = st.container(horizontal=True, vertical_alignment="bottom")
    by = groups[
        line.selectbox("分组", list(groups), key="lines_of", bind="query-params", width=150)
    ]
    count = int(np.count_nonzero(tasks))
    own = monthly(held.explored, choice(), tasks, by, held.months)
    if by:
        lines = {
            str(value): grouped(own[own[by] == value], "as_of", measure)
            for value in own[by].cat.categories
            if (own[by] == value).any()
        }
    else:
        lines = {measure.label: grouped(own, "as_of", measure)}
    ends = [pd.Timestamp(day) for day in sorted(held.months.as_of.unique())]
    drawn = {name: line.reindex(ends) for name, line in lines.items() if line.notna().any()}
    if not drawn:
        st.info(f"所选任务没有可算的{plain(measure.label)}。")
        return
    drawing = partial(charts.value_lines, ends, drawn)
    title = f"{measure.label}：现在符合条件的 {count:,} 项任务在各月末的情况"
    table = pd.DataFrame(drawn, index=ends).rename_axis("截至").reset_index()
    _draw(view, title, drawing, table, (by,))


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
            st.session_state.look = LIST

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


def _as_rows(cells: pd.DataFrame, down: str) -> pd.DataFrame:
    """A cross table without its totals as the rows of a chart."""
    return cells.rename_axis(BY_KEY[down].label).rename_axis(None, axis=1).reset_index()


def _finding(values: pd.Series, label: str, told: Figure, *, rising: bool) -> str:
    """What the first bar says."""
    known, measure = values.dropna(), told.measure
    name = measure.label.removesuffix(" %")
    if known.empty:
        return f"{name}，按{label}"
    value = known.iloc[0]
    first = list(known.index[known.astype("float64") == float(value)])
    equal = (
        f"等 {len(first)} 个并列" if len(first) > TIES_NAMED else "并列" if len(first) > 1 else ""
    )
    named = "”“".join(first[:TIES_NAMED])
    written = amount(value, measure) + ("" if measure.is_rate else f" {measure.unit}")
    most = ("少" if rising else "多") if measure.is_sum else ("低" if rising else "高")
    return f"{name}，按{label}：“{named}”{equal}最{most}，{written}"


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
