"""进展填报 on screen: the unit's month as a grid, saved by one button, nothing lost and nothing hidden."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from on_screen import headline, labelled, messages, text
from streamlit.testing.v1 import AppTest

from warehouse import open_office
from warehouse.entries.records import add_report, close_month, decide_extension, request_extension

SEPTEMBER = "2020-09-30"
UNIT = "厅法规处"


@pytest.fixture
def grid(visit):
    def open_grid(*, demo: bool = False, unit: str = UNIT) -> AppTest:
        return visit("progress", demo=demo, as_of=SEPTEMBER, report_unit=unit)

    return open_grid


def rows(at: AppTest) -> pd.DataFrame:
    (editor,) = at.data_editor
    return editor.value


def type_in(at: AppTest, **cells: dict) -> AppTest:
    """`row_3={"state": "已完成"}`: what a person types into the fourth row."""
    (editor,) = at.data_editor
    at.session_state[editor.key] = {
        "edited_rows": {int(name.removeprefix("row_")): cell for name, cell in cells.items()},
        "added_rows": [],
        "deleted_rows": [],
    }
    return at.run()


def save(at: AppTest, author: str = "张三") -> AppTest:
    labelled(at.text_input, "填报人").set_value(author)
    labelled(at.button, "保存").click()
    return at.run()


def version() -> int:
    return open_office().warehouse.data_version


def month(figures, unit: str = UNIT, *, demo: bool = False) -> pd.DataFrame:
    return figures(
        "unit_month", SEPTEMBER, demo=demo, unit=unit,
        month_start=date(2020, 9, 1), eve=date(2020, 8, 31),
    )  # fmt: skip


def test_the_grid_lists_the_units_tasks_and_says_how_many_are_due(grid, figures):
    at = grid(demo=True)
    expected = month(figures, demo=True)
    assert list(rows(at)["number"]) == list(expected.number)
    due = expected[expected.must_report]
    assert f"应报 {len(due)} 项" in headline(at)
    assert labelled(at.button, "保存").disabled


@pytest.mark.usefixtures("own_data")
def test_what_is_typed_is_one_write_and_stands(grid, figures):
    at = grid()
    before = version()
    type_in(
        at,
        row_0={"state": "进行中", "percent": 40, "narrative": "已印发", "problem": "缺人手"},
        row_2={"state": "已完成", "title": "年度要点", "evidence_on": "2020-09-01"},
    )
    assert "**2 行修改尚未保存**" in text(at)
    save(at)
    assert not at.exception
    assert "已保存 2 项任务的填报。" in [box.value for box in at.success]
    assert version() == before + 1
    assert "没有未保存的修改。" in text(at)
    stands = month(figures)
    assert (stands.now_state[0], stands.now_percent[0], stands.now_narrative[0]) == (
        "in_progress", 40, "已印发",
    )  # fmt: skip
    assert stands.now_problem[0] == "缺人手"
    assert set(stands.now_recorded_by.dropna()) == {"张三"}
    assert stands[stands.now_state == "done"].evidence.tolist() == [1]


@pytest.mark.usefixtures("own_data")
@pytest.mark.parametrize(
    ("cells", "author", "sentence"),
    [
        ({"state": "进行中"}, " ", "请填写填报人。"),
        ({"narrative": "开会研究"}, "张三", "项写了进展，但没有选状态"),
        ({"state": "已完成", "percent": 80}, "张三", "状态为已完成时进度应为 100，填的是 80"),
        ({"title": "", "link": "http://x"}, "张三", "项的佐证材料没有名称"),
        ({"occurred_on": "2020-09-10"}, "张三", "请再填当日完成次数"),
        ({"times": 1}, "张三", "请填写频次完成日期"),
    ],
)
def test_what_cannot_be_stored_is_one_sentence_and_nothing_changes(grid, cells, author, sentence):
    at = grid()
    before = version()
    number = int(rows(at)["windows"].ne("").to_numpy().argmax())
    type_in(at, **{f"row_{number}": cells})
    save(at, author)
    assert not at.exception
    (said,) = [error.value for error in at.error]
    assert sentence in said
    assert version() == before
    assert "**1 行修改尚未保存**" in text(at)


@pytest.mark.usefixtures("own_data")
def test_a_duty_without_a_frequency_is_not_counted(grid):
    at = grid()
    number = int(rows(at)["windows"].eq("").to_numpy().argmax())
    type_in(at, **{f"row_{number}": {"times": 2, "occurred_on": "2020-09-10"}})
    save(at)
    assert "没有频次要求" in at.error[0].value


@pytest.mark.usefixtures("own_data")
def test_times_done_are_counted_in_their_window(grid, figures):
    at = grid()
    number = int(rows(at)["windows"].str.contains("每季度").to_numpy().argmax())
    type_in(at, **{f"row_{number}": {"times": 1, "occurred_on": "2020-09-10"}})
    task = rows(at)["number"][number]
    save(at)
    stands = month(figures).set_index("number")
    assert "已完成 1 次" in stands.windows[task]
    assert not stands.window_due[task]


@pytest.mark.usefixtures("own_data")
def test_what_was_typed_survives_a_look_at_another_unit(grid):
    at = grid()
    type_in(at, row_0={"state": "进行中", "narrative": "写了一半"})
    labelled(at.selectbox, "填报单位").set_value("厅建管处").run()
    assert any("还有未保存的修改：厅法规处 2020 年 9 月" in said for said in messages(at))
    labelled(at.selectbox, "填报单位").set_value(UNIT).run()
    assert rows(at)["narrative"][0] == "写了一半"
    assert "**1 行修改尚未保存**" in text(at)
    labelled(at.button, "放弃修改").click().run()
    assert rows(at)["narrative"][0] == ""
    assert "没有未保存的修改。" in text(at)


@pytest.mark.usefixtures("own_data")
def test_two_people_saving_the_same_task_are_both_kept_and_both_told(grid, figures):
    first = grid()
    second = grid()
    type_in(first, row_0={"state": "进行中", "percent": 30})
    type_in(second, row_0={"state": "进行中", "percent": 50})
    number = rows(first)["number"][0]
    save(first, "张三")
    save(second, "李四")
    (said,) = [box.value for box in second.success]
    assert f"第 {number} 项有人先保存了填报；两条都已保留，以后保存的您这条为准。" in said
    first.run()
    assert any(
        f"第 {number} 项：您保存之后，李四 于" in said and "以后一条为准" in said
        for said in messages(first)
    )
    stands = month(figures).set_index("number")
    assert (stands.now_percent[number], stands.now_recorded_by[number]) == (50, "李四")
    history = figures("task_history", SEPTEMBER, demo=False, task_id=stands.task_id[number])
    assert len(history) == 2


@pytest.mark.usefixtures("own_data")
def test_another_units_entry_is_no_news(grid, figures):
    at = grid()
    type_in(at, row_0={"state": "进行中", "percent": 30})
    save(at)
    listed = month(figures)
    other = listed.task_id[1]
    add_report(
        open_office().warehouse,
        other,
        state="done",
        effective_on=date(2020, 9, 20),
        recorded_by="王五",
    )
    at.run()
    assert not any("您保存之后" in said for said in messages(at))


@pytest.mark.usefixtures("own_data")
def test_what_goes_backwards_is_asked_before_it_is_stored(grid, figures):
    at = grid()
    type_in(at, row_0={"state": "已完成"})
    number = rows(at)["number"][0]
    save(at)
    before = version()
    place = list(rows(at)["number"]).index(number)
    type_in(at, **{f"row_{place}": {"state": "进行中", "percent": 70}})
    save(at)
    (said,) = [box.value for box in at.warning]
    assert f"第 {number} 项：2020-09-30 已报完成，本表改为未完成" in said
    assert version() == before
    save(at)
    assert version() == before + 1
    stands = month(figures).set_index("number")
    assert (stands.now_state[number], stands.now_percent[number]) == ("in_progress", 70)


@pytest.mark.usefixtures("own_data")
def test_who_was_overtaken_can_have_the_newest_entries_in_the_grid(grid):
    first, second = grid(), grid()
    type_in(first, row_0={"state": "进行中", "percent": 30})
    type_in(second, row_0={"state": "进行中", "percent": 50})
    number = rows(first)["number"][0]
    save(first, "张三")
    save(second, "李四")
    first.run()
    labelled(first.button, "在表格中显示最新填报").click().run()
    shown = rows(first).set_index("number")
    assert shown["percent"][number] == 50
    assert not any("您保存之后" in said for said in messages(first))


@pytest.mark.usefixtures("own_data")
def test_who_enters_something_about_a_closed_month_is_told(grid):
    at = grid()
    assert not any("锁定后补记" in said for said in messages(at))
    warehouse = open_office().warehouse
    ledger_id = at.session_state.view.scope.ledger_id
    close_month(warehouse, ledger_id, date(2020, 9, 1), closed=True, recorded_by="赵敏")
    at.run()
    assert any("9 月已由赵敏于" in said and "锁定后补记" in said for said in messages(at))
    close_month(
        warehouse, ledger_id, date(2020, 9, 1), closed=False, recorded_by="赵敏", reason="补报"
    )
    at.run()
    assert not any("锁定后补记" in said for said in messages(at))


@pytest.mark.usefixtures("own_data")
def test_both_due_days_of_an_extended_task_are_in_the_grid(grid, figures):
    at = grid()
    rows_of = month(figures).set_index("number")
    task = rows_of.task_id[21]
    warehouse = open_office().warehouse
    asked = request_extension(
        warehouse, task, requested_on=date(2020, 9, 1), new_due_on=date(2021, 3, 31),
        reason="等待印发", recorded_by="张三",
    )  # fmt: skip
    decide_extension(
        warehouse, asked, approved=True, effective_on=date(2020, 9, 2), recorded_by="赵敏"
    )
    at = grid()
    assert rows(at).set_index("number")["due"][21] == "2021-03-31 原2020-12-31"
