"""The urging letters, opened again: what each says, on a page 1 of its own, and what it is marked with."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml.ns import qn

from documents import Context, letters_with_forms, urging_letters

CONTEXT = Context(
    ledger="宁夏 2020 年台账",
    edition="宁夏.docx 第 2 版",
    as_of=date(2020, 9, 30),
    filters="厅法规处、厅办公室",
    data_version=17,
    is_demonstration=False,
    made_at=datetime(2020, 10, 8, 9, 5),
)


@dataclass(frozen=True)
class Letter:
    unit: str
    brief: str = ""
    title: str = "关于报送2020年9月工作进展的催办函"
    opening: str = "你单位2020年9月应报送3项任务的进展。"
    lists: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("一、未报送进展的任务（2项）", ("印发要点。", "开展评价。")),
        ("二、已报送、但已逾期的任务（1项）", ("公示结果。",)),
    )
    closing: str = "请尽快报送。报送至：〔接收单位和方式〕。"
    signature: tuple[str, ...] = ("〔印发单位〕", "〔　　年　月　日〕")


def letter_to(unit: str) -> Letter:
    """One that says something of its own."""
    return Letter(unit, opening=f"{unit}2020年9月应报送3项任务的进展。")


def opened(*letters: Letter, context: Context = CONTEXT) -> Opened:
    return Document(BytesIO(urging_letters(letters, context)))


def lines(document: Opened) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def test_a_letter_says_what_was_handed_over_and_nothing_else():
    assert lines(opened(Letter("厅法规处"))) == [
        "关于报送2020年9月工作进展的催办函",
        "厅法规处：",
        "你单位2020年9月应报送3项任务的进展。",
        "一、未报送进展的任务（2项）",
        "1.印发要点。",
        "2.开展评价。",
        "二、已报送、但已逾期的任务（1项）",
        "1.公示结果。",
        "请尽快报送。报送至：〔接收单位和方式〕。",
        "〔印发单位〕",
        "〔　　年　月　日〕",
    ]


def test_each_letter_begins_a_page_1_of_its_own():
    document = opened(*(letter_to(unit) for unit in ("厅法规处", "厅办公室", "厅运输处")))
    assert [line for line in lines(document) if line.startswith("厅") and line.endswith("：")] == [
        "厅法规处：",
        "厅办公室：",
        "厅运输处：",
    ]
    assert len(document.sections) == 3
    for section in document.sections:
        numbering = section._sectPr.find(qn("w:pgNumType"))
        assert numbering.get(qn("w:start")) == "1"
        assert section.start_type == 2  # a new page
        assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)


def test_a_heading_stays_with_its_tasks_and_a_signature_with_its_text():
    paragraphs = opened(Letter("厅法规处")).paragraphs
    kept = [p.text for p in paragraphs if p.paragraph_format.keep_with_next]
    assert kept == [
        "一、未报送进展的任务（2项）",
        "二、已报送、但已逾期的任务（1项）",
        "请尽快报送。报送至：〔接收单位和方式〕。",
        "〔印发单位〕",
    ]


def test_fonts_of_an_official_letter_and_what_stands_in_for_them():
    made = urging_letters([Letter("厅法规处")], CONTEXT)
    used = {
        p.text: (p.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")), p.runs[0].font.size.pt)
        for p in Document(BytesIO(made)).paragraphs
    }
    assert used["关于报送2020年9月工作进展的催办函"] == ("方正小标宋简体", 22)
    assert used["一、未报送进展的任务（2项）"] == ("黑体", 16)
    assert {used[line] for line in ("厅法规处：", "1.印发要点。", "〔印发单位〕")} == {
        ("仿宋_GB2312", 16)
    }
    with zipfile.ZipFile(BytesIO(made)) as package:
        table = package.read("word/fontTable.xml").decode()
    for font, stand_in in (("方正小标宋简体", "华文中宋"), ("仿宋_GB2312", "FangSong")):
        assert font in table
        assert stand_in in table


def test_a_letter_has_the_lines_the_numbers_and_the_signature_of_an_official_document():
    document = opened(Letter("厅法规处"), letter_to("厅办公室"))
    page = document.sections[0]
    (closer,) = {
        run._r.rPr.find(qn("w:spacing")).get(qn("w:val"))
        for paragraph in document.paragraphs[1:11]
        for run in paragraph.runs
    }
    width = (page.page_width - page.left_margin - page.right_margin) / 12700
    assert int(width / (16 + int(closer) / 20)) == 28
    # Right on odd pages, left on even ones, one character in.
    odd, even = page.footer.paragraphs[0], page.even_page_footer.paragraphs[0]
    assert document.settings.odd_and_even_pages_header_footer
    assert (odd.alignment, even.alignment) == (2, 0)
    assert (odd.paragraph_format.right_indent.pt, even.paragraph_format.left_indent.pt) == (14, 14)
    signed = [p for p in document.paragraphs if p.text.startswith(("〔印发", "〔　"))]
    issuer, day, *_ = [p.paragraph_format for p in signed]
    assert len(signed) == 4
    assert (issuer.left_indent.pt, day.right_indent.pt) == (192, 64)


def test_what_the_figures_are_of_is_in_the_properties_and_not_in_print():
    document = opened(Letter("厅法规处"), letter_to("厅办公室"))
    for side in ("footer", "even_page_footer"):
        feet = [getattr(section, side) for section in document.sections]
        # The first footer serves every section that has none of its own.
        assert [foot.is_linked_to_previous for foot in feet] == [False, True]
        assert "数据版本" not in "".join(paragraph.text for paragraph in feet[0].paragraphs)
    for part in (
        "宁夏 2020 年台账（宁夏.docx 第 2 版）",
        "筛选：厅法规处、厅办公室",
        "数据版本：17",
    ):
        assert part in document.core_properties.comments
    assert not document.sections[0].header.paragraphs[0].text


def test_demonstration_data_is_marked_on_every_page():
    document = opened(
        Letter("厅法规处"), letter_to("厅办公室"), context=replace(CONTEXT, is_demonstration=True)
    )
    heads = [section.header.paragraphs[0].text for section in document.sections]
    assert [head.startswith("【演示数据】") for head in heads] == [True, True]


@pytest.mark.parametrize("odd", ["甲\x07乙", "甲\x00乙", "<w:p>&甲", "=甲", "甲\u2028乙", "𠮷甲"])
def test_odd_texts_do_not_break_the_file(odd: str):
    document = opened(Letter(odd), context=replace(CONTEXT, filters=odd))
    wanted = odd.replace("\x07", "").replace("\x00", "")
    assert lines(document)[1] == f"{wanted}："


def test_a_long_letter_is_one_page_and_says_how_much_the_form_has_more():
    tasks = tuple(
        f"{'建立健全信用交通管理制度，' * 9}（台账第{n}项，期限常态化）。" for n in range(60)
    )
    lists = (("一、未报送进展的任务（60项）", tasks), ("二、已逾期的任务（1项）", ("公示。",)))
    said = lines(opened(Letter("厅法规处", lists=lists)))
    listed = [line for line in said if line[0].isdigit()]
    assert 2 <= len(listed) < 10
    assert listed[0].startswith("1.建立健全")
    assert listed[0].endswith("（台账第0项，期限常态化）。")
    assert f"其余{61 - len(listed)}项见所附填报表。" in said


def test_letters_that_say_the_same_are_one():
    document = opened(Letter("厅法规处"), Letter("厅办公室"))
    assert len(document.sections) == 1
    assert lines(document)[1] == "厅法规处、厅办公室："


def test_the_forms_go_with_the_letters():
    forms = BytesIO()
    with zipfile.ZipFile(forms, "w") as archive:
        archive.writestr("厅法规处_填报表.xlsx", b"form")
    made = letters_with_forms([Letter("厅法规处")], CONTEXT, forms.getvalue())
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.namelist() == ["厅法规处_填报表.xlsx", "催办函.docx"]
        assert lines(Document(BytesIO(archive.read("催办函.docx"))))[1] == "厅法规处："
