"""The task card: everything known of one task, and the form that reports on it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from on_screen import headline, labelled, text, tiles
from streamlit.testing.v1 import AppTest

from screens import parts
from warehouse import open_office, today
from warehouse.entries.records import add_report

AUTUMN = "2020-09-30"
TABS = ["经过", "佐证材料", "频次", "得分", "原文位置", "填报"]


@pytest.fixture
def card(visit, figures):
    """Opens the card of the task with this number over a page."""

    def open_card(number: int, page: str = "overview", *, demo: bool = False) -> AppTest:
        at = visit(page, demo=demo, as_of=AUTUMN)
        listed = figures("task_list", demo=demo, signal="all", row_limit=999)
        at.session_state.opened = listed.set_index("number").task_id[number]
        at.session_state[parts.TASK_CARD] = at.session_state.opened
        return at.run()

    return open_card


def versions() -> tuple[int, int]:
    return tuple(open_office(demonstration=demo).warehouse.data_version for demo in (False, True))


def save(at: AppTest) -> AppTest:
    """Press 保存. The card is a fragment, which AppTest knows only as part of the whole run."""
    labelled(at.button, "保存").click()
    at.session_state[parts.TASK_CARD] = at.session_state.opened
    return at.run()


@pytest.mark.parametrize("page", ["overview", "indicators", "units", "overdue", "bonus"])
def test_card_opens_over_every_page(card, figures, page):
    at = card(4, page, demo=True)
    task = figures("task_list", signal="all", row_limit=999).set_index("number").loc[4]
    assert not at.exception
    assert at.header[-1].value == task.task
    assert [tab.label for tab in at.tabs][-6:] == TABS


def test_card_tells_the_task_whole(card, figures):
    at = card(4, demo=True)
    said = text(at)
    # Due in April by the ledger, extended to July, overdue all the same in September.
    assert "第 4 项" in said
    assert "逾期 61 天" in said
    assert "原文“2020年4月”，读作 2020-04-30；已批准延期至 2020-07-31" in said
    assert "二级指标" in said
    assert "原文“厅法规处”（本格为空，承接上一行）" in said
    assert "ningxia-2020.txt" in said
    assert "责任单位：本处为空，沿用上方" in said
    assert "到期日：“2020年4月”读作 2020-04-30" in said
    tables = [table.value for table in at.dataframe]
    units = next(each for each in tables if "本单位填报" in each)
    assert list(units["单位"]) == ["厅法规处"]
    history = next(each for each in tables if "录入人" in each and "事项" in each)
    task_id = figures("task_list", signal="all", row_limit=999).set_index("number").task_id[4]
    recorded = figures("task_history", task_id=task_id)
    assert list(history["说明"]) == list(recorded.narrative)
    source = next(each for each in tables if "读作" in each)
    rows = figures("source_rows", task_id=task_id)
    assert list(source["行"]) == list(rows.source_row)
    (start,) = rows[rows.is_here].source_row
    place = figures("task_card", task_id=task_id).source_row[0]
    assert place > start
    assert f"第 {place} 行第 3 列（表格的这一行从第 {start} 行起）" in said
    here = source[rows.is_here.to_numpy()].astype(str).agg("".join, axis=1)
    assert here.str.contains("落实国家发展改革委").sum() == 1


def test_card_knows_only_what_was_known_on_the_day(visit, figures):
    at = visit("overview", demo=True, as_of="2020-02-29")
    listed = figures("task_list", "2020-02-29", signal="all", row_limit=999)
    at.session_state[parts.TASK_CARD] = listed.set_index("number").task_id[4]
    at.run()
    history = next(each.value for each in at.dataframe if "事项" in each.value)
    assert max(history["日期"]) <= "2020-02-29"
    assert "已批准延期" not in text(at)


def test_card_without_any_record_says_so(card):
    said = text(card(4))
    assert "截至这一天没有任何记录" in said
    assert "截至这一天没有登记佐证材料" in said
    assert "未设分值" in said


def test_card_of_a_task_that_is_gone(visit):
    at = visit("overview")
    at.session_state[parts.TASK_CARD] = "00000000-0000-0000-0000-000000000000"
    at.run()
    assert not at.exception
    assert "这项任务在当前版次中已不存在。" in text(at)


@pytest.mark.parametrize(("number", "kind"), [(1, "base"), (62, "bonus"), (65, "penalty")])
def test_each_kind_of_task_has_its_own_form(card, number, kind):
    at = card(number)
    fields = {
        "base": {"填报单位", "状态", "进度（%）", "本月进展", "情况属实之日", "填报人"},
        "bonus": {"申报单位", "状态", "分值", "事由", "申报（认定）日期", "填报人"},
        "penalty": {"涉及单位", "扣分", "事由", "发生日期", "填报人"},
    }
    drawn = {
        widget.label
        for widgets in (at.selectbox, at.number_input, at.text_area, at.date_input, at.text_input)
        for widget in widgets
    }
    assert fields[kind] <= drawn


@pytest.mark.usefixtures("own_data")
def test_report_is_one_write_and_shown_at_once(card):
    at = card(1)
    before = versions()
    labelled(at.text_input, "填报人").set_value("张三")
    labelled(at.selectbox, "状态").set_value("done")
    labelled(at.text_area, "本月进展").set_value("印发年度要点。")
    save(at)
    assert not at.exception
    assert versions() == (before[0] + 1, before[1])
    history = next(each.value for each in at.dataframe if "事项" in each.value)
    assert list(history["录入人"]) == ["张三"]
    assert list(history["说明"]) == ["印发年度要点。"]
    assert list(history["日期"]) == [AUTUMN]
    # The page underneath is judged anew: there is progress now.
    assert "61 项任务完成 1 项" in headline(at)
    assert tiles(at)["完成"] == "1/61"


@pytest.mark.usefixtures("own_data")
@pytest.mark.parametrize(
    ("number", "page_says"),
    [(62, "已申报待认定 1 项"), (65, "已触发 1 项")],
    ids=["claim", "incident"],
)
def test_claim_and_incident_are_saved(card, number, page_says):
    at = card(number, "bonus")
    before = versions()
    labelled(at.text_input, "填报人").set_value("张三")
    save(at)
    assert versions() == (before[0] + 1, before[1])
    assert page_says in headline(at)


@pytest.mark.usefixtures("own_data")
@pytest.mark.parametrize(
    ("fill", "sentence"),
    [
        (lambda at: labelled(at.text_input, "填报人").set_value("  "), "请填写填报人。"),
        (
            lambda at: (
                labelled(at.selectbox, "状态").set_value("done"),
                labelled(at.number_input, "进度（%）").set_value(50),
            ),
            "状态为已完成时进度应为 100，填的是 50，请改正其一。",
        ),
        (
            lambda at: labelled(at.date_input, "情况属实之日").set_value(None),
            "请填写日期。",
        ),
    ],
    ids=["nobody", "done at 50", "no day"],
)
def test_bad_report_gives_one_sentence_and_changes_nothing(card, fill, sentence):
    at = card(1)
    before = versions()
    labelled(at.text_input, "填报人").set_value("张三")
    fill(at)
    save(at)
    assert not at.exception
    assert [error.value for error in at.error] == [sentence]
    assert versions() == before


def again(at: AppTest) -> AppTest:
    """Run the page with its card open once more."""
    at.session_state[parts.TASK_CARD] = at.session_state.opened
    return at.run()


def tick(at: AppTest, table: str, row: int) -> AppTest:
    """Tick a row of the card's own table whose key begins so."""
    key = f"{table}_{at.session_state.opened}"
    at.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return again(at)


def press(at: AppTest, label: str) -> AppTest:
    labelled(at.button, label).click()
    return again(at)


@pytest.mark.usefixtures("own_data")
def test_a_wrong_entry_is_taken_back_with_its_reason(card):
    at = card(1)
    labelled(at.text_input, "填报人").set_value("张三")
    labelled(at.selectbox, "状态").set_value("done")
    save(at)
    before = versions()
    tick(at, "history", 0)
    labelled(at.text_input, "经办人").set_value("李四")
    press(at, "撤销这一条")
    assert [error.value for error in at.error] == ["更正或撤销须写明理由。"]
    assert versions() == before
    labelled(at.text_input, "撤销理由").set_value("报错了任务")
    press(at, "撤销这一条")
    assert versions() == (before[0] + 1, before[1])
    history = next(each.value for each in at.dataframe if "事项" in each.value)
    assert list(history["内容"]) == ["已完成（已撤销或更正：报错了任务）"]
    # Nothing else was ever reported: the page judges nothing any more.
    assert "怎样录入进展" in text(at)


@pytest.mark.usefixtures("own_data")
def test_evidence_comes_back_as_the_file_it_was(card):
    at = card(1)
    at.button_group(key="entry").set_value("佐证材料")
    again(at)
    before = versions()
    labelled(at.text_input, "材料名称").set_value("年度要点")
    labelled(at.text_input, "填报人").set_value("张三")
    at.file_uploader[-1].set_value(("要点.pdf", b"MZ", "application/pdf"))
    save(at)
    assert [error.value for error in at.error] == [
        "“要点.pdf”的内容不是 pdf 文件，请用原来的软件另存后再上传。"
    ]
    assert versions() == before
    at.file_uploader[-1].set_value(None)
    save(at)
    assert "文件还没有收到，没有保存" in at.error[0].value
    assert versions() == before
    at.file_uploader[-1].set_value(("要点.pdf", b"%PDF-1.7", "application/pdf"))
    save(at)
    assert versions() == (before[0] + 1, before[1])
    assert "打开 要点.pdf" in [button.label for button in at.get("download_button")]
    listed = next(each.value for each in at.dataframe if "文号" in each.value)
    assert list(listed["文件"]) == ["要点.pdf"]
    assert labelled(at.text_input, "材料名称").value == ""


@pytest.mark.usefixtures("own_data")
def test_an_excused_window_is_asked_of_nobody(card):
    at = card(28)
    before = versions()
    windows = next(each.value for each in at.dataframe if "免除理由" in each.value)
    missed = list(windows["结果"]).count("缺")
    assert missed
    row = list(windows["结果"]).index("缺")
    tick(at, "windows", row)
    labelled(at.text_input, "经办人").set_value("李四")
    labelled(at.text_input, "理由").set_value("网站停机改版")
    press(at, "免除这一期")
    assert versions() == (before[0] + 1, before[1])
    windows = next(each.value for each in at.dataframe if "免除理由" in each.value)
    assert windows["结果"][row] == "免除"
    assert windows["免除理由"][row] == "网站停机改版"
    assert list(windows["结果"]).count("缺") == missed - 1


def test_report_of_tomorrow_is_not_offered(card):
    at = card(1)
    assert labelled(at.date_input, "情况属实之日").max == today()
    assert labelled(at.date_input, "情况属实之日").value == date(2020, 9, 30)


def test_over_a_page_of_points_the_card_opens_at_its_marks(card):
    said = text(card(5, "scoring", demo=True))
    assert "**已锁定**　没有有效佐证，计 0 分" in said
    assert "**可达上限**　补齐佐证，最多 1.3 分" in said
    for page, first in (("scoring", "得分"), ("overview", "经过")):
        tabs = card(5, page, demo=True).get("tab_container")
        assert tabs[-1].proto.tab_container.default_tab_index == TABS.index(first), page


def enter(at: AppTest, kind: str, **filled) -> AppTest:
    """Choose what to record, fill fields by their labels, and save."""
    at.button_group(key="entry").set_value(kind)
    again(at)
    fields = {
        field.label: field
        for fields in (at.text_input, at.date_input, at.number_input, at.radio, at.selectbox)
        for field in fields
    }
    for label, value in filled.items():
        fields[label].set_value(value)
    return save(at)


@pytest.mark.usefixtures("own_data")
def test_a_planned_day_is_what_the_task_is_compared_with(card, figures):
    at = enter(card(1), "计划节点", 计划日期=date(2020, 9, 1), 填报人="张三")
    assert [error.value for error in at.error] == ["请填写计划日期和应达到的进度。"]
    node = {"计划日期": date(2020, 9, 1), "应达到的进度（%）": 80, "填报人": "张三"}
    enter(at, "计划节点", **node)
    assert "**计划节点**　2020-09-01 应达到 80%" in text(at)
    listed = figures("task_list", demo=False, signal="all", row_limit=999).set_index("number")
    assert listed.expected_percent[1] == 80
    # A plan for days to come is listed, and the card says why no figure moved.
    enter(at, "计划节点", **node | {"计划日期": date(2020, 12, 31), "应达到的进度（%）": 90})
    assert "已保存，但这项任务的状态和数字没有改变" in at.success[0].value


@pytest.mark.usefixtures("own_data")
def test_the_same_day_is_another_occasion_only_where_that_is_said(card, figures):
    at = card(28)
    units = [unit for unit in labelled(at.selectbox, "填报单位").options if unit != "整项任务"]
    done = {"完成日期": date(2020, 6, 5), "填报人": "张三"}

    def times() -> int:
        task_id = at.session_state.opened
        windows = figures("task_windows", demo=False, task_id=UUID(str(task_id)))
        return int(windows.times.sum())

    enter(at, "频次完成", 完成单位=units[0], **done)
    assert times() == 1
    enter(at, "频次完成", 完成单位="整项任务", **done)
    assert times() == 1
    assert "算同一次" in at.success[0].value
    enter(at, "频次完成", 完成单位="整项任务", 其他单位同一天也登记的="是另一次，各算一次", **done)
    assert times() == 2
    assert not at.success


@pytest.mark.usefixtures("own_data")
def test_a_report_behind_a_newer_one_is_said_to_change_nothing(card):
    at = enter(card(1), "进展", 状态="done", 情况属实之日=date(2020, 9, 1), 填报人="张三")
    assert not at.success
    enter(at, "进展", 状态="in_progress", 情况属实之日=date(2020, 8, 1), 填报人="李四")
    assert at.success[0].value.startswith("已保存，但这项任务的状态和数字没有改变：")
    assert "已有 2020-09-01 的填报（整项任务，已完成）" in at.success[0].value


@pytest.mark.usefixtures("own_data")
def test_what_others_entered_meanwhile_is_seen_before_anything_is_stored(card):
    at = card(1)
    task_id = UUID(str(at.session_state.opened))
    labelled(at.text_input, "填报人").set_value("张三")
    add_report(
        open_office().warehouse, task_id, state="done", effective_on=date(2020, 8, 31),
        recorded_by="李四",
    )  # fmt: skip
    before = versions()
    save(at)
    assert versions() == before
    assert "李四登记了填报（整项任务，已完成）" in at.warning[0].value
    assert at.error[0].value.startswith("没有存入")
    save(at)
    assert versions() == (before[0] + 1, before[1])
    assert not at.error
    assert not at.warning
