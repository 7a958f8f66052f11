"""Taking ledger files in: read, shown beside the source, corrected, compared, and only then stored.

Draws the steps between a file and the button that stores it. What was understood comes from
`loaders`, what changes from `warehouse.editions`; nothing is judged here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

import findings
import ui
from loaders import LedgerError, Preview
from loaders.correcting import corrected, dated
from upkeep import intake
from upkeep.sources import source_table
from warehouse import Correction, Warehouse, WarehouseError, editions, read_reference, store_edition
from warehouse.opening import reference_folder
from warehouse.register import strangers
from warehouse.store import today
from words import CHANGES, READINGS, differing, is_missing, plain

TYPES = [
    "txt", "csv", "docx", "xlsx", "xlsm", "html", "htm", "pdf", "doc", "wps", "xls", "docm", "tsv",
    "md", "et", "rtf", "odt", "ods",
]  # fmt: skip
EDITABLE = {
    "level1": "一级指标",
    "level2": "二级指标",
    "task": "目标任务",
    "responsible_text": "责任单位",
    "deadline_text": "完成时限",
}
WIDTHS = {
    "level1": 110, "level2": 110, "task": 260, "responsible_text": 150, "deadline_text": 90,
}  # fmt: skip
NEW_UNIT = "作为新单位登记"


def take_in_files(uploads: Sequence[Any]) -> None:
    """The uploaded files, one after the other: being read, refused with the reason, or ready to be
    looked at. A file that was taken out of the list may be read anew when it comes back."""
    keys = {_take_in_file(upload.name, upload.getvalue()) for upload in uploads}
    for key in set(_readings()) - keys:
        del _readings()[key]
    for key in set(_intakes()) - keys:
        _intakes().pop(key).stop()


def _take_in_file(name: str, content: bytes) -> str:
    key = _read(name, content)
    with st.container(border=True):
        st.subheader(plain(name), anchor=False)
        if key in _intakes():
            _watch(key)
        elif isinstance(_readings()[key], str):
            st.error(f"没有导入：{plain(_readings()[key])}。")
        else:
            _take_in(_readings()[key], key)
    return key


def _readings() -> dict[str, Preview | str]:
    """What was read in this session, or why it was not, by file."""
    return st.session_state.setdefault("readings", {})


def _intakes() -> dict[str, intake.Intake]:
    """The files of this session that are still being read."""
    return st.session_state.setdefault("intakes", {})


def _warehouse() -> Warehouse:
    return st.session_state.view.office.warehouse


@st.fragment(run_every=1.0)
def _watch(key: str) -> None:
    """A file that is still being read: how long already, and a way to stop it."""
    reading = _intakes()[key]
    if reading.finished():
        st.rerun()
    line = st.container(horizontal=True, vertical_alignment="center")
    line.markdown(
        f"正在读取 **{plain(reading.name)}**，已用 {reading.seconds} 秒……", width="stretch"
    )
    if line.button("停止读取", key=f"stop_{key}"):
        _intakes().pop(key).stop()
        _readings()[key] = f"{reading.name} 的读取已停止，没有存入任何内容"
        st.rerun()


def _read(name: str, content: bytes) -> str:
    """Start reading a file that has not been read yet; returns its key."""
    key = hashlib.sha256(name.encode() + content).hexdigest()
    if key not in _readings():
        intakes = _intakes()
        if key not in intakes:
            intakes[key] = intake.Intake(name, content)
        reading = intakes[key]
        # Most ledgers are read before anyone could press a button.
        if reading.finished(patience=3):
            try:
                _readings()[key] = reading.result()
            except LedgerError as error:
                _readings()[key] = str(error)
            del intakes[key]
    return key


def _edit(preview: Preview, key: str) -> tuple[Preview, list[Correction]]:
    """Title, province, year and tasks as the user leaves them, with what was changed."""
    ledger = preview.ledger
    first, second, third = st.columns([4, 1, 1])
    title = first.text_input("台账名称", ledger.title, key=f"title_{key}")
    region = second.text_input(
        "地区", ledger.region, key=f"region_{key}", placeholder="如：宁夏",
        help="决定“五市”“各市州”等集体的成员",
    )  # fmt: skip
    year = third.number_input(
        "年度", 1990, 2100, ledger.year, key=f"year_{key}", placeholder="必填"
    )
    ledger = replace(ledger, title=title.strip(), region=region.strip(), year=year)
    left, right = st.columns(2)
    with left:
        st.markdown("**原文**（按读法着色）")
        source_table(preview, key=key)
    with right:
        st.markdown("**读出的任务**（可直接改，改动会记录在案）")
        tasks = pd.DataFrame(
            [
                {"number": task.number} | {f: getattr(task, f) for f in EDITABLE}
                for task in ledger.tasks
            ]
        )
        left_as = st.data_editor(
            tasks,
            key=f"tasks_{key}",
            hide_index=True,
            height=520,
            disabled=["number"],
            column_config={"number": st.column_config.NumberColumn("编号", width=50)}
            | {
                field: st.column_config.TextColumn(label, width=WIDTHS[field])
                for field, label in EDITABLE.items()
            },
        )
    changed, made = [], []
    for task, row in zip(ledger.tasks, left_as.itertuples(), strict=True):
        # A cell that was emptied comes back as None or NaN.
        typed = {
            field: "" if is_missing(getattr(row, field)) else str(getattr(row, field)).strip()
            for field in EDITABLE
        }
        changes = {field: text for field, text in typed.items() if text != getattr(task, field)}
        if year and preview.ledger.year is None:
            # 6月底 has no day until somebody says of which year.
            task = dated(task, year)
        changed.append(corrected(task, changes, year or 0) if changes else task)
        made += [Correction(task.number, f, getattr(task, f), new) for f, new in changes.items()]
    return replace(preview, ledger=replace(ledger, tasks=tuple(changed))), made


def _doubts(preview: Preview) -> None:
    """Rows in = tasks + named non-task rows, and every doubtful reading with its place."""
    ledger = preview.ledger
    counts = pd.Series([row.reading for row in ledger.rows]).value_counts()
    rows = "，".join(f"{READINGS[name]} {count} 行" for name, count in counts.items())
    st.markdown(
        f"原文 {len(ledger.rows)} 行：{rows}；读出任务 {len(ledger.tasks)} 项，存疑 {len(ledger.issues)} 处。"
    )
    if ledger.issues:
        st.dataframe(
            pd.DataFrame(
                {
                    "位置": [str(issue.place) for issue in ledger.issues],
                    "存疑": [issue.message for issue in ledger.issues],
                }
            ),
            hide_index=True,
            alt="存疑之处",
        )
        st.caption("读得不对的，在上面的任务表里改；读得对的不用动。")


def _name_units(preview: Preview, key: str) -> tuple[dict[str, str], bool]:
    """Ask about unit names the register does not know; returns other spelling → registered unit,
    and whether every name that is like a registered one was decided."""
    unknown = strangers(_warehouse(), preview.ledger, read_reference(reference_folder()))
    if not unknown:
        st.markdown("责任单位都已在册。")
        return {}, True
    unlike = [stranger for stranger in unknown if not stranger.candidates]
    if unlike:
        names = "、".join(f"{stranger.name}（{stranger.tasks} 项）" for stranger in unlike)
        st.markdown(f"新单位 {len(unlike)} 个，将登记入册：{plain(names)}")
    confirmed, decided = {}, True
    for stranger in unknown:
        if not stranger.candidates:
            continue
        choice = st.selectbox(
            f"“{plain(stranger.name)}”（{stranger.tasks} 项任务）与在册单位相近，它是",
            [NEW_UNIT, *stranger.candidates],
            index=None,
            placeholder="请选择",
            key=f"unit_{key}_{stranger.name}",
        )
        decided &= choice is not None
        if choice not in (None, NEW_UNIT):
            confirmed[stranger.name] = choice
    return confirmed, decided


def _compare(preview: Preview, key: str) -> tuple[editions.Comparison, frozenset[int], bool]:
    """Show what a later edition changes, and ask about doubtful continuations."""
    comparison = editions.compare(_warehouse(), preview.ledger)
    if comparison.status != "edition":
        return comparison, frozenset(), True
    st.markdown(
        f"这是已有台账的第 {comparison.edition_number} 版（上一版 {plain(comparison.stored_file)}）。"
        f"{findings.edition(comparison.pairs)}"
    )
    changed = [pair for pair in comparison.pairs if pair.change != "same"]
    texts = [
        differing(pair.before.task if pair.before else "", pair.after.task if pair.after else "")
        for pair in changed
    ]
    st.dataframe(
        pd.DataFrame(
            {
                "变化": [
                    "、".join(CHANGES[name] for name in pair.changes or (pair.change,))
                    for pair in changed
                ],
                "原编号": [pair.before.number if pair.before else None for pair in changed],
                "新编号": [pair.after.number if pair.after else None for pair in changed],
                "原文字": [ui.grid_text(before, 46) for before, _ in texts],
                "新文字": [ui.grid_text(after, 46) for _, after in texts],
                "分工、期限、位置": [
                    ui.grid_text(findings.edition_change(pair), 33) for pair in changed
                ],
                "相似度": [
                    f"{pair.likeness:.0f}%" if pair.before and pair.after else ""
                    for pair in changed
                ],
            }
        ),
        hide_index=True,
        row_height=ui.ROW_HEIGHT,
        column_config={
            "原文字": st.column_config.TextColumn(width=240),
            "新文字": st.column_config.TextColumn(width=240),
            "分工、期限、位置": st.column_config.TextColumn(width=180),
        },
        alt="新版的变化",
    )
    refused, decided = set(), True
    for pair in comparison.pairs:
        if pair.certain:
            continue
        answer = st.radio(
            f"新版第 {pair.after.number} 项“{plain(pair.after.task)}”，是原第 {pair.before.number} 项"
            f"“{plain(pair.before.task)}”改写的吗？",
            ["是同一任务，沿用填报和佐证", "是另一项任务"],
            index=None,
            key=f"pair_{key}_{pair.after.number}",
            horizontal=True,
        )
        decided &= answer is not None
        if answer == "是另一项任务":
            refused.add(pair.after.number)
    return comparison, frozenset(refused), decided


def _take_in(preview: Preview, key: str) -> None:
    """One file from its preview to the button that stores it."""
    preview, made = _edit(preview, key)
    _doubts(preview)
    ledger = preview.ledger
    if not ledger.year or not ledger.title:
        st.warning("请填写台账名称和年度，才能存入。")
        return
    comparison, refused, pairs_decided = _compare(preview, key)
    if comparison.status == "known":
        st.info(f"这个文件已经导入过（第 {comparison.edition_number} 版），没有变化。")
        return
    confirmed, units_decided = _name_units(preview, key)
    first, second = st.columns(2)
    effective_on = None
    if comparison.status == "edition":
        effective_on = first.date_input(
            "新版生效日", min(today(), date(ledger.year, 12, 31)), key=f"from_{key}",
            format="YYYY-MM-DD", help="这一天之前的页面仍按上一版显示",
        )  # fmt: skip
    recorded_by = second.text_input("操作人", key=f"by_{key}")
    ready = pairs_decided and units_decided
    if not ready:
        st.warning("还有需要确认的任务或单位，请先选择。")
    if st.button("存入", type="primary", key=f"store_{key}", disabled=not ready):
        try:
            loaded = store_edition(
                _warehouse(),
                ledger,
                read_reference(reference_folder()),
                recorded_by=recorded_by,
                effective_on=effective_on,
                continued=editions.continued(comparison.pairs, refused),
                corrections=made,
                confirmed=confirmed,
            )
        except WarehouseError as error:
            st.error(str(error))
            return
        st.session_state.stored = f"已存入《{loaded.title}》，共 {loaded.tasks} 项任务。"
        st.rerun()
