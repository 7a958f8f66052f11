"""The task card: everything known of one task, and the form to report on it.

Opened over any page when a row is ticked. Draws answers and hands entries to the warehouse; judges
nothing itself.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import pandas as pd
import streamlit as st

import metrics
from screens import parts
from screens.task.basis import show_basis
from screens.task.cadence import show_windows
from screens.task.forms import entry_form
from screens.task.history import show_evidence, show_history
from screens.task.saving import newest, show_news
from screens.task.score import show_score
from warehouse import WarehouseError
from warehouse.ledger.pictures import pictures_of_row
from words import (
    DEADLINE_KINDS,
    KINDS,
    LAMPS,
    PERIODS,
    READINGS,
    ROLES,
    STATES,
    day,
    each_row,
    is_missing,
    lamp,
    percent,
    plain,
)

Badge = Literal["red", "orange", "green", "blue", "gray"]
BADGES: dict[str, Badge] = {
    "red": "red", "yellow": "orange", "green": "green", "blue": "blue", "grey": "gray",
}  # fmt: skip
"""The colour of a badge for each lamp, of those that Streamlit has."""
MARKED = "background-color: #FBE3B0; color: #1F2A37; font-weight: 600"
"""The cell a task stands in, among the rows around it."""


def ask_by_address() -> None:
    """Ask for the card that the address names, before the page runs and says which view judges it."""
    if wanted := st.query_params.get(parts.CARD_ADDRESS, ""):
        st.session_state.setdefault(parts.TASK_CARD, wanted)


def show_asked_for() -> None:
    """Open the card that a ticked row or the address asked for, if any; called once at the end of every
    run. While it is open the address names it, so that it can be sent, reloaded and gone back from."""
    wanted = st.session_state.pop(parts.TASK_CARD, None)
    if wanted is None:
        return
    view = parts.view_of_card()
    task_id = _task_id(view, str(wanted))
    if task_id is None:
        del st.query_params[parts.CARD_ADDRESS]
        st.warning(
            f"网址中的任务“{plain(str(wanted))}”不在这份台账里，请核对编号，或在左侧换一份台账。",
            icon=":material/search_off:",
        )
        return
    st.query_params[parts.CARD_ADDRESS] = str(task_id)
    _card(view, task_id)


def _task_id(view: parts.View, wanted: str) -> UUID | None:
    """The id that an id or a number names; None for what is neither."""
    if wanted.isdecimal():
        tasks = view.ask("task_list", view.unfiltered(), signal="all", row_limit=metrics.NO_LIMIT)
        ids = tasks.task_id[tasks.number == int(wanted)]
        return UUID(str(ids.iloc[0])) if len(ids) else None
    try:
        return UUID(wanted)
    except ValueError:
        return None


@st.dialog("任务卡", width="large", on_dismiss=parts.put_card_away)
def _card(view: parts.View, task_id: UUID) -> None:
    with view.warehouse.snapshot():
        _draw(newest(view), task_id)


def _draw(view: parts.View, task_id: UUID) -> None:
    show_news(view, task_id)
    rows = view.ask("task_card", task_id=task_id)
    if rows.empty:
        st.info("这项任务在当前版次中已不存在。")
        return
    task = rows.iloc[0]
    units = view.ask("task_units", task_id=task_id)
    _head(task)
    left, right = st.columns(2, gap="large")
    with left:
        _facts(
            {
                "一级指标": task.level1,
                "二级指标": task.level2 or "台账未写明",
                "完成期限": _deadline(task),
                "计划节点": _plan(view, task_id),
                "频次要求": _cadences(view, task_id),
                "数量要求": "、".join(task.quantities) or "无",
                "台账分值": "未写明" if is_missing(task.points) else f"{task.points:g} 分",
                "备注": task.note or "无",
            }
        )
    with right:
        inherited = "（本格为空，承接上一行）" if task.responsible_inherited else ""
        st.markdown(f"**责任单位**　原文“{plain(task.responsible_text)}”{inherited}")
        st.dataframe(
            _units(units),
            hide_index=True,
            row_height=40,
            placeholder="未填报",
            alt="本任务的责任单位",
        )
    # On a page of points the card opens at 得分, which explains the mark.
    history, evidence, windows, marks, source, entry = st.tabs(
        ["经过", "佐证材料", "频次", "得分", "原文位置", "填报"],
        default="得分" if view.scoring else "经过",
    )
    with history:
        show_history(view, task_id)
    with evidence:
        show_evidence(view, task_id)
    with windows:
        show_windows(view, task_id)
    with marks:
        show_score(view, task_id)
    with source:
        _source(view, task, task_id)
    with entry:
        entry_form(view, task, task_id, units)


def _head(task: pd.Series) -> None:
    marks = st.container(horizontal=True, gap="small")
    marks.badge(lamp(task.lamp), color=BADGES[task.lamp])
    marks.badge(f"第 {task.number} 项", color="gray")
    marks.badge(KINDS[task.kind], color="gray")
    if not is_missing(task.state):
        marks.badge(STATES[task.state], color="red" if task.state == "overdue" else "gray")
    for signal, word in (("overdue", "逾期"), ("behind", "滞后"), ("not_reported", "未报送")):
        # 已逾期 says it already.
        if task[signal] and task.ledger_has_progress and task.state != signal:
            marks.badge(word, color="orange" if signal != "overdue" else "red")
    st.header(plain(task.task), anchor=False)
    standing = f"{LAMPS[task.lamp].word}理由：{plain(task.reason)}。"
    if task.kind == "base" and task.ledger_has_progress and task.is_applicable:
        # That nothing was reported is in the reason.
        reported = [] if is_missing(task.reported_on) else [f"填报进度 {percent(task.percent)}"]
        if not is_missing(task.expected_percent):
            reported.append(f"序时进度 {percent(task.expected_percent)}")
        standing += "，".join(reported) + "。" * bool(reported)
    st.markdown(standing)


def _deadline(task: pd.Series) -> str:
    text = f"原文“{task.deadline_text}”" if task.deadline_text else "原文空白"
    if task.deadline_inherited:
        text += "（本格为空，承接上一行）"
    if is_missing(task.due_on):
        return f"{text}，读作{DEADLINE_KINDS[task.deadline_kind]}"
    text += f"，读作 {day(task.due_on)}"
    if not is_missing(task.extended_to):
        what = "补批延期至" if task.extended_late else "已批准延期至"
        text += f"；{what} {day(task.extended_to)}"
    return text


def _cadences(view: parts.View, task_id: UUID) -> str:
    windows = view.ask("task_windows", task_id=task_id)
    if windows.empty:
        return "无"
    demands = windows.drop_duplicates("period")
    return "；".join(f"{PERIODS[row.period]}至少 {row.min_count} 次" for row in each_row(demands))


def _plan(view: parts.View, task_id: UUID) -> str:
    history = view.ask("task_history", task_id=task_id)
    nodes = history[(history.kind == "plan") & ~history.corrected].iloc[::-1]
    listed = "；".join(f"{day(row.effective_on)} {row.said}" for row in each_row(nodes))
    return listed or "没有登记，按时间均摊推算"


def _facts(facts: dict[str, str]) -> None:
    st.markdown("\n\n".join(f"**{name}**　{plain(value)}" for name, value in facts.items()))


def _units(units: pd.DataFrame) -> pd.DataFrame:
    has_lead = (units.role == "lead").any()
    return pd.DataFrame(
        {
            "单位": units.unit,
            "角色": [
                ROLES[row.role] + ("（首位）" if row.position == 1 and not has_lead else "")
                for row in each_row(units)
            ],
            "分工": units["scope"],
            "类别": units["class"],
            "本单位填报": [
                ("已完成" if row.is_done is True else percent(row.percent))
                if not is_missing(row.reported_on)
                else None
                for row in each_row(units)
            ],
        }
    )


def _source(view: parts.View, task: pd.Series, task_id: UUID) -> None:
    table = f"{task.source_table} " if task.source_table else ""
    column = "" if is_missing(task.source_column) else f"第 {task.source_column:.0f} 列"
    rows = view.ask("source_rows", task_id=task_id)
    lines = rows[rows.is_here].source_row
    # In a text ledger a cell may begin some lines below the first line of its row.
    starts = lines.min()
    below = (
        "" if lines.empty or starts == task.source_row else f"（表格的这一行从第 {starts} 行起）"
    )
    st.markdown(
        f"文件 **{plain(task.file_name)}**（第 {task.edition_number} 版）　{table}"
        f"第 {task.source_row} 行{column}{below}"
    )
    show_basis(task)
    _show_pieces(view, task, task_id)
    width = max((len(cells) for cells in rows.cells), default=0)
    shown = pd.DataFrame(
        [
            [parts.grid_text(text, 40) for text in cells] + [""] * (width - len(cells))
            for cells in rows.cells
        ],
        columns=[f"第 {column} 列" for column in range(1, width + 1)],
    )
    shown.insert(0, "读作", rows.reading.map(READINGS))
    shown.insert(0, "行", rows.source_row)
    marks = pd.DataFrame("", index=shown.index, columns=shown.columns)
    for row in rows[rows.is_here].index:
        marks.loc[row] = "background-color: #EAF0F8"
        if not is_missing(task.source_column):
            marks.loc[row, f"第 {task.source_column:.0f} 列"] = MARKED
    st.dataframe(
        shown.style.apply(lambda _: marks, axis=None),
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        column_config={
            "行": st.column_config.NumberColumn(width=50),
            "读作": st.column_config.TextColumn(width=60),
        }
        | {name: st.column_config.TextColumn(width=190) for name in shown.columns[2:]},
        alt="原文位置",
    )


def _show_pieces(view: parts.View, task: pd.Series, task_id: UUID) -> None:
    """How the row looks on the page, of a ledger that was a scan."""
    try:
        pieces = pictures_of_row(
            view.warehouse,
            task_id,
            int(task.edition_number),
            task.source_table,
            int(task.source_row),
        )
    except WarehouseError as error:
        st.caption(plain(str(error)))
        return
    if pieces:
        st.markdown("**原图**（扫描件上的这一行，从左到右）")
        parts.pieces(pieces)
