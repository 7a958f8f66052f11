"""逾期预警: three signals apart, each list as long as its tab says."""

from __future__ import annotations

import pytest
from on_screen import charts, headline, table, tiles

from findings import progress

AUTUMN, YEAR_END, DECEMBER = "2020-09-30", "2020-12-31", "2020-12-01"


@pytest.mark.parametrize("as_of", [AUTUMN, DECEMBER, YEAR_END])
def test_tiles_tabs_and_lists_are_the_answers(visit, figures, as_of):
    at = visit("overdue", demo=True, as_of=as_of)
    total = figures("completion", as_of, by="all").iloc[0]
    listed = {
        signal: figures("task_list", as_of, signal=signal, row_limit=999)
        for signal in ("overdue", "due_ahead", "behind", "not_reported")
    }
    ahead = listed["due_ahead"].days_left
    assert tiles(at) == {
        "逾期": f"{total.overdue} 项",
        "滞后": f"{total.behind} 项",
        "未报送": f"{total.not_reported} 项",
        "30 天内到期": f"{(ahead <= 30).sum()} 项",
        "60 天内到期": f"{(ahead <= 60).sum()} 项",
        "90 天内到期": f"{(ahead <= 90).sum()} 项",
    }
    assert headline(at) == progress.overdue(
        figures("overdue_ages", as_of), total, at.sidebar.date_input(key="as_of").value
    )
    red = figures("red_reasons", as_of)
    assert list(table(at, "list_红灯")["number"]) == list(red.number)
    assert table(at, "list_红灯")["stated"].str.len().min() > 0
    assert [tab.label for tab in at.tabs] == [
        f"红灯 {len(red)}",
        f"逾期 {len(listed['overdue'])}",
        f"90 天内到期 {len(ahead)}",
        f"滞后 {len(listed['behind'])}",
        f"频次缺口 {len(figures('missed_windows', as_of))}",
        f"未报送 {len(listed['not_reported'])}",
        f"频次未明确 {len(figures('cadence_unclear', as_of))}",
    ]
    for name, signal in (("逾期", "overdue"), ("滞后", "behind"), ("未报送", "not_reported")):
        if len(listed[signal]):
            assert list(table(at, f"list_{name}")["number"]) == list(listed[signal].number)


def test_overdue_by_age(visit, figures):
    at = visit("overdue", demo=True, as_of=YEAR_END)
    ages = figures("overdue_ages", YEAR_END)
    drawn = charts(at)[0]["data"][0]
    assert drawn["x"] == ["1–30 天", "31–60 天", "61–90 天", "90 天以上"]
    assert drawn["y"] == list(ages.tasks)


def test_due_ahead_within_sixty_and_ninety_days(visit, figures):
    at = visit("overdue", demo=True, as_of="2020-11-15")
    ahead = figures("task_list", "2020-11-15", signal="due_ahead", row_limit=999)
    for name, days in (("60 天内", 60), ("90 天内", 90)):
        at.button_group(key="ahead").set_value(name).run()
        near = ahead[ahead.days_left <= days]
        assert list(table(at, "list_90 天内到期")["number"]) == list(near.number)


def test_without_progress_only_dates_and_unclear_duties(visit):
    at = visit("overdue", as_of=AUTUMN)
    assert [tab.label.rpartition(" ")[0] for tab in at.tabs] == ["90 天内到期", "频次未明确"]
    assert not at.metric
    assert len(charts(at)) == 1


def test_every_due_date_is_on_the_time_line(visit, figures):
    at = visit("overdue", demo=True, as_of=AUTUMN)
    due = figures("due_dates")
    drawn = charts(at)[1]["data"]
    assert {trace["name"] for trace in drawn} == {"已完成", "未完成（未逾期）", "逾期"}
    assert due.tasks.sum() == sum(due[part].sum() for part in ("done", "open", "overdue"))
