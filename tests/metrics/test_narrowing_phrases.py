"""Phrases as people type them: what each says, and what of it is not understood."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.narrowing.facets import BY_KEY
from metrics.narrowing.phrases import SYNONYMS, Vocabulary

UNITS = (
    "厅法规处", "厅运输处", "厅办公室", "厅人事处", "道路运输事务中心", "五市交通运输局", "固原市交通运输局",
)  # fmt: skip
VOCABULARY = Vocabulary(
    UNITS, ("事中信用评价", "信用平台和网站"), ("组织开展信用评价", ""), 2020, date(2020, 5, 4)
)
SEPTEMBER = date(2020, 9, 30)


@pytest.mark.parametrize(
    ("phrase", "choice", "as_of"),
    [
        ("厅运输处 红灯 三季度末", {"unit": ("厅运输处",), "lamp": ("红灯",)}, SEPTEMBER),
        ("厅运输处红灯三季度末", {"unit": ("厅运输处",), "lamp": ("红灯",)}, SEPTEMBER),
        ("五市 逾期", {"unit": ("五市交通运输局",), "signal": ("逾期",)}, None),
        ("运输处有哪些红灯任务？", {"unit": ("厅运输处",), "lamp": ("红灯",)}, None),
        ("固原 滞后", {"unit": ("固原市交通运输局",), "signal": ("滞后",)}, None),
        ("固原市的加分项", {"unit": ("固原市交通运输局",), "kind": ("加分项",)}, None),
        ("厅法规处、厅办公室 黄灯", {"unit": ("厅法规处", "厅办公室"), "lamp": ("黄灯",)}, None),
        ("fgc 未报送", {"unit": ("厅法规处",), "signal": ("未报送",)}, None),
        ("事中信用评价 未销号", {"level1": ("事中信用评价",), "verified": ("未销号",)}, None),
        ("组织开展信用评价", {"level2": ("组织开展信用评价",)}, None),
        ("厅机关处室 牵头 已逾期", {"class": ("厅机关处室",), "role": ("牵头",), "state": ("已逾期",)}, None),
        ("３０天内到期", {"window": ("在 30 天内",)}, None),
        ("90天内到期 缺佐证", {"window": ("在 30 天内", "在 31–90 天内"), "evidence": ("无佐证",)}, None),
        ("退办 2月末", {"state": ("退办待改",)}, date(2020, 2, 29)),
        ("没报 12月底", {"signal": ("未报送",)}, date(2020, 12, 31)),
        ("红灯 9月30日", {"lamp": ("红灯",)}, SEPTEMBER),
        ("红灯 2020-9-30", {"lamp": ("红灯",)}, SEPTEMBER),
        ("红灯 2019年12月31日", {"lamp": ("红灯",)}, date(2019, 12, 31)),
        ("红灯 2020.9.30", {"lamp": ("红灯",)}, SEPTEMBER),
        ("红灯，截至：9月30号", {"lamp": ("红灯",)}, SEPTEMBER),
        ("2019年三季度末 红灯", {"lamp": ("红灯",)}, date(2019, 9, 30)),
        ("红灯 9 月 30 日", {"lamp": ("红灯",)}, SEPTEMBER),
        ("2019年底", {}, date(2019, 12, 31)),
        ("2019年2月底", {}, date(2019, 2, 28)),
        ("上半年末 逾期", {"signal": ("逾期",)}, date(2020, 6, 30)),
        ("今天逾期", {"signal": ("逾期",)}, date(2020, 5, 4)),
        ("年底", {}, date(2020, 12, 31)),
        ("每季度 绿灯", {"cadence": ("每季度",), "lamp": ("绿灯",)}, None),
        ("红灯 红灯", {"lamp": ("红灯",)}, None),
        ("", {}, None),
        ("  ，。 ", {}, None),
    ],
)  # fmt: skip
def test_what_a_phrase_says(phrase, choice, as_of):
    found = VOCABULARY.read(phrase)
    assert dict(found.choice.values) == choice
    assert found.as_of == as_of
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("phrase", "unknown"),
    [
        ("厅运输处 飞机", ("飞机",)),
        ("红灯飞机逾期", ("飞机",)),
        ("zzz", ("zzz",)),
        ("f", ("f",)),
        ("红灯2020", ("2020",)),
        ("2月30日 红灯", ("2月30日",)),
        ("红灯2月30日", ("2月30日",)),
        ("2019年2月29日", ("2019年2月29日",)),
        ("2020年13月1日", ("2020年13月1日",)),
        ("13月末", ("13月末",)),
        ("6月0日", ("6月0日",)),
        ("0000年底", ("0000年底",)),
    ],
)
def test_what_is_not_understood_is_handed_back(phrase, unknown):
    found = VOCABULARY.read(phrase)
    assert found.unknown == unknown
    assert found.as_of is None
    assert found.numbers == ()


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("第12项", (12,)),
        ("第 12 项", (12,)),
        ("12", (12,)),
        ("12号", (12,)),
        ("第3项 第4项", (3, 4)),
    ],
)
def test_tasks_by_number(phrase, numbers):
    assert VOCABULARY.read(phrase).numbers == numbers


def test_a_short_form_of_several_units_means_all_of_them():
    both = Vocabulary(("固原市交通运输局", "固原交通局"), (), (), 2020, SEPTEMBER)
    assert set(both.read("固原").choice["unit"]) == {"固原市交通运输局", "固原交通局"}
    assert both.read("固原交通局").choice["unit"] == ("固原交通局",)


def test_every_word_means_a_facet_there_is():
    assert {facet for meanings in SYNONYMS.values() for facet, _ in meanings} <= set(BY_KEY)
