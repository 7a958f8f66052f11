"""The month of a unit as a grid to type into, saved by one button.

Owns what was typed and not yet saved, for every unit and month of this visit, and telling the author
of an entry that somebody else has entered a later one. What may be recorded is the warehouse's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

import charts
import findings
import ui
from warehouse import WarehouseError, today
from warehouse.submissions import (
    Evidence,
    Occurrence,
    Report,
    Submission,
    store_submission,
    units_of_ledger,
)
from words import PERIODS, REPORT_STATES, WINDOW_STATES, day, lamp, percent

STATES = {word: code for code, word in REPORT_STATES.items()}
TYPED = (
    *("state", "percent", "narrative", "problem", "next_step", "effective_on"),
    *("occurred_on", "times", "title", "document_number", "evidence_on", "link"),
)
"""The columns a unit types into; the others say what the task is."""
REPORTED = TYPED[:6]
DAYS, NUMBERS = ("effective_on", "occurred_on", "evidence_on"), ("percent", "times")
SECONDS_BETWEEN_LOOKS = 5


@dataclass
class Desk:
    """What one visitor has on screen of one unit's month."""

    month: ui.ReportMonth
    loaded: pd.DataFrame
    """The rows as they stood when they were loaded; what was typed is told apart from them."""
    offered: pd.DataFrame
    """What the grid was last opened with: the same, and what had been typed by then."""
    edition: int = 0
    """Rises when the rows are loaded anew, so that the grid starts afresh."""


def fill_in(unit: str, month: ui.ReportMonth) -> None:
    """The grid of the unit's tasks, what is unsaved, and the button that saves it."""
    desks: dict[tuple, Desk] = st.session_state.setdefault("desks", {})
    shown: ui.View = st.session_state.view
    place = (shown.scope.ledger_id, unit, month.start)
    if place not in desks:
        rows = _rows(unit, month)
        desks[place] = Desk(month, rows, rows)
    desk = desks[place]
    if desk.loaded.empty:
        st.info(f"{unit} 在本台账没有基本任务，不需要填报。")
        return
    _say_what_happened()
    _watch(place)
    key = f"grid_{unit}_{month.start}_{desk.edition}"
    if key not in st.session_state:
        # Streamlit forgets a grid that was off the screen: open it with what had been typed.
        desk.offered = st.session_state.get("drafts", {}).get(place, desk.loaded)
    typed = st.data_editor(
        desk.offered,
        key=key,
        column_config=_columns(month),
        column_order=list(_columns(month)),
        disabled=[name for name in desk.offered if name not in TYPED],
        hide_index=True,
        num_rows="fixed",
        row_height=ui.ROW_HEIGHT,
        height=min(40 + ui.ROW_HEIGHT * len(desk.offered), 760),
        placeholder="",
        alt=f"{unit} {month} 填报",
    )
    changed = _changed(desk.loaded, typed)
    st.session_state.setdefault("drafts", {})[place] = typed
    _foot(place, unit, month, typed, changed)
    _elsewhere(place)
    _calendar(unit)
    _open_card(desk.loaded)


def reporting_units() -> list[str]:
    """The units that report: those named, and members in the stead of their collective."""
    scope = st.session_state.view.scope
    reporting = units_of_ledger(ui.warehouse(), scope.ledger_id, scope.as_of)
    return [unit for unit in ui.ask("units").unit if unit in reporting]


def month_of_unit(unit: str, month: ui.ReportMonth) -> pd.DataFrame:
    """The `unit_month` rows of the unit: all its base tasks, whatever the filters."""
    scope = replace(st.session_state.view.scope, as_of=month.day, units=(), level1s=(), kinds=())
    return ui.ask("unit_month", scope, unit=unit, **month.values)


def _rows(unit: str, month: ui.ReportMonth) -> pd.DataFrame:
    """One row per task of the unit, with what stands of the month."""
    rows = month_of_unit(unit, month)
    reported = rows.now_report_id.notna()
    return pd.DataFrame(
        {
            "task_id": rows.task_id.astype(str),
            "unit_id": rows.unit_id.astype(str),
            "report_id": _ids(rows.now_report_id),
            "lamp": rows.lamp.map(lamp),
            "number": rows.number,
            "task": [ui.grid_text(text, 40) for text in rows.task],
            "due": [
                day(row.effective_due_on)
                if pd.notna(row.effective_due_on)
                else (row.deadline_text or "未明确")
                for row in rows.itertuples()
            ],
            "must_report": [
                ("已报" if row.is_reported else "应报") if row.must_report else "可不报"
                for row in rows.itertuples()
            ],
            "windows": [
                ui.grid_text(text.replace("\n", "；"), 36) for text in rows.windows.fillna("")
            ],
            "last": [_last(row) for row in rows.itertuples()],
            "state": rows.now_state.map(REPORT_STATES),
            "percent": rows.now_percent.where(reported),
            "narrative": rows.now_narrative.fillna(""),
            "problem": rows.now_problem.fillna(""),
            "next_step": rows.now_next_step.fillna(""),
            "effective_on": pd.to_datetime(rows.now_effective_on).fillna(pd.Timestamp(month.day)),
            "occurred_on": pd.to_datetime(pd.Series(pd.NaT, index=rows.index)),
            "times": pd.Series(float("nan"), index=rows.index),
            "title": "",
            "document_number": "",
            "evidence_on": pd.to_datetime(pd.Series(pd.NaT, index=rows.index)),
            "link": "",
        }
    )


def _ids(ids: pd.Series) -> list[str]:
    """Ids as texts; none is ""."""
    return ["" if pd.isna(each) else str(each) for each in ids]


def _last(row: Any) -> str:
    if pd.isna(row.last_effective_on):
        return "此前未填报"
    said = [REPORT_STATES[row.last_state]]
    if pd.notna(row.last_percent) and row.last_state != "done":
        said.append(percent(row.last_percent))
    if row.is_returned:
        said.append(f"已退办：{row.return_reason}")
    head = f"{row.last_effective_on:%m-%d}　{'，'.join(said)}"
    return ui.grid_text("；".join(text for text in (head, row.last_narrative) if text), 24)


def _columns(month: ui.ReportMonth) -> dict[str, Any]:
    text, number, days = (
        st.column_config.TextColumn,
        st.column_config.NumberColumn,
        st.column_config.DateColumn,
    )
    in_month = {"min_value": month.start, "max_value": month.day, "format": "YYYY-MM-DD"}
    return {
        "number": number("编号", width=48, format="%d", pinned=True),
        "task": text("目标任务", width=212, pinned=True),
        "lamp": text("预警灯", width=66),
        "due": text("期限", width=96),
        "must_report": text("本月", width=50),
        "last": text("上次填报", width=140),
        "state": st.column_config.SelectboxColumn("状态", options=list(STATES), width=84),
        "percent": number("进度%", min_value=0, max_value=100, step=1, width=78),
        "narrative": text("本月进展", width=210),
        "problem": text("存在问题", width=170),
        "next_step": text("下一步", width=170),
        "effective_on": days("情况属实之日", width=140, **in_month),
        "windows": text("频次窗口", width=190),
        "occurred_on": days("频次完成日期", width=140, **in_month),
        "times": number("当日完成次数", min_value=1, step=1, width=140),
        "title": text("佐证材料名称", width=170),
        "document_number": text("文号", width=120),
        "evidence_on": days("材料日期", width=140, max_value=today(), format="YYYY-MM-DD"),
        "link": text("链接", width=150),
    }


def _changed(loaded: pd.DataFrame, typed: pd.DataFrame) -> pd.DataFrame:
    """The rows of which anything was typed, as they stand now."""
    same = pd.Series(True, index=loaded.index)
    for name in TYPED:
        was, now = loaded[name], typed[name]
        if name in DAYS:
            was, now = pd.to_datetime(was), pd.to_datetime(now)
        elif name in NUMBERS:
            was, now = pd.to_numeric(was), pd.to_numeric(now)
        else:
            # An emptied cell is None, one never filled "".
            was, now = was.fillna("").astype(str), now.fillna("").astype(str)
        same &= ((was == now) | (was.isna() & now.isna())).fillna(False)
    return typed[~same.astype(bool)]


def _foot(
    place: tuple, unit: str, month: ui.ReportMonth, typed: pd.DataFrame, changed: pd.DataFrame
) -> None:
    line = st.container(horizontal=True, vertical_alignment="bottom")
    author = line.text_input("填报人", key="grid_author", width=200)
    pressed = line.button("保存", type="primary", disabled=changed.empty, width=120)
    if changed.empty:
        line.markdown("没有未保存的修改。")
        return
    # web/unsaved.js asks before the window is closed while this is on the page.
    with line.container(key="unsaved"):
        st.markdown(f":material/edit: **{len(changed)} 行修改尚未保存**")
    if line.button("放弃修改", type="tertiary"):
        _reload(place, unit, month)
        st.rerun()
    if not pressed:
        return
    try:
        stored, overtaken = _save(place, month, typed, changed, author)
    except WarehouseError as error:
        st.error(str(error))
        return
    _remember(place, unit, month, changed, overtaken, stored)
    st.rerun()


def _save(
    place: tuple, month: ui.ReportMonth, typed: pd.DataFrame, changed: pd.DataFrame, author: str
) -> tuple[int, list[str]]:
    """Store what was typed; returns the number of tasks and, in words, whose entries came between."""
    ledger_id, unit, _ = place
    if not author.strip():
        raise WarehouseError("请填写填报人。")
    desk: Desk = st.session_state.desks[place]
    loaded = desk.loaded.loc[changed.index]
    reports, occurrences, evidence = [], [], []
    for was, now in zip(loaded.itertuples(), changed.itertuples(), strict=True):
        task_id = UUID(now.task_id)
        if any(not _same(getattr(was, name), getattr(now, name)) for name in REPORTED):
            reports.append(_report(task_id, now))
        if pd.notna(now.times) or pd.notna(now.occurred_on):
            occurrences.append(_occurrence(task_id, now))
        if now.title or now.link or now.document_number or pd.notna(now.evidence_on):
            evidence.append(_evidence(task_id, now))
    newest = _rows(unit, month).set_index("task_id")
    overtaken = [
        f"第 {row.number} 项"
        for row in loaded.itertuples()
        if row.task_id in newest.index and newest.report_id[row.task_id] != row.report_id
    ]
    stored = store_submission(
        ui.warehouse(),
        Submission(ledger_id, UUID(typed.unit_id.iloc[0]), month.start, "", "", author),
        reports,
        occurrences,
        evidence,
    )
    return stored, overtaken


def _same(was: Any, now: Any) -> bool:
    blank_was, blank_now = (pd.isna(each) or each == "" for each in (was, now))
    return blank_now if blank_was else not blank_now and was == now


def _report(task_id: UUID, row: Any) -> Report:
    if pd.isna(row.state):
        raise WarehouseError(f"第 {row.number} 项写了进展，但没有选状态，请选择后再保存。")
    return Report(
        task_id,
        STATES[row.state],
        _day(row, row.effective_on, "情况属实之日"),
        None if pd.isna(row.percent) else float(row.percent),
        row.narrative or "",
        row.problem or "",
        row.next_step or "",
    )


def _occurrence(task_id: UUID, row: Any) -> Occurrence:
    if not row.windows:
        raise WarehouseError(f"第 {row.number} 项没有频次要求，请不要填完成次数和日期。")
    if pd.isna(row.times):
        raise WarehouseError(f"第 {row.number} 项填了频次完成日期，请再填当日完成次数。")
    return Occurrence(task_id, _day(row, row.occurred_on, "频次完成日期"), int(row.times))


def _evidence(task_id: UUID, row: Any) -> Evidence:
    if not row.title:
        raise WarehouseError(f"第 {row.number} 项的佐证材料没有名称，请补上。")
    own_day = None if pd.isna(row.evidence_on) else pd.Timestamp(row.evidence_on).date()
    return Evidence(task_id, row.title, row.document_number or "", row.link or "", own_day)


def _day(row: Any, value: Any, label: str) -> date:
    if pd.isna(value):
        raise WarehouseError(f"第 {row.number} 项请填写{label}。")
    return pd.Timestamp(value).date()


def _reload(place: tuple, unit: str, month: ui.ReportMonth) -> None:
    """Load the rows anew; what was typed is gone."""
    desk: Desk = st.session_state.desks[place]
    rows = _rows(unit, month)
    st.session_state.desks[place] = Desk(month, rows, rows, desk.edition + 1)
    st.session_state.get("drafts", {}).pop(place, None)


def _remember(
    place: tuple,
    unit: str,
    month: ui.ReportMonth,
    changed: pd.DataFrame,
    overtaken: list[str],
    stored: int,
) -> None:
    """After saving: fresh rows, a word on what happened, and which entries are this visitor's."""
    _reload(place, unit, month)
    said = f"已保存 {stored} 项任务的填报。" if stored else "所填内容此前已有相同记录，没有变化。"
    if overtaken:
        said += f"您填写期间，{'、'.join(overtaken)}有人先保存了填报；两条都已保留，以后保存的您这条为准。"
    st.session_state.saved_said = said
    mine: dict[tuple, dict[str, str]] = st.session_state.setdefault("own_reports", {})
    fresh = st.session_state.desks[place].loaded.set_index("task_id").report_id
    mine.setdefault(place, {}).update({task: fresh[task] for task in changed.task_id})


def _say_what_happened() -> None:
    if said := st.session_state.pop("saved_said", None):
        st.success(said, icon=":material/check_circle:")


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _watch(place: tuple) -> None:
    """Tell the author of an entry when somebody else's later one has taken its place."""
    mine = st.session_state.get("own_reports", {}).get(place)
    if not mine:
        return
    _, unit, _ = place
    month = st.session_state.desks[place].month
    rows = month_of_unit(unit, month)
    for row, newest in zip(rows.itertuples(), _ids(rows.now_report_id), strict=True):
        if mine.get(str(row.task_id)) not in (None, "", newest):
            st.warning(
                f"第 {row.number} 项：您保存之后，{row.now_recorded_by} 于 "
                f"{row.now_recorded_at:%Y-%m-%d %H:%M} 又保存了填报。两条都已保留，以后一条为准。",
                icon=":material/group:",
            )


def _elsewhere(here: tuple) -> None:
    """Name the other units and months of which something is still unsaved."""
    desks, drafts = st.session_state.desks, st.session_state.get("drafts", {})
    others = [
        f"{place[1]} {desks[place].month}"
        for place, typed in drafts.items()
        if place != here and place[0] == here[0] and not _changed(desks[place].loaded, typed).empty
    ]
    if others:
        st.warning(f"还有未保存的修改：{'、'.join(others)}。选回该单位和月份后保存。")


def _calendar(unit: str) -> None:
    """The recurring duties of the unit, window by window."""
    shown: ui.View = st.session_state.view
    rows = ui.ask("unit_windows", unit=unit)
    if rows.empty or not shown.ledger.has_progress:
        # Where nothing was ever reported, nothing is called missed.
        return
    labels = [
        f"第 {row.number} 项　{PERIODS[row.period]}至少 {row.min_count} 次"
        for row in rows.itertuples()
    ]
    ui.chart(
        findings.unit_windows(unit, rows),
        charts.window_strip(
            rows.assign(label=labels), shown.started_on, shown.ended_on, shown.scope.as_of
        ),
        rows.assign(window_state=rows.state.map(WINDOW_STATES), period=rows.period.map(PERIODS)),
        [
            "number",
            "task",
            "period",
            "min_count",
            "window_start",
            "window_end",
            "times",
            "window_state",
        ],
        "unit_windows",
        key="unit_strip",
    )


def _open_card(rows: pd.DataFrame) -> None:
    """The way to what the grid has no room for: files of evidence, the history, extensions."""
    names = {f"第 {row.number} 项　{row.task}": row.task_id for row in rows.itertuples()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("上传佐证文件、查看经过、申请延期", list(names), key="card_of_grid")
        if st.button("打开任务卡"):
            st.session_state[ui.TASK_CARD] = names[chosen]
