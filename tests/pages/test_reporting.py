"""谁没报: who reported in a month, the letters to the others, and the closing of the month."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pandas as pd
import pytest
from docx import Document
from on_screen import charts, headline, labelled, messages, table, text, tiles

import metrics
from documents import Context
from findings import returns as return_findings
from metrics import Scope
from screens import parts
from warehouse import open_office
from warehouse.entries.records import add_report
from words import RETURN_STATES, UNIT_CLASSES

AUTUMN, YEAR_END = "2020-09-30", "2020-12-31"
SILENT = "固原市交通运输局"
ENDED = "厅办公室"
"""Reported its one task in September and has nothing due."""


def month_of(day: str) -> dict[str, date]:
    """The values of the questions about the month of this day."""
    start = date.fromisoformat(day).replace(day=1)
    return {"month_start": start, "eve": start - timedelta(days=1)}


def month(day: str, known_on: str = "2026-11-22") -> parts.ReportMonth:
    end = date.fromisoformat(day)
    return parts.ReportMonth(end.replace(day=1), end, date.fromisoformat(known_on))


@pytest.fixture
def september(figures):
    return figures("month_returns", AUTUMN, **month_of(AUTUMN))


@pytest.fixture
def today_is(monkeypatch):
    """Lets the page believe it is another day."""

    def set_day(day: str) -> None:
        monkeypatch.setattr("screens.frame.months.today", lambda: date.fromisoformat(day))

    return set_day


def letter(figures, unit: str, day: str = AUTUMN) -> return_findings.Letter:
    returned = figures("month_returns", day, **month_of(day)).set_index("unit", drop=False)
    tasks = figures("unreported_tasks", day, unit=None, **month_of(day))
    title = figures("ledgers").title[0]
    return return_findings.urging(returned.loc[unit], tasks, month(day), title, 30)


# Who reported


@pytest.mark.parametrize("day", ["2020-01-31", "2020-08-31", AUTUMN, YEAR_END])
def test_headline_tiles_chart_and_table_are_the_answer(visit, figures, day):
    at = visit("reporting", demo=True, as_of=YEAR_END, month=day[:7])
    assert not at.exception
    returns = figures("month_returns", day, **month_of(day))
    states = Counter(returns.state)
    assert headline(at) == return_findings.month_returns(
        returns, month(day), filtered=False, has_progress=True
    )
    assert tiles(at) == {
        "应报单位": f"{len(returns)} 个",
        "按时报送": f"{states['on_time']} 个",
        "迟报": f"{states['late']} 个",
        "部分报送": f"{states['partly']} 个",
        "未报": f"{states['missing']} 个",
        "未报项次": f"{returns.missing.sum():,}",
    }
    shown = next(each.value for each in at.dataframe if "应报任务" in each.value)
    assert list(shown["单位"]) == list(returns.unit)
    assert list(shown["报送情况"]) == [RETURN_STATES[state] for state in returns.state]
    for label, column in (
        ("应报任务", "tasks_due"),
        ("已报", "reported"),
        ("迟报", "late"),
        ("未报", "missing"),
        ("逾期任务", "overdue_tasks"),
        ("即将到期", "due_soon_tasks"),
    ):
        assert list(shown[label]) == list(returns[column]), label
    drawn = {
        (name, part["name"]): count
        for part in charts(at)[0]["data"]
        for name, count in zip(part["y"], part["x"], strict=True)
        if count
    }
    assert drawn == Counter(zip(returns["class"], returns.state.map(RETURN_STATES), strict=True))
    from_the_top = charts(at)[0]["data"][0]["y"][::-1]
    assert from_the_top == [name for name in UNIT_CLASSES if name in set(returns["class"])]
    assert f"按 {day} 的情况判断" in text(at)


def test_the_month_is_that_of_the_day_until_another_is_chosen(visit):
    at = visit("reporting", demo=True, as_of=AUTUMN)
    assert at.selectbox(key="month").value == "2020-09"
    # No month after 截至日期 can be seen.
    assert at.selectbox(key="month").options == [f"2020-0{n}" for n in range(9, 0, -1)]
    at.selectbox(key="month").select("2020-03").run()
    assert headline(at).startswith("3 月应报")
    at.sidebar.button_group(key="quick_pick").set_value("上半年末").run()
    assert at.selectbox(key="month").value == "2020-06"
    assert headline(at).startswith("6 月应报")


@pytest.mark.parametrize("named", ["2020-11", "2020-13", "九月", ""])
def test_an_address_with_no_such_month_shows_the_newest(visit, named):
    at = visit("reporting", demo=True, as_of=AUTUMN, month=named)
    assert not at.exception
    assert headline(at).startswith("9 月应报")


def test_the_running_month_is_judged_as_far_as_the_day(visit, figures):
    at = visit("reporting", demo=True, as_of="2020-09-20")
    returns = figures("month_returns", "2020-09-20", **month_of(AUTUMN))
    assert tiles(at)["未报项次"] == f"{returns.missing.sum():,}"
    assert returns.missing.sum() > figures("month_returns", **month_of(AUTUMN)).missing.sum()


def test_before_the_return_day_is_over_no_unit_is_counted_or_urged(visit, figures, today_is):
    said = "9 月未到报送截止日（10 月 5 日），不判断谁没报。"
    today_is("2020-10-05")
    at = visit("reporting", demo=True, as_of=AUTUMN)
    assert not at.exception
    assert headline(at) == said
    assert not at.metric
    assert not charts(at)
    assert not at.code
    owed = next(each.value for each in at.dataframe if "应报任务" in each.value)
    assert list(owed.columns) == ["单位", "类别", "应报任务"]
    assert list(owed["单位"]) == list(figures("month_returns", **month_of(AUTUMN)).unit)
    today_is("2020-10-06")
    at = visit("reporting", demo=True, as_of=AUTUMN)
    assert "未到报送截止日" not in headline(at)
    assert tiles(at)
    assert at.code


def test_what_was_entered_later_is_left_out_when_asked(visit, own_data, figures):
    del own_data
    day, known = "2020-08-31", datetime(2020, 9, 6, 23, 59, 59, 999999)
    address = {"as_known": "true", "known_on": "2020-09-06"}
    warehouse = open_office(demonstration=True).warehouse
    owed = figures("unreported_tasks", day, unit=None, **month_of(day)).query("not is_reported")
    add_report(
        warehouse,
        owed.task_id.iloc[0],
        unit_id=owed.unit_id.iloc[0],
        state="in_progress",
        effective_on=date.fromisoformat(day),
        recorded_by="测",
    )
    at = visit("reporting", demo=True, as_of=day, **address)
    ledger_id = UUID(str(metrics.ask(warehouse, "ledgers").ledger_id[0]))
    scope = Scope(ledger_id, date.fromisoformat(day), known_at=known)
    returns = metrics.ask(warehouse, "month_returns", scope, **month_of(day))
    assert tiles(at)["未报项次"] == f"{returns.missing.sum():,}"
    assert returns.missing.sum() > figures("month_returns", day, **month_of(day)).missing.sum()
    # The return day of September had not come at its end.
    address = {"as_known": "true", "known_on": AUTUMN}
    at = visit("reporting", demo=True, as_of=AUTUMN, **address)
    assert headline(at).startswith("9 月未到报送截止日")
    assert not at.metric
    assert not [button for button in at.button if button.label in ("锁定本月", "解锁")]


def test_filters_keep_units_members_of_collectives_and_indicators(visit, figures):
    at = visit("reporting", demo=True, as_of=AUTUMN, unit=["厅法规处", "五市交通运输局"])
    chosen = figures("month_returns", units=("厅法规处", "五市交通运输局"), **month_of(AUTUMN))
    assert set(chosen.unit) > {"厅法规处", SILENT}
    assert len(chosen) == 6
    assert tiles(at)["应报单位"] == "6 个"
    assert at.selectbox(key="urged").options == list(chosen.unit)
    at = visit("reporting", demo=True, as_of=AUTUMN, level1="事中信用评价")
    rated = figures("month_returns", level1s=("加强事中信用评价",), **month_of(AUTUMN))
    assert tiles(at)["未报项次"] == f"{rated.missing.sum():,}"
    at = visit("reporting", demo=True, as_of=AUTUMN, kind="加分项")
    assert headline(at) == "所选范围内没有 9 月应报送的任务，请放宽筛选条件。"
    assert not charts(at)


def test_a_ledger_without_progress_is_not_judged(visit, figures):
    at = visit("reporting", as_of=AUTUMN)
    assert not at.exception
    owed = figures("month_returns", demo=False, **month_of(AUTUMN))
    assert headline(at) == (
        f"9 月应报 {len(owed)} 个单位；这份台账还没有任何进展填报，因此不判断谁没报。"
    )
    assert any("怎样录入进展" in message for message in messages(at))
    assert not at.metric
    assert not charts(at)
    assert not at.code
    shown = next(each.value for each in at.dataframe if "应报任务" in each.value)
    assert list(shown.columns) == ["单位", "类别", "应报任务"]
    assert list(shown["应报任务"]) == list(owed.tasks_due)


def test_a_month_in_which_nothing_is_left_to_report(visit, own_data, figures):
    del own_data
    warehouse = open_office(demonstration=True).warehouse
    listed = figures("task_list", YEAR_END, signal="all", row_limit=999)
    for task_id in listed[listed.kind == "base"].task_id:
        add_report(
            warehouse, task_id, state="done", effective_on=date(2020, 11, 30), recorded_by="测"
        )
    at = visit("reporting", demo=True, as_of=YEAR_END)
    assert headline(at) == "12 月没有应报送的任务：适用的任务都在月初之前完成了。"
    assert not at.exception


# 催办


def test_a_chosen_unit_has_its_letter_and_its_tasks(visit, figures, september):
    at = visit("reporting", demo=True, as_of=AUTUMN, urged=SILENT)
    assert at.code[0].value == letter(figures, SILENT).text
    own = figures("unreported_tasks", unit=None, **month_of(AUTUMN)).query("unit == @SILENT")
    assert list(table(at, "urged_tasks")["number"]) == list(own.number)
    assert len(own) == september.set_index("unit").missing[SILENT]
    for row in own.itertuples():
        assert row.task.rstrip("。") in at.code[0].value
    another = "厅法规处"
    at.selectbox(key="urged").select(another).run()
    assert at.code[0].value == letter(figures, another).text
    overdue = figures("unreported_tasks", unit=None, **month_of(AUTUMN)).query(
        "unit == @another and is_overdue"
    )
    assert list(overdue.number) == [4]
    shown = table(at, "urged_tasks").set_index("number").urged
    assert shown[4] == "逾期"
    assert set(shown.drop(4)) == {"未报送"}


def test_a_unit_with_nothing_left_to_do_is_not_urged(visit):
    at = visit("reporting", demo=True, as_of=AUTUMN, urged=ENDED)
    assert at.success[0].value.startswith(ENDED)
    assert "没有需要催办的任务" in at.success[0].value
    assert not at.code


def addressees(letter: list[str]) -> str:
    """Whom a letter is to: at its head, or where they are many below its signature."""
    listed = [line.removeprefix("主送：") for line in letter if line.startswith("主送：")]
    return listed[0] if listed else letter[1].removesuffix("：")


def test_all_letters_in_one_file_say_what_the_page_says(visit, figures, monkeypatch):
    made = {}

    def remember(_view, label, name, make, *, key, asks):
        assert asks
        made[key] = (label, name, make)

    monkeypatch.setattr(parts, "download_file", remember)
    day = "2020-01-31"
    visit("reporting", demo=True, as_of=day)
    returns = figures("month_returns", day, **month_of(day)).set_index("unit")
    tasks = figures("unreported_tasks", day, unit=None, **month_of(day))
    owing = returns[
        (returns.state != "on_time") | (returns.overdue_tasks > 0) | (returns.due_soon_tasks > 0)
    ]
    assert 0 < len(owing) < len(returns)
    label, name, make = made["letters"]
    assert label == f"下载全部催办函（{len(owing)} 个单位）"
    assert name.endswith(".zip")
    context = Context("台账", "第 1 版", date(2020, 1, 31), "无", 5, True, datetime(2026, 11, 22))
    with zipfile.ZipFile(BytesIO(make(context))) as archive:
        document = Document(BytesIO(archive.read("催办函.docx")))
        assert len(archive.namelist()) == 1 + len(owing)
    lines = [paragraph.text for paragraph in document.paragraphs]
    starts = [n for n, line in enumerate(lines) if line == "关于报送2020年1月工作进展的催办函"]
    assert len(document.sections) == len(starts)
    # One letter to all units of which the same is asked.
    found = {
        unit: lines[start:end]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
        for unit in owing.index
        if f"、{unit}、" in f"、{addressees(lines[start:end])}、"
    }
    assert set(found) == set(owing.index)
    for unit, said in found.items():
        of_unit = owing.loc[unit]
        opening = said[2]
        counts = {
            "应报送": of_unit.tasks_due,
            "现已报": of_unit.reported,
            "未报": of_unit.missing,
        }
        for word, count in counts.items():
            assert re.search(rf"{word}(\d+)项", opening)[1] == str(count), (unit, word)
        assert ("逾期" in opening) == (of_unit.overdue_tasks > 0)
        own = tasks[(tasks.unit == unit)]
        numbers = [int(n) for n in re.findall(r"台账第(\d+)项", "".join(said))]
        assert set(numbers) <= set(own.number), unit
        left_out = len(own) - len(numbers)
        assert (f"其余{left_out}项见所附填报表。" in said) == (left_out > 0), unit
        heading = f"未报送进展的任务（{of_unit.missing}项）"
        (place,) = [n for n, line in enumerate(said) if line.removeprefix("一、") == heading]
        # What stands alone is not numbered.
        if not left_out:
            assert said[place].startswith("一、") == any(line.startswith("二、") for line in said)
            unreported = said[place + 1 :]
            assert all(re.match(r"\d+\.", line) for line in unreported[: of_unit.missing])


# 锁定


def lock(at, by: str = "", reason: str = "", *, press: str):
    labelled(at.text_input, "操作人").set_value(by)
    labelled(at.text_input, "理由").set_value(reason)
    labelled(at.button, press).click()
    return at.run()


def locks(demo: bool = True) -> pd.DataFrame:
    warehouse = open_office(demonstration=demo).warehouse
    ledger_id = UUID(str(metrics.ask(warehouse, "ledgers").ledger_id[0]))
    scope = Scope(ledger_id, date.fromisoformat(AUTUMN))
    return metrics.ask(warehouse, "month_locks", scope, month_start=date(2020, 9, 1))


def test_a_month_is_closed_and_opened_by_name_and_with_a_reason(visit, own_data):
    del own_data
    at = visit("reporting", demo=True, as_of=AUTUMN)
    assert "9 月没有锁定。" in text(at)
    lock(at, press="锁定本月")
    assert "请填写操作人。" in messages(at)
    assert locks().empty
    lock(at, "张三", press="锁定本月")
    assert not at.exception
    assert "9 月已锁定：张三" in text(at)
    assert list(locks().outcome) == ["closed"]
    lock(at, "李四", "  ", press="解锁")
    assert "解锁须写明理由。" in messages(at)
    assert "9 月已锁定：张三" in text(at)
    lock(at, "李四", "补报两项", press="解锁")
    assert re.search(r"9 月已解锁：李四，\S+ \S+，理由：补报两项。", text(at))
    found = locks()
    assert list(found.outcome) == ["reopened", "closed"]
    assert list(found.recorded_by) == ["李四", "张三"]
    listed = next(each.value for each in at.dataframe if "锁定后补记" in each.value)
    assert list(listed["操作"]) == ["解锁", "锁定"]
    # Another month is another matter.
    at.selectbox(key="month").select("2020-08").run()
    assert "8 月没有锁定。" in text(at)


def test_closing_before_the_return_day_is_asked_about_first(visit, own_data, today_is):
    del own_data
    today_is("2020-10-05")
    at = visit("reporting", demo=True, as_of=AUTUMN)
    lock(at, "张三", press="锁定本月")
    assert any("报送截止日（10 月 5 日）还没有过" in message for message in messages(at))
    assert locks().empty
    at.checkbox(key="lock_early_0").check()
    lock(at, "张三", press="锁定本月")
    assert list(locks().outcome) == ["closed"]
    # Opening it again is not early.
    lock(at, "张三", "单位还在报送", press="解锁")
    assert list(locks().outcome) == ["reopened", "closed"]


def test_entries_after_closing_are_counted(visit, own_data, figures):
    del own_data
    at = lock(visit("reporting", demo=True, as_of=AUTUMN), "张三", press="锁定本月")
    assert not re.search(r"锁定后补记 \d+ 条。", text(at))
    warehouse = open_office(demonstration=True).warehouse
    task_id = figures("task_list", signal="all", row_limit=9).task_id[0]
    for day in (date(2020, 9, 1), date(2020, 9, 30), date(2020, 10, 1)):
        add_report(warehouse, task_id, state="in_progress", effective_on=day, recorded_by="王五")
    at = visit("reporting", demo=True, as_of=AUTUMN)
    assert "9 月已锁定：张三" in text(at)
    assert "锁定后补记 2 条。" in text(at)


def test_a_month_of_the_office_without_progress_can_be_closed_too(visit, own_data):
    del own_data
    at = lock(visit("reporting", as_of=AUTUMN), "张三", "年终前封存", press="锁定本月")
    assert "理由：年终前封存。" in text(at)
    assert list(locks(demo=False).reason) == ["年终前封存"]
    assert locks(demo=True).empty


def test_a_reason_is_shown_as_it_was_written(visit, own_data):
    del own_data
    at = lock(visit("reporting", as_of=AUTUMN), "*张三*", ":red[急]", press="锁定本月")
    assert not at.exception
    assert r"\*张三\*" in text(at)
    assert r"\:red\[急\]" in text(at)
