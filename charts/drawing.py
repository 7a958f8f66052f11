"""What every chart is drawn with: fonts, colours, bars, notes, the frame of a figure.

A figure is put together from plain dictionaries and made once: each later update of a Plotly 7
figure costs several milliseconds, the whole figure two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from words import LAMPS, shorten, wrap

FONT = (
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, "
    "Hiragino Sans GB, WenQuanYi Micro Hei, sans-serif"
)
INK, MUTED, GRID = "#1F2A37", "#5B6673", "#E3E8EF"
BLUE, LIGHT, PALE = "#2F6DB5", "#A9C6E5", "#DCE8F5"
BLUES = [[0, "#F4F8FC"], [0.25, "#DCE8F5"], [0.5, "#A9C6E5"], [0.75, "#5B8EC9"], [1, "#1B4479"]]
RED = LAMPS["red"].colour
SHAPES = {lamp.shape for lamp in LAMPS.values()}
LABEL_WIDTH, UNIT_WIDTH = 9, 9
MOST_LINES = 4
"""Of a label."""
LONGEST_NAME = 24
"""Characters of a name in a legend or a hover text."""
_SPACES = re.compile("[\\r\\n\\t]+")
ROW, UNIT_ROW = 44, 38
PERCENT_TICKS = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0%", "25%", "50%", "75%", "100%"]}

Part = dict[str, Any]


def literal(text: str) -> str:
    """`text` for a place where Plotly reads markup and templates, so that it is shown as it is."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%{", "%&#123;")):
        text = text.replace(sign, entity)
    return text


def label(text: str, width: int = LONGEST_NAME) -> str:
    """A name in a legend or a hover text: `literal`, and cut with … after `width` characters."""
    return literal(shorten(_SPACES.sub(" ", str(text)), width))


def broken(text: str, width: int, lines: int = MOST_LINES) -> str:
    """`text` as `literal` lines of at most `width` characters, cut with … after so many lines."""
    whole = shorten(_SPACES.sub(" ", text), width * lines)
    return "<br>".join(literal(line) for line in wrap(whole, width, "\n").split("\n"))


def wrapped(names: Any, width: int = LABEL_WIDTH) -> list[str]:
    """Names as the labels of an axis, in lines of at most `width` characters. Different names stay
    different, though they are cut: Plotly draws equal labels as one row."""
    texts = [str(name) for name in names]
    labels: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        cut = broken(text, width)
        while cut in labels.values():
            cut += "\u200b"
        labels[text] = cut
    return [labels[text] for text in texts]


def tick_step(most: int) -> int:
    """A round distance between ticks that gives about five of them."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if most / step <= 6)


def counted_axis(most: int) -> Part:
    """An axis of whole numbers with room for a label above the largest."""
    return {"range": [0, most * 1.2 + 1], "dtick": tick_step(most)}


def height_of(rows: int, row: int = ROW) -> int:
    """Pixels of a figure of so many rows, never less than two."""
    return 70 + row * max(2, rows)


def row_for(names: list[str], least: int) -> int:
    """Pixels of a row, so many that the lines of the longest label stand clear of its neighbours."""
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    # The margins of a figure take a little of each row, which tall labels have not to spare.
    return max(least, 19 * lines + (6 if lines > 2 else 0))


def spread_apart(values: dict[str, float], gap: float) -> dict[str, float]:
    """Labels at nearly the same height, moved apart so that none covers another."""
    placed: dict[str, float] = {}
    for name, value in sorted(values.items(), key=lambda item: item[1]):
        floor = max(placed.values(), default=-gap) + gap
        placed[name] = max(value, floor)
    excess = max(placed.values(), default=0) - 104
    return {name: value - max(0.0, excess) for name, value in placed.items()}


def bar_of(
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
        # Plotly would rather shrink a text than let it be higher than its bar.
        bar["constraintext"] = "none"
    return bar


def stacked_part(
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
        "insidetextanchor": "middle", "textangle": 0, "constraintext": "inside",
        "textfont": {"color": ink, "size": 13}, "customdata": customdata,
        "hovertemplate": f"%{{y}}<br>{word} %{{x}} 项<extra></extra>",
    }  # fmt: skip


def room_for(texts: Iterable[str]) -> int:
    """Pixels to the right of a plot for the longest of the texts at the ends of its bars: letters keep
    their size in a narrow column, where a share of the axis would be too little."""
    widths = [sum(14 if ord(sign) > 0x2000 else 8.5 for sign in text) for text in texts]
    return round(max(widths, default=0)) + 12


def note_at(x: float, y: float | str, text: str, *, colour: str = INK, **place: Any) -> Part:
    """A text at a point, to the right of it."""
    return {
        "x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left",
        "font": {"size": 14, "color": colour}, **place,
    }  # fmt: skip


def bar_figure(
    traces: list[Part],
    names: list[str],
    *,
    xaxis: Part,
    notes: list[Part] | None = None,
    barmode: str = "group",
    row: int = ROW,
    legend: bool = True,
    right: int = 16,
) -> go.Figure:
    """Horizontal bars, one row a name. The order of categories is fixed: Plotly otherwise drops a
    row whose every part is empty."""
    return figure_of(
        traces,
        height=height_of(len(names), row_for(names, row)),
        notes=notes,
        barmode=barmode,
        legend=legend,
        right=right,
        xaxis={"gridcolor": GRID, **xaxis},
        yaxis={"showgrid": False, "categoryorder": "array", "categoryarray": names},
    )


def figure_of(
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
    """The traces in the one frame all charts share; `line` is where a dotted upright one stands."""
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
            # A number is left out where its part of a bar has no room for it.
            "uniformtext": {"minsize": 12, "mode": "hide"},
            "annotations": notes or [],
            "shapes": shapes,
            "xaxis": axis | {"tickangle": 0} | xaxis,
            # Words end where the bars begin, and want a gap.
            "yaxis": axis | {"tickfont": {"size": 14}, "ticklabelstandoff": 5} | yaxis,
        },
    )  # fmt: skip


def _legend_mark(trace: Part) -> str:
    if trace["type"] == "scatter":
        return f"<b>┃</b> {trace['name']}"
    # A lamp's name begins with its own shape, which takes the place of the square.
    shape, _, word = trace["name"].partition(" ")
    if shape not in SHAPES:
        shape, word = "", trace["name"]
    return f"<span style='color:{trace['marker']['color']}'>{shape or '■'}</span> {word}"
