"""The parts a page is made of: its sentence, its tiles, its tables of figures, its downloads.

Owns how they look. Computes no figure: each is handed over as an answer of a question.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import metrics
from documents import Context, table_workbook
from screens.frame.view import NO_FILTERS, View
from warehouse.store import now
from words import DEMONSTRATION, RateOfFew, day, is_missing, lamp, lamp_meanings, number, plain

CHART_CONFIG = {"displayModeBar": False, "locale": "zh-CN"}
MIME_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "csv": "text/csv",
    "txt": "text/plain",
    "json": "application/json",
}


def headline(sentence: str) -> None:
    """The page's answer in one sentence."""
    st.header(plain(sentence), anchor=False)


def tiles(items: Sequence[tuple[str, str, str] | tuple[str, str, str, str]]) -> DeltaGenerator:
    """A row of figures: label, value, what it means on hover, and a note below it where it has one.
    Returns the row, for what is to stand beside them."""
    row = st.container(horizontal=True)
    for label, value, meaning, *note in items:
        # The note of a metric itself would be cut where it is wider than its tile.
        tile = row.container(border=True, height="stretch", gap=None)
        tile.metric(label, value, help=meaning or None)
        if note:
            tile.caption(plain(note[0]))
    return row


def pieces(pictures: Sequence[bytes]) -> None:
    """Pieces of a scanned page side by side, .webp files at 200 dpi, at a size that can be read."""
    shown = "".join(
        f"<img alt='原图' src='data:image/webp;base64,{b64encode(picture).decode()}' "
        "style='zoom:0.6;max-width:100%;border:1px solid #D5DCE5;background:#fff'>"
        for picture in pictures
    )
    st.html(
        "<div style='display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start;"
        f"max-height:420px;overflow:auto'>{shown}</div>"
    )


def only_row(rows: pd.DataFrame) -> Any | None:
    """The row of an answer of at most one, such as `completion` in all; None without any."""
    return rows.iloc[0] if len(rows) else None


def definition(question: str) -> None:
    """What the figures of a question mean, in the words of its file."""
    asked = metrics.question(question)
    st.markdown(f"**{asked.title}**\n\n{asked.definition}")


SHORT_NAME = 9
"""Characters of an indicator's name that a column of its own width has room for."""


def answer_table(
    view: View,
    rows: pd.DataFrame,
    title: str,
    question: str,
    *,
    key: str,
    height: int | Literal["auto"] = "auto",
    whole: pd.DataFrame | Callable[[], pd.DataFrame] | None = None,
) -> None:
    """Rows with Chinese column names, and a button that hands them on as a workbook.

    `whole` is what the workbook gets when the screen has room for fewer columns or rows.
    """
    formats: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.1f")
        for name in rows.columns
        if rows[name].dtype.kind == "f"
    }
    if "单位" in rows:
        formats["单位"] = st.column_config.TextColumn(width=228)
    if "一级指标" in rows and rows["一级指标"].str.len().max() > SHORT_NAME:
        # A name without a short form would push the figures out of the table.
        formats["一级指标"] = st.column_config.TextColumn(width=120)
    drawn = with_fractions(rows, formats)
    st.dataframe(
        drawn, hide_index=True, column_config=formats, height=height, placeholder="—", alt=title
    )
    download(view, rows if whole is None else whole, title, question, key=key)


def with_fractions(rows: pd.DataFrame, formats: dict[str, Any]) -> pd.DataFrame:
    """Rows with their rates of few things as texts, for a table on screen; `formats` of those columns
    become texts that stand like numbers."""
    for name in rows.columns:
        column = rows[name]
        if column.dtype == object and any(isinstance(value, RateOfFew) for value in column):
            rows = rows.assign(**{str(name): rows[name].map(_rate)})
            formats[str(name)] = st.column_config.TextColumn(alignment="right")
    return rows


def _rate(value: float | None) -> str | None:
    """A rate of a column that has fractions among its numbers."""
    if is_missing(value):
        return None
    return value.fraction if isinstance(value, RateOfFew) else number(value, 1)


def download(
    view: View,
    rows: pd.DataFrame | Callable[[], pd.DataFrame],
    title: str,
    question: str,
    *,
    key: str,
    narrowed: str = "",
) -> None:
    """A button that makes the rows into a workbook when it is pressed; rows too many to be at hand
    are then called for, outside the page's script. `narrowed`: see `stating`."""
    asked = metrics.question(question)
    download_file(
        view,
        "下载 Excel",
        f"{asked.title}.xlsx",
        lambda context: table_workbook(
            title, asked.definition, rows() if callable(rows) else rows, stating(context, narrowed)
        ),
        key=f"{key}_download",
        asks=callable(rows),
    )


def export_context(view: View) -> Context:
    """What a file made now from the view has to state about itself."""
    context = Context(
        ledger=view.ledger.title,
        edition=f"{view.ledger.file_name} 第 {view.ledger.edition_number} 版",
        as_of=view.scope.as_of,
        filters=view.filters,
        data_version=view.data_version,
        is_demonstration=view.office.is_demonstration,
        made_at=now(),
    )
    return stating(context, view.warehouse.age)


def stating(context: Context, narrowed: str) -> Context:
    """The same, with what the page leaves out besides the sidebar's filters."""
    filters = [text for text in (context.filters, narrowed) if text and text != NO_FILTERS]
    return replace(context, filters="；".join(filters) or NO_FILTERS)


def noted(
    view: View, name: str, make: Callable[[], bytes], kind: str = "exported"
) -> Callable[[], bytes]:
    """What a download button is given: the content of the file `name`, made when it is asked for and
    noted in the trail of accounts; `kind`: "exported", or "evidence"."""

    def content() -> bytes:
        made = make()
        view.warehouse.note(kind, name)
        return made

    return content


def download_file(
    view: View,
    label: str,
    name: str,
    make: Callable[[Context], bytes],
    *,
    key: str,
    asks: bool = False,
) -> None:
    """A button that makes a file, called `name` and the day, when it is pressed; `make` is handed
    what the file has to state about itself. `asks`: it asks questions when pressed, and so states the
    data version of that moment; otherwise it holds what the page shows, and states the page's."""
    context = export_context(view)

    def content() -> bytes:
        with view.warehouse.snapshot() as snapshot:
            if not asks:
                return make(context)
            return make(replace(context, data_version=snapshot.data_version, made_at=now()))

    mark = f"{DEMONSTRATION}_" if context.is_demonstration else ""
    stem, _, kind = name.rpartition(".")
    whole = f"{mark}{stem}_{day(context.as_of)}.{kind}"
    st.download_button(
        label,
        data=noted(view, f"{whole}（{context.filters}）", content),
        file_name=whole,
        mime=MIME_TYPES[kind],
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def lamps_explained(ledger: Any) -> dict[str, str]:
    """What each lamp means under the thresholds of a ledger, a row of `ledgers`."""
    return lamp_meanings(
        ledger.behind_yellow_points,
        ledger.behind_red_points,
        ledger.due_soon_days,
        red_overdue_only=ledger.red_overdue_only,
    )


def lamp_legend(view: View) -> None:
    """What the lamps mean; each lamp stays on one line."""
    line = st.container(horizontal=True, gap="small")
    for code, meaning in lamps_explained(view.ledger).items():
        line.caption(f"{lamp(code)}：{meaning}", width="content")


def how_to_report() -> None:
    """What to do about a ledger without progress."""
    st.info(
        "**怎样录入进展**：在“进展填报”页按单位填写或收回填报表，或在任务卡的“填报”中逐项登记；"
        "或在台账文件中加上“完成情况”“进度”“完成日期”等列后导入。"
        "想先看看有进展时的样子，可在左侧打开“演示数据”。",
        icon=":material/edit_note:",
    )
