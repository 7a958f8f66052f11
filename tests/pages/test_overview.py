"""总览: its tiles are the answers of the questions, whatever the filters."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from on_screen import charts, headline, labelled, table, text, tiles

AUTUMN = "2020-09-30"


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ({}, {}),
        ({"unit": "厅法规处"}, {"units": ("厅法规处",)}),
        ({"unit": ["厅法规处", "厅人事处"]}, {"units": ("厅法规处", "厅人事处")}),
        ({"level1": "事中信用评价"}, {"level1s": ("加强事中信用评价",)}),
        ({"kind": "基本任务"}, {"kinds": ("base",)}),
        ({"verified": "true"}, {"verified_only": True}),
        ({"as_of": "2020-12-31"}, {}),
    ],
    ids=["none", "unit", "units", "level1", "kind", "verified", "as_of"],
)
def test_tiles_are_the_answer_for_the_same_scope(visit, figures, address, scope):
    at = visit("overview", demo=True, **({"as_of": AUTUMN} | address))
    total = figures("completion", address.get("as_of", AUTUMN), by="all", **scope).iloc[0]
    assert {name: value for name, value in tiles(at).items() if not name.startswith("较")} == {
        "完成": f"{total.done}/{total.applicable}",
        "逾期": f"{total.overdue}",
        f"红灯（逾期 {total.overdue}）": f"{total.red}",
    }
    assert f"{total.applicable} 项任务完成 {total.done} 项" in headline(at)


@pytest.mark.parametrize(
    ("moment", "known_at", "said"),
    [
        ({}, datetime(2020, 9, 30, 23, 59, 59, 999_999), "按 2020-09-30 当时已填报"),
        (
            {"known_until": "10:05"},
            datetime(2020, 9, 30, 10, 5, 59, 999_999),
            "按 2020-09-30 10:05 当时已填报",
        ),
    ],
    ids=["day", "minute"],
)
def test_figures_of_a_past_day_or_minute_come_out_again(visit, figures, moment, known_at, said):
    # The demonstration's entries of a day are spread over its hours.
    at = visit("overview", demo=True, as_of=AUTUMN, as_known="true", known_on=AUTUMN, **moment)
    assert at.session_state.view.scope.known_at == known_at
    assert at.session_state.view.filters == said
    total = figures("completion", by="all", known_at=known_at).iloc[0]
    assert tiles(at)["完成"] == f"{total.done}/{total.applicable}"


def test_what_is_compared_is_the_last_meeting_or_on_request_the_last_month(visit, figures):
    at = visit("overview", demo=True, as_of=AUTUMN)
    july, august, now = (date(2020, 7, 15), date(2020, 8, 31), date(2020, 9, 30))
    done = figures("trend", days=[july, august, now]).done
    assert tiles(at)["较上次例会"] == f"{done[2] - done[0]:+d}"
    labelled(at.toggle, "与上月末比较").set_value(True).run()
    assert tiles(at)["较上月末"] == f"{done[2] - done[1]:+d}"


def test_units_in_need_and_what_is_put_before_the_meeting(visit):
    at = visit("overview", demo=True, as_of=AUTUMN)
    said = text(at)
    for part in (
        "厅法规处：红灯 7 项（逾期 1），第 4 项：演示：上级要点七月才印发",
        "逾期超过 30 天的任务 1 项（第 4 项），提请明确办结时限和责任。",
        "此前议定的事项逾期 2 件，提请督办。",
    ):
        assert part in said
    labelled(at.button, "会议模式").click().run()
    assert not at.exception
    assert "红灯与逾期" in at.get("html")[0].proto.body


def test_worst_ten_each_with_its_reason_and_what_its_unit_said(visit, figures):
    at = visit("overview", demo=True, as_of=AUTUMN)
    worst = figures("task_list", signal="worst", row_limit=10)
    shown = table(at, "worst")
    assert list(shown["number"]) == list(worst.number)
    # A cell has room for the beginning of a long reason.
    for drawn, reason in zip(shown["reason"], worst.reason, strict=True):
        assert reason.startswith(drawn.replace("\u00a0", " ").removesuffix("…"))
        assert len(drawn) > 5
    assert set(shown["lamp"]) <= {"▲ 红灯", "◆ 黄灯", "● 绿灯", "○ 灰灯"}
    first = shown[shown["number"] == 4]["stated"].iloc[0].replace("\u00a0", " ")
    assert first.startswith("延期 1 次；演示：上级要点七月才印发")


def test_completion_chart_has_every_indicator_with_its_expected_value(visit, figures):
    at = visit("overview", demo=True, as_of=AUTUMN)
    rows = figures("completion", by="level1")
    drawn = {trace["name"]: trace for trace in charts(at)[0]["data"]}
    assert {"完成率", "平均进度", "序时进度"} <= set(drawn)
    names = [name.replace("<br>", "") for name in drawn["完成率"]["y"]]
    assert names == list(rows.short_name[::-1])


def test_without_progress_tasks_and_what_is_missing(visit, figures):
    at = visit("overview", as_of=AUTUMN)
    assert headline(at).startswith("共 61 项基本任务。这份台账还没有任何进展填报")
    assert tiles(at) == {
        "基本任务": "61 项",
        "加分项": "3 项",
        "扣分项": "5 项",
        "有明确期限": "61 项",
        "完成与进度": "未填报",
    }
    listed = figures("task_list", demo=False, signal="all", row_limit=999)
    assert list(table(at, "every")["number"]) == list(listed.number)
    drawn = {trace["name"] for chart in charts(at) for trace in chart["data"] if "name" in trace}
    assert not drawn & {"完成率", "平均进度", "序时进度", "已完成", "逾期"}


def test_account_of_the_source_rows(visit, figures):
    at = visit("overview")
    reading = figures("reading", demo=False)
    said = next(text.value for text in at.expander[0].markdown if "ningxia-2020.txt" in text.value)
    assert f"共 {reading.source_rows.sum()} 行" in said
    assert f"读出任务 {reading.tasks.sum()} 项" in said
