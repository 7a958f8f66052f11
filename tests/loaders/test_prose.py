"""Plans in running text: whose duty is what, and by when."""

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import LedgerError, read_ledger
from loaders.forms import prose
from loaders.forms.prose import prose_grid
from loaders.forms.statements import read_duties


@pytest.fixture
def read(tmp_path):
    """Read a plan given as its paragraphs."""

    def read(*paragraphs, title="2020年信用工作要点"):
        path = tmp_path / "要点.txt"
        path.write_text("\n".join([title, *paragraphs]), encoding="utf-8")
        return read_ledger(path)

    return read


def rows(ledger):
    return [(t.level1, t.level2, t.task, t.responsible_text) for t in ledger.tasks]


def messages(ledger):
    return [issue.message for issue in ledger.issues]


def readings(ledger):
    return [row.reading for row in ledger.rows]


def test_two_levels_give_the_second_to_the_title(read):
    ledger = read(
        "一、加强建设",
        "1.制定办法。印发管理办法。（厅法规处牵头，厅运输处配合）",
        "2.修订目录（厅信息中心负责）",
    )
    assert rows(ledger) == [
        ("加强建设", "制定办法", "印发管理办法。", "厅法规处牵头，厅运输处配合"),
        ("加强建设", "", "修订目录", "厅信息中心负责"),
    ]
    assert [t.printed_number for t in ledger.tasks] == ["1", "2"]


def test_three_levels_keep_the_title_in_the_task(read):
    ledger = read(
        "第一章 加强建设",
        "（一）健全制度",
        "1.制定办法。印发管理办法。〔责任单位：厅法规处〕",
        "（二）归集信息",
        "1、每月归集。【厅信息中心】",
    )
    assert rows(ledger) == [
        ("加强建设", "健全制度", "制定办法。印发管理办法。", "厅法规处"),
        ("加强建设", "归集信息", "每月归集。", "厅信息中心"),
    ]


def test_label_lines_with_a_deadline(read):
    ledger = read(
        "一、加强建设",
        "（一）制定办法。印发管理办法。",
        "牵头单位：厅法规处",
        "责任单位：厅运输处、各市交通运输局",
        "完成时间：2020 年 6 月 底前",
        "（二）公示信息。及时公示。",
        "责任单位：厅信息中心 完成时限：持续推进",
    )
    first, second = ledger.tasks
    assert [(a.role, a.unit) for a in first.assignments] == [
        ("lead", "厅法规处"),
        ("responsible", "厅运输处"),
        ("responsible", "各市交通运输局"),
    ]
    assert (str(first.due_on), second.deadline_kind) == ("2020-06-30", "ongoing")
    assert second.responsible_text == "厅信息中心"
    assert messages(ledger) == []


@pytest.mark.parametrize(
    ("text", "owner", "deadline"),
    [
        ("印发办法。（厅法规处牵头，2020年6月底前完成）", "厅法规处牵头", "2020年6月底前完成"),
        ("印发办法（牵头单位：厅法规处；完成时限：6月）。", "牵头单位：厅法规处", "6月"),
        ("印发办法。(厅法规处)(6月底前完成)", "厅法规处", "6月底前完成"),
        ("印发《办法（试行）》。（厅法规处会同厅运输处）", "厅法规处会同厅运输处", ""),
        ("印发办法（网页）。", "", ""),
        ("印发目录（2020版），公布清单。", "", ""),
        ("优化服务（含窗口）。", "", ""),
    ],
)
def test_brackets(text, owner, deadline):
    (duty,) = read_duties(text)
    assert (duty.statement.owner, duty.statement.deadline) == (owner, deadline)


def test_a_paragraph_with_several_owners_is_several_duties(read):
    ledger = read(
        "一、加强建设",
        "（一）开展评价。组织年度评价。（厅基建处牵头）发布评价结果。（厅办公室负责）",
    )
    assert [(t.task, t.responsible_text) for t in ledger.tasks] == [
        ("组织年度评价。", "厅基建处牵头"),
        ("发布评价结果。", "厅办公室负责"),
    ]


def test_an_owner_of_a_heading_is_that_of_the_duties_below_it(read):
    ledger = read(
        "一、加强建设",
        "（一）健全制度（厅法规处牵头）",
        "1.制定办法。",
        "2.修订目录。（厅信息中心牵头）",
        "3.公布清单。",
        "（二）归集信息",
        "1.归集数据。",
        "2.核查数据。",
        "（厅运输处牵头）",
    )
    assert [t.responsible_text for t in ledger.tasks] == [
        "厅法规处牵头",
        "厅信息中心牵头",
        "厅法规处牵头",
        "厅运输处牵头",
        "厅运输处牵头",
    ]
    assert ledger.tasks[4].responsible_inherited


def test_nothing_is_inherited_from_the_duty_above(read):
    ledger = read(
        "一、加强建设",
        "1.制定办法。（厅法规处牵头）",
        "2.修订目录。",
        "3.公布清单。（厅办公室负责）",
    )
    assert [t.responsible_text for t in ledger.tasks] == ["厅法规处牵头", "", "厅办公室负责"]
    assert "没有写明责任单位，请核对" in messages(ledger)


def test_chapters_without_duties_are_notes(read):
    ledger = read(
        "一、总体要求",
        "深入贯彻落实部省决策部署。",
        "二、重点任务",
        "1.制定办法。（厅法规处牵头）",
        "三、保障措施",
        "（一）加强领导。各单位要高度重视。",
        "附件：1.任务表",
        "湖南省交通运输厅",
        "2020年3月1日",
    )
    assert [t.level1 for t in ledger.tasks] == ["重点任务"]
    assert readings(ledger).count("note") == 5
    assert sum(row.tasks for row in ledger.rows) == 1


def test_numbers_in_a_covering_letter_are_no_headings(read):
    ledger = read("附件：1.任务表", "2.说明", "", "一、加强建设", "1.制定办法。（厅法规处牵头）")
    assert len(ledger.tasks) == 1


@pytest.mark.parametrize("ending", ["印发管理办法，进一步", "印发管理办法。（厅法规处牵头，厅"])
def test_a_text_that_breaks_off(read, ending):
    ledger = read("一、加强建设", "1.公示。公示信息。（厅信息中心）", f"2.制定办法。{ending}")
    assert len(ledger.tasks) == 2
    assert [m for m in messages(ledger) if "处中断" in m]
    assert not ledger.tasks[1].responsible_inherited


def test_a_text_in_which_nobody_is_named(read):
    with pytest.raises(LedgerError, match="文件中没有表格"):
        read("一、总体要求", "（一）加强领导。各单位要高度重视。")


def test_a_word_document(tmp_path):
    document = docx.Document()
    for text in (
        "湖南省2020年信用工作方案",
        "为做好工作，制定本方案。",
        "一、加强建设",
        "（一）制定办法。印发管理办法。",
        "（责任单位：厅法规处；完成时限：2020年6月）",
    ):
        document.add_paragraph(text)
    document.save(str(tmp_path / "方案.docx"))
    ledger = read_ledger(tmp_path / "方案.docx")
    assert ledger.title == "湖南省2020年信用工作方案"
    assert rows(ledger) == [("加强建设", "制定办法", "印发管理办法。", "厅法规处")]
    assert str(ledger.tasks[0].due_on) == "2020-06-30"


@given(
    st.lists(
        st.text(
            alphabet="一二、（）(1.2牵头单位：责任厅法规处印发办法。；〔〕《》 \n2020年6月底前",
            max_size=30,
        ),
        max_size=12,
    )
)
def test_any_text_is_read_line_by_line(lines):
    grid = prose_grid(list(enumerate(lines, start=1)))
    if grid:
        assert all(len(row.cells) == len(grid.fields) or row.loose for row in grid.rows)


@pytest.mark.parametrize("limit", ["_MOST_LINES", "_MOST_CHARACTERS"])
def test_a_text_longer_than_any_plan(read, monkeypatch, limit):
    paragraphs = ["一、建设", *["1.归集信息。（厅法规处）"] * 100]
    assert len(read(*paragraphs).tasks) == 100
    monkeypatch.setattr(prose, limit, 50)
    with pytest.raises(LedgerError, match="没有找到任务表格，作为文字方案又超过"):
        read(*paragraphs)
