"""What returned report forms would change, laid out to be looked at before anything is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from documents import month_form
from screens import parts
from words import STATES, percent, plain

COLUMNS = {
    "文件": st.column_config.TextColumn(width=218),
    "单位": st.column_config.TextColumn(width=118),
    "原因": st.column_config.TextColumn(width=640),
    "新增": st.column_config.NumberColumn(width=50),
    "变更": st.column_config.NumberColumn(width=50),
    "倒退待确认": st.column_config.NumberColumn(width=92),
    "看不懂": st.column_config.NumberColumn(width=62),
    "未变": st.column_config.NumberColumn(width=50),
    "未填": st.column_config.NumberColumn(width=50),
    "存入": st.column_config.NumberColumn(width=60),
    "结果": st.column_config.TextColumn(width=190),
    "说明": st.column_config.TextColumn(width=530),
    "单元格": st.column_config.TextColumn(width=120),
    "问题": st.column_config.TextColumn(width=520),
    "编号": st.column_config.NumberColumn(width=48, format="%d"),
    "目标任务": st.column_config.TextColumn(width=204),
    "原填报": st.column_config.TextColumn(width=150),
    "本次填报": st.column_config.TextColumn(width=164),
    "频次完成": st.column_config.TextColumn(width=124),
    "佐证材料": st.column_config.TextColumn(width=130),
    "倒退之处": st.column_config.TextColumn(width=200),
}
OPTIONAL = {"频次完成", "佐证材料"}
ROWS_SEEN = 8
"""Rows of a table of tasks before it scrolls."""


def refused(files: Sequence[month_form.Returned], of: int) -> None:
    """The files of which nothing can be taken, each with its reason in full."""
    if not files:
        return
    st.markdown(f"**不能收回的文件**（放入 {of} 个，不能收回 {len(files)} 个）")
    rows = pd.DataFrame(
        {
            "文件": [each.name for each in files],
            "原因": [parts.grid_text(each.refused, 120) for each in files],
        }
    )
    table(
        rows, "不能收回的文件", row_height=parts.ROW_HEIGHT if _is_long(rows["原因"], 42) else None
    )


def summary(comparisons: Sequence[month_form.Comparison]) -> None:
    """How many rows of each file are new, changed, doubtful and so on."""
    if comparisons:
        rows = []
        for each in comparisons:
            counts = each.counts
            unread = counts["invalid"] + counts["unmatched"]
            storable = counts["new"] + counts["changed"]
            rows.append(
                {
                    "文件": each.form.name,
                    "单位": each.unit,
                    "新增": counts["new"],
                    "变更": counts["changed"],
                    "倒退待确认": counts["backwards"],
                    "看不懂": unread,
                    "未变": counts["unchanged"],
                    "未填": counts["blank"],
                    "结果": f"可存入 {storable} 项" if storable else "没有新内容",
                }
            )
        table(pd.DataFrame(rows), "收回的填报表")


def problems(comparisons: Sequence[month_form.Comparison]) -> None:
    """What cannot be read, by sheet and cell."""
    rows = _unread(comparisons)
    if len(rows):
        st.markdown(f"**看不懂的地方**（{len(rows)} 处）　请单位改正后重新交回，其余各行不受影响。")
        table(rows, "看不懂的地方")


def altered(comparisons: Sequence[month_form.Comparison]) -> None:
    """What units altered of their forms beside filling them in: rows deleted, tasks worded otherwise."""
    said = [f"{plain(each.unit)}：{plain(what)}。" for each in comparisons for what in each.altered]
    if said:
        lines = "\n".join(f"- {line}" for line in said)
        st.warning(f"**填报表被改动**\n\n{lines}", icon=":material/difference:")


def _unread(comparisons: Sequence[month_form.Comparison]) -> pd.DataFrame:
    """A row for each cell that cannot be read, and for each thing of a file that was not."""
    rows = [
        {"单位": each.unit, "文件": each.form.name, "单元格": problem.cell, "问题": problem.message}
        for each in comparisons
        for problem in each.problems
    ]
    rows += [
        {"单位": each.unit, "文件": each.form.name, "单元格": "", "问题": note}
        for each in comparisons
        for note in each.form.notes
    ]
    return pd.DataFrame(rows)


def changes(comparisons: Sequence[month_form.Comparison]) -> None:
    """What would be stored, beside what stands."""
    rows = [
        {
            "单位": each.unit,
            "编号": line.number,
            "目标任务": parts.grid_text(line.task, 38),
            "原填报": _reported(line.before),
            "本次填报": _reported(line.report) if line.report else "",
            "频次完成": _times(line),
            "佐证材料": parts.grid_text("；".join(piece.title for piece in line.evidence), 24),
        }
        for each in comparisons
        for line in each.of_kind("new", "changed")
    ]
    if rows:
        listed = pd.DataFrame(rows)
        shown = [name for name in listed if name not in OPTIONAL or listed[name].any()]
        with st.expander(f"将要存入的 {len(rows)} 项", expanded=len(rows) <= 40):
            table(listed[shown], "将要存入的填报", row_height=parts.ROW_HEIGHT)


def _reported(report: Any) -> str:
    """The state, what was done, and the day at the end: the grid breaks no line that begins with
    figures."""
    if report is None:
        return "未填报"
    progress = report.percent is not None and report.state != "done"
    standing = [STATES[report.state], *([percent(report.percent)] if progress else [])]
    text = "；".join(filter(None, ("，".join(standing), parts.grid_text(report.narrative, 22))))
    return f"{text}（{report.effective_on:%m-%d}）"


def _times(line: month_form.Line) -> str:
    """How often the duty was done in all."""
    return month_form.times_in_words({each.occurred_on: each.times for each in line.occurrences})


def confirmations(comparisons: Sequence[month_form.Comparison]) -> set[tuple[UUID, UUID]]:
    """(unit, task) of the rows that go backwards and were ticked."""
    waiting = [(each, line) for each in comparisons for line in each.of_kind("backwards")]
    if not waiting:
        return set()
    st.markdown(f"**比已有填报倒退，须逐项确认**（{len(waiting)} 项）　没有勾选的不存入。")
    key = hashlib.sha256(
        repr([(each.unit_id, line.task_id, line.why) for each, line in waiting]).encode()
    )
    rows = pd.DataFrame(
        {
            "确认": False,
            "单位": [each.unit for each, _ in waiting],
            "编号": [line.number for _, line in waiting],
            "目标任务": [parts.grid_text(line.task, 38) for _, line in waiting],
            "倒退之处": [parts.grid_text(line.why, 38) for _, line in waiting],
            "本次填报": [
                "；".join(
                    filter(None, (_reported(line.report) if line.report else "", _times(line)))
                )
                for _, line in waiting
            ],
        }
    )
    ticked = st.data_editor(
        rows,
        column_config=COLUMNS,
        hide_index=True,
        disabled=[str(name) for name in rows if name != "确认"],
        row_height=parts.ROW_HEIGHT,
        height=_height(len(rows), parts.ROW_HEIGHT),
        # The key is of these very rows: ticks are not carried over to others.
        key=f"forms_backwards_{key.hexdigest()[:12]}",
        alt="须确认的倒退",
    )
    return {
        (each.unit_id, line.task_id)
        for (each, line), yes in zip(waiting, ticked["确认"], strict=True)
        if yes and line.task_id is not None
    }


def _is_long(texts: pd.Series, width: int) -> bool:
    return any(len(text) > width for text in texts)


def _height(rows: int, row_height: int) -> int:
    return 38 + row_height * min(rows, ROWS_SEEN)


def table(rows: pd.DataFrame, title: str, *, row_height: int | None = None) -> None:
    """Rows with the widths of this page; with a `row_height`, so many rows before it scrolls."""
    st.dataframe(
        rows,
        column_config=COLUMNS,
        hide_index=True,
        row_height=row_height,
        height=_height(len(rows), row_height) if row_height else "auto",
        placeholder="",
        alt=title,
    )
