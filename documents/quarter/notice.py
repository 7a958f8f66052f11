"""The quarterly notice (季度通报) as a .docx in the form of an official document (GB/T 9704).

Owns the form of the page: body of three pages, annexes of four, signature. Takes sentences and tables
as the briefing has them and computes no figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from documents.official.footnote import add_footnote
from documents.official.page import (
    BODY,
    HEADING,
    LINE,
    SIZE_2,
    SIZE_3,
    TITLE,
    TWIPS,
    about_context,
    add_annex_heading,
    add_font_substitutes,
    add_header_and_footer,
    add_paragraph,
    add_signature,
    breakable,
    fit_28_characters,
    line_width,
    lines_of,
    mark_as_chinese,
    saved,
    set_up_page,
    turn_landscape,
)
from documents.official.tables import SIZE_LONG, add_table, estimated_height
from documents.workbook.answer import Context
from findings import forecast
from findings.quarter import Briefing
from findings.quarter.model import Table
from findings.quarter.notice import criteria, units_in_short
from words import clause, close_set

ANNEXES = ("units", "attention")
"""Tables on pages of their own, in the order in which the text points at them."""
NUMERALS = "一二三四五六七八九"
PAGE, ANNEX_HEAD = 442, 116
"""Points of a turned page between its margins, and of the label and title above an annex."""
ROOM = 1240
"""Points that the rows of all annexes may take: four pages turned, less headings and what a row that
does not fit leaves empty."""
LINES = 45
"""Lines of text on three pages, less the spaces around the title, the footnote, annex note and
signature."""
LONG_TASK = 70
"""Characters of a task in an annex whose rows would else take more than `ROOM`."""


def quarterly_notice(brief: Briefing, context: Context) -> bytes:
    """A Word document: the notice and its annexes, blanks to fill marked 〔　〕. File name, filters and
    data version stand in the document's properties."""
    # Imported here, because it takes a third of a second and only a download needs it.
    from docx import Document
    from docx.enum.section import WD_SECTION

    document = Document()
    add_font_substitutes(document)
    mark_as_chinese(document)
    first = document.sections[0]
    set_up_page(first)
    _set_22_lines(first)
    add_header_and_footer(document, first, context)
    annexes = [brief.tables[key] for key in ANNEXES if brief.tables[key].rows]
    _write_body(document, brief, context, annexes)
    fit_28_characters(document, first)
    left, filled = float(ROOM), 0.0
    for number, table in enumerate(annexes, start=1):
        if number == 1:
            turn_landscape(document.add_section(WD_SECTION.NEW_PAGE))
        label = f"附件{number}" if len(annexes) > 1 else "附件"
        width = line_width(document.sections[-1])
        # Half of the room at most for a table that others follow.
        shown, note = _fitting(table, width, left if number == len(annexes) else ROOM / 2)
        # One after the other: no page between them stays half empty. Where little is left of a page, its
        # foot would hold the label alone.
        add_annex_heading(document, label, table.title, new_page=filled % PAGE > PAGE / 2)
        left -= estimated_height(shown, width)
        filled += ANNEX_HEAD + estimated_height(shown, width)
        add_table(document, shown, width, size=SIZE_LONG)
        if note:
            add_paragraph(document, note, BODY, SIZE_LONG)
    properties = document.core_properties
    properties.title, properties.author = brief.title, ""
    properties.comments = about_context(context)
    return saved(document)


def _fitting(table: Table, width: float, room: float) -> tuple[Table, str]:
    """The table within `room` points, and what is said below it about rows that are left out. Long texts
    are shortened before a row is."""
    if estimated_height(table, width) <= room:
        return table, ""
    headings = [column.heading for column in table.columns]
    short = {"目标任务": lambda text: clause(text, LONG_TASK), "责任单位": units_in_short}
    rows = tuple(
        tuple(
            short[heading](value) if heading in short else value
            for heading, value in zip(headings, row, strict=True)
        )
        for row in table.rows
    )
    shown = replace(table, rows=rows)
    while estimated_height(shown, width) > room:
        share = room / estimated_height(shown, width)
        count = min(int(len(shown.rows) * share), len(shown.rows) - 1)
        shown = replace(shown, rows=shown.rows[:count])
    left_out = len(table.rows) - len(shown.rows)
    return shown, f"列出前{len(shown.rows)}项，其余{left_out}项见数据表。" if left_out else ""


def _write_body(document: Any, brief: Briefing, context: Context, annexes: Sequence[Table]) -> None:
    place = {
        table.key: f"附件{n if len(annexes) > 1 else ''}" for n, table in enumerate(annexes, 1)
    }

    def see(key: str) -> str:
        return f"详见{place[key]}。" if key in place else ""

    def text(written: str) -> None:
        if written:
            add_paragraph(document, breakable(written), BODY, SIZE_3, indent=2)

    numerals = iter(NUMERALS)

    def section(heading: str) -> None:
        head = f"{next(numerals)}、{heading}"
        add_paragraph(document, head, HEADING, SIZE_3, indent=2, keep_with_next=True)

    title = "\n".join(brief.title_lines)
    add_paragraph(document, title, TITLE, SIZE_2, align="center", before=LINE, after=LINE)
    add_paragraph(document, "〔主送机关〕：", BODY, SIZE_3)
    result, *rest = [sentence.text for sentence in brief.overall]
    text(f"{result}现将{brief.period}任务进展情况通报如下。")
    add_footnote(document, document.paragraphs[-1], _method(brief, context))
    section("总体情况")
    text("".join(rest) + brief.unreported_past_due + brief.change_summary)
    if brief.has_progress:
        # Units without a rank are in the annex.
        unranked = ("unranked", "collectives")
        ranked = "".join(each.text for each in brief.ranking if each.key not in unranked)
        text(ranked + brief.reporting_summary + see("units"))
    decided = brief.decided.text + brief.decided_now if brief.decided.rows is not None else ""
    scored = brief.still_to_win.text if brief.answers.scheme is not None else ""
    text(decided + scored + brief.year_end)
    if brief.praise:
        section("予以表扬")
        text(f"{criteria()}，对下列单位和事项予以表扬。{''.join(brief.praise)}")
    if brief.has_progress:
        section("持续滞后的事项")
        text(brief.lagging_summary + see("attention"))
        named = _as_many_as_fit(document, brief.lagging, brief.demands)
        for number, task in enumerate(named, start=1):
            text(f"{number}.{task}" if len(named) > 1 else task)
    section("工作要求")
    for number, demand in enumerate(brief.demands, start=1):
        text(f"{number}.{demand}")
    # Annex note and signature never stand on a page without text.
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _write_annex_note(document, annexes)
    add_signature(document, ("〔印发单位〕", "〔　　年　月　日〕"), before=LINE)


def _as_many_as_fit(document: Any, tasks: Sequence[str], following: Sequence[str]) -> Sequence[str]:
    """The first of the tasks that leave the text within `LINES` lines with what follows them."""
    written = [paragraph.text for paragraph in document.paragraphs]
    left = LINES - sum(map(lines_of, [*written, *following]))
    count = 0
    for task in tasks:
        left -= lines_of(task)
        if left < 0:
            break
        count += 1
    return tasks[:count]


def _method(brief: Briefing, context: Context) -> str:
    """The footnote: which tasks the figures are of, and how they are meant."""
    filters = re.sub(r"(\d{4})-0?(\d+)-0?(\d+)", r"\1年\2月\3日", close_set(context.filters))
    scope = "" if context.filters == "无" else f"只统计{filters}的任务。"
    foreseen = f"{forecast.METHOD}{forecast.ERROR}" if brief.year_end else ""
    return f"依据《{context.ledger}》统计。{scope}{brief.method}{foreseen}"


def _write_annex_note(document: Any, annexes: Sequence[Table]) -> None:
    """附件说明: one line below the text, two characters in, numbered where there are several; a long name
    runs on below its own beginning."""
    from docx.shared import Pt

    for number, table in enumerate(annexes, start=1):
        label = "附件：" if number == 1 else ""
        count = f"{number}." if len(annexes) > 1 else ""
        add_paragraph(
            document, f"{label}{count}{table.title}", BODY, SIZE_3,
            before=LINE if number == 1 else 0, keep_with_next=True,
        )  # fmt: skip
        form = document.paragraphs[-1].paragraph_format
        # A digit and its point are three quarters of a character wide.
        own = len(label) + 0.75 * bool(count)
        form.left_indent = Pt((2 + len("附件：") + 0.75 * bool(count)) * SIZE_3)
        form.first_line_indent = Pt(-own * SIZE_3)


def _set_22_lines(section: Any) -> None:
    """22 lines on a page. A grid of characters is left out: LibreOffice gives two of its squares to a
    character that is a fifth of a point too wide."""
    from docx.oxml.ns import qn

    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(LINE * TWIPS)))
