"""单位任务: what a unit has, owes and got back, and its rank with the reason, at its own address."""

from __future__ import annotations

from on_screen import headline, messages, table, text, tiles

from findings import unit as findings
from screens.frame.menu import successor

AUTUMN = "2020-09-30"


def test_a_unit_has_an_address_of_its_own(visit, figures):
    at = visit("unit", demo=True, as_of=AUTUMN, focus="厅运输处")
    assert not at.exception
    units = figures("unit_workload")
    own = units.set_index("unit", drop=False).loc["厅运输处"]
    tasks = figures("unit_tasks", unit="厅运输处")
    assert headline(at) == findings.headline(own, tasks, 0, 30, judged=True)
    assert headline(at).startswith(
        f"厅运输处承担 {own.tasks} 项任务，适用任务完成 13/27，没有逾期，"
    )
    shown = tiles(at)
    assert shown["承担任务"] == f"{own.tasks} 项"
    assert shown["名次"] == f"{int(own.rank_in_class)}/{int(own.units_in_class)}"
    assert findings.rank_of(own, units) in text(at)
    assert list(table(at, "unit_tasks")["number"]) == list(tasks.number)
    urgent = findings.open_until(tasks, 30)
    assert f"逾期和 30 天内到期 {len(urgent)} 项" in text(at)


def test_what_the_office_returned_is_listed_with_its_reason(visit, figures):
    completions = figures("reported_completions", row_limit=999)
    returned = completions[completions.state == "returned"].iloc[0]
    assert returned.unit == "整项任务"
    at = visit("unit", demo=True, as_of=AUTUMN, focus=returned.units.split("、")[0])
    assert tiles(at)["退办待改"] == "1 项"
    listed = next(each.value for each in at.dataframe if "退办理由" in each.value)
    assert list(listed["编号"]) == [returned.number]
    assert list(listed["退办理由"]) == [returned.reason]


def test_member_of_a_collective_shows_where_its_tasks_come_from(visit, figures):
    member = "固原市交通运输局"
    at = visit("unit", demo=True, as_of=AUTUMN, focus=member)
    tasks = figures("unit_tasks", unit=member, expanded=True)
    assert tasks.collective.notna().any()
    assert list(table(at, "unit_tasks")["collective"]) == list(tasks.collective.fillna(""))


def test_without_progress_nothing_is_judged(visit):
    at = visit("unit", focus="厅办公室")
    assert not at.exception
    assert {tiles(at)[name] for name in ("完成率", "名次", "逾期", "未报送")} == {"未填报"}
    assert any("怎样录入进展" in each for each in messages(at))


def test_the_unit_that_other_pages_are_narrowed_to_comes_first(visit):
    at = visit("overview", demo=True, as_of=AUTUMN, unit="厅海事处")
    at.switch_page("pages/unit.py").run()
    assert at.selectbox(key="focus").value == "厅海事处"


def test_former_addresses_lead_to_the_pages_that_took_them_over():
    assert successor("workload", {}) == ("units", {})
    assert successor("workload", {"focus": "厅办公室"}) == ("unit", {})
    assert successor("units", {}) is None


def test_every_kind_of_rank_is_worded(figures):
    # The rank is of every kind: alone in its class, too few tasks, shared, first and last.
    units = figures("unit_workload")
    words = [findings.rank_of(row, units) for _, row in units.iterrows()]
    assert any("并列" in each for each in words)
    assert any("列出不排名" in each for each in words)
    assert any("前一名" in each for each in words)
    assert not any(".0" in each or "nan" in each for each in words)


def test_units_that_share_the_rank_ahead_are_all_named(figures):
    units = figures("unit_workload")
    third, *ahead = [
        units[(units["class"] == "厅机关处室") & units.is_ranked].iloc[n] for n in (0, 1, 2)
    ]
    for unit, rank in ((third, 3), *((each, 1) for each in ahead)):
        units.loc[units.unit == unit.unit, "rank_in_class"] = rank
    named = "、".join(each.unit for each in ahead)
    peers = units[units.unit.isin([third.unit, *(each.unit for each in ahead)])]
    said = findings.rank_of(units[units.unit == third.unit].iloc[0], peers)
    assert f"，前一名{named}并列（" in said
