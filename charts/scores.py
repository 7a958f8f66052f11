"""Points: what is had, what is lost, what can still be won. Rows hold whole hundredths of a point."""

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
    bar_figure,
    bar_of,
    figure_of,
    height_of,
    label,
    note_at,
    room_for,
    spread_apart,
    wrapped,
)
from words import each_row, percent, score

DEEP, EMPTY = "#1B4479", "#EEF0F3"


def _unfaded(ink: str) -> dict:
    """A click opens the tasks of a bar; that the others pale would outlast the choice."""
    return {"selected": {"textfont": {"color": ink}}, "unselected": {"marker": {"opacity": 1}}}


def score_bars(rows: pd.DataFrame) -> go.Figure:
    """`score_totals` rows of base tasks by 一级指标: what is secured, what the self-assessment has
    beyond that, what can still be won, and what is lost, together the full marks."""
    rows = rows.iloc[::-1]
    names = wrapped(rows.short_name)
    parts = (
        ("已锁定", rows.secured_cents, BLUE, BLUE, "#FFFFFF"),
        ("自评未锁定", rows.self_cents - rows.secured_cents, LIGHT, LIGHT, INK),
        ("还可补", rows.reachable_cents - rows.self_cents, PALE, PALE, INK),
        ("已失", rows.full_cents - rows.reachable_cents, EMPTY, MUTED, INK),
    )
    most = max(1, int(rows.full_cents.max()))
    traces = [
        {
            "type": "bar", "orientation": "h", "y": names, "x": cents / 100, "name": name,
            "width": 0.64, "marker": {"color": fill, "line": {"color": line, "width": 1}},
            "text": [score(part) if part >= most * 0.12 else "" for part in cents],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "constraintext": "inside", "textfont": {"color": ink, "size": 13},
            "customdata": rows[["level1"]].to_numpy(), **_unfaded(ink),
            "hovertemplate": f"%{{y}}<br>{name} %{{x:.2f}} 分<extra></extra>",
        }
        for name, cents, fill, line, ink in parts
    ]  # fmt: skip
    notes = [
        note_at(most / 100, name, f"{score(row.self_cents)} / {score(row.full_cents)}", xshift=6)
        for name, row in zip(names, each_row(rows), strict=True)
    ]
    return bar_figure(
        traces,
        names,
        notes=notes,
        xaxis={"range": [0, most / 100], "ticksuffix": " 分", "showticksuffix": "last"},
        barmode="stack",
        right=room_for(note["text"] for note in notes),
    )


def waterfall(rows: pd.DataFrame) -> go.Figure:
    """`score_totals` rows by 一级指标: from full marks through what each indicator loses, plus
    bonus, minus penalties, to the total. The customdata of a bar is the 一级指标 or the part whose
    tasks it is made of, and empty for a sum."""
    base, absent = rows[rows.part == "base"], rows[rows.part == "absent"]
    full = int(base.full_cents.sum() + absent.full_cents.sum())
    lost = [
        (row.short_name, int(row.self_cents - row.full_cents), row.level1)
        for row in each_row(base)
        if row.full_cents
    ]
    if len(absent):
        lost.append(("缺项折算", int(absent.self_cents.sum() - absent.full_cents.sum()), "absent"))
    sums = rows.groupby("part").self_cents.sum()
    named = (
        ("bonus", "加分", "bonus"),
        ("excess", "加分超上限", "bonus"),
        ("penalty", "扣分", "penalty"),
    )
    others = [(name, int(sums[part]), about) for part, name, about in named if sums.get(part, 0)]
    bars, asked = [("基本分满分", 0, full)], [""]
    running = full
    for name, change, about in lost:
        bars.append((name, running, change))
        asked.append(about)
        running += change
    bars.append(("基本分", 0, running))
    asked.append("")
    for name, change, about in others:
        bars.append((name, running, change))
        asked.append(about)
        running += change
    bars.append(("自评总分", 0, running))
    asked.append("")
    is_sum = [name in ("基本分满分", "基本分", "自评总分") and not start for name, start, _ in bars]
    texts = [
        score(change) if whole else f"{'+' if change > 0 else '−' if change else ''}{score(abs(change))}"
        for whole, (_, _, change) in zip(is_sum, bars, strict=True)
    ]  # fmt: skip
    colours = [
        DEEP if whole else LIGHT if change < 0 else BLUE
        for whole, (_, _, change) in zip(is_sum, bars, strict=True)
    ]
    names = wrapped(name for name, *_ in bars)
    most = max(1, *(max(start, start + change) for _, start, change in bars))
    trace = {
        "type": "bar", "orientation": "h", "y": names, "name": "分", "width": 0.62,
        "base": [min(start, start + change) / 100 for _, start, change in bars],
        "x": [abs(change) / 100 for *_, change in bars],
        "marker": {"color": colours, "line": {"color": MUTED, "width": 0.5}},
        "text": texts, "textposition": "outside", "cliponaxis": False, "constraintext": "none",
        "textfont": {"size": 14, "color": INK}, "customdata": [[about] for about in asked],
        **_unfaded(INK),
        "hovertemplate": "%{y}<br>%{text} 分<extra></extra>",
    }  # fmt: skip
    return bar_figure(
        [trace],
        names[::-1],
        xaxis={"range": [0, most * 1.15 / 100], "ticksuffix": " 分", "showticksuffix": "last"},
        row=34,
        legend=False,
    )


def score_lines(rows: pd.DataFrame, *, beside: int = 6) -> go.Figure:
    """`score_trend` rows: the three totals at each month's end."""
    months = [f"{as_of.month} 月" for as_of in rows.as_of]
    lines = (
        ("reachable_cents", "可达上限", {"color": MUTED, "width": 2, "dash": "dash"}, "x-thin"),
        ("self_cents", "自评", {"color": BLUE, "width": 3}, "circle"),
        ("secured_cents", "已锁定", {"color": DEEP, "width": 3, "dash": "dot"}, "square"),
    )
    last = rows.iloc[-1]
    top = max(1.0, float(rows[["full_cents", "reachable_cents"]].max().max()) / 100)
    scale = 100 / top
    placed = spread_apart({column: last[column] / 100 * scale for column, *_ in lines}, gap=9)
    traces = [
        {
            "type": "scatter", "x": months, "y": rows[column] / 100, "mode": "lines+markers",
            "name": name, "line": line, "marker": {"symbol": symbol, "size": 8},
            "hovertemplate": f"%{{x}}末<br>{name} %{{y:.2f}} 分<extra></extra>",
        }
        for column, name, line, symbol in lines
    ]  # fmt: skip
    notes = [
        note_at(
            len(months) - 1, placed[column] / scale, f"{name} {score(last[column])}", xshift=10,
            colour=MUTED if column == "reachable_cents" else INK,
        )
        for column, name, *_ in lines
    ]  # fmt: skip
    low = min(0.0, float(rows[[column for column, *_ in lines]].min().min()) / 100)
    return figure_of(
        traces,
        height=height_of(beside),
        notes=notes,
        xaxis={"range": [-0.3, len(months) - 0.7], "showgrid": False},
        yaxis={"range": [low * 1.1 - top * 0.03, top * 1.08]},
        right=150,
    )


def share_bars(rows: pd.DataFrame, names: tuple[str, str]) -> go.Figure:
    """Shares of full marks by 一级指标 of two sides (`before`, `after`, percent; missing where a
    side has no such indicator), the newer above."""
    rows = rows.iloc[::-1]
    labels = wrapped(rows.short_name)
    pairs = ((label(names[0]), rows.before, LIGHT), (label(names[1]), rows.after, BLUE))
    traces = [
        bar_of(
            labels, shares, name, colour, customdata=rows[["short_name"]].to_numpy(),
            texts=[percent(share, 1) if share == share else "" for share in shares], width=0.36,
            hovertemplate=f"%{{y}}<br>{name} %{{text}}<extra></extra>",
        )
        for name, shares, colour in pairs
    ]  # fmt: skip
    return bar_figure(
        traces, labels, xaxis={"range": [0, 122], **PERCENT_TICKS}, barmode="group", row=54
    )
