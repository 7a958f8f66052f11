"""进展填报 by file: forms out, filled as a person would, and back in after a look."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest
from on_screen import messages
from streamlit.testing.v1 import AppTest

import metrics
from documents import month_form
from metrics import Scope
from warehouse import open_office

SEPTEMBER = "2020-09-30"
UNIT = "厅建管处"
HEAD = 6
"""The row of a form that names its columns."""


@pytest.fixture
def page(visit):
    def open_page(*, demo: bool = False, **address: str) -> AppTest:
        given = {"as_of": SEPTEMBER, "report_unit": UNIT} | address
        return visit("progress", demo=demo, **given)

    return open_page


def form(*rows: dict[str, object], unit: str = UNIT, month: date = date(2020, 9, 1)) -> bytes:
    """The unit's form of the real ledger; each row says what is typed into it, column by column."""
    warehouse = open_office().warehouse
    ledgers = metrics.ask(warehouse, "ledgers").set_index("region")
    scope = Scope(ledgers.ledger_id["宁夏"], month)
    book = openpyxl.load_workbook(io.BytesIO(month_form.write_form(warehouse, scope, unit, month)))
    sheet = book["填报表"]
    columns = {cell.value: cell.column for cell in sheet[HEAD]}
    for number, typed in enumerate(rows, start=HEAD + 1):
        for name, value in typed.items():
            sheet.cell(number, columns[name]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put_in(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    at.file_uploader[0].set_value([(name, content, "") for name, content in files])
    return at.run()


def store(at: AppTest, author: str = "李四") -> AppTest:
    at.text_input(key="forms_author").set_value(author)
    next(button for button in at.button if button.label.startswith("存入 ")).click()
    return at.run()


def version() -> int:
    return open_office().warehouse.data_version


def summary(at: AppTest) -> pd.DataFrame:
    return with_column(at, "未填")


def with_column(at: AppTest, name: str) -> pd.DataFrame:
    return next(each.value for each in at.dataframe if name in each.value)


def test_all_forms_come_in_one_archive(page):
    at = page()
    next(button for button in at.button if button.label.startswith("生成全部")).click().run()
    assert not at.exception
    (made,) = at.session_state.forms_made.values()
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert f"{UNIT}_2020-09_填报表.xlsx" in names
    # A collective whose members are not known fills in no form unless somebody asks for one.
    left_out = [
        unit
        for unit in at.selectbox(key="report_unit").options
        if f"{unit}_2020-09_填报表.xlsx" not in names
    ]
    assert sorted(left_out) == ["厅信用体系建设领导小组各成员单位", "有关市交通运输局"]
    assert len(names) == len(set(names))


@pytest.mark.usefixtures("own_data")
def test_a_filled_form_is_looked_at_and_then_stored(page, figures):
    at = page()
    before = version()
    filled = form(
        {"状态": "进行中", "进度%": "八成", "本月进展": "已印发通知"},
        {"状态": "已完成"},
        {"状态": "进行中", "进度%": "很多"},
    )
    put_in(at, ("建管处.xlsx", filled))
    assert not at.exception
    row = summary(at).iloc[0]
    assert (row["单位"], row["新增"], row["看不懂"]) == (UNIT, 2, 1)
    assert with_column(at, "单元格")["单元格"].tolist() == [f"填报表!J{HEAD + 3}"]
    assert version() == before
    store(at, " ")
    assert any("请填写经办人" in said for said in messages(at))
    assert version() == before
    store(at)
    assert version() == before + 1
    assert [box.value for box in at.success] == ["已存入 1 个文件的 2 项填报。"]
    stands = figures(
        "unit_month", SEPTEMBER, demo=False, unit=UNIT,
        month_start=date(2020, 9, 1), eve=date(2020, 8, 31),
    )  # fmt: skip
    assert sorted(stands.now_state.dropna()) == ["done", "in_progress"]
    put_in(at, ("再来一次.xlsx", filled))
    assert summary(at).iloc[0][["新增", "变更", "未变"]].tolist() == [0, 0, 2]
    assert not [b for b in at.button if b.label.startswith("存入 ") and not b.disabled]


@pytest.mark.usefixtures("own_data")
def test_what_goes_backwards_waits_for_a_tick(page, figures):
    at = page()
    put_in(at, ("一.xlsx", form({"状态": "已完成"})))
    store(at)
    put_in(at, ("二.xlsx", form({"状态": "进行中", "进度%": 60})))
    assert summary(at).iloc[0]["倒退待确认"] == 1
    assert next(b for b in at.button if b.label.startswith("存入 ")).disabled
    ticks = next(key for key in at.session_state if str(key).startswith("forms_backwards"))
    at.session_state[ticks] = {
        "edited_rows": {0: {"确认": True}},
        "added_rows": [],
        "deleted_rows": [],
    }
    at.run()
    store(at)
    stands = figures(
        "unit_month", SEPTEMBER, demo=False, unit=UNIT,
        month_start=date(2020, 9, 1), eve=date(2020, 8, 31),
    )  # fmt: skip
    assert stands.now_percent.dropna().tolist() == [60]


@pytest.mark.usefixtures("own_data")
def test_one_file_that_is_refused_keeps_no_other_out(page):
    at = page()
    put_in(
        at,
        ("别的月.xlsx", form({"状态": "已完成"}, month=date(2020, 8, 1))),
        ("不是表格.xlsx", b"PK nothing"),
        ("建管处.xlsx", form({"状态": "已完成"})),
    )
    reasons = with_column(at, "原因").set_index("文件")["原因"]
    assert "这是\u00a02020年8月的填报表" in reasons["别的月.xlsx"]
    assert reasons["不是表格.xlsx"]
    assert summary(at)["文件"].tolist() == ["建管处.xlsx"]
    store(at)
    assert [box.value for box in at.warning] == [
        "已存入 1 个文件的 1 项填报。另有 2 个文件不能收回，没有存入。"
    ]
    became = with_column(at, "说明").set_index("文件")
    assert became["存入"].to_dict() == {"别的月.xlsx": 0, "不是表格.xlsx": 0, "建管处.xlsx": 1}
    assert "2020年8月" in became["说明"]["别的月.xlsx"]


@pytest.mark.usefixtures("own_data")
def test_what_was_left_out_is_told_after_storing_until_other_files_come(page):
    at = page()
    first = form({"状态": "进行中", "进度%": 60}, {"状态": "进行中", "进度%": "很多"})
    put_in(at, ("建管处.xlsx", first))
    store(at)
    (said,) = with_column(at, "说明")["说明"]
    assert said.replace("\u00a0", " ").startswith(
        f"存入 1 项；填报表!J{HEAD + 2}：“很多”看不出进度"
    )
    put_in(at, ("再来一次.xlsx", first))
    assert not [each for each in at.dataframe if "说明" in each.value]


@pytest.mark.usefixtures("own_data")
def test_of_two_different_files_of_a_unit_the_second_waits(page):
    at = page()
    done, undone = form({"状态": "已完成"}), form({"状态": "进行中", "进度%": 60})
    put_in(at, ("一.xlsx", done), ("二.xlsx", undone), ("一（复件）.xlsx", done))
    reasons = with_column(at, "原因").set_index("文件")["原因"]
    assert reasons["二.xlsx"].startswith(f"与“一.xlsx”同是{UNIT}的填报表")
    assert reasons["一（复件）.xlsx"] == "与“一.xlsx”内容相同，不需重复收回。"
    store(at)
    put_in(at, ("二.xlsx", undone))
    assert summary(at).iloc[0]["倒退待确认"] == 1


def test_files_are_compared_once_for_the_same_data(page, monkeypatch):
    at = page()
    put_in(at, ("建管处.xlsx", form({"状态": "已完成"})))
    monkeypatch.setattr(month_form, "compare", None)
    at.text_input(key="forms_author").set_value("李四").run()
    assert not at.exception
    assert summary(at).iloc[0]["新增"] == 1


def test_tables_that_offices_save_by_themselves_may_be_put_in(page):
    accepted = page().file_uploader[0].proto.type
    assert {".xlsx", ".xls", ".et", ".ods", ".csv"} <= set(accepted)
