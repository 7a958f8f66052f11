"""自由筛选: facets add up, the sentence and the address say what is shown, clicks open rows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import numpy as np
import pytest
from on_screen import charts, headline, labelled, table, text

AUTUMN = "2020-09-30"
CROSSED = {"look": "交叉表", "columns_of": "预警灯"}
EVERY_LOOK = ("清单", "交叉表", "条形图", "堆叠条形图", "热力图", "逐月折线", "树图")


def listed(at) -> list[int]:
    return [number for number in table(at, "explored_rows")["编号"] if number == number]


def ranking(at, label: str):
    """The list of a dimension."""
    return next(each.value for each in at.dataframe if each.value.columns[0] == label)


def pick(at, facet: str, *values: str):
    kinds = (at.button_group, at.multiselect)
    (widget,) = [each for kind in kinds for each in kind if each.key == f"facet_{facet}"]
    return widget.set_value(list(values)).run()


@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_page_is_complete(visit, demo, alone):
    at = visit("explore", demo=demo, alone=alone, as_of=AUTUMN)
    assert not at.exception
    assert headline(at).startswith("共 69 项任务；")
    assert listed(at) == list(range(1, 70))


@pytest.mark.parametrize("look", EVERY_LOOK)
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_every_look_can_be_opened(visit, demo, look):
    at = visit("explore", demo=demo, as_of=AUTUMN, look=look, columns_of="任务类别")
    assert not at.exception
    assert not at.error


def test_facets_add_up_and_say_so(visit, figures):
    at = visit("explore", demo=True, as_of=AUTUMN, more="true")
    pick(at, "lamp", "红灯", "黄灯")
    pick(at, "unit", "厅法规处")
    tasks = figures("task_list", units=(), signal="all", row_limit=1000)
    expected = tasks[tasks.lamp.isin(["red", "yellow"]) & tasks.units.str.contains("厅法规处")]
    assert listed(at) == list(expected.number)
    assert headline(at) == f"责任单位有厅法规处 且 预警灯为红灯或黄灯的任务有 {len(expected)} 项。"
    assert at.query_params["f_lamp"] == ["红灯", "黄灯"]
    assert at.query_params["f_unit"] in ("厅法规处", ["厅法规处"])


def test_every_facet_waits_behind_a_switch(visit):
    at = visit("explore", demo=True, as_of=AUTUMN)
    assert not {"facet_lamp", "facet_unit"} & {
        each.key for each in (*at.button_group, *at.multiselect)
    }
    at = visit("explore", demo=True, as_of=AUTUMN, more="true")
    pick(at, "cadence", "每月")
    at.toggle(key="more").set_value(False).run()
    # What is chosen stays in sight, and a click takes it off.
    (chips,) = [each for each in at.button_group if each.key.startswith("chips_")]
    assert chips.value == ["频次：每月"]
    chips.set_value([]).run()
    assert headline(at).startswith("共 69 项任务")


def test_ranges_are_conditions_and_stay_in_the_address(visit):
    at = visit("explore", demo=True, as_of=AUTUMN, more="true")
    at.date_input(key="from_due").set_value(date(2020, 10, 1)).run()
    at.date_input(key="to_due").set_value(date(2020, 10, 31)).run()
    said = headline(at)
    assert said.startswith("期限在 2020-10-01 至 2020-10-31的任务有")
    assert at.query_params["r_due"] in ("2020-10-01~2020-10-31", ["2020-10-01~2020-10-31"])
    again = visit("explore", demo=True, as_of=AUTUMN, r_due="2020-10-01~2020-10-31")
    assert (headline(again), listed(again)) == (said, listed(at))
    wrong = visit("explore", demo=True, as_of=AUTUMN, r_due="10 月~", r_percent="~")
    assert headline(wrong).startswith("共 69 项任务")


def test_going_back_undoes_a_step(visit):
    at = visit("explore", demo=True, as_of=AUTUMN, f_lamp="红灯", more="true")
    before = listed(at)
    pick(at, "state", "已逾期")
    assert listed(at) != before
    # What the browser asks for when one goes back: the address before.
    del at.query_params["f_state"]
    at.run()
    assert (headline(at), listed(at)) == (f"预警灯为红灯的任务有 {len(before)} 项。", before)
    # On another page the address names no conditions, and they stand again on return.
    at.switch_page("pages/overdue.py").run()
    at.switch_page("pages/explore.py").run()
    assert listed(at) == before


def test_left_out_is_what_choosing_would_find(visit):
    chosen = visit("explore", demo=True, as_of=AUTUMN, f_unit="厅法规处")
    left_out = visit("explore", demo=True, as_of=AUTUMN, x_unit="厅法规处")
    assert headline(left_out).startswith("责任单位不含厅法规处的任务有")
    assert sorted(listed(chosen) + listed(left_out)) == list(range(1, 70))


def test_lists_count_what_their_click_leaves(visit, figures):
    at = visit("explore", demo=True, as_of=AUTUMN, lists=["责任单位", "预警灯"])
    units, lamps = ranking(at, "责任单位"), ranking(at, "预警灯")
    expanded = figures("unit_workload", expanded=True).set_index("unit").tasks
    for row in units[units["责任单位"].isin(expanded.index)].to_dict("records"):
        assert row["任务"] == expanded[row["责任单位"]]
    assert len(units) == 41
    assert units["责任单位"].iloc[-1].startswith("其余 ")
    assert lamps["任务"].sum() == 69
    red = visit("explore", demo=True, as_of=AUTUMN, f_lamp="红灯", lists="预警灯")
    marked = ranking(red, "预警灯").set_index("预警灯")
    assert marked["任务"]["✓ 红灯"] == len(listed(red)) == lamps.set_index("预警灯")["任务"]["红灯"]


def test_figure_is_compared_with_another_day(visit, figures):
    at = visit("explore", demo=True, as_of=AUTUMN, compare="上季末")
    now, then = (
        figures("completion", by="all", as_of=day).done_rate[0] for day in (AUTUMN, "2020-06-30")
    )
    (tile,) = at.metric
    assert tile.value == f"{now:.1f}%"
    assert any(
        f"比上季末（2020-06-30）：{now - then:+.1f} 个百分点，当时 {then:.1f}%" in each.value
        for each in at.caption
    )
    last = visit("explore", demo=True, as_of=AUTUMN, compare="去年同期")
    assert "没有宁夏 2019 年的台账，不能与去年同期比。" in text(last)


def test_every_question_asked_often_can_be_opened(visit):
    at = visit("explore", demo=True, as_of=AUTUMN)
    names = at.selectbox(key="preset").options
    assert len(names) == 20
    for name in names:
        at.selectbox(key="preset").set_value(name).run()
        assert not at.exception, name
        assert not at.error, name


def test_members_are_counted_or_not_by_one_switch(visit, figures):
    member = "固原市交通运输局"
    at = visit("explore", demo=True, as_of=AUTUMN, f_unit=member)
    whole = figures("unit_workload", expanded=True).set_index("unit").tasks[member]
    assert len(listed(at)) == whole > 0
    at.toggle(key="with_members").set_value(False).run()
    assert headline(at) == f"没有责任单位有{member}的任务。"


def test_address_gives_the_same_view(visit):
    first = visit("explore", demo=True, as_of=AUTUMN, more="true")
    pick(first, "signal", "未报送")
    first.text_input(key="q").set_value("信用").run()
    assert first.query_params["q"] in ("信用", ["信用"])
    second = visit("explore", demo=True, as_of=AUTUMN, f_signal="未报送", q="信用")
    assert headline(second) == headline(first)
    assert listed(second) == listed(first)
    assert "信号有未报送 且 含“信用”" in headline(second)


def test_conditions_are_cleared_at_once(visit):
    at = visit("explore", demo=True, as_of=AUTUMN, f_lamp="红灯", q="信用")
    at.button(key="explore_clear").click().run()
    assert listed(at) == list(range(1, 70))
    assert "f_lamp" not in at.query_params
    assert "q" not in at.query_params


def test_filters_of_other_pages_are_the_conditions_here(visit, figures):
    # A member of a collective: its tasks are those of the collective too, here as elsewhere.
    member = "固原市交通运输局"
    chosen = {"unit": member, "kind": "基本任务", "level1": "事中信用评价"}
    at = visit("explore", demo=True, as_of=AUTUMN, more="true", **chosen)
    assert not at.sidebar.multiselect
    scope = {"units": (member,), "kinds": ("base",), "level1s": ("加强事中信用评价",)}
    tasks = figures("task_list", signal="all", row_limit=999, **scope)
    assert len(tasks)
    assert listed(at) == list(tasks.number)
    said = f"筛选：一级指标为事中信用评价、责任单位有{member}、任务类别为基本任务"
    assert said in at.caption[0].value
    at.button_group(key="facet_level1").set_value([]).run()
    at.multiselect(key="facet_unit").set_value(["厅法规处"]).run()
    pick(at, "kind", "加分项")
    at.switch_page("pages/overdue.py").run()
    assert "筛选：厅法规处、加分项" in at.caption[0].value


def test_what_no_longer_exists_is_said(visit):
    at = visit("explore", demo=True, as_of=AUTUMN, f_unit="已撤销的处", f_lamp="红灯")
    assert not at.exception
    assert headline(at) == "没有责任单位有已撤销的处 且 预警灯为红灯的任务。"
    assert "“已撤销的处”在这份台账截至该日的任务中没有。" in text(at)


def test_without_progress_nothing_is_called_missed(visit):
    at = visit("explore", as_of=AUTUMN, more="true")
    assert not {"facet_state", "facet_lamp", "facet_signal", "facet_verified"} & {
        each.key for each in (*at.button_group, *at.multiselect)
    }
    assert list(table(at, "explored_rows").columns) == [
        "编号", "一级指标", "目标任务", "责任单位", "期限", "期限类别",
    ]  # fmt: skip
    at = visit("explore", as_of=AUTUMN, look="逐月折线")
    assert any("没有进展填报" in each.value for each in at.info)


def test_columns_order_and_groups_are_chosen(visit):
    at = visit(
        "explore", demo=True, as_of=AUTUMN, columns=["目标任务", "编号", "逾期天数"],
        sort="逾期天数", falling="true", f_kind="基本任务",
    )  # fmt: skip
    shown = table(at, "explored_rows")
    assert list(shown.columns) == ["目标任务", "编号", "逾期天数"]
    known = shown["逾期天数"].dropna().tolist()
    assert known == sorted(known, reverse=True)
    at = visit("explore", demo=True, as_of=AUTUMN, group="任务类别")
    assert [t for t in table(at, "explored_rows")["目标任务"] if t.startswith("小计　")]


def test_ticked_rows_can_be_copied_and_opened(visit):
    at = visit("explore", demo=True, as_of=AUTUMN)
    at.session_state["explored_rows"] = {"selection": {"rows": [1, 2]}}
    at.run()
    copied = at.code[0].value.splitlines()
    assert [line.partition(".")[0] for line in copied] == ["2", "3"]
    at.button(key="card_3").click().run()
    assert any("第 3 项" in each.value for each in at.markdown)


def test_number_opens_the_card(visit):
    at = visit("explore", demo=True, as_of=AUTUMN)
    at.number_input(key="card_number").set_value(18).run()
    assert any("第 18 项" in each.value for each in at.markdown)


def test_cross_table_counts_the_tasks(visit, figures):
    at = visit("explore", demo=True, as_of=AUTUMN, figure_of="任务数", **CROSSED)
    cells = table(at, "cross_cells").set_index("一级指标")
    tasks = figures("task_list", signal="all", row_limit=1000)
    expected = tasks[(tasks.short_name == "信用平台和网站") & (tasks.lamp == "red")]
    assert cells.loc["信用平台和网站", "红灯"] == len(expected) > 0
    assert cells.loc["合计", "合计"] == len(tasks)


def test_rates_of_few_tasks_are_fractions_in_the_cross_table(visit):
    at = visit(
        "explore", demo=True, as_of=AUTUMN, look="交叉表", rows_of="责任单位", figure_of="完成率 %"
    )
    cells = table(at, "cross_cells").set_index("责任单位")["完成率 %"]
    assert cells["厅办公室"] == "0/1"
    assert cells["厅法规处"] == "47.1"


def test_lost_points_are_those_of_the_scores_and_name_their_scheme(visit, figures):
    at = visit("explore", demo=True, as_of=AUTUMN, look="交叉表", figure_of="失分")
    cells = table(at, "cross_cells").set_index("一级指标")["失分（评分方案第 1 版）"]
    scheme = UUID(str(figures("schemes").scheme_id[0]))
    totals = figures("score_totals", by="level1", scheme_id=scheme)
    base = totals[totals.part == "base"]
    for row in base.itertuples():
        lost = (row.full_cents - row.self_cents) / 100
        # Shown to one decimal.
        assert cells[row.short_name] == pytest.approx(lost, abs=0.0501)
    whole = (base.full_cents.sum() - base.self_cents.sum()) / 100
    assert whole > 0
    assert cells["合计"] == pytest.approx(whole, abs=0.0501)
    assert "**失分**：基本任务的满分 − 自评" in at.selectbox(key="figure_of").help


def test_lost_points_are_not_offered_without_a_scheme(visit):
    at = visit("explore", as_of=AUTUMN, look="交叉表", figure_of="失分")
    assert not at.exception
    assert "失分" not in at.selectbox(key="figure_of").options


def test_chart_draws_the_cross_table(visit):
    at = visit(
        "explore", demo=True, as_of=AUTUMN, figure_of="任务数", look="热力图", columns_of="预警灯"
    )
    drawn = np.array(charts(at)[-1]["data"][0]["z"], dtype=float)
    at = visit("explore", demo=True, as_of=AUTUMN, figure_of="任务数", **CROSSED)
    cells = table(at, "cross_cells").iloc[:-1, 1:-1].to_numpy(dtype=float)
    assert np.nansum(drawn) == np.nansum(cells) == 69
    assert drawn.size == cells.size


def test_lines_end_where_the_page_of_indicators_stands(visit, figures):
    at = visit("explore", demo=True, as_of=AUTUMN, look="逐月折线", f_kind="基本任务")
    chart = charts(at)[-1]
    (line,) = chart["data"]
    total = figures("completion", by="all").iloc[0]
    assert line["y"][-1] == pytest.approx(total.done_rate)
    assert len(line["y"]) == 9


@pytest.mark.parametrize("look", EVERY_LOOK)
def test_nothing_in_scope_is_said_and_nothing_breaks(visit, look):
    address = {"unit": "厅海事处", "level1": "诚信文化建设", "kind": "加分项"}
    at = visit("explore", demo=True, as_of=AUTUMN, look=look, q="信用", **address)
    assert not at.exception
    chosen = "一级指标为诚信文化建设 且 责任单位有厅海事处 且 任务类别为加分项 且 含“信用”"
    assert headline(at) == f"没有{chosen}的任务。"
    assert not visit("query", demo=True, as_of=AUTUMN, **address).exception


# Saved views


def fill(at, **typed: str):
    for key, value in typed.items():
        at.text_input(key=key).set_value(value)


def press(at, label: str):
    return labelled(at.button, label).click().run()


@pytest.mark.usefixtures("own_data")
def test_a_view_is_saved_opened_and_survives_what_is_gone(visit):
    at = visit("explore", demo=True, as_of=AUTUMN, f_lamp="红灯", look="交叉表", columns_of="状态")
    fill(at, view_name="红灯按状态", view_author="张三")
    press(at, "保存视图")
    assert any("已保存视图“红灯按状态”：预警灯为红灯。" in each.value for each in at.success)
    other = visit("explore", demo=True, as_of=AUTUMN)
    other.selectbox(key="view_opened").set_value("红灯按状态").run()
    assert headline(other).startswith("预警灯为红灯的任务有")
    assert other.segmented_control(key="look").value == "交叉表"
    assert other.selectbox(key="columns_of").value == "状态"
    # On a day on which there is no red lamp, the view says so and shows nothing.
    early = visit("explore", demo=True, as_of="2020-01-01")
    early.selectbox(key="view_opened").set_value("红灯按状态").run()
    assert not early.exception
    assert headline(early) == "没有预警灯为红灯的任务。"


@pytest.mark.usefixtures("own_data")
def test_a_view_keeps_its_day_when_that_is_asked(visit):
    first = visit(
        "explore",
        demo=True,
        as_of=AUTUMN,
        x_lamp="红灯",
        compare="上季末",
        columns=["目标任务", "编号"],
    )
    rows = listed(first)
    first.radio(key="view_day").set_value("固定在 2020-09-30")
    fill(first, view_name="秋天", view_author="张三")
    press(first, "保存视图")
    other = visit("explore", demo=True, as_of="2020-12-31")
    other.selectbox(key="view_opened").set_value("秋天").run()
    assert other.date_input(key="as_of").value == date(2020, 9, 30)
    assert listed(other) == rows
    assert list(table(other, "explored_rows").columns) == ["目标任务", "编号"]
    assert other.selectbox(key="compare").value == "上季末"


@pytest.mark.usefixtures("own_data")
def test_a_unit_begins_with_its_view(visit):
    at = visit("explore", demo=True, as_of=AUTUMN, f_verified="未销号")
    fill(at, view_name="还没销号", view_author="张三")
    press(at, "保存视图")
    at.selectbox(key="default_unit").set_value("厅法规处")
    fill(at, default_author="张三")
    press(at, "设为默认")
    assert any("本页从视图“还没销号”开始" in each.value for each in at.success)
    own = visit("explore", demo=True, as_of=AUTUMN, unit="厅法规处")
    assert headline(own).startswith("责任单位有厅法规处 且 未销号的任务有")
    assert any("厅法规处的默认视图“还没销号”" in each.value for each in own.success)
    press(own, "清除全部条件")
    assert headline(own).startswith("共 ")
    another = visit("explore", demo=True, as_of=AUTUMN, unit="厅办公室")
    assert headline(another).startswith("责任单位有厅办公室的任务有")


@pytest.mark.usefixtures("own_data")
def test_saving_without_a_name_is_refused_in_words(visit):
    at = visit("explore", demo=True, as_of=AUTUMN)
    fill(at, view_author="张三")
    press(at, "保存视图")
    assert any(each.value == "请填写视图名称。" for each in at.error)


@pytest.mark.usefixtures("own_data")
def test_the_trail_tells_of_views(visit):
    at = visit("explore", demo=True, as_of=AUTUMN, f_lamp="红灯")
    fill(at, view_name="红灯", view_author="张三")
    press(at, "保存视图")
    trail = visit("changes", demo=True, as_of=AUTUMN)
    first = table(trail, "changes").iloc[0]
    assert (first["录入人"], first["事项"], first["对象"]) == ("张三", "保存视图", "筛选视图")
    assert "名称 红灯" in first["变更内容"].replace("\u00a0", " ")
