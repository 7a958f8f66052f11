"""Editing the reference files on screen, with the checks they have as files.

Draws one editor a file; `warehouse.reference` checks and writes.
"""

from __future__ import annotations

import csv

import pandas as pd
import streamlit as st

from loaders import LedgerError
from screens import parts
from screens.parts import saving
from warehouse import (
    ReferenceFileError,
    WarehouseError,
    read_reference,
    sync_reference,
    write_reference,
)
from warehouse.opening import reference_folder

REFERENCE = "reference"
"""The form whose report the page shows."""
REFERENCE_FILES = {
    "units.csv": ("单位", "单位的类别；没有列出的按“类别规则”判断。"),
    "unit_classes.csv": ("类别规则", "按名称的开头和结尾判断类别，靠上的先用。"),
    "unit_aliases.csv": ("别名", "同一单位的其他写法，读台账时换成规范名称。"),
    "collectives.csv": (
        "集体成员",
        "集体由哪些单位组成，须写明出处。没有列出成员的集体（如领导小组各成员单位）保持原样，不展开。",
    ),
    "short_names.csv": ("指标简称", "一级指标在图上的简称。"),
    "themes.csv": (
        "指标主题",
        "一级指标或二级指标归入哪个主题，须写明出处；用于“对照比较”。二级指标列出的按二级，"
        "没有列出的按一级；主题按首次出现的次序排列。",
    ),
    "settings.csv": ("阈值", "亮灯和判断所用的数字。"),
    "headers.csv": ("表头写法", "台账各列的表头怎样写都认得出来。"),
    "deadline_words.csv": ("期限用词", "“常态化推进”“按需”等写法读作什么。"),
}


WIDTHS = {
    "settings.csv": {
        "含义": st.column_config.TextColumn(width=700),
        "值": st.column_config.TextColumn(width=120),
    },
}
"""File → its columns where their own widths are of no use."""


def _stored(name: str) -> pd.DataFrame:
    """A file's rows as text, nothing interpreted."""
    with (reference_folder() / name).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    rows = [row + [""] * (len(header) - len(row)) for row in rows if any(row)]
    return pd.DataFrame(rows, columns=header, dtype=str)


def edit_reference(view: parts.View, name: str) -> None:
    """The editor of one reference file and the button that saves it."""
    folder = reference_folder()
    title, meaning = REFERENCE_FILES[name]
    st.markdown(f"{meaning}（文件 `{name}`）")
    version = st.session_state.setdefault("reference_version", 0)
    stored = _stored(name)
    # What can be set is fixed, and a setting is known to people by what it means, not by its name.
    fixed = name == "settings.csv"
    rows = st.data_editor(
        stored,
        key=f"{name}_{version}",
        num_rows="fixed" if fixed else "dynamic",
        hide_index=True,
        height=min(38 + 35 * (len(stored) + (not fixed)), 480),
        column_order=["含义", "值"] if fixed else None,
        disabled=["参数", "含义"] if fixed else False,
        column_config=WIDTHS.get(name),
    )
    line = st.container(horizontal=True, vertical_alignment="bottom")
    author = parts.author(
        view.warehouse,
        line,
        "修改人",
        value=st.session_state.get("reference_author", ""),
        key=f"author_{name}",
        width=200,
    )
    if not line.button("保存", key=f"save_{name}", type="primary"):
        return
    if not author.strip():
        st.error("没有保存：请写明修改人，再点“保存”。")
        return
    try:
        view.warehouse.check("更新口径")
        write_reference(
            folder, name, rows.fillna("").astype(str).itertuples(index=False, name=None)
        )
        sync_reference(
            view.warehouse,
            read_reference(folder),
            recorded_by=author.strip(),
        )
    except (ReferenceFileError, LedgerError, WarehouseError) as error:
        st.error(f"没有保存：{error}")
        return
    st.session_state.reference_version = version + 1
    st.session_state.reference_author = author
    saving.report_next_run(REFERENCE, f"“{title}”已保存。")
    st.rerun()
