"""导入台账: what was read wrong is put right for many tasks at once, and every correction can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from on_screen import labelled, text
from streamlit.testing.v1 import AppTest
from test_imports import (
    FIRST,
    PROMISES,
    RULES,
    TRAINING,
    choose,
    ledger,
    store,
    table,
    tasks_stored,
    upload,
    write_over,
)

from loaders import read_ledger
from loaders.reference import headers, office_folder

pytestmark = pytest.mark.usefixtures("own_data")

WITHOUT_OWNERS = """河北省2021年信用交通工作要点
一、完善制度
（一）制定信用管理办法。各项制度年内出台。
（二）建立信用档案。归集从业人员信用信息。
二、加强应用
（一）开展分级监管。按信用等级确定检查频次。
"""
UNITS = "厅法规处牵头，厅运输处配合"


def act(at: AppTest, action: str) -> AppTest:
    """Choose what to do to many tasks."""
    labelled(at.get("button_group"), "做什么").set_value(action).run()
    assert not at.exception
    return at


def press(at: AppTest, part: str) -> AppTest:
    """Press the button that has this in its label."""
    (button,) = [button for button in at.button if part in button.label]
    button.click().run()
    assert not at.exception
    return at


def tick(at: AppTest, *rows: int) -> AppTest:
    at.session_state[at.data_editor[0].key] = {
        "edited_rows": {row: {"ticked": True} for row in rows},
        "added_rows": [],
        "deleted_rows": [],
    }
    at.run()
    assert not at.exception
    return at


def give(at: AppTest, what: str, written: str) -> AppTest:
    labelled(at.text_input, what).set_value(written).run()
    return press(at, "给这")


def test_units_and_a_deadline_for_every_task_of_a_plan_without_them(visit):
    at = upload(visit("imports"), ("要点.txt", WITHOUT_OWNERS))
    assert table(at, "responsible_text") == [("",)] * 3
    act(at, "定责任单位")
    assert labelled(at.selectbox, "哪些任务").value == "没有责任单位的"
    labelled(at.text_input, "责任单位").set_value(UNITS).run()
    assert "读作：牵头 厅法规处，配合 厅运输处" in text(at)
    press(at, "给这 3 项定责任单位")
    assert table(at, "responsible_text") == [(UNITS,)] * 3
    give(act(at, "定完成时限"), "完成时限", "2021年9月底前")
    assert table(at, "deadline_text") == [("2021年9月底前",)] * 3
    assert "未定 0 处" in text(at)
    store(at)


def test_an_empty_answer_is_refused_and_changes_nothing(visit):
    at = upload(visit("imports"), ("要点.txt", WITHOUT_OWNERS))
    press(act(at, "定责任单位"), "给这")
    assert [each.value for each in at.error] == ["请先写明责任单位，再点按钮。"]
    assert table(at, "responsible_text") == [("",)] * 3
    assert labelled(at.button, "撤销").disabled


def test_only_the_ticked_tasks_get_it(visit):
    at = tick(upload(visit("imports"), ("河北.csv", FIRST)), 0, 2)
    assert "第 1 项的读法依据：" in text(at)
    assert "责任单位：表中“责任单位”一列" in text(at)
    give(act(at, "定完成时限"), "完成时限", "持续推进")
    expected = [("持续推进",), ("2021年12月",), ("持续推进",)]
    assert table(at, "deadline_text") == expected


def test_tasks_are_joined_split_and_left_out_and_all_of_it_undone(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    as_read = table(at, "task", "responsible_text")
    first, second, third = (row.split(",")[2] for row in (RULES, TRAINING, PROMISES))
    press(act(tick(at, 0, 1), "合并成一项"), "把这 2 项合并成一项")
    joined = [(first + second, "厅法规处"), (third, "厅审批处")]
    assert table(at, "task", "responsible_text") == joined

    act(tick(at, 0), "拆成几项")
    labelled(at.text_area, "第 1 项，一行一项：在要断开的地方换行，不断开的接成一行").set_value(
        f"{first}\n组织信用业务培训。\n覆盖全体从业人员。"
    ).run()
    press(at, "拆开")
    assert [task for task, _ in table(at, "task", "responsible_text")] == [
        *(first, "组织信用业务培训。", "覆盖全体从业人员。"),
        third,
    ]
    assert list(at.data_editor[0].value["number"]) == [1, 2, 3, 4]
    write_over(at, 1, responsible_text="厅人事处")
    act(tick(at, 2), "不读入")
    store(press(at, "不读入这"))
    assert tasks_stored("number", "task") == [(1, first), (2, "组织信用业务培训。"), (3, third)]

    at = upload(visit("imports"), ("河北二.csv", FIRST + "\n"))
    assert table(at, "task", "responsible_text") == as_read


def test_every_step_is_undone_in_its_order(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    seen = [table(at, "task", "responsible_text", "deadline_text")]
    press(act(tick(at, 1, 2), "合并成一项"), "把这")
    seen.append(table(at, "task", "responsible_text", "deadline_text"))
    write_over(at, 0, responsible_text="厅运输处")
    seen.append(
        [(*row[:1], "厅运输处", *row[2:]) if i == 0 else row for i, row in enumerate(seen[-1])]
    )
    give(act(at, "定完成时限"), "完成时限", "持续推进")
    assert {
        deadline for *_, deadline in table(at, "task", "responsible_text", "deadline_text")
    } == {"持续推进"}
    for before in reversed(seen):
        press(at, "撤销")
        assert table(at, "task", "responsible_text", "deadline_text") == before
    assert labelled(at.button, "撤销").disabled


def test_a_choice_for_many_doubts_is_one_step(visit):
    doubled = ledger(
        RULES.replace("2021年6月", "2021年6月、2021年12月"),
        TRAINING.replace("2021年12月", "2021年6月、2021年12月"),
    )
    at = upload(visit("imports"), ("河北.csv", doubled))
    at.session_state[next(d.key for d in at.dataframe if (d.key or "").startswith("doubts_"))] = {
        "selection": {"rows": [0]}
    }
    choose(at.run(), "2021-06-30")
    press(at, "同类的 1 处也这样定")
    assert table(at, "deadline_text") == [("2021年6月30日",)] * 2
    press(at, "撤销")
    assert [cell for (cell,) in table(at, "deadline_text")] == [
        "2021年6月30日",
        "2021年6月、2021年12月",
    ]


def test_a_column_read_wrong_is_given_another_meaning(visit):
    at = upload(visit("imports"), ("河北.csv", FIRST))
    act(at, "改列的含义")
    labelled(at.selectbox, "哪一列").set_value(1).run()
    labelled(at.selectbox, "读作").set_value("这一列是目标任务").run()
    press(at, "改这一列")
    before = [row.split(",") for row in (RULES, TRAINING, PROMISES)]
    assert table(at, "level2", "task") == [(row[2], row[1]) for row in before]
    press(at, "撤销")
    assert table(at, "level2", "task") == [(row[1], row[2]) for row in before]


def test_an_unknown_column_is_asked_about_once_and_remembered(visit, tmp_path: Path):
    content = FIRST.replace("完成时限", "完成时限,谁来会办").replace(
        "2021年6月", "2021年6月,厅运输处"
    )
    at = upload(visit("imports"), ("河北.csv", content))
    choose(at, "这一列是配合单位")
    assert table(at, "responsible_text")[0] == ("责任单位：厅法规处；配合单位：厅运输处",)
    store(at)
    assert office_folder().is_dir()
    assert headers()["谁来会办"].field == "cooperate"
    file = tmp_path / "再来.csv"
    file.write_text(content.replace("2021年", "2022年"), encoding="utf-8")
    again = read_ledger(file)
    assert not again.issues
    assert [part.role for part in again.tasks[0].assignments] == ["responsible", "cooperate"]


def test_an_unknown_label_is_asked_about_once_and_remembered(visit, tmp_path: Path):
    plan = "\n".join(
        [
            "某市2021年任务分工",
            "一、加强管理",
            *("1.完善制度。", "责任单位：厅法规处", "完成时限：2021年6月", "挂点片区：东片区"),
            *("2.开展培训。", "责任单位：厅人事处", "完成时限：2021年9月", "挂点片区：西片区"),
        ]
    )
    at = upload(visit("imports"), ("分工.txt", plan))
    assert text(at).count("未定 2 处")
    choose(at, "“挂点片区”不读入")
    assert "未定 0 处" in text(at)
    store(at)
    file = tmp_path / "再来.txt"
    file.write_text(plan.replace("2021年", "2022年"), encoding="utf-8")
    again = read_ledger(file)
    assert {issue.about for issue in again.issues} == {"set_aside"}
    at = upload(visit("imports"), ("再来.txt", plan.replace("2021年", "2022年")))
    assert "未定 0 处" in text(at)
