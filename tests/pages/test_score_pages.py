"""自评打分, 佐证缺口, 补分建议: what they show is the answer, and what is entered changes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from on_screen import charts, headline, messages, table, text, tiles

import metrics
from findings import scores
from metrics import Scope, planning
from warehouse import open_office
from warehouse.entries.marks import add_mark
from words import score

AUTUMN = "2020-09-30"


@pytest.fixture
def scored():
    """Questions about the demonstration under its scheme, on a day."""
    warehouse = open_office(demonstration=True).warehouse
    ledger_id = UUID(str(metrics.ask(warehouse, "ledgers").ledger_id[0]))

    def ask(name, as_of=AUTUMN, **values):
        scope = Scope(ledger_id, date.fromisoformat(as_of))
        filters = {key: values.pop(key) for key in ("units", "kinds") if key in values}
        schemes = metrics.ask(warehouse, "schemes", scope)
        scope = Scope(
            ledger_id,
            date.fromisoformat(as_of),
            scheme_id=UUID(str(schemes.scheme_id[0])),
            **filters,
        )
        return metrics.ask(warehouse, name, scope, **values)

    ask.warehouse = warehouse
    return ask


def test_scores_are_the_answer(visit, scored):
    at = visit("scoring", demo=True, as_of=AUTUMN)
    assert not at.exception
    totals = scored("score_totals", by="all")
    rows = scored("scores")
    overall = totals[totals.part == "overall"].iloc[0]
    assert headline(at) == scores.totals(totals, date(2020, 9, 30), date(2020, 12, 31))
    shown = tiles(at)
    assert shown["自评"] == f"{score(overall.self_cents)} 分"
    assert shown["已锁定"] == f"{score(overall.secured_cents)} 分"
    assert shown["可达上限"] == f"{score(overall.reachable_cents)} 分"
    listed = table(at, "scores")
    assert list(listed["number"]) == list(rows.number)
    assert list(listed["self"]) == [score(cents) for cents in rows.self_cents]
    # A task that lost points says why.
    lost = rows.self_cents < rows.full_cents
    applies = lost & ~rows.is_absent & (rows.kind == "base")
    assert (listed["why"][applies.to_numpy()] != "").all()
    assert any("评分方案第 1 版" in caption.value for caption in at.caption)


def test_marks_by_both_levels_of_indicators_add_up_to_the_total(visit, scored):
    at = visit("scoring", demo=True, as_of=AUTUMN)
    overall = scored("score_totals", by="all").set_index("part").loc["overall"]
    tables = [each.value for each in at.dataframe]
    (listed,) = [each for each in tables if {"部分", "二级指标"} <= set(each.columns)]
    parts = listed[listed["部分"] != "自评总分"]
    for name, cents in (("自评", overall.self_cents), ("可达上限", overall.reachable_cents)):
        assert round(sum(float(value) for value in parts[name]) * 100) == cents
    assert (parts["二级指标"] != "").sum() > 7


def test_the_waterfall_ends_at_the_total(visit, scored):
    at = visit("scoring", demo=True, as_of=AUTUMN)
    overall = scored("score_totals", by="all").set_index("part").loc["overall"]
    fall = charts(at)[1]["data"][0]
    assert fall["y"][-1] == "自评总分"
    assert fall["x"][-1] == pytest.approx(overall.self_cents / 100)
    # Every step begins where the one before it ends.
    level = fall["x"][0]
    for start, length, said in zip(
        fall["base"][1:-1], fall["x"][1:-1], fall["text"][1:-1], strict=True
    ):
        if said.startswith("−"):
            assert start + length == pytest.approx(level)
            level = start
        elif said.startswith("+"):
            assert start == pytest.approx(level)
            level = start + length
    assert level == pytest.approx(overall.self_cents / 100)


def test_every_bar_of_the_way_to_the_total_opens_the_tasks_it_is_made_of(visit, scored):
    rows = scored("scores")
    at = visit("scoring", demo=True, as_of=AUTUMN)
    bar = charts(at)[1]["data"][0]
    lost = dict(zip([about for (about,) in bar["customdata"]], bar["x"], strict=True))
    asked = [about for about in lost if about]
    # Seven indicators, a task left out, a bonus and a penalty.
    assert len(asked) == 10
    for about in asked:
        at.selectbox(key="points_of").set_value(about).run()
        listed = rows.set_index("number").loc[table(at, "scores")["number"]]
        counted = listed if about == "absent" else listed[~listed.is_absent]
        change = counted.self_cents - counted.full_cents
        if about in ("bonus", "penalty"):
            change = counted.self_cents
        assert abs(int(change.sum())) == round(lost[about] * 100), about
        assert (
            f"自评 {score((-1 if about == 'penalty' else 1) * int(counted.self_cents.sum()))} 分"
            in text(at)
        )


@pytest.mark.usefixtures("own_data")
def test_a_mark_by_hand_takes_the_place_of_the_rule(visit, scored):
    before = scored("scores").set_index("number")
    task_id = UUID(str(before.task_id[33]))
    assert before.self_cents[33] == 0
    add_mark(
        scored.warehouse,
        task_id,
        kind="manual",
        value=Decimal("1.1"),
        effective_on=date(2020, 9, 1),
        recorded_by="张三",
        reason="对照通报评定",
    )
    at = visit("scoring", demo=True, as_of=AUTUMN)
    listed = table(at, "scores").set_index("number")
    assert listed["self"][33] == "1.1"
    assert listed["manual"][33] == "1.1"
    assert "对照通报评定" in listed["why"][33]


def test_without_a_scheme_no_points_are_invented(visit):
    for name in ("scoring", "gaps", "winning"):
        at = visit(name, as_of=AUTUMN)
        assert not at.exception
        assert headline(at) == "这份台账未设分值，还不能算出得分。"
        assert not at.metric
        assert any("怎样设分值" in said for said in messages(at))


def test_the_trial_with_equal_weights_says_so_everywhere(visit):
    for name in ("scoring", "winning"):
        at = visit(name, as_of=AUTUMN, trial="true")
        assert not at.exception
        assert any("等权试算" in said for said in messages(at)), name
    at = visit("scoring", as_of=AUTUMN, trial="true")
    assert tiles(at)["自评"] == "0 分"
    assert "（满分 100 分）" in headline(at)
    assert at.session_state.view.filters == "等权试算"
    assert headline(visit("gaps", trial="true")) == "等权试算不看佐证，设定评分方案后才有佐证缺口。"


def test_evidence_gaps_are_the_answer(visit, scored):
    at = visit("gaps", demo=True, as_of=AUTUMN)
    rows = scored("evidence_gaps")
    assert headline(at) == scores.evidence_gaps(rows)
    listed = table(at, "gaps")
    assert list(listed["number"]) == list(rows.number)
    assert list(listed["at_stake"]) == [score(cents) for cents in rows.at_stake_cents]
    # The most points first.
    assert rows.at_stake_cents.is_monotonic_decreasing


def test_ticking_steps_adds_their_points(visit, scored):
    at = visit("winning", demo=True, as_of=AUTUMN)
    rows = scored("open_points")
    now = planning.standing(scored("scores"), 500)
    assert headline(at) == scores.still_to_win(now, rows, date(2020, 9, 30), date(2020, 12, 31))
    assert tiles(at)["如果做到所勾选的"] == tiles(at)["现在自评"] == f"{score(now.total())} 分"
    plan = planning.cheapest(now, planning.steps_of(rows), 9000)
    assert f"工作量合计 {scores.effort(plan.effort)}" in text(at)
    (planned,) = [button for button in at.button if button.label == "按最省力的办法勾选"]
    planned.click().run()
    assert tiles(at)["如果做到所勾选的"] == f"{score(plan.total)} 分"
    assert tiles(at)["工作量"] == scores.effort(plan.effort)


def test_a_target_beyond_reach_is_said_to_be(visit, scored):
    at = visit("winning", demo=True, as_of=AUTUMN)
    at.number_input(key="target").set_value(103.0).run()
    most = scored("score_totals", by="all").set_index("part").reachable_cents["overall"]
    assert f"到不了 103 分：即使把所列的全部做完，最多 {score(most)} 分" in text(at)
    now = scored("score_totals", by="all").set_index("part").self_cents["overall"]
    assert (
        f"还可补 {score(most - now)} 分；自评 {score(now)} 分，最多可达 {score(most)} 分"
        in text(at)
    )


def test_a_filtered_list_reaches_no_more_than_it_lists(visit, scored):
    at = visit("winning", demo=True, as_of=AUTUMN, unit="厅科技处")
    now = planning.standing(scored("scores"), 500)
    listed = planning.steps_of(scored("open_points", units=("厅科技处",)))
    most = planning.most(now, listed)
    assert most < 9000
    at.number_input(key="target").set_value(90.0).run()
    assert (
        f"到不了 90 分：即使把所列的全部做完，最多 {score(most)} 分，还差 {score(9000 - most)} 分。"
        in text(at)
    )
    assert tiles(at)["最多可达"] == f"{score(most)} 分"


def test_after_the_day_of_assessment_nothing_can_be_won(visit):
    at = visit("winning", demo=True, as_of="2020-12-31")
    assert headline(at).startswith("12 月 31 日已到，不再有可补的分")
    assert not at.number_input


def test_marks_follow_the_filter(visit, scored):
    at = visit("scoring", demo=True, as_of=AUTUMN, unit="厅科技处")
    rows = scored("scores", units=("厅科技处",))
    assert list(table(at, "scores")["number"]) == list(rows.number)
    totals = scored("score_totals", by="all", units=("厅科技处",)).set_index("part")
    assert tiles(at)["自评"] == f"{score(totals.self_cents['overall'])} 分"


def test_without_any_progress_the_score_says_that_nothing_is_known(visit):
    at = visit("scoring", as_of=AUTUMN, trial="true")
    assert "尚无进展填报，各项都按未开始计，自评 0 分" in headline(at)
    assert any("怎样录入进展" in said for said in messages(at))
    at = visit("scoring", demo=True, as_of=AUTUMN)
    assert "尚无进展填报" not in headline(at)


def test_shares_of_two_days_of_one_scheme(visit):
    at = visit("scoring", demo=True, as_of=AUTUMN)
    said = "“信息归集共享公开”9 月 30 日比 8 月 31 日高 17.3 个百分点，相差最大。"
    assert said in text(at)
    # Another 截至日期 takes the day it is compared with along.
    at.sidebar.date_input[0].set_value(date(2020, 6, 30)).run()
    assert "6 月 30 日比 5 月 31 日高" in text(at)


def test_shares_of_two_ledgers_say_what_they_rest_on(visit):
    at = visit("scoring", as_of=AUTUMN, trial="true", unit="厅法规处")
    at.radio(key="against").set_value("另一台账").run()
    said = text(at)
    assert "两份台账都按全部任务比较" in said
    assert "湖南 2019 尚无进展填报，各项都按未开始计" in said
    # Both are trials, so nothing differs but the names of the indicators.
    assert "评分方案不同" not in said
    assert "名称相同的一级指标有 2 个，其余分列两边；名称相同的得分率相同。" in said
