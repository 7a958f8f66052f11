"""Every text that a Word file prints is read or named; what its reader does not see is only named."""

import zipfile

import pytest
from package_documents import (
    OTHER,
    ROW,
    TITLE,
    box,
    cell,
    paragraph,
    relations,
    row,
    run,
    table,
    word,
)

from loaders import preview, read_ledger
from loaders.accounting import Spot, unread
from loaders.forms import runs
from loaders.forms import word as forms_word
from loaders.grid import Cell, Grid, Row

RUBY = (
    "<w:r><w:ruby><w:rt>" + run("guī jí") + "</w:rt><w:rubyBase>" + run("归集") + "</w:rubyBase>"
    "</w:ruby></w:r>"
)
FRACTION = (
    "<m:oMath><m:f><m:num><m:r><m:t>达标数</m:t></m:r></m:num>"
    "<m:den><m:r><m:t>总数</m:t></m:r></m:den></m:f></m:oMath>"
)


@pytest.fixture
def read(tmp_path):
    """Read a document whose second task has this in its cells of task, owner and deadline."""

    def read(task=OTHER[2], owner=OTHER[3], deadline=OTHER[4], before=TITLE, after="", **given):
        body = paragraph(before) if not before.startswith("<") else before
        rows = table(ROW, (*OTHER[:2], task, owner, deadline))
        return read_ledger(word(tmp_path / "台账.docx", body + rows + after, **given))

    return read


def messages(ledger):
    return [issue.message for issue in ledger.issues]


SEEN = {
    "guide": RUBY + run("信息。"),
    "equation": run("归集") + FRACTION + run("信息。"),
    "inserted": "<w:ins>" + run("归集信息。") + "</w:ins>",
    "moved": "<w:moveTo>" + run("归集信息。") + "</w:moveTo>",
    "direction": '<w:bdo w:val="ltr"><w:dir>' + run("归集信息。") + "</w:dir></w:bdo>",
    "control": "<w:sdt><w:sdtPr/><w:sdtContent>" + run("归集信息。") + "</w:sdtContent></w:sdt>",
    "unknown": "<w:whatever>" + run("归集信息。") + "</w:whatever>",
    "link": "<w:hyperlink>" + run("归集信息。") + "</w:hyperlink>",
    "field": "<w:fldSimple>" + run("归集信息。") + "</w:fldSimple>",
    "alternate": (
        "<mc:AlternateContent><mc:Choice>"
        + run("归集信息。")
        + "</mc:Choice><mc:Fallback>"
        + run("归集信息。")
        + "</mc:Fallback></mc:AlternateContent>"
    ),
    "old variant only": (
        "<mc:AlternateContent><mc:Choice/><mc:Fallback>"
        + run("归集信息。")
        + "</mc:Fallback></mc:AlternateContent>"
    ),
    "box": box(paragraph("归集信息。")),
    "switched on and off": run("归集信息。", '<w:vanish w:val="0"/><w:strike w:val="false"/>'),
    "art": '<w:r><w:pict><v:shape><v:textpath string="归集信息。"/></v:shape></w:pict></w:r>',
}


@pytest.mark.parametrize("kind", SEEN)
def test_what_is_printed_is_read(kind, read):
    task = read(task=cell(paragraph(SEEN[kind]))).tasks[1].task
    assert task == ("归集达标数/总数信息。" if kind == "equation" else "归集信息。")


def test_the_sound_above_a_word_is_named(read):
    assert messages(read(task=cell(paragraph(SEEN["guide"])))) == [
        "文字上方的注音没有读入，请核对：“guī jí”"
    ]


@pytest.mark.parametrize("kind", sorted(set(SEEN) - {"guide", "inserted", "moved"}))
def test_what_is_read_whole_raises_no_doubt(kind, read):
    assert messages(read(task=cell(paragraph(SEEN[kind])))) == []


STYLES = (
    "<w:styles><w:style w:type='character' w:styleId='base'><w:rPr><w:vanish/></w:rPr></w:style>"
    "<w:style w:type='character' w:styleId='secret'><w:basedOn w:val='base'/></w:style></w:styles>"
)
UNSEEN = {
    "vanish": (run("内部", "<w:vanish/>"), "隐藏的文字"),
    "style": (run("内部", "<w:rStyle w:val='secret'/>"), "隐藏的文字"),
    "white": (run("内部", "<w:color w:val='FFFFFF'/>"), "隐藏的文字"),
    "tiny": (run("内部", "<w:sz w:val='2'/>"), "隐藏的文字"),
    "struck": (run("内部", "<w:strike/>"), "加了删除线的文字"),
    "struck twice": (run("内部", "<w:dstrike/>"), "加了删除线的文字"),
    "prompt": (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + run("内部")
        + "</w:sdtContent></w:sdt>",
        "没有填写的提示文字",
    ),
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_what_nobody_sees_is_named_and_not_read(kind, read):
    inside, label = UNSEEN[kind]
    ledger = read(task=cell(paragraph("归集信息。", inside)), parts={"styles": STYLES})
    assert ledger.tasks[1].task == "归集信息。"
    (issue,) = ledger.issues
    assert (issue.message, issue.place.row) == (f"{label}没有读入，请核对：“内部”", 3)


def test_white_letters_on_a_coloured_cell_are_seen(read):
    white = paragraph(run("归集信息。", "<w:color w:val='FFFFFF'/>"))
    ledger = read(task=cell(white, looks="<w:shd w:fill='1F4E79'/>"))
    assert (ledger.tasks[1].task, messages(ledger)) == ("归集信息。", [])


@pytest.mark.parametrize("looks", ["<w:hidden/>", "<w:del/>"])
def test_a_row_nobody_sees_hands_no_cell_down(looks, tmp_path):
    first = cell("厅人事处", looks="<w:vMerge w:val='restart'/>")
    below = cell("", looks="<w:vMerge/>")
    hidden = row((*ROW[:3], first, ROW[4]), looks)
    body = table(hidden, (*OTHER[:3], below, OTHER[4]))
    ledger = read_ledger(word(tmp_path / "台账2020.docx", body))
    assert [(t.task, t.responsible_text) for t in ledger.tasks] == [("归集信息。", "")]
    assert len(ledger.issues) == 2


def test_text_under_a_merged_cell_is_named(tmp_path):
    first = cell("厅法规处", looks="<w:vMerge w:val='restart'/>")
    below = cell("厅人事处", looks="<w:vMerge/>")
    body = table((*ROW[:3], first, ROW[4]), (*OTHER[:3], below, OTHER[4]))
    ledger = read_ledger(word(tmp_path / "台账2020.docx", body))
    assert [t.responsible_text for t in ledger.tasks] == ["厅法规处", "厅法规处"]
    assert messages(ledger)[0] == "合并单元格遮住的文字没有读入，请核对：“厅人事处”"


def test_a_deleted_paragraph_mark_joins_two_paragraphs(read):
    mark = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("归集") + "</w:p>"
    assert read(task=cell(mark, paragraph("信息。"))).tasks[1].task == "归集信息。"


def test_title_and_second_ledger_in_text_boxes(read):
    second = table(("三、应用", "", "开展惩戒。", "厅运输处", "2020年9月"))
    ledger = read(before=paragraph(box(paragraph("某省2020年台账"))), after=paragraph(box(second)))
    assert (ledger.title, len(ledger.tasks)) == ("某省2020年台账", 3)
    assert messages(ledger) == []


def test_an_owner_in_a_text_box_in_its_cell(read):
    assert read(owner=cell(paragraph(box(paragraph("厅运输处"))))).tasks[1].responsible_text == (
        "厅运输处"
    )


def test_a_ledger_in_a_cell_of_a_layout_table(tmp_path):
    inner = table(ROW, OTHER)
    body = "<w:tbl>" + row((cell(TITLE, inner, "注：按月报送。"),)) + "</w:tbl>"
    ledger = read_ledger(word(tmp_path / "a.docx", body))
    assert (ledger.title, len(ledger.tasks), messages(ledger)) == (TITLE, 2, [])
    assert [(r.text, r.reading) for r in ledger.rows if r.place.table == "正文"] == [
        (TITLE, "title"),
        ("注：按月报送。", "note"),
    ]


def test_a_plan_in_a_cell_of_a_layout_table(tmp_path):
    lines = ("2020年工作要点", "一、建设", "（一）制定办法。印发管理办法。（厅法规处牵头）")
    body = "<w:tbl>" + row((cell(*lines),)) + "</w:tbl>"
    (task,) = read_ledger(word(tmp_path / "a.docx", body)).tasks
    assert (task.level2, task.task) == ("制定办法", "印发管理办法。")


def test_lines_around_the_table_are_rows_of_their_own(read):
    ledger = read(after=paragraph("注：本表不含涉密事项。"))
    outside = [(r.text, r.reading) for r in ledger.rows if r.place.table == "正文"]
    assert outside == [(TITLE, "title"), ("注：本表不含涉密事项。", "note")]


def test_notes_comments_and_what_stands_on_every_page(read):
    note = "<w:{0}s><w:{0} w:id='1'>" + paragraph("{1}") + "</w:{0}></w:{0}s>"
    ledger = read(
        task=cell(paragraph("归集信息。", "<w:r><w:footnoteReference w:id='1'/></w:r>")),
        parts={
            "footnotes": note.format("footnote", "不含军车"),
            "comments": note.format("comment", "与处里核对"),
            "header": "<w:hdr>" + paragraph("内部资料") + "</w:hdr>",
            "footer": "<w:ftr>" + paragraph("第 1 页") + "</w:ftr>",
        },
    )
    assert messages(ledger) == [
        "脚注没有读入，请核对：“不含军车”",
        "批注没有读入，请核对：“与处里核对”",
        "页眉没有读入，请核对：“内部资料”",
    ]
    assert ledger.issues[0].place.row == 3


@pytest.mark.parametrize(
    "link",
    [
        '<Relationship Id="x1" Type="a/image" Target="../NULL"/>',
        '<Relationship Id="x2" Type="a/styles" Target="absent.xml"/>',
        '<Relationship Id="x3" Type="a/header" Target="http://a.b/c" TargetMode="External"/>',
        '<Relationship Id="x4" Type="a/header"/>',
    ],
)
def test_relations_to_nothing(link, read):
    assert len(read(links=link).tasks) == 2


def test_other_part_names_and_the_strict_namespaces(tmp_path):
    source = word(tmp_path / "a.docx", paragraph(TITLE) + table(ROW, OTHER))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "b.docx", "w") as new:
        main = old.read("word/document.xml").decode()
        strict = main.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        new.writestr("_rels/.rels", relations(("officeDocument", "/WORD/Main%20part.XML")))
        new.writestr("word/main part.xml", strict)
    assert len(read_ledger(tmp_path / "b.docx").tasks) == 2


def test_a_text_that_the_reading_drops_is_named_in_its_place(read, monkeypatch):
    monkeypatch.setattr(
        forms_word,
        "written",
        lambda *given: runs.written(*given).replace("归集信息", "归集"),
    )
    (issue,) = read().issues
    assert issue.message == "原文中的一段文字没有读入，请核对：“归集信息”"
    assert (issue.place.table, issue.place.row) == ("表1", 3)


def test_equal_words_elsewhere_do_not_stand_for_a_lost_one():
    rows = (Row(1, (Cell("厅法规处", 1, 1),)), Row(2, (Cell("", 2, 1),)))
    lost = unread(["厅法规处", "厅法规处"], [Grid("表1", rows)], (), lambda i: Spot("表1", i + 1))
    assert lost == [(Spot("表1", 2), "厅法规处")]


def test_preview_and_rows_agree(tmp_path):
    path = word(tmp_path / "a.docx", paragraph(TITLE) + table(ROW) + paragraph("注：无。"))
    seen = preview(path)
    assert sum(len(t.rows) for t in seen.tables) == len(seen.ledger.rows)
