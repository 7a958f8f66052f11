"""The rows: chosen columns in a chosen order, grouped with subtotals, handed on as they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

import metrics
from metrics.narrowing.facets import FACETS
from metrics.narrowing.holding import Mask
from metrics.narrowing.tabling import (
    JUDGED,
    OF_PROGRESS,
    SORTS,
    SUBTOTAL,
    UNJUDGED,
    in_groups,
    ordered,
)
from screens import parts
from screens.explore.asking import Held, choice
from screens.explore.looks import NO_GROUP
from words import each_row

TITLE = "自由筛选"
TICKABLE = 2_000
"""Rows that go to the browser whole and can be ticked; more are fetched as one scrolls."""
GROUPS = {facet.label: facet.key for facet in FACETS if facet.is_single}
WIDTHS = {
    "预警灯": 74, "编号": 46, "一级指标": 92, "目标任务": 226, "责任单位": 126, "期限": 94,
    "状态": 74, "理由": 186,
}  # fmt: skip


def listing(view: parts.View, held: Held, tasks: Mask, *, judged: bool) -> None:
    """Draw the table of the chosen tasks with its settings, its menu of exports and its ticked rows."""
    line = st.container(horizontal=True, vertical_alignment="center")
    with line, st.popover("列、排序、分组", icon=":material/tune:"):
        names, by, falling, group = _settings(held.table, judged=judged)
    rows = ordered(held.explored, tasks, by, falling=falling)
    table = held.table.select(names)
    if group == NO_GROUP:
        whole = np.array_equal(rows, np.arange(len(table)))
        shown, of_task = table if whole else table.take(rows), rows
    else:
        fewest = int(view.ledger.fewest_for_percent)
        shown, of_task = in_groups(
            held.explored, table, rows, GROUPS[group], judged=judged, fewest=fewest
        )
    with line:
        parts.export_menu(
            view,
            shown.to_pandas,
            TITLE,
            metrics.question("explored_tasks").definition,
            key="explore_export",
            narrowed=choice().sentence(),
        )
        _by_number(held)
    ticked = _grid(shown)
    _about(held, [of_task[row] for row in ticked if row < len(of_task) and of_task[row] >= 0])


def _settings(table: pa.Table, *, judged: bool) -> tuple[list[str], str, bool, str]:
    """Columns in their order, what to sort by, whether falling, and the group."""
    offered = [name for name in table.column_names if judged or name not in OF_PROGRESS]
    first = [name for name in (JUDGED if judged else UNJUDGED) if name in offered]
    names = st.multiselect(
        "列（按选取的先后排列）", offered, default=first, key="columns", bind="query-params",
        placeholder="至少选一列",
    )  # fmt: skip
    by = st.selectbox("排序", list(SORTS), key="sort", bind="query-params")
    falling = st.toggle("从大到小、从晚到早", key="falling", bind="query-params")
    group = st.selectbox("分组小计", [NO_GROUP, *GROUPS], key="group", bind="query-params")
    return names or first, by, falling, group


def _by_number(held: Held) -> None:
    """A card for those who know the number, or whose table is too long to tick."""

    def wanted() -> None:
        number = st.session_state.card_number
        match = held.explored.tasks[held.explored.tasks.number == number]
        if len(match):
            st.session_state[parts.TASK_CARD] = match.task_id.iloc[0]
        st.session_state.card_number = None

    st.number_input(
        "按编号看任务卡", min_value=1, step=1, value=None, key="card_number", width=170,
        placeholder="编号", label_visibility="collapsed", on_change=wanted,
    )  # fmt: skip


def _grid(shown: pa.Table) -> list[int]:
    """Draw the rows; which are ticked."""
    if "理由" in shown.column_names:
        # A grid breaks a line only at spaces where there are any, which tears Chinese apart.
        place = shown.column_names.index("理由")
        whole = pc.replace_substring(shown["理由"], " ", "\u00a0")
        shown = shown.set_column(place, "理由", whole)
    config = (
        {
            name: st.column_config.NumberColumn(format="%d", width=WIDTHS.get(name))
            if pa.types.is_integer(field.type)
            else st.column_config.Column(width=WIDTHS.get(name))
            for name, field in zip(shown.column_names, shown.schema, strict=True)
        }
        | {
            name: st.column_config.NumberColumn(format="%.1f" if "%" in name else "%g", width=88)
            for name in shown.column_names
            if name.startswith(SUBTOTAL)
        }
        | {
            name: st.column_config.NumberColumn(format="%.0f%%", width=56 if name == "进度" else 76)
            for name in ("进度", "序时进度")
            if name in shown.column_names
        }
    )
    given: dict[str, Any] = {
        "hide_index": True, "column_config": config, "placeholder": "—", "alt": TITLE,
        "row_height": parts.ROW_HEIGHT, "height": min(38 + parts.ROW_HEIGHT * max(len(shown), 1), 700),
    }  # fmt: skip
    if len(shown) > TICKABLE:
        st.dataframe(shown, lazy=True, **given)
        st.caption(f"超过 {TICKABLE:,} 行，滚动时逐段取来；缩小范围后可以勾选。")
        return []
    drawn = st.dataframe(
        shown,
        lazy=False,
        key="explored_rows",
        on_select="rerun",
        selection_mode="multi-row",
        **given,
    )
    return list(drawn.selection.rows)


def _about(held: Held, ticked: list[int]) -> None:
    """What can be done with ticked tasks: open the card of one, or copy the texts of all."""
    if not ticked:
        return
    tasks = held.explored.tasks.iloc[np.array(ticked)]
    with st.container(border=True):
        line = st.container(horizontal=True, vertical_alignment="center")
        line.markdown(f"**已勾选 {len(tasks)} 项**", width="content")
        for row in each_row(tasks.head(6)):
            if line.button(f"第 {row.number} 项任务卡", key=f"card_{row.number}"):
                st.session_state[parts.TASK_CARD] = row.task_id
        st.caption("指向下面的文字，右上角出现复制按钮。")
        st.code(
            "\n".join(
                f"{row.number}. {row.task}（{row.units or '未写责任单位'}；{_due(row)}）"
                for row in each_row(tasks)
            ),
            language=None,
            wrap_lines=True,
        )


def _due(row: Any) -> str:
    due = row.effective_due_on
    return f"期限 {due:%Y-%m-%d}" if due == due else row.deadline_text or "期限未明确"


def sentence(count: int, conditions: str) -> str:
    """The page's sentence: how many tasks, and which."""
    if not conditions:
        return f"共 {count:,} 项任务；点名称只看它，再点一次取消；点“不含”排除它。"
    return f"{conditions}的任务有 {count:,} 项。" if count else f"没有{conditions}的任务。"
