"""对照比较: two ledgers by theme, two editions, two units; each with its own tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest
from on_screen import charts, headline, table, text, tiles

from findings import editions
from loaders import read_ledger
from metrics import NO_LIMIT
from screens import parts
from warehouse import Reference, open_office, read_reference, store_edition, sync_reference
from warehouse.entries.records import add_report
from warehouse.ledger.editions import compare, continued
from warehouse.opening import SHIPPED, reference_folder

AUTUMN = "2020-09-30"
THEMES = {
    "组织保障": (9, 3),
    "平台网站": (8, 4),
    "归集共享公开": (12, 6),
    "信用承诺": (7, 0),
    "信用评价": (6, 2),
    "联合奖惩": (11, 4),
    "诚信文化": (8, 4),
}
"""Base tasks of Ningxia 2020 and Hunan 2019, counted by hand from both ledgers as issued."""


def side_tables(at) -> list[pd.DataFrame]:
    """The figures of both ledgers by theme."""
    return [each.value for each in at.dataframe if list(each.value)[:2] == ["主题", "任务"]]


def without_themes(*indicators: str) -> Reference:
    """The reference files, had these indicators no theme."""
    reference = read_reference(reference_folder())
    themes = {k: v for k, v in reference.themes.items() if k not in indicators}
    return replace(reference, themes=themes)


# 两份台账


def test_both_ledgers_stand_side_by_side_by_theme(visit):
    at = visit("compare")
    assert not at.exception
    assert headline(at) == (
        "宁夏2020年 61 项、湖南2019年 23 项基本任务，6 个主题共有；仅宁夏2020年有“信用承诺”。"
    )
    tables = side_tables(at)
    found = {
        theme: pair
        for theme, *pair in zip(
            tables[0]["主题"], tables[0]["任务"], tables[1]["任务"], strict=True
        )
    }
    assert found == {theme: list(pair) for theme, pair in THEMES.items()}
    # Nothing was reported, so nothing is judged; and no rate is set against another.
    for each in tables:
        assert each[["完成率 %", "到期完成率 %", "逾期"]].isna().all(axis=None)
        assert not [name for name in each if "差" in name or "名次" in name]
    assert "不相减、不排名" in text(at)
    own, other = charts(at)[0]["data"]
    assert own["x"] == pytest.approx([100 * own / 61 for own, _ in THEMES.values()])
    assert other["x"] == pytest.approx([100 * other / 23 for _, other in THEMES.values()])


def test_tasks_of_a_theme_stand_side_by_side(visit, figures):
    at = visit("compare", theme="归集共享公开")
    for key, region, day in (("own", "宁夏", "2020-12-31"), ("other", "湖南", "2019-12-31")):
        every = figures(
            "task_list", day, demo=False, region=region, signal="all", row_limit=NO_LIMIT
        )
        of_theme = every[every.theme == "归集共享公开"]
        assert len(of_theme)
        assert list(table(at, f"{key}_tasks")["number"]) == list(of_theme.number)
    at.selectbox(key="theme").select("信用承诺").run()
    assert "湖南2019年“信用承诺”：0 项" in text(at)
    assert "这份台账没有归入这个主题的任务" in text(at)


def test_seen_from_the_other_ledger_the_sides_are_exchanged(visit):
    at = visit("compare", ledger="湖南 2019", other_ledger="宁夏 2020", other_as_of="2020-06-30")
    assert headline(at).startswith("湖南2019年 23 项、宁夏2020年 61 项")
    assert "宁夏2020年（截至 2020-06-30）" in text(at)
    assert "湖南2019年（截至 2019-12-31）" in text(at)


def test_the_card_of_the_other_ledger_is_judged_on_its_own_day(visit, figures, own_data):
    del own_data
    asked = {"demo": False, "region": "湖南", "signal": "all", "row_limit": NO_LIMIT}
    task = figures("task_list", "2019-09-30", **asked).set_index("number").loc[4]
    # Due in June, done in August: late in July, done in September.
    for state, day in (("in_progress", date(2019, 6, 1)), ("done", date(2019, 8, 20))):
        add_report(
            open_office().warehouse, UUID(str(task.task_id)), state=state,
            effective_on=day, recorded_by="张三",
        )  # fmt: skip
    for day, said in (("2019-07-31", "逾期 31 天"), ("2019-09-30", "2019-08-20 完成")):
        at = visit("compare", theme="平台网站", other_as_of=day)
        at.session_state[parts.TASK_CARD] = task.task_id
        at.run()
        assert not at.exception
        assert at.header[-1].value == task.task
        assert said in text(at)


def test_rates_stand_where_something_was_reported_and_nowhere_else(visit, figures, own_data):
    del own_data
    asked = {"demo": False, "region": "湖南", "signal": "all", "row_limit": NO_LIMIT}
    tasks = figures("task_list", "2019-09-30", **asked).set_index("number")
    for number in (4, 5):
        add_report(
            open_office().warehouse, UUID(str(tasks.task_id[number])), state="done",
            effective_on=date(2019, 6, 20), recorded_by="张三",
        )  # fmt: skip
    at = visit("compare")
    own, other = (each.set_index("主题") for each in side_tables(at))
    assert own[["完成率 %", "到期完成率 %", "逾期"]].isna().all(axis=None)
    platform = other.loc["平台网站"]
    assert platform[["任务", "完成率 %", "到期完成率 %", "逾期", "未填报"]].tolist() == [
        *(4, "2/4", "2/4", 2, 2),
    ]


def test_filters_of_one_ledger_are_left_out_and_that_is_said(visit):
    at = visit("compare", unit="厅法规处", kind="基本任务")
    assert headline(at).startswith("宁夏2020年 61 项、湖南2019年 23 项")
    assert "对照两份台账时不用" in text(at)


def test_the_mapping_is_shown_with_its_source_and_unmapped_tasks_are_not_hidden(visit, own_data):
    del own_data
    office = open_office().warehouse
    without = without_themes("推进信用联合奖惩", "加强诚信文化建设")
    # As saved on 单位与口径; the files are brought in step again when the platform starts.
    sync_reference(office, without, recorded_by="测试")
    at = visit("compare")
    (mapping,) = [each.value for each in at.dataframe if "出处" in each.value]
    by_indicator = mapping.set_index("指标")
    assert by_indicator["主题"]["落实工作保障"] == "组织保障"
    assert set(by_indicator["出处"].dropna()) == {"本平台按指标名称归类"}
    assert by_indicator["主题"]["推进信用联合奖惩"] == "未归入主题"
    assert list(by_indicator.loc["加强诚信文化建设"].iloc[2:]) == [8, 4]
    assert any("单位与口径" in link.proto.label for link in at.get("page_link"))
    tables = side_tables(at)
    counts = [dict(zip(each["主题"], each["任务"], strict=True)) for each in tables]
    assert [each["未归入主题"] for each in counts] == [8, 8]
    assert [sum(each.values()) for each in counts] == [61, 23]


def test_without_another_ledger_that_is_said(visit):
    at = visit("compare", demo=True, compare="两份台账")
    assert headline(at) == "这里只有一份台账，没有另一份可以对照。"
    assert "演示数据只有一份台账" in text(at)


# 两个版本


def test_one_edition_alone_is_said_in_one_sentence(visit):
    at = visit("compare", compare="两个版本")
    assert headline(at) == "这份台账只有一版：第 1 版（2020-01-01 起），没有另一版可以对照。"
    assert not at.metric


@pytest.fixture
def revised(own_data: Path) -> list[str]:
    """The Ningxia ledger with a later edition; its pairs' changes as told when it was taken in."""
    text = (SHIPPED / "ledgers" / "ningxia-2020.txt").read_text(encoding="utf-8")
    for old, new in REVISIONS:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = own_data / "宁夏2020年台账修订.txt"
    path.write_text(text, encoding="utf-8")
    office, reference = open_office().warehouse, read_reference(reference_folder())
    ledger = read_ledger(path)
    comparison = compare(office, ledger)
    store_edition(
        office, ledger, reference, recorded_by="李四", effective_on=date(2020, 7, 1),
        continued=continued(comparison.pairs),
    )  # fmt: skip
    return [
        editions.changed(comparison.pairs),
        *editions.changed_rows(comparison.pairs)["变化"],
    ]


REVISIONS = (
    ("每季度至少开展1次信用专题学习", "每月至少开展1次信用专题学习"),
    ("2020年4月", "2020年6月"),
    ("\t厅财审处\n", "\t厅财审处、厅法规处\n"),
)


def test_two_editions_are_compared_as_they_were_when_imported(visit, revised):
    said, *changes = revised
    at = visit("compare", compare="两个版本")
    assert not at.exception
    assert headline(at) == f"第 2 版与第 1 版相比：{said}"
    assert tiles(at) == {
        **dict.fromkeys(("新增", "删去", "移位"), "0 项"),
        **dict.fromkeys(("改文字", "改分工", "改期限"), "1 项"),
        "不变": "66 项",
    }
    rows = table(at, "edition_changes")
    assert list(rows["change"]) == changes
    worded = rows[rows.change == "改文字"].iloc[0]
    assert "每季度至少" in worded.text_then
    assert "每月至少" in worded.text_now
    (redated,) = rows[rows.change == "改期限"].rearranged
    # A wrapping cell has no-break spaces.
    assert redated.replace("\u00a0", " ") == "2020-04-30 → 2020-06-30"
    assert at.segmented_control(key="edition_change").options == [
        "全部变化", "改文字", "改分工", "改期限",
    ]  # fmt: skip
    at.segmented_control(key="edition_change").set_value("改分工").run()
    assert list(table(at, "edition_changes")["change"]) == ["改分工"]


def test_the_same_edition_twice_is_said_and_the_order_does_not_matter(visit, revised):
    first, second = "第 1 版（2020-01-01 起）", "第 2 版（2020-07-01 起）"
    at = visit("compare", compare="两个版本", earlier_edition=second, later_edition=second)
    assert headline(at) == "两边是同一版，请选不同的两版。"
    at = visit("compare", compare="两个版本", earlier_edition=second, later_edition=first)
    assert headline(at) == f"第 2 版与第 1 版相比：{revised[0]}"


# 两个单位


def test_two_units_stand_side_by_side_under_every_indicator(visit, figures):
    names = ("厅法规处", "厅运输处")
    at = visit(
        "compare", demo=True, compare="两个单位", as_of=AUTUMN,
        first_unit=names[0], second_unit=names[1],
    )  # fmt: skip
    assert not at.exception
    cells = figures("unit_matrix")
    shown = next(each.value for each in at.dataframe if "承担单位" in each.value)
    for name in names:
        own = cells[cells.unit == name].sort_values("first_number")
        rows = shown[shown["承担单位"] == name]
        assert list(rows["一级指标"]) == list(own.short_name)
        for column, answer in (
            ("任务", "tasks"), ("负责", "responsible_tasks"), ("完成", "done"), ("到期", "due"),
            ("逾期", "overdue"),
        ):  # fmt: skip
            assert list(rows[column]) == list(own[answer])
    tasks = [figures("unit_tasks", unit=name) for name in names]
    both = set(tasks[0].task_id) & set(tasks[1].task_id)
    assert f"其中 {len(both)} 项由两个单位共同承担" in headline(at)
    for key, own in zip(("first", "second"), tasks, strict=True):
        assert list(table(at, f"{key}_unit_tasks")["number"]) == list(own.number)
    at.selectbox(key="unit_indicator").select("事前信用承诺").run()
    own = tasks[0][tasks[0].short_name == "事前信用承诺"]
    assert list(table(at, "first_unit_tasks")["number"]) == list(own.number)


def test_units_of_unlike_classes_are_said_to_be_and_nothing_is_ranked(visit):
    at = visit(
        "compare", demo=True, compare="两个单位", as_of=AUTUMN,
        first_unit="厅法规处", second_unit="五市交通运输局",
    )  # fmt: skip
    assert "厅法规处属于厅机关处室，五市交通运输局属于集体，类别不同" in text(at)
    assert not [each for each in at.dataframe if "同类名次" in each.value]
    at = visit(
        "compare", demo=True, compare="两个单位", first_unit="厅法规处", second_unit="厅法规处"
    )
    assert headline(at) == "两边是同一个单位，请选不同的两个单位。"


def test_units_chosen_in_the_sidebar_are_the_two(visit, figures):
    at = visit("compare", compare="两个单位", unit=["厅运输处", "厅建管处"])
    assert at.selectbox(key="first_unit").value == "厅运输处"
    assert at.selectbox(key="second_unit").value == "厅建管处"
    at = visit("compare", compare="两个单位", unit="厅运输处", second_unit="厅建管处")
    assert at.selectbox(key="first_unit").value == "厅运输处"
    # Every task of the other, not those only that name the unit of the sidebar too.
    for key, unit in (("first", "厅运输处"), ("second", "厅建管处")):
        own = figures("unit_tasks", "2020-12-31", demo=False, unit=unit)
        assert list(table(at, f"{key}_unit_tasks")["number"]) == list(own.number)
    # Nothing was reported, so nothing is judged.
    for each in at.dataframe:
        assert not set(each.value) & {"完成", "逾期", "完成率 %"}


# 网址


@pytest.mark.parametrize("kind", ["两份台账", "两个版本", "两个单位"])
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
def test_every_kind_is_complete_from_its_address(visit, kind, demo, alone):
    at = visit("compare", alone=alone, demo=demo, as_of=AUTUMN, compare=kind)
    assert not at.exception
    assert not at.error
    assert headline(at).endswith("。")
    assert at.caption[0].value.startswith("对照比较")
    assert at.segmented_control(key="compare").value == kind
    assert any("演示数据" in warning.value for warning in at.warning) is demo


def test_filters_that_leave_nothing_give_one_clear_sentence(visit):
    at = visit(
        "compare", demo=True, compare="两个单位", as_of=AUTUMN, unit="厅办公室",
        level1="信用平台和网站", kind="扣分项",
    )  # fmt: skip
    assert not at.exception
    assert headline(at).startswith("所选范围内没有")
    assert headline(at).endswith("请放宽筛选条件。")


def test_the_line_of_context_states_only_filters_in_force(visit):
    chosen = {"as_of": AUTUMN, "unit": "厅法规处", "kind": "基本任务"}
    assert "筛选：无" in visit("compare", compare="两份台账", **chosen).caption[0].value
    assert "筛选：基本任务" in visit("compare", compare="两个单位", **chosen).caption[0].value


def test_tables_of_tasks_are_taken_along_with_more_columns_than_the_screen_has(visit, monkeypatch):
    made = {}
    monkeypatch.setattr(
        "screens.parts.tasks.download", lambda _view, rows, *_, key: made.update({key: rows()})
    )
    at = visit("compare", theme="平台网站")
    assert list(table(at, "other_tasks").columns) == ["number", "task", "due"]
    assert list(made["other_tasks"]) == [
        "编号", "一级指标", "目标任务", "责任单位", "期限", "进度",
    ]  # fmt: skip
    assert set(made["other_tasks"]["进度"]) == {"未填报"}
    visit("compare", compare="两个单位")
    assert list(made["first_unit_tasks"]) == [
        "编号", "一级指标", "目标任务", "角色", "共同承担", "期限",
    ]  # fmt: skip


def test_a_workbook_states_the_ledger_and_the_day_of_its_own_side(visit, monkeypatch):
    stated = {}
    monkeypatch.setattr(
        "screens.parts.parts.download_file",
        lambda view, *_, key, **_more: stated.update({key: parts.export_context(view)}),
    )
    visit("compare", other_as_of="2019-09-30", as_of=AUTUMN, unit="厅法规处")
    for key, province, day in (
        ("own", "宁夏", date(2020, 9, 30)),
        ("other", "湖南", date(2019, 9, 30)),
    ):
        for name in (f"{key}_themes_download", f"{key}_tasks_download"):
            assert province in stated[name].ledger
            assert stated[name].as_of == day
            assert stated[name].filters == "无"
    assert "宁夏" in stated["mapping_download"].ledger
