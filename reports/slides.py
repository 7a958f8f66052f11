"""The quarterly briefing as a .pptx: at most 15 slides, charts and tables that stay editable.

Owns which slides there are and what stands on each. Takes sentences and tables as the briefing has
them and computes no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.deck import BLUE, LIGHT, TEXT, Deck, Room, room_of
from reports.figures import about
from reports.fitting import BOLD, column_widths, row_height, shorten_list
from reports.notice import Briefing
from reports.ruled import Table
from reports.workbook import Context
from words import shorten

CELL, NARROW_CELL = 13, 11
"""Size of a table, on a wide slide and on one of 4:3."""
CUT = {"目标任务": 44, "责任单位": 34, "议定事项": 44, "理由": 26, "办理情况": 24}
"""How many characters of a long cell a slide has room for; the notice has it whole."""
LISTS = ("责任单位", "任务编号")
"""Columns of names or numbers, which are left out whole."""


def quarter_slides(
    brief: Briefing,
    definitions: Mapping[str, tuple[str, str]],
    context: Context,
    template: bytes | None = None,
) -> bytes:
    """A presentation; `template` is a department's own .pptx, whose look is kept and whose slides are
    left out. Raises TemplateError when it is none."""
    deck = _Talk(definitions, context, template)
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
        Deck({}, None, template).layouts()


class _Talk(Deck):
    """The slides of a quarter."""

    def cover(self, title: Sequence[str], headline: str) -> None:
        """The first slide: the title, line by line, and the quarter in one sentence."""
        slide = self.slide(self.layout(is_cover=True), "", (), is_cover=True)
        self.title(slide, "\n".join(title), Room(0, 0.26, 1, 0.26), size=36)
        lines = [self.mark + headline, *about(self.context)]
        # Where the template has a place for it, its colours suit the cover.
        below = next((each for each in slide.placeholders if each != slide.shapes.title), None)
        room = Room(self.margin * 2, self.height * 0.55, self.width - 4 * self.margin, 2.2)
        if below is not None:
            room = room_of(below)
        elif self.is_own:
            top = room_of(slide.shapes.title).bottom + 0.1
            room = Room(room.left, top, room.width, max(self.height - top - 0.5, 1))
        size = self.size_of(lines, room, (16, 14, 12, 11))
        if below is None:
            self.lines(slide, lines, room, size=size, align="center")
        else:
            self.write(below.text_frame, lines, size=size)

    def sentences(self, part: str, texts: Sequence[str], question: str) -> None:
        """A slide of sentences under what it is about, all of them, as large as they fit."""
        slide = self.headed(part, (question,))
        room = self.body()
        size = self.size_of(texts, room)
        self.lines(slide, texts, room, size=size, bullet=len(texts) > 1)

    def states(self, texts: Sequence[str], states: Table) -> None:
        """The whole: its sentences, beside a chart of states where there are several."""
        slide = self.headed("总体情况", (states.question,))
        body = self.body()
        rows = states.rows[:-1]
        share = 0.5 if len(rows) > 1 else 1
        left = Room(body.left, body.top, body.width * share, body.height)
        size = self.size_of(texts, left)
        self.lines(slide, texts, left, size=size, bullet=len(texts) > 1)
        if len(rows) > 1:
            right = Room(body.left + body.width * 0.54, body.top, body.width * 0.46, body.height)
            names = [f"{row[0]}（{row[2]:.1f}%）" for row in rows]
            self.chart(slide, right, names, [("项数", [row[1] for row in rows], BLUE)], "0")

    def indicators(self, overall: Sequence[Any], table: Table) -> None:
        """Completion against time, indicator by indicator."""
        message = next((each.text for each in overall if "一级指标" in each.text), table.title)
        slide = self.headed(message, (table.question,))
        headings = [column.heading for column in table.columns]
        series = [
            (heading.removesuffix("（%）"), [row[headings.index(heading)] for row in table.rows], c)
            for heading, c in (("完成率（%）", BLUE), ("序时进度（%）", LIGHT))
        ]
        self.chart(slide, self.body(), [row[0] for row in table.rows], series, "0.0")

    def list_of(self, part: str, message: str, table: Table) -> None:
        """A table as far as there is room for it, how many are left out being said below it; without
        rows, the message."""
        slide = self.headed(message if table.rows else part, (table.question,))
        room = self.body()
        if not table.rows:
            self.lines(slide, [message], room, size=TEXT[0])
            return
        cells = [
            [
                (shorten_list if column.heading in LISTS else shorten)(
                    text, CUT.get(column.heading, 60)
                )
                for text, column in zip(row, table.columns, strict=True)
            ]
            for row in table.cells
        ]
        size = CELL if self.width > 12 else NARROW_CELL
        widths = column_widths(table.columns, cells, room.width, size)
        heights = [row_height(row, widths, size) for row in cells]
        head = row_height([column.heading for column in table.columns], widths, BOLD * size)
        left_over, shown = room.height - head - 0.4, 0
        for height in heights:
            if left_over < height:
                break
            left_over -= height
            shown += 1
        self.table(slide, room, table, cells[:shown], widths, [head, *heights[:shown]], size)
        if shown < len(cells):
            note = f"列出前{shown}项，其余{len(cells) - shown}项见通报附件和数据表。"
            below = Room(room.left, room.top + room.height - 0.38, room.width, 0.36)
            self.lines(slide, [note], below, size=12)
