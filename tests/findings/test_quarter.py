"""What a briefing says: its quarter, its shares, its sentences against plain counts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import words
from findings import forecast, reasons
from findings import quarter as briefing
from findings.quarter import wording
from findings.quarter.answers import Answers
from metrics import Scope, ask
from tests.warehouse.world import World, store
from warehouse import Warehouse, close_all, open_office
from warehouse.entries import meetings
from words import STATES, score

TODAY = date(2026, 11, 22)
SEPTEMBER = date(2020, 9, 30)


def held(*days: tuple[date, date]) -> pd.DataFrame:
    """Answer of `meetings`: quarter end and day of each."""
    rows = [(UUID(int=n), *pair) for n, pair in enumerate(days)]
    frame = pd.DataFrame(rows, columns=["meeting_id", "quarter_ended_on", "held_on"])
    return frame.astype({"quarter_ended_on": "datetime64[us]", "held_on": "datetime64[us]"})


@given(st.lists(st.integers(0, 5000), max_size=9))
def test_each_share_is_rounded_as_the_page_rounds_it(counts):
    whole = sum(counts)
    for count, share in zip(counts, briefing.shares(counts), strict=True):
        assert words.percent(100 * count / whole if whole else 0, 1) == f"{share:.1f}%"


def test_shares_are_not_bent_to_one_hundred():
    assert briefing.shares([1, 1, 1]) == [33.3, 33.3, 33.3]
    assert briefing.shares([2, 1]) == [66.7, 33.3]


def test_a_quarter_is_compared_with_the_last_meeting_held_before_its_end():
    before = held((date(2020, 3, 31), date(2020, 4, 10)), (date(2020, 6, 30), date(2020, 7, 15)))
    quarter = briefing.quarter_of(SEPTEMBER, TODAY, before)
    assert (quarter.compared_on, quarter.compared_with) == (
        date(2020, 6, 30),
        "上次通报的2020年6月30日（例会2020年7月15日召开）",
    )
    assert (quarter.start, quarter.as_of, quarter.next_end) == (
        date(2020, 7, 1),
        SEPTEMBER,
        date(2020, 12, 31),
    )
    assert [month.start.month for month in quarter.months] == [7, 8, 9]
    assert quarter.held_on is None


def test_without_a_meeting_a_quarter_is_compared_with_the_end_of_the_one_before():
    quarter = briefing.quarter_of(SEPTEMBER, TODAY, held())
    assert quarter.compared_with == "上季度末（2020年6月30日）"
    # One about this very quarter, or one held after its end, is none to compare with.
    late = held((date(2020, 6, 30), date(2020, 10, 9)), (SEPTEMBER, date(2020, 10, 20)))
    quarter = briefing.quarter_of(SEPTEMBER, TODAY, late)
    assert quarter.compared_on == date(2020, 6, 30)
    assert quarter.held_on == date(2020, 10, 20)


def test_a_quarter_that_lasts_is_judged_today():
    quarter = briefing.quarter_of(date(2026, 12, 31), TODAY, held())
    assert quarter.as_of == TODAY
    assert not quarter.is_over
    assert [month.day for month in quarter.months] == [date(2026, 10, 31), TODAY]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory) -> Warehouse:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDIT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield open_office(demonstration=True).warehouse
        close_all()


def briefed(warehouse: Warehouse, **scope) -> briefing.Briefing:
    ledger = ask(warehouse, "ledgers").iloc[0]
    asked = Scope(UUID(str(ledger.ledger_id)), SEPTEMBER, **scope)
    quarter = briefing.quarter_of(SEPTEMBER, TODAY, ask(warehouse, "meetings", asked))
    return briefing.brief(briefing.gather(partial(ask, warehouse), asked, quarter, ledger))


def test_every_sentence_counts_the_rows_it_opens(demonstration):
    brief = briefed(demonstration)
    for sentences in (brief.changes, brief.ranking, brief.reporting, brief.to_decide):
        for sentence in sentences:
            if sentence.rows is not None:
                assert str(len(sentence.rows)) in sentence.text
    assert str(len(brief.next_quarter.rows)) in brief.next_quarter.text
    total = brief.answers.total
    assert f"完成{total.done}项" in brief.overall[0].text
    assert f"完成{total.done}项" in brief.headline


def test_states_are_all_applicable_tasks(demonstration):
    brief = briefed(demonstration)
    *rows, whole = brief.tables["states"].rows
    assert whole == ("合计", brief.answers.total.applicable, 100.0)
    assert sum(row[1] for row in rows) == whole[1]
    assert all(words.percent(100 * row[1] / whole[1], 1) == f"{row[2]}%" for row in rows)
    done = sum(n for word, n, _ in rows if word in ("已销号", "已完成未销号"))
    assert done == brief.answers.total.done


def test_every_state_is_counted():
    """One base task in each state there is: all that apply are told, and the shares are of all."""
    base = pd.DataFrame({"state": list(STATES)})
    told = wording.states(cast("Answers", SimpleNamespace(base=base, has_progress=True)))
    assert [n for _, n, _ in told] == [1] * (len(STATES) - 1)
    assert ("退办待改", 1) in [(word, n) for word, n, _ in told]


def test_ranking_shares_places(demonstration):
    ranks = [
        row[1] for row in briefed(demonstration).tables["ranking"].rows if row[0] == "厅机关处室"
    ]
    assert ranks[0] == 1
    assert all(rank == 1 + sum(other < rank for other in ranks) for rank in ranks)


def test_tables_have_the_figures_of_the_questions(demonstration):
    brief = briefed(demonstration)
    ledger = ask(demonstration, "ledgers").iloc[0]
    scope = Scope(UUID(str(ledger.ledger_id)), SEPTEMBER)
    completion = ask(demonstration, "completion", scope, by="level1")
    assert [row[:4] for row in brief.tables["indicators"].rows] == [
        (row.level1, row.applicable, row.done, words.rounded_percent(row.done_rate, 1))
        for row in completion.itertuples()
    ]
    units = ask(demonstration, "unit_workload", scope).set_index("unit")
    for _, rank, unit, applicable, done, rate, *_ in brief.tables["ranking"].rows:
        own = units.loc[unit]
        assert (rank, applicable, done) == (own.rank_in_class, own.applicable, own.done)
        assert rate == (
            rate if isinstance(rate, words.RateOfFew) else words.rounded_percent(own.done_rate, 1)
        )
    due = ask(demonstration, "due_dates", scope)
    coming = due[due.effective_due_on > pd.Timestamp(SEPTEMBER)]
    assert len(brief.tables["due_next"].rows) == coming.open.sum()
    red = ask(demonstration, "task_list", scope, signal="overdue", row_limit=99)
    listed = [row[1] for row in brief.tables["attention"].rows]
    assert listed[: len(red)] == list(red.number)
    last = ask(
        demonstration,
        "month_returns",
        scope,
        month_start=date(2020, 9, 1),
        eve=date(2020, 8, 31),
    )
    late = set(last[last.state != "on_time"].unit)
    told = {row[1]: row[-1] for row in brief.tables["returns"].rows}
    assert {unit for unit, said in told.items() if said not in ("按时报送", "无应报")} == late


def test_a_scope_without_tasks_says_so(demonstration):
    brief = briefed(demonstration, units=("厅办公室",), level1s=("没有这个指标",))
    # What to do about it is said on the page: a document has no filters to loosen.
    assert brief.headline == "所选范围内没有基本任务。"
    assert all(not table.rows for table in brief.tables.values())


def test_what_is_about_one_unit_does_not_speak_for_the_ledger(demonstration):
    whole, some = briefed(demonstration), briefed(demonstration, units=("厅法规处",))
    assert f"，台账共有基本任务{whole.answers.total.tasks}项" in whole.overall[0].text
    assert f"，所选范围内共有基本任务{some.answers.total.tasks}项" in some.overall[0].text


def test_decisions_open_the_next_meeting(tmp_path):
    warehouse = Warehouse(tmp_path / "office.duckdb")
    world = World()
    ledger, unit = world.ledger(), world.unit("厅法规处")
    world.task(ledger, date(2020, 12, 31), units=[unit])
    store(warehouse, world)

    def hold(quarter: date, day: date, *texts: str) -> list[UUID]:
        given = {"quarter_ended_on": quarter, "held_on": day, "recorded_by": "张三"}
        meeting = meetings.hold_meeting(warehouse, ledger.ledger_id, **given)
        return [meetings.decide(warehouse, meeting, text=t, recorded_by="张三") for t in texts]

    closed, *_ = hold(date(2020, 3, 31), date(2020, 4, 10), "春天办完的", "一直没办的")
    given = {"state": "done", "effective_on": date(2020, 5, 1), "recorded_by": "张三"}
    meetings.report_decision(warehouse, closed, **given)
    hold(date(2020, 6, 30), date(2020, 7, 10), "夏天议定的")
    hold(SEPTEMBER, date(2020, 10, 10), "秋天议定的")
    brief = briefed(warehouse)
    assert sorted(brief.answers.earlier_decisions.text) == ["一直没办的", "夏天议定的"]
    assert brief.decided.text == "此前议定的2件事项中，未开始2件；没有逾期。"
    assert brief.decided_now == "本次例会登记议定事项1件。"
    assert brief.quarter.compared_with == "上次通报的2020年6月30日（例会2020年7月10日召开）"
    assert brief.quarter.held_on == date(2020, 10, 10)
    told = [row[1] for row in brief.tables["decisions"].rows]
    assert told == ["秋天议定的", "夏天议定的", "一直没办的"]
    warehouse.close()


def test_points_still_to_be_won_are_those_of_their_own_page(demonstration):
    brief = briefed(demonstration)
    answers = brief.answers
    assert answers.scheme is not None
    steps = answers.open_points
    best = steps.groupby("task_id").to_cents.max() - steps.groupby("task_id").from_cents.first()
    rows = brief.tables["to_win"].rows
    assert len(rows) == len(steps)
    assert sum(Decimal(row[5]) for row in rows) * 100 == int(best.sum())
    # A step's gain and effort are its own, and the most points for the least work come first.
    assert all(Decimal(row[4]) - Decimal(row[3]) == Decimal(row[5]) > 0 for row in rows)
    assert all(row[7] > 0 for row in rows)
    firsts = {row[0]: row for row in reversed(rows)}.values()
    rates = [float(row[5]) / row[7] for row in sorted(firsts, key=rows.index)]
    assert rates == sorted(rates, reverse=True)
    overall = answers.overall_score
    assert f"自评{score(overall.self_cents)}分" in brief.still_to_win.text
    # What the sentence itself adds up to: the cap of bonus marks makes it less than the sum of tasks.
    won = int(overall.reachable_cents - overall.self_cents)
    assert won != int(best.sum())
    assert f"{len(best)}项任务尚可补{score(won)}分。" in brief.still_to_win.text
    assert any(screen.part == "得分与可补" for screen in brief.screens)


def test_a_quarter_that_lasts_tells_what_is_still_due_in_it(demonstration):
    ledger = ask(demonstration, "ledgers").iloc[0]
    december = date(2020, 12, 31)
    asked = Scope(UUID(str(ledger.ledger_id)), december)
    quarter = briefing.quarter_of(december, date(2020, 11, 10), held())
    brief = briefing.brief(briefing.gather(partial(ask, demonstration), asked, quarter, ledger))
    rows = brief.tables["due_next"].rows
    assert rows
    assert {row[0] for row in rows} == {december}
    assert brief.next_quarter.text == f"本季度余下时间和下季度到期、尚未完成的任务{len(rows)}项。"
    assert brief.tables["due_next"].title == "本季度余下时间和下季度到期任务"


def test_before_the_deadline_nobody_is_late(demonstration):
    brief = briefed(demonstration)
    *over, (day, rows) = brief.answers.returns
    early = replace(brief.quarter, known_on=rows.due_by.iloc[0].date())
    lasting = briefing.brief(replace(brief.answers, quarter=early))
    said = lasting.reporting[-1].text
    assert said == "9月未到报送截止日（2020年10月5日），不判断报送情况。"
    late = {u for _, each in over for u in each.unit[each.state != "on_time"]}
    table = lasting.tables["returns"]
    assert {row[1] for row in table.rows} == late
    assert {row[-1] for row in table.rows} <= {"未到报送截止日", "无应报"}
    names = briefing.brief(replace(lasting.answers, returns=((day, rows),))).tables["returns"]
    assert (names.rows, names.nothing) == ((), "各月都未到报送截止日。")


def test_what_changes_are_compared_with_is_said_first_and_once(demonstration):
    brief = briefed(demonstration)
    with_progress = brief.answers
    total = with_progress.total.copy()
    total["has_progress"] = False
    for answers in (
        with_progress,
        replace(with_progress, changes=with_progress.changes.head(0)),
        replace(with_progress, total=total),
    ):
        first, *others = [each.text for each in briefing.brief(answers).changes]
        assert first.startswith(f"与{brief.quarter.compared_with}相比，")
        assert not [each for each in others if "相比" in each]
        # Why nothing is judged is said with the figures of the whole.
        assert not [each for each in others if "尚无进展" in each]


def test_where_nothing_is_wrong_a_table_says_what_there_is_none_of(demonstration):
    answers = briefed(demonstration).answers
    calm = answers.tasks.assign(overdue=False, behind=False)
    made = briefing.brief(replace(answers, tasks=calm, red=answers.red.head(0))).tables
    assert made["attention"].nothing == "没有逾期和滞后的任务。"
    assert made["red_units"].nothing == made["red"].nothing == "没有单位有红灯任务。"
    empty = briefed(demonstration, units=("厅办公室",), level1s=("没有这个指标",)).tables
    assert {empty[key].nothing for key in ("attention", "red", "ranking", "returns")} == {
        "没有符合条件的事项。"
    }


def test_returns_are_told_once_each(demonstration):
    brief = briefed(demonstration)
    for sentence, (_, rows) in zip(brief.reporting, brief.answers.returns, strict=True):
        partly = list(rows.unit[rows.state == "partly"])
        named = "、".join(partly[:8]) + ("等" if len(partly) > 8 else "")
        assert sentence.text.endswith(f"部分报送{len(partly)}个（{named}）。")
    answers = brief.answers

    def sentences(*returns: pd.DataFrame) -> list[str]:
        days = [day for day, _ in answers.returns]
        own = replace(answers, returns=tuple(zip(days, returns, strict=False)))
        return [each.text for each in briefing.brief(own).reporting]

    (_, rows), *_ = answers.returns
    rows = rows.head(3).assign(state="on_time")
    assert sentences(rows, rows.head(0)) == [
        "7月应报送单位3个，全部按时报送。",
        "8月没有应报送的任务。",
    ]
    none = rows.head(0)
    assert sentences(none, none, none) == ["7月、8月、9月都没有应报送的任务。"]
    own = briefing.brief(replace(answers, returns=((SEPTEMBER, none),)))
    assert own.tables["returns"].nothing == "没有应报送的任务。"


def test_without_a_scheme_no_points_are_told(demonstration):
    brief = briefed(demonstration)
    bare = briefing.brief(
        replace(brief.answers, scheme=None, overall_score=None, open_points=pd.DataFrame())
    )
    assert bare.still_to_win.text == "台账未设分值，不计得分。"
    assert bare.tables["to_win"].rows == ()
    assert not any(screen.part == "得分与可补" for screen in bare.screens)


PARTS = [
    *("总体", "各指标", "与上次相比", "红灯与逾期", "单位", "报送", "得分与可补"),
    *("年底能否完成", "上次议定", "提请议定"),
]


def test_a_year_of_data_is_told_in_ten_screens(demonstration):
    brief = briefed(demonstration)
    assert [screen.part for screen in brief.screens] == PARTS
    by_part = {screen.part: screen for screen in brief.screens}
    total, answers = brief.answers.total, brief.answers
    whole = by_part["总体"]
    assert dict(whole.figures) == {
        "完成": f"{total.done}/{total.applicable}",
        "逾期": f"{total.overdue}",
        "红灯": f"{total.red}（逾期{total.overdue}）",
        "较上次例会": f"{answers.done_since:+d}",
    }
    rows = [total, *answers.by_level1.itertuples()]
    bars = [whole.bar, *(line.bar for line in by_part["各指标"].lines)]
    assert [(bar.done, bar.mean, bar.expected) for bar in bars] == [
        (row.done_rate, row.mean_percent, row.expected_percent) for row in rows
    ]
    # Changes are tasks by name, each with what it opens.
    finished = answers.changes[answers.changes.change == "finished"]
    (line,) = [each for each in by_part["与上次相比"].lines if each.mark.startswith("新完成")]
    assert [item.opens.key for item in line.items] == list(finished.task_id)
    # Red tasks give the reason and the next step that the unit reported.
    red = answers.reasons
    for line, row in zip(by_part["红灯与逾期"].lines, red.itertuples(), strict=False):
        if line.opens:
            assert line.opens.key == row.task_id
            assert f"原因：{row.stated_reason.rstrip('。')}" in line.beside
            assert f"下一步：{row.next_step.rstrip('。')}" in line.beside
    named = [item for line in by_part["红灯与逾期"].lines for item in line.items]
    assert len([line for line in by_part["红灯与逾期"].lines if line.opens]) + len(named) == len(
        red
    )
    units = [item for line in by_part["单位"].lines for item in line.items if item.opens]
    counts = {
        row.unit: f"{row.unit} {row.done}/{row.applicable}" for row in answers.units.itertuples()
    }
    assert [item.text for item in units] == [counts[item.opens.key] for item in units]
    assert len(units) == int((answers.units.applicable > 0).sum())


def test_screens_without_content_are_left_out_and_long_lists_are_counted(demonstration):
    answers = briefed(demonstration).answers
    empty = pd.DataFrame()
    calm = replace(
        answers,
        changes=answers.changes.head(0),
        reasons=answers.reasons.head(0),
        red=answers.red.head(0),
        forecast=answers.forecast.head(0),
        returns=(),
        scheme=None,
        open_points=empty,
        decisions=answers.decisions.head(0),
        tasks=answers.tasks.assign(overdue=False),
        completions=answers.completions.head(0),
        requests=answers.requests.head(0),
    )
    parts = [screen.part for screen in briefing.brief(calm).screens]
    assert parts == ["总体", "各指标", "单位", "下季度到期"]
    # However long the lists, the screens are as many.
    many = replace(
        answers,
        reasons=pd.concat([answers.reasons] * 40),
        changes=pd.concat([answers.changes] * 40),
        by_level1=pd.concat([answers.by_level1] * 9, ignore_index=True),
        units=pd.concat([answers.units] * 9),
        forecast=pd.concat([answers.forecast] * 40),
    )
    told = briefing.brief(many).screens
    assert [screen.part for screen in told] == PARTS
    assert max(len(screen.lines) for screen in told) <= 13
    assert max(len(line.items) for screen in told for line in screen.lines) <= 21
    # Units without room are counted, with how far they are and where each is found.
    of_units = told[PARTS.index("单位")].lines
    between = [item.text for line in of_units for item in line.items if item.opens is None]
    assert between
    assert all(
        re.fullmatch(r"其间\d+个完成率\d+%～\d+%，逐个见“单位情况”", said) for said in between
    )
    (line,) = [each for each in told[2].lines if each.mark.startswith("新完成")]
    newly_done = int((answers.changes.change == "finished").sum())
    assert line.items[-1].text == f"等{40 * newly_done}项"


def test_the_year_end_is_the_sum_of_the_chances(demonstration):
    brief = briefed(demonstration)
    rows = brief.answers.forecast
    known = rows[rows.chance.notna()]
    expected = brief.answers.total.done + known.chance.sum()
    low, high = forecast.bounds(rows.iloc[0])
    assert low <= expected <= high
    assert brief.year_end.startswith(
        f"照现在的进度，预计年底完成{round(expected)}项（{low}至{high}项），共60项"
    )
    assert f"另有{len(rows) - len(known)}项" in brief.year_end
    # Nothing is foreseen when the year has just begun, or is over.
    assert forecast.total(rows.assign(forecast_tasks=0)) == ""
    assert forecast.total(rows.head(0)) == ""


def test_what_units_say_of_red_tasks(demonstration):
    answers = briefed(demonstration).answers
    lines = reasons.units_in_need(answers.red, answers.reasons)
    assert len(lines) == answers.red.unit.nunique()
    assert lines[0].startswith("厅法规处：红灯7项（逾期1），第4项：演示：")
    row = answers.reasons.iloc[0]
    assert reasons.account(row.copy()) == (
        "延期 1 次；演示：上级要点七月才印发，年度计划须重新衔接；下一步：演示：月底前完成会签并印发"
    )
    silent = row.copy()
    silent["stated_reason"], silent["next_step"], silent["put_off"] = None, None, 0
    silent["still_days"] = 45
    assert reasons.account(silent) == "45 天没有进展；没有填报原因"
    (task, *_) = answers.reasons.task_id
    told = reasons.beside(answers.tasks, answers.reasons).set_index("task_id").stated
    assert told[task] == reasons.account(row)
    assert set(told.index[told != ""]) == set(answers.reasons.task_id)


def test_progress_on_time_is_neither_ahead_nor_behind():
    assert briefing.against_time(0.04) == "与序时进度持平"
    assert briefing.against_time(-1.25) == "落后序时进度1.3个百分点"
    assert briefing.against_time(3) == "领先序时进度3.0个百分点"
