"""A footnote of Word: its mark in a paragraph, its text at the foot of the same page.

Owns the part of the file that holds footnotes, which python-docx does not make.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from documents.official.page import BODY, LATIN, SIZE_3, SIZE_SMALL_5, WORD
from loaders.controls import printable

PART = "/word/footnotes.xml"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
FIRST = 1
"""Ids up to 0 belong to the lines that part footnotes from the text."""


def add_footnote(document: Any, paragraph: Any, text: str) -> None:
    """Mark the end of a paragraph with the document's one footnote, and set its text."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    part = Part(PackURI(PART), TYPE, _footnotes(text).encode(), document.part.package)
    document.part.relate_to(part, RELATION)
    mark = parse_xml(
        f'<w:r xmlns:w="{WORD}"><w:rPr><w:rFonts w:eastAsia="{BODY}"/><w:vertAlign w:val="superscript"/>'
        f'<w:sz w:val="{2 * SIZE_3}"/></w:rPr><w:footnoteReference w:id="{FIRST}"/></w:r>'
    )
    paragraph._p.append(mark)


def _footnotes(text: str) -> str:
    half = 2 * SIZE_SMALL_5
    face = (
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{BODY}" w:hint="eastAsia"/>'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    )
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for number, kind, mark in (
            (-1, "separator", "separator"),
            (0, "continuationSeparator", "continuationSeparator"),
        )
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:footnotes xmlns:w="{WORD}">{lines}<w:footnote w:id="{FIRST}"><w:p><w:pPr>'
        '<w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="exact"/></w:pPr>'
        f"<w:r><w:rPr>{face}</w:rPr><w:footnoteRef/></w:r>"
        f'<w:r><w:rPr>{face}</w:rPr><w:t xml:space="preserve"> {escape(printable(text))}</w:t></w:r>'
        "</w:p></w:footnote></w:footnotes>"
    )
