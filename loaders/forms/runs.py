"""The text of Word paragraphs as it is printed, and the elements that stand around text without
changing what is read.

Whatever element is not known is looked into: content controls, directions of writing, custom markup
and what a later Word may add are wrappers like any other. Only what is known to be no text is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from loaders.forms.package import qn
from loaders.forms.visible import Visibility

P, TBL, TR, TC, R, BOX = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "r", "txbxContent"))
DELETED = tuple(qn(f"w:{tag}") for tag in ("del", "moveFrom"))
INSERTED = tuple(qn(f"w:{tag}") for tag in ("ins", "moveTo"))
ALTERNATE, CHOICE, FALLBACK = (
    qn(f"mc:{tag}") for tag in ("AlternateContent", "Choice", "Fallback")
)
GUIDE, CONTROL, SYMBOL = qn("w:rt"), qn("w:sdt"), qn("w:sym")
ART = qn("v:textpath")
TEXTS = (qn("w:t"), qn("m:t"))
_PLACEHOLDER = f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}"
_NO_TEXT = frozenset(
    (
        *DELETED,
        GUIDE,
        *(qn(f"w:{tag}") for tag in ("rPr", "pPr", "tcPr", "trPr", "tblPr", "tblPrEx", "tblGrid")),
        *(qn(f"w:{tag}") for tag in ("sdtPr", "sdtEndPr", "sectPr", "rubyPr", "instrText")),
        *(qn(f"w:{tag}") for tag in ("delText", "delInstrText", "smartTagPr", "customXmlPr")),
    )
)
_WRITTEN = {
    qn("w:tab"): " ",
    qn("w:ptab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_NUMERATOR, _DENOMINATOR, _FRACTION = (qn(f"m:{tag}") for tag in ("num", "den", "f"))
_VAL = qn("w:val")
_TICKS = {
    **dict.fromkeys(("F0FC", "F050", "F080"), "✓"),
    **dict.fromkeys(("F0FE", "F052", "F053"), "☑"),
    **dict.fromkeys(("F0A8", "F06F", "F0A3"), "□"),
    **dict.fromkeys(("F0FB", "F04F", "F0FD"), "✗"),
}
"""Wingdings that forms tick boxes with."""


def inside(element: etree._Element, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """The children with these tags, also those within whatever stands around them."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag == ALTERNATE:
            yield from inside(chosen(child), tags)
        elif child.tag not in _NO_TEXT and isinstance(child.tag, str):
            yield from inside(child, tags)


def chosen(alternate: etree._Element) -> etree._Element:
    """The variant of alternate content that is read: the first with text, as one program draws."""
    variants = [each for each in alternate if each.tag in (CHOICE, FALLBACK)]
    written = [each for each in variants if next(each.iter(*TEXTS, ART), None) is not None]
    return next(iter(written or variants), etree.Element("none"))


def is_placeholder(control: etree._Element) -> bool:
    """Whether a content control shows nothing but its prompt (单击此处输入文字)."""
    return control.tag == CONTROL and control.find(_PLACEHOLDER) is not None


def symbol(element: etree._Element) -> str:
    """The character of a symbol font, or "" when it is not known."""
    code = (element.get(qn("w:char")) or "").upper()
    if code in _TICKS:
        return _TICKS[code]
    try:
        character = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= character <= "\uf8ff" else character


def written(paragraph: etree._Element, look: Visibility, boxes: list[etree._Element]) -> str:
    """The text of a paragraph; the text boxes anchored in it are added to `boxes` and not in it."""
    pieces: list[str] = []
    _write(paragraph, look, pieces, boxes)
    return "".join(pieces)


def _write(
    element: etree._Element, look: Visibility, pieces: list[str], boxes: list[etree._Element]
) -> None:
    for child in element:
        tag = child.tag
        if tag == R:
            if not look.of(child):
                _write(child, look, pieces, boxes)
        elif tag in TEXTS:
            pieces.append(child.text or "")
        elif tag in _WRITTEN:
            pieces.append(_WRITTEN[tag])
        elif tag == BOX:
            boxes.append(child)
        elif tag == ALTERNATE:
            _write(chosen(child), look, pieces, boxes)
        elif tag == SYMBOL:
            pieces.append(symbol(child))
        elif tag == ART:
            pieces.append(child.get("string") or "")
        elif tag == _FRACTION:
            for part in child.iterchildren(_NUMERATOR, _DENOMINATOR):
                pieces.append("/" if part.tag == _DENOMINATOR else "")
                _write(part, look, pieces, boxes)
        elif tag not in _NO_TEXT and isinstance(tag, str) and not is_placeholder(child):
            _write(child, look, pieces, boxes)
