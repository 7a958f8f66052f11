"""补分: the steps still open as a list to tick, what they come to, and the least work to a target.

Owns what is ticked. The question `open_points` says what a step gains; `planning` does the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from findings import scores
from metrics import planning
from screens import parts
from screens.parts import saving
from warehouse.entries.marks import estimate_effort
from words import NEEDS, day, each_row, score

_COLUMNS = {
    "做到": st.column_config.CheckboxColumn(width=74),
    "编号": st.column_config.NumberColumn(width=44, format="%d"),
    "目标任务": st.column_config.TextColumn(width=276),
    "做什么": st.column_config.TextColumn(width=112),
    "责任单位": st.column_config.TextColumn(width=140),
    "期限": st.column_config.TextColumn(width=92),
    "该项得分": st.column_config.TextColumn(width=92, alignment="right"),
    "每步工作量": st.column_config.NumberColumn(width=112, min_value=0.1, step=0.1, format="%.1f"),
}


@dataclass(frozen=True)
class Choice:
    """What can be chosen from: the answer's rows in the order of the list, and as steps."""

    rows: pd.DataFrame
    steps: list[planning.Step]
    now: planning.Standing


def headline(view: parts.View) -> Choice | None:
    """What can still be won in one sentence; what can be chosen from, None where nothing can."""
    if view.ask("scores").empty:
        parts.headline(scores.NOTHING_IN_SCOPE)
        return None
    # The list follows the filters; the total is always of the whole ledger.
    cap = None if view.scheme is None else view.scheme.bonus_cap_cents
    now = planning.standing(view.ask("scores", view.unfiltered()), cap)
    rows = view.ask("open_points")
    as_of = view.scope.as_of
    parts.headline(scores.still_to_win(now, rows, as_of, view.assessed_on))
    if as_of >= view.assessed_on:
        st.info(
            "把左侧的截至日期改到评估日以前，可以看那一天还能补的分；评估日在“评分方案”页修改。",
            icon=":material/event:",
        )
    return choice_of(rows, now) if len(rows) else None


def definition() -> None:
    """What a step is, and how the least work to a target is found."""
    with st.popover("口径", type="tertiary"):
        parts.definition("open_points")
        st.markdown(
            "最省力的办法是在所列的步骤中求得的：工作量合计最小而总分不少于目标，不是逐项估计；"
            "任务和加分总上限、分档的台阶、缺项折算都已计入。筛选后只在所列的任务中找。"
        )


def choice_of(rows: pd.DataFrame, now: planning.Standing) -> Choice:
    """`open_points` rows with the most points for the least work first; a task's steps stay in
    their order."""
    rows = planning.by_gain(rows)
    return Choice(rows, planning.steps_of(rows), now)


@st.fragment
def what_if(view: parts.View, choice: Choice) -> None:
    """Boxes to tick and the totals they come to, at once."""
    # Counts the listed steps only: under a filter this is less than the ledger's 可达上限.
    most = planning.most(choice.now, choice.steps)
    _target(choice, most)
    tiles = st.container()
    ticked = _list(view, choice)
    taken: dict[UUID, int] = {}
    for row in each_row(choice.rows[ticked]):
        task_id = UUID(str(row.task_id))
        taken[task_id] = max(taken.get(task_id, 0), int(row.step_number))
    plan = planning.what_if(choice.now, choice.steps, taken)
    now = choice.now.total()
    with tiles:
        parts.tiles(
            [
                ("现在自评", f"{score(now)} 分", ""),
                (
                    "如果做到所勾选的",
                    f"{score(plan.total)} 分",
                    "勾选某项任务靠后的一步，即把它前面的各步也算上。",
                ),
                ("可补", f"{score(plan.total - now)} 分", ""),
                (
                    "工作量",
                    scores.effort(plan.effort),
                    "每步的工作量可在表中估计；没有估计的每步计 1。",
                ),
                ("最多可达", f"{score(most)} 分", "到评估日把所列的全部做完。"),
            ]
        )


def _target(choice: Choice, most: int) -> None:
    line = st.container(horizontal=True, vertical_alignment="bottom")
    target = line.number_input(
        "目标总分",
        min_value=0.0,
        value=min(90.0, most / 100) if most > 0 else 0.0,
        step=0.5,
        format="%.2f",
        key="target",
        width=150,
    )
    wanted = round(target * 100)
    found = planning.cheapest(choice.now, choice.steps, wanted)
    steps = {} if found is None else dict(found.steps)
    if line.button("按最省力的办法勾选", disabled=not steps):
        st.session_state.plan_steps = steps
        st.session_state.plan_round = st.session_state.get("plan_round", 0) + 1
    if line.button("全部不勾"):
        st.session_state.plan_steps = {}
        st.session_state.plan_round = st.session_state.get("plan_round", 0) + 1
    st.markdown(scores.plan(found, choice.now, wanted, most))


def _list(view: parts.View, choice: Choice) -> pd.Series:
    """Which rows are ticked; estimates of effort are saved by a button."""
    rows = choice.rows
    planned: dict[UUID, int] = st.session_state.get("plan_steps", {})
    shown = pd.DataFrame(
        {
            "做到": [
                row.step_number <= planned.get(UUID(str(row.task_id)), 0) for row in each_row(rows)
            ],
            "编号": rows.number,
            "目标任务": [parts.grid_text(task, 56) for task in rows.task],
            "做什么": rows.needs.map(NEEDS),
            "责任单位": [parts.grid_text(str(units or ""), 28) for units in rows.units],
            "期限": rows.effective_due_on.map(day),
            "该项得分": [
                f"{score(row.to_cents - row.won_cents)} → {score(row.to_cents)}"
                for row in each_row(rows)
            ],
            "每步工作量": rows.step_effort.astype(float),
        }
    )
    typed = ("做到", "每步工作量") if view.warehouse.may("估计工作量") else ("做到",)
    edited = st.data_editor(
        shown,
        column_config=_COLUMNS,
        hide_index=True,
        disabled=[str(name) for name in shown if name not in typed],
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(shown), 700),
        key=f"steps_{st.session_state.get('plan_round', 0)}",
        alt="可补的分",
    )
    _save_efforts(view, rows, shown, edited)
    return edited["做到"].astype(bool)


def _save_efforts(
    view: parts.View, rows: pd.DataFrame, shown: pd.DataFrame, edited: pd.DataFrame
) -> None:
    changed = edited["每步工作量"] != shown["每步工作量"]
    if not changed.any():
        return
    line = st.container(horizontal=True, vertical_alignment="bottom")
    recorded_by = parts.author(view.warehouse, line, "操作人", key="effort_author", width=200)
    if not line.button("保存工作量估计", type="primary"):
        return
    efforts: dict[UUID, Any] = {
        UUID(str(task_id)): Decimal(str(round(value, 1)))
        for task_id, value in zip(
            rows.task_id[changed], edited["每步工作量"][changed].fillna(0), strict=True
        )
    }
    saving.save("effort", lambda: estimate_effort(view.warehouse, efforts, recorded_by=recorded_by))
