"""Rows of an answer → one Plotly figure; one function per chart.

Figures carry no title of their own (the page writes what the chart shows above it; the title's place
holds the legend), name Chinese fonts, write their values on the marks, and keep their meaning
without colour: lamps have shapes, the expected value is a tick, stacked parts always come in the
same order.
"""

from charts.adhoc import month_strip, stacked_values, value_bars, value_heat, value_lines
from charts.calendar import age_bars, due_timeline, window_strip
from charts.completion import change_bars, completion_bars, count_bars, lamp_bars, trend_lines
from charts.pairs import paired_bars
from charts.scores import score_bars, score_lines, share_bars, waterfall
from charts.tree import task_tree
from charts.units import class_order, rate_by_class, returns_by_class, unit_heat, workload_bars

__all__ = [
    "age_bars",
    "change_bars",
    "class_order",
    "completion_bars",
    "count_bars",
    "due_timeline",
    "lamp_bars",
    "month_strip",
    "paired_bars",
    "rate_by_class",
    "returns_by_class",
    "score_bars",
    "score_lines",
    "share_bars",
    "stacked_values",
    "task_tree",
    "trend_lines",
    "unit_heat",
    "value_bars",
    "value_heat",
    "value_lines",
    "waterfall",
    "window_strip",
    "workload_bars",
]
