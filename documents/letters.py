"""Urging letters as one .docx, in the form of an official letter, each on a page of its own.

Owns the form of the page. Takes the wording as it is handed over and computes no figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from documents.official.page import (
    BODY,
    HEADING,
    LINE,
    SIZE_2,
    SIZE_3,
    TITLE,
    add_paragraph,
    close_up,
    head_and_foot,
    head_annex,
    name_fonts,
    room,
    saved,
    set_language,
    set_up_page,
    sign,
)
from documents.official.tables import add_list
from documents.workbook.answer import Context

if TYPE_CHECKING:
    from findings.returns import Letter

MOST = 15
"""Most tasks that are listed in the text of a letter, some two pages; more go into an annex."""
ANNEX = "任务清单"


def urging_letters(letters: Sequence[Letter], context: Context) -> bytes:
    """A Word document of all letters, each beginning a page 1 of its own."""
    # Imported here, because it takes a third of a second and only a download needs it.
    from docx import Document
    from docx.enum.section import WD_SECTION

    document = Document()
    name_fonts(document)
    set_language(document)
    for position, letter in enumerate(letters):
        section = document.add_section(WD_SECTION.NEW_PAGE) if position else document.sections[0]
        set_up_page(section)
        _letter(document, letter)
    # Later sections carry on the header and footer of the first.
    head_and_foot(document, document.sections[0], context)
    close_up(document, document.sections[0])
    return saved(document)


def _letter(document: Any, letter: Letter) -> None:
    add_paragraph(document, letter.title, TITLE, SIZE_2, align="center", before=12, after=24)
    add_paragraph(document, f"{letter.unit}：", BODY, SIZE_3)
    has_annex = sum(len(tasks) for _, tasks in letter.lists) > MOST
    pointed_at = f"{ANNEX}见附件。" if has_annex else ""
    add_paragraph(document, f"{letter.opening}{pointed_at}", BODY, SIZE_3, indent=2)
    for heading, tasks in () if has_annex else letter.lists:
        _heading(document, heading)
        for number, task in enumerate(tasks, start=1):
            add_paragraph(document, f"{number}.{task}", BODY, SIZE_3, indent=2)
    # Kept with the signature, so that no page holds the signature alone.
    add_paragraph(document, letter.closing, BODY, SIZE_3, indent=2, keep_with_next=True)
    if has_annex:
        add_paragraph(
            document, f"附件：{ANNEX}", BODY, SIZE_3, indent=2, before=LINE, keep_with_next=True
        )
    sign(document, letter.signature, before=LINE)
    if has_annex:
        _annex(document, letter)


def _annex(document: Any, letter: Letter) -> None:
    """The tasks on pages of their own, as tables: as text they fill three times as many."""
    head_annex(document, "附件", ANNEX, new_page=True)
    for heading, tasks in letter.lists:
        _heading(document, heading)
        add_list(document, tasks, room(document.sections[-1]))


def _heading(document: Any, heading: str) -> None:
    add_paragraph(document, heading, HEADING, SIZE_3, indent=2, keep_with_next=True)
