"""单位情况: who carries what; collectives as written or expanded."""

from __future__ import annotations

import pytest
from on_screen import charts, headline, text

from findings import progress

AUTUMN = "2020-09-30"
FIVE_CITIES = "五市交通运输局"


def names(labels: list[str]) -> list[str]:
    return [label.replace("<br>", "") for label in labels]


@pytest.mark.parametrize("expanded", [False, True])
def test_units_and_headline_are_the_answer(visit, figures, expanded):
    address = {"collectives": "展开到成员单位"} if expanded else {}
    at = visit("units", demo=True, as_of=AUTUMN, **address)
    units = figures("unit_workload", expanded=expanded)
    assert headline(at) == progress.standing(units, judged=True)
    # The chart draws the units with most tasks; the table beside it has them all.
    loads = [each.value for each in at.dataframe if "折算任务" in each.value]
    shown = max(loads, key=len)
    assert list(shown["单位"]) == list(units.unit)
    assert list(shown["任务"]) == list(units.tasks)
    assert (FIVE_CITIES in set(units.unit)) is not expanded


def test_class_narrows_the_units(visit, figures):
    at = visit("units", demo=True, as_of=AUTUMN, unit_class="厅属单位")
    units = figures("unit_workload").query("`class` == '厅属单位'")
    assert names(charts(at)[1]["data"][0]["y"]) == list(units.unit[::-1])
    assert headline(at) == progress.standing(units, judged=True)


def test_units_are_ranked_within_their_class_only(visit, figures):
    at = visit("units", demo=True, as_of=AUTUMN, collectives="展开到成员单位")
    units = figures("unit_workload", expanded=True)
    class_of = dict(zip(units.unit, units["class"], strict=True))
    ranked = [
        {class_of[name.partition(". ")[2]] for name in names(chart["data"][0]["y"])}
        for chart in charts(at)[:-2]
    ]
    assert ranked
    assert all(len(classes) == 1 for classes in ranked)


def test_without_progress_only_what_the_ledger_says(visit, figures):
    at = visit("units")
    units = figures("unit_workload", "2020-12-31", demo=False)
    assert headline(at) == progress.standing(units, judged=False)
    assert [trace["name"] for trace in charts(at)[0]["data"]] == ["任务"]
    assert "同类单位排名" not in text(at)
