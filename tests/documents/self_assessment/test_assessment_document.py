"""The 自评表 as a Word document, opened again: its totals, its rows, its form on the page."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pandas as pd
import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml.ns import qn
from docx.table import Table

from documents.self_assessment import Assessment, write_document
from documents.self_assessment.content import total_lines
from tests.documents.self_assessment.conftest import Book
from warehouse.entries.marks import store_reviews
from words import score


def opened(assessed: Assessment) -> Opened:
    return Document(BytesIO(write_document(assessed)))


def texts(table: Table) -> list[list[str]]:
    return [
        ["\n".join(p.text for p in cell.paragraphs) for cell in row.cells] for row in table.rows
    ]


def lines(document: Opened) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def test_the_totals_are_the_answer_of_the_question(assessed: Assessment):
    totals, _ = opened(assessed).tables
    assert texts(totals)[1:] == [
        [name, *(score(figures[key]) for key in ("full", "self", "secured", "reachable"))]
        for name, figures in total_lines(assessed)
    ]
    # Counted again, in hundredths, from what is printed.
    *parts, overall = [
        [Decimal(cell.replace("−", "-")) for cell in row[1:]] for row in texts(totals)[1:]
    ]
    assert [sum(column) for column in zip(*parts, strict=True)] == overall


def test_every_task_is_there_once_and_adds_up(assessed: Assessment):
    _, tasks = opened(assessed).tables
    rows = [row for row in texts(tasks) if row[0].isdigit()]
    assert sorted(int(row[0]) for row in rows) == sorted(assessed.rows.number)
    by_number = {int(row[0]): row for row in rows}
    for task in assessed.rows.itertuples():
        row = by_number[task.number]
        assert row[1] == task.task
        assert task.units in row[5]
        assert assessed.reason(task) in row[5]
    own = {row[1]: row[4] for row in texts(tasks) if not row[0]}
    assert own["总分"] == score(assessed.total("overall")["self"])


def test_the_reviews_are_printed_with_their_total(desk: Book):
    numbers = {row.number: row.task_id for row in desk.assessed(2).rows.itertuples()}
    given = {
        numbers[1]: (Decimal("1.25"), "核减"),
        numbers[62]: (Decimal(2), ""),
        numbers[63]: (Decimal(2), ""),
        numbers[68]: (Decimal("0.3"), "属实"),
    }
    store_reviews(desk.warehouse, given, effective_on=desk.as_of, recorded_by="李四")
    rows = texts(opened(desk.assessed(2)).tables[1])
    printed = {row[0] or row[1]: row[6:] for row in rows}
    assert printed["1"] == ["1.25", "核减"]
    assert printed["68"] == ["−0.3", "属实"]
    assert printed["加分小计"][0] == "4"
    assert printed["加分超上限"][0] == "−1.5"
    assert printed["总分"][0] == "3.45"


def test_it_lies_across_the_page_and_its_header_stands_on_every_one(filled: Book):
    document = opened(filled.assessed(1))
    (section,) = document.sections
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((297, 210), abs=0.1)
    for table in document.tables:
        properties = [row._tr.trPr for row in table.rows]
        assert all(each.find(qn("w:cantSplit")) is not None for each in properties)
        repeated = [each.find(qn("w:tblHeader")) is not None for each in properties]
        assert repeated == [True] + [False] * (len(repeated) - 1)
        width = sum(int(each.get(qn("w:w"))) for each in table._tbl.tblGrid)
        room = section.page_width - section.left_margin - section.right_margin
        assert width == pytest.approx(room / 635, abs=20)


def test_a_heading_a_sum_and_the_signatures_are_not_left_alone(filled: Book):
    document = opened(filled.assessed(1))
    kept = [p.text[:4] for p in document.paragraphs if p.paragraph_format.keep_with_next]
    assert kept == ["一、得分", "二、逐项"]
    *rows, signing = document.tables[1].rows
    words = [row.cells[1].text for row in rows]
    for position, row in enumerate(rows):
        cells = row._tr.tc_lst
        is_band, is_whole = len(cells) == 1, words[position] == "总分"
        below = "总分" if is_whole else words[position + 1]
        is_kept = all(tc.p_lst[0].pPr.find(qn("w:keepNext")) is not None for tc in cells)
        has_sum_below = below.endswith("小计") and not words[position].endswith("小计")
        assert is_kept == (is_band or is_whole or has_sum_below)
    # In the table, for a paragraph below it LibreOffice would let go of it.
    (cell,) = signing._tr.tc_lst
    said = ["".join(paragraph.itertext())[:8] for paragraph in cell.p_lst]
    assert said == ["自评单位（盖章）", "复核单位（盖章）"]
    edges = cell.tcPr.find(qn("w:tcBorders"))
    assert {edge.get(qn("w:val")) for edge in edges} == {"nil"}


def test_columns_share_their_width_by_what_they_hold(filled: Book):
    assessed = filled.assessed(1)
    many = assessed.rows.assign(units="宁夏回族自治区交通运输综合执法监督局、" * 10)

    def widths(of: Assessment) -> list[int]:
        grid = opened(of).tables[1]._tbl.tblGrid
        return [int(column.get(qn("w:w"))) for column in grid]

    before, after = widths(assessed), widths(replace(assessed, rows=many))
    assert after[5] > 1.1 * before[5]
    # What is left to write in is left as it is.
    assert after[6:] == pytest.approx(before[6:], abs=2)


@pytest.mark.parametrize(
    ("version", "mark"),
    [(1, "【演示数据】"), (0, "【演示数据】【等权试算】")],
)
def test_what_is_not_real_is_marked_on_every_page(filled: Book, version: int, mark: str):
    document = opened(filled.assessed(version))
    assert lines(document)[0] == f"{mark}信用交通省自评表"
    head = document.sections[0].header.paragraphs[0].text
    assert ("【演示数据】" in head, "【等权试算】" in head) == (True, version == 0)


def test_a_real_ledger_is_not_marked_as_demonstration(issued: Book):
    document = opened(issued.assessed())
    said = "\n".join(lines(document)) + document.sections[0].header.paragraphs[0].text
    assert "演示" not in said
    assert "【等权试算】不是正式得分" in said
    foot = "\n".join(p.text for p in document.sections[0].footer.paragraphs)
    assert issued.context().ledger in foot
    assert f"截至日期：{issued.as_of}" in foot


def test_chinese_fonts_are_named(filled: Book):
    made = write_document(filled.assessed(1))
    with zipfile.ZipFile(BytesIO(made)) as package:
        document = package.read("word/document.xml").decode()
        assert "方正小标宋简体" in package.read("word/fontTable.xml").decode()
    runs = document.count("<w:r>")
    assert document.count("w:eastAsia=") == runs


@pytest.mark.parametrize("odd", ["甲\x07乙", "<w:p>&甲", "=甲", "甲\n乙", "𠮷甲", "*_$"])
def test_odd_texts_do_not_break_the_file(filled: Book, odd: str):
    assessed = filled.assessed(1)
    rows = assessed.rows.assign(task=odd, narrative=odd, criterion=odd, units=odd, level2=odd)
    context = replace(assessed.context, ledger=odd, filters=odd)
    document = opened(replace(assessed, rows=rows, context=context))
    wanted = odd.replace("\x07", "")
    row = next(row for row in texts(document.tables[1]) if row[0] == "1")
    assert row[1] == wanted
    assert f"指标：{wanted}　责任处室：{wanted}" in row[5]


def test_bonus_items_of_several_indicators_are_told_apart(filled: Book):
    assessed = filled.assessed(1)
    bonus = assessed.totals[assessed.totals.part == "bonus"]
    others = bonus.assign(level1="另一个一级指标", short_name="另一个")
    totals = pd.concat([bonus.assign(short_name="这一个"), others])
    names = [name for name, _ in total_lines(replace(assessed, totals=totals))]
    assert names == ["加分：这一个", "加分：另一个"]
    assert "加分" in [name for name, _ in total_lines(assessed)]
