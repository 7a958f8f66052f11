"""指标完成率: by 一级指标, drilled down, and against another day."""

from __future__ import annotations

from datetime import date

from on_screen import charts, headline, table, text

from findings import progress
from metrics import NO_LIMIT

AUTUMN = "2020-09-30"
RATING = "加强事中信用评价"


def test_headline_and_rows_are_the_answer(visit, figures):
    at = visit("indicators", demo=True, as_of=AUTUMN)
    rows = figures("completion", by="level1")
    assert headline(at) == progress.completion(rows) + "。"
    shown = next(each.value for each in at.dataframe if "完成率 %" in each.value)
    assert list(shown["一级指标"]) == list(rows.short_name)
    assert list(shown["完成率 %"]) == list(rows.done_rate.round(1))
    assert list(shown["适用任务"]) == list(rows.applicable)


def test_every_base_task_is_listed_until_an_indicator_is_chosen(visit, figures):
    at = visit("indicators", demo=True, as_of=AUTUMN)
    base = figures("task_list", signal="all", row_limit=999, kinds=("base",))
    assert list(table(at, "tasks")["number"]) == list(base.number)
    at.selectbox(key="drill1").select(RATING).run()
    of_rating = base[base.level1 == RATING]
    assert list(table(at, "tasks")["number"]) == list(of_rating.number)
    assert f"事中信用评价：{len(of_rating)} 项任务" in text(at)
    level2 = of_rating.level2.iloc[0]
    at.selectbox(key="drill2").select(level2).run()
    assert list(table(at, "tasks")["number"]) == list(of_rating[of_rating.level2 == level2].number)


def test_drill_down_is_in_the_address(visit, figures):
    level2 = figures("completion", by="level2").query("level1 == @RATING").level2.iloc[0]
    at = visit("indicators", demo=True, as_of=AUTUMN, drill1="事中信用评价", drill2=level2)
    assert not at.exception
    assert at.selectbox(key="drill1").value == RATING
    assert at.selectbox(key="drill2").value == level2
    assert f"{level2}：" in text(at)


def test_drilling_survives_filters_that_take_the_indicator_away(visit):
    at = visit("indicators", demo=True, as_of=AUTUMN, drill1="事中信用评价")
    at.sidebar.multiselect(key="level1").set_value(["加强诚信文化建设"]).run()
    assert not at.exception
    assert at.selectbox(key="drill1").value == "全部"


def test_comparison_with_another_day(visit, figures):
    at = visit("indicators", demo=True, as_of=AUTUMN)
    for earlier in (date(2020, 6, 30), date(2020, 8, 31)):
        at.date_input(key="compare_on").set_value(earlier).run()
        changed = figures("changed_tasks", compare_on=earlier, row_limit=NO_LIMIT)
        assert list(table(at, "changed")["number"]) == list(changed.number)
        assert progress.comparison(figures("compare_dates", compare_on=earlier), earlier) in text(
            at
        )


def test_a_long_list_of_changes_says_how_long_it_is_and_downloads_all(visit, figures, monkeypatch):
    made = {}
    monkeypatch.setattr("screens.parts.LISTED", 2)
    monkeypatch.setattr(
        "screens.parts.tasks.download", lambda _view, rows, *_, key: made.update({key: rows})
    )
    earlier = date(2020, 6, 30)
    at = visit("indicators", demo=True, as_of=AUTUMN, compare_on=str(earlier))
    every = figures("changed_tasks", compare_on=earlier, row_limit=NO_LIMIT)
    assert len(every) > 2
    assert list(table(at, "changed")["number"]) == list(every.number[:2])
    assert f"共 {len(every)} 项，列出前 2 项；下载的是全部。" in text(at)
    assert list(made["changed"]()["编号"]) == list(every.number)


def test_comparing_with_a_later_day_than_the_judged_one_is_not_offered(visit):
    at = visit("indicators", demo=True, as_of="2020-03-31", compare_on="2020-06-30")
    assert not at.exception
    assert at.date_input(key="compare_on").value <= date(2020, 3, 31)


def test_first_day_of_the_ledger(visit):
    at = visit("indicators", demo=True, as_of="2020-01-01")
    assert not at.exception


def test_level2_missing_in_the_ledger_is_said(visit):
    at = visit("indicators", ledger="湖南 2019")
    level1 = at.selectbox(key="drill1").options[1]
    at.selectbox(key="drill1").set_value(level1).run()
    assert not at.exception
    assert all("" not in each["data"][0]["y"] for each in charts(at))
