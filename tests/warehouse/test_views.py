"""Saved views: kept under one name each, taken back with a reason, a unit's beginning."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID, uuid4

import pandas as pd
import pytest

import metrics
from metrics import Scope
from tests.warehouse.world import World, store
from warehouse import Warehouse, WarehouseError
from warehouse.entries.views import LONGEST_NAME, remove_view, save_view, set_default_view

CONTENT = {"f_lamp": ["红灯", "黄灯"], "q": ["=1+1"]}


@pytest.fixture
def ledger_id(warehouse: Warehouse) -> UUID:
    world = World()
    ledger = world.ledger(2020)
    world.unit("厅法规处")
    store(warehouse, world)
    return ledger.ledger_id


def listed(warehouse: Warehouse, ledger_id: UUID) -> pd.DataFrame:
    return metrics.ask(warehouse, "saved_views", Scope(ledger_id, date(2020, 9, 30)))


def save(
    warehouse: Warehouse, ledger_id: UUID, name: str = "本月要办", author: str = "张三"
) -> UUID:
    return save_view(
        warehouse, ledger_id, name=name, content=CONTENT, sentence="预警灯为红灯或黄灯",
        recorded_by=author,
    )  # fmt: skip


def test_a_saved_view_comes_back_as_it_was(warehouse: Warehouse, ledger_id: UUID):
    save(warehouse, ledger_id, "  本月要办 ")
    (view,) = listed(warehouse, ledger_id).itertuples()
    assert (view.name, view.sentence, view.recorded_by) == (
        "本月要办",
        "预警灯为红灯或黄灯",
        "张三",
    )
    assert json.loads(view.content) == CONTENT
    assert listed(warehouse, uuid4()).empty


@pytest.mark.parametrize(
    ("name", "author", "said"),
    [
        (" ", "张三", "请填写视图名称。"),
        ("字" * (LONGEST_NAME + 1), "张三", "请缩短"),
        ("红灯", " ", "请填写经办人。"),
        ("本月要办", "张三", "已有名为“本月要办”的视图"),
    ],
)
def test_what_may_not_be_saved_leaves_nothing(warehouse, ledger_id, name, author, said):
    save(warehouse, ledger_id)
    version = warehouse.data_version
    with pytest.raises(WarehouseError, match=said):
        save(warehouse, ledger_id, name, author)
    assert warehouse.data_version == version
    assert len(listed(warehouse, ledger_id)) == 1


def test_a_removed_view_is_gone_and_its_name_free(warehouse: Warehouse, ledger_id: UUID):
    view_id = save(warehouse, ledger_id)
    with pytest.raises(WarehouseError, match="理由"):
        remove_view(warehouse, ledger_id, view_id, reason=" ", recorded_by="李四")
    remove_view(warehouse, ledger_id, view_id, reason="重复", recorded_by="李四")
    assert listed(warehouse, ledger_id).empty
    with pytest.raises(WarehouseError, match="已被删除"):
        remove_view(warehouse, ledger_id, view_id, reason="再删", recorded_by="李四")
    save(warehouse, ledger_id)
    assert len(listed(warehouse, ledger_id)) == 1


def test_the_newest_default_of_a_unit_counts(warehouse: Warehouse, ledger_id: UUID):
    first, second = save(warehouse, ledger_id), save(warehouse, ledger_id, "红灯")
    for view_id in (first, second):
        set_default_view(warehouse, ledger_id, "厅法规处", view_id, recorded_by="张三")
    assert dict(listed(warehouse, ledger_id)[["name", "units"]].to_numpy()) == {
        "本月要办": "", "红灯": "厅法规处",
    }  # fmt: skip
    set_default_view(warehouse, ledger_id, "厅法规处", None, recorded_by="张三")
    assert set(listed(warehouse, ledger_id).units) == {""}
    with pytest.raises(WarehouseError, match="没有名为“没有的处”的单位"):
        set_default_view(warehouse, ledger_id, "没有的处", first, recorded_by="张三")


def test_every_action_is_in_the_trail(warehouse: Warehouse, ledger_id: UUID):
    view_id = save(warehouse, ledger_id)
    set_default_view(warehouse, ledger_id, "厅法规处", view_id, recorded_by="李四")
    remove_view(warehouse, ledger_id, view_id, reason="重复", recorded_by="王五")
    with warehouse.cursor() as cursor:
        found = cursor.execute(
            "select action, recorded_by from change where subject_kind = 'saved_view'"
            " order by data_version"
        ).fetchall()
    assert found == [("保存视图", "张三"), ("设定默认视图", "李四"), ("删除视图", "王五")]
