"""Whatever somebody asked for: one value a label, or several along the months.

Owns how a chart is drawn whose rows were not known beforehand: long labels, any number, gaps.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.drawing import (
    BLUE,
    BLUES,
    INK,
    UNIT_ROW,
    UNIT_WIDTH,
    bar_figure,
    bar_of,
    figure_of,
    label,
    wrapped,
)
from words import LAMPS, RateOfFew, is_missing, number

LINES = ("#2F6DB5", "#1B4479", "#8FB4DC", "#5B8EC9", "#12305A", "#A9C6E5")
TINTS = ("#1B4479", "#2F6DB5", "#5B8EC9", "#8FB4DC", "#C3D7ED", "#E3EEF9")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def written(value: Any) -> str:
    """A figure on its mark: whole numbers whole, others with one decimal."""
    if is_missing(value):
        return ""
    if isinstance(value, RateOfFew):
        return value.fraction
    return number(value, 0 if float(value).is_integer() else 1)


def value_bars(labels: list[str], values: pd.Series, name: str) -> go.Figure:
    """One bar a label, in the order given, the value at its end."""
    names = _distinct(wrapped(labels, UNIT_WIDTH))[::-1]
    amounts = pd.Series(values, dtype="float64").iloc[::-1]
    known = amounts.dropna()
    low, high = (
        min(0.0, known.min() if len(known) else 0),
        max(0.0, known.max() if len(known) else 0),
    )
    room = (high - low or 1) * 0.18
    bar = bar_of(
        names, amounts, label(name), BLUE, texts=[written(value) for value in list(values)[::-1]],
        customdata=[[each] for each in labels[::-1]],
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )  # fmt: skip
    axis = {"range": [low - (room if low < 0 else 0), high + room]}
    return bar_figure([bar], names, xaxis=axis, legend=False, row=UNIT_ROW)


def value_lines(xs: list[Any], series: dict[str, pd.Series], *, height: int = 360) -> go.Figure:
    """One line a series along `xs`, told apart by dash as well as by tint; a gap stays a gap, and a
    mark carries the series' name."""
    xs = [label(x, 2 * UNIT_WIDTH) if isinstance(x, str) else x for x in xs]
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "x": xs,
            "y": pd.Series(values, dtype="float64"), "name": label(name), "connectgaps": False,
            "line": {"color": LINES[n % len(LINES)], "width": 2.5, "dash": DASHES[(n + n // len(LINES)) % len(DASHES)]},
            "marker": {"size": 7}, "customdata": [[name]] * len(xs), "text": [written(value) for value in values],
            "hovertemplate": f"{label(name)}<br>%{{x}}<br>%{{text}}<extra></extra>",
        }
        for n, (name, values) in enumerate(series.items())
    ]  # fmt: skip
    figure = figure_of(
        traces,
        height=height,
        xaxis={"showgrid": False, **_ticks(xs)},
        yaxis={"rangemode": "tozero"},
        legend=False,
    )
    figure.update_layout(showlegend=len(series) > 1, legend={"orientation": "h", "y": 1.12, "x": 0})
    return figure


def month_strip(ends: list[pd.Timestamp], values: pd.Series, name: str) -> go.Figure:
    """One low bar a month's end, its figure on top; the last, 截至日期, in the full colour."""
    amounts = pd.Series(values, dtype="float64")
    tints = [TINTS[3]] * (len(ends) - 1) + [BLUE]
    bar = {
        "type": "bar", "x": [f"{end.month}月" if end.is_month_end else f"{end.month}-{end.day}" for end in ends], "y": amounts.to_list(), "name": label(name),
        "marker": {"color": tints}, "width": 0.62, "text": [written(value) for value in values],
        "textposition": "outside", "cliponaxis": False, "textfont": {"size": 13},
        "hovertemplate": f"{label(name)}<br>%{{x}}<br>%{{text}}<extra></extra>",
    }  # fmt: skip
    most = float(amounts.max()) if amounts.notna().any() else 1.0
    return figure_of(
        [bar],
        height=128,
        xaxis={"type": "category", "showgrid": False, "ticks": ""},
        yaxis={"visible": False, "range": [0, (most or 1) * 1.3]},
        legend=False,
    )


def _ticks(xs: list[Any]) -> dict[str, Any]:
    """Plotly would write days in English, and between the points rather than at them."""
    if not xs or not all(isinstance(each, pd.Timestamp) for each in xs):
        return {"type": "category"}
    shown = xs[:: -(-len(xs) // 12)]
    pattern = "%m-%d" if len({each.year for each in xs}) == 1 else "%Y-%m-%d"
    return {"tickvals": shown, "ticktext": [each.strftime(pattern) for each in shown]}


def _distinct(names: list[str]) -> list[str]:
    """Plotly draws equal labels as one row; a later one gets spaces that nobody sees."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name + "\u200b" * (seen[name] - 1))
    return found


def stacked_values(cells: pd.DataFrame) -> go.Figure:
    """A cross table as stacked bars: one bar a row, one part a column; a mark carries both labels."""
    cells = cells.iloc[::-1]
    cells = cells.where(cells.notna(), 0)
    names = _distinct(wrapped(cells.index, UNIT_WIDTH))
    sums = cells.astype("float64").sum(axis=1)
    most = float(sums.max() or 1)
    lamps = {lamp.word: lamp for lamp in LAMPS.values()}
    parts = [
        (name, f"{lamps[name].shape} {name}", lamps[name].colour, lamps[name].shape)
        if name in lamps
        else (name, label(name), TINTS[min(place, len(TINTS) - 1)], "")
        for place, name in enumerate(cells.columns)
    ]
    traces = [
        {
            "type": "bar", "orientation": "h", "y": names, "x": cells[name].astype("float64"), "name": shown,
            "width": 0.64, "marker": {"color": tint, "line": {"color": "#FFFFFF", "width": 1.5}},
            "text": [shape + written(v) if v and v >= most * 0.05 else "" for v in cells[name]],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "constraintext": "none", "textfont": {"color": _ink_on(tint), "size": 13},
            "customdata": [[each, name] for each in cells.index],
            "hovertemplate": f"%{{y}}<br>{label(name)} %{{x}}<extra></extra>",
        }
        for name, shown, tint, shape in parts
    ]  # fmt: skip
    return bar_figure(
        traces, names, xaxis={"range": [0, most * 1.06]}, barmode="stack", row=UNIT_ROW
    )


def value_heat(cells: pd.DataFrame) -> go.Figure:
    """A cross table as tinted cells, each with its figure; a mark carries both labels."""
    cells = cells.iloc[::-1]
    columns = [str(name) for name in cells.columns]
    heat = {
        "type": "heatmap", "z": cells.to_numpy(dtype="float64"), "x": wrapped(columns, 6),
        "y": _distinct(wrapped(cells.index, UNIT_WIDTH)), "colorscale": BLUES, "xgap": 2, "ygap": 2,
        "showscale": False, "hoverongaps": False, "texttemplate": "%{text}",
        "text": [[written(v) for v in line] for line in cells.to_numpy(dtype=object)],
        "customdata": [[[each, name] for name in columns] for each in cells.index],
        "textfont": {"size": 13}, "hovertemplate": "%{y}<br>%{x}<br>%{text}<extra></extra>",
    }  # fmt: skip
    return figure_of(
        [heat],
        height=110 + 34 * max(2, len(cells)),
        xaxis={"side": "top", "showgrid": False, "ticks": "", "tickfont": {"size": 13}},
        yaxis={"showgrid": False, "ticks": ""},
    )


def _ink_on(tint: str) -> str:
    red, green, blue = (int(tint[n : n + 2], 16) for n in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else "#FFFFFF"
