"""The form as handed out: opened again, it says, locks and checks what it should."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest

from documents.month_form import form_name, write_form, write_forms
from documents.month_form.layout import COLUMNS, Stamp
from metrics import Scope
from tests.documents.month_form.forms import (
    SEPTEMBER,
    TASKS,
    UNIT,
    Desk,
    columns,
    header_row,
    opened,
    row_of,
    sheet_of,
)
from warehouse.entries import records


def texts(sheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def cell(desk: Desk, number: int, column: str):
    sheet = sheet_of(opened(desk.form), number)
    return sheet.cell(row_of(sheet, number), columns(sheet)[column])


def test_every_base_task_of_the_unit_has_a_row_in_order(desk: Desk):
    book = opened(desk.form)
    assert book.sheetnames == ["填报表", "其他任务", "频次登记", "填报说明"]
    listed, keys = [], []
    for sheet in (book["填报表"], book["其他任务"]):
        at = columns(sheet)
        for row in range(header_row(sheet) + 1, sheet.max_row + 1):
            listed.append(
                (sheet.cell(row, at["序号"]).value, sheet.cell(row, at["目标任务"]).value)
            )
            keys.append(sheet.cell(row, at["行标识"]).value)
    # What a window asks for this month comes first; what only helps is on the second sheet.
    assert [number for number, _ in listed] == [2, 3, 1, 4, 5, 7, 6]
    assert book["填报表"].max_row - header_row(book["填报表"]) == 6
    assert dict(listed) == TASKS
    assert keys == [str(task_id) for task_id in desk.rows().task_id]


def test_nine_columns_are_seen_and_recurring_duties_have_a_sheet(desk: Desk):
    book = opened(desk.form)
    sheet = book["填报表"]
    shown = [
        cell.value
        for cell in sheet[header_row(sheet)]
        if cell.value and not sheet.column_dimensions[cell.column_letter].hidden
    ]
    assert shown == [
        *("序号", "目标任务", "完成时限及频次要求", "上月情况", "状态", "进度%", "本月进展"),
        *("存在问题和下一步", "佐证"),
    ]
    times = book["频次登记"]
    assert [cell.value for cell in times[2]][1:] == [
        *("序号", "目标任务", "完成时限及频次要求", "频次完成次数", "频次完成日期"),
    ]
    assert [times.cell(row, 2).value for row in range(3, times.max_row + 1)] == [2, 3]


def test_the_head_says_whose_form_it_is_and_when_it_is_due(desk: Desk):
    said = texts(opened(desk.form)["填报表"])
    for part in (
        f"{UNIT}2020年9月进展填报表",
        "填报人：",
        "联系电话：",
    ):
        assert part in said
    (line,) = [text for text in said if text.startswith("填报单位")]
    assert "报送月：2020年9月" in line
    assert "预警灯截至：2020-09-30" in line
    assert "请于 2020-10-05 前（含当日）交回" in line
    (line,) = [text for text in said if text.startswith("台账：信用交通省建设任务台账")]
    assert "台账版次：第 1 版　制表时间：20" in line
    version = Stamp.read(said[0]).data_version
    assert opened(desk.form).properties.description == f"筛选：无；数据版本：{version}"
    assert not any("演示数据" in text for text in said)


def test_demonstration_data_is_marked_on_the_sheet_and_in_the_name(desk: Desk):
    made = write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER, is_demonstration=True)
    assert opened(made)["填报表"]["B1"].value.startswith("【演示数据】")
    assert opened(made)["填报说明"]["A1"].value.startswith("【演示数据】")
    assert form_name(UNIT, SEPTEMBER, is_demonstration=True).startswith("演示数据_")


def test_the_stamp_is_hidden_and_complete(desk: Desk):
    sheet = opened(desk.form)["填报表"]
    stamp = Stamp.read(sheet["A1"].value)
    rows = desk.rows()
    assert stamp == Stamp(
        desk.scope.ledger_id,
        rows.edition_id[0],
        rows.unit_id[0],
        SEPTEMBER,
        desk.warehouse.data_version,
        False,
    )
    assert sheet.column_dimensions["A"].hidden


@pytest.mark.parametrize(
    "text",
    ["", "信用交通省填报表|1|a|b", "信用交通省填报表|1|x||y|2020-09|3|office", "别的|1||||||"],
)
def test_a_stamp_that_was_tampered_with_is_none(text: str):
    assert Stamp.read(text) is None


def test_only_what_is_to_be_typed_is_unlocked(desk: Desk):
    book = opened(desk.form)
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    sheet = book["填报表"]
    assert sheet.protection.password is None
    filled = {column.header for column in COLUMNS if column.is_filled}
    for number in TASKS:
        sheet = sheet_of(book, number)
        row = row_of(sheet, number)
        names = {cell.value: cell.column for cell in sheet[header_row(sheet)] if cell.value}
        unlocked = {name for name, at in names.items() if not sheet.cell(row, at).protection.locked}
        recurring = {"频次完成次数", "频次完成日期"}
        assert unlocked == (filled if number in (2, 3) else filled - recurring)
    head = [c for row in sheet["B1:T6"] for c in row if not c.protection.locked]
    assert [c.coordinate for c in head] == ["F4", "I4", "L4"]


def test_typing_is_checked_where_it_can_be(desk: Desk):
    sheet = opened(desk.form)["填报表"]
    at = columns(sheet)
    letters = {sheet.cell(1, column).column_letter: name for name, column in at.items()}
    rules = {letters[str(check.sqref)[0]]: check for check in sheet.data_validations.dataValidation}
    assert set(rules) == {"状态", "进度%", "佐证日期", "频次完成次数", "情况属实之日"}
    assert rules["状态"].formula1 == '"未开始,进行中,已完成,不适用"'
    assert (rules["进度%"].formula1, rules["进度%"].formula2) == ("0", "100")
    serial = (date(2020, 9, 1) - date(1899, 12, 30)).days
    day = rules["情况属实之日"]
    assert (day.type, int(day.formula1), int(day.formula2)) == ("date", serial, serial + 29)
    first, last = header_row(sheet) + 1, sheet.max_row
    assert str(day.sqref) == f"T{first}:T{last}"
    assert all(check.showErrorMessage and check.error for check in rules.values())


def test_a_task_that_looks_like_a_formula_stays_text(desk: Desk):
    found = cell(desk, 5, "目标任务")
    assert (found.value, found.data_type) == (TASKS[5], "s")


def test_characters_a_workbook_cannot_hold_do_not_stop_it(desk: Desk):
    records.add_report(
        desk.warehouse,
        desk.task_id(1),
        state="in_progress",
        effective_on=date(2020, 8, 20),
        narrative="甲\x0b乙_x0041_丙",
        recorded_by="张三",
        unit_id=desk.rows().unit_id[0],
    )
    made = write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER)
    sheet = opened(made)["填报表"]
    said = sheet.cell(row_of(sheet, 1), columns(sheet)["上月情况"]).value
    assert said.endswith("甲乙_x0041_丙") or said.endswith("甲乙_x005F_x0041_丙")


def test_last_month_is_shown_and_this_month_is_filled_in(desk: Desk):
    unit_id = desk.rows().unit_id[0]
    for day, percent, said in ((date(2020, 8, 20), 40, "八月"), (date(2020, 9, 10), 62.5, "九月")):
        records.add_report(
            desk.warehouse,
            desk.task_id(1),
            state="in_progress",
            percent=percent,
            effective_on=day,
            narrative=said,
            problem="缺人" if percent > 50 else "",
            recorded_by="张三",
            unit_id=unit_id,
        )
    made = opened(write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER))["填报表"]
    row, at = row_of(made, 1), columns(made)
    values = {name: made.cell(row, column).value for name, column in at.items()}
    assert values["上月情况"] == "2020-08-20 进行中 40%\n八月"
    assert [values[name] for name in ("状态", "进度%", "本月进展", "存在问题", "下一步")] == [
        *("进行中", 62.5, "九月", "缺人"),
        None,
    ]
    assert values["情况属实之日"] == datetime(2020, 9, 10)


def test_what_was_reported_on_the_whole_task_is_filled_in_too(desk: Desk):
    records.add_report(
        desk.warehouse,
        desk.task_id(1),
        state="in_progress",
        percent=30,
        effective_on=date(2020, 9, 8),
        narrative="整项任务的进展",
        problem="缺人",
        next_step="补招",
        recorded_by="张三",
    )
    sheet = opened(write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER))["填报表"]
    row, at = row_of(sheet, 1), columns(sheet)
    told = [sheet.cell(row, at[name]).value for name in ("状态", "进度%", "本月进展", "存在问题")]
    assert told == ["进行中", 30, "整项任务的进展", "缺人\n下一步：补招"]


def test_a_returned_completion_says_why(desk: Desk):
    unit_id, task_id = desk.rows().unit_id[0], desk.task_id(4)
    given = {"recorded_by": "张三", "unit_id": unit_id, "effective_on": date(2020, 8, 20)}
    records.add_report(desk.warehouse, task_id, state="done", **given)
    records.verify(desk.warehouse, task_id, accepted=False, reason="没有照片", **given)
    made = opened(write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER))["填报表"]
    said = made.cell(row_of(made, 4), columns(made)["上月情况"]).value
    assert said == "2020-08-20 已完成\n已退办：没有照片"


def test_what_is_returned_or_due_in_the_month_stands_first(desk: Desk):
    unit_id, task_id = desk.rows().unit_id[0], desk.task_id(5)
    given = {"recorded_by": "张三", "unit_id": unit_id, "effective_on": date(2020, 8, 20)}
    records.add_report(desk.warehouse, task_id, state="done", **given)
    records.verify(desk.warehouse, task_id, accepted=False, reason="没有照片", **given)
    sheet = opened(write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER))["填报表"]
    at = columns(sheet)["序号"]
    listed = [sheet.cell(row, at).value for row in range(header_row(sheet) + 1, sheet.max_row + 1)]
    # Two recurring duties of September and the returned one; then the others, each by number.
    assert listed == [2, 3, 5, 1, 4, 7]


def test_windows_of_the_month_and_what_must_be_reported_are_said(desk: Desk):
    assert cell(desk, 2, "完成时限及频次要求").value == (
        "2020年12月\n【本月到期】每月，见“频次登记”"
    )
    # How far the duty is has room on its own sheet.
    counted = opened(desk.form)["频次登记"]
    assert "每月至少1次：2020-09-01 至 2020-09-30，已完成 0 次" in str(list(counted.values))
    assert cell(desk, 1, "完成时限及频次要求").value == "2020年12月"
    assert cell(desk, 1, "本单位角色").value == "负责\n【本月应报】"
    assert cell(desk, 6, "本单位角色").value == "配合\n可不报"
    records.add_report(
        desk.warehouse,
        desk.task_id(1),
        state="in_progress",
        effective_on=SEPTEMBER,
        recorded_by="张三",
    )
    book = opened(write_form(desk.warehouse, desk.scope, UNIT, SEPTEMBER))
    sheet = book["填报表"]
    assert sheet.cell(row_of(sheet, 1), columns(sheet)["本单位角色"]).value == "负责\n本月已报"
    assert any("还没有报的 5 项请逐项填报" in text for text in texts(book["填报说明"]))


def test_it_prints_across_a4_with_its_header_on_each_page(desk: Desk):
    sheet = opened(desk.form)["填报表"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${header_row(sheet)}:${header_row(sheet)}"
    assert sheet.freeze_panes == f"E{header_row(sheet) + 1}"


def test_the_guide_explains_states_and_deadline(desk: Desk):
    said = "\n".join(texts(opened(desk.form)["填报说明"]))
    for part in (
        "未开始：",
        "进行中：",
        "已完成：",
        "不适用：",
        "2020 年 10 月 5 日前",
        "八成",
        "的 6 项",
    ):
        assert part in said


def test_filters_of_the_screen_leave_nothing_out(desk: Desk):
    narrow = Scope(desk.scope.ledger_id, desk.scope.as_of, ("厅运输处",), ("没有",), ("bonus",))
    made = opened(write_form(desk.warehouse, narrow, UNIT, SEPTEMBER))
    assert {row_of(sheet_of(made, n), n) > 0 for n in TASKS} == {True}


def test_forms_of_several_units_come_in_one_zip(desk: Desk):
    told = []
    units = [UNIT, "厅运输处", "银川市交通运输局"]
    made = write_forms(
        desk.warehouse, desk.scope, units, SEPTEMBER, lambda *said: told.append(said)
    )
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.namelist() == [form_name(unit, SEPTEMBER) for unit in units]
        assert opened(archive.read(archive.namelist()[0]))["填报表"]["A1"].value == (
            opened(desk.form)["填报表"]["A1"].value
        )
        city = opened(archive.read(archive.namelist()[2]))["填报表"]
    assert told == [(1, 3, UNIT), (2, 3, "厅运输处"), (3, 3, "银川市交通运输局")]
    # A city has its collective's task.
    role = city.cell(row_of(city, 8), columns(city)["本单位角色"]).value
    assert role == "负责\n（五市交通运输局成员）\n【本月应报】"


def test_a_unit_without_a_task_gets_a_form_that_says_so(desk: Desk):
    sheet = opened(write_form(desk.warehouse, desk.scope, "厅人事处", SEPTEMBER))["填报表"]
    assert sheet["B7"].value == "本单位在本台账中没有基本任务，不需填报。"
    with pytest.raises(KeyError):
        write_form(desk.warehouse, desk.scope, "厅办公室", SEPTEMBER)


def test_a_month_not_over_is_judged_on_the_day_in_force(desk: Desk):
    scope = Scope(desk.scope.ledger_id, date(2020, 9, 12))
    sheet = opened(write_form(desk.warehouse, scope, UNIT, SEPTEMBER))["填报表"]
    assert "预警灯截至：2020-09-12" in sheet["B3"].value


def test_file_names_hold_nothing_a_folder_refuses():
    assert (
        form_name("各市、县（区）/局:甲", SEPTEMBER) == "各市、县（区）_局_甲_2020-09_填报表.xlsx"
    )
