"""One unit: what is its own, what is due, what the office returned, and its rank and why."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

import metrics
from findings import exhibits
from findings import unit as unit_findings
from screens import parts
from words import number, plain, rate


def pick(view: parts.View) -> tuple[parts.View, str]:
    """Draw the choice of a unit, at first the one that other pages are narrowed to; the view in which
    the unit stands by its own name, and the name. A member of a collective stands there beside the
    other members."""
    units = view.ask("units")
    names = list(units.unit)
    elsewhere = [name for name in st.session_state.get("unit") or () if name in names]
    focus = st.selectbox(
        "单位",
        names,
        index=names.index(elsewhere[0]) if elsewhere else 0,
        key="focus",
        bind="query-params",
        width=360,
        label_visibility="collapsed",
    )
    is_named = bool(units.set_index("unit").is_named[focus])
    return parts.judge_cards_by(view.with_members(not is_named)), focus


def page(view: parts.View, focus: str) -> None:
    """Everything about the unit, most urgent first."""
    units = view.ask("unit_workload")
    unit = units[units.unit == focus].iloc[0]
    tasks = view.ask("unit_tasks", unit=focus)
    judged = bool(view.ask("completion", by="all").has_progress.any())
    completions = view.ask("reported_completions", row_limit=metrics.NO_LIMIT)
    returned = unit_findings.returned_to(completions, focus)
    soon = int(view.ledger.due_soon_days)
    parts.headline(unit_findings.headline(unit, tasks, len(returned), soon, judged=judged))
    if not judged:
        parts.how_to_report()
    _tiles(unit, returned, judged=judged)
    if judged:
        _returned(returned)
        _due(view, tasks, focus, soon)
        _rank(view, unit, units)
    _all(view, tasks, focus, judged=judged)


def _tiles(unit: Any, returned: pd.DataFrame, *, judged: bool) -> None:
    def figure(value: str) -> str:
        return value if judged else "未填报"

    place = f"{int(unit.rank_in_class)}/{int(unit.units_in_class)}" if unit.is_ranked else "不排名"
    parts.tiles(
        [
            (
                "承担任务",
                f"{unit.tasks} 项",
                f"其中牵头 {unit.lead_tasks} 项、首位 {unit.first_listed_tasks} 项；"
                "折算任务 = Σ 1 ÷ 该任务的单位数",
                f"折算 {number(unit.shared_load, 1)} 项",
            ),
            (
                "完成率",
                figure(rate(unit)),
                f"适用任务 {unit.applicable} 项中完成 {unit.done} 项",
                f"{unit.done}/{unit.applicable}" if judged else "",
            ),
            ("名次", figure(place), "在同类单位中按完成率排", str(unit["class"])),
            ("逾期", figure(f"{unit.overdue} 项"), "本单位已报完成的部分不计"),
            ("退办待改", figure(f"{len(returned)} 项"), "报了完成、被退回、还没有重新报完成的"),
            ("未报送", figure(f"{unit.not_reported} 项"), "本月没有填报的未完成任务"),
        ]
    )


def _returned(returned: pd.DataFrame) -> None:
    """What the office returned and why."""
    if returned.empty:
        return
    with st.container(border=True):
        st.markdown(f"**退办待改 {len(returned)} 项**")
        st.dataframe(
            returned.assign(目标任务=[parts.grid_text(text, 57) for text in returned["目标任务"]]),
            hide_index=True,
            row_height=parts.ROW_HEIGHT,
            placeholder="—",
            alt="退办待改的任务",
        )


def _due(view: parts.View, tasks: pd.DataFrame, focus: str, soon: int) -> None:
    urgent = unit_findings.open_until(tasks, soon)
    with st.container(border=True):
        st.markdown(f"**逾期和 {soon} 天内到期 {len(urgent)} 项**（勾选一行看任务卡）")
        parts.task_table(
            view,
            urgent,
            ["lamp", "number", "task", "due", "percent", "reason"],
            "unit_tasks",
            key="unit_due",
            title=f"{focus}逾期和即将到期的任务",
        )


def _rank(view: parts.View, unit: Any, units: pd.DataFrame) -> None:
    st.subheader("名次和原因", anchor=False)
    st.markdown(plain(unit_findings.rank_of(unit, units)))
    peers = units[(units["class"] == unit["class"]) & (units.applicable > 0)]
    if len(peers) > 1:
        parts.draw(view, exhibits.class_ranking(unit["class"], peers), key="unit_rank")


def _all(view: parts.View, tasks: pd.DataFrame, focus: str, *, judged: bool) -> None:
    columns = ["lamp", "number", "task", "role", "due", "percent", "reason"]
    if not judged:
        columns = ["number", "short_name", "task", "role", "sharing_units", "due"]
    if tasks.collective.notna().any():
        columns.insert(columns.index("role") + 1, "collective")
    with st.container(border=True):
        st.markdown(f"**{plain(focus)}的全部任务 {len(tasks)} 项**（勾选一行看任务卡）")
        parts.task_table(
            view, tasks, columns, "unit_tasks", key="unit_tasks", title=f"{focus}的任务"
        )
