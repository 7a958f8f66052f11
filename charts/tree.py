"""Tasks as areas within areas: 一级 → 二级 → 任务.

Drawn as bars, because Streamlit hands on no click in a treemap of Plotly's.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
from squarify import normalize_sizes, squarify

from charts.drawing import INK, broken, figure_of
from words import each_row, is_missing

WIDE, HIGH = 1000.0, 760.0
"""The area as it is divided; the drawing stretches it to the width of the page."""
PIXELS = 680
LINE, EDGE = 22.0, 5.0
"""Height of a line of the strip that carries an indicator's name, and what it has besides."""
NAMED = 0.45
"""A strip taller than this share of its area is not drawn: then the name stands on hover only."""
GAP = 2.0
HOVER = 24
"""Characters of a line on hover."""
CHARACTER, DIGIT = 21.0, 12.0
"""Widths of a Chinese character and a digit, in units of the area at the narrowest page."""
TINTS = ("#C3D7ED", "#DCE8F5", "#EFF5FB")
"""一级, 二级, 任务: a darker area lies further out."""


@dataclass(frozen=True)
class _Area:
    x: float
    y: float
    width: float
    height: float

    def name(self, name: str) -> str:
        """The name in as many lines as the width asks for; nothing where it does not fit."""
        written = broken(name, max(int((self.width - 4) // CHARACTER), 1))
        fits = EDGE + LINE * (1 + written.count("<br>")) <= NAMED * self.height
        return written if fits and self.width > 2 * CHARACTER else ""

    def strip(self, name: str) -> _Area:
        """Where the name stands. Areas that can be pressed do not overlap."""
        lines = 1 + self.name(name).count("<br>")
        return _Area(self.x, self.y, self.width, min(EDGE + LINE * lines, NAMED * self.height))

    def inside(self, name: str) -> _Area:
        """What is left below the strip with the name."""
        strip = self.strip(name).height
        return _Area(self.x + GAP, self.y + strip, self.width - 2 * GAP, self.height - strip - GAP)

    def divided(self, sizes: list[int]) -> list[_Area]:
        """Areas as large as the sizes, which fall."""
        fitted = normalize_sizes(sizes, self.width, self.height)
        return [
            _Area(each["x"] + GAP / 2, each["y"] + GAP / 2, max(each["dx"] - GAP, 1), max(each["dy"] - GAP, 1))
            for each in squarify(fitted, self.x, self.y, self.width, self.height)
        ]  # fmt: skip


_Mark = tuple[_Area, str, str, list[str | int]]
"""What can be pressed: its area, the name as far as it fits, the text on hover, and what a press hands on."""


def task_tree(tasks: pd.DataFrame, *, with_tasks: bool) -> go.Figure:
    """`explored_tasks` rows as areas, each task of the same size; a mark carries the names of its
    一级指标 and 二级指标, and that of a task its number too. Without tasks only the indicators."""
    pressed: list[list[_Mark]] = [[], [], []]
    frames = []
    for level1, own, area in _parts(tasks, "short_name", _Area(0, 0, WIDE, HIGH)):
        frames.append((area, TINTS[0]))
        pressed[0].append(
            (
                area.strip(level1),
                area.name(level1),
                f"{broken(level1, HOVER)}<br>{len(own)} 项",
                [level1],
            )
        )
        for level2, inner, smaller in _parts(own, "level2", area.inside(level1)):
            named = level2 or "未分二级"
            frames.append((smaller, TINTS[1]))
            hover = f"{broken(named, HOVER)}<br>{len(inner)} 项"
            place = smaller.strip(named) if with_tasks else smaller
            pressed[1].append((place, smaller.name(named), hover, [level1, named]))
            if with_tasks:
                spots = smaller.inside(named).divided([1] * len(inner))
                pressed[2] += [
                    (spot, _number(row.number, spot), f"第 {row.number} 项　{broken(row.task, HOVER, 12)}",
                     [level1, named, row.number])
                    for spot, row in zip(spots, each_row(inner), strict=True)
                ]  # fmt: skip
    levels = [(level, tint) for level, tint in zip(pressed, TINTS, strict=True) if level]
    figure = figure_of(
        [_bars(level, tint) for level, tint in levels] + [_names(level) for level, _ in levels],
        height=PIXELS,
        xaxis={"visible": False, "range": [0, WIDE]},
        yaxis={"visible": False, "range": [HIGH, 0]},
        barmode="overlay",
    )
    return figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        shapes=[
            {
                "type": "rect", "layer": "below", "fillcolor": tint, "line": {"width": 0},
                "x0": area.x, "x1": area.x + area.width, "y0": area.y, "y1": area.y + area.height,
            }
            for area, tint in frames
        ],
    )  # fmt: skip


def _parts(tasks: pd.DataFrame, column: str, area: _Area) -> list[tuple[str, pd.DataFrame, _Area]]:
    """Each value of the column with its tasks and its area, the largest first."""
    groups = sorted(
        tasks.groupby(column, sort=False, dropna=False), key=lambda group: -len(group[1])
    )
    areas = area.divided([len(own) for _, own in groups])
    return [
        ("" if is_missing(name) else str(name), own, place)
        for (name, own), place in zip(groups, areas, strict=True)
    ]


def _bars(level: list[_Mark], tint: str) -> dict:
    return {
        "type": "bar",
        "x": [area.x + area.width / 2 for area, *_ in level],
        "width": [area.width for area, *_ in level],
        "base": [area.y for area, *_ in level],
        "y": [area.height for area, *_ in level],
        "marker": {"color": tint},
        "customdata": [data for *_, data in level],
        "text": [hover for _, _, hover, _ in level],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _names(level: list[_Mark]) -> dict:
    """The names in the upper left corners."""
    fitting = [(area, name) for area, name, *_ in level if name]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [area.x + 2 for area, _ in fitting],
        "y": [area.y + 2 for area, _ in fitting],
        "text": [name for _, name in fitting],
        "textposition": "bottom right",
        "textfont": {"size": 13, "color": INK},
        "hoverinfo": "skip",
    }


def _number(number: int, area: _Area) -> str:
    return str(number) if len(str(number)) * DIGIT + 4 <= area.width and area.height >= LINE else ""
