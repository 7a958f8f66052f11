"""Two units of one ledger: what each carries under every 一级指标, in which role and how far it is.

Counts and rates are of the same definitions; what is asked of two units is not the same, and nothing
is ranked.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import charts
from screens import parts
from screens.compare import wording
from words import plain

AS_WRITTEN, EXPANDED = "按台账写法", "展开到成员单位"
EVERY_INDICATOR = "全部指标"
CARRIED = [
    "short_name", "unit", "tasks", "lead_tasks", "responsible_tasks", "cooperate_tasks", "shared_load",
]  # fmt: skip
JUDGED = ["done", "due", "overdue", "done_rate", "due_rate"]
IN_ALL = [
    "unit", "class", "tasks", "lead_tasks", "responsible_tasks", "cooperate_tasks", "shared_load",
]  # fmt: skip
IN_ALL_JUDGED = ["applicable", "done", "overdue", "done_rate"]


def compare_units(view: parts.View, top: DeltaGenerator) -> None:
    """The comparison of two units chosen on the page."""
    if view.scope.units:
        st.caption("左侧选的责任单位作为这里的两个单位；任务不再按左侧的单位筛选。")
    line = st.container(horizontal=True, vertical_alignment="bottom")
    expanded = line.segmented_control(
        "集体单位", [AS_WRITTEN, EXPANDED], key="collectives", bind="query-params",
        default=AS_WRITTEN, required=True,
        help="如“五市交通运输局”：按写法作为一个单位，或由其成员代替；没有成员名单的集体保持原样。",
    )  # fmt: skip
    wanted = view.scope.units
    scope = replace(view.scope, units=(), expanded=expanded == EXPANDED)
    view = parts.judge_cards_by(replace(view, scope=scope))
    units = view.ask("unit_workload")
    if len(units) < 2:
        with top:
            parts.headline("所选范围内没有两个责任单位可以对照，请放宽筛选条件。")
        return
    listed = list(units.unit)
    wanted = tuple(unit for unit in wanted if unit in listed)
    usual = [*wanted, *(unit for unit in listed if unit not in wanted)][:2]
    names = tuple(
        line.selectbox(
            label, listed, index=listed.index(unit), key=key, bind="query-params", width=250
        )
        for label, key, unit in (
            ("单位", "first_unit", usual[0]),
            ("另一单位", "second_unit", usual[1]),
        )
    )
    if names[0] == names[1]:
        with top:
            parts.headline("两边是同一个单位，请选不同的两个单位。")
        return
    totals = units.set_index("unit").loc[list(names)].reset_index()
    tasks = tuple(view.ask("unit_tasks", unit=name) for name in names)
    # Asked of the whole ledger, because the filters may leave no base task.
    judged = bool(view.ask("completion", view.unfiltered(), by="all").has_progress.any())
    with top:
        parts.headline(wording.units(totals, tasks, judged=judged))
    st.info(wording.of_classes(totals), icon=":material/balance:")
    cells = view.ask("unit_matrix")
    cells = cells[cells.unit.isin(names)]
    _charts(view, names, totals, cells, judged=judged)
    _tasks(view, names, tasks, cells, judged=judged)


def _charts(
    view: parts.View,
    names: tuple[str, str],
    totals: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    judged: bool,
) -> None:
    """The tasks by indicator as a chart and as a table, and both units in all."""

    def chosen(clicked: list[str]) -> None:
        st.session_state.unit_indicator = clicked[0]

    pairs = _pairs(names, cells)
    with st.container(border=True):
        st.markdown("**两个单位合计**")
        columns = [*IN_ALL, *(IN_ALL_JUDGED if judged else ())]
        parts.answer_table(
            view,
            parts.labelled(totals, columns),
            f"{names[0]}与{names[1]}",
            "unit_workload",
            key="two_units",
        )
        if not judged:
            st.caption("这份台账还没有任何进展填报，完成、到期完成和逾期都未填报，不判断。")
    drawn = pairs.rename(columns={"short_name": "一级指标", "first": names[0], "second": names[1]})
    side_by_side = parts.Exhibit(
        "unit_matrix",
        wording.most_tasks(names, pairs),
        partial(charts.paired_bars, pairs, "short_name", names, of_percent=False),
        drawn,
        ["一级指标", *names],
    )
    parts.draw(view, side_by_side, key="unit_pairs", on_click=chosen, hint="（点击横条看任务）")
    with st.container(border=True):
        st.markdown("**各一级指标**")
        order = {name: place for place, name in enumerate(pairs.short_name)}
        place = cells.short_name.map(order) * 2 + (cells.unit == names[1])
        rows = cells.assign(place=place).sort_values("place")
        columns = [*CARRIED, *(JUDGED if judged else ())]
        parts.answer_table(
            view,
            # The heading 单位 would widen the column to 228 pixels, and the table would not fit.
            parts.labelled(rows, columns).rename(columns={"单位": "承担单位"}),
            f"{names[0]}与{names[1]}各一级指标",
            "unit_matrix",
            key="unit_cells",
            height=min(38 + 35 * len(rows), 900),
        )


def _pairs(names: tuple[str, str], cells: pd.DataFrame) -> pd.DataFrame:
    """One row an indicator of either unit, in the order of the ledger, with the tasks of both."""
    ordered = cells.sort_values("first_number").short_name.drop_duplicates()
    sides = [cells[cells.unit == name].set_index("short_name").tasks for name in names]
    return pd.DataFrame(
        {"short_name": list(ordered)}
        | {
            key: side.reindex(ordered).fillna(0).astype("int64").to_numpy()
            for key, side in zip(("first", "second"), sides, strict=True)
        }
    )


def _tasks(
    view: parts.View,
    names: tuple[str, str],
    tasks: tuple[pd.DataFrame, ...],
    cells: pd.DataFrame,
    *,
    judged: bool,
) -> None:
    """The tasks of both units under the chosen indicator."""
    indicators = list(cells.sort_values("first_number").short_name.drop_duplicates())
    indicator = st.selectbox(
        "看哪个一级指标的任务", [EVERY_INDICATOR, *indicators], key="unit_indicator",
        bind="query-params", width=260,
    )  # fmt: skip
    columns = ["lamp", "number", "task"] if judged else ["number", "task", "due"]
    exported = ["number", "short_name", "task", "role", "sharing_units", "due"]
    exported += ["state", "lamp", "reason"] if judged else []
    for place, name, rows, key in zip(
        st.columns(2), names, tasks, ("first", "second"), strict=True
    ):
        shown = rows if indicator == EVERY_INDICATOR else rows[rows.short_name == indicator]
        with place:
            st.markdown(f"**{plain(name)}：{len(shown):,} 项**（勾选一行看任务卡）")
            parts.listed_first(min(len(shown), parts.LISTED), len(shown))
            parts.task_table(view, 
                shown.head(parts.LISTED), columns, "unit_tasks", key=f"{key}_unit_tasks",
                title=f"{name}的任务", everything=shown,
                exported=exported,
            )  # fmt: skip
