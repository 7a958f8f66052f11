"""Two sides of one kind beside each other: ledgers, days, units."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.drawing import (
    BLUE,
    GRID,
    LIGHT,
    ROW,
    bar_of,
    counted_axis,
    figure_of,
    height_of,
    room_for,
    row_for,
    wrapped,
)
from charts.drawing import label as name_of
from words import number, written_rate

SIDES = ("first", "second")


def paired_bars(
    rows: pd.DataFrame,
    label: str,
    names: tuple[str, str],
    *,
    of_percent: bool,
    second_is_now: bool = False,
) -> go.Figure:
    """Two bars a row from the columns `first` and `second`, the first above: percent, or numbers of
    tasks; one that is missing is left out. The first is drawn darker, of two days the later. A mark
    carries its row's `label`."""
    colours = (LIGHT, BLUE) if second_is_now else (BLUE, LIGHT)
    labels = wrapped(rows[label])
    known = rows[list(SIDES)].max().max()
    most = 0.0 if known != known else float(known)
    figure = "%{text}" if of_percent else "%{x} 项"
    traces = [
        bar_of(
            labels, rows[column].astype("float64"), plotted, colour, customdata=rows[[label]].to_numpy(), width=0.36,
            texts=[_text(value, of_percent) for value in rows[column]],
            hovertemplate=f"%{{y}}<br>{plotted} {figure}<extra></extra>",
        )
        for column, plotted, colour in zip(SIDES, map(name_of, names), colours, strict=True)
    ]  # fmt: skip
    xaxis = counted_axis(int(most))
    if of_percent:
        xaxis = {"range": [0, max(most, 1)], "ticksuffix": "%", "nticks": 6}
    # Read downwards, rows and sides alike: Plotly would stack both from the bottom.
    yaxis = {
        "showgrid": False, "categoryorder": "array", "categoryarray": labels, "autorange": "reversed",
    }  # fmt: skip
    return figure_of(
        traces,
        height=height_of(len(labels), row_for(labels, ROW)),
        right=room_for(text for trace in traces for text in trace["text"]),
        xaxis={"gridcolor": GRID, **xaxis},
        yaxis=yaxis,
        legend=True,
    )


def _text(value: float, of_percent: bool) -> str:
    if value != value:
        return ""
    return written_rate(value, 1) if of_percent else f"{number(value)} 项"
