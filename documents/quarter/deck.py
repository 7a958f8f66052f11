"""A presentation while it is being made: slides with a title and a foot, sentences, tables, charts.

Owns how large everything is and what every slide says about itself. Knows no briefing, and nothing of
where a look has its places and colours from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any

from documents.official.page import breakable
from documents.quarter.figures import about
from documents.quarter.fitting import BOLD, height_of, leaves_few, lines_of
from documents.quarter.looks import EMU, Look, Room
from documents.workbook.answer import Context
from loaders.controls import printable
from words import DEMONSTRATION, RateOfFew

MOST_SLIDES = 8
COVER, MESSAGE, SMALL = 36, 28, 12
"""Sizes of the cover's title, of the others, and of the foot, as all sizes for a slide of usual height."""
TEXT = (28, 24, 22, 20, 18, 16, 14, 12)
"""Sizes of sentences, the largest first; the first one that fits is taken."""
SIDES = 0.3
"""Inches of a text's width that its frame and a margin of safety take."""
FOOT = 0.45
"""Inches at the foot of what there is for content: the day and the number of the page."""
FEW_BARS = 10
"""So many groups of bars are set well apart."""
BLUE, LIGHT, RED = ("ACCENT_1", 0), ("ACCENT_1", 0.6), ("ACCENT_2", 0)
GREY = ("TEXT_2", 0.4)
"""Colours of bars: which of the theme's, and how much lighter."""


class Deck:
    """The slides so far, and the pieces that they are made of."""

    def __init__(
        self, definitions: Mapping[str, tuple[str, str]], context: Context, look: Look
    ) -> None:
        self.definitions, self.context, self.look = definitions, context, look
        self.slides = look.presentation.slides
        self.scale = look.scale
        room = look.room()
        self.body = Room(room.left, room.top, room.width, room.height - FOOT * self.scale)
        """Where the content of a slide stands."""

    def saved(self) -> bytes:
        """The file."""
        assert len(self.slides) <= MOST_SLIDES
        stream = BytesIO()
        properties = self.look.presentation.core_properties
        properties.title = self.mark + "季度例会汇报"
        properties.author = properties.last_modified_by = ""
        properties.comments = "；".join(about(self.context))
        self.look.presentation.save(stream)
        return stream.getvalue()

    @property
    def mark(self) -> str:
        """What demonstration data is marked with."""
        return f"【{DEMONSTRATION}】" if self.context.is_demonstration else ""

    def size_of(self, texts: Sequence[str], room: Room, sizes: Sequence[float] = TEXT) -> float:
        """The first of the sizes in which the texts fit, or one a little smaller that leaves no word or two
        alone on a line."""

        def width(size: float) -> float:
            return room.width - SIDES - 1.5 * size / 72

        scaled = [size * self.scale for size in sizes]
        fitting = [
            size
            for size in scaled
            if height_of(texts, width(size), size, after=size / 3) + 0.1 <= room.height
        ]
        if not fitting:
            return scaled[-1] - 1
        # Of small ones no size is given up for that.
        near = [s for s in fitting if s >= max(0.85 * fitting[0], 20 * self.scale)]
        whole = (s for s in near if not any(leaves_few(each, width(s), s) for each in texts))
        return next(whole, fitting[0])

    def slide(
        self,
        layout: Any,
        spoken: Sequence[str],
        questions: Sequence[str],
        *,
        is_cover: bool = False,
    ) -> Any:
        """A new slide with its foot; its notes have what to say, and below it how the figures are meant."""
        slide = self.slides.add_slide(layout)
        self.look.adopt(slide, is_cover=is_cover)
        # The cover has it in its lines.
        if not is_cover:
            self._foot(slide)
        meant = [f"{name}：{text}" for name, text in (self.definitions[q] for q in questions)]
        slide.notes_slide.notes_text_frame.text = "\n".join([*spoken, *meant])
        return slide

    def _as_of(self) -> str:
        day = self.context.as_of
        return f"截至{day.year}年{day.month}月{day.day}日"

    def _foot(self, slide: Any) -> None:
        """The day of the figures, and the number of the page."""
        body, number = self.body, 1.5 * self.scale
        top, height = body.bottom + 0.03 * self.scale, (FOOT - 0.03) * self.scale
        foot = {"size": SMALL * self.scale, "ink": self.look.muted, "after": 0}
        room = Room(body.left, top, body.width - number, height)
        self.lines(slide, [self.mark + self._as_of()], room, **foot)
        place = Room(body.left + room.width, top, number, height)
        self.lines(slide, [f"第 {len(self.slides)} 页"], place, align="right", **foot)

    def headed(self, message: str, spoken: Sequence[str], questions: Sequence[str]) -> Any:
        """A new slide under a finding, which as a title ends without 。."""
        slide = self.slide(self.look.layout, spoken, questions)
        self.title(slide, self.mark + message.removesuffix("。"), MESSAGE)
        return slide

    def title(self, slide: Any, text: str, largest: float) -> None:
        """The title in its place, as large as it fits."""
        title = slide.shapes.title
        title.name = "标题"
        width, height = title.width / EMU - SIDES, title.height / EMU
        most = round(largest * self.scale)
        # A little smaller where this avoids a line of one or two words.
        lines = text.split("\n")
        sizes = range(most, round(0.8 * most) - 1, -1)
        size = next((s for s in sizes if lines_of(text, width, BOLD * s) == len(lines)), most)
        while size > 14 * self.scale and height_of([text], width, BOLD * size) / BOLD > height:
            size -= 1
        near = range(size, round(0.85 * size) - 1, -1)
        size = next((s for s in near if not leaves_few(text, width, BOLD * s)), size)
        title.text_frame.word_wrap = True
        for number, line in enumerate(lines):
            paragraph = (
                title.text_frame.add_paragraph() if number else title.text_frame.paragraphs[0]
            )
            self._run(paragraph, line, size, bold=True, face="+mj-ea")

    def lines(
        self,
        slide: Any,
        texts: Sequence[str],
        room: Room,
        *,
        size: float,
        mark: str = "",
        align: str = "left",
        ink: Any = None,
        after: float | None = None,
    ) -> Any:
        """Sentences in a box of their own, in the ink of the look's text; see `write`. The box's frame."""
        from pptx.enum.text import PP_ALIGN

        box = slide.shapes.add_textbox(*room.place)
        box.name = "文字"
        box.text_frame.word_wrap = True
        ink = self.look.ink if ink is None else ink
        self.write(box.text_frame, texts, size=size, mark=mark, ink=ink, after=after)
        for paragraph in box.text_frame.paragraphs:
            paragraph.alignment = getattr(PP_ALIGN, align.upper())
        return box.text_frame

    def write(
        self,
        frame: Any,
        texts: Sequence[str],
        *,
        size: float,
        mark: str = "",
        ink: Any = None,
        after: float | None = None,
    ) -> None:
        """Paragraphs added to a frame, each with • or its number before it if `mark` says so; without
        `ink` in that of their place."""
        from pptx.util import Pt

        for text in texts:
            last = frame.paragraphs[-1]
            paragraph = frame.add_paragraph() if last.runs else last
            paragraph.alignment = last.alignment
            paragraph.space_after = Pt(size / 3 if after is None else after)
            if mark:
                _hang(paragraph, size, mark)
            self._run(paragraph, breakable(text), size, ink=ink)

    def _run(
        self,
        paragraph: Any,
        text: str,
        size: float,
        *,
        bold: bool = False,
        ink: Any = None,
        face: str = "+mn-ea",
    ) -> None:
        from pptx.util import Pt

        run = paragraph.add_run()
        run.text = printable(text)
        run.font.size, run.font.bold = Pt(size), bold
        self._dress(run.font._element, face, ink)

    def _dress(self, properties: Any, face: str, ink: Any) -> None:
        """Ink, and the Chinese typeface: the look's, or the theme's for titles or text, `face`."""
        from lxml import etree
        from pptx.oxml.ns import qn

        properties.set("lang", "zh-CN")
        properties.set("altLang", "en-US")
        if ink is not None:
            properties.insert(0, deepcopy(ink))
        if self.look.face:
            for old in properties.findall(qn("a:latin")):
                properties.remove(old)
            etree.SubElement(properties, qn("a:latin"), typeface=self.look.face)
        for old in properties.findall(qn("a:ea")):
            properties.remove(old)
        etree.SubElement(properties, qn("a:ea"), typeface=self.look.face or face)

    def table(
        self,
        slide: Any,
        room: Room,
        columns: Sequence[Any],
        cells: Sequence[Sequence[str]],
        widths: Sequence[float],
        heights: Sequence[float],
        size: float,
    ) -> None:
        """A table whose rows are so high, its headings first."""
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        place = Room(room.left, room.top, room.width, sum(heights)).place
        shape = slide.shapes.add_table(len(cells) + 1, len(widths), *place)
        shape.name = "表"
        made = shape.table
        for column, width in zip(made.columns, widths, strict=True):
            column.width = round(width * EMU)
        rows = [[column.heading for column in columns], *cells]
        for position, (row, texts, height) in enumerate(zip(made.rows, rows, heights, strict=True)):
            row.height = round(height * EMU)
            for cell, text, column in zip(row.cells, texts, columns, strict=True):
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.margin_left = cell.margin_right = Pt(5)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                paragraph = cell.text_frame.paragraphs[0]
                paragraph.alignment = PP_ALIGN.RIGHT if column.is_number else PP_ALIGN.LEFT
                # The table's style has an ink for its rows and one for its headings.
                self._run(paragraph, breakable(text), size, bold=not position)

    def chart(
        self,
        slide: Any,
        room: Room,
        names: Sequence[str],
        series: Sequence[tuple[str, Sequence[Any], Sequence[tuple[str, float]]]],
        number: str,
        *,
        most: float | None = None,
    ) -> None:
        """Bars with their figures written as `number` says, each in a colour of its own; `most` is what
        the room is wide enough for, where that is not the highest figure."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_MARK
        from pptx.util import Pt

        data = CategoryChartData(number_format=number)
        data.categories = names
        for name, values, _ in series:
            data.add_series(name, values)
        frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *room.place, data)
        frame.name = "图"
        chart = frame.chart
        # Figures that are higher than their bars, and names higher than theirs, would run into one another.
        gap = 0.6 if len(names) <= FEW_BARS else 0.3
        fitting = 0.85 * room.height * 72 / len(names) / (len(series) + gap)
        chart.font.size = Pt(max(min(16 * self.scale, fitting), 12 * self.scale))
        self._dress(chart.font._element, "+mn-ea", self.look.ink)
        chart.has_title = False
        chart.has_legend = len(series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        # The bars themselves draw the line they begin at.
        chart.category_axis.reverse_order = True
        chart.category_axis.format.line.fill.background()
        chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        if most is not None:
            chart.value_axis.maximum_scale = most
        plot = chart.plots[0]
        plot.gap_width = round(100 * gap)
        plot.has_data_labels = True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number, False
        for drawn, (_, values, colours) in zip(plot.series, series, strict=True):
            _paint(drawn, colours[0])
            for position, value in enumerate(values):
                if isinstance(value, RateOfFew):
                    drawn.points[position].data_label.text_frame.text = value.fraction
            for position, colour in enumerate(colours):
                if colour != colours[0]:
                    _paint(drawn.points[position], colour)


def _paint(bar: Any, colour: tuple[str, float]) -> None:
    """A bar, or all of a series, in a colour of the theme."""
    from pptx.enum.dml import MSO_THEME_COLOR

    bar.format.fill.solid()
    name, lighter = colour
    bar.format.fill.fore_color.theme_color = getattr(MSO_THEME_COLOR, name)
    bar.format.fill.fore_color.brightness = lighter


def _hang(paragraph: Any, size: float, mark: str) -> None:
    """A dot or a number before the paragraph, whose lines begin below one another."""
    from lxml import etree
    from pptx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    indent = round((0.9 if mark == "•" else 1.5) * size / 72 * EMU)
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    if mark == "•":
        etree.SubElement(properties, qn("a:buFont"), typeface="Arial")
        etree.SubElement(properties, qn("a:buChar"), char=mark)
    else:
        etree.SubElement(properties, qn("a:buFont"), typeface="+mj-lt")
        etree.SubElement(properties, qn("a:buAutoNum"), type="arabicPeriod")
