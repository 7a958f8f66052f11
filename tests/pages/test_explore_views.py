"""Views of 自由筛选 kept under a name or in an address, opened by somebody else or later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from on_screen import headline, labelled, table, text

from loaders import read_ledger
from warehouse import open_office, read_reference, store_edition
from warehouse.ledger.editions import compare, continued
from warehouse.opening import SHIPPED, reference_folder

AUTUMN = "2020-09-30"
GONE = "厅财审处"


def save(at, name: str):
    at.text_input(key="view_name").set_value(name)
    at.text_input(key="view_author").set_value("张三")
    return labelled(at.button, "保存视图").click().run()


def opened(at, name: str):
    at.selectbox(key="view_opened").set_value(name).run()
    assert not at.exception
    return at


def shown(at) -> tuple[str, list[int]]:
    return at.metric[0].value, numbers(at)


def numbers(at) -> list[int]:
    return list(table(at, "explored_rows")["编号"])


def renew(folder: Path) -> None:
    """A second edition of the Ningxia ledger, in which one unit no longer has anything to do."""
    words = (SHIPPED / "ledgers" / "ningxia-2020.txt").read_text(encoding="utf-8")
    path = folder / "宁夏2020年台账修订.txt"
    path.write_text(words.replace(GONE, "厅法规处"), encoding="utf-8")
    ledger, warehouse = read_ledger(path), open_office(demonstration=True).warehouse
    store_edition(
        warehouse, ledger, read_reference(reference_folder()), recorded_by="李四",
        effective_on=date(2020, 7, 1), continued=continued(compare(warehouse, ledger).pairs),
    )  # fmt: skip


def test_a_new_edition_is_said_to_have_no_longer_what_was_chosen(visit, own_data):
    address = {"demo": True, "as_of": AUTUMN, "f_unit": [GONE, "厅办公室"], "look": "清单"}
    before = save(visit("explore", **address), "两个处室")
    assert GONE not in text(before).partition("没有")[0].partition("截至该日")[2]
    renew(own_data)
    for at in (
        visit("explore", **address),
        opened(visit("explore", demo=True, as_of=AUTUMN), "两个处室"),
    ):
        assert f"“{GONE}”在这份台账截至该日的任务中没有。" in text(at)
        assert headline(at).startswith(f"责任单位有{GONE}或厅办公室的任务有")
    left_out = visit("explore", demo=True, as_of=AUTUMN, x_unit=GONE)
    assert f"“{GONE}”在这份台账截至该日的任务中没有。" in text(left_out)
    assert len(numbers(left_out)) == 69


@pytest.mark.usefixtures("own_data")
def test_a_view_keeps_how_everything_is_judged(visit):
    basis = {"verified": "true", "as_issued": "true"}
    address = {
        "demo": True,
        "as_of": AUTUMN,
        "f_kind": "基本任务",
        "sort": "期限",
        "falling": "true",
    }
    save(visit("explore", **address), "通常")
    first = save(visit("explore", **address, **basis), "原定期限")
    assert shown(first) != shown(visit("explore", **address))
    at = opened(visit("explore", demo=True, as_of=AUTUMN), "原定期限")
    assert (at.toggle(key="verified").value, at.toggle(key="as_issued").value) == (True, True)
    assert shown(at) == shown(first)
    at = opened(at, "通常")
    assert (at.toggle(key="verified").value, at.toggle(key="as_issued").value) == (False, False)
    assert shown(at) == shown(visit("explore", **address))


@pytest.mark.usefixtures("own_data")
def test_a_unit_s_default_view_brings_its_fixed_day(visit):
    at = visit("explore", demo=True, as_of="2020-06-30", f_verified="未销号")
    at.radio(key="view_day").set_value("固定在 2020-06-30")
    save(at, "年中")
    at.selectbox(key="default_unit").set_value("厅法规处")
    at.text_input(key="default_author").set_value("张三")
    labelled(at.button, "设为默认").click().run()
    own = visit("explore", demo=True, as_of=AUTUMN, unit="厅法规处")
    assert not own.exception
    assert own.date_input(key="as_of").value == date(2020, 6, 30)
    assert headline(own).startswith("责任单位有厅法规处 且 未销号的任务有")


def test_what_is_not_offered_now_is_said(visit):
    at = visit(
        "explore", as_of=AUTUMN, figure_of="逾期数", columns=["编号", "目标任务"], lists=["责任单位", "预警灯"]
    )  # fmt: skip
    assert not at.exception
    assert "“预警灯”“逾期数”现在没有，改为通常的显示。" in text(at)
    assert "现在没有" not in text(visit("explore", demo=True, as_of=AUTUMN, figure_of="逾期数"))
