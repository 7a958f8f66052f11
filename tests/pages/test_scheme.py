"""评分方案 on screen: three ways to a first version, the next one, and what any two differ in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pandas as pd
import pytest
from on_screen import headline, labelled, messages, text, tiles
from streamlit.testing.v1 import AppTest

import metrics
from documents.scheme import outline_of, started_scheme, stored_version, write_template
from metrics import Scope
from tests.documents.month_form.forms import REFERENCE
from tests.documents.scheme.conftest import fill, scored_ledger
from warehouse import open_office, read_reference, store_edition
from warehouse.ledger.schemes import Item, Scheme, store_scheme

TITLE = "宁夏回族自治区“信用交通省”建设指标体系任务分工台账"


def ledger_id(*, demo: bool = False) -> UUID:
    ledgers = metrics.ask(open_office(demonstration=demo).warehouse, "ledgers")
    return ledgers.set_index("region").ledger_id["宁夏"]


def whole_scheme(*, demo: bool = False, points: str = "1.5") -> Scheme:
    """Every base task of the real ledger at 1.5, the three bonus items at 2, at most 5 of them."""
    outline = outline_of(open_office(demonstration=demo).warehouse, ledger_id(demo=demo))
    rules = {"base": ("proportional", "percent", points), "bonus": ("all-or-nothing", "", "2")}
    items = [
        Item(task.task_id, Decimal(rules[task.kind][2]), *rules[task.kind][:2])
        for task in outline.tasks
        if task.kind in rules
    ]
    scheme = replace(started_scheme(outline), items=tuple(items), bonus_cap=Decimal(5))
    return replace(scheme, assessed_on=date(2020, 11, 30))


def stored(scheme: Scheme, *, demo: bool = False) -> UUID:
    warehouse = open_office(demonstration=demo).warehouse
    return store_scheme(warehouse, scheme, recorded_by="赵敏")


def versions() -> pd.DataFrame:
    return metrics.ask(open_office().warehouse, "schemes", Scope(ledger_id(), date.max))


def newest() -> Scheme:
    return stored_version(open_office().warehouse, ledger_id(), versions().scheme_id[0]).scheme


def template(scheme_id: UUID | None = None) -> bytes:
    scope = Scope(ledger_id(), date(2020, 12, 31), scheme_id=scheme_id)
    return write_template(open_office().warehouse, scope)


def put_in(at: AppTest, content: bytes, name: str = "方案.xlsx") -> AppTest:
    at.file_uploader[0].set_value([(name, content, "")])
    return at.run()


def press(at: AppTest, key: str, author_key: str, author: str = "李强") -> AppTest:
    at.text_input(key=author_key).set_value(author)
    at.button(key=key).click()
    return at.run()


def type_in(at: AppTest, cells: dict[int, dict]) -> AppTest:
    """Row (from 0) → column → what a person types there."""
    (editor,) = at.data_editor
    edited = {"edited_rows": cells, "added_rows": [], "deleted_rows": []}
    at.session_state[editor.key] = edited
    return at.run()


def typed(at: AppTest) -> pd.DataFrame:
    """The grid as it stands; AppTest itself hands out what it was opened with."""
    (rows,) = at.session_state["scheme_drafts"].values()
    return rows


def table(at: AppTest, column: str) -> pd.DataFrame:
    """The one table with this column."""
    (found,) = [each.value for each in at.dataframe if column in each.value]
    return found


@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
def test_without_a_scheme_nothing_is_invented(visit, alone):
    at = visit("scheme", alone=alone)
    assert not at.exception
    assert headline(at) == f"《{TITLE}》未设分值，可从模板填起。"
    assert "三种办法" in text(at)
    assert not at.metric
    assert at.button(key="scheme_grid_store").disabled


def test_the_scheme_of_the_demonstration_says_that_it_is_generated(visit):
    at = visit("scheme", demo=True)
    assert not at.exception
    assert headline(at).startswith("评分方案第 1 版：61 项基本任务共 100 分")
    assert any("演示数据" in warning.value for warning in at.warning)


@pytest.mark.usefixtures("own_data")
def test_the_headline_and_tiles_are_the_newest_versions(visit):
    stored(whole_scheme())
    at = visit("scheme")
    assert headline(at) == (
        "评分方案第 1 版：61 项基本任务共 91.5 分，3 项加分最多 5 分，评估日 2020 年 11 月 30 日。"
    )
    assert tiles(at)["计分任务"] == "64 项"
    assert tiles(at)["加分项最多"] == "5 分"
    sums = table(at, "指标满分").set_index("一级指标")
    assert sums.loc["合计", "基本任务"] == "91.5"
    assert sums.loc["合计", "核对"] == "不是 100 分"


@pytest.mark.usefixtures("own_data")
def test_mistakes_are_named_and_nothing_is_stored(visit):
    content = fill(template(), {1: {"分值": "两分"}, 2: {"分值": -3}, 3: {"分值": 4}})
    at = put_in(visit("scheme"), content)
    problems = table(at, "问题")
    assert list(problems["位置"]) == ["评分方案!E14", "评分方案!E15"]
    assert "“两分”不是数" in problems["问题"][0]
    assert "应不小于 0" in problems["问题"][1]
    assert at.button(key="scheme_file_store").disabled
    assert versions().empty


@pytest.mark.usefixtures("own_data")
def test_a_filled_template_becomes_version_1_and_the_same_again_nothing(visit):
    content = fill(template(), {1: {"分值": "2分"}, 2: {"分值": 98}}, 说明="试行")
    at = put_in(visit("scheme"), content)
    assert any("59 项基本任务未设分值" in said for said in messages(at))
    at = press(at, "scheme_file_store", "scheme_file_by", author=" ")
    assert "请填写操作人。" in messages(at)
    assert versions().empty
    at = press(at, "scheme_file_store", "scheme_file_by")
    assert at.success[0].value == "已存入评分方案第 1 版。"
    assert headline(at).startswith("评分方案第 1 版：61 项基本任务中 2 项设了分值，共 100 分，")
    (row,) = versions().itertuples()
    assert (row.version, row.recorded_by, row.note, row.base_cents) == (1, "李强", "试行", 10_000)
    at = put_in(visit("scheme"), content)
    assert "与第 1 版完全相同，不需要存入。" in messages(at)


@pytest.mark.usefixtures("own_data")
def test_a_template_of_an_older_version_is_said_to_be(visit):
    scheme = whole_scheme()
    first = template(stored(scheme))
    stored(replace(scheme, bonus_cap=None))
    at = put_in(visit("scheme"), first)
    assert any("模板是按第 1 版制作的，现在已有第 2 版" in said for said in messages(at))
    shown = next(each.value for each in at.dataframe if "改为" in each.value)
    assert list(shown[["项目", "原来", "改为"]].itertuples(index=False, name=None)) == [
        ("加分总上限", "未填", "5")
    ]


@pytest.mark.usefixtures("own_data")
def test_demonstration_and_other_files_are_refused(visit):
    at = put_in(visit("scheme", demo=True), template())
    assert any("正式数据的评分方案，不能存入演示数据" in said for said in messages(at))
    at = put_in(visit("scheme"), b"x")
    assert any("不是有效的 Excel 文件" in said for said in messages(at))


@pytest.mark.usefixtures("own_data")
def test_a_change_on_screen_becomes_the_next_version_and_is_compared(visit):
    stored(whole_scheme())
    at = type_in(
        visit("scheme"),
        {
            0: {"points": 3.0, "evidence_required": True},
            1: {"rule": "分档", "tiers": "60–80：1；80–100：1.5"},
            2: {"points": None},
        },
    )
    assert not at.exception
    at = press(at, "scheme_grid_store", "scheme_grid_by")
    assert at.success[0].value == "已存入评分方案第 2 版。"
    items = {item.task_id: item for item in newest().items}
    tasks = outline_of(open_office().warehouse, ledger_id()).tasks
    assert items[tasks[0].task_id].points == 3
    assert items[tasks[0].task_id].evidence_required
    assert [tier.points for tier in items[tasks[1].task_id].tiers] == [1, Decimal("1.5")]
    assert tasks[2].task_id not in items
    assert list(at.selectbox(key="scheme_before").options) == ["第 2 版", "第 1 版"]
    assert "从第 1 版到第 2 版改了 5 处，涉及 3 项任务；基本任务合计 91.5 分 → 91.5 分" in text(at)
    found = table(at, "改为")
    found["原来"] = found["原来"].str.replace("\u00a0", " ")
    assert list(found[["编号", "项目", "原来", "改为"]].itertuples(index=False, name=None)) == [
        (1, "分值", "1.5", "3"),
        (1, "是否须佐证", "否", "是"),
        (2, "规则", "按比例", "分档"),
        (2, "分档", "未填", "60–80：1；80–100：1.5"),
        (3, "不再计分", "1.5 分，按比例", ""),
    ]
    assert at.button(key="scheme_grid_store").disabled


@pytest.mark.usefixtures("own_data")
def test_mistakes_on_screen_go_by_the_tasks_number(visit):
    stored(whole_scheme())
    at = type_in(visit("scheme"), {0: {"points": -1.0}, 4: {"rule": "按名次"}})
    problems = table(at, "问题")
    assert list(problems["位置"]) == ["第 1 项“分值”", "第 5 项“计分依据”", "第 5 项“分档”"]
    assert at.button(key="scheme_grid_store").disabled
    labelled(at.button, "放弃修改").click()
    at.run()
    assert not [each for each in at.dataframe if "问题" in each.value]
    assert at.data_editor[0].value.points[0] == 1.5


@pytest.mark.usefixtures("own_data")
def test_what_was_typed_outlives_a_refusal_and_anothers_version(visit):
    scheme = whole_scheme()
    stored(scheme)
    at = type_in(visit("scheme"), {0: {"points": 3.0}})
    at = press(at, "scheme_grid_store", "scheme_grid_by", author=" ")
    assert "请填写操作人。" in messages(at)
    assert typed(at).points[0] == 3
    stored(replace(scheme, bonus_cap=None))
    at.run()
    assert any("您修改期间，赵敏 存入了第 2 版" in said for said in messages(at))
    assert typed(at).points[0] == 3
    at = press(at, "scheme_grid_store", "scheme_grid_by")
    assert at.success[0].value.startswith("已存入评分方案第 3 版")
    assert newest().bonus_cap == 5


@pytest.mark.usefixtures("own_data")
def test_the_settings_on_screen_are_stored(visit):
    stored(whole_scheme())
    at = visit("scheme")
    labelled(at.date_input, "评估日").set_value(date(2020, 10, 31))
    labelled(at.selectbox, "缺项处理").set_value("按平均得分率计")
    labelled(at.number_input, "加分总上限").set_value(4)
    labelled(at.text_input, "说明").set_value("按新细则")
    at = press(at.run(), "scheme_grid_store", "scheme_grid_by")
    now = newest()
    assert (now.assessed_on, now.absent_rule, now.bonus_cap, now.note) == (
        date(2020, 10, 31),
        "average",
        4,
        "按新细则",
    )


@pytest.mark.usefixtures("own_data")
def test_a_ledgers_own_points_start_version_1(visit):
    reference = read_reference(REFERENCE)
    made = replace(scored_ledger(), region="甘肃")
    store_edition(open_office().warehouse, made, reference, recorded_by="测试")
    at = visit("scheme", ledger="甘肃 2020")
    assert headline(at).endswith("载有分值，还没有评分方案，可以台账分值建立第 1 版。")
    assert "基本任务按填报进度的比例得分" in text(at)
    at.text_input(key="scheme_start_by").set_value("李强")
    labelled(at.button, "以台账分值建立第 1 版").click()
    at.run()
    assert headline(at) == (
        "评分方案第 1 版：8 项基本任务中 2 项设了分值，共 10 分，1 项加分最多 3 分，1 项扣分，评估日 2020 年 12 月 31 日。"
    )
    sums = table(at, "指标满分").set_index("一级指标")
    assert sums.loc["完善信用信息归集共享", "核对"] == "少 10 分"


@pytest.mark.usefixtures("own_data")
def test_a_new_edition_asks_for_a_new_version(visit):
    reference = read_reference(REFERENCE)
    made = replace(scored_ledger(), region="甘肃")
    warehouse = open_office().warehouse
    own = store_edition(warehouse, made, reference, recorded_by="测试").ledger_id
    store_scheme(warehouse, started_scheme(outline_of(warehouse, own)), recorded_by="赵敏")
    tasks = (*made.tasks[:8], replace(made.tasks[8], task="全新的加分项。"), made.tasks[9])
    revised = replace(made, tasks=tasks, sha256="revised")
    store_edition(
        warehouse, revised, reference, recorded_by="测试", effective_on=date(2020, 6, 1),
        continued={task.number: known.task_id
                   for task, known in zip(tasks, outline_of(warehouse, own).tasks, strict=True)
                   if task.number != 9},
    )  # fmt: skip
    at = visit("scheme", ledger="甘肃 2020")
    assert not at.exception
    assert any("现行台账是第 2 版" in said for said in messages(at))
    assert "加分最多" not in headline(at)


@pytest.mark.usefixtures("own_data")
def test_past_knowledge_is_looked_at_and_not_added_to(visit):
    stored(whole_scheme())
    at = visit("scheme", as_known="true", known_on="2020-12-31")
    assert headline(at) == f"《{TITLE}》未设分值，可从模板填起。"
    assert any("不能存入评分方案" in said for said in messages(at))
    assert not at.file_uploader
    assert not at.data_editor
