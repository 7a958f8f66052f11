"""Days: how long overdue, when due, and the windows of recurring duties."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from charts.drawing import (
    INK,
    LIGHT,
    RED,
    UNIT_ROW,
    counted_axis,
    figure_of,
    height_of,
    note_at,
    row_for,
    wrapped,
)
from words import COLUMNS, LAMPS, WINDOW_STATES, Lamp, day, each_row

WINDOW_MARKS = {
    "met": Lamp(WINDOW_STATES["met"], "✔", LAMPS["blue"].colour),
    "missed": Lamp(WINDOW_STATES["missed"], "▲", RED),
    "open": Lamp(WINDOW_STATES["open"], "◆", LIGHT),
    "excused": Lamp(WINDOW_STATES["excused"], "○", LAMPS["grey"].colour),
}
WINDOW_LABEL_WIDTH = 10
MILLISECONDS_A_DAY = 86_400_000


def age_bars(rows: pd.DataFrame) -> go.Figure:
    """`overdue_ages` rows: overdue tasks by how long; the longer, the darker."""
    bar = {
        "type": "bar", "x": rows.age, "y": rows.tasks, "width": 0.6, "cliponaxis": False,
        "text": rows.tasks, "textposition": "outside", "textfont": {"size": 15, "color": INK},
        "marker": {"color": ["#EBA0AB", "#DB5B6E", "#C8102E", "#8E0B20"]},
        "hovertemplate": "逾期 %{x}<br>%{y} 项<extra></extra>",
    }  # fmt: skip
    yaxis = counted_axis(int(rows.tasks.max()))
    return figure_of([bar], height=300, xaxis={"showgrid": False}, yaxis=yaxis)


def due_timeline(
    rows: pd.DataFrame, as_of: date, first: date, *, judged: bool = True, beside: int = 6
) -> go.Figure:
    """`due_dates` rows from the ledger's `first` day on: tasks by the month they fall due in, 截至日期
    as a line; split by state, but undivided while there is nothing to judge by. As high as a bar
    chart of `beside` rows."""
    due_on = rows.effective_due_on.dt
    months = due_on.year * 12 + due_on.month - 1
    this_month = as_of.year * 12 + as_of.month - 1
    span = range(
        min(first.year * 12 + first.month - 1, months.min()), max(months.max(), this_month) + 1
    )
    by_month = rows[["done", "open", "overdue"]].groupby(months).sum().reindex(span, fill_value=0)
    totals = by_month.sum(axis=1)
    most = int(totals.max())
    parts = [
        ("已完成", by_month.done, LAMPS["blue"].colour, "#FFFFFF"),
        (COLUMNS["open"], by_month.open, LIGHT, INK),
        ("逾期", by_month.overdue, RED, "#FFFFFF"),
    ]
    if not judged:
        parts = [("任务", totals, LIGHT, INK)]
    traces = [
        {
            "type": "bar", "x": list(span), "y": counts, "name": name, "width": 0.6,
            "marker": {"color": colour}, "textfont": {"color": ink, "size": 13},
            # A sliver has no room for its number; the month's total stands above it.
            "text": [str(n) if judged and n >= most * 0.07 else "" for n in counts],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "constraintext": "inside", "hovertemplate": f"{name} %{{y}} 项<extra></extra>",
        }
        for name, counts, colour, ink in parts
    ]  # fmt: skip
    line = this_month - 0.5 + as_of.day / monthrange(as_of.year, as_of.month)[1]
    notes = [
        note_at(month, tasks, f"{tasks} 项", xanchor="center", yanchor="bottom")
        for month, tasks in zip(span, totals, strict=True)
        if tasks
    ]
    side = "right" if this_month > span[0] + len(span) / 2 else "left"
    notes.append(
        note_at(line, 1, f"截至 {day(as_of)}", xanchor=side, yanchor="bottom", yref="paper")
    )
    labels = [
        # Twelve beside each other on a telephone: only the first says what they are.
        f"{month % 12 + 1}{'月' if month == span[0] else ''}"
        + (f"<br>{month // 12}" if month in (span[0], month // 12 * 12) else "")
        for month in span
    ]
    every = -(-len(span) // 18)
    return figure_of(
        traces,
        height=height_of(beside),
        legend=judged,
        notes=notes,
        barmode="stack",
        line=line,
        xaxis={
            "range": [span[0] - 0.6, span[-1] + 0.6],
            "showgrid": False,
            # Twelve months beside each other in half a page.
            "tickfont": {"size": 12},
            "tickvals": list(span)[::every],
            "ticktext": labels[::every],
        },
        yaxis=counted_axis(most),
    )


def window_strip(
    rows: pd.DataFrame, started_on: date, ended_on: date, as_of: date, *, label: str = "label"
) -> go.Figure:
    """`task_windows` or `unit_windows` rows as a calendar: one line per demand, one box per window
    with the mark of its state; a dotted line on the day judged."""
    # Upside down: the first demand on top.
    lines = list(dict.fromkeys(rows[label]))[::-1]
    names = dict(zip(lines, wrapped(lines, WINDOW_LABEL_WIDTH), strict=True))
    rows = rows.assign(line=rows[label].map(names))
    room = (ended_on - started_on).days / 40
    traces = []
    for state, mark in WINDOW_MARKS.items():
        part = rows[rows.state == state]
        days = (part.window_end - part.window_start).dt.days + 1
        traces.append({
            "type": "bar", "orientation": "h", "name": f"{mark.shape} {mark.word}",
            "y": part.line, "base": part.window_start, "x": days * MILLISECONDS_A_DAY, "width": 0.7,
            "text": [mark.shape if length >= room else "" for length in days],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "textfont": {"color": INK if state == "open" else "#FFFFFF", "size": 13},
            "marker": {
                "color": mark.colour, "line": {"color": "#FFFFFF", "width": 1},
                # A week is too narrow for its mark; in grey a missed one is told by its hatching.
                "pattern": {
                    "shape": "/" if state == "missed" else "", "solidity": 0.3,
                    "fillmode": "overlay", "fgcolor": "#FFFFFF", "fgopacity": 0.45,
                },
            },
            "customdata": [
                f"{day(row.window_start)} 至 {day(row.window_end)}<br>要求 {row.min_count} 次，"
                f"完成 {row.times} 次，{mark.word}"
                for row in each_row(part)
            ],
            "hovertemplate": "%{y}<br>%{customdata}<extra></extra>",
        })  # fmt: skip
    return figure_of(
        traces,
        height=height_of(len(lines), row_for(list(names.values()), UNIT_ROW)),
        legend=True,
        barmode="overlay",
        line=as_of.isoformat(),
        xaxis={
            "type": "date", "range": [started_on.isoformat(), ended_on.isoformat()],
            "dtick": "M3", "tickformat": "%-m月",
        },
        yaxis={
            "showgrid": False, "categoryorder": "array",
            "categoryarray": [names[line] for line in lines],
        },
    )  # fmt: skip
