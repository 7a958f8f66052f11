"""对照比较: two ledgers by common theme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pandas as pd
import pytest
from on_screen import charts, headline, table, text

import ui
from metrics import NO_LIMIT
from warehouse import Reference, open_office, read_reference, sync_reference
from warehouse.opening import reference_folder
from warehouse.records import add_report

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
        "宁夏2020年 61 项、湖南2019年 23 项基本任务，共有的主题 6 个；“信用承诺”只有宁夏2020年有。"
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
        at.session_state[ui.TASK_CARD] = task.task_id
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
        4,
        50,
        50,
        2,
        2,
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
