"""What a query found, as rows and as a chart; or why it found nothing, with its place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import charts
from screens import parts
from screens.query.running import Asked
from warehouse.sandbox.refusals import Refusal
from warehouse.sandbox.sandbox import Copy
from words import plain

ROWS, BARS, LINES = "表格", "条形图", "折线图"
DRAWN = 40
"""More bars than this no one reads."""
DEFINITION = "由使用者写的 SQL 查得，所查各表的含义见“高级查询”页。语句："


def sentence(copy: Copy, asked: Asked | None, rows: pd.DataFrame | None) -> str:
    """The page's sentence: what can be asked, or what was found."""
    if asked is None or asked.copy != copy:
        tasks = copy.tables["任务"][0].rows
        return f"{tasks:,} 项任务及其填报、佐证等 {len(copy.tables)} 张表可以用 SQL 查询。"
    if rows is None or isinstance(asked.outcome, Refusal):
        return "查询没有成功。"
    seconds = f"用时 {asked.outcome.seconds:.1f} 秒"
    if rows.empty:
        return f"没有查到符合条件的行，{seconds}。"
    if asked.outcome.has_more:
        return f"查到的超过 {len(rows):,} 行，只取前 {len(rows):,} 行，{seconds}。"
    return f"查到 {len(rows):,} 行，{seconds}。"


def answered(asked: Asked) -> pd.DataFrame | None:
    """The rows; or None, after the reason was shown."""
    if isinstance(asked.outcome, Refusal):
        _refused(asked.outcome)
        return None
    return asked.outcome.rows


def _refused(refusal: Refusal) -> None:
    place = f"{refusal.place}：" if refusal.place else ""
    st.error(f"{place}{plain(refusal.sentence)}", icon=":material/error:")
    if refusal.line is not None and refusal.column is not None:
        # A full-width character takes two columns, so the mark is indented by a full-width space.
        before = refusal.text[: refusal.column - 1]
        gap = "".join("\u3000" if ord(letter) > 0x2E7F else " " for letter in before)
        st.code(f"{refusal.text}\n{gap}^", language=None)
    if refusal.original:
        with st.popover("数据库原文", type="tertiary"):
            st.code(refusal.original, language=None, wrap_lines=True)


def draw(view: parts.View, asked: Asked, rows: pd.DataFrame) -> None:
    """The rows as a table or as a chart of two of its columns, and the menu that hands them on."""
    figures = [str(name) for name in rows if pd.api.types.is_numeric_dtype(rows[name].dtype)]
    labels = [str(name) for name in rows if name not in figures] or [*map(str, rows.columns)]
    line = st.container(horizontal=True, vertical_alignment="bottom")
    with line:
        kinds = [ROWS, BARS, LINES] if figures and len(rows) else [ROWS]
        kind = st.segmented_control("显示为", kinds, default=ROWS, required=True, key="answer_kind")
        if kind != ROWS:
            label = st.selectbox("横条或横轴", labels, key="answer_label", width=200)
            values = st.multiselect(
                "数值", figures, default=figures[:1], key="answer_values", width=260,
                max_selections=1 if kind == BARS else 6, placeholder="选一列",
            )  # fmt: skip
        parts.export_menu(view, rows, "查询结果", DEFINITION + asked.sql, key="query_export")
    if kind != ROWS and values:
        _chart(rows, kind, label, values)
        return
    st.dataframe(
        _shown(rows), hide_index=True, height=min(38 + 35 * max(len(rows), 1), 560),
        placeholder="—", alt="查询结果",
    )  # fmt: skip


def _chart(rows: pd.DataFrame, kind: str, label: str, values: list[str]) -> None:
    with st.container(border=True):
        drawn = rows.head(DRAWN) if kind == BARS else rows
        rest = f"（前 {DRAWN} 行，共 {len(rows):,} 行）" if len(drawn) < len(rows) else ""
        st.markdown(f"**{plain('、'.join(values))}，按{plain(label)}**{rest}")
        names = _shown(drawn)[label]
        figure = (
            charts.value_bars([str(each) for each in names], drawn[values[0]], values[0])
            if kind == BARS
            else charts.value_lines(list(drawn[label]), {name: drawn[name] for name in values})
        )
        st.plotly_chart(figure, key="answer_chart", config=parts.CHART_CONFIG, theme=None)


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Days as 2020-09-30, yes and no in Chinese."""
    shown = rows.copy()
    for name in rows:
        column = rows[name]
        if column.dtype.kind == "M":
            has_time = bool((column.dropna() != column.dropna().dt.normalize()).any())
            pattern = "%Y-%m-%d %H:%M" if has_time else "%Y-%m-%d"
            shown[name] = column.dt.strftime(pattern)
        elif column.dtype == "boolean":
            shown[name] = column.map({True: "是", False: "否"})
    return shown
