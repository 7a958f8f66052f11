"""The 评分方案 as a grid to type into, saved by one button as the next version.

Owns what was typed and not yet saved, for every ledger of this visit. Its cells are read and checked
as those of the workbook are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from documents import scheme as schemes
from documents.scheme.layout import (
    ABSENT_WORDS,
    FILLED,
    HEADERS,
    MEASURE_WORDS,
    NO,
    RULE_WORDS,
    SETTINGS,
    YES,
)
from screens import parts
from screens.parts import saving
from screens.scores.current import FORM, Current, may_store, preview, store
from warehouse.ledger.schemes import Scheme
from words import KINDS, is_missing

AMOUNTS = ("points", "step", "floor")


@dataclass
class OpenGrid:
    """What one visitor has on screen of one ledger's scheme."""

    number: int
    """The version it was loaded from; 0 when there was none."""
    round: int
    loaded: pd.DataFrame
    offered: pd.DataFrame
    """What the grid was last opened with: the loaded rows, and what had been typed by then."""
    settings: dict[str, str]
    """As loaded."""
    typed_settings: dict[str, str]


def edit_on_screen(view: parts.View, current: Current) -> None:
    """The settings, the grid of tasks, what is wrong with them, and the button that stores them."""
    if not may_store(view):
        return
    grid = _open_grid(view, current)
    st.caption(
        "双击格子修改；清空“分值”（扣分项清空“每次分值”）就是这一项不计分。分档写成"
        "“60–80：2；80–100：3；100：4”，名次写成“1：5；2–3：3”，次数写成“1：1；3以上：4”。"
    )
    settings = _settings(current, grid)
    typed = _grid(current, grid)
    grid.typed_settings = settings
    st.session_state.setdefault("scheme_drafts", {})[_place(current)] = typed
    changed = _texts(grid.loaded) != _texts(typed) or grid.settings != settings
    newest = current.newest
    if newest and newest.number != grid.number:
        st.warning(
            f"您修改期间，{newest.recorded_by} 存入了第 {newest.number} 版。"
            "存入后以您这份为准，请看清下列不同，或放弃修改后重新编辑。",
            icon=":material/group:",
        )
    line = st.container(horizontal=True, vertical_alignment="bottom")
    author = parts.author(view.warehouse, line, "操作人", key="scheme_grid_by", width=200)
    button = line.container()
    if not changed:
        button.button(
            f"存为第 {current.next_number} 版",
            type="primary",
            disabled=True,
            key="scheme_grid_store",
        )
        line.markdown("没有未保存的修改。")
        return
    # web/unsaved.js asks before the window is closed while this is on the page.
    with line.container(key="unsaved"):
        st.markdown(":material/edit: **修改尚未保存**")
    if line.button("放弃修改", type="tertiary", key="scheme_grid_drop"):
        _forget(current)
        st.rerun()
    draft = _draft(current, settings, typed)
    pressed = button.button(
        f"存为第 {current.next_number} 版",
        type="primary",
        disabled=bool(draft.problems),
        key="scheme_grid_store",
    )
    preview(current, draft)
    if pressed:
        store(view, draft.scheme, author, follows=current.looked_at, then=lambda: _forget(current))


def _place(current: Current) -> tuple[UUID, UUID]:
    # By edition: another one has other tasks.
    return current.outline.ledger_id, current.outline.edition.edition_id


def _open_grid(view: parts.View, current: Current) -> OpenGrid:
    """The visitor's rows: those being typed, or the newest version's where nothing is unsaved."""
    grids: dict[Any, OpenGrid] = st.session_state.setdefault("scheme_grids", {})
    place = _place(current)
    number = current.number
    grid = grids.get(place)
    typed = st.session_state.get("scheme_drafts", {}).get(place)
    is_clean = grid and (
        typed is None
        or (_texts(typed) == _texts(grid.loaded) and grid.typed_settings == grid.settings)
    )
    if grid is None or (is_clean and grid.number != number):
        scheme = (
            current.newest.scheme if current.newest else schemes.started_scheme(current.outline)
        )
        rows, settings = _rows(view, current, scheme), schemes.typed_settings(scheme)
        opened = grid.round + 1 if grid else saving.entries_stored(FORM)
        grid = grids[place] = OpenGrid(number, opened, rows, rows, settings, dict(settings))
        st.session_state.get("scheme_drafts", {}).pop(place, None)
    return grid


def _forget(current: Current) -> None:
    """Open the newest version anew; what was typed is gone."""
    place = _place(current)
    grid: OpenGrid = st.session_state.scheme_grids[place]
    grid.number, grid.offered, grid.typed_settings = -1, grid.loaded, dict(grid.settings)
    st.session_state.get("scheme_drafts", {}).pop(place, None)


def _rows(view: parts.View, current: Current, scheme: Scheme) -> pd.DataFrame:
    """One row per task, with what the scheme says of it."""
    items = {item.task_id: item for item in scheme.items}
    short = view.short_names
    records = []
    for task in current.outline.tasks:
        texts = schemes.typed_row(task, items.get(task.task_id)).texts
        records.append(
            {
                "number": task.number,
                "level1": short.get(task.level1, task.level1),
                "kind": KINDS[task.kind],
                "task": parts.grid_text(task.task, 47),
                **{name: texts.get(name, "") for name in FILLED},
                **{
                    name: float(texts[name]) if texts.get(name) else float("nan")
                    for name in AMOUNTS
                },
                "measure": texts.get("measure") or None,
                "evidence_required": texts.get("evidence_required") == YES,
            }
        )
    return pd.DataFrame(records)


def _columns() -> dict[str, Any]:
    text, number, choice = (
        st.column_config.TextColumn,
        st.column_config.NumberColumn,
        st.column_config.SelectboxColumn,
    )
    return {
        "number": number("编号", width=48, format="%d", pinned=True),
        "task": text("目标任务", width=250, pinned=True),
        "level1": text("一级指标", width=120),
        "kind": text("类别", width=76),
        "points": number(HEADERS["points"], width=88),
        "rule": choice(HEADERS["rule"], options=list(RULE_WORDS), width=104),
        "measure": choice(HEADERS["measure"], options=list(MEASURE_WORDS), width=124),
        "step": number(HEADERS["step"], width=116),
        "floor": number(HEADERS["floor"], width=88),
        "tiers": text(HEADERS["tiers"], width=190),
        "evidence_required": st.column_config.CheckboxColumn("须佐证", width=100),
        "criterion": text(HEADERS["criterion"], width=220),
        "proof": text(HEADERS["proof"], width=180),
    }


def _grid(current: Current, grid: OpenGrid) -> pd.DataFrame:
    place = _place(current)
    key = f"scheme_grid_{place[1]}_{grid.round}"
    if key not in st.session_state:
        # Streamlit forgets a grid that was off the screen: open it with what had been typed.
        grid.offered = st.session_state.get("scheme_drafts", {}).get(place, grid.loaded)
    return st.data_editor(
        grid.offered,
        key=key,
        column_config=_columns(),
        column_order=list(_columns()),
        disabled=["number", "level1", "kind", "task"],
        hide_index=True,
        num_rows="fixed",
        row_height=parts.ROW_HEIGHT,
        height=min(40 + parts.ROW_HEIGHT * len(grid.offered), 620),
        placeholder="",
        alt="评分方案",
    )


def _settings(current: Current, grid: OpenGrid) -> dict[str, str]:
    """The settings as typed."""
    texts = grid.typed_settings
    suffix = f"{_place(current)[1]}_{grid.round}"
    columns = st.columns([1, 1, 1, 1, 2])

    def day_of(name: str) -> date | None:
        return date.fromisoformat(texts[name]) if texts[name] else None

    days = [
        column.date_input(
            SETTINGS[name], value=day_of(name), key=f"scheme_{name}_{suffix}", format="YYYY-MM-DD",
            min_value=date(2000, 1, 1), max_value=date(2099, 12, 31),
        )
        for column, name in zip(columns, ("assessed_on", "evidence_from"), strict=False)
    ]  # fmt: skip
    absent = columns[2].selectbox(
        SETTINGS["absent_rule"],
        list(ABSENT_WORDS),
        index=list(ABSENT_WORDS).index(texts["absent_rule"]),
        key=f"scheme_absent_{suffix}",
    )
    cap = columns[3].number_input(
        SETTINGS["bonus_cap"],
        value=float(texts["bonus_cap"]) if texts["bonus_cap"] else None,
        step=1.0,
        format="%g",
        placeholder="不设",
        key=f"scheme_cap_{suffix}",
    )
    note = columns[4].text_input(
        SETTINGS["note"], texts["note"], placeholder="可不填", key=f"scheme_note_{suffix}"
    )
    return {
        "assessed_on": f"{days[0]:%Y-%m-%d}" if days[0] else "",
        "evidence_from": f"{days[1]:%Y-%m-%d}" if days[1] else "",
        "absent_rule": absent,
        "bonus_cap": _amount(cap),
        "note": note.strip(),
    }


def _texts(rows: pd.DataFrame) -> list[dict[str, str]]:
    """The cells of each task as they would be typed into the workbook."""
    texts = []
    for row in rows[list(FILLED)].to_dict("records"):
        texts.append({str(name): _text(str(name), value) for name, value in row.items()})
    return texts


def _text(name: str, value: Any) -> str:
    if name in AMOUNTS:
        return _amount(value)
    if name == "evidence_required":
        return YES if not is_missing(value) and value else NO
    return "" if is_missing(value) else str(value).strip()


def _amount(value: float | None) -> str:
    return "" if is_missing(value) else schemes.figure(Decimal(f"{value:.12g}"))


def _draft(current: Current, settings: dict[str, str], typed: pd.DataFrame) -> schemes.Draft:
    """What is on screen as a scheme; a mistake goes by the number of its task and the column."""

    def place(number: int) -> Any:
        return lambda name: f"第 {number} 项“{HEADERS[name]}”"

    rows = [
        schemes.TypedRow(task, texts, place(task.number))
        for task, texts in zip(current.outline.tasks, _texts(typed), strict=True)
    ]
    return schemes.draft_of(
        current.outline,
        settings,
        rows,
        place_of_setting=lambda name: SETTINGS.get(name, name),
        heading_points=current.outline.heading_points,
    )
