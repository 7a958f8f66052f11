"""Urging letters as one .docx, in the form of an official letter, each on one page.

Owns the form of the page. Takes the wording as it is handed over and computes no figure.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from documents.official.page import (
    BODY,
    HEADING,
    LINE,
    SIZE_2,
    SIZE_3,
    TITLE,
    about_context,
    add_font_substitutes,
    add_header_and_footer,
    add_paragraph,
    add_signature,
    fit_28_characters,
    lines_of,
    mark_as_chinese,
    saved,
    set_up_page,
)
from documents.workbook.answer import Context
from findings.returns import joined
from words import clause

if TYPE_CHECKING:
    from findings.returns import Letter

LINES = 15
"""Lines of a letter's page for addressees, text and tasks: 22 less title, signature and their spaces, and
one for lines that are counted too short."""
ADDRESSED, SIZE_LIST = 2, 10.5
"""Lines of addressees at the head of a letter; more are listed below the signature, in this size."""
LONG_TASK = 34
"""Characters of a task in a letter whose tasks do not fit whole; the form that goes with it has them."""


def urging_letters(letters: Sequence[Letter], context: Context) -> bytes:
    """A Word document of all letters, each on one page with the number 1. Letters that say the same are
    one, addressed to all its units."""
    # Imported here, because it takes a third of a second and only a download needs it.
    from docx import Document
    from docx.enum.section import WD_SECTION

    document = Document()
    add_font_substitutes(document)
    mark_as_chinese(document)
    for position, letter in enumerate(joined(letters)):
        section = document.add_section(WD_SECTION.NEW_PAGE) if position else document.sections[0]
        set_up_page(section)
        _write_letter(document, letter)
    # Later sections carry on the header and footer of the first.
    add_header_and_footer(document, document.sections[0], context)
    fit_28_characters(document, document.sections[0])
    document.core_properties.comments = about_context(context)
    return saved(document)


def letters_with_forms(letters: Sequence[Letter], context: Context, forms: bytes) -> bytes:
    """A .zip of the letters and the blank forms; `forms` is the archive that `write_forms` makes."""
    stream = BytesIO(forms)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("催办函.docx", urging_letters(letters, context))
    return stream.getvalue()


def _write_letter(document: Any, letter: Letter) -> None:
    add_paragraph(document, letter.title, TITLE, SIZE_2, align="center", before=12, after=24)
    is_listed = lines_of(letter.unit) > ADDRESSED
    add_paragraph(document, "各有关单位：" if is_listed else f"{letter.unit}：", BODY, SIZE_3)
    add_paragraph(document, letter.opening, BODY, SIZE_3, indent=2)
    for text, is_heading in _within_a_page(letter):
        font = HEADING if is_heading else BODY
        add_paragraph(document, text, font, SIZE_3, indent=2, keep_with_next=is_heading)
    # Kept with the signature, so that no page holds the signature alone.
    add_paragraph(document, letter.closing, BODY, SIZE_3, indent=2, keep_with_next=True)
    add_signature(document, letter.signature, before=LINE)
    if is_listed:
        from docx.shared import Pt

        add_paragraph(document, f"主送：{letter.unit}", BODY, SIZE_LIST)
        document.paragraphs[-1].paragraph_format.line_spacing = Pt(1.5 * SIZE_LIST)


def _within_a_page(letter: Letter) -> list[tuple[str, bool]]:
    """Headings (True) and tasks, as many as one page holds; a line says how many more the form lists."""
    addressed = lines_of(letter.unit)
    if addressed > ADDRESSED:
        # Below the signature in smaller type, and one line to address them all.
        addressed = 2 + round(addressed * SIZE_LIST / SIZE_3)
    left = LINES - addressed - sum(map(lines_of, (letter.opening, letter.closing)))
    whole = [(heading, [f"{n}.{task}" for n, task in enumerate(tasks, start=1)])
             for heading, tasks in letter.lists]  # fmt: skip
    if sum(lines_of(text) for heading, tasks in whole for text in (heading, *tasks)) > left:
        whole = [(heading, [_shortened(task) for task in tasks]) for heading, tasks in whole]
    written: list[tuple[str, bool]] = []
    left_out = 0
    # One line for what is left out.
    left -= 1
    for place, (heading, tasks) in enumerate(whole):
        left -= 1
        # Each of the lists has its heading and its first task before one has more.
        later = sum(1 + lines_of(others[0]) for _, others in whole[place + 1 :])
        shown: list[str] = []
        is_cut = False
        for task in tasks:
            # One task at least says what the letter is about.
            room = left - later if shown else left
            if (is_cut or lines_of(task) > room) and (shown or written):
                is_cut = True
                left_out += 1
                continue
            left -= lines_of(task)
            shown.append(task)
        if shown:
            written += [(heading, True), *((task, False) for task in shown)]
    headings = [text for text, is_heading in written if is_heading]
    if len(headings) == 1 < len(whole):
        # A single list has no number, as in a letter that has no other.
        written[0] = (headings[0].partition("、")[2] or headings[0], True)
    if left_out:
        written.append((f"其余{left_out}项见所附填报表。", False))
    return written


def _shortened(task: str) -> str:
    """A task's line with its wording shortened; what stands in brackets behind it stays."""
    wording, bracket, rest = task.rpartition("（台账第")
    return f"{clause(wording, LONG_TASK)}{bracket}{rest}" if bracket else clause(task, LONG_TASK)
