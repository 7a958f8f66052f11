"""单位情况: what each unit carries, how the units of a class rank, and one unit's tasks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import charts
from findings import exhibits, progress
from screens import parts
from words import rate

DRAWN = 25
"""The most units drawn at once; the table has them all."""
AS_WRITTEN, EXPANDED = "按台账写法", "展开到成员单位"
EVERY_CLASS = "全部类别"
SHORT = ("unit", "tasks", "shared_load", "done", "overdue")


def pick_collectives(view: parts.View) -> parts.View:
    """Draw the choice how collectives are counted; the view that counts them so."""
    chosen = st.segmented_control(
        "集体单位", [AS_WRITTEN, EXPANDED], key="collectives", bind="query-params",
        default=AS_WRITTEN, required=True,
        help="如“五市交通运输局”：按写法作为一个单位，或由其成员代替；没有成员名单的集体保持原样。",
    )  # fmt: skip
    return view.with_members(chosen == EXPANDED)


def pick_class(units: pd.DataFrame) -> pd.DataFrame:
    """Draw the choice of a class; the `unit_workload` rows of it."""
    chosen = st.segmented_control(
        "单位类别", [EVERY_CLASS, *charts.class_order(units)], key="unit_class",
        bind="query-params", default=EVERY_CLASS, required=True,
    )  # fmt: skip
    return units if chosen == EVERY_CLASS else units[units["class"] == chosen]


def headline(units: pd.DataFrame, *, judged: bool) -> None:
    """How the units stand."""
    if units.empty:
        parts.headline("所选范围内没有责任单位，请放宽筛选条件。")
    else:
        parts.headline(progress.standing(units, judged=judged))


def loads(view: parts.View, units: pd.DataFrame, *, judged: bool) -> None:
    """What the units carry: as bars, as a table, and by indicator."""
    drawn = units.loc[units.tasks.nlargest(DRAWN).index.sort_values()]
    note = f"（任务最多的 {DRAWN} 个单位）" if len(drawn) < len(units) else ""
    left, right = st.columns(2)
    with left:
        parts.draw(
            view,
            exhibits.workload(drawn, judged=judged, note=note),
            key="load",
            on_click=_focus_on,
            hint="，点击横条看该单位",
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown("**各单位负荷**（下载有全部列）")
        parts.answer_table(
            view,
            parts.labelled(units, SHORT if judged else SHORT[:3]),
            "各单位负荷",
            "unit_workload",
            key="load_table",
            height=min(36 * (len(units) + 1), 36 * DRAWN),
            whole=parts.labelled(units, exhibits.LOAD),
        )
    matrix = view.ask("unit_matrix")
    of_drawn = matrix[matrix.unit.isin(drawn.unit)]
    parts.draw(view, exhibits.unit_matrix(of_drawn, list(drawn.unit), note=note), key="matrix")


def ranking(view: parts.View, units: pd.DataFrame) -> None:
    """The units of each class with their ranks; a class of one has none."""
    st.subheader("同类单位排名", anchor=False, help="按完成率排，并列同名次；不同类别不相互比较。")
    columns = st.columns(2)
    applicable = units[units.applicable > 0]["class"].value_counts()
    ranked = [name for name in charts.class_order(units) if applicable.get(name, 0) > 1]
    for position, name in enumerate(ranked):
        with columns[min(position, 1)]:
            parts.draw(
                view,
                exhibits.class_ranking(name, units[units["class"] == name]),
                key=f"rank_{name}",
                on_click=_focus_on,
            )


def one_unit(view: parts.View, units: pd.DataFrame, *, judged: bool) -> None:
    """A chosen unit in figures, and its tasks; at first one of the sidebar's."""
    st.subheader("单位任务页", anchor=False)
    names = list(units.unit)
    first = next((name for name in view.scope.units if name in names), names[0])
    focus = st.selectbox(
        "单位", names, index=names.index(first), key="focus", bind="query-params", width=360
    )
    unit = units[units.unit == focus].iloc[0]
    parts.tiles(
        [
            (
                "承担任务",
                f"{unit.tasks} 项",
                f"其中牵头 {unit.lead_tasks} 项、首位 {unit.first_listed_tasks} 项",
            ),
            ("折算任务", f"{unit.shared_load:.1f} 项", "Σ 1 ÷ 该任务的单位数"),
            (
                "完成率",
                rate(unit) if judged else "未填报",
                f"基本任务 {unit.applicable} 项中完成 {unit.done} 项",
            ),
            ("逾期", f"{unit.overdue} 项" if judged else "未填报", "本单位已报完成的部分不计"),
            (
                "未报送",
                f"{unit.not_reported} 项" if judged else "未填报",
                "本月没有填报的未完成任务",
            ),
        ]
    )
    tasks = view.ask("unit_tasks", unit=focus)
    columns = ["lamp", "number", "task", "role", "due", "percent", "reason"]
    if not judged:
        columns = ["number", "short_name", "task", "role", "sharing_units", "due"]
    if tasks.collective.notna().any():
        columns.insert(columns.index("role") + 1, "collective")
    parts.task_table(view, tasks, columns, "unit_tasks", key="unit_tasks", title=f"{focus}的任务")


def _focus_on(clicked: list[str]) -> None:
    st.session_state.focus = clicked[0]
