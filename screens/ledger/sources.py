"""A source document as a table whose cells are tinted by how they were read.

Owns the tints and their legend.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import islice

import pandas as pd
import streamlit as st

from loaders import Place, Preview, PreviewCell
from loaders.reference import PRINTED
from screens import parts
from words import CELL_READINGS, READINGS

TALLEST = 560
"""Pixels of the source and of the tasks beside it."""
ROWS_DRAWN = 300
"""Tinting more rows than this makes the browser slow; the tasks beside them are all there."""


def source_table(preview: Preview, *, key: str) -> None:
    """The tables of a source, one at a time, each cell tinted by its reading."""
    tables = [table for table in preview.tables if table.rows]
    place = 0
    if len(tables) > 1:
        names = [table.name or f"表 {place}" for place, table in enumerate(tables, start=1)]
        name = st.selectbox("看哪张表", names, key=f"table_{key}")
        place = names.index(name)
    before = sum(len(table.rows) for table in tables[:place])
    both = zip(tables[place].rows, preview.ledger.rows[before:], strict=False)
    # Empty lines are counted below the table; here they would only push the tasks out of sight.
    placed = [(cells, row.place.row) for cells, row in both if any(cell.text for cell in cells)]
    rows: list[Sequence[PreviewCell]] = [cells for cells, _ in placed[:ROWS_DRAWN]]
    if _is_running_text(rows):
        rows = _beside_the_tasks(rows)
    width = max((len(row) for row in rows), default=0)
    columns = [f"第 {column + 1} 列" for column in range(width)]
    texts = pd.DataFrame(
        # The grid breaks lines at spaces; Chinese may be broken anywhere.
        [[c.text.replace(" ", "\u00a0") for c in row] + [""] * (width - len(row)) for row in rows],
        columns=columns,
    )
    texts.insert(0, "行", [number for _, number in placed[: len(rows)]])
    styles = pd.DataFrame(
        [
            [""] + [_tint(c.reading, c.inherited) for c in row] + [""] * (width - len(row))
            for row in rows
        ],
        columns=texts.columns,
    )
    st.dataframe(
        texts.style.apply(lambda _: styles, axis=None),
        hide_index=True,
        row_height=parts.ROW_HEIGHT,
        height=table_height(len(rows)),
        column_config={"行": st.column_config.NumberColumn(width=38)}
        | {
            name: st.column_config.TextColumn(width=_width(rows, column))
            for column, name in enumerate(columns)
        },
        alt="原文",
    )
    legend = "　".join(
        f"<span style='background:{tint};padding:1px 6px;border:1px solid #D5DCE5;white-space:nowrap'>{word}</span>"
        for word, tint in dict.fromkeys(CELL_READINGS.values())
    )
    st.html(f"<div style='font-size:0.85rem;line-height:2'>{legend}</div>")
    if len(placed) > len(rows):
        st.caption(f"只画前 {len(rows)} 行，全表 {len(tables[place].rows)} 行都已读取。")


def _width(rows: Sequence[Sequence[PreviewCell]], column: int) -> int:
    """Pixels for a column: as many as its longest text takes, within bounds that leave all columns of
    a ledger in sight in half a page; a title goes over."""
    cells = [row[column] for row in rows if column < len(row) and row[column].text]
    in_table = [cell for cell in cells if cell.reading not in ("title", "note")]
    readings = {cell.reading for cell in in_table}
    # A date is not broken over lines.
    widest = 120 if "task" in readings else 90 if "deadline" in readings else 72
    return min(max(18 + 14 * max((len(cell.text) for cell in in_table), default=0), 46), widest)


def _is_running_text(rows: Sequence[Sequence[PreviewCell]]) -> bool:
    """Whether most of what stands first in a row is no part of a table."""
    first = [row[0] for row in rows if row and row[0].text]
    return sum(cell.reading in ("title", "note") for cell in first) > len(first) / 2


def _beside_the_tasks(rows: Sequence[Sequence[PreviewCell]]) -> list[Sequence[PreviewCell]]:
    """The rows with each line of running text in the column of the tasks, the only one with room."""
    places = [i for row in rows for i, cell in enumerate(row) if cell.reading == "task"]
    empty = PreviewCell("", "blank", False)
    return [
        [*[empty] * places[0], row[0]] if len(row) == 1 and places else list(row) for row in rows
    ]


def table_height(rows: int) -> int:
    """Pixels for so many rows and their head."""
    return min(38 + parts.ROW_HEIGHT * rows, TALLEST)


def source_row(preview: Preview, index: int, columns: frozenset[int]) -> None:
    """One row of the source cell by cell, the doubtful cells marked; `index` as in `Ledger.rows`. Of a
    header's doubtful column also what stands below it."""
    rows = [row for table in preview.tables for row in table.rows]
    is_header = preview.ledger.rows[index].reading == "header"
    lines = []
    for column, cell in enumerate(rows[index]):
        twin = column and cell.inherited and cell.text == rows[index][column - 1].text
        doubtful = column in columns
        if (not cell.text or twin or (is_header and columns)) and not doubtful:
            continue
        lines.append(_line(cell, doubtful))
        if is_header and doubtful:
            below = (row[column] for row in rows[index + 1 :] if column < len(row))
            lines += [_line(cell, False) for cell in islice(filter(lambda c: c.text, below), 3)]
    st.html(
        "<table style='border-collapse:separate;border-spacing:0 2px;font-size:0.9rem;line-height:1.6'>"
        f"{''.join(lines)}</table>"
    )


def pieces_of(preview: Preview, place: Place) -> bool:
    """Draw how a doubtful cell of a scan looks, of a doubt about a whole row all its cells; whether there
    is such a picture."""
    at = (place.table, place.row, place.column or 0)
    pieces = preview.pictures.get(at, ())
    if not pieces and place.column is None:
        of_row = sorted(each for each in preview.pictures if each[:2] == at[:2])
        pieces = tuple(piece for each in of_row for piece in preview.pictures[each])
    if pieces:
        st.caption("原图")
        parts.pieces(pieces)
    return bool(pieces)


def _line(cell: PreviewCell, doubtful: bool) -> str:
    word = READINGS.get(cell.reading) or PRINTED.get(cell.reading, "未采用")
    edge = "#C8102E" if doubtful else "transparent"
    text = html.escape(cell.text or "（空白）").replace("\n", "<br>")
    return (
        f"<tr><td style='border:0;border-left:3px solid {edge};padding:4px 8px;white-space:nowrap;"
        f"vertical-align:top;color:#5B6673'>{word}</td>"
        f"<td style='border:0;padding:4px 8px;{_tint(cell.reading, cell.inherited)}'>{text}</td></tr>"
    )


def _tint(reading: str, inherited: bool) -> str:
    if inherited:
        reading = "inherited"
    if reading in ("title", "header", "total", "note"):
        return "color: #5B6673; font-style: italic"
    if reading == "blank":
        return ""
    _, tint = CELL_READINGS.get(reading, CELL_READINGS["other"])
    return f"background-color: {tint}; color: #1F2A37"
