"""Whatever somebody asked for: one value a label, or several along the months.

Owns how a chart is drawn whose rows were not known beforehand: long labels, any number, gaps.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.drawing import BLUE, UNIT_ROW, UNIT_WIDTH, bar_figure, bar_of, figure_of, wrapped
from words import is_missing, number

LINES = ("#2F6DB5", "#1B4479", "#8FB4DC", "#5B8EC9", "#12305A", "#A9C6E5")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def written(value: Any) -> str:
    """A figure on its mark: whole numbers whole, others with one decimal."""
    if is_missing(value):
        return ""
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
        names, amounts, name, BLUE, texts=[written(value) for value in amounts],
        customdata=[[label] for label in labels[::-1]],
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )  # fmt: skip
    axis = {"range": [low - (room if low < 0 else 0), high + room]}
    return bar_figure([bar], names, xaxis=axis, legend=False, row=UNIT_ROW)


def value_lines(xs: list[Any], series: dict[str, pd.Series], *, height: int = 360) -> go.Figure:
    """One line a series along `xs`, told apart by dash as well as by tint; a gap stays a gap."""
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "x": xs,
            "y": pd.Series(values, dtype="float64"), "name": name, "connectgaps": False,
            "line": {"color": LINES[n % len(LINES)], "width": 2.5, "dash": DASHES[n % len(DASHES)]},
            "marker": {"size": 7}, "hovertemplate": f"{name}<br>%{{x}}<br>%{{y}}<extra></extra>",
        }
        for n, (name, values) in enumerate(series.items())
    ]  # fmt: skip
    figure = figure_of(
        traces,
        height=height,
        xaxis={"showgrid": False, "tickformat": "%Y-%m-%d" if _are_days(xs) else None},
        yaxis={"rangemode": "tozero"},
        legend=False,
    )
    figure.update_layout(showlegend=len(series) > 1, legend={"orientation": "h", "y": 1.12, "x": 0})
    return figure


def _are_days(xs: list[Any]) -> bool:
    return bool(xs) and all(isinstance(each, pd.Timestamp) for each in xs)


def _distinct(names: list[str]) -> list[str]:
    """Plotly draws equal labels as one row; a later one gets spaces that nobody sees."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name + "\u200b" * (seen[name] - 1))
    return found
