"""A source document as a table whose cells are tinted by how they were read.

Owns the tints and their legend.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from loaders import Preview
from words import CELL_READINGS

ROWS_DRAWN = 300
"""Tinting more rows than this makes the browser slow; the tasks beside them are all there."""


def source_table(preview: Preview, *, key: str) -> None:
    """The tables of a source, one at a time, each cell tinted by its reading."""
    tables = [table for table in preview.tables if table.rows]
    table = tables[0]
    if len(tables) > 1:
        names = [table.name or f"表 {place}" for place, table in enumerate(tables, start=1)]
        name = st.selectbox("看哪张表", names, key=f"table_{key}")
        table = tables[names.index(name)]
    rows = table.rows[:ROWS_DRAWN]
    width = max(len(row) for row in rows)
    texts = pd.DataFrame([[c.text for c in row] + [""] * (width - len(row)) for row in rows])
    tints = [
        [_tint(c.reading, c.inherited) for c in row] + [""] * (width - len(row)) for row in rows
    ]
    texts.columns = [f"第 {column + 1} 列" for column in range(width)]
    texts.index = range(1, len(rows) + 1)
    styles = pd.DataFrame(tints, index=texts.index, columns=texts.columns)
    st.dataframe(
        texts.style.apply(lambda _: styles, axis=None),
        height=520,
        column_config={name: st.column_config.TextColumn(width=130) for name in texts.columns},
        alt="原文",
    )
    legend = "　".join(
        f"<span style='background:{tint};padding:1px 6px;border:1px solid #D5DCE5'>{word}</span>"
        for word, tint in dict.fromkeys(CELL_READINGS.values())
    )
    st.html(f"<div style='font-size:0.85rem;line-height:2'>{legend}</div>")
    if len(table.rows) > len(rows):
        st.caption(f"只画前 {len(rows)} 行，全表 {len(table.rows)} 行都已读取。")


def _tint(reading: str, inherited: bool) -> str:
    if inherited:
        reading = "inherited"
    if reading in ("title", "header", "total", "note"):
        return "color: #5B6673; font-style: italic"
    if reading == "blank":
        return ""
    _, tint = CELL_READINGS.get(reading, CELL_READINGS["other"])
    return f"background-color: {tint}; color: #1F2A37"
