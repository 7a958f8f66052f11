"""Completions: those that wait, with their evidence and the form to judge them, and those
judged, with the form to take a verdict back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
from warehouse.entries.files import kept_file
from words import COMPLETION_STATES, WHOLE_TASK, day, each_row, is_missing, plain

COLUMNS = {
    "编号": st.column_config.NumberColumn(width=44, format="%d"),
    "目标任务": st.column_config.TextColumn(width=250),
    "完成单位": st.column_config.TextColumn(width=126),
    "完成日期": st.column_config.TextColumn(width=92),
    "期限": st.column_config.TextColumn(width=92),
    "完成说明": st.column_config.TextColumn(width=190),
    "佐证": st.column_config.TextColumn(width=60, alignment="right"),
    "已等": st.column_config.TextColumn(width=60, alignment="right"),
    "结论": st.column_config.TextColumn(width=60),
    "核验日期": st.column_config.TextColumn(width=92),
    "核验人": st.column_config.TextColumn(width=76),
    "核验意见": st.column_config.TextColumn(width=190),
}
# How many characters fill three lines at a window 1440 wide.
THREE_LINES = {"目标任务": 48, "完成单位": 22, "完成说明": 35, "核验意见": 35}
WAITING = ["编号", "目标任务", "完成单位", "完成日期", "期限", "完成说明", "佐证", "已等"]
JUDGED = ["编号", "目标任务", "完成单位", "完成日期", "结论", "核验日期", "核验人", "核验意见"]
DETAILED = 12
"""The most ticked completions that are laid out with their evidence."""
ACCEPT, RETURN = "销号", "退办"


def _waiting(completions: pd.DataFrame) -> pd.DataFrame:
    return completions[completions.state == "waiting"]


def _judged(completions: pd.DataFrame) -> pd.DataFrame:
    return completions[completions.state != "waiting"]


def waiting_completions(
    view: parts.View,
    listed: pd.DataFrame,
    every_completion: Callable[[], pd.DataFrame],
    version: int,
) -> None:
    """The completions that wait, and the form that judges the ticked ones. `listed` is what the screen
    shows of all completions, `every_completion` gives them all; `version` is the data version in which they
    stand."""
    completions = _waiting(listed)
    if completions.empty:
        st.info("没有待核验的完成。", icon=":material/check_circle:")
        return
    parts.listed_first(len(completions), completions.all_waiting.iloc[0])
    ticked = _table(view, completions, WAITING, key="waiting", title="待核验的完成", many=True)
    parts.download(
        view,
        lambda: _readable(_waiting(every_completion())),
        "待核验的完成",
        "reported_completions",
        key="waiting",
    )
    chosen = completions.iloc[ticked.positions]
    left, right = st.columns([3, 2], gap="large")
    with left:
        _details(view, chosen)
    with right:
        if hidden := what_is_hidden(view):
            st.info(hidden, icon=":material/history:")
            warn_of(ticked, was_pressed=False)
        elif view.warehouse.may("销号"):
            _verdict_form(view, chosen, ticked, version)


def judged_completions(
    view: parts.View, listed: pd.DataFrame, every_completion: Callable[[], pd.DataFrame]
) -> None:
    """The completions judged, the newest verdict first, and the form that takes the ticked one back."""
    completions = _judged(listed)
    if completions.empty:
        st.info("还没有核验过的完成。")
        return
    first = completions.iloc[0]
    parts.listed_first(len(completions), first.all_accepted + first.all_returned)
    ticked = _table(view, completions, JUDGED, key="judged", title="已核验的完成", many=False)
    parts.download(
        view,
        lambda: _readable(_judged(every_completion())),
        "已核验的完成",
        "reported_completions",
        key="judged",
    )
    if not ticked.positions:
        st.caption(
            "核验错了：勾选那一行，写明理由后撤销，该项恢复为待核验；原核验仍留在变更记录中。"
        )
        warn_of(ticked, was_pressed=False)
        return
    completion = completions.iloc[ticked.positions[0]]
    left, right = st.columns([3, 2], gap="large")
    with left:
        _details(view, completions.iloc[ticked.positions])
    with right:
        if hidden := what_is_hidden(view):
            st.info(hidden, icon=":material/history:")
        elif view.warehouse.may("撤销核验"):
            _withdrawal_form(view, completion, int(completion.completions_of_verdict))


def _table(
    view: parts.View,
    completions: pd.DataFrame,
    columns: list[str],
    *,
    key: str,
    title: str,
    many: bool,
) -> Ticked:
    shown, identities = _listed(completions, columns)
    return ticking_table(view, shown, identities, key=key, columns=COLUMNS, title=title, many=many)


@kept
def _listed(
    completions: pd.DataFrame, columns: list[str]
) -> tuple[pd.DataFrame, dict[tuple[Any, ...], str]]:
    """The rows as the screen shows them, and what each is about → what it is called."""
    shown = _readable(completions)[columns].copy()
    for column, width in THREE_LINES.items():
        if column in shown:
            shown[column] = [parts.grid_text(text, width) for text in shown[column]]
    identities = {
        (
            *(row.task_id, row.unit_id, row.report_id, row.verification_id),
            *(row.done_on, row.late, row.evidence_titles),
        ): name(row)
        for row in each_row(completions.astype(object).where(completions.notna(), None))
    }
    return shown, identities


def name(completion: pd.Series) -> str:
    """What a completion is called in a sentence."""
    return f"第 {completion.number} 项（{completion.unit}）"


def _readable(completions: pd.DataFrame) -> pd.DataFrame:
    """All columns of the completions as a person reads them, as they go into the workbook."""
    return pd.DataFrame(
        {
            "编号": completions.number,
            "一级指标": completions.level1,
            "目标任务": completions.task,
            "完成单位": [_whose(row) for row in each_row(completions)],
            "完成日期": completions.done_on.map(day),
            "期限": completions.effective_due_on.map(day),
            "完成说明": [
                "；".join(filter(None, (_lateness(row), _returned(row), row.narrative)))
                for row in each_row(completions)
            ],
            "佐证": completions.evidence.map("{} 件".format),
            "佐证材料": completions.evidence_titles.fillna("无"),
            "录入时间": completions.recorded_at.dt.strftime("%Y-%m-%d %H:%M"),
            "录入人": completions.recorded_by,
            "已等": [
                "" if is_missing(days) else f"{days:.0f} 天" for days in completions.waiting_days
            ],
            "结论": completions.state.map(COMPLETION_STATES),
            "核验日期": completions.verified_on.map(day),
            "核验人": completions.verified_by.fillna(""),
            "核验意见": completions.reason.fillna(""),
        }
    )


def _whose(completion: pd.Series) -> str:
    """The unit; of a task as a whole, the units it names, in short."""
    if not is_missing(completion.unit_id) or is_missing(completion.units):
        return completion.unit
    first, *others = completion.units.split("、")
    named = f"{first}等 {len(others) + 1} 个单位" if others else first
    return f"{named}（{completion.unit}）"


def _lateness(completion: pd.Series) -> str:
    return (
        f"晚于期限 {(completion.done_on - completion.effective_due_on).days} 天"
        if completion.late
        else ""
    )


def _returned(completion: pd.Series) -> str:
    again = completion.times_returned - (completion.state == "returned")
    return f"曾退办 {again} 次" if again > 0 else ""


def _details(view: parts.View, chosen: pd.DataFrame) -> None:
    """The ticked completions in full, each with its evidence and the way to its task card."""
    if chosen.empty:
        st.info("勾选一行或几行，这里列出完成说明和佐证材料；点表头的方框可全选。")
        return
    for completion in each_row(chosen.head(DETAILED)):
        with st.container(border=True):
            head = st.container(horizontal=True, vertical_alignment="center")
            head.markdown(
                f"**{plain(name(completion))}**　{day(completion.done_on)} 完成", width="stretch"
            )
            head.button(
                "任务卡",
                key=f"card_{completion.task_id}_{completion.unit_id}",
                on_click=open_card,
                args=(completion.task_id,),
                type="tertiary",
                icon=":material/open_in_new:",
            )
            st.markdown(plain(completion.task))
            origin = f"说明：{completion.narrative or '未写'}　（{completion.recorded_by}，{completion.recorded_at:%Y-%m-%d %H:%M} 录入）"
            st.caption(plain(origin))
            _evidence(view, completion)
    if len(chosen) > DETAILED:
        st.caption(f"其余 {len(chosen) - DETAILED} 项从略，可在任务卡中查看。")


def _evidence(view: parts.View, completion: pd.Series) -> None:
    rows = view.ask("task_evidence", task_id=UUID(str(completion.task_id)))
    if not is_missing(completion.unit_id):
        rows = rows[rows.unit.isin([completion.unit, WHOLE_TASK])]
    if rows.empty:
        st.markdown("没有佐证材料。")
    for row in each_row(rows):
        whose = "" if row.unit == WHOLE_TASK else row.unit
        facts = "，".join(filter(None, (row.document_number, day(row.effective_on), whose)))
        line = st.container(horizontal=True, vertical_alignment="center", gap="small")
        line.markdown(f"· {plain(row.title)}（{plain(facts)}）", width="content")
        if row.link.startswith(("http://", "https://")):
            line.link_button("打开链接", row.link, type="tertiary")
        if row.file_sha256:
            line.download_button(
                f"打开 {row.file_name}",
                data=parts.noted(
                    view,
                    row.file_name,
                    partial(kept_file, view.warehouse, row.file_sha256),
                    "evidence",
                ),
                file_name=row.file_name,
                key=f"file_{completion.report_id}_{row.evidence_id}",
                type="tertiary",
                icon=":material/attach_file:",
                on_click="ignore",
            )


def _verdict_form(view: parts.View, chosen: pd.DataFrame, ticked: Ticked, version: int) -> None:
    st.markdown(_summary(chosen))
    with st.form("verdict"):
        outcome = st.radio("结论", [ACCEPT, RETURN], horizontal=True)
        reason = st.text_area(
            "核验意见", height=80, placeholder="退办须写明理由", key=field("verdict_reason")
        )
        left, right = st.columns(2)
        effective_on = day_of(view, left, "核验日期", key="verified_on")
        recorded_by = parts.author(view.warehouse, right, "核验人", key="verified_by")
        was_pressed = st.form_submit_button("核验所勾选的", type="primary")
    warn_of(ticked, was_pressed=was_pressed)
    if not was_pressed or ticked.gone:
        return
    accepted = outcome == ACCEPT
    # A verdict dated before the completion it judges would have no effect.
    completed_on = chosen.done_on if accepted else chosen.told_on
    early = chosen[completed_on.dt.date > effective_on] if effective_on else chosen.head(0)
    if len(early):
        names = [name(row) for row in each_row(early)]
        latest = completed_on[early.index].max().date()
        what = "完成日期" if accepted else "最近一次报结日期"
        st.error(verdict_findings.dated_too_early(names, effective_on, latest, what))
        return
    decide(
        lambda: verdicts.verify_many(
            view.warehouse,
            [
                (
                    UUID(str(row.task_id)),
                    None if is_missing(row.unit_id) else UUID(str(row.unit_id)),
                )
                for row in each_row(chosen)
            ],
            accepted=accepted,
            effective_on=effective_on,
            recorded_by=recorded_by,
            reason=reason,
            seen_version=version,
        ),
        f"已{outcome} {len(chosen)} 项。",
        "waiting",
    )


def _summary(chosen: pd.DataFrame) -> str:
    if chosen.empty:
        return "还没有勾选。"
    clauses = [f"已勾选 **{len(chosen)}** 项"]
    if without := int((chosen.evidence == 0).sum()):
        clauses.append(f"其中 {without} 项没有佐证材料")
    if late := int(chosen.late.sum()):
        clauses.append(f"{late} 项晚于期限")
    return "，".join(clauses) + "。"


def _withdrawal_form(view: parts.View, completion: pd.Series, together: int) -> None:
    verdict = COMPLETION_STATES[completion.state].removeprefix("已")
    st.markdown(
        f"{day(completion.verified_on)} 由 {plain(completion.verified_by)} **{verdict}**。"
        + (f"核验意见：{plain(completion.reason)}" if completion.reason else "")
    )
    if together > 1:
        st.caption(f"这次核验就整项任务作出，撤销后 {together} 件一并恢复为待核验。")
    with st.form("withdraw_verdict"):
        reason = st.text_input("撤销理由", key=field("withdrawal_reason"))
        recorded_by = parts.author(view.warehouse, st, "经办人", key="withdrawn_by")
        was_pressed = st.form_submit_button(f"撤销这次{verdict}")
    if was_pressed:
        decide(
            lambda: records.withdraw(
                view.warehouse,
                "verification",
                UUID(str(completion.verification_id)),
                reason=reason,
                recorded_by=recorded_by,
            ),
            f"已撤销对{name(completion)}的{verdict}。",
            "judged",
        )
