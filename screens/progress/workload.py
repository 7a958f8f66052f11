"""单位情况: what each unit carries, and how the units of a class rank."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import charts
from findings import exhibits, progress
from screens import parts

DRAWN = 25
"""The most units drawn at once; the table has them all."""
AS_WRITTEN, EXPANDED = "按台账写法", "展开到成员单位"
EVERY_CLASS = "全部类别"
PRESSED = "unit_pressed"
"""Session key: the unit whose bar was pressed."""
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
    """The units of each class with their ranks; collectives and a class of one have none."""
    st.subheader("同类单位排名", anchor=False, help="按完成率排，并列同名次；不同类别不相互比较。")
    columns = st.columns(2)
    places = units[units.is_ranked]["class"].value_counts()
    ranked = [name for name in charts.class_order(units) if places.get(name, 0) > 1]
    for position, name in enumerate(ranked):
        with columns[min(position, 1)]:
            parts.draw(
                view,
                exhibits.class_ranking(name, units[units["class"] == name]),
                key=f"rank_{name}",
                on_click=_focus_on,
            )


def turn_to_chosen_unit() -> None:
    """Go to the page of the unit whose bar was pressed in this run, if any."""
    if name := st.session_state.pop(PRESSED, None):
        st.session_state.focus = name
        st.switch_page("pages/unit.py", query_params={"focus": name})


def _focus_on(clicked: list[str]) -> None:
    st.session_state[PRESSED] = clicked[0]
