"""What the reader of a saved page sees is read; what he does not see is only named."""

import pytest
from ledger_documents import HEADER

from loaders import read_ledger
from loaders.forms import html

ROW = ("一、组织保障", "（一）领导", "制定办法。", "厅法规处", "2020年6月")


@pytest.fixture
def read(tmp_path):
    """Read a page whose second task is this, its other cells and a head given."""

    def read(task="公布办法。", row="", cell="", head="", after=""):
        first = "".join(f"<td>{text}</td>" for text in ROW)
        header = "".join(f"<th>{text}</th>" for text in HEADER)
        second = f"<td></td><td></td><td {cell}>{task}</td><td>厅人事处</td><td>2020年7月</td>"
        rows = f"<tr>{header}</tr><tr>{first}</tr><tr {row}>{second}</tr>"
        path = tmp_path / "台账2020.html"
        page = f"<html><head>{head}</head><body><table>{rows}</table>{after}</body></html>"
        path.write_text(page, encoding="utf-8")
        return read_ledger(path)

    return read


def messages(ledger):
    return [issue.message for issue in ledger.issues]


@pytest.mark.parametrize(
    "row",
    [
        'style="display:none"',
        'style="visibility:collapse"',
        "hidden",
        'class="away"',
        'id="old"',
    ],
)
def test_a_row_that_is_not_displayed(row, read):
    ledger = read(row=row, head="<style>.away, #old {display: none}</style>")
    assert [t.task for t in ledger.tasks] == ["制定办法。"]
    (issue,) = ledger.issues
    assert issue.message == "隐藏的文字没有读入，请核对：“公布办法。 厅人事处 2020年7月”"
    assert issue.place.row == 3


@pytest.mark.parametrize(
    ("inside", "label"),
    [
        ('<span style="display:none">内部</span>', "隐藏的文字"),
        ('<span style="font-size:0">内部</span>', "隐藏的文字"),
        ('<span style="mso-hide:all">内部</span>', "隐藏的文字"),
        ('<span style="color:#ffffff">内部</span>', "隐藏的文字"),
        ("<s>内部</s>", "加了删除线的文字"),
        ("<del>内部</del>", "加了删除线的文字"),
        ('<span style="text-decoration:line-through">内部</span>', "加了删除线的文字"),
        ("<ruby>归<rp>(</rp><rt>guī</rt></ruby>", "文字上方的注音"),
    ],
)
def test_what_nobody_sees_within_a_cell(inside, label, read):
    ledger = read(task=f"公布{inside}办法。")
    assert ledger.tasks[1].task == ("公布归办法。" if "ruby" in inside else "公布办法。")
    assert messages(ledger)[0].startswith(f"{label}没有读入")


@pytest.mark.parametrize(
    "task",
    [
        "<font style='font-size:0.9em'>公布</font>办法。",
        "<b>公布</b><wbr>办法。",
        "<span style='background:#1f4e79;color:white'>公布</span>办法。",
        "<input value='公布'>办法。",
        "<unknown>公布办法。</unknown>",
    ],
)
def test_what_everybody_sees_raises_no_doubt(task, read):
    ledger = read(task=task)
    assert (ledger.tasks[1].task, messages(ledger)) == ("公布办法。", [])


def test_rules_for_printing_and_for_parts_of_others_hide_nothing(read):
    head = "<style>@media print {td {display:none}} table div td {display:none}</style>"
    assert len(read(head=head).tasks) == 2


def test_lines_below_the_table_are_rows_of_their_own(read):
    ledger = read(after="<p>注：按月报送。</p>")
    assert [(r.text, r.reading) for r in ledger.rows if r.place.table == "正文"] == [
        ("注：按月报送。", "note")
    ]


def test_a_text_that_the_reading_drops_is_named_in_its_place(read, monkeypatch):
    whole = html._text
    monkeypatch.setattr(html, "_text", lambda element: whole(element).replace("公布", ""))
    (issue,) = read().issues
    assert issue.message == "原文中的一段文字没有读入，请核对：“公布办法”"
    assert (issue.place.table, issue.place.row) == ("表1", 3)
