"""单位与口径: a unit registered wrongly is corrected after a look at what changes."""

from __future__ import annotations

import pytest
from on_screen import labelled, messages
from streamlit.testing.v1 import AppTest

import metrics
from metrics import Scope
from tests.warehouse.test_register import naming
from warehouse import open_office, read_reference, store_edition
from warehouse.ledger.register import strangers
from warehouse.opening import reference_folder

pytestmark = pytest.mark.usefixtures("own_data")


def changes(at: AppTest, then: str = "更正后") -> list[list]:
    (rows,) = [each.value for each in at.dataframe if "任务（现在）" in each.value]
    return rows[["单位", "任务（现在）", f"任务（{then}）"]].values.tolist()


def correct(at: AppTest, reason: str) -> AppTest:
    labelled(at.text_input, "更正理由").set_value(reason)
    next(e for e in at.text_input if "correct_unit_author" in str(e.key)).set_value("李四")
    labelled(at.button, "更正").click().run()
    assert not at.exception
    return at


def listed() -> set[str]:
    warehouse = open_office().warehouse
    ledger = metrics.ask(warehouse, "ledgers").iloc[0]
    return {*metrics.ask(warehouse, "units", Scope(ledger.ledger_id, ledger.ended_on.date())).unit}


def test_a_unit_is_renamed(visit):
    at = visit("reference")
    labelled(at.selectbox, "登记错的单位").select("厅法规处").run()
    labelled(at.text_input, "正确的名称").set_value("厅政策法规处").run()
    (gone, new) = changes(at)
    assert (gone[0], gone[2]) == ("厅法规处", 0)
    assert new == ["厅政策法规处", 0, gone[1]]
    assert "厅法规处" in listed()
    correct(at, "")
    assert "更正单位须写明理由。" in messages(at)
    correct(at, "名称写错")
    assert [box.value for box in at.success] == ["已更正：“厅法规处”改算在“厅政策法规处”名下。"]
    assert "厅法规处" not in listed()
    assert "厅政策法规处" in listed()


def test_tasks_are_split_off(visit):
    at = visit("reference")
    labelled(at.selectbox, "登记错的单位").select("厅法规处").run()
    labelled(at.radio, "怎样更正").set_value("拆出一部分任务").run()
    labelled(at.selectbox, "拆出的单位").select("厅人事处").run()
    tasks = labelled(at.multiselect, "改算到它名下的任务")
    tasks.set_value(tasks.options[:1]).run()
    figures = {name: after - now for name, now, after in changes(at)}
    assert figures["厅法规处"] == -1


def test_a_confirmed_spelling_is_taken_back(visit):
    """Of a ledger that is not the page's, so that no task goes with it: it is asked about again."""
    warehouse, reference = open_office().warehouse, read_reference(reference_folder())
    named = naming("厅法规科")
    store_edition(
        warehouse, named, reference, recorded_by="张三", continued={}, confirmed={"厅法规科": "厅法规处"}
    )  # fmt: skip
    assert not strangers(warehouse, named, reference)
    at = visit("reference")
    labelled(at.selectbox, "确认错的写法").select("“厅法规科”读作“厅法规处”（宁夏）").run()
    assert {name: after - now for name, now, after in changes(at, "撤销后")} == {"厅法规处": 0}
    labelled(at.text_input, "撤销理由").set_value("是另一个单位")
    next(e for e in at.text_input if "forget_spelling_author" in str(e.key)).set_value("李四")
    labelled(at.button, "撤销").click().run()
    assert not at.exception
    assert [box.value for box in at.success] == ["已撤销：“厅法规科”不再读作“厅法规处”。"]
    assert "没有导入时确认过的写法。" in [each.value for each in at.caption]
    assert [each.name for each in strangers(warehouse, named, reference)] == ["厅法规科"]
