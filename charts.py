"""Rows of an answer → one Plotly figure; one function per chart.

Figures carry no title (the page writes what the chart shows above it), name Chinese fonts, write
their values on the marks, and keep their meaning without colour: lamps have shapes, the expected
value is a tick, stacked parts always come in the same order. graph_objects only: the express layer
costs ten times as much per figure.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from words import LAMPS, UNIT_CLASSES, day, is_missing, number, percent, wrap

FONT = (
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, "
    "Hiragino Sans GB, WenQuanYi Micro Hei, sans-serif"
)
INK, MUTED, GRID = "#1F2A37", "#5B6673", "#E3E8EF"
BLUE, LIGHT, PALE = "#2F6DB5", "#A9C6E5", "#DCE8F5"
BLUES = [[0, "#F4F8FC"], [0.25, "#DCE8F5"], [0.5, "#A9C6E5"], [0.75, "#5B8EC9"], [1, "#1B4479"]]
RED = LAMPS["red"].colour
LABEL_WIDTH = 9
ROW = 44
PERCENT_TICKS = {
    "tickvals": [0, 25, 50, 75, 100],
    "ticktext": ["0%", "25%", "50%", "75%", "100%"],
}


def completion_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows: a dark bar for the completion rate, a pale one behind it for the mean
    percent reported, and a tick where 序时进度 says it should be."""
    rows = rows.iloc[::-1]
    names = _labels(rows[label])
    figure = go.Figure()
    figure.add_bar(
        y=names, x=rows.mean_percent, orientation="h", width=0.78, name="平均进度",
        marker_color=PALE, customdata=rows[["level1", "level2"]],
        hovertemplate="%{y}<br>平均进度 %{x:.1f}%<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        y=names, x=rows.done_rate, orientation="h", width=0.42, name="完成率",
        marker_color=BLUE, customdata=rows[["level1", "level2"]],
        hovertemplate="%{y}<br>完成率 %{x:.1f}%<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        y=names, x=rows.expected_percent, mode="markers", name="序时进度",
        marker={"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": INK}},
        hovertemplate="%{y}<br>序时进度 %{x:.1f}%<extra></extra>",
    )  # fmt: skip
    for name, row in zip(names, rows.itertuples(), strict=True):
        figure.add_annotation(
            x=103, y=name, xanchor="left", showarrow=False, font={"size": 14, "color": INK},
            text=f"{percent(row.done_rate)}（{row.done}/{row.applicable}）",
        )  # fmt: skip
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 136], **PERCENT_TICKS)
    return _horizontal(figure, rows, names)


def count_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows of a ledger without progress: how many tasks each indicator has, no rate."""
    rows = rows.iloc[::-1]
    names = _labels(rows[label])
    figure = go.Figure()
    figure.add_bar(
        y=names, x=rows.tasks, orientation="h", width=0.55, name="任务", marker_color=LIGHT,
        text=[f"{tasks} 项" for tasks in rows.tasks], textposition="outside", cliponaxis=False,
        textfont={"size": 14, "color": INK}, customdata=rows[["level1", "level2"]],
        hovertemplate="%{y}<br>%{x} 项<extra></extra>",
    )  # fmt: skip
    most = int(rows.tasks.max())
    figure.update_xaxes(range=[0, most * 1.2 + 1], dtick=_step(most))
    return _horizontal(figure, rows, names, legend=False)


def lamp_bars(rows: pd.DataFrame, label: str = "short_name") -> go.Figure:
    """`completion` rows: the tasks of each indicator by lamp; each part carries shape and count."""
    rows = rows.iloc[::-1]
    names = _labels(rows[label])
    figure = go.Figure()
    for code, lamp in LAMPS.items():
        counts = rows[code]
        figure.add_bar(
            y=names, x=counts, orientation="h", name=f"{lamp.shape} {lamp.word}", width=0.62,
            marker={"color": lamp.colour, "line": {"color": "#FFFFFF", "width": 1.5}},
            text=[f"{lamp.shape}{n}" if n else "" for n in counts], textposition="inside",
            insidetextanchor="middle", textangle=0, constraintext="none",
            textfont={"color": INK if code == "yellow" else "#FFFFFF", "size": 13},
            customdata=rows[["level1", "level2"]],
            hovertemplate=f"%{{y}}<br>{lamp.word} %{{x}} 项<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(dtick=_step(int(rows[list(LAMPS)].sum(axis=1).max())))
    return _horizontal(figure, rows, names)


def trend_lines(rows: pd.DataFrame, *, beside: int = 6) -> go.Figure:
    """`trend` rows: completion rate, mean percent and 序时进度 at each month's end; as high as a bar
    chart of `beside` rows."""
    figure = go.Figure()
    lines = (
        ("expected_percent", "序时进度", {"color": MUTED, "width": 2, "dash": "dash"}, "x-thin"),
        ("mean_percent", "平均进度", {"color": LIGHT, "width": 3}, "square"),
        ("done_rate", "完成率", {"color": BLUE, "width": 3}, "circle"),
    )
    months = [f"{as_of.month} 月" for as_of in rows.as_of]
    last = rows.iloc[-1]
    ends = {column: last[column] for column, *_ in lines if not is_missing(last[column])}
    placed = _spread(ends, gap=9)
    for column, name, line, symbol in lines:
        figure.add_scatter(
            x=months, y=rows[column], mode="lines+markers", name=name, line=line,
            marker={"symbol": symbol, "size": 8}, connectgaps=False,
            hovertemplate=f"%{{x}}末<br>{name} %{{y:.1f}}%<extra></extra>",
        )  # fmt: skip
        if column in ends:
            figure.add_annotation(
                x=len(months) - 1, y=placed[column], xanchor="left", xshift=10, showarrow=False,
                text=f"{name} {percent(ends[column])}",
                font={"size": 14, "color": MUTED if column == "expected_percent" else INK},
            )  # fmt: skip
    figure.update_yaxes(range=[-3, 108], **PERCENT_TICKS)
    figure.update_xaxes(range=[-0.3, len(months) - 0.7], showgrid=False)
    _styled(figure, height=_height(beside), legend=False)
    return figure.update_layout(margin_r=130)


def change_bars(rows: pd.DataFrame) -> go.Figure:
    """`compare_dates` rows: change of the completion rate in points, up to the right."""
    rows = rows.iloc[::-1]
    names = _labels(rows.short_name)
    text = [
        f"{'+' if change > 0 else ''}{change:.0f}" if not is_missing(change) else "—"
        for change in rows.change_points
    ]
    figure = go.Figure()
    figure.add_bar(
        y=names, x=rows.change_points, orientation="h", width=0.55, text=text,
        textposition="outside", cliponaxis=False, textfont={"size": 14, "color": INK},
        marker_color=[RED if change < 0 else BLUE for change in rows.change_points.fillna(0)],
        customdata=rows[["level1"]],
        hovertemplate="%{y}<br>%{x:+.1f} 个百分点<extra></extra>",
    )  # fmt: skip
    reach = max(10.0, float(rows.change_points.abs().max() or 0)) * 1.25
    low = -reach if (rows.change_points < 0).any() else 0
    figure.update_xaxes(range=[low, reach], zeroline=True, zerolinecolor=MUTED)
    return _horizontal(figure, rows, names, legend=False)


def workload_bars(rows: pd.DataFrame, *, judged: bool = True) -> go.Figure:
    """`unit_workload` rows: each unit's tasks split into done, open, overdue and those that are in
    no completion rate (加分项、扣分项、不适用); undivided while there is nothing to judge by."""
    rows = rows.iloc[::-1]
    names = _labels(rows.unit, width=13)
    other = rows.tasks - rows.applicable
    parts = (
        ("已完成", rows.done, LAMPS["blue"].colour, "#FFFFFF"),
        ("未完成未逾期", rows.open, LIGHT, INK),
        ("逾期", rows.overdue, RED, "#FFFFFF"),
        ("不计完成率", other, "#D5DCE5", INK),
    )
    if not judged:
        parts = (("任务", rows.tasks, LIGHT, INK),)
    figure = go.Figure()
    for name, counts, colour, ink in parts:
        figure.add_bar(
            y=names, x=counts, orientation="h", name=name, width=0.66,
            marker={"color": colour, "line": {"color": "#FFFFFF", "width": 1.5}},
            text=[str(n) if n else "" for n in counts], textposition="inside",
            insidetextanchor="middle", textangle=0, constraintext="none",
            textfont={"color": ink, "size": 13}, customdata=rows[["unit"]],
            hovertemplate=f"%{{y}}<br>{name} %{{x}} 项<extra></extra>",
        )  # fmt: skip
    for name, row in zip(names, rows.itertuples(), strict=True):
        figure.add_annotation(
            x=row.tasks, y=name, xanchor="left", xshift=8, showarrow=False,
            text=f"折算 {number(row.shared_load, 1)}", font={"size": 13, "color": MUTED},
        )  # fmt: skip
    most = int(rows.tasks.max())
    figure.update_layout(barmode="stack")
    figure.update_xaxes(range=[0, most * 1.18 + 1], dtick=_step(most))
    return _horizontal(figure, rows, names, row=38)


def unit_heat(rows: pd.DataFrame, units: list[str]) -> go.Figure:
    """`unit_matrix` rows for `units`: tasks by unit and indicator, the count written in each cell."""
    columns = rows.sort_values("first_number").drop_duplicates("level1")
    table = rows.pivot_table(index="unit", columns="level1", values="tasks", aggfunc="sum")
    table = table.reindex(index=units[::-1], columns=list(columns.level1))
    heads = [wrap(name, 5, "<br>") for name in columns.short_name]
    figure = go.Figure()
    figure.add_heatmap(
        z=table.to_numpy(), x=heads, y=_labels(table.index, width=13), colorscale=BLUES,
        zmin=0, xgap=2, ygap=2, showscale=False, hoverongaps=False,
        text=[["" if is_missing(v) else f"{v:.0f}" for v in line] for line in table.to_numpy()],
        texttemplate="%{text}", textfont={"size": 13},
        hovertemplate="%{y}<br>%{x}<br>%{z} 项<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(side="top", showgrid=False, ticks="", tickfont={"size": 13})
    figure.update_yaxes(showgrid=False, ticks="")
    height = 110 + 34 * len(table)
    return _styled(figure, height=height, legend=False)


def rate_by_class(rows: pd.DataFrame) -> go.Figure:
    """`unit_workload` rows of one class: completion rate with its rank, best at the top."""
    rows = rows[rows.applicable > 0].sort_values(["rank_in_class", "unit"], ascending=False)
    names = [
        f"{rank:.0f}. {name}"
        for rank, name in zip(rows.rank_in_class, _labels(rows.unit, width=13), strict=True)
    ]
    figure = go.Figure()
    figure.add_bar(
        y=names, x=rows.done_rate, orientation="h", width=0.6, marker_color=BLUE,
        text=[
            f"{percent(row.done_rate)}（{row.done}/{row.applicable}）" for row in rows.itertuples()
        ],
        textposition="outside", cliponaxis=False, textfont={"size": 13, "color": INK},
        customdata=rows[["unit"]],
        hovertemplate="%{y}<br>完成率 %{x:.1f}%<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 140], tickvals=[0, 50, 100], ticktext=["0%", "50%", "100%"])
    return _horizontal(figure, rows, names, legend=False, row=36)


def age_bars(rows: pd.DataFrame) -> go.Figure:
    """`overdue_ages` rows: overdue tasks by how long; the longer, the darker."""
    shades = ["#EBA0AB", "#DB5B6E", "#C8102E", "#8E0B20"]
    figure = go.Figure()
    figure.add_bar(
        x=rows.age, y=rows.tasks, text=rows.tasks, textposition="outside", cliponaxis=False,
        marker_color=shades, width=0.6, textfont={"size": 15, "color": INK},
        hovertemplate="逾期 %{x}<br>%{y} 项<extra></extra>",
    )  # fmt: skip
    most = int(rows.tasks.max())
    figure.update_yaxes(range=[0, most * 1.2 + 1], dtick=_step(most))
    figure.update_xaxes(showgrid=False)
    return _styled(figure, height=300, legend=False)


def due_timeline(
    rows: pd.DataFrame, as_of: date, first: date, *, judged: bool = True, beside: int = 6
) -> go.Figure:
    """`due_dates` rows from the ledger's `first` day on: tasks by the month they fall due in, 截至日期
    as a line; split by state, but undivided while there is nothing to judge by. As high as a bar
    chart of `beside` rows."""
    due_on = rows.effective_due_on.dt
    months = due_on.year * 12 + due_on.month - 1
    this_month = as_of.year * 12 + as_of.month - 1
    span = range(first.year * 12 + first.month - 1, max(months.max(), this_month) + 1)
    by_month = rows[["done", "open", "overdue"]].groupby(months).sum().reindex(span, fill_value=0)
    totals = by_month.sum(axis=1)
    most = int(totals.max())
    figure = go.Figure()
    parts = (
        ("已完成", by_month.done, LAMPS["blue"].colour, "#FFFFFF"),
        ("未到期", by_month.open, LIGHT, INK),
        ("逾期", by_month.overdue, RED, "#FFFFFF"),
    )
    if not judged:
        parts = (("任务", totals, LIGHT, INK),)
    for name, counts, colour, ink in parts:
        figure.add_bar(
            x=list(span), y=counts, name=name, marker_color=colour, width=0.6,
            # A sliver has no room for its number; the month's total stands above it.
            text=[str(n) if judged and n >= most * 0.07 else "" for n in counts],
            textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
            textfont={"color": ink, "size": 13},
            hovertemplate=f"{name} %{{y}} 项<extra></extra>",
        )  # fmt: skip
    for month, tasks in totals.items():
        if tasks:
            figure.add_annotation(
                x=month, y=tasks, yanchor="bottom", showarrow=False, text=f"{tasks} 项",
                font={"size": 14, "color": INK},
            )  # fmt: skip
    share = as_of.day / monthrange(as_of.year, as_of.month)[1]
    line = this_month - 0.5 + share
    figure.add_vline(x=line, line={"color": INK, "width": 2, "dash": "dot"}, layer="below")
    figure.add_annotation(
        x=line, y=1.0, yref="paper", yanchor="bottom", showarrow=False,
        xanchor="right" if this_month > span[0] + len(span) / 2 else "left",
        text=f"截至 {day(as_of)}", font={"size": 13, "color": INK},
    )  # fmt: skip
    labels = [
        f"{month % 12 + 1} 月"
        + (f"<br>{month // 12}" if month % 12 == 0 or month == span[0] else "")
        for month in span
    ]
    every = max(1, -(-len(span) // 18))
    figure.update_layout(barmode="stack")
    figure.update_xaxes(
        range=[span[0] - 0.6, span[-1] + 0.6], showgrid=False,
        tickvals=list(span)[::every], ticktext=labels[::every],
    )  # fmt: skip
    figure.update_yaxes(range=[0, most * 1.18 + 1], dtick=_step(most))
    return _styled(figure, height=_height(beside), legend=judged)


def class_order(rows: pd.DataFrame) -> list[str]:
    """The unit classes that occur in the rows, in their fixed order."""
    present = set(rows["class"])
    return [name for name in UNIT_CLASSES if name in present]


def _labels(names: pd.Series | pd.Index, width: int = LABEL_WIDTH) -> list[str]:
    return [wrap(str(name), width, "<br>") for name in names]


def _step(most: int) -> int:
    """A round distance between ticks that gives about five of them."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if most / step <= 6)


def _spread(values: dict[str, float], gap: float) -> dict[str, float]:
    """Labels at nearly the same height, moved apart so that none covers another."""
    placed: dict[str, float] = {}
    for name, value in sorted(values.items(), key=lambda item: item[1]):
        floor = max(placed.values(), default=-gap) + gap
        placed[name] = max(value, floor)
    excess = max(placed.values(), default=0) - 104
    return {name: value - max(0.0, excess) for name, value in placed.items()}


def _legend_mark(trace: go.Bar | go.Scatter) -> str:
    if trace.type == "scatter":
        return f"<b>┃</b> {trace.name}"
    # A lamp's name begins with its own shape, which takes the place of the square.
    shape, _, word = trace.name.partition(" ") if " " in trace.name else ("■", "", trace.name)
    return f"<span style='color:{trace.marker.color}'>{shape}</span> {word}"


def _horizontal(
    figure: go.Figure, rows: pd.DataFrame, names: list[str], *, legend: bool = True, row: int = ROW
) -> go.Figure:
    # Fixed category order: Plotly otherwise drops a row whose every part is empty.
    figure.update_yaxes(
        showgrid=False, categoryorder="array", categoryarray=names, tickfont={"size": 14}
    )
    figure.update_xaxes(showgrid=True, gridcolor=GRID)
    return _styled(figure, height=_height(len(rows), row), legend=legend)


def _height(rows: int, row: int = ROW) -> int:
    return 70 + row * max(2, rows)


def _styled(figure: go.Figure, *, height: int, legend: bool = True) -> go.Figure:
    # Plotly's own legend is only as wide as the plot, and beside long labels that is one word;
    # a title of coloured marks runs across the whole box.
    marks = [_legend_mark(trace) for trace in figure.data] if legend else []
    figure.update_layout(
        height=height,
        title={
            "text": "　".join(marks),
            "xref": "container",
            "x": 0.015,
            "xanchor": "left",
            "yref": "container",
            "y": 0.985,
            "yanchor": "top",
            "font": {"size": 14},
        },
        margin={"l": 8, "r": 16, "t": 40 if legend else 16, "b": 28},
        font={"family": FONT, "size": 14, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        hoverlabel={"font": {"family": FONT, "size": 14}},
        dragmode=False,
    )
    figure.update_xaxes(fixedrange=True, automargin=True, zeroline=False, tickangle=0)
    figure.update_yaxes(fixedrange=True, automargin=True, zeroline=False, gridcolor=GRID)
    return figure
