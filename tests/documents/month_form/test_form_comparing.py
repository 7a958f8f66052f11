"""A returned form beside what stands, what is stored of it, and whose form is not taken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from documents.month_form import (
    Comparison,
    FormError,
    accept,
    compare,
    read_form,
    take_in,
    write_form,
)
from metrics import Scope
from tests.documents.month_form.forms import (
    REFERENCE,
    SEPTEMBER,
    TASKS,
    UNIT,
    Desk,
    by_hand,
    columns,
    fill,
    ledger,
    opened,
    row_of,
    saved,
)
from tests.warehouse.test_store import counts
from warehouse import WarehouseError, read_reference, store_edition
from warehouse.entries import records

HEAD = ["序号", "目标任务", "状态", "进度", "本月进展"]
DOING = {"状态": "进行中", "进度%": 60, "本月进展": "已起草"}


def report(desk: Desk, number: int, day: date, state: str, percent: float | None = None) -> None:
    """What the unit reported on screen."""
    records.add_report(
        desk.warehouse,
        desk.task_id(number),
        state=state,
        percent=percent,
        effective_on=day,
        recorded_by="张三",
        unit_id=desk.rows().unit_id[0],
    )


def kinds(comparison: Comparison) -> dict[int | None, str]:
    """Number → kind, of the rows that say something."""
    return {line.number: line.kind for line in comparison.lines if line.kind != "blank"}


def line(comparison: Comparison, number: int):
    (found,) = [line for line in comparison.lines if line.number == number]
    return found


def stored(desk: Desk, content: bytes, **given: Any) -> int:
    return accept(desk.warehouse, desk.compared(content), recorded_by="王五", **given)


# Sorting


def test_an_untouched_form_changes_nothing(desk: Desk):
    before, version = counts(desk.warehouse), desk.warehouse.data_version
    comparison = desk.compared(desk.form)
    assert comparison.counts == {"blank": len(TASKS)}
    assert (comparison.unit, comparison.month) == (UNIT, SEPTEMBER)
    assert comparison.altered == ()
    assert accept(desk.warehouse, comparison, recorded_by="王五") == 0
    assert (counts(desk.warehouse), desk.warehouse.data_version) == (before, version)


def test_a_deleted_row_and_a_changed_task_are_named(desk: Desk):
    book = opened(desk.form)
    sheet = book["填报表"]
    sheet.delete_rows(row_of(sheet, 3))
    places = columns(sheet)
    sheet.cell(row_of(sheet, 1), places["目标任务"]).value = TASKS[1].replace("印发", "下发")
    sheet.cell(row_of(sheet, 1), places["状态"]).value = "进行中"
    comparison = desk.compared(saved(book))
    assert comparison.altered == (
        "表中删去了第 3 项任务的行，这几项没有填报",
        "第 1 项的任务文字被改为“制定信用信息管理办法，报厅务会审定后下…”，仍按台账的文字存入",
    )
    assert kinds(comparison) == {1: "new"}


def test_a_form_is_beside_what_was_reported_on_the_whole_task(desk: Desk):
    records.add_report(
        desk.warehouse, desk.task_id(1), state="in_progress", percent=80,
        effective_on=date(2020, 8, 20), recorded_by="张三",
    )  # fmt: skip
    comparison = desk.compared(fill(desk.form, {1: DOING}))
    assert kinds(comparison) == {1: "backwards"}
    assert line(comparison, 1).why == "进度由 80% 降到 60%"
    assert line(comparison, 1).before.percent == 80


def test_rows_are_sorted_by_what_they_do(desk: Desk):
    report(desk, 1, date(2020, 8, 20), "in_progress", 40)
    report(desk, 3, date(2020, 9, 10), "in_progress", 60)
    report(desk, 4, date(2020, 9, 10), "in_progress", 60)
    report(desk, 5, date(2020, 9, 10), "in_progress", 60)
    report(desk, 7, date(2020, 9, 10), "in_progress", 60)
    typed = {
        1: DOING,
        3: {"状态": "进行中", "进度%": 70},
        4: {"状态": "进行中", "进度%": 60},
        5: {"状态": "进行中", "进度%": 50},
        7: {"状态": "进行中", "进度%": "不少"},
    }
    comparison = desk.compared(fill(desk.form, typed))
    assert kinds(comparison) == {
        1: "new",
        3: "changed",
        4: "unchanged",
        5: "backwards",
        7: "invalid",
    }
    assert line(comparison, 5).why == "进度由 60% 降到 50%"
    assert line(comparison, 1).before.percent == 40
    assert [str(problem) for problem in comparison.problems] == [
        "填报表!J12：“不少”看不出进度，请填 0 到 100 之间的数"
    ]
    assert accept(desk.warehouse, comparison, recorded_by="王五") == 2
    assert desk.now(5, "now_percent") == (60,)
    assert accept(desk.warehouse, comparison, recorded_by="王五", confirmed=[desk.task_id(5)]) == 1
    assert desk.now(5, "now_percent") == (50,)


@pytest.mark.parametrize(
    ("stands", "typed", "why"),
    [
        (("done", None), {"状态": "进行中"}, "2020-08-31 已报完成，本表改为未完成或不适用"),
        (("done", None), {"状态": "不适用"}, "2020-08-31 已报完成，本表改为未完成或不适用"),
        (("in_progress", None), {"状态": "未开始"}, "2020-08-31 已报开展，本表改为未开始"),
        (("in_progress", 60), {"进度%": 59}, "进度由 60% 降到 59%"),
        (("in_progress", 60), {"状态": "已完成"}, ""),
        (("in_progress", 60), {"进度%": 60}, ""),
        (("in_progress", 60), {"状态": "进行中"}, ""),
        (("in_progress", 60), {"状态": "不适用"}, ""),
        (("not_applicable", None), {"状态": "未开始"}, ""),
        (("done", None), {"状态": "已完成"}, ""),
    ],
)
def test_what_goes_backwards_waits_for_a_word(
    desk: Desk, stands: tuple, typed: dict[str, Any], why: str
):
    report(desk, 1, date(2020, 8, 31), *stands)
    found = line(desk.compared(fill(desk.form, {1: typed})), 1)
    assert (found.kind, found.why) == ("backwards" if why else "new", why)


def test_a_returned_completion_may_go_on_below_100(desk: Desk):
    report(desk, 1, date(2020, 8, 31), "done")
    records.verify(
        desk.warehouse,
        desk.task_id(1),
        accepted=False,
        reason="没有附件",
        effective_on=date(2020, 9, 2),
        recorded_by="王五",
        unit_id=desk.rows().unit_id[0],
    )
    assert kinds(desk.compared(fill(desk.form, {1: DOING}))) == {1: "new"}


def test_an_earlier_day_than_what_stands_waits_for_a_word(desk: Desk):
    report(desk, 1, date(2020, 9, 20), "in_progress", 40)
    content = fill(desk.form, {1: DOING | {"情况属实之日": "9月10日"}})
    found = line(desk.compared(content), 1)
    assert found.kind == "backwards"
    assert found.why == "已有 2020-09-20 的填报，比本表的 2020-09-10 晚"
    assert stored(desk, content, confirmed=[desk.task_id(1)]) == 1
    assert kinds(desk.compared(content)) == {1: "unchanged"}
    assert desk.now(1, "now_percent") == (40,)


def test_a_row_of_another_unit_or_of_nothing_is_named(desk: Desk):
    book = opened(desk.form)
    sheet = book["填报表"]
    at, row = columns(sheet), row_of(sheet, 1)
    sheet.cell(row, at["行标识"]).value = "00000000-0000-0000-0000-000000000001"
    sheet.cell(row, at["目标任务"]).value = "种树。"
    sheet.cell(row, at["状态"]).value = "已完成"
    comparison = desk.compared(saved(book))
    assert kinds(comparison) == {1: "unmatched"}
    assert [str(problem) for problem in comparison.problems] == [
        "填报表 第 9 行：“种树。”不是本单位的任务，请核对任务文字和序号"
    ]


def test_a_key_beside_another_tasks_wording_is_named(desk: Desk):
    book = opened(fill(desk.form, {1: DOING}))
    sheet = book["填报表"]
    sheet.cell(row_of(sheet, 1), columns(sheet)["目标任务"]).value = TASKS[4]
    (found,) = desk.compared(saved(book)).of_kind("unmatched")
    assert "行标识与任务文字不是同一项任务" in str(found.problems[0])


@pytest.mark.parametrize(
    ("number", "wording", "task"),
    [
        (1, TASKS[1], 1),
        ("", TASKS[1].rstrip("。"), 1),
        (99, TASKS[1].replace("，", ","), 1),
        (1, "制定信用信息管理办法，报厅务会审定", 1),
        ("", "制定信用信息管理办法，经厅务会审定后印发", 1),
        (2, "更新信用交通网站", 2),
        ("", "更新信用交通网站", None),
        (2, "植树造林。", None),
        ("", "", None),
    ],
)
def test_without_a_key_number_and_wording_find_the_task(
    desk: Desk, number: Any, wording: str, task: int | None
):
    content = by_hand([HEAD, [number, wording, "进行中", 60, ""]])
    (found,) = desk.compared(content, unit=UNIT, month=SEPTEMBER).lines
    assert (found.kind, found.task_id) == (
        ("new", desk.task_id(task)) if task else ("unmatched", None)
    )


def test_the_same_task_twice_is_named_unless_it_says_the_same(desk: Desk):
    rows = [[1, TASKS[1], "进行中", 60, "甲"], [1, TASKS[1], "进行中", 60, "甲"]]
    same = desk.compared(by_hand([HEAD, *rows]), unit=UNIT, month=SEPTEMBER)
    assert [found.kind for found in same.lines] == ["new", "unchanged"]
    rows[1][3] = 70
    other = desk.compared(by_hand([HEAD, *rows]), unit=UNIT, month=SEPTEMBER)
    assert [found.kind for found in other.lines] == ["new", "invalid"]
    assert str(other.problems[0]) == ("Sheet1 第 3 行：与Sheet1 第 2 行是同一项任务，所填不同")


def test_a_day_outside_the_month_is_named(desk: Desk):
    content = fill(desk.form, {1: DOING | {"情况属实之日": "2020-08-31"}})
    assert [str(problem) for problem in desk.compared(content).problems] == [
        "填报表!T9：2020-08-31 不在 2020年9月"
    ]


def test_a_row_without_a_day_is_true_at_the_end_of_the_month(desk: Desk):
    stored(desk, fill(desk.form, {1: DOING}))
    assert str(desk.now(1, "now_effective_on")[0].date()) == "2020-09-30"


def test_a_row_without_a_day_in_a_month_not_over_is_true_on_the_day_judged(desk: Desk):
    form = read_form(fill(desk.form, {1: DOING}), "厅法规处.xlsx")
    scope = Scope(desk.scope.ledger_id, date(2020, 9, 12))
    comparison = compare(desk.warehouse, scope, form)
    assert line(comparison, 1).report.effective_on == date(2020, 9, 12)


# Again and again


def test_the_same_file_twice_changes_nothing(desk: Desk):
    content = fill(
        desk.form,
        {
            1: DOING | {"佐证材料名称": "通知\n纪要", "文号": "1号"},
            2: {"频次完成次数": 2, "频次完成日期": "9.4、9.18"},
            3: {"频次完成次数": 1},
        },
    )
    assert stored(desk, content) == 3
    after, version = counts(desk.warehouse), desk.warehouse.data_version
    assert (after["report"], after["evidence"], after["occurrence"]) == (1, 2, 3)
    assert kinds(desk.compared(content)) == {1: "unchanged", 2: "unchanged", 3: "unchanged"}
    assert stored(desk, content) == 0
    assert (counts(desk.warehouse), desk.warehouse.data_version) == (after, version)


def test_the_same_file_in_two_hands_at_once_is_stored_once(desk: Desk):
    content = fill(desk.form, {1: DOING | {"佐证材料名称": "通知"}, 2: {"频次完成次数": 2}})
    first, second = desk.compared(content), desk.compared(content)
    assert accept(desk.warehouse, first, recorded_by="王五") == 2
    assert accept(desk.warehouse, second, recorded_by="赵六") == 0


def test_a_file_that_comes_again_with_one_row_changed_stores_that_row(desk: Desk):
    typed = {
        1: DOING | {"佐证材料名称": "通知"},
        2: DOING | {"频次完成次数": 2, "频次完成日期": "9.4、9.18"},
    }
    stored(desk, fill(desk.form, typed))
    before = counts(desk.warehouse)
    typed[2] = typed[2] | {"进度%": 75}
    content = fill(desk.form, typed)
    assert kinds(desk.compared(content)) == {1: "unchanged", 2: "changed"}
    assert stored(desk, content) == 1
    after = counts(desk.warehouse)
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {"report": 1, "submission": 1, "change": 2}


def test_a_form_made_after_what_was_reported_is_unchanged_when_it_comes_back(desk: Desk):
    report(desk, 1, date(2020, 9, 10), "in_progress", 62.5)
    made = write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER)
    assert kinds(desk.compared(made)) == {1: "unchanged"}


def test_more_done_than_recorded_is_added_and_less_waits_for_a_word(desk: Desk):
    records.add_occurrence(
        desk.warehouse,
        desk.task_id(3),
        occurred_on=date(2020, 9, 4),
        recorded_by="张三",
        unit_id=desk.rows().unit_id[0],
    )
    content = fill(desk.form, {3: {"频次完成日期": "9.4、9.11"}})
    assert kinds(desk.compared(content)) == {3: "changed"}
    assert stored(desk, content) == 1
    assert counts(desk.warehouse)["occurrence"] == 2
    # A mistyped day is put right: what was recorded wrongly is taken back, and stays in the history.
    corrected = fill(desk.form, {3: {"频次完成日期": "9.4、9.18"}})
    found = line(desk.compared(corrected), 3)
    assert found.kind == "backwards"
    assert found.why == "频次已登记 9月4、11日各1次，确认后以本表为准"
    assert stored(desk, corrected) == 0
    assert stored(desk, corrected, confirmed=[desk.task_id(3)]) == 1
    after = counts(desk.warehouse)
    assert (after["occurrence"], after["withdrawal"]) == (3, 1)
    assert kinds(desk.compared(corrected)) == {3: "unchanged"}


def test_a_confirmed_percent_takes_no_occurrence_back(desk: Desk):
    stored(desk, fill(desk.form, {3: DOING | {"频次完成日期": "9.4"}}))
    stored(desk, fill(desk.form, {3: {"进度%": 50}}), confirmed=[desk.task_id(3)])
    assert counts(desk.warehouse)["withdrawal"] == 0
    assert desk.now(3, "now_percent") == (50,)


def test_a_number_without_days_counts_what_is_recorded(desk: Desk):
    stored(desk, fill(desk.form, {2: {"频次完成日期": "9.4"}}))
    content = fill(desk.form, {2: {"频次完成次数": 3}})
    assert stored(desk, content) == 1
    assert "已完成 3 次" in desk.now(2, "windows")[0]
    assert stored(desk, content) == 0
    fewer = fill(desk.form, {2: {"频次完成次数": 2}})
    assert kinds(desk.compared(fewer)) == {2: "backwards"}
    stored(desk, fewer, confirmed=[desk.task_id(2)])
    assert "已完成 2 次" in desk.now(2, "windows")[0]


def test_entries_for_different_demands_of_one_day_are_the_same_doing(desk: Desk):
    for period in ("week", "month"):
        records.add_occurrence(
            desk.warehouse,
            desk.task_id(3),
            occurred_on=date(2020, 9, 4),
            period=period,
            recorded_by="张三",
            unit_id=desk.rows().unit_id[0],
        )
    assert kinds(desk.compared(fill(desk.form, {3: {"频次完成日期": "9.4"}}))) == {3: "unchanged"}


def test_none_done_contradicts_what_is_recorded(desk: Desk):
    content = fill(desk.form, {2: {"频次完成次数": 0}})
    assert kinds(desk.compared(content)) == {2: "unchanged"}
    stored(desk, fill(desk.form, {2: {"频次完成次数": 1}}))
    assert kinds(desk.compared(content)) == {2: "backwards"}
    assert stored(desk, content, confirmed=[desk.task_id(2)]) == 1
    assert "已完成 0 次" in desk.now(2, "windows")[0]


@pytest.mark.parametrize(
    ("number", "typed", "sentence"),
    [
        (
            3,
            {"频次完成次数": 4},
            "填报表!S8：写了 4 次，请在频次完成日期中逐次写明日期，如 9.4、9.11",
        ),
        (1, {"频次完成次数": 1}, "填报表!R9：台账对这项任务没有频次要求，不需填次数"),
        (2, {"频次完成日期": "8.31"}, "填报表!S7：2020-08-31 不在 2020年9月"),
    ],
)
def test_times_that_cannot_be_placed_are_named(
    desk: Desk, number: int, typed: dict[str, Any], sentence: str
):
    comparison = desk.compared(fill(desk.form, {number: typed}))
    assert [str(problem) for problem in comparison.problems] == [sentence]


def test_evidence_is_filed_once_and_only_what_is_new(desk: Desk):
    proof = {"佐证材料名称": "通知", "文号": "宁交〔2020〕1号", "佐证日期": "9月4日"}
    assert stored(desk, fill(desk.form, {1: proof})) == 1
    assert desk.now(1, "evidence", "now_state") == (1, None)
    assert kinds(desk.compared(fill(desk.form, {1: proof | {"佐证日期": None}}))) == {
        1: "unchanged"
    }
    more = fill(desk.form, {1: proof | {"佐证材料名称": "通知\n纪要"}})
    assert len(line(desk.compared(more), 1).evidence) == 1
    assert stored(desk, more) == 1
    assert desk.now(1, "evidence") == (2,)


# Who and when


def test_entries_are_signed_by_who_filled_them_in_and_the_file_by_who_took_it(desk: Desk):
    book = opened(fill(desk.form, {1: DOING}))
    book["填报表"]["F4"] = "张三"
    stored(desk, saved(book))
    assert desk.now(1, "now_recorded_by") == ("张三",)
    with desk.warehouse.cursor() as cursor:
        file_name, rows, who = cursor.execute(
            "select file_name, rows_stored, recorded_by from submission"
        ).fetchone()
        trail = cursor.execute(
            "select action, recorded_by, after from change order by data_version, action"
        ).fetchall()[-2:]
    assert (file_name, rows, who) == ("厅法规处.xlsx", 1, "王五")
    said = {action: (by, json.loads(after)) for action, by, after in trail}
    assert said["填报进展"][0] == "王五"
    assert said["填报进展"][1]["narrative"] == "已起草"
    assert said["收回填报表"][1] | {} == said["收回填报表"][1] | {
        "month": "2020-09-01",
        "rows_stored": 1,
        "report": 1,
        "填报人": "张三",
    }


def test_nobody_takes_a_form_in_without_a_name(desk: Desk):
    with pytest.raises(WarehouseError, match="请填写操作人"):
        accept(desk.warehouse, desk.compared(fill(desk.form, {1: DOING})), recorded_by=" ")


# Whose form


def refusal(desk: Desk, content: bytes, **chosen: Any) -> str:
    with pytest.raises(FormError) as refused:
        desk.compared(content, **chosen)
    assert str(refused.value).endswith("。")
    return str(refused.value)


def test_a_form_of_another_unit_or_month_than_chosen_is_refused(desk: Desk):
    assert refusal(desk, desk.form, unit="厅运输处") == (
        "这是厅法规处的填报表，选择的单位是厅运输处，没有收回。"
    )
    assert refusal(desk, desk.form, month=date(2020, 8, 1)) == (
        "这是 2020年9月的填报表，选择的报送月是 2020年8月，没有收回。"
    )
    assert desk.compared(desk.form, unit=UNIT, month=date(2020, 9, 30)).unit == UNIT


def test_a_form_of_another_ledger_is_refused(desk: Desk):
    other = store_edition(
        desk.warehouse, ledger("另一份台账"), read_reference(REFERENCE), recorded_by="测试"
    )
    scope = replace(desk.scope, ledger_id=other.ledger_id)
    content = write_form(desk.warehouse, scope, UNIT, SEPTEMBER)
    assert refusal(desk, content) == (
        "这是台账《另一份台账》的填报表，当前台账是《信用交通省建设任务台账》，没有收回。"
    )
    book = opened(content)
    book["填报表"].delete_cols(1)
    assert "没有收回" in refusal(desk, saved(book))


def test_a_form_of_a_ledger_not_in_this_database_is_refused(desk: Desk):
    book = opened(desk.form)
    stamp = book["填报表"]["A1"]
    stamp.value = stamp.value.replace(
        str(desk.scope.ledger_id), "00000000-0000-0000-0000-000000000009"
    )
    assert "这是另一份台账的填报表" in refusal(desk, saved(book))


def test_demonstration_and_office_do_not_mix(desk: Desk):
    shown = write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER, is_demonstration=True)
    assert refusal(desk, shown) == "这是演示数据的填报表，不能收进正式数据。"
    assert "这是正式数据的填报表" in refusal(desk, desk.form, is_demonstration=True)
    assert desk.compared(shown, is_demonstration=True).unit == UNIT


def test_a_form_made_by_hand_takes_what_is_chosen(desk: Desk):
    content = by_hand([HEAD, [1, TASKS[1], "已完成", "", "已印发"]])
    assert refusal(desk, content) == "看不出这张填报表是哪个月的，请先选择报送月。"
    assert refusal(desk, content, name="九月进展.xlsx", month=SEPTEMBER) == (
        "看不出这张填报表是哪个单位的，请先选择单位。"
    )
    comparison = desk.compared(content, month=SEPTEMBER, unit=UNIT)
    assert kinds(comparison) == {1: "new"}
    named = by_hand([["填报单位：厅办公室"], HEAD, [1, TASKS[1], "已完成", "", ""]])
    assert "“厅办公室”在当前台账中没有任务" in refusal(desk, named, month=SEPTEMBER)


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("宁夏交通运输厅法规处9月份工作进展", "进展.xlsx", UNIT),
        ("9月份工作进展", "9月_厅运输处.xlsx", "厅运输处"),
        ("厅法规处9月份工作进展", "厅运输处.xlsx", UNIT),
        ("厅法规处、厅运输处9月份工作进展", "进展.xlsx", None),
    ],
)
def test_a_form_made_by_hand_is_of_the_unit_its_heading_or_its_file_names(
    desk: Desk, heading: str, name: str, unit: str | None
):
    content = by_hand([[heading], HEAD, [7, TASKS[7], "已完成", "", "已印发"]])
    if unit is None:
        assert "看不出" in refusal(desk, content, name=name, month=SEPTEMBER)
    else:
        assert desk.compared(content, name, month=SEPTEMBER).unit == unit


def test_a_unit_without_tasks_has_nothing_to_return(desk: Desk):
    content = write_form(desk.warehouse, desk.scope, "厅人事处", SEPTEMBER)
    assert "厅人事处在《信用交通省建设任务台账》中没有基本任务" in refusal(desk, content)


# Many files


def test_many_files_the_good_ones_are_stored(desk: Desk, tmp_path: Path):
    told = []
    transport = write_form(desk.warehouse, desk.scope, "厅运输处", SEPTEMBER)
    report(desk, 4, date(2020, 9, 1), "done")
    on_disk = tmp_path / "厅运输处.xlsx"
    on_disk.write_bytes(fill(transport, {8: DOING}))
    files = [
        ("好.xlsx", fill(desk.form, {1: DOING})),
        ("坏.xlsx", b"hello"),
        ("同.xlsx", fill(desk.form, {1: DOING})),
        ("退.xlsx", fill(desk.form, {2: DOING, 4: DOING})),
        ("错.xlsx", fill(desk.form, {5: DOING, 6: {"进度%": "不少"}})),
        ("厅运输处.xlsx", on_disk),
    ]
    results = take_in(
        desk.warehouse, desk.scope, files, lambda *said: told.append(said), recorded_by="王五"
    )
    assert [(result.name, result.outcome, result.stored) for result in results] == [
        ("好.xlsx", "stored", 1),
        ("坏.xlsx", "refused", 0),
        ("同.xlsx", "unchanged", 0),
        ("退.xlsx", "confirm", 1),
        ("错.xlsx", "problems", 1),
        ("厅运输处.xlsx", "stored", 1),
    ]
    assert results[1].refused.startswith("不是有效的 Excel 文件")
    assert told == [(n, 6, name) for n, (name, _) in enumerate(files, start=1)]
    assert counts(desk.warehouse)["submission"] == 4
    # What waited is stored once somebody says so.
    waiting = results[3].comparison
    assert accept(desk.warehouse, waiting, recorded_by="王五", confirmed=[desk.task_id(4)]) == 1
    assert desk.now(4, "now_state") == ("in_progress",)


def test_many_files_can_be_stopped(desk: Desk):
    files = [(f"{n}.xlsx", fill(desk.form, {n: DOING})) for n in (1, 4, 5)]
    told = []
    results = take_in(
        desk.warehouse,
        desk.scope,
        files,
        lambda *said: told.append(said),
        recorded_by="王五",
        should_stop=lambda: len(told) == 2,
    )
    assert [result.name for result in results] == ["1.xlsx", "4.xlsx"]
    assert counts(desk.warehouse)["submission"] == 2


def test_of_two_files_of_a_unit_the_second_is_beside_the_first(desk: Desk):
    files = [
        ("一.xlsx", fill(desk.form, {1: DOING})),
        ("二.xlsx", fill(desk.form, {1: DOING | {"进度%": 30}})),
    ]
    results = take_in(desk.warehouse, desk.scope, files, recorded_by="王五")
    assert [result.outcome for result in results] == ["stored", "confirm"]
