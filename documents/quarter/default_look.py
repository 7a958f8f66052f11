"""The platform's own look of a presentation: 16:9, its blue, a cover with a band, a line below titles.

Owns colours, typefaces and places, all of them in the theme, the master and two layouts, so that a slide
added by hand looks like the others. Writes no slide.
"""

from __future__ import annotations

import re
from typing import Any

from documents.quarter.looks import EMU, FURNITURE, HEIGHT, TITLES, Look, Room, kind_of
from documents.workbook.styles import FONT
from words import LAMPS

WIDTH, SIDE = 13.333, 0.53
"""Of a slide, and of the margin left and right, in inches."""
COLOURS = {
    "dk1": "1F2A37",
    "dk2": "4A5563",
    "accent1": "2F6DB5",
    "accent2": LAMPS["red"].colour[1:],
}
"""Of the theme: text, what is said beside it, bars and headings, what is overdue."""
TITLE = Room(SIDE, 0.35, WIDTH - 2 * SIDE, 1)
CONTENT = Room(SIDE, 1.5, WIDTH - 2 * SIDE, HEIGHT - 1.5 - 0.08)
BAND = Room(0, 0.9, WIDTH, 2.8)
COVER_TITLE = Room(0.95, 1.2, WIDTH - 1.9, 2.2)
COVER_LINES = Room(0.95, 4.1, WIDTH - 1.9, 2.8)


def default_look() -> Look:
    """An empty presentation in the platform's own look."""
    # Imported here, because it takes a third of a second and only a download needs it.
    from pptx import Presentation
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Emu

    presentation = Presentation()
    presentation.slide_width = Emu(round(WIDTH * EMU))
    presentation.slide_height = Emu(round(HEIGHT * EMU))
    master = presentation.slide_master
    cover, plain = presentation.slide_layouts[0], presentation.slide_layouts[5]
    for layout in list(presentation.slide_layouts):
        if layout not in (cover, plain):
            presentation.slide_layouts.remove(layout)
    _name(cover, "封面")
    _name(plain, "标题和内容")
    _theme(master)
    for owner in (master, cover, plain):
        for each in list(owner.placeholders):
            if kind_of(each) in FURNITURE:
                each._element.getparent().remove(each._element)
    for owner, places in (
        (master, (TITLE, CONTENT)),
        (cover, (COVER_TITLE, COVER_LINES)),
        (plain, (TITLE,)),
    ):
        for each, room in zip(owner.placeholders, places, strict=True):
            each.left, each.top, each.width, each.height = room.place
            is_title = kind_of(each) in TITLES
            each.name = "标题" if is_title else "文字"
            each.text_frame.text = "单击此处编辑" + each.name
            each.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE if is_title else MSO_ANCHOR.TOP
    # The stubs of python-pptx do not know that placeholders can be iterated over.
    placeholders: Any = cover.placeholders
    title, lines = placeholders
    _first_level(title, "bg1")
    _first_level(lines, "tx1")
    _panel(cover, BAND)
    _panel(plain, Room(TITLE.left, TITLE.bottom, TITLE.width, 0.025))
    return Look(presentation, face=FONT, muted=_fill("tx2"))


def _theme(master: Any) -> None:
    """Colours and typefaces of the theme, titles at the left."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml.ns import qn

    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    said = theme.blob.decode()
    for name, colour in COLOURS.items():
        said = re.sub(f"(<a:{name}>).*?(</a:{name}>)", rf'\1<a:srgbClr val="{colour}"/>\2', said)
    # The first typefaces of either kind are for Latin and for Chinese text.
    said = re.sub(
        r"(<a:(?:major|minor)Font>).*?(<a:cs )",
        rf'\1<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/>\2',
        said,
    )
    theme._blob = said.encode()
    master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}").set("algn", "l")


def _first_level(placeholder: Any, colour: str) -> None:
    """Text at the left, without a dot, in a colour of the theme."""
    from lxml import etree
    from pptx.oxml.ns import qn

    levels = placeholder._element.txBody.find(qn("a:lstStyle"))
    levels.clear()
    first = etree.SubElement(levels, qn("a:lvl1pPr"), marL="0", indent="0", algn="l")
    etree.SubElement(first, qn("a:buNone"))
    etree.SubElement(first, qn("a:defRPr")).append(_fill(colour))


def _panel(layout: Any, room: Room) -> None:
    """A blue area behind everything on a layout."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    left, top, width, height = room.place
    panel = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="色块"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    layout.shapes._spTree.insert(2, panel)


def _fill(colour: str) -> Any:
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    return parse_xml(f'<a:solidFill {nsdecls("a")}><a:schemeClr val="{colour}"/></a:solidFill>')


def _name(layout: Any, name: str) -> None:
    from pptx.oxml.ns import qn

    layout.element.find(qn("p:cSld")).set("name", name)
