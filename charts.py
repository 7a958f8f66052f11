"""Rows of an answer → one Plotly figure; one function per chart.

Figures carry no title of their own (the page writes what the chart shows above it; the title's place
holds the legend), name Chinese fonts, write their values on the marks, and keep their meaning
without colour: lamps have shapes, the expected value is a tick, stacked parts always come in the
same order.

A figure is put together from plain dictionaries and made once: each later update of a Plotly 7
figure costs several milliseconds, the whole figure two.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from words import (
    LAMPS,
    RETURN_STATES,
    UNIT_CLASSES,
    WINDOW_STATES,
    Lamp,
    day,
    is_missing,
    number,
    percent,
    wrap,
)

FONT = (
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, "
    "Hiragino Sans GB, WenQuanYi Micro Hei, sans-serif"
)
INK, MUTED, GRID = "#1F2A37", "#5B6673", "#E3E8EF"
BLUE, LIGHT, PALE = "#2F6DB5", "#A9C6E5", "#DCE8F5"
BLUES = [[0, "#F4F8FC"], [0.25, "#DCE8F5"], [0.5, "#A9C6E5"], [0.75, "#5B8EC9"], [1, "#1B4479"]]
RED = LAMPS["red"].colour
WINDOW_MARKS = {
    "met": Lamp(WINDOW_STATES["met"], "✔", LAMPS["blue"].colour),
    "missed": Lamp(WINDOW_STATES["missed"], "▲", RED),
    "open": Lamp(WINDOW_STATES["open"], "◆", LIGHT),
    "excused": Lamp(WINDOW_STATES["excused"], "○", LAMPS["grey"].colour),
}
LABEL_WIDTH, UNIT_WIDTH, WINDOW_LABEL_WIDTH = 9, 13, 16
MILLISECONDS_A_DAY = 86_400_000
ROW, UNIT_ROW = 44, 38
PERCENT_TICKS = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0%", "25%", "50%", "75%", "100%"]}

Part = dict[str, Any]


def completion_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows: a dark bar for the completion rate, a pale one behind it for the mean
    percent reported, and a tick where 序时进度 says it should be."""
    rows = rows.iloc[::-1]
    names = _labels(rows[label])
    indicator = rows[["level1", "level2"]].to_numpy()
    rates = [
        f"{percent(row.done_rate)}（{row.done}/{row.applicable}）" for row in rows.itertuples()
    ]
    return _bars(
        [
            _bar(
                names, rows.mean_percent, "平均进度", PALE, customdata=indicator, width=0.78,
                hovertemplate="%{y}<br>平均进度 %{x:.1f}%<extra></extra>",
            ),
            _bar(
                names, rows.done_rate, "完成率", BLUE, customdata=indicator, width=0.42,
                hovertemplate="%{y}<br>完成率 %{x:.1f}%<extra></extra>",
            ),
            {
                "type": "scatter", "y": names, "x": rows.expected_percent, "mode": "markers",
                "name": "序时进度", "hovertemplate": "%{y}<br>序时进度 %{x:.1f}%<extra></extra>",
                "marker": {"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": INK}},
            },
        ],
        names,
        notes=[_note(103, name, text) for name, text in zip(names, rates, strict=True)],
        xaxis={"range": [0, 136], **PERCENT_TICKS},
        barmode="overlay",
    )  # fmt: skip


def count_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows of a ledger without progress: how many tasks each indicator has, no rate."""
    rows = rows.iloc[::-1]
    names = _labels(rows[label])
    most = int(rows.tasks.max())
    bar = _bar(
        names, rows.tasks, "任务", LIGHT, customdata=rows[["level1", "level2"]].to_numpy(),
        texts=[f"{tasks} 项" for tasks in rows.tasks],
    )  # fmt: skip
    return _bars([bar], names, xaxis=_counted(most), legend=False)


def lamp_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows: the tasks of each indicator by lamp; each part carries shape and count."""
    rows = rows.iloc[::-1]
    names = _labels(rows[label])
    most = int(rows[list(LAMPS)].sum(axis=1).max())
    parts = [
        _stacked(
            names, rows[code], f"{lamp.shape} {lamp.word}", lamp.colour,
            INK if code == "yellow" else "#FFFFFF", shape=lamp.shape, room=most * 0.07,
        )
        for code, lamp in LAMPS.items()
    ]  # fmt: skip
    return _bars(parts, names, xaxis={"dtick": _step(most)}, barmode="stack")


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
    placed = _spread(ends, gap=9)
    traces = [
        {
            "type": "scatter", "x": months, "y": rows[column], "mode": "lines+markers",
            "name": name, "line": line, "marker": {"symbol": symbol, "size": 8},
            "hovertemplate": f"%{{x}}末<br>{name} %{{y:.1f}}%<extra></extra>",
        }
        for column, name, line, symbol in lines
    ]  # fmt: skip
    notes = [
        _note(
            len(months) - 1, placed[column], f"{name} {percent(ends[column])}", xshift=10,
            colour=MUTED if column == "expected_percent" else INK,
        )
        for column, name, *_ in lines
        if column in ends
    ]  # fmt: skip
    return _figure(
        traces,
        height=_height(beside),
        notes=notes,
        xaxis={"range": [-0.3, len(months) - 0.7], "showgrid": False},
        yaxis={"range": [-3, 108], **PERCENT_TICKS},
        right=130,
    )


def change_bars(rows: pd.DataFrame) -> go.Figure:
    """`compare_dates` rows: change of the completion rate in points, up to the right."""
    rows = rows.iloc[::-1]
    names = _labels(rows.short_name)
    changes = rows.change_points
    bar = _bar(
        names, changes, "变化", [RED if change < 0 else BLUE for change in changes.fillna(0)],
        customdata=rows[["level1"]].to_numpy(),
        texts=["—" if is_missing(c) else f"{'+' if c > 0 else ''}{c:.0f}" for c in changes],
        hovertemplate="%{y}<br>%{x:+.1f} 个百分点<extra></extra>",
    )  # fmt: skip
    reach = max(10.0, float(changes.abs().max() if changes.notna().any() else 0)) * 1.25
    low = -reach if (changes < 0).any() else 0
    axis = {"range": [low, reach], "zeroline": True, "zerolinecolor": MUTED}
    return _bars([bar], names, xaxis=axis, legend=False)


def workload_bars(rows: pd.DataFrame, *, judged: bool = True) -> go.Figure:
    """`unit_workload` rows: each unit's tasks split into done, open, overdue and those that are in
    no completion rate (加分项、扣分项、不适用); undivided while there is nothing to judge by."""
    rows = rows.iloc[::-1]
    names = _labels(rows.unit, UNIT_WIDTH)
    parts = (
        ("已完成", rows.done, LAMPS["blue"].colour, "#FFFFFF"),
        ("未完成未逾期", rows.open, LIGHT, INK),
        ("逾期", rows.overdue, RED, "#FFFFFF"),
        ("不计完成率", rows.tasks - rows.applicable, "#D5DCE5", INK),
    )
    if not judged:
        parts = (("任务", rows.tasks, LIGHT, INK),)
    units = rows[["unit"]].to_numpy()
    loads = [
        _note(
            row.tasks,
            name,
            f"{row.tasks} 项，折算 {number(row.shared_load, 1)}",
            xshift=8,
            colour=MUTED,
        )
        for name, row in zip(names, rows.itertuples(), strict=True)
    ]
    most = int(rows.tasks.max())
    return _bars(
        [
            _stacked(names, counts, name, colour, ink, room=most * 0.08, customdata=units)
            for name, counts, colour, ink in parts
        ],
        names,
        notes=loads,
        xaxis={"range": [0, most * 1.75 + 1], "dtick": _step(most)},
        barmode="stack",
        row=UNIT_ROW,
        legend=judged,
    )


def unit_heat(rows: pd.DataFrame, units: list[str]) -> go.Figure:
    """`unit_matrix` rows for `units`: tasks by unit and indicator, the count written in each cell."""
    columns = rows.sort_values("first_number").drop_duplicates("level1")
    table = rows.pivot_table(index="unit", columns="level1", values="tasks", aggfunc="sum")
    counts = table.reindex(index=units[::-1], columns=list(columns.level1)).to_numpy()
    heat = {
        "type": "heatmap", "z": counts, "x": _labels(columns.short_name, 5),
        "y": _labels(units[::-1], UNIT_WIDTH), "colorscale": BLUES, "zmin": 0, "xgap": 2, "ygap": 2,
        "showscale": False, "hoverongaps": False, "texttemplate": "%{text}",
        "text": [["" if is_missing(n) else f"{n:.0f}" for n in line] for line in counts],
        "textfont": {"size": 13}, "hovertemplate": "%{y}<br>%{x}<br>%{z} 项<extra></extra>",
    }  # fmt: skip
    return _figure(
        [heat],
        height=110 + 34 * len(units),
        xaxis={"side": "top", "showgrid": False, "ticks": "", "tickfont": {"size": 13}},
        yaxis={"showgrid": False, "ticks": ""},
    )


def rate_by_class(rows: pd.DataFrame) -> go.Figure:
    """`unit_workload` rows of one class: completion rate with its rank, best at the top."""
    rows = rows[rows.applicable > 0].sort_values(["rank_in_class", "unit"], ascending=False)
    names = [
        f"{rank:.0f}. {name}"
        for rank, name in zip(rows.rank_in_class, _labels(rows.unit, UNIT_WIDTH), strict=True)
    ]
    bar = _bar(
        names, rows.done_rate, "完成率", BLUE, customdata=rows[["unit"]].to_numpy(),
        texts=[f"{percent(row.done_rate)}（{row.done}/{row.applicable}）" for row in rows.itertuples()],
        hovertemplate="%{y}<br>完成率 %{x:.1f}%<extra></extra>",
    )  # fmt: skip
    axis = {"range": [0, 140], "tickvals": [0, 50, 100], "ticktext": ["0%", "50%", "100%"]}
    return _bars([bar], names, xaxis=axis, legend=False, row=UNIT_ROW)


def age_bars(rows: pd.DataFrame) -> go.Figure:
    """`overdue_ages` rows: overdue tasks by how long; the longer, the darker."""
    bar = {
        "type": "bar", "x": rows.age, "y": rows.tasks, "width": 0.6, "cliponaxis": False,
        "text": rows.tasks, "textposition": "outside", "textfont": {"size": 15, "color": INK},
        "marker": {"color": ["#EBA0AB", "#DB5B6E", "#C8102E", "#8E0B20"]},
        "hovertemplate": "逾期 %{x}<br>%{y} 项<extra></extra>",
    }  # fmt: skip
    yaxis = _counted(int(rows.tasks.max()))
    return _figure([bar], height=300, xaxis={"showgrid": False}, yaxis=yaxis)


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
    parts = (
        ("已完成", by_month.done, LAMPS["blue"].colour, "#FFFFFF"),
        ("未到期", by_month.open, LIGHT, INK),
        ("逾期", by_month.overdue, RED, "#FFFFFF"),
    )
    if not judged:
        parts = (("任务", totals, LIGHT, INK),)
    traces = [
        {
            "type": "bar", "x": list(span), "y": counts, "name": name, "width": 0.6,
            "marker": {"color": colour}, "textfont": {"color": ink, "size": 13},
            # A sliver has no room for its number; the month's total stands above it.
            "text": [str(n) if judged and n >= most * 0.07 else "" for n in counts],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "constraintext": "none", "hovertemplate": f"{name} %{{y}} 项<extra></extra>",
        }
        for name, counts, colour, ink in parts
    ]  # fmt: skip
    line = this_month - 0.5 + as_of.day / monthrange(as_of.year, as_of.month)[1]
    notes = [
        _note(month, tasks, f"{tasks} 项", xanchor="center", yanchor="bottom")
        for month, tasks in totals.items()
        if tasks
    ]
    side = "right" if this_month > span[0] + len(span) / 2 else "left"
    notes.append(_note(line, 1, f"截至 {day(as_of)}", xanchor=side, yanchor="bottom", yref="paper"))
    labels = [
        f"{month % 12 + 1}月"
        + (f"<br>{month // 12}" if month in (span[0], month // 12 * 12) else "")
        for month in span
    ]
    every = -(-len(span) // 18)
    return _figure(
        traces,
        height=_height(beside),
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
        yaxis=_counted(most),
    )


def window_strip(
    rows: pd.DataFrame, started_on: date, ended_on: date, as_of: date, *, label: str = "label"
) -> go.Figure:
    """`task_windows` or `unit_windows` rows as a calendar: one line per demand, one box per window
    with the mark of its state; a dotted line on the day judged."""
    # Upside down: the first demand on top.
    lines = list(dict.fromkeys(rows[label]))[::-1]
    names = dict(zip(lines, _labels(lines, WINDOW_LABEL_WIDTH), strict=True))
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
                for row in part.itertuples()
            ],
            "hovertemplate": "%{y}<br>%{customdata}<extra></extra>",
        })  # fmt: skip
    return _figure(
        traces,
        height=_height(len(lines), UNIT_ROW),
        legend=True,
        barmode="overlay",
        line=as_of.isoformat(),
        xaxis={
            "type": "date", "range": [started_on.isoformat(), ended_on.isoformat()],
            "dtick": "M1", "tickformat": "%-m 月", "ticklabelmode": "period",
        },
        yaxis={
            "showgrid": False, "categoryorder": "array",
            "categoryarray": [names[line] for line in lines],
        },
    )  # fmt: skip


def returns_by_class(rows: pd.DataFrame) -> go.Figure:
    """`month_returns` rows: the units of each class by how they reported; the graver, the darker."""
    counts = pd.crosstab(rows["class"], rows["state"])
    counts = counts.reindex(index=class_order(rows)[::-1], columns=RETURN_STATES, fill_value=0)
    names = list(counts.index)
    totals = counts.sum(axis=1)
    most = int(totals.max())
    inks = {
        "missing": ("#1B4479", "#FFFFFF"),
        "partly": (BLUE, "#FFFFFF"),
        "late": (LIGHT, INK),
        "on_time": (PALE, INK),
    }
    parts = [
        _stacked(names, counts[state], RETURN_STATES[state], colour, ink, room=most * 0.05)
        | {"hovertemplate": f"%{{y}}<br>{RETURN_STATES[state]} %{{x}} 个单位<extra></extra>"}
        for state, (colour, ink) in inks.items()
    ]
    notes = [
        _note(total, name, f"{total} 个单位", xshift=8, colour=MUTED)
        for name, total in totals.items()
    ]
    axis = {"range": [0, most * 1.3 + 1], "dtick": _step(most)}
    return _bars(parts, names, notes=notes, xaxis=axis, barmode="stack")


def class_order(rows: pd.DataFrame) -> list[str]:
    """The unit classes that occur in the rows, in their fixed order."""
    present = set(rows["class"])
    return [name for name in UNIT_CLASSES if name in present]


def _labels(names: Any, width: int = LABEL_WIDTH) -> list[str]:
    return [wrap(str(name), width, "<br>") for name in names]


def _step(most: int) -> int:
    """A round distance between ticks that gives about five of them."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if most / step <= 6)


def _counted(most: int) -> Part:
    """An axis of whole numbers with room for a label above the largest."""
    return {"range": [0, most * 1.2 + 1], "dtick": _step(most)}


def _height(rows: int, row: int = ROW) -> int:
    return 70 + row * max(2, rows)


def _spread(values: dict[str, float], gap: float) -> dict[str, float]:
    """Labels at nearly the same height, moved apart so that none covers another."""
    placed: dict[str, float] = {}
    for name, value in sorted(values.items(), key=lambda item: item[1]):
        floor = max(placed.values(), default=-gap) + gap
        placed[name] = max(value, floor)
    excess = max(placed.values(), default=0) - 104
    return {name: value - max(0.0, excess) for name, value in placed.items()}


def _bar(
    names: list[str],
    values: pd.Series,
    name: str,
    colour: str | list[str],
    *,
    customdata: Any,
    texts: list[str] | None = None,
    width: float = 0.55,
    hovertemplate: str = "%{y}<br>%{x} 项<extra></extra>",
) -> Part:
    """One horizontal bar a row, with its text at its end."""
    bar = {
        "type": "bar", "orientation": "h", "y": names, "x": values, "name": name, "width": width,
        "marker": {"color": colour}, "customdata": customdata, "hovertemplate": hovertemplate,
    }  # fmt: skip
    if texts is not None:
        ink = {"size": 14, "color": INK}
        bar |= {"text": texts, "textposition": "outside", "cliponaxis": False, "textfont": ink}
    return bar


def _stacked(
    names: list[str],
    counts: pd.Series,
    name: str,
    colour: str,
    ink: str,
    *,
    room: float,
    shape: str = "",
    customdata: Any = None,
) -> Part:
    """One part of stacked horizontal bars; its count is written inside from `room` on, where there
    is room for it."""
    word = name.removeprefix(shape).strip()
    return {
        "type": "bar", "orientation": "h", "y": names, "x": counts, "name": name, "width": 0.64,
        "marker": {"color": colour, "line": {"color": "#FFFFFF", "width": 1.5}},
        "text": [f"{shape}{n}" if n and n >= room else "" for n in counts],
        "textposition": "inside",
        "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
        "textfont": {"color": ink, "size": 13}, "customdata": customdata,
        "hovertemplate": f"%{{y}}<br>{word} %{{x}} 项<extra></extra>",
    }  # fmt: skip


def _note(x: float, y: float | str, text: str, *, colour: str = INK, **place: Any) -> Part:
    return {
        "x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left",
        "font": {"size": 14, "color": colour}, **place,
    }  # fmt: skip


def _bars(
    traces: list[Part],
    names: list[str],
    *,
    xaxis: Part,
    notes: list[Part] | None = None,
    barmode: str = "group",
    row: int = ROW,
    legend: bool = True,
) -> go.Figure:
    """Horizontal bars, one row a name. The order of categories is fixed: Plotly otherwise drops a
    row whose every part is empty."""
    return _figure(
        traces,
        height=_height(len(names), row),
        notes=notes,
        barmode=barmode,
        legend=legend,
        xaxis={"gridcolor": GRID, **xaxis},
        yaxis={"showgrid": False, "categoryorder": "array", "categoryarray": names},
    )


def _figure(
    traces: list[Part],
    *,
    height: int,
    xaxis: Part,
    yaxis: Part,
    notes: list[Part] | None = None,
    barmode: str = "group",
    legend: bool = False,
    line: float | str | None = None,
    right: int = 16,
) -> go.Figure:
    # Plotly's own legend is only as wide as the plot, and beside long labels that is one word;
    # a title of coloured marks runs across the whole box.
    marks = "　".join(_legend_mark(trace) for trace in traces) if legend else ""
    axis = {"fixedrange": True, "automargin": True, "zeroline": False, "gridcolor": GRID}
    shapes = []
    if line is not None:
        shapes.append({
            "type": "line", "x0": line, "x1": line, "y0": 0, "y1": 1, "yref": "paper",
            "layer": "below", "line": {"color": INK, "width": 2, "dash": "dot"},
        })  # fmt: skip
    return go.Figure(
        data=traces,
        layout={
            "template": "none",
            "height": height,
            "margin": {"l": 8, "r": right, "t": 40 if legend or shapes else 16, "b": 28},
            "font": {"family": FONT, "size": 14, "color": INK},
            "title": {
                "text": marks, "xref": "container", "x": 0.015, "xanchor": "left",
                "yref": "container", "y": 1, "yanchor": "top", "pad": {"t": 6},
                "font": {"size": 14},
            },
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hoverlabel": {"font": {"family": FONT, "size": 14}},
            "dragmode": False,
            "barmode": barmode,
            "annotations": notes or [],
            "shapes": shapes,
            "xaxis": axis | {"tickangle": 0} | xaxis,
            "yaxis": axis | {"tickfont": {"size": 14}} | yaxis,
        },
    )  # fmt: skip


def _legend_mark(trace: Part) -> str:
    if trace["type"] == "scatter":
        return f"<b>┃</b> {trace['name']}"
    # A lamp's name begins with its own shape, which takes the place of the square.
    shape, _, word = trace["name"].rpartition(" ")
    return f"<span style='color:{trace['marker']['color']}'>{shape or '■'}</span> {word}"
