"""The month of a unit as a grid to type into, saved by one button.

Owns what was typed and not yet saved, for every unit and month of this visit, and telling the author
of an entry that somebody else has entered a later one. What may be recorded is the warehouse's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from findings import exhibits
from findings import returns as return_findings
from screens import parts
from screens.month.entries import STATES, TYPED, changed_rows, entries_of
from screens.parts import saving
from warehouse import WarehouseError, today
from warehouse.entries.submissions import (
    Submission,
    going_back,
    outweighed,
    store_submission,
    units_of_ledger,
)
from words import NEXT_STEP, REPORT_STATES, day, each_row, lamp, percent

SECONDS_BETWEEN_LOOKS = 5
MOST_ROWS_SEEN = 9
"""Rows of the grid before it scrolls: the window shows it whole, with the line that saves it."""
ISSUED = "原"
"""Before the day that was issued, of an extended task."""
FORM = "month_grid"
ASKED = "going_back_asked"
"""Session key: the place, and what would go backwards there, of which the author was warned."""


@dataclass
class OpenGrid:
    """What one visitor has on screen of one unit's month."""

    month: parts.ReportMonth
    loaded: pd.DataFrame
    """The rows as they stood when they were loaded; what was typed differs from them."""
    offered: pd.DataFrame
    """What the grid was last opened with: the same, and what had been typed by then."""
    edition: int = 0
    """Rises when the rows are loaded anew, so that the grid starts afresh."""


def fill_in(view: parts.View, unit: str, month: parts.ReportMonth) -> None:
    """The grid of the unit's tasks, what is unsaved, and the button that saves it."""
    grids: dict[tuple, OpenGrid] = st.session_state.setdefault("grids", {})
    place = (view.scope.ledger_id, unit, month.start)
    if place not in grids:
        rows = _rows(view, unit, month)
        grids[place] = OpenGrid(month, rows, rows)
    grid = grids[place]
    if grid.loaded.empty:
        st.info(f"{unit} 在本台账没有基本任务，不需要填报。")
        return
    saving.show_report(FORM)
    _watch(view, place)
    # Above the grid, where it stays in sight however long the grid is; filled once it is known what
    # was typed.
    head = st.container()
    key = f"grid_{unit}_{month.start}_{grid.edition}"
    if key not in st.session_state:
        # Streamlit forgets a grid that was off the screen: open it with what had been typed.
        grid.offered = st.session_state.get("drafts", {}).get(place, grid.loaded)
    columns = _columns(month, extended=bool(grid.offered.due.str.contains(ISSUED).any()))
    typed = st.data_editor(
        grid.offered,
        key=key,
        column_config=columns,
        column_order=list(columns),
        disabled=[str(name) for name in grid.offered if name not in TYPED],
        hide_index=True,
        num_rows="fixed",
        row_height=parts.ROW_HEIGHT,
        height=40 + parts.ROW_HEIGHT * min(len(grid.offered), MOST_ROWS_SEEN),
        placeholder="",
        alt=f"{unit} {month} 填报",
    )
    changed = changed_rows(grid.loaded, typed)
    st.session_state.setdefault("drafts", {})[place] = typed
    with head:
        _saving(view, place, unit, month, typed, changed)
        _elsewhere(place)
    _calendar(view, unit)
    _open_card(grid.loaded)


def headline(view: parts.View, unit: str, month: parts.ReportMonth) -> None:
    """How far the unit's report of the month is, and whether the month is closed."""
    parts.headline(return_findings.unit_month(unit, str(month), month_of_unit(view, unit, month)))
    locks = view.ask("month_locks", month_start=month.start)
    if closed := return_findings.entered_after(locks, month.start):
        st.info(closed, icon=":material/lock:")


def reporting_units(view: parts.View) -> list[str]:
    """The units that report: those named, and members in the stead of their collective."""
    scope = view.scope
    reporting = units_of_ledger(view.warehouse, scope.ledger_id, scope.as_of)
    return [unit for unit in view.ask("units").unit if unit in reporting]


def month_of_unit(view: parts.View, unit: str, month: parts.ReportMonth) -> pd.DataFrame:
    """The `unit_month` rows of the unit: all its base tasks, whatever the filters."""
    scope = replace(view.scope, as_of=month.day, units=(), level1s=(), kinds=())
    return view.ask("unit_month", scope, unit=unit, **month.values)


def _rows(view: parts.View, unit: str, month: parts.ReportMonth) -> pd.DataFrame:
    """One row per task of the unit, with what stands of the month."""
    rows = month_of_unit(view, unit, month)
    reported = rows.now_report_id.notna()
    return pd.DataFrame(
        {
            "task_id": rows.task_id.astype(str),
            "unit_id": rows.unit_id.astype(str),
            "report_id": _ids(rows.now_report_id),
            "lamp": rows.lamp.map(lamp),
            "number": rows.number,
            "task": [parts.grid_text(text, 40) for text in rows.task],
            "due": [_due(row) for row in each_row(rows)],
            "must_report": [
                ("已报" if row.is_reported else "应报") if row.must_report else "可不报"
                for row in each_row(rows)
            ],
            "windows": [
                parts.grid_text(text.replace("\n", "；"), 36) for text in rows.windows.fillna("")
            ],
            "last": [_last(row) for row in each_row(rows)],
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


def _due(row: Any) -> str:
    """The day it is judged by, and of an extended task the other one as well."""
    if pd.isna(row.effective_due_on):
        return row.deadline_text or "未明确"
    if row.effective_due_on == row.due_on:
        return day(row.effective_due_on)
    return f"{day(row.effective_due_on)} {ISSUED}{day(row.due_on)}"


def _ids(ids: pd.Series) -> list[str]:
    """Ids as texts; none is ""."""
    return ["" if pd.isna(each) else str(each) for each in ids]


def _last(row: Any) -> str:
    if pd.isna(row.last_effective_on):
        return "此前未填报"
    standing = [REPORT_STATES[row.last_state]]
    if pd.notna(row.last_percent) and row.last_state != "done":
        standing.append(percent(row.last_percent))
    if row.is_returned:
        standing.append(f"已退办：{row.return_reason}")
    head = f"{row.last_effective_on:%m-%d}　{'，'.join(standing)}"
    return parts.grid_text("；".join(text for text in (head, row.last_narrative) if text), 24)


def _columns(month: parts.ReportMonth, *, extended: bool) -> dict[str, Any]:
    text, number, days = (
        st.column_config.TextColumn,
        st.column_config.NumberColumn,
        st.column_config.DateColumn,
    )
    in_month: dict[str, Any] = {
        "min_value": month.start,
        "max_value": month.day,
        "format": "YYYY-MM-DD",
    }
    return {
        "number": number("编号", width=48, format="%d", pinned=True),
        "task": text("目标任务", width=212, pinned=True),
        "lamp": text("预警灯", width=66),
        "due": text("期限", width=174 if extended else 96),
        "must_report": text("本月", width=50),
        "last": text("上次填报", width=140),
        "state": st.column_config.SelectboxColumn("状态", options=list(STATES), width=84),
        "percent": number("进度%", min_value=0, max_value=100, step=1, width=78),
        "narrative": text("本月进展", width=210),
        "problem": text("存在问题", width=170),
        "next_step": text(NEXT_STEP, width=170),
        "effective_on": days("情况属实之日", width=140, **in_month),
        "windows": text("本月频次", width=190),
        "occurred_on": days("频次完成日期", width=140, **in_month),
        "times": number("当日完成次数", min_value=1, step=1, width=140),
        "title": text("佐证材料名称", width=170),
        "document_number": text("文号", width=120),
        "evidence_on": days("材料日期", width=140, max_value=today(), format="YYYY-MM-DD"),
        "link": text("链接", width=150),
    }


def _saving(
    view: parts.View,
    place: tuple,
    unit: str,
    month: parts.ReportMonth,
    typed: pd.DataFrame,
    changed: pd.DataFrame,
) -> None:
    line = st.container(horizontal=True, vertical_alignment="bottom")
    author = line.text_input("填报人", key="grid_author", width=200)
    pressed = line.button("保存", type="primary", disabled=changed.empty, width=120)
    if changed.empty:
        line.markdown("没有未保存的修改。")
        return
    # web/unsaved.js asks before the window is closed while this is on the page.
    with line.container(key="unsaved", width="content"):
        st.markdown(f":material/edit: **{len(changed)} 行修改尚未保存**")
    if line.button("放弃修改", type="tertiary"):
        _reload(view, place, unit, month)
        st.rerun()
    if not pressed:
        return
    try:
        saved = _save(view, place, month, typed, changed, author)
    except WarehouseError as error:
        st.error(str(error))
        return
    if saved is None:
        return
    stored, overtaken, outdone = saved
    _remember(view, place, unit, month, changed, overtaken, outdone, stored)
    st.rerun()


def _save(
    view: parts.View,
    place: tuple,
    month: parts.ReportMonth,
    typed: pd.DataFrame,
    changed: pd.DataFrame,
    author: str,
) -> tuple[int, list[str], list[str]] | None:
    """Store what was typed; returns the number of tasks and, in words, whose entries came between and
    which change nothing, because something newer stands.

    None when the author has to be asked first whether something is really to go backwards.
    """
    ledger_id, unit, _ = place
    if not author.strip():
        raise WarehouseError("请填写填报人。")
    loaded = st.session_state.grids[place].loaded.loc[changed.index]
    entries = entries_of(loaded, changed)
    unit_id = UUID(typed.unit_id.iloc[0])
    numbers = dict(zip(changed.task_id, changed.number, strict=True))
    backwards = [
        f"第 {numbers[str(task_id)]} 项：{why}"
        for task_id, why in going_back(view.warehouse, unit_id, month.start, entries.reports)
    ]
    if backwards and st.session_state.get(ASKED) != (place, backwards):
        st.session_state[ASKED] = (place, backwards)
        st.warning(
            "比已有填报倒退：" + "；".join(backwards) + "。确认无误的，请再按一次“保存”。",
            icon=":material/undo:",
        )
        return None
    newest = _rows(view, unit, month).set_index("task_id")
    overtaken = [
        f"第 {row.number} 项"
        for row in each_row(loaded)
        if row.task_id in newest.index and newest.report_id[row.task_id] != row.report_id
    ]
    stored = store_submission(
        view.warehouse,
        Submission(ledger_id, unit_id, month.start, "", "", author),
        entries.reports,
        entries.occurrences,
        entries.evidence,
    )
    st.session_state.pop(ASKED, None)
    without = outweighed(view.warehouse, unit_id, entries.reports)
    return stored, overtaken, [f"第 {n} 项" for task, n in numbers.items() if UUID(task) in without]


def _reload(view: parts.View, place: tuple, unit: str, month: parts.ReportMonth) -> None:
    """Load the rows anew; what was typed is gone."""
    grid: OpenGrid = st.session_state.grids[place]
    # The page rests on the data as they were before it saved.
    with view.warehouse.anew() as newest:
        rows = _rows(replace(view, data_version=newest.data_version), unit, month)
    st.session_state.grids[place] = OpenGrid(month, rows, rows, grid.edition + 1)
    st.session_state.get("drafts", {}).pop(place, None)


def _remember(
    view: parts.View,
    place: tuple,
    unit: str,
    month: parts.ReportMonth,
    changed: pd.DataFrame,
    overtaken: list[str],
    outdone: list[str],
    stored: int,
) -> None:
    """After saving: fresh rows, a word on what happened, and which entries are this visitor's."""
    _reload(view, place, unit, month)
    report = f"已保存 {stored} 项任务的填报。" if stored else "所填内容此前已有相同记录，没有变化。"
    if overtaken:
        report += f"您填写期间，{'、'.join(overtaken)}有人先保存了填报；两条都已保留，以后保存的您这条为准。"
    if stored and outdone:
        report += f"{'、'.join(outdone)}已有更晚的填报，以较晚的为准，状态没有改变。"
    saving.report_next_run(FORM, report)
    mine: dict[tuple, dict[str, str]] = st.session_state.setdefault("own_reports", {})
    fresh = st.session_state.grids[place].loaded.set_index("task_id").report_id
    mine.setdefault(place, {}).update({task: fresh[task] for task in changed.task_id})


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _watch(view: parts.View, place: tuple) -> None:
    """Tell the author of an entry when somebody else's later one has taken its place."""
    mine = st.session_state.get("own_reports", {}).get(place)
    if not mine:
        return
    _, unit, _ = place
    month = st.session_state.grids[place].month
    # Others may have saved since the page was drawn.
    with view.warehouse.anew() as newest:
        rows = month_of_unit(replace(view, data_version=newest.data_version), unit, month)
    later = [
        row
        for row, newest in zip(each_row(rows), _ids(rows.now_report_id), strict=True)
        if mine.get(str(row.task_id)) not in (None, "", newest)
    ]
    for row in later:
        st.warning(
            f"第 {row.number} 项：您保存之后，{row.now_recorded_by} 于 "
            f"{row.now_recorded_at:%Y-%m-%d %H:%M} 又保存了填报。两条都已保留，以后一条为准。",
            icon=":material/group:",
        )
    if later and not _is_unsaved(place) and st.button("在表格中显示最新填报"):
        # The author has seen them; from now on the later entries are not reported again.
        for row in later:
            mine.pop(str(row.task_id))
        _reload(view, place, unit, month)
        st.rerun()


def _is_unsaved(place: tuple) -> bool:
    typed = st.session_state.get("drafts", {}).get(place)
    return typed is not None and not changed_rows(st.session_state.grids[place].loaded, typed).empty


def _elsewhere(here: tuple) -> None:
    """Name the other units and months of which something is still unsaved."""
    others = [
        f"{place[1]} {st.session_state.grids[place].month}"
        for place in st.session_state.get("drafts", {})
        if place != here and place[0] == here[0] and _is_unsaved(place)
    ]
    if others:
        st.warning(f"还有未保存的修改：{'、'.join(others)}。选回该单位和月份后保存。")


def _calendar(view: parts.View, unit: str) -> None:
    """The recurring duties of the unit, window by window."""
    rows = view.ask("unit_windows", unit=unit)
    if rows.empty or not view.ledger.has_progress:
        # In a ledger without progress no window is called missed.
        return
    strip = exhibits.unit_windows(unit, rows, view.started_on, view.ended_on, view.scope.as_of)
    parts.draw(view, strip, key="unit_strip")


def _open_card(rows: pd.DataFrame) -> None:
    """The way to what the grid has no room for: files of evidence, the history, extensions."""
    names = {f"第 {row.number} 项　{row.task}": row.task_id for row in each_row(rows)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("上传佐证文件、查看经过、申请延期", list(names), key="card_of_grid")
        if st.button("打开任务卡"):
            st.session_state[parts.TASK_CARD] = names[chosen]
