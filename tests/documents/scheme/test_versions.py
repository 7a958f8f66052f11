"""Two versions side by side: each value that differs once, in words, and nothing that does not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from documents.scheme import differences, started_scheme, stored_version
from warehouse.ledger.schemes import Item, Tier, store_scheme


def test_a_version_does_not_differ_from_itself(paper):
    scheme = started_scheme(paper.outline)
    assert differences(paper.outline, scheme, scheme) == ()
    assert differences(paper.outline, None, scheme) == ()


def test_every_change_is_told_once(paper):
    outline = paper.outline
    before = started_scheme(outline)
    first, second, bonus, penalty = before.items
    tiers = (Tier(Decimal(60), Decimal(100), Decimal(3)), Tier(Decimal(100), None, Decimal(5)))
    changed = replace(
        first, points=Decimal(5), rule="tiers", tiers=tiers, evidence_required=True, proof="文件"
    )
    added = Item(paper.task_id(4), Decimal("2.5"), "manual")
    after = replace(
        before, bonus_cap=Decimal(3), absent_rule="average", items=(changed, bonus, penalty, added)
    )
    said = [(d.number, d.what, d.before, d.after) for d in differences(outline, before, after)]
    assert said == [
        (None, "缺项处理", "剔除后折算", "按平均得分率计"),
        (None, "加分总上限", "未填", "3"),
        (1, "分值", "4", "5"),
        (1, "规则", "按比例", "分档"),
        (1, "分档", "未填", "60–100：3；100：5"),
        (1, "是否须佐证", "否", "是"),
        (1, "佐证要求", "未填", "文件"),
        (2, "不再计分", "6 分，按比例", ""),
        (4, "新增计分", "", "2.5 分，人工评分"),
    ]
    assert second.task_id == paper.task_id(2)


def test_versions_are_numbered_and_kept(office):
    ledger_id = office.scope.ledger_id
    scheme = started_scheme(office.outline)
    first = store_scheme(office.warehouse, scheme, recorded_by="赵敏")
    second = store_scheme(office.warehouse, replace(scheme, note="修订"), recorded_by="李强")
    kept = [stored_version(office.warehouse, ledger_id, each) for each in (first, second)]
    assert [(v.number, v.recorded_by, v.scheme.note) for v in kept] == [
        (1, "赵敏", ""),
        (2, "李强", "修订"),
    ]
    with pytest.raises(KeyError):
        stored_version(office.warehouse, ledger_id, office.task_id(1))
