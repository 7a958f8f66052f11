"""The button that hands on a table exactly as it is on screen, in the form somebody needs.

Owns which forms there are; `documents` writes them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from documents import Context, about_table, csv_table, json_table, long_workbook
from screens.frame.view import View
from screens.parts.parts import download_file, stating

FORMS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "Excel（.xlsx，附“说明”表）": ("xlsx", long_workbook),
    "CSV（UTF-8，Excel 可直接打开）": ("csv", csv_table),
    "CSV（GB18030，旧版软件用）": ("csv", partial(csv_table, encoding="gb18030")),
    "CSV 的说明（筛选、口径，.txt）": ("txt", about_table),
    "JSON（供程序读取）": ("json", json_table),
}


def export_menu(
    view: View,
    rows: pd.DataFrame | Callable[[], pd.DataFrame],
    title: str,
    definition: str,
    *,
    key: str,
    narrowed: str = "",
) -> None:
    """A menu of the forms; a file is made when its line is pressed. `rows` have Chinese headings;
    `narrowed`: see `stating`."""
    with st.popover("导出", icon=":material/download:"):
        st.caption(
            "导出的是当前表格的全部行和列；Excel 和 JSON 中写明筛选、截至日期和数据版本，CSV 只有列名和数据。"
        )
        for number, (label, (kind, write)) in enumerate(FORMS.items()):

            def make(context: Context, write: Callable[..., bytes] = write) -> bytes:
                stated = stating(context, narrowed)
                return write(title, definition, rows() if callable(rows) else rows, stated)

            suffix = "_GB18030" if "GB18030" in label else ""
            download_file(view, label, f"{title}{suffix}.{kind}", make, key=f"{key}_{number}")
