"""The quarterly briefing as a .pptx: at most 15 slides, charts and tables that stay editable.

Owns the form of the slides, a department's own template included. Takes sentences and tables as the
briefing has them and computes no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reports.figures import about
from reports.notice import Briefing
from reports.official import breakable
from reports.ruled import Table
from reports.workbook import FONT, Context, text_width
from words import DEMONSTRATION, shorten

MOST_SLIDES = 15
EMU = 914_400
"""Of an inch."""
INK, MUTED, BLUE, LIGHT = "1F2A37", "4A5563", "2F6DB5", "A9C6E5"
MESSAGE, CELL, SMALL = 26, 13, 9
TEXT = (24, 22, 20, 18, 16, 14, 12)
"""Sizes of sentences, the largest first; the first one that fits is taken."""
LINE = 1.42
"""Height of a line, in sizes of its characters."""
CUT = {"目标任务": 44, "责任单位": 30, "议定事项": 44, "理由": 26, "办理情况": 24}
"""How many characters of a long cell a slide has room for; the notice has it whole."""


_TITLES = {1, 3, 5}
"""Kinds of placeholders that are titles: title, centred title, vertical title."""
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
    def place(self) -> tuple[int, int, int, int]:
        """As python-pptx takes it."""
        sides = (self.left, self.top, self.width, self.height)
        return tuple(round(side * EMU) for side in sides)


def quarter_slides(
    brief: Briefing,
    definitions: Mapping[str, tuple[str, str]],
    context: Context,
    template: bytes | None = None,
) -> bytes:
    """A presentation; `template` is a department's own .pptx, whose look is kept and whose slides are
    left out. Raises TemplateError when it is none."""
    deck = _Deck(definitions, context, template)
    deck.cover(brief.talk_lines, brief.headline)
    decisions = brief.tables["decisions"]
    if decisions.rows:
        deck.list_of("此前的议定事项", brief.decided.text, decisions)
    states = brief.tables["states"]
    changes = [each.text for each in brief.changes]
    # What did not change is no slide of its own.
    is_changed = bool(brief.tables["changes"].rows)
    deck.states([*(each.text for each in brief.overall), *([] if is_changed else changes)], states)
    if is_changed:
        deck.sentences(brief.change_summary, changes, "changes_since")
    indicators = brief.tables["indicators"]
    if brief.has_progress and len(indicators.rows) > 1:
        deck.indicators(brief.overall, indicators)
    if indicators.rows:
        deck.list_of(indicators.title, indicators.title, indicators)
    if brief.has_progress:
        attention = brief.tables["attention"]
        said = f"逾期和滞后的任务{len(attention.rows)}项。"
        deck.list_of("逾期和滞后", said if attention.rows else attention.nothing, attention)
        red = brief.tables["red_units"]
        said = f"{len(red.rows)}个单位有红灯任务。"
        deck.list_of("各单位红灯任务", said if red.rows else red.nothing, red)
        deck.sentences("同类单位排名", [each.text for each in brief.ranking], "unit_workload")
        deck.list_of("排名", "各单位完成情况同类排名", brief.tables["ranking"])
        deck.sentences("报送情况", [each.text for each in brief.reporting], "month_returns")
    coming = brief.tables["due_next"]
    deck.list_of(coming.title, brief.next_quarter.text, coming)
    if brief.answers.scheme is not None:
        deck.list_of("尚可补的分", brief.still_to_win.text, brief.tables["to_win"])
    to_decide = [each.text for each in brief.to_decide]
    if not decisions.rows:
        to_decide = [brief.decided.text, *to_decide]
    deck.sentences("提请议定", to_decide, "task_list")
    deck.sentences("统计口径", [brief.method, *about(context)], "completion")
    return deck.saved()


def check_template(template: bytes | None) -> None:
    """Raises TemplateError when slides cannot be made with this template."""
    if template is not None:
        _Deck({}, None, template).layouts()


class _Deck:
    """The presentation while it is being made."""

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

    def cover(self, title: Sequence[str], headline: str) -> None:
        """The first slide: the title, line by line, and the quarter in one sentence."""
        slide = self._slide(self._layout(is_cover=True), "", ())
        self._title(slide, "\n".join(title), Room(0, 0.26, 1, 0.26), size=36)
        room = Room(self.margin * 2, self.height * 0.55, self.width - 4 * self.margin, 2.2)
        lines = [self.mark + headline, *about(self.context)]
        self._lines(slide, lines, room, size=16, align="center")

    def sentences(self, part: str, texts: Sequence[str], question: str) -> None:
        """A slide of sentences under what it is about, all of them, as large as they fit."""
        slide = self._headed(part, (question,))
        room = self._body()
        size = next((size for size in TEXT if self._fits(texts, room, size)), 11)
        self._lines(slide, texts, room, size=size, bullet=len(texts) > 1)

    def states(self, texts: Sequence[str], states: Table) -> None:
        """The whole: its sentences, beside a chart of states where there are several."""
        slide = self._headed("总体情况", (states.question,))
        body = self._body()
        rows = states.rows[:-1]
        share = 0.5 if len(rows) > 1 else 1
        left = Room(body.left, body.top, body.width * share, body.height)
        size = next((size for size in TEXT if self._fits(texts, left, size)), 11)
        self._lines(slide, texts, left, size=size, bullet=len(texts) > 1)
        if len(rows) > 1:
            right = Room(body.left + body.width * 0.54, body.top, body.width * 0.46, body.height)
            names = [f"{row[0]}（{row[2]:.1f}%）" for row in rows]
            self._chart(slide, right, names, [("项数", [row[1] for row in rows], BLUE)], "0")

    def indicators(self, overall: Sequence[Any], table: Table) -> None:
        """Completion against time, indicator by indicator."""
        message = next((each.text for each in overall if "一级指标" in each.text), table.title)
        slide = self._headed(message, (table.question,))
        headings = [column.heading for column in table.columns]
        series = [
            (heading.removesuffix("（%）"), [row[headings.index(heading)] for row in table.rows], c)
            for heading, c in (("完成率（%）", BLUE), ("序时进度（%）", LIGHT))
        ]
        self._chart(slide, self._body(), [row[0] for row in table.rows], series, "0.0")

    def list_of(self, part: str, message: str, table: Table) -> None:
        """A table as far as there is room for it, how many are left out being said below it; without
        rows, the message."""
        slide = self._headed(message if table.rows else part, (table.question,))
        room = self._body()
        if not table.rows:
            self._lines(slide, [message], room, size=TEXT[0])
            return
        cells = [
            [
                shorten(text, CUT.get(column.heading, 60))
                for text, column in zip(row, table.columns, strict=True)
            ]
            for row in table.cells
        ]
        weight = sum(column.width for column in table.columns)
        widths = [room.width * column.width / weight for column in table.columns]
        size = CELL
        line = size * LINE / 72
        heights = [_lines_of(row, widths, size) * line + 0.1 for row in cells]
        # Headings are bold, which is wider.
        head = _lines_of([c.heading for c in table.columns], widths, 1.1 * size) * line + 0.1
        left_over, shown = room.height - head - 0.4, 0
        for height in heights:
            if left_over < height:
                break
            left_over -= height
            shown += 1
        self._table(slide, room, table, cells[:shown], widths, [head, *heights[:shown]])
        if shown < len(cells):
            note = f"列出前{shown}项，其余{len(cells) - shown}项见通报附件和数据表。"
            below = Room(room.left, room.top + room.height - 0.38, room.width, 0.36)
            self._lines(slide, [note], below, size=12)

    # Pieces

    def _body(self) -> Room:
        top = 1.45 if self.height > 6 else 0.2 * self.height
        return Room(self.margin, top, self.width - 2 * self.margin, self.height - top - 0.6)

    def _fits(self, texts: Sequence[str], room: Room, size: float) -> bool:
        lines = sum(_wrapped(text, room.width - 0.3 - size / 72, size) for text in texts)
        return lines * size * LINE / 72 + len(texts) * 0.09 <= room.height

    def layouts(self) -> list[tuple[Any, int]]:
        """The layouts that have a title, with how much more there is to fill in each."""
        found = []
        for layout in self.deck.slide_layouts:
            kinds = [each.placeholder_format.type for each in layout.placeholders]
            if set(kinds) & _TITLES:
                found.append((layout, sum(kind not in _FURNITURE for kind in kinds)))
        if not found:
            raise TemplateError("模板没有带标题的版式，请换一个模板。")
        return found

    def _layout(self, *, is_cover: bool) -> Any:
        """The first layout with a title for the cover, the emptiest one for the rest."""
        layouts = self.layouts()
        return layouts[0][0] if is_cover else min(layouts, key=lambda pair: pair[1])[0]

    def _slide(self, layout: Any, part: str, questions: Sequence[str]) -> Any:
        slide = self.deck.slides.add_slide(layout)
        for placeholder in list(slide.placeholders):
            if placeholder.placeholder_format.type not in _TITLES:
                placeholder._element.getparent().remove(placeholder._element)
        number = len(self.deck.slides)
        # Filters of any length leave the page number its place; the cover and the notes have them whole.
        top, room = self.height - 0.5, self.width - 2 * self.margin - 1
        ledger, *rest = about(self.context)
        fitting = int((room - 0.2) * 72 / SMALL) - 2
        stated = [shorten(line, fitting) for line in (self.mark + ledger, "　".join(rest))]
        foot = {"size": SMALL, "ink": MUTED, "after": 0}
        self._lines(slide, stated, Room(self.margin, top, room, 0.42), **foot)
        place = Room(self.width - self.margin - 1, top, 1, 0.42)
        self._lines(slide, [f"第 {number} 页"], place, align="right", **foot)
        notes = [part] if part else []
        notes += [f"{title}：{text}" for title, text in map(self.definitions.get, questions)]
        slide.notes_slide.notes_text_frame.text = "\n".join([*notes, *about(self.context)])
        return slide

    def _headed(self, message: str, questions: Sequence[str]) -> Any:
        slide = self._slide(self._layout(is_cover=False), message, questions)
        self._title(slide, self.mark + message, Room(0, 0.05, 1, 0.13), size=MESSAGE)
        return slide

    def _title(self, slide: Any, text: str, share: Room, *, size: float) -> None:
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
        width = title.width / EMU - 0.3
        while size > 14 and _wrapped(text, width, size) * size * LINE / 72 > title.height / EMU:
            size -= 1
        title.text_frame.word_wrap = True
        first, *rest = text.split("\n")
        paragraph = title.text_frame.paragraphs[0]
        self._run(paragraph, first, size, bold=True)
        for line in rest:
            self._run(title.text_frame.add_paragraph(), line, size, bold=True)
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

    def _lines(
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
        from pptx.util import Pt

        frame = slide.shapes.add_textbox(*room.place).text_frame
        frame.word_wrap = True
        for number, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(after)
            paragraph.alignment = PP_ALIGN[align.upper()]
            if bullet:
                _bullet(paragraph, size)
            self._run(paragraph, breakable(text), size, ink=ink)

    def _run(
        self, paragraph: Any, text: str, size: float, *, bold: bool = False, ink: str = INK
    ) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(size), bold
        if not self.is_own:
            run.font.color.rgb = RGBColor.from_string(ink)
        self._face(run.font._element)

    def _face(self, properties: Any) -> None:
        """Name the Chinese typeface: the template's own, or one every office has."""
        from lxml import etree
        from pptx.oxml.ns import qn

        properties.set("lang", "zh-CN")
        properties.set("altLang", "en-US")
        for old in properties.findall(qn("a:ea")):
            properties.remove(old)
        latin = properties.find(qn("a:latin"))
        if latin is None and not self.is_own:
            latin = etree.SubElement(properties, qn("a:latin"), typeface=FONT)
        etree.SubElement(properties, qn("a:ea"), typeface="+mn-ea" if self.is_own else FONT)

    def _table(
        self,
        slide: Any,
        room: Room,
        table: Table,
        cells: Sequence[Sequence[str]],
        widths: Sequence[float],
        heights: Sequence[float],
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
                cell.margin_left = cell.margin_right = Pt(4)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                paragraph = cell.text_frame.paragraphs[0]
                right = column.is_number and position
                paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
                ink = INK if position else "FFFFFF"
                self._run(paragraph, text, CELL, bold=not position, ink=ink)

    def _chart(
        self,
        slide: Any,
        room: Room,
        names: Sequence[str],
        series: Sequence[tuple[str, Sequence[Any], str]],
        number: str,
    ) -> None:
        from pptx.chart.data import CategoryChartData
        from pptx.dml.color import RGBColor
        from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
        from pptx.util import Pt

        data = CategoryChartData(number_format=number)
        data.categories = names
        for name, values, _ in series:
            data.add_series(name, values)
        frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *room.place, data)
        chart = frame.chart
        chart.font.size = Pt(12)
        self._face(chart.font._element)
        chart.has_title = False
        chart.has_legend = len(series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.category_axis.reverse_order = True
        chart.category_axis.format.line.color.rgb = RGBColor.from_string(MUTED)
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        plot = chart.plots[0]
        plot.gap_width = 60
        plot.has_data_labels = True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number, False
        for drawn, (_, _, colour) in zip(plot.series, series, strict=True):
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = RGBColor.from_string(colour)

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


def _wrapped(text: str, width: float, size: float) -> int:
    """Lines a text takes in so many inches, each character as wide as a Chinese one or half of it."""
    room = max(int(width * 72 / size * 2) - 1, 2)
    return sum(-(-max(text_width(part), 1) // room) for part in text.split("\n"))


def _lines_of(row: Sequence[str], widths: Sequence[float], size: float) -> int:
    return max(_wrapped(text, width - 0.12, size) for text, width in zip(row, widths, strict=True))
