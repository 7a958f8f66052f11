"""导入台账: files in, what was understood shown beside the source, and only then stored."""

from functools import partial

import pandas as pd
import streamlit as st

import metrics
from screens import ledger, parts
from words import day, each_row


def as_read(tasks: pd.DataFrame) -> pd.DataFrame:
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


shown = parts.view("导入台账")
stored = shown.ask("editions")
parts.headline(
    f"已存入台账 {(stored.edition_number == 1).sum()} 份、版次 {len(stored)} 个；"
    "放入印发的台账文件，核对读法后再存入。"
)
if shown.office.is_demonstration:
    st.info("演示数据中不导入台账。请先在左侧关闭“演示数据”。")
    st.stop()
if said := st.session_state.pop("stored", None):
    st.success(said)
uploads = st.file_uploader("台账文件（可多选）", ledger.TYPES, accept_multiple_files=True)
ledger.take_in_files(shown, uploads)

st.subheader("已导入的版次", anchor=False)
listed = pd.DataFrame(
    {
        "台账": stored.title,
        "版次": stored.edition_number,
        "生效日": stored.effective_on.map(day),
        "文件": stored.file_name,
        "任务": stored.tasks,
        "存疑": stored.issues,
        "更正": stored.corrections,
        "导入人": stored.recorded_by,
        "导入日期": stored.recorded_at.map(day),
    }
)
parts.answer_table(
    shown,
    listed,
    "已导入的版次",
    "editions",
    key="editions",
    whole=listed.assign(导入时间=stored.recorded_at.dt.strftime("%Y-%m-%d %H:%M")),
)
with st.expander("查看某一版的任务"):
    labels = [
        f"{row.region} {row.year} 第 {row.edition_number} 版（{row.file_name}）"
        for row in each_row(stored)
    ]
    label = st.selectbox("版次", labels, key="edition")
    edition_id = stored.edition_id.iloc[labels.index(label)]
    tasks = shown.ask("edition_tasks", edition_id=edition_id, row_limit=parts.LISTED)
    everything = partial(
        metrics.ask, shown.warehouse, "edition_tasks",
        edition_id=edition_id, row_limit=metrics.NO_LIMIT,
    )  # fmt: skip
    parts.listed_first(len(tasks), parts.matching(tasks))
    listed_tasks = as_read(tasks)
    listed_tasks["目标任务"] = [parts.grid_text(text, 52) for text in listed_tasks["目标任务"]]
    st.dataframe(
        listed_tasks,
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        height=min(38 + parts.ROW_HEIGHT * len(tasks), 560),
        column_config={
            "编号": st.column_config.NumberColumn(width=50),
            "一级指标": st.column_config.TextColumn(width=170),
            "二级指标": st.column_config.TextColumn(width=110),
            "目标任务": st.column_config.TextColumn(width=290),
            "责任单位": st.column_config.TextColumn(width=140),
            "完成时限": st.column_config.TextColumn(width=96),
            "读作": st.column_config.TextColumn(width=96),
        },
        placeholder="—",
        alt=label,
    )
    parts.download(
        shown, lambda: as_read(everything()), label, "edition_tasks", key="edition_tasks"
    )
    ledger.made_corrections(shown, edition_id)
