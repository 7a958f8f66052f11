"""Units beside each other: what they carry, how far they are, whether they reported."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts.drawing import (
    BLUE,
    BLUES,
    INK,
    LIGHT,
    MUTED,
    PALE,
    RED,
    UNIT_ROW,
    UNIT_WIDTH,
    bar_figure,
    bar_of,
    figure_of,
    note_at,
    room_for,
    row_for,
    stacked_part,
    tick_step,
    wrapped,
)
from words import (
    LAMPS,
    RETURN_STATES,
    UNIT_CLASSES,
    each_row,
    is_missing,
    number,
    rate_with_counts,
)

COLUMNS_OF_FIVE = 10
"""The most indicators whose names have room for five characters a line above the grid of cells."""


def workload_bars(rows: pd.DataFrame, *, judged: bool = True) -> go.Figure:
    """`unit_workload` rows: each unit's tasks split into done, open, overdue and those that are in
    no completion rate (加分项、扣分项、不适用); undivided while there is nothing to judge by."""
    rows = rows.iloc[::-1]
    names = wrapped(rows.unit, UNIT_WIDTH)
    parts = [
        ("已完成", rows.done, LAMPS["blue"].colour, "#FFFFFF"),
        ("未完成", rows.open, LIGHT, INK),
        ("逾期", rows.overdue, RED, "#FFFFFF"),
        ("不计完成率", rows.tasks - rows.applicable, "#D5DCE5", INK),
    ]
    if not judged:
        parts = [("任务", rows.tasks, LIGHT, INK)]
    units = rows[["unit"]].to_numpy()
    loads = [
        note_at(
            row.tasks,
            name,
            f"{row.tasks} 项，折算 {number(row.shared_load, 1)}",
            xshift=8,
            colour=MUTED,
        )
        for name, row in zip(names, each_row(rows), strict=True)
    ]
    most = int(rows.tasks.max())
    return bar_figure(
        [
            stacked_part(names, counts, name, colour, ink, room=most * 0.08, customdata=units)
            for name, counts, colour, ink in parts
        ],
        names,
        notes=loads,
        xaxis={"range": [0, most], "dtick": tick_step(most)},
        barmode="stack",
        right=room_for(note["text"] for note in loads),
        row=UNIT_ROW,
        legend=judged,
    )


def unit_heat(rows: pd.DataFrame, units: list[str]) -> go.Figure:
    """`unit_matrix` rows for `units`: tasks by unit and indicator, the count written in each cell."""
    columns = rows.sort_values("first_number").drop_duplicates("level1")
    table = rows.pivot_table(index="unit", columns="level1", values="tasks", aggfunc="sum")
    counts = table.reindex(index=units[::-1], columns=list(columns.level1)).to_numpy()
    names = wrapped(units[::-1], UNIT_WIDTH)
    heat = {
        "type": "heatmap", "z": counts,
        "x": wrapped(columns.short_name, 5 if len(columns) <= COLUMNS_OF_FIVE else 4),
        "y": names, "colorscale": BLUES, "zmin": 0, "xgap": 2, "ygap": 2,
        "showscale": False, "hoverongaps": False, "texttemplate": "%{text}",
        "text": [["" if is_missing(n) else f"{n:.0f}" for n in line] for line in counts],
        "textfont": {"size": 13}, "hovertemplate": "%{y}<br>%{x}<br>%{z} 项<extra></extra>",
    }  # fmt: skip
    return figure_of(
        [heat],
        height=130 + row_for(names, 34) * max(2, len(units)),
        xaxis={"side": "top", "showgrid": False, "ticks": "", "tickfont": {"size": 13}},
        yaxis={"showgrid": False, "ticks": ""},
    )


def rate_by_class(rows: pd.DataFrame) -> go.Figure:
    """`unit_workload` rows of one class: completion rate with its rank, best at the top."""
    rows = rows[rows.rank_in_class.notna()].sort_values(["rank_in_class", "unit"], ascending=False)
    names = [
        f"{rank:.0f}. {name}"
        for rank, name in zip(rows.rank_in_class, wrapped(rows.unit, UNIT_WIDTH), strict=True)
    ]
    bar = bar_of(
        names, rows.done_rate, "完成率", BLUE, customdata=rows[["unit"]].to_numpy(),
        texts=[rate_with_counts(row) for row in each_row(rows)],
        hovertemplate="%{y}<br>完成率 %{text}<extra></extra>",
    )  # fmt: skip
    axis = {"range": [0, 101], "tickvals": [0, 50, 100], "ticktext": ["0%", "50%", "100%"]}
    return bar_figure(
        [bar], names, xaxis=axis, legend=False, row=UNIT_ROW, right=room_for(bar["text"])
    )


def returns_by_class(rows: pd.DataFrame) -> go.Figure:
    """`month_returns` rows: the units of each class by how they reported; the graver, the darker."""
    counts = pd.crosstab(rows["class"], rows["state"])
    counts = counts.reindex(
        index=class_order(rows)[::-1], columns=list(RETURN_STATES), fill_value=0
    )
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
        stacked_part(names, counts[state], RETURN_STATES[state], colour, ink, room=most * 0.05)
        | {"hovertemplate": f"%{{y}}<br>{RETURN_STATES[state]} %{{x}} 个单位<extra></extra>"}
        for state, (colour, ink) in inks.items()
    ]
    notes = [
        note_at(total, name, f"{total} 个单位", xshift=8, colour=MUTED)
        for name, total in zip(names, totals, strict=True)
    ]
    axis = {"range": [0, most], "dtick": tick_step(most)}
    right = room_for(note["text"] for note in notes)
    return bar_figure(parts, names, notes=notes, xaxis=axis, barmode="stack", right=right)


def class_order(rows: pd.DataFrame) -> list[str]:
    """The unit classes that occur in the rows, in their fixed order."""
    present = set(rows["class"])
    return [name for name in UNIT_CLASSES if name in present]
