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
from tests.warehouse.test_editions import NINGXIA, revised_ningxia
from upkeep import intake
from upkeep.intake import Intake
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
    return [button.label for button in at.button]


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


def test_every_doubt_is_listed_with_its_place(visit, tmp_path):
    doubtful = ledger(RULES, TRAINING.replace("2021年12月", "条件成熟时"))
    file = tmp_path / "河北.csv"
    file.write_text(doubtful, encoding="utf-8")
    issues = preview(file).ledger.issues
    assert issues
    at = upload(visit("imports"), ("河北.csv", doubtful))
    assert f"存疑 {len(issues)} 处" in text(at)
    listed = columns(at, "位置", "存疑").values.tolist()
    assert listed == [[str(issue.place), issue.message] for issue in issues]


def test_a_file_without_a_ledger_gives_its_reason_beside_a_good_one(visit):
    version = office().data_version
    at = upload(visit("imports"), ("说明.txt", "没有表格，只有一句话。"), ("河北.csv", FIRST))
    (said,) = [error.value for error in at.error]
    assert said.startswith("没有导入：")
    assert said.endswith("。")
    assert said.count("。") == 1
    assert buttons(at) == ["存入"]
    assert office().data_version == version


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


def test_the_demonstration_takes_nothing_in(visit):
    at = visit("imports", demo=True)
    assert not at.exception
    assert headline(at) == "放入印发的台账文件，核对读法后再存入。"
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
    assert shown.loc["改分工", "分工、期限、位置"] == "厅财审处 → 厅法规处、厅财审处"
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
    assert "培训 → " in what
    assert "队伍建设" in what


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
    labelled(at.selectbox, "版次").select("河北 2021 第 1 版（河北.csv）").run()
    assert columns(at, "编号", "项目", "改前", "改后", "操作人").values.tolist() == [
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
    with office().cursor() as cursor:
        regions = cursor.execute(
            "select region from ledger where title = $title", {"title": other}
        ).fetchall()
    assert regions == [("冀",)]


def test_a_ledger_without_a_year_is_read_by_the_year_that_the_user_gives(visit):
    untold = ledger(RULES.replace("2021年6月", "6月底前"), title=TITLE.replace("2021年", ""))
    at = upload(visit("imports"), ("河北.csv", untold))
    assert "请填写台账名称和年度，才能存入。" in messages(at)
    assert not buttons(at)
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
        self.seconds = 0
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
