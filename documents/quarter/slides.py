"""The quarterly briefing as a .pptx: at most 15 slides, charts and tables that stay editable.

Owns which slides there are and what stands on each. Takes sentences and tables as the briefing has
them and computes no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from documents.quarter.deck import BLUE, COVER, GREY, LIGHT, RED, SIDES, TEXT, Deck
from documents.quarter.default_look import default_look
from documents.quarter.figures import about
from documents.quarter.fitting import (
    BOLD,
    column_widths,
    height_of,
    lines_high,
    row_height,
    shorten_list,
    whole_lines,
)
from documents.quarter.looks import Room, template_look
from documents.workbook.answer import Context
from findings import forecast
from findings.exhibits import Exhibit
from findings.quarter import Briefing
from findings.quarter.model import Sentence, Table, in_document
from words import (
    COLUMNS,
    STATES,
    UNKNOWN,
    RateOfFew,
    each_row,
    rate_of_row,
    rounded_percent,
    shorten,
)

CELL, NARROW_CELL = (18, 16, 14, 13), (16, 14, 12, 11)
"""Sizes of a table on a wide slide and on one of 4:3: the first that has room for all rows, else the
last."""
WIDE = 1.5
"""A slide so many times as wide as high is no 4:3 one."""
CUT = {"目标任务": 44, "责任单位": 34, "议定事项": 44, "理由": 26, "办理情况": 24}
"""How many characters of a long cell a slide has room for; the notice has it whole."""
LISTS = ("责任单位", "任务编号")
"""Columns of names or numbers, which are left out whole."""
FEW_ROWS, BESIDE = 3, 20
"""So short a table has room on the slide of its sentences; their size there."""
LEFT_OUT = 0.4
"""Inches below a table for how many rows are left out."""
FINISHED, LATE = ("已销号", "已完成未销号"), STATES["overdue"]
"""States whose bars are in the colour of what is done, and of what is late."""
RATES = (("done_rate", BLUE), ("mean_percent", LIGHT), ("expected_percent", GREY))
FEW = 15
"""Of more indicators than these a chart has no room for three bars each."""


def quarter_slides(
    brief: Briefing,
    definitions: Mapping[str, tuple[str, str]],
    context: Context,
    template: bytes | None = None,
) -> bytes:
    """A presentation; `template` is a department's own .pptx, whose look is kept and whose slides are
    left out. Raises TemplateError when it is none."""
    look = default_look() if template is None else template_look(template)
    deck = _Talk(definitions, context, look)
    deck.cover(brief.talk_lines, brief.headline)
    # Findings without rows to list share the slide before the last.
    beside = [] if brief.decided.rows is not None else [brief.decided.text]
    decisions = brief.tables["decisions"]
    if decisions.rows:
        earlier = "" if beside else brief.decided.text
        deck.list_of(earlier + brief.decided_now, decisions)
    states = brief.tables["states"]
    changes = [each.text for each in brief.changes]
    # Without changes there is no slide for changes.
    is_changed = bool(brief.tables["changes"].rows)
    overall = [*(each.text for each in brief.overall), *([] if is_changed else changes)]
    method = [brief.method]
    if brief.year_end:
        overall.append(brief.year_end)
        method.append(f"年底预计：{forecast.METHOD}{forecast.ERROR}")
    deck.states(brief.standing or "总体情况", overall, states)
    if is_changed:
        deck.sentences(brief.change_summary, changes, "changes_since")
    indicators = brief.tables["indicators"]
    if brief.has_progress and len(indicators.rows) > 1:
        deck.indicators(brief.completion)
    if indicators.rows:
        title = indicators.title if brief.has_progress else "各一级指标任务数和序时进度"
        deck.list_of(title, indicators)
    if brief.has_progress:
        attention, red = brief.tables["attention"], brief.tables["red_units"]
        if attention.rows:
            deck.list_of(f"逾期和滞后的任务{len(attention.rows)}项", attention)
        else:
            beside.append("没有逾期和滞后的任务。")
        if red.rows:
            deck.list_of(f"{len(red.rows)}个单位有红灯任务", red)
        ranking = brief.tables["ranking"]
        ranked = [each.text for each in brief.ranking]
        if 0 < len(ranking.rows) <= FEW_ROWS:
            deck.list_of(ranking.title, ranking, ranked)
        else:
            deck.sentences("同类单位排名", ranked, "unit_workload")
            if ranking.rows:
                deck.list_of(ranking.title, ranking)
        deck.sentences("报送情况", [each.text for each in brief.reporting], "month_returns")
    coming, to_win = brief.tables["due_next"], brief.tables["to_win"]
    if coming.rows:
        deck.list_of(brief.next_quarter.text, coming)
    else:
        beside.append(brief.next_quarter.text)
    if to_win.rows:
        deck.list_of(brief.still_to_win.text, to_win)
    elif brief.answers.scheme is not None:
        beside.append(brief.still_to_win.text)
    deck.to_decide(brief.to_decide, beside)
    deck.sentences("统计口径", [*method, *about(context)], "completion")
    return deck.saved()


def check_template(template: bytes | None) -> None:
    """Raises TemplateError when slides cannot be made with this template."""
    if template is not None:
        template_look(template)


class _Talk(Deck):
    """The slides of a quarter."""

    def cover(self, title: Sequence[str], headline: str) -> None:
        """The first slide: the title, line by line, the quarter in one sentence, what it is of."""
        slide = self.slide(self.look.cover, "", ("completion",), is_cover=True)
        self.title(slide, "\n".join(title), COVER)
        place, room = self.look.lines_of_cover(slide)
        said, stated = [self.mark + headline], about(self.context)
        size = self.size_of([*said, *stated], room, (20, 18, 16, 14, 12, 11))
        if place is None:
            ink = self.look.ink
            frame = self.lines(slide, said, room, size=size, align="center")
        else:
            place.name, ink = "文字", None
            frame = place.text_frame
            self.write(frame, said, size=size)
        self.write(frame, stated, size=max(0.75 * size, 11 * self.scale), ink=ink)

    def sentences(self, message: str, texts: Sequence[str], question: str) -> None:
        """A slide of sentences under what it is about, all of them, as large as they fit."""
        slide = self.headed(message, (question,))
        size = self.size_of(texts, self.body)
        self.lines(slide, texts, self.body, size=size, mark="•" if len(texts) > 1 else "")

    def to_decide(self, statements: Sequence[Sentence], beside: Sequence[str]) -> None:
        """What is put before the meeting, numbered, and below it what there is nothing to decide about."""
        texts = [each.text for each in statements]
        if all(each.rows is None for each in statements):
            # Which is said in one sentence.
            self.sentences(texts[0], beside or texts, "task_list")
            return
        slide = self.headed(f"提请议定{len(texts)}件事项", ("task_list",))
        room, share = self.body, 0.6 if beside else 1
        above = replace(room, height=room.height * share)
        size = self.size_of(texts, above)
        self.lines(slide, texts, above, size=size, mark="1" if len(texts) > 1 else "")
        if beside:
            below = replace(room, top=above.bottom, height=room.height - above.height)
            size = self.size_of(
                beside, below, [s for s in TEXT if s * self.scale < size] or TEXT[-1:]
            )
            mark = "•" if len(beside) > 1 else ""
            self.lines(slide, beside, below, size=size, mark=mark, ink=self.look.muted)

    def states(self, message: str, texts: Sequence[str], states: Table) -> None:
        """The whole: its sentences, beside a chart of states where there are several."""
        slide = self.headed(message, (states.question,))
        body, rows = self.body, states.rows[:-1]
        left = replace(body, width=body.width * (0.5 if len(rows) > 1 else 1))
        size = self.size_of(texts, left)
        self.lines(slide, texts, left, size=size, mark="•" if len(texts) > 1 else "")
        if len(rows) > 1:
            right = replace(body, left=body.left + body.width * 0.54, width=body.width * 0.46)
            names = [f"{row[0]}（{row[2]:.1f}%）" for row in rows]
            colours = [
                BLUE if row[0] in FINISHED else RED if row[0] == LATE else LIGHT for row in rows
            ]
            self.chart(slide, right, names, [("项数", [row[1] for row in rows], colours)], '0"项"')

    def indicators(self, completion: Exhibit) -> None:
        """What is done, how far it is on average and how far it should be, indicator by indicator."""
        slide = self.headed(in_document(completion.sentence), (completion.question,))
        rows = completion.rows
        known = rows.astype(object).where(rows.notna(), None)
        known["done_rate"] = pd.Series(map(rate_of_row, each_row(rows)), rows.index, dtype=object)
        series = [
            (COLUMNS[name].removesuffix(" %"), list(map(_shown, known[name])), [colour])
            for name, colour in (RATES if len(rows) <= FEW else RATES[::2])
        ]
        # The whole is 100, and its figure stands beside it.
        self.chart(slide, self.body, list(rows.level1), series, '0.0"%"', most=110)

    def list_of(self, message: str, table: Table, said: Sequence[str] = ()) -> None:
        """A table, below what is said about it, as far as there is room; how many rows are left out is said
        below it. Columns
        in which nothing is known are left out."""
        slide = self.headed(message, (table.question,))
        room, scale = self.body, self.scale
        if said:
            size = BESIDE * scale
            high = height_of(said, room.width - SIDES - size / 72, size, after=size / 3) + 0.2
            mark = "•" if len(said) > 1 else ""
            self.lines(slide, said, replace(room, height=high), size=size, mark=mark)
            room = replace(room, top=room.top + high, height=room.height - high)
        known = [
            place
            for place, texts in enumerate(zip(*table.cells, strict=True))
            if set(texts) - {UNKNOWN, ""}
        ]
        columns = [table.columns[place] for place in known]
        cells = [
            [_cut(row[place], table.columns[place].heading) for place in known]
            for row in table.cells
        ]
        sizes = CELL if self.look.width > WIDE * self.look.height else NARROW_CELL
        for size in (size * scale for size in sizes):
            # No column is wide for what is left out.
            most = int(room.height / lines_high(1, size))
            widths = column_widths(columns, cells[:most], room.width, size)
            shown = [
                [whole_lines(*pair, size) for pair in zip(row, widths, strict=True)]
                for row in cells
            ]
            heights = [row_height(row, widths, size) for row in shown]
            head = row_height([column.heading for column in columns], widths, BOLD * size)
            # Large, but not at the price of columns that are read downwards.
            if head + sum(heights) <= room.height and max(heights) <= lines_high(3, size):
                break
        else:
            left_over = room.height - head - LEFT_OUT * scale
            count = next(
                (n for n in range(len(heights), 0, -1) if sum(heights[:n]) <= left_over), 0
            )
            shown, heights = shown[:count], heights[:count]
            note = f"列出前{count}项，其余{len(cells) - count}项见通报附件和数据表。"
            below = Room(room.left, room.bottom - 0.38 * scale, room.width, 0.36 * scale)
            self.lines(slide, [note], below, size=12 * scale)
        self.table(slide, room, columns, shown, widths, [head, *heights], size)


def _shown(value: float | None) -> float | None:
    """A percentage as it is shown; fractions of few and what is unknown stay as they are."""
    return value if isinstance(value, RateOfFew) or value is None else rounded_percent(value, 1)


def _cut(text: str, heading: str) -> str:
    cut = shorten_list if heading in LISTS else shorten
    return cut(text, CUT.get(heading, 60))
