"""The documents of a quarter say what the briefing says: every one is opened and every figure compared."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import combinations
from uuid import UUID

import docx
import openpyxl
import pandas as pd
import pdfplumber
import pptx
import pytest
from docx.oxml.ns import qn
from pptx.util import Inches

import documents
import metrics
from documents import Context
from documents.quarter import figures, fitting, leaflet, notice
from findings import quarter as briefing
from metrics import Scope, ask
from warehouse import Warehouse, close_all, open_office
from words import each_row, rate, rate_with_counts

SEPTEMBER = date(2020, 9, 30)
DEFINITIONS = {each.name: (each.title, each.definition) for each in metrics.questions()}
MANY = 200
SIGNATURE = ("〔印发单位〕", "〔　　年　月　日〕")


def context(*, demonstration: bool) -> Context:
    return Context(
        ledger="宁夏任务分工台账",
        edition="台账.docx 第 1 版",
        as_of=SEPTEMBER,
        filters="无",
        data_version=7,
        is_demonstration=demonstration,
        made_at=datetime(2020, 10, 9, 8, 30),
    )


STATED = (
    "宁夏任务分工台账",
    "第 1 版",
    "2020-09-30",
    "筛选：无",
    "数据版本：7",
    "2020-10-09 08:30",
)


def briefed(warehouse: Warehouse, end: date = SEPTEMBER, **narrowed) -> briefing.Briefing:
    ledgers = ask(warehouse, "ledgers")
    ledger = ledgers[ledgers.region == "宁夏"].iloc[0]
    scope = Scope(UUID(str(ledger.ledger_id)), end, **narrowed)
    quarter = briefing.quarter_of(end, date(2026, 1, 1), ask(warehouse, "meetings", scope))
    return briefing.brief(briefing.gather(partial(ask, warehouse), scope, quarter, ledger))


def crowded(brief: briefing.Briefing) -> briefing.Briefing:
    """The same quarter with 200 overdue tasks, each of ten units with the longest names."""
    answers = brief.answers
    overdue = answers.base[answers.base.overdue].head(1)
    units = "、".join(["宁夏回族自治区交通运输综合执法监督局（路网监测与应急处置中心）"] * 10)
    many = pd.concat([overdue.assign(number=n, units=units) for n in range(1, MANY + 1)])
    total = answers.total.copy()
    total["applicable"] = total["tasks"] = total["overdue"] = MANY
    total["done"] = total["verified"] = 0
    return briefing.brief(replace(answers, tasks=many.reset_index(drop=True), total=total))


def lonely(brief: briefing.Briefing) -> briefing.Briefing:
    """The same quarter with one task, which is overdue."""
    answers = brief.answers
    total = answers.total.copy()
    total["applicable"] = total["tasks"] = total["overdue"] = 1
    total["done"] = total["verified"] = 0
    overdue = answers.base[answers.base.overdue].head(1)
    return briefing.brief(replace(answers, tasks=overdue, total=total))


@pytest.fixture(scope="module")
def briefs(tmp_path_factory) -> Iterator[dict[str, briefing.Briefing]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDIT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        warehouse = open_office(demonstration=True).warehouse
        demonstration = briefed(warehouse)
        real = briefed(open_office().warehouse)
        yield {
            "demonstration": demonstration,
            "first meeting": briefed(warehouse, date(2020, 3, 31)),
            "real": real,
            "crowded": crowded(demonstration),
            "lonely": lonely(demonstration),
            "one unit": briefed(warehouse, units=("厅办公室",)),
            "empty": briefed(warehouse, units=("厅办公室",), level1s=("没有这个指标",)),
        }
        close_all()


@pytest.fixture(params=["demonstration", "real", "crowded", "lonely", "one unit", "empty"])
def brief(request, briefs) -> briefing.Briefing:
    return briefs[request.param]


def sentences(brief: briefing.Briefing) -> list[str]:
    said = [*brief.overall, *brief.changes, *brief.ranking, *brief.reporting, brief.decided]
    return [each.text for each in [*said, *brief.to_decide, brief.next_quarter]]


def test_notice_has_result_praise_what_stays_behind_and_demands(brief):
    data = documents.quarterly_notice(brief, context(demonstration=True))
    document = docx.Document(BytesIO(data))
    text = "\n".join(each.text for each in document.paragraphs).replace("\u200b", "")
    told = [*(each.text for each in brief.overall), brief.change_summary, *brief.praise]
    told += [brief.lagging_summary] if brief.has_progress else [brief.unreported_past_due]
    for sentence in [*told, *brief.demands]:
        assert sentence in text
    assert ("予以表扬" in text) is bool(brief.praise)
    assert 2 <= len(brief.demands) <= 3
    # Named as far as three pages hold them, in their order.
    named = [task for task in brief.lagging if task in text]
    assert named == brief.lagging[: len(named)]
    expected = [key for key in notice.ANNEXES if brief.tables[key].rows]
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    for key, (head, *rows) in zip(expected, found, strict=True):
        assert head == [column.heading for column in brief.tables[key].columns]
        cells = brief.tables[key].cells
        assert [row[1] for row in rows] == [row[1] for row in cells[: len(rows)]]
        assert len(rows) == len(cells) or f"其余{len(cells) - len(rows)}项见数据表" in text
    for number, key in enumerate(expected, start=1):
        assert f"附件{number}\n{brief.tables[key].title}" in text or len(expected) == 1
    foot = "".join(each.text for each in document.sections[0].footer.paragraphs)
    assert not any(stated in foot for stated in STATED)
    assert all(stated in document.core_properties.comments for stated in STATED)
    assert "演示数据" in document.sections[0].header.paragraphs[0].text
    assert "演示数据" in document.sections[0].even_page_header.paragraphs[0].text


def test_whoever_has_done_something_is_praised_whatever_else_is_late(briefs):
    answers = briefs["demonstration"].answers
    late = answers.units.assign(overdue=1)
    alone = replace(answers, units=late, completions=answers.completions.head(0))
    alone = replace(alone, tasks=answers.tasks[answers.tasks.state.isin(["done", "verified"])])
    (said,) = briefing.brief(alone).praise
    assert said.startswith(f"完成的任务{answers.total.done}项：第")
    nothing = replace(answers, total=answers.total.replace({answers.total.done: 0}))
    assert nothing.total.done or not briefing.brief(nothing).praise


def late_table(notice: bytes):
    """The annex of what is overdue or behind."""
    tables = docx.Document(BytesIO(notice)).tables
    (table,) = [each for each in tables if each.cell(0, 0).text == "预警灯"]
    return table


def test_no_day_in_a_reason_is_broken_beside_long_lists_of_units(briefs):
    data = documents.quarterly_notice(briefs["crowded"], context(demonstration=False))
    tables = docx.Document(BytesIO(data)).tables
    for table in tables:
        widths = [int(each.get(qn("w:w"))) / 20 for each in table._tbl.tblGrid]
        for width, column in zip(widths, table.columns, strict=True):
            if "理由" in column.cells[0].text:
                small = column.cells[0]._tc.find(f".//{qn('w:sz')}").get(qn("w:val")) == "18"
                assert width > (60 if small else 70)
        assert sum(widths) == pytest.approx(225 / 25.4 * 72, abs=1)


def test_notice_tells_what_it_is_narrowed_to(briefs):
    narrowed = replace(context(demonstration=False), filters="厅办公室、按 2020-09-05 当时已填报")
    data = documents.quarterly_notice(briefs["one unit"], narrowed)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        footnotes = archive.read("word/footnotes.xml").decode()
    assert "只统计厅办公室、按2020年9月5日当时已填报的任务。" in footnotes


def test_notice_on_real_data_is_not_marked(briefs):
    data = documents.quarterly_notice(briefs["real"], context(demonstration=False))
    document = docx.Document(BytesIO(data))
    assert document.sections[0].header.paragraphs[0].text == ""
    assert "演示" not in "".join(each.text for each in document.paragraphs)


def test_notice_keeps_the_form_of_an_official_document(briefs):
    data = documents.quarterly_notice(briefs["demonstration"], context(demonstration=False))
    document = docx.Document(BytesIO(data))
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]
    grid = page._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    height = (page.page_height - page.top_margin - page.bottom_margin) / 12700
    assert grid.get(qn("w:type")) == "lines"
    assert int(height / pitch) == 22

    def fonts(paragraph) -> set[tuple]:
        return {
            (run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt)
            for run in paragraph.runs
            if run.text
        }

    title, addressee, *_ = document.paragraphs
    assert fonts(title) == {("方正小标宋简体", 22)}
    assert title.text.replace("\n", "") == briefs["demonstration"].title
    assert addressee.text == "〔主送机关〕："
    text = next(each for each in document.paragraphs if each.text.startswith("截至2020年"))
    assert fonts(text) == {("仿宋_GB2312", 16)}
    (closer,) = {run._r.rPr.find(qn("w:spacing")).get(qn("w:val")) for run in text.runs if run.text}
    width = (page.page_width - page.left_margin - page.right_margin) / 12700
    assert int(width / (16 + int(closer) / 20)) == 28
    assert text.paragraph_format.first_line_indent.pt == 32
    (first,) = [each for each in document.paragraphs if each.text == "一、总体情况"]
    assert fonts(first) == {("黑体", 16)}
    # No heading stands alone at the end of a page.
    for each in document.paragraphs:
        if each.text[:2] in ("一、", "二、", "三、", "四、", "五、", "六、", "七、"):
            assert each.paragraph_format.keep_with_next
    # Page numbers between dashes: at the right on odd pages, at the left on even ones.
    odd, even = page.footer.paragraphs[0], page.even_page_footer.paragraphs[0]
    assert odd.text.replace(" ", "") == even.text.replace(" ", "") == "——"
    assert (odd.alignment, even.alignment) == (2, 0)
    assert all("PAGE" in each._p.xml for each in (odd, even))
    assert document.settings.odd_and_even_pages_header_footer
    annexes = [each.text for each in document.paragraphs if each.text.startswith("附件：")]
    assert annexes == ["附件：1.各单位任务完成情况"]
    assert document.paragraphs[-1].text or document.tables
    # The day four characters from the right, who issues centred over it.
    issuer, day = [each for each in document.paragraphs if each.text in SIGNATURE]
    assert (day.alignment, day.paragraph_format.right_indent.pt) == (2, 64)
    assert (issuer.alignment, issuer.paragraph_format.left_indent.pt) == (1, 12 * 16)
    for table in document.tables:
        head, *rows = table.rows
        assert head._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_annexes_are_numbered_as_the_text_points_at_them(brief):
    data = documents.quarterly_notice(brief, context(demonstration=False))
    paragraphs = [each.text for each in docx.Document(BytesIO(data)).paragraphs]
    told = [number for each in paragraphs for number in re.findall(r"见附件(\d*)。", each)]
    labels = [each.removeprefix("附件") for each in paragraphs if re.fullmatch(r"附件\d*", each)]
    assert list(dict.fromkeys(told)) == labels


def test_a_signature_takes_one_line_of_the_text_with_it(brief):
    data = documents.quarterly_notice(brief, context(demonstration=False))
    document = docx.Document(BytesIO(data))
    (end,) = [n for n, p in enumerate(document.paragraphs) if p.text == SIGNATURE[1]]
    kept = [each.paragraph_format.keep_with_next for each in document.paragraphs[:end]]
    first = end - next(n for n, keeps in enumerate(reversed(kept)) if not keeps)
    last_line, *note, issuer = document.paragraphs[first:end]
    assert last_line.text == f"{len(brief.demands)}.{brief.demands[-1]}"
    assert issuer.text == SIGNATURE[0]
    # The names of annexes begin, and run on, below each other.
    assert len({each.paragraph_format.left_indent for each in note}) <= 1
    for each in note:
        begins = each.paragraph_format.left_indent.pt + each.paragraph_format.first_line_indent.pt
        assert begins == (32 if each.text.startswith("附件：") else 80)


def test_a_turned_page_lies_as_in_the_bound_document(briefs):
    data = documents.quarterly_notice(briefs["demonstration"], context(demonstration=True))
    *_, page = docx.Document(BytesIO(data)).sections
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (297, 210)
    margins = (page.left_margin, page.right_margin, page.top_margin, page.bottom_margin)
    # Its left is the foot of an upright page, its top the binding.
    assert [round(each.mm) for each in margins] == [35, 37, 28, 26]
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        (box,) = footer._element.iter(qn("w:txbxContent"))
        (number,) = box.iter(qn("w:fldSimple"))
        assert number.get(qn("w:instr")) == "PAGE"
        assert "".join(each.text for each in box.iter(qn("w:t"))) == "— 1 —"
        (line,) = box.iter(qn("w:jc"))
        assert line.get(qn("w:val")) == side
        (body,) = [each for each in footer._element.iter() if each.tag.endswith("}bodyPr")]
        assert body.get("vert") == "vert"
        assert not footer.paragraphs[0].text


def test_a_title_stands_on_no_grid(briefs):
    # There LibreOffice gives a line of it the room of two.
    data = documents.quarterly_notice(briefs["real"], context(demonstration=False))
    title, *_ = docx.Document(BytesIO(data)).paragraphs
    assert title._p.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0"


def test_nothing_of_a_notice_is_torn_apart_or_lost(brief):
    data = documents.quarterly_notice(brief, context(demonstration=False))
    document = docx.Document(BytesIO(data))
    # Without this LibreOffice loses the last mark of a full line.
    hanging = document.styles["Normal"].element.pPr.find(qn("w:overflowPunct"))
    assert hanging.get(qn("w:val")) == "1"
    heads = ("附件1", "（", *(f"{numeral}、" for numeral in notice.NUMERALS))
    for each in document.paragraphs:
        if each.text.startswith(heads) and not each.text.endswith(("。", "〕")):
            assert each.paragraph_format.keep_with_next, each.text
    named = ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"]
    for run in document.element.iter(qn("w:r")):
        assert run.rPr.rFonts.get(qn("w:eastAsia")) in named
    for table in document.tables:
        widths = [int(each.get(qn("w:w"))) / 20 for each in table._tbl.tblGrid]
        head, *rows = table._tbl.tr_lst
        assert head.trPr.find(qn("w:tblHeader")) is not None
        for row in rows:
            # One that would leave most of a page empty may be torn.
            assert row.trPr is not None or max(len("".join(c.itertext())) for c in row.tc_lst) > 300
            assert row.trPr is None or row.trPr.find(qn("w:cantSplit")) is not None
        # The last row is not alone on a page.
        assert all(
            c.p_lst[0].pPr.find(qn("w:keepNext")) is not None for c in table.rows[-2]._tr.tc_lst
        )
        for width, cell in zip(widths, table.rows[0].cells, strict=True):
            # A heading is broken before its bracket only.
            assert width >= 9 * len(cell.text.partition("（")[0]) + 6
        for width, cell in zip(widths, rows[0].tc_lst, strict=True):
            # A day is not broken, in a wide stand-in either.
            is_day = "".join(cell.itertext())[:2] == "20" and len("".join(cell.itertext())) == 10
            assert not is_day or width > 60
    for footer in (document.sections[0].footer, document.sections[0].even_page_footer):
        (number,) = footer._element.iter(qn("w:fldSimple"))
        (run,) = number.iter(qn("w:r"))
        assert run.rPr.find(qn("w:sz")).get(qn("w:val")) == "28"


def test_workbook_has_every_sentence_and_every_figure(brief):
    data = documents.quarter_figures(brief, DEFINITIONS, context(demonstration=True))
    book = openpyxl.load_workbook(BytesIO(data))
    overview = book["总览"]
    assert overview["A1"].value == f"【演示数据】{brief.title}"
    tiles = {overview.cell(4, n).value: overview.cell(5, n).value for n in range(1, 8)}
    total = brief.answers.total
    if brief.has_progress:
        assert tiles["完成"] == f"{total.done}/{total.applicable}"
        assert tiles["完成率"] == rate(total, decimals=1)
    else:
        assert tiles["基本任务"] == f"{int((brief.answers.tasks.kind == 'base').sum())}项"
    # The indicator that is furthest behind comes first, and the chart shows what the table has.
    listed = [row[0].value for row in overview.iter_rows(min_row=8) if row[0].value]
    assert set(listed[: len(brief.tables["indicators"].rows)]) <= {
        *(row[0] for row in brief.tables["indicators"].rows),
        brief.tables["indicators"].nothing,
    }
    assert len(overview._charts) == bool(brief.tables["indicators"].rows)
    assert overview.sheet_properties.pageSetUpPr.fitToPage
    assert overview.page_setup.fitToHeight in (None, 1)
    said = [str(row[0].value) for row in book["文字"].iter_rows()]
    assert all(sentence in said for sentence in sentences(brief))
    for table in brief.tables.values():
        if not table.rows:
            assert table.title not in book.sheetnames
            continue
        sheet = book["变化" if table.key == "changes" else table.title[:31]]
        assert sheet["A2"].value == "截至日期：2020-09-30"
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.page_setup.fitToHeight == 0
        assert all(row.height is None or row.height <= 409 for row in sheet.row_dimensions.values())
        width = len(table.columns)
        head, *rows = list(sheet.iter_rows(min_row=4, max_col=width, values_only=True))
        assert list(head) == [column.heading for column in table.columns]
        assert sheet.auto_filter.ref
        for row, expected in zip(rows, table.rows, strict=True):
            assert [plain(value) for value in row] == [plain(value) for value in expected]
    said = book["口径"]
    assert said["A1"].value == "【演示数据】各表口径"
    assert all(stated in said["A2"].value for stated in STATED)
    told = [tuple(cell.value for cell in row) for row in said.iter_rows(min_row=5)]
    # A table without rows has no sheet; why it has none is told here.
    assert told == [
        (
            table.title,
            f"{len(table.rows)} 行" if table.rows else table.nothing,
            *DEFINITIONS[table.question],
        )
        for table in brief.tables.values()
    ]


@pytest.mark.parametrize("indicators", [1, 12, 30])
def test_the_overview_has_the_indicators_that_are_furthest_behind(briefs, indicators):
    brief = briefing.brief(briefs["demonstration"].answers)
    table = brief.tables["indicators"]
    # 平均进度 falls from row to row.
    rows = [
        (f"{n}、指标", *table.rows[0][1:6], 70.0 - n, *table.rows[0][7:]) for n in range(indicators)
    ]
    brief.tables["indicators"] = replace(table, rows=tuple(rows))
    book = openpyxl.load_workbook(
        BytesIO(documents.quarter_figures(brief, DEFINITIONS, context(demonstration=True)))
    )
    names = [cell.value for cell in book["总览"]["A"] if str(cell.value).endswith("、指标")]
    most = min(indicators, figures.MOST_BARS)
    assert names == [f"{n}、指标" for n in range(indicators - 1, indicators - 1 - most, -1)]
    done, *_, expected = drawn(book, book["总览"])
    assert len(done) == len(expected) == most


def test_short_headings_stand_in_one_line(brief):
    data = documents.quarter_figures(brief, DEFINITIONS, context(demonstration=False))
    for sheet in openpyxl.load_workbook(BytesIO(data)).worksheets[1:-2]:
        for cell in sheet[4]:
            if cell.value and len(cell.value) <= 5:
                width = sheet.column_dimensions[cell.column_letter].width
                assert width >= 2 * len(cell.value) + 2, (sheet.title, cell.value)


def test_texts_keep_their_distance_from_those_beside_them(brief):
    data = documents.quarter_figures(brief, DEFINITIONS, context(demonstration=False))
    for sheet in openpyxl.load_workbook(BytesIO(data)).worksheets[1:]:
        if sheet.title == "文字":
            continue
        for row in sheet.iter_rows(min_row=4 if sheet.title != "口径" else 5):
            for cell in row:
                if isinstance(cell.value, str) and cell.border.bottom.style:
                    assert cell.alignment.indent == 1, (sheet.title, cell.coordinate)
                    assert cell.alignment.horizontal in ("left", "right")


def drawn(book, sheet) -> list[list]:
    """The cells that each series of the charts of a sheet is drawn from."""
    found = []
    for chart in sheet._charts:
        for series in chart.series:
            name, cells = series.val.numRef.f.replace("'", "").split("!")
            column, first, _, last = openpyxl.utils.range_boundaries(cells)
            rows = range(first, last + 1)
            found.append([plain(book[name].cell(row, column).value) for row in rows])
    return found


def test_one_rounding_on_every_surface(briefs):
    answers = briefs["demonstration"].answers
    half = {"done_rate": 62.25, "mean_percent": 62.25}
    total = answers.total.copy()
    for name, value in half.items():
        total[name] = value
    brief = briefing.brief(
        replace(answers, by_level1=answers.by_level1.assign(**half), total=total)
    )
    given = context(demonstration=False)
    paragraphs = docx.Document(BytesIO(documents.quarterly_notice(brief, given))).paragraphs
    assert "完成率62.3%" in "".join(each.text for each in paragraphs)
    talk = pptx.Presentation(BytesIO(documents.quarter_slides(brief, DEFINITIONS, given)))
    drawn = {
        value
        for slide in talk.slides
        for shape in slide.shapes
        if shape.has_chart
        for series in shape.chart.plots[0].series
        if series.name == "平均进度"
        for value in series.values
    }
    assert 62.3 in drawn
    book = openpyxl.load_workbook(BytesIO(documents.quarter_figures(brief, DEFINITIONS, given)))
    assert book["总览"]["A5"].value == "62.3%"
    assert book["总览"].cell(8, 5).value == 62.3
    with pdfplumber.open(BytesIO(documents.quarter_leaflet(brief, given))) as opened:
        assert "62.3%" in bare("".join(page.extract_text() for page in opened.pages))
    shown = brief.completion.table
    assert set(shown["平均进度 %"]) == {62.3}
    table = documents.csv_table("", "", shown, given).decode("utf-8-sig")
    assert "62.3" in table
    assert "62.2" not in table


def test_a_task_that_looks_like_a_formula_stays_text(briefs):
    answers = briefs["demonstration"].answers
    odd = answers.tasks.assign(task='=HYPERLINK("http://x","y")<&>\x07')
    brief = briefing.brief(replace(answers, tasks=odd))
    data = documents.quarter_figures(brief, DEFINITIONS, context(demonstration=False))
    sheet = openpyxl.load_workbook(BytesIO(data))["全部任务"]
    assert sheet["D5"].data_type == "s"
    assert sheet["D5"].value.startswith("=HYPERLINK")
    data = documents.quarterly_notice(brief, context(demonstration=False))
    assert "=HYPERLINK" in late_table(data).rows[1].cells[2].text


def plain(value: object) -> object:
    """A cell as the book and the table both have it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, Decimal):
        return float(value)
    if value is None or value != value or value == "":
        return None
    return round(value, 6) if isinstance(value, float) else value


def shown(slide) -> str:
    """Everything written on a slide but the tables and charts."""
    return "\n".join(each.text_frame.text for each in slide.shapes if each.has_text_frame)


def test_slides_have_findings_for_titles_and_figures_that_can_be_edited(brief):
    data = documents.quarter_slides(brief, DEFINITIONS, context(demonstration=True))
    deck = pptx.Presentation(BytesIO(data))
    slides = list(deck.slides)
    assert 3 <= len(slides) <= 8
    assert round(deck.slide_width / deck.slide_height, 2) == 1.78
    titles = [slide.shapes.title.text_frame.text.removeprefix("【演示数据】") for slide in slides]
    found = [title for title in brief.talk_titles.values() if title]
    if brief.has_progress:
        assert titles[0] == titles[1] == brief.standing
        assert [each.removesuffix("。") for each in found] == [t for t in titles[2:] if t in
               [each.removesuffix("。") for each in found]]  # fmt: skip
    spoken = "\n".join(slide.notes_slide.notes_text_frame.text for slide in slides)
    for each in (*brief.overall, *brief.to_decide, brief.decided, brief.next_quarter):
        assert each.text in spoken
    for slide in slides:
        assert "【演示数据】" in shown(slide)
        assert "数据版本" not in shown(slide)
        assert not any(shape.shape_type == 13 for shape in slide.shapes), "a picture"
        notes = slide.notes_slide.notes_text_frame.text
        assert any(definition in notes for _, definition in DEFINITIONS.values())
    # Every task of the table is one of the briefing, its number and the beginning of its name.
    attention = {cells[1]: cells for cells in brief.tables["attention"].cells}
    for shape in (each for slide in slides for each in slide.shapes if each.has_table):
        head, *rows = [
            [cell.text.replace("\u200b", "") for cell in row.cells] for row in shape.table.rows
        ]
        assert head == ["编号", "目标任务", "责任单位", "理由"]
        for number, task, units, _ in rows:
            assert attention[number][2].startswith(task)
            assert attention[number][3].startswith(units.partition("等")[0])
    charts = [each.chart for slide in slides for each in slide.shapes if each.has_chart]
    drawn = [
        [plain(v) for v in series.values] for chart in charts for series in chart.plots[0].series
    ]
    states = [row[1] for row in brief.tables["states"].rows[:-1]]
    if brief.has_progress:
        assert len(states) < 2 or states in drawn
        red = [row[2] for row in brief.tables["red_units"].rows[:12]]
        assert not red or red in drawn
        means = sorted(plain(row[6]) for row in brief.tables["indicators"].rows)
        assert len(means) < 2 or means in [
            sorted(v for v in each if v is not None) for each in drawn
        ]


def test_nothing_stands_outside_a_slide_and_chinese_faces_are_named(brief):
    deck = pptx.Presentation(
        BytesIO(documents.quarter_slides(brief, DEFINITIONS, context(demonstration=True)))
    )
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width + 1
            height = shape.height
            if shape.has_table:
                height = sum(row.height for row in shape.table.rows)
            assert shape.top + height <= deck.slide_height
        for run in slide.element.iter(qn_a("rPr")):
            assert run.find(qn_a("ea")) is not None


def qn_a(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{name}"


def rooms(slide) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of what stands on a slide, its line below the title left out."""
    found = []
    for each in slide.shapes:
        height = sum(row.height for row in each.table.rows) if each.has_table else each.height
        if height > 50_000:
            found.append((each.left, each.top, each.left + each.width, each.top + height))
    return found


def overlap(one, other) -> bool:
    """Whether two rooms share more than an edge, the hundredth of an inch that rounding makes."""
    return all(
        min(one[side + 2], other[side + 2]) - max(one[side], other[side]) > 9_144 for side in (0, 1)
    )


def house_template(width: float, height: float) -> bytes:
    """A department's own: a badge left of the title, a band below, its own colours and typefaces."""
    own = pptx.Presentation()
    own.slide_width, own.slide_height = Inches(width), Inches(height)
    for placeholder in own.slide_master.placeholders:
        if placeholder.placeholder_format.type == 1:
            sides = (1.9, 0.35, width - 2.4, 1.15)
        elif placeholder.placeholder_format.type == 2:
            sides = (0.7, 1.9, width - 1.4, height - 2.9)
        else:
            continue
        (placeholder.left, placeholder.top, placeholder.width, placeholder.height) = map(
            Inches, sides
        )
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "模板里的旧页"
    given = BytesIO()
    own.save(given)
    return given.getvalue()


@pytest.mark.parametrize("size", [(10, 7.5), (13.333, 7.5), (10, 5.625)])
def test_slides_keep_the_look_of_a_template(brief, size):
    template = house_template(*size)
    data = documents.quarter_slides(brief, DEFINITIONS, context(demonstration=True), template)
    own, deck = pptx.Presentation(BytesIO(template)), pptx.Presentation(BytesIO(data))
    assert (deck.slide_width, deck.slide_height) == (own.slide_width, own.slide_height)
    assert "旧页" not in "".join(shown(slide) for slide in deck.slides)
    cover, *others = deck.slides
    assert cover.slide_layout.name == own.slide_layouts[0].name
    assert {slide.slide_layout.name for slide in others} == {"Title Only"}
    # The cover's lines stand in the template's own place for them.
    assert "".join(brief.talk_lines) in cover.placeholders[1].text_frame.text
    (left, top, width, height) = next(
        (each.left, each.top, each.width, each.height)
        for each in own.slide_master.placeholders
        if each.placeholder_format.type == 2
    )
    for slide in others:
        title, *content = rooms(slide)
        assert title[0] == Inches(1.9)
        for each in content:
            assert left - 9_144 <= each[0] < each[2] <= left + width + 9_144
            assert top - 9_144 <= each[1] < each[3] <= top + height + 9_144
        faces = {e.get("typeface") for e in slide.element.iter(qn_a("latin"), qn_a("ea"))}
        assert faces <= {"+mj-ea", "+mn-ea"}
        assert {ea.get("typeface") for ea in slide.shapes.title._element.iter(qn_a("ea"))} == {
            "+mj-ea"
        }
        for chart in (each.chart for each in slide.shapes if each.has_chart):
            assert not list(chart._chartSpace.iter(qn_a("srgbClr")))


@pytest.mark.parametrize("size", [None, (10, 7.5), (13.333, 7.5)])
def test_nothing_on_a_slide_stands_on_anything_else(brief, size):
    template = size and house_template(*size)
    deck = pptx.Presentation(
        BytesIO(documents.quarter_slides(brief, DEFINITIONS, context(demonstration=True), template))
    )
    for slide in deck.slides:
        for one, other in combinations(rooms(slide), 2):
            assert not overlap(one, other), slide.shapes.title.text_frame.text


def test_a_day_or_a_lamp_stands_on_one_line(brief):
    template = house_template(10, 7.5)
    deck = pptx.Presentation(
        BytesIO(documents.quarter_slides(brief, DEFINITIONS, context(demonstration=True), template))
    )
    for table in (each.table for s in deck.slides for each in s.shapes if each.has_table):
        widths = [column.width / 914_400 for column in table.columns]
        assert sum(widths) == pytest.approx(8.6, abs=0.01)
        for row in list(table.rows)[1:]:
            for cell, width in zip(row.cells, widths, strict=True):
                if re.fullmatch(r"\d{4}-\d\d-\d\d|. ?.灯|.{2,6}", cell.text):
                    size = cell.text_frame.paragraphs[0].runs[-1].font.size.pt
                    # Beside its margins a cell has a reserve: programs break a line that just fits.
                    assert fitting.lines_of(cell.text, width - 0.14 - 0.05, size) == 1


def test_leaflet_has_result_indicators_ranking_and_demands(brief):
    data = documents.quarter_leaflet(brief, context(demonstration=True))
    with pdfplumber.open(BytesIO(data)) as opened:
        pages = list(opened.pages)
        text = bare(
            "".join(
                page.crop((0, 0, page.width, page.height - 26)).extract_text() for page in pages
            )
        )
        fonts = {char["fontname"].partition("+")[2] for page in pages for char in page.chars}
    assert len(pages) <= 4
    assert fonts == {"NotoSansSC-Regular"}
    assert bare(f"{brief.quarter.name}任务进展（手机版）") in text
    assert "演示数据" in text
    for demand in brief.demands:
        assert bare(demand) in text
    assert ("同类单位排名" in text) is bool(brief.tables["ranking"].rows and brief.has_progress)
    if not brief.has_progress:
        assert bare(brief.overall[0].text) in text
        return
    assert bare(brief.standing) in text
    assert bare(brief.lagging_summary) in text
    behind = brief.completion.rows.sort_values("ahead_points", kind="stable")
    for row in list(each_row(behind))[: leaflet.MOST_BARS]:
        if row.applicable:
            assert rate_with_counts(row, decimals=1) in text
    for row in brief.tables["ranking"].rows:
        if row[1] == 1:
            assert row[2] in text


def bare(text: str) -> str:
    return "".join(text.split())
