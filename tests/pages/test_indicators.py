"""指标完成率: by 一级指标, drilled down, and against another day."""

from __future__ import annotations

from datetime import date

import pytest
from on_screen import charts, headline, table, text, tiles

from findings import progress
from metrics import NO_LIMIT
from words import percent

AUTUMN = "2020-09-30"
RATING = "加强事中信用评价"
AGAINST = "与另一日期对照"


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


def test_two_days_show_both_rates_and_each_count_opens_its_tasks(visit, figures):
    at = visit("indicators", demo=True, rates=AGAINST, as_of=AUTUMN, compare_on="2020-03-31")
    assert not at.exception
    day = date(2020, 3, 31)
    then, now = (figures("completion", each, by="all").done_rate[0] for each in (str(day), AUTUMN))
    shown = tiles(at)
    assert (shown["当时完成率"], shown["现在完成率"]) == (percent(then), percent(now))
    assert f"由 {percent(then)} 升到 {percent(now)}" in headline(at)
    changes = figures("compare_dates", compare_on=day)
    before, after = charts(at)[0]["data"]
    assert before["x"] == pytest.approx(list(changes.done_rate_then))
    assert after["x"] == pytest.approx(list(changes.done_rate))
    for word, name in (
        ("新完成", "newly_done"),
        ("新逾期", "newly_overdue"),
        ("逾期已解除", "recovered"),
        ("不再算完成", "no_longer_done"),
    ):
        count = changes[name].sum()
        assert shown[word] == f"{count} 项"
        at.segmented_control(key="changed").set_value(word).run()
        assert f"{word}：{count} 项任务" in text(at)
        if count:
            assert len(table(at, "changed_tasks")) == count


def test_tasks_of_two_days_are_narrowed_by_indicator(visit, figures):
    at = visit(
        "indicators", demo=True, rates=AGAINST, as_of=AUTUMN, changed_indicator="事前信用承诺"
    )
    every = figures("changed_tasks", compare_on=date(2020, 6, 30), row_limit=NO_LIMIT)
    own = every[every.level1 == "创新事前信用承诺"]
    assert 0 < len(own) < len(every)
    assert list(table(at, "changed_tasks")["number"]) == list(own.number)


def test_two_days_without_progress_are_not_compared(visit):
    at = visit("indicators", rates=AGAINST)
    assert headline(at) == "这份台账还没有任何进展填报，两个日期之间没有可以对照的完成情况。"
    assert not charts(at)


def test_a_long_list_of_changes_says_how_long_it_is_and_downloads_all(visit, figures, monkeypatch):
    made = {}
    monkeypatch.setattr("screens.parts.LISTED", 2)
    monkeypatch.setattr(
        "screens.parts.tasks.download", lambda _view, rows, *_, key: made.update({key: rows})
    )
    earlier = date(2020, 6, 30)
    at = visit("indicators", demo=True, rates=AGAINST, as_of=AUTUMN, compare_on=str(earlier))
    every = figures("changed_tasks", compare_on=earlier, row_limit=NO_LIMIT)
    assert len(every) > 2
    assert list(table(at, "changed_tasks")["number"]) == list(every.number[:2])
    assert f"共 {len(every)} 项，列出前 2 项；下载的是全部。" in text(at)
    assert list(made["changed_tasks"]()["编号"]) == list(every.number)


def test_comparing_with_a_later_day_than_the_judged_one_is_not_offered(visit):
    at = visit("indicators", demo=True, rates=AGAINST, as_of="2020-03-31", compare_on="2020-06-30")
    assert not at.exception
    assert at.date_input(key="compare_on").value <= date(2020, 3, 31)


def test_the_former_address_of_two_days_leads_here(visit):
    at = visit("compare", demo=True, compare="两个日期", as_of=AUTUMN, compare_on="2020-03-31")
    assert not at.exception
    assert at.caption[0].value.startswith("指标完成率")
    assert at.date_input(key="compare_on").value == date(2020, 3, 31)
    assert headline(at).startswith("3 月 31 日至 9 月 30 日，完成率由 ")


def test_filters_that_leave_nothing_to_compare_give_one_clear_sentence(visit):
    at = visit(
        "indicators",
        demo=True,
        rates=AGAINST,
        as_of=AUTUMN,
        unit="厅办公室",
        level1="信用平台和网站",
    )
    assert not at.exception
    assert headline(at) == "所选范围内没有基本任务，请放宽筛选条件。"


def test_first_day_of_the_ledger(visit):
    at = visit("indicators", demo=True, as_of="2020-01-01")
    assert not at.exception


def test_level2_missing_in_the_ledger_is_said(visit):
    at = visit("indicators", ledger="湖南 2019")
    level1 = at.selectbox(key="drill1").options[1]
    at.selectbox(key="drill1").set_value(level1).run()
    assert not at.exception
    assert all("" not in each["data"][0]["y"] for each in charts(at))
