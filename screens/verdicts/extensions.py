"""Requests for extension: those that wait, with the form to decide on them, and those decided, with
the form to replace a decision. Both days stay in sight: the one issued and the one asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from findings import verdicts as verdict_findings
from metrics.keeping import kept
from screens import parts
from screens.parts.decisions import (
    Ticked,
    day_of,
    decide,
    field,
    open_card,
    ticking_table,
    warn_of,
    what_is_hidden,
)
from warehouse.entries import records, verdicts
from words import EXTENSION_STATES, day, each_row, plain

COLUMNS = {
    "编号": st.column_config.NumberColumn(width=44, format="%d"),
    "目标任务": st.column_config.TextColumn(width=216),
    "责任单位": st.column_config.TextColumn(width=126),
    "申请日期": st.column_config.TextColumn(width=92),
    "原定期限": st.column_config.TextColumn(width=92),
    "申请时期限": st.column_config.TextColumn(width=92),
    "申请延至": st.column_config.TextColumn(width=92),
    "申请理由": st.column_config.TextColumn(width=176),
    "审批": st.column_config.TextColumn(width=112),
    "审批日期": st.column_config.TextColumn(width=92),
    "审批人": st.column_config.TextColumn(width=76),
    "审批意见": st.column_config.TextColumn(width=190),
}
# How many characters fill three lines at a window 1440 wide.
THREE_LINES = {"目标任务": 41, "责任单位": 22, "申请理由": 32, "审批意见": 35}
PENDING = [
    "编号",
    "目标任务",
    "责任单位",
    "申请日期",
    "原定期限",
    "申请时期限",
    "申请延至",
    "申请理由",
]
DECIDED = [
    "编号",
    "目标任务",
    "申请日期",
    "原定期限",
    "申请延至",
    "审批",
    "审批日期",
    "审批人",
    "审批意见",
]
APPROVE, REFUSE = "同意", "不同意"


def pending_requests(view: parts.View, requests: pd.DataFrame, version: int) -> None:
    """The `extension_requests` rows that wait, and the form that decides on the ticked ones; `version`
    is the data version they were read at."""
    requests = requests[requests.state == "pending"]
    if requests.empty:
        st.info("没有待审批的延期。", icon=":material/check_circle:")
        return
    ticked = _table(view, requests, PENDING, key="pending", title="待审批的延期", many=True)
    chosen = requests.iloc[ticked.positions]
    left, right = st.columns([3, 2], gap="large")
    with left:
        _details(chosen)
    with right:
        if hidden := what_is_hidden(view):
            st.info(hidden, icon=":material/history:")
            warn_of(ticked, was_pressed=False)
        elif view.warehouse.may("同意延期"):
            _decision_form(view, chosen, ticked, version)


def decided_requests(view: parts.View, requests: pd.DataFrame) -> None:
    """The `extension_requests` rows decided, the newest decision first, and the form that replaces the ticked one."""
    requests = requests[requests.state != "pending"]
    if requests.empty:
        st.info("还没有审批过的延期。")
        return
    ticked = _table(view, requests, DECIDED, key="decided", title="已审批的延期", many=False)
    if not ticked.positions:
        st.caption("审批有变：勾选那一行，重新审批并写明更改理由；原审批仍留在变更记录中。")
        warn_of(ticked, was_pressed=False)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _details(requests.iloc[ticked.positions])
    with right:
        if hidden := what_is_hidden(view):
            st.info(hidden, icon=":material/history:")
        elif view.warehouse.may("同意延期"):
            _replacement_form(view, requests.iloc[ticked.positions[0]])


def _table(
    view: parts.View,
    requests: pd.DataFrame,
    columns: list[str],
    *,
    key: str,
    title: str,
    many: bool,
) -> Ticked:
    whole, shown, identities = _listed(requests, columns)
    ticked = ticking_table(
        view, shown, identities, key=key, columns=COLUMNS, title=title, many=many
    )
    parts.download(view, whole, title, "extension_requests", key=key)
    return ticked


@kept
def _listed(
    requests: pd.DataFrame, columns: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame, dict[tuple[Any, ...], str]]:
    """All columns of the requests, those the screen shows, and what each is about → what it is called."""
    whole = _readable(requests)
    shown = whole[columns].copy()
    for column, width in THREE_LINES.items():
        if column in shown:
            shown[column] = [parts.grid_text(text, width) for text in shown[column]]
    identities = {
        (row.extension_id, row.decision_id, row.due_on, row.due_then): name(row)
        for row in each_row(requests.astype(object).where(requests.notna(), None))
    }
    return whole, shown, identities


def name(request: pd.Series) -> str:
    """What a request is called in a sentence."""
    return f"第 {request.number} 项（延至 {day(request.new_due_on)}）"


def _readable(requests: pd.DataFrame) -> pd.DataFrame:
    """All columns of the requests as a person reads them, as they go into the workbook."""
    return pd.DataFrame(
        {
            "编号": requests.number,
            "一级指标": requests.level1,
            "目标任务": requests.task,
            "责任单位": requests.units.fillna(""),
            "申请日期": requests.requested_on.map(day),
            "申请单位": requests.applicant,
            "申请人": requests.recorded_by,
            "原定期限": requests.due_on.map(day),
            "申请时期限": requests.due_then.map(day),
            "申请延至": requests.new_due_on.map(day),
            "申请理由": requests.reason,
            "不延期即逾期": requests.overdue_without.map({True: "是", False: "否"}),
            "审批": requests.state.map(EXTENSION_STATES)
            + requests.is_late.map({True: "（补批）", False: ""}),
            "审批日期": requests.decided_on.map(day),
            "审批人": requests.decided_by.fillna(""),
            "审批意见": requests.opinion.fillna(""),
        }
    )


def _details(chosen: pd.DataFrame) -> None:
    """The ticked requests in full, each with both days and the way to its task card."""
    if chosen.empty:
        st.info("勾选一行或几行，这里列出申请全文；点表头的方框可全选。")
        return
    for request in each_row(chosen):
        with st.container(border=True):
            head = st.container(horizontal=True, vertical_alignment="center")
            head.markdown(
                f"**第 {request.number} 项**　原定 {day(request.due_on)} → 申请延至 **{day(request.new_due_on)}**",
                width="stretch",
            )
            head.button(
                "任务卡",
                key=f"card_{request.extension_id}",
                on_click=open_card,
                args=(request.task_id,),
                type="tertiary",
                icon=":material/open_in_new:",
            )
            st.markdown(plain(request.task))
            st.caption(plain(f"理由：{request.reason or '未写'}　（{_asked_by(request)}）"))
            if request.overdue_without:
                st.caption("不延期的话，这项任务到截至日期已经逾期。")


def _asked_by(request: pd.Series) -> str:
    """Which unit asked, who entered it and when; of a late one, who agreed to it."""
    asked = f"{request.applicant}申请，{request.recorded_by}，{day(request.requested_on)} "
    return asked + (f"补批，{request.decided_by}同意" if request.is_late else "提出")


def _decision_form(view: parts.View, chosen: pd.DataFrame, ticked: Ticked, version: int) -> None:
    st.markdown(f"已勾选 **{len(chosen)}** 件。" if len(chosen) else "还没有勾选。")
    with st.form("decision"):
        outcome = st.radio("审批", [APPROVE, REFUSE], horizontal=True)
        reason = st.text_area(
            "审批意见", height=80, placeholder="不同意须写明理由", key=field("decision_reason")
        )
        left, right = st.columns(2)
        effective_on = day_of(view, left, "审批日期", key="decided_on")
        recorded_by = parts.author(view.warehouse, right, "审批人", key="decided_by")
        was_pressed = st.form_submit_button("审批所勾选的", type="primary")
    warn_of(ticked, was_pressed=was_pressed)
    if not was_pressed or ticked.gone or _is_too_early(chosen, effective_on):
        return
    if chosen.task_id.duplicated().any() and outcome == APPROVE:
        st.error("所勾选的申请中有两件属于同一项任务，只能延至一个日期，请分别审批。")
        return
    decide(
        lambda: verdicts.decide_many(
            view.warehouse,
            [UUID(str(extension_id)) for extension_id in chosen.extension_id],
            approved=outcome == APPROVE,
            effective_on=effective_on,
            recorded_by=recorded_by,
            reason=reason,
            seen_version=version,
        ),
        f"已审批 {len(chosen)} 件：{outcome}延期。",
        "pending",
    )


def _is_too_early(chosen: pd.DataFrame, effective_on: date | None) -> bool:
    """Whether a decision would be dated before what it decides on was asked; says so."""
    if effective_on is None:
        return False
    early = chosen[chosen.requested_on.dt.date > effective_on]
    if early.empty:
        return False
    names = [name(row) for row in each_row(early)]
    latest = early.requested_on.max().date()
    st.error(verdict_findings.dated_too_early(names, effective_on, latest, "申请日期"))
    return True


def _replacement_form(view: parts.View, request: pd.Series) -> None:
    st.markdown(
        f"{day(request.decided_on)} 由 {plain(request.decided_by)} 审批为"
        f"**{EXTENSION_STATES[request.state]}**。"
        + (f"审批意见：{plain(request.opinion)}" if request.opinion else "")
    )
    with st.form("replacement"):
        outcome = st.radio(
            "重新审批", [APPROVE, REFUSE], index=int(request.state == "approved"), horizontal=True
        )
        opinion = st.text_area(
            "审批意见", height=80, placeholder="不同意须写明理由", key=field("new_opinion")
        )
        why = st.text_input("更改理由", key=field("replacement_reason"))
        left, right = st.columns(2)
        effective_on = day_of(view, left, "审批日期", key="redecided_on")
        recorded_by = parts.author(view.warehouse, right, "审批人", key="redecided_by")
        was_pressed = st.form_submit_button("更改审批")
    if not was_pressed or _is_too_early(
        request.to_frame().T.astype({"requested_on": "datetime64[us]"}), effective_on
    ):
        return
    decide(
        lambda: records.decide_extension(
            view.warehouse,
            UUID(str(request.extension_id)),
            approved=outcome == APPROVE,
            effective_on=effective_on,
            recorded_by=recorded_by,
            reason=opinion,
            replaces=records.Replaced(UUID(str(request.decision_id)), why),
        ),
        f"已更改对{name(request)}的审批：{outcome}。",
        "decided",
    )
