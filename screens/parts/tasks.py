"""Tables whose rows are tasks: ticking a row opens its card.

Owns the columns of a task as a person reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from screens.frame.view import View
from screens.parts.parts import download
from words import (
    LAMPS,
    NO_POINTS,
    PERIODS,
    ROLES,
    STATES,
    day,
    each_row,
    is_missing,
    lamp,
    number,
    percent,
    shorten,
)

TASK_CARD = "task_card"
"""Session key: the task whose card is to be opened at the end of this run."""
CARD_ADDRESS = "task"
"""In the address: the task whose card is open, by its id, or by its number as a person types it."""

TASK_COLUMNS = {
    "lamp": st.column_config.TextColumn("预警灯", width=76),
    "number": st.column_config.NumberColumn("编号", width=44, format="%d"),
    "short_name": st.column_config.TextColumn("一级指标", width=120),
    "task": st.column_config.TextColumn("目标任务", width=264),
    "units": st.column_config.TextColumn("责任单位", width=162),
    "role": st.column_config.TextColumn("角色", width=88),
    "collective": st.column_config.TextColumn("来自集体", width=120),
    "sharing_units": st.column_config.NumberColumn("共同承担", width=84, format="%d 个单位"),
    "due": st.column_config.TextColumn("期限", width=108),
    "state": st.column_config.TextColumn("状态", width=70),
    "change": st.column_config.TextColumn("变化", width=76),
    "percent": st.column_config.TextColumn("进度", width=62, alignment="right"),
    "reason": st.column_config.TextColumn("理由", width=196),
    "stated": st.column_config.TextColumn("单位填报的原因和下一步", width=230),
    "urged": st.column_config.TextColumn("催办事由", width=110),
    "demand": st.column_config.TextColumn("要求", width=110),
    "missed": st.column_config.NumberColumn("缺（期）", width=64),
    "windows": st.column_config.NumberColumn("应有（期）", width=84),
    "number_then": st.column_config.NumberColumn("原编号", width=56, format="%d"),
    "text_then": st.column_config.TextColumn("原文字", width=290),
    "text_now": st.column_config.TextColumn("新文字", width=290),
    "rearranged": st.column_config.TextColumn("分工、期限、位置", width=196),
    "starts": st.column_config.TextColumn("缺口起始日", width=150),
    "words": st.column_config.TextColumn("原文用词", width=90),
    "claim_state": st.column_config.TextColumn("状态", width=76),
    "times": st.column_config.NumberColumn("次数", width=54),
    "newest": st.column_config.TextColumn("最近日期", width=96),
    "evidence": st.column_config.NumberColumn("佐证", width=60, format="%d 件"),
    "points": st.column_config.TextColumn("分值", width=100),
    "cost": st.column_config.TextColumn("扣分", width=58, alignment="right"),
    "rule": st.column_config.TextColumn("规则", width=70),
    "full": st.column_config.TextColumn("满分", width=58, alignment="right"),
    "self": st.column_config.TextColumn("自评", width=58, alignment="right"),
    "secured": st.column_config.TextColumn("已锁定", width=64, alignment="right"),
    "reachable": st.column_config.TextColumn("可达", width=58, alignment="right"),
    "manual": st.column_config.TextColumn("人工评分", width=76, alignment="right"),
    "review": st.column_config.TextColumn("复核", width=58, alignment="right"),
    "why": st.column_config.TextColumn("失分原因", width=196),
    "proof": st.column_config.TextColumn("需要的佐证", width=180),
    "held": st.column_config.TextColumn("现有材料", width=180),
    "gap": st.column_config.TextColumn("缺口", width=76),
    "lost": st.column_config.TextColumn("现在少得", width=76, alignment="right"),
    "at_stake": st.column_config.TextColumn("最多涉及", width=76, alignment="right"),
}
# The grid does not break a line between two days, so where a deadline was extended there is room for
# both, taken from the text of the task.
_WITH_TWO_DAYS = {
    "task": st.column_config.TextColumn("目标任务", width=240),
    "due": st.column_config.TextColumn("期限", width=174),
}
# Widths at which what the units said fits beside the task and two days in a window 1366 wide.
_WITH_STATED = {
    "task": st.column_config.TextColumn("目标任务", width=184),
    "units": st.column_config.TextColumn("责任单位", width=120),
    "reason": st.column_config.TextColumn("理由", width=150),
    "stated": st.column_config.TextColumn("单位填报的原因和下一步", width=186),
}
# Widths at which 需要的佐证 and 现有材料 fit beside the task in a window 1440 wide.
_WITH_PROOF = {
    "task": st.column_config.TextColumn("目标任务", width=204),
    "units": st.column_config.TextColumn("责任单位", width=126),
    "proof": st.column_config.TextColumn("需要的佐证", width=134),
    "held": st.column_config.TextColumn("现有材料", width=152),
}
LISTED = 500
"""Rows that a long table lists on screen; its workbook has them all."""
# Tall enough for three lines: the grid wraps text in rows of more than 64 pixels.
ROW_HEIGHT = 66
# How many characters fill three lines at a window 1366 wide.
_THREE_LINES = {
    **{"task": 51, "units": 29, "reason": 35, "collective": 21, "starts": 30},
    **{"why": 35, "stated": 42, "proof": 33, "held": 33},
    **{"text_then": 56, "text_now": 56, "rearranged": 35},
}
_THREE_LINES_WITH_STATED = {"task": 35, "units": 20, "reason": 27, "stated": 34}
_THREE_LINES_WITH_PROOF = {"task": 38, "units": 22, "proof": 23, "held": 27}


def put_card_away() -> None:
    """The card was closed, or another dialog opens, of which Streamlit shows one at a time: no card is
    asked for any more, and the address names the page alone."""
    st.session_state.pop(TASK_CARD, None)
    st.query_params.pop(CARD_ADDRESS, None)


def task_table(
    view: View,
    rows: pd.DataFrame,
    columns: list[str],
    question: str,
    *,
    key: str,
    title: str,
    everything: pd.DataFrame | Callable[[], pd.DataFrame] | None = None,
    exported: list[str] | None = None,
) -> None:
    """Rows that are tasks (`task_list`, `unit_tasks`, …): ticking one opens its card.

    Long texts are cut to three lines; the card and the workbook have them whole. `everything` gives
    the rows of the workbook where the screen lists only the first of them, `exported` its columns
    where the screen has room for fewer.
    """
    if rows.empty:
        st.info("没有符合条件的任务。", icon=":material/check_circle:")
        return
    labels = {name: config["label"] for name, config in TASK_COLUMNS.items()}

    def whole() -> pd.DataFrame:
        every = rows if everything is None else everything
        readable = _readable(every() if callable(every) else every)
        return readable[exported or columns].rename(columns=labels)

    ticking_table(_readable(rows)[columns], rows.task_id, key=key, title=title)
    download(view, whole, title, question, key=key)


def matching(rows: pd.DataFrame) -> int:
    """How many rows there are in all of an answer that lists the first, from its column `matching`."""
    return int(rows.matching.iloc[0]) if len(rows) else 0


def listed_first(listed: int, there_are: int) -> None:
    """Say that only the first rows are listed, where they are not all."""
    if there_are > listed:
        st.caption(f"共 {there_are:,} 项，列出前 {listed:,} 项；下载的是全部。")


def claim_table(view: View, rows: pd.DataFrame, *, key: str, title: str) -> None:
    """`bonus_penalty` rows: state, times, evidence and points; ticking one opens its card."""
    if rows.empty:
        st.info(f"所选范围内没有{title}。")
        return
    whole = pd.DataFrame(
        {
            "claim_state": rows.state,
            "number": rows.number,
            "task": rows.task,
            "units": rows.units,
            "times": rows.times,
            "newest": rows.newest_on.map(day),
            "evidence": rows.evidence,
            "points": [_claimed_points(row.points, row.full_points) for row in each_row(rows)],
        }
    )
    ticking_table(whole, rows.task_id, key=key, title=title)
    labels = {name: config["label"] for name, config in TASK_COLUMNS.items()}
    download(view, whole.rename(columns=labels), title, "bonus_penalty", key=key)


def _claimed_points(points: float, full: float) -> str:
    if is_missing(points) and is_missing(full):
        return NO_POINTS
    return (
        f"{number(points, 1)} / 满分 {number(full, 1)}"
        if not is_missing(full)
        else number(points, 1)
    )


def ticking_table(
    whole: pd.DataFrame, task_ids: pd.Series, *, key: str, title: str, placeholder: str = "未填报"
) -> None:
    """Rows about tasks in the columns of `TASK_COLUMNS`; ticking one opens its card. `placeholder`
    is what an empty cell says."""

    def opened() -> None:
        ticked = st.session_state[key].selection.rows
        if ticked:
            st.session_state[TASK_CARD] = task_ids.iloc[ticked[0]]
            # Untick at once, so that the same row opens its card again.
            st.session_state[key] = {"selection": {"rows": []}}

    shown = whole.copy()
    config, lengths = TASK_COLUMNS, _THREE_LINES
    if "held" in shown:
        config = TASK_COLUMNS | _WITH_PROOF
        lengths = _THREE_LINES | _THREE_LINES_WITH_PROOF
    if "stated" in shown:
        lengths = lengths | _THREE_LINES_WITH_STATED
    for column, length in lengths.items():
        if column in shown:
            shown[column] = [grid_text(str(text), length) for text in shown[column]]
    if "due" in shown and shown["due"].str.contains("原|延至").any():
        config = config | _WITH_TWO_DAYS
    if "stated" in shown:
        config = config | _WITH_STATED
    styled: Any = shown
    if "lamp" in shown:
        inks = {
            lamp(code): f"color: {each.colour}; font-weight: 600" for code, each in LAMPS.items()
        }
        styled = shown.style.map(lambda word: inks.get(str(word), ""), subset=["lamp"])
    st.dataframe(
        styled,
        hide_index=True,
        key=key,
        column_config=config,
        row_height=ROW_HEIGHT,
        height=min(38 + ROW_HEIGHT * len(shown), 700),
        on_select=opened,
        selection_mode="single-row",
        placeholder=placeholder,
        alt=title,
    )


def grid_text(text: str, width: float) -> str:
    """Text for a wrapping grid cell, cut after `width` characters.

    The grid breaks a line at its last space if it has one, which tears Chinese lines apart; at a
    no-break space it does not.
    """
    return shorten(text.replace(" ", "\u00a0"), width)


def _readable(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows.copy()
    shown["lamp"] = rows["lamp"].map(lamp)
    if "state" in rows:
        shown["state"] = [STATES.get(code, "—") for code in rows["state"]]
    if "role" in rows:
        shown["role"] = [
            f"{ROLES[role]}·首位" if first else ROLES[role]
            for role, first in zip(rows["role"], rows["is_first"], strict=True)
        ]
    if "period" in rows:
        shown["demand"] = [
            f"{PERIODS[period]}至少 {least} 次"
            for period, least in zip(rows["period"], rows["min_count"], strict=True)
        ]
    if "percent" in rows:
        shown["percent"] = [
            percent(value) if value == value else "未填报" if kind == "base" else ""
            for value, kind in zip(rows["percent"], rows["kind"], strict=True)
        ]
    if "collective" in rows:
        shown["collective"] = rows["collective"].fillna("")
    if "effective_due_on" in rows:
        texts = rows["deadline_text"] if "deadline_text" in rows else [""] * len(rows)
        shown["due"] = [
            day(due) if due == due else (text or "未明确")
            for due, text in zip(rows["effective_due_on"], texts, strict=True)
        ]
    if "extended_to" in rows:
        shown["due"] = [
            f"{due} {_other_due(row)}" if not is_missing(row.extended_to) else due
            for due, row in zip(shown["due"], each_row(rows), strict=True)
        ]
    return shown


def _other_due(row: Any) -> str:
    """Of an extended task, the due day that is not judged by; it stands on a line of its own."""
    if row.effective_due_on == row.extended_to:
        return f"原{day(row.due_on)}"
    return f"延至{day(row.extended_to)}"
