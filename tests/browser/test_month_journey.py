"""A whole month: forms out, filled as a person would, returned with mistakes, corrected, judged."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from uuid import UUID

import openpyxl
from playwright.sync_api import Locator, Page, expect
from test_verification_journey import headline, tab, tick

from metrics import Scope, ask
from warehouse import Warehouse

SEPTEMBER = "as_of=2020-09-30"
UNIT = "厅法规处"
FORM = f"{UNIT}_2020-09_填报表.xlsx"
FIRST = {
    3: {"状态": "已完成", "本月进展": "已建立沟通机制。"},
    4: {"状态": "进行中", "进度%": "八成", "本月进展": "要点已会签。"},
    19: {"状态": "已完成", "佐证": "归集工作制度", "佐证日期": "2020-09-10"},
    21: {"状态": "进行中", "进度%": "很多"},
    29: {"状态": "差不多了"},
    61: {"状态": "已完成", "情况属实之日": "2020年11月30日"},
}
"""Task → what is typed into its row; the last three are mistakes."""
CORRECTED = FIRST | {
    21: {"状态": "进行中", "进度%": "50%"},
    29: {"状态": "已完成"},
    61: {"状态": "已完成", "情况属实之日": "9月28日"},
}


def filled(form: bytes, rows: dict[int, dict[str, str]], target: Path) -> Path:
    """The form with what was typed, saved as a file."""
    book = openpyxl.load_workbook(io.BytesIO(form))
    for sheet in (
        (book["填报表"], book["其他任务"]) if "其他任务" in book.sheetnames else (book["填报表"],)
    ):
        head = next(row for row in sheet.iter_rows() if any(cell.value == "序号" for cell in row))
        columns = {cell.value: cell.column for cell in head}
        for row in range(head[0].row + 1, sheet.max_row + 1):
            for name, value in rows.get(sheet.cell(row, columns["序号"]).value, {}).items():
                sheet.cell(row, columns[name]).value = value
    book.save(target)
    return target


def hand_in(server, page: Page, file: Path) -> Locator:
    """Open the tab 收回填报表 and put the file in; returns the tab."""
    server.open(page, f"progress?{SEPTEMBER}")
    panel = tab(server, page, "收回填报表")
    panel.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    server.settle(page)
    return panel


def store(server, page: Page, panel: Locator, label: str) -> None:
    panel.get_by_label("经办人").fill("李强")
    panel.get_by_label("经办人").press("Enter")
    server.settle(page)
    panel.get_by_role("button", name=label).click()
    expect(page.get_by_text(re.compile("已存入 1 个文件的"))).to_be_visible()
    server.settle(page)


def expect_done(server, page: Page, done: int) -> None:
    server.open(page, f"overview?{SEPTEMBER}")
    expect(headline(page)).to_contain_text(f"61 项任务完成 {done} 项")


def test_a_month_from_the_form_to_the_figures(fresh_server, page, tmp_path: Path):
    server = fresh_server
    server.open(page, f"progress?{SEPTEMBER}")
    expect(headline(page)).to_contain_text(f"{UNIT}应报 34 项，已报 0 项")
    out = tab(server, page, "发出填报表")
    out.get_by_role("button", name=re.compile("生成全部 41 个单位")).click()
    with page.expect_download() as handed_out:
        out.get_by_role("button", name=re.compile("下载全部填报表")).click()
    with zipfile.ZipFile(handed_out.value.path()) as archive:
        assert len(archive.namelist()) == 41
        form = archive.read(FORM)

    panel = hand_in(server, page, filled(form, FIRST, tmp_path / "九月.xlsx"))
    expect(panel.get_by_text("看不懂的地方（3 处）")).to_be_visible()
    store(server, page, panel, "存入 3 项")
    expect_done(server, page, 2)

    panel = hand_in(server, page, filled(form, CORRECTED, tmp_path / "九月改正.xlsx"))
    expect(panel.get_by_text("将要存入的 3 项")).to_be_visible()
    store(server, page, panel, "存入 3 项")
    expect_done(server, page, 4)

    panel = hand_in(server, page, tmp_path / "九月改正.xlsx")
    expect(panel.get_by_role("button", name="存入 0 项")).to_be_disabled()

    server.open(page, f"verification?{SEPTEMBER}")
    expect(headline(page)).to_contain_text("4 件完成")
    main = page.get_by_test_id("stMain")
    tick(server, page, "waiting", 0)
    main.get_by_label("核验人").fill("赵敏")
    main.get_by_role("button", name="核验所勾选的").click()
    expect(main.get_by_text("已销号 1 项。")).to_be_visible()
    server.settle(page)
    tick(server, page, "waiting", 0)
    main.get_by_text("退办", exact=True).click()
    main.get_by_label("核验意见").fill("没有附制度文本。")
    main.get_by_label("核验人").fill("赵敏")
    main.get_by_role("button", name="核验所勾选的").click()
    expect(main.get_by_text("已退办 1 项。")).to_be_visible()
    expect_done(server, page, 3)

    server.open(page, f"progress?{SEPTEMBER}")
    chosen = page.locator(".st-key-card_of_grid input")
    server.pick(page, chosen, "第 21 项", exact=False)
    page.get_by_role("button", name="打开任务卡").click()
    card = page.get_by_role("dialog")
    card.get_by_role("tab", name="填报").click()
    card.get_by_text("延期", exact=True).click()
    server.settle(page)
    day = card.get_by_test_id("stDateInput").last
    for part, value in (("year", "2021"), ("month", "03"), ("day", "31")):
        day.locator(f'[data-type="{part}"]').click()
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    card.get_by_label("理由").last.fill("等待部里印发目录。")
    card.get_by_label("填报人").last.fill("张三")
    card.get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog").get_by_role("tab", name="经过")).to_be_visible()
    server.open(page, f"verification?{SEPTEMBER}")
    expect(headline(page)).to_contain_text("1 件延期待审批")
    pending = tab(server, page, "延期待审批")
    tick(server, page, "pending", 0)
    expect(pending.get_by_text("原定 2020-12-31 → 申请延至 2021-03-31")).to_be_visible()
    pending.get_by_label("审批人").fill("赵敏")
    pending.get_by_role("button", name="审批所勾选的").click()
    expect(main.get_by_text("已审批 1 件：同意延期。")).to_be_visible()
    server.settle(page)
    expect_done(server, page, 3)
    said = headline(page).inner_text()

    server.stop()
    warehouse = Warehouse(server.data / "credit.duckdb")
    ledgers = ask(warehouse, "ledgers").set_index("region")
    scope = Scope(UUID(str(ledgers.ledger_id["宁夏"])), date(2020, 9, 30))
    total = ask(warehouse, "completion", scope, by="all").iloc[0]
    tasks = ask(warehouse, "task_list", scope, signal="all", row_limit=100).set_index("number")
    warehouse.close()
    assert (total.done, total.verified, total.overdue) == (3, 1, 1)
    assert f"完成 {total.done} 项" in said
    assert f"{tasks.extended_to[21]:%Y-%m-%d}" == "2021-03-31"
    assert f"{tasks.due_on[21]:%Y-%m-%d}" == "2020-12-31"
    # Neither the ledger's nor any other unit's word stands where only one unit spoke.
    assert tasks.state[[4, 21]].tolist() == ["overdue", "in_progress"]
