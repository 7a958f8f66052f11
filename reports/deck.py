"""A presentation while it is being made: slides with a title and a foot, sentences, tables, charts.

Owns the form of a slide, in the platform's own look or in that of a department's template. Knows no
briefing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from reports.figures import about
from reports.fitting import BOLD, height_of, lines_of
from reports.official import breakable
from reports.ruled import Table
from reports.workbook import FONT, Context
from words import DEMONSTRATION, shorten

MOST_SLIDES = 15
EMU = 914_400
"""Of an inch."""
INK, MUTED, BLUE, LIGHT = "1F2A37", "4A5563", "2F6DB5", "A9C6E5"
MESSAGE, SMALL = 26, 9
TEXT = (24, 22, 20, 18, 16, 14, 12)
"""Sizes of sentences, the largest first; the first one that fits is taken."""
SIDES = 0.3
"""Inches of a text's width that its frame and a margin of safety take."""
FOOT = 0.45
"""Inches at the foot of what a template leaves for content: what the figures are of."""
_TITLES = {1, 3, 5}
"""Kinds of placeholders that are titles: title, centred title, vertical title."""
_ANYTHING, _BODY, _SUBTITLE = 7, 2, 4
"""Those for the content of a slide, in a layout and in the master; the one below a cover's title."""
_FURNITURE = {13, 15, 16, *_TITLES}
"""Those that carry no content of a slide: number, footer, date, title."""


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
        sides = (self.left, self.top, self.width, self.height)
        return tuple(round(side * EMU) for side in sides)


class Deck:
    """The slides so far, and the pieces that they are made of."""

    def __init__(
        self,
        definitions: Mapping[str, tuple[str, str]],
        context: Context | None,
        template: bytes | None,
    ):
        # A third of a second to import, and only somebody who downloads needs it.
        from pptx import Presentation

        self.definitions, self.context = definitions, context
        self.is_own = template is not None
        if template is None:
            self.deck = Presentation()
            self.deck.slide_width, self.deck.slide_height = round(13.333 * EMU), round(7.5 * EMU)
        else:
            try:
                self.deck = Presentation(BytesIO(template))
            except Exception as error:
                # Whatever is wrong with a stranger's file, python-pptx has an exception for it.
                raise TemplateError("模板不是有效的 .pptx 文件，请另存为 .pptx 后再选。") from error
            self._leave_out_slides()
        self.width, self.height = self.deck.slide_width / EMU, self.deck.slide_height / EMU
        self.margin = 0.04 * self.width

    def saved(self) -> bytes:
        """The file."""
        assert len(self.deck.slides) <= MOST_SLIDES
        stream = BytesIO()
        self.deck.core_properties.title = self.mark + "季度例会汇报"
        self.deck.core_properties.author = ""
        self.deck.core_properties.comments = "；".join(about(self.context))
        self.deck.save(stream)
        return stream.getvalue()

    @property
    def mark(self) -> str:
        """What demonstration data is marked with."""
        return f"【{DEMONSTRATION}】" if self.context.is_demonstration else ""

    def body(self) -> Room:
        """Where the content of a slide stands."""
        if self.is_own:
            left = self._left_for_content()
            return replace(left, height=left.height - FOOT)
        top = 1.45
        return Room(self.margin, top, self.width - 2 * self.margin, self.height - top - 0.6)

    def _left_for_content(self) -> Room:
        """What the template leaves for content: where its own text would stand, below its title."""
        layout = self.layout(is_cover=False)
        title = next(each for each in layout.placeholders if _kind(each) in _TITLES)
        heading = room_of(title)
        with_text = [(each, _ANYTHING) for each, more in self.layouts() if more == 1]
        for owner, kind in (*with_text, (layout.slide_master, _BODY)):
            for each in owner.placeholders:
                room = room_of(each)
                if _kind(each) == kind and room.width > self.width / 2:
                    below = max(room.top, heading.bottom) if heading.top < room.top else room.top
                    return replace(room, top=below, height=room.bottom - below)
        below = heading.bottom + 0.1
        ends = [room_of(e).top for e in layout.placeholders if _kind(e) in _FURNITURE - _TITLES]
        height = min([self.height - 0.3, *ends]) - below
        return Room(self.margin, below, self.width - 2 * self.margin, height)

    def size_of(self, texts: Sequence[str], room: Room, sizes: Sequence[float] = TEXT) -> float:
        """The first of the sizes in which the texts fit."""

        def fits(size: float) -> bool:
            width = room.width - SIDES - size / 72
            return height_of(texts, width, size, after=6) + 0.1 <= room.height

        return next((size for size in sizes if fits(size)), min(11, sizes[-1] - 1))

    def layouts(self) -> list[tuple[Any, int]]:
        """The layouts that have a title, with how much more there is to fill in each."""
        found = []
        for layout in self.deck.slide_layouts:
            kinds = [_kind(each) for each in layout.placeholders]
            if set(kinds) & _TITLES:
                found.append((layout, sum(kind not in _FURNITURE for kind in kinds)))
        if not found:
            raise TemplateError("模板没有带标题的版式，请换一个模板。")
        return found

    def layout(self, *, is_cover: bool) -> Any:
        """The first layout with a title for the cover, the emptiest one for the rest."""
        layouts = self.layouts()
        return layouts[0][0] if is_cover else min(layouts, key=lambda pair: pair[1])[0]

    def slide(
        self, layout: Any, part: str, questions: Sequence[str], *, is_cover: bool = False
    ) -> Any:
        slide = self.deck.slides.add_slide(layout)
        kept = _TITLES | ({_SUBTITLE} if is_cover and self.is_own else set())
        for placeholder in list(slide.placeholders):
            if _kind(placeholder) not in kept:
                placeholder._element.getparent().remove(placeholder._element)
        # The cover has it all in its lines.
        if not is_cover:
            self._foot(slide)
        notes = [part] if part else []
        notes += [f"{title}：{text}" for title, text in map(self.definitions.get, questions)]
        slide.notes_slide.notes_text_frame.text = "\n".join([*notes, *about(self.context)])
        return slide

    def _foot(self, slide: Any) -> None:
        """What the figures are of, and the number of the page."""
        body = self.body()
        top = body.bottom + 0.03 if self.is_own else self.height - 0.5
        # Filters of any length leave the page number its place; the cover and the notes have them whole.
        room = body.width - 1
        ledger, *rest = about(self.context)
        fitting = int((room - 0.2) * 72 / SMALL) - 2
        stated = [shorten(line, fitting) for line in (self.mark + ledger, "　".join(rest))]
        foot = {"size": SMALL, "ink": MUTED, "after": 0}
        self.lines(slide, stated, Room(body.left, top, room, 0.42), **foot)
        place = Room(body.left + room, top, 1, 0.42)
        number = len(self.deck.slides)
        self.lines(slide, [f"第 {number} 页"], place, align="right", **foot)

    def headed(self, message: str, questions: Sequence[str]) -> Any:
        slide = self.slide(self.layout(is_cover=False), message, questions)
        self.title(slide, self.mark + message, Room(0, 0.05, 1, 0.13), size=MESSAGE)
        return slide

    def title(self, slide: Any, text: str, share: Room, *, size: float) -> None:
        """The title in its place; without a template of one's own that is a share of the slide."""
        from pptx.enum.text import MSO_ANCHOR

        title = slide.shapes.title
        if not self.is_own:
            room = Room(
                self.margin, share.top * self.height, self.width - 2 * self.margin,
                share.height * self.height,
            )  # fmt: skip
            title.left, title.top, title.width, title.height = room.place
            title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
            if share.height < 0.2:
                self._rule(slide, room)
        width = title.width / EMU - SIDES
        # Rather a little smaller than with a word or two alone on a line.
        lines = text.split("\n")
        sizes = range(size, round(0.8 * size) - 1, -1)
        size = next((s for s in sizes if lines_of(text, width, BOLD * s) == len(lines)), size)
        while size > 14 and height_of([text], width, BOLD * size) / BOLD > title.height / EMU:
            size -= 1
        title.text_frame.word_wrap = True
        first, *rest = lines
        paragraph = title.text_frame.paragraphs[0]
        self._run(paragraph, first, size, bold=True, face="+mj-ea")
        for line in rest:
            self._run(title.text_frame.add_paragraph(), line, size, bold=True, face="+mj-ea")
        if share.height < 0.2 and not self.is_own:
            from pptx.enum.text import PP_ALIGN

            paragraph.alignment = PP_ALIGN.LEFT

    def _rule(self, slide: Any, title: Room) -> None:
        """A line below the title."""
        from pptx.dml.color import RGBColor
        from pptx.enum.shapes import MSO_SHAPE

        below = Room(title.left, title.top + title.height, title.width, 0.025)
        line = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *below.place)
        line.fill.solid()
        line.fill.fore_color.rgb = RGBColor.from_string(BLUE)
        line.line.fill.background()
        line.shadow.inherit = False

    def lines(
        self,
        slide: Any,
        texts: Sequence[str],
        room: Room,
        *,
        size: float,
        bullet: bool = False,
        align: str = "left",
        ink: str = INK,
        after: float = 6,
    ) -> None:
        from pptx.enum.text import PP_ALIGN

        frame = slide.shapes.add_textbox(*room.place).text_frame
        frame.word_wrap = True
        self.write(frame, texts, size=size, bullet=bullet, ink=ink, after=after)
        for paragraph in frame.paragraphs:
            paragraph.alignment = PP_ALIGN[align.upper()]

    def write(
        self,
        frame: Any,
        texts: Sequence[str],
        *,
        size: float,
        bullet: bool = False,
        ink: str = INK,
        after: float = 6,
    ) -> None:
        """Paragraphs into an empty frame."""
        from pptx.util import Pt

        for number, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(after)
            if bullet:
                _bullet(paragraph, size)
            self._run(paragraph, breakable(text), size, ink=ink)

    def _run(
        self,
        paragraph: Any,
        text: str,
        size: float,
        *,
        bold: bool = False,
        ink: str = INK,
        face: str = "+mn-ea",
    ) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(size), bold
        if not self.is_own:
            run.font.color.rgb = RGBColor.from_string(ink)
        self._face(run.font._element, face)

    def _face(self, properties: Any, own: str = "+mn-ea") -> None:
        """Name the Chinese typeface: the template's `own`, of its titles or its text, or one every
        office has."""
        from lxml import etree
        from pptx.oxml.ns import qn

        properties.set("lang", "zh-CN")
        properties.set("altLang", "en-US")
        for old in properties.findall(qn("a:ea")):
            properties.remove(old)
        latin = properties.find(qn("a:latin"))
        if latin is None and not self.is_own:
            latin = etree.SubElement(properties, qn("a:latin"), typeface=FONT)
        etree.SubElement(properties, qn("a:ea"), typeface=own if self.is_own else FONT)

    def table(
        self,
        slide: Any,
        room: Room,
        table: Table,
        cells: Sequence[Sequence[str]],
        widths: Sequence[float],
        heights: Sequence[float],
        size: float,
    ) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        place = Room(room.left, room.top, room.width, sum(heights)).place
        shape = slide.shapes.add_table(len(cells) + 1, len(widths), *place)
        made = shape.table
        for column, width in zip(made.columns, widths, strict=True):
            column.width = round(width * EMU)
        rows = [[column.heading for column in table.columns], *cells]
        for position, (row, texts, height) in enumerate(zip(made.rows, rows, heights, strict=True)):
            row.height = round(height * EMU)
            for cell, text, column in zip(row.cells, texts, table.columns, strict=True):
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.margin_left = cell.margin_right = Pt(5)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                paragraph = cell.text_frame.paragraphs[0]
                paragraph.alignment = PP_ALIGN.RIGHT if column.is_number else PP_ALIGN.LEFT
                ink = INK if position else "FFFFFF"
                self._run(paragraph, breakable(text), size, bold=not position, ink=ink)

    def chart(
        self,
        slide: Any,
        room: Room,
        names: Sequence[str],
        series: Sequence[tuple[str, Sequence[Any], str]],
        number: str,
    ) -> None:
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
        from pptx.util import Pt

        data = CategoryChartData(number_format=number)
        data.categories = names
        for name, values, _ in series:
            data.add_series(name, values)
        frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *room.place, data)
        chart = frame.chart
        # Names that do not fit one above the other would be left out.
        chart.font.size = Pt(max(min(12, room.height * 72 / len(names) / 2), 8))
        self._face(chart.font._element)
        chart.has_title = False
        chart.has_legend = len(series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.category_axis.reverse_order = True
        self._paint(chart.category_axis.format.line.color, MUTED)
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        plot = chart.plots[0]
        plot.gap_width = 60
        plot.has_data_labels = True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number, False
        for drawn, (_, _, colour) in zip(plot.series, series, strict=True):
            drawn.format.fill.solid()
            self._paint(drawn.format.fill.fore_color, colour)

    def _paint(self, place: Any, colour: str) -> None:
        """One of the slides' own colours, or what stands for it in a template's theme."""
        from pptx.dml.color import RGBColor
        from pptx.enum.dml import MSO_THEME_COLOR

        if not self.is_own:
            place.rgb = RGBColor.from_string(colour)
            return
        place.theme_color = MSO_THEME_COLOR.TEXT_1 if colour == MUTED else MSO_THEME_COLOR.ACCENT_1
        place.brightness = 0.6 if colour == LIGHT else 0

    def _leave_out_slides(self) -> None:
        """A template's own slides are samples."""
        from pptx.oxml.ns import qn

        listed = self.deck.slides._sldIdLst
        for slide in list(listed):
            self.deck.part.drop_rel(slide.get(qn("r:id")))
            listed.remove(slide)


def _bullet(paragraph: Any, size: float) -> None:
    """A dot before the paragraph, whose lines begin below one another."""
    from lxml import etree
    from pptx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    indent = round(0.9 * size / 72 * EMU)
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    etree.SubElement(properties, qn("a:buFont"), typeface="Arial")
    etree.SubElement(properties, qn("a:buChar"), char="•")


def _kind(placeholder: Any) -> int:
    return placeholder.placeholder_format.type


def room_of(shape: Any) -> Room:
    """Where a shape stands."""
    sides = (shape.left, shape.top, shape.width, shape.height)
    return Room(*((side or 0) / EMU for side in sides))
