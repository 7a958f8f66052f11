"""What every official Word document is set in: faces and their stand-ins, sizes, lines, the page.

Owns the form of GB/T 9704 as far as letters and notices share it. Knows no document and no figure.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from documents.workbook.answer import Context
from documents.workbook.styles import text_width
from loaders.controls import printable
from words import DEMONSTRATION, day

TITLE, BODY, HEADING, NOTE, PAGE = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
# What stands in where a font is missing, in the order Word tries them.
STAND_INS = {
    TITLE: "小标宋体,华文中宋,STZhongsong,宋体,SimSun",
    BODY: "仿宋,FangSong,华文仿宋,STFangsong",
    HEADING: "SimHei,微软雅黑",
    NOTE: "楷体,KaiTi,华文楷体,STKaiti",
}
# Sizes in points: 2 号, 3 号, 4 号, 小 5 号.
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_5 = 22, 16, 14, 9
LINE = 28.95
"""Points from line to line: 22 lines fill a page."""
CHARACTERS = 28
"""Of size 3 in a line."""
TWIPS = 20
"""Of a point."""
BREAK = "\u200b"
"""Where a line may be broken, without a mark or a space."""
ROWS = "rows"
"""The instruction that holds the rows of a table; XML has no `?>` in it, since > is always escaped."""
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def breakable(text: str) -> str:
    """The text with marks that let LibreOffice break a line within a list of numbers such as 11、14、16."""
    return re.sub("(?<=[\\d%]、)(?=\\d)", BREAK, text)


def about_context(context: Context) -> str:
    """What every export states about itself, in two lines."""
    mark = f"【{DEMONSTRATION}】" if context.is_demonstration else ""
    return printable(
        f"{mark}台账：{context.ledger}（{context.edition}）\n截至日期：{day(context.as_of)}；"
        f"筛选：{context.filters}；数据版本：{context.data_version}；"
        f"制表时间：{context.made_at:%Y-%m-%d %H:%M}"
    )


def lines_of(text: str) -> int:
    """About how many lines of 28 characters a paragraph takes, its first one indented by two."""
    return -(-round(text_width(text) / 2 + 3) // CHARACTERS)


def add_paragraph(
    document: Any,
    text: str,
    font: str,
    size: float,
    *,
    align: str = "both",
    indent: int = 0,
    before: float = 0,
    after: float = 0,
    keep_with_next: bool = False,
) -> None:
    """Add a paragraph; its first line is indented by `indent` characters."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.keep_with_next, form.widow_control = keep_with_next, True
    properties = paragraph._p.get_or_add_pPr()
    if size > SIZE_3:
        # On the grid, a line of a title takes two where a stand-in face is taller than one.
        properties.insert_element_before(
            OxmlElement("w:snapToGrid", {qn("w:val"): "0"}), "w:spacing", "w:ind", "w:jc"
        )
    if indent:
        form.first_line_indent = Pt(indent * size)
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * indent))
    alignment = properties.get_or_add_jc()
    alignment.set(qn("w:val"), align)
    add_run(paragraph, text, font, size)


def add_run(paragraph: Any, text: str, font: str, size: float) -> Any:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(printable(text))
    run.font.size, run.font.name = Pt(size), LATIN
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    # Quotation marks and dashes are Chinese here, though Latin has them too.
    fonts.set(qn("w:hint"), "eastAsia")
    return run


def add_signature(document: Any, lines: Sequence[str], *, before: float) -> None:
    """Add the issuer, centred over the day, and the day, which ends four characters from the right. Both
    stay on one page."""
    from docx.shared import Pt

    issuer, day_issued = lines
    add_paragraph(
        document, issuer, BODY, SIZE_3, align="center", before=before, keep_with_next=True
    )
    # A day with its numbers is seven to eight characters long, so its middle stands eight from the right.
    document.paragraphs[-1].paragraph_format.left_indent = Pt((CHARACTERS - 2 * 8) * SIZE_3)
    add_paragraph(document, day_issued, BODY, SIZE_3, align="right")
    document.paragraphs[-1].paragraph_format.right_indent = Pt(4 * SIZE_3)


def set_up_page(section: Any) -> None:
    """A4 with the margins of an official letter, pages counted from 1."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(10)
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is None:
        numbering = OxmlElement("w:pgNumType")
        section._sectPr.insert_element_before(numbering, "w:cols", "w:docGrid")
    numbering.set(qn("w:start"), "1")


def add_field(run: Any, code: str) -> None:
    """Make a run a field that Word fills in, such as the number of the page; in the run's face and size
    in LibreOffice as well, which takes those of a field's result and not of its code."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run._r.addprevious(field)
    run.text = "1"
    field.append(run._r)


def line_width(section: Any) -> float:
    """The width of the text, in points."""
    from docx.shared import Length

    return Length(section.page_width - section.left_margin - section.right_margin).pt


def fit_28_characters(document: Any, section: Any) -> None:
    """Set the spacing of characters of size 3 so that 28 of them fill a line."""
    from math import floor

    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    spacing = floor((line_width(section) / CHARACTERS - SIZE_3) * TWIPS)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            if run.font.size is not None and run.font.size.pt == SIZE_3:
                closer = OxmlElement("w:spacing")
                closer.set(qn("w:val"), str(spacing))
                run._r.rPr.insert_element_before(closer, "w:sz", "w:szCs", "w:lang")


def add_header_and_footer(document: Any, section: Any, context: Context) -> None:
    """Set page numbers at the outer edge, one character in, and the mark of demonstration data above."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    document.settings.odd_and_even_pages_header_footer = True
    sides = (
        (section.footer, section.header, WD_ALIGN_PARAGRAPH.RIGHT, "right_indent"),
        (
            section.even_page_footer,
            section.even_page_header,
            WD_ALIGN_PARAGRAPH.LEFT,
            "left_indent",
        ),
    )
    for footer, header, alignment, indent in sides:
        foot = footer.paragraphs[0]
        foot.alignment = alignment
        setattr(foot.paragraph_format, indent, Pt(SIZE_4))
        _number(foot)
        if context.is_demonstration:
            head = header.paragraphs[0]
            head.alignment = WD_ALIGN_PARAGRAPH.CENTER
            add_run(head, f"【{DEMONSTRATION}】进展由程序生成，并非真实填报", HEADING, SIZE_4)


def _number(paragraph: Any) -> None:
    add_run(paragraph, "— ", PAGE, SIZE_4)
    add_field(add_run(paragraph, "", PAGE, SIZE_4), "PAGE")
    add_run(paragraph, " —", PAGE, SIZE_4)


def turn_landscape(section: Any) -> None:
    """Set a section in landscape as GB/T 9704 8 asks: the head of its page is the left side of an upright
    one, so the margins turn with it and the page number stays at the edge where it was."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(35), Mm(37)
    section.header_distance, section.footer_distance = Mm(16), Mm(8)
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is not None:
        # Pages are counted on from the text.
        section._sectPr.remove(numbering)
    section._sectPr.find(qn("w:docGrid")).attrib.pop(qn("w:type"), None)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        footer.paragraphs[0]._p.append(_turned_number(footer, side))


def _turned_number(footer: Any, side: str) -> Any:
    """A run with a text box beside the page's text that holds the page number, turned by 90 degrees, 7 mm
    from the text and one character from the corner."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    number = footer.add_paragraph()
    number._p.getparent().remove(number._p)
    properties = number._p.get_or_add_pPr()
    properties.get_or_add_jc().set(qn("w:val"), side)
    indent = {"left": "left_indent", "right": "right_indent"}[side]
    setattr(number.paragraph_format, indent, Pt(SIZE_4))
    _number(number)
    width, height = Mm(7), Mm(156)
    run = parse_xml(
        f"""<w:r xmlns:w="{WORD}"
  xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
  xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
  xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
 <mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
 <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"
   behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">
  <wp:simplePos x="0" y="0"/>
  <wp:positionH relativeFrom="page"><wp:posOffset>{Mm(30.5) - width}</wp:posOffset></wp:positionH>
  <wp:positionV relativeFrom="page"><wp:posOffset>{Mm(28)}</wp:posOffset></wp:positionV>
  <wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
  <wp:docPr id="1" name="页码"/><wp:cNvGraphicFramePr/>
  <a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
   <wps:wsp><wps:cNvSpPr txBox="1"/>
    <wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
     <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
    <wps:txbx><w:txbxContent/></wps:txbx>
    <wps:bodyPr vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"/>
   </wps:wsp></a:graphicData></a:graphic>
 </wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"""
    )
    (box,) = run.iter(qn("w:txbxContent"))
    box.append(number._p)
    return run


def centred(paragraph: Any) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def mark_as_chinese(document: Any) -> None:
    """Set the language to Chinese of the mainland: with another one 。 and ， are drawn in the middle of
    their square. Also allow punctuation to hang beyond the margin, which is Word's default; LibreOffice
    assumes the contrary and loses a mark that hangs."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    hanging = OxmlElement("w:overflowPunct")
    hanging.set(qn("w:val"), "1")
    document.styles["Normal"].element.get_or_add_pPr().insert(0, hanging)


def add_font_substitutes(document: Any) -> None:
    """Name substitutes for the fonts that a computer may lack."""
    from lxml import etree

    (part,) = [p for p in document.part.package.iter_parts() if p.partname == "/word/fontTable.xml"]
    table = etree.fromstring(part.blob)
    for font, names in STAND_INS.items():
        entry = etree.SubElement(table, f"{{{WORD}}}font", {f"{{{WORD}}}name": font})
        etree.SubElement(entry, f"{{{WORD}}}altName", {f"{{{WORD}}}val": names})
    # A part that python-docx does not know by name is kept as the bytes it was read as.
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def widths_by_content(weights: Sequence[float], held: Mapping[int, int]) -> list[float]:
    """The widths of columns, two thirds of those of running text shared anew by how much text each holds,
    so that one long column does not make every row high. `held`: place of a column → how much it holds."""
    shared = list(weights)
    room, whole = sum(shared[place] for place in held), sum(held.values())
    for place in held if whole else ():
        shared[place] = (shared[place] + 2 * room * held[place] / whole) / 3
    return shared


def add_ruled_table(
    document: Any, rows: Sequence[str], widths: Sequence[int], *, margin: int
) -> None:
    """Add a table of black lines at the end: its rows as XML, the widths of its columns and the margin
    left and right in a cell in twentieths of a point. The rows stay text until the file is `saved`."""
    from lxml import etree

    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    element = etree.fromstring(
        f'<w:tbl xmlns:w="{WORD}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid></w:tbl>",
    )
    # As a tree, thousands of rows take fifteen times the memory of their text.
    element.append(etree.ProcessingInstruction(ROWS, "".join(rows)))
    body = document.element.body
    body.insert(len(body) - 1, element)


def add_annex_heading(document: Any, label: str, title: str, *, new_page: bool) -> None:
    """附件n and what it is called: of the label the first line of the page, of the title the third."""
    add_paragraph(document, label, HEADING, SIZE_3, align="left", keep_with_next=True)
    document.paragraphs[-1].paragraph_format.page_break_before = new_page
    add_paragraph(
        document, title, TITLE, SIZE_2, align="center", before=LINE, after=12, keep_with_next=True
    )


def saved(document: Any) -> bytes:
    """The file of a document, the rows of its ruled tables in their places."""
    stream, filled = BytesIO(), BytesIO()
    document.save(stream)
    with (
        zipfile.ZipFile(stream) as source,
        zipfile.ZipFile(filled, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "word/document.xml":
                content = content.replace(f"<?{ROWS} ".encode(), b"")
                content = content.replace(b"?></w:tbl>", b"</w:tbl>")
            target.writestr(part.filename, content)
    return filled.getvalue()
