"""进展读作: how the column of progress of each task was read, to be looked at and written over.

Draws the table and asks for 情况日期; the reading comes from `loaders.progress`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from loaders import Ledger, Progress, Task
from loaders.choices import Doubts
from loaders.correcting import stated
from loaders.progress import STATE_WORDS
from screens import parts
from screens.ledger.decisions import Decisions
from screens.ledger.sources import table_height
from warehouse.store import today
from words import day


def carries_progress(ledger: Ledger) -> bool:
    """Whether any task of the ledger as read has something in a column of progress."""
    return any(task.progress for task in ledger.tasks)


def stated_day(read: Ledger, key: str) -> date | None:
    """Ask of which day the column of progress speaks; the day that the document names is offered."""
    offered = read.stated_on
    column, _ = st.columns([1, 3])
    chosen = column.date_input(
        "情况日期",
        offered,
        key=f"stated_{key}",
        format="YYYY-MM-DD",
        max_value=max(today(), offered or today()),
        help="进展栏说的是哪一天的情况。没有写明完成日期的，只知道到这一天已完成",
    )
    if offered is None and chosen is None:
        st.caption("文件没有写明进展是哪一天的情况，请选择。")
    return chosen


def progress_table(
    read: Ledger,
    tasks: Mapping[int, Task],
    decisions: Decisions,
    doubts: Doubts,
    stated_on: date | None,
) -> None:
    """One row for each task with progress: as written, as read, and whether that is certain."""
    shown = {number: task for number, task in tasks.items() if task.progress}
    decisions.shown_progress = tuple(shown)
    uncertain = {
        number
        for index, issue in enumerate(read.issues)
        if issue.about in ("state", "percent", "completed_on", "progress")
        and index not in decisions.settled(read, doubts)
        for number in doubts.tasks(issue)
    }
    unknown = sum(_is_done(task) and not stated(task, "completed_on") for task in shown.values())
    st.markdown("**进展读作**（可直接改，改动会记录在案）")
    until = f"{day(stated_on)} 的情况，" if stated_on else ""
    st.caption(
        f"{until}{len(shown)} 项有进展，{len(uncertain)} 项读法待核对。"
        f"已完成而没有写明日期的 {unknown} 项：完成日期不详，计入完成，不计入按期，也不计入晚于期限。"
        "进展栏不算任何单位的按月报送。"
    )
    st.data_editor(
        pd.DataFrame(
            {
                "number": [task.number for task in shown.values()],
                "text": [parts.grid_text(task.task, 40) for task in shown.values()],
                "check": ["○ 待核对" if number in uncertain else "" for number in shown],
                "narrative": [_written(task.progress) for task in shown.values()],
                "state": [_state(task) for task in shown.values()],
                "percent": [stated(task, "percent") for task in shown.values()],
                "completed_on": [stated(task, "completed_on") for task in shown.values()],
            }
        ),
        key=decisions.progress_editor,
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        height=table_height(len(shown)),
        disabled=["number", "text", "narrative", "check"],
        column_config={
            "number": st.column_config.NumberColumn("编号", width=46),
            "text": st.column_config.TextColumn("任务", width=266),
            "check": st.column_config.TextColumn("读法", width=84),
            "narrative": st.column_config.TextColumn("原文", width=206),
            "state": st.column_config.SelectboxColumn(
                "状态", options=[*STATE_WORDS.values()], width=86, required=True
            ),
            "percent": st.column_config.TextColumn("进度", width=64, help="如 70%"),
            "completed_on": st.column_config.TextColumn(
                "完成日期", width=100, help="如 2026-09-20；空着是完成日期不详"
            ),
        },
    )


def _written(progress: Progress | None) -> str:
    """What the columns of progress say in words."""
    return parts.grid_text((progress.narrative or progress.evidence) if progress else "", 32)


def _state(task: Task) -> str:
    """The state under which the progress is stored: what names none is in progress."""
    return stated(task, "state") or STATE_WORDS["in_progress"]


def _is_done(task: Task) -> bool:
    return _state(task) == STATE_WORDS["done"]
