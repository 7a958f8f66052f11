"""计划节点读作: how the plan of each task was read, to be looked at and written over.

Draws the table; the reading comes from `loaders.plan`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from loaders import Ledger, Task
from loaders.choices import Doubts
from loaders.correcting import stated
from screens import parts
from screens.ledger.decisions import Decisions
from screens.ledger.sources import table_height
from words import plain


def carries_plans(ledger: Ledger) -> bool:
    """Whether the ledger as read says of any task by which day how much is to be done."""
    return any(task.plan for task in ledger.tasks)


def plan_table(
    read: Ledger, tasks: Mapping[int, Task], decisions: Decisions, doubts: Doubts
) -> None:
    """One row for each task with a plan: as written, as read, and whether that is certain."""
    numbers = {task.number for task in read.tasks if task.plan}
    shown = {number: task for number, task in tasks.items() if number in numbers}
    decisions.shown_plans = tuple(shown)
    settled = decisions.settled(read, doubts)
    uncertain = {
        number
        for index, issue in enumerate(read.issues)
        if issue.about == "plan" and index not in settled
        for number in doubts.tasks(issue)
    }
    planned = sum(bool(stated(task, "plan")) for task in shown.values())
    st.markdown("**计划节点读作**（可直接改，改动会记录在案）")
    st.caption(
        f"{planned} 项有计划节点，{len(uncertain)} 项读法待核对。有计划节点的任务与节点比较，其余按时间均摊推算。"
        "新版只存入与上一版不同的计划；没有写计划的任务沿用原来的。"
    )
    st.data_editor(
        pd.DataFrame(
            {
                "number": [task.number for task in shown.values()],
                "text": [parts.grid_text(task.task, 40) for task in shown.values()],
                "check": ["○ 待核对" if number in uncertain else "" for number in shown],
                "written": [
                    parts.grid_text(task.plan.text if task.plan else "", 40)
                    for task in shown.values()
                ],
                "plan": [stated(task, "plan") for task in shown.values()],
            }
        ),
        key=decisions.plan_editor,
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        height=table_height(len(shown)),
        disabled=["number", "text", "written", "check"],
        column_config={
            "number": st.column_config.NumberColumn("编号", width=46),
            "text": st.column_config.TextColumn("任务", width=230),
            "check": st.column_config.TextColumn("读法", width=84),
            "written": st.column_config.TextColumn("原文", width=230),
            "plan": st.column_config.TextColumn(
                "计划节点", width=330, help="如 2026-06-30 50%；2026-09-30 80%，空着是没有计划"
            ),
        },
    )


def unread_plans(tasks: Mapping[int, Task], decisions: Decisions) -> list[str]:
    """A sentence for each plan that was typed and in which no day with its percentage was found."""
    typed = decisions.revision().changes
    return [
        f"第 {task.number} 项的计划节点“{plain(text)}”没有读出日期和进度，"
        "请写作“6月底完成50%，9月底完成80%”，或清空这一格。"
        for number, task in tasks.items()
        if (text := typed.get(number, {}).get("plan", "")) and not stated(task, "plan")
    ]
