"""The sentences over figures: what each says of ordinary rows, of one, of none, and without progress."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from findings import exhibits, progress, returns
from warehouse.entries.office import OfficeDetails

SEPTEMBER = date(2020, 9, 30)


def rows(*given: dict[str, Any], of: dict[str, Any]) -> pd.DataFrame:
    """Rows of an answer, each with what is not given as `of` has it; without rows, its columns."""
    return pd.DataFrame([of | row for row in given], columns=list(of))


COMPLETION = {
    "short_name": "信用评价",
    "tasks": 10,
    "applicable": 10,
    "done": 4,
    "overdue": 0,
    "behind": 0,
    "not_reported": 0,
    "done_rate": 40.0,
    "ahead_points": 0.0,
    "red": 0,
    "yellow": 0,
    "has_progress": True,
    "fewest_for_percent": 5,
}


def completion(*given: dict[str, Any]) -> pd.DataFrame:
    return rows(*given, of=COMPLETION)


def test_a_table_has_the_fraction_among_the_percentages():
    many, few = {"done": 5, "applicable": 8, "done_rate": 62.5}, {"done": 0, "applicable": 1}
    shown = exhibits.labelled(completion(many, few | {"done_rate": 0.0}), ("done_rate",))
    assert [getattr(rate, "fraction", rate) for rate in shown["完成率 %"]] == [62.5, "0/1"]
    nothing = completion(few | {"applicable": 0, "done_rate": float("nan")})
    assert exhibits.labelled(nothing, ("done_rate",))["完成率 %"].isna().all()


# 总览


def test_overview_says_how_far_what_is_late_and_who_is_slowest():
    total = completion({"applicable": 61, "done": 38, "done_rate": 62.3, "overdue": 3}).iloc[0]
    by_level1 = completion(
        {"short_name": "信用评价", "ahead_points": -22.4},
        {"short_name": "信用承诺", "ahead_points": -3.0},
        {"short_name": "诚信文化", "ahead_points": float("nan")},
    )
    assert progress.overview(total, by_level1, SEPTEMBER) == (
        "截至 9 月 30 日，61 项任务完成 38 项，完成率 62%；逾期 3 项；"
        "“信用评价”落后序时 22 个百分点，最慢。"
    )


def test_overview_of_one_indicator_calls_none_the_slowest():
    total = completion({}).iloc[0]
    said = progress.overview(total, completion({"ahead_points": -22.4}), SEPTEMBER)
    assert said == "截至 9 月 30 日，10 项任务完成 4 项，完成率 40%；落后序时 22 个百分点。"
    said = progress.overview(total, completion({"ahead_points": -0.4}), SEPTEMBER)
    assert said == "截至 9 月 30 日，10 项任务完成 4 项，完成率 40%。"


def test_overview_without_tasks_or_without_progress():
    asks_for_less = "所选范围内没有基本任务，请放宽筛选条件。"
    assert progress.overview(None, completion(), SEPTEMBER) == asks_for_less
    total = completion({"tasks": 61, "has_progress": False}).iloc[0]
    said = progress.overview(total, completion({"has_progress": False}), SEPTEMBER)
    assert said == f"共 61 项基本任务。{progress.NO_PROGRESS}"


# 指标完成率


def test_completion_names_the_slowest_of_those_behind():
    behind = completion(
        {"short_name": "甲", "ahead_points": -10.0},
        {"short_name": "乙", "ahead_points": -35.0},
        {"short_name": "丙", "ahead_points": -9.9},
    )
    assert progress.completion(behind) == "2 个指标落后序时 10 个百分点以上，“乙”最慢"


def test_completion_names_the_best_when_none_is_behind():
    on_plan = completion(
        {"short_name": "甲", "done_rate": 40.0},
        {"short_name": "乙", "done": 999, "applicable": 1000, "done_rate": 99.9},
    )
    assert progress.completion(on_plan) == "各指标进度均不明显落后，“乙”完成率最高（99%）"


def test_completion_of_one_of_none_and_without_progress():
    assert progress.completion(completion({"ahead_points": -50.0})) == "“信用评价”完成 40%"
    assert progress.completion(completion()) == "没有可比较的指标"
    untold = completion({"has_progress": False}, {"has_progress": False})
    assert progress.completion(untold) == "各一级指标的任务数（尚无进展填报）"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            [{"short_name": "甲", "red": 1}, {"short_name": "乙", "red": 3, "overdue": 1}],
            "红灯 4 项（其中逾期 1 项），“乙”最多（3 项）",
        ),
        (
            [{"short_name": "甲", "red": 2}, {"short_name": "乙", "red": 2}],
            "红灯 4 项（其中逾期 0 项），“甲”等 2 个并列最多（各 2 项）",
        ),
        (
            [{"short_name": "甲", "red": 0}, {"short_name": "乙", "red": 3}],
            "红灯 3 项（其中逾期 0 项），都在“乙”",
        ),
        ([{"short_name": "甲", "red": 2}], "红灯 2 项（其中逾期 0 项），都在“甲”"),
        ([{"yellow": 2}, {"yellow": 1}], "没有红灯，黄灯 3 项"),
        ([{}], "没有红灯和黄灯"),
        ([{"has_progress": False}], "尚无进展填报，不亮灯"),
        ([], "尚无进展填报，不亮灯"),
    ],
)
def test_lamps(given: list[dict[str, Any]], said: str):
    assert progress.lamps(completion(*given)) == said


TREND = {
    "as_of": pd.Timestamp(2020, 8, 31),
    "applicable": 1000,
    "done": 400,
    "done_rate": 40.0,
    "fewest_for_percent": 5,
}


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ([20.0, 40.0, 62.0], "完成率 62%，比上月末上升 22 个百分点"),
        ([40.0, 30.0], "完成率 30%，比上月末下降 10 个百分点"),
        ([40.0, 40.4], "完成率 40%，与上月末持平"),
        ([62.0], "8 月末完成率 62%"),
        ([], "没有可比较的月份"),
    ],
)
def test_trend(rates: list[float], said: str):
    months = ({"done": int(10 * rate), "done_rate": rate} for rate in rates)
    assert progress.trend(rows(*months, of=TREND)) == said


def test_trend_where_no_task_applied_a_month_ago():
    months = rows({"applicable": 0, "done_rate": float("nan")}, {}, of=TREND)
    assert "40%" in progress.trend(months)
    months = rows({}, {"applicable": 0, "done_rate": float("nan")}, of=TREND)
    assert progress.trend(months) == "没有可比较的月份"


CHANGES = {"short_name": "信用评价", "change_points": 0.0, "newly_done": 0, "newly_overdue": 0}


def changes(*given: dict[str, Any]) -> pd.DataFrame:
    return rows(*given, of=CHANGES)


def test_comparison():
    two = changes(
        {"short_name": "甲", "change_points": 8.0, "newly_done": 1},
        {"short_name": "乙", "change_points": 25.4, "newly_done": 2, "newly_overdue": 1},
        {"short_name": "丙", "change_points": float("nan")},
    )
    assert progress.comparison(two, SEPTEMBER) == (
        "与 9 月 30 日相比，新完成 3 项，新逾期 1 项；“乙”上升最多（25 个百分点）"
    )
    nothing = "与 9 月 30 日相比，新完成 0 项，新逾期 0 项"
    assert progress.comparison(changes({}, {}), SEPTEMBER) == nothing
    one = changes({"change_points": 25.0, "newly_done": 1})
    assert progress.comparison(one, SEPTEMBER) == "与 9 月 30 日相比，新完成 1 项，新逾期 0 项"
    assert progress.comparison(changes(), SEPTEMBER) == "没有可比较的指标"


# 单位情况

WORKLOAD = {
    **{"unit": "厅法规处", "tasks": 36, "shared_load": 20.25, "overdue": 0, "applicable": 30},
    **{"class": "厅机关处室", "is_ranked": True, "done_rate": 50.0, "fewest_for_percent": 5},
    **{"done": 15},
}


def workload(*given: dict[str, Any]) -> pd.DataFrame:
    return rows(*given, of=WORKLOAD)


def test_standing():
    late = workload(
        {"overdue": 1},
        {"unit": "厅运输处", "tasks": 28, "overdue": 4},
        {"unit": "公路局", "tasks": 2},
    )
    carried = "3 个单位承担任务，厅法规处最多（36 项）"
    said = "3 个单位承担任务；2 个单位有逾期，厅运输处最多（4 项）。"
    assert progress.standing(late, judged=True) == said
    assert progress.standing(late, judged=False) == f"{carried}。"
    none_of_base = workload({}, {"unit": "公路局", "tasks": 2, "applicable": 0})
    said = "2 个单位承担任务（其中 1 个有适用任务）。"
    assert progress.standing(none_of_base, judged=True) == said
    one = workload({})
    assert progress.standing(one, judged=True) == "厅法规处承担 36 项任务，折算 20.3 项。"
    one_late = workload({}, {"unit": "厅运输处", "tasks": 2, "overdue": 1})
    assert progress.standing(one_late, judged=True).endswith("；1 个单位有逾期（厅运输处）。")
    assert progress.standing(workload(), judged=True) == "所选范围内没有责任单位"


def test_the_lowest_of_each_class_is_named_and_the_unranked_are_not():
    found = workload(
        {},
        {"unit": "厅运输处", "done_rate": 20.0},
        {"unit": "厅海事处", "done_rate": 20.0},
        {"unit": "厅办公室", "done_rate": 0.0, "is_ranked": False},
        {"unit": "公路局", "class": "厅属单位", "done_rate": 10.0},
        {"unit": "海事局", "class": "厅属单位", "done_rate": 30.0, "applicable": 10},
        {"unit": "五市", "class": "集体", "done_rate": 0.0},
    )
    assert progress.standing(found, judged=True) == (
        "7 个单位承担任务；完成率最低的，厅机关处室是厅运输处等 2 个（20%），厅属单位是公路局（10%）。"
    )


def test_a_shared_first_place_is_said_to_be_shared():
    equal = workload({}, {"unit": "厅运输处"}, {"unit": "公路局", "tasks": 2})
    said = progress.standing(equal, judged=False)
    assert said == "3 个单位承担任务，厅法规处等 2 个并列最多（各 36 项）。"


# 逾期预警


def ages(*tasks: int) -> pd.DataFrame:
    return pd.DataFrame({"age": ["1–30 天", "31–60 天", "61–90 天", "90 天以上"], "tasks": tasks})


def test_overdue():
    total = completion({"behind": 5, "not_reported": 7}).iloc[0]
    three = "三种信号分别判断，同一任务可能同时有几种。"
    assert progress.overdue(ages(1, 0, 2, 3), total, SEPTEMBER) == (
        f"截至 9 月 30 日，逾期 6 项，其中 3 项超过 90 天；滞后 5 项，9 月未报送 7 项。{three}"
    )
    assert progress.overdue(ages(0, 0, 0, 0), total, SEPTEMBER) == (
        f"截至 9 月 30 日，没有逾期任务；滞后 5 项，9 月未报送 7 项。{three}"
    )


def test_overdue_without_tasks_or_without_progress():
    nothing = ages(0, 0, 0, 0)
    asks_for_less = "所选范围内没有基本任务，请放宽筛选条件。"
    assert progress.overdue(nothing, None, SEPTEMBER) == asks_for_less
    untold = completion({"has_progress": False}).iloc[0]
    assert progress.overdue(nothing, untold, SEPTEMBER) == progress.NO_PROGRESS


DUE = {"effective_due_on": pd.Timestamp(2020, 12, 31), "tasks": 59}


def test_due_dates():
    spread = rows({}, {"effective_due_on": pd.Timestamp(2020, 4, 30), "tasks": 1}, of=DUE)
    assert progress.due_dates(spread) == "期限集中在 2020-12-31（59 项）"
    assert progress.due_dates(rows({}, of=DUE)) == "有期限的 59 项都在 2020-12-31 到期"


def test_titles_say_where_late_tasks_completion_and_load_are():
    assert progress.ages(ages(0, 0, 0, 0)) == "没有逾期任务"
    assert progress.ages(ages(0, 0, 2, 0)).startswith("逾期 2 项，都逾期 ")
    assert progress.ages(ages(1, 0, 3, 0)).endswith("最多（3 项）")

    units = pd.DataFrame(
        {
            "unit": ["甲处", "乙处", "丙处"],
            "done": [5, 5, 0],
            "applicable": [10, 10, 10],
            "done_rate": [50.0, 50.0, 0.0],
            "fewest_for_percent": 5,
        }
    )
    assert progress.rates(units, "unit") == "甲处等 2 个完成率最高（50%），丙处最低（0%）"
    assert progress.rates(units[:2], "unit") == "甲处等 2 个完成率都是 50%"
    assert progress.rates(units[:1], "unit") == "甲处完成 50%"
    few = units.assign(done=[1, 1, 0], applicable=[2, 2, 1])
    assert progress.rates(few, "unit") == "甲处等 2 个完成率最高（1/2），丙处最低（0/1）"
    # Ties of different numbers of tasks have no fraction in common.
    few = units.assign(done=[1, 2, 0], applicable=[2, 4, 1])
    assert progress.rates(few[:2], "unit") == "甲处等 2 个完成率都是 50%"
    assert progress.rates(units.assign(done_rate=float("nan")), "unit") == "没有适用任务"

    cells = pd.DataFrame(
        {"unit": ["甲处", "乙处", "丙处"], "short_name": ["承诺"] * 3, "tasks": [3, 3, 1]}
    )
    assert progress.densest(cells) == "任务最集中在“承诺”：甲处等 2 个单位各 3 项"
    assert progress.densest(cells[2:]) == "任务最集中在“承诺”：丙处 1 项"
    assert progress.busiest(cells) == "任务数：甲处等 2 个并列最多（各 3 项）"


def test_a_scheme_gives_points_that_the_ledger_does_not_state():
    assert "未设分值" not in progress.bonus_penalty(claims({}), scored=True)


# 加分扣分

CLAIMS = {"kind": "bonus", "state": "未申报", "points": float("nan"), "full_points": float("nan")}


def claims(*given: dict[str, Any]) -> pd.DataFrame:
    return rows(*given, of=CLAIMS)


def test_bonus_penalty():
    every = claims(
        {"state": "已认定", "points": 2.0},
        {"state": "已申报"},
        {},
        {"kind": "penalty", "state": "已触发"},
        {"kind": "penalty", "state": "未触发"},
    )
    assert progress.bonus_penalty(every) == (
        "加分项 3 项：已认定 1 项，已申报待认定 1 项；扣分项 2 项：已触发 1 项。"
    )
    no_points = "台账未设分值，不计算得分。"
    assert progress.bonus_penalty(claims({})) == (
        f"加分项 1 项：已认定 0 项，已申报待认定 0 项；{no_points}"
    )
    only_penalty = claims({"kind": "penalty", "state": "未触发"})
    assert progress.bonus_penalty(only_penalty) == f"扣分项 1 项：已触发 0 项；{no_points}"
    assert progress.bonus_penalty(claims()) == "这份台账没有加分项和扣分项。"


# 谁没报与催办


@dataclass(frozen=True)
class Month:
    start: date = date(2020, 9, 1)
    day: date = SEPTEMBER
    known_on: date = date(2020, 10, 20)


RETURNS = {
    "unit_id": "1",
    "unit": "厅法规处",
    "class": "厅机关处室",
    "state": "on_time",
    "tasks_due": 3,
    "reported": 3,
    "late": 0,
    "missing": 0,
    "overdue_tasks": 0,
    "due_soon_tasks": 0,
    "due_by": pd.Timestamp(2020, 10, 5),
}
OWED = {
    "unit_id": "1",
    "task": "印发年度要点。",
    "number": 4,
    "deadline_text": "",
    "due_on": pd.Timestamp(2020, 12, 31),
    "effective_due_on": pd.Timestamp(2020, 12, 31),
    "extended_to": pd.NaT,
    "extended_late": False,
    "overdue_days": pd.NA,
    "days_left": 92,
    "is_reported": False,
    "is_overdue": False,
    "is_due_soon": False,
    "missed_in_words": None,
}
SEVERAL = (
    [{}] * 13 + [{"state": "late"}] * 2 + [{"state": "partly"}] * 3 + [{"state": "missing"}] * 5
)


def returns_said(*given: dict[str, Any], month: Month = Month(), **how: bool) -> str:
    how = {"filtered": False, "has_progress": True} | how
    return returns.month_returns(rows(*given, of=RETURNS), month, **how)


def test_who_reported_in_a_month():
    several = "9 月应报 23 个单位，已报 15 个（其中迟报 2 个），部分报送 3 个，未报 5 个"
    assert returns_said(*SEVERAL) == f"{several}。"
    for known_on, early in ((date(2020, 10, 5), True), (date(2020, 10, 6), False)):
        said = returns_said(*SEVERAL, month=Month(known_on=known_on))
        untold = "9 月未到报送截止日（10 月 5 日），不判断谁没报。"
        assert said == (untold if early else f"{several}。")
    assert returns_said({}, {}) == "9 月应报 2 个单位，都已报全。"
    assert returns_said({"state": "late"}) == "9 月应报 1 个单位，都已报全（其中迟报 1 个）。"
    assert (
        returns_said({"state": "missing"})
        == "9 月应报 1 个单位，已报 0 个，部分报送 0 个，未报 1 个。"
    )
    assert returns_said({"state": "missing"}, has_progress=False) == (
        "9 月应报 1 个单位；这份台账还没有任何进展填报，因此不判断谁没报。"
    )
    assert returns_said() == "9 月没有应报送的任务：适用的任务都在月初之前完成了。"
    assert returns_said(filtered=True) == "所选范围内没有 9 月应报送的任务，请放宽筛选条件。"


def test_in_which_class_most_have_not_reported_everything():
    centre = {"class": "厅属单位"}
    given = [
        {"state": "partly"},
        centre | {"state": "missing"},
        centre | {"state": "partly"},
        centre,
    ]
    said = returns.returns_by_class(rows(*given, of=RETURNS))
    assert said == "厅属单位没有报全的最多（2 个单位）"
    assert returns.returns_by_class(rows(*given[1:], of=RETURNS)) == (
        "没有报全的 2 个单位都是厅属单位"
    )
    assert returns.returns_by_class(rows({}, centre, of=RETURNS)) == "2 个单位都已报全"


def test_whether_a_month_is_closed():
    lock = {
        "outcome": "closed",
        "reason": "",
        "recorded_at": pd.Timestamp(2020, 10, 8, 9, 5),
        "recorded_by": "张三",
        "entered_after": 0,
    }
    month = date(2020, 9, 1)
    assert returns.month_lock(rows(of=lock), month) == "9 月没有锁定。"
    assert returns.month_lock(rows({}, of=lock), month) == "9 月已锁定：张三，2020-10-08 09:05。"
    opened = {"outcome": "reopened", "reason": "补报", "recorded_by": "李四"}
    assert returns.month_lock(rows(opened, {"entered_after": 3}, of=lock), month) == (
        "9 月已解锁：李四，2020-10-08 09:05，理由：补报。锁定后补记 3 条。"
    )


def urging(
    returned: dict[str, Any], *owed: dict[str, Any], month: Month = Month()
) -> returns.Letter:
    (row,) = rows(returned, of=RETURNS).itertuples()
    others = {"unit_id": "2", "task": "别的单位的任务。"}
    return returns.urging(row, rows(*owed, others, of=OWED), month, "某省台账", 30)


def test_a_letter_lists_each_task_once_the_unreported_first():
    due = {"effective_due_on": pd.Timestamp(2020, 10, 8), "days_left": 8, "is_due_soon": True}
    late = {
        "effective_due_on": pd.Timestamp(2020, 7, 31),
        "overdue_days": 61,
        "days_left": pd.NA,
        "is_overdue": True,
    }
    letter = urging(
        {
            "reported": 2,
            "late": 1,
            "missing": 2,
            "tasks_due": 4,
            "overdue_tasks": 2,
            "due_soon_tasks": 1,
        },
        {
            "missed_in_words": "每周至少1次，还缺39周",
            "effective_due_on": pd.NaT,
            "deadline_text": "常态化推进",
        },
        late | {"task": "公示\n结果；", "number": 7},
        late | {"number": 8, "is_reported": True},
        due | {"number": 9, "is_reported": True},
    )
    assert letter.text == "\n".join(
        [
            "关于报送2020年9月工作进展的催办函",
            "",
            "厅法规处：",
            "根据《某省台账》，你单位2020年9月应报送4项任务的进展，报送截止日为2020年10月5日。"
            "现已报2项（其中1项在截止日之后报送），未报2项。"
            "截至2020年9月30日，应报任务中逾期2项、30天内到期1项。",
            "",
            "一、未报送进展的任务（2项）",
            "1.印发年度要点（台账第4项，期限常态化推进，每周至少1次，还缺39周）。",
            "2.公示结果（台账第7项，期限2020年7月31日，已逾期61天）。",
            "",
            "二、已报送、但已逾期的任务（1项）",
            "1.印发年度要点（台账第8项，期限2020年7月31日，已逾期61天）。",
            "",
            "三、已报送、30天内到期的任务（1项）",
            "1.印发年度要点（台账第9项，期限2020年10月8日，还有8天到期）。",
            "",
            "请于2020年11月5日前报送未报任务的进展（填报表附后）；"
            "逾期任务请于2020年11月5日前说明原因和预计完成时间；"
            "即将到期的任务请按期完成，确需延期的请在期限之前提出申请。"
            "报送至：〔接收单位和方式〕；联系人：〔姓名〕，电话：〔号码〕。",
            "",
            "〔印发单位〕",
            "〔　　年　月　日〕",
        ]
    )


def test_a_letter_before_the_due_day_and_one_to_a_unit_that_reported():
    early = urging({"reported": 2, "missing": 1}, {}, month=Month(known_on=date(2020, 10, 5)))
    assert "2020年10月5日（尚未到截止日）" in early.opening
    assert early.closing.startswith("请于2020年10月5日前报送未报任务的进展（填报表附后）。")
    late = urging({"state": "late", "late": 1})
    assert late.title == "关于按时报送工作进展的催办函"
    assert "现已报3项（其中1项在截止日之后报送），全部报齐。" in late.opening
    assert late.lists == ()
    assert late.closing.startswith("请今后在截止日之前报送；有关情况请于")
    today = {"is_reported": True, "is_due_soon": True, "days_left": 0}
    reported = urging({"due_soon_tasks": 1}, today)
    assert reported.title == "关于抓紧办理台账任务的催办函"
    assert [heading for heading, _ in reported.lists] == ["已报送、30天内到期的任务（1项）"]
    assert "当日到期" in reported.text


def test_letters_that_say_the_same_are_one_to_all_their_units():
    one = urging({"missing": 1}, {})
    other, differing = replace(one, unit="厅办公室"), urging({"missing": 2}, {})
    first, second = returns.joined([one, other, differing])
    assert first.unit == "厅法规处、厅办公室"
    assert (first.opening, second.opening) == (one.opening, differing.opening)


def test_the_office_stands_in_the_letter_and_in_the_text_for_a_group():
    letter = urging({"reported": 2, "missing": 1, "overdue_tasks": 1}, {"is_overdue": True})
    assert letter.brief == (
        "【催办】厅法规处：未报 1 项（第 4 项），逾期 1 项（第 4 项）。"
        "请于2020年11月5日前报送未报任务的进展（填报表附后）；"
        "逾期任务请于2020年11月5日前说明原因和预计完成时间。"
    )
    (row,) = rows({"missing": 1}, of=RETURNS).itertuples()
    office = OfficeDetails("省厅法规处", "法规处邮箱", "张三", "0951-1")
    named = returns.urging(row, rows({}, of=OWED), Month(), "某省台账", 30, office)
    assert named.closing.endswith("报送至：法规处邮箱；联系人：张三，电话：0951-1。")
    assert named.signature[0] == "省厅法规处"
    assert named.brief.endswith("联系人：张三，0951-1。")


def test_the_short_text_speaks_to_whom_the_unit_named_and_a_late_extension_is_marked():
    (row,) = rows({"missing": 1}, of=RETURNS).itertuples()
    extended = {
        "due_on": pd.Timestamp(2020, 4, 30),
        "effective_due_on": pd.Timestamp(2020, 11, 30),
        "extended_to": pd.Timestamp(2020, 11, 30),
        "extended_late": True,
    }
    owed = rows(extended, extended | {"extended_late": False}, of=OWED)
    letter = returns.urging(row, owed, Month(), "某省台账", 30, contact="王敏 0951-1")
    assert letter.brief.startswith("【催办】厅法规处（王敏 0951-1）：未报 2 项")
    ((_, (late, in_time)),) = letter.lists
    assert "期限2020年11月30日（补批延期，原定2020年4月30日）" in late
    assert "期限2020年11月30日（已延期，原定2020年4月30日）" in in_time


def test_units_with_overdue_tasks_are_urged_though_they_reported():
    listed = rows(
        {"unit": "未报", "state": "missing"},
        {"unit": "逾期", "state": "on_time", "overdue_tasks": 1},
        {"unit": "临期", "state": "on_time", "due_soon_tasks": 1},
        {"unit": "都好", "state": "on_time"},
        of=RETURNS,
    )
    assert returns.to_be_urged(listed).unit.tolist() == ["未报", "逾期", "临期"]
    assert returns.to_be_urged(listed, is_due=False).unit.tolist() == ["逾期", "临期"]


def test_why_a_unit_is_urged_about_a_task():
    (row,) = rows({"is_overdue": True}, of=OWED).itertuples()
    assert returns.urged_for(row) == "未报送、逾期"
    (row,) = rows({"is_reported": True, "is_due_soon": True}, of=OWED).itertuples()
    assert returns.urged_for(row) == "即将到期"
