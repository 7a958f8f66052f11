"""单位与口径: the reference files, edited on screen with the checks they have as files."""

import csv

import pandas as pd
import streamlit as st

import ui
from loaders import LedgerError
from warehouse import (
    ReferenceFileError,
    WarehouseError,
    read_reference,
    sync_reference,
    write_reference,
)
from warehouse.opening import reference_folder

FILES = {
    "units.csv": ("单位", "单位的类别；没有列出的按“类别规则”判断。"),
    "unit_classes.csv": ("类别规则", "按名称的开头和结尾判断类别，靠上的先用。"),
    "unit_aliases.csv": ("别名", "同一单位的其他写法，读台账时换成规范名称。"),
    "collectives.csv": (
        "集体成员",
        "集体由哪些单位组成，须写明出处。没有列出成员的集体（如领导小组各成员单位）保持原样，不展开。",
    ),
    "short_names.csv": ("指标简称", "一级指标在图上的简称。"),
    "settings.csv": ("阈值", "亮灯和判断所用的数字。"),
    "headers.csv": ("表头写法", "台账各列的表头怎样写都认得出来。"),
    "deadline_words.csv": ("期限用词", "“常态化推进”“按需”等写法读作什么。"),
}

shown = ui.view("单位与口径")
folder = reference_folder()
ui.headline("单位、集体成员、阈值和读台账的用词，都可以在这里改；改错了会说明哪一行错在哪里。")
st.caption(
    f"与 {folder.name} 文件夹中的同名文件是同一份内容，用 Excel 改文件也可以，重新启动后生效。"
)
if said := st.session_state.pop("saved_reference", None):
    st.success(said)


def stored(name: str) -> pd.DataFrame:
    """A file's rows as text, nothing interpreted."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    rows = [row + [""] * (len(header) - len(row)) for row in rows if any(row)]
    return pd.DataFrame(rows, columns=header, dtype=str)


def edit(name: str) -> None:
    title, meaning = FILES[name]
    st.markdown(f"{meaning}（文件 `{name}`）")
    version = st.session_state.setdefault("reference_version", 0)
    rows = st.data_editor(
        stored(name),
        key=f"{name}_{version}",
        num_rows="dynamic",
        hide_index=True,
        height=480,
    )
    if not st.button("保存", key=f"save_{name}", type="primary"):
        return
    try:
        write_reference(
            folder, name, rows.fillna("").astype(str).itertuples(index=False, name=None)
        )
        sync_reference(shown.office.warehouse, read_reference(folder), recorded_by="单位与口径页")
    except (ReferenceFileError, LedgerError, WarehouseError) as error:
        st.error(f"没有保存：{error}")
        return
    st.session_state.reference_version = version + 1
    st.session_state.saved_reference = f"“{title}”已保存。"
    st.rerun()


for name, tab in zip(FILES, st.tabs([title for title, _ in FILES.values()]), strict=True):
    with tab:
        edit(name)
