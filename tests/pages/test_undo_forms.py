"""Returned forms and versions of the scheme taken back on screen."""

from __future__ import annotations

from datetime import date

import pytest
from on_screen import labelled, messages, text
from streamlit.testing.v1 import AppTest
from test_progress_forms import SEPTEMBER, UNIT, form, put_in
from test_progress_forms import store as store_forms
from test_scheme import stored, versions, whole_scheme

import metrics
from metrics import Scope
from warehouse import open_office

pytestmark = pytest.mark.usefixtures("own_data")


def press(at: AppTest, reason: str, who: str = "李四") -> AppTest:
    labelled(at.text_input, "撤回理由").set_value(reason)
    author = next(
        each for each in at.text_input if "_author_" in str(each.key) and each.label == "经办人"
    )
    author.set_value(who)
    labelled(at.button, "撤回").click().run()
    assert not at.exception
    return at


def reported() -> int:
    with open_office().warehouse.cursor() as cursor:
        return cursor.execute(
            "select count(*) from standing_report('infinity'::timestamp)"
        ).fetchall()[0][0]


def test_a_returned_form_is_taken_back(visit):
    at = visit("progress", as_of=SEPTEMBER, report_unit=UNIT)
    assert "撤回已存入的填报" not in text(at)
    put_in(at, ("表.xlsx", form({"状态": "进行中"}, {"状态": "已完成"})))
    store_forms(at)
    assert reported() == 2
    (rows,) = [each.value for each in at.dataframe if "仍算数" in each.value]
    assert rows[["单位", "文件", "存入任务", "仍算数"]].values.tolist() == [[UNIT, "表.xlsx", 2, 2]]
    at.session_state["undo_forms_ticked"] = {"selection": {"rows": [0]}}
    at.run()
    assert "一并撤回进展填报 2 条。" in text(at)
    press(at, "")
    assert "撤回须写明理由。" in messages(at)
    press(at, "放错了月份")
    assert "已撤回 1 份填报，可以重新放入。" in [box.value for box in at.success]
    assert reported() == 0


def test_a_version_of_the_scheme_is_taken_back(visit):
    stored(whole_scheme())
    stored(whole_scheme(points="3"))
    at = visit("scheme", as_of="2020-12-31")
    labelled(at.selectbox, "存错的一版").select("第 2 版").run()
    (rows,) = [each.value for each in at.dataframe if "现在（第 2 版）" in each.value]
    assert rows.loc["满分"].tolist() == ["188", "96.5"]
    press(at, "分值填错")
    assert "已撤回评分方案第 2 版。" in [box.value for box in at.success]
    assert versions().version.tolist() == [1]
    labelled(at.selectbox, "存错的一版").select("第 1 版").run()
    assert any("撤回后（等权试算）" in each.value for each in at.dataframe)
    press(at, "分值填错")
    assert versions().empty
    assert "已撤回评分方案第 1 版。" in [box.value for box in at.success]


def test_forms_are_listed_by_their_month(visit):
    at = visit("progress", as_of=SEPTEMBER, report_unit=UNIT)
    put_in(at, ("表.xlsx", form({"状态": "进行中"})))
    store_forms(at)
    warehouse = open_office().warehouse
    ledgers = metrics.ask(warehouse, "ledgers").set_index("region")
    scope = Scope(ledgers.ledger_id["宁夏"], date(2020, 9, 30))
    for month, files in ((date(2020, 8, 1), []), (date(2020, 9, 1), ["表.xlsx"])):
        forms = metrics.ask(warehouse, "returned_forms", scope, month=month)
        assert forms.file_name.tolist() == files
