"""What Word keeps outside the plain text: revisions and automatic numbers."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from ledger_documents import HEADER, save_docx

from loaders import LedgerError, limits, read_ledger

ROW = ("一、组织保障", "（一）领导", "制定办法。", "厅法规处", "2020年6月")


@pytest.fixture
def changed(tmp_path):
    """Read a table after a change to the document."""

    def changed(change, *rows):
        path = save_docx(tmp_path / "a.docx", [], [list(HEADER), list(ROW), *map(list, rows)])
        document = docx.Document(str(path))
        change(document)
        document.save(str(path))
        return read_ledger(path)

    return changed


def revision(kind, text):
    tag = "delText" if kind in ("del", "moveFrom") else "t"
    return parse_xml(f"<w:{kind} {nsdecls('w')}><w:r><w:{tag}>{text}</w:{tag}></w:r></w:{kind}>")


def messages(ledger):
    return [issue.message for issue in ledger.issues]


def test_tracked_changes_are_read_as_accepted_and_counted(changed):
    def change(document):
        task, owner = document.tables[0].rows[1].cells[2:4]
        task.paragraphs[0]._p.append(revision("ins", "（修订）"))
        task.paragraphs[0]._p.append(revision("del", "删去"))
        owner.paragraphs[0]._p.append(revision("ins", "、人事处"))

    ledger = changed(change)
    assert ledger.tasks[0].task == "制定办法。（修订）"
    assert ledger.tasks[0].responsible_text == "厅法规处、人事处"
    assert messages(ledger) == [
        "文件带有未接受的修订：2 处插入的内容已采用，1 处删除的内容已略去，请核对"
    ]


def test_a_row_deleted_under_revision_is_skipped(changed):
    def change(document):
        properties = document.tables[0].rows[2]._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:del {nsdecls('w')}/>"))

    ledger = changed(change, ("", "", "删去的任务。", "", ""))
    assert [t.task for t in ledger.tasks] == ["制定办法。"]
    assert "1 处删除的内容已略去" in messages(ledger)[0]


LEVELS = (
    ("chineseCounting", "%1、"),
    ("chineseCounting", "（%2）"),
    ("decimal", "%3."),
    ("decimal", "%3.%4"),
)


def add_lists(document, levels=LEVELS, number_id=77):
    written = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(levels)
    )
    root = document.part.numbering_part.element
    root.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number_id}">{written}</w:abstractNum>'
        ),
    )
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number_id}"><w:abstractNumId w:val="{number_id}"/></w:num>'
        )
    )


def number(paragraph, level, number_id=77):
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = number_id


PLAN = (
    (0, "加强建设"),
    (1, "健全制度"),
    (2, "制定办法。印发管理办法。（厅法规处牵头）"),
    (2, "修订目录。（厅信息中心负责）"),
    (1, "归集信息"),
    (2, "归集数据。（厅运输处负责）"),
    (0, "加强宣传"),
    (1, "宣传办法。（厅办公室负责）"),
)


def test_a_plan_whose_headings_are_numbered_by_word(tmp_path):
    document = docx.Document()
    add_lists(document)
    document.add_paragraph("2020年工作方案")
    for level, text in PLAN:
        number(document.add_paragraph(text), level)
    document.save(str(tmp_path / "a.docx"))
    ledger = read_ledger(tmp_path / "a.docx")
    assert [(t.level1, t.level2, t.task, t.printed_number) for t in ledger.tasks] == [
        ("加强建设", "健全制度", "制定办法。印发管理办法。", "1"),
        ("加强建设", "健全制度", "修订目录。", "2"),
        ("加强建设", "归集信息", "归集数据。", "1"),
        ("加强宣传", "", "宣传办法。", "（一）"),
    ]


def test_several_automatically_numbered_tasks_in_one_cell(changed):
    def change(document):
        add_lists(document, [("decimal", "%1.")])
        cell = document.tables[0].rows[1].cells[2]
        for paragraph in (cell.paragraphs[0], cell.add_paragraph("公布办法。")):
            number(paragraph, 0)

    assert [(t.printed_number, t.task) for t in changed(change).tasks] == [
        ("1", "制定办法。"),
        ("2", "公布办法。"),
    ]


def test_numbers_come_from_the_style_too(tmp_path):
    document = docx.Document()
    add_lists(document)
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 77
    document.add_paragraph("加强建设", style="Heading 1")
    number(document.add_paragraph("制定办法。（厅法规处牵头）"), 2)
    document.save(str(tmp_path / "a.docx"))
    (task,) = read_ledger(tmp_path / "a.docx").tasks
    assert (task.level1, task.task) == ("加强建设", "制定办法。")


def test_a_number_that_cannot_be_written_out_is_reported(changed):
    def change(document):
        add_lists(document, [("hebrew1", "%1.")])
        number(document.tables[0].rows[1].cells[2].paragraphs[0], 0)

    assert messages(changed(change)) == [
        "有 1 处 Word 自动编号的写法没有识别，编号没有读入，请核对"
    ]


def test_a_bullet_and_a_number_taken_away_are_none(changed):
    def change(document):
        add_lists(document, [("bullet", "●")])
        cells = document.tables[0].rows[1].cells
        number(cells[2].paragraphs[0], 0)
        number(cells[3].paragraphs[0], 0, number_id=0)

    ledger = changed(change)
    assert (ledger.tasks[0].task, ledger.tasks[0].responsible_text) == ("制定办法。", "厅法规处")


def test_more_paragraphs_than_a_ledger_has(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 20)
    document = docx.Document()
    for _ in range(21):
        document.add_paragraph("")
    document.save(str(tmp_path / "a.docx"))
    with pytest.raises(LedgerError, match="文件超过 20 行"):
        read_ledger(tmp_path / "a.docx")
