"""How far things are: completion, lamps, months, changes."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.drawing import (
    BLUE,
    INK,
    LIGHT,
    MUTED,
    PALE,
    PERCENT_TICKS,
    RED,
    ROW,
    bar_figure,
    bar_of,
    counted_axis,
    figure_of,
    height_of,
    note_at,
    room_for,
    spread_apart,
    stacked_part,
    tick_step,
    wrapped,
)
from words import LAMPS, each_row, is_missing, percent, points, rate, rate_with_counts

DENSE = 26
"""Pixels of a row on the first screen."""


def completion_bars(
    rows: pd.DataFrame, label: str = "short_name", *, dense: bool = False
) -> go.Figure:
    """`completion` rows: a dark bar for the completion rate, a pale one behind it for the mean
    percent reported, and a tick where 序时进度 says it should be; `dense`: on the first screen, which
    has room for little."""
    row = DENSE if dense else ROW
    rows = rows.iloc[::-1]
    names = wrapped(rows[label])
    indicator = rows[["level1", "level2"]].to_numpy()
    rates = [rate_with_counts(row) for row in each_row(rows)]
    return bar_figure(
        [
            bar_of(
                names, rows.mean_percent, "平均进度", PALE, customdata=indicator, width=0.78,
                hovertemplate="%{y}<br>平均进度 %{hovertext}<extra></extra>",
            )
            | {"hovertext": [percent(value, 1) for value in rows.mean_percent]},
            bar_of(
                names, rows.done_rate, "完成率", BLUE, customdata=indicator, width=0.42,
                hovertemplate="%{y}<br>完成率 %{hovertext}<extra></extra>",
            )
            | {"hovertext": rates},
            {
                "type": "scatter", "y": names, "x": rows.expected_percent, "mode": "markers",
                "name": "序时进度", "hovertemplate": "%{y}<br>序时进度 %{hovertext}<extra></extra>",
                "hovertext": [percent(value, 1) for value in rows.expected_percent],
                "marker": {"symbol": "line-ns", "size": 0.63 * row, "line": {"width": 3, "color": INK}},
            },
        ],
        names,
        notes=[note_at(100, name, text, xshift=6) for name, text in zip(names, rates, strict=True)],
        xaxis={"range": [0, 101], "tickvals": [0, 50, 100], "ticktext": ["0%", "50%", "100%"]},
        barmode="overlay",
        row=row,
        right=room_for(rates),
    )  # fmt: skip


def count_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows of a ledger without progress: how many tasks each indicator has, no rate."""
    rows = rows.iloc[::-1]
    names = wrapped(rows[label])
    most = int(rows.tasks.max())
    bar = bar_of(
        names, rows.tasks, "任务", LIGHT, customdata=rows[["level1", "level2"]].to_numpy(),
        texts=[f"{tasks} 项" for tasks in rows.tasks],
    )  # fmt: skip
    return bar_figure([bar], names, xaxis=counted_axis(most), legend=False)


def lamp_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows: the tasks of each indicator by lamp; each part carries shape and count."""
    rows = rows.iloc[::-1]
    names = wrapped(rows[label])
    most = int(rows[list(LAMPS)].sum(axis=1).max())
    parts = [
        stacked_part(
            names, rows[code], f"{lamp.shape} {lamp.word}", lamp.colour,
            INK if code == "yellow" else "#FFFFFF", shape=lamp.shape, room=most * 0.07,
        )
        for code, lamp in LAMPS.items()
    ]  # fmt: skip
    return bar_figure(parts, names, xaxis={"dtick": tick_step(most)}, barmode="stack")


def trend_lines(rows: pd.DataFrame, *, beside: int = 6) -> go.Figure:
    """`trend` rows: completion rate, mean percent and 序时进度 at each month's end; as high as a bar
    chart of `beside` rows."""
    months = [f"{as_of.month} 月" for as_of in rows.as_of]
    last = rows.iloc[-1]
    lines = (
        ("expected_percent", "序时进度", {"color": MUTED, "width": 2, "dash": "dash"}, "x-thin"),
        ("mean_percent", "平均进度", {"color": LIGHT, "width": 3}, "square"),
        ("done_rate", "完成率", {"color": BLUE, "width": 3}, "circle"),
    )
    ends = {column: last[column] for column, *_ in lines if not is_missing(last[column])}
    placed = spread_apart(ends, gap=9)
    written = {column: percent(value) for column, value in ends.items()} | {"done_rate": rate(last)}
    traces = [
        {
            "type": "scatter", "x": months, "y": rows[column], "mode": "lines+markers",
            "name": name, "line": line, "marker": {"symbol": symbol, "size": 8},
            "hovertemplate": f"%{{x}}末<br>{name} %{{hovertext}}<extra></extra>",
            "hovertext": [percent(value, 1) for value in rows[column]],
        }
        for column, name, line, symbol in lines
    ]  # fmt: skip
    notes = [
        note_at(
            len(months) - 1, placed[column], f"{name} {written[column]}", xshift=10,
            colour=MUTED if column == "expected_percent" else INK,
        )
        for column, name, *_ in lines
        if column in ends
    ]  # fmt: skip
    return figure_of(
        traces,
        height=height_of(beside),
        notes=notes,
        xaxis={
            "range": [-0.3, len(months) - 0.7], "showgrid": False,
            # A year's months do not fit side by side into half a page; the last is always named.
            "tickvals": list(range(len(months) - 1, -1, -3 if len(months) > 6 else -1)),
        },
        yaxis={"range": [-3, 108], **PERCENT_TICKS},
        right=130,
    )  # fmt: skip


def change_bars(rows: pd.DataFrame) -> go.Figure:
    """`compare_dates` rows: change of the completion rate in points, up to the right."""
    rows = rows.iloc[::-1]
    names = wrapped(rows.short_name)
    changes = rows.change_points
    bar = bar_of(
        names, changes, "变化", [RED if change < 0 else BLUE for change in changes.fillna(0)],
        customdata=rows[["level1"]].to_numpy(),
        texts=[points(change, 0, signed=True) for change in changes],
        hovertemplate="%{y}<br>%{hovertext} 个百分点<extra></extra>",
    ) | {"hovertext": [points(change, signed=True) for change in changes]}  # fmt: skip
    reach = max(10.0, float(changes.abs().max() if changes.notna().any() else 0)) * 1.25
    low = -reach if (changes < 0).any() else 0
    axis = {"range": [low, reach], "zeroline": True, "zerolinecolor": MUTED}
    return bar_figure([bar], names, xaxis=axis, legend=False)
