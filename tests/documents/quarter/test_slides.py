"""How slides look: in the platform's own look and in templates of every kind, charts, titles, sizes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pptx
import pytest
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

import documents
from documents import Context
from documents.quarter.looks import EMU, room_of
from findings import exhibits
from findings.quarter.model import in_document

CONTEXT = Context(
    ledger="宁夏任务分工台账",
    edition="台账.docx 第 1 版",
    as_of=date(2020, 9, 30),
    filters="无",
    data_version=7,
    is_demonstration=False,
    made_at=datetime(2020, 10, 9, 8, 30),
)
ASKED = ("completion", "changes_since", "unit_workload", "month_returns", "task_list")
DEFINITIONS = dict.fromkeys(
    (*ASKED, "meeting_decisions", "red_duties", "open_points"), ("口径", "怎样算")
)


@dataclass
class Column:
    heading: str
    width: float
    is_number: bool = False


@dataclass
class Said:
    text: str
    rows: object = None
    key: str = ""


class Table(SimpleNamespace):
    """A table as a briefing has it, of texts and numbers."""

    @property
    def cells(self) -> list[list[str]]:
        return [["—" if value is None else str(value) for value in row] for row in self.rows]


def table(*headings: str, rows: list[tuple] = (), question: str = "task_list") -> Table:
    columns = tuple(Column(each, 8, each.endswith("（%）")) for each in headings)
    return Table(title="一张表", columns=columns, rows=rows, question=question)


def indicators(count: int) -> Table:
    rows = [
        (f"第{n}个一级指标：完善信用信息归集共享和公开", 12.5, 80.0, 75.0, None)
        for n in range(count)
    ]
    headings = ("完成率（%）", "平均进度（%）", "序时进度（%）", "到期完成率（%）")
    return table("一级指标", *headings, rows=rows)


def completion(count: int) -> exhibits.Exhibit:
    """How far so many indicators are, as page and slides show it."""
    rows = pd.DataFrame({"short_name": [f"指标{n}" for n in range(count)]})
    rows["level1"] = [f"第{n}个一级指标：完善信用信息归集共享和公开" for n in range(count)]
    figures = {"applicable": 8, "done": 1, "done_rate": 12.5, "mean_percent": 80.0}
    figures |= {"expected_percent": 75.0, "ahead_points": 5.0, "has_progress": True}
    figures |= {"fewest_for_percent": 5}
    return exhibits.completion(rows.assign(**figures), 10)


def brief_of(**changed) -> SimpleNamespace:
    """A short briefing: nothing decided before, nothing late, nothing falls due."""
    states = [("已销号", 3, 30.0), ("进行中", 5, 50.0), ("已逾期", 2, 20.0), ("合计", 10, 100.0)]
    tables = {
        "decisions": table("议定事项"),
        "states": table("状态", "项数", "占比", rows=states, question="completion"),
        "changes": table("变化"),
        "indicators": indicators(3),
        "attention": table("编号", "目标任务", "责任单位", "理由"),
        "trend": table("截至"),
        "red_units": table("单位"),
        "ranking": table("单位"),
        "due_next": table("期限"),
        "to_win": table("编号"),
    }
    given = {
        "answers": SimpleNamespace(scheme=None, returns_counted=[]),
        "has_progress": True,
        "talk_lines": ("2020年第三季度“信用交通省”建设", "任务进展情况汇报"),
        "headline": "10项任务完成3项。",
        "standing": "10项任务完成3项",
        "method": "完成率为完成的任务数与适用的任务数之比。",
        "overall": [Said("10项任务完成3项。"), Said("3个一级指标的完成率都是12.5%。")],
        "change_summary": "没有变化。",
        "changes": [Said("没有变化。")],
        "ranking": [Said("没有可排名的单位。")],
        "reporting": [Said("9月没有应报送的任务。")],
        "talk_titles": {
            "trend": "",
            "units": "",
            "tasks": "",
            "returns": "",
            "decide": "逾期超过30天的任务1项、待核验1件，提请议定",
        },
        "unreported_past_due": "",
        "decided": Said("此前的例会没有登记议定事项。"),
        "decided_now": "",
        "to_decide": [
            Said("逾期超过30天的任务1项，提请明确责任。", "rows"),
            Said("待核验1件。", "rows"),
        ],
        "next_quarter": Said("下季度没有到期的任务。"),
        "year_end": "",
        "still_to_win": Said("没有尚可补的分。"),
    }
    tables |= changed.pop("tables", {})
    drawn = completion(len(tables["indicators"].rows))
    return SimpleNamespace(**(given | changed), tables=tables, completion=drawn)


def made(template: bytes | None = None, **changed) -> pptx.presentation.Presentation:
    data = documents.quarter_slides(brief_of(**changed), DEFINITIONS, CONTEXT, template)
    return pptx.Presentation(io.BytesIO(data))


def titles(deck) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def texts(slide) -> list[str]:
    frames = [each.text_frame for each in slide.shapes if each.has_text_frame]
    return [each.text.replace("\u200b", "") for frame in frames for each in frame.paragraphs]


def charts(deck) -> Iterator:
    return (each.chart for slide in deck.slides for each in slide.shapes if each.has_chart)


def tables_of(deck) -> list:
    return [each.table for slide in deck.slides for each in slide.shapes if each.has_table]


def test_titles_say_what_is_found_and_end_without_a_stop():
    said = titles(made())
    assert said[1] == "10项任务完成3项"
    assert said[2] == in_document(completion(3).sentence)
    assert not [each for each in said if re.search("[\u4e00-\u9fff] \\d|\\d [\u4e00-\u9fff]", each)]
    assert said[3] == "逾期超过30天的任务1项、待核验1件，提请议定"
    assert not [each for each in said if each.endswith("。")]


def test_what_there_is_nothing_to_show_of_has_no_slide():
    deck = made()
    assert len(deck.slides) == 4
    told = texts(deck.slides[3])
    assert told[0] == "逾期超过30天的任务1项、待核验1件，提请议定"
    for sentence in ("此前的例会没有登记议定事项。", "下季度没有到期的任务。"):
        assert sentence in told


def test_notes_have_what_to_say():
    cover, whole, *_ = made().slides
    assert "10项任务完成3项。" in cover.notes_slide.notes_text_frame.text
    notes = whole.notes_slide.notes_text_frame.text
    assert notes.startswith("10项任务完成3项。\n3个一级指标的完成率都是12.5%。")
    assert "数据版本" not in notes


def test_every_slide_has_a_definition_in_its_notes():
    for slide in made().slides:
        assert "口径：怎样算" in slide.notes_slide.notes_text_frame.text


def test_tasks_are_written_in_18_points_and_what_is_left_out_is_counted():
    long = "建立健全信用交通管理制度，并向社会公开；" * 5
    titles_of = {"trend": "", "units": "", "returns": "", "decide": "待核验1件，提请议定"}
    for count in (2, 200):
        rows = [(str(n), long, "、".join(["厅法规处"] * 20), "逾期9天") for n in range(count)]
        attention = table("编号", "目标任务", "责任单位", "理由", rows=rows)
        found = titles_of | {"tasks": f"逾期{count}项"}
        deck = made(tables={"attention": attention}, talk_titles=found)
        (shown,) = tables_of(deck)
        runs = [r for row in shown.rows for c in row.cells for r in c.text_frame.paragraphs[0].runs]
        assert {run.font.size.pt for run in runs} == {18}
        assert not [run for run in runs if "…" in run.text]
        assert shown.cell(1, 1).text.startswith("建立健全信用交通管理制度")
        left_out = count - len(shown.rows) + 1
        said = [each for slide in deck.slides for each in texts(slide) if "其余" in each]
        assert said == ([f"其余{left_out}项见通报附件和数据表。"] if left_out else [])


@pytest.mark.parametrize("count", [2, 12, 20])
def test_charts_can_be_edited_and_read(count):
    states, rates = charts(made(tables={"indicators": indicators(count)}))
    for chart in (states, rates):
        space = chart._chartSpace
        assert {each.get("typeface") for each in space.iter(qn("a:ea"))} == {"微软雅黑"}
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        drawn = [list(series.values) for series in chart.plots[0].series]
        columns = list(book.active.iter_cols(min_row=2, min_col=2, values_only=True))
        assert [list(column) for column in columns] == drawn
        # Figures have their unit, and the names of 20 indicators still fit one above the other.
        assert chart.font.size.pt >= 12
        bars = len(drawn[0]) * (len(drawn) + chart.plots[0].gap_width / 100)
        assert chart.font.size.pt * bars <= 5.6 * 72
    assert states.plots[0].data_labels.number_format == '0"项";;'
    assert rates.plots[0].data_labels.number_format == '0.0"%"'
    # A rate is read against the whole, not against the highest one.
    assert rates.value_axis.maximum_scale == 110
    # Progress is against the time; where there is room for two bars only, the table has it.
    drawn = [series.name for series in rates.plots[0].series]
    assert drawn == ["完成率", *(["平均进度"] if count <= 8 else []), "序时进度"]
    (bars,) = states.plots[0].series
    late = bars.points[2].format.fill.fore_color
    assert late.theme_color == MSO_THEME_COLOR.ACCENT_2 != bars.format.fill.fore_color.theme_color


def test_the_own_look_is_in_its_master_and_in_chinese():
    deck = made()
    assert [each.name for each in deck.slide_layouts] == ["封面", "标题和内容"]
    for owner in (deck.slide_master, *deck.slide_layouts, *deck.slides):
        for shape in owner.shapes:
            assert not shape.name.isascii()
    for owner in (deck.slide_master, *deck.slide_layouts):
        assert not [t for t in texts(owner) if re.search("[A-Za-z]", t)]
    cover, *others = deck.slides
    assert cover.slide_layout.name == "封面"
    assert {each.slide_layout.name for each in others} == {"标题和内容"}


def changed(presentation) -> bytes:
    stream = io.BytesIO()
    presentation.save(stream)
    return stream.getvalue()


def template(*, layouts: tuple[str, ...] = (), width: float = 10, height: float = 7.5):
    """A template with these of PowerPoint's usual layouts."""
    presentation = pptx.Presentation()
    across, down = (
        Inches(width) / presentation.slide_width,
        Inches(height) / presentation.slide_height,
    )
    presentation.slide_width, presentation.slide_height = Inches(width), Inches(height)
    for layout in list(presentation.slide_layouts):
        if layouts and layout.name not in layouts:
            presentation.slide_layouts.remove(layout)
    for owner in (presentation.slide_master, *presentation.slide_layouts):
        for each in owner.placeholders:
            # The others stand where the master has them.
            if each._element.spPr.xfrm is not None:
                each.left, each.width = round(each.left * across), round(each.width * across)
                each.top, each.height = round(each.top * down), round(each.height * down)
    return presentation


def clear_of_one_another(deck) -> None:
    for slide in deck.slides:
        rooms = [
            replace(room_of(e), height=sum(r.height for r in e.table.rows) / EMU)
            if e.has_table
            else room_of(e)
            for e in slide.shapes
        ]
        for position, one in enumerate(rooms):
            assert one.top >= 0
            assert one.bottom <= deck.slide_height / EMU + 0.01
            assert one.height > 0.2
            for other in rooms[position + 1 :]:
                below = one.bottom <= other.top + 0.01 or other.bottom <= one.top + 0.01
                right, left = one.left + one.width, other.left + other.width
                assert below or right <= other.left + 0.01 or left <= one.left + 0.01


def test_slides_are_not_made_on_the_layout_of_a_cover():
    own = template(layouts=("Title Slide", "Title and Content"))
    cover, *others = made(changed(own)).slides
    assert cover.slide_layout.name == "Title Slide"
    assert {each.slide_layout.name for each in others} == {"Title and Content"}
    # Nothing of the layout is left to be filled in.
    for slide in others:
        assert [each.placeholder_format.type for each in slide.placeholders] == [1]


@pytest.mark.parametrize("size", [(13.333, 7.5), (10, 7.5), (10, 6.25), (10, 5.625)])
@pytest.mark.parametrize("has_place_for_text", [True, False])
def test_a_title_at_the_foot_leaves_what_is_above_it(size, has_place_for_text):
    width, height = size
    own = template(layouts=("Title Only",), width=width, height=height)
    for owner in (own.slide_master, *own.slide_layouts):
        for each in list(owner.placeholders):
            if each.placeholder_format.type == 1:
                each.left, each.width = Inches(0.05 * width), Inches(0.9 * width)
                each.top, each.height = Inches(0.8 * height), Inches(0.15 * height)
            elif not has_place_for_text:
                each._element.getparent().remove(each._element)
    deck = made(changed(own))
    clear_of_one_another(deck)
    for slide in list(deck.slides)[1:]:
        *_, foot = [each for each in slide.shapes if "截至" in getattr(each, "text", "")]
        assert room_of(foot).bottom <= room_of(slide.shapes.title).top + 0.01


def test_text_on_a_dark_background_is_in_the_ink_of_the_templates_own():
    own = template(layouts=("Title Slide", "Title and Content"))
    style = own.slide_master.element.find(
        f".//{qn('p:bodyStyle')}/{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
    )
    fill = style.find(qn("a:solidFill"))
    fill.clear()
    etree.SubElement(fill, qn("a:srgbClr"), val="FAFAFA")
    deck = made(changed(own))
    for slide in list(deck.slides)[1:]:
        boxes = [each for each in slide.shapes if each.has_text_frame and not each.is_placeholder]
        runs = [r for box in boxes for p in box.text_frame.paragraphs for r in p.runs]
        assert {run.font.color.rgb for run in runs} == {RGBColor.from_string("FAFAFA")}
    for chart in charts(deck):
        assert chart.font.color.rgb == RGBColor.from_string("FAFAFA")


def test_a_dark_layout_of_a_light_template_turns_the_text_of_its_slides():
    own = template()
    (plain,) = [each for each in own.slide_layouts if each.name == "Title Only"]
    mapping = dict(own.slide_master.element.find(qn("p:clrMap")).attrib)
    turned = mapping | {"bg1": "dk1", "tx1": "lt1"}
    (old,) = plain.element.findall(qn("p:clrMapOvr"))
    old.clear()
    etree.SubElement(old, qn("a:overrideClrMapping"), turned)
    for slide in list(made(changed(own)).slides)[1:]:
        (found,) = slide.element.find(qn("p:clrMapOvr"))
        assert dict(found.attrib) == turned


def test_sizes_go_with_the_height_of_a_template():
    heights = {}
    for width, height in ((13.333, 7.5), (10, 5.625)):
        slide = made(changed(template(width=width, height=height))).slides[1]
        sizes = {
            r.font.size.pt
            for s in slide.shapes
            if s.has_text_frame
            for p in s.text_frame.paragraphs
            for r in p.runs
        }
        heights[height] = min(sizes) / height
    assert heights[5.625] == pytest.approx(heights[7.5], rel=0.02)


def test_nothing_in_a_template_refers_to_its_slides_any_more():
    own = template()
    slide = own.slides.add_slide(own.slide_layouts[0])
    listed = own.slides._sldIdLst[0]
    own.element.append(
        parse_xml(
            f'<p:extLst {nsdecls("p")}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">'
            '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
            f'<p14:section name="一" id="{{00000000-0000-0000-0000-000000000001}}"><p14:sldIdLst>'
            f'<p14:sldId id="{listed.get("id")}"/></p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>'
        )
    )
    own.element.append(
        parse_xml(
            f'<p:custShowLst {nsdecls("p", "r")}><p:custShow name="一" id="0"><p:sldLst>'
            f'<p:sld r:id="{listed.get(qn("r:id"))}"/></p:sldLst></p:custShow></p:custShowLst>'
        )
    )
    slide.shapes.title.text = "旧页"
    data = documents.quarter_slides(brief_of(), DEFINITIONS, CONTEXT, changed(own))
    deck = pptx.Presentation(io.BytesIO(data))
    left = etree.tostring(deck.element).decode()
    assert "section" not in left
    assert "custShow" not in left
    assert "旧页" not in titles(deck)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len(names) == len(set(names))


def rewritten(data: bytes, part: str, before: bytes, after: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(before, after) if name == part else content)
    return stream.getvalue()


def bad_templates() -> dict[str, tuple[bytes, str]]:
    whole = changed(template())
    main = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    macros = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    types = "[Content_Types].xml"
    no_file = "模板不是有效的 .pptx 文件，请另存为 .pptx 后再选。"
    no_title = "模板没有带标题的版式，请换一个模板。"
    return {
        "nothing of the kind": (b"nothing of the kind", no_file),
        "empty": (b"", no_file),
        "torn": (whole[: len(whole) // 2], no_file),
        "a .potx": (
            rewritten(whole, types, main, main.replace(b"presentation.m", b"template.m")),
            no_file,
        ),
        "macros": (
            rewritten(whole, types, main, macros),
            "模板带有宏，请另存为不带宏的 .pptx 后再选。",
        ),
        "password": (
            bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600),
            "模板是旧版 .ppt 文件或者已加密，请去掉密码、另存为 .pptx 后再选。",
        ),
        "only a blank layout": (changed(template(layouts=("Blank",))), no_title),
    }


@pytest.mark.parametrize("kind", list(bad_templates()))
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(kind):
    data, sentence = bad_templates()[kind]
    with pytest.raises(documents.TemplateError) as refused:
        documents.check_template(data)
    assert str(refused.value) == sentence
    documents.check_template(None)


def test_a_bar_of_none_has_no_label_and_no_series_is_of_none_alone() -> None:
    units = Table(
        question="red_duties",
        rows=[("厅机关处室", "甲处", 2, 0, "第1、2项"), ("厅机关处室", "乙处", 1, 0, "第3项")],
    )
    deck = made(
        tables={"red_units": units},
        talk_titles={
            **dict.fromkeys(("trend", "tasks", "returns"), ""),
            "units": "2个单位有红灯任务，甲处最多（2项）",
            "decide": "待核验1件，提请议定",
        },
    )
    (chart,) = [each for each in charts(deck) if "甲处" in list(each.plots[0].categories)]
    assert [series.name for series in chart.plots[0].series] == ["红灯"]
    assert chart.plots[0].data_labels.number_format == '0"项";;'


def test_what_is_due_that_day_is_counted_on_the_slide_and_named_in_its_notes() -> None:
    due = Said(
        "其中2020年9月30日当日到期2项，不算逾期：“甲”（第1项）、“乙”（第2项）。", key="due_today"
    )
    deck = made(overall=[Said("10项任务完成3项。"), due])
    slide = deck.slides[1]
    shown = "".join(texts(slide)).replace(" ", "")
    assert "当日到期2项，不算逾期。" in shown
    assert "第1项" not in shown
    assert "“甲”（第1项）" in slide.notes_slide.notes_text_frame.text.replace(" ", "")
