"""The quarterly notice (季度通报) as a .docx in the form of an official document (GB/T 9704).

Owns the form of the page: body, annexes, page numbers, signature. Takes sentences and tables as the
briefing has them and computes no figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from documents.official.page import (
    BODY,
    HEADING,
    LINE,
    NOTE,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    TITLE,
    TWIPS,
    about_context,
    add_paragraph,
    breakable,
    close_up,
    head_and_foot,
    head_annex,
    lie_down,
    name_fonts,
    room,
    saved,
    set_language,
    set_up_page,
    sign,
)
from documents.official.tables import SIZE_CELL, add_table
from documents.workbook.answer import Context
from findings import forecast
from findings.quarter import Briefing
from findings.quarter.model import Table
from words import close_set

ANNEXES = (
    "indicators",
    "changes",
    "attention",
    "returns",
    "ranking",
    "decisions",
    "due_next",
    "to_win",
)
"""In the order in which the text points at them."""
NUMERALS = "一二三四五六七八九"
NAMED = 10
"""Most tasks that the text names; the annex has all."""


def quarterly_notice(brief: Briefing, context: Context) -> bytes:
    """A Word document: the notice, its annexes on pages of their own, blanks to fill marked 〔　〕."""
    # Imported here, because it takes a third of a second and only a download needs it.
    from docx import Document
    from docx.enum.section import WD_SECTION

    document = Document()
    name_fonts(document)
    set_language(document)
    first = document.sections[0]
    set_up_page(first)
    _grid(first)
    head_and_foot(document, first, context)
    annexes = [brief.tables[key] for key in ANNEXES if brief.tables[key].rows]
    _body(document, brief, context, annexes)
    close_up(document, first)
    for number, table in enumerate(annexes, start=1):
        if number == 1:
            lie_down(document.add_section(WD_SECTION.NEW_PAGE), context)
        label = f"附件{number}" if len(annexes) > 1 else "附件"
        head_annex(document, label, table.title, new_page=number > 1)
        add_table(document, table, room(document.sections[-1]))
    properties = document.core_properties
    properties.title, properties.author = brief.title, ""
    properties.comments = about_context(context)
    return saved(document)


def _body(document: Any, brief: Briefing, context: Context, annexes: Sequence[Table]) -> None:
    place = {
        table.title: f"附件{n if len(annexes) > 1 else ''}" for n, table in enumerate(annexes, 1)
    }

    def see(key: str, before: str = "详见") -> str:
        title = brief.tables[key].title
        return f"{before}{place[title]}。" if title in place else ""

    def text(said: str) -> None:
        add_paragraph(document, breakable(said), BODY, SIZE_3, indent=2)

    sections = iter(NUMERALS)

    def section(said: str) -> None:
        add_paragraph(
            document, f"{next(sections)}、{said}", HEADING, SIZE_3, indent=2, keep_with_next=True
        )

    def part(number: int, said: str) -> None:
        head = f"（{NUMERALS[number - 1]}）{said}"
        add_paragraph(document, head, NOTE, SIZE_3, indent=2, keep_with_next=True)

    def named(number: int, said: str, tasks: Sequence[str], nothing: str, rest: str) -> None:
        part(number, f"{said}（{len(tasks)}项）" if tasks else said)
        if not tasks:
            text(nothing)
        for number, task in enumerate(tasks[:NAMED], start=1):
            text(f"{number}.{task}")
        if len(tasks) > NAMED:
            text(f"其余{len(tasks) - NAMED}项{rest}")

    title = "\n".join(brief.title_lines)
    add_paragraph(document, title, TITLE, SIZE_2, align="center", before=LINE, after=LINE)
    add_paragraph(document, "〔主送机关〕：", BODY, SIZE_3)
    text(
        f"根据〔依据文件名称及文号〕和《{context.ledger}》，现将{brief.period}任务进展情况通报如下。"
    )
    section("总体情况")
    part(1, "统计范围和方法")
    filters = re.sub(r"(\d{4})-0?(\d+)-0?(\d+)", r"\1年\2月\3日", close_set(context.filters))
    scope = "" if context.filters == "无" else f"筛选条件为：{filters}。"
    edition = brief.answers.ledger.edition_number
    text(f"依据上述台账（第{edition}版）统计。{scope}{brief.method}")
    part(2, "总体进展")
    text(
        "".join(sentence.text for sentence in brief.overall) + see("indicators", "各一级指标情况见")
    )
    states = brief.tables["states"]
    # Without any report the table has one line, which adds nothing to the text.
    if states.rows and brief.has_progress:
        add_paragraph(
            document, states.title, HEADING, SIZE_4, align="center", before=6, after=6,
            keep_with_next=True,
        )  # fmt: skip
        add_table(document, states, 0.7 * room(document.sections[-1]), whole=True)
        add_paragraph(document, "", BODY, SIZE_CELL)
    part(3, "变化情况")
    text("".join(sentence.text for sentence in brief.changes) + see("changes"))
    if brief.has_progress:
        section("进展较快和滞后的事项")
        named(1, "进展较快的事项", brief.ahead, "没有进度明显领先序时的未完成任务。", "从略。")
        rest, nothing = see("attention", "见"), brief.tables["attention"].nothing
        named(2, "逾期和滞后的事项", brief.behind, nothing, rest)
        if 0 < len(brief.behind) <= NAMED:
            text(see("attention"))
        section("报送情况")
        text("".join(sentence.text for sentence in brief.reporting) + see("returns"))
        section("同类单位排名")
        text("".join(sentence.text for sentence in brief.ranking) + see("ranking"))
    else:
        # One section with the reason in place of three.
        section("进展、报送和排名情况")
        reason = "尚无进展填报" if brief.answers.total is not None else "所选范围内没有基本任务"
        text(f"因{reason}，本期不列进展较快和滞后的事项，不通报报送情况，不对单位排名。")
    section("议定事项办理情况")
    text(brief.decided.text + brief.decided_now + see("decisions"))
    section("存在的问题和原因")
    text("〔请补写存在的主要问题及原因〕")
    section("下一步工作")
    part(1, "提请议定和督办的事项")
    for number, sentence in enumerate(brief.to_decide, start=1):
        text(f"{number}.{sentence.text}" if len(brief.to_decide) > 1 else sentence.text)
    part(2, "下一步到期的任务")
    text(brief.next_quarter.text + see("due_next"))
    if brief.year_end:
        text(f"{brief.year_end}{forecast.METHOD}{forecast.ERROR}")
    if brief.answers.scheme is not None:
        part(3, "自评得分和尚可补的分")
        text(brief.still_to_win.text + see("to_win"))
    text("〔请补写下一步工作要求、责任分工和时限〕")
    # Annex note and signature never stand on a page without text: this line goes with them, and not
    # the paragraph above, which becomes long.
    text("落实情况请于〔　　年　月　日〕前报〔接收单位〕。")
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _annex_note(document, annexes)
    sign(document, ("〔印发单位〕", "〔　　年　月　日〕"), before=2 * LINE)


def _annex_note(document: Any, annexes: Sequence[Table]) -> None:
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


def _grid(section: Any) -> None:
    """22 lines on a page. A grid of characters is left out: LibreOffice gives two of its squares to a
    character that is a fifth of a point too wide."""
    from docx.oxml.ns import qn

    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(LINE * TWIPS)))
