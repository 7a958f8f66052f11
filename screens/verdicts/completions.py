"""Claims of completion: those that wait, with their evidence and the form to judge them, and those
judged, with the form to take a verdict back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

from findings import verdicts as verdict_findings
from screens import parts
from screens.parts.decisions import (
    Ticked,
    day_of,
    field,
    open_card,
    store,
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
"""So many of the ticked claims are laid out with their evidence."""
ACCEPT, RETURN = "销号", "退办"


def _waiting(claims: pd.DataFrame) -> pd.DataFrame:
    return claims[claims.state == "waiting"]


def _judged(claims: pd.DataFrame) -> pd.DataFrame:
    return claims[claims.state != "waiting"]


def waiting_claims(
    listed: pd.DataFrame, every_claim: Callable[[], pd.DataFrame], version: int
) -> None:
    """The claims that wait, and the form that judges the ticked ones. `listed` is what the screen
    shows of all claims, `every_claim` gives them all; `version` is the data version in which they
    stand."""
    claims = _waiting(listed)
    if claims.empty:
        st.info("没有待核验的完成。", icon=":material/check_circle:")
        return
    parts.listed_first(len(claims), claims.all_waiting.iloc[0])
    ticked = _table(claims, WAITING, key="waiting", title="待核验的完成", many=True)
    parts.download(
        lambda: _readable(_waiting(every_claim())),
        "待核验的完成",
        "reported_completions",
        key="waiting",
    )
    chosen = claims.iloc[ticked.positions]
    left, right = st.columns([3, 2], gap="large")
    with left:
        _details(chosen)
    with right:
        if hidden := what_is_hidden():
            st.info(hidden, icon=":material/history:")
            warn_of(ticked, was_pressed=False)
        else:
            _verdict_form(chosen, ticked, version)


def judged_claims(listed: pd.DataFrame, every_claim: Callable[[], pd.DataFrame]) -> None:
    """The claims judged, the newest verdict first, and the form that takes the ticked one back."""
    claims = _judged(listed)
    if claims.empty:
        st.info("还没有核验过的完成。")
        return
    first = claims.iloc[0]
    parts.listed_first(len(claims), first.all_accepted + first.all_returned)
    ticked = _table(claims, JUDGED, key="judged", title="已核验的完成", many=False)
    parts.download(
        lambda: _readable(_judged(every_claim())),
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
    claim = claims.iloc[ticked.positions[0]]
    left, right = st.columns([3, 2], gap="large")
    with left:
        _details(claims.iloc[ticked.positions])
    with right:
        if hidden := what_is_hidden():
            st.info(hidden, icon=":material/history:")
        else:
            _withdrawal_form(claim, int(claim.completions_of_verdict))


def _table(claims: pd.DataFrame, columns: list[str], *, key: str, title: str, many: bool) -> Ticked:
    shown = _readable(claims)[columns].copy()
    for column, width in THREE_LINES.items():
        if column in shown:
            shown[column] = [parts.grid_text(text, width) for text in shown[column]]
    identities = {
        (
            *(row.task_id, row.unit_id, row.report_id, row.verification_id),
            *(row.done_on, row.late, row.evidence_titles),
        ): name(row)
        for row in each_row(claims.astype(object).where(claims.notna(), None))
    }
    return ticking_table(shown, identities, key=key, columns=COLUMNS, title=title, many=many)


def name(claim: pd.Series) -> str:
    """What a claim is called in a sentence."""
    return f"第 {claim.number} 项（{claim.unit}）"


def _readable(claims: pd.DataFrame) -> pd.DataFrame:
    """All columns of the claims as a person reads them, as they go into the workbook."""
    return pd.DataFrame(
        {
            "编号": claims.number,
            "一级指标": claims.level1,
            "目标任务": claims.task,
            "完成单位": [_whose(row) for row in each_row(claims)],
            "完成日期": claims.done_on.map(day),
            "期限": claims.effective_due_on.map(day),
            "完成说明": [
                "；".join(filter(None, (_lateness(row), _returned(row), row.narrative)))
                for row in each_row(claims)
            ],
            "佐证": claims.evidence.map("{} 件".format),
            "佐证材料": claims.evidence_titles.fillna("无"),
            "录入时间": claims.recorded_at.dt.strftime("%Y-%m-%d %H:%M"),
            "录入人": claims.recorded_by,
            "已等": ["" if is_missing(days) else f"{days:.0f} 天" for days in claims.waiting_days],
            "结论": claims.state.map(COMPLETION_STATES),
            "核验日期": claims.verified_on.map(day),
            "核验人": claims.verified_by.fillna(""),
            "核验意见": claims.reason.fillna(""),
        }
    )


def _whose(claim: pd.Series) -> str:
    """The unit; of a task as a whole, the units it names, in short."""
    if not is_missing(claim.unit_id) or is_missing(claim.units):
        return claim.unit
    first, *others = claim.units.split("、")
    named = f"{first}等 {len(others) + 1} 个单位" if others else first
    return f"{named}（{claim.unit}）"


def _lateness(claim: pd.Series) -> str:
    return f"晚于期限 {(claim.done_on - claim.effective_due_on).days} 天" if claim.late else ""


def _returned(claim: pd.Series) -> str:
    again = claim.times_returned - (claim.state == "returned")
    return f"曾退办 {again} 次" if again > 0 else ""


def _details(chosen: pd.DataFrame) -> None:
    """The ticked claims in full, each with its evidence and the way to its task card."""
    if chosen.empty:
        st.info("勾选一行或几行，这里列出完成说明和佐证材料；点表头的方框可全选。")
        return
    for claim in each_row(chosen.head(DETAILED)):
        with st.container(border=True):
            head = st.container(horizontal=True, vertical_alignment="center")
            head.markdown(f"**{plain(name(claim))}**　{day(claim.done_on)} 完成", width="stretch")
            head.button(
                "任务卡",
                key=f"card_{claim.task_id}_{claim.unit_id}",
                on_click=open_card,
                args=(claim.task_id,),
                type="tertiary",
                icon=":material/open_in_new:",
            )
            st.markdown(plain(claim.task))
            said = f"说明：{claim.narrative or '未写'}　（{claim.recorded_by}，{claim.recorded_at:%Y-%m-%d %H:%M} 录入）"
            st.caption(plain(said))
            _evidence(claim)
    if len(chosen) > DETAILED:
        st.caption(f"其余 {len(chosen) - DETAILED} 项从略，可在任务卡中查看。")


def _evidence(claim: pd.Series) -> None:
    rows = parts.ask("task_evidence", task_id=UUID(str(claim.task_id)))
    if not is_missing(claim.unit_id):
        rows = rows[rows.unit.isin([claim.unit, WHOLE_TASK])]
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
                data=partial(kept_file, parts.warehouse(), row.file_sha256),
                file_name=row.file_name,
                key=f"file_{claim.report_id}_{row.evidence_id}",
                type="tertiary",
                icon=":material/attach_file:",
                on_click="ignore",
            )


def _verdict_form(chosen: pd.DataFrame, ticked: Ticked, version: int) -> None:
    st.markdown(_summary(chosen))
    with st.form("verdict"):
        outcome = st.radio("结论", [ACCEPT, RETURN], horizontal=True)
        reason = st.text_area(
            "核验意见", height=80, placeholder="退办须写明理由", key=field("verdict_reason")
        )
        left, right = st.columns(2)
        effective_on = day_of(left, "核验日期", key="verified_on")
        recorded_by = right.text_input("核验人", key="verified_by")
        was_pressed = st.form_submit_button("核验所勾选的", type="primary")
    warn_of(ticked, was_pressed=was_pressed)
    if not was_pressed or ticked.gone:
        return
    accepted = outcome == ACCEPT
    # A verdict dated before what it answers would change nothing.
    claimed_on = chosen.done_on if accepted else chosen.told_on
    early = chosen[claimed_on.dt.date > effective_on] if effective_on else chosen.head(0)
    if len(early):
        names = [name(row) for row in each_row(early)]
        latest = claimed_on[early.index].max().date()
        what = "完成日期" if accepted else "最近一次报结日期"
        st.error(verdict_findings.dated_too_early(names, effective_on, latest, what))
        return
    store(
        lambda: verdicts.verify_many(
            parts.warehouse(),
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
    said = [f"已勾选 **{len(chosen)}** 项"]
    if without := int((chosen.evidence == 0).sum()):
        said.append(f"其中 {without} 项没有佐证材料")
    if late := int(chosen.late.sum()):
        said.append(f"{late} 项晚于期限")
    return "，".join(said) + "。"


def _withdrawal_form(claim: pd.Series, together: int) -> None:
    verdict = COMPLETION_STATES[claim.state].removeprefix("已")
    st.markdown(
        f"{day(claim.verified_on)} 由 {plain(claim.verified_by)} **{verdict}**。"
        + (f"核验意见：{plain(claim.reason)}" if claim.reason else "")
    )
    if together > 1:
        st.caption(f"这次核验就整项任务作出，撤销后 {together} 项一并恢复为待核验。")
    with st.form("take_back"):
        reason = st.text_input("撤销理由", key=field("withdrawal_reason"))
        recorded_by = st.text_input("经办人", key="withdrawn_by")
        was_pressed = st.form_submit_button(f"撤销这次{verdict}")
    if was_pressed:
        store(
            lambda: records.withdraw(
                parts.warehouse(),
                "verification",
                UUID(str(claim.verification_id)),
                reason=reason,
                recorded_by=recorded_by,
            ),
            f"已撤销对{name(claim)}的{verdict}。",
            "judged",
        )
