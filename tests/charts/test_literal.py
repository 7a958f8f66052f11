"""Names are shown as they are: no chart reads markup, a template or a link in them."""

from __future__ import annotations

import inspect
import json
import re
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

import charts
from charts.drawing import LONGEST_NAME, MOST_LINES, label, wrapped

ODD = "<b>厅</b><a href='http://x.cn'>法规</a><br>处 & %{x} <span style='color:red'>$1$"
LONG = "交通运输综合行政执法监督管理" * 40
OURS = re.compile(r"</?b>|<br>|<extra></extra>|</?span[^>]*>")


def rows(name: str) -> pd.DataFrame:
    """Three rows with the columns of every answer that a chart is drawn of; the first two have names
    that begin alike."""
    names = [name, f"{name}二", "厅人事处"]
    numbers = {
        key: [3, 2, 1]
        for key in [
            "tasks",
            "done",
            "open",
            "overdue",
            "applicable",
            "due",
            "shared_load",
            "rank_in_class",
            "done_rate",
            "mean_percent",
            "expected_percent",
            "change_points",
            "first",
            "second",
            "before",
            "after",
            "secured_cents",
            "self_cents",
            "reachable_cents",
            "full_cents",
            "red",
            "yellow",
            "green",
            "blue",
            "grey",
            "first_number",
            "min_count",
            "times",
            "number",
            "fewest_for_percent",
            "fewest_ranked",
            "due_done",
            "on_time",
        ]
    }
    texts = dict.fromkeys(["short_name", "level1", "level2", "unit", "label", "task", "age"], names)
    days = {
        column: pd.to_datetime(["2020-03-01", "2020-06-30", "2020-09-30"])
        for column in ("as_of", "effective_due_on", "window_start", "window_end")
    }
    fixed = {"state": "met", "class": "厅机关处室", "part": "base", "part_name": "基本分"}
    return pd.DataFrame({**numbers, **texts, **days, **fixed})


def every_chart(name: str) -> dict[str, go.Figure]:
    """Function → figure, of rows called `name`."""
    given = rows(name)
    crossed = given.pivot_table(index="unit", columns="level1", values="tasks", aggfunc="sum")
    months = given.assign(state=["missing", "partly", "late"])
    first, last = date(2020, 1, 1), date(2020, 12, 31)
    return {
        "age_bars": charts.age_bars(given.assign(age=["1–30 天", "31–60 天", "61–90 天"])),
        "change_bars": charts.change_bars(given),
        "completion_bars": charts.completion_bars(given),
        "count_bars": charts.count_bars(given),
        "due_timeline": charts.due_timeline(given, date(2020, 6, 1), first),
        "lamp_bars": charts.lamp_bars(given),
        "paired_bars": charts.paired_bars(given, "label", (name, f"{name}二"), of_percent=True),
        "rate_by_class": charts.rate_by_class(given),
        "returns_by_class": charts.returns_by_class(months),
        "score_bars": charts.score_bars(given),
        "score_lines": charts.score_lines(given),
        "share_bars": charts.share_bars(given, (name, f"{name}二")),
        "stacked_values": charts.stacked_values(crossed),
        "task_tree": charts.task_tree(given, with_tasks=True),
        "trend_lines": charts.trend_lines(given),
        "unit_heat": charts.unit_heat(given, list(given.unit)),
        "month_strip": charts.month_strip(
            [pd.Timestamp(2020, month, 28) for month in (4, 5, 6)], given.tasks, name
        ),
        "value_bars": charts.value_bars(list(given.unit), given.tasks, name),
        "value_heat": charts.value_heat(crossed),
        "value_lines": charts.value_lines(list(given.unit), {name: given.tasks, "二": given.tasks}),
        "waterfall": charts.waterfall(given),
        "window_strip": charts.window_strip(given, first, last, date(2020, 6, 1)),
        "workload_bars": charts.workload_bars(given),
    }


def test_every_chart_is_looked_at():
    drawn = {
        name for name in charts.__all__
        if inspect.signature(getattr(charts, name), eval_str=True).return_annotation is go.Figure
    }  # fmt: skip
    assert drawn == set(every_chart("厅法规处"))


def shown(figure: go.Figure) -> list[str]:
    """Every text that Plotly shows and so reads; customdata is handed back as it is, unless a
    template shows it."""
    found = []

    def look(value: object, name: str) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                if key != "customdata" or "customdata" in str(value.get("hovertemplate")):
                    look(each, key)
        elif isinstance(value, list):
            for each in value:
                look(each, name)
        elif isinstance(value, str):
            found.append(value)

    look(json.loads(figure.to_json()), "")
    return found


@pytest.mark.parametrize("chart", sorted(every_chart("厅法规处")))
def test_no_name_is_read_as_markup(chart: str):
    for text in shown(every_chart(ODD)[chart]):
        left = OURS.sub("", text)
        assert "<" not in left
        assert "href" not in re.sub(r"&lt;a href[^&]*", "", left)
        assert text.count("%{x}") + text.count("%{x:") <= 1 or "html" in text
        assert "style='color:red'" not in "".join(re.findall(r"<[^>]*>", text))


@pytest.mark.parametrize("chart", sorted(every_chart("厅法规处")))
def test_no_label_is_longer_than_its_bounds(chart: str):
    for text in shown(every_chart(LONG)[chart]):
        lines = [OURS.sub("", line) for line in text.split("<br>")]
        assert len(lines) <= 14
        assert max(map(len, lines)) <= 130


def test_labels_that_are_cut_alike_stay_apart():
    first, second = wrapped([LONG, f"{LONG}二"])
    assert first != second
    assert first.count("<br>") < MOST_LINES
    assert wrapped(["甲", "甲"]) == ["甲", "甲"]
    assert len(label(LONG)) <= LONGEST_NAME
