"""What holds for the pages that judge: complete in both ways of running, marked, filtered, never blank."""

from __future__ import annotations

import re
from datetime import date

import pytest
from on_screen import charts, headline, messages, text, tiles

PAGES = {
    "overview": "总览",
    "indicators": "指标完成率",
    "units": "单位情况",
    "overdue": "逾期预警",
    "reporting": "谁没报",
    "meeting": "季度例会",
    "bonus": "加分扣分",
    "scoring": "自评打分",
    "gaps": "佐证缺口",
    "winning": "补分建议",
}
ABOUT_POINTS = ("scoring", "gaps", "winning")
"""Without a scheme they say how to set points, not how to report."""
AUTUMN = "2020-09-30"
# In the address an indicator and a kind go by what the sidebar calls them.
RATING = "事中信用评价"
NO_PROGRESS = "还没有任何进展填报"


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_page_is_complete(visit, name, demo, alone):
    at = visit(name, alone=alone, demo=demo, as_of=AUTUMN)
    assert not at.exception
    assert not at.error
    assert headline(at).endswith("。")
    context = at.caption[0].value
    assert context.startswith(PAGES[name])
    assert "宁夏回族自治区“信用交通省”建设指标体系任务分工台账" in context
    assert "截至 2020-09-30" in context
    assert "筛选：无" in context
    filters = [widget.label for kind in ("selectbox", "date_input", "multiselect")
               for widget in getattr(at.sidebar, kind)]  # fmt: skip
    assert filters == ["台账", "截至日期", "责任单位", "一级指标"]
    assert any("演示数据" in warning.value for warning in at.warning) is demo


def test_page_says_the_same_alone_and_in_the_frame(visit, name):
    framed = visit(name, demo=True, as_of=AUTUMN)
    alone = visit(name, alone=True, demo=True, as_of=AUTUMN)
    assert headline(framed) == headline(alone)
    assert tiles(framed) == tiles(alone)
    assert text(framed) == text(alone)
    for one, other in zip(framed.dataframe, alone.dataframe, strict=True):
        assert one.value.equals(other.value)


def test_without_progress_nothing_is_shown_as_failure(visit, name):
    at = visit(name, as_of=AUTUMN)
    for label, value in tiles(at).items():
        assert not value.startswith("0"), f"{label} {value}"
    if name not in ("units", "bonus", *ABOUT_POINTS):
        assert any("怎样录入进展" in message for message in messages(at))
    assert not re.search(r"完成率 ?0%|逾期 \d+ 项|落后序时", text(at).partition("▲")[0])


def test_filters_in_the_address_are_applied_and_said(visit, name):
    at = visit(
        name,
        demo=True,
        as_of=AUTUMN,
        unit=["厅法规处", "厅办公室"],
        level1=RATING,
        kind="基本任务",
        verified="true",
    )
    assert not at.exception
    said = "筛选：厅法规处、厅办公室、事中信用评价、基本任务、完成只计已销号"
    assert said in at.caption[0].value
    assert headline(at)


def test_an_address_that_names_nothing_known_leaves_no_filter(visit, name):
    at = visit(name, demo=True, as_of="2031-02-30", unit="没有这个单位", level1="无", kind="none")
    assert not at.exception
    assert "筛选：无" in at.caption[0].value


def test_filters_that_leave_nothing_give_one_clear_sentence(visit, name):
    at = visit(name, demo=True, as_of=AUTUMN, unit="厅办公室", level1="信用平台和网站")
    assert not at.exception
    assert headline(at).startswith("所选范围内没有")
    assert headline(at).endswith("请放宽筛选条件。")
    assert not charts(at)
    assert not at.metric


def test_one_task_left(visit, figures, name):
    chosen = {"units": ("厅机关党委",), "level1s": ("加强诚信文化建设",)}
    assert len(figures("task_list", signal="all", row_limit=99, **chosen)) == 1
    at = visit(name, demo=True, as_of=AUTUMN, unit="厅机关党委", level1="诚信文化建设")
    assert not at.exception
    assert headline(at).endswith("。")


def test_ledger_without_bonus_or_penalty(visit, name):
    at = visit(name, ledger="湖南 2019")
    assert not at.exception
    assert "湖南省交通运输厅2019年信用体系建设任务分解清单" in at.caption[0].value
    assert "截至 2019-12-31" in at.caption[0].value
    if name == "bonus":
        assert headline(at) == "这份台账没有加分项和扣分项。"


def test_another_ledger_forgets_the_filters_of_the_last_one(visit, name):
    at = visit(name)
    at.sidebar.date_input(key="as_of").set_value(date(2020, 3, 31))
    at.sidebar.multiselect(key="unit").set_value(["厅法规处"])  # an office of both provinces
    at.sidebar.button_group(key="kind").set_value(["base"]).run()
    assert "截至 2020-03-31　·　筛选：厅法规处、基本任务" in at.caption[0].value
    at.sidebar.selectbox(key="ledger").select("湖南 2019").run()
    assert not at.exception
    assert "截至 2019-12-31　·　筛选：无" in at.caption[0].value


def test_quick_picks_set_the_day(visit, name):
    at = visit(name, demo=True)
    assert "截至 2020-12-31" in at.caption[0].value
    at.sidebar.button_group(key="quick_pick").set_value("上半年末").run()
    assert "截至 2020-06-30" in at.caption[0].value
    assert at.sidebar.button_group(key="quick_pick").value == "上半年末"
    at.sidebar.date_input(key="as_of").set_value(date(2020, 5, 1)).run()
    assert at.sidebar.button_group(key="quick_pick").value is None


def test_demonstration_is_switched_on_by_one_click_and_off_by_another(visit, name):
    at = visit(name)
    at.sidebar.toggle(key="demo").set_value(True).run()
    assert "演示数据" in at.warning[0].value
    at.sidebar.toggle(key="demo").set_value(False).run()
    assert not at.warning
