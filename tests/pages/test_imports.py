"""导入台账: a file is shown before it is stored, a later edition with what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pytest
from on_screen import headline, labelled, messages, text
from streamlit.testing.v1 import AppTest

from loaders import preview, read_ledger
from screens.ledger import intake
from screens.ledger.intake import Intake
from tests.warehouse.test_editions import NINGXIA, revised_ningxia
from warehouse import Warehouse, open_office, read_reference, store_edition
from warehouse.opening import reference_folder
from words import CELL_READINGS

pytestmark = pytest.mark.usefixtures("own_data")

TITLE = "河北省2021年信用交通省建设任务分工台账"
HEADER = "一级指标,二级指标,目标任务,责任单位,完成时限"
RULES = "组织保障,制度,制定信用管理办法，明确各单位职责分工。,厅法规处,2021年6月"
TRAINING = "组织保障,培训,组织信用业务培训，覆盖全体从业人员。,厅人事处,2021年12月"
PROMISES = "信用承诺,制度,建立信用承诺制度，公开承诺书样本。,厅审批处,2021年12月"
NEW_UNIT = "作为新单位登记"
SAME_TASK, OTHER_TASK = "是同一任务，沿用填报和佐证", "是另一项任务"


def ledger(*rows: str, title: str = TITLE) -> str:
    return "\n".join([title, HEADER, *rows])


FIRST = ledger(RULES, TRAINING, PROMISES)
ASKING = ledger(
    "信用承诺,制度,建立信用承诺制度，归集承诺履约信息。,厅政务审批处,2021年12月", RULES, TRAINING
)
"""The third task moved up and so reworded that it may be another one, its unit so written that it
may be another one."""


def upload(at: AppTest, *files: tuple[str, str | bytes]) -> AppTest:
    """Choose these files, instead of those chosen before, and wait until they are read."""
    chosen = [
        (name, content if isinstance(content, bytes) else content.encode(), "")
        for name, content in files
    ]
    at.file_uploader[0].set_value(chosen).run()
    while "正在读取" in text(at):
        at.run()
    assert not at.exception
    return at


def store(at: AppTest, recorded_by: str = "张三") -> AppTest:
    labelled(at.text_input, "操作人").set_value(recorded_by)
    labelled(at.button, "存入").click().run()
    assert not at.exception
    return at


def write_over(at: AppTest, row: int, **cells: str | None) -> AppTest:
    """Write into cells of the preview's tasks, as a person does."""
    at.session_state[at.data_editor[0].key] = {
        "edited_rows": {row: cells},
        "added_rows": [],
        "deleted_rows": [],
    }
    at.run()
    assert not at.exception
    return at


def buttons(at: AppTest) -> list[str]:
    """What can be pressed on the page, 查找 beside it left out."""
    return [button.label for button in at.main.button]


def columns(at: AppTest, *names: str) -> pd.DataFrame:
    """These columns of the one table that has them, lines unwrapped."""
    (found,) = [each.value for each in at.dataframe if {*names} <= {*each.value}]
    return found[[*names]].map(
        lambda cell: " ".join(cell.split()) if isinstance(cell, str) else cell
    )


def editions(at: AppTest) -> list[list]:
    """The listed editions, the newest ledger first."""
    return columns(at, "台账", "版次", "生效日", "文件", "任务", "导入人").values.tolist()


def office() -> Warehouse:
    return open_office().warehouse


def tasks_stored(*columns: str) -> list[tuple]:
    """These columns of every task of the newest edition of TITLE, in order."""
    with office().cursor() as cursor:
        return cursor.execute(
            f"select {', '.join(columns)} from task"
            " where edition_id = (select arg_max(edition_id, edition_number)"
            " from edition join ledger using (ledger_id) where title = $title)"
            " order by number",
            {"title": TITLE},
        ).fetchall()


@pytest.fixture
def first(own_data: Path, tmp_path: Path) -> None:
    """FIRST is in this test's database."""
    del own_data  # but it must be there
    file = tmp_path / "河北.csv"
    file.write_text(FIRST, encoding="utf-8")
    store_edition(
        office(), read_ledger(file), read_reference(reference_folder()), recorded_by="李四"
    )


def test_a_new_ledger_is_shown_and_then_stored(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    version = office().data_version
    said = text(at)
    assert "原文 5 行：任务 3 行，标题 1 行，表头 1 行；读出任务 3 项，存疑 0 处。" in said
    assert "新单位 3 个，将登记入册：" in said
    source = next(each.value for each in at.dataframe if "第 1 列" in each.value)
    assert list(source["第 3 列"][2:]) == [row.split(",")[2] for row in (RULES, TRAINING, PROMISES)]
    assert list(at.data_editor[0].value.deadline_text) == ["2021年6月", "2021年12月", "2021年12月"]
    assert office().data_version == version
    store(at)
    assert [box.value for box in at.success] == [f"已存入《{TITLE}》，共 3 项任务。"]
    assert office().data_version == version + 1
    assert editions(at)[0] == [TITLE, 1, "2021-01-01", "河北.csv", 3, "张三"]
    assert "这个文件已经导入过（第 1 版），没有变化。" in messages(at)
    assert tasks_stored("due_on") == [
        (date(2021, 6, 30),),
        (date(2021, 12, 31),),
        (date(2021, 12, 31),),
    ]


def test_the_preview_explains_its_colours(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    legend = " ".join(element.proto.body for element in at.get("html"))
    for word, tint in CELL_READINGS.values():
        assert word in legend
        assert tint in legend


def test_a_file_without_a_ledger_gives_its_reason_beside_a_good_one(visit):
    version = office().data_version
    at = upload(visit("imports"), ("说明.txt", "没有表格，只有一句话。"), ("河北.csv", FIRST))
    (said,) = [error.value for error in at.error]
    assert said.startswith("没有导入：")
    assert said.endswith("。")
    assert said.count("。") == 1
    assert buttons(at).count("存入") == 1
    assert office().data_version == version


# Doubts


def doubts(at: AppTest) -> list[list[str]]:
    """State, place and words of every doubt."""
    return columns(at, "状态", "位置", "存疑").values.tolist()


def look_at(at: AppTest, part: str) -> AppTest:
    """Tick the doubt that has this in its words."""
    (row,) = [row for row, (*_, message) in enumerate(doubts(at)) if part in message]
    (key,) = [each.key for each in at.dataframe if each.key and each.key.startswith("doubts_")]
    at.session_state[key] = {"selection": {"rows": [row]}}
    at.run()
    assert not at.exception
    return at


def ways(at: AppTest) -> list[str]:
    return labelled(at.radio, "怎样读").options


def choose(at: AppTest, part: str) -> AppTest:
    """Read the doubt that is looked at in the way that has this in its words."""
    (way,) = [way for way in ways(at) if part in way]
    labelled(at.radio, "怎样读").set_value(way).run()
    assert not at.exception
    return at


def table(at: AppTest, *names: str) -> list[tuple]:
    """These columns of the tasks as they are shown to be written over."""
    return list(at.data_editor[0].value[[*names]].itertuples(index=False, name=None))


def remembered(at: AppTest, edition: str = "河北 2021 第 1 版（河北.csv）") -> list[list]:
    """What a stored edition remembers to have been corrected and settled."""
    labelled(at.selectbox, "版次").select(edition).run()
    found = [each.value for each in at.dataframe if "改前" in each.value][-1]
    cells = found[["编号", "项目", "改前", "改后", "操作人"]].astype(object)
    plain = cells.map(lambda cell: " ".join(cell.split()) if isinstance(cell, str) else cell)
    return plain.where(plain.notna(), None).values.tolist()


DOUBTFUL = ledger(
    RULES.replace("2021年6月", "2021年6月、2021年12月"),
    TRAINING.replace("厅人事处", "港航和口岸管理"),
    PROMISES,
    PROMISES,
)


def test_every_doubt_is_listed_with_its_cell_and_can_be_looked_at(visit, tmp_path):
    file = tmp_path / "河北.csv"
    file.write_text(DOUBTFUL, encoding="utf-8")
    issues = preview(file).ledger.issues
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    assert "存疑 3 处" in text(at)
    assert doubts(at) == [["○ 未定", issue.place.within, issue.message] for issue in issues]
    assert doubts(at)[0][1] == "第 3 行 第 5 列"
    look_at(at, "不像单位名称")
    assert "第 2 处，共 3 处" in text(at)
    (row,) = [each.proto.body for each in at.get("html") if "<table" in each.proto.body]
    assert "港航和口岸管理" in row
    assert ways(at) == [
        "保持现在的读法：责任单位 1 个：港航和口岸管理",
        "责任单位 2 个：港航、口岸管理",
        "没有责任单位，留空",
        "我来改",
    ]


def test_a_choice_is_a_correction_with_who_and_when(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    choose(look_at(at, "多个日期"), "2021-06-30")
    assert table(at, "deadline_text")[0] == ("2021年6月30日",)
    assert "已定 1 处，未定 2 处" in text(at)
    assert doubts(at)[0][0] == "✔ 已定"
    store(at)
    assert [box.value for box in at.success] == [f"已存入《{TITLE}》，共 4 项任务，2 处存疑未定。"]
    assert tasks_stored("due_on")[0] == (date(2021, 6, 30),)
    doubt = (
        "第 3 行 第 5 列：完成时限“2021年6月、2021年12月”写有多个日期，按最后一个 2021-12-31 判断"
    )
    assert remembered(at) == [
        [1, "完成时限", "2021年6月、2021年12月", "2021年6月30日", "张三"],
        [None, "存疑", doubt, "2021-06-30 到期", "张三"],
    ]
    assert columns(at, "存疑", "更正").values.tolist()[0] == [2, 1]


def test_a_reading_that_is_kept_is_settled_as_well(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    choose(look_at(at, "多个日期"), "保持现在的读法")
    assert "已定 1 处，未定 2 处" in text(at)
    store(at)
    ((number, what, _, after, who),) = remembered(at)
    assert (number, what, after, who) == (None, "存疑", "保持现在的读法", "张三")
    assert columns(at, "存疑", "更正").values.tolist()[0] == [2, 0]


def test_a_choice_may_be_taken_back(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    choose(look_at(at, "多个日期"), "常态化")
    choose(at, "保持现在的读法")
    assert table(at, "deadline_text")[0] == ("2021年6月、2021年12月",)


def test_a_doubt_with_one_sensible_reading_is_confirmed(visit):
    cut = "某市2021年任务分解\n一、加强管理\n1.完善制度。（市公路局，6月底前）\n2.建立预案机制"
    at = upload(visit("imports"), ("河北.txt", cut))
    look_at(at, "处中断")
    assert ways(at) == ["确认无误", "我来改"]
    choose(at, "确认无误")
    assert "已定 1 处" in text(at)
    store(at)
    assert [row[3] for row in remembered(at, "河北 2021 第 1 版（河北.txt）")] == ["确认无误"]


def test_a_doubt_can_be_written_over_where_it_stands(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    choose(look_at(at, "不像单位名称"), "我来改")
    assert "已定 0 处" in text(at)
    labelled(at.text_input, "第 2 项 责任单位").set_value("厅港航处").run()
    assert table(at, "responsible_text")[1] == ("厅港航处",)
    assert "已定 1 处，未定 2 处" in text(at)
    assert labelled(at.text_input, "第 2 项 责任单位").value == "厅港航处"
    store(at)
    assert remembered(at)[0] == [2, "责任单位", "港航和口岸管理", "厅港航处", "张三"]


def test_writing_over_the_cell_in_the_table_settles_the_doubt(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    write_over(at, 1, responsible_text="厅港航处")
    assert [state for state, *_ in doubts(at)] == ["○ 未定", "✔ 已定", "○ 未定"]


def test_what_was_written_into_the_table_outlasts_a_choice(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    write_over(at, 0, level2="制度建设")
    choose(look_at(at, "多个日期"), "常态化")
    choose(look_at(at, "是否重复"), "不读入")
    assert table(at, "number", "level2", "deadline_text")[0] == (1, "制度建设", "常态化推进")
    assert len(table(at, "number")) == 3
    store(at)
    assert tasks_stored("number", "level2", "deadline_kind")[0] == (1, "制度建设", "ongoing")


def test_a_task_told_twice_is_left_out_and_remembered(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    choose(look_at(at, "是否重复"), "不读入")
    store(at)
    assert len(tasks_stored("number")) == 3
    name, text = "第 4 项任务（第 6 行 第 3 列）", PROMISES.split(",")[2]
    assert remembered(at)[0] == [None, name, text, "不读入", "张三"]
    with office().cursor() as cursor:
        rows = cursor.execute(
            "select reading, tasks from source_row join edition using (edition_id)"
            " where file_name = '河北.csv' order by source_row"
        ).fetchall()
    assert rows[-2:] == [("task", 1), ("note", 0)]


def test_a_row_that_was_left_out_becomes_a_task(visit):
    left_out = ledger(RULES, "信用承诺,公示,,厅审批处,2021年9月", TRAINING)
    at = upload(visit("imports"), ("河北.csv", left_out))
    choose(look_at(at, "没有读入"), "是一项任务")
    assert table(at, "number", "task")[1] == (2, "公示")
    write_over(at, 1, task="公示承诺书。")
    store(at)
    assert tasks_stored("number", "task", "due_on")[1] == (2, "公示承诺书。", date(2021, 9, 30))
    assert remembered(at)[0] == [2, "目标任务", "", "公示承诺书。", "张三"]


def test_doubts_of_one_kind_are_settled_together(visit):
    words = ("条件成熟时", "条件具备后", "人员到位后")
    rows = [row.rpartition(",")[0] for row in (RULES, TRAINING, PROMISES)]
    same = [f"{row},{word}" for row, word in zip(rows, words, strict=True)]
    at = upload(visit("imports"), ("河北.csv", ledger(*same)))
    assert len(doubts(at)) == 3
    choose(at, "常态化")
    labelled(at.button, "同类的 2 处也这样定").click().run()
    assert "已定 3 处，未定 0 处" in text(at)
    assert {kind for (kind,) in table(at, "deadline_text")} == {"常态化推进"}


def test_the_next_open_doubt_is_one_click_away(visit):
    at = upload(visit("imports"), ("河北.csv", DOUBTFUL))
    choose(look_at(at, "不像单位名称"), "保持")
    labelled(at.button, "下一处未定").click().run()
    assert "第 3 处，共 3 处" in text(at)
    labelled(at.button, "下一处未定").click().run()
    assert "第 1 处，共 3 处" in text(at)
    look_at(at, "是否重复")
    labelled(at.button, "上一处").click().run()
    assert "第 2 处，共 3 处" in text(at)


def test_a_known_file_changes_nothing(visit):
    version = office().data_version
    at = upload(visit("imports"), ("副本.txt", NINGXIA.read_bytes()))
    assert "这个文件已经导入过（第 1 版），没有变化。" in messages(at)
    assert not buttons(at)
    assert office().data_version == version


def test_a_ledger_is_stored_by_somebody(visit):
    version = office().data_version
    at = store(upload(visit("imports"), ("河北.csv", FIRST)), " ")
    assert [error.value for error in at.error] == ["请填写操作人。"]
    assert office().data_version == version


def test_running_text_stands_where_the_tasks_stand_and_empty_lines_take_no_room(visit):
    plan = (
        "2021年全省交通运输信用建设工作计划\n\n各市交通运输局：\n\n现将计划印发给你们。\n\n"
        "2021年1月5日\n\n一、健全制度\n\n1.优化顶层设计。研究制定信用监管方案。（厅法规处牵头）\n"
    )
    at = upload(visit("imports"), ("计划.txt", plan))
    (source,) = [each.value for each in at.dataframe if "行" in each.value]
    assert source["行"].tolist() == [1, 3, 5, 7, 9, 11]
    (column,) = source.columns[source.iloc[-1].str.contains("研究制定", na=False)]
    assert source[column].tolist()[:3] == [
        "2021年全省交通运输信用建设工作计划",
        "各市交通运输局：",
        "现将计划印发给你们。",
    ]
    assert "空行" in text(at)


def test_a_ledger_without_owners_is_not_said_to_have_registered_ones(visit):
    rows = "一级指标,目标任务,责任单位,完成时限\n组织保障,制定办法。,,2021年6月\n"
    said = text(upload(visit("imports"), ("河北2021年任务台账.csv", rows)))
    assert "没有读出责任单位。" in said
    assert "都已在册" not in said


def test_the_demonstration_takes_nothing_in(visit):
    at = visit("imports", demo=True)
    assert not at.exception
    assert headline(at) == "已存入台账 1 份、版次 1 个；放入印发的台账文件，核对读法后再存入。"
    assert any("演示数据中不导入台账" in said for said in messages(at))
    assert not at.file_uploader
    assert not buttons(at)


# Later editions


def test_a_revision_of_the_real_ledger(visit):
    at = upload(visit("imports"), ("宁夏修订.txt", revised_ningxia()))
    assert (
        "这是已有台账的第 2 版（上一版 ningxia-2020.txt）。"
        "新增 1 项，删去 1 项，改文字 1 项，改分工 1 项，改期限 1 项；不变 65 项。"
    ) in text(at)
    shown = columns(
        at, "变化", "原编号", "新编号", "原文字", "新文字", "分工、期限、位置"
    ).set_index("变化")
    assert sorted(shown.index) == sorted(["改期限", "改文字", "改分工", "新增", "删去"])
    assert shown.loc["改期限", "分工、期限、位置"] == "2020-04-30 → 2020-06-30"
    assert shown.loc["改分工", "分工、期限、位置"] == "负责：厅财审处 → 厅法规处、厅财审处"
    assert "每月" in shown.loc["改文字", "原文字"]
    assert "每季度" in shown.loc["改文字", "新文字"]
    assert pd.isna(shown.loc["新增", "原编号"])
    assert pd.isna(shown.loc["删去", "新编号"])
    labelled(at.date_input, "新版生效日").set_value(date(2020, 7, 1))
    store(at)
    assert editions(at)[0][1:] == [2, "2020-07-01", "宁夏修订.txt", 69, "张三"]
    with office().cursor() as cursor:
        kept, all_tasks = cursor.execute(
            "select count(*) filter (editions = 2), count(*)"
            " from (select count(distinct edition_id) as editions from task join ledger"
            " using (ledger_id) where region = '宁夏' group by task_id)"
        ).fetchone()
    assert (kept, all_tasks) == (68, 70)


@pytest.mark.usefixtures("first")
def test_doubtful_tasks_and_units_are_decided_before_storing(visit):
    at = upload(visit("imports"), ("河北修订.csv", ASKING))
    version = office().data_version
    assert labelled(at.button, "存入").disabled
    (unit,) = [box for box in at.selectbox if "厅政务审批处" in box.label]
    assert unit.options == [NEW_UNIT, "厅审批处"]
    unit.select("厅审批处").run()
    assert labelled(at.button, "存入").disabled
    (continuation,) = at.radio
    assert "归集承诺履约信息" in continuation.label
    assert "公开承诺书样本" in continuation.label
    continuation.set_value(SAME_TASK).run()
    assert not labelled(at.button, "存入").disabled
    assert office().data_version == version
    store(at)
    assert office().data_version == version + 1
    with office().cursor() as cursor:
        registered = cursor.execute(
            "select name from unit where region = '河北' order by name"
        ).fetchall()
        (ids,) = cursor.execute(
            "select count(distinct task_id) from task join ledger using (ledger_id)"
            " where title = $title",
            {"title": TITLE},
        ).fetchone()
    assert registered == [("厅人事处",), ("厅审批处",), ("厅法规处",)]
    assert ids == 3


@pytest.mark.usefixtures("first")
def test_another_task_and_a_new_unit_are_taken_as_such(visit):
    at = upload(visit("imports"), ("河北修订.csv", ASKING))
    (unit,) = [box for box in at.selectbox if "厅政务审批处" in box.label]
    unit.select(NEW_UNIT)
    at.radio[0].set_value(OTHER_TASK).run()
    store(at)
    with office().cursor() as cursor:
        (units,) = cursor.execute("select count(*) from unit where region = '河北'").fetchone()
        (ids,) = cursor.execute(
            "select count(distinct task_id) from task join ledger using (ledger_id)"
            " where title = $title",
            {"title": TITLE},
        ).fetchone()
    assert (units, ids) == (4, 4)


def test_a_rewording_is_seen_wherever_in_a_long_text_it_stands(visit):
    old, new = "每季度至少开展1次信用专题学习", "每月至少开展1次信用专题学习"
    revised = NINGXIA.read_text(encoding="utf-8")
    assert revised.count(old) == 1
    at = upload(visit("imports"), ("宁夏修订.txt", revised.replace(old, new)))
    ((before, after),) = columns(at, "原文字", "新文字").values.tolist()
    assert before != after


@pytest.mark.usefixtures("first")
def test_a_move_between_second_level_indicators_says_from_where_to_where(visit):
    moved = ledger(RULES, TRAINING.replace("培训,", "队伍建设,", 1), PROMISES)
    at = upload(visit("imports"), ("河北修订.csv", moved))
    ((change, what),) = columns(at, "变化", "分工、期限、位置").values.tolist()
    assert change == "移位"
    assert what == "培训 → 队伍建设"


@pytest.mark.usefixtures("first")
def test_the_day_an_edition_takes_effect_is_of_its_own_ledger(visit):
    # The sidebar shows another ledger than the one whose file is taken in.
    at = visit("imports", ledger="宁夏 2020")
    upload(at, ("河北修订.csv", ledger(RULES, PROMISES)))
    assert labelled(at.date_input, "新版生效日").value.year == 2021


# What the user changes of a reading


def test_a_change_in_the_preview_is_stored_and_remembered(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    write_over(at, 1, deadline_text="2021年9月", responsible_text="厅运输处")
    store(at, " 张三 ")
    assert tasks_stored("deadline_text", "due_on")[1] == ("2021年9月", date(2021, 9, 30))
    assert remembered(at) == [
        [2, "完成时限", "2021年12月", "2021年9月", "张三"],
        [2, "责任单位", "厅人事处", "厅运输处", "张三"],
    ]


def test_an_emptied_cell_of_the_preview_is_empty(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    write_over(at, 0, level2=None)
    store(at)
    assert tasks_stored("level2")[0] == ("",)


def test_title_and_province_are_stored_as_the_user_leaves_them(visit):
    other = f"{TITLE}（修订）"
    at = upload(visit("imports"), ("河北.csv", FIRST))
    labelled(at.text_input, "台账名称").set_value(f" {other} ")
    labelled(at.text_input, "地区").set_value("冀").run()
    store(at)
    assert editions(at)[0][0] == other
    assert remembered(at, "冀 2021 第 1 版（河北.csv）") == [
        [None, "台账名称", TITLE, other, "张三"],
        [None, "地区", "河北", "冀", "张三"],
    ]
    with office().cursor() as cursor:
        regions = cursor.execute(
            "select region from ledger where title = $title", {"title": other}
        ).fetchall()
    assert regions == [("冀",)]


def test_the_same_file_read_again_shows_what_was_corrected(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    labelled(at.text_input, "台账名称").set_value("河北省信用交通工作台账")
    labelled(at.number_input, "年度").set_value(2022).run()
    store(at)
    version = office().data_version
    again = upload(visit("imports"), ("副本.csv", FIRST))
    assert labelled(again.text_input, "台账名称").value == "河北省信用交通工作台账"
    assert labelled(again.number_input, "年度").value == 2022
    assert "这个文件已经导入过（第 1 版），没有变化。" in messages(again)
    shown = again.dataframe[0].value
    assert shown[["项目", "改前", "改后", "操作人"]].values.tolist() == [
        ["台账名称", TITLE, "河北省信用交通工作台账", "张三"],
        ["年度", "2021", "2022", "张三"],
    ]
    assert not buttons(again)
    assert office().data_version == version


def test_another_year_dates_the_deadlines_again(visit):
    at = upload(visit("imports"), ("河北.csv", ledger(RULES.replace("2021年", ""), PROMISES)))
    labelled(at.number_input, "年度").set_value(2022).run()
    store(at)
    with office().cursor() as cursor:
        dues = cursor.execute(
            "select due_on from task join ledger using (ledger_id) where year = 2022 order by number"
        ).fetchall()
    assert dues == [(date(2022, 6, 30),), (date(2021, 12, 31),)]


@pytest.mark.usefixtures("first")
def test_another_day_of_effect_is_remembered(visit):
    at = upload(visit("imports"), ("河北修订.csv", ledger(RULES, PROMISES)))
    labelled(at.date_input, "新版生效日").set_value(date(2021, 7, 1))
    store(at)
    assert remembered(at, "河北 2021 第 2 版（河北修订.csv）") == [
        [None, "新版生效日", "2021-12-31", "2021-07-01", "张三"]
    ]


def test_a_ledger_without_a_year_is_read_by_the_year_that_the_user_gives(visit):
    untold = ledger(RULES.replace("2021年6月", "6月底前"), title=TITLE.replace("2021年", ""))
    at = upload(visit("imports"), ("河北.csv", untold))
    assert "请填写台账名称和年度，才能存入。" in messages(at)
    assert "存入" not in buttons(at)
    labelled(at.text_input, "台账名称").set_value(TITLE)
    labelled(at.number_input, "年度").set_value(2021).run()
    store(at)
    assert tasks_stored("deadline_kind", "due_on") == [("date", date(2021, 6, 30))]


# Files that take long


class Slow:
    """A reading that never ends by itself."""

    started: ClassVar[list[Slow]] = []

    def __init__(self, name: str, content: bytes):
        del content
        self.name = name
        self.seconds = 7
        self.progress = (0.25, "正在读第 12 页，共 62 页")
        self.stopped = False
        Slow.started.append(self)

    def finished(self, patience: float = 0) -> bool:
        del patience
        return False

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def slow(visit, monkeypatch: pytest.MonkeyPatch) -> tuple[AppTest, Sequence[Slow]]:
    """The page while it reads a file that takes for ever, and the readings that were started."""
    monkeypatch.setattr(intake, "Intake", Slow)
    monkeypatch.setattr(Slow, "started", [])
    at = visit("imports")
    at.file_uploader[0].upload("河北.csv", FIRST.encode()).run()
    return at, Slow.started


def test_a_file_is_read_once_however_often_the_page_runs(slow):
    at, started = slow
    assert "正在读取 **河北.csv**" in text(at)
    at.run()
    at.run()
    assert len(started) == 1


def test_a_long_reading_says_what_is_done_and_how_far_it_is(slow):
    at, _ = slow
    assert "正在读取 **河北.csv**，已用 7 秒" in text(at)
    (bar,) = at.get("progress")
    assert (bar.proto.value, bar.proto.text) == (25, "正在读第 12 页，共 62 页")


def test_several_files_are_read_two_at_a_time(slow):
    at, started = slow
    at.file_uploader[0].clear().run()
    files = [(f"{name}.csv", FIRST.encode(), "") for name in ("甲", "乙", "丙")]
    at.file_uploader[0].set_value(files).run()
    assert [each.name for each in started[1:]] == ["甲.csv", "乙.csv"]
    assert "共 3 个文件：已读完 0 个，正在读 2 个，排队 1 个。" in text(at)
    assert "排队等候 **丙.csv**" in text(at)
    at.main.button[0].click().run()
    assert [each.name for each in started[1:]] == ["甲.csv", "乙.csv", "丙.csv"]
    assert "共 3 个文件：已读完 1 个，正在读 2 个。" in text(at)


def test_reading_can_be_stopped_and_stores_nothing(slow):
    at, started = slow
    version = office().data_version
    labelled(at.button, "停止读取").click().run()
    assert not at.exception
    assert [error.value for error in at.error] == [
        "没有导入：河北.csv 的读取已停止，没有存入任何内容。"
    ]
    assert started[0].stopped
    assert office().data_version == version


def test_a_file_taken_out_of_the_list_is_read_no_further(slow):
    at, started = slow
    at.file_uploader[0].clear().run()
    assert not at.exception
    assert "正在读取" not in text(at)
    assert started[0].stopped


def test_a_stopped_file_can_be_chosen_again(slow, monkeypatch):
    at, _ = slow
    labelled(at.button, "停止读取").click().run()
    at.file_uploader[0].clear().run()
    monkeypatch.setattr(intake, "Intake", Intake)
    upload(at, ("河北.csv", FIRST))
    assert not at.error
    assert "读出任务 3 项" in text(at)


# Columns of progress, and what one edition leaves to the next

CASES = Path(__file__).parent / "cases"
FILES = ("2026台账.xlsx", "2026台账（10月修订）.xlsx")


def take(visit, name: str) -> AppTest:
    return upload(visit("imports"), (name, (CASES / name).read_bytes()))


def units_asked_about(at: AppTest) -> list:
    return [box for box in at.selectbox if "与在册单位相近" in box.label]


def register_units(at: AppTest) -> AppTest:
    for box in units_asked_about(at):
        box.select(NEW_UNIT)
    return at.run()


def test_the_day_and_the_reading_of_progress_are_shown_and_can_be_written_over(visit):
    at = take(visit, FILES[0])
    assert labelled(at.date_input, "情况日期").value == date(2026, 9, 28)
    progress = at.data_editor[1]
    rows = progress.value.set_index("number")
    assert list(rows.loc[8, ["state", "check"]]) == ["进行中", "○ 待核对"]
    assert list(rows.loc[17, ["state", "percent", "check"]]) == ["进行中", "70%", "○ 待核对"]
    assert list(rows.loc[1, ["state", "completed_on", "check"]]) == ["已完成", "", ""]
    at.session_state[progress.key] = {
        "edited_rows": {7: {"state": "已完成", "completed_on": "2026-09-20"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    register_units(at)
    store(at)
    with office().cursor() as cursor:
        reports = cursor.execute(
            "select number, state, effective_on from report join task using (task_id)"
            " join ledger using (ledger_id) where year = 2026 and number in (1, 8) order by number"
        ).fetchall()
    assert reports == [(1, "done", date(2026, 9, 28)), (8, "done", date(2026, 9, 20))]


def test_plans_are_shown_as_read_and_can_be_written_over(visit):
    rows = [
        f"{RULES},6月底完成50%；9月底80%",
        f"{TRAINING},6月底完成投资40%",
        f"{PROMISES},12月底90%",
    ]
    plans = "\n".join([TITLE, f"{HEADER},时间节点与进度", *rows])
    at = upload(visit("imports"), ("河北.csv", plans))
    (table,) = [each for each in at.data_editor if "plan" in each.value]
    assert table.value[["number", "plan", "check"]].values.tolist() == [
        [1, "2021-06-30 50%；2021-09-30 80%", ""],
        [2, "2021-06-30 40%", "○ 待核对"],
        [3, "2021-12-31 90%", ""],
    ]
    edited = {"edited_rows": {1: {"plan": "十月"}}, "added_rows": [], "deleted_rows": []}
    at.session_state[table.key] = edited
    at.run()
    assert any("计划节点“十月”没有读出日期和进度" in each for each in messages(at))
    edited["edited_rows"][1]["plan"] = "10月底30%"
    at.session_state[table.key] = edited
    store(at.run())
    with office().cursor() as cursor:
        nodes = cursor.execute(
            "select number, planned_on, percent from plan join task using (task_id)"
            " order by number, planned_on"
        ).fetchall()
    assert nodes == [
        (1, date(2021, 6, 30), 50),
        (1, date(2021, 9, 30), 80),
        (2, date(2021, 10, 31), 30),
        (3, date(2021, 12, 31), 90),
    ]


def test_the_next_edition_shows_its_changes_alone_and_asks_nothing_again(visit):
    at = take(visit, FILES[0])
    choose(look_at(at, "进展70%"), "保持现在的读法")
    choose(look_at(at, "延期至7月15日"), "已完成")
    assert units_asked_about(at)
    store(register_units(at))
    with office().cursor() as cursor:
        (before,) = cursor.execute("select count(*) from report").fetchone()
    at = take(visit, FILES[1])
    states = {message: state for state, _, message in doubts(at)}
    assert states["“进展70%”读作进行中 70%，请核对"] == "✔ 已定"
    assert states["“延期至7月15日完成”读作进行中，请核对"] == "✔ 已定"
    shown = columns(at, "变化", "新编号", "分工、期限、位置")
    assert sorted(shown["变化"]) == ["删去", "改分工", "改文字", "改期限", "新增"]
    (roles,) = shown.loc[shown["变化"] == "改分工", "分工、期限、位置"]
    assert not units_asked_about(at)
    assert roles == "牵头：厅运输处 → 道路运输事务中心；配合：无 → 厅运输处"
    store(at)
    with office().cursor() as cursor:
        (after,) = cursor.execute("select count(*) from report").fetchone()
    # Of the column only 未启动 became 已启动.
    assert after - before == 1


@pytest.mark.usefixtures("first")
def test_any_pairing_can_be_refused(visit):
    at = upload(visit("imports"), ("河北修订.csv", ledger(RULES, TRAINING, PROMISES + " ")))
    pairs = at.data_editor[1]
    assert list(pairs.value["新编号"]) == [1, 2, 3]
    at.session_state[pairs.key] = {
        "edited_rows": {1: {"沿用": False}},
        "added_rows": [],
        "deleted_rows": [],
    }
    at.run()
    assert "新增 1 项，删去 1 项；不变 2 项。" in text(at)
    store(at)
    with office().cursor() as cursor:
        (ids,) = cursor.execute(
            "select count(distinct task_id) from task join ledger using (ledger_id)"
            " where title = $title",
            {"title": TITLE},
        ).fetchone()
    assert ids == 4


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(("part", "editions_of_title"), [("的新版", 2), ("另一份台账", 1)])
def test_a_title_that_differs_by_a_remark_is_asked_about(visit, part, editions_of_title):
    revised = ledger(RULES, PROMISES, title=f"{TITLE}（修订）")
    at = upload(visit("imports"), ("河北修订.csv", revised))
    assert "存入" not in buttons(at)
    (same,) = at.radio
    (way,) = [option for option in same.options if part in option]
    same.set_value(way).run()
    store(at)
    assert sum(row[0] == TITLE for row in editions(at)) == editions_of_title
    again = upload(visit("imports"), ("河北再修订.csv", revised + "\n"))
    assert labelled(again.text_input, "台账名称").value == (
        TITLE if editions_of_title == 2 else f"{TITLE}（修订）"
    )


@pytest.mark.usefixtures("first")
def test_ledgers_of_one_province_and_year_are_told_apart_and_addressed_by_their_id(visit):
    revised = ledger(RULES, PROMISES, title=f"{TITLE}（修订）")
    at = upload(visit("imports"), ("河北修订.csv", revised))
    at.radio[0].set_value("另一份台账").run()
    store(at)
    names = [name for name in at.sidebar.selectbox(key="ledger").options if "河北" in name]
    assert len({*names}) == 2
    assert sum("（修订）" in name for name in names) == 1
    with office().cursor() as cursor:
        ids = dict(cursor.execute("select title, ledger_id from ledger").fetchall())
    wanted = str(ids[f"{TITLE}（修订）"])
    for address in (wanted, next(name for name in names if "（修订）" in name)):
        opened = visit("imports", ledger=address)
        assert f"{TITLE}（修订）" in opened.caption[0].value
        assert opened.query_params["ledger"] in (wanted, [wanted])
    # An address made when there was one ledger of the province and year.
    assert "河北" in visit("imports", ledger="河北 2021").caption[0].value
