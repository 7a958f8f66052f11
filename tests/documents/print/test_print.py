"""What an office prints is looked at by machine: every document of eight cases, as LibreOffice prints it."""

from __future__ import annotations

import re
from typing import Any

import docx
import openpyxl
import pptx
import pytest

from words import percent

LEAST, LEAST_ON_PHONE, LEAST_ON_SLIDE = 9, 10, 18
"""Points of type on paper, on a phone, in a table on a slide."""
ROUNDING = 0.06
"""LibreOffice prints in steps of a tenth of a point."""
CASES = ("ningxia", "hunan", "q1", "q2", "q3", "q4", "many", "one")
OFFICIAL = {"head": 30, "foot": 34}
"""Millimetres of head and foot of an upright page of an official letter."""
TURNED = {"head": 20, "foot": 22}
SIGNED, SHEET = {"head": 18, "foot": 24}, {"head": 18, "foot": 15}
METADATA = ("数据版本", "制表时间", "筛选", ".txt", "口径：")
LABELS = re.compile(
    "^(各|总体|同类|报送|统计|提请议定.{0,3}件|下季度|.{0,8}(情况|排名|口径|清单)$)"
)
FINDING = re.compile(r"\d|没有|尚无|都|最|不")


def pages_of(made: Any, kind: str) -> list[tuple[str, int, Any]]:
    """Case, number and page of every page of a kind of document."""
    found = [
        (case, number, page)
        for case, pages in made.of_kind(kind).items()
        for number, page in enumerate(pages, start=1)
    ]
    assert found
    return found


@pytest.mark.parametrize(
    "kind",
    [
        *("notice.docx", "letters.docx", "form.xlsx", "figures.xlsx", "list.xlsx", "slides.pptx"),
        *("leaflet.pdf", "signed.docx", "assessment.xlsx", "template.xlsx"),
    ],
)
def test_nothing_is_small_cut_or_printed_over(made, kind):
    least = {"leaflet.pdf": LEAST_ON_PHONE, "slides.pptx": 12}.get(kind, LEAST)
    wrong = [
        (case, number, what)
        for case, number, page in pages_of(made, kind)
        for what, is_wrong in (
            (f"type of {page.least_size():.1f} points", page.least_size() < least - ROUNDING),
            (f"{page.outside()} characters off the paper", page.outside() > 0),
            (f"{page.overlapping()} characters over others", page.overlapping() > 0),
        )
        if is_wrong
    ]
    assert not wrong


def is_body(page: Any) -> bool:
    return page.height > page.width


def test_a_notice_is_three_pages_and_four_of_annexes(made):
    for case, pages in made.of_kind("notice.docx").items():
        body = [page for page in pages if is_body(page)]
        annexes = [page for page in pages if not is_body(page)]
        assert len(body) <= 3, case
        assert len(annexes) <= 4, case
        # The annexes begin on a page of their own, so the text ends where it ends.
        for part, edges in ((body, OFFICIAL), (annexes, TURNED)):
            for page in part[:-1]:
                assert page.fill(**edges) >= 0.5, case


def test_a_notice_begins_with_the_result_and_prints_nothing_of_the_system(made):
    for case, pages in made.of_kind("notice.docx").items():
        brief = made.briefs[case]
        lines = [line for line in pages[0].text.splitlines() if line.strip()]
        start = next(n for n, line in enumerate(lines) if "主送机关" in line)
        opening = "".join("".join(lines[start + 1 : start + 6]).split())
        result = f"完成{brief.answers.total.done}项" if brief.has_progress else "尚无进展填报"
        assert result in opening, case
        whole = "".join(page.text for page in pages)
        assert not [word for word in METADATA if word in whole], case
        about = docx.Document(made.folder / f"{case}.notice.docx").core_properties.comments
        assert "数据版本" in about


def test_a_notice_praises_whoever_has_done_something(made):
    for case, pages in made.of_kind("notice.docx").items():
        brief = made.briefs[case]
        text = "".join("".join(page.text.split()) for page in pages if is_body(page))
        if brief.has_progress and brief.answers.total.done:
            assert "予以表扬" in text, case
        assert len(re.findall(r"[123]\..{0,200}?前", text)) >= 2, case


def shares_written(text: str) -> set[str]:
    return set(re.findall(r"(?<![\d.])\d+\.\d(?=%)", text))


def known_figures(brief: Any) -> set[str]:
    """Every percentage with one decimal that the page has, as it writes it."""
    answers = brief.answers
    found = {percent(float(value), 1) for table in brief.tables.values() for row in table.rows
             for value in row if isinstance(value, float)}  # fmt: skip
    frames = (answers.by_level1, answers.units, answers.trend, answers.comparison)
    for rows in frames:
        for name in rows.select_dtypes("float").columns:
            found |= {percent(value, 1) for value in rows[name].dropna()}
    if answers.total is not None:
        found |= {percent(value, 1) for value in answers.total if isinstance(value, float)}
    said = [*brief.overall, *brief.ranking]
    found |= {f"{share}%" for each in said for share in shares_written(each.text)}
    return {each.removesuffix("%") for each in found}


def test_figures_of_notice_slides_and_leaflet_are_those_of_the_page(made):
    for case, brief in made.briefs.items():
        known = known_figures(brief)
        for kind in ("notice.docx", "slides.pptx", "leaflet.pdf"):
            text = "".join("".join(page.text.split()) for page in made.of_kind(kind)[case])
            assert shares_written(text) <= known, (case, kind)
            if brief.has_progress:
                assert f"{brief.answers.total.done}项" in text, (case, kind)


def test_slides_are_few_and_every_title_is_a_finding(made):
    for case in CASES:
        talk = pptx.Presentation(made.folder / f"{case}.slides.pptx")
        slides = list(talk.slides)
        assert len(slides) <= 8, case
        charts = 0
        for slide in slides:
            title = slide.shapes.title.text_frame.text.replace("【演示数据】", "")
            assert FINDING.search(title), (case, title)
            assert not LABELS.search(title), (case, title)
            assert len(slide.notes_slide.notes_text_frame.text) > 20, (case, title)
            charts += sum(shape.has_chart for shape in slide.shapes)
            # Nothing but its title: a slide without content.
            assert len(slide.shapes) > 1, (case, title)
            texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
            for shape in slide.shapes:
                if shape.has_table:
                    cells = [cell for row in shape.table.rows for cell in row.cells]
                    texts += [cell.text_frame.text for cell in cells]
                    sizes = [run.font.size.pt for cell in cells
                             for run in cell.text_frame.paragraphs[0].runs]  # fmt: skip
                    assert min(sizes) >= LEAST_ON_SLIDE, (case, title)
            assert not [text for text in texts if "…" in text], (case, title)
        if case in ("q2", "q3", "q4"):
            assert charts >= 5, case
    empty, full = (len(made.of_kind("slides.pptx")[case]) for case in ("ningxia", "q3"))
    assert empty < full


def test_the_first_sheet_of_the_figures_is_one_page(made):
    for case, pages in made.of_kind("figures.xlsx").items():
        book = openpyxl.load_workbook(made.folder / f"{case}.figures.xlsx")
        second = book.worksheets[1]["A1"].value
        assert "".join(second.split()) in "".join(pages[1].text.split()), case
        assert book.worksheets[-1].title == "口径", case
        for sheet in book.worksheets[:-1]:
            assert not [
                cell for row in sheet.iter_rows(max_row=4, values_only=True)
                for cell in row if str(cell).startswith("口径")
            ], (case, sheet.title)  # fmt: skip


def test_a_leaflet_is_four_pages_as_wide_as_a_phone(made):
    for case, pages in made.of_kind("leaflet.pdf").items():
        assert len(pages) <= 4, case
        assert all(page.width <= 70.5 * 72 / 25.4 for page in pages)
        for page in pages[:-1]:
            assert page.fill(head=6, foot=8) >= 0.5, case


def test_a_form_has_what_is_due_on_its_first_sheet(made):
    for name, pages in made.of_kind("form.xlsx").items():
        book = openpyxl.load_workbook(made.folder / f"{name}.form.xlsx")
        sheet = book["填报表"]
        shown = [d for d in sheet.column_dimensions.values() if not d.hidden]
        assert len(shown) <= 9, name
        if name.endswith("few"):
            last = next(str(cell.value) for cell in reversed(sheet["D"]) if cell.value)
            assert "".join(last.split())[:8] in "".join(pages[0].text.split()), name


def test_each_letter_is_a_page_with_a_day_and_no_two_are_alike(made):
    for name, pages in made.of_kind("letters.docx").items():
        document = docx.Document(made.folder / f"{name}.letters.docx")
        assert len(pages) == len(document.sections), name
        bodies = []
        for page in pages:
            text = "".join(page.text.split())
            assert re.search(r"20\d\d年\d+月\d+日前", text), name
            assert "窗口" not in text
            body = text.partition("：")[2]
            bodies.append(re.sub(r"—\d+—", "", body))
        assert len(bodies) == len(set(bodies)), name


EIGHT = {
    "assessment.xlsx": (
        "自评表",
        *("编号", "目标任务", "分值", "评分标准", "自评得分", "完成情况、佐证、扣分原因"),
        *("复核得分", "复核意见"),
    ),
    "template.xlsx": (
        "评分方案",
        *("编号", "类别", "目标任务", "分值", "规则", "是否须佐证", "评分标准", "佐证要求"),
    ),
}
OF_RULES = ("计分依据", "每次分值", "下限", "分档")


@pytest.mark.parametrize("kind", EIGHT)
def test_a_sheet_of_scores_prints_eight_columns_and_those_its_rules_use(made, kind):
    name, *eight = EIGHT[kind]
    for case in made.of_kind(kind):
        sheet = openpyxl.load_workbook(made.folder / f"{case}.{kind}")[name]
        head = next(row[0].row for row in sheet.iter_rows() if "目标任务" in [c.value for c in row])
        shown = [
            cell for cell in sheet[head]
            if cell.value and not sheet.column_dimensions[cell.column_letter].hidden
        ]  # fmt: skip
        assert [cell.value for cell in shown if cell.value not in OF_RULES] == eight, case
        for cell in shown:
            below = (sheet.cell(row, cell.column).value for row in range(head + 1, sheet.max_row))
            assert cell.value not in OF_RULES or any(below), (case, cell.value)


@pytest.mark.parametrize("kind", ["signed.docx", "assessment.xlsx", "template.xlsx"])
def test_pages_of_scores_are_filled_and_their_shares_those_of_the_page(made, kind):
    for case, pages in made.of_kind(kind).items():
        file = made.folder / f"{case}.{kind}"
        titles: list[str] = []
        if kind.endswith(".xlsx"):
            book = openpyxl.load_workbook(file)
            titles = [str(sheet["B1"].value or sheet["A1"].value) for sheet in book.worksheets]
        texts = ["".join(page.text.split()) for page in pages]
        begins = [any(title in text for title in titles) for text in texts]
        assert sum(begins) == len(titles), case
        edges = SIGNED if kind.endswith(".docx") else SHEET
        for number, page in enumerate(pages[:-1]):
            # The last page of a sheet ends where the sheet ends.
            if not begins[number + 1]:
                assert page.fill(**edges) >= 0.5, (case, number + 1)
        assert not [text for text in texts if re.search(r"\d\.\d{2,}%", text)], case


def test_the_document_of_scores_has_the_columns_of_the_sheet(made):
    _, *eight = EIGHT["assessment.xlsx"]
    for case in made.of_kind("signed.docx"):
        document = docx.Document(made.folder / f"{case}.signed.docx")
        head = [cell.text.replace("\n", "") for cell in document.tables[1].rows[0].cells]
        assert head == eight, case
