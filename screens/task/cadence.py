"""The calendar of a recurring duty: which windows are done, due, missed or excused, and excusing one."""

from __future__ import annotations

from uuid import UUID

import pandas as pd
import streamlit as st

import charts
from screens import parts
from screens.task.saving import save_from_card
from warehouse.entries import records
from words import PERIODS, WINDOW_STATES, day, each_row


def show_windows(view: parts.View, task_id: UUID) -> None:
    """The windows of the task as a strip and as rows, and a form for the ticked one."""
    rows = view.ask("task_windows", task_id=task_id)
    if rows.empty:
        st.info("台账没有写明频次。“定期”“及时”“适时”等不推算次数。")
        return
    labels = [f"{PERIODS[row.period]}至少 {row.min_count} 次" for row in each_row(rows)]
    st.plotly_chart(
        charts.window_strip(
            rows.assign(label=labels), view.started_on, view.ended_on, view.scope.as_of
        ),
        config=parts.CHART_CONFIG,
        theme=None,
        key=f"strip_{task_id}",
    )
    ticked = st.dataframe(
        pd.DataFrame(
            {
                "频次要求": labels,
                "起止": rows.window_start.map(day) + " 至 " + rows.window_end.map(day),
                "实际": rows.times.map("{} 次".format),
                "结果": rows.state.map(WINDOW_STATES),
                "免除理由": rows.excuse,
            }
        ),
        hide_index=True,
        height=220,
        alt="频次完成情况",
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        key=f"windows_{task_id}",
    ).selection.rows
    if not ticked:
        st.caption("某一期确实无法或无须完成：勾选它，写明理由后免除，不再计入频次要求。")
        return
    window = rows.iloc[ticked[0]]
    excused = window.state != "excused"
    if window.state == "met":
        st.info("这一期已经完成，不需要免除。")
        return
    with st.form(f"excuse_{task_id}_{window.period}_{day(window.window_start)}", border=False):
        st.markdown(
            f"{'免除' if excused else '撤销免除'} **{day(window.window_start)} 至 "
            f"{day(window.window_end)}** 的{PERIODS[window.period]}要求"
        )
        left, right = st.columns([2, 1])
        reason = left.text_input("理由")
        recorded_by = right.text_input("经办人")
        if st.form_submit_button("免除这一期" if excused else "撤销免除"):
            save_from_card(
                view,
                task_id,
                lambda: records.excuse_window(
                    view.warehouse,
                    task_id,
                    period=window.period,
                    window_start=window.window_start.date(),
                    excused=excused,
                    reason=reason,
                    recorded_by=recorded_by,
                ),
            )
