"""The quarterly briefing as a .pptx: at most eight slides, charts and tables that stay editable.

Owns which slides there are and what stands on each. Takes sentences and tables as the briefing has
them and computes no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from documents.quarter.deck import BLUE, COVER, GREY, LIGHT, RED, TEXT, Deck
from documents.quarter.default_look import default_look
from documents.quarter.fitting import (
    BOLD,
    column_widths,
    row_height,
)
from documents.quarter.looks import Room, template_look
from documents.workbook.answer import Context
from findings import forecast
from findings.exhibits import Exhibit
from findings.quarter import Briefing
from findings.quarter.model import in_document, in_words
from findings.quarter.notice import units_in_short
from words import (
    COLUMNS,
    RETURN_STATES,
    STATES,
    RateOfFew,
    clause,
    each_row,
    percent,
    rate_of_row,
    rounded_percent,
)

CELL, LEFT_OUT_SIZE = 18, 14
"""Sizes of a table, and of the line below it that says how many rows are left out."""
LONG = {"目标任务": 46, "理由": 24}
"""Characters of a long cell; the speaker's notes and the notice have it whole."""
ON_SLIDE = ("编号", "目标任务", "责任单位", "理由")
"""Columns of the tasks that a slide has room for."""
LEFT_OUT = 0.5
"""Inches below a table for how many rows are left out."""
FINISHED, LATE = ("已销号", "已完成未销号"), STATES["overdue"]
"""States whose bars are in the colour of what is done, and of what is late."""
RATES = (("done_rate", BLUE), ("mean_percent", LIGHT), ("expected_percent", GREY))
FEW, MOST_BARS = 8, 12
"""Most indicators with three bars each, and with two; those furthest behind where there are more."""
MOST_SENTENCES = 5
"""Of a slide beside a chart."""
RETURNED: tuple[tuple[str, tuple[str, float]], ...] = (
    ("on_time", BLUE),
    ("late", LIGHT),
    ("partly", GREY),
    ("missing", RED),
)


def quarter_slides(
    brief: Briefing,
    definitions: Mapping[str, tuple[str, str]],
    context: Context,
    template: bytes | None = None,
) -> bytes:
    """A presentation; `template` is a department's own .pptx, whose look is kept and whose slides are
    left out. Raises TemplateError when it is none."""
    look = default_look() if template is None else template_look(template)
    talk = _Talk(definitions, context, look)
    talk.cover(brief)
    talk.whole(brief)
    if brief.has_progress:
        talk.trend(brief)
        if len(brief.tables["indicators"].rows) > 1:
            talk.indicators(brief.completion)
        talk.units(brief)
        talk.tasks(brief)
        talk.returns(brief)
    talk.to_decide(brief)
    return talk.saved()


def check_template(template: bytes | None) -> None:
    """Raises TemplateError when slides cannot be made with this template."""
    if template is not None:
        template_look(template)


class _Talk(Deck):
    """The slides of a quarter."""

    def cover(self, brief: Briefing) -> None:
        """The first slide: what the quarter comes to, and what the talk is of."""
        standing = brief.standing or brief.overall[0].text.removesuffix("。")
        slide = self.slide(self.look.cover, [brief.headline], ("completion",), is_cover=True)
        self.title(slide, self.mark + standing.partition("。")[0], COVER)
        place, room = self.look.lines_of_cover(slide)
        lines = ["".join(brief.talk_lines), self._as_of()]
        size = self.size_of(lines, room, (24, 22, 20, 18, 16))
        if place is None:
            self.lines(slide, lines, room, size=size, align="center")
        else:
            place.name = "文字"
            self.write(place.text_frame, lines, size=size)

    def whole(self, brief: Briefing) -> None:
        """The whole: its sentences, beside a chart of states; without progress of tasks by indicator."""
        overall = [each.text for each in brief.overall]
        if not brief.has_progress:
            overall += [brief.unreported_past_due] if brief.unreported_past_due else []
            message = overall[0].partition("。")[0]
            slide = self.headed(message, overall, ("completion",))
            self._sentences_and_chart(slide, overall, self._tasks_by_indicator(brief))
            return
        states = brief.tables["states"]
        foreseen = [brief.year_end] if brief.year_end else []
        method = [f"{forecast.METHOD}{forecast.ERROR}"] if foreseen else []
        notes = [*overall, brief.change_summary, *foreseen, *method]
        slide = self.headed(brief.standing, notes, (states.question,))
        rows = states.rows[:-1]
        names = [f"{row[0]}（{percent(row[2], 1)}）" for row in rows]
        colours = [BLUE if row[0] in FINISHED else RED if row[0] == LATE else LIGHT for row in rows]
        drawn = (names, [("项数", [row[1] for row in rows], colours)]) if len(rows) > 1 else None
        # The names of what is due that day fill a slide; they are in the speaker's notes.
        told = [
            f"{each.text.partition('：')[0]}。" if each.key == "due_today" else each.text
            for each in brief.overall[1:MOST_SENTENCES]
        ]
        told += [brief.change_summary, *foreseen]
        self._sentences_and_chart(slide, told, drawn)

    def _tasks_by_indicator(self, brief: Briefing) -> Any:
        rows = brief.tables["indicators"].rows[:MOST_BARS]
        if len(rows) < 2:
            return None
        return [row[0] for row in rows], [("任务", [row[1] for row in rows], [BLUE])]

    def _sentences_and_chart(self, slide: Any, texts: Sequence[str], drawn: Any) -> None:
        body = self.body
        left = replace(body, width=body.width * (0.48 if drawn else 1))
        size = self.size_of(texts, left)
        self.lines(slide, texts, left, size=size, mark="•" if len(texts) > 1 else "")
        if drawn:
            right = replace(body, left=body.left + body.width * 0.51, width=body.width * 0.49)
            names, series = drawn
            self.chart(slide, right, names, series, _counted("项"))

    def trend(self, brief: Briefing) -> None:
        """How the rates moved from day to day."""
        title = brief.talk_titles["trend"]
        if not title:
            return
        table = brief.tables["trend"]
        headings = [column.heading for column in table.columns]
        kept = ("完成率（%）", "平均进度（%）", "序时进度（%）")
        places = [headings.index(name) for name in kept]
        slide = self.headed(title, [f"{title}。", brief.change_summary], (table.question,))
        series = [
            (headings[place].removesuffix("（%）"), [row[place] for row in table.rows], [colour])
            for place, colour in zip(places, (BLUE, LIGHT, GREY), strict=True)
        ]
        names = [in_words(row[0]) for row in table.rows]
        self.chart(slide, self.body, names, series, '0.0"%"', most=110)

    def indicators(self, completion: Exhibit) -> None:
        """What is done, how far it is on average and how far it should be, indicator by indicator."""
        message = in_document(completion.sentence)
        slide = self.headed(message, [f"{message}。"], (completion.question,))
        rows = completion.rows.sort_values("ahead_points", na_position="last", kind="stable")
        rows = rows.head(MOST_BARS)
        series = [
            (
                COLUMNS[name].removesuffix(" %"),
                [_shown(row, name) for row in each_row(rows)],
                [colour],
            )
            for name, colour in (RATES if len(rows) <= FEW else RATES[::2])
        ]
        # The whole is 100, and its figure stands beside it.
        self.chart(slide, self.body, list(rows.short_name), series, '0.0"%"', most=110)

    def units(self, brief: Briefing) -> None:
        """The units with most red tasks."""
        title, table = brief.talk_titles["units"], brief.tables["red_units"]
        if not title:
            return
        spoken = [f"{row[1]}{row[2]}项（{row[4]}）。" for row in table.rows[:FEW]]
        slide = self.headed(title, [f"{title}。", *spoken], (table.question,))
        rows = table.rows[:MOST_BARS]
        series: list[Any] = [("红灯", [row[2] for row in rows], [LIGHT])]
        if any(row[3] for row in rows):
            series.append(("其中逾期", [row[3] for row in rows], [RED]))
        self.chart(slide, self.body, [row[1] for row in rows], series, _counted("项"))

    def returns(self, brief: Briefing) -> None:
        """How many units reported in time, late, in part or not at all, month by month."""
        title = brief.talk_titles["returns"]
        if not title:
            return
        spoken = [each.text for each in brief.reporting]
        slide = self.headed(title, [f"{title}。", *spoken], ("month_returns",))
        counted = brief.answers.returns_counted
        names = [f"{day.month}月" for day, _ in counted]
        series = [
            (RETURN_STATES[code], [counts[code] for _, counts in counted], [colour])
            for code, colour in RETURNED
            if any(counts[code] for _, counts in counted)
        ]
        self.chart(slide, self.body, names, series, _counted("个"))

    def tasks(self, brief: Briefing) -> None:
        """The gravest tasks that are overdue or behind, by name, as many as there is room for."""
        title, table = brief.talk_titles["tasks"], brief.tables["attention"]
        if not title:
            return
        headings = [column.heading for column in table.columns]
        places = [headings.index(name) for name in ON_SLIDE]
        columns = [table.columns[place] for place in places]
        cells = [[_short(headings[place], row[place]) for place in places] for row in table.cells]
        spoken = [f"第{row[0]}项{row[1]}，{row[2]}，{row[3]}。" for row in (
            [cells_[place] for place in places] for cells_ in table.cells[:FEW])]  # fmt: skip
        slide = self.headed(title, [f"{title}。", *spoken], (table.question,))
        room, size = self.body, CELL * self.scale
        widths = column_widths(columns, cells[:FEW], room.width, size)
        heights = [row_height(row, widths, size) for row in cells]
        head = row_height([column.heading for column in columns], widths, BOLD * size)
        left_over = room.height - head
        if sum(heights) > left_over:
            left_over -= LEFT_OUT * self.scale
        count = next((n for n in range(len(heights), 0, -1) if sum(heights[:n]) <= left_over), 1)
        self.table(slide, room, columns, cells[:count], widths, [head, *heights[:count]], size)
        if count < len(cells):
            note = f"其余{len(cells) - count}项见通报附件和数据表。"
            high = 0.4 * self.scale
            below = Room(room.left, room.bottom - high, room.width, high)
            self.lines(slide, [note], below, size=LEFT_OUT_SIZE * self.scale)

    def to_decide(self, brief: Briefing) -> None:
        """What is put before the meeting, numbered, and below it what was decided and what comes next."""
        statements = [each.text for each in brief.to_decide]
        beside = [brief.decided.text + brief.decided_now, brief.next_quarter.text]
        if brief.answers.scheme is not None:
            beside.append(brief.still_to_win.text)
        title = brief.talk_titles["decide"]
        has_any = any(each.rows is not None for each in brief.to_decide)
        slide = self.headed(title, [*statements, *beside], ("task_list",))
        room = self.body
        above = replace(room, height=room.height * (0.55 if has_any else 0))
        size = float(TEXT[0]) * self.scale
        if has_any:
            size = self.size_of(statements, above)
            mark = "1" if len(statements) > 1 else ""
            self.lines(slide, statements, above, size=size, mark=mark)
        below = replace(room, top=above.bottom, height=room.height - above.height)
        fitting = [s for s in TEXT if s * self.scale <= size] or TEXT[-1:]
        size = self.size_of(beside, below, fitting)
        self.lines(slide, beside, below, size=size, mark="•", ink=self.look.muted)


def _counted(unit: str) -> str:
    """The format of a count beside its bar: a bar of none says nothing."""
    return f'0"{unit}";;'


def _shown(row: Any, name: str) -> float | None:
    """A rate as it is shown; fractions of few and what is unknown stay as they are."""
    value = rate_of_row(row, name) if name == "done_rate" else getattr(row, name)
    if value is None or value != value:
        return None
    return value if isinstance(value, RateOfFew) else rounded_percent(value, 1)


def _short(heading: str, text: str) -> str:
    """A cell as a slide has room for it: whole clauses, and of many units the first."""
    if heading == "责任单位":
        return units_in_short(text, 22)
    text = text.replace("（按时间均摊推算）", "")
    return clause(text, LONG[heading]) if heading in LONG else text
