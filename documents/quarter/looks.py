"""What a slide looks like: the platform's own look, or that of a department's template.

Owns which layouts are taken, where title and content stand, in which ink and typefaces. Writes no
sentence and no figure: a look of either kind is an empty presentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
"""How the files begin that PowerPoint wrote before 2007, and those with a password."""
SECTIONS = "{http://schemas.microsoft.com/office/powerpoint/2010/main}sectionLst"
EMU = 914_400
"""Of an inch."""
HEIGHT = 7.5
"""Inches that sizes are meant for: on a projector every slide is as high as the screen."""
TITLES, _UPRIGHT = {1, 3, 5}, 5
"""Kinds of placeholders: titles, the one of them that stands upright."""
SUBTITLE, _OPENING = 4, {3, 4}
"""The one below a cover's title; those that only a cover has."""
FURNITURE = {13, 15, 16}
"""Those at the edge: number, footer, date."""
_CONTENT = {7, 2}
"""Those for the content of a slide, in a layout and in the master."""


class TemplateError(Exception):
    """The given template cannot be used; the message is one Chinese sentence for the user."""


@dataclass(frozen=True)
class Room:
    """Where something stands on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.height

    @property
    def place(self) -> tuple[int, int, int, int]:
        """As python-pptx takes it."""
        return (
            round(self.left * EMU),
            round(self.top * EMU),
            round(self.width * EMU),
            round(self.height * EMU),
        )


class Look:
    """An empty presentation, and what its slides are made by."""

    def __init__(self, presentation: Any, *, face: str = "", muted: Any = None):
        self.presentation = presentation
        self.face = face
        """The typeface that every text names; without one, it names those of the theme."""
        self.width, self.height = presentation.slide_width / EMU, presentation.slide_height / EMU
        self.scale = self.height / HEIGHT
        layouts = [each for each in presentation.slide_layouts if _kinds(each) & TITLES]
        if not layouts:
            raise TemplateError("模板没有带标题的版式，请换一个模板。")
        self.cover = next(filter(_is_opening, layouts), layouts[0])
        """The layout of the first slide."""
        self.layout = min(layouts, key=_unsuited)
        """The layout of the others: the one with the least to fill in besides its title."""
        self.ink = next(self._inks(), None)
        """The fill of the template's own text, which suits its background."""
        self.muted = self.ink if muted is None else muted
        """The fill of what is said beside."""

    def room(self) -> Room:
        """What is left for content: where the template's own would stand, clear of the title."""
        title = room_of(next(each for each in self.layout.placeholders if kind_of(each) in TITLES))
        own = (self.layout, *self._alike(), self.layout.slide_master)
        for each in (each for owner in own for each in owner.placeholders):
            room = _clear(room_of(each), title)
            is_wide = room.width > self.width / 2 and room.height > self.height / 3
            if kind_of(each) in _CONTENT and is_wide:
                return room
        margin = 0.04 * self.width
        ends = [room_of(e).top for e in self.layout.placeholders if kind_of(e) in FURNITURE]
        end = min([self.height - 0.04 * self.height, *(e for e in ends if e > self.height / 2)])
        return _clear(Room(margin, margin, self.width - 2 * margin, end - margin), title)

    def lines_of_cover(self, slide: Any) -> tuple[Any, Room]:
        """Where the lines below the cover's title stand, and the template's place for them if it has one;
        its colours suit the cover."""
        title = slide.shapes.title
        below = next((each for each in slide.placeholders if each != title), None)
        if below is not None:
            return below, room_of(below)
        room, gap = room_of(title), 0.1 * self.scale
        free = Room(0.08 * self.width, gap, 0.84 * self.width, self.height - 5 * gap)
        return None, _clear(free, replace(room, height=room.height + gap))

    def adopt(self, slide: Any, *, is_cover: bool) -> None:
        """Give a new slide what it does not inherit of its layout, dark text turned light, and leave of its
        placeholders those that will be filled in."""
        from pptx.oxml.ns import qn

        turned = slide.slide_layout.element.find(qn("p:clrMapOvr"))
        if turned is not None:
            for own in slide.element.findall(qn("p:clrMapOvr")):
                slide.element.replace(own, deepcopy(turned))
        kept = TITLES | ({SUBTITLE} if is_cover else set())
        for placeholder in list(slide.placeholders):
            if kind_of(placeholder) not in kept:
                placeholder._element.getparent().remove(placeholder._element)

    def _alike(self) -> list[Any]:
        """Layouts with one place for content, and that not the text of an opening slide."""
        return [
            layout
            for layout in self.presentation.slide_layouts
            if not _is_opening(layout) and _more(layout) == 1
        ]

    def _inks(self) -> Iterator[Any]:
        from pptx.oxml.ns import qn

        first = f".//{qn('a:lvl1pPr')}/{qn('a:defRPr')}/{qn('a:solidFill')}"
        master = self.layout.slide_master
        for owner in (self.layout, *self._alike(), master):
            for each in owner.placeholders:
                if kind_of(each) in _CONTENT and (fill := each._element.find(first)) is not None:
                    yield fill
        style = master.element.find(f".//{qn('p:bodyStyle')}")
        if style is not None and (fill := style.find(first)) is not None:
            yield fill


def template_look(template: bytes) -> Look:
    """That of a department's own .pptx, without its slides, which are samples. Raises TemplateError."""
    from pptx import Presentation
    from pptx.opc.constants import CONTENT_TYPE

    if template.startswith(OLE):
        raise TemplateError("模板是旧版 .ppt 文件或者已加密，请去掉密码、另存为 .pptx 后再选。")
    try:
        presentation = Presentation(BytesIO(template))
        has_macros = presentation.part.content_type == CONTENT_TYPE.PML_PRES_MACRO_MAIN
        _leave_out_slides(presentation)
        look = None if has_macros else Look(presentation)
    except TemplateError:
        raise
    except Exception as error:
        # Whatever is wrong with a stranger's file, python-pptx has an exception for it.
        raise TemplateError("模板不是有效的 .pptx 文件，请另存为 .pptx 后再选。") from error
    if look is None:
        # PowerPoint opens no .pptx that holds macros.
        raise TemplateError("模板带有宏，请另存为不带宏的 .pptx 后再选。")
    return look


def _leave_out_slides(presentation: Any) -> None:
    """With what refers to them, which PowerPoint would otherwise offer to repair: sections and shows."""
    from pptx.oxml.ns import qn

    for each in list(presentation.element.iter(qn("p:custShowLst"), SECTIONS)):
        # A list of sections is alone in its extension.
        part = each.getparent() if each.tag == SECTIONS else each
        part.getparent().remove(part)
    listed = presentation.slides._sldIdLst
    for slide in list(listed):
        # Where anything still refers to it, it stays, and a second slide of its name is written.
        presentation.part.drop_rel(slide.get(qn("r:id")))
        listed.remove(slide)


def room_of(shape: Any) -> Room:
    """Where a shape stands."""
    sides = (shape.left, shape.top, shape.width, shape.height)
    return Room(*((side or 0) / EMU for side in sides))


def kind_of(placeholder: Any) -> int:
    """What a placeholder is for, as PowerPoint numbers it."""
    return int(placeholder.placeholder_format.type)


def _kinds(layout: Any) -> set[int]:
    return {kind_of(each) for each in layout.placeholders}


def _is_opening(layout: Any) -> bool:
    """Whether a layout is that of a cover or of a divider between parts."""
    return layout.element.get("type") in ("title", "secHead") or bool(_kinds(layout) & _OPENING)


def _more(layout: Any) -> int:
    """How much there is to fill in besides the title."""
    return sum(kind_of(each) not in FURNITURE | TITLES for each in layout.placeholders)


def _unsuited(layout: Any) -> tuple[bool, int]:
    """The less, the better a layout suits a slide of tables, charts and sentences."""
    return _is_opening(layout) or _UPRIGHT in _kinds(layout), _more(layout)


def _clear(room: Room, title: Room) -> Room:
    """The part of a room that a title, which may stand at the foot as well, leaves free."""
    apart = title.left >= room.left + room.width or title.left + title.width <= room.left
    if apart or title.bottom <= room.top or title.top >= room.bottom:
        return room
    above, below = title.top - room.top, room.bottom - title.bottom
    if above > below:
        return replace(room, height=above)
    return replace(room, top=title.bottom, height=below)
