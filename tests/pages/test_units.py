"""单位情况: who carries what; collectives as written or expanded; one unit's own tasks."""

from __future__ import annotations

import pytest
from on_screen import charts, headline, table, text, tiles

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


def test_one_unit(visit, figures):
    at = visit("units", demo=True, as_of=AUTUMN, focus="厅办公室")
    own = figures("unit_workload").set_index("unit").loc["厅办公室"]
    tasks = figures("unit_tasks", unit="厅办公室")
    assert tiles(at)["承担任务"] == f"{own.tasks} 项"
    assert tiles(at)["折算任务"] == f"{own.shared_load:.1f} 项"
    assert tiles(at)["逾期"] == f"{own.overdue} 项"
    assert list(table(at, "unit_tasks")["number"]) == list(tasks.number)


def test_member_of_a_collective_shows_where_its_tasks_come_from(visit, figures):
    member = "固原市交通运输局"
    at = visit("units", demo=True, as_of=AUTUMN, collectives="展开到成员单位", focus=member)
    tasks = figures("unit_tasks", unit=member, expanded=True)
    assert tasks.collective.notna().any()
    assert list(table(at, "unit_tasks")["collective"]) == list(tasks.collective.fillna(""))


def test_without_progress_only_what_the_ledger_says(visit, figures):
    at = visit("units")
    units = figures("unit_workload", "2020-12-31", demo=False)
    assert headline(at) == progress.standing(units, judged=False)
    assert {tiles(at)[name] for name in ("完成率", "逾期", "未报送")} == {"未填报"}
    assert [trace["name"] for trace in charts(at)[0]["data"]] == ["任务"]
    assert "排名" not in text(at)


def test_focus_outside_the_filters_falls_back(visit):
    at = visit("units", demo=True, as_of=AUTUMN, focus="厅海事处", level1="诚信文化建设")
    assert not at.exception
    assert at.selectbox(key="focus").value in at.selectbox(key="focus").options
