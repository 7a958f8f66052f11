"""The forms of a task card: what may be recorded of one task, one form for each kind of record.

Hands what was typed to the warehouse, which checks it; a refusal is shown as it is worded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from metrics import NO_LIMIT
from screens import parts
from screens.parts import saving
from screens.task.saving import CARD, save_from_card
from warehouse import WarehouseError, today
from warehouse.entries import marks, records
from warehouse.entries.files import ACCEPTED, MOST_BYTES, keep_file
from warehouse.entries.submissions import units_of_ledger
from words import (
    NEXT_STEP,
    NO_POINTS,
    PERIODS,
    REPORT_STATES,
    WHOLE_TASK,
    day,
    each_row,
    is_missing,
)

OCCASIONS = {"是同一次，只算一次": False, "是另一次，各算一次": True}
CLAIM_STATES = {"claimed": "已申报", "recognised": "已认定"}

IN_TIME, LATE = "期限前申请", "期限后补批"

Units = dict[str, UUID | None]
Save = Callable[[], Any]
Form = Callable[[parts.View, UUID, Units], Save | None]
RIGHTS = {
    "进展": "填报进展",
    "频次完成": "记录频次完成",
    "佐证材料": "登记佐证材料",
    "核验": "销号",
    "延期": "申请延期",
    "计划节点": "登记计划节点",
    "加分申报": "加分申报",
    "扣分事件": "扣分事件",
    "人工评分": "人工评分",
    "名次": "登记名次",
}
"""Form → the action that an account must have the right to."""


def entry_form(view: parts.View, task: pd.Series, task_id: UUID, units: pd.DataFrame) -> None:
    """The form for what the user chooses to record of this task."""
    of_kind: dict[str, dict[str, Form]] = {
        "base": {
            "进展": _report_form,
            "频次完成": _occurrence_form,
            "佐证材料": _evidence_form,
            "核验": _verification_form,
            "延期": _extension_form,
            "计划节点": _plan_form,
        },
        "bonus": {"加分申报": _claim_form, "佐证材料": _evidence_form},
        "penalty": {"扣分事件": _incident_form, "佐证材料": _evidence_form},
    }
    known = of_kind[task.kind] | _forms_of_marks(view, task, task_id)
    forms = {name: form for name, form in known.items() if view.warehouse.may(RIGHTS[name])}
    listed = _units_to_enter_for(view, units)
    if not forms or not listed:
        st.info(
            "您的账号不登记这项任务："
            + ("这一角色只查看。" if not forms else "它不由您的单位承担。")
        )
        return
    chosen = st.segmented_control(
        "登记什么", list(forms), default=next(iter(forms)), key="entry", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    # Another form after each entry: what was typed and chosen for the last one is gone.
    with st.form(f"entry_{chosen}_{task_id}_{saving.entries_stored(CARD)}", border=False):
        save = forms[chosen](view, task_id, listed)
        if save is None:
            # A form shows its button, or Streamlit calls it unfinished.
            st.form_submit_button("待厅法规处审批", disabled=True)
        elif st.form_submit_button("保存", type="primary"):
            save_from_card(view, task_id, save)


def _units_to_enter_for(view: parts.View, units: pd.DataFrame) -> Units:
    """For whom may be entered: the task as a whole and each of its units; by a unit's account only its
    own units, also where a collective stands for them."""
    own = parts.own_units(view.warehouse)
    if own is None:
        whole: Units = {WHOLE_TASK: None}
        return whole | {row.unit: UUID(str(row.unit_id)) for row in each_row(units)}
    named = set(units.unit) | set("、".join(units.members.dropna()).split("、"))
    known = units_of_ledger(view.warehouse, view.scope.ledger_id, view.scope.as_of)
    return {unit: known[unit] for unit in own if unit in named and unit in known}


def _forms_of_marks(view: parts.View, task: pd.Series, task_id: UUID) -> dict[str, Form]:
    """What the newest 评分方案 asks for by hand: a mark, a place in a ranking, incidents."""
    shown = parts.scored_by_default(view)
    if task.kind != "base" or shown is None or shown.scheme is None:
        return {}
    items = view.ask("scheme_items", shown.unfiltered())
    item = items[items.task_id == task_id].iloc[0]
    if is_missing(item.points):
        return {}
    forms: dict[str, Form] = {"人工评分": _mark_form}
    if item.rule == "rank":
        forms["名次"] = _place_form
    if item.measure == "incidents":
        forms["扣分事件"] = _incident_form
    return forms


def _mark_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    del units
    value = st.number_input("评分", 0.0, value=None, step=0.1, format="%.2f", width=200)
    reason = st.text_area("理由", height=80, placeholder="人工评分须写明理由")
    signature = _signature(view, "评分日期")
    return lambda: _add_mark(view, task_id, "manual", value, reason, signature)


def _place_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    del units
    value = st.number_input("名次", 1, value=None, step=1, width=200)
    reason = st.text_area("出处", height=80, placeholder="如哪一次通报")
    signature = _signature(view, "公布日期")
    return lambda: _add_mark(view, task_id, "rank", value, reason, signature)


def _add_mark(
    view: parts.View,
    task_id: UUID,
    kind: str,
    value: float | None,
    reason: str,
    signature: dict[str, Any],
) -> None:
    if value is None:
        raise WarehouseError("请填写评分。" if kind == "manual" else "请填写名次。")
    marks.add_mark(
        view.warehouse,
        task_id,
        kind=kind,
        value=Decimal(str(value)),
        reason=reason,
        **signature,
    )


def _day(view: parts.View, place: Any, label: str) -> date:
    """A day up to today; the day the page is judged on, when that has been."""
    return place.date_input(
        label, value=min(view.scope.as_of, today()), max_value=today(), format="YYYY-MM-DD"
    )


def _signature(view: parts.View, label: str, *, for_unit: bool = False) -> dict[str, Any]:
    """The two fields most entries end with: the day it was true, and who says so."""
    left, right = st.columns(2)
    effective_on = _day(view, left, label)
    recorded_by = parts.author(view.warehouse, right, "填报人", for_unit=for_unit)
    return {"effective_on": effective_on, "recorded_by": recorded_by}


def _report_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    first, second, third = st.columns(3)
    unit = first.selectbox("填报单位", list(units))
    state = second.selectbox("状态", list(REPORT_STATES), format_func=REPORT_STATES.__getitem__)
    progress = third.number_input("进度（%）", 0, 100, value=None, placeholder="不填即不改变")
    narrative = st.text_area("本月进展", height=80)
    left, right = st.columns(2)
    problem = left.text_area("存在问题", height=68)
    next_step = right.text_area(NEXT_STEP, height=68)
    signature = _signature(view, "情况属实之日", for_unit=True)
    return lambda: records.add_report(
        view.warehouse,
        task_id,
        state=state,
        percent=progress,
        narrative=narrative,
        problem=problem,
        next_step=next_step,
        unit_id=units[unit],
        **signature,
    )


def _claim_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    first, second, third = st.columns(3)
    unit = first.selectbox("申报单位", list(units))
    recognises = view.warehouse.may("加分认定")
    states = list(CLAIM_STATES) if recognises else ["claimed"]
    state = second.selectbox("状态", states, format_func=CLAIM_STATES.__getitem__)
    points = third.number_input("分值", 0.0, value=None, placeholder=NO_POINTS)
    answers_id = _answered_claim(view, task_id) if recognises else None
    narrative = st.text_area("事由", height=80)
    signature = _signature(view, "申报（认定）日期", for_unit=True)
    return lambda: marks.add_claim(
        view.warehouse,
        task_id,
        state=state,
        points=points,
        narrative=narrative,
        unit_id=units[unit],
        answers_id=answers_id,
        **signature,
    )


def _answered_claim(view: parts.View, task_id: UUID) -> UUID | None:
    """The claim that a recognition answers; nothing is asked when none is open."""
    asked = view.ask("open_claims", task_id=task_id)
    if asked.empty:
        return None
    claims: dict[str, UUID | None] = {
        f"{day(row.effective_on)} {row.unit} {row.narrative}": UUID(str(row.claim_id))
        for row in each_row(asked)
    }
    claims["没有登记过申报"] = None
    return claims[st.selectbox("所认定的申报（登记认定时选）", list(claims))]


def _incident_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    first, second = st.columns(2)
    unit = first.selectbox("涉及单位", list(units))
    points = second.number_input("扣分", 0.0, value=None, placeholder=NO_POINTS)
    narrative = st.text_area("事由", height=80)
    signature = _signature(view, "发生日期")
    return lambda: marks.add_incident(
        view.warehouse,
        task_id,
        points=points,
        narrative=narrative,
        unit_id=units[unit],
        **signature,
    )


def _occurrence_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    demands = view.ask("task_windows", task_id=task_id).drop_duplicates("period")
    periods = {"计入每项频次要求": None} | {
        f"{PERIODS[row.period]}至少 {row.min_count} 次": row.period for row in each_row(demands)
    }
    first, second, third = st.columns(3)
    unit = first.selectbox("完成单位", list(units))
    period = second.selectbox("频次要求", list(periods))
    times = third.number_input("次数", 1, value=1, step=1)
    narrative = st.text_area("说明", height=80)
    occasion = st.radio(
        "其他单位同一天也登记的", list(OCCASIONS), horizontal=True,
        help="几个单位同一天登记的，一般是一起办的一次，按其中次数最多的算；确实各办了一次的，选“是另一次”。",
    )  # fmt: skip
    left, right = st.columns(2)
    occurred_on = _day(view, left, "完成日期")
    recorded_by = parts.author(view.warehouse, right, "填报人", for_unit=True)
    return lambda: records.add_occurrence(
        view.warehouse,
        task_id,
        occurred_on=occurred_on,
        times=times,
        period=periods[period],
        narrative=narrative,
        unit_id=units[unit],
        another_occasion=OCCASIONS[occasion],
        recorded_by=recorded_by,
    )


def _plan_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    del units
    left, right = st.columns(2)
    # A plan is of days to come; after the ledger's year it says nothing.
    planned_on = left.date_input(
        "计划日期", value=None, min_value=view.started_on, max_value=view.ended_on,
        format="YYYY-MM-DD",
    )  # fmt: skip
    percent = right.number_input("应达到的进度（%）", 0, 100, value=None)
    recorded_by = parts.author(view.warehouse, st, "填报人")
    st.caption(
        "登记了计划节点的任务与计划比较，没有的按时间均摊推算。同一天的以后登记的为准；撤销在“经过”中。"
    )

    def plan() -> UUID:
        if planned_on is None or percent is None:
            raise WarehouseError("请填写计划日期和应达到的进度。")
        return records.add_plan(
            view.warehouse,
            task_id,
            planned_on=planned_on,
            percent=percent,
            recorded_by=recorded_by,
        )

    return plan


def _evidence_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    first, second = st.columns([2, 1])
    title = first.text_input("材料名称")
    document_number = second.text_input("文号")
    first, second = st.columns([2, 1])
    link = first.text_input("链接", placeholder="可不填")
    unit = second.selectbox("提供单位", list(units))
    # Asked for, because a file that was refused, or is still on its way, looks as if none was chosen.
    uploaded = st.file_uploader(
        "文件", type=sorted(ACCEPTED), max_upload_size=MOST_BYTES // 1024**2
    )
    without_file = st.checkbox("不附文件，只登记名称、文号或链接")
    tasks = view.ask("task_card", task_id=task_id)
    others = _other_tasks(view, UUID(str(tasks.edition_id[0])), task_id)
    also = st.multiselect("同时作为这些任务的佐证", list(others), placeholder="可不选")
    signature = _signature(view, "材料日期", for_unit=True)

    def save() -> None:
        kept = {}
        if uploaded is None and not without_file:
            raise WarehouseError(
                "文件还没有收到，没有保存：正在上传的请等它传完，不接受的请换一个，不附文件的请勾选“不附文件”。"
            )
        if uploaded is not None:
            content = uploaded.getvalue()
            sha256 = keep_file(view.warehouse, uploaded.name, content)
            kept = {"file_name": uploaded.name, "file_sha256": sha256}
        records.add_evidence(
            view.warehouse,
            task_id,
            title=title,
            document_number=document_number,
            link=link,
            unit_id=units[unit],
            also=[others[label] for label in also],
            **kept,
            **signature,
        )

    return save


def _other_tasks(view: parts.View, edition_id: UUID, task_id: UUID) -> dict[str, UUID]:
    """The other tasks of the edition by number and text."""
    tasks = view.ask("edition_tasks", edition_id=edition_id, row_limit=NO_LIMIT)
    return {
        f"第 {row.number} 项　{row.task}": UUID(str(row.task_id))
        for row in each_row(tasks)
        if str(row.task_id) != str(task_id)
    }


def _verification_form(view: parts.View, task_id: UUID, units: Units) -> Save:
    first, second = st.columns(2)
    unit = first.selectbox("核验对象", list(units))
    outcome = second.radio("结论", ["销号", "退办"], horizontal=True)
    reason = st.text_area("理由", height=80, placeholder="退办须写明理由")
    signature = _signature(view, "核验日期")
    return lambda: records.verify(
        view.warehouse,
        task_id,
        accepted=outcome == "销号",
        reason=reason,
        unit_id=units[unit],
        **signature,
    )


def _extension_form(view: parts.View, task_id: UUID, units: Units) -> Save | None:
    """Asking for a later due day, recording one agreed after the due day, or deciding on what was asked."""
    asked = view.ask("open_extensions", task_id=task_id)
    if asked.empty:
        first, second = st.columns(2)
        ways = [IN_TIME, LATE] if view.warehouse.may("补批延期") else [IN_TIME]
        way = first.radio("办法", ways, horizontal=True)
        unit = second.selectbox("申请单位", list(units))
        left, right = st.columns(2)
        requested_on = _day(view, left, "申请日期（补批的填同意日期）")
        new_due_on = right.date_input("申请延至", value=None, format="YYYY-MM-DD")
        reason = st.text_area("理由", height=80)
        left, right = st.columns(2)
        agreed_by = ""
        if view.warehouse.may("补批延期"):
            agreed_by = left.text_input("同意人", placeholder="补批须填写由谁同意")
        recorded_by = parts.author(view.warehouse, right, "填报人", for_unit=True)

        def request() -> None:
            if new_due_on is None:
                raise WarehouseError("请填写申请日期和申请延至哪一天。")
            given: dict[str, Any] = {
                "new_due_on": new_due_on,
                "reason": reason,
                "unit_id": units[unit],
                "recorded_by": recorded_by,
            }
            if way == LATE:
                records.extend_late(
                    view.warehouse, task_id, agreed_on=requested_on, agreed_by=agreed_by, **given
                )
            else:
                records.request_extension(
                    view.warehouse, task_id, requested_on=requested_on, **given
                )

        return request
    request_row = asked.iloc[0]
    st.markdown(
        f"待审批：{day(request_row.requested_on)} 申请延至 **{day(request_row.new_due_on)}**，"
        f"理由：{request_row.reason}"
    )
    if not view.warehouse.may("同意延期"):
        return None
    outcome = st.radio("审批", ["同意", "不同意"], horizontal=True)
    reason = st.text_area("审批意见", height=80, placeholder="不同意须写明理由")
    signature = _signature(view, "审批日期")
    return lambda: records.decide_extension(
        view.warehouse,
        UUID(str(request_row.extension_id)),
        approved=outcome == "同意",
        reason=reason,
        **signature,
    )
