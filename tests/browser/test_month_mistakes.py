"""A month with mistakes: a form handed in altered and going backwards, units urged, a wrong batch taken
back; evidence that is refused, lost and supplied again; an extension agreed after the due day."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Locator, Page, expect
from test_month_journey import FORM, SEPTEMBER, UNIT, filled, hand_in, store
from test_verification_journey import headline, tab, tick

FIRST = {
    3: {"状态": "已完成", "本月进展": "已建立沟通机制。"},
    4: {"状态": "进行中", "进度%": "八成", "本月进展": "要点已会签。"},
}
BACKWARDS = FIRST | {4: {"状态": "进行中", "进度%": "50%", "本月进展": "要点退回修改。"}}
OWED = re.compile("未报 32 项.+逾期 1 项（第 4 项）.+联系人：王敏，0951-1234567")


def altered(file: Path) -> Path:
    """The form without the row of task 5, and with task 7 worded otherwise."""
    book = openpyxl.load_workbook(file)
    sheet = book["填报表"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "序号" for cell in row))
    columns = {cell.value: cell.column for cell in head}
    rows = {
        sheet.cell(row, columns["序号"]).value: row
        for row in range(head[0].row + 1, sheet.max_row + 1)
    }
    sheet.cell(rows[7], columns["目标任务"]).value = "改成了别的任务。"
    sheet.delete_rows(rows[5])
    book.save(file)
    return file


def test_an_altered_form_is_named_units_are_urged_and_the_batch_is_taken_back(
    fresh_server, page: Page, tmp_path: Path
):
    fresh_server.open(page, f"progress?{SEPTEMBER}")
    out = tab(fresh_server, page, "发出填报表")
    out.get_by_role("button", name=re.compile("生成全部 41 个单位")).click()
    with page.expect_download() as handed_out:
        out.get_by_role("button", name=re.compile("下载全部填报表")).click()
    with zipfile.ZipFile(handed_out.value.path()) as archive:
        form = archive.read(FORM)
    panel = hand_in(fresh_server, page, filled(form, FIRST, tmp_path / "九月.xlsx"))
    store(fresh_server, page, panel, "存入 2 项")
    panel = hand_in(
        fresh_server, page, altered(filled(form, BACKWARDS, tmp_path / "九月再报.xlsx"))
    )
    expect(panel.get_by_text("填报表被改动")).to_be_visible()
    expect(panel.get_by_text("表中删去了第 5 项任务的行")).to_be_visible()
    expect(panel.get_by_text("第 7 项的任务文字被改为“改成了别的任务。”")).to_be_visible()
    expect(panel.get_by_text("比已有填报倒退，须逐项确认（1 项）")).to_be_visible()
    expect(panel.get_by_role("button", name="存入 0 项")).to_be_disabled()

    fresh_server.open(page, f"reporting?as_of=2020-10-08&month=2020-09&urged={UNIT}")
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="印发单位和联系人").click()
    for label, value in (("联系人", "王敏"), ("电话", "0951-1234567"), ("经办人", "李强")):
        page.get_by_label(label, exact=True).filter(visible=True).first.fill(value)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(main.get_by_text("已保存").first).to_be_visible()
    fresh_server.settle(page)
    main.get_by_role("tab", name="发群里的短文字").click()
    expect(main.get_by_test_id("stCode").filter(visible=True)).to_have_text(OWED)

    # Whom to ask in a unit is kept, and the text speaks to them.
    fresh_server.open(page, "reporting?as_of=2020-10-08&month=2020-09")
    main.get_by_text("各单位联系人", exact=True).click()
    contacts = main.get_by_test_id("stExpander").filter(has_text="各单位联系人")
    table = contacts.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    fresh_server.settle(page)
    box = table.bounding_box()
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + 35 + 17)
    editor = page.locator("#portal textarea")
    editor.fill("刘芳")
    editor.press("Enter")
    fresh_server.settle(page)
    contacts.get_by_label("经办人").fill("李强")
    contacts.get_by_label("经办人").press("Enter")
    fresh_server.settle(page)
    contacts.get_by_role("button", name="保存").click()
    expect(main.get_by_text("1 个单位的联系人已保存")).to_be_visible()
    fresh_server.settle(page)
    fresh_server.open(page, "reporting?as_of=2020-10-08&month=2020-09")
    main.get_by_role("tab", name="发群里的短文字").click()
    expect(main.get_by_test_id("stCode").filter(visible=True)).to_contain_text("刘芳")

    fresh_server.open(page, f"progress?{SEPTEMBER}")
    panel = tab(fresh_server, page, "收回填报表")
    panel.get_by_text("撤回已存入的填报").click()
    tick(fresh_server, page, "undo_forms_ticked", 0)
    expect(panel.get_by_text("一并撤回进展填报 2 条。")).to_be_visible()
    panel.get_by_label("撤回理由").fill("放错了月份")
    panel.get_by_label("经办人").last.fill("李强")
    panel.get_by_role("button", name="撤回", exact=True).click()
    expect(panel.get_by_text("已撤回 1 份填报，可以重新放入。")).to_be_visible()
    fresh_server.settle(page)
    panel = hand_in(fresh_server, page, tmp_path / "九月.xlsx")
    expect(panel.get_by_role("button", name="存入 2 项")).to_be_visible()


def card(office: Any, page: Page, number: int, entry: str = "") -> Locator:
    """The card of a task, with the form of an entry open."""
    office.open(page, f"progress?{SEPTEMBER}&report_unit={UNIT}")
    chosen = page.locator(".st-key-card_of_grid input")
    office.pick(page, chosen, f"第 {number} 项", exact=False)
    page.get_by_role("button", name="打开任务卡").click()
    opened = page.get_by_role("dialog")
    if entry:
        opened.get_by_role("tab", name="填报").click()
        opened.get_by_text(entry, exact=True).last.click()
        office.settle(page)
    return opened


def test_evidence_is_asked_for_kept_once_and_supplied_again(
    fresh_server, page: Page, tmp_path: Path
):
    paper, other = tmp_path / "通知.pdf", tmp_path / "别的.pdf"
    paper.write_bytes(b"%PDF-1.4 notice")
    other.write_bytes(b"%PDF-1.4 other")
    opened = card(fresh_server, page, 3, "佐证材料")
    opened.get_by_label("材料名称").fill("工作通知")
    opened.get_by_label("填报人").last.fill("张三")
    opened.get_by_role("button", name="保存").click()
    expect(opened.get_by_text("文件还没有收到，没有保存")).to_be_visible()
    opened.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(paper)
    fresh_server.settle(page)
    also = opened.get_by_role("combobox", name="同时作为这些任务的佐证")
    also.click()
    also.fill("年度信用工作要点")
    page.get_by_role("option", name=re.compile("^第 4 项")).click()
    opened.get_by_text("同时作为这些任务的佐证").click()
    fresh_server.settle(page)
    opened.get_by_role("button", name="保存").click()
    fresh_server.settle(page)
    opened = page.get_by_role("dialog")
    expect(opened.get_by_role("tab", name="经过")).to_be_visible()
    opened.get_by_role("tab", name="填报").click()
    expect(opened.get_by_label("材料名称")).to_have_value("")
    (kept,) = [path for path in fresh_server.data.glob("*-evidence/*/*") if path.is_file()]

    kept.unlink()
    opened = card(fresh_server, page, 4)
    opened.get_by_role("tab", name="佐证材料").click()
    expect(opened.get_by_text("佐证文件不在")).to_be_visible()
    for file, said in ((other, "不是当初登记的那个文件"), (paper, "")):
        opened.get_by_test_id("stFileUploaderDropzoneInput").last.set_input_files(file)
        fresh_server.settle(page)
        opened.get_by_label("经办人").last.fill("张三")
        opened.get_by_role("button", name="补交", exact=True).click()
        fresh_server.settle(page)
        if said:
            expect(opened.get_by_text(said)).to_be_visible()
    opened = page.get_by_role("dialog")
    opened.get_by_role("tab", name="佐证材料").click()
    expect(opened.get_by_role("button", name="打开 通知.pdf")).to_be_visible()
    assert kept.read_bytes() == paper.read_bytes()


def test_an_extension_agreed_late_is_marked_as_such(fresh_server, page: Page):
    opened = card(fresh_server, page, 4, "延期")
    opened.get_by_text("期限后补批", exact=True).click()
    day = opened.get_by_test_id("stDateInput").last
    for part, value in (("year", "2020"), ("month", "11"), ("day", "30")):
        day.locator(f'[data-type="{part}"]').click()
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    opened.get_by_label("理由").last.fill("部里推迟印发。")
    opened.get_by_label("填报人").last.fill("张三")
    opened.get_by_role("button", name="保存").click()
    expect(opened.get_by_text("补批须写明由谁同意。")).to_be_visible()
    opened.get_by_label("同意人").fill("王厅长")
    opened.get_by_role("button", name="保存").click()
    fresh_server.settle(page)
    opened = page.get_by_role("dialog")
    expect(opened.get_by_text("读作 2020-04-30；补批延期至 2020-11-30")).to_be_visible()
    fresh_server.open(page, f"verification?{SEPTEMBER}")
    expect(headline(page)).to_be_visible()
    decided = tab(fresh_server, page, "延期已审批")
    tick(fresh_server, page, "decided", 0)
    expect(
        decided.get_by_text("（整项任务申请，张三，2020-09-30 补批，王厅长同意）")
    ).to_be_visible()
