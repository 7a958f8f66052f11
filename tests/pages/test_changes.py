"""变更记录: every line told in words, narrowed by the filters, whole in the workbook."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from uuid import UUID

import openpyxl
import pytest
from on_screen import headline, labelled, table, text
from streamlit.testing.v1 import AppTest

from findings import progress, trail
from metrics import NO_LIMIT
from screens.trail import OPENED
from warehouse import open_office
from warehouse.entries import records
from warehouse.store import today
from words import plain

AUTUMN = "2020-09-30"
DAY = date(2020, 9, 30)
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")
EVERYTHING = {
    **{"every_ledger": False, "first_on": None, "last_on": None, "authors": []},
    **{"actions": [], "sought": "", "row_limit": NO_LIMIT},
}
UNITS_OF_18 = "厅运输处"


@pytest.fixture
def entered(own_data, figures) -> dict[str, UUID]:
    """What two people entered in the office's own database: what it is called → its id."""
    del own_data
    warehouse = open_office().warehouse
    listed = figures("task_list", demo=False, signal="all", row_limit=999).set_index("number")
    task = {n: UUID(str(listed.task_id[n])) for n in (4, 18)}
    with warehouse.cursor() as cursor:
        (unit_id,) = cursor.execute(
            "select unit_id from unit where region = '宁夏' and name = $name", {"name": UNITS_OF_18}
        ).fetchone()
    wrong = records.add_report(
        warehouse, task[18], state="done", effective_on=DAY, unit_id=unit_id,
        narrative="已印发。", recorded_by="王芳",
    )  # fmt: skip
    records.add_report(
        warehouse, task[18], state="in_progress", percent=80, effective_on=DAY, unit_id=unit_id,
        narrative="已印发。", recorded_by="王芳", replaces=records.Replaced(wrong, "误报。"),
    )  # fmt: skip
    verdict = records.verify(
        warehouse, task[4], accepted=True, effective_on=DAY, recorded_by="李强"
    )
    records.withdraw(warehouse, "verification", verdict, reason="点错了。", recorded_by="李强")
    return {"task 4": task[4], "task 18": task[18]}


@pytest.fixture
def page(visit, entered) -> AppTest:
    del entered
    return visit("changes", as_of=AUTUMN)


def lines_of(at: AppTest) -> list[tuple[str, ...]]:
    """Who did what, and what it says, as the table shows it."""
    shown = table(at, "changes")
    return [
        tuple(str(cell).replace("\u00a0", " ") for cell in row)
        for row in shown[["录入人", "事项", "单位", "变更内容", "理由与备注"]].to_numpy()
    ]


OURS = [
    ("李强", "撤销核验", "整项任务", "不再算数：结论 销号；日期 2020-09-30", "点错了"),
    ("李强", "销号", "整项任务", "结论 销号；日期 2020-09-30", "后已撤销或更正：点错了"),
    ("王芳", "更正进展填报", UNITS_OF_18, "状态：已完成 → 进行中；进度：无 → 80%", "误报"),
    (
        *("王芳", "填报进展", UNITS_OF_18, "状态 已完成；日期 2020-09-30；说明 已印发"),
        "后已撤销或更正：误报",
    ),
]


def test_newest_first_in_words_with_what_was_taken_back(page):
    assert not page.exception
    assert lines_of(page)[:4] == OURS
    assert headline(page).startswith("共有 ")
    assert "由李强于" in headline(page)
    assert headline(page).endswith("录入（撤销核验）。")
    shown = table(page, "changes")
    assert shown["对象"].iloc[0].replace("\u00a0", " ").startswith("第 4 项　落实国家发展改革委")
    assert not any(AN_ID.search(str(cell)) for cell in shown.to_numpy().ravel())


@pytest.mark.parametrize("alone", [False, True], ids=["framed", "alone"])
@pytest.mark.parametrize("demo", [False, True], ids=["real", "demonstration"])
def test_page_is_complete(visit, figures, demo, alone):
    at = visit("changes", demo=demo, alone=alone, as_of=AUTUMN)
    assert not at.exception
    assert not at.error
    assert at.caption[0].value.startswith("变更记录")
    rows = figures("changes", demo=demo, **EVERYTHING)
    assert headline(at) == plain(progress.changes(rows, filtered=False))
    whole = trail.table(rows)
    assert list(table(at, "changes")["事项"]) == list(whole["事项"])
    assert ("生成演示进展" in set(whole["事项"])) is demo
    assert any("演示数据" in warning.value for warning in at.warning) is demo
    assert not any(AN_ID.search(str(cell)) for cell in whole.to_numpy().ravel())
    # Words of the program in a cell would be English.
    said = "".join(str(cell) for cell in whole.drop(columns="录入时间").to_numpy().ravel())
    assert not re.search(r"[a-z_]{4,}", said.replace("ningxia-2020.txt", ""))


@pytest.mark.parametrize(
    ("choose", "lines"),
    [
        (lambda at: at.multiselect(key="trail_by").set_value(["王芳"]), OURS[2:]),
        (lambda at: at.multiselect(key="trail_what").set_value(["销号"]), OURS[1:2]),
        (lambda at: at.text_input(key="trail_text").set_value(" 厅运输处 "), OURS[2:]),
        (lambda at: at.text_input(key="trail_text").set_value("第 4 项"), OURS[:2]),
        (lambda at: at.text_input(key="trail_text").set_value("信用工作要点"), OURS[:2]),
        (lambda at: at.sidebar.multiselect(key="unit").set_value(["厅法规处"]), None),
        (lambda at: at.sidebar.multiselect(key="unit").set_value(["厅机关党委"]), []),
        (lambda at: at.date_input(key="trail_to").set_value(today() - timedelta(days=1)), []),
        (lambda at: at.date_input(key="trail_from").set_value(today() + timedelta(days=1)), []),
    ],
    ids=["who", "what", "unit", "number", "text", "sidebar", "sidebar none", "before", "after"],
)
def test_filters_narrow_the_lines(page, choose, lines):
    choose(page)
    page.run()
    assert not page.exception
    if lines == []:
        assert headline(page) == "没有符合条件的变更，请放宽筛选条件。"
        assert not page.dataframe
    elif lines is None:
        # 厅法规处 is named by both tasks; what no task is about drops out.
        assert lines_of(page) == OURS
    else:
        assert lines_of(page) == lines
        assert headline(page).startswith(f"符合条件的 {len(lines)} 条变更")


def test_of_this_ledger_or_of_all(page):
    assert not any("湖南省" in subject for subject in table(page, "changes")["对象"])
    page.button_group(key="trail_of").set_value("全部台账").run()
    assert any("湖南省" in subject for subject in table(page, "changes")["对象"])


def test_days_the_wrong_way_round_are_said(page):
    page.date_input(key="trail_from").set_value(today())
    page.date_input(key="trail_to").set_value(today() - timedelta(days=1)).run()
    assert [error.value for error in page.error] == ["录入日期的起始日晚于截止日，请改正其一。"]


def test_a_long_trail_is_shown_piece_by_piece(page, entered):
    warehouse = open_office().warehouse
    with warehouse.writing("张三") as writer:
        for number in range(250):
            writer.record("登记佐证材料", "task", entered["task 4"], after={"版次": number})
    page.text_input(key="trail_text").set_value("第 4 项").run()
    assert headline(page).startswith("符合条件的 252 条变更")
    assert len(table(page, "changes")) == 100
    assert any("列出最近 100 条，共 252 条。" in caption.value for caption in page.caption)
    labelled(page.button, "再列出 100 条").click().run()
    assert len(table(page, "changes")) == 200
    labelled(page.button, "再列出 100 条").click().run()
    assert len(table(page, "changes")) == 252
    assert "再列出 100 条" not in [button.label for button in page.button]


def test_a_line_is_told_in_full_and_leads_to_its_task(page, figures):
    rows = figures("changes", demo=False, **EVERYTHING)
    page.session_state[OPENED] = rows.change_id[2]
    page.run()
    said = text(page)
    assert "**事项**　更正进展填报" in said
    assert "**理由**　误报。" in said
    assert f"**录入**　王芳，{rows.recorded_at[2]:%Y-%m-%d %H}" in said.replace("\\", "")
    assert page.table[0].value.to_numpy().tolist() == [
        ["状态", "已完成", "进行中"],
        ["进度", "无", "80%"],
    ]
    labelled(page.button, "任务卡").click()
    page.session_state[OPENED] = rows.change_id[2]
    page.run()
    assert not page.exception
    assert page.header[-1].value == rows.task[2]


@pytest.fixture
def workbook(monkeypatch):
    """The lines of the workbook that the page offers, without its head, and what it is narrowed to."""
    made = {}

    def button(*_, data, key, **__) -> None:
        made[key] = data

    monkeypatch.setattr("screens.parts.parts.st.download_button", button)

    def lines() -> list[tuple]:
        book = openpyxl.load_workbook(io.BytesIO(made["changes_download"]()))
        rows = list(book.active.iter_rows(values_only=True))
        assert rows[0][0] == "变更记录"
        made["筛选"] = next(row[0] for row in rows if "筛选：" in str(row[0])).split("筛选：")[1]
        return rows[next(n for n, row in enumerate(rows) if row[0] == "录入时间") + 1 :]

    lines.narrowed = lambda: made["筛选"]
    return lines


def test_the_workbook_has_what_matches(page, workbook):
    page.multiselect(key="trail_by").set_value(["王芳"])
    page.text_input(key="trail_text").set_value("第 18 项").run()
    assert [row[1:3] for row in workbook()] == [("王芳", "更正进展填报"), ("王芳", "填报进展")]
    assert workbook.narrowed() == "任务或单位 第 18 项；录入人 王芳"


def test_the_workbook_has_more_than_is_shown(page, entered, workbook):
    warehouse = open_office().warehouse
    with warehouse.writing("张三") as writer:
        for number in range(120):
            writer.record("登记佐证材料", "task", entered["task 4"], after={"版次": number})
    page.multiselect(key="trail_by").set_value(["张三"]).run()
    assert len(table(page, "changes")) == 100
    assert len(workbook()) == 120
