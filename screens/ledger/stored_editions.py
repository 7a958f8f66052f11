"""The editions in the record: a list of them, and the tasks and corrections of one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from screens import parts
from screens.ledger.correcting import correct_stored
from screens.ledger.taking_in import made_corrections
from screens.ledger.undoing import undo_import
from words import day, each_row, is_missing

WIDTHS = {
    "编号": st.column_config.NumberColumn(width=50),
    "一级指标": st.column_config.TextColumn(width=170),
    "二级指标": st.column_config.TextColumn(width=110),
    "目标任务": st.column_config.TextColumn(width=290),
    "责任单位": st.column_config.TextColumn(width=140),
    "完成时限": st.column_config.TextColumn(width=96),
    "读作": st.column_config.TextColumn(width=96),
}


def headline(editions: pd.DataFrame) -> None:
    """How many ledgers and editions are stored."""
    standing = editions[editions.withdrawn_at.isna()]
    parts.headline(
        f"已存入台账 {standing.ledger_id.nunique()} 份、版次 {len(standing)} 个；"
        "放入印发的台账文件，核对读法后再存入。"
    )


def stored_editions(view: parts.View, editions: pd.DataFrame) -> None:
    """The `editions` rows as a table, and the tasks of a chosen one."""
    st.subheader("已导入的版次", anchor=False)
    listed = pd.DataFrame(
        {
            "台账": editions.title,
            "版次": editions.edition_number,
            "生效日": editions.effective_on.map(day),
            "文件": editions.file_name,
            "任务": editions.tasks,
            "存疑": editions.issues,
            "更正": editions.corrections,
            "导入人": editions.recorded_by,
            "导入日期": editions.recorded_at.map(day),
        }
    )
    if editions.withdrawn_at.notna().any():
        withdrawn = [
            ""
            if is_missing(row.withdrawn_at)
            else f"{day(row.withdrawn_at)} {row.withdrawn_by}：{row.withdrawn_why}"
            for row in each_row(editions)
        ]
        # Beside the edition, where it is seen on every screen: a table this wide is cut at its right.
        listed.insert(2, "撤回", withdrawn)
    parts.answer_table(
        view,
        listed,
        "已导入的版次",
        "editions",
        key="editions",
        whole=listed.assign(导入时间=editions.recorded_at.dt.strftime("%Y-%m-%d %H:%M")),
    )
    with st.expander("查看某一版的任务"):
        _edition(view, editions)
    st.subheader("撤回导入", anchor=False)
    undo_import(view, editions)
    st.subheader("更正台账", anchor=False)
    correct_stored(view, editions)


def _edition(view: parts.View, editions: pd.DataFrame) -> None:
    labels = [
        f"{row.region} {row.year} 第 {row.edition_number} 版（{row.file_name}）"
        for row in each_row(editions)
    ]
    label = st.selectbox("版次", labels, key="edition")
    edition_id = editions.edition_id.iloc[labels.index(label)]
    tasks = view.ask("edition_tasks", edition_id=edition_id, row_limit=parts.LISTED)
    every = view.every("edition_tasks", edition_id=edition_id)
    parts.listed_first(len(tasks), parts.matching(tasks))
    listed = _as_read(tasks)
    listed["目标任务"] = [parts.grid_text(text, 52) for text in listed["目标任务"]]
    st.dataframe(
        listed,
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(tasks), 560),
        column_config=WIDTHS,
        placeholder="—",
        alt=label,
    )
    parts.download(view, lambda: _as_read(every()), label, "edition_tasks", key="edition_tasks")
    made_corrections(view, edition_id)


def _as_read(tasks: pd.DataFrame) -> pd.DataFrame:
    """`edition_tasks` rows as a person reads them."""
    return pd.DataFrame(
        {
            "编号": tasks.number,
            "一级指标": tasks.level1,
            "二级指标": tasks.level2,
            "目标任务": tasks.task,
            "责任单位": tasks.responsible_text,
            "完成时限": tasks.deadline_text,
            "读作": tasks.due_on.map(day),
        }
    )
